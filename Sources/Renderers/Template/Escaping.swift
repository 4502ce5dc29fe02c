import DocModel

/// Writes characters so that Markdown shows exactly them.
///
/// Only what could mean something is escaped, so that the Markdown stays readable: `12,000` and
/// `2026-12-01` come out as they are. What stands to the right is known from the place, what stands
/// to the left is read from the output. The time is linear in the value's size.
enum Escaper {
  static func text(_ text: String, _ place: Place, to output: inout Output) {
    place.write(text, to: &output)
  }

  /// Writes a line of text of which the bytes before `known` need no escape.
  static func text(
    _ bytes: UnsafeBufferPointer<UInt8>, _ place: Place, known: Int = 0, isVisible: Bool = false,
    to output: inout Output
  ) {
    let length = output.count
    if !inline(bytes, place, known: known, isVisible: isVisible, to: &output) {
      output.removeLast(output.count - length)
      _ = Shown.line(bytes).withUnsafeBufferPointer {
        inline($0, place, isVisible: true, to: &output)
      }
    }
  }

  /// Writes a line; false where it holds control characters that have to be made visible first.
  private static func inline(
    _ bytes: UnsafeBufferPointer<UInt8>, _ place: Place, known: Int = 0, isVisible: Bool,
    to output: inout Output
  ) -> Bool {
    let end = bytes.count
    guard end > 0 else {
      if !place.isCalm, !place.keepsEdges { output.append(Shown.filler) }
      return true
    }
    let table = ByteTable.text
    var start =
      needsLook(bytes[0], place) ? edge(bytes, at: 0, place, to: &output) : 0
    var index = max(start, known)
    while true {
      index = table.firstMark(in: bytes, from: index)
      guard index < end else { break }
      if !isVisible, Shown.needsLook(bytes[index]), Shown.isControl(bytes, index) { return false }
      switch escape(bytes, at: index, place) {
      case .nothing: break
      case .backslash:
        output.append(contentsOf: bytes[start..<index])
        output.append(.backslash)
        start = index
      case .reference:
        output.append(contentsOf: bytes[start..<index])
        output.append(bytes[index] == .backslash ? "&#92;" : "&#124;")
        start = index + 1
      }
      index += 1
    }
    let tail = bytes[end - 1]
    if tail <= 0x20 || tail >= 0x80, !place.keepsEdges, !place.isProse,
      let (from, code) = lastSpace(bytes), from >= start
    {
      output.append(contentsOf: bytes[start..<from])
      output.append(contentsOf: code)
    } else {
      output.append(contentsOf: bytes[start..<end])
    }
    return true
  }

  /// Whether the first byte may need something because of where it stands.
  @inline(__always)
  private static func needsLook(_ first: UInt8, _ place: Place) -> Bool {
    if first.isLetter { return false }
    return !first.isDigit || place.isLineStart
  }

