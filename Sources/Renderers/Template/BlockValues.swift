import DocModel

/// Where a value may stand in the blocks that are open.
extension ScanState {
  /// The place of a value that stands here, or `nil` after a refusal.
  mutating func takeValue(_ log: ScanLog) -> Place? {
    if case .start(let pending) = phase {
      phase = .start([])
      let used = open(pending + [UInt8(ascii: "x")], isComplete: false, log)
      if used < pending.count { replay(pending[used...], log) }
      if case .fence(let fence) = leaf, phase == .fenceLine, indentation < fence.indent {
        log.refuse(
          Refusal(
            "a value in code that is indented less than the fence would lose spaces that it begins with",
            "indent it like the fence"))
      }
      if phase == .fenceLine, containers.last == .quote, glued == pending.count {
        log.refuse(
          Refusal(
            "a value in code directly behind '>' would lose a space that it begins with",
            "write a space behind the '>'"))
      }
    }
    lineHasValue = true
    if isDeep {
      log.refuse(
        Refusal(
          "a value cannot stand on a line that is indented by four spaces or more",
          "indent the line less, or put an empty line before the text it belongs to"))
    }
    let wasBare = isBare && isOpenLine
    isBare = false
    isValueLine = false
    switch phase {
    case .text, .heading, .row:
      guard var place = inline.takeValue(log) else { return nil }
      let isBare = wasBare && !inline.isOpen && (behind == .nothing || indentation < 2)
      if place.kind == .code || place.kind == .comment { lineHasCode = true }
      if place.kind == .text {
        place.isLineStart = isOpenLine
        if isOpenLine { place.isCalm = false }
        if phase == .heading {
          place.isHeading = true
          // White space before the marks that end a heading would be lost.
          place.isCalm = false
        }
        if phase == .text {
          switch leaf {
          case .paragraph(_, let isAlert):
            place.isBare = isBare
            place.isAlone = isBare && (!wasParagraph || isAlert)
            place.isAlert = wasParagraph && isAlert
            isValueLine = wasBare
          default: break
          }
        }
        isNumber = isOpenLine && phase == .text
        isMarker = false
      }
      if case .row = phase {
        place.isCell = true
        if case .paragraph = leaf { place.isRowOpen = wasParagraph }
        if case .row(var row) = phase {
          row.isMarks = false
          phase = .row(row)
        }
        if inline.lastByte == UInt8(ascii: "|") { place.isCalm = true }
      }
      if case .table = leaf { place.isCell = true }
      place.headingLevel = headingLevel
      place.prefix = prefix
      if place.isBare { place.prefix += Array(repeating: .space, count: indentation) }
      return place
    case .info:
      if isInfoOpen {
        log.refuse(
          Refusal(
            "a value behind a fence cannot follow a backslash or an '&'", "leave that out"))
      }
      return Place(kind: .info)
    case .fenceLine:
      guard case .fence(var fence) = leaf else { return nil }
      fence.hasValue = true
      leaf = .fence(fence)
      var place = Place(kind: .fence)
      place.prefix = prefix + Array(repeating: .space, count: fence.indent)
      return place
    case .codeLine:
      log.refuse(
        Refusal(
          "a value cannot stand in code that is marked by its indentation",
          "write a line of three backticks before and behind the code"))
      return nil
    case .htmlLine:
      guard case .html(var html) = leaf else { return nil }
      if !html.raw.isEmpty {
        log.refuse(
          Refusal(
            "a value cannot stand in '\(String(decoding: html.raw, as: UTF8.self))'",
            "write it outside"))
        return nil
      }
      guard let tag = html.tag else {
        isOpenLine = false
        return Place(kind: .html)
      }
      switch tag.place() {
      case .success(let place):
        html.tag?.takeValue()
        leaf = .html(html)
        return place
      case .failure(let refusal):
        log.refuse(refusal)
        html.tag = nil
        leaf = .html(html)
        return nil
      }
    case .start: return nil
    }
  }

  /// Whether nothing but indentation and the marks of containers stands on the line, and some does.
  func isNested(_ log: ScanLog) -> Bool {
    guard case .start(let pending) = phase, !pending.isEmpty else { return false }
    var state = self
    let used = state.open(pending + [UInt8(ascii: "x")], isComplete: false, log)
    return used == pending.count && state.phase == .text
  }
}
