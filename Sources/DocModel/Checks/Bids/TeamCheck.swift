/// Notices roles that nobody fills, and people without a role or a share of full time.
struct TeamCheck: BidCheck {
  private static let empty = FindingRule(id: "team-missing", summary: "Nobody is named.")
  private static let role = FindingRule(id: "role-unfilled", summary: "Nobody fills a role.")
  private static let idle = FindingRule(
    id: "person-without-role", summary: "Somebody fills no role.")
  private static let share = FindingRule(
    id: "share-missing", summary: "It is not said how much somebody works for the programme.")

  var rules: [FindingRule] { [Self.empty, Self.role, Self.idle, Self.share] }

  func findings(_ assessment: BidAssessment) -> [Finding] {
    let bid = assessment.bid
    let people = bid.team.people
    guard !people.isEmpty else {
      return [
        assessment.finding(
          Self.empty, .error, about: "team", "nobody is named",
          remedy: "name the people under 'team: people:'", at: ["team", "people"])
      ]
    }
    var findings = bid.tender.roles.filter { role in
      !people.contains { $0.roles.contains(role.id) }
    }.map { role in
      assessment.finding(
        Self.role, .error, about: "roles.\(role.id)", "nobody is '\(role.title)'",
        remedy: "name somebody with the role '\(role.id)'", at: ["team", "people"])
    }
    for person in people {
      let id = "team.\(person.id)"
      if person.roles.isEmpty {
        findings.append(
          assessment.finding(
            Self.idle, .warning, id, "'\(person.name)' fills no role",
            remedy: "write the person's roles under 'roles:'", at: person.mark))
      }
      if person.share == nil {
        findings.append(
          assessment.finding(
            Self.share, .error, id,
            "it is not said how much '\(person.name)' works for the programme",
            remedy: "write the share of full time in percent under 'share:'", at: person.mark))
      }
    }
    return findings
  }
}
