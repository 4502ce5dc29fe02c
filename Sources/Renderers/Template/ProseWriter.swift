import DocModel

/// Writes prose as CommonMark that reads the same wherever it is put.
struct ProseWriter {
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
  /// What each further line begins with.
  private var prefix: [UInt8]
  private var stack: [Frame] = []
  /// Whether something has been written since the innermost container began.
  private var isFirst = true
  /// The events for which nothing is written.
  private var leftOut: [Bool] = []
  /// How many links and images are open, and how many of them with their marks.
  private var openLinks = 0
  private var linkDepth = 0
  private var headingShift = 0
  /// The delimiter of the list that ended last, which the next one must not have.
  private var lastList: (isOrdered: Bool, isAlternate: Bool)?
  private var emphasis = Emphasis()
  /// The event that is being written, and whether a line begins before or ends behind it.
  private var position = 0
  /// The last event before it for which something is written, and for each event the next one.
  private var previous: Int?
  private var following: [Int?] = []
  private var isLineBegin = false
  private var isLineEnd = false
  /// Whether the paragraph has several lines.
  private var hasLines = false
  private var isInHeading = false
  private var isTaskPlace = false
  private var isAlertPlace = false

  /// Containers deeper than this lose their marks, so that the output grows with the input only.
  private static let depthLimit = 32

  private enum Frame {
    case quote(prefixLength: Int)
    case list(isOrdered: Bool, number: Int, isTight: Bool, isAlternate: Bool)
    case item(prefixLength: Int)
    case nothing
  }

  init(place: Place, keepsHTML: Bool, isProse: Bool, mark: String = "") {
    self.place = place
    self.mark = mark
    self.keepsHTML = keepsHTML
    self.isProse = isProse
    prefix = place.prefix
  }

  // MARK: - Blocks

  /// Writes blocks; the first begins where the output ends.
  mutating func blocks(_ events: [ProseEvent], to output: inout Output) {
    var levels: [Int] = []
    var blockCount = 0
    for event in events {
      switch event {
      case .begin(.heading(let level)):
        levels.append(level)
        blockCount += 2
      case .begin(.paragraph): blockCount += 1
      case .begin, .codeBlock, .rule: blockCount += 2
      case .htmlBlock where keepsHTML: blockCount += 2
      default: break
      }
    }
    guard blockCount > 0 else { return }
    if let top = levels.min(), place.headingLevel > 0 {
      headingShift = max(0, Int(place.headingLevel) + 1 - top)
    }
    let isSingle = blockCount == 1
    let start = output.count
    if place.isAlert, events.first(where: { !$0.isHTML }) != .begin(.paragraph) {
      // Not every block can follow the alert's own line directly.
      output.removeTrailingBlanks()
      newLine(&output)
    }
    begin(events, isFlat: false, before: output.last)
    for (index, event) in events.enumerated() {
      look(around: index, events)
      if case .begin(.paragraph) = event {
        let paragraph = events[index...].prefix { !$0.endsParagraph }
        hasLines = paragraph.contains(where: \.isSoftBreak)
        awaitsMark = !mark.isEmpty
        block(event, &output)
        if awaitsMark, hasLines, paragraph.contains(where: \.mayBeDelimiterRow) {
          // A table's first line must stay one.
          awaitsMark = false
          tableStart = output.count
        }
        continue
      }
      block(event, &output)
    }
    // What follows on the next line would be a row of a table that ends here.
    let isTable =
      hasLines && !place.isCell
      && output.withBytes { $0.firstIndex(of: .pipe, from: start) != nil }
    if !isSingle || isTable, place.needsGap {
      output.appendGap(place.prefix.withoutTrailingBlanks)
    }
  }

