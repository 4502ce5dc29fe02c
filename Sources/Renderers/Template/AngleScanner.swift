/// Follows what begins with a `<` in a paragraph: an address or, where it is none, a tag.
struct AngleScanner: Hashable {
  private(set) var address: AddressScanner? = AddressScanner()
  private(set) var tag: TagScanner? = TagScanner()

  /// Whether what is complete is a tag.
  var isTag: Bool { address == nil }

  /// Takes a byte behind the `<`.
  mutating func step(_ byte: UInt8) -> TagScanner.Step {
    switch address?.step(byte) {
    case .complete: return .complete
    case .open: break
    case .invalid, nil: address = nil
    }
    switch tag?.step(byte) {
    case .complete: return .complete
    case .open: break
    case .invalid, nil: tag = nil
    }
    return address == nil && tag == nil ? .invalid : .open
  }

  /// Notes that a value was written here.
  mutating func takeValue() {
    address = nil
    tag?.takeValue()
  }

  /// Where a value may stand here, or what to write instead.
  func place() -> Result<Place, Refusal> {
    tag?.place()
      ?? .failure(
        Refusal(
          "a value cannot stand in an address between '<' and '>'",
          "write a link: '[{{ … }}]({{ … }})'"))
  }
}

/// Follows an address between `<` and `>` byte by byte: one with a scheme, or one of electronic
/// mail (CommonMark 0.30, section 6.5).
struct AddressScanner: Hashable {
  /// How many bytes the scheme has so far; `nil` if there can be none.
  private var scheme: Int? = 0
  /// Whether the `:` behind the scheme has come.
  private var hasScheme = false
  private var mail = Mail.local(0)

  private enum Mail: Hashable {
    case none
    /// Before the `@`, with how many bytes so far.
    case local(Int)
    /// A label of the domain's name: how many bytes it has so far, and whether a `-` is the last.
    case label(Int, isHyphen: Bool)
  }

  /// Takes a byte behind the `<`.
  mutating func step(_ byte: UInt8) -> TagScanner.Step {
    if hasScheme {
      if byte == UInt8(ascii: ">") { return .complete }
      return byte <= .space || byte == UInt8(ascii: "<") ? .invalid : .open
    }
    if byte == UInt8(ascii: ">") {
      guard case .label(1..., isHyphen: false) = mail else { return .invalid }
      return .complete
    }
    stepScheme(byte)
    stepMail(byte)
    return scheme == nil && mail == .none ? .invalid : .open
  }

  private mutating func stepScheme(_ byte: UInt8) {
    guard let count = scheme else { return }
    if byte == UInt8(ascii: ":"), count >= 2 {
      hasScheme = true
    } else if count < 32, byte.isLetter || count > 0 && (byte.isDigit || "+.-".utf8.contains(byte))
    {
      scheme = count + 1
    } else {
      scheme = nil
    }
  }

  private mutating func stepMail(_ byte: UInt8) {
    switch mail {
    case .none: break
    case .local(let count):
      if byte == UInt8(ascii: "@"), count > 0 {
        mail = .label(0, isHyphen: false)
      } else {
        mail = Self.isLocal(byte) ? .local(1) : .none
      }
    case .label(let count, let isHyphen):
      if byte.isAlphanumeric || byte == UInt8(ascii: "-") && count > 0, count < 63 {
        mail = .label(count + 1, isHyphen: byte == UInt8(ascii: "-"))
      } else if byte == UInt8(ascii: "."), count > 0, !isHyphen {
        mail = .label(0, isHyphen: false)
      } else {
        mail = .none
      }
    }
  }

  /// Whether a byte can stand before the `@`.
  static func isLocal(_ byte: UInt8) -> Bool {
    byte.isAlphanumeric || ".!#$%&'*+/=?^_`{|}~-".utf8.contains(byte)
  }
}
