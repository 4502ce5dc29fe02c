/// Everything that the templates of documents may use, for one project on one day.
///
/// The model is made once; each document adds its own name and holes.
///
///     let model = DocumentModel(assessment)
///     template.render(model.values(for: document))
public struct DocumentModel: DocumentSource {
  /// The project's state on a day.
  public let assessment: Assessment
  /// What all checks noticed.
  public let findings: [Finding]
  private let shared: Record

  /// Looks at a project once for all documents.
  ///
  /// - Parameters:
  ///   - assessment: The project's state on a day.
  ///   - findings: What checks noticed; all checks of the library look where it is left out.
  ///   - pack: What stands beside the documents, if they are made for an evidence pack.
  public init(
    _ assessment: Assessment, findings: [Finding]? = nil,
    in pack: PackMembers? = nil
  ) {
    let findings = findings ?? assessment.findings
    self.assessment = assessment
    self.findings = findings
    let views = StateViews(assessment, findings, in: pack)
    let view = Self.view(for: assessment.project.guide)
    if assessment.isLarge {
      shared = view.together(views)
    } else if case .record(let record) = view(views) {
      shared = record
    } else {
      preconditionFailure("a view makes a record")
    }
  }

  /// The names that a template may use, with their shapes.
  public static func names(for guide: Guide) -> RecordShape {
    let shared = view(for: guide).record
    return RecordShape(
      "a document", "What the template of a document may use.",
      shared.fields + [
        .init("document", DocumentView.document.shape, "The document that is being made.")
      ])
  }

  /// The values for one document in a language, under the names of `names(for:)`.
  public func values(for document: Document, in language: Language = .english) -> Record {
    let holes = document.holes(findings, assessment).map { hole in
      NamedHole(
        hole: hole, title: assessment.title(of: hole.id, in: language),
        language: self.language, statement: assessment.guide.statement(of: hole.id) ?? .none)
    }
    let own = DocumentView.document((document, holes))
    return Record(Keys(shared.keys.names + ["document"]), shared.values + [own])
  }

  /// The language of the programme's documents.
  public var language: String { assessment.project.language }

  /// The places of a document where something is missing.
  public func holes(of document: Document) -> [Hole] { document.holes(findings, assessment) }

  /// What the project is asked and says.
  public func matrices() throws(InvalidInput) -> [Matrix] { try assessment.matrices() }

  /// Who publishes the programme's documents; `nil` where that is not stated.
  public var publisher: String? {
    assessment.project.record["programme"]?.asRecord?["client"]?.asText
  }

  // MARK: What there is to use

  private static let estimate = View<(StateViews, Estimate, Value)>(
    "an estimate", "One estimate of scale.",
    [
      .init("id", .text(.line), "Its name.") { .text($0.1.id) },
      .init("title", .text(.line), "Its title.") { $0.2.asRecord?["title"] ?? .none },
      .init("ask", .prose, "What is asked for.") { $0.2.asRecord?["ask"] ?? .none },
      .init("answer", AnswerView.answer.shape, "The estimate as it can be shown.") {
        AnswerView.of(
          $0.0.assessment.project.scale[$0.1.id], $0.1.type, $0.2.asRecord)
      },
    ])

  private static let configuration = View<(Configuration, Value, Guide)>(
    "a configuration", "The configuration that the planned number of users asks for.",
    [
      .init("id", .text(.line), "Its name.") { .text($0.0.id) },
      .init("title", .text(.line), "Its title.") { subject in
        let rows = subject.2.record["sizing"]?.asRecord?["rows"]?.asList ?? []
        let row = rows.lazy.compactMap(\.asRecord).first {
          $0["id"]?.asText == subject.0.id && $0["title"]?.asText == subject.0.title
        }
        return row?["title"] ?? .text(subject.0.title)
      },
      .init("users", .integer(0...Int.max), "The planned number of users.") { $0.1 },
    ])

  private static let serviceLevel = View<StateViews.At>(
    "a service level", "A service level with what is asked for.",
    [
      .init("id", .text(.line), "Its full identifier.") { .text($0.level.identifier) },
      .init("title", .text(.line), "Its title.") { $0.level.record["title"] ?? .none },
      .init("guide", Guide.serviceLevelShape, "Everything that the guide says of it.") {
        .record($0.level.record)
      },
      .init("group", .text(.line), "The heading that it is listed under.") {
        $0.level.record["group"] ?? .none
      },
      .init("state", .text(.line), "`applies`, `excluded` or `waived`.") {
        switch $0.assessment.serviceLevels[$0.index] {
        case .applies, .undecided: .text("applies")
        case .excluded: .text("excluded")
        case .waived: .text("waived")
        }
      },
      .init("applies", .yesNo, "Whether it counts.") {
        .bool($0.assessment.serviceLevels[$0.index].isApplicable)
      },
      .init("target", AnswerView.answer.shape, "What is asked for, as it can be shown.") {
        AnswerView.of(
          $0.assessment.project.targets[$0.level.id], $0.level.type, $0.level.record)
      },
      .init(
        "availability", .number(0...100, unit: "%"),
        "The availability in percent, where it is one."
      ) { $0.availability },
      .init("note", .prose, "What there is to know besides.") {
        $0.assessment.project.prose($0.assessment.project.targets[$0.level.id]?.note)
      },
      .init("findings", .list(StateViews.finding.shape), "What checks noticed about it.") {
        $0.views.findings(of: $0.level.identifier)
      },
      .init("origins", .list(.text(.line)), "What it comes from, in words.") { at in
        .list(at.level.origins.map { at.assessment.title(of: $0) })
      },
    ])

