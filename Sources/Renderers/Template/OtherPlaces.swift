/// Writes values where text is not read as Markdown: code, addresses, titles and HTML.
extension Escaper {
  /// Whether an address begins as most do: with `http:`, `https:`, `/`, `#` or a name and a `/`.
  static func isOrdinary(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    if bytes.has("https:", at: 0) || bytes.has("http:", at: 0) { return true }
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "/"), UInt8(ascii: "#"), UInt8(ascii: "?"): return true
      case _ where byte.isAlphanumeric || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "."):
        continue
      default: return false
      }
    }
    return true
  }

  /// Between backticks; the fence is lengthened when the span ends.
  static func code(_ line: [UInt8], _ place: Place, to output: inout Output) {
    if line.isEmpty { output.append(Shown.filler) }
    guard place.isCell, line.contains(UInt8(ascii: "|")) else {
      output.append(contentsOf: line)
      return
    }
    for byte in line {
      if byte == UInt8(ascii: "|") { escapePipe(&output) }
      output.append(byte)
    }
  }

  /// A row is cut at `|` before code and comments are looked for, and `\\|` would cut it as well.
  private static func escapePipe(_ output: inout Output) {
    if output.last == .backslash { output.append(Shown.filler) }
    output.append(.backslash)
  }

  /// Lines between fences, each with the marks of the containers around it.
  static func fence(_ lines: [[UInt8]], _ place: Place, to output: inout Output) {
    for (index, line) in lines.enumerated() {
      if index > 0 {
        output.append(.lineFeed)
        output.append(contentsOf: place.prefix)
      }
      output.append(contentsOf: line)
    }
  }

  /// The words behind an opening fence; white space around them is lost there.
  static func info(_ line: [UInt8], _ right: Place.Right = .lineEnd, to output: inout Output) {
    var words = line[...]
    while words.first?.isBlank == true { words.removeFirst() }
    while words.last?.isBlank == true { words.removeLast() }
    if words.isEmpty, right != .lineEnd { output.append(Shown.filler) }
    for byte in words {
      switch byte {
      case .backtick: output.append("&#96;")
      case UInt8(ascii: "~"): output.append("&#126;")
      case UInt8(ascii: "|"): output.append("&#124;")
      case .backslash: output.append("\\\\")
      case UInt8(ascii: "&"): output.append("&amp;")
      default: output.append(byte)
      }
    }
  }

  /// A link's title.
  ///
  /// Some readers resolve references before backslashes, so `\` is doubled; and some take the last
  /// of them together with the quote behind it, so something stands between.
  static func title(_ line: [UInt8], to output: inout Output) {
    for byte in line {
      switch byte {
      case .backslash: output.append("\\\\")
      case UInt8(ascii: "&"): output.append("&amp;")
      case UInt8(ascii: "\""): output.append("&quot;")
      case UInt8(ascii: "'"): output.append("&#39;")
      case .backtick: output.append("&#96;")
      case UInt8(ascii: "<"): output.append("&lt;")
      // Outside of a table too, some readers take a line with it above `---` for a table's head.
      case UInt8(ascii: "|"): output.append("&#124;")
      default: output.append(byte)
      }
    }
    if line.last == .backslash { output.append(Shown.filler) }
  }

  /// Text or a quoted attribute of HTML.
  static func html(_ line: [UInt8], _ place: Place, to output: inout Output) {
    if line.isEmpty {
      if !place.isCalm, place.kind == .html { output.append(Shown.filler) }
      return
    }
    let isBlank = line.allSatisfy(\.isBlank)
    for (index, byte) in line.enumerated() {
      switch byte {
      case UInt8(ascii: "&"): output.append("&amp;")
      case UInt8(ascii: "<"): output.append("&lt;")
      case UInt8(ascii: ">"): output.append("&gt;")
      case UInt8(ascii: "\""): output.append("&quot;")
      case UInt8(ascii: "'"): output.append("&#39;")
      // Outside of a table too, some readers take a line with it above `---` for a table's head.
      case UInt8(ascii: "|"): output.append("&#124;")
      // A space at the beginning could belong to a quote's mark, and a blank line end the HTML.
      case .space where isBlank || index == 0: output.append("&#32;")
      case .tab where isBlank || index == 0: output.append("&#9;")
      default: output.append(byte)
      }
    }
  }

  /// Text of a comment: two hyphens are kept apart, and the edges away from the comment's marks.
  static func comment(_ line: [UInt8], _ place: Place, to output: inout Output) {
    if line.first == UInt8(ascii: ">") || line.first == UInt8(ascii: "-") {
      output.append(Shown.filler)
    }
    for byte in line {
      if byte == UInt8(ascii: "-"), output.last == byte { output.append(Shown.filler) }
      if byte == UInt8(ascii: ">"), output.last == UInt8(ascii: "-") {
        output.append(Shown.filler)
      }
      if byte == UInt8(ascii: "!"), output.last == UInt8(ascii: "-") || output.last == 0x3C {
        output.append(Shown.filler)
      }
      if byte == UInt8(ascii: "|"), place.isCell { escapePipe(&output) }
      output.append(byte)
    }
    if line.last == UInt8(ascii: "-") || line.last == 0x3C {
      output.append(Shown.filler)
    }
    if line.isEmpty { output.append(Shown.filler) }
  }

  // MARK: - Addresses

  /// Schemes that a link may have.
  static let schemes: Set<String> = ["http", "https", "mailto", "tel", "ftp"]

  /// What stands in the place of an address that could run something.
  static let blocked = Array("#blocked".utf8)

  /// Whether an address has a scheme that is not one of `schemes`.
  static func isDangerous(_ address: some Sequence<UInt8>) -> Bool {
    var scheme: [UInt8] = []
    for byte in address {
      // Browsers leave out control characters and white space before they look for a scheme.
      if byte <= 0x20 { continue }
      switch byte {
      case UInt8(ascii: ":"):
        return !schemes.contains(String(decoding: scheme, as: UTF8.self).lowercased())
      case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"): return false
      case UInt8(ascii: "&"), UInt8(ascii: "%"), UInt8(ascii: "\\"):
        scheme.append(byte)
      default: scheme.append(byte)
      }
    }
    return false
  }

  /// The address of a link, or a part of one.
  static func destination(_ line: [UInt8], _ place: Place, to output: inout Output) {
    if place.isSchemeOpen, isDangerous(line) {
      output.append(contentsOf: blocked)
      return
    }
    for (index, byte) in line.enumerated() {
      switch byte {
      case 0x00...0x20, 0x7F, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "("),
        UInt8(ascii: ")"), .backslash, UInt8(ascii: "\""), .backtick, UInt8(ascii: "|"),
        UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"),
        UInt8(ascii: "^"):
        appendPercent(byte, to: &output)
      case UInt8(ascii: "&"): output.append("&amp;")
      case 0xC2 where index + 1 < line.count && line[index + 1] <= 0xA0,
        0xE2 where index + 1 < line.count && line[index + 1] <= 0x81,
        0xE3 where index + 2 < line.count && line[index + 1] == 0x80 && line[index + 2] == 0x80:
        appendPercent(byte, to: &output)
      case 0x80..<0xC0 where isPercent(output): appendPercent(byte, to: &output)
      default: output.append(byte)
      }
    }
  }

  /// Whether the output ends with an encoded byte of a longer character.
  private static func isPercent(_ output: borrowing Output) -> Bool {
    output.count >= 3 && output[output.count - 3] == UInt8(ascii: "%")
      && (output[output.count - 2] >= UInt8(ascii: "8"))
  }

  private static func appendPercent(_ byte: UInt8, to output: inout Output) {
    let digits = Array("0123456789ABCDEF".utf8)
    output.append(UInt8(ascii: "%"))
    output.append(digits[Int(byte >> 4)])
    output.append(digits[Int(byte & 15)])
  }

  /// An HTML attribute that holds an address.
  static func addressAttribute(_ line: [UInt8], _ place: Place, to output: inout Output) {
    if place.isSchemeOpen, isDangerous(line) {
      output.append(contentsOf: blocked)
    } else {
      html(line, place, to: &output)
    }
  }
}
