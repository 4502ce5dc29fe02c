/// Everything that the templates of a bid's documents may use, for one bid on one day.
///
///     let model = BidModel(assessment)
///     try DocumentRenderer(Document.forBid, names: BidModel.names).render(.bidResponse, model)
public struct BidModel: DocumentSource {
  /// The bid's state on a day.
  public let assessment: BidAssessment
  /// What all checks noticed.
  public let findings: [Finding]
  private let shared: Record

  /// Looks at a bid once for all documents.
  ///
  /// - Parameters:
  ///   - assessment: The bid's state on a day.
  ///   - findings: What checks noticed; all checks of the library look where it is left out.
  ///   - pack: What stands beside the documents, if they are made for an evidence pack.
  public init(
    _ assessment: BidAssessment, findings: [Finding]? = nil,
    in pack: PackMembers? = nil
  ) {
    let findings = findings ?? assessment.findings
    self.assessment = assessment
    self.findings = findings
    guard case .record(let record) = Self.view(BidViews(assessment, findings, in: pack)) else {
      preconditionFailure("a view makes a record")
    }
    shared = record
  }

  /// The names that a template may use, with their shapes.
  public static let names = RecordShape(
    "a bid's document", "What the template of a bid's document may use.",
    view.record.fields + [
      .init("document", DocumentView.document.shape, "The document that is being made.")
    ])

  /// The language of the bid.
  public var language: String { assessment.bid.language }

  /// The bidder.
  public var publisher: String? { assessment.bid.bidder }

  /// The places of a document where something is missing.
  public func holes(of document: Document) -> [Hole] {
    document.holes(findings, assessment.bid.tender)
  }

  /// All that the bid says, with what follows from it.
  public func matrices() throws(InvalidInput) -> [Matrix] { try assessment.matrices() }

  /// The values for one document in a language, under the names of `names`.
  public func values(for document: Document, in language: Language = .english) -> Record {
    let tender = assessment.bid.tender
    let holes = holes(of: document).map { hole in
      let statement: Value =
        if case .checkpoint(let index)? = tender.place(of: hole.id) {
          .markdown(tender.checkpoints[index].statement)
        } else { .none }
      return NamedHole(
        hole: hole, title: .text(assessment.title(of: hole.id, in: language)),
        language: self.language, statement: statement)
    }
    let own = DocumentView.document((document, holes))
    return Record(Keys(shared.keys.names + ["document"]), shared.values + [own])
  }

  private static let bidder = View<BidViews>(
    "the bidder", "Who bids.",
    [
      .init("id", .text(.line), "A short name.") { .text($0.bid.bidderID) },
      .init("name", .text(.line), "The bidder's name.") { .text($0.bid.bidder) },
    ]
      + ["country", "registration"].map { key in
        .init(key, .text(.line), "As the bid states it.") {
          $0.bid.record["bidder"]?.asRecord?[key] ?? .none
        }
      } + [
        .init("website", .text(.link), "The bidder's site.") {
          $0.bid.record["bidder"]?.asRecord?["website"] ?? .none
        },
        .init("summary", .prose, "Who the bidder is.") {
          $0.bid.record["bidder"]?.asRecord?["summary"] ?? .none
        },
      ])

  private static let role = View<(Tender.Role, [Team.Person])>(
    "a role", "A role with those who fill it.",
    [
      .init("id", .text(.line), "Its identifier.") { .text("roles.\($0.0.id)") },
      .init("title", .text(.line), "Its title.") { .text($0.0.title) },
      .init("people", .list(.text(.line)), "The names of those who fill it.") { role, people in
        .list(people.filter { $0.roles.contains(role.id) }.map { .text($0.name) })
      },
    ])

