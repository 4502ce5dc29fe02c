private import Glibc

/// A text that equals only the same bytes, as names of files do.
///
/// Two `String`s are equal where Unicode calls them equivalent: `é` in one scalar and in two would be
/// taken for the same file.
package struct ExactText: Hashable, Comparable, Sendable {
  /// The text.
  package let text: String

  /// Takes a text.
  package init(_ text: String) { self.text = text }

  package static func == (left: ExactText, right: ExactText) -> Bool {
    left.text.utf8.count == right.text.utf8.count && order(left, right) == 0
  }

  /// Whether a text's bytes stand before another's.
  package static func < (left: ExactText, right: ExactText) -> Bool { order(left, right) < 0 }

  /// Less than 0, 0 or more, as a text's bytes stand before another's, equal them or stand behind.
  private static func order(_ left: ExactText, _ right: ExactText) -> Int {
    left.withBytes { left in
      right.withBytes { right in
        guard let some = left.baseAddress, let others = right.baseAddress else {
          return left.count - right.count
        }
        let order = memcmp(some, others, min(left.count, right.count))
        return order == 0 ? left.count - right.count : Int(order)
      }
    }
  }

  package func hash(into hasher: inout Hasher) {
    withBytes { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }

  /// Lends the bytes of the text where they are: to hold the text meanwhile would take longer than to
  /// compare them.
  @inline(__always)
  private func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    if let result = text.utf8.withContiguousStorageIfAvailable(body) { return result }
    var text = text
    return text.withUTF8(body)
  }
}
