internal import DocModel

extension Command {
  static let check = Command(
    name: "check", summary: "report what is answered, what is missing and which gates are open",
    operands: [Operand("FILE", .data, .atMostOnce)],
    details: """
      Exit status 1 where a finding is an error, with --strict also where one is a warning.
      With --for rfp only what stands in the way of publishing the RFP is looked at: what can be
      known only after the award is left out.

      formats:
        text    for people
      \(ReportFormat.all.map { "  \($0.id.padded(to: 8))\($0.summary)" }.joined(separator: "\n"))
      """,
    options: [
      Option(
        "format", value: "FORMAT", of: .oneOf(["text"] + ReportFormat.all.map(\.id)),
        "how to report"),
      Option("for", value: "PURPOSE", of: .oneOf(["rfp"]), "look only at what this needs"),
      Option("strict", "let warnings count as well"),
      .today,
    ],
    examples: [
      ("rfpgen check", "report on project.yaml in the current folder"),
      ("rfpgen check --for rfp --strict", "succeed only when the RFP can be published"),
      ("rfpgen check --format json | jq .summary", "count answers for another program"),
      ("rfpgen check --format sarif > rfpgen.sarif", "findings for a code-scanning service"),
    ]
  ) { invocation, terminal throws(Failure) in
    let format = ReportFormat.all.first { $0.id == invocation["format"] }
    let workspace: Workspace
    do throws(Failure) {
      workspace = try Workspace(invocation.operands.first, today: try invocation.today(), terminal)
    } catch {
      // A file that cannot be read at all is a finding for those that show findings.
      if let input = InvalidInput(of: error), let format {
        terminal.write(format.write(.failure(input)))
      }
      throw error
    }
    let report = CheckReport(
      workspace.assessment, for: invocation["for"] == "rfp" ? .rfp : .all,
      isStrict: invocation.has(Option.strict))
    if let format {
      terminal.write(format.write(.success(report)))
    } else {
      terminal.print(TextReport(report, terminal).text)
    }
    return report.hasFailed ? .gaps : .success
  }
}

extension InvalidInput {
  /// The input that a failure refuses; `nil` where no place in a file is at fault.
  fileprivate init?(of failure: Failure) {
    guard failure.diagnostics.contains(where: { $0.location != nil }) else { return nil }
    self.init(failure.diagnostics)
  }
}
