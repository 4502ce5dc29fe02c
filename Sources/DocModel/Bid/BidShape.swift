/// The shape of a bid file against a tender, said once.
extension Bid {
  /// What stands at the top of a bid file for a tender.
  public static func shape(for tender: Tender) -> RecordShape { tender.bidShape }

  static func madeShape(for tender: Tender) -> RecordShape {
    RecordShape(
      "a bid", "A bidder's file against a tender: what is confirmed, offered, asked for and shown.",
      isFilledIn: true,
      [
        .init("bid-for", .record(tenderReference), required: true, "The tender that it answers."),
        .init("bidder", .record(bidder), required: true, "Who bids."),
        .init("contacts", .list(.record(Project.contact)), "Whom the programme asks."),
        .init(
          "valid-until", .text(.date), "The last day on which the bid holds.",
          example: "2027-05-31"),
        .init("language", .text(.language), "The language of the bid, as BCP 47 writes it."),
        .init("summary", .prose, "The bid in a paragraph or two."),
        .init("checkpoints", .record(checkpoints(tender)), "How each checkpoint is answered."),
        .init("service-levels", .record(serviceLevels(tender)), "The service levels offered."),
        .init("costs", .record(costs), "What each hosting option costs."),
        .init("team", .record(team(tender)), "Who does the work, and what they can."),
        .init("requirements", .record(requirements(tender)), "How each requirement is met."),
        .init(
          "references", .list(.record(reference)),
          "Whom the programme may ask about earlier work."),
      ])
  }

  private static let tenderReference = RecordShape(
    "the tender", "The tender that a bid answers.",
    [
      .init("tender", .text(.line), required: true, "Its reference number."),
      .init(
        "file", .text(.path),
        "The tender's file in the bid's folder; \(Tender.fileName) where "
          + "nothing is written."),
      .init("edition", .text(.line), "The edition that the bid was begun with."),
      .init("digest", .text(.line), "The digest of the tender that the bid was begun with."),
    ])

  static let bidder = RecordShape(
    "the bidder", "Who bids.",
    [
      .init(
        "id", .text(.slug), required: true, "A short name for tables and marks.",
        example: "example-hosting"),
      .init("name", .text(.line), required: true, "The bidder's name."),
      .init("country", .text(.line), "Where the bidder is registered."),
      .init("registration", .text(.line), "The number under which the bidder is registered."),
      .init("website", .text(.link), "The bidder's site."),
      .init("summary", .prose, "Who the bidder is, in a paragraph or two."),
    ])

  static let evidence = RecordShape(
    "evidence", "A file or a link that shows something to be true.", Project.evidenceFields)

  static let confirmations = [
    Shape.Choice("yes", "The bidder confirms it as it stands."),
    Shape.Choice("partly", "The bidder confirms a part, and says which."),
    Shape.Choice("no", "The bidder does not confirm it."),
  ]

  private static func checkpoints(_ tender: Tender) -> RecordShape {
    RecordShape(
      "the responses", "How each checkpoint is answered.",
      tender.checkpoints.map { .init($0.id, response, $0.title ?? "The response.") })
  }

  static let response = Shape.record(
    RecordShape(
      "a response", "How a checkpoint is answered.",
      [
        .init("confirm", .choice(confirmations), "Whether the bidder confirms it.", isAnswer: true),
        .init("approach", .prose, "How it would be met."),
        .init("example", .prose, "Where the bidder has done so before."),
        .init("evidence", .list(.record(evidence)), "What shows it."),
        .init("note", .prose, "What there is to know besides."),
      ]))

  private static func serviceLevels(_ tender: Tender) -> RecordShape {
    RecordShape(
      "the service levels", "The service levels offered.",
      tender.serviceLevels.map { item in
        .init(
          item.id,
          .record(
            RecordShape(
              "an offer", "A service level that is offered.",
              [
                .init("offer", item.level.shape, "What is offered.", isAnswer: true),
                .init(
                  "upstream", item.level.shape,
                  "What the bidder's own hosting provider promises.", isAnswer: true),
                .init("note", .prose, "What there is to know besides."),
              ])), "\(item.title).")
      })
  }

  static let costs = RecordShape(
    "the costs", "What each hosting option costs.",
    [
      .init(
        "currency", .text(.currency), "The currency of all amounts, as ISO 4217 writes it.",
        example: "EUR"),
      .init("note", .prose, "What the amounts rest on, and what they leave out."),
      .init("options", .list(.record(option)), "The hosting options, one for each provider."),
    ])

