/// Notices guiding questions without an answer.
struct UnansweredCheck: Check {
  private static let rule = FindingRule(
    id: "question-unanswered", summary: "A guiding question that applies has no answer.")

  var rules: [FindingRule] { [Self.rule] }

  func findings(_ assessment: Assessment) -> [Finding] {
    let answers = assessment.mark(of: "answers")
    return zip(assessment.guide.questions, assessment.questions).compactMap { question, state in
      let answer = assessment.project.answers[question.id]
      // What a copy withholds is no gap where it counts as answered.
      let isWithheld = assessment.project.withheld(of: question.id)?.answer != nil
      guard state.applicability.isApplicable, answer?.isGiven != true,
        !isWithheld || state.rung == .unanswered
      else { return nil }
      let isForRFP = question.need == .rfp
      return assessment.finding(
        Self.rule, isForRFP ? .error : .warning, question.id,
        "'\(question.title)' has no answer" + (isWithheld ? " that counts" : ""),
        remedy: "answer it under 'answers: \(question.id):' with \(question.type.kind.title); "
          + (isForRFP ? "the RFP needs it" : "the gate of its phase needs it"),
        at: answer?.mark ?? answers, phase: assessment.phase(ofSection: question.section),
        concernsRFP: isForRFP)
    }
  }
}
