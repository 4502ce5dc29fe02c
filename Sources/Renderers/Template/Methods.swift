import DocModel

/// A method that texts, lists or records have as they have it in Python.
struct Method: Sendable {
  typealias Function = @Sendable (Value, Arguments) throws(Problem) -> Value

  /// The names of its parameters, as those of a filter.
  let parameters: [String]
  var text: Function?
  var list: Function?
  var record: Function?

  init(
    _ parameters: [String] = [], text: Function? = nil, list: Function? = nil,
    record: Function? = nil
  ) {
    self.parameters = parameters
    self.text = text
    self.list = list
    self.record = record
  }

  /// What it gives for a value, or `nil` where such values have no such method.
  func call(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value? {
    switch value {
    case .text, .markdown, .rendered: try text?(value, arguments)
    case .foreign(let foreign): try text?(foreign.unmarked, arguments)
    case .list, .tuple: try list?(value, arguments)
    case .record: try record?(value, arguments)
    default: nil
    }
  }
}

extension Method {
  static let all: [String: Method] = [
    // Records
    "get": Method(
      ["key", "default="],
      record: { value, arguments in
        guard case .record(let record) = value else { return .none }
        return (arguments[0]?.string).flatMap { record[$0] } ?? arguments[1] ?? .none
      }),
    "items": Method(record: { value, _ in .object(Series(.items, Filter.pairs(of: value))) }),
    "keys": Method(record: { value, _ in .object(Series(.keys, value.elements ?? [])) }),
    "values": Method(record: { value, _ in
      guard case .record(let record) = value else { return .none }
      return .object(Series(.values, record.values))
    }),
    // Lists
    "copy": Method(
      list: { value, _ in value }, record: { value, _ in value }),
    "count": Method(
      ["sub", "start=", "end="], text: count,
      list: { value, arguments in
        .int((value.items ?? []).count { Value.equal($0, arguments[0] ?? .none) })
      }),
    "index": Method(
      ["sub", "start=", "end="],
      text: { value, arguments throws(Problem) in
        try position(value, arguments, isLast: false, isNeeded: true)
      },
      list: { value, arguments throws(Problem) in
        guard let index = value.items?.firstIndex(where: { Value.equal($0, arguments[0] ?? .none) })
        else { throw Problem("the list has no such item") }
        return .int(index)
      }),
    // Text: cases
    "capitalize": text { capitalized($0) },
    "lower": text { lowercased($0) },
    "swapcase": text { swappedCase($0) },
    "title": text { titled($0) },
    "upper": text { $0.uppercased() },
    // Text: white space
    "center": padded { missing, width in missing / 2 + (missing & width & 1) },
    "expandtabs": Method(
      ["tabsize="],
      text: { value, arguments throws(Problem) in
        let size = min(try arguments.integer(0, 8), 1_000)
        let tabs = value.shownText.utf8.count { $0 == .tab }
        try Filter.checkSize(value.length, tabs, max(0, size))
        return value.mapText { expanded($0, size: size) }
      }),
    "ljust": padded { _, _ in 0 },
    "lstrip": stripped(isLeft: true, isRight: false),
    "rjust": padded { missing, _ in missing },
    "rstrip": stripped(isLeft: false, isRight: true),
    "strip": stripped(isLeft: true, isRight: true),
    "zfill": Method(
      ["width"],
      text: { value, arguments throws(Problem) in
        let width = try Filter.width(arguments, 0)
        return value.mapText { text in
          let sign = text.hasPrefix("-") || text.hasPrefix("+") ? String(text.prefix(1)) : ""
          let zeros = String(repeating: "0", count: max(0, width - text.unicodeScalars.count))
          return sign + zeros + text.dropFirst(sign.count)
        }
      }),
    // Text: parts
    "endswith": Method(
      ["suffix", "start=", "end="],
      text: { value, arguments throws(Problem) in
        try edge(value, arguments) { $0.count >= $1.count && $0.suffix($1.count).elementsEqual($1) }
      }),
    "find": Method(
      ["sub", "start=", "end="],
      text: { value, arguments throws(Problem) in
        try position(value, arguments, isLast: false, isNeeded: false)
      }),
    "join": Method(["iterable"], text: joined),
    "partition": Method(
      ["sep"],
      text: { value, arguments throws(Problem) in
        try partition(value, arguments, isLast: false)
      }),
    "removeprefix": Method(
      ["prefix"],
      text: { value, arguments throws(Problem) in
        let prefix = try arguments.text(0)
        return value.mapText { text in
          text.utf8.starts(with: prefix.utf8)
            ? String(decoding: text.utf8.dropFirst(prefix.utf8.count), as: UTF8.self) : text
        }
      }),
    "removesuffix": Method(
      ["suffix"],
      text: { value, arguments throws(Problem) in
        let suffix = try arguments.text(0)
        return value.mapText { text in
          text.utf8.reversed().starts(with: suffix.utf8.reversed())
            ? String(decoding: text.utf8.dropLast(suffix.utf8.count), as: UTF8.self) : text
        }
      }),
    "replace": Method(
      ["old", "new", "count="],
      text: { value, arguments throws(Problem) in
        for index in 0...1 { _ = try arguments.text(index) }
        return try Filter.replaced(value, arguments, isMethod: true)
      }),
    "rfind": Method(
      ["sub", "start=", "end="],
      text: { value, arguments throws(Problem) in
        try position(value, arguments, isLast: true, isNeeded: false)
      }),
    "rindex": Method(
      ["sub", "start=", "end="],
      text: { value, arguments throws(Problem) in
        try position(value, arguments, isLast: true, isNeeded: true)
      }),
    "rpartition": Method(
      ["sep"],
      text: { value, arguments throws(Problem) in
        try partition(value, arguments, isLast: true)
      }),
    "rsplit": Method(
      ["sep=", "maxsplit="],
      text: { value, arguments throws(Problem) in
        try split(value, arguments, fromEnd: true)
      }),
    "split": Method(
      ["sep=", "maxsplit="],
      text: { value, arguments throws(Problem) in
        try split(value, arguments, fromEnd: false)
      }),
    "splitlines": Method(
      ["keepends="],
      text: { value, arguments throws(Problem) in
        try value.needParts()
        return .list(
          Filter.splitLines(value.shownText, keepsEnds: arguments.flag(0)).map {
            part($0, of: value)
          })
      }),
    "startswith": Method(
      ["prefix", "start=", "end="],
      text: { value, arguments throws(Problem) in
        try edge(value, arguments) { $0.count >= $1.count && $0.prefix($1.count).elementsEqual($1) }
      }),
    // Text: questions
    "isalnum": every(isAlnum),
    "isalpha": every(isAlpha),
    "isascii": Method(text: { value, _ in .bool(value.shownText.utf8.allSatisfy { $0 < 0x80 }) }),
    "isdecimal": every { $0.properties.numericType == .decimal },
    "isdigit": every { [.decimal, .digit].contains($0.properties.numericType) },
    "islower": Method(text: { value, _ in .bool(Test.isCased(value) { lowercased($0) }) }),
    "isnumeric": every { $0.properties.numericType != nil },
    "isspace": every(isWhite),
    "istitle": Method(text: { value, _ in
      let text = value.shownText
      let hasCase = text.unicodeScalars.contains(where: \.properties.isCased)
      return .bool(hasCase && titled(text).utf8.elementsEqual(text.utf8))
    }),
    "isupper": Method(text: { value, _ in .bool(Test.isCased(value) { $0.uppercased() }) }),
  ]

