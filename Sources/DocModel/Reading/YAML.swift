private import CYAML

/// Reads one YAML document.
///
/// Everything that touches libyaml is in this file. The parser is owned by `YAMLEvents`, events by the
/// `YAMLEventLot` that they are found in.
func readYAML(_ source: Source) throws(InvalidInput) -> Node {
  let hasOddLineEnds = try refuseControlCharacters(source)
  var builder = YAMLBuilder(source: source, lines: hasOddLineEnds ? YAMLLines(source) : nil)
  return try builder.build()
}

/// Finds what YAML forbids (section 5.1) before libyaml does, since that names no place for it.
///
/// - Returns: whether there may be line ends that an editor does not count.
/// - Throws: `InvalidInput` with the place of the first such character.
private func refuseControlCharacters(_ source: Source) throws(InvalidInput) -> Bool {
  var hasOddLineEnds = false
  let found = source.bytes.withUnsafeBufferPointer { bytes -> (offset: Int, code: UInt32)? in
    var next = 0
    while next < bytes.count {
      if next + 8 <= bytes.count, isPlain(bytes, at: next) {
        next += 8
        continue
      }
      let offset = next
      next += 1
      let byte = bytes[offset]
      if byte >= 0x20, byte < 0x7F { continue }
      switch byte {
      case 0x09, 0x0A: continue
      case 0x0D:
        hasOddLineEnds = hasOddLineEnds || offset + 1 == bytes.count || bytes[offset + 1] != 0x0A
      case 0x00..<0x20, 0x7F: return (offset, UInt32(byte))
      // Well-formed UTF-8 goes on after these bytes.
      case 0xC2 where bytes[offset + 1] < 0xA0 && bytes[offset + 1] != 0x85:
        return (offset, UInt32(bytes[offset + 1]))
      case 0xC2 where bytes[offset + 1] == 0x85: hasOddLineEnds = true
      case 0xE2 where bytes[offset + 1] == 0x80 && bytes[offset + 2] & 0xFE == 0xA8:
        hasOddLineEnds = true
      case 0xEF where bytes[offset + 1] == 0xBF && bytes[offset + 2] >= 0xBE:
        return (offset, 0xFF40 + UInt32(bytes[offset + 2]))
      default: continue
      }
    }
    return nil
  }
  guard let (offset, code) = found else { return hasOddLineEnds }
  let digits = String(code, radix: 16, uppercase: true)
  let number = String(repeating: "0", count: 4 - digits.count) + digits
  throw InvalidInput(
    Diagnostic(
      "the control character U+\(number) may not stand in YAML",
      at: source.location(offset: offset),
      hint: "remove it, or write it in double quotes as \\u\(number)"))
}

/// Whether the eight bytes from an offset on are printable characters of ASCII.
@inline(__always)
private func isPlain(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> Bool {
  let ones: UInt64 = 0x0101_0101_0101_0101
  let word = UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: offset, as: UInt64.self)
  // The highest bit of a byte shows that it is above 0x7E, or that it is below 0x20.
  return (word | (word &+ ones) | (word &- 0x20 &* ones)) & (0x80 &* ones) == 0
}

/// The lines of a file as libyaml counts them, where it counts more than an editor does: it also
/// begins one after a lone CR, after U+0085, U+2028 and U+2029.
private struct YAMLLines {
  private let source: Source
  private let starts: [Int]

  init(_ source: Source) {
    var starts = [0]
    source.bytes.withUnsafeBufferPointer { bytes in
      for offset in 0..<bytes.count {
        // Well-formed UTF-8 goes on after the two lead bytes.
        let length =
          switch bytes[offset] {
          case 0x0A: 1
          case 0x0D: offset + 1 < bytes.count && bytes[offset + 1] == 0x0A ? 0 : 1
          case 0xC2 where bytes[offset + 1] == 0x85: 2
          case 0xE2 where bytes[offset + 1] == 0x80 && bytes[offset + 2] & 0xFE == 0xA8: 3
          default: 0
          }
        if length > 0 { starts.append(offset + length) }
      }
    }
    self.source = source
    self.starts = starts
  }

