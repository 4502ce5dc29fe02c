internal import DocModel
internal import Renderers

extension Command {
  static let templateList = Command(
    name: "template list", summary: "name the templates that documents are written in",
    details: "A name that begins with '_' is a part that others include.",
    examples: [("rfpgen template list", "one name on each line")]
  ) { _, terminal throws(Failure) in
    for name in BuiltInTemplates.names { terminal.print(name + "\n") }
    return .success
  }

  static let templateShow = Command(
    name: "template show", summary: "print a built-in template",
    operands: [Operand("NAME", .oneOf(BuiltInTemplates.names))],
    examples: [("rfpgen template show rfp", "the template of the RFP")]
  ) { invocation, terminal throws(Failure) in
    let word = invocation.operands[0]
    let names = BuiltInTemplates.names
    guard let name = names.first(where: { $0 == word || $0 == "\(word).md.jinja" }),
      let source = try attempt({ () throws(InvalidInput) in try BuiltInTemplates.source(name) })
    else {
      throw Failure(
        "there is no template '\(word)'",
        hint: nearest(to: word, among: names + Document.all.map(\.id)).map {
          "did you mean '\($0)'?"
        }
          ?? "'rfpgen template list' names them")
    }
    terminal.write(source.bytes)
    return .success
  }

  static let templateEject = Command(
    name: "template eject", summary: "copy the built-in templates into a folder, to change them",
    operands: [Operand("DIR", .folder)],
    details: """
      Templates in a folder 'templates' beside a project file take the place of the built-in ones;
      keep there only those that you change. Nothing that is there already is overwritten.
      """,
    examples: [
      ("rfpgen template eject programme/templates", "copy them beside programme/project.yaml")
    ]
  ) { invocation, terminal throws(Failure) in
    let outputs = Outputs()
    var paths: [String] = []
    for name in BuiltInTemplates.names {
      let path = Disk.join(invocation.operands[0], name)
      if Disk.exists(path) {
        throw Failure(
          "'\(path)' is there already", hint: "name another folder, or remove that file")
      }
      let source = try attempt { () throws(InvalidInput) in try BuiltInTemplates.source(name) }
      try outputs.add(path, source?.bytes ?? [])
      paths.append(path)
    }
    try outputs.finish()
    for path in paths { terminal.print(path + "\n") }
    return .success
  }

  static let templateCheck = Command(
    name: "template check", summary: "list the names that a template uses, without rendering it",
    operands: [Operand("FILE", .file(["jinja", "j2"]))],
    details: """
      Every name that the model of documents does not know is an error with its place and the name
      that was probably meant. Without --guide a name counts that the documents of one of the guides
      know, or those of bids or a tender. With --any no model is assumed: names are listed only.
      """,
    options: [
      .guide,
      Option("any", "accept any name, for a template with data of its own"),
    ],
    examples: [
      ("rfpgen template check templates/rfp.md.jinja", "names with places, and errors"),
      ("rfpgen template check letter.md.jinja --any", "the names that its data must have"),
    ]
  ) { invocation, terminal throws(Failure) in
    let path = invocation.operands[0]
    let source = try Disk.source(path)
    let folder = DiskFolder(Disk.folder(of: path), today: Disk.today())
    func template(_ names: Shape) throws(Failure) -> Template {
      var environment = Environment(names: names) { name throws(InvalidInput) in
        if let own = try folder.source(of: name) { return own }
        return try BuiltInTemplates.source(name)
      }
      if !invocation.has("any") { environment.lookups = DocumentRenderer.lookups }
      return try attempt { () throws(InvalidInput) in try environment.template(source) }
    }
    let models: [Shape] =
      invocation.has("any")
      ? [.any]
      : try invocation.guides(beside: ".").map { .record(DocumentModel.names(for: $0)) }
        + [BidModel.names, TenderModel.names, ComparisonModel.names].map(Shape.record)
    let results = models.map { names in Result { () throws(Failure) in try template(names) } }
    let fitting = results.first { if case .success = $0 { true } else { false } } ?? results[0]
    if case .failure = fitting, !invocation.has("any") {
      terminal.note(
        "rfpgen: '\(path)' is checked as a document of a project; with data of its own, add '--any'"
      )
    }
    let template = try fitting.get()
    for use in template.uses { terminal.print("\(use.location): \(use.path)\n") }
    return .success
  }

  static let templateMessages = Command(
    name: "template messages", summary: "print what templates say, for translators",
    operands: [Operand("FILE", .file(["jinja", "j2"]), .anyNumber)],
    details: """
      The result is a template of gettext catalogues (POT). Without FILE it holds everything that the
      documents and the page say, and the words for dates, numbers and units. A catalogue in a folder
      'languages' beside the project file, such as languages/sw.po, translates the documents of
      projects whose 'language:' is 'sw'; docs/translating.md tells the way.
      """,
    examples: [
      ("rfpgen template messages > rfpgen.pot", "the messages of the built-in templates"),
      ("rfpgen template messages templates/letter.md.jinja", "those of a template of one's own"),
    ]
  ) { invocation, terminal throws(Failure) in
    var sources: [Source] = []
    for path in invocation.operands { sources.append(try Disk.source(path)) }
    let list = try attempt { () throws(InvalidInput) in
      if sources.isEmpty { return try BuiltInTemplates.messages() }
      var list = MessageList()
      for source in sources { try list.add(source) }
      return list
    }
    terminal.print(list.template)
    return .success
  }
}
