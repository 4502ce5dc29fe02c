/// Notices service levels of the guide that nothing is asked for.
struct ServiceLevelCheck: Check {
  private static let rule = FindingRule(
    id: "service-level-missing", summary: "A service level that applies has no target.")

  var rules: [FindingRule] { [Self.rule] }

  func findings(_ assessment: Assessment) -> [Finding] {
    zip(assessment.guide.serviceLevels, assessment.serviceLevels).compactMap {
      level, applicability in
      let target = assessment.project.targets[level.id]
      guard applicability.isApplicable, target?.isGiven != true else { return nil }
      return assessment.finding(
        Self.rule, .error, level.identifier, "'\(level.title)' has no target",
        remedy: "ask for it under 'service-levels: \(level.id): target:' with "
          + "\(level.type.kind.title), or waive '\(level.identifier)' with a reason",
        at: target?.mark ?? assessment.mark(of: "service-levels"), concernsRFP: true)
    }
  }
}
