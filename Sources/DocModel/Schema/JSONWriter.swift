extension JSON {
  /// The value as RFC 8259 writes it, indented by two spaces, with a line end after it.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The bytes of `text`.
  package var bytes: [UInt8] {
    var writer = JSONWriter(isIndented: true)
    writer.write(self)
    writer.bytes.append(0x0A)
    return writer.bytes
  }

  /// The value on one line, without spaces and without a line end.
  public var compactText: String {
    var writer = JSONWriter(isIndented: false)
    writer.write(self)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}

/// Writes JSON as bytes.
///
/// Whatever a terminal or a script reads differently from a text is written with a backslash:
/// control characters, U+2028 and U+2029.
private struct JSONWriter {
  let isIndented: Bool
  var bytes: [UInt8] = []
  private var depth = 0

  init(isIndented: Bool) { self.isIndented = isIndented }

  mutating func write(_ value: JSON) {
    switch value {
    case .null: bytes.append(contentsOf: "null".utf8)
    case .bool(let isTrue): bytes.append(contentsOf: (isTrue ? "true" : "false").utf8)
    case .int(let number): bytes.append(contentsOf: String(number).utf8)
    case .double(let number):
      bytes.append(contentsOf: (number.isFinite ? plain(number) : "null").utf8)
    case .string(let text): write(text)
    case .array(let items):
      list("[", "]", items) { writer, item in writer.write(item) }
    case .object(let members):
      list("{", "}", members) { writer, member in
        writer.write(member.key)
        writer.bytes.append(UInt8(ascii: ":"))
        if writer.isIndented { writer.bytes.append(0x20) }
        writer.write(member.value)
      }
    }
  }

  private mutating func list<Item>(
    _ open: Unicode.Scalar, _ close: Unicode.Scalar, _ items: [Item],
    _ writeItem: (inout JSONWriter, Item) -> Void
  ) {
    bytes.append(UInt8(ascii: open))
    depth += 1
    var isFirst = true
    for item in items {
      if !isFirst { bytes.append(UInt8(ascii: ",")) }
      isFirst = false
      breakLine()
      writeItem(&self, item)
    }
    depth -= 1
    if !isFirst { breakLine() }
    bytes.append(UInt8(ascii: close))
  }

  private mutating func breakLine() {
    guard isIndented else { return }
    bytes.append(0x0A)
    bytes.append(contentsOf: repeatElement(0x20, count: 2 * depth))
  }

  private mutating func write(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    var text = text
    let isPlain = text.withUTF8 { text in
      let isPlain = text.allSatisfy { 0x20..<0x7F ~= $0 && $0 != 0x22 && $0 != 0x5C }
      if isPlain { bytes.append(contentsOf: text) }
      return isPlain
    }
    if !isPlain { writeScalars(text) }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func writeScalars(_ text: String) {
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x22, 0x5C: bytes.append(contentsOf: [0x5C, UInt8(scalar.value)])
      case 0x08: escape("b")
      case 0x09: escape("t")
      case 0x0A: escape("n")
      case 0x0C: escape("f")
      case 0x0D: escape("r")
      case 0x00..<0x20, 0x7F..<0xA0, 0x2028, 0x2029:
        let digits = String(scalar.value, radix: 16)
        escape("u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits)
      case 0x20..<0x7F: bytes.append(UInt8(scalar.value))
      default: bytes.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
      }
    }
  }

  private mutating func escape(_ rest: String) {
    bytes.append(0x5C)
    bytes.append(contentsOf: rest.utf8)
  }
}
