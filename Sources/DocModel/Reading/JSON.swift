/// Reads one JSON text (RFC 8259) into nodes with places.
func readJSON(_ source: Source) throws(InvalidInput) -> Node {
  var parser = JSONParser(source: source)
  return try parser.whole()
}

/// Reads one JSON object, of which only some members are wanted: the others are looked through for where
/// they end, and take no memory.
///
/// `given`: the key of a list among them whose items are given away one by one, and are in no list.
func readJSON(
  _ source: Source, members: Set<String>, given: String?, to take: @escaping (Node) -> Void
) throws(InvalidInput) -> Node {
  var parser = JSONParser(source: source)
  parser.wanted = members
  parser.given = given.map { ($0, take) }
  return try parser.whole()
}

private struct JSONParser {
  let source: Source
  let bytes: [UInt8]
  /// The keys of the outermost object that are wanted; all where there is no such list.
  var wanted: Set<String>?
  /// The key of a list of the outermost object whose items somebody takes one by one.
  var given: (key: String, take: (Node) -> Void)?
  private var position = 0
  private var line = 1
  private var lineStart = 0
  /// How many continuation bytes the line holds before the position, so that columns count scalars.
  private var continuationBytes = 0

  init(source: Source) {
    self.source = source
    bytes = source.bytes
  }

  private var mark: Node.Mark {
    Node.Mark(line: line, column: position - lineStart - continuationBytes + 1)
  }

  mutating func whole() throws(InvalidInput) -> Node {
    let node = try value(depth: 0)
    skipSpace()
    if position < bytes.count { throw error("nothing may follow the value") }
    return node
  }

  private func error(_ message: String, hint: String? = nil) -> InvalidInput {
    InvalidInput(
      Diagnostic("this is not JSON: \(message)", at: source.location(mark), hint: hint))
  }

