import DocModel

/// Text without the white space around it.
func trimmed(_ text: String, _ characters: String? = nil) -> String {
  let scalars = Array(text.unicodeScalars)
  let set = characters.map { Set($0.unicodeScalars) }
  func isDropped(_ scalar: Unicode.Scalar) -> Bool {
    set.map { $0.contains(scalar) } ?? isWhite(scalar)
  }
  guard let first = scalars.firstIndex(where: { !isDropped($0) }),
    let last = scalars.lastIndex(where: { !isDropped($0) })
  else { return "" }
  return String(String.UnicodeScalarView(scalars[first...last]))
}

/// White space as Python's `str.isspace` sees it.
func isWhite(_ scalar: Unicode.Scalar) -> Bool {
  scalar.properties.isWhitespace || (scalar.value >= 0x1C && scalar.value <= 0x1F)
}

/// Filters on text.
extension Filter {
  static func capitalize(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    value.mapText { text in
      guard let first = text.unicodeScalars.first else { return text }
      return first.properties.titlecaseMapping
        + String(text.unicodeScalars.dropFirst()).lowercased()
    }
  }

  static func title(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    value.mapText { text in
      var result = ""
      var word = String.UnicodeScalarView()
      func end() {
        guard let first = word.first else { return }
        result += String(first).uppercased() + String(word.dropFirst()).lowercased()
        word = String.UnicodeScalarView()
      }
      var wasBreak = false
      for scalar in text.unicodeScalars {
        let isBreak = isWhite(scalar) || ["-", "(", "{", "[", "<"].contains(scalar)
        if isBreak != wasBreak { end() }
        wasBreak = isBreak
        word.append(scalar)
      }
      end()
      return result
    }
  }

  static func center(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    let width = try arguments.integer(0, 80)
    guard width <= 1_000_000 else { throw Problem("the width is larger than 1000000") }
    return value.mapText { text in
      let missing = width - text.unicodeScalars.count
      guard missing > 0 else { return text }
      let left = missing / 2 + (missing & width & 1)
      return String(repeating: " ", count: left) + text
        + String(repeating: " ", count: missing - left)
    }
  }

  static func escape(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    var result = ""
    for scalar in value.shownText.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "'": result += "&#39;"
      case "\"": result += "&#34;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return .text(result)
  }

  static func format(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    try formatted(value.shownText, arguments.rest).get()
  }

  /// Indents the further lines; Markdown needs none, since its place indents it.
  static func indent(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    if value.isMarkdown { return value }
    var unit = ""
    if let text = arguments[0]?.string {
      unit = text
    } else {
      let width = try arguments.integer(0, 4)
      guard width <= 1000 else { throw Problem("the width is larger than 1000") }
      unit = String(repeating: " ", count: max(0, width))
    }
    let isFirst = arguments.flag(1)
    let isBlank = arguments.flag(2)
    var lines = splitLines(value.shownText + "\n")
    if lines.isEmpty { lines = [""] }
    var result = ""
    if isBlank {
      result = lines.joined(separator: "\n" + unit)
    } else {
      result = lines[0]
      for line in lines.dropFirst() { result += "\n" + (line.isEmpty ? "" : unit + line) }
    }
    return .text(isFirst ? unit + result : result)
  }

