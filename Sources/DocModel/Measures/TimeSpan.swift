public import FoundationEssentials

/// A length of time as a person writes it: `15 min`, `4 h`, `1 business day`, `PT4H` (ISO 8601).
public struct TimeSpan: Hashable, Sendable {
  private let seconds: Seconds
  /// Whether it counts business days, which no clock tells apart from calendar days.
  public let isBusiness: Bool

  /// Whole seconds as such, since nearly every length of time has no others.
  private enum Seconds: Hashable {
    case whole(Int)
    case exact(Decimal)

    init(_ seconds: Decimal) { self = Int(seconds.description).map(Self.whole) ?? .exact(seconds) }
  }

  /// The length in minutes.
  ///
  /// A month counts as 30 days, a year as 365, a business day as a day.
  public var minutes: Decimal {
    switch seconds {
    case .whole(let number) where number % 60 == 0: Decimal(number / 60)
    case .whole(let number): Decimal(number) / 60
    case .exact(let number): number / 60
    }
  }

  /// Reads one number with a unit, or an ISO 8601 duration; `nil` for anything else.
  public init?(_ text: String) {
    if text.hasPrefix("P") {
      guard let seconds = Self.iso8601(text) else { return nil }
      self.seconds = Seconds(seconds)
      isBusiness = false
      return
    }
    guard let quantity = Quantity(text), quantity.number >= 0 else { return nil }
    var unit = quantity.unit.lowercased()
    isBusiness = unit.hasPrefix("business ") || unit.hasPrefix("working ")
    if isBusiness { unit = String(unit.drop { $0 != " " }.dropFirst()) }
    guard let factor = Self.units[unit] else { return nil }
    if let count = quantity.whole {
      let (product, overflows) = count.multipliedReportingOverflow(by: factor)
      seconds = overflows ? .exact(quantity.number * Decimal(factor)) : .whole(product)
    } else {
      seconds = Seconds(quantity.number * Decimal(factor))
    }
  }

  /// The length in whole days, rounded down; the most that can be counted where it is longer.
  var wholeDays: Int {
    switch seconds {
    case .whole(let number): number / 86_400
    case .exact(let number): Int((number / 86_400).description.prefix { $0 != "." }) ?? .max
    }
  }

  /// How many months a length of time has as a person writes it: 12 in a year, and one in 30 days;
  /// `nil` where it is no length of time.
  static func months(_ text: String) -> Decimal? {
    let year: Decimal = 12 * 2_592_000
    if text.hasPrefix("P") { return iso8601(text, year: year).map { $0 / 2_592_000 } }
    guard let quantity = Quantity(text), let span = TimeSpan(text) else { return nil }
    let isYears = units[quantity.unit.lowercased()] == 31_536_000
    return isYears ? quantity.number * 12 : span.minutes / 43_200
  }

  /// Seconds in each unit that may be written.
  ///
  /// Whole numbers, so that `60 s` is exactly `1 min`.
  static let spellings: [(seconds: Int, names: [String])] = [
    (1, ["s", "sec", "second", "seconds"]),
    (60, ["min", "mins", "minute", "minutes"]),
    (3600, ["h", "hr", "hrs", "hour", "hours"]),
    (86_400, ["d", "day", "days"]),
    (604_800, ["w", "week", "weeks"]),
    (2_592_000, ["month", "months"]),
    (31_536_000, ["y", "year", "years"]),
  ]
  private static let units: [String: Int] = Dictionary(
    uniqueKeysWithValues: spellings.flatMap { seconds, names in names.map { ($0, seconds) } })

  /// Reads `P1DT2H30M` and the like as seconds; weeks may not be mixed with others.
  private static func iso8601(_ text: String, year: Decimal = 31_536_000) -> Decimal? {
    let dates: [(UInt8, Decimal)] = [
      (UInt8(ascii: "Y"), year), (UInt8(ascii: "M"), 2_592_000), (UInt8(ascii: "D"), 86_400),
    ]
    let times: [(UInt8, Decimal)] = [
      (UInt8(ascii: "H"), 3600), (UInt8(ascii: "M"), 60), (UInt8(ascii: "S"), 1),
    ]
    let halves = text.utf8.dropFirst().split(
      separator: UInt8(ascii: "T"), maxSplits: 1, omittingEmptySubsequences: false)
    if halves.count == 1, halves[0].last == UInt8(ascii: "W") {
      return sum(of: halves[0], [(UInt8(ascii: "W"), 604_800)])
    }
    // A `T` must be followed by a time, and either half may be all there is.
    guard let date = halves[0].isEmpty && halves.count == 2 ? 0 : sum(of: halves[0], dates) else {
      return nil
    }
    guard halves.count == 2 else { return date }
    return sum(of: halves[1], times).map { date + $0 }
  }

