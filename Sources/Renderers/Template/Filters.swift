import DocModel

/// The built-in filters, by name: Jinja's, and those of the field.
extension Filter {
  /// All filters that an environment has from the beginning.
  static let builtIn = ofJinja.merging(ofTheField) { $1 }

  static let ofJinja: [String: Filter] = [
    // Numbers
    "abs": Filter(Self.absolute),
    "float": Filter(["default="], Self.float),
    "int": Filter(["default=", "base="], Self.integer),
    "round": Filter(["precision=", "method="], Self.round),
    "sum": Filter(["attribute=", "start="], Self.sum),
    "filesizeformat": Filter(["binary="], Self.fileSize),
    // Text
    "capitalize": Filter(Self.capitalize),
    "center": Filter(["width="], Self.center),
    "escape": Filter(Self.escape),
    "e": Filter(Self.escape),
    "format": Filter(["*"], Self.format),
    "indent": Filter(["width=", "first=", "blank="], Self.indent),
    "lower": Filter { (value, _) in value.mapText { $0.lowercased() } },
    "replace": Filter(["old", "new", "count="], Self.replace),
    "string": Filter { (value, _) in value.isMarkdown ? value : .text(value.shownText) },
    "striptags": Filter(Self.stripTags),
    "title": Filter(Self.title),
    "tojson": Filter(["indent="], Self.json),
    "trim": Filter(["chars="], Self.trim),
    "truncate": Filter(["length=", "killwords=", "end=", "leeway="], Self.truncate),
    "upper": Filter { (value, _) in value.mapText { $0.uppercased() } },
    "urlencode": Filter(Self.urlEncode),
    "wordcount": Filter(Self.wordCount),
    "wordwrap": Filter(
      ["width=", "break_long_words=", "wrapstring=", "break_on_hyphens="], Self.wordWrap),
    // Lists
    "batch": Filter(["linecount", "fill_with="], Self.batch),
    "count": Filter(Self.length),
    "first": Filter { (value, _) throws(Problem) in
      try value.needElements().first ?? .undefined
    },
    "groupby": Filter(["attribute", "default=", "case_sensitive="], Self.groupBy),
    "join": Filter(["d=", "attribute="], Self.join),
    "last": Filter { (value, _) throws(Problem) in try value.needElements().last ?? .undefined },
    "length": Filter(Self.length),
    "list": Filter { (value, _) throws(Problem) in .list(try value.needElements()) },
    "map": Filter(["*", "**"], Self.map),
    "max": Filter(["case_sensitive=", "attribute="]) { (value, arguments) throws(Problem) in
      try extreme(value, arguments, sign: 1)
    },
    "min": Filter(["case_sensitive=", "attribute="]) { (value, arguments) throws(Problem) in
      try extreme(value, arguments, sign: -1)
    },
    "reject": Filter(["*"]) { (value, arguments) throws(Problem) in
      try choose(value, arguments, keeps: false, byAttribute: false)
    },
    "rejectattr": Filter(["*"]) { (value, arguments) throws(Problem) in
      try choose(value, arguments, keeps: false, byAttribute: true)
    },
    "reverse": Filter(Self.reverse),
    "select": Filter(["*"]) { (value, arguments) throws(Problem) in
      try choose(value, arguments, keeps: true, byAttribute: false)
    },
    "selectattr": Filter(["*"]) { (value, arguments) throws(Problem) in
      try choose(value, arguments, keeps: true, byAttribute: true)
    },
    "slice": Filter(["slices", "fill_with="], Self.slice),
    "sort": Filter(["reverse=", "case_sensitive=", "attribute="], Self.sort),
    "unique": Filter(["case_sensitive=", "attribute="], Self.unique),
    // Records
    "dictsort": Filter(["case_sensitive=", "by=", "reverse="], Self.sortRecord),
    "items": Filter([], acceptsUndefined: true, Self.items),
    // Anything
    "d": Filter(["default_value=", "boolean="], acceptsUndefined: true, Self.standard),
    "default": Filter(["default_value=", "boolean="], acceptsUndefined: true, Self.standard),
  ]