  private static let view = View<BidViews>(
    "what a bid's documents share", "What all templates of a bid's documents may use.",
    [
      .init("today", .text(.date), "The day for which the document holds.") {
        .text($0.assessment.today.description)
      },
      PackMembers.field { $0.pack },
      .init("tender", .record(Tender.shape), "Everything in the tender.") {
        .record($0.tender.record)
      },
      .init("bidder", bidder.shape, "Who bids.", bidder.callAsFunction),
      .init("contacts", .list(.record(Project.contact)), "Whom the programme asks.") {
        $0.bid.record["contacts"] ?? .list([])
      },
      .init("valid-until", .text(.date), "The last day on which the bid holds.") {
        .day($0.bid.validUntil)
      },
      .init("summary", .prose, "The bid in a paragraph or two.") {
        $0.bid.record["summary"] ?? .none
      },
      .init("phases", .list(BidViews.phase.shape), "The phases with the answered checkpoints.") {
        views in .list(views.tender.phases.map { BidViews.phase((views, $0)) })
      },
      .init("counts", BidViews.counts.shape, "How all checkpoints are answered.") {
        BidViews.counts($0.confirmations($0.tender.checkpoints.indices))
      },
      .init("levels", .list(BidViews.level.shape), "The service levels.") { views in
        .list(views.tender.serviceLevels.indices.map { BidViews.level(views.at($0)) })
      },
      .init("currency", .text(.line), "The currency of all amounts.") {
        .text($0.bid.costs.currency)
      },
      .init("months", .text(.line), "The months over which costs are totalled.") {
        .text("\($0.assessment.months)")
      },
      .init("costs-note", .prose, "What the amounts rest on.") { .markdown($0.bid.costs.note) },
      .init("options", .list(CostViews.option.shape), "The hosting options.") { views in
        let cheapest = views.assessment.cheapest?.id
        return .list(
          views.bid.costs.options.map { option in
            CostViews.option(
              .init(
                option: option, months: views.assessment.months,
                isCheapest: option.id == cheapest,
                findings: views.findings(of: "costs.\(option.id)")))
          })
      },
      .init("people", .list(CostViews.person.shape), "The team.") { views in
        .list(views.bid.team.people.map { CostViews.person(($0, views.tender)) })
      },
      .init("full-time-people", .text(.line), "How many full-time people the team comes to.") {
        .text($0.bid.team.fullTimePeople.rounded(to: 2))
      },
      .init("team-note", .prose, "What there is to know about the team.") {
        .markdown($0.bid.team.note)
      },
      .init("support-hours", CostViews.hours.shape, "What the hours of support offered take.") {
        $0.assessment.supportHours.map(CostViews.hours.callAsFunction) ?? .none
      },
      .init("filled-roles", .list(role.shape), "The roles with those who fill them.") { views in
        .list(views.tender.roles.map { role(($0, views.bid.team.people)) })
      },
      .init("skills", .list(CostViews.skill.shape), "The skills with those who hold them.") {
        views in .list(views.tender.skills.map { CostViews.skill(($0, views.bid.team.people)) })
      },
      .init("requirements", .list(BidViews.requirement.shape), "The answered requirements.") {
        views in .list(views.tender.requirements.indices.map { BidViews.requirement(views.at($0)) })
      },
      .init("references", .list(CostViews.reference.shape), "The references.") {
        .list($0.bid.references.map(CostViews.reference.callAsFunction))
      },
      .init("findings", .list(StateViews.finding.shape), "What checks noticed, all of it.") {
        $0.told($0.findings)
      },
    ])
}

/// Everything that the templates of a tender's documents may use.
public struct TenderModel: DocumentSource {
  /// The tender.
  public let tender: Tender
  private let today: Day

  /// Takes a tender for a day.
  public init(_ tender: Tender, today: Day) {
    self.tender = tender
    self.today = today
  }

  /// The names that a template may use, with their shapes.
  public static let names = RecordShape(
    "a tender's document", "What the template of a tender's document may use.",
    [
      .init("today", .text(.date), "The day for which the document holds."),
      .init("tender", .record(Tender.shape), "Everything in the tender."),
      .init(
        "targets", .table(keys: "a service level", AnswerView.answer.shape),
        "What is asked for, by the name of each service level."),
      .init("document", DocumentView.document.shape, "The document that is being made."),
    ])

  /// The language of the tender.
  public var language: String { tender.language }
  /// Who issues it.
  public var publisher: String? { tender.client }

  /// Nothing is missing in what a tender asks.
  public func holes(of document: Document) -> [Hole] { [] }

  /// All that a bid states, to fill in.
  public func matrices() throws(InvalidInput) -> [Matrix] { try tender.matrices() }

  /// The values for one document, under the names of `names`.
  public func values(for document: Document, in language: Language = .english) -> Record {
    let targets = tender.serviceLevels.map {
      AnswerView.of($0.target, $0.level.type, $0.level.record)
    }
    return Record(
      Self.names.keys,
      [
        .text(today.description), .record(tender.record),
        .record(Record(Keys(tender.serviceLevels.map(\.id)), targets)),
        DocumentView.document((document, [])),
      ])
  }
}
