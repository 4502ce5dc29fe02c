/// The texts of a guide in the language of a project's documents.
///
/// Catalogues stand beside the guide: `guides/NAME.fr.po` of a world, then the one that the program
/// carries. A text that they translate takes the place of the original; what they do not translate
/// stays, and is known to be in another language.
struct GuideTranslation {
  /// The language of the guide's texts, and the one that is wanted.
  private let original: String
  private let wanted: String
  private let catalogues: [Catalogue]
  private var problems: [Diagnostic] = []

  /// A guide's file in a language; the file itself where it is in that language, or says of none.
  ///
  /// - Throws: `InvalidInput` with all that is wrong with a catalogue.
  static func of(
    _ file: GuideFile, called name: String, in language: String?, _ world: some World
  ) throws(InvalidInput) -> GuideFile {
    guard let wanted = language, let original = file.node["language"]?.text,
      Language.isTag(original), !Language.isSame(original, wanted)
    else { return file }
    var translation = GuideTranslation(
      original: original, wanted: wanted,
      catalogues: try catalogues(of: name, in: wanted, world))
    let node = translation.node(file.node, .record(Guide.shape))
    if !translation.problems.isEmpty { throw InvalidInput(translation.problems) }
    return GuideFile(file.source, node: node)
  }

  private init(original: String, wanted: String, catalogues: [Catalogue]) {
    self.original = original
    self.wanted = wanted
    self.catalogues = catalogues
  }

  private static func catalogues(
    of name: String, in language: String, _ world: some World
  ) throws(InvalidInput) -> [Catalogue] {
    var found: [Catalogue] = []
    for tag in Language.candidates(for: language) {
      let path = "guides/\(name).\(tag).po"
      if let source = try world.source(of: path) { found.append(try Catalogue(source)) }
      if let bytes = EmbeddedFiles.bytes(of: path) {
        found.append(try Catalogue(Source(name: path, bytes: bytes)))
      }
    }
    return found
  }

  private mutating func node(_ node: Node, _ shape: Shape) -> Node {
    switch (shape, node.content) {
    case (.recursive(let shape), _): return self.node(node, shape())
    case (.list(let item), .sequence(let items)), (.oneOrMore(let item), .sequence(let items)):
      return Node(content: .sequence(items.map { self.node($0, item) }), mark: node.mark)
    case (.record(let record), .mapping(let entries)):
      let entries = entries.map { entry in
        guard let field = record[entry.key] else { return entry }
        return Node.Entry(
          key: entry.key, mark: entry.mark, value: self.node(entry.value, field.shape))
      }
      return Node(content: .mapping(entries), mark: node.mark)
    case (.prose, .scalar(let text, _)): return words(text, isProse: true, node)
    case (.text(.line), .scalar(let text, _)): return words(text, isProse: false, node)
    default: return node
    }
  }

  private mutating func words(_ text: String, isProse: Bool, _ node: Node) -> Node {
    guard text.holdsWords, !node.isBlank else { return node }
    let message = Catalogue.Message(text: text)
    for catalogue in catalogues {
      guard let found = catalogue[message]?.forms.first else { continue }
      let translated = found.string
      if !isProse, translated.holds(0x0A) {
        problems.append(
          Diagnostic(
            "the translation of one line has several",
            at: catalogue.location(of: found, offset: 0), hint: "write it without a line end"))
      }
      return Node(content: .scalar(translated, isPlain: false), mark: node.mark)
    }
    return Node(
      content: .foreign(
        ForeignText(text, isProse: isProse, language: original, among: wanted)),
      mark: node.mark)
  }
}

extension Guide {
  /// What there is to translate in a guide's file, each text once, in the order of the file.
  ///
  ///     let guide = Source(name: "guides/ours.yaml", bytes: bytes)
  ///     try Guide.messages(guide).template   // what 'msginit' and Poedit begin 'ours.fr.po' from
  ///
  /// - Throws: `InvalidInput` where the file is not well-formed.
  public static func messages(_ source: Source) throws(InvalidInput) -> MessageList {
    messages(source, try Node(source))
  }

  /// What there is to translate in a guide that the program carries.
  ///
  /// - Throws: `InvalidInput` where there is none of that name.
  public static func builtInMessages(_ name: String) throws(InvalidInput) -> MessageList {
    let file = try GuideFile.builtIn(name)
    return messages(file.source, file.node)
  }

  private static func messages(_ source: Source, _ node: Node) -> MessageList {
    var list = MessageList(formatted: false)
    func add(_ node: Node, _ shape: Shape) {
      switch (shape, node.content) {
      case (.recursive(let shape), _): add(node, shape())
      case (.list(let item), .sequence(let items)), (.oneOrMore(let item), .sequence(let items)):
        for node in items { add(node, item) }
      case (.record(let record), .mapping(let entries)):
        for entry in entries {
          if let field = record[entry.key] { add(entry.value, field.shape) }
        }
      case (.prose, .scalar(let text, _)), (.text(.line), .scalar(let text, _)):
        guard text.holdsWords, !node.isBlank else { return }
        list.add(
          Catalogue.Message(text: text), place: "\(fileName(source.name)):\(node.mark.line)")
      default: return
      }
    }
    add(node, .record(Guide.shape))
    return list
  }
}
