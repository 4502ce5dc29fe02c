internal import DocModel

/// Words in another language than the page's: raw HTML that every text may use.
///
///     <span lang="sw">Afya kwa wote</span>
///
/// Where a paragraph, a heading or a cell holds nothing else, the mark stands on its own tag. What is not
/// closed ends with what it stands in, so that a page is always whole.
extension HTMLWriter {
  /// The marks that are open, each with how many spans it stands in and where its tag begins.
  struct Tongue {
    let depth: Int
    let start: Int
    /// Where its words begin.
    let words: Int
  }

  /// Writes the beginning or the end of a mark; `false` where the HTML is something else.
  mutating func writeLanguage(_ html: LentBytes) -> Bool {
    if html.count == 7, html.has("</span>", at: 0) {
      guard let tongue = tongues.last else { return false }
      if tongue.depth == spanDepth { closeTongues(from: spanDepth) }
      return true
    }
    guard let attributes = LanguageTag.attributes(html) else { return false }
    guard imageDepth == 0 else { return true }
    let start = out.count
    out.markup("<span")
    out.append(attributes)
    out.markup(">")
    if collectsWords {
      markedWords.markup("<span")
      markedWords.append(attributes)
      markedWords.markup(">")
    }
    tongues.append(Tongue(depth: spanDepth, start: start, words: out.count))
    return true
  }

  /// Ends the marks that stand in so many spans or more.
  mutating func closeTongues(from depth: Int) {
    while let last = tongues.last, last.depth >= depth {
      tongues.removeLast()
      out.markup("</span>")
      if collectsWords { markedWords.markup("</span>") }
      lastTongue = last
      tongueEnd = out.count
    }
  }

  /// Ends all marks of what ends here, and puts one that holds all of it on the tag before it, whose
  /// last byte stands before `start`.
  mutating func settleTongues(from start: Int) {
    closeTongues(from: 0)
    guard let tongue = lastTongue, tongue.start == start, tongueEnd == out.count else { return }
    lastTongue = nil
    let attributes = HTMLBytes(out.bytes[(start + 5)..<(tongue.words - 1)])
    let words = HTMLBytes(out.bytes[tongue.words..<(out.count - 7)])
    out.truncate(to: start - 1)
    out.append(attributes.bytes)
    out.markup(">")
    out.append(words.bytes)
  }
}

/// `<span lang="…">` with or without a direction.
private enum LanguageTag {
  private static let start: StaticString = "<span lang=\""

  /// The attributes of a tag that names a language, as they are written.
  static func attributes(_ html: LentBytes) -> [UInt8]? {
    guard html.has(start, at: 0), html.count < 80 else { return nil }
    let first = start.utf8CodeUnitCount
    guard let end = html.firstIndex(of: .quote, from: first) else { return nil }
    let rest = html.lend((end + 1)..<html.count)
    let ends: [StaticString] = [">", " dir=\"ltr\">", " dir=\"rtl\">"]
    guard Language.isTag(String(decoding: html[first..<end], as: UTF8.self)),
      ends.contains(where: { rest.count == $0.utf8CodeUnitCount && rest.has($0, at: 0) })
    else { return nil }
    return Array(html[5..<(html.count - 1)])
  }
}
