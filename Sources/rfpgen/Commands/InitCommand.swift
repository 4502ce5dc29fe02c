internal import DocModel

extension Command {
  static let initialise = Command(
    name: "init", summary: "write a project file with every question of a guide, commented",
    operands: [Operand("DIR", .folder)],
    details: """
      The file is valid as it is: a blank counts as unanswered, and 'rfpgen check' says what is
      missing. Nothing that is there already is overwritten. A guide of one's own stands in the folder
      'guides' of DIR. Where '--guide' is given several times, the project follows these guides
      together.
      """,
    options: [
      .guide,
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
    let folder = invocation.operands[0]
    let guide = try invocation.guide(beside: folder)
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
  func guides(beside folder: String) throws(Failure) -> [Guide] {
    if has("guide") { return [try guide(beside: folder)] }
    return try attempt { () throws(InvalidInput) in
      try Guide.builtInNames.map { name throws(InvalidInput) in try Guide.builtIn(name) }
    }
  }

  /// The guide that `--guide` names, or several composed to one.
  ///
  /// `folder`: a guide of one's own stands in `guides` below it.
  func guide(beside folder: String) throws(Failure) -> Guide {
    let names = all("guide")
    guard !names.isEmpty else {
      throw Failure(
        "a guide must be named",
        hint: "write '--guide NAME' with one of \(Guide.builtInNames.joined(separator: ", "))")
    }
    return try attempt { () throws(InvalidInput) in
      try Guide.named(names, in: DiskFolder(folder, today: Disk.today()))
    }
  }
}
