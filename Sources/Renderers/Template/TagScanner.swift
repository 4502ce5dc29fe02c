/// Follows one HTML tag, comment or declaration byte by byte (CommonMark 0.30, section 6.6).
struct TagScanner: Hashable {
  enum Phase: Hashable {
    case start
    case name
    case space
    case attribute
    case afterAttribute
    case beforeValue
    case quoted(UInt8)
    case unquoted
    case afterQuoted
    case slash
    case closingName
    case closingSpace
    case bang
    case commentStart(Int)
    case comment(dashes: Int)
    case declaration
    case instruction(isMark: Bool)
    case characterData(brackets: Int)
    /// CommonMark sees no tag any more, though a browser does.
    case malformed
  }

  enum Step {
    case open
    case complete
    case invalid
  }

  private(set) var phase = Phase.start
  private(set) var name: [UInt8] = []
  private(set) var attribute: [UInt8] = []
  /// The scheme of the address that the attribute's value may be.
  private var scheme = AddressScheme()

  var isClosing: Bool { phase == .closingName || phase == .closingSpace }

  /// Takes a byte behind the `<`.
  mutating func step(_ byte: UInt8) -> Step {
    switch phase {
    case .start:
      switch byte {
      case _ where byte.isLetter:
        name = [byte | 0x20]
        phase = .name
      case UInt8(ascii: "/"): phase = .closingName
      case UInt8(ascii: "!"): phase = .bang
      case UInt8(ascii: "?"): phase = .instruction(isMark: false)
      default: return .invalid
      }
    case .name:
      switch byte {
      case _ where byte.isAlphanumeric || byte == UInt8(ascii: "-"): name.append(byte | 0x20)
      default: return afterName(byte)
      }
    case .space: return afterName(byte)
    case .attribute:
      switch byte {
      case _ where byte.isAlphanumeric || Array("_.:-".utf8).contains(byte):
        attribute.append(byte | 0x20)
      case UInt8(ascii: "="): phase = .beforeValue
      default: return afterAttribute(byte)
      }
    case .afterAttribute:
      if byte == UInt8(ascii: "=") { phase = .beforeValue } else { return afterAttribute(byte) }
    case .beforeValue:
      switch byte {
      case _ where byte.isSpace: break
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        phase = .quoted(byte)
        scheme = AddressScheme()
      case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "="), .backtick: return .invalid
      default: phase = .unquoted
      }
    case .quoted(let quote):
      if byte == quote { phase = .afterQuoted } else { scheme.step(byte) }
    case .unquoted:
      switch byte {
      case _ where byte.isSpace: phase = .space
      case UInt8(ascii: ">"): return .complete
      case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "<"), UInt8(ascii: "="), .backtick:
        return .invalid
      default: break
      }
    case .afterQuoted:
      switch byte {
      case _ where byte.isSpace: phase = .space
      case UInt8(ascii: ">"): return .complete
      case UInt8(ascii: "/"): phase = .slash
      default: return .invalid
      }
    case .slash: return byte == UInt8(ascii: ">") ? .complete : .invalid
    case .closingName:
      switch byte {
      case UInt8(ascii: ">"): return name.isEmpty ? .invalid : .complete
      case _ where byte.isLetter || (!name.isEmpty && (byte.isDigit || byte == 0x2D)):
        name.append(byte | 0x20)
      case _ where byte.isSpace && !name.isEmpty: phase = .closingSpace
      default: return .invalid
      }
    case .closingSpace:
      if byte == UInt8(ascii: ">") { return .complete }
      return byte.isSpace ? .open : .invalid
    case .bang:
      switch byte {
      case UInt8(ascii: "-"): phase = .commentStart(1)
      case UInt8(ascii: "["): phase = .characterData(brackets: 0)
      case _ where byte.isLetter: phase = .declaration
      default: return .invalid
      }
    case .commentStart(let dashes):
      if dashes == 1 {
        guard byte == UInt8(ascii: "-") else { return .invalid }
        phase = .commentStart(2)
      } else {
        phase = .comment(dashes: byte == UInt8(ascii: "-") ? 1 : 0)
      }
    case .comment(let dashes):
      switch byte {
      case UInt8(ascii: "-"): phase = .comment(dashes: min(dashes + 1, 2))
      case UInt8(ascii: ">") where dashes >= 2: return .complete
      default: phase = .comment(dashes: 0)
      }
    case .declaration: if byte == UInt8(ascii: ">") { return .complete }
    case .instruction(let isMark):
      if byte == UInt8(ascii: ">"), isMark { return .complete }
      phase = .instruction(isMark: byte == UInt8(ascii: "?"))
    case .characterData(let brackets):
      if byte == UInt8(ascii: ">"), brackets >= 2 { return .complete }
      phase = .characterData(brackets: byte == UInt8(ascii: "]") ? min(brackets + 1, 2) : 0)
    case .malformed: if byte == UInt8(ascii: ">") { return .complete }
    }
    return .open
  }

  /// Follows to its `>` what is invalid, if a browser takes it for a tag nevertheless; whether it does.
  mutating func goOnMalformed() -> Bool {
    if phase == .start || name.isEmpty { return false }
    phase = .malformed
    return true
  }

  private mutating func afterName(_ byte: UInt8) -> Step {
    switch byte {
    case _ where byte.isSpace: phase = .space
    case UInt8(ascii: ">"): return .complete
    case UInt8(ascii: "/"): phase = .slash
    case _ where phase == .space && (byte.isLetter || byte == 0x5F || byte == 0x3A):
      attribute = [byte | 0x20]
      phase = .attribute
    default: return .invalid
    }
    return .open
  }

  private mutating func afterAttribute(_ byte: UInt8) -> Step {
    switch byte {
    case _ where byte.isSpace: phase = .afterAttribute
    case UInt8(ascii: ">"): return .complete
    case UInt8(ascii: "/"): phase = .slash
    case _ where phase == .afterAttribute && (byte.isLetter || byte == 0x5F || byte == 0x3A):
      attribute = [byte | 0x20]
      phase = .attribute
    default: return .invalid
    }
    return .open
  }

  /// Notes that a value was written here.
  mutating func takeValue() {
    if case .comment = phase { phase = .comment(dashes: 0) }
    if case .commentStart = phase { phase = .comment(dashes: 0) }
    if case .quoted = phase { scheme.takeValue() }
  }

  /// Whether the attribute holds an address.
  private var isAddress: Bool {
    [
      "href", "src", "action", "formaction", "cite", "data", "poster", "xlink:href", "background",
      "ping", "longdesc",
    ].contains(String(decoding: attribute, as: UTF8.self))
  }

  /// Where a value may stand here, or what to write instead.
  func place() -> Result<Place, Refusal> {
    switch phase {
    case .quoted(let quote):
      let name = String(decoding: attribute, as: UTF8.self)
      if name.hasPrefix("on") || ["style", "srcdoc", "srcset"].contains(name) {
        return .failure(
          Refusal(
            "a value cannot stand in the attribute '\(name)', where it could run something",
            "leave the attribute out"))
      }
      var place = Place(kind: .attribute)
      place.quote = quote
      if isAddress {
        if let refusal = scheme.refusalOfValue { return .failure(refusal) }
        place.isSchemeOpen = scheme.isOpen
      }
      return .success(place)
    case .comment, .commentStart(2): return .success(Place(kind: .comment))
    case .unquoted, .beforeValue:
      return .failure(
        Refusal(
          "a value cannot stand in an attribute without quotes", "write the quotes: =\"{{ … }}\""))
    case .start, .name, .closingName, .closingSpace, .slash:
      return .failure(
        Refusal(
          "a value cannot stand in the name of a tag",
          "write the tag's name out, or '\\<' for a '<' that is text; "
            + "for a link write '[{{ … }}]({{ … }})'"))
    default:
      return .failure(
        Refusal(
          "a value cannot stand here inside a tag",
          "put it between the quotes of an attribute, or write '\\<' for a '<' that is text"))
    }
  }
}