  /// Adds numbers up, each before its unit; the units stand in order, each once at most.
  private static func sum(
    of bytes: Substring.UTF8View, _ units: [(unit: UInt8, seconds: Decimal)]
  ) -> Decimal? {
    var total: Decimal?
    var rest = bytes
    var units = units[...]
    while !rest.isEmpty {
      let digits = rest.prefix { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
      rest = rest.dropFirst(digits.count)
      guard let number = decimal(Substring(digits)), let letter = rest.popFirst(),
        let index = units.firstIndex(where: { $0.unit == letter })
      else { return nil }
      total = (total ?? 0) + number * units[index].seconds
      units = units[(index + 1)...]
    }
    return total
  }
}

/// A decimal number with a unit, such as `940 Mbps` or `99.9 %`.
public struct Quantity: Hashable, Sendable {
  /// The number, exactly as written.
  public let number: Decimal
  /// The unit; empty where none is written.
  public let unit: String
  /// The number where it was written with nothing but a few digits.
  let whole: Int?

  /// Reads a number, then a unit; `nil` for anything else.
  public init?(_ text: String) {
    let digits = text.prefix { character in
      switch character.asciiValue ?? 0 {
      case 0x30...0x39, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ","):
        true
      default: false
      }
    }
    guard let number = decimal(digits) else { return nil }
    self.number = number
    whole = wholeNumber(digits)
    unit = String(text[digits.endIndex...].drop { $0 == " " || $0 == "\u{A0}" })
    // `12 000 Mbps` is not twelve of anything.
    if let first = unit.utf8.first, "0123456789+-.,".utf8.contains(first) { return nil }
  }

  /// The number in another unit of the same kind, or `nil` where the two do not go together.
  public func number(in wanted: String) -> Decimal? {
    if unit == wanted || unit.isEmpty { return number }
    guard let from = Self.scales[unit.lowercased()], let to = Self.scales[wanted.lowercased()],
      from.kind == to.kind
    else { return nil }
    return number * from.factor / to.factor
  }

  private static let scales: [String: (kind: String, factor: Decimal)] = {
    var scales: [String: (kind: String, factor: Decimal)] = [:]
    let prefixes: [(String, Decimal)] = [
      ("k", 1000), ("m", 1_000_000), ("g", 1_000_000_000), ("t", 1_000_000_000_000),
    ]
    for (prefix, factor) in prefixes {
      scales["\(prefix)bps"] = ("bit/s", factor)
      scales["\(prefix)bit/s"] = ("bit/s", factor)
      // A byte is an octet in French.
      for byte in ["b", "o"] { scales[prefix + byte] = ("byte", factor) }
    }
    let binary: [(String, Decimal)] = [
      ("k", 1024), ("m", 1_048_576), ("g", 1_073_741_824), ("t", 1_099_511_627_776),
    ]
    for (prefix, factor) in binary {
      for byte in ["ib", "io"] { scales[prefix + byte] = ("byte", factor) }
    }
    scales["%"] = ("%", 1)
    scales["percent"] = ("%", 1)
    scales["ms"] = ("time", 1)
    scales["s"] = ("time", 1000)
    return scales
  }()
}

/// Reads a decimal number such as `12`, `-0.5` or `12,000`; `nil` for anything else.
///
/// A comma counts as a separator of thousands, and only where three digits follow it.
public func decimal(_ text: some StringProtocol) -> Decimal? {
  if let number = wholeNumber(text) { return Decimal(number) }
  var whole = Substring(text)
  if whole.first == "-" || whole.first == "+" { whole = whole.dropFirst() }
  let halves = whole.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
  let groups = halves[0].split(separator: ",", omittingEmptySubsequences: false)
  let isGrouped = groups.count > 1
  func isDigits(_ part: Substring) -> Bool {
    !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }
  guard groups.allSatisfy(isDigits), text.utf8.count <= 40,
    !isGrouped || (groups[0].count <= 3 && groups.dropFirst().allSatisfy { $0.count == 3 }),
    halves.count == 1 || isDigits(halves[1])
  else { return nil }
  var plain = String(text)
  if isGrouped { plain.removeAll { $0 == "," } }
  return Decimal(string: plain)
}

/// Reads a number that is written with nothing but a few digits, as most are.
func wholeNumber(_ text: some StringProtocol) -> Int? {
  var number = 0
  var count = 0
  for byte in text.utf8 {
    guard (0x30...0x39).contains(byte), count < 15 else { return nil }
    number = number * 10 + Int(byte - 0x30)
    count += 1
  }
  return count > 0 ? number : nil
}
