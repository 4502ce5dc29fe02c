/// States: a sign and a word, `✓ met`, which a page also shows in a colour.
///
/// A state begins a table's cell, or it is a strong text of its own.
enum HTMLState {
  case good, soon, bad, open

  /// The state whose sign a short text begins with, where a word follows it.
  init?(_ text: LentBytes) {
    guard text.count > 4, text[0] == 0xE2 else { return nil }
    let space: Int
    switch (text[1], text[2]) {
    case (0x9C, 0x93), (0x98, 0x85): self = .good  // ✓ ★
    case (0x97, 0x94), (0x96, 0xB3): self = .soon  // ◔ △
    case (0x9C, 0x97): self = .bad  // ✗
    case (0x97, 0x8C), (0x97, 0x87), (0x80, 0x93): self = .open  // ◌ ◇ –
    default: return nil
    }
    space = text[3] == .space ? 1 : text[3] == 0xC2 && text[4] == 0xA0 ? 2 : 0
    guard space > 0, text.count > 3 + space, text.count < 96 else { return nil }
  }

  /// The classes of an element that shows the state.
  var attribute: StaticString {
    switch self {
    case .good: " class=\"state good\">"
    case .soon: " class=\"state soon\">"
    case .bad: " class=\"state bad\">"
    case .open: " class=\"state open\">"
    }
  }
}

extension HTMLWriter {
  /// Marks what has just begun as a state, where the text to come says one.
  ///
  /// Returns how much of the text was written, because it is the state of a cell.
  mutating func takeState(_ text: LentBytes) -> Int {
    defer { stateStart = -1 }
    guard let state = HTMLState(text) else { return 0 }
    guard !stateIsStrong else {
      out.truncate(to: out.count - 1)
      out.markup(state.attribute)
      return 0
    }
    var end = text.count
    while text[end - 1] == .space { end -= 1 }
    out.markup("<span")
    out.markup(state.attribute)
    out.text(text.lend(0..<end))
    out.markup("</span>")
    return end
  }

  /// Takes what comes next as a state, if it is one.
  mutating func awaitState(isStrong: Bool) {
    guard options.isEnriched else { return }
    stateStart = out.count
    stateIsStrong = isStrong
  }

  mutating func openCellState(_ place: MarkdownTable.Cell) {
    cellWords = words.count
    chart?.take(place: out.count, place)
    if chart?.isOpen ?? false, !place.isHeading { collectWords() }
    if isInBody { awaitState(isStrong: false) }
  }

  mutating func closeCellState(_ place: MarkdownTable.Cell) {
    if chart?.isOpen ?? false {
      let start = place.isHeading ? cellWords : 0
      chart?.take(words[min(start, words.count)...], place)
      if !place.isHeading { collectsWords = false }
    }
    stateStart = -1
  }
}

/// An item of a list of terms, while it is told.
struct HTMLDefinition {
  /// Whether the item has begun, but not its term.
  var awaitsTerm = false
  /// Whether the paragraph with the term is open.
  var isInFirstParagraph = false
  /// Whether the paragraph stands close to what follows it.
  var isTight = true
  /// How many strong texts the open term stands in.
  var termDepth = 0
  /// Whether nothing has followed the term yet.
  var hasJustBegun = false
  /// Where the text behind the term begins.
  var textStart = 0
}

extension HTMLWriter {
  mutating func openDefinition() {
    openBlock("<div>\n")
    definition = HTMLDefinition(awaitsTerm: true)
  }

  mutating func openStrong() {
    if definition.awaitsTerm {
      definition.awaitsTerm = false
      definition.isInFirstParagraph = true
      definition.termDepth = 1
      return line("<dt>")
    }
    if definition.termDepth > 0 { definition.termDepth += 1 }
    span("<strong>")
    if imageDepth == 0 { awaitState(isStrong: true) }
  }

  mutating func closeStrong() {
    stateStart = -1
    if definition.termDepth > 0 {
      definition.termDepth -= 1
      if definition.termDepth == 0 {
        out.markup("</dt>\n<dd>")
        if !definition.isTight { out.markup("<p>") }
        definition.textStart = out.count
        definition.hasJustBegun = true
        return
      }
    }
    span("</strong>")
  }

  mutating func closeDefinedParagraph() {
    definition.isInFirstParagraph = false
    definition.hasJustBegun = false
    guard !definition.isTight else { return }
    if out.count == definition.textStart {
      // Only blocks explain the term.
      out.truncate(to: out.count - 3)
    } else {
      out.markup("</p>\n")
    }
  }
}
