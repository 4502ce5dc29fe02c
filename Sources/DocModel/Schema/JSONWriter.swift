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

/// Writes JSON as bytes: all at once, or piece by piece to somebody who takes them.
///
/// Whatever a terminal or a script reads differently from a text is written with a backslash:
/// control characters, U+2028 and U+2029.
package struct JSONWriter {
  private let isIndented: Bool
  /// What was written and not given away yet.
  fileprivate var bytes: [UInt8] = []
  private let give: ((UnsafeRawBufferPointer) -> Void)?
  private var depth = 0
  /// Whether nothing stands yet in what was begun last.
  private var isEmpty = true

  /// How many bytes are worth giving away.
  private static let pieceSize = 1 << 17

  /// Writes all into memory, or gives what it writes away in pieces.
  fileprivate init(isIndented: Bool) {
    self.isIndented = isIndented
    give = nil
  }

  /// Gives what is written away in pieces, indented by two spaces.
  package init(givingTo give: @escaping (UnsafeRawBufferPointer) -> Void) {
    isIndented = true
    self.give = give
  }

  /// Writes an object whose members are written one after another, with a line end after it.
  package mutating func whole(_ members: (inout JSONWriter) -> Void) {
    object(members)
    bytes.append(0x0A)
    giveAway()
  }

  /// Writes an object whose members are written one after another.
  package mutating func object(_ members: (inout JSONWriter) -> Void) {
    begin("{")
    members(&self)
    end("}")
  }

  /// Writes a member of the object that was begun.
  package mutating func member(_ key: String, _ value: (inout JSONWriter) -> Void) {
    breakLine()
    name(key)
    value(&self)
  }

  /// Writes a list whose items are made one after another.
  package mutating func items<Items: Sequence>(
    _ items: Items, _ write: (inout JSONWriter, Items.Element) -> Void
  ) {
    begin("[")
    for item in items {
      breakLine()
      write(&self, item)
    }
    end("]")
  }

  private mutating func giveAway() {
    guard let give else { return }
    bytes.withUnsafeBytes { give($0) }
    bytes.removeAll(keepingCapacity: true)
  }

  private mutating func name(_ key: String) {
    write(key)
    bytes.append(UInt8(ascii: ":"))
    if isIndented { bytes.append(0x20) }
  }

  /// Writes a value that has a shape, as `JSON.init(_:as:)` takes it.
  package mutating func write(_ value: Value, as shape: Shape) {
    // Whatever the shape, a text is one.
    if case .text(let text) = value { return write(text) }
    switch JSON.Part(value, as: shape) {
    case .plain(let value): write(JSON(value))
    case .one(let value, let shape): write(value, as: shape)
    case .items(let items, let shape):
      self.items(items) { writer, item in writer.write(item, as: shape) }
    case .members(let record, let shape):
      object { writer in
        // A field is much to copy.
        for index in 0..<min(record.values.count, shape.fields.count)
        where JSON.isMember(record.values[index], shape.fields[index]) {
          writer.member(shape.fields[index].key) {
            $0.write(record.values[index], as: shape.fields[index].shape)
          }
        }
      }
    case .table(let record, let shape):
      object { writer in
        for (name, value) in zip(record.keys.names, record.values) {
          writer.member(name) { $0.write(value, as: shape) }
        }
      }
    }
  }

  /// Writes a value.
  package mutating func write(_ value: JSON) {
    switch value {
    case .null: bytes.append(contentsOf: "null".utf8)
    case .bool(let isTrue): bytes.append(contentsOf: (isTrue ? "true" : "false").utf8)
    case .int(let number): bytes.append(contentsOf: String(number).utf8)
    case .double(let number):
      bytes.append(contentsOf: (number.isFinite ? plain(number) : "null").utf8)
    case .string(let text): write(text)
    case .array(let items): self.items(items) { writer, item in writer.write(item) }
    case .object(let members):
      object { writer in
        for member in members { writer.member(member.key) { $0.write(member.value) } }
      }
    }
  }

  private mutating func begin(_ mark: Unicode.Scalar) {
    bytes.append(UInt8(ascii: mark))
    depth += 1
    isEmpty = true
  }

  private mutating func end(_ mark: Unicode.Scalar) {
    depth -= 1
    if !isEmpty { indent() }
    isEmpty = false
    bytes.append(UInt8(ascii: mark))
    if bytes.count > Self.pieceSize { giveAway() }
  }

  /// Begins the line of an item or a member.
  private mutating func breakLine() {
    if !isEmpty { bytes.append(UInt8(ascii: ",")) }
    isEmpty = false
    indent()
  }

  private mutating func indent() {
    guard isIndented else { return }
    bytes.append(0x0A)
    bytes.append(contentsOf: repeatElement(0x20, count: 2 * depth))
  }

  /// Writes a text.
  package mutating func write(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    var text = text
    let isPlain = text.withUTF8 { text in
      let isPlain = Self.isPlain(text)
      if isPlain { bytes.append(contentsOf: text) }
      return isPlain
    }
    if !isPlain { writeScalars(text) }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Whether a text stands between quotes as it is.
  private static func isPlain(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let bytes = UnsafeRawBufferPointer(text)
    var index = 0
    while index + 8 <= bytes.count {
      // The highest bit of a byte says that there is something else in it, or before it.
      let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      let quotes = word ^ ones &* 0x22
      let backslashes = word ^ ones &* 0x5C
      let isOther =
        word | word &+ ones | (word &- ones &* 0x20) & ~word | (quotes &- ones) & ~quotes
        | (backslashes &- ones) & ~backslashes
      if isOther & (ones &* 0x80) != 0 { return false }
      index += 8
    }
    return text[index...].allSatisfy { 0x20..<0x7F ~= $0 && $0 != 0x22 && $0 != 0x5C }
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
