internal import DocModel

extension Command {
  static let schema = Command(
    name: "schema", summary: "print the JSON Schema of a file, for editors and validators",
    operands: [Operand("project|guide", .oneOf(["project", "guide"]))],
    details: """
      The schema is JSON Schema 2020-12. A project's schema depends on its guide, whose identifiers
      it offers to complete. What a schema cannot state - what an identifier leads to, what comes
      twice, what several values are together - 'rfpgen check' finds all the same.
      """,
    options: [.guide],
    examples: [
      (
        "rfpgen schema project --guide \(Guide.builtInNames.last ?? "NAME") > project.schema.json",
        "for an editor that completes keys"
      ),
      ("rfpgen schema guide", "the shape of a guide file"),
    ]
  ) { invocation, terminal throws(Failure) in
    let shape: RecordShape
    switch invocation.operands[0] {
    case "project": shape = Project.shape(for: try invocation.guide(beside: "."))
    case "guide": shape = Guide.shape
    case let other:
      throw Failure(
        "there is no schema of '\(other)'",
        hint: nearest(to: other, among: ["project", "guide"]).map { "did you mean '\($0)'?" }
          ?? "there are project and guide")
    }
    terminal.write(Array(JSONSchema.schema(for: shape).text.utf8))
    return .success
  }
}
