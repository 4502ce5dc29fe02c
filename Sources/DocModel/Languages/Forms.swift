/// How a language writes dates, numbers and lengths of time, read from its catalogues once.
extension Language {
  /// The words and patterns; `%(name)s` in a pattern stands for what the name says.
  ///
  /// A reference, as it is handed to every filter.
  public final class Forms: Sendable {
    /// The names of the months, January first.
    public let months: [String]
    /// The number of a month's first day, which some languages write as an ordinal.
    public let firstDay: String
    /// A date from `day`, `month` and `year`.
    public let date: String
    /// A time of day from `hour` and `minute`.
    public let time: String
    /// A point in time from `date` and `time`.
    public let moment: String
    /// The same with its offset from UTC, as in `+03:00`.
    public let zonedMoment: String
    /// What stands before the decimals of a number.
    public let decimalMark: String
    /// What stands between groups of three digits.
    public let groupMark: String
    /// A number with its unit, from `number` and `unit`.
    public let quantity: String
    /// An amount of money from `amount` and `currency`.
    public let money: String
    /// A count of things from `count` and `word`.
    public let count: String
    /// The plural of a `word` of which none is given.
    public let plural: String
    /// Lengths of time by unit: a form for each count, from `count`.
    public let durations: [String: [String]]
    /// What stands between the parts of a length of time.
    public let durationMark: String
    /// Which form goes with which count.
    public let rule: PluralRule
    /// The count whose form a number with decimals takes; `nil` for that of its whole part.
    public let fraction: Int?

    /// The units of time that have words.
    static let units = [
      "second", "minute", "hour", "day", "week", "month", "year", "business day", "business hour",
      "working day",
    ]

    init(_ words: (String, String, Bool) -> (words: [String], rule: PluralRule)) {
      func word(_ context: String, _ key: String) -> String { words(context, key, false).words[0] }
      months = (1...12).map { word("month", "\($0)") }
      firstDay = word("date", "first day")
      date = word("date", "date")
      time = word("date", "time")
      moment = word("date", "moment")
      zonedMoment = word("date", "moment with offset")
      decimalMark = word("number", "decimal mark")
      groupMark = word("number", "group mark")
      quantity = word("number", "quantity")
      money = word("number", "money")
      count = word("number", "count")
      plural = word("number", "plural")
      fraction = Int(word("number", "fraction"))
      durationMark = word("duration", "between parts")
      var durations: [String: [String]] = [:]
      var rule = PluralRule.germanic
      for unit in Self.units { (durations[unit], rule) = words("duration", unit, true) }
      self.durations = durations
      self.rule = rule
    }

    /// Which form goes with a number, given by its whole part and whether it has decimals.
    public func form(whole: Int, hasDecimals: Bool) -> Int {
      rule.form(for: hasDecimals ? fraction ?? whole : whole)
    }
  }
}

/// A pattern with the values of its names in their places: `%(name)s` for a value, `%%` for `%`.
///
/// Names that have no value stay as they are.
public func filled(_ pattern: String, _ values: KeyValuePairs<String, String>) -> String {
  var pattern = pattern
  return pattern.withUTF8 { bytes in
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + 32)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      guard byte == UInt8(ascii: "%"), index < bytes.count else {
        result.append(byte)
        continue
      }
      if bytes[index] == UInt8(ascii: "%") {
        result.append(byte)
        index += 1
      } else if bytes[index] == UInt8(ascii: "("),
        let end = bytes[index...].firstIndex(of: UInt8(ascii: ")")), end + 1 < bytes.count,
        bytes[end + 1] == UInt8(ascii: "s"),
        let value = values.first(where: { $0.key.isSpelled(by: bytes[(index + 1)..<end]) })?.value
      {
        result.append(contentsOf: value.utf8)
        index = end + 2
      } else {
        result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}

extension String {
  /// Whether its bytes are the given ones.
  fileprivate func isSpelled(by bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    guard utf8.count == bytes.count else { return false }
    var offset = bytes.startIndex
    for byte in utf8 {
      if byte != bytes[offset] { return false }
      offset += 1
    }
    return true
  }
}
