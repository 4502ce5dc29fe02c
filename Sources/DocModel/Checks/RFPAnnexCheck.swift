/// Notices annexes of the RFP that cannot be handed out with it.
struct RFPAnnexCheck: Check {
  private static let rule = FindingRule(
    id: "rfp-annex-unusable", summary: "An annex of the RFP cannot be handed out with it.")

  var rules: [FindingRule] { [Self.rule] }

  func findings(_ assessment: Assessment) -> [Finding] {
    let annexes = assessment.project.node["rfp"]?["annexes"]?.items ?? []
    return zip(annexes, assessment.annexes).compactMap { annex, state in
      guard let path = annex["file"]?.text, let state else { return nil }
      if case .present(let size) = state, size > 0 { return nil }
      let (message, remedy) =
        if case .present = state {
          ("the file '\(path)' is empty", "put the annex into it")
        } else {
          state.obstacle(at: path, near: assessment.neighbours)
        }
      return assessment.finding(
        Self.rule, .error, "rfp.annexes", message, remedy: remedy,
        at: annex["file"]?.mark ?? annex.mark, concernsRFP: true)
    }
  }
}
