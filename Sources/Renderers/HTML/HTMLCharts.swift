/// A table's numbers as a drawing beside it, where a comment before the table asks for one.
///
///     <!-- chart: steps -->
///
///     **How far each phase has got**
///
///     | Phase | Questions | Answered | Reviewed |
///     | --- | ---: | ---: | ---: |
///     | 1. Design | 5 | 4 | 1 |
///
/// The first column names the rows; the columns that are set to the right hold the numbers, and any
/// other column is shown beside the name. The table stays where it is and says the same in words. A
/// line is drawn in the table itself, beside each number.
struct HTMLChart {
  /// How the numbers of a row are drawn.
  enum Kind: Equatable {
    /// Each number is a part of the one before it.
    case steps
    /// Each number but the first is a part of the first, and no two have anything in common.
    case parts
    /// As `parts`, with the first number of each row drawn in proportion to the greatest of all rows.
    case amounts
    /// There is one number, a distance from now that may lie behind; the first so many are near.
    case line(near: Int)

    var isInTable: Bool { if case .line = self { true } else { false } }

    /// The kind that a comment asks for: `<!-- chart: steps -->`, `… parts …`, `… amounts …` or
    /// `… line 90 …`.
    init?(comment: LentBytes) {
      guard comment.has("<!-- chart: ", at: 0),
        let end = comment.firstRange(of: " -->", from: 12), end < 40
      else { return nil }
      let words = String(decoding: comment.lend(12..<end), as: UTF8.self).split(separator: " ")
      switch (words.first, words.count) {
      case ("steps", 1): self = .steps
      case ("parts", 1): self = .parts
      case ("amounts", 1): self = .amounts
      case ("line", 2):
        guard let near = Int(words[1]), near >= 0 else { return nil }
        self = .line(near: near)
      default: return nil
      }
    }
  }

  private struct Row {
    var name = ""
    var notes: [String] = []
    var numbers: [Double] = []
  }

  /// The most rows that are drawn: nobody sees more at a glance.
  private static let mostRows = 500

  /// Whether the table has begun.
  var isOpen = false
  /// What to call it.
  var name = ""
  private let kind: Kind
  private var legend: [String] = []
  private var rows: [Row] = []
  /// Where lines are drawn: in the head first, then in each row.
  private var places: [Int] = []

  init(_ kind: Kind) { self.kind = kind }

  /// Takes the words of the next cell.
  mutating func take(_ words: ArraySlice<UInt8>, _ cell: MarkdownTable.Cell) {
    let text = String(decoding: words, as: UTF8.self)
    let isNumber = cell.alignment == .right
    if cell.isHeading {
      if isNumber { legend.append(text) }
      return
    }
    if cell.isFirst {
      guard rows.count < Self.mostRows else {
        self = HTMLChart(kind)
        return
      }
      rows.append(Row())
    }
    guard let last = rows.indices.last else { return }
    if cell.isFirst {
      rows[last].name = text
    } else if isNumber {
      rows[last].numbers.append(Self.number(text))
    } else if !text.isEmpty {
      rows[last].notes.append(text)
    }
  }

  /// The number that a text shows, groups of three digits or not; 0 where it shows none.
  private static func number(_ text: String) -> Double {
    var digits = ""
    var isNegative = false
    for scalar in text.unicodeScalars {
      switch scalar {
      case "0"..."9": digits.unicodeScalars.append(scalar)
      case "-", "\u{2212}": isNegative = isNegative || digits.isEmpty
      case ",", ".", " ", "\u{A0}", "\u{202F}", "\u{2019}": continue
      default: if !digits.isEmpty { return Self.number(digits) * (isNegative ? -1 : 1) }
      }
    }
    return (Double(digits) ?? 0) * (isNegative ? -1 : 1)
  }

  /// Takes the place where a line can be drawn before a cell's words.
  mutating func take(place: Int, _ cell: MarkdownTable.Cell) {
    if isOpen, kind.isInTable, cell.alignment == .right { places.append(place) }
  }

