/// Texts that an audience may not see, and where what it may see repeats one of them word for word.
///
/// A text counts from twelve characters on, eight of them letters: what is shorter - a number, a day, a
/// single word - stands in many places that tell nothing. Of prose each sentence of 24 characters counts, and
/// so does a title, which may be no more than a common name for its kind of thing.
package struct WithheldTexts: Sendable {
  /// A text that is repeated.
  struct Repetition {
    let text: String
    /// Where it is withheld.
    let hidden: Node.Mark
    /// Where it is shown all the same.
    let shown: Node.Mark
  }

  fileprivate struct Text {
    let text: String
    let mark: Node.Mark
  }

  /// The texts by their folded bytes, by how many these are, by the first of these.
  private var texts: [ArraySlice<UInt8>: [Int: [ArraySlice<UInt8>: Text]]] = [:]
  private(set) var isEmpty = true
  /// Whether some text begins with two bytes: most places of what is searched have no such.
  private var beginnings = [Bool](repeating: false, count: 1 << 16)

  private static let leastCount = 12
  private static let leastLetters = 8
  private static let leastSentence = 24
  /// So many bytes of a text tell it apart, and bound the time that a search takes.
  fileprivate static let mostCount = 200

  /// Adds all texts of a node except some; titles count from the length of a sentence on.
  mutating func add(_ node: Node, isTitle: Bool = false, except common: Set<String> = []) {
    node.forEachScalar { text, mark in
      if common.contains(text) { return }
      add(text, mark, atLeast: isTitle ? Self.leastSentence : Self.leastCount)
      for line in text.split(whereSeparator: \.isNewline) {
        for sentence in Self.sentences(of: line) {
          add(String(sentence), mark, atLeast: Self.leastSentence)
        }
      }
    }
  }

  /// The parts of a line that end with a full stop before a space.
  private static func sentences(of line: Substring) -> [Substring] {
    var sentences: [Substring] = []
    var start = line.startIndex
    var last: Character = " "
    for index in line.indices {
      if line[index] == " ", ".!?;:".contains(last) {
        sentences.append(line[start..<index])
        start = line.index(after: index)
      }
      last = line[index]
    }
    return sentences + [line[start...]]
  }

  private mutating func add(_ text: String, _ mark: Node.Mark, atLeast least: Int) {
    var bytes = Self.folded(text)[...]
    while let last = bytes.last, !Self.isWord(last) { bytes.removeLast() }
    bytes = bytes.prefix(Self.mostCount)
    let letters = bytes.count { 0x61...0x7A ~= $0 || $0 >= 0xC0 }
    guard bytes.count >= least, letters >= Self.leastLetters else { return }
    let start = bytes.prefix(Self.leastCount)
    if texts[start]?[bytes.count]?[bytes] == nil {
      texts[start, default: [:]][bytes.count, default: [:]][bytes] = Text(text: text, mark: mark)
    }
    beginnings[Int(bytes[0]) << 8 | Int(bytes[1])] = true
    isEmpty = false
  }

  /// Where a node repeats a text.
  func repetitions(in node: Node) -> [Repetition] {
    guard !isEmpty else { return [] }
    var found: [Repetition] = []
    node.forEachScalar { text, mark in
      forEach(in: Self.folded(text)) { text, _ in
        found.append(Repetition(text: text.text, hidden: text.mark, shown: mark))
      }
    }
    return found
  }

  /// The texts that stand in some bytes, each from the beginning of a word to the end of one, with where they
  /// begin: at one of the `places`, or anywhere.
  fileprivate func forEach(
    in bytes: [UInt8], at places: Range<Int>? = nil, _ take: (Text, Int) -> Void
  ) {
    let last = bytes.count - Self.leastCount
    guard last >= 0 else { return }
    for start in (places ?? 0..<last + 1).clamped(to: 0..<last + 1)
    where beginnings[Int(bytes[start]) << 8 | Int(bytes[start + 1])]
      && Self.isEdge(start, of: bytes)
    {
      guard let lengths = texts[bytes[start..<start + Self.leastCount]] else { continue }
      for (count, texts) in lengths where start + count <= bytes.count {
        let end = start + count
        guard let text = texts[bytes[start..<end]] else { continue }
        if count == Self.mostCount || Self.isEdge(end, of: bytes) { take(text, start) }
      }
    }
  }

  private static func isEdge(_ place: Int, of bytes: [UInt8]) -> Bool {
    place == 0 || place == bytes.count || !isWord(bytes[place - 1]) || !isWord(bytes[place])
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...: true
    default: false
    }
  }

  /// A text however it is laid out: small letters, one space for any white space, no marks of emphasis.
  private static func folded(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if let byte = folded(byte, after: bytes.last) { bytes.append(byte) }
    }
    return bytes
  }

  /// What becomes of a byte behind another one; nothing of some.
  fileprivate static func folded(_ byte: UInt8, after last: UInt8?) -> UInt8? {
    switch byte {
    case 0x41...0x5A: byte | 0x20
    case 0x09, 0x0A, 0x0D, 0x20: last == nil || last == 0x20 ? nil : 0x20
    case UInt8(ascii: "*"), UInt8(ascii: "`"): nil
    default: byte
    }
  }
}

