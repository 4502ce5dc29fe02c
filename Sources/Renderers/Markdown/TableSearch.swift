/// Looks through the blocks of a tree for tables: those that are hidden, and those not yet known.
struct TableSearch {
  private let piece: MarkdownPiece
  private var containers: [MarkdownContainer] = []
  private var rows: ArraySlice<Int>
  private var hidden = 0
  private var tables: [PipeTable] = []

  init(_ piece: MarkdownPiece) {
    self.piece = piece
    rows = piece.openDelimiterRows[...]
  }

  /// Says how many of the known tables are blocks of their own, and which others there are.
  consuming func search(_ root: CMarkNode) -> (hidden: Int, tables: [PipeTable]) {
    var node = root.firstChild
    while let current = node {
      switch current.kind {
      case .blockQuote: containers.append(.blockQuote)
      case .item:
        containers.append(
          .item(
            line: piece.firstLine(of: current), column: current.startColumn - 1, indent: 0))
      case .list: break
      case .htmlBlock: lookForHidden(current)
      case .paragraph, .heading: lookForTable(current)
      default: break
      }
      switch current.kind {
      case .blockQuote, .item, .list:
        if let child = current.firstChild {
          node = child
          continue
        }
      default: break
      }
      node = following(current, in: root)
    }
    return (hidden, tables)
  }

  /// The next block that isn't inside `node`; the containers that end before it are left.
  private mutating func following(_ node: CMarkNode, in root: CMarkNode) -> CMarkNode? {
    var node = node
    while true {
      switch node.kind {
      case .blockQuote, .item: containers.removeLast()
      default: break
      }
      if let next = node.next { return next }
      guard let parent = node.parent, parent != root else { return nil }
      node = parent
    }
  }

  private mutating func lookForHidden(_ block: CMarkNode) {
    guard hidden < piece.tables.count else { return }
    if piece.firstLine(of: block) == piece.tables[hidden].firstLine { hidden += 1 }
  }

  private mutating func lookForTable(_ block: CMarkNode) {
    let first = piece.firstLine(of: block)
    while let row = rows.first, row <= first { rows.removeFirst() }
    guard let row = rows.first, first >= 0 else { return }
    var last = piece.lastLine(of: block)
    guard row <= last else { return }
    findIndents()
    if block.kind == .heading { last = underline(after: first, through: last) }
    while let row = rows.first, row <= last {
      rows.removeFirst()
      if let table = table(delimitedAt: row, through: last, isHeading: block.kind == .heading) {
        tables.append(table)
        while let row = rows.first, row <= table.lastLine { rows.removeFirst() }
        return
      }
    }
  }

  /// Finds out how far the text of the open list items is indented.
  private mutating func findIndents() {
    for index in containers.indices {
      guard case .item(let line, _, _) = containers[index] else { continue }
      var around = Array(containers[...index])
      _ = prefix(of: line, in: &around)
      containers[index] = around[index]
    }
  }

  private func prefix(
    of line: Int, in containers: inout [MarkdownContainer]
  ) -> MarkdownPrefix {
    MarkdownPrefix(
      piece.text, line: line, at: piece.lines.content(line), containers: &containers)
  }

  private mutating func table(
    delimitedAt row: Int, through last: Int, isHeading: Bool
  ) -> PipeTable? {
    let headPrefix = prefix(of: row - 1, in: &containers)
    let rowPrefix = prefix(of: row, in: &containers)
    guard !rowPrefix.isLazy, rowPrefix.blankColumns() < 4 else { return nil }
    let head = headPrefix.offset..<piece.lines.content(row - 1).upperBound
    let delimiterRow = rowPrefix.offset..<piece.lines.content(row).upperBound
    guard !isUnderline(delimiterRow, .dash),
      var table = PipeTable(
        piece.text, firstLine: row - 1, head: head, delimiterRow: delimiterRow)
    else { return nil }
    let rowMarks = piece.lines.whole(row).lowerBound..<rowPrefix.offset
    let headMarks = piece.lines.whole(row - 1).lowerBound..<headPrefix.offset
    // A head may leave the marks out that the row under it has.
    var prefixes = [headPrefix.isLazy ? rowMarks : headMarks, rowMarks]
    var line = row + 1
    while line <= last {
      let prefix = prefix(of: line, in: &containers)
      let content = prefix.offset..<piece.lines.content(line).upperBound
      guard !prefix.isLazy, prefix.blankColumns() < 4, !beginsBlock(content),
        !(isHeading && isUnderline(content, .dash)), table.appendRow(piece.text, content)
      else { break }
      prefixes.append(piece.lines.whole(line).lowerBound..<prefix.offset)
      if isHeading, isUnderline(content, .equals) { break }
      line += 1
    }
    table.setPrefixes(prefixes)
    return table
  }