  private var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte {
      switch byte {
      case 0x0A:
        position += 1
        line += 1
        lineStart = position
        continuationBytes = 0
      case 0x20, 0x09, 0x0D: position += 1
      default: return
      }
    }
  }

  private mutating func value(depth: Int) throws(InvalidInput) -> Node {
    skipSpace()
    let start = mark
    switch byte {
    case UInt8(ascii: "{"): return Node(content: .mapping(try object(depth)), mark: start)
    case UInt8(ascii: "["): return Node(content: .sequence(try array(depth)), mark: start)
    case UInt8(ascii: "\""):
      return Node(content: .scalar(try string(), isPlain: false), mark: start)
    case nil: throw error("a value is missing at the end of the file")
    default: return Node(content: .scalar(try word(), isPlain: true), mark: start)
    }
  }

  private mutating func object(_ depth: Int) throws(InvalidInput) -> [Node.Entry] {
    try enter(depth)
    var entries: [Node.Entry] = []
    var isFirst = true
    while try !ends(with: "}", first: isFirst) {
      isFirst = false
      let keyMark = mark
      let key = try key()
      if depth == 0, let wanted, !wanted.contains(key) {
        try skip(depth: depth + 1)
      } else if depth == 0, let given, given.key == key {
        skipSpace()
        let start = mark
        guard byte == UInt8(ascii: "[") else { throw error("'\(key)' is no list") }
        try array(depth + 1, given.take)
        entries.append(
          Node.Entry(key: key, mark: keyMark, value: Node(content: .sequence([]), mark: start)))
      } else {
        entries.append(Node.Entry(key: key, mark: keyMark, value: try value(depth: depth + 1)))
      }
    }
    try checkUniqueKeys(entries, source)
    return entries
  }

  /// A key with what stands between it and its value.
  private mutating func key() throws(InvalidInput) -> String {
    guard byte == UInt8(ascii: "\"") else { throw error("a key in double quotes is missing") }
    let key = try string()
    skipSpace()
    guard byte == UInt8(ascii: ":") else { throw error("':' is missing after the key") }
    position += 1
    return key
  }

  /// Goes on behind a value.
  private mutating func skip(depth: Int) throws(InvalidInput) {
    skipSpace()
    var isFirst = true
    switch byte {
    case UInt8(ascii: "{"):
      try enter(depth)
      while try !ends(with: "}", first: isFirst) {
        isFirst = false
        _ = try key()
        try skip(depth: depth + 1)
      }
    case UInt8(ascii: "["):
      try enter(depth)
      while try !ends(with: "]", first: isFirst) {
        isFirst = false
        try skip(depth: depth + 1)
      }
    default: _ = try value(depth: depth)
    }
  }

  private mutating func array(_ depth: Int) throws(InvalidInput) -> [Node] {
    var items: [Node] = []
    try array(depth) { items.append($0) }
    return items
  }

  private mutating func array(_ depth: Int, _ take: (Node) -> Void) throws(InvalidInput) {
    try enter(depth)
    var isFirst = true
    while try !ends(with: "]", first: isFirst) {
      isFirst = false
      take(try value(depth: depth + 1))
    }
  }

  private mutating func enter(_ depth: Int) throws(InvalidInput) {
    if depth == Node.depthLimit {
      throw error("this is nested deeper than \(Node.depthLimit) levels")
    }
    position += 1
  }

  /// Whether the container ends here; otherwise goes on to its next member.
  private mutating func ends(with end: Unicode.Scalar, first: Bool) throws(InvalidInput) -> Bool {
    skipSpace()
    if byte == UInt8(ascii: end) {
      position += 1
      return true
    }
    if !first {
      guard byte == UInt8(ascii: ",") else { throw error("',' or '\(end)' is missing") }
      position += 1
      skipSpace()
      if byte == UInt8(ascii: end) { throw error("a comma may not stand before '\(end)'") }
    }
    return false
  }

  private mutating func string() throws(InvalidInput) -> String {
    position += 1
    let start = position
    while let byte, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
      if byte & 0xC0 == 0x80 { continuationBytes += 1 }
      position += 1
    }
    if byte == UInt8(ascii: "\"") {
      position += 1
      return String(decoding: bytes[start..<position - 1], as: UTF8.self)
    }
    var text = Array(bytes[start..<position])
    while let byte {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        position += 1
        try escape(into: &text)
      case 0x00..<0x20:
        throw error("a control character must be written with a backslash")
      default:
        if byte & 0xC0 == 0x80 { continuationBytes += 1 }
        text.append(byte)
        position += 1
      }
    }
    throw error("the text does not end")
  }

  private static let simpleEscapes: [UInt8: UInt8] = [
    0x22: 0x22, 0x5C: 0x5C, 0x2F: 0x2F, 0x62: 0x08, 0x66: 0x0C, 0x6E: 0x0A, 0x72: 0x0D, 0x74: 0x09,
  ]

  private mutating func escape(into text: inout [UInt8]) throws(InvalidInput) {
    guard let byte else { throw error("the text does not end") }
    if let plain = Self.simpleEscapes[byte] {
      position += 1
      text.append(plain)
      return
    }
    guard byte == UInt8(ascii: "u") else { throw error("this backslash means nothing") }
    position += 1
    var code = try hexadecimal()
    if (0xD800..<0xDC00).contains(code), bytes[position...].starts(with: [0x5C, 0x75]) {
      let before = position
      position += 2
      let low = try hexadecimal()
      if (0xDC00..<0xE000).contains(low) {
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      } else {
        position = before
      }
    }
    guard let scalar = Unicode.Scalar(code) else {
      throw error("half of a surrogate pair is missing")
    }
    text.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
  }

  private mutating func hexadecimal() throws(InvalidInput) -> UInt32 {
    let digits = bytes[position..<min(position + 4, bytes.count)]
    let isHexadecimal = digits.allSatisfy { byte in
      Unicode.Scalar(byte).properties.isASCIIHexDigit
    }
    guard digits.count == 4, isHexadecimal,
      let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw error("four hexadecimal digits must follow '\\u'") }
    position += 4
    return code
  }

  private mutating func word() throws(InvalidInput) -> String {
    let start = mark
    let from = position
    while let byte, !" \t\r\n,]}:\"[{".utf8.contains(byte) { position += 1 }
    if from == position { throw error("a value is missing") }
    let word = String(decoding: bytes[from..<position], as: UTF8.self)
    if ["true", "false", "null"].contains(word) || Self.isNumber(bytes[from..<position]) {
      return word
    }
    throw InvalidInput(
      Diagnostic(
        "this is not JSON: '\(word.prefix(40))' is no value", at: source.location(start),
        hint: "write a text in double quotes"))
  }

  /// Whether bytes are a number by RFC 8259, section 6.
  private static func isNumber(_ bytes: ArraySlice<UInt8>) -> Bool {
    var rest = bytes
    func digits(_ rest: inout ArraySlice<UInt8>) -> Int {
      let count = rest.prefix { (0x30...0x39).contains($0) }.count
      rest = rest.dropFirst(count)
      return count
    }
    if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
    let leadsWithZero = rest.first == UInt8(ascii: "0")
    let whole = digits(&rest)
    guard whole > 0, !leadsWithZero || whole == 1 else { return false }
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      guard digits(&rest) > 0 else { return false }
    }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
      rest = rest.dropFirst()
      if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") {
        rest = rest.dropFirst()
      }
      guard digits(&rest) > 0 else { return false }
    }
    return rest.isEmpty
  }
}
