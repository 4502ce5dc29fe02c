internal import FoundationEssentials

/// Says what follows from the project's own figures: a configuration, minutes of downtime.
struct DerivedFigureCheck: Check {
  private static let configuration = FindingRule(
    id: "configuration-derived",
    summary: "The planned number of users asks for one of the guide's configurations.")
  private static let downtime = FindingRule(
    id: "downtime-derived", summary: "An availability leaves so many minutes of downtime.")

  var rules: [FindingRule] { [Self.configuration, Self.downtime] }

  func findings(_ assessment: Assessment) -> [Finding] {
    configuration(assessment) + downtimes(assessment)
  }

  private func configuration(_ assessment: Assessment) -> [Finding] {
    guard let (configuration, users) = assessment.configuration else { return [] }
    return [
      assessment.finding(
        Self.configuration, .note, configuration.id,
        "\(users) users ask for the configuration '\(configuration.title)' at least",
        remedy: "nothing to do: the documents say so", at: assessment.mark(of: "scale"),
        concernsRFP: true)
    ]
  }

  private func downtimes(_ assessment: Assessment) -> [Finding] {
    zip(assessment.guide.serviceLevels, assessment.serviceLevels).compactMap {
      level, applicability in
      guard applicability.isApplicable, level.isAvailability,
        let target = assessment.project.targets[level.id],
        let percent = target.percent
      else { return nil }
      let month = Availability.downtime(percent: percent, over: Availability.month)
      let year = Availability.downtime(percent: percent, over: Availability.year)
      return assessment.finding(
        Self.downtime, .note, level.identifier,
        "\(percent) % leaves \(Availability.shown(month)) minutes of downtime in 30 days, "
          + "\(Availability.shown(year)) in 365 days",
        remedy: "nothing to do: the documents say so", at: target.valueMark, concernsRFP: true)
    }
  }
}

extension ServiceLevel {
  /// Whether its target is a share of time: a percentage of which more is better.
  var isAvailability: Bool {
    type.unit == "%" && record["better"]?.asText == "higher"
  }
}

extension Answer {
  /// The percentage that it states, exactly.
  var percent: Decimal? {
    switch value {
    case .text(let text): Quantity(text)?.number(in: "%")
    case .foreign(let foreign): Quantity(foreign.text)?.number(in: "%")
    case .int(let number): Decimal(number)
    case .double(let number): decimal("\(number)")
    default: nil
    }
  }
}
