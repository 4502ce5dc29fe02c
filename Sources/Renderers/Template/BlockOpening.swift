/// How a line begins: which containers go on, which begin, and what leaf follows
/// (CommonMark 0.30, the algorithm of its appendix).
extension ScanState {
  /// The white space at `index`: its width and the index behind it.
  private static func indent(_ line: [UInt8], at index: Int) -> (width: Int, end: Int) {
    var width = 0
    var index = index
    while index < line.count, line[index].isBlank {
      width += line[index] == .tab ? 4 - width % 4 : 1
      index += 1
    }
    return (width, index)
  }

  /// Takes white space up to a width and gives the index behind it.
  private static func skip(_ line: [UInt8], from index: Int, width: Int) -> Int {
    var left = width
    var index = index
    while left > 0, index < line.count, line[index].isBlank {
      left -= line[index] == .tab ? 4 : 1
      index += 1
    }
    return index
  }

  /// Understands the beginning of a line and gives the index at which the leaf's own text begins.
  ///
  /// Where the line is not complete, something else follows what is known of it.
  mutating func open(_ line: [UInt8], isComplete: Bool, _ log: ScanLog) -> Int {
    var position = 0
    var matched = 0
    prefix = []
    for container in containers {
      let (width, end) = Self.indent(line, at: position)
      switch container {
      case .quote:
        guard width <= 3, end < line.count, line[end] == UInt8(ascii: ">") else { break }
        prefix += Array(repeating: .space, count: width) + [UInt8(ascii: ">"), .space]
        position = end + 1
        glued = position
        if position < line.count, line[position].isBlank { position += 1 }
        matched += 1
        continue
      case .item(let wanted):
        guard end == line.count || width >= wanted else { break }
        prefix += Array(repeating: .space, count: wanted)
        position = end == line.count ? position : Self.skip(line, from: position, width: wanted)
        matched += 1
        continue
      }
      break
    }
    if position > 0, line[..<position].contains(.tab) { refuseTab(log) }
    let isMatched = matched == containers.count
    if case .paragraph = leaf { wasParagraph = true } else { wasParagraph = false }
    isOpenLine = true
    if let end = goOn(line, at: position, isMatched: isMatched, isComplete: isComplete, log) {
      return end
    }
    if !isMatched {
      switch leaf {
      case .fence, .html, .table, .indented:
        endLeaf(log)
        containers.removeLast(containers.count - matched)
      default: break
      }
    }
    return begin(
      line, at: position, matched: matched, isMatched: isMatched, isComplete: isComplete, log)
  }

  /// Goes on within a fence or a block of HTML; `nil` where the line is no part of one.
  private mutating func goOn(
    _ line: [UInt8], at position: Int, isMatched: Bool, isComplete: Bool, _ log: ScanLog
  ) -> Int? {
    let (width, end) = Self.indent(line, at: position)
    guard isMatched else { return nil }
    switch leaf {
    case .fence(let fence):
      phase = .fenceLine
      indentation = width
      let run = line[end...].prefix { $0 == fence.mark }.count
      if isComplete, width <= 3, run >= fence.length,
        line[(end + run)...].allSatisfy(\.isBlank)
      {
        if fence.hasValue { markFence(fence, end: end, log) }
        leaf = .none
      }
      return line.count
    case .html(let html):
      if isComplete, end == line.count, html.kind >= 6 {
        endLeaf(log)
        return line.count
      }
      phase = .htmlLine
      isOpenLine = false
      return position
    default: return nil
    }
  }

  private func markFence(_ fence: Fence, end: Int, _ log: ScanLog) {
    guard let open = fence.position.content, let origin = origin.content,
      origin.statement == log.statement, origin.unit == log.unit
    else {
      log.refuse(
        Refusal(
          "the fence around a value begins or ends within a control tag's line",
          "write the fences on lines of their own"))
      return
    }
    log.mark(open, .fenceOpen(fence.length, fence.mark))
    let close = ScanLog.Position(
      variant: origin.variant, unit: origin.unit, statement: origin.statement,
      offset: origin.offset + end, source: origin.source + end)
    log.mark(close, .fenceClose(fence.mark))
  }

