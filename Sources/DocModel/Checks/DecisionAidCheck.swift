/// Notices signs of the guide's decision aid that hold.
struct DecisionAidCheck: Check {
  private static let rule = FindingRule(
    id: "decision-aid", summary: "A sign that speaks against a decision holds.")

  var rules: [FindingRule] { [Self.rule] }

  func findings(_ assessment: Assessment) -> [Finding] {
    let guide = assessment.guide
    return zip(guide.decisionAid?.signs ?? [], assessment.signs).compactMap { sign, holds in
      guard holds == true else { return nil }
      // The answer that the sign is read from says what the finding is about, and where.
      let ids = sign.condition.names.map { partName($0)?.question ?? $0 }
      let answer = ids.lazy.compactMap { assessment.project.answers[$0] }.first
      let id = ids.first { assessment.project.answers[$0] != nil } ?? "hosting"
      var phase: Int?
      var isForRFP = true
      if case .question(let index)? = guide.place(of: id) {
        phase = assessment.phase(ofSection: guide.questions[index].section)
        isForRFP = guide.questions[index].need == .rfp
      }
      return assessment.finding(
        FindingRule(id: "\(Self.rule.id).\(sign.id)", summary: sign.text), sign.severity, id,
        withoutFullStop(sign.text), remedy: withoutFullStop(sign.advice),
        at: answer?.valueMark ?? assessment.mark(of: id),
        phase: phase, concernsRFP: isForRFP)
    }
  }
}

/// A sentence as messages have it.
private func withoutFullStop(_ sentence: String) -> String {
  sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
}
