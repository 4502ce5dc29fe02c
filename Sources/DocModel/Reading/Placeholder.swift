/// A leftover that stands where an answer should, such as `TBD` or `[Number of users]`.
struct Placeholder: Equatable {
  /// The leftover as it was written.
  let text: String

  /// Finds the first leftover in a text.
  ///
  /// `nil` where there is none. Linear in the text's length.
  init?(in text: String) {
    guard Self.mayHold(text) else { return nil }
    guard let found = Self.word(in: text) ?? Self.bracket(in: text) else { return nil }
    self.text = String(found.prefix(60))
  }

  /// Words that nobody writes into a finished answer, in capitals or as they are usually typed.
  static let words: Set<Substring> = [
    "TBD", "TBC", "TBA", "TODO", "FIXME", "tbd", "tbc", "tba", "todo", "Tbd", "Todo",
  ]

  /// A quick look at the bytes that rules nearly every text out.
  private static func mayHold(_ text: String) -> Bool {
    var copy = text
    return copy.withUTF8 { bytes in
      var index = 0
      while index < bytes.count {
        switch bytes[index] {
        case UInt8(ascii: "["), UInt8(ascii: "<"): return true
        case UInt8(ascii: "T"), UInt8(ascii: "t"), UInt8(ascii: "X"), UInt8(ascii: "F"),
          UInt8(ascii: "L"), UInt8(ascii: "l"):
          if index + 2 < bytes.count, mayBegin(bytes[index], bytes[index + 1], bytes[index + 2]) {
            return true
          }
        default: break
        }
        index += 1
      }
      return false
    }
  }

  /// Whether three letters may begin one of the words, in whichever case.
  private static func mayBegin(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
    switch (first & 0xDF, second & 0xDF, third & 0xDF) {
    case (0x54, 0x42, 0x41...0x44), (0x54, 0x4F, 0x44), (0x46, 0x49, 0x58), (0x58, 0x58, 0x58),
      (0x4C, 0x4F, 0x52):
      true
    default: false
    }
  }

  private static func word(in text: String) -> Substring? {
    let separators: (Character) -> Bool = { !($0.isLetter || $0.isNumber) }
    for word in text.split(whereSeparator: separators) {
      if words.contains(word) { return word }
      // `XXX` alone or grown onto its neighbour, as in `XXXClientXXX`.
      if word.hasPrefix("XXX") || word.hasSuffix("XXX") { return word }
    }
    let lower = text.lowercased()
    return lower.contains("lorem ipsum") ? "lorem ipsum" : nil
  }

  /// `[Capitalised words]` that are no link, and `<insert …>`.
  private static func bracket(in text: String) -> Substring? {
    var open: Substring.Index?
    var opener: Character = "["
    var index = text.startIndex
    while index < text.endIndex {
      let character = text[index]
      let next = text.index(after: index)
      if character == "[" || character == "<" {
        open = index
        opener = character
      } else if character == "]", opener == "[", let start = open {
        let inner = text[text.index(after: start)..<index]
        let follower = next < text.endIndex ? text[next] : " "
        if inner.count > 1, inner.first?.isUppercase == true, !"([:".contains(follower) {
          return text[start..<next]
        }
        open = nil
      } else if character == ">", opener == "<", let start = open {
        let inner = text[text.index(after: start)..<index].lowercased()
        if inner.hasPrefix("insert ") || inner.hasPrefix("your ") { return text[start..<next] }
        open = nil
      }
      index = next
    }
    return nil
  }
}