  /// Moves all places, since something came before the table.
  mutating func movePlaces(by distance: Int) {
    for index in places.indices { places[index] += distance }
  }

  // MARK: Drawing

  /// The drawing before the table, or nothing where there is nothing to draw.
  var html: HTMLBytes {
    var html = HTMLBytes()
    guard !kind.isInTable, rows.contains(where: { !$0.numbers.isEmpty }) else { return html }
    html.markup("<div class=\"chart\" role=\"img\" aria-label=\"")
    html.text(name)
    html.markup("\">\n")
    addLegend(&html)
    let most = kind == .amounts ? rows.compactMap { $0.numbers.first }.max() : nil
    for row in rows {
      html.markup("<div class=\"row\"><div class=\"name\">")
      html.text(row.name)
      for note in row.notes { Self.add(note, &html) }
      html.markup("</div>\n")
      add(row, of: most, &html)
      html.markup("</div>\n")
    }
    html.markup("</div>\n")
    return html
  }

  /// The table with a line before each of its numbers; `start` is where it begins.
  func drawn(in table: ArraySlice<UInt8>) -> HTMLBytes {
    var html = HTMLBytes(capacity: table.count + places.count * 256)
    let scale = scale
    var start = table.startIndex
    let numbers = rows.flatMap(\.numbers)
    for (index, place) in places.enumerated() where place >= start && place <= table.endIndex {
      html.append(table[start..<place])
      start = place
      if index == 0 {
        addTicks(scale, &html)
      } else if index <= numbers.count {
        addPoint(numbers[index - 1], scale, &html)
      }
    }
    html.append(table[start...])
    return html
  }

  private static func add(_ note: String, _ html: inout HTMLBytes) {
    let bytes = Array(note.utf8)
    let state = bytes.withUnsafeBufferPointer { HTMLState($0) }
    if let state {
      html.markup(" <span")
      html.markup(state.attribute)
    } else {
      html.markup(" <span class=\"note\">")
    }
    html.text(note)
    html.markup("</span>")
  }

  private func addLegend(_ html: inout HTMLBytes) {
    html.markup("<p class=\"legend\">")
    for (index, text) in legend.enumerated() {
      html.markup("<span><svg width=\"14\" height=\"14\" aria-hidden=\"true\">")
      Self.rect(.whole, 0, 100, &html)
      switch kind {
      case .steps: for _ in 0..<index { Self.rect(.step, 0, 100, &html) }
      default: if index > 0 { Self.rect(Self.part(index), 0, 100, &html) }
      }
      html.markup("</svg>\u{A0}")
      html.text(text)
      html.markup("</span> ")
    }
    html.markup("</p>\n")
  }

  /// What a rectangle stands for.
  private enum Mark {
    case whole, empty, step, part, secondPart, furtherPart, near

    /// The class, and a look in the text's own colour where no style sheet says more.
    var attributes: StaticString {
      switch self {
      case .whole: #" class="whole" fill="none" stroke="currentColor""#
      case .empty: #" class="whole none" fill="none" stroke="currentColor""#
      case .step: #" class="step" fill="currentColor" fill-opacity=".3""#
      case .part: #" class="part" fill="currentColor" fill-opacity=".8""#
      case .secondPart: #" class="part second" fill="currentColor" fill-opacity=".4""#
      case .furtherPart: #" class="part third" fill="currentColor" fill-opacity=".2""#
      case .near: #" class="near" fill="currentColor" fill-opacity=".1""#
      }
    }
  }

  private static func part(_ index: Int) -> Mark {
    index == 1 ? .part : index == 2 ? .secondPart : .furtherPart
  }

