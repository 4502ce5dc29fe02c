private import FoundationEssentials

/// Notices amounts and totals that do not add up, in exact decimals.
struct CostSumCheck: BidCheck {
  private static let amount = FindingRule(
    id: "cost-amount", summary: "A stated amount is not quantity times rate.")
  private static let total = FindingRule(
    id: "cost-total", summary: "A stated total is not the sum over the tender's period.")

  var rules: [FindingRule] { [Self.amount, Self.total] }

  func findings(_ assessment: BidAssessment) -> [Finding] {
    assessment.bid.costs.options.flatMap { option -> [Finding] in
      var findings = option.lines.compactMap { line -> Finding? in
        guard let stated = line.statedAmount, let rate = line.rate, let amount = line.amount,
          !agree(stated, amount)
        else { return nil }
        return assessment.finding(
          Self.amount, .error, "costs.\(option.id).\(line.id)",
          "\(line.quantity) × \(rate) is \(amount), not \(stated)",
          remedy: "correct one of the three, or leave the amount out", at: line.amountMark)
      }
      guard let stated = option.statedTotal, option.isPriced else { return findings }
      let months = assessment.months
      let total = option.total(months: months)
      if !agree(stated, total) {
        let once = option.sum(.oneOff, withTaxes: true)
        let monthly = option.sum(.monthly, withTaxes: true)
        findings.append(
          assessment.finding(
            Self.total, .error, "costs.\(option.id)",
            "\(once) once and \(monthly) a month for \(months) months come to \(total), not \(stated)",
            remedy: "correct the total or its lines, or leave the total out",
            at: option.totalMark))
      }
      return findings
    }
  }

  /// Whether a stated amount is the exact one, or the exact one rounded half up to hundredths.
  private func agree(_ stated: Decimal, _ exact: Decimal) -> Bool {
    stated == exact || decimal(exact.rounded(to: 2)) == stated
  }
}
