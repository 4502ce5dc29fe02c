/// What a template finds for the guide's parts with the state that a project gives them.
final class StateViews: Sendable {
  let assessment: Assessment
  let findings: [Finding]
  let pack: PackMembers?
  /// The findings as templates find them.
  private let told: [Value]
  /// The positions of findings by what they are about.
  private let findingsByID: [String: [Int]]
  /// The evidence of all questions and checkpoints as templates find it.
  let evidence: EvidenceLists

  init(
    _ assessment: Assessment, _ findings: [Finding],
    in pack: PackMembers?
  ) {
    self.assessment = assessment
    self.findings = findings
    told = findings.map { Self.finding(Told($0, in: assessment.project)) }
    self.pack = pack
    evidence = EvidenceLists(assessment, in: pack)
    findingsByID = Dictionary(grouping: findings.indices) { findings[$0].id }
  }

  /// A position in the guide with the state of everything.
  struct At: Sendable {
    let views: StateViews
    let index: Int
    var assessment: Assessment { views.assessment }
    var guide: Guide { views.assessment.project.guide }
  }

  func at(_ index: Int) -> At { At(views: self, index: index) }

  func findings(of id: String) -> Value {
    .list((findingsByID[id] ?? []).map { told[$0] })
  }

  /// Those findings of which something holds, as templates find them.
  func told(where holds: (Finding) -> Bool) -> Value {
    .list(zip(findings, told).compactMap { holds($0) ? $1 : nil })
  }

  // MARK: Findings and waivers

  /// A finding with the language of the documents that show it: checks speak English.
  struct Told: Sendable {
    let finding: Finding
    let language: String

    init(_ finding: Finding, in project: Project) {
      self.init(finding, language: project.language)
    }

    init(_ finding: Finding, language: String) {
      self.finding = finding
      self.language = language
    }

    func words(_ text: String) -> Value {
      Language.isSame("en", language)
        ? .text(text)
        : .foreign(ForeignText(text, isProse: false, language: "en", among: language))
    }
  }

  static let finding = View<Told>(
    "a finding", "Something that a check noticed.",
    [
      .init("rule", .text(.line), "The rule's name.") { .text($0.finding.rule) },
      .init("severity", .text(.line), "`error`, `warning` or `note`.") {
        .text($0.finding.severity.rawValue)
      },
      .init("id", .text(.line), "What it is about.") { .text($0.finding.id) },
      .init("message", .text(.line), "What is wrong.") { $0.words($0.finding.message) },
      .init("remedy", .text(.line), "What to do about it.") { $0.words($0.finding.remedy) },
      .init("file", .text(.line), "The file's name, without the folders that it lies in here.") {
        .text($0.finding.location.fileName)
      },
      .init("line", .integer(1...Int.max), "The line in the file.") {
        .int($0.finding.location.line)
      },
      .init("column", .integer(1...Int.max), "The column in the line.") {
        .int($0.finding.location.column)
      },
    ])

  static let waiver = View<(Waiver, Assessment)>(
    "a waiver", "Something that does not apply, or a gap that is accepted.",
    [
      .init("for", .text(.line), "What is waived.") { .text($0.0.subject) },
      .init("title", .text(.line), "What to call that.") { $0.1.title(of: $0.0.subject) },
      .init("holds", .yesNo, "Whether it counts: it has a reason and has not ended.") {
        .bool($0.0.holds(on: $0.1.today))
      },
      .init("kind", .text(.line), "`not-applicable` or `accepted-gap`.") {
        .text($0.0.kind.rawValue)
      },
      .init("reason", .prose, "The reason.") { $0.1.project.prose($0.0.reason) },
      .init("decided-by", .text(.line), "Who decided.") { .text($0.0.decidedBy) },
      .init("on", .text(.date), "When it was decided.") { .day($0.0.on) },
      .init("until", .text(.date), "The last day on which it holds.") { .day($0.0.until) },
      .init(
        "withheld", .list(.text(.line)), "The salted digests of what this audience may not see."
      ) { waiver, assessment in
        let withheld =
          waiver.isWithheld ? assessment.project.withheld(of: waiver.subject)?.waivers : nil
        return .list((withheld ?? []).map(Value.text))
      },
    ])

  /// What a copy keeps from its audience, as templates find it.
  static let withheld = View<Withheld>(
    "something withheld", "What this audience may not see of one item, as salted digests.",
    [
      .init("for", .text(.line), "The identifier of the item.") { .text($0.subject) },
      .init("rung", .text(.line), "How far it has got: the owner's word.") {
        .text($0.rung?.rawValue)
      },
      .init("applies", .yesNo, "Whether it counts, where the RFP tells that.") {
        $0.applies.map(Value.bool) ?? .none
      },
      .init("answer", .text(.line), "The digest of the answer.") { .text($0.answer) },
      .init("about", .text(.line), "The digest of who answered when, the note and the period.") {
        .text($0.about)
      },
      .init("evidence", .list(.text(.line)), "The digests of pieces of evidence.") {
        .list($0.evidence.map(Value.text))
      },
      .init("waivers", .list(.text(.line)), "The digests of waivers.") {
        .list($0.waivers.map(Value.text))
      },
    ])

