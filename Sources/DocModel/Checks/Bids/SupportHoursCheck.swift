private import FoundationEssentials

/// Sets the hours of support that are offered beside the hours that the team works.
struct SupportHoursCheck: BidCheck {
  private static let rule = FindingRule(
    id: "support-hours", summary: "Whether the team can carry the hours of support offered.")

  var rules: [FindingRule] { [Self.rule] }

  func findings(_ assessment: BidAssessment) -> [Finding] {
    guard let hours = assessment.supportHours, !assessment.bid.team.people.isEmpty else {
      return []
    }
    return [
      assessment.finding(
        Self.rule, .note, about: "team",
        "\(hours.hours) hours a week at \(hours.fullTime) hours each take "
          + "\(hours.needed.rounded(to: 2)) full-time people for one to be there at any time, and the "
          + "team has \(hours.people.rounded(to: 2))"
          + (hours.suffices ? "" : ", which does not suffice without standby duty"),
        remedy: "say under 'team: note:' how the hours are carried", at: ["team", "people"])
    ]
  }
}
