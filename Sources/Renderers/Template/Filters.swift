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
    "forceescape": Filter(Self.forceEscape),
    "format": Filter(["*", "**"], Self.format),
    "indent": Filter(["width=", "first=", "blank="], Self.indent),
    "lower": Filter { (value, _) in value.mapText { lowercased($0) } },
    "replace": Filter(["old", "new", "count="], Self.replace),
    "safe": Filter(Self.safe),
    "string": Filter { (value, arguments) in
      value.isMarkdown ? value : .text(value.shownText(upTo: arguments.textLimit))
    },
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
    "xmlattr": Filter(["autospace="], Self.attributes),
    // Lists
    "batch": Filter(["linecount", "fill_with="], Self.batch),
    "count": Filter(Self.length),
    "first": Filter { (value, _) throws(Problem) in
      try value.needElements().first ?? .undefined
    },
    "groupby": Filter(["attribute", "default=", "case_sensitive="], Self.groupBy),
    "join": Filter(["d=", "attribute="], Self.join),
    "last": Filter { (value, _) throws(Problem) in
      if value.count == nil { throw Problem("\(value.typeName) has no last item") }
      return try value.needElements().last ?? .undefined
    },
    "length": Filter(Self.length),
    "list": Filter { (value, _) throws(Problem) in .list(try value.needElements()) },
    "map": Filter(["*", "**"], Self.map),
    "max": Filter(["case_sensitive=", "attribute="]) { (value, arguments) throws(Problem) in
      try extreme(value, arguments, sign: 1)
    },
    "min": Filter(["case_sensitive=", "attribute="]) { (value, arguments) throws(Problem) in
      try extreme(value, arguments, sign: -1)
    },
    "reject": Filter(["*", "**"]) { (value, arguments) throws(Problem) in
      try choose(value, arguments, keeps: false, byAttribute: false)
    },
    "rejectattr": Filter(["*", "**"]) { (value, arguments) throws(Problem) in
      try choose(value, arguments, keeps: false, byAttribute: true)
    },
    "reverse": Filter(Self.reverse),
    "select": Filter(["*", "**"]) { (value, arguments) throws(Problem) in
      try choose(value, arguments, keeps: true, byAttribute: false)
    },
    "selectattr": Filter(["*", "**"]) { (value, arguments) throws(Problem) in
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
    "pprint": "use 'tojson(2)', or output the value itself",
    "random": "the same input gives the same document; choose an item by its index",
    "urlize": "write a link: '[title](address)'",
  ]

  /// Filters that only work where nothing is escaped, with what to do instead.
  static let unescaped: [String: String] = [
    "safe": "nothing is exempt from escaping; give Markdown to the template as Markdown",
    "xmlattr": "write the attributes out, each with quotes",
  ]
}

extension Value {
  /// Changes text and keeps its kind; captured text is written anew, since it may have lost what
  /// kept the values in it inert.
  func mapText(_ change: (String) throws(Problem) -> String) rethrows -> Value {
    switch self {
    case .markdown(let text): .markdown(try change(text))
    case .rendered(let text): .rendered(Fitting.anew(try change(text)))
    case .foreign(let foreign): .foreign(foreign.with(try change(foreign.text)))
    default: .text(try change(shownText))
    }
  }

  /// Refuses a text whose parts would take many times the memory that it takes itself.
  func needParts() throws(Problem) {
    if let text = string, text.utf8.count > Limits.characters {
      throw Problem("a text of more than \(Limits.characters) bytes is not taken apart")
    }
  }

  func needElements() throws(Problem) -> [Value] {
    try needParts()
    guard let elements else {
      throw isSpent ? Series.spent : Problem("\(typeName) has no items")
    }
    return elements
  }

