/// Looks for texts in texts by their bytes, in time that grows with the sum of both lengths.
struct Search {
  private let needle: [UInt8]
  /// For each count of bytes that were found, how many of them still count after a wrong one
  /// (Knuth, Morris and Pratt).
  private let fallback: [Int]

  init(_ needle: some Sequence<UInt8>) {
    self.needle = Array(needle)
    var fallback = [0, 0]
    var matched = 0
    for byte in self.needle.dropFirst() {
      while matched > 0, self.needle[matched] != byte { matched = fallback[matched] }
      if self.needle[matched] == byte { matched += 1 }
      fallback.append(matched)
    }
    self.fallback = fallback
  }

  /// How many bytes the text has.
  var count: Int { needle.count }

  /// Where the text begins in another from a place on, or `nil` where it is not there.
  func first(in hay: UnsafeBufferPointer<UInt8>, from start: Int = 0) -> Int? {
    guard let first = needle.first else { return start <= hay.count ? start : nil }
    var index = start
    var matched = 0
    while index < hay.count {
      let byte = hay[index]
      while matched > 0, needle[matched] != byte { matched = fallback[matched] }
      if byte == (matched == 0 ? first : needle[matched]) { matched += 1 }
      index += 1
      if matched == needle.count { return index - matched }
    }
    return nil
  }

  /// All places where the text begins in another, none reaching into the one before.
  func all(in hay: [UInt8], limit: Int = .max) -> [Int] {
    hay.withUnsafeBufferPointer { hay in
      var result: [Int] = []
      var start = 0
      while result.count < limit, let found = first(in: hay, from: start) {
        result.append(found)
        start = found + max(1, needle.count)
      }
      return result
    }
  }

  /// Whether a text holds another.
  static func contains(_ needle: String, in hay: String) -> Bool {
    var hay = hay
    let search = Search(needle.utf8)
    return hay.withUTF8 { search.first(in: $0) != nil }
  }

  /// The parts of a text between the places where another begins.
  static func split(_ text: String, by separator: String, limit: Int = .max) -> [String] {
    let bytes = Array(text.utf8)
    var parts: [String] = []
    var start = 0
    for found in Search(separator.utf8).all(in: bytes, limit: limit) {
      parts.append(String(decoding: bytes[start..<found], as: UTF8.self))
      start = found + separator.utf8.count
    }
    return parts + [String(decoding: bytes[start...], as: UTF8.self)]
  }
}
