/// A pipe table as it stands in the source: its lines, and its cells as ranges of bytes.
///
/// The rules are those of GitHub Flavored Markdown, section 4.10. A pipe divides cells unless a
/// backslash stands directly before it.
struct PipeTable {
  /// The text of a cell.
  struct Cell {
    var start: Int32
    var end: Int32
    /// Whether it holds anything that only libcmark can read.
    var hasMarkup: Bool

    var range: Range<Int> { Int(start)..<Int(end) }
  }

  /// The line of its head.
  let firstLine: Int
  /// The line of its last row, or the one under the head where there is no row.
  private(set) var lastLine: Int
  let alignments: [MarkdownTable.Alignment]
  /// The marks of quotes and lists with which each line begins; empty where no line has any.
  private(set) var prefixes: [Range<Int>] = []
  /// All cells, row by row, without those that a short row leaves out.
  private(set) var cells: [Cell] = []
  /// Where each row's cells end in `cells`.
  private(set) var rowEnds: [Int] = []

  /// Reads the head and the line under it; `nil` where they are no table's.
  init?(_ text: LentBytes, firstLine: Int, head: Range<Int>, delimiterRow: Range<Int>) {
    guard let alignments = Self.alignments(text, delimiterRow) else { return nil }
    self.firstLine = firstLine
    lastLine = firstLine + 1
    self.alignments = alignments
    guard append(text, head, limit: alignments.count) == alignments.count else { return nil }
  }

  /// Adds a row; `false` where the line holds no cell, which ends the table.
  mutating func appendRow(_ text: LentBytes, _ row: Range<Int>) -> Bool {
    guard append(text, row, limit: alignments.count) > 0 else { return false }
    lastLine += 1
    return true
  }

  /// Notes the marks with which each line begins.
  mutating func setPrefixes(_ prefixes: [Range<Int>]) { self.prefixes = prefixes }

  /// What a reader needs to know before the first cell.
  func summary(_ text: LentBytes, namingRows: Bool) -> MarkdownTable {
    MarkdownTable(
      columns: alignments.count,
      firstColumnNamesRows: namingRows && firstColumnNamesRows(text),
      isWordy: namingRows && isWordy)
  }

  /// Numbers are compared down a column, words are read along a row.
  private var isWordy: Bool {
    let words = alignments.count { $0 != .right }
    guard alignments.count > 2, words * 2 > alignments.count, rowEnds.count > 1 else {
      return false
    }
    return words > 3
      || zip(rowEnds, rowEnds.dropFirst()).contains { start, end in
        end > start && cells[end - 1].range.upperBound - cells[start].range.lowerBound > 70
      }
  }

  private func firstColumnNamesRows(_ text: LentBytes) -> Bool {
    guard alignments.count > 1, rowEnds.count > 1, !cells[0].range.isEmpty else { return false }
    var seen: Set<Int> = []
    for row in 1..<rowEnds.count {
      let cell = cells[rowEnds[row - 1]].range
      // A number, or that of a section, tells nobody what a row is about.
      if text.lend(cell).allSatisfy({ $0 == .period || 0x30...0x39 ~= $0 }) { return false }
      var hasher = Hasher()
      hasher.combine(bytes: UnsafeRawBufferPointer(text.lend(cell)))
      if !seen.insert(hasher.finalize()).inserted { return false }
    }
    return true
  }

  /// Splits a row, and returns how many cells it has, of which at most `limit` are kept.
  private mutating func append(_ text: LentBytes, _ row: Range<Int>, limit: Int) -> Int {
    let (line, marks) = (text.lend(0..<row.upperBound), Self.marks)
    var count = 0
    var index = row.lowerBound
    while index < row.upperBound, text[index].isMarkdownSpace { index += 1 }
    if index < row.upperBound, text[index] == .pipe { index += 1 }
    while index < row.upperBound, text[index].isMarkdownSpace { index += 1 }
    while index < row.upperBound {
      let start = index
      var hasMarkup = false
      while true {
        index = marks.firstMark(in: line, from: index)
        guard index < row.upperBound else { break }
        if text[index] == .pipe {
          if index == start || text[index - 1] != .backslash { break }
        } else if !text[index].isMarkdownSpace {
          hasMarkup = true
        }
        index += 1
      }
      var content = index
      while content > start, text[content - 1].isMarkdownSpace { content -= 1 }
      count += 1
      if count <= limit {
        cells.append(Cell(start: Int32(start), end: Int32(content), hasMarkup: hasMarkup))
      }
      if index < row.upperBound { index += 1 }
      while index < row.upperBound, text[index].isMarkdownSpace { index += 1 }
    }
    if count > 0 { rowEnds.append(cells.count) }
    return count
  }

  /// The bytes that do not mean themselves in a cell.
  private static let marks = ByteTable(inside: { byte in
    switch byte {
    case .pipe, .backslash, .backtick, .ampersand, .less, .star, .underscore, .openingBracket,
      .tilde, 0x00...0x1F:
      true
    default: false
    }
  })

  /// The alignments that a line of dashes asks for, or `nil` where it is no such line.
  private static func alignments(
    _ text: LentBytes, _ line: Range<Int>
  ) -> [MarkdownTable.Alignment]? {
    var alignments: [MarkdownTable.Alignment] = []
    var index = line.lowerBound
    func skipSpace() { while index < line.upperBound, text[index].isMarkdownSpace { index += 1 } }
    func take(_ byte: UInt8) -> Bool {
      guard index < line.upperBound, text[index] == byte else { return false }
      index += 1
      return true
    }
    skipSpace()
    _ = take(.pipe)
    repeat {
      skipSpace()
      if index == line.upperBound, !alignments.isEmpty { break }
      let isLeft = take(.colon)
      guard take(.dash) else { return nil }
      while take(.dash) {}
      let isRight = take(.colon)
      alignments.append(isLeft ? (isRight ? .center : .left) : (isRight ? .right : .none))
      skipSpace()
    } while take(.pipe)
    return index == line.upperBound ? alignments : nil
  }
}
