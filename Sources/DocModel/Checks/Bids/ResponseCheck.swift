/// Notices checkpoints that a bid does not answer.
struct ResponseCheck: BidCheck {
  private static let missing = FindingRule(
    id: "response-missing", summary: "A checkpoint is not answered.")
  private static let word = FindingRule(
    id: "response-word", summary: "A checkpoint is answered with a word that does not count.")

  var rules: [FindingRule] { [Self.missing, Self.word] }

  func findings(_ assessment: BidAssessment) -> [Finding] {
    assessment.bid.tender.checkpoints.compactMap { checkpoint in
      let response = assessment.bid.responses[checkpoint.id]
      if let (mark, message) = response?.mismatch {
        return assessment.finding(
          Self.word, .error, checkpoint.id, message, remedy: "write 'yes', 'partly' or 'no'",
          at: mark)
      }
      guard response?.confirmation == nil else { return nil }
      return assessment.finding(
        Self.missing, .error, checkpoint.id, "the checkpoint is not answered",
        remedy: "write 'confirm: yes', 'partly' or 'no', and how it would be met",
        at: response?.mark ?? assessment.mark(of: ["checkpoints"]))
    }
  }
}
