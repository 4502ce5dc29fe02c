/// Texts that an audience may not see, and where what it may see repeats one of them word for word.
///
/// A text counts from twelve characters on, eight of them letters: what is shorter - a number, a day, a
/// single word - stands in many places that tell nothing. Of prose each sentence of 24 characters counts.
struct WithheldTexts {
  /// A text that is repeated.
  struct Repetition {
    let text: String
    /// Where it is withheld.
    let hidden: Node.Mark
    /// Where it is shown all the same.
    let shown: Node.Mark
  }

  private struct Text {
    let text: String
    let mark: Node.Mark
  }

  /// The texts by their folded bytes, by how many these are, by the first of these.
  private var texts: [ArraySlice<UInt8>: [Int: [ArraySlice<UInt8>: Text]]] = [:]
  private var isEmpty = true

  private static let leastCount = 12
  private static let leastLetters = 8
  private static let leastSentence = 24
  /// So many bytes of a text tell it apart, and bound the time that a search takes.
  private static let mostCount = 200

  /// Adds all texts of a node.
  mutating func add(_ node: Node) {
    node.forEachScalar { text, mark in
      add(text, mark, atLeast: Self.leastCount)
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
    isEmpty = false
  }

  /// Where a node repeats a text.
  func repetitions(in node: Node) -> [Repetition] {
    guard !isEmpty else { return [] }
    var found: [Repetition] = []
    node.forEachScalar { text, mark in
      forEach(in: Self.folded(text)) {
        found.append(Repetition(text: $0.text, hidden: $0.mark, shown: mark))
      }
    }
    return found
  }

  /// The texts that stand in some bytes, each from the beginning of a word to the end of one.
  private func forEach(in bytes: [UInt8], _ take: (Text) -> Void) {
    guard bytes.count >= Self.leastCount else { return }
    for start in 0...(bytes.count - Self.leastCount) where Self.isEdge(start, of: bytes) {
      guard let lengths = texts[bytes[start..<start + Self.leastCount]] else { continue }
      for (count, texts) in lengths where start + count <= bytes.count {
        let end = start + count
        guard let text = texts[bytes[start..<end]] else { continue }
        if count == Self.mostCount || Self.isEdge(end, of: bytes) { take(text) }
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
      switch byte {
      case 0x41...0x5A: bytes.append(byte | 0x20)
      case 0x09, 0x0A, 0x0D, 0x20: if let last = bytes.last, last != 0x20 { bytes.append(0x20) }
      case UInt8(ascii: "*"), UInt8(ascii: "`"): continue
      default: bytes.append(byte)
      }
    }
    return bytes
  }
}
