internal import DocModel

/// Looks for leaks in all that a pack for everybody holds, while it is written.
struct PackLeaks {
  private let check: LeakCheck?
  private var problems: [Diagnostic] = []
  private var told: Set<String> = []
  private var scanner: LeakScanner?
  private var name = ""
  private var isBegun = false

  /// How many bytes tell whether a file is text.
  private static let sampleSize = 4096

  /// `check`: what looks for leaks; nothing is looked at without.
  init(_ check: LeakCheck?) { self.check = check }

  /// Begins an evidence file.
  mutating func begin(_ name: String) {
    guard check != nil else { return }
    self.name = name
    scanner = LeakScanner()
    isBegun = false
  }

  /// Looks at its next bytes; what is no text is not looked at.
  mutating func feed(_ bytes: UnsafeRawBufferPointer) {
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
    // What comes from one place of the project file stands in several files of the pack.
    if let scanner, let check {
      problems += check.problems(scanner.leaks, in: name).filter {
        told.insert($0.message).inserted
      }
    }
    scanner = nil
  }

  /// Looks at a whole file.
  mutating func look(at name: String, _ bytes: [UInt8]) {
    begin(name)
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
