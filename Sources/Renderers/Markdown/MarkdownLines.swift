/// The lines of a piece of Markdown, by number from 0.
///
/// A line ends with LF, CR or both, as CommonMark has it.
struct MarkdownLines {
  private let text: LentBytes
  /// Where each line begins, and after the last of them where the text ends.
  private var starts: [Int32]

  /// Finds the lines of a text, remembering those that may be the second line of a table.
  init(_ text: LentBytes, hasCarriageReturns: Bool, delimiterRows: inout [Int]) {
    self.text = text
    starts = [0]
    starts.reserveCapacity(text.count / 48 + 2)
    var start = 0
    while start < text.count {
      let end = Self.lineEnd(text, from: start, hasCarriageReturns: hasCarriageReturns)
      if Self.mayBeDelimiterRow(text, start..<end.content) {
        delimiterRows.append(starts.count - 1)
      }
      start = end.next
      starts.append(Int32(start))
    }
  }

  /// How many lines there are.
  var count: Int { starts.count - 1 }

  /// The bytes of a line with its end.
  func whole(_ line: Int) -> Range<Int> { Int(starts[line])..<Int(starts[line + 1]) }

  /// The bytes of some lines with their ends.
  func whole(_ lines: Range<Int>) -> Range<Int> {
    Int(starts[lines.lowerBound])..<Int(starts[lines.upperBound])
  }

  /// The bytes of a line without its end.
  func content(_ line: Int) -> Range<Int> {
    let start = Int(starts[line])
    var end = Int(starts[line + 1])
    if end > start, text[end - 1] == .lineFeed { end -= 1 }
    if end > start, text[end - 1] == .carriageReturn { end -= 1 }
    return start..<end
  }

  func isBlank(_ line: Int) -> Bool {
    text[content(line)].allSatisfy { $0 == .space || $0 == .tab }
  }

  private static func lineEnd(
    _ text: LentBytes, from start: Int, hasCarriageReturns: Bool
  ) -> (content: Int, next: Int) {
    guard hasCarriageReturns else {
      guard let end = text.firstIndex(of: .lineFeed, from: start) else {
        return (text.count, text.count)
      }
      return (end, end + 1)
    }
    var end = start
    while end < text.count, text[end] != .lineFeed, text[end] != .carriageReturn { end += 1 }
    guard end < text.count else { return (end, end) }
    let isPair =
      text[end] == .carriageReturn && end + 1 < text.count && text[end + 1] == .lineFeed
    return (end, end + (isPair ? 2 : 1))
  }

  /// Whether a line ends as the line under a table's head does, with nothing but marks of quotes
  /// and lists before it.
  private static func mayBeDelimiterRow(_ text: LentBytes, _ line: Range<Int>) -> Bool {
    var hasDash = false
    var index = line.upperBound
    scan: while index > line.lowerBound {
      switch text[index - 1] {
      case .dash: hasDash = true
      case .pipe, .colon, .space, .tab: break
      default: break scan
      }
      index -= 1
    }
    return hasDash
      && text[line.lowerBound..<index].allSatisfy { byte in
        switch byte {
        case .space, .tab, .greater, .dash, .plus, .star, .period, .closingParenthesis,
          0x30...0x39:
          true
        default: false
        }
      }
  }
}

/// A container that a line stands in, as far as its prefix matters.
enum MarkdownContainer {
  case blockQuote
  /// A list item: the line and byte at which its marker stands, and how far its text is indented.
  case item(line: Int, column: Int, indent: Int)
}

/// Walks over the marks of quotes and lists at a line's start, as CommonMark's first phase does.
struct MarkdownPrefix {
  /// Where the text behind the prefix begins.
  private(set) var offset: Int
  /// Whether the line leaves out marks of its containers, so that only a paragraph goes on in it.
  private(set) var isLazy = false
  private let text: LentBytes
  private let end: Int
  private var column = 0
  /// Columns of a tab that were counted already.
  private var tabRest = 0

  /// Walks over one line's prefix; `containers` get to know how far their items are indented.
  init(
    _ text: LentBytes, line number: Int, at range: Range<Int>,
    containers: inout [MarkdownContainer]
  ) {
    self.text = text
    offset = range.lowerBound
    end = range.upperBound
    for index in containers.indices where !isLazy {
      switch containers[index] {
      case .blockQuote: enterBlockQuote()
      case .item(let line, let column, let indent):
        if line == number {
          let indent = openItem(markedAt: range.lowerBound + column)
          containers[index] = .item(line: line, column: column, indent: indent)
        } else if blankColumns() >= indent {
          skip(columns: indent)
        } else {
          isLazy = true
        }
      }
    }
  }

  /// How many columns of space follow.
  func blankColumns() -> Int {
    var columns = tabRest
    var column = self.column + tabRest
    var index = offset
    while index < end {
      switch text[index] {
      case .space:
        columns += 1
        column += 1
      case .tab:
        columns += 4 - column % 4
        column += 4 - column % 4
      default: return columns
      }
      index += 1
    }
    return columns
  }

  private mutating func enterBlockQuote() {
    let indent = blankColumns()
    var mark = offset
    while mark < end, text[mark] == .space || text[mark] == .tab { mark += 1 }
    guard indent <= 3, mark < end, text[mark] == .greater else {
      isLazy = true
      return
    }
    skip(columns: indent)
    offset += 1
    column += 1
    if blankColumns() > 0 { skip(columns: 1) }
  }

  /// Walks over an item's marker, and returns how many columns its text is indented.
  private mutating func openItem(markedAt marker: Int) -> Int {
    let before = blankColumns()
    skip(columns: before)
    guard offset == marker else {
      isLazy = true
      return 0
    }
    var width = 1
    if offset < end, (0x30...0x39).contains(text[offset]) {
      while offset + width < end, (0x30...0x39).contains(text[offset + width]) { width += 1 }
      width += 1
    }
    offset = min(offset + width, end)
    column += width
    let after = blankColumns()
    let isEmpty = text[offset..<end].allSatisfy { $0 == .space || $0 == .tab }
    let padding = isEmpty || after > 4 ? 1 : after
    skip(columns: padding)
    return before + width + padding
  }

  private mutating func skip(columns: Int) {
    var rest = columns
    while rest > 0 {
      if tabRest > 0 {
        let step = min(rest, tabRest)
        tabRest -= step
        column += step
        rest -= step
      } else if offset < end, text[offset] == .tab {
        tabRest = 4 - column % 4
        offset += 1
      } else if offset < end, text[offset] == .space {
        offset += 1
        column += 1
        rest -= 1
      } else {
        return
      }
    }
  }
}
