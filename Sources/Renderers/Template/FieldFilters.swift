import DocModel

/// Filters of the field: dates, times, quantities, money, durations and availability as people
/// read them in the language of the document. They take what the files hold and fail on anything
/// else, so that nothing is shown wrong.
extension Filter {
  static let ofTheField: [String: Filter] = [
    "anchor": Filter(Self.anchor),
    "cell": Filter(["empty=", "separator="], Self.cell),
    "date": Filter(Self.date),
    "datetime": Filter(Self.dateTime),
    "downtime": Filter(Self.downtime),
    "duration": Filter(Self.duration),
    "money": Filter(["currency="], Self.money),
    "number": Filter(["decimals="], Self.number),
    "plural": Filter(["singular", "plural="], Self.plural),
    "quantity": Filter(Self.quantity),
    "slug": Filter(Self.slug),
    "status": Filter(["words", "otherwise="], Self.status),
  ]

  // MARK: - Cells and states

  /// What a table's cell shows: a mark for nothing, the items of a list in one line.
  private static func cell(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    let empty = arguments[0] ?? .text("–")
    switch value {
    case .none: return empty
    case .text(let text), .markdown(let text), .rendered(let text):
      return text.isEmpty ? empty : value
    case .list, .tuple, .object:
      let separator = Value.text(try arguments.text(1, "; "))
      var parts: [Value] = []
      for item in try value.needElements() {
        if item.isUndefined { throw Problem("an item is undefined") }
        if !parts.isEmpty { parts.append(separator) }
        parts.append(item)
      }
      return parts.isEmpty
        ? empty
        : try joined(
          parts, escapes: arguments.escapes, limit: Limits().outputSize, by: "cell")
    case .record: throw Problem("a record does not fit a cell", hint: "name one of its values")
    default: return value
    }
  }

  /// The sign and the word of a state, out of the record that the template gives.
  private static func status(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    guard case .record(let words)? = arguments[0] else {
      throw Problem("the words of the states are needed", hint: "write status({'open': '◌ open'})")
    }
    let state = value.isNone ? "none" : value.shownText
    if let word = words[state] ?? arguments[1] { return word }
    let near = nearest(to: state, among: words.keys.names)
    throw Problem(
      "there is no word for the state '\(state)'",
      hint: near.map { "did you mean '\($0)'?" }
        ?? "known: \(words.keys.names.joined(separator: ", "))")
  }

  // MARK: - Dates

  /// `2026-12-01` as `1 December 2026`; of a point in time, its day.
  private static func date(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    let text = value.shownText
    guard let (year, month, day, rest) = parsedDate(text), rest.isEmpty || rest.first == 0x54 else {
      throw Problem("'\(text)' is not a date", hint: "write it as 2026-12-31")
    }
    return .text(spelled(year, month, day, arguments.forms))
  }

  private static func spelled(
    _ year: Int, _ month: Int, _ day: Int, _ forms: Language.Forms
  ) -> String {
    filled(
      forms.date,
      [
        "day": day == 1 ? forms.firstDay : String(day), "month": forms.months[month - 1],
        "year": String(year),
      ])
  }

  /// `2027-01-15T17:00+03:00` as `15 January 2027, 17:00 (UTC+03:00)`.
  private static func dateTime(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    let text = value.shownText
    let problem = Problem(
      "'\(text)' is not a point in time", hint: "write it as 2026-12-31T17:00+03:00")
    guard let (year, month, day, rest) = parsedDate(text) else { throw problem }
    let forms = arguments.forms
    let date = spelled(year, month, day, forms)
    if rest.isEmpty { return .text(date) }
    guard rest.count >= 6, rest[0] == 0x54, let hour = digits(rest[1..<3]),
      rest[3] == 0x3A, let minute = digits(rest[4..<6]), hour <= 24, minute < 60
    else { throw problem }
    var zone = rest[6...]
    if zone.first == 0x3A {
      guard zone.count >= 3, digits(zone.dropFirst().prefix(2)) != nil else { throw problem }
      zone = zone.dropFirst(3)
      if zone.first == UInt8(ascii: ".") {
        zone = zone.dropFirst()
        zone = zone.drop { $0.isDigit }
      }
    }
    let time = filled(
      forms.time,
      [
        "hour": String(decoding: rest[1..<3], as: UTF8.self),
        "minute": String(decoding: rest[4..<6], as: UTF8.self),
      ])
    if zone.isEmpty { return .text(filled(forms.moment, ["date": date, "time": time])) }
    if !zone.elementsEqual([0x5A]) {
      let offset = Array(zone)
      guard offset.count == 6, offset[0] == 0x2B || offset[0] == 0x2D, offset[3] == 0x3A,
        digits(offset[1..<3]) != nil, digits(offset[4..<6]) != nil
      else { throw problem }
    }
    let offset = zone.elementsEqual([0x5A]) ? "" : String(decoding: zone, as: UTF8.self)
    return .text(filled(forms.zonedMoment, ["date": date, "time": time, "offset": offset]))
  }