  /// Whether a line that goes on a paragraph would begin a block if it stood behind a table.
  private func beginsBlock(_ line: Range<Int>) -> Bool {
    let text = piece.text
    var index = line.lowerBound
    while index < line.upperBound, text[index].isMarkdownSpace { index += 1 }
    guard index < line.upperBound else { return true }
    switch text[index] {
    case .dash, .star, .plus:
      return text[(index + 1)..<line.upperBound].allSatisfy(\.isMarkdownSpace)
    case .less:
      return HTMLTag.isWholeLine(text.lend(index..<line.upperBound))
    case 0x30...0x39:
      var end = index
      while end < line.upperBound, text[end].isDigit { end += 1 }
      guard end - index <= 9, end < line.upperBound,
        text[end] == .period || text[end] == .closingParenthesis
      else { return false }
      return end + 1 == line.upperBound || text[end + 1].isMarkdownSpace
    default: return false
    }
  }

  /// The line that makes a heading of those before it; libcmark says that some end a line later.
  private mutating func underline(after first: Int, through last: Int) -> Int {
    var line = first + 1
    while line < last {
      let prefix = prefix(of: line, in: &containers)
      let content = prefix.offset..<piece.lines.content(line).upperBound
      if isUnderline(content, .dash) || isUnderline(content, .equals) { break }
      line += 1
    }
    return line
  }

  /// Whether a line of a heading is the one that makes it a heading.
  ///
  /// Under a table it is none: dashes are a line between two parts, equals signs a row.
  private func isUnderline(_ line: Range<Int>, _ mark: UInt8) -> Bool {
    var index = line.lowerBound
    while index < line.upperBound, piece.text[index].isMarkdownSpace { index += 1 }
    let start = index
    while index < line.upperBound, piece.text[index] == mark { index += 1 }
    return index > start && piece.text[index..<line.upperBound].allSatisfy(\.isMarkdownSpace)
  }
}

/// HTML tags as CommonMark recognises them.
enum HTMLTag {
  /// Whether a line is one opening or closing tag and nothing else, CommonMark's seventh condition
  /// for HTML blocks.
  static func isWholeLine(_ line: LentBytes) -> Bool {
    var index = 1
    func skipSpace() { while index < line.count, line[index].isMarkdownSpace { index += 1 } }
    func take(_ byte: UInt8) -> Bool {
      guard index < line.count, line[index] == byte else { return false }
      index += 1
      return true
    }
    func takeName(_ extra: [UInt8]) -> Bool {
      let start = index
      while index < line.count, line[index].isAlphanumeric || extra.contains(line[index]) {
        index += 1
      }
      return index > start
    }
    let isClosing = take(.slash)
    guard index < line.count, line[index].isLetter, takeName([.dash]) else { return false }
    while !isClosing {
      let before = index
      skipSpace()
      guard index > before, index < line.count,
        line[index].isLetter || line[index] == .underscore || line[index] == .colon,
        takeName([.underscore, .colon, .period, .dash])
      else { break }
      let afterName = index
      skipSpace()
      guard take(.equals) else {
        index = afterName
        continue
      }
      skipSpace()
      guard index < line.count else { return false }
      if line[index] == .quote || line[index] == .apostrophe {
        guard let end = line.firstIndex(of: line[index], from: index + 1) else { return false }
        index = end + 1
      } else {
        let start = index
        while index < line.count, !line[index].isMarkdownSpace,
          ![.quote, .apostrophe, .equals, .less, .greater, .backtick].contains(line[index])
        {
          index += 1
        }
        guard index > start else { return false }
      }
    }
    skipSpace()
    if !isClosing { _ = take(.slash) }
    guard take(.greater) else { return false }
    skipSpace()
    return index == line.count
  }
}
