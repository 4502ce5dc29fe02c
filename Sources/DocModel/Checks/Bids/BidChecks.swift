/// Something that looks at a bid and notices what is wrong.
public protocol BidCheck: Sendable {
  /// The rules that its findings bear.
  var rules: [FindingRule] { get }
  /// Notices what is wrong, in the tender's order.
  func findings(_ assessment: BidAssessment) -> [Finding]
}

/// The checks of bids that there are.
///
/// To add one, write a file in this folder and a line in this list.
public enum BidChecks {
  /// All checks, in the order in which their findings are listed.
  public static let all: [any BidCheck] = [
    TenderDigestCheck(),
    BidFieldCheck(),
    BidValidityCheck(),
    ResponseCheck(),
    ResponseSupportCheck(),
    OfferCheck(),
    OfferStrengthCheck(),
    UpstreamCheck(),
    HostOptionCheck(),
    CostLineCheck(),
    CostSumCheck(),
    TeamCheck(),
    SupportHoursCheck(),
    SkillCheck(),
    RequirementCheck(),
    ReferenceCheck(),
    PlaceholderCheck(),
    EvidenceFileCheck(),
    EvidenceDateCheck(),
    GuideRuleCheck(),
  ]
}

extension BidAssessment {
  /// What all checks noticed.
  public var findings: [Finding] { findings(of: BidChecks.all) }

  /// What some checks noticed.
  public func findings(of checks: [any BidCheck]) -> [Finding] {
    checks.flatMap { $0.findings(self) }
  }

  /// Makes a finding, for a check of a host.
  ///
  /// - Parameters:
  ///   - rule: The rule that is broken.
  ///   - severity: How much it weighs.
  ///   - id: What it is about: an identifier of the tender, or a key.
  ///   - message: What is wrong, in one sentence without a full stop.
  ///   - remedy: What to do about it.
  ///   - path: The keys that lead to the place in the file; where one is left out, the nearest above
  ///     it is shown.
  /// - Returns: The finding with its place.
  public func finding(
    _ rule: FindingRule, _ severity: Diagnostic.Severity, about id: String, _ message: String,
    remedy: String, at path: [String]
  ) -> Finding {
    finding(rule, severity, id, message, remedy: remedy, at: mark(of: path))
  }

  func finding(
    _ rule: FindingRule, _ severity: Diagnostic.Severity, _ id: String, _ message: String,
    remedy: String, at mark: Node.Mark
  ) -> Finding {
    Finding(
      rule: rule.id, severity: severity, id: id, message: message, remedy: remedy,
      location: bid.source.location(mark), phase: nil, concernsRFP: false)
  }

  /// Where a key stands, or the nearest key above it where it is left out.
  func mark(of path: [String]) -> Node.Mark { bid.node.mark(of: path) }

  /// The checkpoints and requirements that have evidence, in the tender's order.
  var evidenced: [(id: String, evidence: [Evidence], states: [EvidenceState])] {
    let responses = bid.tender.checkpoints.map { ($0.id, bid.responses[$0.id]) }
    let proofs = bid.tender.requirements.map { ($0.identifier, bid.proofs[$0.id]) }
    return (responses + proofs).compactMap { id, response in
      guard let response, !response.evidence.isEmpty else { return nil }
      return (id, response.evidence, evidence[id] ?? [])
    }
  }
}

extension Node {
  /// Where a key stands, or the nearest key above it where it is left out.
  func mark(of path: [String]) -> Node.Mark {
    var node = self
    var mark = Node.Mark.start
    for key in path {
      guard let entry = node.entries.first(where: { $0.key == key }) else { break }
      mark = entry.mark
      node = entry.value
    }
    return mark
  }
}