  /// Methods that Python has and this engine has not, with what to do instead.
  static let unsupported: [String: String] = {
    let fixed = "a value does not change; make a new one, and give it a name with 'set'"
    var result: [String: String] = [
      "append": "write '{% set items = items + [item] %}'",
      "extend": "write '{% set items = items + others %}'",
      "update": "write 'dict(record, name=value)'",
      "sort": "use the filter 'sort'",
      "reverse": "use the filter 'reverse'",
      "format": "use the filter 'format' with '%s', or '~'",
      "format_map": "use the filter 'format' with '%(name)s'",
      "casefold": "use 'lower'",
      "is_integer": "compare it with 'x|int'",
    ]
    for name in ["insert", "pop", "popitem", "remove", "clear", "setdefault"] {
      result[name] = fixed
    }
    for name in [
      "encode", "translate", "maketrans", "isidentifier", "isprintable", "fromkeys", "bit_length",
      "bit_count", "as_integer_ratio", "to_bytes", "from_bytes", "conjugate", "hex", "fromhex",
      "unescape", "striptags",
    ] {
      result[name] = "prepare the value before it is given to the template"
    }
    return result
  }()

  // MARK: - Kinds of methods

  private static func text(_ change: @escaping @Sendable (String) -> String) -> Method {
    Method(text: { value, _ in value.mapText(change) })
  }

