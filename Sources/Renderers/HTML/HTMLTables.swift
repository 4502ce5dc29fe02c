/// Tables, plain as GitHub's specification prints them or enriched for a page.
extension HTMLWriter {
  mutating func openTable(_ table: MarkdownTable) {
    out.freshLine()
    caption = []
    labels = table.isWordy ? [] : nil
    if options.isEnriched { takeCaption() }
    chart?.isOpen = true
    tableStart = out.count
    if !options.isEnriched { out.markup("<table>\n") }
    collectWords()
  }

  mutating func closeTable() {
    line(options.isEnriched ? "</table>\n</div>\n" : "</table>\n")
    if let chart, chart.isOpen {
      let table = chart.drawn(in: out.bytes[tableStart...])
      out.truncate(to: tableStart)
      out.append(chart.html.bytes)
      out.append(table.bytes)
    }
    chart = nil
  }

  /// Writes the beginning of an enriched table, whose name is known when its head is.
  mutating func nameTable() {
    collectsWords = false
    guard options.isEnriched else { return }
    let columns = String(decoding: words, as: UTF8.self)
    let name = names.next(caption: Self.words(of: caption), columns: columns)
    // No heading has a colon in its identifier.
    let id = "table:\(names.count)"
    var start = HTMLBytes()
    start.markup("<div class=\"table\" role=\"region\" tabindex=\"0\" aria-labelledby=\"")
    start.text(id)
    start.markup("\">\n<table")
    if let labels { start.cards(labels) }
    start.markup(">\n<caption id=\"")
    start.text(id)
    if caption.isEmpty {
      start.markup("\" class=\"unseen\">")
      start.text(name)
    } else {
      start.markup("\">")
      start.append(caption)
    }
    start.markup("</caption>\n")
    out.insert(start, at: tableStart)
    chart?.name = name
    chart?.movePlaces(by: start.count)
  }

  mutating func open(_ place: MarkdownTable.Cell) {
    let start = out.count
    isInCell = true
    defer { cell = start..<out.count }
    if isHeader(place) {
      out.markup("<th")
      if options.isEnriched { out.markup(place.isHeading ? " scope=\"col\"" : " scope=\"row\"") }
    } else {
      out.markup("<td")
    }
    defer { openCellState(place) }
    let attribute: StaticString = options.isEnriched ? " class=\"" : " align=\""
    switch place.alignment {
    case .none: return out.markup(">")
    case .left:
      out.markup(attribute)
      out.markup("left\">")
    case .center:
      out.markup(attribute)
      out.markup("center\">")
    case .right:
      out.markup(attribute)
      out.markup("right\">")
    }
  }

  mutating func close(_ place: MarkdownTable.Cell) {
    isInCell = false
    settleTongues(from: cell.upperBound)
    closeCellState(place)
    guard isHeader(place) else { return out.markup("</td>\n") }
    if place.isHeading { labels?.append(String(decoding: words[cellWords...], as: UTF8.self)) }
    if options.isEnriched, out.count == cell.upperBound {
      // Nothing is headed by an empty cell.
      out.truncate(to: cell.lowerBound)
      return out.markup("<td></td>\n")
    }
    if options.isEnriched, !place.isHeading, Self.isLong(out.bytes[cell.upperBound...]) {
      // A sentence is no label.
      out.insert(HTMLBytes(" class=\"long\""), at: cell.lowerBound + 3)
    }
    out.markup("</th>\n")
    if collectsWords, !words.isEmpty { words += ", ".utf8 }
  }

  /// Whether some HTML that this writer wrote shows more words than a name has; code does not count.
  private static func isLong(_ html: ArraySlice<UInt8>) -> Bool {
    guard html.count > 60 else { return false }
    return html.withUnsafeBufferPointer { html in
      var shown = 0
      var index = 0
      while let start = html.firstIndex(of: .less, from: index) {
        shown += start - index
        let code = html.has("<code>", at: start) ? html.firstRange(of: "</code>", from: start) : nil
        guard let end = html.firstIndex(of: .greater, from: code ?? start) else {
          index = start
          break
        }
        index = end + 1
      }
      return shown + html.count - index > 60
    }
  }

