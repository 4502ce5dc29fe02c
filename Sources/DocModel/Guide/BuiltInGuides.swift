extension Guide {
  /// The guides that the program carries, by name in order.
  public static var builtInNames: [String] {
    EmbeddedFiles.paths(in: "guides").compactMap { path in
      path.drop(prefix: "guides/").map { String($0.dropLast(".yaml".count)) }
    }
  }

  /// A guide that the program carries.
  ///
  /// - Throws: `InvalidInput` where there is none of that name.
  public static func builtIn(_ name: String) throws(InvalidInput) -> Guide {
    let path = "guides/\(name).yaml"
    guard let bytes = EmbeddedFiles.bytes(of: path) else {
      throw InvalidInput(
        Diagnostic(
          "there is no guide '\(name)'",
          hint: nearest(to: name, among: builtInNames).map { "did you mean '\($0)'?" }
            ?? "the guides are \(builtInNames.joined(separator: ", "))"))
    }
    let ready = EmbeddedFiles.buffer(of: ReadyNodes.path)
    let file = Source(name: path, trusted: bytes)
    if let node = ready.flatMap({ ReadyNodes.node(of: file, in: $0) }) {
      return try Guide(file, node: node)
    }
    return try Guide(Source(name: path, bytes: bytes))
  }

  /// A guide by its name: `guides/NAME.yaml` of a world, or one that the library carries.
  ///
  /// - Throws: `InvalidInput` with all that is wrong with the file, or where there is no such guide.
  public static func named(_ name: String, in world: some World) throws(InvalidInput) -> Guide {
    if Shape.TextForm.slug.accepts(name), let own = try world.source(of: "guides/\(name).yaml") {
      return try Guide(own)
    }
    return try builtIn(name)
  }

  /// Reads the guides that the program carries, in the form in which it carries their nodes.
  package static func readyNodes() -> [UInt8] {
    ReadyNodes.form(
      of: EmbeddedFiles.paths(in: "guides").compactMap { path in
        EmbeddedFiles.bytes(of: path).flatMap { try? Source(name: path, bytes: $0) }
      })
  }
}
