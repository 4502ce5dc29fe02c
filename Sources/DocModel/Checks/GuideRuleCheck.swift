private import FoundationEssentials

/// Notices breaches of the rules that the guide itself states: figures, orders and sizes.
struct GuideRuleCheck: Check {
  private static let rule = FindingRule(
    id: "guide-rule", summary: "A figure or an order breaks a rule that the guide states.")

  var rules: [FindingRule] { [Self.rule] }

  func findings(_ assessment: Assessment) -> [Finding] {
    let values = RuleValues(assessment)
    return assessment.guide.rules.filter { $0.targets.contains(.project) }.flatMap { rule in
      values.breaches(of: rule).map { breach in
        assessment.finding(
          FindingRule(id: "\(Self.rule.id).\(rule.id)", summary: rule.message), rule.severity,
          breach.id, "\(rule.message) (\(breach.figures))", remedy: rule.remedy, at: breach.mark,
          phase: breach.phase, concernsRFP: breach.concernsRFP)
      }
    }
  }
}

/// The values that a guide's rules look at, as a project states them.
private struct RuleValues {
  struct Breach {
    let id: String
    let figures: String
    let mark: Node.Mark
    let phase: Int?
    let concernsRFP: Bool
  }

  struct Found {
    let id: String
    let text: String
    let number: Decimal
    let unit: String?
    let mark: Node.Mark
    let phase: Int?
    let concernsRFP: Bool
  }

  let assessment: Assessment

  init(_ assessment: Assessment) { self.assessment = assessment }

  func breaches(of rule: Rule) -> [Breach] {
    if case .evidenceExpires(let subject) = rule.comparison { return endless(subject) }
    return breach(of: rule).map { [$0] } ?? []
  }

  /// The evidence of an answer that does not say until when it holds.
  private func endless(_ path: ValuePath) -> [Breach] {
    guard let (id, answer, _, _, phase, rfp) = answer(path) else { return [] }
    return answer.evidence.filter { $0.validUntil == nil }.map {
      Breach(id: id, figures: "'\($0.name)'", mark: $0.mark, phase: phase, concernsRFP: rfp)
    }
  }

  private func breach(of rule: Rule) -> Breach? {
    switch rule.comparison {
    case .range(let subject, let least, let most, let unit):
      guard let found = find(subject, unit: unit) else { return nil }
      if let least, found.number < least {
        return breach(found, "\(found.text) is less than \(least)\(unit.map { " \($0)" } ?? "")")
      }
      if let most, found.number > most {
        return breach(found, "\(found.text) is more than \(most)\(unit.map { " \($0)" } ?? "")")
      }
      return nil
    case .ordered(let lesser, let greater):
      guard let first = find(lesser, unit: nil), let second = find(greater, unit: nil),
        first.number > second.number
      else { return nil }
      return breach(first, "\(first.text) against \(second.text)")
    case .availabilityAllows(let availability, let downtime):
      guard let asked = find(availability, unit: "%"), let planned = find(downtime, unit: nil)
      else { return nil }
      let allowed = Availability.downtime(percent: asked.number, over: Availability.month)
      guard planned.number > allowed else { return nil }
      return breach(
        planned,
        "\(planned.text) a month are planned, \(asked.text) leaves "
          + "\(Availability.shown(allowed)) minutes")
    case .sizing(let users, let configuration):
      guard let planned = find(users, unit: nil),
        let chosen = choice(configuration, rule.configurations),
        let upTo = chosen.configuration.upTo, planned.number > Decimal(upTo)
      else { return nil }
      return Breach(
        id: chosen.id,
        figures: "\(planned.text), and '\(chosen.configuration.title)' carries \(upTo)",
        mark: chosen.mark, phase: chosen.phase, concernsRFP: true)
    case .version(let subject, let least, let since):
      guard since.map({ $0 <= assessment.today }) ?? true,
        let (id, answer, _, part, phase, rfp) = answer(subject),
        let text = value(answer, part).asText, let version = VersionNumber(text),
        version < least
      else { return nil }
      return Breach(
        id: id, figures: "'\(text)' is stated", mark: answer.valueMark, phase: phase,
        concernsRFP: rfp)
    case .evidenceExpires: return nil
    }
  }

  private func value(_ answer: Answer, _ part: String?) -> Value {
    part.map { answer.value.asRecord?[templateName($0)] ?? .none } ?? answer.value
  }

  private func breach(_ found: Found, _ figures: String) -> Breach {
    Breach(
      id: found.id, figures: figures, mark: found.mark, phase: found.phase,
      concernsRFP: found.concernsRFP)
  }

  /// The answer that a path names, where it applies and is stated.
  private func answer(
    _ path: ValuePath
  ) -> (id: String, answer: Answer, type: AnswerType, part: String?, phase: Int?, rfp: Bool)? {
    let guide = assessment.guide
    let project = assessment.project
    switch path.place {
    case .answer(let id, let part)?:
      guard case .question(let index)? = guide.place(of: id), let answer = project.answers[id],
        assessment.questions[index].applicability.isApplicable
      else { return nil }
      let question = guide.questions[index]
      return (
        question.id, answer, question.type, part, assessment.phase(ofSection: question.section),
        question.need == .rfp
      )
    case .serviceLevel(let id, let part)?:
      guard case .serviceLevel(let index)? = guide.place(of: "service-levels.\(id)"),
        assessment.serviceLevels[index].isApplicable, let target = project.targets[id]
      else { return nil }
      let level = guide.serviceLevels[index]
      return (level.identifier, target, level.type, part, nil, true)
    case .scale(let id)?:
      guard let answer = project.scale[id], let item = guide.scale.first(where: { $0.id == id })
      else { return nil }
      return ("scale.\(id)", answer, item.type, nil, nil, true)
    case .bid?, nil: return nil
    }
  }

  private func find(_ path: ValuePath, unit: String?) -> Found? {
    guard let (id, answer, type, part, phase, rfp) = answer(path) else { return nil }
    let partType = part.flatMap { name in type.parts.first { $0.id == name } }?.type ?? type
    let value = value(answer, part)
    guard let number = partType.number(value, unit: unit) else { return nil }
    return Found(
      id: id, text: partType.shown(value), number: number, unit: partType.unit,
      mark: answer.valueMark, phase: phase, concernsRFP: rfp)
  }

  private func choice(
    _ path: ValuePath, _ configurations: [Configuration]
  ) -> (id: String, configuration: Configuration, mark: Node.Mark, phase: Int?)? {
    guard let (id, answer, _, part, phase, _) = answer(path) else { return nil }
    guard let name = value(answer, part).asText,
      let configuration = configurations.first(where: { $0.id == name })
    else { return nil }
    return (id, configuration, answer.valueMark, phase)
  }
}

extension AnswerType {
  /// The number to compare: minutes for a duration, the unit asked for otherwise.
  fileprivate func number(_ value: Value, unit: String?) -> Decimal? {
    switch (kind, value) {
    case (.duration, .text(let text)): TimeSpan(text)?.minutes
    case (.quantity, .text(let text)):
      Quantity(text).flatMap { $0.number(in: unit ?? self.unit ?? $0.unit) }
    case (_, .int(let number)): Decimal(number)
    case (_, .double(let number)): decimal("\(number)")
    default: nil
    }
  }

  /// The value as a message shows it.
  fileprivate func shown(_ value: Value) -> String {
    let text =
      switch value {
      case .int(let number): String(number)
      case .double(let number): plain(number)
      default: value.asText ?? ""
      }
    return kind == .number ? text + (unit.map { " \($0)" } ?? "") : text
  }
}