  /// Jinja's filters that this engine has not, with what to do instead.
  static let unsupported: [String: String] = [
    "attr": "write 'value.name', or 'value[name]' where the name is a value",
    "forceescape": "every value is escaped for its place already",
    "pprint": "output the value itself",
    "random": "the same input gives the same document; choose an item by its index",
    "safe": "nothing is exempt from escaping; give Markdown to the template as Markdown",
    "urlize": "write a link: '[title](address)'",
    "xmlattr": "write the attributes out, each with quotes",
  ]
}

extension Value {
  /// Changes text and keeps its kind.
  func mapText(_ change: (String) throws(Problem) -> String) rethrows -> Value {
    switch self {
    case .markdown(let text), .rendered(let text): .markdown(try change(text))
    default: .text(try change(shownText))
    }
  }

  func needElements() throws(Problem) -> [Value] {
    guard let elements else { throw Problem("\(typeName) has no items") }
    return elements
  }

  /// The value at a path such as `address.city` or `0.name`.
  func at(path: String) -> Value {
    var value = self
    for part in path.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
      let name = String(decoding: part, as: UTF8.self)
      switch value {
      case .record(let record): value = record[name] ?? .undefined
      case .list(let items), .tuple(let items):
        guard let index = Int(name), items.indices.contains(index) else { return .undefined }
        value = items[index]
      default: return .undefined
      }
    }
    return value
  }
}

// MARK: - Numbers

extension Filter {
  private static func absolute(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    if let number = value.integer {
      guard number != .min else { throw Problem("the result does not fit 64 bits") }
      return .int(abs(number))
    }
    guard let number = value.number else { throw Problem("\(value.typeName) is not a number") }
    return .double(abs(number))
  }

  private static func float(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    if let number = value.number { return .double(number) }
    if let text = value.string, let number = parsedDouble(text) { return .double(number) }
    return arguments[0] ?? .double(0)
  }

  private static func parsedDouble(_ text: String) -> Double? {
    let trimmed = trimmed(text)
    guard !trimmed.lowercased().contains("x"), !trimmed.hasPrefix("_"), !trimmed.hasSuffix("_")
    else { return nil }
    return Double(trimmed.filter { $0 != "_" })
  }

  private static func integer(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    let standard = arguments[0] ?? .int(0)
    let base = try arguments.integer(1, 10)
    if let number = value.integer { return .int(number) }
    if case .double(let number) = value {
      return Int(exactly: number.rounded(.towardZero)).map(Value.int) ?? standard
    }
    guard let text = value.string else { return standard }
    var digits = trimmed(text).filter { $0 != "_" }.lowercased()
    guard (2...36).contains(base) else { return standard }
    let prefixes = [16: "0x", 8: "0o", 2: "0b"]
    if let prefix = prefixes[base], digits.hasPrefix(prefix) { digits.removeFirst(2) }
    if let number = Int(digits, radix: base) { return .int(number) }
    if let number = parsedDouble(text), let whole = Int(exactly: number.rounded(.towardZero)) {
      return .int(whole)
    }
    return standard
  }

  private static func round(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    guard let number = value.number else { throw Problem("\(value.typeName) is not a number") }
    let precision = try arguments.integer(0)
    let method = try arguments.text(1, "common")
    switch method {
    case "common":
      if precision >= 0 {
        guard let result = Double(fixed(abs(number), precision)) else { return value }
        if value.integer != nil { return value }
        return .double(number < 0 ? -result : result)
      }
      let scale = realPower(10, Double(-precision))
      let result = (number / scale).rounded(.toNearestOrEven) * scale
      return value.integer != nil ? .int(Int(exactly: result) ?? 0) : .double(result)
    case "ceil", "floor":
      let scale = realPower(10, Double(precision))
      let rule: FloatingPointRoundingRule = method == "ceil" ? .up : .down
      return .double((number * scale).rounded(rule) / scale)
    default:
      throw Problem("there is no way of rounding '\(method)'", hint: "common, ceil or floor")
    }
  }

