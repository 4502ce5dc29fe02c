import DocModel

/// Tables in prose that is in another language than the document: a row of a table has to stay one, so that
/// it is the text of each cell that is marked.
///
///     | <span lang="en">Servers</span> | <span lang="en">Planned</span> |
///     | --- | --- |
extension Output {
  /// Marks what was written from `start` on, a paragraph whose lines but the first begin with so many
  /// bytes that are not its own: each cell of the table that it is, or all of it.
  mutating func markCells(from start: Int, prefix: Int, mark: String) {
    let text = withBytes { Array($0[start...]) }
    removeLast(text.count)
    text.withUnsafeBufferPointer { text in
      var end = 0
      for place in Self.texts(text, prefix: prefix) where !place.isEmpty {
        append(contentsOf: text[end..<place.lowerBound])
        append(contentsOf: mark.utf8)
        append(contentsOf: text[place])
        append(ForeignText.closing)
        end = place.upperBound
      }
      append(contentsOf: text[end...])
    }
  }

  /// Where the texts of a paragraph stand: what comes before a table, and the table's cells.
  private static func texts(_ text: LentBytes, prefix: Int) -> [Range<Int>] {
    var lines: [Range<Int>] = []
    var begin = 0
    while begin <= text.count {
      let end = text[begin...].firstIndex(of: .lineFeed) ?? text.count
      lines.append(min(lines.isEmpty ? begin : begin + prefix, end)..<end)
      begin = end + 1
    }
    for head in 0..<max(0, lines.count - 1) {
      guard
        var table = PipeTable(
          text, firstLine: head, head: lines[head], delimiterRow: lines[head + 1])
      else { continue }
      for row in lines[(head + 2)...] where !table.appendRow(text, row) { break }
      let before = head > 0 ? [lines[0].lowerBound..<lines[head - 1].upperBound] : []
      return before + table.cells.map(\.range)
    }
    return [0..<text.count]
  }
}
