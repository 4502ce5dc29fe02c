/// Notices checkpoints that rely on nothing, and questions that no checkpoint relies on.
struct RelianceLint: LintCheck {
  private static let nothing = FindingRule(
    id: "checkpoint-relies-on-nothing",
    summary: "A checkpoint names no question and does not say what evidence would show it.")
  private static let unused = FindingRule(
    id: "question-unused", summary: "No checkpoint relies on a guiding question.")

  var rules: [FindingRule] { [Self.nothing, Self.unused] }

  func findings(_ subject: LintSubject) -> [Finding] {
    let used = Set(
      subject.guide.checkpoints.flatMap(\.reliesOn.questions).map { subject.guide.local($0) })
    let idle = subject.items("checkpoints").filter { _, node in
      (node["relies-on"]?.items ?? []).isEmpty && node["evidence"] == nil
    }
    return idle.map { id, node in
      subject.finding(
        Self.nothing, .warning, id, "the checkpoint relies on nothing",
        "name questions under 'relies-on:', or say under 'evidence:' what would show it",
        at: node["id"]?.mark ?? node.mark)
    }
      + subject.items("questions").filter { !used.contains($0.id) }.map { id, node in
        subject.finding(
          Self.unused, .warning, id, "no checkpoint relies on the question",
          "name it under 'relies-on:' of a checkpoint, or leave it out",
          at: node["id"]?.mark ?? node.mark)
      }
  }
}
