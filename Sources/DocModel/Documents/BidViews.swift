internal import FoundationEssentials

/// What a template finds for the parts of a bid with the state that they have.
final class BidViews: Sendable {
  let assessment: BidAssessment
  let findings: [Finding]
  /// The positions of findings by what they are about.
  private let findingsByID: [String: [Int]]
  let pack: PackMembers?

  init(
    _ assessment: BidAssessment, _ findings: [Finding],
    in pack: PackMembers?
  ) {
    self.pack = pack
    self.assessment = assessment
    self.findings = findings
    findingsByID = Dictionary(grouping: findings.indices) { findings[$0].id }
  }

  var bid: Bid { assessment.bid }
  var tender: Tender { assessment.bid.tender }

  /// A position in a list with the state of everything.
  struct At: Sendable {
    let views: BidViews
    let index: Int
    var assessment: BidAssessment { views.assessment }
    var bid: Bid { views.assessment.bid }
    var tender: Tender { views.assessment.bid.tender }
  }

  func at(_ index: Int) -> At { At(views: self, index: index) }

  func findings(of id: String) -> Value {
    told((findingsByID[id] ?? []).map { findings[$0] })
  }

  /// Findings as templates find them.
  func told(_ findings: [Finding]) -> Value {
    .list(findings.map { StateViews.finding(.init($0, language: bid.language)) })
  }

  private func evidence(_ id: String, _ evidence: [Evidence]?) -> Value {
    .list(
      zip(evidence ?? [], assessment.evidence[id] ?? []).map { piece, state in
        StateViews.evidence(
          .init(
            evidence: piece, name: .text(piece.name), state: state, in: pack))
      })
  }

  // MARK: Checkpoints and requirements

  /// The fields of a response, found by its identifier.
  private static func responseFields(
    _ id: @escaping @Sendable (At) -> String,
    _ response: @escaping @Sendable (At) -> Bid.Response?
  ) -> [View<At>.Field] {
    [
      .init("state", .text(.line), "`yes`, `partly`, `no` or `missing`.") {
        .text(response($0)?.confirmation?.rawValue ?? "missing")
      },
      .init("approach", .prose, "How it is met.") { .markdown(response($0)?.approach) },
      .init("example", .prose, "Where the bidder has done so before.") {
        .markdown(response($0)?.example)
      },
      .init("evidence", .list(StateViews.evidence.shape), "What shows it.") {
        $0.views.evidence(id($0), response($0)?.evidence)
      },
      .init("note", .prose, "What there is to know besides.") { .markdown(response($0)?.note) },
      .init("findings", .list(StateViews.finding.shape), "What checks noticed about it.") {
        $0.views.findings(of: id($0))
      },
    ]
  }

  static let checkpoint = View<At>(
    "an answered checkpoint", "A checkpoint with the bid's response.",
    [
      .init("id", .text(.line), "Its full identifier.") { .text($0.checkpoint.id) },
      .init("title", .text(.line), "A short label.") { .text($0.checkpoint.title) },
      .init("statement", .prose, "What must hold.") { .markdown($0.checkpoint.statement) },
    ] + responseFields({ $0.checkpoint.id }) { $0.bid.responses[$0.checkpoint.id] })

  static let requirement = View<At>(
    "an answered requirement", "A requirement with the bid's response.",
    [
      .init("id", .text(.line), "Its identifier.") { .text($0.requirement.identifier) },
      .init("title", .text(.line), "Its title.") { .text($0.requirement.title) },
      .init("text", .prose, "What is required.") { .markdown($0.requirement.text) },
    ] + responseFields({ $0.requirement.identifier }) { $0.bid.proofs[$0.requirement.id] })

  private static let section = View<(BidViews, Tender.Section)>(
    "a section", "A section with its answered checkpoints.",
    [
      .init("number", .text(.line), "Its number.") { .text($0.1.number) },
      .init("title", .text(.line), "Its title.") { .text($0.1.title) },
      .init("checkpoints", .list(checkpoint.shape), "Its checkpoints.") { views, section in
        .list(section.checkpoints.map { checkpoint(views.at($0)) })
      },
    ])

  static let counts = View<[Bid.Confirmation?]>(
    "counts", "How many checkpoints are answered in which way.",
    [
      .init("all", .integer(0...Int.max), "All of them.") { .int($0.count) },
      .init("yes", .integer(0...Int.max), "Those confirmed.") { .int($0.count { $0 == .yes }) },
      .init("partly", .integer(0...Int.max), "Those confirmed in part.") {
        .int($0.count { $0 == .partly })
      },
      .init("no", .integer(0...Int.max), "Those not confirmed.") {
        .int($0.count { $0 == .no })
      },
      .init("missing", .integer(0...Int.max), "Those not answered.") {
        .int($0.count { $0 == nil })
      },
    ])

