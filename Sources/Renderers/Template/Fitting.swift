/// Fits Markdown to a place: nested with the right indentation where blocks may stand, flattened
/// where they may not, without raw HTML, dangerous addresses and definitions that would leak.
enum Fitting {
  /// A part of a text.
  private typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

  /// Writes prose, or text that the engine has written itself (`isTrusted`), which keeps its HTML.
  ///
  /// `mark`: the tag in which each paragraph and heading stands, where blocks may stand.
  static func write(
    _ text: String, isTrusted: Bool, mark: String = "", _ place: Place, to output: inout Output
  ) {
    guard place.kind == .text else {
      place.write(plainText(ProseReader.read(text)), to: &output)
      return
    }
    let start = output.count
    if isTrusted, place.isBare {
      switch Joint(text, place) {
      case .apart:
        output.append(.lineFeed)
        output.append(contentsOf: place.prefix)
        fallthrough
      case .direct:
        nest(text, place, to: &output)
        if place.needsGap, takesNextLine(text) {
          output.appendGap(place.prefix.withoutTrailingBlanks)
        }
        keepApart(from: start, place, &output)
        return
      case .line, .anew: break
      }
    }
    let events = isTrusted ? readTrusted(text) : ProseReader.read(text)
    var writer = ProseWriter(
      place: place, keepsHTML: isTrusted, isProse: !isTrusted, mark: mark)
    if place.isAlone {
      writer.blocks(events, to: &output)
      if output.count == start { return }
    } else {
      writer.flattened(events, to: &output)
      if output.count == start, !place.isCalm { output.append(Shown.filler) }
    }
    keepApart(from: start, place, &output)
  }

  /// Markdown read and written as a document of its own, without raw HTML and with all plain text
  /// escaped.
  static func anew(_ text: String) -> String {
    var place = Place(kind: .text)
    place.isLineStart = true
    place.isAlone = true
    place.right = .lineEnd
    var writer = ProseWriter(place: place, keepsHTML: false, isProse: false)
    var output = Output()
    writer.blocks(readTrusted(text), to: &output)
    return output.withBytes { String(decoding: $0, as: UTF8.self) }
  }

  /// Text that the engine has written, to be written anew without its tables: code in their cells
  /// loses the backslashes that a `|` needs there.
  private static func readTrusted(_ text: String) -> [ProseEvent] {
    let events = ProseReader.read(text)
    var text = text
    guard text.withUTF8({ holdsDelimiterRow($0[...]) }) else { return events }
    var isTable = false
    return events.indices.map { index in
      switch events[index] {
      case .begin(.paragraph):
        let end = events[index...].firstIndex(where: \.endsParagraph) ?? events.endIndex
        isTable = events[index..<end].contains(where: \.mayBeDelimiterRow)
        return events[index]
      case .code(let text) where isTable:
        return .code(Search.split(text, by: "\\|").joined(separator: "|"))
      default: return events[index]
      }
    }
  }

  /// How a captured text is joined to what stands before it.
  ///
  /// It was analysed as a document of its own, so that it has to begin as one.
  private enum Joint {
    /// As it is.
    case direct
    /// With an empty line before it, since its first line would go on with what is open there.
    case apart
    /// Flattened into the paragraph that is open.
    case line
    /// Written anew, since code that is marked by its indentation would be a part of an item.
    case anew

    /// Decides by what no value can look like, so that every value is joined alike.
    init(_ text: String, _ place: Place) {
      var text = text
      let known = text.withUTF8 { bytes -> Joint? in
        guard let start = bytes.firstIndex(where: { !$0.isBlank && $0 != .lineFeed }) else {
          return .direct
        }
        let indent = bytes[..<start].reversed().prefix(while: \.isBlank)
        if indent.count > 3 || indent.contains(.tab) { return .anew }
        if place.isAlone && !place.isAlert { return .direct }
        let rest = bytes[start...]
        if Self.interrupts(rest.prefix { $0 != .lineFeed }) { return .direct }
        return Fitting.holdsDelimiterRow(rest) ? .apart : nil
      }
      self =
        known
        ?? (Fitting.isParagraph(ProseReader.read(text)) ? place.isAlert ? .anew : .line : .apart)
    }

