/// One thing that a check noticed about a project.
public struct Finding: Hashable, Sendable {
  /// The rule that it breaks, by its name.
  public let rule: String
  /// How much it weighs.
  public let severity: Diagnostic.Severity
  /// What it is about: an identifier of the guide, or a key of the file.
  public let id: String
  /// What is wrong, in one sentence without a full stop.
  public let message: String
  /// What to do about it.
  public let remedy: String
  /// Where it stands in the file.
  public let location: Location
  /// The position of the guide's phase that it belongs to, or `nil` for the project as a whole.
  public let phase: Int?
  /// Whether it stands in the way of publishing the RFP.
  public let concernsRFP: Bool
}

/// What a rule is about, for lists of rules.
public struct FindingRule: Hashable, Sendable {
  /// The rule's name, as findings bear it.
  public let id: String
  /// What it notices, in one sentence.
  public let summary: String

  /// Names a rule.
  public init(id: String, summary: String) {
    self.id = id
    self.summary = summary
  }
}

/// Something that looks at a project and notices what is wrong.
///
/// A host adds checks of its own where it asks for findings:
///
///     let findings = assessment.findings(of: Checks.all + [TelephoneCheck()])
public protocol Check: Sendable {
  /// The rules that its findings bear.
  var rules: [FindingRule] { get }
  /// Notices what is wrong, in the guide's order.
  func findings(_ assessment: Assessment) -> [Finding]
}

/// The checks there are.
///
/// To add one, write a file in this folder and a line in this list.
public enum Checks {
  /// All checks, in the order in which their findings of one place are listed.
  public static let all: [any Check] = [
    RFPFieldCheck(),
    RFPDateCheck(),
    RFPCriteriaCheck(),
    RFPAnnexCheck(),
    ServiceLevelCheck(),
    OptionalPartCheck(),
    WaiverCheck(),
    FutureDateCheck(),
    UnansweredCheck(),
    AnswerTypeCheck(),
    PlaceholderCheck(),
    MissingEvidenceCheck(),
    EvidenceFileCheck(),
    EvidenceDateCheck(),
    EvidenceLockCheck(),
    ReviewCheck(),
    ClaimCheck(),
    GateCheck(),
    GuideRuleCheck(),
    DecisionAidCheck(),
    DerivedFigureCheck(),
  ]

  /// The checks of what an evidence pack holds; annexes of the RFP are not in it.
  package static let ofPack = all.filter { !($0 is RFPAnnexCheck) }
}

extension Assessment {
  /// What all checks noticed: the project as a whole first, then phase by phase.
  public var findings: [Finding] { findings(of: Checks.all) }

  /// What some checks noticed: the project as a whole first, then phase by phase.
  public func findings(of checks: [any Check]) -> [Finding] {
    var byPhase = Array(repeating: [Finding](), count: project.guide.phases.count + 1)
    let found =
      isLarge
      ? concurrently(Array(checks.indices)) { checks[$0].findings(self) }
      : checks.map { $0.findings(self) }
    for findings in found {
      for finding in findings {
        byPhase[finding.phase.map { $0 + 1 } ?? 0].append(finding)
      }
    }
    return byPhase.flatMap { $0 }
  }
}

// MARK: - What checks have in common

extension Assessment {
  /// Makes a finding, for a check of a host.
  ///
  /// - Parameters:
  ///   - rule: The rule that is broken.
  ///   - severity: How much it weighs.
  ///   - id: What it is about: an identifier of the guide, from which the phase follows, or a key.
  ///   - message: What is wrong, in one sentence without a full stop.
  ///   - remedy: What to do about it.
  ///   - path: The keys that lead to the place in the file, such as `["rfp", "contacts"]`; where one
  ///     is left out, the nearest above it is shown.
  ///   - concernsRFP: Whether it stands in the way of publishing the RFP.
  /// - Returns: The finding with its place and phase.
  public func finding(
    _ rule: FindingRule, _ severity: Diagnostic.Severity, about id: String, _ message: String,
    remedy: String, at path: [String], concernsRFP: Bool = false
  ) -> Finding {
    finding(
      rule, severity, id, message, remedy: remedy, at: mark(of: path), phase: phase(of: id),
      concernsRFP: concernsRFP)
  }