  func withheld(of id: String) -> Value {
    assessment.project.withheld(of: id).map { Self.withheld($0) } ?? .none
  }

  func waiver(_ waiver: Waiver) -> Value { Self.waiver((waiver, assessment)) }

  private func applicability(_ applicability: Applicability) -> (state: String, waiver: Value) {
    switch applicability {
    case .applies: ("applies", .none)
    case .excluded: ("excluded", .none)
    case .undecided: ("undecided", .none)
    case .waived(let index): ("waived", waiver(assessment.project.waivers[index]))
    }
  }

  // MARK: Questions

  /// A guiding question with its answer; a reference, as each of its fields is asked for by itself.
  final class QuestionAt: Sendable {
    let views: StateViews
    let index: Int
    let question: Question
    let state: Assessment.QuestionState
    let answer: Answer?

    init(_ views: StateViews, _ index: Int) {
      let assessment = views.assessment
      self.views = views
      self.index = index
      question = assessment.guide.questions[index]
      state = assessment.questions[index]
      answer = assessment.project.answers[question.id]
    }
  }

  static let question = View<QuestionAt>(
    "a guiding question", "Something that must be known, with its answer.",
    [
      .init("id", .text(.line), "Its full identifier.") { .text($0.question.id) },
      .init("title", .text(.line), "A short label.") { $0.question.record["title"] ?? .none },
      .init("ask", .prose, "The question.") { $0.question.record["ask"] ?? .none },
      .init("help", .prose, "What a good answer holds.") { $0.question.record["help"] ?? .none },
      .init("kind", .text(.line), "What kind of answer it takes.") {
        .text($0.question.type.kind.rawValue)
      },
      .init("by", .text(.line), "`programme` or `provider`.") { .text($0.question.by.rawValue) },
      .init("needed-for", .text(.line), "`rfp` or `gate`.") { .text($0.question.need.rawValue) },
      .init("evidence-need", .text(.line), "`required`, `optional` or `none`.") {
        .text($0.question.evidence.rawValue)
      },
      .init("state", .text(.line), "`applies`, `excluded`, `undecided` or `waived`.") {
        .text($0.views.applicability($0.state.applicability).state)
      },
      .init("applies", .yesNo, "Whether it counts.") {
        .bool($0.state.applicability.isApplicable)
      },
      .init("waiver", waiver.shape, "The waiver, where it is waived.") {
        $0.views.applicability($0.state.applicability).waiver
      },
      .init("rung", .text(.line), "How far its answer has got.") {
        .text($0.state.rung.rawValue)
      },
      .init("answer", AnswerView.answer.shape, "The answer as it can be shown.") {
        AnswerView.of($0.answer, $0.question.type, $0.question.record)
      },
      .init("answered-by", .text(.line), "Who answered.") {
        $0.views.assessment.project.line($0.answer?.by)
      },
      .init("answered-on", .text(.date), "When it was answered.") { .day($0.answer?.on) },
      .init("note", .prose, "What there is to know besides.") {
        $0.views.assessment.project.prose($0.answer?.note)
      },
      .init("evidence", .list(evidence.shape), "What shows the answer to be true.") {
        .list($0.views.evidence.questions[$0.index])
      },
      .init("reviews", .list(review.shape), "Its reviews, the latest first.") {
        reviews($0.state.reviews)
      },
      .init("withheld", withheld.shape, "What this audience may not see of it.") {
        $0.views.withheld(of: $0.question.id)
      },
      .init("findings", .list(finding.shape), "What checks noticed about it.") {
        $0.views.findings(of: $0.question.id)
      },
      .init("links", links, "Further reading.") { $0.question.record["links"] ?? .none },
    ])

  private static let links: Shape = Guide.shape["links"]?.shape ?? .any

  // MARK: Checkpoints

  struct Reliable: Sendable {
    let id: String
    let title: Value
    let rung: Rung
    let state: String
  }

  /// A guiding question as something that is relied on.
  private func reliable(_ id: String) -> Reliable {
    guard case .question(let index)? = assessment.guide.place(of: id) else {
      return Reliable(id: id, title: .text(id), rung: .unanswered, state: "applies")
    }
    let question = assessment.questions[index]
    let state =
      switch question.applicability {
      case .applies: "applies"
      case .excluded: "excluded"
      case .undecided: "undecided"
      case .waived: "waived"
      }
    return Reliable(
      id: id, title: assessment.guide.questions[index].record["title"] ?? .none,
      rung: question.rung, state: state)
  }