  func mark(line: Int, column: Int) -> Node.Mark {
    let start = line < starts.count ? starts[line] : source.bytes.count
    var offset = start
    var rest = column
    while rest > 0, offset < source.bytes.count {
      offset += 1
      while offset < source.bytes.count, source.bytes[offset] & 0xC0 == 0x80 { offset += 1 }
      rest -= 1
    }
    let place = source.lineAndColumn(offset: offset)
    return Node.Mark(line: place.line, column: place.column)
  }
}

/// Makes a tree from libyaml's events with a stack of its own.
private struct YAMLBuilder {
  /// How many nodes aliases may add to a file.
  private static let aliasBudget = 100_000

  /// A sequence or mapping whose end has not come yet.
  private struct Frame {
    let isMapping: Bool
    let mark: Node.Mark
    let anchor: String?
    /// Where its own begin among the items or the entries of all that are open.
    let start: Int
    var key: (text: String, mark: Node.Mark)?
    var nodeCount = 1
  }

  let source: Source
  private let lines: YAMLLines?
  private var stack: [Frame] = []
  /// The items of all open sequences and the entries of all open mappings, so that a finished one
  /// takes no more memory than it needs.
  private var items: [Node] = []
  private var entries: [Node.Entry] = []
  private var anchors: [String: (node: Node, count: Int)] = [:]
  private var aliased = 0
  private var root: Node?

  init(source: Source, lines: YAMLLines?) {
    self.source = source
    self.lines = lines
  }

