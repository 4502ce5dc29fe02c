/// Where a path through a template stands in its Markdown: the open containers, the leaf, and how
/// far the current line has been understood (CommonMark 0.30, section 4 and 5, and GFM tables).
struct ScanState: Hashable {
  enum Container: Hashable {
    case quote
    /// A list item and the column at which its content begins, counted from its own container.
    case item(width: Int)
  }

  enum Leaf: Hashable {
    case none
    /// `hasTitle`: only the line of an alert, such as `[!NOTE]`, stands in it.
    case paragraph(hasRow: Bool, isAlert: Bool)
    case table
    case fence(Fence)
    case html(HTML)
    case indented
  }

  struct Fence: Hashable {
    let mark: UInt8
    let length: Int
    let indent: Int
    var hasValue = false
    let position: Aside<ScanLog.Position?>
  }

  enum Phase: Hashable {
    /// What stands on the line could still become anything.
    case start([UInt8])
    case text
    case row(Row)
    case heading
    case info
    case fenceLine
    case htmlLine
    case codeLine
  }

  /// A row while it could still be the marks below a table's head.
  struct Row: Hashable {
    var isMarks = true
    var hasMark = false
  }

  var containers: [Container] = []
  var leaf = Leaf.none
  var phase = Phase.start([])
  var inline = InlineState()
  var headingLevel: UInt8 = 0
  /// What a further line of a block on this line begins with.
  var prefix: [UInt8] = []
  /// Where the line goes on behind a `>` without a space.
  var glued = 0
  /// Whether a paragraph was open where this line began.
  var wasParagraph = false
  /// Whether nothing but marks that could begin a block stands on this line.
  var isOpenLine = true
  /// Whether a value stands on this line.
  var lineHasValue = false
  var lineHasCode = false
  /// What the line before this one was.
  var lastLine = Line()

  struct Line: Hashable {
    var hasValue = false
    /// Whether a value stands in code or in a comment, where nothing can be written for a `|`.
    var hasCode = false
    var isRow = false
  }

  /// What a value that had a line to itself may have left open.
  var behind = Behind.nothing
  /// Whether the line begins something that ends all that such a value has left open.
  var leavesBehind = false
  /// Whether nothing but a value stands on this line.
  var isValueLine = false
  /// Whether the line before ended in the literal that is being read.
  var isSameLiteral = false
  /// How many spaces stand before the text of this line, behind the marks of containers.
  var indentation = 0

  /// What may be open behind a line with nothing but a value: the value may be Markdown that ends
  /// with something else than a paragraph.
  enum Behind: Hashable {
    case nothing
    /// Directly behind it, a paragraph may be open or not, and so may an item of a list.
    case line
    /// Further below, an item may still be open.
    case block
  }

  /// Whether the line goes on with a paragraph though it is indented like code.
  var isDeep = false
  /// Whether the words behind a fence hold something that could join a value.
  var isInfoOpen = false
  /// Whether no text stands on this line yet.
  var isBare = true
  /// Whether the content of the line is digits and values only, at least one value.
  var isNumber = false
  /// Whether that was followed by `.` or `)`.
  var isMarker = false
  /// Where the pending bytes of the line begin, as long as they stand in one literal.
  var origin: Aside<ScanLog.Position?> = Aside(content: nil)
  /// How many of the pending bytes that literal has.
  var originCount = 0

  // MARK: - Literal text

  /// Takes the text of a literal.
  mutating func take(_ bytes: [UInt8], source: Int, _ log: ScanLog) {
    if let place = bytes.firstIndex(where: \.isControl) {
      log.at = source + place
      log.refuse(
        Refusal("a control character means different things to readers", "leave it out"))
      log.at = source
    }
    var index = 0
    while index < bytes.count {
      let lineEnd = bytes[index...].firstIndex(of: .lineFeed)
      let end = lineEnd ?? bytes.count
      log.isLineComplete = lineEnd != nil
      takeLine(bytes[index..<end], source: source, log)
      log.offset = end
      log.at = source + end
      if lineEnd != nil {
        endLine(log)
        isSameLiteral = true
      }
      index = end + 1
    }
    isSameLiteral = false
  }

