/// Notices a guide that does not say where its facts come from.
struct SourceLint: LintCheck {
  private static let rule = FindingRule(
    id: "source-missing", summary: "The guide does not say where its facts come from.")

  var rules: [FindingRule] { [Self.rule] }

  func findings(_ subject: LintSubject) -> [Finding] {
    guard let source = subject.node["source"] else {
      return [
        subject.finding(
          Self.rule, .warning, "source", "the guide names no source",
          "write 'source:' with 'title:', 'publisher:' and 'url:' of what it restates, or of yourselves",
          at: subject.node["guide"]?.mark ?? subject.node.mark)
      ]
    }
    guard source["url"] == nil else { return [] }
    return [
      subject.finding(
        Self.rule, .warning, "source", "the source has no address",
        "write 'url:' with the address at which it is found", at: source.mark)
    ]
  }
}
