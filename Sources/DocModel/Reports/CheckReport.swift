/// What `check` says: an assessment with the findings that matter for a purpose.
public struct CheckReport: Report {
  /// What findings are looked for.
  public enum Purpose: String, CaseIterable, Sendable {
    /// Everything that the guide asks for.
    case all
    /// What publishing the RFP needs; what can be known only after the award is left out.
    case rfp
  }

  /// The state that was looked at.
  public let assessment: Assessment
  /// What was noticed.
  public let findings: [Finding]
  /// What was looked for.
  public let purpose: Purpose
  /// How much a finding weighs at least that makes the check fail.
  public let threshold: Diagnostic.Severity

  /// Reports on a project.
  ///
  /// - Parameters:
  ///   - assessment: The state that was looked at.
  ///   - findings: What was noticed; what all checks notice where it is left out.
  ///   - purpose: What to look for; findings that do not matter for it are left out.
  ///   - isStrict: Whether a warning makes the check fail as well.
  public init(
    _ assessment: Assessment, findings: [Finding]? = nil, for purpose: Purpose = .all,
    isStrict: Bool = false
  ) {
    let all = findings ?? assessment.findings
    self.assessment = assessment
    self.findings = purpose == .rfp ? all.filter(\.concernsRFP) : all
    self.purpose = purpose
    threshold = isStrict ? .warning : .error
  }

  /// The day for which it holds.
  public var today: Day { assessment.today }

  /// The project as a whole, then its phases.
  public var parts: [ReportPart] {
    let guide = assessment.guide
    let whole = ReportPart(
      name: "The project as a whole", items: [], findings: findings.filter { $0.phase == nil })
    return [whole]
      + guide.phases.enumerated().map { index, phase in
        let sections = guide.sections[phase.sections]
        let questions = sections.flatMap { Array($0.questions) }.filter {
          purpose == .all || guide.questions[$0].need == .rfp
        }.map { (guide.questions[$0].id, assessment.questions[$0].applicability) }
        let checkpoints = sections.flatMap { Array($0.checkpoints) }.filter { _ in
          purpose == .all
        }.map { (guide.checkpoints[$0].id, assessment.checkpoints[$0].applicability) }
        return ReportPart(
          name: "Phase \(phase.number): \(phase.title)",
          items: (questions + checkpoints).map { ($0, $1.isApplicable ? nil : $1.reason) },
          findings: findings.filter { $0.phase == index })
      }
  }

  /// The report as one JSON object.
  public var json: JSON {
    let project = assessment.project
    return .object([
      .init("guide", .string(project.guide.id)),
      .init("project", .string(project.source.name)),
      .init("today", .string(assessment.today.description)),
      .init("summary", .object(members(assessment.counts, findings))),
      .init(
        "phases",
        .array(
          project.guide.phases.enumerated().map { index, phase in
            let state = assessment.phases[index]
            let own = findings.filter { $0.phase == index }
            return .object(
              [
                .init("id", .string(phase.id)),
                .init("title", .string(phase.title)),
                .init("gate", .string(state.gate.rawValue)),
              ] + members(state.counts, own))
          })),
      .init("findings", .array(findings.map(\.json))),
    ])
  }

  private func members(_ counts: Counts, _ findings: [Finding]) -> [JSON.Member] {
    [
      .init("questions", .int(counts.questions)),
      .init("applicable", .int(counts.applicable)),
      .init("answered", .int(counts.answered)),
      .init("evidenced", .int(counts.evidenced)),
      .init("current", .int(counts.current)),
      .init("reviewed", .int(counts.reviewed)),
      .init("checkpoints", .int(counts.checkpoints)),
      .init("met", .int(counts.met)),
      .init("waived", .int(counts.waived)),
      .init("errors", .int(findings.count { $0.severity == .error })),
      .init("warnings", .int(findings.count { $0.severity == .warning })),
    ]
  }
}

extension Finding {
  /// The finding as a JSON object.
  public var json: JSON {
    .object([
      .init("rule", .string(rule)),
      .init("severity", .string(severity.rawValue)),
      .init("id", .string(id)),
      .init("message", .string(message)),
      .init("remedy", .string(remedy)),
      .init("file", .string(location.file)),
      .init("line", .int(location.line)),
      .init("column", .int(location.column)),
    ])
  }
}

extension Applicability {
  /// Why something does not count, in words.
  fileprivate var reason: String {
    switch self {
    case .applies: "applies"
    case .excluded: "does not apply"
    case .undecided: "belongs to an optional part that is not taken up"
    case .waived: "waived"
    }
  }
}
