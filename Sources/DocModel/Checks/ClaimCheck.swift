/// Notices checkpoints that are claimed without the answers or evidence they rely on.
struct ClaimCheck: Check {
  private static let rule = FindingRule(
    id: "checkpoint-unsupported",
    summary: "A checkpoint is claimed, but what it relies on does not show it.")

  var rules: [FindingRule] { [Self.rule] }

  func findings(_ assessment: Assessment) -> [Finding] {
    zip(assessment.guide.checkpoints, assessment.checkpoints).compactMap { checkpoint, state in
      guard state.applicability.isApplicable, state.isClaimed, !state.isMet,
        let claim = assessment.project.claims[checkpoint.id]
      else { return nil }
      let own = state.blockers.contains(checkpoint.id)
      let others = state.blockers.filter { $0 != checkpoint.id }
      let reasons =
        (own ? ["evidence of its own"] : []) + (others.isEmpty ? [] : [listed(others)])
      return assessment.finding(
        Self.rule, .error, checkpoint.id,
        "the checkpoint is claimed, but not shown by \(reasons.joined(separator: " and "))",
        remedy: "bring what it relies on to 'current', or take the claim back", at: claim.mark,
        phase: assessment.phase(ofSection: checkpoint.section), concernsRFP: false)
    }
  }
}
