package import DocModel

/// Reads Markdown as GitHub means it: CommonMark by libcmark, with what libcmark lacks added.
///
/// Pipe tables, task lists, strikethrough, alerts and bare addresses are recognised on libcmark's
/// tree together with the lines that it came from, because the tree alone has lost the escapes that
/// tell `\[x]` from `[x]`.
///
/// A long text is read in pieces that end where no block goes on, so that memory doesn't grow with
/// it. Whether a place is such an end is not guessed: a heading is put there and must come out as one
/// of the document's own blocks; otherwise the piece is made longer. While one piece is told, other
/// threads parse the next ones.
package struct MarkdownReader {
  package init() {}

  /// Tells `events` what a text is made of.
  ///
  /// - Throws: `InvalidInput` where the text is built so that reading it would take time out of
  ///   proportion to its length.
  package func read(
    _ source: Source, into events: inout some MarkdownEvents
  ) throws(InvalidInput) {
    try MarkdownLimits.check(source)
    if let marked = EscapedTildes.marking(source.bytes) {
      marked.bytes.withUnsafeBufferPointer { text in
        MarkdownPieces(text, tildes: marked.tildes).tell(to: &events)
      }
    } else {
      source.bytes.withUnsafeBufferPointer { text in
        MarkdownPieces(text, tildes: EscapedTildes()).tell(to: &events)
      }
    }
  }
}

/// The pieces of a text, of which each is parsed into a tree of its own.
private final class MarkdownPieces: @unchecked Sendable {
  private let text: LentBytes
  private let traits: MarkdownPiece.Traits
  /// The size of a piece, in bytes: its tree takes some twenty times as much, and three of them are there
  /// at a time.
  private static let size = 10 << 10
  /// The size of a text for which other threads are worth their while.
  private static let shareSize = 128 << 10

  init(_ text: LentBytes, tildes: EscapedTildes) {
    self.text = text
    traits = MarkdownPiece.Traits(text, tildes: tildes)
  }

  /// Tells all pieces in order.
  func tell(to events: inout some MarkdownEvents) {
    if text.count > Self.shareSize, !traits.mayDefineReferences, tellWhileParsing(to: &events) {
      return
    }
    let parsed = ParsedPiece()
    let size = traits.mayDefineReferences ? text.count : Self.size
    var start = 0
    while start < text.count {
      start = parse(from: start, size: size, into: parsed)
      parsed.tell(to: &events)
    }
  }

  /// Has the next pieces parsed by other threads while one is told, which takes half as long; false where there
  /// is no thread to be had.
  private func tellWhileParsing(to events: inout some MarkdownEvents) -> Bool {
    let wanted = Handover<Wanted>()
    let threads = (0..<2).compactMap { _ in
      Job.begin { [self] in
        while let next = wanted.take() { next.isWhole.put(next.parsed.parse(piece(next.range))) }
      }
    }
    guard !threads.isEmpty else { return false }
    defer {
      wanted.close()
      for thread in threads { Job.wait(for: thread) }
    }
    var idle = (0..<3).map { _ in ParsedPiece() }
    var underWay: [Wanted] = []
    var start = 0
    while true {
      while start < text.count, let parsed = idle.popLast() {
        let next = Wanted(range: start..<end(from: start, size: Self.size), parsed: parsed)
        underWay.append(next)
        wanted.put(next)
        start = next.range.upperBound
      }
      guard !underWay.isEmpty else { return true }
      let first = underWay.removeFirst()
      if first.isWhole.take() != true {
        // What was taken to follow it begins elsewhere.
        for other in underWay {
          _ = other.isWhole.take()
          idle.append(other.parsed)
        }
        underWay = []
        start = parse(
          from: first.range.lowerBound, size: first.range.count * 2, into: first.parsed)
      }
      first.parsed.tell(to: &events)
      idle.append(first.parsed)
    }
  }

  /// A piece that some thread is to parse.
  private struct Wanted: Sendable {
    let range: Range<Int>
    let parsed: ParsedPiece
    /// Whether no block goes on past its end, as soon as that is known.
    let isWhole = Handover<Bool>()
  }

  private func piece(_ range: Range<Int>) -> MarkdownPiece {
    MarkdownPiece(text.lend(range), isLast: range.upperBound == text.count, traits: traits)
  }

