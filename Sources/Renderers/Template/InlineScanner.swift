/// Where the inline content of a leaf stands: open code, brackets, tags and what was written last.
struct InlineState: Hashable {
  /// What stands beside a run of emphasis marks.
  enum Neighbor: Hashable {
    case space
    case punctuation
    case word
    case value
  }

  struct Bracket: Hashable {
    let isImage: Bool
    var isActive = true
    var hasValue = false
    /// Whether it is the second of `[text][label]`.
    let isLabel: Bool
    /// Whether it stands where a definition may stand.
    let isFirst: Bool
    /// Whether a `|` stands in it that ends its cell in a row of a table.
    var crossesCells = false
  }

  /// What was open where a cell ended: readers without tables go on with it in the next cells.
  struct Crossing: Hashable {
    var brackets: [Bracket] = []
    var hasCode = false
    /// Marks of emphasis that were open.
    var marks: Set<UInt8> = []
  }

  struct Run: Hashable {
    let mark: UInt8
    var count: Int
    let left: Neighbor
    let position: Aside<ScanLog.Position>
  }

  struct Code: Hashable {
    let length: Int
    var hasValue = false
    /// Whether a `|` stands in it that would end it in a row of a table.
    var crossesCells = false
    /// Whether a line ends in it.
    var crossesLines = false
    let position: Aside<ScanLog.Position>
  }

  var last = Neighbor.space
  /// The last byte where it was literal.
  var lastByte: UInt8 = 0
  /// How many spaces stand before this point, at most two.
  var spaces = 0
  var run: Run?
  var code: Code?
  var brackets: [Bracket] = []
  /// A bracket that has just been closed.
  var closed: Bracket?
  var link: LinkScanner?
  var angle: AngleScanner?
  var isEscape = false
  var crossing = Crossing()
  /// Whether `~` stands between other marks, with text before them, and what follows.
  var isThrough = false
  /// Whether the last word begins with `&` and could become a character reference.
  var isReference = false
  /// Runs of emphasis marks that are open.
  var emphasis: [OpenRun] = []

  struct OpenRun: Hashable {
    let mark: UInt8
    /// How many marks it has, and how many are not closed yet.
    let length: Int
    var count: Int
    /// Whether a value's first character decides if it could close as well.
    let isDoubtful: Bool
  }
  /// Whether nothing has stood in this leaf before.
  var isFirst = true
  /// Whether the line is nothing but one tag so far.
  var isTagLine = false
  var isTagFirst = false
  /// Whether what follows is the address of a link reference definition.
  var isDefinition = false
  /// What stands behind the label of a definition so far.
  var definition: [UInt8] = []
  /// Whether the line before was a definition, whose title may still follow.
  var isAfterDefinition = false

  /// Whether what follows could end something that began here: brackets, code or emphasis.
  var isOpen: Bool {
    !isNeutral || !emphasis.isEmpty || isDefinition || crossing != Crossing()
  }

  /// Whether all that is open here is closed in the same state on every path.
  var isNeutral: Bool {
    code == nil && link == nil && angle == nil && brackets.isEmpty && run == nil && closed == nil
  }

  // MARK: - Literal text