/// The scheme of an address, such as `https:`, as far as it stands in the template.
struct AddressScheme: Hashable {
  private var name: [UInt8] = []
  private var hasValue = false
  private var isForeign = false
  /// Whether a scheme could still follow.
  private(set) var isOpen = true

  mutating func step(_ byte: UInt8) {
    guard isOpen else { return }
    switch byte {
    case UInt8(ascii: ":"):
      isOpen = false
      isForeign = hasValue
    case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"): isOpen = false
    default: if name.count < 16, byte > 0x20 { name.append(byte | 0x20) }
    }
  }

  mutating func takeValue() { if isOpen { hasValue = true } }

  /// Why no value can follow, if none can.
  var refusalOfValue: Refusal? {
    if isForeign {
      return Refusal(
        "a value before ':' could be the scheme of an address that another value is a part of",
        "write the scheme out, such as 'https:'")
    }
    let scheme = String(decoding: name, as: UTF8.self)
    guard !isOpen, ["javascript", "vbscript", "data"].contains(scheme) else { return nil }
    return Refusal(
      "a value cannot stand in an address that begins with '\(scheme):', where it could run something",
      "link to an address that begins with 'https:'")
  }
}

/// Why no value can stand at a place, and what to write instead.
struct Refusal: Error, Hashable {
  let message: String
  let hint: String

