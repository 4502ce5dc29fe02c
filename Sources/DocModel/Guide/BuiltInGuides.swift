extension Guide {
  /// The guides that the program carries, by name in order.
  public static var builtInNames: [String] {
    paths.compactMap { path in
      path.drop(prefix: "guides/").map { String($0.dropLast(".yaml".count)) }
    }
  }

  private static var paths: [String] {
    EmbeddedFiles.paths(in: "guides").filter { $0.hasSuffix(".yaml") }
  }

  /// A guide that the program carries.
  ///
  /// - Throws: `InvalidInput` where there is none of that name.
  public static func builtIn(_ name: String) throws(InvalidInput) -> Guide {
    try Guide(GuideFile.builtIn(name))
  }

  /// Reads a guide's file; what it extends is looked up in a world.
  ///
  /// - Throws: `InvalidInput` with all that is wrong with the file.
  public convenience init(_ source: Source, in world: some World) throws(InvalidInput) {
    try self.init(GuideFile(source).whole(in: world))
  }

  /// A guide by its name: `guides/NAME.yaml` of a world, or one that the library carries.
  ///
  /// `language`: that of the documents that show its texts. Those that `guides/NAME.fr.po` or the like
  /// translates are in that language, all others are known to be in the guide's own. Left out, they stay
  /// as they were written.
  /// - Throws: `InvalidInput` with all that is wrong with the file, or where there is no such guide.
  public static func named(
    _ name: String, in world: some World, language: String? = nil
  ) throws(InvalidInput) -> Guide {
    try Guide(GuideFile.named(name, in: world, language: language))
  }

  /// A guide by its name, or several guides composed to one in this order.
  ///
  /// - Throws: `InvalidInput` as for a single name, and where the guides do not fit together.
  public static func named(
    _ names: [String], in world: some World, language: String? = nil
  ) throws(InvalidInput) -> Guide {
    if names.count == 1 { return try named(names[0], in: world, language: language) }
    var guides: [(guide: Guide, file: GuideFile)] = []
    for name in names {
      let file = try GuideFile.named(name, in: world, language: language)
      guides.append((try Guide(file), file))
    }
    return try Guide(Composition(guides))
  }

  /// Reads the guides that the program carries, in the form in which it carries their nodes.
  package static func readyNodes() -> [UInt8] {
    ReadyNodes.form(
      of: paths.compactMap { path in
        guard let bytes = EmbeddedFiles.bytes(of: path),
          let source = try? Source(name: path, bytes: bytes), (try? Guide(source)) != nil
        else { return nil }
        return source
      })
  }
}
