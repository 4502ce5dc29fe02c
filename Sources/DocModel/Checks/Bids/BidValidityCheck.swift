/// Notices a bid that ends before the tender lets it, or that is over already.
struct BidValidityCheck: BidCheck {
  private static let short = FindingRule(
    id: "bid-validity", summary: "The bid does not stay valid as long as the tender asks.")
  private static let over = FindingRule(id: "bid-expired", summary: "The bid is no longer valid.")

  var rules: [FindingRule] { [Self.short, Self.over] }

  func findings(_ assessment: BidAssessment) -> [Finding] {
    guard let until = assessment.bid.validUntil else { return [] }
    let tender = assessment.bid.tender
    var findings: [Finding] = []
    if let closes = tender.closes, let validity = tender.validity {
      let wanted = closes.day + validity.wholeDays
      if until < wanted {
        findings.append(
          assessment.finding(
            Self.short, .error, about: "valid-until",
            "the bid is valid until \(until), and \(validity.wholeDays) days after closing "
              + "(\(closes.day)) is \(wanted)",
            remedy: "write '\(wanted)' or a later day", at: ["valid-until"]))
      }
    }
    if until < assessment.today {
      findings.append(
        assessment.finding(
          Self.over, .error, about: "valid-until", "the bid was valid until \(until)",
          remedy: "renew the bid, or correct the day", at: ["valid-until"]))
    }
    return findings
  }
}