  init(_ message: String, _ hint: String) {
    self.message = message
    self.hint = hint
  }

  /// Something that is another thing behind a paragraph than behind other blocks stands directly
  /// behind a value that may end with either.
  static func behindValue(_ what: String) -> Refusal {
    Refusal(
      "\(what) directly behind a line that is only a value means one thing or another by what the value ends with",
      "put an empty line between them")
  }
}

/// Follows the address and the title of a link, behind its `](`.
struct LinkScanner: Hashable {
  enum Phase: Hashable {
    case start
    case bare(depth: Int)
    case pointy
    case afterAddress
    case title(UInt8)
    case end
  }

  private(set) var phase = Phase.start
  private var isEscaped = false
  private var scheme = AddressScheme()
  private var afterSpace = false
  /// Whether the address ends within round brackets, so that readers disagree on whether it is one.
  private(set) var isDoubtful = false

  mutating func step(_ byte: UInt8) -> TagScanner.Step {
    if isEscaped {
      isEscaped = false
      return .open
    }
    switch phase {
    case .start:
      switch byte {
      case .space, .tab: break
      case UInt8(ascii: ")"): return .complete
      case UInt8(ascii: "<"): phase = .pointy
      default:
        phase = .bare(depth: 0)
        return step(byte)
      }
    case .bare(let depth):
      switch byte {
      case .space, .tab:
        if depth > 0 { isDoubtful = true }
        phase = .afterAddress
        afterSpace = true
      case UInt8(ascii: "("):
        guard depth < 32 else { return .invalid }
        phase = .bare(depth: depth + 1)
      case UInt8(ascii: ")"):
        if depth == 0 { return .complete }
        phase = .bare(depth: depth - 1)
      case .backslash: isEscaped = true
      case 0x00..<0x20: return .invalid
      default: scheme.step(byte)
      }
    case .pointy:
      switch byte {
      case UInt8(ascii: ">"):
        phase = .afterAddress
        afterSpace = false
      case UInt8(ascii: "<"), 0x00..<0x20: return .invalid
      case .backslash: isEscaped = true
      default: scheme.step(byte)
      }
    case .afterAddress:
      switch byte {
      case .space, .tab: afterSpace = true
      case UInt8(ascii: ")"): return .complete
      case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "("):
        guard afterSpace else { return .invalid }
        phase = .title(byte)
      default: return .invalid
      }
    case .title(let quote):
      let closing = quote == UInt8(ascii: "(") ? UInt8(ascii: ")") : quote
      if byte == .backslash {
        isEscaped = true
      } else if byte == closing {
        phase = .end
      } else if byte < 0x20, byte != .tab {
        return .invalid
      }
    case .end:
      switch byte {
      case .space, .tab: break
      case UInt8(ascii: ")"): return .complete
      default: return .invalid
      }
    }
    return .open
  }

  /// Whether what stands on the next line can belong to the link.
  var goesOnBehindLine: Bool {
    switch phase {
    case .start, .bare, .afterAddress, .title, .end: true
    case .pointy: false
    }
  }

  mutating func takeValue() {
    if phase == .start { phase = .bare(depth: 0) }
    scheme.takeValue()
  }

  func place() -> Result<Place, Refusal> {
    switch phase {
    case .start, .bare, .pointy:
      if let refusal = scheme.refusalOfValue { return .failure(refusal) }
      var place = Place(kind: .destination)
      place.isSchemeOpen = scheme.isOpen
      place.isPointy = phase == .pointy
      return .success(place)
    case .title(let quote) where quote != UInt8(ascii: "("):
      var place = Place(kind: .title)
      place.quote = quote
      return .success(place)
    case .title:
      return .failure(
        Refusal(
          "a value cannot stand in a title between round brackets",
          "write the title in double quotes"))
    default:
      return .failure(
        Refusal(
          "a value cannot stand between the address and the title of a link",
          "write '[text](address \"title\")' with the value in one of the three"))
    }
  }
}
