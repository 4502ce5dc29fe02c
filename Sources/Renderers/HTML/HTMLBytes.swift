/// HTML under construction.
///
/// Everything that comes from outside is escaped here and nowhere else.
struct HTMLBytes {
  private(set) var bytes: [UInt8] = []

  var count: Int { bytes.count }

  init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

  /// Begins with HTML that this program wrote.
  init(_ html: StaticString) { markup(html) }

  /// Begins with a part of other HTML.
  init(_ html: ArraySlice<UInt8>) { bytes = Array(html) }

  /// Adds HTML that this program wrote.
  @inline(__always)
  mutating func markup(_ html: StaticString) {
    bytes.append(
      contentsOf: UnsafeBufferPointer(start: html.utf8Start, count: html.utf8CodeUnitCount))
  }

  /// Adds HTML as it is: what was escaped before, or what the user asked to pass through.
  mutating func raw(_ html: LentBytes) { bytes.append(contentsOf: html) }

  /// What `text` writes for the characters that HTML gives a meaning to.
  static let escapes: [(StaticString, UInt8)] = [
    ("&amp;", .ampersand), ("&lt;", .less), ("&gt;", .greater), ("&quot;", .quote),
  ]

  /// Adds text, or an attribute's value between double quotes.
  mutating func text(_ text: LentBytes) {
    var start = 0
    while let index = Self.firstToEscape(text, from: start) {
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<index]))
      switch text[index] {
      case .ampersand: markup("&amp;")
      case .less: markup("&lt;")
      case .greater: markup("&gt;")
      default: markup("&quot;")
      }
      start = index + 1
    }
    bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
  }

  /// Adds text, or an attribute's value between double quotes.
  mutating func text(_ text: String) {
    var text = text
    text.withUTF8 { self.text($0) }
  }

  /// Adds text that may be broken behind the dots, colons and slashes within it, as names and paths in
  /// narrow columns are, and after 16 characters of a word of 32 or more: a digest would take the width
  /// of its table.
  mutating func breakable(_ text: LentBytes) {
    var start = 0
    var wordLength = 0
    for (index, byte) in text.enumerated() {
      wordLength = byte.isAlphanumeric ? wordLength + 1 : 0
      let isInLongWord =
        wordLength > 0 && wordLength.isMultiple(of: 16)
        && text[(index + 1)...].prefix(16).count(where: \.isAlphanumeric) == 16
      let isBehindMark =
        (byte == .period || byte == .colon || byte == .slash) && index > start
        && index + 1 < text.count
      guard isInLongWord || isBehindMark else { continue }
      self.text(text.lend(start..<(index + 1)))
      markup("<wbr>")
      start = index + 1
    }
    self.text(text.lend(start..<text.count))
  }

  /// Adds an address as an attribute's value between double quotes.
  mutating func address(_ address: LentBytes) {
    var start = 0
    for (index, byte) in address.enumerated() {
      if Self.standsInAddress(byte) { continue }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: address[start..<index]))
      start = index + 1
      switch byte {
      case .ampersand: markup("&amp;")
      case .apostrophe: markup("&#x27;")
      default:
        bytes.append(contentsOf: [0x25, Self.hexDigit(byte >> 4), Self.hexDigit(byte & 15)])
      }
    }
    bytes.append(contentsOf: UnsafeBufferPointer(rebasing: address[start...]))
  }

  /// Puts bytes before those from `offset` on.
  mutating func insert(_ other: Self, at offset: Int) {
    bytes.insert(contentsOf: other.bytes, at: offset)
  }

  /// Takes back what was added behind `offset`.
  mutating func truncate(to offset: Int) { bytes.removeSubrange(offset...) }

  /// Adds what other HTML holds.
  mutating func append(_ other: some Sequence<UInt8>) { bytes.append(contentsOf: other) }

  /// Begins a new line unless one has just begun.
  @inline(__always)
  mutating func freshLine() {
    if let last = bytes.last, last != .lineFeed { bytes.append(.lineFeed) }
  }

  /// Hands the bytes over.
  consuming func finish() -> [UInt8] { bytes }

  /// The next byte that HTML gives a meaning to; eight are looked at together.
  @inline(__always)
  private static func firstToEscape(_ text: LentBytes, from start: Int) -> Int? {
    var index = start
    let whole = UnsafeRawBufferPointer(text)
    while index + 8 <= whole.count {
      let word = UInt64(
        littleEndian: whole.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      // `"` and `&` differ in one bit, and so do `<` and `>`.
      let found =
        zeroBytes((word | eight(0x04)) ^ eight(.ampersand))
        | zeroBytes((word | eight(0x02)) ^ eight(.greater))
      if found != 0 { return index + found.trailingZeroBitCount / 8 }
      index += 8
    }
    while index < text.count {
      switch text[index] {
      case .ampersand, .less, .greater, .quote: return index
      default: index += 1
      }
    }
    return nil
  }

  /// A word of eight equal bytes.
  @inline(__always)
  private static func eight(_ byte: UInt8) -> UInt64 { UInt64(byte) * 0x0101_0101_0101_0101 }

  /// The highest bit of each byte that is zero; exact up to the lowest of them.
  @inline(__always)
  private static func zeroBytes(_ word: UInt64) -> UInt64 {
    (word &- eight(1)) & ~word & eight(0x80)
  }

  @inline(__always)
  private static func standsInAddress(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, .dash, .underscore, .period, .plus, .exclamation,
      .star, .openingParenthesis, .closingParenthesis, .comma, 0x25, .hash, .at, .question,
      .equals, .semicolon, .colon, .slash, 0x24, .tilde:
      true
    default: false
    }
  }

  private static func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? 0x30 + value : 0x41 + value - 10
  }
}