  private mutating func takeLine(_ line: ArraySlice<UInt8>, source: Int, _ log: ScanLog) {
    var index = line.startIndex
    while index < line.endIndex {
      log.offset = index
      log.at = source + index
      switch phase {
      case .start(var pending):
        if pending.isEmpty {
          origin = Aside(content: log.position)
          originCount = 0
        }
        if origin.content?.statement == log.statement, origin.content?.unit == log.unit {
          originCount += 1
        }
        let byte = line[index]
        pending.append(byte)
        if isUndecided(pending) {
          phase = .start(pending)
          index += 1
          if pending.count > 2_000 {
            log.refuse(
              Refusal("the line begins with more than 2000 marks", "put text before them"))
            phase = .text
          }
          continue
        }
        // The bytes before this literal's own part of the line were read before.
        let own = index - line.startIndex + 1
        phase = .start([])
        let used = open(pending, isComplete: false, log)
        noteAlert(line[index...], log)
        let skipped = max(0, used - (pending.count - own))
        if used < pending.count - own {
          replay(pending[used..<(pending.count - own)], log)
        }
        index = line.startIndex + skipped
      case .text, .heading:
        index = takeText(line, at: index, log)
      case .row(var row):
        let byte = line[index]
        if !(byte == 0x7C || byte == 0x2D || byte == 0x3A || byte.isBlank) { row.isMarks = false }
        if byte == 0x2D { row.hasMark = true }
        phase = .row(row)
        if isOpenLine, byte == UInt8(ascii: "|") || !Self.isMarkish(byte) { isOpenLine = false }
        if byte == UInt8(ascii: "|"), !inline.isEscape, leaf == .table {
          inline.endCell(log)
          index += 1
        } else {
          if byte == UInt8(ascii: "|"), !inline.isEscape { inline.crossCells(log) }
          index = inline.take(line, at: index, isRow: true, log)
        }
      case .info:
        if line[index] == .backtick {
          log.refuse(
            Refusal(
              "a backtick behind the fence makes it something else", "leave the backtick out"))
        }
        if line[index] == .backslash || line[index] == UInt8(ascii: "&") { isInfoOpen = true }
        index += 1
      case .fenceLine, .codeLine: index = line.endIndex
      case .htmlLine:
        takeHTML(line[index], log)
        index += 1
      }
    }
  }

  /// Sees whether the line that begins a paragraph in a quote is an alert's, such as `[!NOTE]`.
  private mutating func noteAlert(_ rest: ArraySlice<UInt8>, _ log: ScanLog) {
    guard case .paragraph(let hasRow, false) = leaf, !wasParagraph, log.isLineComplete,
      containers.last == .quote, rest.starts(with: "[!".utf8)
    else { return }
    let word = rest.dropFirst(2).prefix { $0.isLetter }
    let end = rest.dropFirst(2 + word.count)
    if end.first == UInt8(ascii: "]"), end.dropFirst().allSatisfy(\.isBlank) {
      leaf = .paragraph(hasRow: hasRow, isAlert: true)
    }
  }

  /// Takes bytes of the line again that were pending before, as standing where they came from.
  mutating func replay(_ bytes: ArraySlice<UInt8>, _ log: ScanLog) {
    let saved = (log.isLineComplete, log.position)
    log.isLineComplete = false
    defer {
      log.isLineComplete = saved.0
      log.go(to: saved.1)
    }
    let first = bytes.startIndex
    let line = ArraySlice(Array(bytes))
    var index = line.startIndex
    while index < line.endIndex {
      let position = first + index
      if let origin = origin.content, position < originCount {
        // The line may have begun in the template that called this one.
        log.go(to: origin)
        log.offset += position
        log.at += position
      } else {
        // These bytes came from a literal that is neither the first of the line nor at hand.
        log.statement = -1
      }
      switch phase {
      case .text, .heading: index = takeText(line, at: index, log)
      case .row: index = inline.take(line, at: index, isRow: true, log)
      case .htmlLine:
        takeHTML(line[index], log)
        index += 1
      default: return
      }
    }
  }

  private mutating func takeText(
    _ line: ArraySlice<UInt8>, at index: Int, _ log: ScanLog
  ) -> Int {
    let byte = line[index]
    if !byte.isBlank {
      isBare = false
      isValueLine = false
    }
    if isMarker {
      if byte.isBlank { refuseMarker(log) }
      isMarker = false
    }
    if isNumber {
      isMarker = byte == UInt8(ascii: ".") || byte == UInt8(ascii: ")")
      if !byte.isDigit { isNumber = false }
    }
    if isOpenLine, !Self.isMarkish(byte) { isOpenLine = false }
    let next = inline.take(line, at: index, isRow: false, log)
    if next > index + 1 { isOpenLine = false }
    return next
  }

  private func refuseMarker(_ log: ScanLog) {
    log.refuse(
      Refusal(
        "a value followed by a list's mark at the beginning of a line would become a list if it is a number",
        "write '1. ' for a numbered list, whose items Markdown counts itself, or '\\.' for text"))
  }

  static func isMarkish(_ byte: UInt8) -> Bool {
    byte.isBlank || byte.isDigit || Array("-+*=_#>~`:|.)".utf8).contains(byte)
  }

  /// Whether a byte can be part of the marks of quotes and lists.
  private static func isMarkerByte(_ byte: UInt8) -> Bool {
    byte.isBlank || byte.isDigit || Array(">-+*.)".utf8).contains(byte)
  }

