/// Notices closed gates, and work that is claimed past one.
struct GateCheck: Check {
  private static let closed = FindingRule(
    id: "gate-closed", summary: "A phase's gate is closed.")
  private static let past = FindingRule(
    id: "work-past-gate", summary: "A checkpoint is claimed although an earlier gate is closed.")

  var rules: [FindingRule] { [Self.closed, Self.past] }

  func findings(_ assessment: Assessment) -> [Finding] {
    let guide = assessment.guide
    let checkpoints = assessment.mark(of: "checkpoints")
    var firstClosed: Int?
    var findings: [Finding] = []
    for (index, phase) in guide.phases.enumerated() {
      // Each guide's phases follow one another; those of another guide go on beside them.
      if let closed = firstClosed, guide.member(ofPhase: closed) != guide.member(ofPhase: index) {
        firstClosed = nil
      }
      let positions = guide.sections[phase.sections].flatMap { Array($0.checkpoints) }
      if let firstClosed {
        findings += positions.compactMap { position -> Finding? in
          let checkpoint = guide.checkpoints[position]
          guard assessment.checkpoints[position].applicability.isApplicable,
            let claim = assessment.project.claims[checkpoint.id], claim.isClaimed
          else { return nil }
          return assessment.finding(
            Self.past, .error, checkpoint.id,
            "the checkpoint is claimed, but the gate of phase "
              + "\(guide.phases[firstClosed].number) is closed",
            remedy: "open that gate first: 'rfpgen check' lists what it waits for",
            at: claim.mark, phase: index, concernsRFP: false)
        }
      }
      guard assessment.phases[index].gate == .closed else { continue }
      firstClosed = firstClosed ?? index
      let waiting = positions.filter { !assessment.checkpoints[$0].isSettled }
      findings.append(
        assessment.finding(
          Self.closed, .warning, phase.id,
          "the gate of phase \(phase.number) is closed, with "
            + "\(waiting.count) of \(positions.count) checkpoints not met",
          remedy: "meet or waive \(listed(waiting.map { guide.checkpoints[$0].id }))",
          at: checkpoints, phase: index, concernsRFP: false))
    }
    return findings
  }
}
