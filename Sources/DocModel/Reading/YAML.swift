private import CYAML

/// Reads one YAML document.
///
/// Everything that touches libyaml is in this file. The parser is owned by `YAMLEvents`, each event
/// is freed where it is taken.
func readYAML(_ source: Source) throws(InvalidInput) -> Node {
  try refuseControlCharacters(source)
  var builder = YAMLBuilder(source: source)
  return try builder.build()
}

/// Finds what YAML forbids before libyaml does, since that names no place for it.
private func refuseControlCharacters(_ source: Source) throws(InvalidInput) {
  let bad = source.bytes.firstIndex { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
  if let bad {
    let code = String(source.bytes[bad], radix: 16, uppercase: true)
    throw InvalidInput(
      Diagnostic(
        "the control character U+\(String(repeating: "0", count: 4 - code.count))\(code) "
          + "may not stand in YAML",
        at: source.location(offset: bad),
        hint: "remove it, or write it in double quotes as \\x"
          + (code.count == 1 ? "0\(code)" : code)))
  }
}

/// Makes a tree from libyaml's events with a stack of its own.
private struct YAMLBuilder {
  /// How many nodes aliases may add to a file.
  private static let aliasBudget = 100_000

  private struct Frame {
    var isMapping: Bool
    var mark: Node.Mark
    var anchor: String?
    var items: [Node] = []
    var entries: [Node.Entry] = []
    var key: (text: String, mark: Node.Mark)?
    var nodeCount = 1
  }

  let source: Source
  private var stack: [Frame] = []
  private var anchors: [String: (node: Node, count: Int)] = [:]
  private var aliased = 0
  private var root: Node?

  init(source: Source) { self.source = source }

  mutating func build() throws(InvalidInput) -> Node {
    let outcome: Result<Void, InvalidInput> = source.bytes.withUnsafeBufferPointer { bytes in
      guard var events = YAMLEvents(bytes) else {
        return .failure(InvalidInput(Diagnostic("there is no memory left to read the file")))
      }
      do throws(InvalidInput) {
        while try events.next(source, { event throws(InvalidInput) in try take(event) }) {}
        return .success(())
      } catch {
        return .failure(error)
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
    let mark = Node.Mark(
      line: Int(event.start_mark.line) + 1, column: Int(event.start_mark.column) + 1)
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
      if text.utf8.contains(0) { throw error("a NUL may not stand in a text", mark, nil) }
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
      throw error("a key must be a single value", mark, nil)
    }
    stack.append(Frame(isMapping: isMapping, mark: mark, anchor: anchor))
  }

  private mutating func close() throws(InvalidInput) {
    guard let frame = stack.popLast() else { return }
    if frame.isMapping { try checkUniqueKeys(frame.entries, source) }
    let content: Node.Content =
      frame.isMapping ? .mapping(frame.entries) : .sequence(frame.items)
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
      stack[top].items.append(node)
    } else if let key = stack[top].key {
      stack[top].key = nil
      stack[top].entries.append(Node.Entry(key: key.text, mark: key.mark, value: node))
    } else if case .scalar(let text, _) = node.content {
      if text == "<<" { throw error("merge keys ('<<') are not supported", node.mark, nil) }
      stack[top].key = (text, node.mark)
    } else {
      throw error("a key must be a single value", node.mark, nil)
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
    try add(node, count: count, anchor: nil)
  }

  private func refuseTag(_ tag: UnsafePointer<yaml_char_t>?, _ mark: Node.Mark)
    throws(InvalidInput)
  {
    if let tag = string(tag) {
      throw error("the tag '\(tag)' is not supported", mark, "leave the tag out")
    }
  }

  private func error(_ message: String, _ mark: Node.Mark, _ hint: String?) -> InvalidInput {
    InvalidInput(Diagnostic(message, at: source.location(mark), hint: hint))
  }
}

private func string(_ pointer: UnsafePointer<yaml_char_t>?) -> String? {
  pointer.map { String(decodingCString: $0, as: UTF8.self) }
}

/// Owns a libyaml parser over bytes that outlive it.
private struct YAMLEvents: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>

  init?(_ bytes: UnsafeBufferPointer<UInt8>) {
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

  /// Hands on the next event; false at the end of the stream.
  mutating func next(
    _ source: Source, _ body: (borrowing yaml_event_t) throws(InvalidInput) -> Void
  ) throws(InvalidInput) -> Bool {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw failure(source) }
    defer { yaml_event_delete(&event) }
    try body(event)
    return event.type != YAML_STREAM_END_EVENT
  }

  /// What libyaml found wrong, in one sentence with its place.
  private func failure(_ source: Source) -> InvalidInput {
    let problem = parser.pointee.problem.map { String(cString: $0) } ?? "it cannot be read"
    let context = parser.pointee.context.map { String(cString: $0) }
    let mark = parser.pointee.problem_mark
    var notes: [Diagnostic.Note] = []
    if let context, parser.pointee.context_mark.line != mark.line {
      let begin = parser.pointee.context_mark
      notes.append(
        Diagnostic.Note(
          context, at: source.location(line: Int(begin.line) + 1, column: Int(begin.column) + 1)))
    }
    return InvalidInput(
      Diagnostic(
        "this is not YAML: \(problem)",
        at: source.location(line: Int(mark.line) + 1, column: Int(mark.column) + 1),
        hint: problem.contains("mapping values are not allowed")
          ? "a text that holds ': ' must stand in quotes" : hint(for: problem), notes: notes))
  }

  private func hint(for problem: String) -> String? {
    if problem.contains("cannot start any token") {
      return "a text that begins with '@', '`' or '%' must stand in quotes; indent with spaces"
    }
    if problem.contains("expected <block end>") || problem.contains("could not find expected ':'") {
      return "look for a wrong indentation, a missing ':' or an unclosed quote above this line"
    }
    return nil
  }
}
