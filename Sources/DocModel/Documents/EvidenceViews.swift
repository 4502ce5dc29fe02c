/// What a template finds for evidence, its reviews, and the days on which either ends.
extension StateViews {
  /// A piece of evidence with its state; a reference, as each of its fields is asked for by itself.
  final class EvidenceItem: Sendable {
    let evidence: Evidence
    let name: Value
    let state: EvidenceState
    /// The copy that an evidence pack holds.
    let kept: KeptEvidence?

    init(
      evidence: Evidence, name: Value, state: EvidenceState, in pack: PackMembers?
    ) {
      self.evidence = evidence
      self.name = name
      self.state = state
      kept = evidence.path.flatMap { pack?.copy($0) }
    }
  }

  static let evidence = View<EvidenceItem>(
    "evidence", "A file or a link that shows something to be true.",
    [
      .init("name", .text(.line), "What to call it.") { $0.name },
      .init("file", .text(.path), "Its path below the project's folder.") {
        .text($0.evidence.file)
      },
      .init("link", .text(.link), "Its address.") { .text($0.evidence.link) },
      .init("captured", .text(.path), "The captured copy of what the address led to.") {
        .text($0.evidence.file == nil ? $0.evidence.path : nil)
      },
      .init("collected", .text(.date), "When it was collected.") { .day($0.evidence.collected) },
      .init("valid-from", .text(.date), "The first day on which it holds.") {
        .day($0.evidence.validFrom)
      },
      .init("valid-until", .text(.date), "The last day on which it holds.") {
        .day($0.evidence.validUntil)
      },
      .init(
        "state", .text(.line),
        "`current`, `expiring`, `expired`, `future`, `changed`, `empty`, `absent` or `unusable`."
      ) {
        .text($0.state.word)
      },
      .init("review-every", .text(.duration), "How often it is to be reviewed.") {
        .text($0.evidence.reviewEvery?.text)
      },
      .init("copy", .text(.path), "Where an evidence pack keeps the file; only in a pack.") {
        .text($0.kept?.path)
      },
      .init("size", .integer(0...Int.max), "The file's size in bytes; only in a pack.") {
        $0.kept.map { .int($0.size) } ?? .none
      },
      .init("sha256", .text(.line), "The file's SHA-256 digest; only in a pack.") {
        .text($0.kept?.sha256)
      },
    ])

  /// The evidence of all guiding questions and checkpoints as templates find it.
  ///
  /// It stands at what it shows and among the days on which it ends, and is made once for both.
  struct EvidenceLists: Sendable {
    let questions: [[Value]]
    let checkpoints: [[Value]]

    init(_ assessment: Assessment, in pack: PackMembers?) {
      let project = assessment.project
      let guide = project.guide
      @Sendable func values(_ items: [Evidence]?, _ states: [EvidenceState]) -> [Value] {
        zip(items ?? [], states).map { item, state in
          evidence(
            EvidenceItem(
              evidence: item, name: project.name(of: item), state: state, in: pack))
        }
      }
      questions = inShares(
        of: guide.questions.indices, weighing: { 1 + assessment.questions[$0].evidence.count }
      ) { share in
        share.map {
          values(
            project.answers[guide.questions[$0].id]?.evidence, assessment.questions[$0].evidence)
        }
      }
      checkpoints = inShares(
        of: guide.checkpoints.indices, weighing: { 1 + assessment.checkpoints[$0].evidence.count }
      ) { share in
        share.map {
          values(
            project.claims[guide.checkpoints[$0].id]?.evidence, assessment.checkpoints[$0].evidence)
        }
      }
    }

    /// That of what stands at a place of the guide.
    subscript(place: Guide.Place?) -> [Value] {
      switch place {
      case .question(let index): questions[index]
      case .checkpoint(let index): checkpoints[index]
      default: []
      }
    }
  }

  static let review = View<ReviewState>(
    "a review", "Somebody's word that an answer and its evidence were looked at.",
    [
      .init("by", .text(.line), "Who reviewed it.") { .text($0.by) },
      .init("on", .text(.date), "On which day.") { .day($0.on) },
      .init("state", .text(.line), "`holds` or `void`.") { .text($0.holds ? "holds" : "void") },
      .init("changes", .list(.text(.line)), "What changed since.") {
        .list($0.changes.map(Value.text))
      },
    ])

  static func reviews(_ states: [ReviewState]) -> Value {
    .list(states.sorted { $0.on > $1.on }.map { review($0) })
  }

  /// The last day for something.
  struct Expiry: Sendable {
    let id: String
    let title: Value
    let name: Value
    let day: Day
    let state: String
    let isReview: Bool
    let evidence: Value
    let today: Day
  }

  static let expiry = View<Expiry>(
    "an expiry", "A day on which evidence ends, or by which something is to be reviewed.",
    [
      .init("id", .text(.line), "What it is about.") { .text($0.id) },
      .init("title", .text(.line), "What to call that.") { $0.title },
      .init("kind", .text(.line), "`end` or `review`.") { .text($0.isReview ? "review" : "end") },
      .init("name", .text(.line), "What ends or is to be reviewed.") { $0.name },
      .init("day", .text(.date), "The last day.") { .day($0.day) },
      .init(
        "state", .text(.line), "The evidence's state; of a review `overdue`, `soon` or `later`."
      ) { .text($0.state) },
      .init(
        "days-left", .integer(Int.min...Int.max),
        "How many days are left, the last one not counted; less than 0 once it has passed."
      ) { .int($0.day.number - $0.today.number) },
      .init("evidence", evidence.shape, "The evidence, where it is about one.") { $0.evidence },
    ])

  /// The days on which evidence ends and by which something is to be reviewed, for what applies,
  /// soonest first.
  var expiries: [Value] {
    let today = assessment.today
    var found: [Expiry] = []
    for item in assessment.supported {
      let title = assessment.title(of: item.id)
      let values = evidence[assessment.guide.place(of: item.id)]
      for ((piece, state), value) in zip(zip(item.evidence, item.states), values)
      where state.exists {
        guard let day = piece.validUntil else { continue }
        found.append(
          Expiry(
            id: item.id, title: title, name: assessment.project.name(of: piece), day: day,
            state: state.word, isReview: false, evidence: value, today: today))
      }
      for due in item.due {
        guard let day = due.day else { continue }
        found.append(
          Expiry(
            id: item.id, title: title, name: due.evidence.map(assessment.project.line) ?? title,
            day: day,
            state: day < today
              ? "overdue" : day <= today + Assessment.expiryNotice ? "soon" : "later",
            isReview: true, evidence: .none, today: today))
      }
    }
    // The order of the guide decides between equal days.
    let order = found.indices.sorted {
      (found[$0].day.number, $0) < (found[$1].day.number, $1)
    }
    return order.map { Self.expiry(found[$0]) }
  }
}

extension Project {
  /// What to call evidence; its title is in the language of the file.
  fileprivate func name(of evidence: Evidence) -> Value {
    evidence.title.map(line) ?? .text(evidence.name)
  }
}

extension EvidenceState {
  /// The state in one word, as templates and reports use it.
  var word: String {
    switch self {
    case .current: "current"
    case .expiring: "expiring"
    case .expired: "expired"
    case .future: "future"
    case .changed: "changed"
    case .empty: "empty"
    case .missing(.absent): "absent"
    case .missing: "unusable"
    }
  }
}
