internal import DocModel
internal import Renderers

extension Command {
  static let render = Command(
    name: "render", summary: "render any template with any YAML or JSON data",
    operands: [Operand("TEMPLATE", .file(["jinja", "j2"]))],
    details: """
      TEMPLATE is a file in Jinja's language over Markdown; the templates that it includes are looked
      for in its folder. Each value is fitted to its place, so that it cannot change the document;
      with --no-escape values are written as they are, as Jinja does with autoescape off.
      """,
    options: [
      Option("data", value: "FILE", of: .data, "the data, YAML or JSON; - for standard input"),
      Option("no-escape", "write values as they are"),
    ],
    examples: [
      ("rfpgen render letter.md.jinja --data letter.yaml", "the letter on standard output"),
      ("rfpgen render site.conf.j2 --data host.json --no-escape", "a text that is no Markdown"),
    ]
  ) { invocation, terminal throws(Failure) in
    let path = invocation.operands[0]
    let values = try invocation["data"].map(data) ?? Record(Keys([]), [])
    let source = try Disk.source(path)
    let options = TemplateOptions(escaping: invocation.has("no-escape") ? .none : .markdown)
    let folder = DiskFolder(Disk.folder(of: path), today: Disk.today())
    let environment = Environment(options: options) { name throws(InvalidInput) in
      try folder.source(of: name)
    }
    let text = try attempt { () throws(InvalidInput) in
      try environment.template(source).render(values)
    }
    terminal.write(text)
    return .success
  }

  private static func data(_ path: String) throws(Failure) -> Record {
    let source = try Disk.source(path)
    let node = try attempt { () throws(InvalidInput) in try Node(source) }
    guard case .record(let record) = node.value else {
      throw Failure([
        Diagnostic(
          "the data must be a mapping of names at the top", at: source.location(node.mark),
          hint: "write 'items:' before a list, and use 'items' in the template")
      ])
    }
    return record
  }
}
