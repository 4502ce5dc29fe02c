/// Notices evidence that has expired, is about to, or lies in the future.
struct EvidenceDateCheck: Check {
  private static let expired = FindingRule(
    id: "evidence-expired", summary: "Evidence no longer holds.")
  private static let expiring = FindingRule(
    id: "evidence-expiring",
    summary: "Evidence ends within the next \(Assessment.expiryNotice) days.")
  private static let future = FindingRule(
    id: "evidence-future", summary: "Evidence is dated in the future, or does not hold yet.")
  private static let order = FindingRule(
    id: "evidence-dates", summary: "Evidence ends before it begins.")

  var rules: [FindingRule] { [Self.expired, Self.expiring, Self.future, Self.order] }

  func findings(_ assessment: Assessment) -> [Finding] {
    assessment.evidenced.flatMap { item in
      zip(item.evidence, item.states).compactMap { evidence, state in
        problem(evidence, state).map { rule, severity, message, remedy in
          assessment.finding(
            rule, severity, item.id, message, remedy: remedy, at: evidence.mark,
            phase: item.phase, concernsRFP: item.concernsRFP)
        }
      }
    }
  }

  fileprivate func problem(
    _ evidence: Evidence, _ state: EvidenceState
  ) -> (FindingRule, Diagnostic.Severity, String, String)? {
    if let begins = evidence.validFrom ?? evidence.collected, let ends = evidence.validUntil,
      ends < begins
    {
      return (
        Self.order, .error, "'\(evidence.name)' ends on \(ends), before it begins on \(begins)",
        "correct the dates"
      )
    }
    return switch state {
    case .expired(let day):
      (
        Self.expired, .error, "'\(evidence.name)' expired on \(day)",
        "collect the evidence anew and update its dates"
      )
    case .expiring(let day):
      (
        Self.expiring, .warning, "'\(evidence.name)' expires on \(day)",
        "plan to collect the evidence anew before then"
      )
    case .future(let day) where evidence.collected != day:
      (
        Self.future, .error, "'\(evidence.name)' does not hold before \(day)",
        "it counts from that day on; until then bring evidence that holds"
      )
    case .future(let day):
      (
        Self.future, .error, "'\(evidence.name)' is dated \(day), which lies in the future",
        "correct the date; evidence counts from that day on"
      )
    case .current, .changed, .empty, .missing: nil
    }
  }
}

extension EvidenceDateCheck: BidCheck {
  func findings(_ assessment: BidAssessment) -> [Finding] {
    assessment.evidenced.flatMap { id, evidence, states in
      zip(evidence, states).compactMap { evidence, state in
        problem(evidence, state).map { rule, severity, message, remedy in
          assessment.finding(rule, severity, id, message, remedy: remedy, at: evidence.mark)
        }
      }
    }
  }
}
