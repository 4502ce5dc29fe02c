/// Writes the lines of a file that is to be filled in.
struct BlankWriter {
  private(set) var text = ""
  private static let width = 96

  mutating func line(_ line: some StringProtocol) {
    text += line
    text += "\n"
  }

  func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }

  /// Writes a text as a comment, folded to lines of at most 96 characters where words allow it.
  mutating func comment(_ text: String, _ indent: Int = 0) {
    let words = text.split(whereSeparator: \.isWhitespace).map(YAMLText.commentWord)
    guard !words.isEmpty else { return }
    // A text that is set in by itself stays so.
    let lead = String(text.prefix { $0 == " " })
    var current = ""
    for word in words {
      if !current.isEmpty, indent + 2 + lead.count + current.count + 1 + word.count > Self.width {
        line("\(spaces(indent))# \(lead)\(current)")
        current = ""
      }
      current += current.isEmpty ? word : " \(word)"
    }
    line("\(spaces(indent))# \(lead)\(current)")
  }

  /// Writes a heading over a part of the file.
  mutating func heading(
    _ title: String, _ text: String = "", _ indent: Int = 0, _ rule: Character = "═"
  ) {
    let used = indent + 6 + title.count
    let rest = String(repeating: rule, count: max(3, Self.width - used))
    line("")
    line("\(spaces(indent))# \(rule)\(rule) \(YAMLText.commentWord(title[...])) \(rest)")
    comment(text, indent)
  }

  /// Writes the words of a choice with what they mean.
  mutating func choices(_ choices: [Shape.Choice], _ indent: Int) {
    for choice in choices { comment("  '\(choice.id)': \(choice.title)", indent) }
  }

  /// Writes what the members of an item are called and mean.
  mutating func members(of record: RecordShape, _ lead: String, _ indent: Int) {
    comment(lead, indent)
    for field in record.fields {
      comment(
        "  \(field.key)\(field.isRequired ? " (needed)" : ""): \(field.summary)", indent)
      if case .choice(let choices) = field.shape {
        for choice in choices { comment("    '\(choice.id)': \(choice.title)", indent) }
      }
    }
  }

  /// Writes a field of any shape as a blank below its meaning.
  mutating func field(_ field: RecordShape.Field, _ indent: Int) {
    let example = field.example.map { " For example: \($0)" } ?? ""
    comment(field.summary + example, indent)
    if case .choice(let choices) = field.shape { self.choices(choices, indent) }
    if case .list(.record(let item)) = field.shape { members(of: item, "Each one has:", indent) }
    line("\(spaces(indent))\(field.key):")
    switch field.shape {
    case .record(let record):
      for inner in record.fields { self.field(inner, indent + 2) }
    case .list(.record(let item)):
      for (index, inner) in item.fields.enumerated() {
        let lead = index == 0 ? "#- " : "  #"
        line("\(spaces(indent + 2))\(lead)\(inner.key):\(filling(inner))")
      }
    case .list: line("\(spaces(indent + 2))#-")
    default: break
    }
  }

  /// What stands behind the key of an item that is taken up: where something is needed, an example,
  /// or words in brackets that a check finds as long as nobody replaces them.
  private func filling(_ field: RecordShape.Field) -> String {
    if let example = field.example { return " \(YAMLText.scalar(example))" }
    guard field.isRequired else { return "" }
    if case .choice(let choices) = field.shape, let first = choices.first { return " \(first.id)" }
    let words = field.summary.hasSuffix(".") ? String(field.summary.dropLast()) : field.summary
    return " \(YAMLText.quoted("[\(words)]"))"
  }
}

/// Texts as a YAML file may hold them.
enum YAMLText {
  /// A text on one line in double quotes; white space and control characters become spaces.
  static func quoted(_ text: String) -> String {
    let words = text.split { $0.isWhitespace || $0.unicodeScalars.allSatisfy(isControl) }
    return doubleQuoted(words.joined(separator: " "))
  }

  /// A text in double quotes on one line, each character of it.
  static func doubleQuoted(_ text: String) -> String {
    if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) && $0 != 0x22 && $0 != 0x5C }) {
      return "\"\(text)\""
    }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\":
        quoted.unicodeScalars.append("\\")
        quoted.unicodeScalars.append(scalar)
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case _ where isPrintable(scalar): quoted.unicodeScalars.append(scalar)
      default:
        let digits = String(scalar.value, radix: 16)
        let width = scalar.value > 0xFFFF ? 8 : 4
        quoted += (width == 8 ? "\\U" : "\\u")
        quoted += String(repeating: "0", count: width - digits.utf8.count) + digits
      }
    }
    return quoted + "\""
  }

  /// A text without quotes where that means the same, in quotes otherwise.
  static func scalar(_ text: String) -> String { isPlain(text) ? text : quoted(text) }

  /// Whether a text may stand without quotes, as far as its characters go.
  static func isPlain(_ text: String) -> Bool {
    let bytes = text.utf8
    let last = bytes.count - 1
    var index = 0
    var previous: UInt8 = 0
    for byte in bytes {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: break
      case UInt8(ascii: " ") where previous == UInt8(ascii: ":"): return false
      case UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"),
        UInt8(ascii: "@"), UInt8(ascii: "_"), UInt8(ascii: " "), UInt8(ascii: ":"):
        if index == 0 || index == last { return false }
      default: return false
      }
      previous = byte
      index += 1
    }
    return last >= 0
  }

  /// A word as a comment may hold it.
  static func commentWord(_ word: Substring) -> String {
    var shown = ""
    for scalar in word.unicodeScalars {
      shown.unicodeScalars.append(isPrintable(scalar) ? scalar : "\u{FFFD}")
    }
    return shown
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
  }

  /// Whether YAML (section 5.1) lets a scalar stand as it is, within a line.
  static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20..<0x7F, 0xA0..<0x2028, 0x202A..<0xD800, 0xE000..<0xFEFF, 0xFF00..<0xFFFE: true
    case 0x10000...0x10FFFF: true
    default: false
    }
  }
}
