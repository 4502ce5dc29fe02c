internal import FoundationEssentials

/// Notices breaches of the rules that the guide itself states: figures, orders and sizes.
struct GuideRuleCheck: Check {
  private static let rule = FindingRule(
    id: "guide-rule", summary: "A figure or an order breaks a rule that the guide states.")

  var rules: [FindingRule] { [Self.rule] }

  func findings(_ assessment: Assessment) -> [Finding] {
    let values = RuleValues(today: assessment.today) { path in assessment.stated(at: path) }
    return assessment.guide.rules.filter { $0.targets.contains(.project) }.flatMap { rule in
      values.breaches(of: rule).map { breach in
        assessment.finding(
          Self.rule(of: rule), rule.severity, breach.id, breach.message(rule), remedy: rule.remedy,
          at: breach.mark, phase: breach.phase, concernsRFP: breach.concernsRFP)
      }
    }
  }

  fileprivate static func rule(of rule: Rule) -> FindingRule {
    FindingRule(id: "\(Self.rule.id).\(rule.id)", summary: rule.message)
  }
}

extension GuideRuleCheck: BidCheck {
  func findings(_ assessment: BidAssessment) -> [Finding] {
    let values = RuleValues(
      today: assessment.today, answer: { assessment.stated(at: $0) },
      figure: { assessment.figure(at: $0) })
    return assessment.bid.tender.rules.flatMap { rule in
      values.breaches(of: rule).map { breach in
        assessment.finding(
          Self.rule(of: rule), rule.severity, breach.id, breach.message(rule), remedy: rule.remedy,
          at: breach.mark)
      }
    }
  }
}

/// An answer that a rule looks at, with what it is about.
private struct StatedAnswer {
  let id: String
  let answer: Answer
  let type: AnswerType
  let part: String?
  let phase: Int?
  let concernsRFP: Bool
}

/// The values that a guide's rules look at, as a file states them.
private struct RuleValues {
  struct Breach {
    let id: String
    let figures: String
    let mark: Node.Mark
    let phase: Int?
    let concernsRFP: Bool

    func message(_ rule: Rule) -> String { "\(rule.message) (\(figures))" }
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

  let today: Day
  /// The answer that a path names, where it applies and is stated.
  let answer: (ValuePath) -> StatedAnswer?
  /// A figure that no answer states, such as the number of references of a bid.
  let figure: (ValuePath) -> Found?

  init(
    today: Day, answer: @escaping (ValuePath) -> StatedAnswer?,
    figure: @escaping (ValuePath) -> Found? = { _ in nil }
  ) {
    self.today = today
    self.answer = answer
    self.figure = figure
  }

  func breaches(of rule: Rule) -> [Breach] {
    if case .evidenceExpires(let subject) = rule.comparison { return endless(subject) }
    return breach(of: rule).map { [$0] } ?? []
  }

  /// The evidence of an answer that does not say until when it holds.
  private func endless(_ path: ValuePath) -> [Breach] {
    guard let stated = answer(path) else { return [] }
    return stated.answer.evidence.filter { $0.validUntil == nil }.map {
      Breach(
        id: stated.id, figures: "'\($0.name)'", mark: $0.mark, phase: stated.phase,
        concernsRFP: stated.concernsRFP)
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
      guard since.map({ $0 <= today }) ?? true, let stated = answer(subject),
        let text = stated.value.asText, let version = VersionNumber(text), version < least
      else { return nil }
      return Breach(
        id: stated.id, figures: "'\(text)' is stated", mark: stated.answer.valueMark,
        phase: stated.phase, concernsRFP: stated.concernsRFP)
    case .evidenceExpires: return nil
    }
  }

  private func breach(_ found: Found, _ figures: String) -> Breach {
    Breach(
      id: found.id, figures: figures, mark: found.mark, phase: found.phase,
      concernsRFP: found.concernsRFP)
  }

