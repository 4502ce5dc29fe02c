/// Notices answers, claims and waivers that somebody is said to have given on a day that lies ahead.
struct FutureDateCheck: Check {
  private static let rule = FindingRule(
    id: "date-future", summary: "An answer, a claim or a waiver is dated in the future.")

  var rules: [FindingRule] { [Self.rule] }

  func findings(_ assessment: Assessment) -> [Finding] {
    let guide = assessment.guide
    let project = assessment.project
    var findings: [Finding] = []
    func add(
      _ id: String, _ what: String, _ day: Day?, _ mark: Node.Mark, phase: Int?, isForRFP: Bool
    ) {
      guard let day, day > assessment.today else { return }
      findings.append(
        assessment.finding(
          Self.rule, .error, id, "\(what) is dated \(day), which lies in the future",
          remedy: "correct the day under 'on:'", at: mark, phase: phase, concernsRFP: isForRFP))
    }
    for (question, state) in zip(guide.questions, assessment.questions)
    where state.applicability.isApplicable {
      guard let answer = project.answers[question.id] else { continue }
      add(
        question.id, "the answer", answer.on, answer.mark,
        phase: assessment.phase(ofSection: question.section), isForRFP: question.need == .rfp)
    }
    for (checkpoint, state) in zip(guide.checkpoints, assessment.checkpoints)
    where state.applicability.isApplicable {
      guard let claim = project.claims[checkpoint.id] else { continue }
      add(
        checkpoint.id, "the claim", claim.on, claim.mark,
        phase: assessment.phase(ofSection: checkpoint.section), isForRFP: false)
    }
    for waiver in project.waivers {
      add(
        waiver.subject, "the waiver", waiver.on, waiver.mark,
        phase: assessment.phase(of: waiver.subject),
        isForRFP: guide.isNeededForRFP(waiver.subject))
    }
    return findings
  }
}