  /// The value at a path such as `address.city` or `0.name`.
  func at(path: Value) throws(Problem) -> Value {
    guard let text = path.string else { return item(path) }
    var value = self
    var rest = text.utf8[...]
    while true {
      if case .undefined = value { throw Problem("an item has no '\(text)'") }
      let end = rest.firstIndex(of: UInt8(ascii: ".")) ?? rest.endIndex
      let name = String(text[rest.startIndex..<end])
      let isIndex = rest.first?.isDigit == true && rest[..<end].allSatisfy(\.isDigit)
      value = value.item(isIndex ? Int(name).map(Value.int) ?? .none : .text(name))
      if end == rest.endIndex { return value }
      rest = rest[end...].dropFirst()
    }
  }

  /// An item by its place or its name, as far as it needs no machine to find it.
  func item(_ index: Value) -> Value {
    guard let position = index.integer else {
      guard case .record(let record) = self, let name = index.string else { return .undefined }
      return record[name] ?? .undefined
    }
    func at<T: RandomAccessCollection>(_ items: T) -> T.Element? where T.Index == Int {
      let place = position < 0 ? position + items.count : position
      return items.indices.contains(place) ? items[place] : nil
    }
    switch self {
    case .list(let items), .tuple(let items): return at(items) ?? .undefined
    case .text(let text), .markdown(let text), .rendered(let text):
      return at(Array(text.unicodeScalars)).map { .text(String($0)) } ?? .undefined
    case .foreign(let foreign): return foreign.unmarked.item(index)
    case .record(let record) where record.keys === Filter.groupKeys:
      return at(record.values) ?? .undefined
    case .object(let object):
      guard let series = object as? Series, series.form.isRange else { return .undefined }
      return at(series.items) ?? .undefined
    default: return .undefined
    }
  }

