import DocModel

/// Writes what stands within a paragraph or a heading of prose: text, marks, links and code.
struct ProseInlineWriter {
  private let place: Place
  private let keepsHTML: Bool
  /// Whether strikethrough, tables and addresses in its text keep their meaning.
  private let isProse: Bool
  /// The tag in which each paragraph and heading stands; empty where there is none.
  private let mark: String
  private var awaitsMark = false
  private var isMarked = false
  /// Where a paragraph begins that may be a table, whose cells are marked when it is whole.
  private var tableStart: Int?
  /// The events for which nothing is written.
  private var leftOut: [Bool] = []
  /// How many links and images are open, and how many of them with their marks.
  private var openLinks = 0
  private var linkDepth = 0
  private var emphasis = Emphasis()
  /// The event that is being written, and whether a line begins before or ends behind it.
  private var position = 0
  /// The last event before it for which something is written, and for each event the next one.
  private var previous: Int?
  private var following: [Int?] = []
  private var isLineBegin = false
  private var isLineEnd = false
  /// Whether the last paragraph has several lines.
  private(set) var hasLines = false
  private var isInHeading = false
  private var isTaskPlace = false
  private var isAlertPlace = false
  /// Where marks of emphasis have just closed.
  private var closings: Set<Int> = []

  init(place: Place, keepsHTML: Bool, isProse: Bool, mark: String) {
    self.place = place
    self.mark = mark
    self.keepsHTML = keepsHTML
    self.isProse = isProse
  }

  // MARK: - Leaves

  /// Begins a paragraph.
  ///
  /// - Parameters:
  ///   - events: what stands in it.
  ///   - start: where in the output it begins.
  ///   - isInItem: whether it is the first in an item of a list, where a task's mark may stand.
  ///   - isInQuote: whether it is the first in a quote, where an alert's mark may stand.
  mutating func beginParagraph(
    _ events: ArraySlice<ProseEvent>, at start: Int, isInItem: Bool, isInQuote: Bool
  ) {
    hasLines = events.contains(where: \.isSoftBreak)
    isTaskPlace = isInItem
    isAlertPlace = isInQuote
    awaitsMark = !mark.isEmpty
    if awaitsMark, hasLines, events.contains(where: \.mayBeDelimiterRow) {
      // A table's first line must stay one.
      awaitsMark = false
      tableStart = start
    }
  }

  mutating func beginHeading() {
    isInHeading = true
    awaitsMark = !mark.isEmpty
  }

  /// Ends a paragraph or a heading, whose further lines began with so many bytes.
  mutating func endLeaf(prefixLength: Int, _ output: inout Output) {
    if let start = tableStart {
      output.markCells(from: start, prefix: prefixLength, mark: mark)
      tableStart = nil
    }
    if isMarked { output.append(ForeignText.closing) }
    isMarked = false
    awaitsMark = false
    isTaskPlace = false
    isInHeading = false
  }

  // MARK: - Events

  /// Decides what is left out and which marks can be kept.
  mutating func begin(_ events: [ProseEvent], isFlat: Bool, before: UInt8?) {
    var open: [Bool] = []
    var depth = 0
    leftOut = events.map { event in
      switch event {
      case .html, .htmlBlock: return !keepsHTML
      case .open(.link(let address, _)), .open(.image(let address, _)):
        let isDropped =
          place.isLinkText || depth > 0
          || isProse && address.isEmpty || !keepsHTML && Escaper.isDangerous(address.utf8)
        open.append(isDropped)
        if !isDropped { depth += 1 }
        return isDropped
      case .close(.link), .close(.image):
        let isDropped = open.popLast() ?? true
        if !isDropped { depth -= 1 }
        return isDropped
      default: return false
      }
    }
    var next: Int?
    following = events.indices.reversed().map { index in
      defer { if !leftOut[index] { next = index } }
      return next
    }
    following.reverse()
    previous = nil
    emphasis = Emphasis(
      events, leftOut: leftOut, place: place, before: before, isFlat: isFlat)
  }

  /// Learns what stands on both sides of an event, which is written next.
  mutating func look(around index: Int, _ events: [ProseEvent]) {
    position = index
    // What is left out is as if it were not there.
    if index > 0, !leftOut[index - 1] { previous = index - 1 }
    let previous = previous.map { events[$0] }
    let next = following[index].map { events[$0] }
    isLineBegin = previous.map { $0.isLineEdge || $0.opensEmphasis } ?? true
    isLineEnd = next.map { $0.isLineEdge || $0.closesEmphasis } ?? true
  }

  /// Writes the tag that a paragraph or a heading stands in, behind what has to begin its line.
  private mutating func beginMark(_ output: inout Output) {
    guard awaitsMark else { return }
    awaitsMark = false
    isMarked = true
    output.append(contentsOf: mark.utf8)
  }