  /// Writes the first character where the line or the left neighbour would make it mean something,
  /// and gives the index behind what was written.
  private static func edge(
    _ bytes: UnsafeBufferPointer<UInt8>, at start: Int, _ place: Place, to output: inout Output
  ) -> Int {
    let first = bytes[0]
    if first == 0xEF, output.count == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      // Readers take U+FEFF at the very beginning for a byte order mark and drop it.
      output.append(contentsOf: "&#65279;".utf8)
      return 3
    }
    if !place.keepsEdges, let (length, code) = space(bytes, at: 0) {
      output.append(contentsOf: code)
      return length
    }
    if place.isRowOpen, first == UInt8(ascii: "-") || first == UInt8(ascii: ":"),
      bytes.allSatisfy({ $0 == 0x2D || $0 == 0x3A || $0 == 0x7C || $0.isBlank })
    {
      output.append(.backslash)
      output.append(first)
      return 1
    }
    if first == UInt8(ascii: "(") || first == UInt8(ascii: ":"),
      output.last == UInt8(ascii: "]")
    {
      output.append(.backslash)
      output.append(first)
      return 1
    }
    if first == UInt8(ascii: "^"), output.last == UInt8(ascii: "[") {
      // GFM reads no image in `![^`, and may read a footnote in `[^`.
      output.append(.backslash)
      output.append(first)
      return 1
    }
    guard place.isLineStart, first < 0x80, !first.isLetter, output.withBytes(isOpen) else {
      return 0
    }
    let next = bytes.count > 1 ? bytes[1] : .lineFeed
    switch first {
    case UInt8(ascii: ">"), UInt8(ascii: "="), UInt8(ascii: ":"): break
    case UInt8(ascii: "-"):
      guard next.isBlank || next.isLineEnd || next == first || output.last == first else {
        return 0
      }
    case UInt8(ascii: "+"):
      guard next.isBlank || next.isLineEnd else { return 0 }
    case UInt8(ascii: "#"):
      let run = bytes.prefix { $0 == first }.count
      guard run == bytes.count || bytes[run].isBlank || output.last == first else { return 0 }
    case UInt8(ascii: "."), UInt8(ascii: ")"):
      guard output.last?.isDigit == true, next.isBlank || next.isLineEnd else { return 0 }
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      let run = bytes.prefix { $0.isDigit }.count
      guard run <= 9, run < bytes.count,
        bytes[run] == UInt8(ascii: ".") || bytes[run] == UInt8(ascii: ")"),
        run + 1 == bytes.count || bytes[run + 1].isBlank
      else { return 0 }
      output.append(contentsOf: bytes[0..<run])
      output.append(.backslash)
      output.append(bytes[run])
      return run + 1
    default: return 0
    }
    output.append(.backslash)
    output.append(first)
    return 1
  }

  /// Whether all that is on the output's last line could still begin a block.
  static func isOpen(_ output: UnsafeBufferPointer<UInt8>) -> Bool {
    var index = output.count
    while index > 0 {
      let byte = output[index - 1]
      switch byte {
      case .lineFeed: return true
      case UInt8(ascii: "0")...UInt8(ascii: "9"), 0x20, 0x09, UInt8(ascii: "-"), UInt8(ascii: "+"),
        UInt8(ascii: "*"), UInt8(ascii: "="), UInt8(ascii: "_"), UInt8(ascii: "#"),
        UInt8(ascii: ">"), UInt8(ascii: "~"), .backtick, UInt8(ascii: ":"), UInt8(ascii: "|"),
        UInt8(ascii: "."), UInt8(ascii: ")"):
        index -= 1
      default: return false
      }
    }
    return true
  }

  private enum Escape {
    case nothing
    case backslash
    case reference
  }

  /// The escape of a byte that may need one.
  @inline(__always)
  private static func escape(
    _ bytes: UnsafeBufferPointer<UInt8>, at index: Int, _ place: Place
  ) -> Escape {
    let byte = bytes[index]
    let previous = index > 0 ? bytes[index - 1] : 0
    let isLast = index + 1 == bytes.count
    let next = isLast ? 0 : bytes[index + 1]
    let isEscaped: Bool
    if place.isProse {
      switch byte {
      case UInt8(ascii: "~"), UInt8(ascii: ":"), UInt8(ascii: "."): return .nothing
      case UInt8(ascii: "|") where place.isTable: return .nothing
      default: break
      }
    }
    switch byte {
    // White space at the end is written as a reference.
    case .backslash:
      // Some readers take `\\|` for a backslash and a `|` that ends no cell.
      if isLast, place.isCell, !place.right.isDisjoint(with: [.punctuation, .unknown]) {
        return .reference
      }
      isEscaped = isLast || next.isPunctuation || next <= 0x20 || next >= 0x80
    case UInt8(ascii: "*"), UInt8(ascii: "~"):
      // The last space is written as a reference.
      isEscaped = index < 2 || previous != .space || next != .space || index + 2 == bytes.count
    case UInt8(ascii: "_"): isEscaped = !(previous.isAlphanumeric && next.isAlphanumeric)
    case UInt8(ascii: "<"): isEscaped = isLast || isAngle(bytes, at: index)
    case UInt8(ascii: "&"): isEscaped = isReference(bytes, at: index, place)
    case UInt8(ascii: "|"):
      // Outside of a table some readers take a line with `\|` above `---` for a table's head.
      if previous == .backslash || !place.isCell { return .reference }
      isEscaped = true
    case UInt8(ascii: "!"):
      isEscaped = isLast && !place.right.isDisjoint(with: [.opening, .unknown])
    case UInt8(ascii: "#"):
      isEscaped = place.isHeading && (index == 0 || previous.isBlank)
    case UInt8(ascii: ":"):
      // In a line that begins with `[^`, GFM ends a footnote's name with `\]:`.
      isEscaped =
        previous == UInt8(ascii: "]")
        || previous.isLetter && index + 2 < bytes.count && next == 0x2F && bytes[index + 2] == 0x2F
    case UInt8(ascii: "."):
      isEscaped =
        index >= 3 && (previous | 0x20) == 0x77 && (bytes[index - 2] | 0x20) == 0x77
        && (bytes[index - 3] | 0x20) == 0x77 && !(index >= 4 && bytes[index - 4].isAlphanumeric)
    case .backtick, UInt8(ascii: "["), UInt8(ascii: "]"): isEscaped = true
    default: isEscaped = false
    }
    return isEscaped ? .backslash : .nothing
  }

  /// Whether `<` could begin a tag or an address.
  private static func isAngle(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
    let next = bytes[index + 1]
    if next.isLetter || next == 0x2F || next == UInt8(ascii: "!") || next == 0x3F { return true }
    var end = index + 1
    while end < bytes.count, AddressScanner.isLocal(bytes[end]) { end += 1 }
    return end == bytes.count || bytes[end] == UInt8(ascii: "@") && end > index + 1
  }

  /// Whether `&` could begin a character reference.
  private static func isReference(
    _ bytes: UnsafeBufferPointer<UInt8>, at index: Int, _ place: Place
  ) -> Bool {
    var end = index + 1
    if end < bytes.count, bytes[end] == UInt8(ascii: "#") { end += 1 }
    while end < bytes.count, end - index < 40, bytes[end].isAlphanumeric { end += 1 }
    if end < bytes.count { return bytes[end] == UInt8(ascii: ";") && end > index + 1 }
    let calm: Place.Right = [.space, .lineEnd, .punctuation, .emphasis, .opening]
    return !place.right.isSubset(of: calm)
      || (place.right.contains(.punctuation) && end == index + 1)
  }

  /// A white-space character at an edge as a character reference, with its length.
  static func space(
    _ bytes: UnsafeBufferPointer<UInt8>, at index: Int
  ) -> (length: Int, code: [UInt8])? {
    guard index < bytes.count else { return nil }
    let byte = bytes[index]
    if byte == .space { return (1, Array("&#32;".utf8)) }
    if byte == .tab { return (1, Array("&#9;".utf8)) }
    guard byte == 0xC2 || byte >= 0xE1 && byte <= 0xE3 else { return nil }
    let rest = (0..<3).map { index + $0 < bytes.count ? bytes[index + $0] : 0 }
    switch (rest[0], rest[1], rest[2]) {
    case (0xC2, 0xA0, _): return (2, Array("&nbsp;".utf8))
    case (0xE1, 0x9A, 0x80), (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xAF), (0xE2, 0x81, 0x9F),
      (0xE3, 0x80, 0x80):
      let scalar =
        UInt32(rest[0] & 0x0F) << 12 | UInt32(rest[1] & 0x3F) << 6 | UInt32(rest[2] & 0x3F)
      return (3, Array("&#\(scalar);".utf8))
    default: return nil
    }
  }

  /// The last character as a character reference where it is white space, and where it begins.
  static func lastSpace(
    _ bytes: UnsafeBufferPointer<UInt8>
  ) -> (start: Int, code: [UInt8])? {
    guard !bytes.isEmpty else { return nil }
    var start = bytes.count - 1
    while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
    return space(bytes, at: start).map { (start, $0.code) }
  }
}

