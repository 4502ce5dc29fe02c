/// Notices offers that are stronger than what the bidder's own hosting provider promises.
struct UpstreamCheck: BidCheck {
  private static let rule = FindingRule(
    id: "offer-beyond-upstream",
    summary: "More is offered than the bidder's own hosting provider promises.")

  var rules: [FindingRule] { [Self.rule] }

  func findings(_ assessment: BidAssessment) -> [Finding] {
    zip(assessment.bid.tender.serviceLevels, assessment.upstream).flatMap { level, comparison in
      (comparison?.items ?? []).filter { $0.verdict == .better }.map { item in
        let promised = item.type.line(item.asked) ?? ""
        let offered = item.type.line(item.offered) ?? ""
        let offer = assessment.bid.offers[level.id]
        return assessment.finding(
          Self.rule, .warning, level.level.identifier,
          "\(item.label.map { "\($0): " } ?? "")\(offered) is offered, and the hosting provider "
            + "promises \(promised)",
          remedy: "say under 'note:' what carries the difference, or offer less",
          at: offer?.offer?.valueMark ?? assessment.mark(of: ["service-levels", level.id]))
      }
    }
  }
}
