/// One walk over a parsed piece that tells it as events.
///
/// The walk goes from node to node without recursion, so that no nesting is too deep for it.
struct MarkdownWalk {
  private let piece: MarkdownPiece
  private var tables: ArraySlice<PipeTable>
  /// The next table cell with markup; the cells are the first children of the root.
  private var nextCell: CMarkNode?
  /// The blocks that are open.
  private var open: [MarkdownElement] = []
  /// How many cells may still be made up for rows that are too short.
  private var missingCells = 1 << 19

  private init(_ piece: MarkdownPiece, root: CMarkNode) {
    self.piece = piece
    tables = piece.tables[...]
    nextCell = root.firstChild
  }

  /// Tells `events` what a piece holds.
  static func tell(
    _ piece: MarkdownPiece, root: CMarkNode, to events: inout some MarkdownEvents
  ) {
    var walk = Self(piece, root: root)
    var first = root.firstChild
    for _ in 0..<piece.cellLines { first = first?.next }
    walk.tellBlocks(from: first, root: root, to: &events)
  }

  private mutating func tellBlocks(
    from first: CMarkNode?, root: CMarkNode, to events: inout some MarkdownEvents
  ) {
    let end = piece.end(of: root)
    var node = first
    while let current = node, current != end {
      if enter(current, &events) {
        if let child = current.firstChild {
          node = child
          continue
        }
        if let element = open.popLast() { events.close(element) }
      }
      node = following(current, root: root, &events)
    }
  }

  /// The block after one that is told, once those that end with it are closed.
  private mutating func following(
    _ node: CMarkNode, root: CMarkNode, _ events: inout some MarkdownEvents
  ) -> CMarkNode? {
    var node = node
    while true {
      if let next = node.next { return next }
      guard let parent = node.parent, parent != root else { return nil }
      if let element = open.popLast() { events.close(element) }
      node = parent
    }
  }

  /// Tells a block's beginning, or the whole of one that holds no blocks; whether to go into it.
  private mutating func enter(
    _ node: CMarkNode, _ events: inout some MarkdownEvents
  ) -> Bool {
    switch node.kind {
    case .paragraph:
      tellParagraph(node, &events)
    case .heading:
      let element = MarkdownElement.heading(node.headingLevel)
      events.open(element)
      var inlines = inlines(of: node)
      inlines.tell(from: node.firstChild, dropping: 0, to: &events)
      events.close(element)
    case .list:
      let isOfTerms = events.wantsNames && namesTerms(node)
      begin(isOfTerms ? .definitions : .list(start: node.listStart), &events)
      return true
    case .item:
      if open.last == .definitions {
        begin(.definition, &events)
      } else {
        begin(taskState(node).map { .task(isDone: $0) } ?? .item, &events)
      }
      return true
    case .blockQuote:
      begin(alert(node).map { .alert($0) } ?? .blockQuote, &events)
      return true
    case .codeBlock:
      piece.traits.tildes.restoring(node.literal, verbatim: true) { text in
        piece.traits.tildes.restoring(node.fenceInfo) { events.codeBlock(text, info: $0) }
      }
    case .htmlBlock:
      if let table = tables.first, piece.firstLine(of: node) == table.firstLine {
        tables.removeFirst()
        tell(table, &events)
      } else {
        piece.traits.tildes.restoring(node.literal, verbatim: true) { events.htmlBlock($0) }
      }
    case .thematicBreak:
      events.thematicBreak()
    default: break
    }
    return false
  }

  private mutating func begin(_ element: MarkdownElement, _ events: inout some MarkdownEvents) {
    open.append(element)
    events.open(element)
  }

  private func tellParagraph(_ node: CMarkNode, _ events: inout some MarkdownEvents) {
    var first = node.firstChild
    var dropped = 0
    if node.previous == nil, let parent = open.last {
      switch parent {
      case .alert:
        // The label's line is no text of its own.
        first = first?.next?.next
        if first == nil { return }
      case .task:
        dropped = 3 + (first?.literal.dropFirst(3).prefix(while: \.isMarkdownSpace).count ?? 0)
      default: break
      }
    }
    let element = MarkdownElement.paragraph(isTight: isTight(node))
    events.open(element)
    var inlines = inlines(of: node)
    inlines.tell(from: first, dropping: dropped, to: &events)
    events.close(element)
  }

  private func isTight(_ paragraph: CMarkNode) -> Bool {
    switch open.last {
    case .item, .task, .definition: paragraph.parent?.parent?.isTight ?? false
    default: false
    }
  }