  /// Parses the piece that begins at `start` and has about some size, or as much more as it takes, and says
  /// where it ends.
  private func parse(from start: Int, size: Int, into parsed: ParsedPiece) -> Int {
    var size = size
    while true {
      let end = end(from: start, size: size)
      if parsed.parse(piece(start..<end)) { return end }
      size = (end - start) * 2
    }
  }

  /// Where a piece may end: at a line after a blank one that begins with a letter, `#` or `|`.
  private func end(from start: Int, size: Int) -> Int {
    guard size < text.count - start else { return text.count }
    var next = start + size
    while let end = text.firstIndex(of: .lineFeed, from: next), end + 1 < text.count {
      next = end + 1
      let first = text[next]
      guard first.isLetter || first == .hash || first == .pipe else { continue }
      var before = end
      if before > start, text[before - 1] == .carriageReturn { before -= 1 }
      if before > start, text[before - 1] == .lineFeed { return next }
    }
    return text.count
  }
}

/// A piece and the tree that it was parsed into.
///
/// Only the thread that holds it touches it.
private final class ParsedPiece: @unchecked Sendable {
  private var tree = CMarkTree()
  private var found: (piece: MarkdownPiece, root: CMarkNode)?

  /// Parses a piece in place of the one before it; false where a block goes on past its end.
  func parse(_ piece: MarkdownPiece) -> Bool {
    var piece = piece
    found = piece.parse(with: &tree).map { (piece, $0) }
    return found != nil
  }

  func tell(to events: inout some MarkdownEvents) {
    if let found { MarkdownWalk.tell(found.piece, root: found.root, to: &events) }
  }
}

/// A piece of Markdown with its tables found and hidden from libcmark.
///
/// Tables are found in two ways. One between blank lines whose lines begin with a pipe is seen
/// without parsing. Any other is found on the tree, as lines of a paragraph. Either way the piece is
/// parsed with an HTML comment in the table's place, so that what follows it means what it does after
/// a table, and with the cells that hold markup as headings in front of it, so that links by reference
/// resolve. Where a comment doesn't come out as a block of its own (the lines stood in a code block),
/// all tables are looked for on the tree instead.
struct MarkdownPiece {
  /// What is known of the whole text.
  struct Traits {
    let hasCarriageReturns: Bool
    let mayDefineReferences: Bool
    let hasTildes: Bool
    let tildes: EscapedTildes
    let addresses: BareAddress.Triggers

    init(_ text: LentBytes, tildes: EscapedTildes) {
      hasCarriageReturns = text.firstIndex(of: .carriageReturn, from: 0) != nil
      mayDefineReferences = text.firstRange(of: "]:") != nil
      hasTildes = text.firstIndex(of: .tilde, from: 0) != nil
      self.tildes = tildes
      addresses = BareAddress.Triggers(in: text)
    }
  }

  let text: LentBytes
  let lines: MarkdownLines
  let traits: Traits
  /// The tables in the order of their lines.
  private(set) var tables: [PipeTable] = []
  /// How many lines with cells stand before the piece's first line when libcmark reads it.
  private(set) var cellLines = 0
  private let isLast: Bool
  private var delimiterRows: [Int] = []

  /// How often a piece is parsed at most to find tables that only show once others are hidden.
  private static let rounds = 8

  init(_ text: LentBytes, isLast: Bool, traits: Traits) {
    self.text = text
    self.isLast = isLast
    self.traits = traits
    lines = MarkdownLines(
      text, hasCarriageReturns: traits.hasCarriageReturns, delimiterRows: &delimiterRows)
  }

  /// The number of a node's first line in this piece.
  func firstLine(of node: CMarkNode) -> Int { node.startLine - 1 - cellLines }

  /// The number of a node's last line in this piece.
  func lastLine(of node: CMarkNode) -> Int {
    min(node.endLine - 1 - cellLines, lines.count - 1)
  }

  /// Parses the piece; `nil` where a block goes on past its end.
  mutating func parse(with tree: inout CMarkTree) -> CMarkNode? {
    tables = evidentTables()
    var round = 1
    var mistakes = 0
    while let root = parseOnce(with: &tree) {
      if !tables.isEmpty || !delimiterRows.isEmpty {
        let found = TableSearch(self).search(root)
        if found.hidden < tables.count {
          // Some lines were no table after all. All are looked for on the tree now, and none if that
          // fails as well.
          tables = []
          mistakes += 1
          if mistakes > 1 { delimiterRows = [] }
          continue
        }
        if !found.tables.isEmpty, round < Self.rounds {
          tables = Self.apart(tables + found.tables)
          round += 1
          continue
        }
      }
      return isLast || endsAlone(root) ? root : nil
    }
    return nil
  }

