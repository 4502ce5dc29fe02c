/// Where a value may stand in a line of text, and what its end leaves open.
extension InlineState {
  /// The place of a value that stands here.
  mutating func takeValue(_ log: ScanLog) -> Place? {
    if isDefinition {
      log.refuse(
        Refusal(
          "a value cannot stand in a link reference definition",
          "write the link where it is used: '[{{ … }}]({{ … }})'"))
      return nil
    }
    if run?.mark == .backtick { settleTicks(log) }
    if crossing.hasCode {
      log.refuse(
        Refusal(
          "a backtick before a value begins a code span that its cell does not end",
          "close it before the '|', or write '\\`' for a backtick that is text"))
    }
    if angle != nil { return placed(angle?.place(), log) { $0.angle?.takeValue() } }
    if link != nil { return placed(link?.place(), log) { $0.link?.takeValue() } }
    if let open = code {
      if open.crossesCells {
        log.refuse(
          Refusal(
            "a code span around a value goes from one cell into another", "close it before the '|'"),
          at: open.position.content)
      }
      if open.crossesLines { refuseLongCode(open, log) }
      code?.hasValue = true
      note(0, .value)
      return Place(kind: .code)
    }
    settleRun(.value, log)
    settleClosed(nil, log)
    if isEscape {
      log.refuse(
        Refusal(
          "a backslash directly before a value would take part in it",
          "write two backslashes for one that is text"))
      isEscape = false
    }
    if isReference {
      log.refuse(
        Refusal(
          "'&' directly before a value could begin a character reference",
          "write '&amp;' for an '&' that is text"))
    }
    var place = Place(kind: .text)
    place.isLinkText = !brackets.isEmpty || !crossing.brackets.isEmpty
    place.isCalm = lastByte == .space && spaces == 1
    for index in brackets.indices { brackets[index].hasValue = true }
    for index in crossing.brackets.indices { crossing.brackets[index].hasValue = true }
    note(0, .value)
    return place
  }

  mutating func placed(
    _ result: Result<Place, Refusal>?, _ log: ScanLog, _ change: (inout Self) -> Void
  ) -> Place? {
    switch result {
    case .success(let place):
      change(&self)
      return place
    case .failure(let refusal):
      log.refuse(refusal)
      angle = nil
      link = nil
      closed = nil
      note(0, .value)
      return nil
    case nil: return nil
    }
  }

  /// Ends a line within a leaf that goes on.
  mutating func endLine(_ log: ScanLog) {
    settle(log)
    if angle != nil || link != nil {
      let what = angle == nil ? "link" : "tag"
      log.refuse(
        Refusal("the \(what) with a value in it does not end on its line", "write it on one line"))
      angle = nil
      link = nil
      closed = nil
    }
    isEscape = false
    if isDefinition {
      endDefinitionLine()
      return
    }
    isAfterDefinition = false
    if let open = code {
      if open.hasValue, !open.crossesLines { refuseLongCode(open, log) }
      code?.crossesLines = true
    } else {
      note(.lineFeed, .space)
    }
  }

  /// Ends a line of a definition, which goes on where its address or its title does.
  mutating func endDefinitionLine() {
    note(.lineFeed, .space)
    let words = definition.split(whereSeparator: { $0 <= 0x20 })
    guard let address = words.first else { return }
    let rest = definition[address.endIndex...].drop { $0 <= 0x20 }
    if let quote = rest.first, Array("\"'(".utf8).contains(quote) {
      let end = quote == UInt8(ascii: "(") ? UInt8(ascii: ")") : quote
      let tail = rest.reversed().drop { $0 <= 0x20 }
      if tail.count < 2 || tail.first != end {
        definition.append(.lineFeed)
        return
      }
    }
    isDefinition = false
    isAfterDefinition = true
    isFirst = true
    definition = []
  }

  func refuseLongCode(_ code: Code, _ log: ScanLog) {
    log.refuse(
      Refusal(
        "the code span around a value does not end on its line",
        "close it on the line, or write '\\`' for a backtick that is text"),
      at: code.position.content)
  }

  /// Decides what is still open to the right.
  mutating func settle(_ log: ScanLog) {
    if run?.mark == .backtick { settleTicks(log) } else { settleRun(.space, log) }
    if link == nil { settleClosed(nil, log) }
  }

  /// Ends the leaf.
  mutating func end(_ log: ScanLog) {
    endLine(log)
    self = InlineState()
  }

  /// Ends a cell, or the row of which it is the last.
  mutating func endCell(_ log: ScanLog) {
    endLine(log)
    var next = crossing
    for var bracket in brackets where bracket.isActive {
      bracket.crossesCells = true
      next.brackets.append(bracket)
    }
    if next.brackets.count > 64 { next.brackets.removeFirst(next.brackets.count - 64) }
    next.hasCode = crossing.hasCode || code != nil
    next.marks.formUnion(emphasis.map(\.mark))
    self = InlineState()
    crossing = next
  }

  /// Notes a `|` in a line that may turn out to be a row of a table.
  mutating func crossCells(_ log: ScanLog) {
    // A span whose last backtick stands directly before the `|` ends in its cell.
    if run?.mark == .backtick { settleTicks(log) }
    code?.crossesCells = true
    for index in brackets.indices { brackets[index].crossesCells = true }
    if angle != nil || link != nil { refuseCrossing(of: angle == nil ? "link" : "tag", log) }
  }

  /// Refuses a link or a tag that would be none in a table.
  mutating func refuseCrossing(of what: String, _ log: ScanLog) {
    log.refuse(
      Refusal(
        "the \(what) goes from one cell into another",
        "write '%7C' for a '|' in an address, or '&#124;' in an attribute"))
    angle = nil
    link = nil
    closed = nil
  }
}