  /// The text of a block, with the source lines it came from.
  private func inlines(of block: CMarkNode) -> InlineWalk {
    let first = min(max(piece.firstLine(of: block), 0), piece.lines.count - 1)
    let last = max(first, piece.lastLine(of: block))
    return InlineWalk(
      block, source: piece.text, range: piece.lines.whole(first..<(last + 1)),
      traits: piece.traits)
  }

  // MARK: Lists of terms, alerts and tasks

  /// Whether a list without numbers gives each of its items a term: `- **Term:** what it means`.
  private func namesTerms(_ list: CMarkNode) -> Bool {
    guard list.listStart == nil else { return false }
    var item = list.firstChild
    while let current = item {
      guard let paragraph = current.firstChild, paragraph.kind == .paragraph,
        let term = paragraph.firstChild, term.kind == .strong,
        term.next != nil || paragraph.next != nil,
        let last = term.lastChild, last.kind == .text, last.literal.last == .colon
      else { return false }
      item = current.next
    }
    return true
  }

  /// The bytes of the source at which a block begins.
  private func source(of block: CMarkNode) -> LentBytes {
    let line = piece.firstLine(of: block)
    guard line >= 0, line < piece.lines.count else { return LentBytes(start: nil, count: 0) }
    let content = piece.lines.content(line)
    let start = min(content.lowerBound + max(block.startColumn - 1, 0), content.upperBound)
    return piece.text.lend(start..<content.upperBound)
  }

  /// The kind of alert that a block quote is: its first line is the label alone.
  private func alert(_ quote: CMarkNode) -> MarkdownAlert? {
    guard let paragraph = quote.firstChild, paragraph.kind == .paragraph,
      let label = paragraph.firstChild, label.kind == .text,
      label.literal.has("[!", at: 0), label.literal.last == .closingBracket,
      label.next != nil || paragraph.next != nil,
      source(of: paragraph).has("[!", at: 0)
    else { return nil }
    if let next = label.next, next.kind != .softBreak, next.kind != .lineBreak { return nil }
    let name = label.literal.dropFirst(2).dropLast().map(\.asciiLowercased)
    return MarkdownAlert.allCases.first { $0.rawValue.utf8.elementsEqual(name) }
  }

  /// Whether a list item is a task, and then whether it is done.
  private func taskState(_ item: CMarkNode) -> Bool? {
    guard let paragraph = item.firstChild, paragraph.kind == .paragraph,
      let text = paragraph.firstChild, text.kind == .text
    else { return nil }
    let bytes = text.literal
    guard bytes.count > 4 || (bytes.count == 4 && text.next != nil), bytes[0] == .openingBracket,
      bytes[2] == .closingBracket, bytes[3] == .space || bytes[3] == .tab
    else { return nil }
    let source = source(of: paragraph)
    guard source.count > 2, source[0] == .openingBracket, source[2] == .closingBracket else {
      return nil
    }
    switch bytes[1] {
    case .space: return false
    case 0x78, 0x58: return true
    default: return nil
    }
  }

  // MARK: Tables

  private mutating func tell(_ table: PipeTable, _ events: inout some MarkdownEvents) {
    let summary = table.summary(piece.text, namingRows: events.wantsNames)
    events.open(.table(summary))
    events.open(.tableHead)
    var start = 0
    for (row, end) in table.rowEnds.enumerated() {
      if row == 1 {
        events.close(.tableHead)
        events.open(.tableBody)
      }
      events.open(.tableRow)
      for (column, alignment) in table.alignments.enumerated() {
        let index = start + column
        if index >= end {
          guard missingCells > 0 else { break }
          missingCells -= 1
        }
        let element = MarkdownElement.tableCell(
          MarkdownTable.Cell(
            alignment: alignment, isHeading: row == 0, isFirst: column == 0,
            namesRow: row > 0 && column == 0 && summary.firstColumnNamesRows))
        events.open(element)
        if index < end { tell(table.cells[index], &events) }
        events.close(element)
      }
      events.close(.tableRow)
      start = end
    }
    events.close(table.rowEnds.count > 1 ? .tableBody : .tableHead)
    events.close(.table(summary))
  }

  private mutating func tell(_ cell: PipeTable.Cell, _ events: inout some MarkdownEvents) {
    var inlines = InlineWalk(nil, source: piece.text, range: cell.range, traits: piece.traits)
    guard cell.hasMarkup else {
      inlines.tellText(piece.text.lend(cell.range), marks: [], linksAllowed: true, to: &events)
      return
    }
    guard let heading = nextCell else { return }
    nextCell = heading.next
    inlines = inlines.within(heading)
    inlines.tell(from: heading.firstChild, dropping: 0, to: &events)
  }
}