  static let reliable = View<Reliable>(
    "something relied on", "A guiding question that a checkpoint relies on.",
    [
      .init("id", .text(.line), "Its full identifier.") { .text($0.id) },
      .init("title", .text(.line), "A short label.") { $0.title },
      .init("rung", .text(.line), "How far its answer has got.") { .text($0.rung.rawValue) },
      .init("state", .text(.line), "`applies`, `excluded`, `undecided` or `waived`.") {
        .text($0.state)
      },
    ])

  /// A checkpoint with its claim; a reference, as each of its fields is asked for by itself.
  final class CheckpointAt: Sendable {
    let views: StateViews
    let index: Int
    let checkpoint: Checkpoint
    let state: Assessment.CheckpointState
    let claim: Claim?

    init(_ views: StateViews, _ index: Int) {
      let assessment = views.assessment
      self.views = views
      self.index = index
      checkpoint = assessment.guide.checkpoints[index]
      state = assessment.checkpoints[index]
      claim = assessment.project.claims[checkpoint.id]
    }

    var word: String {
      switch state.applicability {
      case .applies: state.isMet ? "met" : state.isClaimed ? "claimed" : "open"
      case .excluded: "excluded"
      case .undecided: "undecided"
      case .waived: "waived"
      }
    }
  }

  static let checkpoint = View<CheckpointAt>(
    "a checkpoint", "A statement that must hold before the next phase.",
    [
      .init("id", .text(.line), "Its full identifier.") { .text($0.checkpoint.id) },
      .init("statement", .prose, "What must hold.") { $0.checkpoint.record["statement"] ?? .none },
      .init("evidence-wanted", .prose, "What evidence of its own would show.") {
        $0.checkpoint.record["evidence"] ?? .none
      },
      .init("state", .text(.line), "`met`, `claimed`, `open`, `excluded`, `undecided` or `waived`.")
      {
        .text($0.word)
      },
      .init("applies", .yesNo, "Whether it counts.") {
        .bool($0.state.applicability.isApplicable)
      },
      .init("waiver", waiver.shape, "The waiver, where it is waived.") {
        $0.views.applicability($0.state.applicability).waiver
      },
      .init("rung", .text(.line), "How far what it relies on has got.") {
        .text($0.state.rung.rawValue)
      },
      .init("relies-on", .list(reliable.shape), "The guiding questions that it relies on.") { at in
        .list(at.checkpoint.reliesOn.questions.map { reliable(at.views.reliable($0)) })
      },
      .init("needs-own-evidence", .yesNo, "Whether it relies on evidence of its own.") {
        .bool($0.checkpoint.reliesOn.needsOwnEvidence)
      },
      .init("blockers", .list(.text(.line)), "What keeps it from being met, by identifier.") {
        .list($0.state.blockers.map(Value.text))
      },
      .init("claimed-by", .text(.line), "Who claims it.") {
        $0.views.assessment.project.line($0.claim?.by)
      },
      .init("claimed-on", .text(.date), "When it was claimed.") { .day($0.claim?.on) },
      .init("note", .prose, "What there is to know besides.") {
        $0.views.assessment.project.prose($0.claim?.note)
      },
      .init("evidence", .list(evidence.shape), "Evidence of its own.") {
        .list($0.views.evidence.checkpoints[$0.index])
      },
      .init("reviews", .list(review.shape), "Its reviews, the latest first.") {
        reviews($0.state.reviews)
      },
      .init("withheld", withheld.shape, "What this audience may not see of it.") {
        $0.views.withheld(of: $0.checkpoint.id)
      },
      .init("findings", .list(finding.shape), "What checks noticed about it.") {
        $0.views.findings(of: $0.checkpoint.id)
      },
      .init("links", links, "Further reading.") { $0.checkpoint.record["links"] ?? .none },
    ])

  // MARK: Sections and phases

