internal import DocModel

extension Command {
  static let initialise = Command(
    name: "init", summary: "write a project file with every question of a guide, commented",
    operands: [Operand("DIR", .folder)],
    details: """
      The file is valid as it is: a blank counts as unanswered, and 'rfpgen check' says what is
      missing. Nothing that is there already is overwritten.
      """,
    options: [
      Option(
        "guide", value: "NAME", of: .oneOf(Guide.builtInNames),
        "the guide to follow; may be left out where there is only one"),
      Option("title", value: "TEXT", "the programme's name"),
    ],
    examples: [
      (
        "rfpgen init programme --guide \(Guide.builtInNames.last ?? "NAME")",
        "write programme/project.yaml to fill in with any editor"
      ),
      ("rfpgen check programme/project.yaml", "see what it still lacks"),
    ]
  ) { invocation, terminal throws(Failure) in
    let guide = try invocation.guide()
    let folder = invocation.operands[0]
    let path = Disk.join(folder, Project.fileName)
    if Disk.exists(path) {
      throw Failure(
        "'\(path)' is there already", hint: "name another folder, or remove that file first")
    }
    let title = invocation["title"] ?? "[The programme's name]"
    let text = BlankFile.project(guide: guide, title: title)
    let outputs = Outputs()
    try outputs.add(path, Array(text.utf8))
    try outputs.finish()
    try Disk.makeFolder(Disk.join(folder, "evidence"))
    terminal.print("\(path)\n")
    return .success
  }
}

extension Invocation {
  /// The guide that `--guide` names, or all that the program carries.
  func guides() throws(Failure) -> [Guide] {
    if has("guide") { return [try guide()] }
    return try attempt { () throws(InvalidInput) in
      try Guide.builtInNames.map { name throws(InvalidInput) in try Guide.builtIn(name) }
    }
  }

  /// The guide that `--guide` names, or the only one there is.
  func guide() throws(Failure) -> Guide {
    let names = Guide.builtInNames
    guard let name = self["guide"] ?? (names.count == 1 ? names.first : nil) else {
      throw Failure(
        "a guide must be named",
        hint: "write '--guide NAME' with one of \(names.joined(separator: ", "))")
    }
    return try attempt { () throws(InvalidInput) in try Guide.builtIn(name) }
  }
}