  private func find(_ path: ValuePath, unit: String?) -> Found? {
    if let found = figure(path) { return found }
    guard let stated = answer(path) else { return nil }
    let type = stated.type
    let partType =
      stated.part.flatMap { name in type.parts.first { $0.id == name } }?.type ?? type
    guard let number = partType.number(stated.value, unit: unit) else { return nil }
    return Found(
      id: stated.id, text: partType.shown(stated.value), number: number, unit: partType.unit,
      mark: stated.answer.valueMark, phase: stated.phase, concernsRFP: stated.concernsRFP)
  }

  private func choice(
    _ path: ValuePath, _ configurations: [Configuration]
  ) -> (id: String, configuration: Configuration, mark: Node.Mark, phase: Int?)? {
    guard let stated = answer(path), let name = stated.value.asText,
      let configuration = configurations.first(where: { $0.id == name })
    else { return nil }
    return (stated.id, configuration, stated.answer.valueMark, stated.phase)
  }
}

extension StatedAnswer {
  /// The value, or the part of it that is looked at.
  var value: Value {
    part.map { answer.value.asRecord?[templateName($0)] ?? .none } ?? answer.value
  }
}

extension Assessment {
  fileprivate func stated(at path: ValuePath) -> StatedAnswer? {
    switch path.place {
    case .answer(let id, let part)?:
      guard case .question(let index)? = guide.place(of: id), let answer = project.answers[id],
        questions[index].applicability.isApplicable
      else { return nil }
      let question = guide.questions[index]
      return StatedAnswer(
        id: question.id, answer: answer, type: question.type, part: part,
        phase: phase(ofSection: question.section), concernsRFP: question.need == .rfp)
    case .serviceLevel(let id, let part)?:
      guard case .serviceLevel(let index)? = guide.place(of: "service-levels.\(id)"),
        serviceLevels[index].isApplicable, let target = project.targets[id]
      else { return nil }
      let level = guide.serviceLevels[index]
      return StatedAnswer(
        id: level.identifier, answer: target, type: level.type, part: part, phase: nil,
        concernsRFP: true)
    case .scale(let id)?:
      guard let answer = project.scale[id], let item = guide.scale.first(where: { $0.id == id })
      else { return nil }
      return StatedAnswer(
        id: "scale.\(id)", answer: answer, type: item.type, part: nil, phase: nil,
        concernsRFP: true)
    case .bid?, nil: return nil
    }
  }
}

extension BidAssessment {
  fileprivate func stated(at path: ValuePath) -> StatedAnswer? {
    guard case .serviceLevel(let id, let part)? = path.place,
      let level = bid.tender.serviceLevel(id)?.level, let offer = bid.offers[id]?.offer
    else { return nil }
    return StatedAnswer(
      id: level.identifier, answer: offer, type: level.type, part: part, phase: nil,
      concernsRFP: false)
  }

  /// What a bid comes to, for rules: `team.people`, `team.engineers`, `team.full-time`,
  /// `references.count` and `costs.options`.
  fileprivate func figure(at path: ValuePath) -> RuleValues.Found? {
    guard case .bid(let name)? = path.place else { return nil }
    let number: Decimal
    switch name {
    case "team.people": number = Decimal(bid.team.people.count)
    case "team.engineers": number = Decimal(engineers.count)
    case "team.full-time": number = bid.team.fullTimePeople
    case "references.count": number = Decimal(bid.references.count)
    case "costs.options": number = Decimal(bid.costs.options.count)
    default: return nil
    }
    let key = String(name.prefix { $0 != "." })
    return RuleValues.Found(
      id: key, text: "\(number)", number: number, unit: nil, mark: mark(of: [key]), phase: nil,
      concernsRFP: false)
  }
}

extension AnswerType {
  /// The number to compare: minutes for a duration, the unit asked for otherwise.
  func number(_ value: Value, unit: String?) -> Decimal? {
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
