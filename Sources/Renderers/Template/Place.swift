/// Where in the Markdown a value stands: all that is needed to write it so that it stays inert.
struct Place: Sendable, Hashable {
  enum Kind: UInt8, Sendable {
    /// Nothing is escaped.
    case raw
    /// Text of a paragraph, a heading, a cell or a link.
    case text
    /// Between backticks.
    case code
    /// A line between fences.
    case fence
    /// The words behind an opening fence.
    case info
    /// The address of a link.
    case destination
    /// The quoted title of a link.
    case title
    /// Text within an HTML block.
    case html
    /// A quoted HTML attribute.
    case attribute
    /// An HTML comment.
    case comment
  }

  /// What stands directly to the right, over all paths.
  struct Right: OptionSet, Sendable, Hashable {
    let rawValue: UInt8
    static let space = Right(rawValue: 1)
    static let lineEnd = Right(rawValue: 2)
    static let word = Right(rawValue: 4)
    static let punctuation = Right(rawValue: 8)
    /// `*`, `_` or `~`.
    static let emphasis = Right(rawValue: 16)
    /// Something that is not known when compiling, such as another value.
    static let unknown = Right(rawValue: 32)
    /// `(`, `[` or `{`, which mean something behind a `]` or `!`.
    static let opening = Right(rawValue: 64)
    /// `;`, which ends a character reference.
    static let semicolon = Right(rawValue: 128)
  }

  var kind: Kind
  /// Within a row of a table.
  var isCell = false
  /// Within a heading that begins with `#`.
  var isHeading = false
  /// The line may still become something else than text, judged by what is on it already.
  var isLineStart = false
  /// Nothing else stands on the line and no paragraph is open: blocks may stand here.
  var isAlone = false
  /// Nothing else stands on the line, so that Markdown of the engine's own may stand here.
  var isBare = false
  /// The line before is an alert's, such as `[!NOTE]`, so that a paragraph is open all the same.
  var isAlert = false
  /// The next line makes this one a heading.
  var isTitle = false
  /// What follows on the next line could join a block that ends here.
  var needsGap = false
  /// The text is a part of prose, whose strikethrough, tables and addresses keep their meaning.
  var isProse = false
  /// The paragraph has several lines, which may be those of a table.
  var isTable = false
  /// White space at the edges stands between other parts of the same text.
  var keepsEdges = false
  /// Within brackets that may become a link.
  var isLinkText = false
  /// A URL's scheme could still be in the value.
  var isSchemeOpen = false
  /// The row may still be taken for the marks below a table's head.
  var isRowOpen = false
  /// Text between `<` and `>` of a destination.
  var isPointy = false
  /// The quote around an attribute or a title.
  var quote: UInt8 = 0
  var right: Right = []
  /// Nothing at all may stand here without a trace.
  var isCalm = false
  /// The level of the heading that the value stands under.
  var headingLevel: UInt8 = 0
  /// What a further line of the value begins with, such as `> ` or the indentation of an item.
  var prefix: [UInt8] = []

  static let raw = Place(kind: .raw)
}

extension Place: CustomStringConvertible {
  /// The place in words.
  var description: String {
    switch kind {
    case .raw: "unescaped"
    case .text: "in text"
    case .code: "in a code span"
    case .fence: "in a fenced code block"
    case .info: "behind the fence of a code block"
    case .destination: "in the address of a link"
    case .title: "in the title of a link"
    case .html: "in HTML"
    case .attribute: "in an attribute of an HTML tag"
    case .comment: "in an HTML comment"
    }
  }

  /// The place that is safe for both, or `nil` where there is none.
  func merged(with other: Place) -> Place? {
    guard kind == other.kind, quote == other.quote else { return nil }
    var result = self
    result.isCell = isCell || other.isCell
    result.isHeading = isHeading || other.isHeading
    result.isLineStart = isLineStart || other.isLineStart
    result.isAlone = isAlone && other.isAlone
    result.isBare = isBare && other.isBare
    result.isAlert = isAlert || other.isAlert
    result.isTitle = isTitle || other.isTitle
    result.needsGap = needsGap || other.needsGap
    result.isLinkText = isLinkText || other.isLinkText
    result.isSchemeOpen = isSchemeOpen || other.isSchemeOpen
    result.isRowOpen = isRowOpen || other.isRowOpen
    result.isPointy = isPointy || other.isPointy
    result.right = right.union(other.right)
    result.isCalm = isCalm && other.isCalm
    result.headingLevel = max(headingLevel, other.headingLevel)
    if prefix != other.prefix {
      if kind == .fence { return nil }
      result.isAlone = false
      result.isBare = false
    }
    return result
  }
}
