private import FoundationEssentials

/// Notices dates of the RFP that contradict each other or lie in the past, and lengths of time that are none.
struct RFPDateCheck: Check {
  private static let order = FindingRule(
    id: "rfp-date-order", summary: "Two dates of the RFP stand in the wrong order.")
  private static let past = FindingRule(
    id: "rfp-deadline-past", summary: "A deadline of the RFP has passed.")

  private static let validity = FindingRule(
    id: "rfp-validity-short", summary: "Bids need not hold until the planned award.")

  private static let length = FindingRule(
    id: "rfp-length-zero", summary: "A length of time of the RFP is no time at all.")

  var rules: [FindingRule] { [Self.order, Self.past, Self.validity, Self.length] }

  private static let sequence = [
    ("issued", "the day of issue"),
    ("clarifications-by", "the deadline for clarifications"),
    ("closes", "the deadline for bids"),
    ("award-by", "the planned award"),
  ]

  func findings(_ assessment: Assessment) -> [Finding] {
    let rfp = assessment.project.node["rfp"]
    let dates = Self.sequence.compactMap { key, title -> (String, String, Moment)? in
      rfp?[key]?.text.flatMap { Moment($0) }.map { (key, title, $0) }
    }
    var findings: [Finding] = []
    for (earlier, later) in zip(dates, dates.dropFirst()) {
      // A bare day says nothing about the hour, at whichever offset: then days are compared.
      let isReversed =
        earlier.2.hasClock && later.2.hasClock
        ? earlier.2 > later.2 : earlier.2.day > later.2.day
      if isReversed {
        findings.append(
          finding(
            assessment, Self.order, later.0,
            "\(later.1) (\(later.2)) lies before \(earlier.1) (\(earlier.2))",
            "correct one of the two"))
      }
    }
    for (key, title, moment) in dates where key != "issued" && moment.day < assessment.today {
      findings.append(
        finding(
          assessment, Self.past, key, "\(title) (\(moment)) has passed",
          "set a date that lies ahead"))
    }
    return findings + lapse(assessment, dates) + nothing(assessment)
  }

  /// What to say of lengths of time that are none.
  private func nothing(_ assessment: Assessment) -> [Finding] {
    [("bids-valid-for", "120 days"), ("period", "18 months")].compactMap { key, example in
      guard let text = assessment.project.node["rfp"]?[key]?.text,
        TimeSpan(text)?.minutes == 0
      else { return nil }
      return finding(
        assessment, Self.length, key, "'\(key)' is '\(text)', which is no time at all",
        "write how long, for example '\(example)', or leave it blank until it is known")
    }
  }

  /// What to say where bids that stay valid as long as is asked no longer hold at the award.
  private func lapse(_ assessment: Assessment, _ dates: [(String, String, Moment)]) -> [Finding] {
    let key = "bids-valid-for"
    func day(_ key: String) -> Day? { dates.first { $0.0 == key }?.2.day }
    guard let closes = day("closes"), let award = day("award-by"), closes <= award,
      let text = assessment.project.node["rfp"]?[key]?.text,
      let end = TimeSpan(text).map({ closes + $0.wholeDays }), end < award
    else { return [] }
    return [
      finding(
        assessment, Self.validity, key,
        "bids need to hold until \(end) only, and the award is planned by \(award)",
        "let bids stay valid for at least \(award.number - closes.number) days, or plan the award earlier"
      )
    ]
  }

  private func finding(
    _ assessment: Assessment, _ rule: FindingRule, _ key: String, _ message: String,
    _ remedy: String
  ) -> Finding {
    assessment.finding(
      rule, .error, "rfp.\(key)", message, remedy: remedy, at: assessment.mark(of: "rfp", key),
      concernsRFP: true)
  }
}