  /// Takes the byte at `index` of a line and gives the index behind what was taken.
  mutating func take(
    _ line: ArraySlice<UInt8>, at index: Int, isRow: Bool, _ log: ScanLog
  ) -> Int {
    let byte = line[index]
    if isAfterDefinition, !byte.isBlank {
      isAfterDefinition = false
      if Array("\"'(".utf8).contains(byte) { isDefinition = true }
    }
    if isDefinition {
      if definition.count < 10_000 { definition.append(byte) }
      return index + 1
    }
    if angle != nil {
      stepAngle(byte, log)
      return index + 1
    }
    if link != nil {
      stepLink(byte, log)
      return index + 1
    }
    if byte == .backtick, !isEscape {
      settleClosed(nil, log)
      if run?.mark == byte {
        run?.count += 1
      } else {
        settleRun(.punctuation, log)
        run = Run(mark: byte, count: 1, left: last, position: Aside(content: log.position))
      }
      note(byte, .punctuation)
      return index + 1
    }
    if run?.mark == .backtick { settleTicks(log) }
    if code != nil {
      note(byte, .word)
      return index + 1
    }
    let (scalar, length) = decode(line, at: index)
    let neighbor = Self.neighbor(scalar)
    if isEscape {
      isEscape = false
      note(byte, neighbor)
      return index + length
    }
    if byte == UInt8(ascii: "*") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "~") {
      settleClosed(nil, log)
      if run?.mark == byte {
        run?.count += 1
      } else {
        // GFM looks through the marks of strikethrough at what stands behind them.
        isThrough = byte == UInt8(ascii: "~") && run.map { $0.left != .space } == true
        settleRun(byte == UInt8(ascii: "~") ? .word : .punctuation, log)
        run = Run(mark: byte, count: 1, left: last, position: Aside(content: log.position))
      }
      note(byte, byte != UInt8(ascii: "~") ? .punctuation : last == .value ? .value : .word)
      return index + 1
    }
    settleRun(neighbor, log)
    if closed != nil {
      if byte == UInt8(ascii: "("), let next = beginLink(line, at: index, isRow: isRow, log) {
        return next
      }
      let isDefinition =
        byte == UInt8(ascii: ":") && Self.canBeDefinition(line[(index + 1)...], log)
      if settleClosed(isDefinition ? byte : 0, log) { return index + 1 }
    }
    switch byte {
    case .backslash:
      let next = index + 1 < line.endIndex ? line[index + 1] : 0
      isEscape = next == 0 || next.isPunctuation
    case UInt8(ascii: "["):
      brackets.append(
        Bracket(
          isImage: lastByte == UInt8(ascii: "!"), isLabel: lastByte == UInt8(ascii: "]"),
          isFirst: isFirst))
      if brackets.count > 64 { brackets.removeFirst() }
    case UInt8(ascii: "]"):
      if let bracket = brackets.popLast() ?? crossing.brackets.popLast(), bracket.isActive {
        closed = bracket
      }
    case UInt8(ascii: "<"):
      isTagFirst = isFirst
      if let next = beginAngle(line, at: index, isRow: isRow, log) { return next }
    default: break
    }
    let wasReference = isReference
    note(byte, neighbor)
    isReference =
      byte == UInt8(ascii: "&") || (wasReference && (byte.isAlphanumeric || byte == 0x23))
    return index + length
  }

  mutating func note(_ byte: UInt8, _ neighbor: Neighbor) {
    last = neighbor
    lastByte = byte
    spaces = byte == .space ? min(spaces + 1, 2) : 0
    isReference = false
    if neighbor != .space {
      isFirst = false
      isTagLine = false
    }
  }

  func decode(_ line: ArraySlice<UInt8>, at index: Int) -> (Unicode.Scalar, Int) {
    let byte = line[index]
    guard byte >= 0x80 else { return (Unicode.Scalar(byte), 1) }
    let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
    let end = min(index + length, line.endIndex)
    let text = String(decoding: line[index..<end], as: UTF8.self)
    return (text.unicodeScalars.first ?? "x", end - index)
  }

  /// What a character counts as beside emphasis marks (CommonMark 0.30, section 6.2).
  static func neighbor(_ scalar: Unicode.Scalar) -> Neighbor {
    if scalar.value < 0x80 {
      let byte = UInt8(scalar.value)
      return byte.isPunctuation ? .punctuation : byte.isSpace ? .space : .word
    }
    switch scalar.properties.generalCategory {
    case .spaceSeparator: return .space
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation, .finalPunctuation, .otherPunctuation:
      return .punctuation
    default: return .word
    }
  }

  // MARK: - Emphasis and code

  /// Decides what a run of emphasis marks is, now that its right neighbour is known.
  mutating func settleRun(_ right: Neighbor, _ log: ScanLog) {
    guard let run else { return }
    self.run = nil
    if run.mark == .backtick {
      self.run = run
      settleTicks(log)
      return
    }
    let mark = Character(Unicode.Scalar(run.mark))
    if run.left == .value || right == .value {
      let other = run.left == .value ? right : run.left
      if other == .value || other == .word || isThrough && right == .value {
        log.refuse(
          Refusal(
            "'\(mark)' touches both a value and other text, so that the value would decide what it means",
            "put a space or punctuation on its other side, or write '\\\(mark)' for a '\(mark)' that is text"
          ))
        return
      }
      let isOpen = emphasis.contains { $0.mark == run.mark }
      let isDoubtful = other == .punctuation
      if isDoubtful, (run.left == .value) != isOpen || crossing.marks.contains(run.mark) {
        log.refuse(
          Refusal(
            "'\(mark)' stands between punctuation and a value where it could open or close emphasis",
            "put a space on its other side, or write '\\\(mark)' for a '\(mark)' that is text"))
        return
      }
      if run.left == .value {
        close(run, isDoubtful: isDoubtful, log)
      } else {
        emphasis.append(
          OpenRun(
            mark: run.mark, length: run.count, count: run.count, isDoubtful: isDoubtful))
      }
      return
    }
    let isLeft = right != .space && (right != .punctuation || run.left != .word)
    let isRight = run.left != .space && (run.left != .punctuation || right != .word)
    // Within a word, `_` is no mark.
    if run.mark == UInt8(ascii: "_"), isLeft, isRight, run.left == .word, right == .word { return }
    if isRight, emphasis.contains(where: { $0.mark == run.mark }) {
      close(run, isDoubtful: false, log)
    } else if isLeft {
      emphasis.append(
        OpenRun(mark: run.mark, length: run.count, count: run.count, isDoubtful: false))
      if emphasis.count > 64 { emphasis.removeFirst() }
    }
  }

  /// Closes open runs with another one.
  ///
  /// Where a value decides whether one of them could do both, Markdown lets them meet only if they
  /// are of the same length.
  mutating func close(_ run: Run, isDoubtful: Bool, _ log: ScanLog) {
    var left = run.count
    while left > 0, let index = emphasis.lastIndex(where: { $0.mark == run.mark }) {
      let open = emphasis[index]
      if isDoubtful || open.isDoubtful, open.length != run.count {
        let mark = Character(Unicode.Scalar(run.mark))
        log.refuse(
          Refusal(
            "the marks '\(mark)' around a value are not as many before it as behind it",
            "write the same number on both sides, or '\\\(mark)' for a '\(mark)' that is text"))
      }
      if open.count > left {
        emphasis[index].count -= left
        left = 0
      } else {
        left -= open.count
        emphasis.remove(at: index)
      }
    }
  }

  mutating func settleTicks(_ log: ScanLog) {
    guard let run, run.mark == .backtick else { return }
    self.run = nil
    if let open = code {
      guard open.length == run.count else { return }
      if open.hasValue {
        if open.position.content.statement < 0 || run.position.content.statement < 0 {
          log.refuse(
            Refusal(
              "the backticks around a value stand between control tags at the beginning of a line",
              "put text before them, or write the line out in each branch"))
        }
        log.mark(open.position.content, .codeOpen(open.length))
        log.mark(run.position.content, .codeClose(open.length))
      }
      // In a table, its backticks are each in a cell of their own.
      if open.crossesCells { crossing.hasCode = true }
      code = nil
    } else {
      code = Code(length: run.count, position: run.position)
    }
  }

  /// Whether a code span is open, if the backticks written last are all of their run.
  var isWithinCode: Bool {
    guard let run, run.mark == .backtick else { return code != nil }
    return code.map { $0.length != run.count } ?? true
  }
}
