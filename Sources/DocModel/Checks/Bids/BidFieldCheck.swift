/// Notices facts about a bid that nobody can do without.
struct BidFieldCheck: BidCheck {
  private static let rule = FindingRule(
    id: "bid-field-missing", summary: "A fact that a bid cannot do without is missing.")

  var rules: [FindingRule] { [Self.rule] }

  func findings(_ assessment: BidAssessment) -> [Finding] {
    let bid = assessment.bid
    var missing: [(id: String, what: String, path: [String])] = []
    if (bid.record["contacts"]?.asList ?? []).isEmpty {
      missing.append(("contacts", "a contact of the bidder", ["contacts"]))
    }
    if bid.validUntil == nil {
      missing.append(("valid-until", "the last day on which the bid holds", ["valid-until"]))
    }
    if bid.costs.currency == nil {
      missing.append(("costs.currency", "the currency of the costs", ["costs", "currency"]))
    }
    return missing.map { id, what, path in
      assessment.finding(
        Self.rule, .error, about: id, "\(what) is missing",
        remedy: "write it under '\(path.joined(separator: ": ")):'", at: path)
    }
  }
}