  private static func every(
    _ holds: @escaping @Sendable (Unicode.Scalar) -> Bool
  ) -> Method {
    Method(text: { value, _ in
      let scalars = value.shownText.unicodeScalars
      return .bool(!scalars.isEmpty && scalars.allSatisfy(holds))
    })
  }

  private static func padded(
    _ left: @escaping @Sendable (_ missing: Int, _ width: Int) -> Int
  ) -> Method {
    Method(
      ["width", "fillchar="],
      text: { value, arguments throws(Problem) in
        let width = try Filter.width(arguments, 0)
        let fill = try arguments.text(1, " ")
        guard fill.unicodeScalars.count == 1 else {
          throw Problem("one character to fill with is needed")
        }
        return value.mapText { text in
          let missing = width - text.unicodeScalars.count
          guard missing > 0 else { return text }
          let before = left(missing, width)
          return String(repeating: fill, count: before) + text
            + String(repeating: fill, count: missing - before)
        }
      })
  }

  private static func stripped(isLeft: Bool, isRight: Bool) -> Method {
    Method(
      ["chars="],
      text: { value, arguments throws(Problem) in
        let characters = try arguments[0].flatMap { $0.isNone ? nil : $0 }.map {
          value throws(Problem) in
          guard let text = value.string else {
            throw Problem("the characters to strip are \(value.typeName)")
          }
          return text
        }
        return value.mapText { trimmed($0, characters, isLeft: isLeft, isRight: isRight) }
      })
  }

  // MARK: - Parts

  /// A part of a text, which is HTML where the text is.
  private static func part(_ text: String, of value: Value) -> Value {
    value.isMarkdown ? .markdown(text) : .text(text)
  }

  /// The scalars of a text from `start` to `end`, and where they begin.
  private static func range(
    _ value: Value, _ arguments: Arguments
  ) throws(Problem) -> (scalars: [Unicode.Scalar], start: Int)? {
    let scalars = Array(value.shownText.unicodeScalars)
    func bound(_ index: Int, _ standard: Int) throws(Problem) -> Int {
      guard let given = arguments[index], !given.isNone else { return standard }
      guard let number = given.integer else { throw Problem("a place in a text is a whole number") }
      return number < 0 ? max(0, number + scalars.count) : number
    }
    let start = try bound(1, 0)
    let end = min(try bound(2, scalars.count), scalars.count)
    return start <= end ? (Array(scalars[start..<end]), start) : nil
  }

  private static func bytes(_ scalars: some Sequence<Unicode.Scalar>) -> [UInt8] {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return Array(String(view).utf8)
  }

  private static func position(
    _ value: Value, _ arguments: Arguments, isLast: Bool, isNeeded: Bool
  ) throws(Problem) -> Value {
    let needle = Array(try arguments.text(0).utf8)
    var found: Int?
    if let (scalars, start) = try range(value, arguments) {
      let hay = bytes(scalars)
      var place = needle.isEmpty ? (isLast ? hay.count : 0) : nil
      if place == nil {
        if isLast {
          let turned = Array(hay.reversed())
          place = turned.withUnsafeBufferPointer {
            Search(needle.reversed()).first(in: $0)
          }.map { hay.count - $0 - needle.count }
        } else {
          place = hay.withUnsafeBufferPointer { Search(needle).first(in: $0) }
        }
      }
      found = place.map { start + hay[..<$0].count { $0 & 0xC0 != 0x80 } }
    }
    if found == nil, isNeeded { throw Problem("the text does not hold what was asked for") }
    return .int(found ?? -1)
  }

  private static func count(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    let needle = try arguments.text(0)
    guard let (scalars, _) = try range(value, arguments) else { return .int(0) }
    if needle.isEmpty { return .int(scalars.count + 1) }
    return .int(Search(needle.utf8).all(in: bytes(scalars)).count)
  }

