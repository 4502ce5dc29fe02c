/// Notices answers to checkpoints without the approach, the example or the evidence that they need.
struct ResponseSupportCheck: BidCheck {
  private static let approach = FindingRule(
    id: "response-approach-missing", summary: "An answer does not say how a checkpoint is met.")
  private static let example = FindingRule(
    id: "response-example-missing", summary: "A confirmed checkpoint has no example.")
  private static let evidence = FindingRule(
    id: "response-evidence-missing", summary: "A confirmed checkpoint has no evidence.")

  var rules: [FindingRule] { [Self.approach, Self.example, Self.evidence] }

  func findings(_ assessment: BidAssessment) -> [Finding] {
    assessment.bid.tender.checkpoints.flatMap { checkpoint -> [Finding] in
      guard let response = assessment.bid.responses[checkpoint.id],
        let confirmation = response.confirmation
      else { return [] }
      var findings: [Finding] = []
      if response.approach == nil {
        let what =
          confirmation == .yes
          ? ("it is not said how the checkpoint would be met", "describe it under 'approach:'")
          : confirmation == .partly
            ? (
              "it is not said which part is confirmed, and how",
              "describe it under 'approach:', with what is left out"
            )
            : (
              "it is not said why the checkpoint is not confirmed",
              "give the reason under 'approach:', and what is offered instead"
            )
        findings.append(
          assessment.finding(
            Self.approach, .error, checkpoint.id, what.0, remedy: what.1, at: response.mark))
      }
      guard confirmation != .no else { return findings }
      if response.example == nil {
        findings.append(
          assessment.finding(
            Self.example, .warning, checkpoint.id, "the answer gives no example",
            remedy: "say under 'example:' where you have done so before", at: response.mark))
      }
      if response.evidence.isEmpty {
        findings.append(
          assessment.finding(
            Self.evidence, .note, checkpoint.id, "the answer has no evidence",
            remedy: "name a file or a link under 'evidence:', if there is one",
            at: response.mark))
      }
      return findings
    }
  }
}
