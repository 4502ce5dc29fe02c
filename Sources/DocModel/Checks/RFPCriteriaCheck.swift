private import FoundationEssentials

/// Notices selection criteria whose weights do not add up, or that come twice.
struct RFPCriteriaCheck: Check {
  private static let weights = FindingRule(
    id: "rfp-criteria-weights", summary: "The weights of the criteria do not add up to 100.")
  private static let repeated = FindingRule(
    id: "rfp-criterion-repeated", summary: "Two criteria bear the same name.")

  var rules: [FindingRule] { [Self.weights, Self.repeated] }

  func findings(_ assessment: Assessment) -> [Finding] {
    let criteria = assessment.project.node["rfp"]?["criteria"]?.items ?? []
    guard !criteria.isEmpty else { return [] }
    var findings: [Finding] = []
    let unweighted = criteria.filter { $0["weight"] == nil }
    let total = criteria.reduce(into: Decimal(0)) { sum, item in
      sum += item["weight"]?.text.flatMap { decimal($0) } ?? 0
    }
    if !unweighted.isEmpty || total != 100 {
      let what =
        unweighted.isEmpty
        ? "the weights of the criteria add up to \(total), not to 100"
        : "no weight is given for \(listed(unweighted.compactMap { $0["id"]?.text }))"
      findings.append(
        assessment.finding(
          Self.weights, .error, "rfp.criteria", what,
          remedy: "give each criterion a weight in percent, 100 in all",
          at: assessment.mark(of: "rfp", "criteria"), concernsRFP: true))
    }
    var seen: Set<String> = []
    for item in criteria {
      guard let id = item["id"]?.text, !seen.insert(id).inserted else { continue }
      findings.append(
        assessment.finding(
          Self.repeated, .error, "rfp.criteria", "two criteria bear the name '\(id)'",
          remedy: "rename one of them", at: item.mark, concernsRFP: true))
    }
    return findings
  }
}
