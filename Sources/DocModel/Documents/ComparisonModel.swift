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
    guard
      case .record(let record) = Self.view(
        Subject(comparison: comparison, today: project.today))
    else {
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

  /// All that is compared, only to be read.
  public func matrices() -> [Matrix] { comparison.matrices() }

  /// The values for one document, under the names of `names`.
  public func values(for document: Document, in language: Language = .english) -> Record {
    Record(
      Keys(shared.keys.names + ["document"]),
      shared.values + [DocumentView.document((document, []))])
  }

  /// A comparison on a day.
  private struct Subject: Sendable {
    let comparison: Comparison
    let today: Day

    var bids: [ComparedBid] { comparison.bids }
    var tender: Tender { comparison.tender }
    var hidesPrices: Bool { comparison.envelope == .technical }
  }

  // MARK: Bids

  private static let gap = View<ComparedBid.Gap>(
    "a gap", "Something that a check noticed about a bid.",
    [
      .init("id", .text(.line), "What it is about.") { .text($0.id) },
      .init("severity", .text(.line), "`error` or `warning`.") { .text($0.severity.rawValue) },
      .init("message", .text(.line), "What is wrong.") { .text($0.message) },
    ])

  private static let option = View<(ComparedBid, Int)>(
    "a hosting option", "What a bid's design costs with one hosting provider, with taxes.",
    [
      .init("id", .text(.line), "Its name.") { .text($0.options[$1].id) },
      .init("host", .text(.line), "The hosting provider.") { .text($0.options[$1].host) },
      .init("cheapest", .yesNo, "Whether it costs least of those that are priced.") {
        .bool($0.cheapest == $1)
      },
      .init("once", .text(.line), "What is paid once.") { bid, index in
        bid.options[index].isPriced ? CostViews.amount(bid.options[index].once) : .none
      },
      .init("total", .text(.line), "What it costs over the period.") { bid, index in
        bid.options[index].isPriced ? CostViews.amount(bid.options[index].total) : .none
      },
    ])

  private static let person = View<ComparedBid.Person>(
    "a member of the team", "Somebody on a bidder's team.",
    [
      .init("name", .text(.line), "The person's name.") { .text($0.name) },
      .init("roles", .list(.text(.line)), "The titles of the person's roles.") {
        .list($0.roles.map(Value.text))
      },
      .init("share", .text(.line), "The share of full time in percent.") {
        .text($0.share.map { "\($0)" })
      },
    ])

  private static let bid = View<(ComparedBid, Bool)>(
    "a compared bid", "One of the bids.",
    [
      .init("id", .text(.line), "The bidder's short name.") { .text($0.0.id) },
      .init("name", .text(.line), "The bidder's name.") { .text($0.0.name) },
      .init("counts", BidViews.counts.shape, "How it answers the checkpoints.") { item in
        BidViews.counts(item.0.responses.map(\.confirmation))
      },
      .init("weaker", .integer(0...Int.max), "How many service levels are weaker, or missing.") {
        .int($0.0.offers.count { [.weaker, .missing, .wrong].contains($0.verdict) })
      },
      .init("people", .list(person.shape), "Those who do the work.") {
        .list($0.0.people.map(person.callAsFunction))
      },
      .init("full-time-people", .text(.line), "How many full-time people they come to.") {
        .text($0.0.fullTimePeople.rounded(to: 2))
      },
      .init("unheld", .integer(0...Int.max), "How many skills nobody holds.") {
        .int($0.0.holders.count { $0 == 0 })
      },
      .init("single", .integer(0...Int.max), "How many skills rest on one person.") {
        .int($0.0.holders.count { $0 == 1 })
      },
      .init("references", .list(.text(.line)), "Those who can be asked about earlier work.") {
        .list($0.0.references.map(Value.text))
      },
      .init("currency", .text(.line), "The currency of its amounts; none where they stay out.") {
        .text($0.1 ? nil : $0.0.currency)
      },
      .init("options", .list(option.shape), "Its hosting options; none where prices stay out.") {
        bid, hidesPrices in
        .list(hidesPrices ? [] : bid.options.indices.map { option((bid, $0)) })
      },
      .init(
        "gaps", .list(gap.shape), "Its errors and warnings; none about prices where they stay out."
      ) { bid, hidesPrices in
        .list(bid.gaps.filter { !hidesPrices || !$0.isAboutPrices }.map(gap.callAsFunction))
      },
    ])

  // MARK: Rows

  private struct Cell: Sendable {
    let state: String
    var approach: String?
    var offered = Value.none
    var isWithheld = false
  }

  private static let cell = View<Cell>(
    "a cell", "What one bid says.",
    [
      .init("state", .text(.line), "The confirmation, or the verdict on an offer.") {
        .text($0.state)
      },
      .init("approach", .prose, "How something is met.") { .markdown($0.approach) },
      .init("offered", AnswerView.row.shape, "What is offered.") { $0.offered },
      .init("withheld", .yesNo, "Whether a text stays out because it names a price.") {
        .bool($0.isWithheld)
      },
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
    _ id: String, _ title: String, _ statement: String?, _ responses: [ComparedBid.Answered],
    hidesPrices: Bool
  ) -> Value {
    let cells = responses.map { response in
      let isWithheld = hidesPrices && response.namesPrice
      return Cell(
        state: response.confirmation?.rawValue ?? "missing",
        approach: isWithheld ? nil : response.approach, isWithheld: isWithheld)
    }
    return row(
      Row(
        id: id, title: title, statement: statement, asked: .none, cells: cells,
        differs: responses.contains { $0.confirmation != responses[0].confirmation }))
  }

  private static func levels(_ subject: Subject) -> [Value] {
    subject.tender.serviceLevels.enumerated().flatMap { index, level -> [Value] in
      let offers = subject.bids.map { $0.offers[index].items }
      return (offers.first ?? []).indices.map { position in
        let items = offers.map { $0[position] }
        let cells = zip(subject.bids, items).map { bid, item in
          let isWithheld = subject.hidesPrices && bid.pricedOffers.contains(index)
          return Cell(
            state: item.verdict.rawValue,
            offered: isWithheld ? .none : BidViews.row(item.type, item.offered),
            isWithheld: isWithheld)
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

  private static let skill = View<(Tender.Skill, [Int])>(
    "a skill", "A skill, with how many people of each bid hold it.",
    [
      .init("id", .text(.line), "Its identifier.") { .text($0.0.identifier) },
      .init("title", .text(.line), "Its title.") { .text($0.0.title) },
      .init("area", .list(.text(.line)), "What it stands below, the widest first.") {
        .list($0.0.area.map(Value.text))
      },
      .init("holders", .list(.integer(0...Int.max)), "How many hold it, bid by bid.") {
        .list($0.1.map(Value.int))
      },
      .init("differs", .yesNo, "Whether the numbers differ.") { .bool(Set($0.1).count > 1) },
    ])

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

  private static let score = View<(ComparedBid, Comparison.Score)>(
    "a score", "All points of a bid.",
    [
      .init("name", .text(.line), "The bidder's name.") { .text($0.0.name) },
      .init("points", .list(points.shape), "The points for each criterion.") {
        .list($0.1.points.map(points.callAsFunction))
      },
      .init("total", .text(.line), "All points; nothing where some are missing.") {
        .text($0.1.total?.rounded(to: 2))
      },
      .init("rank", .integer(1...Int.max), "The place; nothing where points are missing.") {
        $0.1.rank.map(Value.int) ?? .none
      },
      .init("shared", .yesNo, "Whether another bid has the same place.") { .bool($0.1.isShared) },
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
        .list(subject.bids.map { bid(($0, subject.hidesPrices)) })
      },
      .init("checkpoints", .list(row.shape), "The checkpoints, bid by bid.") { subject in
        .list(
          subject.tender.checkpoints.enumerated().map { index, checkpoint in
            row(
              checkpoint.id, checkpoint.title ?? checkpoint.id, checkpoint.statement,
              subject.bids.map { $0.responses[index] }, hidesPrices: subject.hidesPrices)
          })
      },
      .init("levels", .list(row.shape), "The service levels, bid by bid.") { .list(levels($0)) },
      .init("requirements", .list(row.shape), "The requirements, bid by bid.") { subject in
        .list(
          subject.tender.requirements.enumerated().map { index, requirement in
            row(
              requirement.identifier, requirement.title, requirement.text,
              subject.bids.map { $0.proofs[index] }, hidesPrices: subject.hidesPrices)
          })
      },
      .init("skills", .list(skill.shape), "The skills, bid by bid.") { subject in
        .list(
          subject.tender.skills.enumerated().map { index, own in
            skill((own, subject.bids.map { $0.holders[index] }))
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
