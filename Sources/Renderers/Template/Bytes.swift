/// What single bytes of UTF-8 mean to the template language and to Markdown.
extension UInt8 {
  static let lineFeed: UInt8 = 0x0A
  static let carriageReturn: UInt8 = 0x0D
  static let tab: UInt8 = 0x09
  static let space: UInt8 = 0x20
  static let backslash: UInt8 = 0x5C
  static let backtick: UInt8 = 0x60

  var isLineEnd: Bool { self == 0x0A || self == 0x0D }
  var isBlank: Bool { self == 0x20 || self == 0x09 }
  /// White space as Python sees it in ASCII.
  var isSpace: Bool {
    self == 0x20 || (self >= 0x09 && self <= 0x0D) || (self >= 0x1C && self <= 0x1F)
  }
  var isDigit: Bool { self >= 0x30 && self <= 0x39 }
  var isLetter: Bool { (self | 0x20) >= 0x61 && (self | 0x20) <= 0x7A }
  var isAlphanumeric: Bool { isDigit || isLetter }
  /// A byte that may stand in a template's name.
  var isNamePart: Bool { isAlphanumeric || self == 0x5F || self >= 0x80 }
  /// Punctuation in ASCII, as CommonMark (0.30, section 2.1) lists it.
  var isPunctuation: Bool {
    (self >= 0x21 && self <= 0x2F) || (self >= 0x3A && self <= 0x40)
      || (self >= 0x5B && self <= 0x60) || (self >= 0x7B && self <= 0x7E)
  }
}
