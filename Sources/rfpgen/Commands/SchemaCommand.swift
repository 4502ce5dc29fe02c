internal import DocModel
internal import EvidencePacks

extension Command {
  private static let schemas = [
    "project", "guide", "lock", "tender", "bid", "statement", "bid-statement",
  ]

  static let schema = Command(
    name: "schema", summary: "print the JSON Schema of a file, for editors and validators",
    operands: [Operand(schemas.joined(separator: "|"), .oneOf(schemas))],
    details: """
      The schema is JSON Schema 2020-12. A project's schema depends on its guide, and a bid's on its
      tender, whose identifiers it offers to complete; the one of an evidence pack's statement depends on
      the project's guide too. What a schema cannot state - what an identifier leads to, what comes
      twice, what several values are together - 'rfpgen check' finds all the same.
      """,
    options: [
      .guide, Option("tender", value: "TENDER", of: .data, "the tender that a bid answers"),
    ],
    examples: [
      (
        "rfpgen schema project --guide \(Guide.builtInNames.last ?? "NAME") > project.schema.json",
        "for an editor that completes keys"
      ),
      ("rfpgen schema guide", "the shape of a guide file"),
      (
        "rfpgen schema bid --tender tender.yaml > bid.schema.json",
        "the shape of a bid for a tender"
      ),
      (
        "rfpgen schema statement --guide \(Guide.builtInNames.last ?? "NAME")",
        "the shape of 'data/statement.json' in an evidence pack"
      ),
      ("rfpgen schema bid-statement", "the same in the pack of a bid"),
    ]
  ) { invocation, terminal throws(Failure) in
    let schema: JSON
    switch invocation.operands[0] {
    case "project":
      schema = JSONSchema.schema(for: Project.shape(for: try invocation.guide(beside: ".")))
    case "guide": schema = JSONSchema.schema(for: Guide.shape)
    case "lock": schema = Lock.schema
    case "tender": schema = JSONSchema.schema(for: Tender.shape)
    case "statement":
      let guide = try invocation.guide(beside: ".")
      schema = JSONSchema.schema(
        for: PackStatement.shape(for: guide), isComposed: guide.isComposed)
    case "bid-statement": schema = JSONSchema.schema(for: PackStatement.bidShape)
    case "bid":
      guard let path = invocation["tender"] else {
        throw Failure(
          "the schema of a bid depends on its tender", hint: "name it with '--tender TENDER'")
      }
      let source = try Disk.source(path, as: .tender)
      schema = JSONSchema.schema(
        for: Bid.shape(for: try attempt { () throws(InvalidInput) in try Tender(source) }))
    case let other:
      throw Failure(
        "there is no schema of '\(other)'",
        hint: nearest(to: other, among: schemas).map { "did you mean '\($0)'?" }
          ?? "there are \(schemas.joined(separator: ", "))")
    }
    terminal.write(Array(schema.text.utf8))
    return .success
  }
}
