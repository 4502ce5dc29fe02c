internal import FoundationEssentials

/// Everything that the template of a comparison may use.
public struct ComparisonModel: DocumentSource {
  /// The bids beside one another.
  public let comparison: Comparison
  private let project: Assessment
  private let shared: Record

  /// Takes a comparison for the project that asks for the bids.
  public init(_ comparison: Comparison, of project: Assessment) {
    self.comparison = comparison
    self.project = project
    guard case .record(let record) = Self.view(Subject(comparison, project.today)) else {
      preconditionFailure("a view makes a record")
    }
    shared = record
  }

  /// The names that a template may use, with their shapes.
  public static let names = RecordShape(
    "a comparison", "What the template of a comparison may use.",
    view.record.fields + [
      .init("document", DocumentView.document.shape, "The document that is being made.")
    ])

  /// The language of the programme's documents.
  public var language: String { project.project.language }
  /// Who issues the tender.
  public var publisher: String? { comparison.tender.client }
  /// A comparison shows the gaps of bids, and has none of its own.
  public func holes(of document: Document) -> [Hole] { [] }

  /// The values for one document, under the names of `names`.
  public func values(for document: Document, in language: Language = .english) -> Record {
    Record(
      Keys(shared.keys.names + ["document"]),
      shared.values + [DocumentView.document((document, []))])
  }

  /// A comparison with what checks noticed about each bid.
  private struct Subject: Sendable {
    let comparison: Comparison
    let findings: [[Finding]]
    let today: Day

    init(_ comparison: Comparison, _ today: Day) {
      self.comparison = comparison
      self.today = today
      findings = comparison.bids.map(\.findings)
    }

    var bids: [BidAssessment] { comparison.bids }
    var tender: Tender { comparison.tender }
    var showsPrices: Bool { comparison.envelope != .technical }
  }

  // MARK: Bids

  private static let gap = View<Finding>(
    "a gap", "Something that a check noticed about a bid.",
    [
      .init("id", .text(.line), "What it is about.") { .text($0.id) },
      .init("severity", .text(.line), "`error` or `warning`.") { .text($0.severity.rawValue) },
      .init("message", .text(.line), "What is wrong.") { .text($0.message) },
    ])

  private static let bid = View<(BidAssessment, [Finding], Comparison)>(
    "a compared bid", "One of the bids.",
    [
      .init("id", .text(.line), "The bidder's short name.") { .text($0.0.bid.bidderID) },
      .init("name", .text(.line), "The bidder's name.") { .text($0.0.bid.bidder) },
      .init("counts", BidViews.counts.shape, "How it answers the checkpoints.") { item in
        BidViews.counts(
          item.0.bid.tender.checkpoints.map { item.0.bid.responses[$0.id]?.confirmation })
      },
      .init("weaker", .integer(0...Int.max), "How many service levels are weaker, or missing.") {
        .int($0.0.offers.count { [.weaker, .missing, .wrong].contains($0.verdict) })
      },
      .init("people", .integer(0...Int.max), "How many people are named.") {
        .int($0.0.bid.team.people.count)
      },
      .init("full-time-people", .text(.line), "How many full-time people they come to.") {
        .text($0.0.bid.team.fullTimePeople.rounded(to: 2))
      },
      .init("unheld", .integer(0...Int.max), "How many skills nobody holds.") {
        .int($0.0.holders.count { $0.isEmpty })
      },
      .init("single", .integer(0...Int.max), "How many skills rest on one person.") {
        .int($0.0.holders.count { $0.count == 1 })
      },
      .init("references", .integer(0...Int.max), "How many references are named.") {
        .int($0.0.bid.references.count)
      },
      .init("currency", .text(.line), "The currency of its amounts.") {
        .text($0.2.envelope == .technical ? nil : $0.0.bid.costs.currency)
      },
      .init("host", .text(.line), "The provider of the cheapest option.") {
        .text($0.2.envelope == .technical ? nil : $0.0.cheapest?.host)
      },
      .init("options", .integer(0...Int.max), "How many hosting options it has.") {
        .int($0.0.bid.costs.options.count)
      },
      .init("once", .text(.line), "What the cheapest option costs once, with taxes.") {
        $0.2.envelope == .technical
          ? .none : CostViews.amount($0.0.cheapest?.sum(.oneOff, withTaxes: true))
      },
      .init("total", .text(.line), "What the cheapest option costs over the period, with taxes.") {
        item in
        item.2.envelope == .technical
          ? .none : CostViews.amount(item.0.cheapest?.total(months: item.0.months))
      },
      .init(
        "gaps", .list(gap.shape), "Its errors and warnings; none about prices where they stay out."
      ) { item in
        let shown = item.1.filter { finding in
          finding.severity > .note
            && (item.2.envelope != .technical || !finding.id.hasPrefix("costs"))
        }
        return .list(shown.map(gap.callAsFunction))
      },
    ])

  // MARK: Rows

  private struct Cell: Sendable {
    let state: String
    let approach: String?
    let offered: Value
  }

  private static let cell = View<Cell>(
    "a cell", "What one bid says.",
    [
      .init("state", .text(.line), "The confirmation, or the verdict on an offer.") {
        .text($0.state)
      },
      .init("approach", .prose, "How something is met.") { .markdown($0.approach) },
      .init("offered", AnswerView.row.shape, "What is offered.") { $0.offered },
    ])

  private struct Row: Sendable {
    let id: String
    let title: String
    let statement: String?
    let asked: Value
    let cells: [Cell]
    let differs: Bool
  }

