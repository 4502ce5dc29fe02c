/// What a project amounts to on a day: what applies, how far each answer has got, which gates open.
///
/// Counting, checking and rendering all ask an assessment, so that they cannot disagree.
///
///     let assessment = Assessment(project, in: folder)
///     assessment.findings.filter { $0.severity == .error }
public final class Assessment: Sendable {
  /// How many days ahead an end of validity is announced.
  public static let expiryNotice = 90

  /// The project that was looked at.
  public let project: Project
  /// What was recorded about its evidence and reviews.
  public let attestations: Attestations
  /// The day for which it holds.
  public let today: Day
  /// The states of the guide's questions, in their order.
  public let questions: [QuestionState]
  /// The states of the guide's checkpoints, in their order.
  public let checkpoints: [CheckpointState]
  /// Whether each section counts, in the guide's order.
  public let sections: [Applicability]
  /// Whether each sign of the guide's decision aid holds, in their order; `nil` where the answers do
  /// not say yet.
  public let signs: [Bool?]
  /// The states of the guide's phases, in their order.
  public let phases: [PhaseState]
  /// Whether each service level counts, in the guide's order.
  public let serviceLevels: [Applicability]

  /// Everything that applies and has evidence, a review or a date for one, in the guide's order.
  let supported: [SupportedItem]
  /// What is known of the files of the RFP's annexes, in their order; `nil` for an annex without one.
  let annexes: [FileState?]
  /// Of files that are not there the paths that were probably meant.
  let neighbours: [ExactText: String]

  /// Whether there is so much to look at that it is worth beginning threads.
  var isLarge: Bool { questions.count + checkpoints.count > 500 }

  /// The state of a guiding question.
  public struct QuestionState: Sendable {
    /// Whether it counts.
    public let applicability: Applicability
    /// How far its answer has got.
    public let rung: Rung
    /// The states of its evidence, in the order of the file.
    public let evidence: [EvidenceState]
    /// Its reviews, in the order of the lock.
    public let reviews: [ReviewState]
    /// When it is to be reviewed again, for all that says how often.
    public let due: [ReviewDue]
  }

  /// The state of a checkpoint.
  public struct CheckpointState: Sendable {
    /// Whether it counts.
    public let applicability: Applicability
    /// Whether it is claimed to hold.
    public let isClaimed: Bool
    /// How far what it relies on has got.
    public let rung: Rung
    /// How far evidence of its own has got.
    let ownRung: Rung
    /// The states of evidence of its own, in the order of the file.
    public let evidence: [EvidenceState]
    /// Its reviews, in the order of the lock.
    public let reviews: [ReviewState]
    /// When it is to be reviewed again, for all that says how often.
    public let due: [ReviewDue]
    /// What keeps it from being met, by identifier; the checkpoint's own where evidence of its own
    /// is missing.
    public let blockers: [String]

    /// Whether it is claimed, and what it relies on is at least current.
    public var isMet: Bool { isClaimed && rung >= .current }
    /// Whether it leaves its gate open.
    public var isSettled: Bool {
      switch applicability {
      case .applies: isMet
      case .undecided: false
      case .excluded, .waived: true
      }
    }
  }

  /// The state of a phase.
  public struct PhaseState: Sendable {
    /// Whether it counts.
    public let applicability: Applicability
    /// Whether the next phase may start.
    public let gate: Gate
    /// What there is in it.
    public let counts: Counts
  }