  /// Begins containers and a leaf.
  private mutating func begin(
    _ line: [UInt8], at start: Int, matched: Int, isMatched: Bool, isComplete: Bool, _ log: ScanLog
  ) -> Int {
    var position = start
    var isNew = false
    func isEnd(_ index: Int) -> Bool { index == line.count && isComplete }
    func isGap(_ index: Int) -> Bool { index < line.count ? line[index].isBlank : isComplete }
    /// Ends what was open, since something new begins.
    func begins(_ state: inout ScanState) {
      if !isNew { state.leave(isMatched: isMatched, log) }
      state.endLeaf(log)
      if !isNew, matched < state.containers.count {
        state.containers.removeLast(state.containers.count - matched)
      }
      isNew = true
      state.wasParagraph = false
    }
    while true {
      let (width, end) = Self.indent(line, at: position)
      if end == line.count, isComplete {
        if !isNew {
          endLeaf(log)
          // An empty line ends quotes; items go on.
          if matched < containers.count {
            containers.removeLast(containers.count - matched)
            leavesBehind = true
          }
        }
        phase = .start([])
        return line.count
      }
      indentation = width
      if width >= 4 {
        if wasParagraph, !isNew {
          if behind != .nothing { refuseIndent(log) }
          return text(line, at: end, log)
        }
        begins(&self)
        leaf = .indented
        phase = .codeLine
        return line.count
      }
      let byte = line[end]
      if byte == UInt8(ascii: ">") {
        begins(&self)
        containers.append(.quote)
        prefix += Array(repeating: .space, count: width) + [byte, .space]
        position = end + 1
        if position < line.count, line[position].isBlank {
          if line[position] == .tab { refuseTab(log) }
          position += 1
        }
        if containers.count > 100 { return tooDeep(log, line) }
        continue
      }
      let run = line[end...].prefix { $0 == byte }.count
      if byte == UInt8(ascii: "#"), run <= 6, isGap(end + run) {
        begins(&self)
        headingLevel = UInt8(run)
        phase = .heading
        isOpenLine = false
        return Self.indent(line, at: end + run).end
      }
      if byte == .backtick || byte == UInt8(ascii: "~"), run >= 3,
        byte != .backtick || !line[(end + run)...].contains(.backtick)
      {
        begins(&self)
        var opening: ScanLog.Position?
        // A value behind the marks belongs to another statement than the marks do.
        if let origin = origin.content, end + run <= originCount {
          opening = ScanLog.Position(
            variant: origin.variant, unit: origin.unit, statement: origin.statement,
            offset: origin.offset + end, source: origin.source + end)
        }
        leaf = .fence(
          Fence(mark: byte, length: run, indent: width, position: Aside(content: opening)))
        phase = .info
        isInfoOpen = line[(end + run)...].contains { $0 == .backslash || $0 == UInt8(ascii: "&") }
        return end + run
      }
      if byte == UInt8(ascii: "<"), Self.tagName(line[end...]) == "textarea" {
        Self.refuseTextarea(log)
      }
      if byte == UInt8(ascii: "<"), let kind = Self.htmlKind(line[end...], isComplete: isComplete) {
        begins(&self)
        leaf = .html(HTML(kind: kind))
        phase = .htmlLine
        isOpenLine = false
        return end
      }
      if isComplete {
        let rest = line[end...]
        if wasParagraph, isMatched, !isNew {
          let trimmed = rest.reversed().drop(while: \.isBlank)
          if byte == UInt8(ascii: "=") || byte == UInt8(ascii: "-"),
            trimmed.allSatisfy({ $0 == byte })
          {
            if byte == UInt8(ascii: "-"), lastLine.hasCode {
              log.refuse(
                Refusal(
                  "a '|' in the code above would make this heading a table for some readers",
                  "write the heading with '##' at its beginning"))
            }
            if behind == .line, !isSameLiteral {
              log.refuse(
                Refusal(
                  "a control tag stands between a value and the marks that make it a heading",
                  "write '# ' or '## ' before the value"))
            }
            leavesBehind = true
            endLeaf(log)
            headingLevel = byte == UInt8(ascii: "=") ? 1 : 2
            phase = .start([])
            return line.count
          }
          if rest.contains(0x2D), rest.contains(0x7C) || rest.contains(0x3A),
            rest.allSatisfy({ $0 == 0x2D || $0 == 0x7C || $0 == 0x3A || $0.isBlank }),
            byte != UInt8(ascii: "|"), !(byte == 0x2D && isGap(end + 1))
          {
            beginTable(log)
            phase = .start([])
            return line.count
          }
        }
        if [UInt8(ascii: "*"), UInt8(ascii: "-"), UInt8(ascii: "_")].contains(byte),
          rest.allSatisfy({ $0 == byte || $0.isBlank }), rest.count(where: { $0 == byte }) >= 3
        {
          begins(&self)
          phase = .start([])
          return line.count
        }
      }
      guard let marker = Self.listMarker(line, at: end), isGap(end + marker) else {
        return text(line, at: end, isNew: isNew, begins: begins, isMatched: isMatched, log)
      }
      let (gap, content) = Self.indent(line, at: end + marker)
      let isEmpty = isEnd(content)
      if wasParagraph, isMatched, !isNew {
        let isOne = line[end] == UInt8(ascii: "1") && marker == 2
        if isEmpty || (line[end].isDigit && !isOne) {
          if behind == .line { log.refuse(.behindValue("the mark of a list")) }
          return text(line, at: end, isNew: isNew, begins: begins, isMatched: isMatched, log)
        }
      }
      if line[..<content].contains(.tab) { refuseTab(log) }
      begins(&self)
      let spaces = gap >= 5 || isEmpty ? 1 : gap
      containers.append(.item(width: width + marker + spaces))
      prefix += Array(repeating: .space, count: width + marker + spaces)
      position = Self.skip(line, from: end + marker, width: spaces)
      if containers.count > 100 { return tooDeep(log, line) }
    }
  }