  /// Items that can be gone through once.
  static func stream(_ items: [Value]) -> Value { .object(Series(.stream, items)) }
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
    guard let digits = joinedDigits(trimmed(text)), !digits.lowercased().contains("x"),
      !digits.contains("(")
    else { return nil }
    return Double(digits.hasSuffix(".") ? digits + "0" : digits)
  }

  /// Digits as ASCII has them, without the `_` that may stand between two of them.
  private static func joinedDigits(_ text: String) -> String? {
    var result = ""
    let scalars = Array(text.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      if scalar == "_" {
        guard index > 0, index + 1 < scalars.count, isAlnum(scalars[index - 1]),
          isAlnum(scalars[index + 1])
        else { return nil }
      } else if !scalar.isASCII, scalar.properties.numericType == .decimal,
        let value = scalar.properties.numericValue
      {
        result += String(Int(value))
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func integer(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    let standard = arguments[0] ?? .int(0)
    let base = try arguments.integer(1, 10)
    if let number = value.integer { return .int(number) }
    if case .double(let number) = value {
      if number.isNaN || number.isInfinite { return standard }
      guard let whole = Int(exactly: number.rounded(.towardZero)) else {
        throw Problem("the result does not fit 64 bits")
      }
      return .int(whole)
    }
    if value.isUndefined { throw Problem("an undefined value is not a number") }
    guard let text = value.string else { return standard }
    if let digits = joinedDigits(trimmed(text)), let number = try wholeNumber(digits, base) {
      return .int(number)
    }
    guard let number = parsedDouble(text), number.isFinite else { return standard }
    guard let whole = Int(exactly: number.rounded(.towardZero)) else {
      throw Problem("the result does not fit 64 bits")
    }
    return .int(whole)
  }

  private static func wholeNumber(_ text: String, _ base: Int) throws(Problem) -> Int? {
    var digits = text.lowercased()
    let isNegative = digits.hasPrefix("-")
    if isNegative || digits.hasPrefix("+") { digits.removeFirst() }
    var radix = base
    for (prefix, own) in [("0x", 16), ("0o", 8), ("0b", 2)] {
      if (base == own || base == 0) && digits.hasPrefix(prefix) {
        digits.removeFirst(2)
        radix = own
        break
      }
    }
    if radix == 0 {
      if digits.hasPrefix("0"), !digits.allSatisfy({ $0 == "0" }) { return nil }
      radix = 10
    }
    guard (2...36).contains(radix), !digits.isEmpty,
      digits.utf8.allSatisfy({ byte in
        Character(Unicode.Scalar(byte)).isLetter || byte.isDigit
      }), digits.utf8.allSatisfy({ $0 < 0x80 })
    else { return nil }
    let isValid = digits.utf8.allSatisfy { byte in
      (byte.isDigit ? Int(byte) - 0x30 : Int(byte) - 0x57) < radix
    }
    guard isValid else { return nil }
    guard let number = Int((isNegative ? "-" : "") + digits, radix: radix) else {
      throw Problem("the result does not fit 64 bits")
    }
    return number
  }

  private static func round(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    guard let number = value.number else { throw Problem("\(value.typeName) is not a number") }
    let precision = try arguments.integer(0)
    let method = try arguments.text(1, "common")
    switch method {
    case "common":
      if let whole = value.integer { return .int(try rounded(whole, precision)) }
      if precision >= 0 {
        let result = precision > 300 ? number : Double(fixed(abs(number), precision)) ?? number
        return .double(Double(signOf: number, magnitudeOf: result))
      }
      guard precision > -300 else { return .double(Double(signOf: number, magnitudeOf: 0)) }
      let digits = printedExactly(abs(number))
      return .double(
        Double(signOf: number, magnitudeOf: Double(roundedDigits(digits, -precision)) ?? 0))
    case "ceil", "floor":
      let scale = realPower(10, Double(precision))
      let rule: FloatingPointRoundingRule = method == "ceil" ? .up : .down
      let whole = (number * scale).rounded(rule)
      guard whole.isFinite else { throw Problem("the number is too large to be rounded") }
      return .double(whole == 0 ? 0 : whole / scale)
    default:
      throw Problem("there is no way of rounding '\(method)'", hint: "common, ceil or floor")
    }
  }

  /// A whole number to tens, hundreds and so on; what lies in the middle goes to the even one.
  private static func rounded(_ number: Int, _ precision: Int) throws(Problem) -> Int {
    if precision >= 0 { return number }
    if precision < -18 { return 0 }
    var unit = 1
    for _ in 0..<(-precision) { unit *= 10 }
    let (quotient, remainder) = number.quotientAndRemainder(dividingBy: unit)
    let half = abs(remainder)
    let isUp = half > unit - half || (half == unit - half && !quotient.isMultiple(of: 2))
    let result = (quotient + (isUp ? number.signum() : 0)).multipliedReportingOverflow(by: unit)
    if result.overflow { throw Problem("the result does not fit 64 bits") }
    return result.partialValue
  }

  /// All digits of a number, with its decimals.
  private static func printedExactly(_ number: Double) -> String { fixed(number, 60) }

  /// Decimal digits rounded to tens, hundreds and so on, exactly.
  private static func roundedDigits(_ text: String, _ places: Int) -> String {
    let parts = text.split(separator: ".")
    let whole = Array(parts[0].utf8)
    guard whole.count >= places else { return "0" }
    var kept = Array(whole[..<(whole.count - places)])
    let rest =
      Array(whole[(whole.count - places)...]) + Array((parts.count > 1 ? parts[1] : "").utf8)
    let isMiddle = rest.first == 0x35 && rest.dropFirst().allSatisfy { $0 == 0x30 }
    let isOdd = kept.last.map { $0 & 1 == 1 } ?? false
    if let first = rest.first, first > 0x35 || first == 0x35 && (!isMiddle || isOdd) {
      var index = kept.count - 1
      while index >= 0, kept[index] == 0x39 {
        kept[index] = 0x30
        index -= 1
      }
      if index >= 0 { kept[index] += 1 } else { kept.insert(0x31, at: 0) }
    }
    if kept.isEmpty { return "0" }
    return String(decoding: kept, as: UTF8.self) + String(repeating: "0", count: places)
  }

  private static func sum(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    var total = arguments[1] ?? .int(0)
    if total.string != nil { throw Problem("texts are not summed", hint: "use the filter 'join'") }
    let path = arguments[0].flatMap { $0.isNone ? nil : $0 }
    for item in try value.needElements() {
      let part = try path.map { (path) throws(Problem) in try item.at(path: path) } ?? item
      if part.isUndefined { throw Problem("an item has no '\(path?.shownText ?? "")'") }
      let result = Expression.Operator.add.apply(
        total, part, limit: Limits.listSize, escapes: arguments.escapes)
      total = try result.get()
    }
    return total
  }

  private static func fileSize(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    guard let bytes = value.number ?? value.string.flatMap(parsedDouble), bytes.isFinite else {
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
    guard let count = value.count else {
      let isStream = value.isStream
      throw Problem(
        "\(value.typeName) has no length",
        hint: isStream ? "write '|list' where they are made" : nil)
    }
    return .int(count)
  }

  private static func standard(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    let isMissing = value.isUndefined || (arguments.flag(1) && !value.isTrue)
    return isMissing ? arguments[0] ?? .text("") : value
  }

  private static func batch(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    let size = try arguments.integer(0)
    let fill = arguments[1].flatMap { $0.isNone ? nil : $0 }
    var rows: [Value] = []
    var row: [Value] = []
    for item in try value.needElements() {
      if row.count == size {
        rows.append(.list(row))
        row = []
      }
      row.append(item)
    }
    if !row.isEmpty {
      if let fill, row.count < size {
        guard size <= Limits.listSize else {
          throw Problem("a batch has at most \(Limits.listSize) items")
        }
        row += repeatElement(fill, count: size - row.count)
      }
      rows.append(.list(row))
    }
    return .stream(rows)
  }

  private static func slice(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    let slices = try arguments.integer(0)
    guard slices != 0 else { throw Problem("a list cannot be cut into no parts") }
    guard slices <= Limits.listSize else {
      throw Problem("a list is cut into at most \(Limits.listSize) parts")
    }
    let items = try value.needElements()
    let (size, more) = items.count.quotientAndRemainder(dividingBy: slices)
    var result: [Value] = []
    var offset = 0
    for part in 0..<max(0, slices) {
      let start = offset + part * size
      if part < more { offset += 1 }
      var row = Array(items[start..<offset + (part + 1) * size])
      if let fill = arguments[1], !fill.isNone, part >= more { row.append(fill) }
      result.append(.list(row))
    }
    return .stream(result)
  }

  private static func join(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    let path = arguments[1].flatMap { $0.isNone ? nil : $0 }
    let separator = arguments[0] ?? .text("")
    var parts: [Value] = []
    for item in try value.needElements() {
      let part = try path.map { (path) throws(Problem) in try item.at(path: path) } ?? item
      if case .undefined = part { throw Problem("an item is undefined") }
      if !parts.isEmpty { parts.append(separator) }
      parts.append(part)
    }
    return try joined(
      parts, escapes: arguments.escapes, limit: arguments.textLimit, by: "join")
  }

  private static func reverse(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    if let text = value.string {
      return .text(String(String.UnicodeScalarView(text.unicodeScalars.reversed())))
    }
    let items = Array(try value.needElements().reversed())
    if value.isStream {
      return .list(items)
    }
    return .stream(items)
  }

  private static func items(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    if value.isUndefined { return .stream([]) }
    guard case .record = value else { throw Problem("\(value.typeName) is not a record") }
    return .stream(pairs(of: value))
  }

  /// The names of a record, each with its value.
  static func pairs(of value: Value) -> [Value] {
    guard case .record(let record) = value else { return [] }
    return zip(record.keys.names, record.values).map { .tuple([.text($0), $1]) }
  }
}