  /// Tables in the order of their lines, without any whose lines another has taken.
  private static func apart(_ tables: [PipeTable]) -> [PipeTable] {
    tables.sorted { $0.firstLine < $1.firstLine }.reduce(into: []) { tables, table in
      if tables.last.map({ $0.lastLine < table.firstLine }) ?? true { tables.append(table) }
    }
  }

  /// Whether the heading that was put behind the piece is a block of the document's own.
  private func endsAlone(_ root: CMarkNode) -> Bool {
    guard let last = root.lastChild else { return false }
    return last.kind == .heading && firstLine(of: last) == lines.count
  }

  /// The node behind the text, or `nil` where the text goes to the tree's end.
  func end(of root: CMarkNode) -> CMarkNode? { isLast ? nil : root.lastChild }

  /// The lines under a table's head that no known table accounts for.
  var openDelimiterRows: [Int] {
    var rest = tables[...]
    return delimiterRows.filter { row in
      while let first = rest.first, first.lastLine < row { rest.removeFirst() }
      return rest.first.map { row <= $0.firstLine } ?? true
    }
  }

  private func evidentTables() -> [PipeTable] {
    var tables: [PipeTable] = []
    rows: for row in delimiterRows where row > 0 {
      let head = lines.content(row - 1)
      let delimiterRow = lines.content(row)
      if let last = tables.last, last.lastLine >= row - 1 { continue }
      guard text[delimiterRow.lowerBound] == .pipe, !head.isEmpty,
        text[head.lowerBound] == .pipe, row == 1 || lines.isBlank(row - 2),
        var table = PipeTable(text, firstLine: row - 1, head: head, delimiterRow: delimiterRow)
      else { continue }
      var line = row + 1
      while line < lines.count {
        let content = lines.content(line)
        if content.isEmpty { break }
        guard text[content.lowerBound] == .pipe else {
          if lines.isBlank(line) { break }
          continue rows
        }
        guard table.appendRow(text, content) else { continue rows }
        line += 1
      }
      tables.append(table)
    }
    return tables
  }

  private mutating func parseOnce(with tree: inout CMarkTree) -> CMarkNode? {
    let cells = markedUpCells()
    cellLines = cells.count
    return tree.parse { feed in
      cells.bytes.withUnsafeBufferPointer(feed)
      var line = 0
      for table in tables {
        feed(text.lend(lines.whole(line..<table.firstLine)))
        hide(table, feed)
        line = table.lastLine + 1
      }
      feed(text.lend(lines.whole(line..<lines.count)))
      if !isLast { "# .\n".utf8.withContiguousStorageIfAvailable(feed) }
    }
  }

  /// Hands over a comment in place of a table, in as many lines.
  private func hide(_ table: PipeTable, _ feed: (LentBytes) -> Void) {
    func feedText(_ text: StaticString) { text.withUTF8Buffer(feed) }
    for (index, line) in (table.firstLine...table.lastLine).enumerated() {
      if !table.prefixes.isEmpty { feed(text.lend(table.prefixes[index])) }
      if line == table.firstLine {
        feedText("<!--\n")
      } else {
        feedText(line == table.lastLine ? "-->\n" : "|\n")
      }
    }
  }

  /// The cells with markup, each as a heading; the closing mark keeps one that a cell ends with.
  private func markedUpCells() -> (bytes: [UInt8], count: Int) {
    var bytes: [UInt8] = []
    var count = 0
    for table in tables {
      for cell in table.cells where cell.hasMarkup {
        bytes.append(contentsOf: [.hash, .space])
        appendUnescapingPipes(text.lend(cell.range), to: &bytes)
        bytes.append(contentsOf: [.space, .hash, .lineFeed])
        count += 1
      }
    }
    return (bytes, count)
  }
  private func appendUnescapingPipes(_ cell: LentBytes, to bytes: inout [UInt8]) {
    var start = 0
    while let escape = cell.firstRange(of: #"\|"#, from: start) {
      bytes.append(contentsOf: cell.lend(start..<escape))
      bytes.append(.pipe)
      start = escape + 2
    }
    bytes.append(contentsOf: cell.lend(start..<cell.count))
  }
}