  private static func edge(
    _ value: Value, _ arguments: Arguments, _ holds: ([UInt8], [UInt8]) -> Bool
  ) throws(Problem) -> Value {
    var words: [[UInt8]] = []
    if case .tuple(let items)? = arguments[0] {
      for item in items {
        guard let word = item.string else { throw Problem("text or a tuple of texts is needed") }
        words.append(Array(word.utf8))
      }
    } else {
      words = [Array(try arguments.text(0).utf8)]
    }
    guard let (scalars, _) = try range(value, arguments) else { return .bool(false) }
    let text = bytes(scalars)
    return .bool(words.contains { holds(text, $0) })
  }

  private static func partition(
    _ value: Value, _ arguments: Arguments, isLast: Bool
  ) throws(Problem) -> Value {
    let separator = try arguments.text(0)
    guard !separator.isEmpty else { throw Problem("the separator is empty") }
    let text = value.shownText
    let bytes = Array(text.utf8)
    let places = Search(separator.utf8).all(in: bytes)
    guard let place = isLast ? places.last : places.first else {
      return .tuple(
        (isLast ? ["", "", text] : [text, "", ""]).map { part($0, of: value) })
    }
    let after = place + separator.utf8.count
    return .tuple(
      [
        String(decoding: bytes[..<place], as: UTF8.self), separator,
        String(decoding: bytes[after...], as: UTF8.self),
      ].map { part($0, of: value) })
  }

  private static func split(
    _ value: Value, _ arguments: Arguments, fromEnd: Bool
  ) throws(Problem) -> Value {
    let most = try arguments.integer(1, -1)
    let limit = most < 0 ? Int.max : most
    try value.needParts()
    let text = value.shownText
    var parts: [String]
    if let separator = arguments[0], !separator.isNone {
      guard let mark = separator.string else {
        throw Problem("the separator is \(separator.typeName), but text is needed")
      }
      guard !mark.isEmpty else { throw Problem("the separator is empty") }
      parts = Search.split(text, by: mark, limit: fromEnd ? .max : limit)
      if fromEnd, limit < parts.count - 1 {
        let rest = parts[..<(parts.count - limit)].joined(separator: mark)
        parts = [rest] + parts.suffix(limit)
      }
    } else {
      var scalars = Array(text.unicodeScalars)
      if fromEnd { scalars.reverse() }
      parts = words(scalars, limit: limit).map {
        String(String.UnicodeScalarView(fromEnd ? $0.reversed() : $0))
      }
      if fromEnd { parts.reverse() }
    }
    return .list(parts.map { part($0, of: value) })
  }

  /// The stretches between white space; the last of them with all that is left beyond the limit.
  private static func words(_ scalars: [Unicode.Scalar], limit: Int) -> [[Unicode.Scalar]] {
    var result: [[Unicode.Scalar]] = []
    var index = 0
    while true {
      while index < scalars.count, isWhite(scalars[index]) { index += 1 }
      guard index < scalars.count else { return result }
      if result.count == limit { return result + [Array(scalars[index...])] }
      let start = index
      while index < scalars.count, !isWhite(scalars[index]) { index += 1 }
      result.append(Array(scalars[start..<index]))
    }
  }

  private static func joined(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    var parts: [Value] = []
    for item in try (arguments[0] ?? .none).needElements() {
      guard item.string != nil else {
        throw Problem("\(item.typeName) cannot be joined to text", hint: "use the filter 'join'")
      }
      if !parts.isEmpty { parts.append(value) }
      parts.append(item)
    }
    if arguments.escapes || !value.isMarkdown {
      return try Renderers.joined(
        parts, escapes: arguments.escapes, limit: arguments.textLimit, by: "join")
    }
    return .markdown(
      parts.map { $0.isMarkdown ? $0.shownText : Filter.htmlEscaped($0.shownText) }.joined())
  }

  private static func expanded(_ text: String, size: Int) -> String {
    var result = String.UnicodeScalarView()
    var column = 0
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\t":
        guard size > 0 else { continue }
        let count = size - column % size
        result.append(contentsOf: repeatElement(" ", count: count))
        column += count
      case "\n", "\r":
        result.append(scalar)
        column = 0
      default:
        result.append(scalar)
        column += 1
      }
    }
    return String(result)
  }
}