  private static func digits(_ bytes: some Collection<UInt8>) -> Int? {
    guard !bytes.isEmpty, bytes.allSatisfy(\.isDigit) else { return nil }
    return bytes.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }

  private static func parsedDate(
    _ text: String
  ) -> (year: Int, month: Int, day: Int, rest: [UInt8])? {
    var text = text
    return text.withUTF8 { bytes in
      guard bytes.count >= 10, bytes[4] == 0x2D, bytes[7] == 0x2D, let year = digits(bytes[0..<4]),
        let month = digits(bytes[5..<7]), let day = digits(bytes[8..<10])
      else { return nil }
      let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      let length =
        switch month {
        case 1, 3, 5, 7, 8, 10, 12: 31
        case 4, 6, 9, 11: 30
        case 2: isLeap ? 29 : 28
        default: 0
        }
      guard day >= 1, day <= length else { return nil }
      return (year, month, day, Array(bytes[10...]))
    }
  }

  // MARK: - Numbers

  /// A decimal number as it is written: a sign, digits and decimals, without exponent.
  private static func decimal(_ value: Value) -> Number? {
    var text: String
    switch value {
    case .int(let number): return (number < 0, String(number.magnitude), "")
    case .double(let number):
      guard number.isFinite else { return nil }
      text = pythonText(of: number)
      if text.utf8.contains(UInt8(ascii: "e")) { text = fixed(number, abs(number) < 1 ? 12 : 0) }
      if text.contains(".") {
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
      }
    default:
      guard let string = value.string else { return nil }
      text = string
    }
    var isNegative = false
    var whole: [UInt8] = []
    var part: [UInt8] = []
    var hasPoint = false
    for (index, byte) in trimmed(text).utf8.filter({ $0 != 0x2C && $0 != 0x5F }).enumerated() {
      switch byte {
      case UInt8(ascii: "-") where index == 0: isNegative = true
      case UInt8(ascii: "+") where index == 0: continue
      case .period where !hasPoint: hasPoint = true
      case _ where !byte.isDigit: return nil
      case _ where hasPoint: part.append(byte)
      default: whole.append(byte)
      }
    }
    if whole.isEmpty || hasPoint && part.isEmpty { return nil }
    return (
      isNegative, String(decoding: whole, as: UTF8.self), String(decoding: part, as: UTF8.self)
    )
  }

  private typealias Number = (isNegative: Bool, whole: String, part: String)