  /// The position of the phase that an identifier belongs to.
  func phase(of id: String) -> Int? {
    switch guide.place(of: id) {
    case .phase(let index)?: index
    case .section(let index)?: guide.sections[index].phase
    case .question(let index)?: guide.sections[guide.questions[index].section].phase
    case .checkpoint(let index)?: guide.sections[guide.checkpoints[index].section].phase
    case .serviceLevel?, nil: nil
    }
  }

  var guide: Guide { project.guide }

  /// Makes a finding about something with a place in the file.
  func finding(
    _ rule: FindingRule, _ severity: Diagnostic.Severity, _ id: String, _ message: String,
    remedy: String, at mark: Node.Mark, phase: Int? = nil, concernsRFP: Bool
  ) -> Finding {
    Finding(
      rule: rule.id, severity: severity, id: id, message: message, remedy: remedy,
      location: project.source.location(mark), phase: phase, concernsRFP: concernsRFP)
  }

  /// Where a key stands, or the nearest key above it where it is left out.
  func mark(of path: String...) -> Node.Mark { mark(of: path) }

  /// Where a key stands, or the nearest key above it where it is left out.
  func mark(of path: [String]) -> Node.Mark { project.node.mark(of: path) }

  /// The position of the phase that a section belongs to.
  func phase(ofSection section: Int) -> Int { guide.sections[section].phase }

  /// Everything that applies and has evidence attached of which some does not simply hold, in the
  /// guide's order.
  var evidenced: [SupportedItem] {
    supported.filter { item in item.states.contains { $0 != .current } }
  }
}

/// A question or a checkpoint with what shows it to be true.
struct SupportedItem {
  let id: String
  let evidence: [Evidence]
  let states: [EvidenceState]
  let reviews: [ReviewState]
  let due: [ReviewDue]
  let isCurrent: Bool
  let mark: Node.Mark
  let phase: Int
  let concernsRFP: Bool

  /// Everything of a project that applies and has evidence, a review or a date for one, in the guide's
  /// order.
  static func all(
    of project: Project, _ questions: [Assessment.QuestionState],
    _ checkpoints: [Assessment.CheckpointState]
  ) -> [SupportedItem] {
    let guide = project.guide
    var items: [SupportedItem] = []
    for (index, state) in questions.enumerated()
    where state.applicability.isApplicable
      && !(state.evidence.isEmpty && state.reviews.isEmpty && state.due.isEmpty)
    {
      let question = guide.questions[index]
      guard let answer = project.answers[question.id] else { continue }
      items.append(
        SupportedItem(
          id: question.id, evidence: answer.evidence, states: state.evidence,
          reviews: state.reviews, due: state.due, isCurrent: state.rung >= .current,
          mark: answer.mark, phase: guide.sections[question.section].phase,
          concernsRFP: question.need == .rfp))
    }
    for (index, state) in checkpoints.enumerated()
    where state.applicability.isApplicable
      && !(state.evidence.isEmpty && state.reviews.isEmpty && state.due.isEmpty)
    {
      let checkpoint = guide.checkpoints[index]
      guard let claim = project.claims[checkpoint.id] else { continue }
      items.append(
        SupportedItem(
          id: checkpoint.id, evidence: claim.evidence, states: state.evidence,
          reviews: state.reviews, due: state.due,
          isCurrent: state.rung >= .current && checkpoint.reliesOn.needsOwnEvidence,
          mark: claim.mark, phase: guide.sections[checkpoint.section].phase, concernsRFP: false))
    }
    return items
  }
}

/// Identifiers as a message lists them: the first few, and how many more there are.
func listed(_ identifiers: [String], atMost count: Int = 4) -> String {
  let shown = identifiers.prefix(count).map { "'\($0)'" }.joined(separator: ", ")
  let more = identifiers.count - count
  return more > 0 ? "\(shown) and \(more) more" : shown
}
