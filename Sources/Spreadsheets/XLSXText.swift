/// Texts and numbers as a workbook's XML holds them (ECMA-376, part 1).
enum XLSXText {
  /// The longest text of a cell, in UTF-16 units.
  static let cellLimit = 32_767

  /// Writes text between tags or within an attribute.
  ///
  /// What XML cannot hold stands there as `_xHHHH_` (section 22.9.2.19), and so does what looks like it.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    let scalars = text.unicodeScalars
    var index = scalars.startIndex
    while index < scalars.endIndex {
      let scalar = scalars[index]
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\n": escaped += "&#10;"
      case "\t": escaped += "&#9;"
      case "_" where code(scalars[index...]) != nil: escaped += "_x005F_"
      case "\u{00}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}":
        let digits = String(scalar.value, radix: 16, uppercase: true)
        escaped += "_x" + String(repeating: "0", count: 4 - digits.utf8.count) + digits + "_"
      default: escaped.unicodeScalars.append(scalar)
      }
      index = scalars.index(after: index)
    }
    return escaped
  }

  /// The text that stands in XML, with each `_xHHHH_` as the character that it means.
  static func restored(_ bytes: [UInt8]) -> String {
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.contains("_x") else { return text }
    var restored = String.UnicodeScalarView()
    var rest = text.unicodeScalars[...]
    while let scalar = rest.first {
      if scalar == "_", let code = code(rest), let meant = Unicode.Scalar(code) {
        restored.append(meant)
        rest = rest.dropFirst(7)
      } else {
        restored.append(scalar)
        rest.removeFirst()
      }
    }
    return String(restored)
  }

  /// The number of the character that a text beginning with `_xHHHH_` means.
  private static func code(_ text: Substring.UnicodeScalarView) -> UInt32? {
    let start = Array(text.prefix(7))
    guard start.count == 7, start[0] == "_", start[1] == "x", start[6] == "_",
      start[2..<6].allSatisfy(\.properties.isASCIIHexDigit)
    else { return nil }
    return UInt32(String(String.UnicodeScalarView(start[2..<6])), radix: 16)
  }

  /// A number as a person writes it, with at least so many decimals.
  static func number(_ number: Double, decimals: Int) -> String {
    var text = Int(exactly: number).map(String.init) ?? "\(number)"
    guard decimals > 0, text.utf8.allSatisfy({ $0 != UInt8(ascii: "e") }) else { return text }
    let given = text.split(separator: ".", maxSplits: 1).dropFirst().first?.utf8.count ?? 0
    if given == 0 { text += "." }
    return text + String(repeating: "0", count: max(0, decimals - given))
  }

  /// How many decimals a text has that means the same as a number, shown with them; `nil` where a text
  /// would not come back as it is.
  static func decimals(of text: String) -> Int? {
    guard text.utf8.count <= 16, let number = Double(text), abs(number) < 1e15 else { return nil }
    let given = text.split(separator: ".", maxSplits: 1).dropFirst().first?.utf8.count ?? 0
    guard given <= decimalLimit, Self.number(number, decimals: given) == text else { return nil }
    return given
  }

  /// The most decimals that a number is shown with.
  static let decimalLimit = 4
}
