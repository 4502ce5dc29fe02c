/// Fits Markdown to a place: nested with the right indentation where blocks may stand, flattened
/// where they may not, without raw HTML, dangerous addresses and definitions that would leak.
enum Fitting {
  /// Writes prose, or text that the engine has written itself (`isTrusted`), which keeps its HTML.
  static func write(
    _ text: String, isTrusted: Bool, _ place: Place, to output: inout Output
  ) {
    guard place.kind == .text else {
      place.write(plainText(ProseReader.read(text)), to: &output)
      return
    }
    if isTrusted, place.isBare {
      let start = output.count
      nest(text, place, to: &output)
      if place.needsGap, takesNextLine(text) {
        output.append(.lineFeed)
        output.append(contentsOf: place.prefix.withoutTrailingBlanks)
      }
      keepApart(from: start, place, &output)
      return
    }
    let events = ProseReader.read(text)
    let start = output.count
    var writer = ProseWriter(place: place, keepsHTML: isTrusted, isProse: !isTrusted)
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
    writer.blocks(ProseReader.read(text), to: &output)
    return output.withBytes { String(decoding: $0, as: UTF8.self) }
  }

  /// Writes lines that are Markdown already, each with the marks of the containers around it.
  private static func nest(_ text: String, _ place: Place, to output: inout Output) {
    var text = text
    text.withUTF8 { bytes in
      var rest = bytes[...]
      var isFirst = true
      // Blank lines are held back: those at the beginning and at the end are left out.
      var blank = 0
      while !rest.isEmpty {
        let line = rest.prefix { $0 != .lineFeed }
        rest = rest[min(line.endIndex + 1, rest.endIndex)...]
        if line.allSatisfy(\.isBlank) {
          if !isFirst { blank += 1 }
          continue
        }
        for _ in 0..<blank {
          output.append(.lineFeed)
          output.append(contentsOf: place.prefix.withoutTrailingBlanks)
        }
        blank = 0
        if !isFirst {
          output.append(.lineFeed)
          output.append(contentsOf: place.prefix[...])
        }
        isFirst = false
        output.append(contentsOf: line)
      }
    }
  }

  /// Whether Markdown ends with a table or with HTML, which the next line would be a part of.
  ///
  /// No value can make it look so: what it could begin a tag or a row of marks with is escaped.
  private static func takesNextLine(_ text: String) -> Bool {
    let markers = Array("> -+*.)".utf8)
    let rowMarks = Array("|-: \t".utf8)
    let lines = text.utf8.split(separator: .lineFeed, omittingEmptySubsequences: false)
    for line in lines.reversed().drop(while: { $0.allSatisfy(\.isBlank) }) {
      if line.allSatisfy(\.isBlank) { return false }
      let content = line.drop { markers.contains($0) || $0.isBlank || $0.isDigit }
      if content.first == UInt8(ascii: "<"), let next = content.dropFirst().first,
        next.isLetter || next == 0x2F || next == UInt8(ascii: "!") || next == 0x3F
      {
        return true
      }
      let row = line.drop { $0 == UInt8(ascii: ">") || $0.isBlank }
      if row.contains(UInt8(ascii: "|")), row.contains(UInt8(ascii: "-")),
        row.allSatisfy(rowMarks.contains)
      {
        return true
      }
    }
    return false
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