  private func isHeader(_ cell: MarkdownTable.Cell) -> Bool {
    cell.isHeading || (options.isEnriched && cell.namesRow)
  }

  /// A paragraph of nothing but strong text directly before a table becomes its caption.
  private mutating func takeCaption() {
    guard let words = captionWords() else { return }
    caption = words
    out.truncate(to: lastParagraph.lowerBound)
    lastParagraph = 0..<0
  }

  /// The words of such a paragraph: as bytes of their own, since a slice that lives on would make all
  /// that was written be copied when it is cut off.
  private func captionWords() -> [UInt8]? {
    guard lastParagraph.upperBound == out.count, !lastParagraph.isEmpty else { return nil }
    let start = Array("<p><strong>".utf8)
    let end = Array("</strong></p>\n".utf8)
    let paragraph = out.bytes[lastParagraph]
    guard paragraph.starts(with: start), paragraph.suffix(end.count).elementsEqual(end) else {
      return nil
    }
    let words = paragraph.dropFirst(start.count).dropLast(end.count)
    return Self.holdsStrong(words) ? nil : Array(words)
  }

  private static func holdsStrong(_ html: ArraySlice<UInt8>) -> Bool {
    Array(html).withUnsafeBufferPointer { $0.firstRange(of: "<strong>") != nil }
  }

  /// The words of some HTML that this writer wrote.
  private static func words(of html: [UInt8]) -> String {
    var words: [UInt8] = []
    var index = 0
    html.withUnsafeBufferPointer { html in
      while index < html.count {
        if html[index] == .less {
          index = (html.firstIndex(of: .greater, from: index) ?? html.count) + 1
        } else if let (escape, byte) = HTMLBytes.escapes.first(where: { html.has($0.0, at: index) })
        {
          words.append(byte)
          index += escape.utf8CodeUnitCount
        } else {
          words.append(html[index])
          index += 1
        }
      }
    }
    return String(decoding: words, as: UTF8.self)
  }
}

/// Gives each table of a document a name of its own, from what stands around it.
struct TableNames {
  private var headings: [(level: Int, text: String)] = []
  private var uses: [String: Int] = [:]
  /// How many names were given.
  private(set) var count = 0

  /// Takes note of the heading under which the next tables stand.
  mutating func enter(heading: String, level: Int) {
    while let last = headings.last, last.level >= level { headings.removeLast() }
    headings.append((level, heading))
  }

  /// A name that no table before had: its caption, the heading it stands under, or its columns.
  mutating func next(caption: String, columns: String) -> String {
    count += 1
    let heading = headings.last?.text ?? ""
    var first = caption.isEmpty ? heading : caption
    if !first.isEmpty, uses[first] == nil {
      uses[first] = 1
      return first
    }
    let columns = columns.hasSuffix(", ") ? String(columns.dropLast(2)) : columns
    if first.isEmpty { first = columns.isEmpty ? "–" : columns }
    var candidates = [first]
    if let parent = headings.dropLast().last?.text, first == heading {
      candidates.append("\(parent): \(heading)")
    }
    if first != columns, !columns.isEmpty { candidates.append("\(first): \(columns)") }
    for candidate in candidates where uses[candidate] == nil {
      uses[candidate] = 1
      return candidate
    }
    var name: String
    repeat {
      uses[first, default: 1] += 1
      name = "\(first) (\(uses[first, default: 1]))"
    } while uses[name] != nil
    uses[name] = 1
    return name
  }
}

extension HTMLBytes {
  /// Adds what makes cards of a table's rows where there is no room for columns: the columns' names, for
  /// the style sheet to show.
  fileprivate mutating func cards(_ labels: [String]) {
    markup(" class=\"cards\" style=\"")
    for (index, label) in labels.enumerated() {
      markup("--c")
      text(String(index + 1))
      markup(":'")
      text(HTMLPage.cssString(label))
      markup("';")
    }
    markup("\"")
  }
}