extension Place {
  /// Writes a value so that it stays inert here.
  func write(_ value: Value, to output: inout Output) {
    switch value {
    case .text(let text): write(text, to: &output)
    case .markdown(let text) where kind != .raw:
      Fitting.write(text, isTrusted: false, self, to: &output)
    case .rendered(let text) where kind != .raw:
      Fitting.write(text, isTrusted: true, self, to: &output)
    case .foreign(let foreign): write(foreign, to: &output)
    case .int(let number) where number >= 0: output.append(decimal: number)
    default: write(value.shownText(upTo: output.room), to: &output)
    }
  }

  /// Writes plain text so that it stays inert here.
  func write(_ text: String, to output: inout Output) {
    var text = text
    text.withUTF8 { write($0, to: &output) }
  }

  private func write(_ bytes: UnsafeBufferPointer<UInt8>, to output: inout Output) {
    switch kind {
    case .raw: output.append(contentsOf: bytes)
    case .text: Escaper.text(bytes, self, to: &output)
    case .fence: Escaper.fence(Shown.lines(bytes), self, to: &output)
    case .info: Escaper.info(Shown.line(bytes), right, to: &output)
    case .title: Escaper.title(Shown.line(bytes), to: &output)
    case .comment: Escaper.comment(Shown.line(bytes), self, to: &output)
    case .code, .html, .attribute, .destination:
      let table = table
      if table.isCalm(atEdgesOf: bytes), table.firstMark(in: bytes) == bytes.count,
        !isSchemeOpen || Escaper.isOrdinary(bytes)
      {
        output.append(contentsOf: bytes)
      } else if kind == .destination {
        Escaper.destination(Shown.trimmedLine(bytes), self, to: &output)
      } else if kind == .code {
        Escaper.code(Shown.line(bytes), self, to: &output)
      } else {
        Escaper.addressAttribute(Shown.line(bytes), self, to: &output)
      }
    }
  }
}
