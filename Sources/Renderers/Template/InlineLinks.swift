/// What brackets and angles within a line begin: links, references, definitions and tags.
extension InlineState {
  // MARK: - Brackets and links

  /// Decides what a closed bracket is by the byte behind it; true where that byte was taken.
  @discardableResult
  mutating func settleClosed(_ next: UInt8?, _ log: ScanLog) -> Bool {
    guard let bracket = closed else { return false }
    closed = nil
    if bracket.isLabel, bracket.hasValue {
      log.refuse(
        Refusal(
          "a value cannot stand in the label of a link reference",
          "write the link out: '[{{ … }}]({{ … }})'"))
    } else if next == UInt8(ascii: ":"), bracket.isFirst {
      if bracket.hasValue {
        log.refuse(
          Refusal(
            "a value cannot stand in the label of a link reference definition",
            "write the link where it is used: '[{{ … }}]({{ … }})'"))
      }
      isDefinition = true
      definition = []
      return true
    } else if bracket.hasValue {
      log.refuse(
        Refusal(
          "a value in square brackets could become a link reference",
          "write '\\[' and '\\]' for brackets that are text, or a link: '[{{ … }}]({{ … }})'"))
    }
    return false
  }

  /// Whether what stands behind `]:` is an address with or without a title, or could still be one.
  static func canBeDefinition(_ rest: ArraySlice<UInt8>, _ log: ScanLog) -> Bool {
    var scanner = LinkScanner()
    for byte in rest where scanner.step(byte) != .open { return false }
    guard log.isLineComplete else { return true }
    switch scanner.phase {
    case .pointy: return false
    case .bare(let depth): return depth == 0
    default: return true
    }
  }

  /// Begins the address of a link; `nil` where what follows is none.
  mutating func beginLink(
    _ line: ArraySlice<UInt8>, at index: Int, isRow: Bool, _ log: ScanLog
  ) -> Int? {
    var scanner = LinkScanner()
    var position = index + 1
    while position < line.endIndex {
      let step = scanner.step(line[position])
      if scanner.isDoubtful {
        Self.refuseDoubtful(log)
        return nil
      }
      switch step {
      case .open: position += 1
      case .complete:
        endLink()
        note(UInt8(ascii: ")"), .punctuation)
        return position + 1
      case .invalid: return nil
      }
    }
    if log.isLineComplete {
      guard scanner.goesOnBehindLine else { return nil }
      log.refuse(
        Refusal(
          "the link is not closed on its line",
          "write it on one line, or '\\(' for a '(' that is text"))
      return line.endIndex
    }
    link = scanner
    if isRow, closed?.crossesCells == true || line[index...].contains(UInt8(ascii: "|")) {
      refuseCrossing(of: "link", log)
    }
    note(UInt8(ascii: "("), .punctuation)
    return line.endIndex
  }

  private static func refuseDoubtful(_ log: ScanLog) {
    log.refuse(
      Refusal(
        "readers disagree on an address that ends within round brackets",
        "write '%28' and '%29' for brackets in an address, or '\\(' for a '(' that is text"))
  }

  mutating func stepLink(_ byte: UInt8, _ log: ScanLog) {
    let step = link?.step(byte)
    if link?.isDoubtful == true {
      Self.refuseDoubtful(log)
      link = nil
      closed = nil
      return
    }
    switch step {
    case .complete:
      link = nil
      endLink()
      note(UInt8(ascii: ")"), .punctuation)
    case .invalid:
      link = nil
      closed = nil
      log.refuse(
        Refusal(
          "the link is not written right, so that the value in it would be text",
          "write '[text](address)' or '[text](address \"title\")' on one line"))
    default: break
    }
  }

  mutating func endLink() {
    guard let bracket = closed else { return }
    closed = nil
    if !bracket.isImage {
      for place in brackets.indices where !brackets[place].isImage {
        brackets[place].isActive = false
      }
    }
  }

  // MARK: - Tags and addresses

  /// Reads what begins with a `<`, and returns where the line goes on, or `nil` if that `<` is text.
  mutating func beginAngle(
    _ line: ArraySlice<UInt8>, at index: Int, isRow: Bool, _ log: ScanLog
  ) -> Int? {
    var scanner = AngleScanner()
    var end = index + 1
    var step = TagScanner.Step.open
    while end < line.endIndex, step == .open {
      step = scanner.step(line[end])
      end += 1
    }
    switch step {
    case .invalid: return nil
    case .complete: break
    case .open where log.isLineComplete:
      guard let tag = scanner.tag, tag.phase != .start else { return nil }
      log.refuse(
        Refusal(
          "the tag is not closed on its line",
          "close it with '>', or write '\\<' for a '<' that is text"))
    case .open: angle = scanner
    }
    note(UInt8(ascii: ">"), .punctuation)
    isTagLine = isTagFirst && step == .complete && scanner.isTag
    if isRow, line[index..<end].contains(UInt8(ascii: "|")) { refuseCrossing(of: "tag", log) }
    return end
  }

  mutating func stepAngle(_ byte: UInt8, _ log: ScanLog) {
    guard var scanner = angle else { return }
    switch scanner.step(byte) {
    case .open: angle = scanner
    case .complete:
      angle = nil
      note(UInt8(ascii: ">"), .punctuation)
      isTagLine = isTagFirst && scanner.isTag
    case .invalid:
      angle = nil
      log.refuse(
        Refusal(
          "the tag is not written right, so that the value in it would be text",
          "write its attributes as name=\"value\""))
    }
  }
}
