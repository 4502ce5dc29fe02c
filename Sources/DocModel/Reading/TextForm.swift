extension Shape.TextForm {
  /// Whether one line of text has this form.
  func accepts(_ text: String) -> Bool {
    switch self {
    case .date: return Day(text) != nil
    case .dateTime: return Moment(text) != nil
    case .duration: return TimeSpan(text) != nil
    case .quantity:
      return Quantity(text).map { !$0.unit.isEmpty && !$0.unit.utf8.contains(0x0A) } ?? false
    case .language: return Language.isTag(text)
    case .line, .token, .slug, .identifier, .link, .email, .path, .digest, .currency:
      var text = text
      return text.withUTF8 { accepts($0[...]) }
    }
  }

  private typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

  private func accepts(_ bytes: Bytes) -> Bool {
    switch self {
    case .slug: return Self.isSlug(bytes)
    case .identifier: return Self.isIdentifier(bytes)
    case .link: return Self.isLink(bytes)
    case .email: return Self.isEmail(bytes)
    case .path: return !bytes.isEmpty && !bytes.contains { $0 == 0 || $0 == 0x0A }
    case .digest:
      return bytes.count == 64
        && bytes.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    case .currency: return bytes.count == 3 && bytes.allSatisfy { (0x41...0x5A).contains($0) }
    default: return !bytes.contains(0x0A)
    }
  }

  /// What the text must be, for messages.
  var wanted: String {
    switch self {
    case .line, .token: "one line of text"
    case .slug: "lower-case letters, digits and single hyphens"
    case .identifier: "an identifier such as 'section.item'"
    case .link: "an address that begins with 'https://', 'http://' or 'mailto:'"
    case .email: "an e-mail address"
    case .date: "a date such as 2026-12-31"
    case .dateTime:
      "a date such as 2026-12-31, or a time with its offset such as "
        + "2026-12-31T17:00+03:00"
    case .duration: "a length of time such as '15 min', '4 h', '1 business day' or '90 days'"
    case .quantity: "a number with its unit, such as '99.5 %' or '940 Mbps'"
    case .path: "a path below this file's folder"
    case .digest: "a SHA-256 digest of 64 hexadecimal digits in lower case"
    case .language: "the tag of a language such as 'en' or 'pt-BR'"
    case .currency: "the three capital letters of a currency such as 'USD'"
    }
  }

  /// What to write instead of a text that does not have the form, where that can be told.
  func remedy(for text: String) -> String? {
    switch self {
    case .slug:
      let words = text.lowercased().utf8.split {
        !(0x30...0x39).contains($0) && !(0x61...0x7A).contains($0)
      }
      let slug = words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "-")
      return slug.isEmpty ? nil : "write for example '\(slug)', if nothing else has that name"
    case .link:
      let encoded = text.utf8.flatMap { byte -> [UInt8] in
        if Self.mayStandInLink(byte) { return [byte] }
        let digits = String(byte, radix: 16, uppercase: true)
        return Array("%\(byte < 16 ? "0" : "")\(digits)".utf8)
      }
      let link = String(decoding: encoded, as: UTF8.self)
      if accepts(link) { return "write '\(link)'" }
      let isFullHost = text.prefix { $0 != "/" }.utf8.count { $0 == UInt8(ascii: ".") } > 1
      return isFullHost && accepts("https://\(text)")
        ? "write 'https://\(text)' if that is meant" : nil
    case .date:
      // The length of the month is what is wrong where January has such a day, and the month a first one.
      let isDay =
        Day("\(text.dropLast(5))01-\(text.suffix(2))") != nil && Day("\(text.dropLast(2))01") != nil
      return isDay ? "that month has no such day" : nil
    case .duration:
      return Quantity(text)?.unit.isEmpty == true
        ? "write its unit too, such as '\(text) days'" : nil
    case .dateTime:
      let time = text.replacing(" ", with: "T")
      if Moment("\(time)Z")?.hasClock == true {
        return "write the offset from UTC too, such as '\(time)+03:00'"
      }
      let whole = "\(time.dropLast(2)):\(time.suffix(2))"
      return Moment(whole)?.hasClock == true ? "write '\(whole)'" : nil
    case .language:
      let tag = text.replacing("_", with: "-")
      return Language.isTag(tag)
        ? "did you mean '\(tag)'?" : "write it as BCP 47 does, such as en, fr, pt-BR or sw"
    case .currency:
      // The code may stand among other words, as in `US dollars (USD)`.
      let words = text.utf8.split { !(0x41...0x5A).contains($0 & 0xDF) }
        .map { String(decoding: $0, as: UTF8.self) }
      let code =
        words.first { Self.currency.accepts($0) }
        ?? words.first.flatMap {
          words.count == 1 && Self.currency.accepts($0.uppercased()) ? $0.uppercased() : nil
        }
      return code.map { "did you mean '\($0)'?" }
        ?? "write it as ISO 4217 does, such as EUR, KES, USD or XOF"
    default: return nil
    }
  }

  private static func isSlug(_ bytes: Bytes) -> Bool {
    var isAfterWord = false
    for byte in bytes {
      switch byte {
      case 0x30...0x39, 0x61...0x7A: isAfterWord = true
      case UInt8(ascii: "-") where isAfterWord: isAfterWord = false
      default: return false
      }
    }
    return isAfterWord
  }

  private static func isIdentifier(_ bytes: Bytes) -> Bool {
    var local = bytes
    if let colon = bytes.firstIndex(of: UInt8(ascii: ":")) {
      guard isSlug(bytes[..<colon]) else { return false }
      local = bytes[(colon + 1)...]
    }
    guard let point = local.firstIndex(of: UInt8(ascii: ".")) else { return isSlug(local) }
    return isSlug(local[..<point]) && isSlug(local[(point + 1)...])
  }

  // Addresses are judged byte by byte: a combining mark would hide a character from comparison.

  private static func isLink(_ bytes: Bytes) -> Bool {
    guard bytes.allSatisfy(mayStandInLink) else { return false }
    if let rest = drop("mailto:", from: bytes) { return isEmail(rest) }
    guard let rest = drop("https://", from: bytes) ?? drop("http://", from: bytes) else {
      return false
    }
    let host = rest.prefix { !"/?#".utf8.contains($0) }
    return !host.isEmpty && host.first != UInt8(ascii: ":") && !host.contains(UInt8(ascii: "@"))
  }

  private static func isEmail(_ bytes: Bytes) -> Bool {
    let halves = bytes.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    guard halves.count == 2, !halves[0].isEmpty, bytes.count <= 254,
      bytes.allSatisfy({ isVisible($0) && !"()<>[],;:\\\"".utf8.contains($0) })
    else { return false }
    let labels = halves[1].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return labels.count > 1 && labels.allSatisfy { !$0.isEmpty }
  }

  private static func mayStandInLink(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "\\"),
      UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"),
      UInt8(ascii: "}"):
      false
    default: isVisible(byte)
    }
  }

  private static func isVisible(_ byte: UInt8) -> Bool { byte > 0x20 && byte != 0x7F }

  /// The bytes after a scheme in either case, or `nil` where they do not begin with it.
  private static func drop(_ scheme: StaticString, from bytes: Bytes) -> Bytes? {
    guard bytes.count >= scheme.utf8CodeUnitCount else { return nil }
    let isSame = scheme.withUTF8Buffer { scheme in
      zip(scheme, bytes).allSatisfy { wanted, byte in
        wanted == ((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
      }
    }
    return isSame ? bytes.dropFirst(scheme.utf8CodeUnitCount) : nil
  }
}
