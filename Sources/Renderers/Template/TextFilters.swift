import DocModel

/// Text without the white space, or the characters given, at its ends.
func trimmed(
  _ text: String, _ characters: String? = nil, isLeft: Bool = true, isRight: Bool = true
) -> String {
  if characters == nil, let ends = ends(of: text, isLeft: isLeft, isRight: isRight) { return ends }
  let scalars = Array(text.unicodeScalars)
  let set = characters.map { Set($0.unicodeScalars) }
  func isKept(_ scalar: Unicode.Scalar) -> Bool {
    !(set.map { $0.contains(scalar) } ?? isWhite(scalar))
  }
  guard let first = scalars.firstIndex(where: isKept), let last = scalars.lastIndex(where: isKept)
  else { return "" }
  let start = isLeft ? first : 0
  let end = isRight ? last : scalars.count - 1
  return String(String.UnicodeScalarView(scalars[start...end]))
}

/// The same where bytes tell what white space is: `nil` where one at an end is not ASCII.
private func ends(of text: String, isLeft: Bool, isRight: Bool) -> String? {
  var text = text
  return text.withUTF8 { bytes -> String? in
    var start = 0
    var end = bytes.count
    func isBlank(_ byte: UInt8) -> Bool { byte < 0x80 && isWhite(Unicode.Scalar(byte)) }
    if isLeft { while start < end, isBlank(bytes[start]) { start += 1 } }
    if isRight { while end > start, isBlank(bytes[end - 1]) { end -= 1 } }
    guard start < end else { return "" }
    if bytes[start] >= 0x80 || bytes[end - 1] >= 0x80 { return nil }
    return String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self)
  }
}

/// Filters on text.
extension Filter {
  static func capitalize(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    value.mapText { capitalized($0) }
  }

