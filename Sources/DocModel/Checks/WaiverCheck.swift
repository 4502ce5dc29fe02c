/// Notices waivers without a reason or a name, past their date, or given twice.
struct WaiverCheck: Check {
  private static let reason = FindingRule(
    id: "waiver-reason", summary: "A waiver gives no reason; it does not count.")
  private static let author = FindingRule(
    id: "waiver-author", summary: "A waiver does not say who decided.")
  private static let expired = FindingRule(
    id: "waiver-expired", summary: "A waiver is past its date; it does not count.")
  private static let repeated = FindingRule(
    id: "waiver-repeated", summary: "Something is waived twice.")

  var rules: [FindingRule] { [Self.reason, Self.author, Self.expired, Self.repeated] }

  func findings(_ assessment: Assessment) -> [Finding] {
    var seen: Set<String> = []
    return assessment.project.waivers.flatMap { waiver -> [Finding] in
      func finding(
        _ rule: FindingRule, _ severity: Diagnostic.Severity, _ message: String, _ remedy: String
      ) -> Finding {
        assessment.finding(
          rule, severity, waiver.subject, message, remedy: remedy, at: waiver.mark,
          phase: assessment.phase(of: waiver.subject),
          concernsRFP: assessment.guide.isNeededForRFP(waiver.subject))
      }
      var findings: [Finding] = []
      if waiver.reason == nil, !waiver.isWithheld {
        findings.append(
          finding(
            Self.reason, .error, "the waiver gives no reason, so it does not count",
            "write 'reason:' with one or two sentences"))
      }
      if waiver.decidedBy == nil, !waiver.isWithheld {
        findings.append(
          finding(
            Self.author, .warning, "the waiver does not say who decided",
            "write 'decided-by:' with a name and a function"))
      }
      if let until = waiver.until, until < assessment.today {
        findings.append(
          finding(
            Self.expired, .error, "the waiver ended on \(until), so it no longer counts",
            "close the gap, or have the waiver renewed"))
      }
      if !seen.insert(waiver.subject).inserted {
        findings.append(
          finding(
            Self.repeated, .warning, "'\(waiver.subject)' is waived a second time",
            "keep one waiver; the first that holds counts"))
      }
      return findings
    }
  }
}

extension Guide {
  /// Whether publishing the RFP needs what an identifier names, rather than a gate alone.
  func isNeededForRFP(_ id: String) -> Bool {
    switch place(of: id) {
    case .question(let index)?: questions[index].need == .rfp
    case .checkpoint?: false
    case .phase?, .section?, .serviceLevel?, nil: true
    }
  }
}
