/// Notices what an RFP cannot be published without.
struct RFPFieldCheck: Check {
  static let rule = FindingRule(
    id: "rfp-field-missing", summary: "The RFP lacks something that it cannot do without.")

  var rules: [FindingRule] { [Self.rule] }

  /// The fields without which bidders cannot answer: what is missing, and by which keys.
  static let fields: [(keys: [String], title: String)] = [
    (["programme", "title"], "the programme's title"),
    (["programme", "client"], "the client"),
    (["programme", "currency"], "the currency of bids"),
    (["programme", "summary"], "the programme's summary"),
    (["rfp", "reference"], "the RFP's reference"),
    (["rfp", "issued"], "the day of issue"),
    (["rfp", "clarifications-by"], "the deadline for clarifications"),
    (["rfp", "closes"], "the deadline for bids"),
    (["rfp", "bids-valid-for"], "the validity of bids"),
    (["rfp", "submit-to"], "the address for bids"),
    (["rfp", "host-options"], "the number of hosting options"),
    (["rfp", "period"], "the period of performance"),
    (["rfp", "contacts"], "the point of contact"),
    (["rfp", "criteria"], "the list of selection criteria"),
    (["hosting"], "the way of hosting"),
  ]

  func findings(_ assessment: Assessment) -> [Finding] {
    missing(assessment).map { keys, title in
      let id = keys.joined(separator: ".")
      let mark = assessment.mark(of: keys)
      return assessment.finding(
        Self.rule, .error, id, "\(title) is missing",
        remedy: "write it under '\(keys.joined(separator: ": ")):'", at: mark, concernsRFP: true)
    }
  }

  private func missing(_ assessment: Assessment) -> [(keys: [String], title: String)] {
    // An estimate of the wrong type is there, and another check's matter.
    let estimates = assessment.guide.scale
      .filter { assessment.project.scale[$0.id]?.isGiven != true }
      .map { (["scale", $0.id], "the estimate '\($0.title)'") }
    let fields = Self.fields.filter { keys, _ in
      var value = Value.record(assessment.project.record)
      for key in keys { value = value.asRecord?[templateName(key)] ?? .none }
      if case .list(let items) = value { return items.isEmpty }
      return !value.isPresent
    }
    return fields + estimates
  }
}
