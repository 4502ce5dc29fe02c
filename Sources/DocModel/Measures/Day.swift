private import Glibc

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
    guard let (year, month, day) = read else { return nil }
    var parts = tm()
    parts.tm_year = Int32(year - 1900)
    parts.tm_mon = Int32(month - 1)
    parts.tm_mday = Int32(day)
    let seconds = timegm(&parts)
    // `timegm` carries 31 February over into March: such a day is refused.
    guard Int(parts.tm_mday) == day, Int(parts.tm_mon) == month - 1 else { return nil }
    number = seconds / 86_400
  }

  /// The year, the month from 1 to 12 and the day of the month from 1.
  public var parts: (year: Int, month: Int, day: Int) {
    var seconds = number * 86_400
    var parts = tm()
    gmtime_r(&seconds, &parts)
    return (Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday))
  }

  /// The day as `YYYY-MM-DD`.
  public var description: String {
    let (year, month, day) = parts
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }

  /// Orders days by time.
  public static func < (left: Day, right: Day) -> Bool { left.number < right.number }

  /// The day that lies some days later, or earlier for a negative number.
  public static func + (day: Day, days: Int) -> Day { Day(number: day.number + days) }
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
  let text = String(number)
  return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
}