/// Looks for withheld texts in bytes that come one piece after another.
///
/// What lies between two pieces is found as well: as many bytes are kept as the longest text has.
package struct RepetitionScanner {
  private let texts: WithheldTexts
  /// What was not looked at yet, folded, behind one byte that was, and the line that each byte stands on.
  private var bytes: [UInt8] = []
  private var lines: [UInt32] = []
  private var line: UInt32 = 1
  private var isBegun = false
  /// What was found, each text once, at the line where it begins.
  private(set) var found: [(repetition: WithheldTexts.Repetition, line: Int)] = []
  private var told: Set<String> = []

  private static let portion = 1 << 16

  init(_ texts: WithheldTexts) { self.texts = texts }

  /// Looks at the next piece.
  package mutating func feed(_ piece: UnsafeRawBufferPointer) {
    for byte in piece {
      if let folded = WithheldTexts.folded(byte, after: bytes.last) {
        bytes.append(folded)
        lines.append(line)
      }
      if byte == 0x0A { line += 1 }
      if bytes.count > Self.portion { look(isEnd: false) }
    }
  }

  /// Looks at what is left.
  package mutating func finish() { look(isEnd: true) }

  private mutating func look(isEnd: Bool) {
    // Where a text begins that may go on behind what is there is looked at the next time.
    let end = isEnd ? bytes.count : bytes.count - WithheldTexts.mostCount - 1
    texts.forEach(in: bytes, at: (isBegun ? 1 : 0)..<max(end, isBegun ? 1 : 0)) { text, place in
      guard told.insert(text.text).inserted else { return }
      let line = Int(lines[place])
      found.append(
        (.init(text: text.text, hidden: text.mark, shown: Node.Mark(line: line, column: 1)), line))
    }
    guard !isEnd else { return }
    bytes.removeFirst(end - 1)
    lines.removeFirst(end - 1)
    isBegun = true
  }
}

/// Looks in the files that go into a pack for what its audience may not see, word for word.
package struct RepetitionCheck: Sendable {
  let texts: WithheldTexts
  let audience: Audience
  let source: Source
  /// What the project file clears, in small letters, with the file for which it does.
  let cleared: [(text: String, place: String?)]

  /// What looks at one file; `nil` where nothing is withheld that could be found.
  package var scanner: RepetitionScanner? { texts.isEmpty ? nil : RepetitionScanner(texts) }

  /// What is wrong with a file.
  ///
  /// `scanner`: has looked at all of it; `name`: what the file is called.
  package func problems(_ scanner: RepetitionScanner, in name: String) -> [Diagnostic] {
    scanner.found.compactMap { found in
      let text = found.repetition.text
      guard !isCleared(text, in: name) else { return nil }
      return Diagnostic(
        "'\(text.prefix(80))' is withheld from the audience '\(audience.rawValue)', but shown to it here",
        at: Location(file: name, line: found.line, column: 1),
        hint:
          "take it out, leave the file out, state the same 'audience' at both places, or clear it with a "
          + "reason under '\(Project.cleared):' in '\(fileName(source.name))'",
        notes: [.init("it is withheld here", at: source.location(found.repetition.hidden))])
    }
  }

  /// Whether a text may be repeated: anywhere for `nil`.
  func isCleared(_ text: String, in name: String?) -> Bool {
    let text = text.lowercased()
    return cleared.contains { $0.text == text && ($0.place == nil || $0.place == name) }
  }
}
