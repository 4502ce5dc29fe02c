/// Raw HTML that stands for itself and that every text may use: parts that are folded until somebody
/// opens them, and comments that ask for a chart.
///
///     <details>
///     <summary>Two more sites</summary>
///
///     - Selmora
///
///     </details>
///
/// A part that is not closed ends with what it stands in, so that a page is always whole.
extension HTMLWriter {
  mutating func htmlBlock(_ bytes: LentBytes) {
    out.freshLine()
    if options.isUnsafe {
      if options.isEnriched { takeChart(bytes) }
      out.raw(bytes)
    } else if !writeFolds(in: bytes), !writeAnchors(in: bytes) {
      omissions += 1
    }
    out.freshLine()
  }

  /// Ends the folded parts that stand in more than so many blocks.
  mutating func closeFolds(deeperThan depth: Int) {
    while let fold = folds.last, fold > depth {
      folds.removeLast()
      line("</details>\n")
    }
  }

  /// Writes the beginnings and ends of folded parts; `false` where the HTML holds anything else.
  private mutating func writeFolds(in html: LentBytes) -> Bool {
    let pieces = HTMLFoldPiece.pieces(of: html)
    guard let pieces, !pieces.isEmpty else {
      if options.isEnriched { takeChart(html) }
      return false
    }
    for piece in pieces {
      switch piece {
      case .begin(let summary):
        folds.append(depth)
        out.markup("<details>\n<summary>")
        writeSummary(html.lend(summary))
        out.markup("</summary>\n")
      case .end:
        guard folds.last == depth else { continue }
        folds.removeLast()
        out.markup("</details>\n")
      }
    }
    return true
  }

  /// Writes words whose entities are written already.
  private mutating func writeSummary(_ words: LentBytes) {
    var start = 0
    while let ampersand = words.firstIndex(of: .ampersand, from: start) {
      out.text(words.lend(start..<ampersand))
      let rest = words.lend((ampersand + 1)..<words.count)
      let name = rest.prefix { $0 == .hash || $0.isAlphanumeric }
      if !name.isEmpty, rest.dropFirst(name.count).first == .semicolon {
        out.raw(words.lend(ampersand..<(ampersand + name.count + 2)))
        start = ampersand + name.count + 2
      } else {
        out.markup("&amp;")
        start = ampersand + 1
      }
    }
    out.text(words.lend(start..<words.count))
  }

  private mutating func takeChart(_ html: LentBytes) {
    if let kind = HTMLChart.Kind(comment: html) { chart = HTMLChart(kind) }
  }
}

/// One of the tags that a folded part is made of.
enum HTMLFoldPiece {
  /// The beginning, with where its summary's words stand.
  case begin(summary: Range<Int>)
  case end

  /// The pieces of some HTML, or `nil` where it holds anything else.
  static func pieces(of html: LentBytes) -> [HTMLFoldPiece]? {
    var pieces: [HTMLFoldPiece] = []
    var index = skipSpace(html, 0)
    while index < html.count {
      if html.has("</details>", at: index) {
        pieces.append(.end)
        index += 10
      } else if html.has("<details>", at: index) {
        index = skipSpace(html, index + 9)
        guard html.has("<summary>", at: index) else { return nil }
        let start = index + 9
        guard let end = html.firstIndex(of: .less, from: start), html.has("</summary>", at: end),
          html.firstIndex(of: .greater, from: start) == end + 9
        else { return nil }
        pieces.append(.begin(summary: start..<end))
        index = end + 10
      } else {
        return nil
      }
      index = skipSpace(html, index)
    }
    return pieces
  }

  private static func skipSpace(_ html: LentBytes, _ start: Int) -> Int {
    var index = start
    while index < html.count, html[index].isMarkdownSpace { index += 1 }
    return index
  }
}
