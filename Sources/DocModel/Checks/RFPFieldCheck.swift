/// Notices what an RFP cannot be published without.
struct RFPFieldCheck: Check {
  static let rule = FindingRule(
    id: "rfp-field-missing", summary: "The RFP lacks something that it cannot do without.")

  var rules: [FindingRule] { [Self.rule] }

  /// The keys of the fields without which bidders cannot answer; the catalogues call them by names.
  static let fields: [[String]] = [
    ["programme", "title"], ["programme", "client"], ["programme", "currency"],
    ["programme", "summary"], ["rfp", "reference"], ["rfp", "issued"],
    ["rfp", "clarifications-by"], ["rfp", "closes"], ["rfp", "bids-valid-for"],
    ["rfp", "submit-to"], ["rfp", "host-options"], ["rfp", "period"], ["rfp", "contacts"],
    ["rfp", "criteria"], ["hosting"],
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
    let fields = Self.fields.filter { keys in
      var value = Value.record(assessment.project.record)
      for key in keys { value = value.asRecord?[templateName(key)] ?? .none }
      if case .list(let items) = value { return items.isEmpty }
      return !value.isPresent
    }
    return fields.map { ($0, Language.english.word("field", $0.joined(separator: "."))) }
      + estimates
  }
}
