/// What `check` says: an assessment with its findings, for people or as one JSON object.
public struct CheckReport: Sendable {
  /// The state that was looked at.
  public let assessment: Assessment
  /// What was noticed.
  public let findings: [Finding]

  /// Joins a state and what was noticed about it.
  public init(assessment: Assessment, findings: [Finding]) {
    self.assessment = assessment
    self.findings = findings
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
