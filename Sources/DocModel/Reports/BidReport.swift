/// What `check` says about a bid.
public struct BidReport: Report {
  /// The state that was looked at.
  public let assessment: BidAssessment
  /// What was noticed.
  public let findings: [Finding]
  /// How much a finding weighs at least that makes the check fail.
  public let threshold: Diagnostic.Severity

  /// Reports on a bid.
  ///
  /// - Parameters:
  ///   - assessment: The state that was looked at.
  ///   - findings: What was noticed; what all checks notice where it is left out.
  ///   - isStrict: Whether a warning makes the check fail as well.
  public init(_ assessment: BidAssessment, findings: [Finding]? = nil, isStrict: Bool = false) {
    self.assessment = assessment
    self.findings = findings ?? assessment.findings
    threshold = isStrict ? .warning : .error
  }

  /// The day for which it holds.
  public var today: Day { assessment.today }

  /// The bid as a whole, then its checkpoints, service levels, costs, team, skills, requirements and
  /// references.
  public var parts: [ReportPart] {
    let tender = assessment.bid.tender
    var left = findings
    func take(_ name: String, _ items: [String], _ fits: (String) -> Bool) -> ReportPart {
      let part = ReportPart(
        name: name, items: items.map { ($0, nil) }, findings: left.filter { fits($0.id) })
      left.removeAll { fits($0.id) }
      return part
    }
    func named(_ prefix: String) -> (String) -> Bool {
      { $0 == prefix || $0.hasPrefix(prefix + ".") }
    }
    let checkpoints = Set(tender.checkpoints.map(\.id))
    let levels = Set(tender.serviceLevels.map(\.level.identifier))
    let parts = [
      take("Checkpoints", tender.checkpoints.map(\.id)) { checkpoints.contains($0) },
      take("Service levels", tender.serviceLevels.map(\.level.identifier)) { levels.contains($0) },
      take("Costs", [], named("costs")),
      take("Team", []) { named("team")($0) || named("roles")($0) },
      take("Skills", tender.skills.map(\.identifier), named("skills")),
      take("Requirements", tender.requirements.map(\.identifier), named("requirements")),
      take("References", [], named("references")),
    ]
    return [ReportPart(name: "The bid as a whole", items: [], findings: left)] + parts
  }

  /// The report as one JSON object.
  public var json: JSON {
    .object([
      .init("tender", .string(assessment.bid.tender.reference)),
      .init("bid", .string(assessment.bid.source.name)),
      .init("bidder", .string(assessment.bid.bidder)),
      .init("today", .string(today.description)),
      .init("summary", .object(counts.map { .init($0, .int($1)) })),
      .init("findings", .array(findings.map(\.json))),
    ])
  }

  /// How much there is, and how far it has got.
  private var counts: [(String, Int)] {
    let bid = assessment.bid
    let confirmations = assessment.confirmations
    let verdicts = assessment.offers.map(\.verdict)
    let holders = assessment.holders
    return [
      ("checkpoints", bid.tender.checkpoints.count),
      ("confirmed", confirmations[.yes] ?? 0),
      ("partly", confirmations[.partly] ?? 0),
      ("declined", confirmations[.no] ?? 0),
      ("service-levels", verdicts.count),
      ("offered", verdicts.count { $0 != .missing }),
      ("weaker", verdicts.count { $0 == .weaker }),
      ("host-options", bid.costs.options.count),
      ("people", bid.team.people.count),
      ("skills", holders.count),
      ("held", holders.count { !$0.isEmpty }),
      ("references", bid.references.count),
      ("errors", findings.count { $0.severity == .error }),
      ("warnings", findings.count { $0.severity == .warning }),
    ]
  }
}
