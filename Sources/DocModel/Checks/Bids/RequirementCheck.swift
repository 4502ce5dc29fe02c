/// Notices requirements that a bid does not answer, does not meet, or answers without saying how.
struct RequirementCheck: BidCheck {
  private static let missing = FindingRule(
    id: "requirement-unanswered", summary: "A requirement is not answered.")
  private static let unmet = FindingRule(
    id: "requirement-unmet", summary: "A requirement is not met, or only in part.")
  private static let how = FindingRule(
    id: "requirement-unsupported", summary: "It is not said how a requirement is met.")

  var rules: [FindingRule] { [Self.missing, Self.unmet, Self.how] }

  func findings(_ assessment: BidAssessment) -> [Finding] {
    assessment.bid.tender.requirements.flatMap { requirement -> [Finding] in
      let id = requirement.identifier
      let proof = assessment.bid.proofs[requirement.id]
      let mark = proof?.mark ?? assessment.mark(of: ["requirements"])
      guard let proof, let confirmation = proof.confirmation else {
        return [
          assessment.finding(
            Self.missing, .error, id,
            proof?.mismatch?.message ?? "'\(requirement.title)' is not answered",
            remedy: "write 'met: yes', 'partly' or 'no', and what shows it",
            at: proof?.mismatch?.mark ?? mark)
        ]
      }
      var findings: [Finding] = []
      if confirmation != .yes {
        findings.append(
          assessment.finding(
            Self.unmet, .warning, id,
            "'\(requirement.title)' is met \(confirmation == .no ? "not at all" : "only in part")",
            remedy: "say what closes the gap, or expect it to count", at: mark))
      }
      if proof.approach == nil {
        findings.append(
          assessment.finding(
            Self.how, .error, id, "it is not said how '\(requirement.title)' is met",
            remedy: "describe what shows it under 'how:'", at: mark))
      }
      return findings
    }
  }
}
