private import FoundationEssentials

/// Notices service levels that are offered weaker than asked for, or otherwise, and states the
/// downtime that an availability leaves.
struct OfferStrengthCheck: BidCheck {
  private static let weaker = FindingRule(
    id: "offer-weaker", summary: "A service level is offered weaker than asked for.")
  private static let differs = FindingRule(
    id: "offer-differs", summary: "A service level is offered otherwise than asked for.")
  private static let downtime = FindingRule(
    id: "offer-downtime", summary: "How much downtime an offered availability leaves.")

  var rules: [FindingRule] { [Self.weaker, Self.differs, Self.downtime] }

  func findings(_ assessment: BidAssessment) -> [Finding] {
    let bid = assessment.bid
    return zip(bid.tender.serviceLevels, assessment.offers).flatMap { level, comparison in
      guard let said = bid.offers[level.id] else { return [Finding]() }
      let id = level.level.identifier
      let mark = said.offer?.valueMark ?? said.mark
      var findings = comparison.items.compactMap { item -> Finding? in
        guard item.verdict == .weaker || item.verdict == .differs else { return nil }
        let asked = item.type.line(item.asked) ?? ""
        let offered = item.type.line(item.offered) ?? ""
        let what = "\(item.label.map { "\($0): " } ?? "")\(asked) is asked for, \(offered) offered"
        if item.verdict == .differs {
          return assessment.finding(
            Self.differs, said.note == nil ? .warning : .note, id, what,
            remedy: "say under 'note:' why it serves as well", at: mark)
        }
        return assessment.finding(
          Self.weaker, .warning, id, "\(what)\(item.size.map { ": weaker by \($0)" } ?? "")",
          remedy: "offer what is asked for, or expect the gap to count", at: mark)
      }
      if level.level.isAvailability, let percent = said.offer?.percent {
        let month = Availability.downtime(percent: percent, over: Availability.month)
        let asked = level.target?.percent.map { percent in
          Availability.shown(Availability.downtime(percent: percent, over: Availability.month))
        }
        findings.append(
          assessment.finding(
            Self.downtime, .note, id,
            "\(percent) % leaves \(Availability.shown(month)) minutes of downtime in 30 days"
              + (asked.map { "; what is asked for leaves \($0)" } ?? ""),
            remedy: "compare with what you can promise", at: mark))
      }
      return findings
    }
  }
}