  /// Writes an event; each further line begins with the prefix, and without one all is one line.
  mutating func inline(_ event: ProseEvent, prefix: [UInt8]?, _ output: inout Output) {
    switch event {
    case .text, .html, .softBreak, .hardBreak: break
    default: beginMark(&output)
    }
    defer {
      isTaskPlace = false
      isAlertPlace = false
    }
    switch event {
    case .text(let text): self.text(text, &output)
    case .code(let text): codeSpan(text, &output)
    case .html(let text): if keepsHTML { output.append(contentsOf: text.utf8) }
    case .softBreak:
      lineEnd(prefix, &output)
    case .hardBreak:
      if prefix != nil { output.append(.backslash) }
      lineEnd(prefix, &output)
    case .open(.emphasis), .open(.strong), .close(.emphasis), .close(.strong):
      let apart = emphasis.apart(position)
      switch event {
      case .open(let mark): delimiter(mark == .strong ? 2 : 1, apart, &output)
      case .close(let mark): closeDelimiter(mark == .strong ? 2 : 1, apart, &output)
      default: break
      }
    case .open(.link), .open(.image):
      openLinks += 1
      guard !leftOut[position] else { return }
      linkDepth += 1
      if output.last == UInt8(ascii: "!") || output.last == UInt8(ascii: "]") {
        output.append(Shown.filler)
      }
      output.append(UInt8(ascii: "["))
    case .close(.link(let address, let title)), .close(.image(let address, let title)):
      openLinks -= 1
      guard !leftOut[position] else { return }
      linkDepth -= 1
      output.append("](")
      Escaper.destination(Array(address.utf8), place, to: &output)
      if address.isEmpty, !title.isEmpty { output.append("<>") }
      if !title.isEmpty {
        output.append(" \"")
        Escaper.title(keepsHTML ? Array(title.utf8) : Shown.line(title), to: &output)
        output.append(UInt8(ascii: "\""))
      }
      output.append(UInt8(ascii: ")"))
    default: break
    }
  }

  private func lineEnd(_ prefix: [UInt8]?, _ output: inout Output) {
    guard let prefix else { return output.append(.space) }
    output.append(.lineFeed)
    output.append(contentsOf: prefix)
  }

  private mutating func text(_ text: String, _ output: inout Output) {
    var rest = text[...]
    // The marks of a task and of an alert mean something to readers that know them.
    if isTaskPlace, let mark = ["[ ] ", "[x] ", "[X] "].first(where: { text.hasPrefix($0) }) {
      output.append(contentsOf: mark.utf8)
      if tableStart != nil { tableStart = output.count }
      rest = rest.dropFirst(4)
    } else if isAlertPlace, text.hasPrefix("[!"), text.hasSuffix("]"),
      text.dropFirst(2).dropLast().utf8.allSatisfy(\.isLetter)
    {
      output.append(contentsOf: text.utf8)
      if tableStart != nil { tableStart = output.count }
      return
    }
    beginMark(&output)
    var inner = place
    inner.isLineStart = true
    inner.isHeading = place.isHeading || isInHeading
    inner.isProse = isProse && (openLinks == 0 || linkDepth > 0)
    inner.isTable = isProse && hasLines && !place.isCell
    inner.keepsEdges = output.last != UInt8(ascii: "*") || closings.contains(output.count)
    inner.right = .unknown
    write(String(rest), inner, &output)
  }

  /// Writes text; white space at the edges of a line is kept by references.
  private func write(_ text: String, _ place: Place, _ output: inout Output) {
    var text = text
    text.withUTF8 { bytes in
      var rest = UnsafeBufferPointer(rebasing: bytes[...])
      var tail: [UInt8] = []
      if isLineBegin, let (length, code) = Escaper.space(rest, at: 0) {
        output.append(contentsOf: code)
        rest = UnsafeBufferPointer(rebasing: rest[length...])
      }
      if isLineEnd, let (start, code) = Escaper.lastSpace(rest) {
        tail = code
        rest = UnsafeBufferPointer(rebasing: rest[..<start])
      }
      Escaper.text(rest, place, isVisible: keepsHTML, to: &output)
      output.append(contentsOf: tail)
    }
  }

  private func codeSpan(_ text: String, _ output: inout Output) {
    // What the engine has written itself has been made visible before.
    let content = keepsHTML ? Array(text.utf8) : Shown.line(text)
    var runs: Set<Int> = []
    var run = 0
    for byte in content + [0] {
      if byte == .backtick {
        run += 1
      } else if run > 0 {
        runs.insert(run)
        run = 0
      }
    }
    var length = 1
    while runs.contains(length) { length += 1 }
    if output.last == .backtick { output.append(Shown.filler) }
    let fence = Array(repeating: UInt8.backtick, count: length)
    let isPadded =
      content.first == .backtick || content.last == .backtick
      || (content.first == .space && content.last == .space && content.contains { $0 != .space })
    output.append(contentsOf: fence)
    if isPadded { output.append(.space) }
    Escaper.code(content, place, to: &output)
    if isPadded { output.append(.space) }
    output.append(contentsOf: fence)
  }

  /// U+2060 as a reference.
  private static let apart: StaticString = "&#8288;"

  private mutating func delimiter(
    _ count: Int, _ apart: Emphasis.Apart, _ output: inout Output
  ) {
    if apart.contains(.outside) {
      output.append(Self.apart)
    } else if closings.contains(output.count) {
      // Marks that close must not join marks that open.
      output.append(Shown.filler)
    }
    output.append(contentsOf: repeatElement(UInt8(ascii: "*"), count: count))
    if apart.contains(.inside) { output.append(Shown.filler) }
  }

  private mutating func closeDelimiter(
    _ count: Int, _ apart: Emphasis.Apart, _ output: inout Output
  ) {
    if output.last == .space {
      output.removeLast()
      output.append("&#32;")
    }
    if apart.contains(.inside)
      || output.last == UInt8(ascii: "*") && !closings.contains(output.count)
    {
      output.append(Shown.filler)
    }
    output.append(contentsOf: repeatElement(UInt8(ascii: "*"), count: count))
    closings = [output.count]
    if apart.contains(.outside) { output.append(Self.apart) }
  }
}
