/// Notices answers that need evidence and have none.
struct MissingEvidenceCheck: Check {
  private static let rule = FindingRule(
    id: "evidence-missing", summary: "An answer that needs evidence has none.")

  var rules: [FindingRule] { [Self.rule] }

  func findings(_ assessment: Assessment) -> [Finding] {
    zip(assessment.guide.questions, assessment.questions).compactMap { question, state in
      guard state.applicability.isApplicable, question.evidence == .required,
        let answer = assessment.project.answers[question.id], answer.isGiven,
        answer.evidence.isEmpty,
        assessment.project.withheld(of: question.id)?.evidence.isEmpty ?? true
      else { return nil }
      let isForRFP = question.need == .rfp
      return assessment.finding(
        Self.rule, isForRFP ? .error : .warning, question.id,
        "'\(question.title)' has no evidence",
        remedy: "name a file or a link under 'answers: \(question.id): evidence:'",
        at: answer.mark, phase: assessment.phase(ofSection: question.section),
        concernsRFP: isForRFP)
    }
  }
}