  /// Draws a row; as long as the whole chart where `most` is `nil`.
  private func add(_ row: Row, of most: Double?, _ html: inout HTMLBytes) {
    html.markup("<svg width=\"100%\" height=\"18\" aria-hidden=\"true\">")
    defer { html.markup("</svg>") }
    guard let whole = row.numbers.first, whole > 0 else {
      return Self.rect(.empty, 0, 100, &html)
    }
    let length = most.map { whole / $0 } ?? 1
    Self.rect(.whole, 0, 100 * length, &html)
    var start = 0.0
    for (index, number) in row.numbers.enumerated().dropFirst() {
      let width = min(max(number / whole, 0), 1) * 100 * length
      guard width > 0 else { continue }
      if kind == .steps {
        Self.rect(.step, 0, width, &html)
      } else {
        Self.rect(Self.part(index), start, width, &html)
        start += width
      }
    }
  }

  // MARK: Lines

  /// Where numbers stand on a line.
  private struct Scale {
    var near = 0
    var least = 0.0
    var most = 1.0

    func position(_ number: Double) -> Double { (number - least) / (most - least) * 96 + 2 }
  }

  private var scale: Scale {
    guard case .line(let near) = kind else { return Scale() }
    let numbers = rows.compactMap { $0.numbers.first }
    return Scale(
      near: near, least: min(0, numbers.min() ?? 0), most: max(Double(near), numbers.max() ?? 0, 1))
  }

  private func addPoint(_ number: Double, _ scale: Scale, _ html: inout HTMLBytes) {
    let zero = scale.position(0)
    let place = scale.position(number)
    html.markup("<svg class=\"line\" height=\"18\" aria-hidden=\"true\">")
    Self.rect(.near, zero, scale.position(Double(scale.near)) - zero, &html)
    html.markup("<line class=\"zero\" stroke=\"currentColor\" y2=\"18\" x1=\"")
    Self.percent(zero, &html)
    html.markup("\" x2=\"")
    Self.percent(zero, &html)
    html.markup("\"/><line class=\"way\" stroke=\"currentColor\" y1=\"9\" y2=\"9\" x1=\"")
    Self.percent(zero, &html)
    html.markup("\" x2=\"")
    Self.percent(place, &html)
    html.markup("\"/><svg class=\"point\" fill=\"currentColor\" x=\"")
    Self.percent(place, &html)
    if number < 0 {
      html.markup("\"><path class=\"bad\" d=\"M-5 4H5V14H-5z\"/></svg></svg>")
    } else if number <= Double(scale.near) {
      html.markup("\"><path class=\"soon\" d=\"M0 3L6.5 14.5H-6.5z\"/></svg></svg>")
    } else {
      html.markup("\"><circle class=\"good\" cy=\"9\" r=\"5.5\"/></svg></svg>")
    }
  }

  private func addTicks(_ scale: Scale, _ html: inout HTMLBytes) {
    html.markup("<svg class=\"line\" height=\"18\" aria-hidden=\"true\">")
    let unit = Double(max(scale.near, 1))
    let step = ((scale.most - scale.least) / unit / 5).rounded(.up) * unit
    var tick = (scale.least / step).rounded(.up) * step
    while tick <= scale.most {
      html.markup("<text text-anchor=\"middle\" y=\"14\" x=\"")
      Self.percent(scale.position(tick), &html)
      html.markup("\">")
      html.text(String(Int(tick)))
      html.markup("</text>")
      tick += step
    }
    html.markup("</svg>")
  }

  private static func rect(
    _ mark: Mark, _ start: Double, _ width: Double, _ html: inout HTMLBytes
  ) {
    html.markup("<rect")
    html.markup(mark.attributes)
    html.markup(" height=\"100%\" x=\"")
    percent(start, &html)
    html.markup("\" width=\"")
    percent(width, &html)
    html.markup("\"/>")
  }

  /// A part of a hundred with at most one digit behind the point.
  private static func percent(_ number: Double, _ html: inout HTMLBytes) {
    let tenths = Int((number * 10).rounded())
    html.text(tenths % 10 == 0 ? "\(tenths / 10)%" : "\(tenths / 10).\(abs(tenths % 10))%")
  }
}