  private static func sum(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    var total = arguments[1] ?? .int(0)
    let path = arguments[0]?.string
    for item in try value.needElements() {
      let part = path.map { item.at(path: $0) } ?? item
      if case .undefined = part { throw Problem("an item has no '\(path ?? "")'") }
      switch Expression.Operator.add.apply(total, part, limit: .max, escapes: false) {
      case .success(let result): total = result
      case .failure(let problem): throw problem
      }
    }
    return total
  }

  private static func fileSize(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    guard let bytes = value.number ?? value.string.flatMap(Double.init) else {
      throw Problem("\(value.typeName) is not a number")
    }
    let isBinary = arguments.flag(0)
    let base: Double = isBinary ? 1024 : 1000
    let units =
      isBinary
      ? ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"]
      : ["kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"]
    if bytes == 1 { return .text("1 Byte") }
    if bytes < base { return .text("\(Int(bytes)) Bytes") }
    var unit = base
    for (index, name) in units.enumerated() {
      unit *= base
      if bytes < unit || index == units.count - 1 {
        return .text("\(fixed(base * bytes / unit, 1)) \(name)")
      }
    }
    return .text("")
  }

  // MARK: - Lists

  private static func length(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    guard let count = value.count else { throw Problem("\(value.typeName) has no length") }
    return .int(count)
  }

  private static func standard(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    let isMissing = value.isUndefined || (arguments.flag(1) && !value.isTrue)
    return isMissing ? arguments[0] ?? .text("") : value
  }

  private static func batch(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    let size = try arguments.integer(0)
    guard size > 0 else { throw Problem("a batch needs at least one item") }
    var rows: [Value] = []
    let items = try value.needElements()
    var start = 0
    while start < items.count {
      var row = Array(items[start..<min(start + size, items.count)])
      if let fill = arguments[1], !fill.isNone { while row.count < size { row.append(fill) } }
      rows.append(.list(row))
      start += size
    }
    return .list(rows)
  }

  private static func slice(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    let slices = try arguments.integer(0)
    guard slices > 0, slices <= 1_000_000 else { throw Problem("a slice needs at least one part") }
    let items = try value.needElements()
    let (size, more) = items.count.quotientAndRemainder(dividingBy: slices)
    var result: [Value] = []
    var offset = 0
    for part in 0..<slices {
      let start = offset + part * size
      if part < more { offset += 1 }
      var row = Array(items[start..<offset + (part + 1) * size])
      if let fill = arguments[1], !fill.isNone, part >= more { row.append(fill) }
      result.append(.list(row))
    }
    return .list(result)
  }

  private static func join(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    let path = arguments[1]?.string
    let separator = arguments[0] ?? .text("")
    var parts: [Value] = []
    for item in try value.needElements() {
      let part = path.map { item.at(path: $0) } ?? item
      if case .undefined = part { throw Problem("an item is undefined") }
      if !parts.isEmpty { parts.append(separator) }
      parts.append(part)
    }
    return joined(
      parts, escapes: arguments.environment?.options.escaping != TemplateOptions.Escaping.none)
  }

  private static func reverse(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    if let text = value.string {
      return .text(String(String.UnicodeScalarView(text.unicodeScalars.reversed())))
    }
    return .list(try value.needElements().reversed())
  }

  private static func items(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    if value.isUndefined { return .list([]) }
    guard case .record(let record) = value else {
      throw Problem("\(value.typeName) is not a record")
    }
    return .list(zip(record.keys.names, record.values).map { .tuple([.text($0), $1]) })
  }
}