  /// Ends what a value above may have left open, or refuses a line that may be a part of it.
  private mutating func leave(isMatched: Bool, _ log: ScanLog) {
    if behind != .nothing, isMatched, indentation >= 2 { refuseIndent(log) }
    leavesBehind = true
  }

  private func refuseIndent(_ log: ScanLog) {
    log.refuse(
      Refusal(
        "an indented line below a line that is only a value could become a part of what the value ends with",
        "indent the line no further than the value, and write code between lines of three backticks"
      ))
  }

  private func refuseTab(_ log: ScanLog) {
    log.refuse(
      Refusal(
        "a tab among the marks that begin a line counts differently where the text is moved",
        "write spaces"))
  }

  private mutating func tooDeep(_ log: ScanLog, _ line: [UInt8]) -> Int {
    log.refuse(Refusal("quotes and lists are nested more than 100 deep", "nest them less"))
    containers = []
    phase = .codeLine
    return line.count
  }

  /// Goes on with a paragraph.
  private mutating func text(_ line: [UInt8], at index: Int, _ log: ScanLog) -> Int {
    phase = .text
    isDeep = true
    return index
  }

  /// Begins a paragraph or a row, or goes on with one.
  private mutating func text(
    _ line: [UInt8], at index: Int, isNew: Bool, begins: (inout ScanState) -> Void, isMatched: Bool,
    _ log: ScanLog
  ) -> Int {
    let isRow = line[index] == UInt8(ascii: "|")
    if case .table = leaf, isMatched, !isNew {
      phase = .row(Row(isMarks: false))
      isOpenLine = !isRow
      return index
    }
    if !wasParagraph || isNew {
      if behind != .nothing, isMatched, !isNew, indentation >= 2 {
        // Text is the same within an item as below it.
        endLeaf(log)
      } else {
        begins(&self)
      }
      leaf = .paragraph(hasRow: isRow, isAlert: false)
    } else if case .paragraph(_, let isAlert) = leaf {
      // A line without its container's marks goes on with the paragraph.
      if !isMatched, line[index] == UInt8(ascii: "<") {
        log.refuse(
          Refusal(
            "a line that begins with '<' directly behind a quote or an item means different things to readers",
            "put an empty line before it"))
      }
      leaf = .paragraph(hasRow: isRow || hasRow, isAlert: isAlert)
      // The line may begin a paragraph, and so a definition or a block of HTML.
      if behind == .line { inline.isFirst = true }
    }
    // A line that goes on with a paragraph without the marks of its containers begins no table.
    phase = isRow ? .row(Row(isMarks: isMatched)) : .text
    if isRow { isOpenLine = false }
    return index
  }