  /// Looks at a project on a world's day.
  ///
  /// The world is asked once for each path that the project names as evidence or as an annex.
  ///
  /// - Parameters:
  ///   - project: The project.
  ///   - world: Where its evidence is, and which day it is.
  ///   - attestations: What was recorded about evidence and reviews; nothing is compared, and nothing
  ///     counts as reviewed, where it is left out.
  public init(
    _ project: Project, in world: some World, _ attestations: Attestations = .none
  ) {
    let guide = project.guide
    let today = world.today
    let scope = Scope(project, today: today)
    let pieces = project.answers.values.reduce(0) { $0 + $1.evidence.count }
    var lookup = EvidenceLookup(world: world, today: today, attestations, expecting: pieces)
    self.project = project
    self.attestations = attestations
    self.today = today
    annexes = (project.node["rfp"]?["annexes"]?.items ?? []).map { annex in
      annex["file"]?.text.map { lookup.state(ofFile: $0) }
    }
    let phaseScopes = guide.phases.map { scope.phase($0) }
    let sections = guide.sections.map { scope.section($0, in: phaseScopes[$0.phase]) }
    self.sections = sections
    // A world is one thread's unless it is settled; all that follows from what it says is found out by several.
    let answered = lookup.states(of: guide.questions.map { project.answers[$0.id]?.evidence ?? [] })
    let questions = inShares(of: guide.questions.indices) { share in
      share.map { index in
        let question = guide.questions[index]
        let answer = project.answers[question.id]
        let evidence = answered[index]
        let review = ReviewStanding(
          question.id, answer.map { Reviewed($0) }, project, attestations, today)
        return QuestionState(
          applicability: scope.question(question, sections),
          rung: project.withheld(of: question.id)?.rung
            ?? review.raise(Self.rung(answer, evidence, need: question.evidence)),
          evidence: evidence, reviews: review.reviews, due: review.due)
      }
    }
    self.questions = questions
    let claimed = lookup.states(of: guide.checkpoints.map { project.claims[$0.id]?.evidence ?? [] })
    let checkpoints = inShares(of: guide.checkpoints.indices) { share in
      share.map { index in
        let checkpoint = guide.checkpoints[index]
        let claim = project.claims[checkpoint.id]
        let evidence = claimed[index]
        let review = ReviewStanding(
          checkpoint.id, claim.map { Reviewed($0) }, project, attestations, today)
        let own =
          project.withheld(of: checkpoint.id)?.rung ?? review.raise(Self.rung(of: evidence))
        let standing = checkpoint.reliesOn.standing { id in
          guard let id else { return .rung(own, blocker: checkpoint.id) }
          guard case .question(let index)? = guide.place(of: id),
            questions[index].applicability.isApplicable
          else { return .leftOut }
          return .rung(questions[index].rung, blocker: id)
        }
        return CheckpointState(
          applicability: scope.item(
            checkpoint.id, checkpoint.condition, in: sections[checkpoint.section]),
          isClaimed: claim?.isClaimed ?? false, rung: standing.rung, ownRung: own,
          evidence: evidence,
          reviews: review.reviews, due: review.due, blockers: standing.blockers)
      }
    }
    self.checkpoints = checkpoints
    // What lies beside them is not an audience's to know.
    neighbours = project.audience == nil ? lookup.neighbours : [:]
    supported = SupportedItem.all(of: project, questions, checkpoints)
    serviceLevels = guide.serviceLevels.map {
      scope.item("service-levels.\($0.id)", $0.condition, in: .applies)
    }
    signs = (guide.decisionAid?.signs ?? []).map { $0.condition.truth { scope.fact($0) } }
    phases = zip(guide.phases, phaseScopes).map { phase, applicability in
      let sections = guide.sections[phase.sections]
      let first = sections.first
      let last = sections.last
      let questionRange = (first?.questions.lowerBound ?? 0)..<(last?.questions.upperBound ?? 0)
      let checkpointRange =
        (first?.checkpoints.lowerBound ?? 0)..<(last?.checkpoints.upperBound ?? 0)
      let isOpen = checkpoints[checkpointRange].allSatisfy(\.isSettled)
      return PhaseState(
        applicability: applicability,
        gate: applicability.isWaived ? .waived : isOpen ? .open : .closed,
        counts: Counts(questions[questionRange], checkpoints[checkpointRange]))
    }
  }

  /// What there is in all phases together.
  public var counts: Counts { Counts(questions[...], checkpoints[...]) }

  private static func rung(
    _ answer: Answer?, _ evidence: [EvidenceState], need: Question.EvidenceNeed
  ) -> Rung {
    guard let answer, answer.isAnswered else { return .unanswered }
    // What needs no evidence and has none has nothing that could be out of date.
    if need == .none || need == .optional && evidence.isEmpty { return .current }
    return max(.answered, rung(of: evidence))
  }

  private static func rung(of evidence: [EvidenceState]) -> Rung {
    if evidence.contains(where: \.isCurrent) { return .current }
    return evidence.contains(where: \.exists) ? .evidenced : .unanswered
  }
}

