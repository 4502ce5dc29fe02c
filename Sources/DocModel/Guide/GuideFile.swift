/// A guide's file with its nodes.
struct GuideFile {
  let source: Source
  /// Its nodes; of a guide that extends another one, laid over that one's.
  let node: Node
  /// Whether it extends nothing, or what it extends is in `node`.
  let isWhole: Bool
  /// Whether the program carries its nodes, which it does only where nothing is wrong with them.
  let isKnown: Bool

  /// Reads the nodes of a file.
  init(_ source: Source) throws(InvalidInput) { self.init(source, node: try Node(source)) }

  /// Takes nodes that are read already.
  init(_ source: Source, node: Node, isKnown: Bool = false) {
    self.init(source, node: node, isWhole: node["extends"] == nil, isKnown: isKnown)
  }

  private init(_ source: Source, node: Node, isWhole: Bool, isKnown: Bool = false) {
    self.source = source
    self.node = node
    self.isWhole = isWhole
    self.isKnown = isKnown
  }

  /// The file of a guide, `guides/NAME.yaml` of a world or one that the program carries, with what it
  /// extends.
  ///
  /// `language`: that of the documents that show its texts; left out, they stay as they were written.
  /// - Throws: `InvalidInput` where there is none of that name, it is not well-formed, or it does not fit
  ///   what it extends.
  static func named(
    _ name: String, in world: some World, language: String? = nil
  ) throws(InvalidInput) -> GuideFile {
    try plain(name, in: world, language).whole(in: world, language: language)
  }

  /// The same with what it extends.
  ///
  /// `chain`: the guides that extend this one, last the one that names it.
  func whole(
    in world: some World, language: String? = nil, below chain: [String] = []
  ) throws(InvalidInput) -> GuideFile {
    guard !isWhole else { return self }
    var reading = Reading(source, Guide.shape)
    let said = node["extends"] ?? node
    _ = reading.value(of: said, as: .record(Guide.extends), called: Name(key: "extends"))
    try reading.finish()
    let own = node["guide"]?.text ?? ""
    let name = said["guide"]?.text ?? ""
    let place = source.location(said["guide"]?.mark ?? said.mark)
    guard name != own, !chain.contains(name) else {
      let path = (chain.drop { $0 != name } + [own, name]).map { "'\($0)'" }
      throw InvalidInput(
        Diagnostic(
          "the guide extends itself: \(path.joined(separator: " extends "))", at: place,
          hint: "take 'extends' out of one of them; a guide of one's own needs a name of its own"))
    }
    let base: GuideFile
    do throws(InvalidInput) {
      base = try Self.plain(name, in: world, language).whole(
        in: world, language: language, below: chain + [own])
    } catch {
      throw InvalidInput(
        error.diagnostics.map { problem in
          problem.location != nil
            ? problem : Diagnostic(problem.message, at: place, hint: problem.hint)
        })
    }
    let edition = base.node["edition"]?.text ?? ""
    guard let wanted = said["edition"], wanted.text == edition else {
      throw InvalidInput(
        Diagnostic(
          "'\(name)' is edition '\(edition)', and this guide extends edition "
            + "'\(said["edition"]?.text ?? "")'",
          at: source.location(said["edition"]?.mark ?? said.mark),
          hint: "see what has changed in '\(name)', then write 'edition: \"\(edition)\"'"))
    }
    let joined = try GuideOverlay.joined(self, over: base.node, called: name, at: said.mark)
    return GuideFile(source, node: joined, isWhole: true)
  }

  private static func plain(
    _ name: String, in world: some World, _ language: String?
  ) throws(InvalidInput) -> GuideFile {
    try GuideTranslation.of(
      original(name, in: world), called: name, in: language, world)
  }

  private static func original(
    _ name: String, in world: some World
  ) throws(InvalidInput) -> GuideFile {
    let path = "guides/\(name).yaml"
    if Shape.TextForm.slug.accepts(name), let own = try world.source(of: path) {
      // A copy of one that the program carries, as a pack has it, is known as well as that.
      let known = EmbeddedFiles.hold(own.bytes, at: path) ? known(own, at: path) : nil
      if let known { return known }
      return try GuideFile(own)
    }
    return try builtIn(name)
  }

  /// The file of a guide that the program carries, with the nodes that it carries ready.
  ///
  /// - Throws: `InvalidInput` where there is none of that name.
  static func builtIn(_ name: String) throws(InvalidInput) -> GuideFile {
    let path = "guides/\(name).yaml"
    guard let bytes = EmbeddedFiles.bytes(of: path) else {
      throw InvalidInput(
        Diagnostic(
          "there is no guide '\(name)'",
          hint: nearest(to: name, among: Guide.builtInNames).map { "did you mean '\($0)'?" }
            ?? "the guides are \(Guide.builtInNames.joined(separator: ", "))"))
    }
    if let known = known(Source(name: path, trusted: bytes), at: path) { return known }
    return try GuideFile(Source(name: path, bytes: bytes))
  }

  /// A file that is as the program carries it at a path, with the nodes that it carries ready.
  private static func known(_ source: Source, at path: String) -> GuideFile? {
    EmbeddedFiles.buffer(of: ReadyNodes.path).flatMap {
      ReadyNodes.node(of: source, at: path, in: $0)
    }.map { GuideFile(source, node: $0, isKnown: true) }
  }
}
