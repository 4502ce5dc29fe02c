/// Notices too few hosting options, and two with one provider.
struct HostOptionCheck: BidCheck {
  private static let few = FindingRule(
    id: "host-options-few", summary: "There are fewer hosting options than the tender asks for.")
  private static let repeated = FindingRule(
    id: "host-repeated", summary: "Two hosting options are with one provider.")

  var rules: [FindingRule] { [Self.few, Self.repeated] }

  func findings(_ assessment: BidAssessment) -> [Finding] {
    let options = assessment.bid.costs.options
    let wanted = assessment.bid.tender.hostOptions
    var findings: [Finding] = []
    if options.count < wanted {
      findings.append(
        assessment.finding(
          Self.few, .error, about: "costs",
          "\(options.count) of the \(wanted) hosting options that the tender asks for are there",
          remedy: "estimate the costs with \(wanted) hosting providers",
          at: ["costs", "options"]))
    }
    var seen: Set<String> = []
    for option in options where !seen.insert(option.host.lowercased()).inserted {
      findings.append(
        assessment.finding(
          Self.repeated, .warning, "costs.\(option.id)",
          "another option is with '\(option.host)' as well",
          remedy: "compare different providers", at: option.mark))
    }
    return findings
  }
}