/// How many questions and checkpoints there are, and how far they have got.
public struct Counts: Hashable, Sendable {
  /// All guiding questions.
  public let questions: Int
  /// Those that apply.
  public let applicable: Int
  /// Of the applicable ones, those that are answered at least.
  public let answered: Int
  /// Of the applicable ones, those that are evidenced at least.
  public let evidenced: Int
  /// Of the applicable ones, those that are current at least.
  public let current: Int
  /// Of the applicable ones, those that are reviewed.
  public let reviewed: Int
  /// All checkpoints.
  public let checkpoints: Int
  /// Of the applicable ones, those that are met.
  public let met: Int
  /// The checkpoints that are waived.
  public let waived: Int

  init(
    _ questions: ArraySlice<Assessment.QuestionState>,
    _ checkpoints: ArraySlice<Assessment.CheckpointState>
  ) {
    var heights = Array(repeating: 0, count: Rung.allCases.count)
    for question in questions where question.applicability.isApplicable {
      for height in 0...question.rung.height { heights[height] += 1 }
    }
    self.questions = questions.count
    applicable = heights[0]
    answered = heights[1]
    evidenced = heights[2]
    current = heights[3]
    reviewed = heights[4]
    self.checkpoints = checkpoints.count
    met = checkpoints.count { $0.applicability.isApplicable && $0.isMet }
    waived = checkpoints.count { $0.applicability.isWaived }
  }
}

/// Decides what applies.
private struct Scope: Sendable {
  let project: Project
  private let waivers: [String: Int]

  init(_ project: Project, today: Day) {
    self.project = project
    waivers = Dictionary(
      project.waivers.enumerated().filter { $1.holds(on: today) }.map { ($1.subject, $0) },
      uniquingKeysWith: { first, _ in first })
  }

  func phase(_ phase: Phase) -> Applicability {
    if let waiver = waivers[phase.id] { return .waived(waiver) }
    return phase.isOptional && !project.taken.contains(phase.id) ? .undecided : .applies
  }

  func section(_ section: Section, in phase: Applicability) -> Applicability {
    let own = item(section.id, section.condition, in: phase)
    guard own.isApplicable, section.isOptional, !project.taken.contains(section.id) else {
      return own
    }
    return .undecided
  }

  /// A question that several guides ask applies where one of them asks it.
  func question(_ question: Question, _ sections: [Applicability]) -> Applicability {
    let own = item(question.id, question.condition, in: sections[question.section])
    if own.isApplicable { return own }
    for share in question.shares {
      guard case .section(let index)? = project.guide.place(of: share.section) else { continue }
      let other = item(question.id, share.condition, in: sections[index])
      if other.isApplicable { return other }
    }
    return own
  }

  func item(_ id: String, _ condition: Condition?, in parent: Applicability) -> Applicability {
    guard parent.isApplicable else { return parent }
    let stated = project.applies(id)
    if let condition {
      switch stated ?? condition.truth({ fact($0) }) {
      case true?: break
      case false?: return .excluded
      // What is withheld from an audience leaves open what depends on it.
      case nil: if condition.names.contains(where: isWithheld) { return .undecided }
      }
    }
    return waivers[id].map(Applicability.waived) ?? .applies
  }

  private func isWithheld(_ name: String) -> Bool {
    [name, partName(name)?.question].contains { $0.flatMap(project.withheld(of:))?.answer != nil }
  }

  func fact(_ name: String) -> String? {
    if name == "hosting" { return project.hosting }
    if let id = name.drop(prefix: "scale.") { return project.scale[id]?.value.fact }
    if let id = name.drop(prefix: "taken.") {
      return project.taken.contains(id) ? "yes" : waivers[id].map { _ in "no" }
    }
    if let answer = project.answers[name] { return answer.value.fact }
    guard let (id, part) = partName(name) else { return nil }
    return project.answers[id]?.value.asRecord?[templateName(part)]?.fact
  }
}

extension Value {
  /// The word that a condition compares with, or `nil` where there is none.
  fileprivate var fact: String? {
    switch self {
    case .bool(let isTrue): isTrue ? "yes" : "no"
    case .int(let number): String(number)
    default: asText
    }
  }
}

/// What reviews make of a question or a checkpoint.
private struct ReviewStanding {
  let reviews: [ReviewState]
  let due: [ReviewDue]
  private let isReviewed: Bool