  /// The lines of a text as Python's `str.splitlines` gives them.
  static func splitLines(_ text: String) -> [String] {
    var lines: [String] = []
    var line = String.UnicodeScalarView()
    var wasReturn = false
    var isOpen = false
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x0A where wasReturn: wasReturn = false
      case 0x0A, 0x0B, 0x0C, 0x0D, 0x1C, 0x1D, 0x1E, 0x85, 0x2028, 0x2029:
        lines.append(String(line))
        line = String.UnicodeScalarView()
        isOpen = false
        wasReturn = scalar.value == 0x0D
      default:
        wasReturn = false
        isOpen = true
        line.append(scalar)
      }
    }
    if isOpen { lines.append(String(line)) }
    return lines
  }

  static func replace(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    let old = Array(arguments[0]?.shownText.unicodeScalars ?? "".unicodeScalars)
    let new = arguments[1]?.shownText ?? ""
    var left = arguments[2].map { $0.integer ?? .max } ?? .max
    if left < 0 { left = .max }
    return value.mapText { text in
      let scalars = Array(text.unicodeScalars)
      var result = String.UnicodeScalarView()
      var index = 0
      if old.isEmpty {
        for scalar in scalars {
          if left > 0 {
            result.append(contentsOf: new.unicodeScalars)
            left -= 1
          }
          result.append(scalar)
        }
        if left > 0 { result.append(contentsOf: new.unicodeScalars) }
        return String(result)
      }
      while index < scalars.count {
        if left > 0, scalars[index] == old[0], index + old.count <= scalars.count,
          scalars[index..<index + old.count].elementsEqual(old)
        {
          result.append(contentsOf: new.unicodeScalars)
          index += old.count
          left -= 1
        } else {
          result.append(scalars[index])
          index += 1
        }
      }
      return String(result)
    }
  }

  static func stripTags(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    var text = value.shownText
    while let open = text.range(of: "<!--"), let close = text[open.upperBound...].range(of: "-->") {
      text.removeSubrange(open.lowerBound..<close.upperBound)
    }
    var result = String.UnicodeScalarView()
    var rest = text.unicodeScalars[...]
    while let open = rest.firstIndex(of: "<"), let close = rest[open...].firstIndex(of: ">") {
      result.append(contentsOf: rest[..<open])
      rest = rest[rest.index(after: close)...]
    }
    result.append(contentsOf: rest)
    let words = result.split(whereSeparator: isWhite).map { String(String.UnicodeScalarView($0)) }
    return .text(words.joined(separator: " "))
  }

  static func trim(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    let characters = arguments[0]?.string
    return value.mapText { trimmed($0, characters) }
  }

  static func truncate(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    let length = try arguments.integer(0, 255)
    let killsWords = arguments.flag(1)
    let end = try arguments.text(2, "...")
    let leeway = try arguments.integer(3, 5)
    let endCount = end.unicodeScalars.count
    guard length >= endCount else {
      throw Problem("the length \(length) is shorter than the '\(end)' at the end")
    }
    return value.mapText { text in
      let scalars = Array(text.unicodeScalars)
      guard scalars.count > length + leeway else { return text }
      let kept = scalars[..<(length - endCount)]
      var result = String(String.UnicodeScalarView(kept))
      if !killsWords, let space = kept.lastIndex(of: " ") {
        result = String(String.UnicodeScalarView(kept[..<space]))
      }
      return result + end
    }
  }

  static func urlEncode(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    func encoded(_ text: String, slash: Bool) -> String {
      var result = ""
      for byte in text.utf8 {
        if byte.isAlphanumeric || Array("_.-~".utf8).contains(byte) || (slash && byte == 0x2F) {
          result.unicodeScalars.append(Unicode.Scalar(byte))
        } else {
          result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
      }
      return result
    }
    func part(_ value: Value) -> String {
      encoded(value.shownText, slash: false).replacing("%20", with: "+")
    }
    func pair(_ key: Value, _ value: Value) -> String { part(key) + "=" + part(value) }
    switch value {
    case .record(let record):
      return .text(
        zip(record.keys.names, record.values).map { pair(.text($0), $1) }.joined(separator: "&"))
    case .list(let items), .tuple(let items):
      var parts: [String] = []
      for item in items {
        guard let two = item.items, two.count == 2 else {
          throw Problem("pairs of a name and a value are needed")
        }
        parts.append(pair(two[0], two[1]))
      }
      return .text(parts.joined(separator: "&"))
    default: return .text(encoded(value.shownText, slash: true))
    }
  }

  static func wordCount(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    var count = 0
    var wasWord = false
    for scalar in value.shownText.unicodeScalars {
      let isWord =
        scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
      if isWord, !wasWord { count += 1 }
      wasWord = isWord
    }
    return .int(count)
  }

  static func wordWrap(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    let width = try arguments.integer(0, 79)
    guard width > 0 else { throw Problem("the width has to be at least 1") }
    let breaksWords = arguments.flag(1, true)
    let separator = try arguments.text(2, "\n")
    let breaksHyphens = arguments.flag(3, true)
    return value.mapText { text in
      splitLines(text).map { line in
        wrap(line, width: width, breaksWords: breaksWords, breaksHyphens: breaksHyphens)
          .joined(separator: separator)
      }.joined(separator: separator)
    }
  }

  /// Breaks one line as Python's `textwrap` does.
  private static func wrap(
    _ line: String, width: Int, breaksWords: Bool, breaksHyphens: Bool
  ) -> [String] {
    var chunks = Self.chunks(Array(line.unicodeScalars), breaksHyphens: breaksHyphens)[...]
    var lines: [String] = []
    while !chunks.isEmpty {
      var current: [Unicode.Scalar] = []
      if !lines.isEmpty, let chunk = chunks.first, chunk.allSatisfy(isWhite) {
        chunks.removeFirst()
      }
      while let chunk = chunks.first, current.count + chunk.count <= width {
        current += chunk
        chunks.removeFirst()
      }
      if let chunk = chunks.first, chunk.count > width {
        let space = max(1, width - current.count)
        if breaksWords {
          var cut = space
          if breaksHyphens, chunk.count > space, let hyphen = chunk[..<space].lastIndex(of: "-"),
            hyphen > 0, chunk[..<hyphen].contains(where: { $0 != "-" })
          {
            cut = hyphen + 1
          }
          current += chunk[..<cut]
          chunks[chunks.startIndex] = Array(chunk[cut...])
        } else if current.isEmpty {
          current = chunk
          chunks.removeFirst()
        }
      }
      while let last = current.last, isWhite(last) { current.removeLast() }
      if !current.isEmpty { lines.append(String(String.UnicodeScalarView(current))) }
    }
    return lines
  }

  /// Words, the white space between them, and the parts of hyphenated words.
  private static func chunks(
    _ scalars: [Unicode.Scalar], breaksHyphens: Bool
  ) -> [[Unicode.Scalar]] {
    var result: [[Unicode.Scalar]] = []
    var current: [Unicode.Scalar] = []
    func isLetter(_ index: Int) -> Bool {
      scalars.indices.contains(index) && scalars[index].properties.isAlphabetic
    }
    for (index, scalar) in scalars.enumerated() {
      if let last = current.last, isWhite(last) != isWhite(scalar) {
        result.append(current)
        current = []
      }
      current.append(scalar)
      if breaksHyphens, scalar == "-", isLetter(index - 1), isLetter(index - 2),
        isLetter(index + 1),
        isLetter(index + 2)
      {
        result.append(current)
        current = []
      }
    }
    if !current.isEmpty { result.append(current) }
    return result
  }

  // MARK: - JSON

  static func json(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    let indent = arguments[0].flatMap { $0.isNone ? nil : $0.integer }
    var result = ""
    try appendJSON(value, to: &result, indent: indent.map { max(0, min($0, 16)) }, depth: 0)
    return .text(result)
  }

  private static func appendJSON(
    _ value: Value, to result: inout String, indent: Int?, depth: Int
  ) throws(Problem) {
    guard depth < 100 else { throw Problem("the value is nested too deep for JSON") }
    func line(_ depth: Int) -> String {
      indent.map { "\n" + String(repeating: " ", count: $0 * depth) } ?? ""
    }
    switch value {
    case .undefined: throw Problem("an undefined value has no JSON")
    case .none: result += "null"
    case .bool(let value): result += value ? "true" : "false"
    case .int(let value): result += String(value)
    case .double(let value):
      result +=
        value.isNaN
        ? "NaN" : value.isInfinite ? (value < 0 ? "-Infinity" : "Infinity") : pythonText(of: value)
    case .text(let text), .markdown(let text), .rendered(let text): appendJSON(text, to: &result)
    case .list(let items), .tuple(let items):
      if items.isEmpty {
        result += "[]"
        return
      }
      result += "["
      for (index, item) in items.enumerated() {
        if index > 0 { result += indent == nil ? ", " : "," }
        result += line(depth + 1)
        try appendJSON(item, to: &result, indent: indent, depth: depth + 1)
      }
      result += line(depth) + "]"
    case .record(let record):
      if record.values.isEmpty {
        result += "{}"
        return
      }
      result += "{"
      let pairs = zip(record.keys.names, record.values).sorted {
        (Value.order(.text($0.0), .text($1.0)) ?? 0) < 0
      }
      for (index, (name, value)) in pairs.enumerated() {
        if index > 0 { result += indent == nil ? ", " : "," }
        result += line(depth + 1)
        appendJSON(name, to: &result)
        result += ": "
        try appendJSON(value, to: &result, indent: indent, depth: depth + 1)
      }
      result += line(depth) + "}"
    case .function, .object: throw Problem("\(value.typeName) has no JSON")
    }
  }

  private static func appendJSON(_ text: String, to result: inout String) {
    result += "\""
    for unit in text.utf16 {
      switch unit {
      case 0x22: result += "\\\""
      case 0x5C: result += "\\\\"
      case 0x0A: result += "\\n"
      case 0x0D: result += "\\r"
      case 0x09: result += "\\t"
      case 0x08: result += "\\b"
      case 0x0C: result += "\\f"
      case 0x20...0x7E where ![0x3C, 0x3E, 0x26, 0x27].contains(unit):
        result.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
      default:
        let hex = String(unit, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - hex.utf8.count) + hex
      }
    }
    result += "\""
  }
}

extension String {
  /// The first place of another text.
  fileprivate func range(of other: String) -> Range<Index>? { self[...].range(of: other) }
}

extension Substring {
  fileprivate func range(of other: String) -> Range<Index>? {
    firstRange(of: other)
  }
}
