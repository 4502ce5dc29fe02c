/// Notices skills that nobody holds, and those that rest on one person.
struct SkillCheck: BidCheck {
  private static let unheld = FindingRule(id: "skill-unheld", summary: "Nobody holds a skill.")
  private static let single = FindingRule(
    id: "skill-single", summary: "One person only holds a skill.")

  var rules: [FindingRule] { [Self.unheld, Self.single] }

  func findings(_ assessment: BidAssessment) -> [Finding] {
    guard !assessment.bid.team.people.isEmpty else { return [] }
    return zip(assessment.bid.tender.skills, assessment.holders).compactMap { skill, holders in
      // Within its area a skill may be called «Tests».
      let title = (skill.area + [skill.title]).joined(separator: ": ")
      return switch holders.count {
      case 0:
        assessment.finding(
          Self.unheld, .warning, about: skill.identifier, "nobody holds '\(title)'",
          remedy: "name somebody who does, or say how the skill is brought in",
          at: ["team", "people"])
      case 1:
        assessment.finding(
          Self.single, .note, skill.identifier,
          "only '\(holders[0].name)' holds '\(title)'",
          remedy: "name a second person, or say who stands in", at: holders[0].mark)
      default: nil
      }
    }
  }
}
