import DocModel

/// Writes prose as CommonMark that reads the same wherever it is put.
struct ProseWriter {
  private let place: Place
  private let keepsHTML: Bool
  private var inlines: ProseInlineWriter
  /// What each further line begins with.
  private var prefix: [UInt8]
  private var stack: [Frame] = []
  /// Whether something has been written since the innermost container began.
  private var isFirst = true
  private var headingShift = 0
  /// The delimiter of the list that ended last, which the next one must not have.
  private var lastList: (isOrdered: Bool, isAlternate: Bool)?

  /// Containers deeper than this lose their marks, so that the output grows with the input only.
  private static let depthLimit = 32

  private enum Frame {
    case quote(prefixLength: Int)
    case list(isOrdered: Bool, number: Int, isTight: Bool, isAlternate: Bool)
    case item(prefixLength: Int)
    case nothing
  }

  /// Strikethrough, tables and addresses in its text keep their meaning in prose.
  ///
  /// The mark is the tag in which each paragraph and heading stands; empty where there is none.
  init(place: Place, keepsHTML: Bool, isProse: Bool, mark: String = "") {
    self.place = place
    self.keepsHTML = keepsHTML
    inlines = ProseInlineWriter(place: place, keepsHTML: keepsHTML, isProse: isProse, mark: mark)
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
    inlines.begin(events, isFlat: false, before: output.last)
    for (index, event) in events.enumerated() {
      inlines.look(around: index, events)
      block(event, &output)
      if case .begin(.paragraph) = event {
        inlines.beginParagraph(
          events[index...].prefix { !$0.endsParagraph }, at: output.count,
          isInItem: isInItem, isInQuote: isInQuote)
      }
    }
    // What follows on the next line would be a row of a table that ends here.
    let isTable =
      inlines.hasLines && !place.isCell
      && output.withBytes { $0.firstIndex(of: .pipe, from: start) != nil }
    if !isSingle || isTable, place.needsGap {
      output.appendGap(place.prefix.withoutTrailingBlanks)
    }
  }

  private mutating func block(_ event: ProseEvent, _ output: inout Output) {
    switch event {
    case .begin(.paragraph):
      separate(&output, isParagraph: true)
    case .begin(.heading(let level)):
      separate(&output)
      output.append(
        contentsOf: repeatElement(UInt8(ascii: "#"), count: min(6, level + headingShift)))
      output.append(.space)
      inlines.beginHeading()
    case .end(.paragraph), .end(.heading):
      inlines.endLeaf(prefixLength: prefix.count, &output)
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
    default: inlines.inline(event, prefix: prefix, &output)
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
    Escaper.info(Shown.line(info), to: &output)
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

  // MARK: - On one line

  /// Writes everything on one line; blocks are set apart by spaces, items of lists by semicolons.
  mutating func flattened(_ events: [ProseEvent], to output: inout Output) {
    var isOpen = false
    var depth = 0
    func gap(_ text: String, _ output: inout Output) {
      if isOpen { output.append(contentsOf: text.utf8) }
      isOpen = false
    }
    var mark = " "
    inlines.begin(events, isFlat: true, before: output.last)
    for (index, event) in events.enumerated() {
      inlines.look(around: index, events)
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
        inlines.inline(
          .code(text.split(separator: "\n").joined(separator: " ")), prefix: nil, &output)
        isOpen = true
      case .begin, .end, .htmlBlock, .rule: break
      default:
        isOpen = true
        inlines.inline(event, prefix: nil, &output)
      }
    }
  }
}
