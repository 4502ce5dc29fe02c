/// Notices answers, estimates and service levels of the wrong type, or without a required part.
struct AnswerTypeCheck: Check {
  private static let type = FindingRule(
    id: "answer-type", summary: "An answer is not of the type that is asked for.")
  private static let part = FindingRule(
    id: "answer-part-missing", summary: "An answer leaves out a part that is required.")

  var rules: [FindingRule] { [Self.type, Self.part] }

  func findings(_ assessment: Assessment) -> [Finding] {
    let guide = assessment.guide
    let project = assessment.project
    var findings: [Finding] = []
    for estimate in guide.scale {
      findings += check(
        assessment, project.scale[estimate.id], "scale.\(estimate.id)", estimate.type, nil, true)
    }
    for (level, applicability) in zip(guide.serviceLevels, assessment.serviceLevels)
    where applicability.isApplicable {
      findings += check(
        assessment, project.targets[level.id], level.identifier, level.type, nil, true)
    }
    for (question, state) in zip(guide.questions, assessment.questions)
    where state.applicability.isApplicable {
      findings += check(
        assessment, project.answers[question.id], question.id, question.type,
        assessment.phase(ofSection: question.section), question.need == .rfp)
    }
    return findings
  }

  private func check(
    _ assessment: Assessment, _ answer: Answer?, _ id: String, _ type: AnswerType, _ phase: Int?,
    _ concernsRFP: Bool
  ) -> [Finding] {
    guard let answer else { return [] }
    var findings = answer.mismatches.map { mismatch in
      assessment.finding(
        Self.type, .error, id, mismatch.message,
        remedy: mismatch.remedy ?? "correct the value, or leave it blank until it is known",
        at: mismatch.mark, phase: phase, concernsRFP: concernsRFP)
    }
    if !answer.missingParts.isEmpty {
      findings.append(
        assessment.finding(
          Self.part, .error, id, "the answer leaves out \(listed(answer.missingParts))",
          remedy: "add what is missing, or waive the question with a reason",
          at: answer.valueMark, phase: phase, concernsRFP: concernsRFP))
    }
    return findings
  }
}
