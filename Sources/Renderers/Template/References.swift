import DocModel

/// Character references of HTML, resolved as browsers do it and as Python's `html.unescape` does.
enum References {
  /// A text with its references replaced by what they stand for.
  static func resolved(_ text: String) -> String {
    let bytes = Array(text.utf8)
    guard bytes.contains(UInt8(ascii: "&")) else { return text }
    var tree = CMarkTree()
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "&"),
        let (value, end) = reference(bytes, index + 1, &tree)
      {
        result += value.utf8
        index = end
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func reference(
    _ bytes: [UInt8], _ start: Int, _ tree: inout CMarkTree
  ) -> (value: String, end: Int)? {
    guard start < bytes.count else { return nil }
    if bytes[start] == UInt8(ascii: "#") { return number(bytes, start + 1) }
    var end = start
    while end < bytes.count, end < start + 32, bytes[end].isAlphanumeric { end += 1 }
    guard end > start else { return nil }
    if end < bytes.count, bytes[end] == UInt8(ascii: ";"),
      let value = named(bytes[start..<end], &tree)
    {
      return (value, end + 1)
    }
    // Some names are known without a semicolon; the longest of them counts.
    for stop in stride(from: end, to: start + 1, by: -1) {
      let name = String(decoding: bytes[start..<stop], as: UTF8.self)
      if withoutSemicolon.contains(name), let value = named(bytes[start..<stop], &tree) {
        return (value, stop)
      }
    }
    return nil
  }

  /// What libcmark's table of names has for one.
  private static func named(_ name: ArraySlice<UInt8>, _ tree: inout CMarkTree) -> String? {
    let source = Array("&".utf8) + name + Array(";".utf8)
    var value: [UInt8] = []
    source.withUnsafeBufferPointer { source in
      let root = tree.parse { feed in feed(source) }
      var text = root?.firstChild?.firstChild
      while let node = text {
        value += node.literal
        text = node.next
      }
    }
    return value == source ? nil : String(decoding: value, as: UTF8.self)
  }

  private static func number(_ bytes: [UInt8], _ start: Int) -> (value: String, end: Int)? {
    var index = start
    let isHex = index < bytes.count && bytes[index] | 0x20 == UInt8(ascii: "x")
    if isHex { index += 1 }
    let digits = index
    var code = 0
    while index < bytes.count, let digit = Character(Unicode.Scalar(bytes[index])).hexDigitValue,
      isHex || digit < 10
    {
      code = min(code * (isHex ? 16 : 10) + digit, 0x110000)
      index += 1
    }
    guard index > digits else { return nil }
    if index < bytes.count, bytes[index] == UInt8(ascii: ";") { index += 1 }
    return (character(code), index)
  }

  /// What a number stands for: those that HTML (section 13.2.5.80) replaces, as it says.
  private static func character(_ code: Int) -> String {
    switch code {
    case 0x0D: return "\r"
    case 0x80...0x9F:
      let scalar = windows[code - 0x80]
      return String(Character(Unicode.Scalar(scalar) ?? "\u{FFFD}"))
    case 0x01...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0xFDD0...0xFDEF: return ""
    case _ where code & 0xFFFE == 0xFFFE && code < 0x110000: return ""
    case 0: return "\u{FFFD}"
    default:
      return String(Character(UInt32(exactly: code).flatMap(Unicode.Scalar.init) ?? "\u{FFFD}"))
    }
  }

  /// The characters that Windows-1252 has at 0x80 to 0x9F.
  private static let windows: [UInt32] = [
    0x20AC, 0x81, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039,
    0x152, 0x8D, 0x17D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x2DC, 0x2122, 0x161, 0x203A, 0x153, 0x9D, 0x17E, 0x178,
  ]

  /// The names that HTML knows without a semicolon as well.
  private static let withoutSemicolon = Set(
    """
    AElig AMP Aacute Acirc Agrave Aring Atilde Auml COPY Ccedil ETH Eacute Ecirc Egrave Euml GT
    Iacute Icirc Igrave Iuml LT Ntilde Oacute Ocirc Ograve Oslash Otilde Ouml QUOT REG THORN
    Uacute Ucirc Ugrave Uuml Yacute aacute acirc acute aelig agrave amp aring atilde auml brvbar
    ccedil cedil cent copy curren deg divide eacute ecirc egrave eth euml frac12 frac14 frac34
    gt iacute icirc iexcl igrave iquest iuml laquo lt macr micro middot nbsp not ntilde oacute
    ocirc ograve ordf ordm oslash otilde ouml para plusmn pound quot raquo reg sect shy sup1
    sup2 sup3 szlig thorn times uacute ucirc ugrave uml uuml yacute yen yuml
    """.utf8.split { $0 == 0x20 || $0 == 0x0A }.map { String(decoding: $0, as: UTF8.self) })
}