  private static let member = View<Guide.Member>(
    "a guide of several", "One of the guides that a project follows.",
    [
      .init("id", .text(.line), "Its name.") { .text($0.id) },
      .init("edition", .text(.line), "Which edition of it this is.") { .text($0.edition) },
      .init("title", .text(.line), "Its title.") { $0.record["title"] ?? .none },
      .init("letter", .text(.line), "The letter before its numbers, where there are several.") {
        .text($0.letter.isEmpty ? nil : $0.letter)
      },
      .init("guide", .record(Guide.shape), "Everything in its file.") { .record($0.record) },
    ])

  private static let sign = View<(record: Record?, holds: Bool?)>(
    "a sign", "Something in the answers that speaks against a decision.",
    [
      .init("id", .text(.line), "Its name.") { $0.record?["id"] ?? .none },
      .init("sign", .text(.line), "What is the case where it holds.") {
        $0.record?["sign"] ?? .none
      },
      .init("advice", .text(.line), "What to do about it.") { $0.record?["advice"] ?? .none },
      .init("state", .text(.line), "`holds`, `absent` or `unknown`.") {
        .text($0.holds.map { $0 ? "holds" : "absent" } ?? "unknown")
      },
    ])

  private static let decisionAid = View<(Assessment, DecisionAid)>(
    "a decision aid", "Signs in the answers that speak against a decision.",
    [
      .init("title", .text(.line), "What they speak against.") {
        $0.1.record["title"] ?? .none
      },
      .init("text", .prose, "How to read them.") { $0.1.record["text"] ?? .none },
      .init("signs", .list(sign.shape), "The signs.") { aid in
        .list(
          aid.0.signs.enumerated().map { index, holds in
            sign((aid.1.record["signs"]?.item(index), holds))
          })
      },
    ])