  private mutating func block(_ event: ProseEvent, _ output: inout Output) {
    switch event {
    case .begin(.paragraph):
      separate(&output, isParagraph: true)
      isTaskPlace = isInItem
      isAlertPlace = isInQuote
    case .begin(.heading(let level)):
      separate(&output)
      output.append(
        contentsOf: repeatElement(UInt8(ascii: "#"), count: min(6, level + headingShift)))
      output.append(.space)
      isInHeading = true
      awaitsMark = !mark.isEmpty
    case .end(.paragraph), .end(.heading):
      if let start = tableStart {
        output.markCells(from: start, prefix: prefix.count, mark: mark)
        tableStart = nil
      }
      endMark(&output)
      isTaskPlace = false
      isInHeading = false
    case .begin(.quote):
      separate(&output)
      guard stack.count < Self.depthLimit else {
        stack.append(.nothing)
        return
      }
      stack.append(.quote(prefixLength: prefix.count))
      output.append("> ")
      prefix += Array("> ".utf8)
      isFirst = true
    case .begin(.list(let isOrdered, let start, let isTight)):
      separate(&output, keepsTight: true)
      let isAlternate = lastList.map { $0.isOrdered == isOrdered && !$0.isAlternate } ?? false
      stack.append(
        stack.count < Self.depthLimit
          ? .list(isOrdered: isOrdered, number: start, isTight: isTight, isAlternate: isAlternate)
          : .nothing)
      isFirst = true
    case .begin(.item): beginItem(&output)
    case .end(.quote), .end(.item):
      if case .quote(let length)? = stack.last { prefix.removeLast(prefix.count - length) }
      if case .item(let length)? = stack.last { prefix.removeLast(prefix.count - length) }
      if !stack.isEmpty { stack.removeLast() }
      isFirst = false
      lastList = nil
    case .end(.list):
      if case .list(let isOrdered, _, _, let isAlternate)? = stack.popLast() {
        lastList = (isOrdered, isAlternate)
      }
      isFirst = false
    case .codeBlock(let text, let info):
      separate(&output)
      code(text, info: info, &output)
    case .rule:
      separate(&output)
      output.append("***")
    case .htmlBlock(let text):
      guard keepsHTML else { return }
      separate(&output)
      lines(text, &output)
    default: inline(event, isFlat: false, &output)
    }
  }

  private var isInItem: Bool {
    if case .item? = stack.last { isFirstInContainer } else { false }
  }

  private var isInQuote: Bool {
    if case .quote? = stack.last { isFirstInContainer } else { false }
  }

  private var isFirstInContainer = true