  private func mark(_ mark: yaml_mark_t) -> Node.Mark {
    lines?.mark(line: Int(mark.line), column: Int(mark.column))
      ?? Node.Mark(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
  }

  mutating func build() throws(InvalidInput) -> Node {
    let outcome: Result<Void, InvalidInput> = source.bytes.withUnsafeBufferPointer { bytes in
      guard let events = YAMLEvents(bytes) else {
        return .failure(InvalidInput(Diagnostic("there is no memory left to read the file")))
      }
      return Result { () throws(InvalidInput) in
        guard try events.forEach({ event throws(InvalidInput) in try take(event) }) else {
          throw failure(events.parser.pointee)
        }
      }
    }
    try outcome.get()
    guard let root else {
      throw InvalidInput(
        Diagnostic("'\(source.name)' is empty", hint: "'rfpgen init' writes a file to start from"))
    }
    return root
  }

  private mutating func take(_ event: borrowing yaml_event_t) throws(InvalidInput) {
    let mark = mark(event.start_mark)
    switch event.type {
    case YAML_DOCUMENT_START_EVENT:
      if root != nil {
        throw error("a second YAML document begins here", mark, "keep one document in a file")
      }
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      try refuseTag(scalar.tag, mark)
      let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      let text = String(decoding: bytes, as: UTF8.self)
      let isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE
      let node = Node(content: .scalar(text, isPlain: isPlain), mark: mark)
      try add(node, count: 1, anchor: string(scalar.anchor))
    case YAML_ALIAS_EVENT:
      try alias(string(event.data.alias.anchor) ?? "", mark)
    case YAML_SEQUENCE_START_EVENT:
      try refuseTag(event.data.sequence_start.tag, mark)
      try open(isMapping: false, mark, anchor: string(event.data.sequence_start.anchor))
    case YAML_MAPPING_START_EVENT:
      try refuseTag(event.data.mapping_start.tag, mark)
      try open(isMapping: true, mark, anchor: string(event.data.mapping_start.anchor))
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
      try close()
    default:
      break
    }
  }

  private mutating func open(
    isMapping: Bool, _ mark: Node.Mark, anchor: String?
  ) throws(InvalidInput) {
    if stack.count == Node.depthLimit {
      throw error("this is nested deeper than \(Node.depthLimit) levels", mark, nil)
    }
    if let top = stack.last, top.isMapping, top.key == nil {
      throw error("a key must be a single value", mark, Self.bracketHint)
    }
    stack.append(
      Frame(
        isMapping: isMapping, mark: mark, anchor: anchor,
        start: isMapping ? entries.count : items.count))
  }

  private mutating func close() throws(InvalidInput) {
    guard let frame = stack.popLast() else { return }
    let content: Node.Content
    if frame.isMapping {
      let own = Array(entries[frame.start...])
      entries.removeSubrange(frame.start...)
      try checkUniqueKeys(own, source)
      content = .mapping(own)
    } else {
      content = .sequence(Array(items[frame.start...]))
      items.removeSubrange(frame.start...)
    }
    try add(
      Node(content: content, mark: frame.mark), count: frame.nodeCount, anchor: frame.anchor)
  }

  private mutating func add(_ node: Node, count: Int, anchor: String?) throws(InvalidInput) {
    if let anchor { anchors[anchor] = (node, count) }
    guard !stack.isEmpty else {
      root = node
      return
    }
    let top = stack.count - 1
    stack[top].nodeCount += count
    if !stack[top].isMapping {
      items.append(node)
    } else if let key = stack[top].key {
      stack[top].key = nil
      entries.append(Node.Entry(key: key.text, mark: key.mark, value: node))
    } else if case .scalar(let text, _) = node.content {
      if text == "<<" { throw error("merge keys ('<<') are not supported", node.mark, nil) }
      stack[top].key = (text, node.mark)
    } else {
      throw error("a key must be a single value", node.mark, Self.bracketHint)
    }
  }

  private mutating func alias(_ name: String, _ mark: Node.Mark) throws(InvalidInput) {
    guard let (node, count) = anchors[name] else {
      throw error(
        "the alias '*\(name)' names no anchor that ends before it", mark,
        "write '&\(name)' at the value it stands for")
    }
    aliased += count
    if aliased > Self.aliasBudget {
      throw error(
        "aliases make this file grow by more than \(Self.aliasBudget) values", mark,
        "write the values out instead of repeating them by '*\(name)'")
    }
    // The value stands where it is used: what is wrong with it there need not be wrong elsewhere.
    try add(Node(content: node.content, mark: mark), count: count, anchor: nil)
  }

  private func refuseTag(_ tag: UnsafePointer<yaml_char_t>?, _ mark: Node.Mark)
    throws(InvalidInput)
  {
    if let tag = string(tag) {
      throw error(
        "the tag '\(tag)' is not supported", mark,
        "leave the tag out; a text that begins with '!' must stand in quotes")
    }
  }

  /// What libyaml found wrong, in one sentence with its place.
  fileprivate func failure(_ parser: borrowing yaml_parser_t) -> InvalidInput {
    let problem = parser.problem.map { String(cString: $0) } ?? "it cannot be read"
    var notes: [Diagnostic.Note] = []
    if let context = parser.context, parser.context_mark.line != parser.problem_mark.line {
      let place = source.location(mark(parser.context_mark))
      notes.append(Diagnostic.Note(String(cString: context), at: place))
    }
    return InvalidInput(
      Diagnostic(
        "this is not YAML: \(problem)", at: source.location(mark(parser.problem_mark)),
        hint: hint(for: problem, at: mark(parser.problem_mark)), notes: notes))
  }

  private static let bracketHint = "a text that begins with '{' or '[' must stand in quotes"

  /// What to write where the first sign of a value makes YAML of a text: `title: [draft] Plan`.
  private func hint(
    for problem: String, inValueOf line: ArraySlice<UInt8>, upTo column: Int
  ) -> String? {
    func isBlank(_ byte: UInt8?) -> Bool { byte == 0x20 || byte == 0x09 }
    var rest = line.drop(while: isBlank)
    if rest.first == UInt8(ascii: "-"), isBlank(rest.dropFirst().first) {
      rest = rest.dropFirst().drop(while: isBlank)
    }
    let colon = rest.indices.first {
      rest[$0] == UInt8(ascii: ":") && $0 + 1 < rest.endIndex && isBlank(rest[$0 + 1])
    }
    if let colon { rest = rest[(colon + 1)...].drop(while: isBlank) }
    guard let first = rest.first, rest.startIndex - line.startIndex < column else { return nil }
    let sign = Character(Unicode.Scalar(first))
    switch sign {
    case "*", "&", "!":
      return "a text that begins with '\(sign)' must stand in quotes"
    case "[", "{":
      let end: Character = sign == "[" ? "]" : "}"
      guard let byte = end.asciiValue, rest.contains(byte) else { return nil }
      return "a text that begins with '\(sign)' must stand in quotes"
    case "-", "?":
      return isBlank(rest.dropFirst().first)
        ? "a text that begins with '\(sign) ' must stand in quotes" : nil
    case "|", ">":
      return
        "behind '\(sign)' a text begins on the next line; one that begins with it must stand in "
        + "quotes"
    case "'", "\"":
      guard problem.contains("did not find expected"), rest.count(where: { $0 == first }) > 1
      else { return nil }
      return sign == "'"
        ? "within '…' an apostrophe is written twice, or the text stands in double quotes"
        : "within \"…\" a quote is written \\\", or the text stands in single quotes"
    default: return nil
    }
  }

  private func hint(for problem: String, at mark: Node.Mark) -> String? {
    let place = source.location(mark)
    if lines == nil,
      let hint = hint(for: problem, inValueOf: Array(place.excerpt.utf8)[...], upTo: place.column)
    {
      return hint
    }
    if problem.contains("mapping values are not allowed") {
      return "a text that holds ': ' must stand in quotes; "
        + "else look for a missing ':' or a wrong indentation in the line above"
    }
    if problem.contains("tab character") { return "indent with spaces, not with tabs" }
    if problem.contains("cannot start any token") {
      return source.location(mark).column == 1
        ? "indent with spaces, not with tabs"
        : "a text that begins with '@', '`' or '%' must stand in quotes; indent with spaces"
    }
    if lines != nil {
      return "the file holds U+0085, U+2028, U+2029 or a lone CR, which YAML takes for a line end; "
        + "write such a character in double quotes, as \\u2028"
    }
    if problem.contains("did not find expected") || problem.contains("could not find expected ':'")
      || problem.contains("unexpected end of stream")
    {
      return "look for a wrong indentation, a missing ':' or an unclosed quote above this line"
    }
    return nil
  }

  private func error(_ message: String, _ mark: Node.Mark, _ hint: String?) -> InvalidInput {
    InvalidInput(Diagnostic(message, at: source.location(mark), hint: hint))
  }
}

private func string(_ pointer: UnsafePointer<yaml_char_t>?) -> String? {
  pointer.map { String(decodingCString: $0, as: UTF8.self) }
}

/// What libyaml finds in bytes that outlive it.
private final class YAMLEvents: @unchecked Sendable {
  /// Only one thread uses it at a time.
  let parser: UnsafeMutablePointer<yaml_parser_t>
  private let size: Int
  /// The size of a file for which another thread is worth its while.
  private static let shareSize = 2 << 20
  /// How many lots of events are on their way between two threads at most.
  private static let lots = 4

