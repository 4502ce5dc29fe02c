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
    let isEmpty = source.bytes.split(separator: 0x0A).allSatisfy { line in
      line.first { $0 > 0x20 }.map { $0 == UInt8(ascii: "#") } ?? true
    }
    if isEmpty {
      throw Failure(
        "'\(path)' holds no data", hint: "write lines such as 'name: value', or leave '--data' out")
    }
    let node = try attempt { () throws(InvalidInput) in try Node(source) }
    guard case .record(let record) = node.value else {
      throw Failure([
        Diagnostic(
          "the data must be a mapping of names at the top", at: source.location(node.mark),
          hint: "write 'items:' before a list, and use 'items' in the template")
      ])
    }
    let problems = inexact(node).map {
      Diagnostic(
        "the number has more digits than can be kept", at: source.location($0.mark),
        hint: "put it in quotes, so that it is a text")
    }
    guard problems.isEmpty else { throw Failure(problems) }
    return record
  }

  /// The whole numbers that do not fit 64 bits, and the numbers beyond all others.
  private static func inexact(_ node: Node) -> [Node] {
    switch node.content {
    case .mapping(let entries): return entries.flatMap { inexact($0.value) }
    case .sequence(let items): return items.flatMap(inexact)
    case .foreign: return []
    case .scalar(let text, let isPlain):
      guard isPlain, case .double(let number) = node.value else { return [] }
      let isWhole = text.utf8.dropFirst().allSatisfy { (0x30...0x39).contains($0) }
      return isWhole || number.isInfinite ? [node] : []
    }
  }
}
