/// The shape of a project file against a guide, said once.
extension Project {
  /// What stands at the top of a project file for a guide.
  public static func shape(for guide: Guide) -> RecordShape { guide.projectShape }

  static func madeShape(for guide: Guide) -> RecordShape {
    RecordShape(
      "a project", "A programme's private file: facts, answers, evidence and checkpoint states.",
      isFilledIn: true,
      [
        .init(
          "guide", .oneOrMore(.text(.slug)), required: true,
          "The guide that this project follows, or several guides that it follows together.",
          example: guide.members.first?.id),
        .init("programme", .record(programme), required: true, "Who the programme is."),
        .init("rfp", .record(rfp), "What the request for proposals needs."),
        .init("hosting", .choice(guide.hostingOptions), "Where the servers will stand."),
        .init("scale", .record(scale(guide)), "How large the system will be."),
        .init(
          "taken", .list(.text(.identifier)),
          "The optional phases and sections that are taken up; waive the others."),
        .init("answers", .record(answers(guide)), "The answers to the guiding questions."),
        .init("service-levels", .record(serviceLevels(guide)), "The service levels asked for."),
        .init("checkpoints", .record(checkpoints(guide)), "Which checkpoints are claimed."),
        .init(
          "waivers", .list(.record(waiver(guide))),
          "What does not apply, and which gaps are accepted, by whom and why."),
        .init(
          cleared, .list(.record(clearedShape)),
          "What everybody may see although it looks like something private."),
        .init(
          audience, .choice(Audience.choices),
          "For whom the program made this copy; never in a file of one's own."),
        .init(
          withheld, .list(.record(Withheld.shape)),
          "What the program kept from that audience; never in a file of one's own."),
      ])
  }

  /// The keys that only copies for an audience have.
  static let audience = "audience"
  static let withheld = "withheld"
  static let copyKeys: Set<String> = [audience, withheld]
  /// The key of what the search for leaks lets pass.
  static let cleared = "cleared"

  private static let clearedShape = RecordShape(
    "something cleared", "What everybody may see although it looks like something private.",
    [
      .init(
        "text", .text(.line), required: true,
        "The address, number, name or key, as it stands there.",
        example: "helpdesk@example.org"),
      .init(
        "reason", .text(.line), required: true, "Why everybody may see it.",
        example: "the help desk is there for everybody"),
      .init(
        "in", .text(.line),
        "The document or the file in which it may stand; anywhere where nothing is written.",
        example: "rfp"),
    ])

  static let programme = RecordShape(
    "the programme", "Who the programme is.",
    [
      .init(
        "title", .text(.line), required: true, "The programme's name.",
        example: "Community Health Information Programme"),
      .init("client", .text(.line), "Who issues the RFP.", example: "Ministry of Health"),
      .init("country", .text(.line), "The country it works in."),
      .init(
        "language", .text(.language), "The language of its documents, as BCP 47 writes it.",
        example: "en"),
      .init(
        "written-in", .text(.language),
        "The language of the texts in this file, where it is another than that of the documents.",
        example: "en"),
      .init(
        "currency", .text(.currency), "The currency of bids, as ISO 4217 writes it.",
        example: "USD"),
      .init("summary", .prose, "What the programme does, in a paragraph or two."),
      .init("current-hosting", .prose, "How the system is hosted today."),
    ])

  static let rfp = RecordShape(
    "the RFP", "What the request for proposals needs.",
    [
      .init(
        "reference", .text(.token), "The reference number of the RFP.", example: "MOH/ICT/2026/014"),
      .init(
        "edition", .text(.token),
        "Which edition of the tender this is; 1 where nothing is written.", example: "2"),
      .init("issued", .text(.date), "The day on which it is issued.", example: "2026-12-01"),
      .init(
        "clarifications-by", .text(.dateTime), "The deadline for questions from bidders.",
        example: "2026-12-15T17:00+03:00"),
      .init(
        "closes", .text(.dateTime), "The deadline for bids.", example: "2027-01-15T17:00+03:00"),
      .init(
        "bids-valid-for", .text(.duration), "How long a bid must stay valid after closing.",
        example: "120 days"),
      .init(
        "award-by", .text(.date), "The day by which the award is planned.",
        example: "2027-03-01"),
      .init(
        "submit-to", .text(.email), "The address that bids are sent to.",
        example: "bids@example.org"),
      .init(
        "host-options", .integer(1...20), "How many hosting providers a bid must offer.",
        example: "3"),
      .init("period", .text(.duration), "How long the work may take.", example: "18 months"),
      .init("contacts", .list(.record(contact)), "Whom bidders ask."),
      .init(
        "criteria", .list(.record(criterion)), "How bids are weighed; the weights add up to 100."),
      .init("hosting-criteria", .list(.prose), "What a hosting provider must offer besides."),
      .init("annexes", .list(.record(annex)), "What is handed out with the RFP."),
    ])

  static let contact = RecordShape(
    "a contact", "Somebody whom bidders may ask.",
    [
      .init("name", .text(.line), required: true, "The person's name."),
      .init("title", .text(.line), "What the person does in the organisation."),
      .init("email", .text(.email), "The person's e-mail address."),
      .init("phone", .text(.token), "The person's telephone number."),
    ])

  static let criterion = RecordShape(
    "a criterion", "Something that bids are weighed by.",
    [
      .init("id", .text(.slug), required: true, "Its name."),
      .init("title", .text(.line), required: true, "Its title."),
      .init("weight", .number(0...100, unit: "%"), "Its weight in percent."),
      .init(
        "method", .choice(Criterion.methods),
        "How its points are found; by marks where nothing is written."),
      .init(
        "envelope", .choice(Criterion.envelopes),
        "In which envelope it is judged; a criterion of cost in the financial one, others in the "
          + "technical one where nothing is written."),
      .init("text", .prose, "How marks are given."),
    ])

