/// An address in running text that becomes a link without any mark: GitHub's extended autolinks.
///
/// The rules are those of GitHub Flavored Markdown, section 6.9, as `cmark-gfm` applies them.
struct BareAddress {
  /// The bytes of the text that become the link.
  let range: Range<Int>
  /// What the text lacks for an address.
  private let scheme: StaticString

  /// What addresses may be recognised by in a text as a whole, so that most texts are passed quickly.
  struct Triggers {
    private let hasScheme: Bool
    private let hasOther: Bool

    init(in text: LentBytes) {
      hasScheme = text.firstRange(of: "://") != nil
      hasOther = text.firstIndex(of: .at, from: 0) != nil || text.firstRange(of: "www.") != nil
    }

    /// Whether there may be any address.
    var mayOccur: Bool { hasScheme || hasOther }

    /// The next byte that an address may be recognised by.
    func next(_ text: LentBytes, from start: Int) -> Int? {
      if hasOther { return nextOfAny(text, from: start) }
      guard hasScheme else { return nil }
      var start = start
      while let colon = text.firstIndex(of: .colon, from: start) {
        if text.has("//", at: colon + 1) { return colon }
        start = colon + 1
      }
      return nil
    }

    /// The bytes that any address is recognised by.
    private static let signs = ByteTable(inside: { $0 == .colon || $0 == .period || $0 == .at })

    private func nextOfAny(_ text: LentBytes, from start: Int) -> Int? {
      var index = start
      while index < text.count {
        index = Self.signs.firstMark(in: text, from: index)
        guard index < text.count else { return nil }
        switch text[index] {
        case .colon where text.has("//", at: index + 1): return index
        case .period where text.has("ww", at: index - 2): return index
        case .at: return index
        default: index += 1
        }
      }
      return nil
    }
  }

  /// Reads the address around a trigger; nothing before `floor` belongs to it.
  init?(_ text: LentBytes, trigger: Int, after floor: Int) {
    switch text[trigger] {
    case .colon:
      guard let start = Self.schemeStart(text, before: trigger), start >= floor,
        trigger + 3 < text.count, text[trigger + 3].isAlphanumeric,
        let end = Self.domainEnd(text, from: trigger + 3, needsPeriod: false)
      else { return nil }
      scheme = ""
      range = start..<Self.trimmed(text, start..<Self.runEnd(text, from: end))
    case .period:
      let start = trigger - 3
      guard start >= floor, text[start] == 0x77,
        start == 0 || text[start - 1].isMarkdownSpace
          || [.star, .underscore, .tilde, .openingParenthesis].contains(text[start - 1]),
        let end = Self.domainEnd(text, from: start, needsPeriod: true)
      else { return nil }
      scheme = "http://"
      range = start..<Self.trimmed(text, start..<Self.runEnd(text, from: end))
    default:
      guard let mailbox = Self.mailbox(text, around: trigger, after: floor) else { return nil }
      scheme = "mailto:"
      range = mailbox
    }
    guard !range.isEmpty else { return nil }
  }

  /// Calls `body` with the address that the link leads to.
  func withDestination(_ text: LentBytes, _ body: (LentBytes) -> Void) {
    if scheme.utf8CodeUnitCount == 0 { return body(text.lend(range)) }
    let whole = scheme.withUTF8Buffer(Array.init) + text[range]
    whole.withUnsafeBufferPointer(body)
  }

  private static func schemeStart(_ text: LentBytes, before colon: Int) -> Int? {
    var start = colon
    while start > 0, colon - start < 6, text[start - 1].isLetter { start -= 1 }
    let name = text[start..<colon].map(\.asciiLowercased)
    return name == Array("http".utf8) || name == Array("https".utf8) || name == Array("ftp".utf8)
      ? start : nil
  }

  /// Where the host's name ends; `nil` where it is none.
  private static func domainEnd(
    _ text: LentBytes, from start: Int, needsPeriod: Bool
  ) -> Int? {
    var index = start
    var periods = 0
    var underscores = (last: 0, before: 0)
    scan: while index < text.count {
      let byte = text[index]
      switch byte {
      case .underscore: underscores.last += 1
      case .period:
        underscores = (0, underscores.last)
        periods += 1
      case .dash: break
      case 0x80...: break
      default: if !byte.isAlphanumeric { break scan }
      }
      index += 1
    }
    guard underscores.last == 0, underscores.before == 0, index > start else { return nil }
    return !needsPeriod || periods > 0 ? index : nil
  }

  /// Where the run without spaces and `<` ends.
  private static func runEnd(_ text: LentBytes, from start: Int) -> Int {
    var index = start
    while index < text.count, !text[index].isMarkdownSpace, text[index] != .less { index += 1 }
    return index
  }

  /// Where an address ends when the punctuation that belongs to the sentence is left out.
  private static func trimmed(_ text: LentBytes, _ range: Range<Int>) -> Int {
    var unmatched = 0
    for byte in text[range] {
      if byte == .closingParenthesis { unmatched += 1 }
      if byte == .openingParenthesis { unmatched -= 1 }
    }
    var end = range.upperBound
    while end > range.lowerBound {
      switch text[end - 1] {
      case .closingParenthesis:
        guard unmatched > 0 else { return end }
        unmatched -= 1
        end -= 1
      case .question, .exclamation, .period, .comma, .colon, .star, .underscore, .tilde,
        .apostrophe, .quote:
        end -= 1
      case .semicolon:
        var name = end - 1
        while name > range.lowerBound, text[name - 1].isLetter { name -= 1 }
        let isEntity =
          name < end - 1 && name > range.lowerBound && text[name - 1] == .ampersand
        end = isEntity ? name - 1 : end - 1
      default: return end
      }
    }
    return end
  }

  private static func mailbox(
    _ text: LentBytes, around at: Int, after floor: Int
  ) -> Range<Int>? {
    var start = at
    while start > floor {
      let byte = text[start - 1]
      guard byte.isAlphanumeric || [.period, .plus, .dash, .underscore].contains(byte) else {
        break
      }
      start -= 1
    }
    guard start < at else { return nil }
    var end = at + 1
    var periods = 0
    while end < text.count {
      let byte = text[end]
      if byte == .at { return nil }
      if byte == .period, end + 1 < text.count, text[end + 1].isAlphanumeric {
        periods += 1
      } else if !byte.isAlphanumeric, byte != .dash, byte != .underscore {
        break
      }
      end += 1
    }
    guard end - at >= 2, periods > 0, text[end - 1].isLetter || text[end - 1] == .period
    else { return nil }
    let trimmed = trimmed(text, start..<end)
    return trimmed > at ? start..<trimmed : nil
  }
}
