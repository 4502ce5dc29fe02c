/// A guide's file with its nodes.
struct GuideFile {
  let source: Source
  let node: Node

  /// Reads the nodes of a file.
  init(_ source: Source) throws(InvalidInput) { self.init(source, node: try Node(source)) }

  /// Takes nodes that are read already.
  init(_ source: Source, node: Node) {
    self.source = source
    self.node = node
  }

  /// The file of a guide: `guides/NAME.yaml` of a world, or one that the program carries.
  ///
  /// - Throws: `InvalidInput` where there is none of that name, or it is not well-formed.
  static func named(_ name: String, in world: some World) throws(InvalidInput) -> GuideFile {
    if Shape.TextForm.slug.accepts(name), let own = try world.source(of: "guides/\(name).yaml") {
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
    let ready = EmbeddedFiles.buffer(of: ReadyNodes.path)
    let source = Source(name: path, trusted: bytes)
    if let node = ready.flatMap({ ReadyNodes.node(of: source, in: $0) }) {
      return GuideFile(source, node: node)
    }
    return try GuideFile(Source(name: path, bytes: bytes))
  }
}
