internal import DocModel

extension Command {
  static let check = Command(
    name: "check", summary: "report what is answered, what is missing and which gates are open",
    operands: [Operand("FILE", .data, .atMostOnce)],
    details: """
      Exit status 1 where a finding is an error, with --strict also where one is a warning.
      With --for rfp only what stands in the way of publishing the RFP is looked at: what can be
      known only after the award is left out.
      """,
    options: [
      Option("format", value: "FORMAT", of: .oneOf(["text", "json"]), "how to report"),
      Option("for", value: "PURPOSE", of: .oneOf(["rfp"]), "look only at what this needs"),
      Option("strict", "let warnings count as well"),
      .today,
    ],
    examples: [
      ("rfpgen check", "report on project.yaml in the current folder"),
      ("rfpgen check --for rfp --strict", "succeed only when the RFP can be published"),
      ("rfpgen check --format json | jq .summary", "count answers for another program"),
    ]
  ) { invocation, terminal throws(Failure) in
    let workspace = try Workspace(invocation.operands.first, today: try invocation.today())
    let isForRFP = invocation["for"] == "rfp"
    let all = workspace.assessment.findings
    let findings = isForRFP ? all.filter(\.concernsRFP) : all
    let report = CheckReport(assessment: workspace.assessment, findings: findings)
    if invocation["format"] == "json" {
      terminal.write(Array(report.json.text.utf8))
    } else {
      terminal.print(TextReport(report, isForRFP: isForRFP, terminal).text)
    }
    let worst = findings.map(\.severity).max() ?? .note
    return worst >= (invocation.has(Option.strict) ? .warning : .error) ? .gaps : .success
  }
}
