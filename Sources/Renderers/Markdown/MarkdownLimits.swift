internal import DocModel

/// What a text may not hold because reading it would take time out of proportion to its length.
///
/// libcmark goes back over every image that was begun and not ended whenever it completes a link, and
/// over every open quote and list at each line. Both are cheap as long as there are few of them. The
/// limits lie far beyond anything that a person writes.
enum MarkdownLimits {
  /// How many images may be open at once in a paragraph.
  static let openImages = 1000
  /// How many images may begin between two blank lines or list items.
  static let images = 20_000
  /// How deep quotes and lists may be nested.
  static let depth = 200

  /// Looks at all lines of a text once.
  ///
  /// - Throws: `InvalidInput` with the place where a limit is passed.
  static func check(_ source: Source) throws(InvalidInput) {
    let problem: (offset: Int, message: String, hint: String)? =
      source.bytes.withUnsafeBufferPointer { text in
        if let offset = firstTooDeep(text) {
          return (
            offset, "quotes and lists are nested more than \(depth) deep",
            "take some of the marks at the line's start away"
          )
        }
        if let offset = firstImageTooMany(text) {
          return (
            offset, "more than \(openImages) images begin here without an end",
            "complete them as '![description](address)', or write '\\!['; a blank line ends a paragraph"
          )
        }
        return nil
      }
    if let problem {
      throw InvalidInput(
        Diagnostic(
          problem.message, at: source.location(offset: problem.offset), hint: problem.hint))
    }
  }

  private static func firstTooDeep(_ text: LentBytes) -> Int? {
    var start = 0
    while start < text.count {
      var index = start
      var marks = 0
      var columns = 0
      var mayBeMark = false
      scan: while index < text.count {
        switch text[index] {
        case .space, .tab:
          // A list's mark has space behind it; a row of dashes nests nothing.
          if mayBeMark { marks += 1 }
          mayBeMark = false
          columns += text[index] == .tab ? 4 : 1
        case .greater:
          marks += 1
          mayBeMark = false
        case .dash, .plus, .star, .period, .closingParenthesis: mayBeMark = true
        case 0x30...0x39: mayBeMark = false
        default: break scan
        }
        index += 1
        // Indentation counts only with a mark: what is indented and no list nests nothing.
        if marks > 0, marks + columns / 2 > depth + marks / 2 { return index - 1 }
      }
      guard let end = text.firstIndex(of: .lineFeed, from: index) else { return nil }
      start = end + 1
    }
    return nil
  }

  private static func firstImageTooMany(_ text: LentBytes) -> Int? {
    guard var next = text.firstRange(of: "![") else { return nil }
    var total = 0
    // The open brackets, as far as they can be told without parsing: whether each is an image's.
    var brackets: [Bool] = []
    var openNow = 0
    var index = next
    while index < text.count {
      switch text[index] {
      case .openingBracket:
        let isImage = index > 0 && text[index - 1] == .exclamation
        brackets.append(isImage)
        if isImage {
          total += 1
          openNow += 1
          if openNow > openImages || total > images { return index - 1 }
        }
      case .closingBracket:
        if brackets.popLast() == true { openNow -= 1 }
      case .lineFeed where endsParagraph(text, index + 1):
        total = 0
        openNow = 0
        brackets.removeAll(keepingCapacity: true)
        // Nothing before the next image matters, whatever the lines between begin with.
        next = text.firstRange(of: "![", from: index + 1) ?? text.count
        index = max(index, next - 1)
      default: break
      }
      index += 1
    }
    return nil
  }

  /// Whether a line can't go on the paragraph before it: it is blank, or begins a list item.
  private static func endsParagraph(_ text: LentBytes, _ start: Int) -> Bool {
    var index = start
    while index < text.count, text[index] == .space || text[index] == .tab { index += 1 }
    guard index < text.count else { return true }
    switch text[index] {
    case .lineFeed, .carriageReturn: return true
    case .dash, .star, .plus:
      return index - start < 4 && index + 2 < text.count && text[index + 1] == .space
        && !text[index + 2].isMarkdownSpace
    default: return false
    }
  }
}