  static let section = View<At>(
    "a section", "A section of a phase.",
    [
      .init("id", .text(.line), "Its name.") { .text($0.section.id) },
      .init("number", .text(.line), "Its number.") { .text($0.section.number) },
      .init("title", .text(.line), "Its title.") { $0.section.record["title"] ?? .none },
      .init("optional", .yesNo, "Whether it may be left out.") { .bool($0.section.isOptional) },
      .init("state", .text(.line), "`applies`, `excluded`, `undecided` or `waived`.") {
        .text($0.views.applicability($0.assessment.sections[$0.index]).state)
      },
      .init("applies", .yesNo, "Whether it counts.") {
        .bool($0.assessment.sections[$0.index].isApplicable)
      },
      .init("waiver", waiver.shape, "The waiver, where it is waived.") {
        $0.views.applicability($0.assessment.sections[$0.index]).waiver
      },
      .init("guide", Guide.sectionShape, "Everything that the guide says of it.") {
        .record($0.section.record)
      },
      .init("questions", .list(question.shape), "Its guiding questions.") { at in
        .list(at.section.questions.map { question(QuestionAt(at.views, $0)) })
      },
      .init(
        "shared", .list(reliable.shape),
        "The guiding questions of other guides that it asks as well; they are answered there."
      ) { at in
        .list(at.section.shared.map { reliable(at.views.reliable($0)) })
      },
      .init("checkpoints", .list(checkpoint.shape), "Its checkpoints.") { at in
        .list(at.section.checkpoints.map { checkpoint(CheckpointAt(at.views, $0)) })
      },
    ])

  static let counts = View<(Counts, [Finding])>(
    "counts", "How much there is, and how far it has got.",
    [
      .init("questions", .integer(0...Int.max), "All guiding questions.") { .int($0.0.questions) },
      .init("applicable", .integer(0...Int.max), "Those that apply.") { .int($0.0.applicable) },
      .init("answered", .integer(0...Int.max), "Those answered.") { .int($0.0.answered) },
      .init("evidenced", .integer(0...Int.max), "Those evidenced.") { .int($0.0.evidenced) },
      .init("current", .integer(0...Int.max), "Those current.") { .int($0.0.current) },
      .init("reviewed", .integer(0...Int.max), "Those reviewed.") { .int($0.0.reviewed) },
      .init("checkpoints", .integer(0...Int.max), "All checkpoints.") { .int($0.0.checkpoints) },
      .init("met", .integer(0...Int.max), "Those met.") { .int($0.0.met) },
      .init("waived", .integer(0...Int.max), "Those waived.") { .int($0.0.waived) },
      .init("errors", .integer(0...Int.max), "Findings that are errors.") {
        .int($0.1.count { $0.severity == .error })
      },
      .init("warnings", .integer(0...Int.max), "Findings that are warnings.") {
        .int($0.1.count { $0.severity == .warning })
      },
    ])

  static let phase = View<At>(
    "a phase", "A phase of the guide with its gate.",
    [
      .init("id", .text(.line), "Its name.") { .text($0.phase.id) },
      .init("number", .text(.line), "Its number.") { .text($0.phase.number) },
      .init("title", .text(.line), "Its title.") { $0.phase.record["title"] ?? .none },
      .init("optional", .yesNo, "Whether it may be left out.") { .bool($0.phase.isOptional) },
      .init("summary", .prose, "What it is about.") { $0.phase.record["summary"] ?? .none },
      .init("state", .text(.line), "`applies`, `undecided` or `waived`.") {
        .text($0.views.applicability($0.assessment.phases[$0.index].applicability).state)
      },
      .init("applies", .yesNo, "Whether it counts.") {
        .bool($0.assessment.phases[$0.index].applicability.isApplicable)
      },
      .init("waiver", waiver.shape, "The waiver, where it is waived.") {
        $0.views.applicability($0.assessment.phases[$0.index].applicability).waiver
      },
      .init("gate", .text(.line), "`open`, `closed` or `waived`.") {
        .text($0.assessment.phases[$0.index].gate.rawValue)
      },
      .init("counts", counts.shape, "How much there is in it.") { at in
        counts(
          (at.assessment.phases[at.index].counts, at.views.findings.filter { $0.phase == at.index })
        )
      },
      .init("sections", .list(section.shape), "Its sections.") { at in
        .list(at.phase.sections.map { section(at.views.at($0)) })
      },
      .init("findings", .list(finding.shape), "What checks noticed in it.") { at in
        at.views.told { $0.phase == at.index }
      },
    ])
}

extension StateViews.At {
  var phase: Phase { guide.phases[index] }
  var section: Section { guide.sections[index] }
}

extension Reliance {
  /// Whether evidence of its own is one of the things it names.
  var needsOwnEvidence: Bool {
    switch self {
    case .ownEvidence: true
    case .question: false
    case .all(let parts), .any(let parts): parts.contains(where: \.needsOwnEvidence)
    }
  }
}

/// The last part of a path: a document does not say in which folder it was made.
func fileName(_ path: String) -> String {
  let slash = UInt8(ascii: "/")
  guard let last = path.utf8.lastIndex(where: { $0 != slash }) else { return path }
  let bytes = path.utf8[...last]
  let start = bytes.lastIndex(of: slash).map(bytes.index(after:)) ?? bytes.startIndex
  return String(bytes[start...]) ?? path
}

extension Location {
  fileprivate var fileName: String { DocModel.fileName(file) }
}