  private static func grouped(_ number: Number, _ forms: Language.Forms) -> String {
    let digits = Array(number.whole.utf8.drop { $0 == UInt8(ascii: "0") })
    var result: [UInt8] = number.isNegative ? [UInt8(ascii: "-")] : []
    if digits.isEmpty { result.append(UInt8(ascii: "0")) }
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { result += forms.groupMark.utf8 }
      result.append(digit)
    }
    if !number.part.isEmpty {
      result += forms.decimalMark.utf8
      result += number.part.utf8
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// The plural form that goes with a number.
  private static func form(of number: Number, _ forms: Language.Forms) -> Int {
    forms.form(whole: Int(number.whole) ?? .max, hasDecimals: !number.part.isEmpty)
  }

  /// `12000` as `12,000`, with a fixed count of decimals where one is asked for.
  private static func number(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    guard var parts = decimal(value) else {
      throw Problem("'\(value.shownText)' is not a number")
    }
    if let decimals = arguments[0]?.integer {
      guard let exact = Double("\(parts.whole).\(parts.part)0") else {
        return .text(grouped(parts, arguments.forms))
      }
      if parts.part.utf8.count > decimals {
        let rounded = fixed(exact, decimals).split(separator: ".")
        parts.whole = String(rounded[0])
        parts.part = rounded.count > 1 ? String(rounded[1]) : ""
      } else {
        parts.part += String(repeating: "0", count: max(0, decimals - parts.part.utf8.count))
      }
    }
    return .text(grouped(parts, arguments.forms))
  }

  /// `1250000.5` with `currency='KES'` as `KES 1,250,000.50`; an amount may bring its currency.
  private static func money(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    var currency = try arguments.text(0)
    var amount = value
    if let text = value.string {
      let words = text.utf8.split(separator: .space).map { String(decoding: $0, as: UTF8.self) }
      if words.count == 2 {
        let isFirst = words[0].utf8.allSatisfy(\.isLetter)
        currency = isFirst ? words[0] : words[1]
        amount = .text(isFirst ? words[1] : words[0])
      }
    }
    guard var parts = decimal(amount) else {
      throw Problem(
        "'\(value.shownText)' is not an amount of money", hint: "write it as 1250000.50")
    }
    if parts.part.utf8.count == 1 { parts.part += "0" }
    let number = grouped(parts, arguments.forms)
    return .text(
      currency.isEmpty
        ? number : filled(arguments.forms.money, ["currency": currency, "amount": number]))
  }

  /// `12000 users` as `12,000 users`.
  private static func quantity(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    let text = value.shownText
    let end = text.firstIndex { !($0.isNumber || $0 == "." || $0 == "," || $0 == "-" || $0 == "+") }
    let written = text[..<(end ?? text.endIndex)]
    guard let parts = decimal(.text(String(written))) else {
      throw Problem("'\(text)' is not a quantity", hint: "write it as 940 Mbps")
    }
    let unit = trimmed(String(text[(end ?? text.endIndex)...]))
    let number = grouped(parts, arguments.forms)
    return .text(
      unit.isEmpty ? number : filled(arguments.forms.quantity, ["number": number, "unit": unit]))
  }

  /// A count with its word: `1 question`, `12 questions`.
  private static func plural(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    let count = value.items?.count
    guard let parts = decimal(count.map(Value.int) ?? value) else {
      throw Problem("'\(value.shownText)' is not a number")
    }
    let forms = arguments.forms
    let singular = try arguments.text(0)
    let word =
      form(of: parts, forms) == 0
      ? singular : try arguments.text(1, filled(forms.plural, ["word": singular]))
    return .text(filled(forms.count, ["count": grouped(parts, forms), "word": word]))
  }

  /// What an availability in per cent allows, in minutes: `month` of 30 days, `year` of 365.
  private static func downtime(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    var input = value
    if let text = value.string { input = .text(trimmed(text.filter { $0 != "%" })) }
    guard let parts = decimal(input), !parts.isNegative,
      let availability = Double("\(parts.whole).\(parts.part)0"), availability <= 100
    else {
      throw Problem("'\(value.shownText)' is not an availability", hint: "write it as 99.5")
    }
    func minutes(_ days: Double) -> Value {
      let exact = (100 - availability) * days * 14.4
      let rounded = (exact * 100).rounded() / 100
      return rounded == rounded.rounded() ? .int(Int(rounded)) : .double(rounded)
    }
    return .record(["month": minutes(30), "year": minutes(365)])
  }

  // MARK: - Durations

  /// The units that may be written, each with the name that its words have in the catalogues.
  private static let units: [String: String] = [
    "s": "second", "sec": "second", "second": "second", "min": "minute", "minute": "minute",
    "h": "hour", "hour": "hour", "d": "day", "day": "day", "week": "week", "w": "week",
    "month": "month", "year": "year", "y": "year", "business day": "business day",
    "business hour": "business hour", "working day": "working day",
  ]

  /// `15 min`, `4 h`, `1 business day` or `PT4H` in whole words.
  private static func duration(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    let text = trimmed(value.shownText)
    let problem = Problem(
      "'\(text)' is not a length of time", hint: "write it as 15 min, 4 h, 1 business day or PT4H")
    let forms = arguments.forms
    if text.hasPrefix("P") {
      guard let parts = isoDuration(text, forms) else { throw problem }
      return .text(parts.joined(separator: forms.durationMark))
    }
    let digits = text.utf8.prefix { $0.isDigit || $0 == .period || $0 == UInt8(ascii: ",") }
    guard let number = decimal(.text(String(Substring(digits)))) else { throw problem }
    var word = trimmed(String(text[digits.endIndex...])).lowercased()
    if units[word] == nil, word.hasSuffix("s") { word.removeLast() }
    guard let unit = units[word] else { throw problem }
    return .text(spelled(number, unit, forms))
  }

  private static func spelled(_ number: Number, _ unit: String, _ forms: Language.Forms) -> String {
    let words = forms.durations[unit] ?? []
    let form = form(of: number, forms)
    return filled(
      words.indices.contains(form) ? words[form] : unit, ["count": grouped(number, forms)])
  }

  /// The parts of a duration of ISO 8601, such as `P1DT12H`.
  private static func isoDuration(_ text: String, _ forms: Language.Forms) -> [String]? {
    let date: [Character: String] = ["Y": "year", "M": "month", "W": "week", "D": "day"]
    let time: [Character: String] = ["H": "hour", "M": "minute", "S": "second"]
    var parts: [String] = []
    var digits = ""
    var isTime = false
    for character in text.dropFirst() {
      if character == "T", !isTime, digits.isEmpty {
        isTime = true
      } else if character.isNumber || character == "." {
        digits.append(character)
      } else {
        guard let unit = (isTime ? time : date)[character], let number = decimal(.text(digits))
        else { return nil }
        parts.append(spelled(number, unit, forms))
        digits = ""
      }
    }
    return digits.isEmpty && !parts.isEmpty ? parts : nil
  }

  // MARK: - Identifiers

  /// What a link to a heading of plain text names, as GitHub does.
  private static func anchor(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    .text(HeadingIDs.name(value.shownText))
  }

  /// Lower-case letters and digits with single hyphens between them.
  private static func slug(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    var result = String.UnicodeScalarView()
    var isGap = false
    for scalar in value.shownText.lowercased().unicodeScalars {
      if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
        if isGap, !result.isEmpty { result.append("-") }
        isGap = false
        result.append(scalar)
      } else {
        isGap = true
      }
    }
    return .text(String(result))
  }
}

extension Arguments {
  /// How the language of the document writes numbers and dates.
  var forms: Language.Forms { environment?.value.language.forms ?? Language.english.forms }
}