  private static let row = View<Row>(
    "a row", "Something that every bid says, bid by bid.",
    [
      .init("id", .text(.line), "Its identifier.") { .text($0.id) },
      .init("title", .text(.line), "Its title.") { .text($0.title) },
      .init("statement", .prose, "What must hold, for a checkpoint.") { .markdown($0.statement) },
      .init("asked", AnswerView.row.shape, "What is asked for.") { $0.asked },
      .init("cells", .list(cell.shape), "What each bid says.") {
        .list($0.cells.map(cell.callAsFunction))
      },
      .init("differs", .yesNo, "Whether bids say different things.") { .bool($0.differs) },
    ])

  private static func row(
    _ id: String, _ title: String, _ statement: String?, _ responses: [Bid.Response?]
  ) -> Value {
    let cells = responses.map {
      Cell(
        state: $0?.confirmation?.rawValue ?? "missing", approach: $0?.approach, offered: .none)
    }
    return row(
      Row(
        id: id, title: title, statement: statement, asked: .none, cells: cells,
        differs: Set(cells.map(\.state)).count > 1))
  }

  private static func levels(_ subject: Subject) -> [Value] {
    subject.tender.serviceLevels.enumerated().flatMap { index, level -> [Value] in
      let offers = subject.bids.map { $0.offers[index].items }
      return (offers.first ?? []).indices.map { position in
        let items = offers.map { $0[position] }
        let cells = items.map { item in
          Cell(
            state: item.verdict.rawValue, approach: nil,
            offered: BidViews.row(item.type, item.offered))
        }
        let label = items[0].label.map { ": \($0)" } ?? ""
        let said = Set(items.map { $0.type.line($0.offered) ?? "" })
        return row(
          Row(
            id: level.level.identifier, title: level.title + label, statement: nil,
            asked: BidViews.row(items[0].type, items[0].asked), cells: cells,
            differs: said.count > 1))
      }
    }
  }

  // MARK: Points

  private static let points = View<Comparison.Points>(
    "points", "The points of a bid for a criterion, with what they follow from.",
    [
      .init("points", .text(.line), "The points; nothing where something is missing.") {
        .text($0.points?.rounded(to: 2))
      },
      .init("marks", .list(.text(.line)), "The marks, one for each scorer; `—` for none.") {
        .list($0.marks.map { .text($0.map { "\($0)" } ?? "—") })
      },
      .init("cost", .text(.line), "The total cost.") { CostViews.amount($0.cost) },
      .init("lowest", .text(.line), "The lowest total cost.") { CostViews.amount($0.lowest) },
    ])

  private static let score = View<(BidAssessment, Comparison.Score)>(
    "a score", "All points of a bid.",
    [
      .init("name", .text(.line), "The bidder's name.") { .text($0.0.bid.bidder) },
      .init("points", .list(points.shape), "The points for each criterion.") {
        .list($0.1.points.map(points.callAsFunction))
      },
      .init("total", .text(.line), "All points; nothing where some are missing.") {
        .text($0.1.total?.rounded(to: 2))
      },
      .init("rank", .integer(1...Int.max), "The place; nothing where points are missing.") {
        $0.1.rank.map(Value.int) ?? .none
      },
    ])

  private static let criterion = View<Project.Criterion>(
    "a criterion", "Something that bids are weighed by.",
    [
      .init("id", .text(.line), "Its name.") { .text($0.id) },
      .init("title", .text(.line), "Its title.") { .text($0.title) },
      .init("weight", .text(.line), "Its weight in percent.") {
        .text($0.weight.map { "\($0)" })
      },
      .init("method", .text(.line), "`marks` or `lowest-cost`.") { .text($0.method.rawValue) },
    ])

  private static let view = View<Subject>(
    "what a comparison shows", "What the template of a comparison may use.",
    [
      .init("today", .text(.date), "The day for which the document holds.") {
        .text($0.today.description)
      },
      .init("tender", .record(Tender.shape), "Everything in the tender.") {
        .record($0.tender.record)
      },
      .init("envelope", .text(.line), "`technical` or `financial`; nothing where both are open.") {
        .text($0.comparison.envelope?.rawValue)
      },
      .init("bids", .list(bid.shape), "The bids in the order given.") { subject in
        .list(
          zip(subject.bids, subject.findings).map { bid(($0, $1, subject.comparison)) })
      },
      .init("checkpoints", .list(row.shape), "The checkpoints, bid by bid.") { subject in
        .list(
          subject.tender.checkpoints.map { checkpoint in
            row(
              checkpoint.id, checkpoint.title ?? checkpoint.id, checkpoint.statement,
              subject.bids.map { $0.bid.responses[checkpoint.id] })
          })
      },
      .init("levels", .list(row.shape), "The service levels, bid by bid.") { .list(levels($0)) },
      .init("requirements", .list(row.shape), "The requirements, bid by bid.") { subject in
        .list(
          subject.tender.requirements.map { requirement in
            row(
              requirement.identifier, requirement.title, requirement.text,
              subject.bids.map { $0.bid.proofs[requirement.id] })
          })
      },
      .init("criteria", .list(criterion.shape), "The criteria that are judged.") {
        .list($0.comparison.criteria.map(criterion.callAsFunction))
      },
      .init("most", .text(.line), "The best mark there is.") {
        .text($0.comparison.marks.map { "\($0.most)" })
      },
      .init("scorers", .list(.text(.line)), "Those who gave marks.") {
        .list(($0.comparison.marks?.scorers ?? []).map(Value.text))
      },
      .init("scores", .list(score.shape), "The points of each bid; empty where none are given.") {
        subject in .list(zip(subject.bids, subject.comparison.scores).map { score(($0, $1)) })
      },
      .init("months", .text(.line), "The months over which costs are totalled.") {
        .text("\($0.tender.months ?? 12)")
      },
    ])
}
