/// Where a plain text in a YAML file ends because the next word begins with `#`, which begins a comment.
///
/// `summary: we are the #1 programme` says «we are the»; a comment that was meant has a space behind its `#`
/// mostly.
struct CutTexts {
  /// The words with which the comments begin, by where the text before each ends.
  private var words: [Node.Mark: String] = [:]

  /// Looks through a file; JSON has no comments.
  init(_ source: Source) {
    guard !source.name.hasSuffix(".json") else { return }
    let hash = UInt8(ascii: "#")
    var line = 1
    var start = 0
    for index in source.bytes.indices {
      let byte = source.bytes[index]
      if byte == 0x0A {
        line += 1
        start = index + 1
      }
      guard byte == hash, index > start, source.bytes[index - 1] == 0x20 else { continue }
      let text = source.bytes[start..<index]
      let word = source.bytes[index...].prefix { $0 > 0x20 }
      guard word.count > 1, word[index + 1] != hash,
        let last = text.lastIndex(where: { $0 != 0x20 })
      else { continue }
      let length = text[...last].count { $0 & 0xC0 != 0x80 }
      words[Node.Mark(line: line, column: length + 1)] = String(decoding: word, as: UTF8.self)
    }
  }

  /// The word that begins a comment right behind a text of one line without quotes.
  func word(behind text: String, at mark: Node.Mark) -> String? {
    guard !words.isEmpty else { return nil }
    let end = Int(mark.column) + text.unicodeScalars.count
    return words[Node.Mark(line: Int(mark.line), column: end)]
  }
}
