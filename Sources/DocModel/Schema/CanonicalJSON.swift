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

  /// The value as RFC 8785 writes it, but for the order of members.
  var canonicalText: String {
    switch self {
    case .array(let items): "[\(items.map(\.canonicalText).joined(separator: ","))]"
    case .object(let members):
      "{\(members.map { "\(Self.canonical($0.key)):\($0.value.canonicalText)" }.joined(separator: ","))}"
    case .string(let text): Self.canonical(text)
    case .null, .bool, .int, .double: compactText
    }
  }

  /// A text of which nothing is escaped but what has to be (RFC 8785, section 3.2.2.2).
  private static func canonical(_ text: String) -> String {
    var written = "\""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x22, 0x5C, 0..<0x20:
        written += JSON.string(String(scalar)).compactText.dropFirst().dropLast()
      default: written.unicodeScalars.append(scalar)
      }
    }
    return written + "\""
  }
}
