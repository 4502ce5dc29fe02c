private import FoundationEssentials

/// Notices cost lines without a rate or taxes, or counted twice over the period, options without
/// running costs, and a currency that is not the tender's.
struct CostLineCheck: BidCheck {
  private static let currency = FindingRule(
    id: "cost-currency", summary: "The costs are in another currency than the tender asks for.")
  private static let empty = FindingRule(
    id: "cost-lines-missing", summary: "A hosting option has no costs.")
  private static let rate = FindingRule(
    id: "cost-rate-missing", summary: "A cost line has no rate.")
  private static let recurring = FindingRule(
    id: "cost-recurring-missing", summary: "A hosting option costs nothing a month.")
  private static let taxes = FindingRule(
    id: "cost-taxes-missing", summary: "A cost line does not say whether taxes are added.")

  private static let months = FindingRule(
    id: "cost-months-counted", summary: "The quantity of a monthly cost is the number of months.")

  var rules: [FindingRule] {
    [Self.currency, Self.empty, Self.rate, Self.recurring, Self.taxes, Self.months]
  }

  func findings(_ assessment: BidAssessment) -> [Finding] {
    let costs = assessment.bid.costs
    var findings: [Finding] = []
    if let wanted = assessment.bid.tender.currency, let given = costs.currency, given != wanted {
      findings.append(
        assessment.finding(
          Self.currency, .error, about: "costs.currency",
          "the costs are in \(given), and the tender asks for \(wanted)",
          remedy: "state all amounts in \(wanted)", at: ["costs", "currency"]))
    }
    for option in costs.options { findings += problems(assessment, option) }
    return findings
  }

  private func problems(_ assessment: BidAssessment, _ option: HostOption) -> [Finding] {
    let id = "costs.\(option.id)"
    guard !option.lines.isEmpty else {
      return [
        assessment.finding(
          Self.empty, .error, id, "nothing is said about what '\(option.host)' costs",
          remedy: "add a line for each thing that is paid for", at: option.mark)
      ]
    }
    var findings: [Finding] = []
    let period = assessment.bid.tender.months
    for line in option.lines {
      if line.kind == .monthly, let period, period > 1, line.quantity == period {
        findings.append(
          assessment.finding(
            Self.months, .warning, "\(id).\(line.id)",
            "'\(line.item)' is paid every month, and its quantity \(period) is the number of months: "
              + "it counts \(period) × \(period) times",
            remedy: "write the quantity of one month", at: line.mark))
      }
      if line.rate == nil {
        findings.append(
          assessment.finding(
            Self.rate, .error, "\(id).\(line.id)", "'\(line.item)' has no rate",
            remedy: "write what one costs under 'rate:'; 0 where it is free", at: line.mark))
      } else if line.tax == nil {
        findings.append(
          assessment.finding(
            Self.taxes, .note, "\(id).\(line.id)", "'\(line.item)' states no taxes",
            remedy: "write 'tax:' in percent; 0 where none are due", at: line.mark))
      }
    }
    if option.isPriced, option.sum(.monthly, withTaxes: false) == 0 {
      findings.append(
        assessment.finding(
          Self.recurring, .warning, id, "'\(option.host)' costs nothing a month",
          remedy: "add what is paid every month as lines of kind 'monthly'", at: option.mark))
    }
    return findings
  }
}
