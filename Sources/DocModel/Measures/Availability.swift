public import FoundationEssentials

/// The downtime that an availability leaves.
public enum Availability {
  /// Minutes in a month of 30 days.
  public static let month: Decimal = 43_200
  /// Minutes in a year of 365 days.
  public static let year: Decimal = 525_600

  /// The minutes of downtime that an availability in percent leaves over some minutes; none where it is
  /// more than all of them.
  public static func downtime(percent: Decimal, over minutes: Decimal) -> Decimal {
    max(0, minutes * (100 - percent) / 100)
  }

  /// Minutes rounded to one place, without a trailing zero.
  public static func shown(_ minutes: Decimal) -> String {
    let tenths = Int((minutes * 10 + 1 / 2).description.prefix { $0 != "." }) ?? 0
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }
}