  private static let annex = RecordShape(
    "an annex", "Something that is handed out with the RFP.",
    [
      .init("title", .text(.line), required: true, "Its title."),
      .init("file", .text(.path), "A file below this file's folder."),
      .init("link", .text(.link), "An address."),
    ])

  private static func scale(_ guide: Guide) -> RecordShape {
    RecordShape(
      "the scale", "How large the system will be.", prefix: prefix(guide),
      aliases: guide.keyAliases("scale."),
      guide.scale.map { .init($0.id, $0.type.shape, "\($0.title).", isAnswer: true) })
  }

  /// What identifiers may begin with; in a composed guide they have to.
  private static func prefix(_ guide: Guide) -> String { guide.isComposed ? "" : "\(guide.id):" }

  private static func answers(_ guide: Guide) -> RecordShape {
    // Questions of one type share one shape: a guide has few types, and may have many questions.
    var shapes: [AnswerType: Shape] = [:]
    shapes.reserveCapacity(min(guide.questions.count, 100))
    return RecordShape(
      "the answers", "The answers to the guiding questions.", prefix: prefix(guide),
      aliases: guide.keyAliases(""),
      guide.questions.map { question in
        let summary = "\(question.title)."
        if let shape = shapes[question.type] { return .init(question.id, shape, summary) }
        let shape = Shape.record(answer(question.shape))
        shapes[question.type] = shape
        return .init(question.id, shape, summary)
      })
  }

  private static func answer(_ shape: Shape) -> RecordShape {
    RecordShape(
      "an answer", "An answer with its evidence.",
      [.init("answer", shape, "The answer.", isAnswer: true)] + answerFields + [
        .init(
          "audience", .choice(Audience.choices),
          "Who may see the answer, with who gave it when and the note; where nothing is written, "
            + "auditors alone, and everybody the answer itself where the RFP publishes it.")
      ])
  }

  static let answerFields: [RecordShape.Field] = [
    .init("evidence", .list(.record(evidence)), "What shows that the answer is true."),
    .init("by", .text(.line), "Who gave it."),
    .init("on", .text(.date), "When it was given."),
    .init("note", .prose, "What there is to know besides."),
    .init("review-every", .text(.duration), "How often it is to be reviewed."),
  ]

  private static func serviceLevels(_ guide: Guide) -> RecordShape {
    RecordShape(
      "the service levels", "The service levels asked for.", prefix: prefix(guide),
      aliases: guide.keyAliases("service-levels."),
      guide.serviceLevels.map { level in
        .init(
          level.id,
          .record(
            RecordShape(
              "a service level", "A service level that is asked for.",
              [
                .init("target", level.shape, "What is asked for.", isAnswer: true),
                .init("note", .prose, "What there is to know besides."),
              ])), "\(level.title).")
      })
  }

  private static func checkpoints(_ guide: Guide) -> RecordShape {
    RecordShape(
      "the checkpoints", "Which checkpoints are claimed.", prefix: prefix(guide),
      guide.checkpoints.map { .init($0.id, claimShape, "Whether it is claimed to hold.") })
  }

  static let claimShape = Shape.record(
    RecordShape(
      "a claim", "Whether a checkpoint is claimed to hold.",
      [.init("claimed", .yesNo, "Whether it is claimed to hold.")] + answerFields + [
        .init(
          "audience", .choice(Audience.choices),
          "Who may see who claims it and the note; auditors alone where nothing is written.")
      ]))

  private static func waiver(_ guide: Guide) -> RecordShape {
    let example =
      guide.phases.first(where: \.isOptional)?.id ?? guide.sections.first(where: \.isOptional)?.id
      ?? guide.questions.first?.id
    return RecordShape(
      "a waiver", "Something that does not apply, or a gap that is accepted.",
      [
        .init(
          "for", .text(.identifier), required: true,
          "The phase, section, question, checkpoint or service level.", example: example),
        .init("kind", .choice(Waiver.kinds), required: true, "Why it is waived."),
        .init("reason", .prose, "The reason."),
        .init("decided-by", .text(.line), "Who decided."),
        .init("on", .text(.date), "When it was decided."),
        .init("until", .text(.date), "The last day on which it holds."),
        .init(
          "audience", .choice(Audience.choices),
          "Who may see why and by whom it is waived; auditors alone where nothing is written."),
      ])
  }

  static let evidence = RecordShape(
    "evidence", "A file or a link that shows something to be true.",
    evidenceFields + [
      .init(
        "audience", .choice(Audience.choices),
        "Who may see it; where nothing is written, everybody if it is an annex of the RFP, and "
          + "auditors alone otherwise.")
    ])

  static let evidenceFields: [RecordShape.Field] =
    [
      .init(
        "file", .text(.path), "A file below this file's folder.",
        example: "evidence/architecture.pdf"),
      .init("link", .text(.link), "An address."),
      .init(
        "copy", .text(.path),
        "A captured copy of what the address led to, a file below this file's folder."),
      .init("title", .text(.line), "What it is."),
      .init("collected", .text(.date), "When it was collected.", example: "2026-10-01"),
      .init("valid-from", .text(.date), "The first day on which it holds."),
      .init(
        "valid-until", .text(.date), "The last day on which it holds.",
        example: "2027-10-01"),
      .init(
        "review-every", .text(.duration), "How often it is to be reviewed.", example: "12 months"),
    ]
}
