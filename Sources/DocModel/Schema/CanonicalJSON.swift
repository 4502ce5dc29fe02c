extension JSON {
  /// The value without members that hold nothing, and with members in the order of RFC 8785.
  var canonical: JSON {
    switch self {
    case .array(let items): .array(items.map(\.canonical))
    case .object(let members):
      .object(
        members.filter { $0.value != .null }
          .map { Member($0.key, $0.value.canonical) }
          .sorted { $0.key.utf16.lexicographicallyPrecedes($1.key.utf16) })
    default: self
    }
  }

  /// The value as RFC 8785 writes it in UTF-8, but for the order of members.
  var canonicalBytes: [UInt8] {
    var bytes: [UInt8] = []
    write(to: &bytes)
    return bytes
  }

  private func write(to bytes: inout [UInt8]) {
    switch self {
    case .array(let items):
      bytes.append(UInt8(ascii: "["))
      for (index, item) in items.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        item.write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        Self.write(member.key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        member.value.write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    case .string(let text): Self.write(text, to: &bytes)
    case .null, .bool, .int, .double: bytes += compactText.utf8
    }
  }

  /// Writes a text of which nothing is escaped but what has to be (RFC 8785, section 3.2.2.2).
  private static func write(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case 0x22, 0x5C, 0..<0x20:
        let escaped = JSON.string(String(Unicode.Scalar(byte))).compactText
        bytes += escaped.utf8.dropFirst().dropLast()
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