  static let option = RecordShape(
    "a hosting option", "What the design costs with one hosting provider.",
    [
      .init("id", .text(.slug), required: true, "Its name.", example: "first-option"),
      .init("host", .text(.line), required: true, "The hosting provider.", example: "Example Host"),
      .init("country", .text(.line), "The country in which the servers stand."),
      .init("note", .prose, "What there is to know about it."),
      .init("lines", .list(.record(line)), "What it is made up of."),
      .init(
        "total", .number(0 ... .infinity, unit: nil),
        "The total over the tender's period with taxes, if the bid states it: it must add up."),
    ])

  static let line = RecordShape(
    "a cost line", "A quantity at a rate.",
    [
      .init("id", .text(.slug), required: true, "Its name within the option.", example: "servers"),
      .init("item", .text(.line), required: true, "What is paid for.", example: "Virtual servers"),
      .init("kind", .choice(CostLine.kinds), required: true, "How often it is paid."),
      .init(
        "quantity", .number(0 ... .infinity, unit: nil), "How many; 1 where nothing is written.",
        example: "5"),
      .init("unit", .text(.line), "What is counted.", example: "server"),
      .init(
        "rate", .number(0 ... .infinity, unit: nil), "What one costs without taxes.",
        example: "120.50"),
      .init(
        "tax", .number(0...1000, unit: "%"), "Taxes in percent of the amount; none when left out."),
      .init(
        "amount", .number(0 ... .infinity, unit: nil),
        "Quantity times rate, if the bid states it: it must add up."),
    ])

  private static func team(_ tender: Tender) -> RecordShape {
    RecordShape(
      "the team", "Who does the work, and what they can.",
      [
        .init(
          "full-time", .number(1...168, unit: "h"),
          "How many hours a week full time has; 40 where nothing is written."),
        .init("note", .prose, "What there is to know about the team."),
        .init("people", .list(.record(person(tender))), "The people, one after the other."),
      ])
  }

  static let skillLevels = [
    Shape.Choice("basic", "Has worked with it under guidance."),
    Shape.Choice("able", "Works with it alone."),
    Shape.Choice("expert", "Teaches it, and solves what others cannot."),
  ]

  static func person(_ tender: Tender) -> RecordShape {
    RecordShape(
      "a member of the team", "Somebody who does the work.",
      [
        .init("id", .text(.slug), required: true, "A short name for tables.", example: "ada"),
        .init("name", .text(.line), required: true, "The person's name."),
        .init(
          "roles", .list(.choice(tender.roles.map { Shape.Choice($0.id, $0.title) })),
          "The roles that the person fills."),
        .init(
          "share", .number(0...100, unit: "%"),
          "The share of full time that the person works for the programme.", example: "50"),
        .init("summary", .prose, "What the person has done before."),
        .init(
          "skills",
          .record(
            RecordShape(
              "the person's skills",
              "How well the person masters each skill; what is left out is "
                + "not held.",
              tender.skills.map { .init($0.id, .choice(skillLevels), "\($0.title).") })),
          "How well the person masters each skill."),
      ])
  }

  private static func requirements(_ tender: Tender) -> RecordShape {
    RecordShape(
      "the requirements", "How each requirement is met.",
      tender.requirements.map { .init($0.id, proof, "\($0.title).") })
  }

  static let proof = Shape.record(
    RecordShape(
      "a proof", "How a requirement is met.",
      [
        .init("met", .choice(confirmations), "Whether the bidder meets it.", isAnswer: true),
        .init("how", .prose, "What shows it."),
        .init("evidence", .list(.record(evidence)), "Files and links that show it."),
      ]))

  static let reference = RecordShape(
    "a reference", "Somebody outside the bidder's own organisation who knows its work.",
    [
      .init("id", .text(.slug), required: true, "Its name.", example: "first-reference"),
      .init(
        "organisation", .text(.line), required: true, "Whom the work was done for.",
        example: "Example Ministry"),
      .init("work", .prose, "What was done, for how many users, since when."),
      .init("system", .text(.line), "The system that was hosted.", example: "OpenMRS"),
      .init("contact", .record(Project.contact), "Whom to ask."),
    ])
}
