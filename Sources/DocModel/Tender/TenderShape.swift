/// The shape of a tender file, said once.
extension Tender {
  /// What stands at the top of a tender file.
  public static let shape = RecordShape(
    "a tender", "What a bidder has to answer: made from a project file, for a bidder's bid file.",
    [
      .init(
        "tender", .text(.line), required: true,
        "The reference number of the RFP, or the programme's title where there is none."),
      .init("edition", .text(.line), required: true, "Which edition of the tender this is."),
      .init(
        "digest", .text(.line),
        "The SHA-256 digest of everything else in this file; bids name it, so that a change is "
          + "noticed."),
      .init("title", .text(.line), required: true, "The programme's name."),
      .init("client", .text(.line), "Who issues the RFP."),
      .init("country", .text(.line), "The country that the programme works in."),
      .init("language", .text(.line), required: true, "The language of the tender and of bids."),
      .init("currency", .text(.currency), "The currency of bids, as ISO 4217 writes it."),
      .init("issued", .text(.date), "The day on which it is issued."),
      .init("clarifications-by", .text(.dateTime), "The deadline for questions from bidders."),
      .init("closes", .text(.dateTime), "The deadline for bids."),
      .init("bids-valid-for", .text(.duration), "How long a bid must stay valid after closing."),
      .init("submit-to", .text(.email), "The address that bids are sent to."),
      .init("host-options", .integer(1...20), "How many hosting providers a bid must offer."),
      .init("period", .text(.duration), "How long the work may take."),
      .init("contacts", .list(.record(Project.contact)), "Whom bidders ask."),
      .init("guides", .list(.record(guide)), "The guides that the tender follows."),
      .init("criteria", .list(.record(Project.criterion)), "How bids are weighed."),
      .init("phases", .list(.record(phase)), "The phases with the checkpoints to answer."),
      .init("service-levels", .list(.record(serviceLevel)), "The service levels asked for."),
      .init("requirements", .list(.record(requirement)), "What a bidder must show."),
      .init("roles", .list(.record(role)), "The roles that a team fills."),
      .init(
        "skills", .list(.record(skill)), "The skills that running the system takes, as a tree."),
      .init("rules", .list(.record(rule)), "Figures and orders that a bid must respect."),
    ])

  private static let guide = RecordShape(
    "a followed guide", "A guide that the tender follows.",
    [
      .init("id", .text(.slug), required: true, "Its name."),
      .init("edition", .text(.line), required: true, "Its edition."),
      .init("title", .text(.line), required: true, "Its title."),
    ])

  private static let phase = RecordShape(
    "a phase", "One phase of the guide.",
    [
      .init("id", .text(.identifier), required: true, "Its name."),
      .init("number", .text(.line), required: true, "Its number, for showing."),
      .init("title", .text(.line), required: true, "Its title."),
      .init("sections", .list(.record(section)), "Its sections that have checkpoints."),
    ])

  private static let section = RecordShape(
    "a section", "One section of a phase.",
    [
      .init("id", .text(.identifier), required: true, "Its name."),
      .init("number", .text(.line), required: true, "Its number, for showing."),
      .init("title", .text(.line), required: true, "Its title."),
      .init("checkpoints", .list(.record(checkpoint)), "Its checkpoints."),
    ])

  private static let checkpoint = RecordShape(
    "a checkpoint", "A statement that must hold before the next phase.",
    [
      .init("id", .text(.identifier), required: true, "Its full identifier."),
      .init("title", .text(.line), "A short label."),
      .init("statement", .prose, required: true, "What must hold."),
    ])

  /// The fields of a guide's record by their keys; identifiers may bear their guide's name.
  private static func fields(_ shape: Shape?, _ keys: [String]) -> [RecordShape.Field] {
    guard case .list(.record(let record))? = shape else { return [] }
    return keys.compactMap { key in
      guard let field = record[key] else { return nil }
      return key == "id"
        ? .init("id", .text(.identifier), required: true, field.summary) : field
    }
  }

  private static let serviceLevel = RecordShape(
    "a service level", "A service level with what is asked for.",
    fields(
      Guide.shape["service-levels"]?.shape,
      [
        "id", "title", "group", "text", "measure", "window", "better", "answer", "unit", "choices",
        "parts",
      ]) + [
        .init("target", .any, "What is asked for."),
        .init("note", .prose, "What there is to know besides."),
      ])

  private static let requirement = RecordShape(
    "a requirement", "Something a bidder must show.",
    fields(Guide.shape["requirements"]?.shape, ["id", "title", "text", "minimum"]))

  private static let role = RecordShape(
    "a role", "A role that a team fills.",
    fields(Guide.shape["roles"]?.shape, ["id", "title", "text", "engineers", "duties"]))

  private static let skill: RecordShape = RecordShape(
    "a skill", "A skill, or an area with skills below it.",
    fields(Guide.shape["skills"]?.shape, ["id", "title", "text"]) + [
      .init("children", .list(.recursive { .record(skill) }), "The skills below it.")
    ])

  private static let rule: RecordShape = {
    guard case .list(.record(let record))? = Guide.shape["rules"]?.shape else {
      preconditionFailure("a guide has rules")
    }
    return RecordShape(
      "a rule", "A figure or an order that a bid must respect.",
      fields(.list(.record(record)), record.fields.map(\.key)))
  }()
}