  static func title(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    value.mapText { text in
      var result = ""
      var word = String.UnicodeScalarView()
      func end() {
        guard let first = word.first else { return }
        result += String(first).uppercased() + lowercased(String(word.dropFirst()))
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

  /// A width from arguments, which no hostile template can make huge.
  static func width(
    _ arguments: Arguments, _ index: Int, _ standard: Int = 0
  ) throws(Problem) -> Int {
    let width = try arguments.integer(index, standard)
    guard width <= 1_000_000 else { throw Problem("the width is larger than 1000000") }
    return width
  }

  static func center(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    let width = try width(arguments, 0, 80)
    return value.mapText { text in
      let missing = width - text.unicodeScalars.count
      guard missing > 0 else { return text }
      let left = missing / 2 + (missing & width & 1)
      return String(repeating: " ", count: left) + text
        + String(repeating: " ", count: missing - left)
    }
  }

  /// Text with what HTML gives a meaning written as references.
  static func htmlEscaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "'": result += "&#39;"
      case "\"": result += "&#34;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// HTML that is not escaped again; where values are fitted to their places anyway, the value.
  static func escape(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    arguments.escapes || value.isMarkdown ? value : .markdown(htmlEscaped(value.shownText))
  }

  static func forceEscape(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    arguments.escapes ? value : .markdown(htmlEscaped(value.shownText))
  }

  /// Refuses a filter by whose name `map` could come around what is checked when compiling.
  private static func refuse(_ name: String, _ arguments: Arguments) throws(Problem) {
    if arguments.escapes {
      throw Problem("the filter '\(name)' is not supported", hint: unescaped[name])
    }
  }

  static func safe(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    try refuse("safe", arguments)
    return .markdown(value.shownText)
  }

  static func attributes(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    try refuse("xmlattr", arguments)
    guard case .record(let record) = value else {
      throw Problem("\(value.typeName) is not a record")
    }
    var parts: [String] = []
    for (name, value) in zip(record.keys.names, record.values) {
      if value.isNone || value.isUndefined { continue }
      if name.unicodeScalars.contains(where: { isWhite($0) || ["/", ">", "="].contains($0) }) {
        throw Problem("'\(name)' is not the name of an attribute")
      }
      let text = value.isMarkdown ? value.shownText : htmlEscaped(value.shownText)
      parts.append("\(htmlEscaped(name))=\"\(text)\"")
    }
    let result = parts.joined(separator: " ")
    return .text(arguments.flag(0, true) && !result.isEmpty ? " " + result : result)
  }

  static func format(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    guard arguments.named.isEmpty || arguments.rest.isEmpty else {
      throw Problem("a format takes values by place or by name, not both")
    }
    let given =
      arguments.named.isEmpty
      ? Value.tuple(arguments.rest)
      : .record(Record(Keys(arguments.named.map(\.name)), arguments.named.map(\.value)))
    return try formatted(value, value.shownText, with: given, escapes: arguments.escapes).get()
  }

  /// Indents the further lines; Markdown needs none, since its place indents it.
  static func indent(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    guard value.string != nil else { throw Problem("\(value.typeName) is not text") }
    if value.isMarkdown, arguments.escapes { return value }
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
    let text = value.shownText
    try value.needParts()
    var lines = splitLines(text + "\n")
    if lines.isEmpty { lines = [""] }
    try checkSize(text.utf8.count, lines.count, unit.utf8.count)
    var result = ""
    if isBlank {
      result = lines.joined(separator: "\n" + unit)
    } else {
      result = lines[0]
      for line in lines.dropFirst() { result += "\n" + (line.isEmpty ? "" : unit + line) }
    }
    result = isFirst ? unit + result : result
    return value.isMarkdown ? .markdown(result) : .text(result)
  }

  /// Refuses a text that would become larger than a whole output may be.
  static func checkSize(_ size: Int, _ count: Int, _ each: Int) throws(Problem) {
    let limit = Limits().outputSize
    let (added, isTooLarge) = count.multipliedReportingOverflow(by: each)
    guard !isTooLarge, size + added <= limit else {
      throw Problem("the result is larger than the limit of \(limit)")
    }
  }

  /// The lines of a text as Python's `str.splitlines` gives them.
  static func splitLines(_ text: String, keepsEnds: Bool = false) -> [String] {
    var lines: [String] = []
    var line = String.UnicodeScalarView()
    let scalars = Array(text.unicodeScalars)
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      index += 1
      switch scalar.value {
      case 0x0A, 0x0B, 0x0C, 0x0D, 0x1C, 0x1D, 0x1E, 0x85, 0x2028, 0x2029:
        if keepsEnds { line.append(scalar) }
        if scalar == "\r", index < scalars.count, scalars[index] == "\n" {
          if keepsEnds { line.append("\n") }
          index += 1
        }
        lines.append(String(line))
        line = String.UnicodeScalarView()
      default: line.append(scalar)
      }
    }
    if !line.isEmpty { lines.append(String(line)) }
    return lines
  }

  static func replace(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    try replaced(value, arguments, isMethod: false)
  }

  /// Replaces a text by another; the filter gives plain text, the method HTML where it is given some.
  static func replaced(
    _ value: Value, _ arguments: Arguments, isMethod: Bool
  ) throws(Problem) -> Value {
    let old = Array((arguments[0]?.shownText ?? "").utf8)
    var new = arguments[1]?.shownText ?? ""
    if isMethod, !arguments.escapes, value.isMarkdown, arguments[1]?.isMarkdown == false {
      new = htmlEscaped(new)
    }
    var limit = Int.max
    if let count = arguments[2], !count.isNone {
      guard let number = count.integer else { throw Problem("the count is \(count.typeName)") }
      if number >= 0 { limit = number }
    }
    let text = Array(value.shownText.utf8)
    var result: [UInt8] = []
    let places: [Int]
    if old.isEmpty {
      places = (text.indices.filter { text[$0] & 0xC0 != 0x80 } + [text.count]).prefix(limit).map(
        \.self)
    } else {
      places = Search(old).all(in: text, limit: limit)
    }
    try checkSize(text.count, places.count, new.utf8.count)
    var start = 0
    for place in places {
      result += text[start..<place]
      result += new.utf8
      start = place + old.count
    }
    result += text[start...]
    let changed = String(decoding: result, as: UTF8.self)
    if !isMethod, !arguments.escapes { return .text(changed) }
    return value.isMarkdown ? .markdown(changed) : .text(changed)
  }

  static func stripTags(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    let words = withoutTags(Array(value.shownText.utf8)).unicodeScalars.split(
      whereSeparator: isWhite
    )
    .map { String(String.UnicodeScalarView($0)) }
    return .text(References.resolved(words.joined(separator: " ")))
  }

  /// A text without tags and comments; one that is never closed stays, with all behind it.
  private static func withoutTags(_ text: [UInt8]) -> String {
    let (comment, end) = (Array("<!--".utf8), Search("-->".utf8))
    var result: [UInt8] = []
    text.withUnsafeBufferPointer { text in
      var position = 0
      var kept = 0
      while position < text.count {
        guard text[position] == UInt8(ascii: "<") else {
          position += 1
          continue
        }
        let isComment = text[position...].starts(with: comment)
        guard
          let close = isComment
            ? end.first(in: text, from: position + 4).map({ $0 + 3 })
            : text[position...].firstIndex(of: UInt8(ascii: ">")).map({ $0 + 1 })
        else { break }
        result += text[kept..<position]
        position = close
        kept = close
      }
      result += text[kept...]
    }
    return String(decoding: result, as: UTF8.self)
  }

  static func trim(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    let characters = try arguments[0].flatMap { $0.isNone ? nil : $0 }.map {
      (value) throws(Problem) in
      guard let text = value.string else {
        throw Problem("the characters to trim are \(value.typeName)")
      }
      return text
    }
    if case .rendered(let text) = value, characters == nil {
      return .rendered(Fitting.trimmed(text))
    }
    return value.mapText { trimmed($0, characters) }
  }

  static func truncate(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    let length = try arguments.integer(0, 255)
    let killsWords = arguments.flag(1)
    let end = try arguments.text(2, "...")
    let leeway = try arguments.integer(3, 5)
    let endCount = end.unicodeScalars.count
    guard leeway >= 0 else { throw Problem("the leeway \(leeway) is less than nothing") }
    if value.string == nil {
      guard let count = value.count else { throw Problem("\(value.typeName) has no length") }
      guard count <= length + leeway else { throw Problem("\(value.typeName) is not text") }
      return value
    }
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
    case .list, .tuple, .object:
      var parts: [String] = []
      for item in try value.needElements() {
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
      let isPart = isWord(scalar)
      if isPart, !wasWord { count += 1 }
      wasWord = isPart
    }
    return .int(count)
  }

  // MARK: - JSON

  static func json(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    var indent = arguments[0].flatMap { $0.isNone ? nil : $0.string }
    if let count = arguments[0]?.integer {
      indent = String(repeating: " ", count: max(0, min(count, 1_000)))
    }
    var result = ""
    try appendJSON(value, to: &result, indent: indent, depth: 0, limit: arguments.textLimit)
    return arguments.escapes ? .text(result) : .markdown(result)
  }

  private static func appendJSON(
    _ value: Value, to result: inout String, indent: String?, depth: Int, limit: Int
  ) throws(Problem) {
    guard result.utf8.count <= limit else { throw tooLarge("tojson", limit: limit) }
    guard depth < 100 else { throw Problem("the value is nested too deep for JSON") }
    func line(_ depth: Int) -> String {
      indent.map { "\n" + String(repeating: $0, count: depth) } ?? ""
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
    case .foreign(let foreign): appendJSON(foreign.text, to: &result)
    case .list(let items), .tuple(let items):
      if items.isEmpty {
        result += "[]"
        return
      }
      result += "["
      for (index, item) in items.enumerated() {
        if index > 0 { result += indent == nil ? ", " : "," }
        result += line(depth + 1)
        try appendJSON(item, to: &result, indent: indent, depth: depth + 1, limit: limit)
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
        try appendJSON(value, to: &result, indent: indent, depth: depth + 1, limit: limit)
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
