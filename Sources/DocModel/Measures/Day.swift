/// A day of the proleptic Gregorian calendar, as ISO 8601 writes it: `2026-12-31`.
public struct Day: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Days since 1970-01-01.
  public let number: Int

  /// The day that lies this many days after 1970-01-01.
  public init(number: Int) {
    self.number = number
  }

  /// Reads `YYYY-MM-DD`; `nil` for anything else and for days that no calendar has.
  public init?(_ text: some StringProtocol) {
    guard text.utf8.count == 10 else { return nil }
    var copy = String(text)
    let read = copy.withUTF8 { bytes -> (year: Int, month: Int, day: Int)? in
      guard bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
        let year = digits(bytes[0..<4]), let month = digits(bytes[5..<7]),
        let day = digits(bytes[8..<10]), year >= 1
      else { return nil }
      return (year, month, day)
    }
    guard let (year, month, day) = read, (1...12).contains(month),
      day >= 1, day <= Self.days(in: month, of: year)
    else { return nil }
    number = Self.number(year, month, day)
  }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  // A year that begins with March has its leap day at its end, so that the days before each month
  // follow one line; 400 years have 146,097 days, and 719,468 lie between 0000-03-01 and 1970-01-01.

  private static func number(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let year = month > 2 ? year : year - 1
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// The year, the month from 1 to 12 and the day of the month from 1.
  public var parts: (year: Int, month: Int, day: Int) {
    let shifted = number + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    return (
      yearOfEra + era * 400 + (month < 10 ? 0 : 1), month < 10 ? month + 3 : month - 9,
      dayOfYear - (153 * month + 2) / 5 + 1
    )
  }

  /// The day as `YYYY-MM-DD`.
  public var description: String {
    let (year, month, day) = parts
    guard (0...9999).contains(year) else {
      return "\(year)-\(padded(month, 2))-\(padded(day, 2))"
    }
    return String(unsafeUninitializedCapacity: 10) { bytes in
      func write(_ number: Int, _ range: Range<Int>) {
        var rest = number
        for index in range.reversed() {
          bytes[index] = UInt8(0x30 + rest % 10)
          rest /= 10
        }
      }
      write(year, 0..<4)
      write(month, 5..<7)
      write(day, 8..<10)
      bytes[4] = UInt8(ascii: "-")
      bytes[7] = UInt8(ascii: "-")
      return 10
    }
  }

  /// Orders days by time.
  public static func < (left: Day, right: Day) -> Bool { left.number < right.number }

  /// The day that lies some days later, or earlier for a negative number.
  ///
  /// Beyond the years 1 to 9999, which dates are written with, it is the last or the first day of them.
  public static func + (day: Day, days: Int) -> Day {
    let (number, overflows) = day.number.addingReportingOverflow(days)
    return Day(number: overflows ? (days > 0 ? last : first) : min(max(number, first), last))
  }

  /// The numbers of 0001-01-01 and 9999-12-31.
  private static let (first, last) = (-719_162, 2_932_896)
}

/// A point in time as ISO 8601 writes it, with its offset: `2026-12-31T17:00+03:00`.
///
/// A bare day is read as the end of that day in UTC, since a deadline holds until its day is over.
public struct Moment: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Seconds since 1970-01-01T00:00Z.
  public let seconds: Int
  /// The text that it was read from.
  public let description: String
  /// The day at its own offset.
  public let day: Day
  /// Whether a time of day was written.
  public var hasClock: Bool { description.utf8.count > 10 }

  /// Reads a day, or a day with a time and an offset (`Z` or `+hh:mm`); `nil` for anything else.
  public init?(_ text: String) {
    description = text
    let parts = text.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
    guard let day = Day(parts[0]) else { return nil }
    self.day = day
    guard parts.count == 2 else {
      seconds = (day.number + 1) * 86_400 - 1
      return
    }
    let clock = Array(parts[1].utf8)
    guard clock.count >= 6, let hour = digits(clock[0..<2]), clock[2] == UInt8(ascii: ":"),
      let minute = digits(clock[3..<5]), hour < 24, minute < 60
    else { return nil }
    var rest = clock[5...]
    var second = 0
    if rest.first == UInt8(ascii: ":") {
      guard rest.count > 3, let value = digits(rest.dropFirst().prefix(2)), value < 60 else {
        return nil
      }
      second = value
      rest = rest.dropFirst(3)
    }
    guard let offset = Self.offset(rest) else { return nil }
    seconds = day.number * 86_400 + hour * 3600 + minute * 60 + second - offset
  }

  /// Orders moments by time, whatever their offsets.
  public static func < (left: Moment, right: Moment) -> Bool { left.seconds < right.seconds }

  /// Equal where the time is the same, whatever the offset.
  public static func == (left: Moment, right: Moment) -> Bool { left.seconds == right.seconds }

  /// Hashes the time alone.
  public func hash(into hasher: inout Hasher) { hasher.combine(seconds) }

  private static func offset(_ bytes: ArraySlice<UInt8>) -> Int? {
    if bytes.elementsEqual("Z".utf8) { return 0 }
    let clock = bytes.dropFirst()
    guard bytes.count == 6, let sign = bytes.first, "+-".utf8.contains(sign),
      let hours = digits(clock.prefix(2)), let minutes = digits(clock.suffix(2)),
      clock.dropFirst(2).first == UInt8(ascii: ":"), hours < 15, minutes < 60
    else { return nil }
    return (sign == UInt8(ascii: "-") ? -1 : 1) * (hours * 3600 + minutes * 60)
  }
}

private func digits(_ bytes: some Collection<UInt8>) -> Int? {
  guard !bytes.isEmpty, bytes.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
  return bytes.reduce(0) { $0 * 10 + Int($1 - 0x30) }
}

private func padded(_ number: Int, _ width: Int) -> String {
  var text = String(number)
  while text.utf8.count < width { text = "0" + text }
  return text
}
