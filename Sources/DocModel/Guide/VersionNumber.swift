/// A version of software as numbers with points between them, such as `4.15.0`.
///
/// What stands before the first digit and after the numbers does not count: `v4.15.0-beta` is 4.15.0,
/// and `3.x` is 3. A number that is left out counts as 0.
public struct VersionNumber: Hashable, Comparable, Sendable {
  /// The version below all others.
  static let zero = VersionNumber(numbers: [0])

  private let numbers: [Int]

  private init(numbers: [Int]) { self.numbers = numbers }

  /// Finds the first version in a text; `nil` where there is no digit, or a number beyond bounds.
  public init?(_ text: String) {
    let digits = text.utf8.drop { !(0x30...0x39).contains($0) }
      .prefix { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
    var numbers: [Int] = []
    for part in digits.split(separator: UInt8(ascii: ".")) {
      guard let number = Int(String(decoding: part, as: UTF8.self)) else { return nil }
      numbers.append(number)
    }
    while numbers.count > 1, numbers.last == 0 { numbers.removeLast() }
    guard !numbers.isEmpty else { return nil }
    self.numbers = numbers
  }

  /// Orders versions number by number.
  public static func < (left: VersionNumber, right: VersionNumber) -> Bool {
    left.numbers.lexicographicallyPrecedes(right.numbers)
  }
}