  private var hasRow: Bool {
    if case .paragraph(true, _) = leaf { true } else { false }
  }

  /// The length of a list's marker, or `nil` where there is none.
  private static func listMarker(_ line: [UInt8], at index: Int) -> Int? {
    let byte = line[index]
    if byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "*") {
      return 1
    }
    let digits = line[index...].prefix { $0.isDigit }.count
    guard (1...9).contains(digits), index + digits < line.count,
      line[index + digits] == UInt8(ascii: ".") || line[index + digits] == UInt8(ascii: ")")
    else { return nil }
    return digits + 1
  }

  /// The number of the start condition of an HTML block (section 4.6), but for the last, which
  /// only a whole line can show.
  private static func htmlKind(_ rest: ArraySlice<UInt8>, isComplete: Bool) -> Int? {
    let bytes = Array(rest.dropFirst())
    func starts(_ text: String) -> Bool { bytes.starts(with: text.utf8) }
    if starts("!--") { return 2 }
    if starts("?") { return 3 }
    if starts("![CDATA[") { return 5 }
    if starts("!"), bytes.count > 1, bytes[1].isLetter { return 4 }
    let isClosing = bytes.first == UInt8(ascii: "/")
    let word = tagName(rest)
    guard !word.isEmpty else { return nil }
    let tail = isClosing ? bytes.dropFirst() : bytes[...]
    let after = tail.dropFirst(word.utf8.count).first
    let isEnded = after.map { $0.isSpace || $0 == UInt8(ascii: ">") } ?? isComplete
    if !isClosing, isEnded, ["script", "pre", "style"].contains(word) { return 1 }
    let isSlash = after == UInt8(ascii: "/") && tail.dropFirst(word.utf8.count + 1).first == 0x3E
    return (isEnded || isSlash) && blockTags.contains(word) ? 6 : nil
  }

  /// The name of a tag that begins here, in lower case; empty where there is none.
  private static func tagName(_ rest: ArraySlice<UInt8>) -> String {
    let name = rest.dropFirst().drop { $0 == UInt8(ascii: "/") }.prefix { $0.isAlphanumeric }
    return String(decoding: name, as: UTF8.self).lowercased()
  }

  private static let blockTags: Set<String> = [
    "address", "article", "aside", "base", "basefont", "blockquote", "body", "caption", "center",
    "col", "colgroup", "dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "frame", "frameset", "h1", "h2", "h3", "h4", "h5",
    "h6", "head", "header", "hr", "html", "iframe", "legend", "li", "link", "main", "menu",
    "menuitem", "nav", "noframes", "ol", "optgroup", "option", "p", "param", "section", "source",
    "summary", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "track", "ul",
  ]
}
