/// The nodes of guides that the program carries, read before it was built: libyaml need not go through
/// a file that has not changed since.
enum ReadyNodes {
  /// The path of the form below `Templates`.
  static let path = "ready/guides.nodes"

  /// The nodes of a file, where the form in `bytes` holds them under its path and the file is still the
  /// same.
  static func node(
    of source: Source, at path: String, in bytes: UnsafeBufferPointer<UInt8>
  ) -> Node? {
    var reader = ReadyReader(bytes)
    for _ in 0..<reader.number() {
      let (name, fingerprint, form) = (reader.slice(), reader.fingerprint(), reader.slice())
      guard name.elementsEqual(path.utf8) else { continue }
      guard fingerprint == Fingerprint(of: source.bytes) else { return nil }
      var reader = ReadyReader(form)
      let texts = ReadyTexts.all(from: &reader)
      return Node(&reader, texts)
    }
    return nil
  }

  /// Reads files and gives the form of their nodes; a file that cannot be read is left out.
  static func form(of sources: [Source]) -> [UInt8] {
    var writer = ReadyWriter()
    let files = sources.compactMap { source in
      (try? Node(source)).map { (source, $0) }
    }
    writer.write(files.count)
    for (source, node) in files {
      writer.write(source.name)
      writer.write(Fingerprint(of: source.bytes))
      var texts = ReadyTexts()
      var tree = ReadyWriter()
      node.write(to: &tree, &texts)
      var form = ReadyWriter()
      texts.write(to: &form)
      writer.write(form.bytes + tree.bytes)
    }
    return writer.bytes
  }
}

extension Node {
  private enum Kind {
    static let plain = 0
    static let quoted = 1
    static let sequence = 2
    static let mapping = 3
  }

  fileprivate func write(to writer: inout ReadyWriter, _ texts: inout ReadyTexts) {
    // The kind stands in the two lowest bits of a number.
    switch content {
    case .scalar(let text, let isPlain):
      let kind = isPlain ? Kind.plain : Kind.quoted
      writer.write(texts.number(of: text) << 2 | kind)
      mark.write(to: &writer)
    case .foreign(let foreign):
      writer.write(texts.number(of: foreign.text) << 2 | Kind.quoted)
      mark.write(to: &writer)
    case .sequence(let items):
      writer.write(items.count << 2 | Kind.sequence)
      mark.write(to: &writer)
      for item in items { item.write(to: &writer, &texts) }
    case .mapping(let entries):
      writer.write(entries.count << 2 | Kind.mapping)
      mark.write(to: &writer)
      for entry in entries {
        writer.write(texts.number(of: entry.key))
        entry.mark.write(to: &writer)
        entry.value.write(to: &writer, &texts)
      }
    }
  }

  fileprivate init(_ reader: inout ReadyReader, _ texts: [String]) {
    let number = reader.number()
    mark = Mark(&reader)
    switch number & 3 {
    case Kind.plain: content = .scalar(texts[number >> 2], isPlain: true)
    case Kind.quoted: content = .scalar(texts[number >> 2], isPlain: false)
    case Kind.sequence:
      var items: [Node] = []
      items.reserveCapacity(number >> 2)
      for _ in 0..<number >> 2 { items.append(Node(&reader, texts)) }
      content = .sequence(items)
    default:
      var entries: [Entry] = []
      entries.reserveCapacity(number >> 2)
      for _ in 0..<number >> 2 {
        let key = texts[reader.number()]
        entries.append(Entry(key: key, mark: Mark(&reader), value: Node(&reader, texts)))
      }
      content = .mapping(entries)
    }
  }
}

extension Node.Mark {
  fileprivate func write(to writer: inout ReadyWriter) {
    writer.write(Int(line))
    writer.write(Int(column))
  }

  fileprivate init(_ reader: inout ReadyReader) {
    self.init(line: reader.number(), column: reader.number())
  }
}