  static let phase = View<(BidViews, Tender.Phase)>(
    "a phase", "A phase with its answered checkpoints.",
    [
      .init("number", .text(.line), "Its number.") { .text($0.1.number) },
      .init("title", .text(.line), "Its title.") { .text($0.1.title) },
      .init("counts", counts.shape, "How its checkpoints are answered.") { views, phase in
        counts(views.confirmations(phase.sections.flatMap { Array($0.checkpoints) }))
      },
      .init("sections", .list(section.shape), "Its sections.") { views, phase in
        .list(phase.sections.map { section((views, $0)) })
      },
    ])

  func confirmations(_ checkpoints: some Sequence<Int>) -> [Bid.Confirmation?] {
    checkpoints.map { bid.responses[tender.checkpoints[$0].id]?.confirmation }
  }

  // MARK: Service levels

  static func row(_ type: AnswerType, _ value: Value) -> Value {
    value.isPresent
      ? AnswerView.row(.init(type: type, value: value, label: .none, declaration: nil)) : .none
  }

  static let item = View<OfferComparison.Item>(
    "a compared value", "One value of a service level: asked for, offered, and the difference.",
    [
      .init("label", .text(.line), "What the part says; nothing where it stands alone.") {
        .text($0.label)
      },
      .init("asked", AnswerView.row.shape, "What is asked for.") { row($0.type, $0.asked) },
      .init("offered", AnswerView.row.shape, "What is offered.") { row($0.type, $0.offered) },
      .init(
        "verdict", .text(.line),
        "`meets`, `better`, `weaker`, `differs`, `missing`, `wrong` or `unasked`."
      ) { .text($0.verdict.rawValue) },
      .init("kind", .text(.line), "What kind of value it is.") { .text($0.type.kind.rawValue) },
      .init("difference", .text(.line), "The size of the difference with its unit.") {
        $0.difference == 0 ? .none : .text($0.size)
      },
      .init("is-more", .yesNo, "Whether the value offered is the greater one.") {
        .bool($0.difference.map { $0 > 0 } ?? false)
      },
    ])

  private static let downtime = View<Decimal>(
    "a downtime", "What an availability leaves.",
    [
      .init("percent", .text(.line), "The availability in percent.") { .text("\($0)") },
      .init("month", .text(.line), "Minutes of downtime in 30 days.") {
        .text(Availability.shown(Availability.downtime(percent: $0, over: Availability.month)))
      },
      .init("year", .text(.line), "Minutes of downtime in 365 days.") {
        .text(Availability.shown(Availability.downtime(percent: $0, over: Availability.year)))
      },
    ])

  static let level = View<At>(
    "an offered service level", "A service level: asked for, offered, and what lies between.",
    [
      .init("id", .text(.line), "Its full identifier.") { .text($0.level.level.identifier) },
      .init("title", .text(.line), "Its title.") { .text($0.level.title) },
      .init("group", .text(.line), "The heading that it is listed under.") {
        $0.level.level.record["group"] ?? .none
      },
      .init("verdict", .text(.line), "The verdict on all of its values.") {
        .text($0.assessment.offers[$0.index].verdict.rawValue)
      },
      .init("items", .list(item.shape), "Its values.") {
        .list($0.assessment.offers[$0.index].items.map(item.callAsFunction))
      },
      .init("upstream", .list(item.shape), "The offer against what the bidder's own host promises.")
      {
        .list($0.assessment.upstream[$0.index]?.items.map(item.callAsFunction) ?? [])
      },
      .init("asked-note", .prose, "What the tender says besides.") { .markdown($0.level.note) },
      .init("note", .prose, "What the bid says besides.") {
        .markdown($0.bid.offers[$0.level.id]?.note)
      },
      .init("asked-downtime", downtime.shape, "What the availability asked for leaves.") {
        $0.percent($0.level.target)
      },
      .init("offered-downtime", downtime.shape, "What the availability offered leaves.") {
        $0.percent($0.bid.offers[$0.level.id]?.offer)
      },
      .init("findings", .list(StateViews.finding.shape), "What checks noticed about it.") {
        $0.views.findings(of: $0.level.level.identifier)
      },
    ])

  fileprivate static func downtime(_ answer: Answer?) -> Value {
    answer?.percent.map(downtime.callAsFunction) ?? .none
  }
}

extension BidViews.At {
  fileprivate var checkpoint: Tender.Checkpoint { tender.checkpoints[index] }
  fileprivate var requirement: Tender.Requirement { tender.requirements[index] }
  fileprivate var level: Tender.Level { tender.serviceLevels[index] }

  fileprivate func percent(_ answer: Answer?) -> Value {
    level.level.isAvailability ? BidViews.downtime(answer) : .none
  }
}
