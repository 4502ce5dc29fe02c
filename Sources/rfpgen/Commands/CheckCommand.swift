internal import DocModel

extension Command {
  static let check = Command(
    name: "check", summary: "report what is answered, what is missing and which gates are open",
    operands: [Operand("FILE", .data, .atMostOnce)],
    details: """
      FILE is a project file or a bid file, beside which its tender lies.

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
      ("rfpgen check our-bid/bid.yaml", "report on a bid"),
      ("rfpgen check --for rfp --strict", "succeed only when the RFP can be published"),
      ("rfpgen check --format json | jq .summary", "count answers for another program"),
      ("rfpgen check --format sarif > rfpgen.sarif", "findings for a code-scanning service"),
    ]
  ) { invocation, terminal throws(Failure) in
    let format = ReportFormat.all.first { $0.id == invocation["format"] }
    let path = invocation.operands.first
    let isStrict = invocation.has(Option.strict)
    let report: any Report
    let text: String
    do throws(Failure) {
      let today = try invocation.today()
      let source = try Workspace.source(path, terminal)
      switch FileKind(source) {
      case .project:
        let workspace = try Workspace(source, at: path, today: today, terminal)
        let check = CheckReport(
          workspace.assessment, for: invocation["for"] == "rfp" ? .rfp : .all, isStrict: isStrict)
        report = check
        text = format == nil ? TextReport(check, terminal).text : ""
      case .bid:
        if invocation.has("for") {
          throw Failure("'--for' is not for a bid", hint: "a bid is looked at as a whole")
        }
        let workspace = try BidWorkspace(source, at: path, today: today, terminal)
        let check = BidReport(workspace.assessment, isStrict: isStrict)
        report = check
        text = format == nil ? BidTextReport(check, terminal).text : ""
      case .tender:
        throw Failure(
          "'\(source.name)' is a tender, which is made rather than checked",
          hint: "'rfpgen init --bid \(source.name) DIR' begins a bid for it")
      }
    } catch {
      // A file that cannot be read at all is a finding for those that show findings.
      if let input = InvalidInput(of: error), let format {
        terminal.write(format.write(.failure(input)))
      }
      throw error
    }
    if let format {
      terminal.write(format.write(.success(report)))
    } else {
      terminal.print(text)
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