  /// `reviewed`: the answer or the claim; `nil` where there is none.
  init(
    _ id: String, _ reviewed: Reviewed?, _ project: Project, _ attestations: Attestations,
    _ today: Day
  ) {
    reviews = attestations.reviews(of: id, in: project, on: today)
    let last = reviews.filter(\.holds).map(\.on).max()
    // Of what is withheld, a copy holds no review that could be due.
    let isWhole = project.withheld(of: id) == nil
    let due = isWhole ? reviewed?.due(after: last) ?? [] : []
    self.due = due
    isReviewed = last != nil && !due.contains { $0.isOver(on: today) }
  }

  /// What is current stands higher where somebody has reviewed it.
  func raise(_ rung: Rung) -> Rung { rung == .current && isReviewed ? .reviewed : rung }
}

/// Looks each evidence file up once, but for a settled world.
struct EvidenceLookup<Kept: World>: Sendable {
  let world: Kept
  let today: Day
  private let isSettled: Bool
  private let attestations: Attestations
  private var states: [ExactText: FileState] = [:]
  /// Of files that are not there the paths that were probably meant.
  private(set) var neighbours: [ExactText: String] = [:]
  /// For how many files more one is looked for: a folder may hold any number.
  private var neighboursLeft = 20

  /// `count`: how many files it will probably be asked for.
  init(world: Kept, today: Day, _ attestations: Attestations = .none, expecting count: Int = 0) {
    self.world = world
    self.today = today
    self.attestations = attestations
    isSettled = world is any SettledWorld
    if !isSettled { states.reserveCapacity(count) }
  }

  /// The states of evidence of one item after another; by several threads where the world is settled.
  mutating func states(of items: [[Evidence]]) -> [[EvidenceState]] {
    guard isSettled else { return items.map { pieces in pieces.map { state(of: $0) } } }
    return inShares(of: items.indices, weighing: { 1 + items[$0].count }) { [self] share in
      var lookup = self
      return share.map { place in items[place].map { lookup.state(of: $0) } }
    }
  }

  mutating func state(ofFile path: String) -> FileState {
    if isSettled { return world.state(of: path) }
    let key = ExactText(path)
    if let known = states[key] { return known }
    let state = world.state(of: path)
    states[key] = state
    if state == .absent, neighboursLeft > 0 {
      neighboursLeft -= 1
      neighbours[key] = world.neighbour(of: path)
    }
    return state
  }

  mutating func state(of evidence: Evidence) -> EvidenceState {
    if let path = evidence.path {
      let state = state(ofFile: path)
      guard case .present(let size) = state else { return .missing(state) }
      if size == 0 { return .empty }
      if attestations.isChanged(path) { return .changed }
    } else if evidence.link == nil {
      return .missing(.absent)
    }
    let begins = [evidence.collected, evidence.validFrom].compactMap { $0 }.max()
    if let begins, begins > today { return .future(begins) }
    guard let end = evidence.validUntil else { return .current }
    if end < today { return .expired(end) }
    return end <= today + Assessment.expiryNotice ? .expiring(end) : .current
  }
}

extension Reliance {
  enum Standing {
    /// What it names does not apply.
    case leftOut
    /// It stands so high, and `blocker` names what holds it there.
    case rung(Rung, blocker: String)
    /// Of several, with all that hold it below `current`.
    case group(Rung, blockers: [String])

    var rung: Rung {
      switch self {
      case .leftOut: .current
      case .rung(let rung, _), .group(let rung, _): rung
      }
    }

    var blockers: [String] {
      switch self {
      case .leftOut: []
      case .rung(let rung, let blocker): rung < .current ? [blocker] : []
      case .group(let rung, let blockers): rung < .current ? blockers : []
      }
    }
  }

  /// How far what it names has got: of all the lowest counts, of any the highest; what does not
  /// apply is left out.
  ///
  /// `leaf`: the standing of a question, or of evidence of its own for `nil`.
  func standing(_ leaf: (String?) -> Standing) -> Standing {
    switch self {
    case .question(let id): return leaf(id)
    case .ownEvidence: return leaf(nil)
    case .all(let parts): return Self.joined(parts.map { $0.standing(leaf) }) { $0.min() }
    case .any(let parts): return Self.joined(parts.map { $0.standing(leaf) }) { $0.max() }
    }
  }

  private static func joined(_ parts: [Standing], _ choose: ([Rung]) -> Rung?) -> Standing {
    let counted = parts.filter { if case .leftOut = $0 { false } else { true } }
    guard let rung = choose(counted.map(\.rung)) else { return .leftOut }
    return .group(rung, blockers: counted.flatMap(\.blockers))
  }
}