  private mutating func beginItem(_ output: inout Output) {
    guard case .list(let isOrdered, let number, let isTight, let isAlternate)? = stack.last else {
      separate(&output)
      stack.append(.nothing)
      return
    }
    if !isFirst {
      if !isTight { blankLine(&output) }
      newLine(&output)
    }
    let marker =
      isOrdered
      ? "\(number)\(isAlternate ? ")" : ".") " : isAlternate ? "* " : "- "
    stack[stack.count - 1] = .list(
      isOrdered: isOrdered, number: number &+ 1, isTight: isTight, isAlternate: isAlternate)
    stack.append(.item(prefixLength: prefix.count))
    output.append(contentsOf: marker.utf8)
    prefix += Array(repeating: .space, count: marker.utf8.count)
    isFirst = true
    lastList = nil
  }

  /// Keeps a block from the one before it.
  private mutating func separate(
    _ output: inout Output, isParagraph: Bool = false, keepsTight: Bool = false
  ) {
    isFirstInContainer = isFirst
    if !isFirst {
      if !(isTightHere && (isParagraph || keepsTight)) || lastList != nil { blankLine(&output) }
      newLine(&output)
    }
    isFirst = false
    if !keepsTight { lastList = nil }
  }

  /// Whether the innermost list has its items without empty lines between them.
  private var isTightHere: Bool {
    for frame in stack.reversed() {
      switch frame {
      case .list(_, _, let isTight, _): return isTight
      case .quote, .nothing: return false
      case .item: continue
      }
    }
    return false
  }

  private func newLine(_ output: inout Output) {
    output.append(.lineFeed)
    output.append(contentsOf: prefix)
  }

  private func blankLine(_ output: inout Output) {
    output.append(.lineFeed)
    output.append(contentsOf: prefix.withoutTrailingBlanks)
  }

  private func lines(_ text: String, _ output: inout Output) {
    var isFirst = true
    var bytes = Array(text.utf8)
    while bytes.last == .lineFeed { bytes.removeLast() }
    for line in bytes.split(separator: .lineFeed, omittingEmptySubsequences: false) {
      if !isFirst {
        if line.isEmpty { blankLine(&output) } else { newLine(&output) }
      }
      isFirst = false
      output.append(contentsOf: line)
    }
  }

  private func code(_ text: String, info: String, _ output: inout Output) {
    var longest = 2
    var run = 0
    for byte in text.utf8 {
      run = byte == .backtick ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = Array(repeating: UInt8.backtick, count: longest + 1)
    output.append(contentsOf: fence)
    Escaper.info(shown(info), to: &output)
    if !text.isEmpty {
      var text = text
      for line in text.withUTF8(Shown.lines) {
        if line.isEmpty { blankLine(&output) } else { newLine(&output) }
        output.append(contentsOf: line)
      }
    }
    newLine(&output)
    output.append(contentsOf: fence)
  }

  private func shown(_ text: String) -> [UInt8] {
    var text = text
    return text.withUTF8(Shown.line)
  }

  // MARK: - Inlines

  /// Decides what is left out and which marks can be kept.
  private mutating func begin(_ events: [ProseEvent], isFlat: Bool, before: UInt8?) {
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

  private mutating func look(around index: Int, _ events: [ProseEvent]) {
    position = index
    // What is left out is as if it were not there.
    if index > 0, !leftOut[index - 1] { previous = index - 1 }
    let previous = previous.map { events[$0] }
    let next = following[index].map { events[$0] }
    isLineBegin = previous.map { $0.isLineEdge || $0.opensEmphasis } ?? true
    isLineEnd = next.map { $0.isLineEdge || $0.closesEmphasis } ?? true
  }

  /// Writes everything on one line; blocks are set apart by spaces, items of lists by semicolons.
  mutating func flattened(_ events: [ProseEvent], to output: inout Output) {
    var isOpen = false
    var depth = 0
    func gap(_ text: String, _ output: inout Output) {
      if isOpen { output.append(contentsOf: text.utf8) }
      isOpen = false
    }
    var mark = " "
    begin(events, isFlat: true, before: output.last)
    for (index, event) in events.enumerated() {
      look(around: index, events)
      switch event {
      case .begin(.list):
        depth += 1
        gap(" ", &output)
      case .end(.list): depth -= 1
      case .begin(.item): mark = "; "
      case .begin(.paragraph), .begin(.heading):
        gap(depth > 0 ? mark : " ", &output)
        mark = " "
      case .codeBlock(let text, _):
        gap(" ", &output)
        inline(.code(text.split(separator: "\n").joined(separator: " ")), isFlat: true, &output)
        isOpen = true
      case .begin, .end, .htmlBlock, .rule: break
      default:
        isOpen = true
        inline(event, isFlat: true, &output)
      }
    }
  }

  /// Writes the tag that a paragraph or a heading stands in, behind what has to begin its line.
  private mutating func beginMark(_ output: inout Output) {
    guard awaitsMark else { return }
    awaitsMark = false
    isMarked = true
    output.append(contentsOf: mark.utf8)
  }

  private mutating func endMark(_ output: inout Output) {
    if isMarked { output.append(ForeignText.closing) }
    isMarked = false
    awaitsMark = false
  }

  private mutating func inline(_ event: ProseEvent, isFlat: Bool, _ output: inout Output) {
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
      if isFlat { output.append(.space) } else { newLine(&output) }
    case .hardBreak:
      if isFlat {
        output.append(.space)
      } else {
        output.append(.backslash)
        newLine(&output)
      }
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
        Escaper.title(keepsHTML ? Array(title.utf8) : shown(title), to: &output)
        output.append(UInt8(ascii: "\""))
      }
      output.append(UInt8(ascii: ")"))
    default: break
    }
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
    let content = keepsHTML ? Array(text.utf8) : shown(text)
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

  private var closings: Set<Int> = []

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