  init?(_ bytes: UnsafeBufferPointer<UInt8>) {
    size = bytes.count
    parser = .allocate(capacity: 1)
    guard yaml_parser_initialize(parser) == 1 else {
      parser.deallocate()
      return nil
    }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
  }

  /// Hands on all events in order; false where libyaml finds something wrong behind the last one.
  func forEach(
    _ body: (borrowing yaml_event_t) throws(InvalidInput) -> Void
  ) throws(InvalidInput) -> Bool {
    if size > Self.shareSize, let isWhole = try forEachWhileParsing(body) { return isWhole }
    let lot = YAMLEventLot()
    repeat {
      lot.fill(from: parser)
      try lot.forEach(body)
    } while lot.isFull
    return lot.isLast
  }

  /// Has another thread find events while those before are taken; `nil` where there is no thread to be had.
  private func forEachWhileParsing(
    _ body: (borrowing yaml_event_t) throws(InvalidInput) -> Void
  ) throws(InvalidInput) -> Bool? {
    let taken = Handover<YAMLEventLot>()
    let found = Handover<YAMLEventLot>()
    for _ in 0..<Self.lots { taken.put(YAMLEventLot()) }
    let finding = Job.begin { [self] in
      while let lot = taken.take() {
        lot.fill(from: parser)
        found.put(lot)
        if !lot.isFull { break }
      }
      found.close()
    }
    guard let finding else { return nil }
    defer {
      taken.close()
      Job.wait(for: finding)
    }
    while let lot = found.take() {
      try lot.forEach(body)
      if !lot.isFull { return lot.isLast }
      taken.put(lot)
    }
    return false
  }
}

/// Some events in a row; only the thread that holds them touches them.
private final class YAMLEventLot: @unchecked Sendable {
  private let events = UnsafeMutableBufferPointer<yaml_event_t>.allocate(capacity: 256)
  private var count = 0
  /// Whether more may come.
  private(set) var isFull = false
  /// Whether the end of the stream is among them.
  private(set) var isLast = false

