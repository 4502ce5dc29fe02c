/// A leftover that stands where an answer should, such as `TBD` or `[Number of users]`.
struct Placeholder: Equatable {
  /// The leftover as it was written.
  let text: String

  /// Finds the first leftover in a text.
  ///
  /// `nil` where there is none. Each byte is looked at once.
  init?(in text: String) {
    var text = text
    let found = text.withUTF8 { bytes in
      Self.first(in: bytes).map { String(decoding: bytes[$0], as: UTF8.self) }
    }
    guard let found else { return nil }
    self.text = String(found.prefix(60))
  }

  /// Words that nobody writes into a finished answer, in capitals or as they are usually typed.
  static let words: Set<String> = [
    "TBD", "TBC", "TBA", "TODO", "FIXME", "tbd", "tbc", "tba", "todo", "Tbd", "Todo",
  ]

  private static func first(in bytes: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
    var wordStart: Int?
    var open: Int?
    for index in bytes.indices {
      let byte = bytes[index]
      if isWordByte(byte) {
        if wordStart == nil { wordStart = index }
        continue
      }
      if let start = wordStart {
        wordStart = nil
        if let found = leftover(bytes, start..<index) { return found }
      }
      switch byte {
      case UInt8(ascii: "["), UInt8(ascii: "<"): open = index
      case UInt8(ascii: "]"), UInt8(ascii: ">"):
        if let start = open, isBlankToFill(bytes, start..<index + 1) { return start..<index + 1 }
        open = nil
      default: break
      }
    }
    return wordStart.flatMap { leftover(bytes, $0..<bytes.count) }
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte >= 0x80
  }

  /// The leftover that a word is or begins.
  private static func leftover(
    _ bytes: UnsafeBufferPointer<UInt8>, _ word: Range<Int>
  ) -> Range<Int>? {
    guard word.count >= 3 else { return nil }
    // `XXX` alone or grown onto its neighbour, as in `XXXClientXXX`.
    let x = UInt8(ascii: "X")
    if bytes[word.lowerBound] == x, bytes[word.lowerBound + 1] == x, bytes[word.lowerBound + 2] == x
    {
      return word
    }
    if bytes[word.upperBound - 1] == x, bytes[word.upperBound - 2] == x,
      bytes[word.upperBound - 3] == x
    {
      return word
    }
    switch bytes[word.lowerBound] | 0x20 {
    case UInt8(ascii: "t"), UInt8(ascii: "f"):
      // The second letters of all of them: most words are none of them, and this is asked of each.
      switch bytes[word.lowerBound + 1] | 0x20 {
      case UInt8(ascii: "b"), UInt8(ascii: "o"), UInt8(ascii: "i"):
        let isShort = word.count <= 5
        return isShort && words.contains(String(decoding: bytes[word], as: UTF8.self)) ? word : nil
      default: return nil
      }
    case UInt8(ascii: "l"):
      let end = word.lowerBound + "lorem ipsum".utf8.count
      guard end <= bytes.count else { return nil }
      var offset = word.lowerBound
      for byte in "lorem ipsum".utf8 {
        if bytes[offset] | 0x20 != byte { return nil }
        offset += 1
      }
      return word.lowerBound..<end
    default: return nil
    }
  }

  /// Whether brackets hold a blank to fill: `[Capitalised words]` that are no link, `<insert …>`.
  private static func isBlankToFill(
    _ bytes: UnsafeBufferPointer<UInt8>, _ brackets: Range<Int>
  ) -> Bool {
    let inner = String(decoding: bytes[brackets.dropFirst().dropLast()], as: UTF8.self)
    switch (bytes[brackets.lowerBound], bytes[brackets.upperBound - 1]) {
    case (UInt8(ascii: "["), UInt8(ascii: "]")):
      let follower = brackets.upperBound < bytes.count ? bytes[brackets.upperBound] : 0x20
      return inner.count > 1 && inner.first?.isUppercase == true && !"([:".utf8.contains(follower)
    case (UInt8(ascii: "<"), UInt8(ascii: ">")):
      let lower = inner.lowercased()
      return lower.hasPrefix("insert ") || lower.hasPrefix("your ")
    default: return false
    }
  }
}