  /// Whether the marks at the beginning of a line do not tell yet what it is.
  private func isUndecided(_ pending: [UInt8]) -> Bool {
    let byte = pending[pending.count - 1]
    // Where there is no container to leave, what goes on in a block needs no more to be known.
    switch leaf {
    case .fence where containers.isEmpty:
      return byte.isBlank || byte == UInt8(ascii: ">") || byte == .backtick
        || byte == UInt8(ascii: "~")
    case .html where containers.isEmpty: return byte.isBlank || byte == UInt8(ascii: ">")
    default: break
    }
    guard let first = pending.first(where: { !$0.isBlank && $0 != UInt8(ascii: ">") }) else {
      return true
    }
    if let angle = pending.firstIndex(of: UInt8(ascii: "<")),
      pending[..<angle].allSatisfy(Self.isMarkerByte),
      angle == 0 || pending[angle - 1].isBlank
        || pending[angle - 1] == UInt8(ascii: ">")
    {
      return byte.isAlphanumeric
        || Array("</!-?[>".utf8).contains(byte) && byte != UInt8(ascii: ">")
    }
    if first == .backtick {
      // A fence is one only if no further backtick stands on its line.
      let ticks = pending.drop { $0 != .backtick }.prefix { $0 == .backtick }
      return ticks.count >= 3 || byte == .backtick
    }
    if first == UInt8(ascii: "|") { return false }
    if Array("-+*0123456789".utf8).contains(first), let marker = pending.lastIndex(of: .backtick),
      pending[marker...].count >= 1,
      pending[..<marker].last?.isBlank == true || pending[..<marker].last == .backtick
    {
      return byte == .backtick
    }
    return Self.isMarkish(byte) && byte != UInt8(ascii: "|")
      || (byte == UInt8(ascii: "|") && pending.allSatisfy { Array("-:| \t>".utf8).contains($0) })
  }

  // MARK: - Ends

  mutating func endLine(_ log: ScanLog) {
    if case .start(let pending) = phase {
      phase = .start([])
      let used = open(pending, isComplete: true, log)
      if used < pending.count { replay(pending[used...], log) }
    }
    if isMarker { refuseMarker(log) }
    switch phase {
    case .text:
      let wasTag = inline.isTagLine
      if wasTag, behind == .line {
        log.refuse(.behindValue("a line that is one tag of HTML"))
      }
      inline.endLine(log)
      if wasParagraph, case .paragraph(let hasRow, true) = leaf {
        leaf = .paragraph(hasRow: hasRow, isAlert: false)
      }
      if wasTag, !wasParagraph, inline.isNeutral {
        endLeaf(log)
        leaf = .html(HTML(kind: 7))
      }
    case .heading:
      inline.end(log)
      leaf = .none
    case .row(let row):
      if leaf == .table {
        inline.endCell(log)
      } else {
        inline.endLine(log)
        if row.isMarks, row.hasMark, wasParagraph { beginTable(log) }
      }
      lastLine.isRow = true
    case .htmlLine: endHTMLLine(log)
    case .info, .fenceLine, .codeLine, .start: break
    }
    if phase == .text { lastLine.isRow = false }
    behind =
      isValueLine ? .line : leavesBehind ? .nothing : behind == .line ? .block : behind
    isValueLine = false
    leavesBehind = false
    indentation = 0
    lastLine.hasValue = lineHasValue
    lastLine.hasCode = lineHasCode
    lineHasValue = false
    lineHasCode = false
    phase = .start([])
    prefix = []
    glued = 0
    isOpenLine = true
    isBare = true
    isDeep = false
    isInfoOpen = false
    isNumber = false
    isMarker = false
  }

  /// The marks below a table's head have come, so that the line before them is the head.
  mutating func beginTable(_ log: ScanLog) {
    if lastLine.hasValue, !lastLine.isRow {
      log.refuse(
        Refusal(
          "the head of this table has a value in it but does not begin with '|'",
          "begin each row of a table with '|'"))
    }
    inline.endCell(log)
    leaf = .table
  }

  /// Ends the leaf, since something else begins or nothing follows.
  mutating func endLeaf(_ log: ScanLog) {
    switch leaf {
    case .html(let html) where html.tag != nil:
      log.refuse(
        Refusal(
          "a tag or comment of HTML is not closed where the HTML ends",
          "close it before the empty line"))
    case .fence(let fence) where fence.hasValue:
      log.refuse(
        Refusal(
          "the fence around a value is not closed",
          "close it with a line of \(fence.length) '\(Character(Unicode.Scalar(fence.mark)))'"),
        at: fence.position.content)
    default: break
    }
    inline.end(log)
    leaf = .none
  }

  /// Ends the line that the text ends on.
  mutating func endLastLine(_ log: ScanLog) {
    if phase != .start([]) { endLine(log) }
  }
}
