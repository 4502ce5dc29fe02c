#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// What single bytes of UTF-8 mean to templates, to Markdown and to HTML.
extension UInt8 {
  static let tab: UInt8 = 0x09
  static let lineFeed: UInt8 = 0x0A
  static let carriageReturn: UInt8 = 0x0D
  static let space: UInt8 = 0x20
  static let exclamation: UInt8 = 0x21
  static let quote: UInt8 = 0x22
  static let hash: UInt8 = 0x23
  static let ampersand: UInt8 = 0x26
  static let apostrophe: UInt8 = 0x27
  static let openingParenthesis: UInt8 = 0x28
  static let closingParenthesis: UInt8 = 0x29
  static let star: UInt8 = 0x2A
  static let plus: UInt8 = 0x2B
  static let comma: UInt8 = 0x2C
  static let dash: UInt8 = 0x2D
  static let period: UInt8 = 0x2E
  static let slash: UInt8 = 0x2F
  static let colon: UInt8 = 0x3A
  static let semicolon: UInt8 = 0x3B
  static let less: UInt8 = 0x3C
  static let equals: UInt8 = 0x3D
  static let greater: UInt8 = 0x3E
  static let question: UInt8 = 0x3F
  static let at: UInt8 = 0x40
  static let openingBracket: UInt8 = 0x5B
  static let backslash: UInt8 = 0x5C
  static let closingBracket: UInt8 = 0x5D
  static let underscore: UInt8 = 0x5F
  static let backtick: UInt8 = 0x60
  static let pipe: UInt8 = 0x7C
  static let tilde: UInt8 = 0x7E

  var isLineEnd: Bool { self == .lineFeed || self == .carriageReturn }
  var isBlank: Bool { self == .space || self == .tab }
  /// White space as Python sees it in ASCII.
  var isSpace: Bool { isMarkdownSpace || (0x1C...0x1F).contains(self) }
  var isMarkdownSpace: Bool { self == .space || (0x09...0x0D).contains(self) }
  /// A control character other than a tab or a line end.
  var isControl: Bool { self < 0x20 && !isBlank && !isLineEnd || self == 0x7F }
  var isDigit: Bool { (0x30...0x39).contains(self) }
  var isLetter: Bool { (0x61...0x7A).contains(self | 0x20) }
  var isAlphanumeric: Bool { isDigit || isLetter }
  /// A byte that may stand in a template's name.
  var isNamePart: Bool { isAlphanumeric || self == .underscore || self >= 0x80 }
  /// Punctuation in ASCII, as CommonMark (0.30, section 2.1) lists it.
  var isPunctuation: Bool { (0x21...0x7E).contains(self) && !isAlphanumeric }
  /// A letter's small form; any other byte itself.
  var asciiLowercased: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }
}

extension UnsafeBufferPointer<UInt8> {
  /// The first place of a byte at or after an offset.
  func firstIndex(of byte: UInt8, from offset: Int) -> Int? {
    guard let base = baseAddress, offset < count,
      let found = memchr(base + offset, Int32(byte), count - offset)
    else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }

  /// The first place of some bytes at or after an offset.
  func firstRange(of needle: StaticString, from offset: Int = 0) -> Int? {
    needle.withUTF8Buffer { firstRange(of: $0, from: offset) }
  }

  /// The first place of some bytes at or after an offset.
  func firstRange(of needle: UnsafeBufferPointer<UInt8>, from offset: Int = 0) -> Int? {
    guard let base = baseAddress, let other = needle.baseAddress, !needle.isEmpty else {
      return nil
    }
    var offset = offset
    while let start = firstIndex(of: needle[0], from: offset), count - start >= needle.count {
      if memcmp(base + start, other, needle.count) == 0 { return start }
      offset = start + 1
    }
    return nil
  }

  /// The bytes of a range, lent for as long as the whole is.
  func lend(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: self[range])
  }

  /// Whether some bytes stand at an offset.
  func has(_ bytes: StaticString, at offset: Int) -> Bool {
    guard offset >= 0, let base = baseAddress, count - offset >= bytes.utf8CodeUnitCount else {
      return false
    }
    return memcmp(base + offset, bytes.utf8Start, bytes.utf8CodeUnitCount) == 0
  }
}