  deinit {
    clear()
    events.deallocate()
  }

  private func clear() {
    for index in 0..<count { yaml_event_delete(&events[index]) }
    count = 0
  }

  /// Has libyaml find the next events in place of those that were there, up to the end or something wrong.
  func fill(from parser: UnsafeMutablePointer<yaml_parser_t>) {
    clear()
    isFull = false
    while count < events.count {
      guard yaml_parser_parse(parser, &events[count]) == 1 else { return }
      isLast = events[count].type == YAML_STREAM_END_EVENT
      count += 1
      if isLast { return }
    }
    isFull = true
  }

  func forEach(
    _ body: (borrowing yaml_event_t) throws(InvalidInput) -> Void
  ) throws(InvalidInput) {
    for index in 0..<count { try body(events[index]) }
  }
}

// MARK: - Where things end

/// What libyaml finds in a file, one after another, with where each begins and ends.
struct YAMLPiece {
  /// What was found.
  enum Kind {
    /// A single value; `isBlock` for one behind `|` or `>`.
    case scalar(text: String, isBlock: Bool)
    case alias
    case sequence(isFlow: Bool)
    case mapping(isFlow: Bool)
    /// The end of a sequence or a mapping.
    case end
  }

  let kind: Kind
  /// Where it begins, in Unicode scalars from the file's beginning.
  let start: Int
  /// Where it ends.
  let end: Int
}

/// The pieces of a YAML file that was read already.
///
/// - Throws: `InvalidInput` where the file is not YAML.
func yamlPieces(_ source: Source) throws(InvalidInput) -> [YAMLPiece] {
  var pieces: [YAMLPiece] = []
  let builder = YAMLBuilder(source: source, lines: nil)
  let outcome: Result<Void, InvalidInput> = source.bytes.withUnsafeBufferPointer { bytes in
    Result { () throws(InvalidInput) in
      guard let events = YAMLEvents(bytes) else {
        throw InvalidInput(Diagnostic("there is no memory left to read the file"))
      }
      let isWhole = try events.forEach { event throws(InvalidInput) in
        guard let kind = YAMLPiece.Kind(event) else { return }
        pieces.append(
          YAMLPiece(
            kind: kind, start: Int(event.start_mark.index), end: Int(event.end_mark.index)))
      }
      if !isWhole { throw builder.failure(events.parser.pointee) }
    }
  }
  try outcome.get()
  return pieces
}

extension YAMLPiece.Kind {
  fileprivate init?(_ event: borrowing yaml_event_t) {
    switch event.type {
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      self = .scalar(
        text: string(scalar.value) ?? "",
        isBlock: scalar.style == YAML_LITERAL_SCALAR_STYLE
          || scalar.style == YAML_FOLDED_SCALAR_STYLE)
    case YAML_ALIAS_EVENT: self = .alias
    case YAML_SEQUENCE_START_EVENT:
      self = .sequence(isFlow: event.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE)
    case YAML_MAPPING_START_EVENT:
      self = .mapping(isFlow: event.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE)
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: self = .end
    default: return nil
    }
  }
}