    /// Whether a line begins a block that can follow a paragraph directly (CommonMark 0.30,
    /// sections 4 and 5), whatever the paragraph is.
    private static func interrupts(_ line: Bytes) -> Bool {
      func isGap(_ rest: Bytes) -> Bool { rest.first.map(\.isBlank) ?? true }
      guard let mark = line.first else { return false }
      let rest = line.drop { $0 == mark }
      let count = line.count - rest.count
      switch mark {
      case UInt8(ascii: ">"): return true
      case UInt8(ascii: "#"): return count <= 6 && isGap(rest)
      case .backtick: return count >= 3 && !rest.contains(mark)
      case UInt8(ascii: "~"): return count >= 3
      case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "*"):
        return count == 1 && isGap(rest) && rest.contains { !$0.isBlank && $0 != mark }
      case UInt8(ascii: "1"):
        let tail = rest.dropFirst()
        return count == 1 && (rest.first == UInt8(ascii: ".") || rest.first == UInt8(ascii: ")"))
          && isGap(tail) && !tail.allSatisfy(\.isBlank)
      default: return false
      }
    }
  }

  /// Whether Markdown is one paragraph and nothing else.
  private static func isParagraph(_ events: [ProseEvent]) -> Bool {
    events.first == .begin(.paragraph) && events.last == .end(.paragraph)
      && events.count { $0 == .begin(.paragraph) } == 1
  }

  /// Text that the engine has written without the empty lines around it, its marks as they are.
  static func trimmed(_ text: String) -> String {
    var lines = text.utf8.split(separator: .lineFeed, omittingEmptySubsequences: false)[...]
    lines = lines.drop { $0.allSatisfy(\.isBlank) }
    while lines.last?.allSatisfy(\.isBlank) == true { lines.removeLast() }
    guard let first = lines.first, let last = lines.last else { return "" }
    return String(text[first.startIndex..<last.endIndex])
  }

  /// Writes lines that are Markdown already, each with the marks of the containers around it.
  private static func nest(_ text: String, _ place: Place, to output: inout Output) {
    var text = text
    text.withUTF8 { bytes in
      var rest = bytes[...]
      var isFirst = true
      // Blank lines are held back: those at the beginning and at the end are left out.
      var fence: FirstFence?
      var blank: [Bytes] = []
      while !rest.isEmpty {
        let line = rest.prefix { $0 != .lineFeed }
        rest = rest[min(line.endIndex + 1, rest.endIndex)...]
        if line.allSatisfy(\.isBlank) {
          if !isFirst { blank.append(line) }
          continue
        }
        for line in blank {
          output.append(.lineFeed)
          output.append(
            contentsOf: line.isEmpty ? place.prefix.withoutTrailingBlanks : place.prefix[...])
          // White space may be a value's, between fences.
          output.append(contentsOf: fence?.take(line) ?? line)
        }
        blank = []
        if isFirst {
          // Its own indentation would take the first line into an item above, and out of step with
          // the marks of a list on the line.
          let content = line.drop(while: \.isBlank)
          output.append(contentsOf: content)
          fence = FirstFence(content, indent: content.startIndex - line.startIndex)
        } else {
          output.append(.lineFeed)
          output.append(contentsOf: place.prefix[...])
          output.append(contentsOf: fence?.take(line) ?? line)
        }
        isFirst = false
      }
    }
  }

  /// A fenced code block that a text begins with and whose indentation is left out.
  private struct FirstFence {
    private let mark: UInt8
    private let length: Int
    private let indent: Int
    private var isOpen = true

    /// The block that a line opens, or `nil` where it opens none.
    init?(_ line: Bytes, indent: Int) {
      guard let mark = line.first, mark == .backtick || mark == UInt8(ascii: "~") else {
        return nil
      }
      length = line.prefix { $0 == mark }.count
      guard length >= 3 else { return nil }
      self.mark = mark
      self.indent = indent
    }

    /// A line of the block without the block's indentation; one behind it as it is.
    mutating func take(_ line: Bytes) -> Bytes {
      guard isOpen else { return line }
      let content = line.drop { $0 == .space }
      let rest = content.drop { $0 == mark }
      if content.startIndex - line.startIndex <= 3, rest.startIndex - content.startIndex >= length,
        rest.allSatisfy(\.isBlank)
      {
        isOpen = false
      }
      return line[min(line.startIndex + indent, content.startIndex)...]
    }
  }

  /// Whether Markdown ends with a table or with HTML, which the next line would be a part of.
  ///
  /// Decided by what no value can look like: what it could begin a tag or a row of marks with is
  /// escaped wherever it could begin one.
  private static func takesNextLine(_ text: String) -> Bool {
    var text = text
    // From the last line up to the first blank one before it: the rest cannot reach the end.
    let tail = text.withUTF8 { bytes -> Tail in
      var end = bytes.count
      while end > 0, bytes[end - 1].isBlank || bytes[end - 1] == .lineFeed { end -= 1 }
      var first = end
      var hasTag = false
      var hasFence = false
      while end > 0 {
        let start = bytes[..<end].lastIndex(of: .lineFeed).map { $0 + 1 } ?? 0
        let content = withoutMarkers(bytes[start..<end])
        if content.isEmpty {
          // HTML that begins at the margin behind a blank line stands in nothing, however much is before it.
          let isApart = bytes[start..<end].allSatisfy(\.isBlank)
          if hasTag, isApart, bytes[first] == UInt8(ascii: "<") {
            return .html(String(decoding: bytes[first...], as: UTF8.self))
          }
          break
        }
        // Within a fence, a value's lines are as they are.
        hasFence = hasFence || isFence(content)
        if !hasFence, isDelimiterRow(content) { return .table }
        if content.first == UInt8(ascii: "<") { hasTag = true }
        first = start
        end = max(0, start - 1)
      }
      return hasTag ? .any : .other
    }
    return switch tail {
    case .table: true
    case .html(let tail): endsWithHTML(ProseReader.read(tail))
    case .any: endsWithHTML(ProseReader.read(text))
    case .other: false
    }
  }

  /// What Markdown may end with.
  private enum Tail {
    case table
    /// Some text that means the same without what stands before it.
    case html(String)
    /// HTML or something else, by what stands before it.
    case any
    case other
  }

  private static func endsWithHTML(_ events: [ProseEvent]) -> Bool {
    let last = events.last { event in
      switch event {
      case .end(.quote), .end(.list), .end(.item): false
      default: true
      }
    }
    if case .htmlBlock? = last { return true }
    return false
  }

  /// A line without the marks of quotes and lists that it begins with.
  private static func withoutMarkers(_ line: Bytes) -> Bytes {
    var rest = line.drop(while: \.isBlank)
    while let mark = rest.first {
      var tail = rest.dropFirst()
      if mark.isDigit {
        tail = tail.drop(while: \.isDigit)
        guard tail.first == UInt8(ascii: ".") || tail.first == UInt8(ascii: ")") else { break }
        tail = tail.dropFirst()
      }
      let isMarker =
        mark.isDigit || mark == UInt8(ascii: "-") || mark == UInt8(ascii: "+")
        || mark == UInt8(ascii: "*")
      guard mark == UInt8(ascii: ">") || isMarker && tail.first?.isBlank == true else { break }
      rest = tail.drop(while: \.isBlank)
    }
    return rest
  }

  private static func isFence(_ content: Bytes) -> Bool {
    guard let mark = content.first else { return false }
    return (mark == .backtick || mark == UInt8(ascii: "~"))
      && content.prefix { $0 == mark }.count >= 3
  }

  /// Whether one of several lines is the row of marks below a table's head.
  private static func holdsDelimiterRow(_ lines: Bytes) -> Bool {
    var rest = lines
    while !rest.isEmpty {
      let end = rest.firstIndex(of: .lineFeed) ?? rest.endIndex
      if isDelimiterRow(withoutMarkers(rest[..<end])) { return true }
      rest = rest[end...].dropFirst()
    }
    return false
  }

  /// Whether a line could be the marks below a table's head (GFM, section 4.10).
  private static func isDelimiterRow(_ line: Bytes) -> Bool {
    let colon = UInt8(ascii: ":")
    let bar = UInt8(ascii: "|")
    let dash = UInt8(ascii: "-")
    return line.allSatisfy { $0 == bar || $0 == colon || $0 == dash || $0.isBlank }
      && line.contains(dash) && line.contains { $0 == bar || $0 == colon }
  }

  /// Keeps marks at the edges of what was written from joining those around it.
  private static func keepApart(from start: Int, _ place: Place, _ output: inout Output) {
    guard output.count > start else { return }
    let marks = Array("*_~`".utf8)
    if let last = output.last, marks.contains(last) || last == 0x5D || last == 0x21,
      !place.right.isDisjoint(with: [.emphasis, .unknown, .opening])
    {
      output.append(Shown.filler)
    }
    if start > 0 {
      let before = output[start - 1]
      let first = output[start]
      if marks.contains(before) && (marks.contains(first) || first == before)
        || before == 0x5D && (first == 0x28 || first == 0x5B || first == 0x3A)
        || before == 0x21 && first == 0x5B
      {
        output.insert(Shown.filler, at: start)
      }
    }
  }

  /// The characters of prose alone.
  static func plainText(_ events: [ProseEvent]) -> String {
    var result = ""
    var isOpen = false
    for event in events {
      switch event {
      case .text(let text), .code(let text):
        result += text
        isOpen = true
      case .codeBlock(let text, _):
        if isOpen { result += " " }
        result += text.last == "\n" ? String(text.dropLast()) : text
        isOpen = true
      case .softBreak, .hardBreak: result += " "
      case .begin(.paragraph), .begin(.heading), .begin(.item):
        if isOpen { result += " " }
        isOpen = false
      default: break
      }
    }
    return result
  }
}

extension [UInt8] {
  /// The bytes before any white space at the end.
  var withoutTrailingBlanks: ArraySlice<UInt8> {
    var end = count
    while end > 0, self[end - 1].isBlank { end -= 1 }
    return self[..<end]
  }
}
