/// Notices conditions that can never hold, whatever is answered.
struct ConditionLint: LintCheck {
  private static let rule = FindingRule(
    id: "condition-unreachable", summary: "A condition can never hold.")
  /// How many combinations of answers are tried for one condition.
  private static let limit = 20_000

  var rules: [FindingRule] { [Self.rule] }

  func findings(_ subject: LintSubject) -> [Finding] {
    let guide = subject.guide
    var findings: [Finding] = []
    func look(_ id: String, _ conditions: [Condition?], _ node: Node?) {
      let given = conditions.compactMap { $0 }
      guard let node, !given.isEmpty, !mayHold(given, guide) else { return }
      findings.append(
        subject.finding(
          Self.rule, .error, id,
          given.count > 1
            ? "the condition can never hold together with that of its section"
            : "the condition can never hold",
          "correct the condition, or leave out what it is about", at: node.mark))
    }
    for (section, node) in zip(guide.sections, subject.sections) {
      look(section.id, [section.condition], node["when"])
    }
    for (question, item) in zip(guide.questions, subject.items("questions")) {
      let conditions = [question.condition, guide.sections[question.section].condition]
      look(question.id, conditions, item.node["when"])
    }
    for (checkpoint, item) in zip(guide.checkpoints, subject.items("checkpoints")) {
      let conditions = [checkpoint.condition, guide.sections[checkpoint.section].condition]
      look(checkpoint.id, conditions, item.node["when"])
    }
    let levels = subject.node["service-levels"]?.items ?? []
    for (level, node) in zip(guide.serviceLevels, levels) {
      look("service-levels.\(level.id)", [level.condition], node["when"])
    }
    let signs = subject.node["decision-aid"]?["signs"]?.items ?? []
    for (sign, node) in zip(guide.decisionAid?.signs ?? [], signs) {
      look("decision-aid.\(sign.id)", [sign.condition], node["when"])
    }
    return findings
  }

  /// Whether some answers let all conditions hold; where there are too many to try, they may.
  private func mayHold(_ conditions: [Condition], _ guide: Guide) -> Bool {
    var domains: [String: Set<String>] = [:]
    for condition in conditions {
      for (name, value) in condition.comparisons { domains[name, default: []].insert(value) }
    }
    let names = domains.keys.sorted()
    var count = 1
    let values = names.map { name -> [String] in
      // What is not compared with makes no difference: one other value stands for all of them.
      let compared = domains[name] ?? []
      let known = guide.values(of: name) ?? nil
      let hasOther = known.map { !compared.isSuperset(of: $0) } ?? true
      let values = compared.sorted() + (hasOther ? [""] : [])
      count = count > Self.limit ? count : count * values.count
      return values
    }
    if count > Self.limit { return true }
    for number in 0..<count {
      var rest = number
      var facts: [String: String] = [:]
      for (name, values) in zip(names, values) {
        facts[name] = values[rest % values.count]
        rest /= values.count
      }
      if conditions.allSatisfy({ $0.truth { facts[$0] } == true }) { return true }
    }
    return false
  }
}

extension Condition {
  /// The facts with the values that they are compared with.
  fileprivate var comparisons: [(name: String, value: String)] {
    switch self {
    case .equals(let name, let value): [(name, value)]
    case .all(let parts), .any(let parts): parts.flatMap(\.comparisons)
    case .not(let part): part.comparisons
    }
  }
}