  private static func view(for guide: Guide) -> View<StateViews> {
    let project = Project.shape(for: guide)
    func given(_ key: String, _ name: String, _ summary: String) -> View<StateViews>.Field {
      .init(name, project[key]?.shape ?? .any, summary) { views in
        let value = views.assessment.project.record[templateName(key)] ?? .none
        guard !value.isPresent, case .record(let shape)? = project[key]?.shape else { return value }
        return .record(Record(shape.keys, shape.blanks))
      }
    }
    return View(
      "what documents share", "What all templates of documents may use.",
      [
        .init("today", .text(.date), "The day for which the document holds.") {
          .text($0.assessment.today.description)
        },
        .init("guide", .record(Guide.shape), "The guide.") {
          .record($0.assessment.project.guide.record)
        },
        .init(
          "guides", .list(member.shape), "The guides that the project follows; mostly one."
        ) { views in .list(views.assessment.project.guide.members.map { member($0) }) },
        .init("project-file", .text(.line), "The name of the project file.") {
          .text(fileName($0.assessment.project.source.name))
        },
        .init(
          "audience", .text(.line), "`public`, `bidder` or `auditor`, for whom the document is."
        ) {
          .text($0.assessment.project.audience?.rawValue)
        },
        .init("withheld", .list(StateViews.withheld.shape), "What that audience may not see.") {
          .list($0.assessment.project.withheld.map { StateViews.withheld($0) })
        },
        .init("withheld-count", .integer(0...Int.max), "How many things that are.") {
          .int($0.assessment.project.withheld.reduce(0) { $0 + $1.count })
        },
        PackMembers.field { $0.pack },
        given("programme", "programme", "Who the programme is."),
        given("rfp", "rfp", "What the RFP needs."),
        given("scale", "scale", "The estimates of scale by name."),
        given("answers", "answers", "The answers as they stand in the file, by identifier."),
        .init(
          "hosting", (Guide.shape["hosting-options"]?.shape ?? .any).element ?? .any,
          "The way of hosting that was chosen."
        ) { views in
          guard case .list(let options)? = views.assessment.project.guide.record["hosting_options"]
          else { return .none }
          let id = views.assessment.project.hosting
          return options.first { id != nil && $0.asRecord?["id"]?.asText == id } ?? .none
        },
        .init("estimates", .list(estimate.shape), "The estimates of scale.") { views in
          let guide = views.assessment.project.guide
          return .list(
            guide.scale.enumerated().map { index, item in
              let record = guide.record["scale"]?.item(index)
              return estimate((views, item, record.map(Value.record) ?? .none))
            })
        },
        .init(
          "configuration", configuration.shape,
          "The configuration that the planned number of users asks for."
        ) { views in
          views.assessment.configuration.map {
            Self.configuration(($0.0, .int($0.1), views.assessment.guide))
          } ?? .none
        },
        .init("phases", .list(StateViews.phase.shape), "The guide's phases with their state.") {
          views in
          let phases = Array(views.assessment.phases.indices)
          let view = { @Sendable in StateViews.phase(views.at($0)) }
          return .list(
            views.assessment.isLarge ? concurrently(phases, view) : phases.map(view))
        },
        .init("service-levels", .list(serviceLevel.shape), "The service levels.") { views in
          .list(views.assessment.serviceLevels.indices.map { serviceLevel(views.at($0)) })
        },
        .init(
          "decision-aid", decisionAid.shape, "Signs in the answers that speak against a decision."
        ) { views in
          views.assessment.project.guide.decisionAid.map { decisionAid((views.assessment, $0)) }
            ?? .none
        },
        .init(
          "expiries", .list(StateViews.expiry.shape),
          "The days on which evidence ends or something is to be reviewed, soonest first."
        ) { .list($0.expiries) },
        .init("waivers", .list(StateViews.waiver.shape), "The waivers in the order of the file.") {
          .list($0.assessment.project.waivers.map($0.waiver))
        },
        .init("summary", StateViews.counts.shape, "How much there is, and how far it has got.") {
          StateViews.counts(($0.assessment.counts, $0.findings))
        },
        .init("findings", .list(StateViews.finding.shape), "What checks noticed, all of it.") {
          $0.told { _ in true }
        },
        .init(
          "project-findings", .list(StateViews.finding.shape),
          "What checks noticed about the project as a whole."
        ) {
          $0.told { $0.phase == nil }
        },
      ])
  }
}

extension StateViews.At {
  fileprivate var level: ServiceLevel { guide.serviceLevels[index] }

  /// The target as a percentage, where it is an availability.
  fileprivate var availability: Value {
    guard level.isAvailability, let target = assessment.project.targets[level.id] else {
      return .none
    }
    return target.percent.flatMap { Double("\($0)") }.map(Value.double) ?? .none
  }
}

extension Guide {
  /// The statement of a checkpoint, or `nil` for anything else.
  fileprivate func statement(of id: String) -> Value? {
    guard case .checkpoint(let index)? = place(of: id) else { return nil }
    return checkpoints[index].record["statement"]
  }
}

extension Assessment {
  /// The configuration that the planned number of users asks for, with that number.
  ///
  /// The estimate that a guide's `sizing` rule names counts as the number of users.
  public var configuration: (Configuration, users: Int)? {
    for rule in guide.rules {
      guard case .sizing(let path, _) = rule.comparison, case .scale(let id)? = path.place,
        case .int(let users)? = project.scale[id]?.value
      else { continue }
      return rule.configurations.first { row in row.upTo.map { users <= $0 } ?? true }
        .map { ($0, users) }
    }
    return nil
  }

  /// What to call what an identifier or a key names, in a language; what a guide calls something is in
  /// the guide's.
  package func title(of id: String, in language: Language = .english) -> Value {
    func titled(_ record: Record, or standard: String) -> Value {
      record["title"].flatMap { $0.isPresent ? $0 : nil } ?? .text(standard)
    }
    switch guide.place(of: id) {
    case .phase(let index)?: return titled(guide.phases[index].record, or: id)
    case .section(let index)?: return titled(guide.sections[index].record, or: id)
    case .question(let index)?: return titled(guide.questions[index].record, or: id)
    case .checkpoint(let index)?:
      return titled(guide.checkpoints[index].record, or: guide.checkpoints[index].id)
    case .serviceLevel(let index)?: return titled(guide.serviceLevels[index].record, or: id)
    case nil: break
    }
    if let name = id.drop(prefix: "scale.") {
      let index = guide.scale.firstIndex { $0.id == name }
      return index.flatMap { guide.record["scale"]?.item($0)?["title"] } ?? .text(id)
    }
    if let name = id.drop(prefix: "responsibilities."),
      case .list(let items)? = guide.record["responsibilities"]
    {
      return items.first { $0.asRecord?["id"]?.asText == name }?.asRecord?["activity"] ?? .text(id)
    }
    return .text(language.word("field", id))
  }
}
