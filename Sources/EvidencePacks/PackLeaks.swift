internal import DocModel

/// Looks for what does not belong there in all that a pack for an audience holds, while it is written: what
/// nobody should publish where it is for everybody, and texts that are withheld.
struct PackLeaks {
  private let check: LeakCheck?
  private let repetitionCheck: RepetitionCheck?
  private var problems: [Diagnostic] = []
  private var told: Set<String> = []
  private var scanner: LeakScanner?
  private var repetitions: RepetitionScanner?
  private var name = ""
  private var isBegun = false

  /// How many bytes tell whether a file is text.
  private static let sampleSize = 4096

  /// `check` and `repetitionCheck`: what looks; nothing is looked at without.
  init(_ check: LeakCheck?, _ repetitionCheck: RepetitionCheck?) {
    self.check = check
    self.repetitionCheck = repetitionCheck
  }

  /// Whether anything is looked at.
  var isLooking: Bool { check != nil || repetitionCheck?.scanner != nil }

  /// Begins a file; `isOwn`: whether the project brings it, so that it may hold what is withheld.
  mutating func begin(_ name: String, isOwn: Bool = true) {
    self.name = name
    if check != nil { scanner = LeakScanner() }
    repetitions = isOwn ? repetitionCheck?.scanner : nil
    isBegun = false
  }

  /// Looks at its next bytes; those that are no text hold withheld texts at most.
  mutating func feed(_ bytes: UnsafeRawBufferPointer) {
    repetitions?.feed(bytes)
    guard scanner != nil else { return }
    if !isBegun, !Self.isText(bytes.prefix(Self.sampleSize)) {
      scanner = nil
      return
    }
    isBegun = true
    scanner?.feed(bytes)
  }

  /// Ends the file.
  mutating func end() {
    scanner?.finish()
    repetitions?.finish()
    var found: [Diagnostic] = []
    if let repetitions, let repetitionCheck {
      problems += repetitionCheck.problems(repetitions, in: name)
    }
    if let scanner, let check { found += check.problems(scanner.leaks, in: name) }
    // What comes from one place of the project file stands in several files of the pack.
    problems += found.filter { told.insert($0.message).inserted }
    scanner = nil
    repetitions = nil
  }

  /// Looks at a whole file.
  mutating func look(at name: String, _ bytes: [UInt8], isOwn: Bool = false) {
    begin(name, isOwn: isOwn)
    bytes.withUnsafeBytes { feed($0) }
    end()
  }

  /// Refuses the pack where something was found.
  func refuse() throws(InvalidInput) {
    if !problems.isEmpty { throw InvalidInput(problems) }
  }

  /// Whether bytes are UTF-8 without a NUL; a character may be cut at their end.
  private static func isText(_ bytes: Slice<UnsafeRawBufferPointer>) -> Bool {
    if bytes.contains(0) { return false }
    var end = bytes.endIndex
    while end > bytes.startIndex, bytes.endIndex - end < 4, bytes[end - 1] & 0x80 != 0 { end -= 1 }
    var decoder = UTF8()
    var iterator = bytes[..<end].makeIterator()
    while true {
      switch decoder.decode(&iterator) {
      case .scalarValue: continue
      case .emptyInput: return true
      case .error: return false
      }
    }
  }
}
