/// The shape of a guide file, said once.
extension Guide {
  /// What stands at the top of a guide file.
  public static let shape = RecordShape(
    "a guide", "A body of knowledge: phases, guiding questions, checkpoints and an RFP's material.",
    [
      .init(
        "guide", .text(.slug), required: true, "The guide's name, the prefix of its identifiers."),
      .init("edition", .text(.token), required: true, "Which edition of the guide this is."),
      .init("title", .text(.line), required: true, "The guide's title."),
      .init("extends", .record(extends), "The guide that this one is laid over."),
      .init(
        "drop", .list(.text(.identifier)),
        "What this guide leaves out of the one that it extends: phases, sections, `section.item`, or "
          + "`key.item` of another list."),
      .init("summary", .prose, "What the guide is for."),
      .init("language", .text(.language), "The language of its texts, as BCP 47 writes it."),
      .init("source", .record(source), "The document that its facts come from."),
      .init("system", .record(system), required: true, "The system that the guide is about."),
      .init("links", links, "Further reading for the whole guide."),
      .init("notes", .list(.record(note)), "What the source leaves open, and what was chosen."),
      .init(
        "hosting-options", .list(.record(titled("a hosting option"))),
        "The ways of hosting that a project chooses from."),
      .init("scale", .list(.record(scaleItem)), "The estimates of scale that a project states."),
      .init("sizing", .record(sizing), "Which configuration carries how many users."),
      .init("phases", .list(.record(phase)), required: true, "The phases in their order."),
      .init("responsibilities", .list(.record(responsibility)), "Who carries which work."),
      .init("components", .list(.record(component)), "The parts that the system is made of."),
      .init("trade-offs", .list(.record(titled("a trade-off"))), "What cost is weighed against."),
      .init("requirements", .list(.record(requirement)), "What a bidder must show."),
      .init("roles", .list(.record(role)), "The roles that a team fills."),
      .init("deliverables", .list(.record(titled("a deliverable"))), "What a bidder hands in."),
      .init(
        "skills", .list(.record(skill)), "The skills that running the system takes, as a tree."),
      .init("service-levels", .list(.record(serviceLevel)), "The service levels to choose from."),
      .init(
        "decision-aid", .record(decisionAid), "Signs in the answers that speak against a decision."),
      .init("rfp", .record(prose), "Passages of the RFP that speak of this system."),
      .init("rules", .list(.record(rule)), "Figures and orders that answers must respect."),
    ])

  static let extends = RecordShape(
    "the extended guide", "The guide that this one is laid over.",
    [
      .init("guide", .text(.slug), required: true, "Its name."),
      .init("edition", .text(.token), required: true, "Its edition, so that a change is noticed."),
    ])

  private static let links = Shape.list(.record(link))

  private static let link = RecordShape(
    "a link", "An address with its title.",
    [
      .init("title", .text(.line), required: true, "What stands there."),
      .init("url", .text(.link), required: true, "The address."),
    ])

  private static let source = RecordShape(
    "a source", "The document that a guide restates.",
    [
      .init("title", .text(.line), required: true, "Its title."),
      .init("publisher", .text(.token), required: true, "Who publishes it."),
      .init("url", .text(.link), "Where it is found."),
      .init("published", .text(.token), "When it was published."),
    ])

  private static let system = RecordShape(
    "a system", "The system that a guide is about.",
    [
      .init("name", .text(.token), required: true, "Its name."),
      .init("steward", .text(.token), "Who looks after its source code."),
      .init("url", .text(.link), "Its site."),
      .init("summary", .prose, "What it is."),
      .init("source-code", .text(.link), "Where its source code is."),
      .init("documentation", .text(.link), "Where its documentation for operators is."),
    ])

  private static let note = RecordShape(
    "a note", "Something that the source contradicts or leaves open.",
    [
      .init("id", .text(.slug), required: true, "The note's name."),
      .init("about", .list(.text(.token)), "What it is about: identifiers or words."),
      .init("source-says", .prose, required: true, "What the source says."),
      .init("chosen", .prose, required: true, "What this guide chose."),
      .init(
        "accepts", .list(.text(.slug)),
        "Rules of `guide lint` whose findings about these things are accepted."),
    ])

  private static func titled(_ name: String) -> RecordShape {
    RecordShape(
      name, "Something with a title and a text.",
      [
        .init("id", .text(.slug), required: true, "Its name."),
        .init("title", .text(.line), required: true, "Its title."),
        .init("text", .prose, "What it means."),
        ours,
      ])
  }

  /// The fields that declare what an answer must look like.
  private static let answerFields: [RecordShape.Field] = [
    .init("answer", .choice(AnswerType.kinds), required: true, "What kind of answer it takes."),
    .init("unit", .text(.token), "The unit of a number or a quantity."),
    .init("choices", .list(.record(choice)), "The words to choose from."),
    .init("parts", .list(.record(part)), "The parts of the answer, or of each item of a list."),
  ]

  private static let choice = RecordShape(
    "a choice", "One word that may be chosen.",
    [
      .init("id", .text(.slug), required: true, "The word."),
      .init("title", .text(.line), required: true, "What it means."),
      .init(
        "hours", .number(0...168, unit: "h"),
        "How many hours a week somebody is on duty, where the word names hours of support."),
    ])

  private static let part = RecordShape(
    "a part", "One part of an answer that has several.",
    [
      .init("id", .text(.slug), required: true, "The part's name."),
      .init("title", .text(.line), required: true, "What the part says."),
      .init(
        "answer", .choice(AnswerType.partKinds), required: true, "What kind of answer it takes."),
      .init("unit", .text(.token), "The unit of a number or a quantity."),
      .init("choices", .list(.record(choice)), "The words to choose from."),
      .init("optional", .yesNo, "Whether it may be left out."),
      .init(
        "better", .choice(ServiceLevel.directionChoices),
        "Which value is the better one, where it is not as the service level says."),
    ])

  private static let scaleItem = RecordShape(
    "an estimate", "One estimate of scale.",
    [
      .init("id", .text(.slug), required: true, "Its name."),
      .init("title", .text(.line), required: true, "Its title."),
      .init("ask", .prose, "What is asked for."),
      .init("help", .prose, "What a good estimate holds."),
    ] + answerFields + [sameAs])

  private static let sizing = RecordShape(
    "sizing", "Which configuration carries how many users.",
    [
      .init("summary", .prose, "How to read the table."),
      .init(
        "rows", .list(.record(sizingRow)), required: true, "The configurations, smallest first."),
      .init("model", .record(sizingModel), "A tool that estimates more exactly."),
    ])

  private static let sizingRow = RecordShape(
    "a configuration", "A configuration and the users it carries.",
    [
      .init("id", .text(.slug), required: true, "Its name."),
      .init("title", .text(.line), required: true, "Its title."),
      .init("above", .integer(0...Int.max), "It is meant for more users than this."),
      .init("up-to", .integer(1...Int.max), "The most users it carries; left out where unbounded."),
      .init("users", .text(.line), "The users it carries, in words."),
      .init("servers", .text(.line), "How many servers it has."),
      .init("text", .prose, "What it is."),
      .init("url", .text(.link), "Where it is documented."),
    ])

  private static let sizingModel = RecordShape(
    "a resource model", "A tool that estimates resources.",
    [
      .init("title", .text(.line), required: true, "Its name."),
      .init("text", .prose, "What it does."),
      .init("url", .text(.link), "Where it is found."),
      .init("links", links, "Further reading."),
      .init("inputs", .list(.prose), "What it needs to know."),
      .init("output", .prose, "What it gives."),
    ])

  private static let phase = RecordShape(
    "a phase", "One phase of the guide, closed by a gate.",
    [
      .init("id", .text(.slug), required: true, "Its name."),
      .init("number", .text(.token), required: true, "Its number, for showing."),
      .init("title", .text(.line), required: true, "Its title."),
      .init("optional", .yesNo, "Whether a project may leave it out."),
      ours,
      .init("summary", .prose, "What it is about."),
      .init("links", links, "Further reading."),
      .init("sections", .list(.record(section)), required: true, "Its sections in order."),
    ])

  static let sectionShape = Shape.record(section)

  private static let section = RecordShape(
    "a section", "One section of a phase.",
    [
      .init("id", .text(.slug), required: true, "Its name, the prefix of its items' identifiers."),
      .init("number", .text(.token), required: true, "Its number, for showing."),
      .init("title", .text(.line), required: true, "Its title."),
      .init("optional", .yesNo, "Whether a project may leave it out."),
      ours,
      .init("when", condition, "When it applies."),
      .init("summary", .prose, "What it is about."),
      .init("considerations", .list(.record(consideration)), "What to weigh."),
      .init("steps", .list(.record(steps)), "What to do, in groups."),
      .init("links", links, "Further reading."),
      .init("questions", .list(.record(question)), "Its guiding questions."),
      .init("checkpoints", .list(.record(checkpoint)), "Its checkpoints."),
    ])

  private static let consideration = RecordShape(
    "a consideration", "Something to weigh before deciding.",
    [
      .init("id", .text(.slug), required: true, "Its name."),
      .init("number", .text(.token), "Its number, for showing."),
      .init("title", .text(.line), required: true, "Its title."),
      .init("text", .prose, "What there is to weigh."),
      .init("options", .list(.record(titled("an option"))), "The options there are."),
      .init("links", links, "Further reading."),
    ])

  private static let steps = RecordShape(
    "a group of steps", "Steps that belong together.",
    [
      .init("title", .text(.line), required: true, "What they achieve."),
      .init("text", .prose, "What to know first."),
      .init("ordered", .yesNo, "Whether the steps are taken one after the other."),
      .init("items", .list(.prose), required: true, "The steps in order."),
    ])

  private static let question = RecordShape(
    "a guiding question", "Something that must be known.",
    [
      .init("id", .text(.slug), required: true, "Its name within the section."),
      .init("title", .text(.line), required: true, "A short label."),
      .init("ask", .prose, required: true, "The question."),
      .init("help", .prose, "What a good answer holds."),
    ] + answerFields + [
      .init("evidence", .choice(Question.evidenceChoices), "Whether evidence is needed."),
      .init("by", .choice(Question.answererChoices), "Who answers it."),
      .init("for", .choice(Question.needChoices), "For what it is needed first."),
      .init("when", condition, "When it applies."),
      ours, sameAs,
      .init("links", links, "Further reading."),
    ])

  /// Marks what the source does not have.
  private static let ours = RecordShape.Field(
    "ours", .yesNo, "Whether the source does not have it.")

  private static let sameAs = RecordShape.Field(
    "same-as", .text(.identifier),
    "What asks the same in another guide; where both guides are used, it is answered there once.",
    example: "other-guide:section.item")

  private static let checkpoint = RecordShape(
    "a checkpoint", "A statement that must hold before the next phase.",
    [
      .init("id", .text(.slug), required: true, "Its name within the section."),
      .init("title", .text(.line), "A short label."),
      .init("statement", .prose, required: true, "What must hold."),
      .init(
        "relies-on", .list(reliance),
        "What shows it: guiding questions, or 'own-evidence', which it needs where none is named."),
      .init("evidence", .prose, "What evidence of its own would show."),
      .init("when", condition, "When it applies."),
      ours,
      .init("links", links, "Further reading."),
    ])

  private static let reliance: Shape = .either(.text(.identifier), relianceGroup)

  private static let relianceGroup: RecordShape = RecordShape(
    "a group", "Guiding questions of which all or any must hold.",
    [
      .init("all-of", .list(.recursive { reliance }), "All of these must hold."),
      .init("any-of", .list(.recursive { reliance }), "One of these must hold."),
    ])

  private static let condition: Shape = .record(
    RecordShape(
      "a condition", "When something applies.",
      [
        .init(
          "equals", .table(keys: "a fact or a question", .text(.token)),
          "Each named fact has this value."),
        .init("all", .list(.recursive { condition }), "All of these hold."),
        .init("any", .list(.recursive { condition }), "One of these holds."),
        .init("not", .recursive { condition }, "This does not hold."),
      ]))

  private static let responsibility = RecordShape(
    "a responsibility", "Work that somebody carries.",
    [
      .init("id", .text(.slug), required: true, "Its name."),
      .init("number", .text(.token), "Its number, for showing."),
      .init("activity", .text(.line), required: true, "The work."),
      .init("carried-by", .choice(Question.answererChoices), required: true, "Who carries it."),
      .init("text", .prose, "What it covers."),
      ours,
    ])

  private static let component = RecordShape(
    "a component", "A part that the system is made of.",
    [
      .init("id", .text(.slug), required: true, "Its name."),
      .init("title", .text(.line), required: true, "Its title."),
      .init("text", .prose, "What it does."),
      .init("software", .list(.text(.token)), "The software that does it."),
    ])

  private static let requirement = RecordShape(
    "a requirement", "Something a bidder must show.",
    [
      .init("id", .text(.slug), required: true, "Its name."),
      .init("title", .text(.line), required: true, "Its title."),
      .init("text", .prose, "What is required."),
      .init("minimum", .integer(0...1000), "How many are required at least."),
      ours,
    ])

  private static let role = RecordShape(
    "a role", "A role that a team fills.",
    [
      .init("id", .text(.slug), required: true, "Its name."),
      .init("title", .text(.line), required: true, "Its title."),
      .init("text", .prose, "What the role is for."),
      .init(
        "engineers", .yesNo,
        "Whether those who fill it count for rules about `team.engineers`; where no role says so, "
          + "everybody counts."),
      .init("duties", .list(.text(.line)), "What it does."),
      ours,
    ])

  private static let skill: RecordShape = RecordShape(
    "a skill", "A skill, or an area with skills below it.",
    [
      .init("id", .text(.slug), required: true, "Its name."),
      .init("title", .text(.line), required: true, "Its title."),
      .init("text", .prose, "What it covers."),
      .init("children", .list(.recursive { .record(skill) }), "The skills below it."),
    ])

  static let serviceLevelShape = Shape.record(serviceLevel)

  private static let serviceLevel = RecordShape(
    "a service level", "A service level that an RFP may ask for.",
    [
      .init("id", .text(.slug), required: true, "Its name."),
      .init("title", .text(.line), required: true, "Its title."),
      .init("group", .text(.line), required: true, "The heading that it is listed under."),
      .init("text", .prose, "What it promises."),
      .init("measure", .prose, required: true, "How it is measured."),
      .init("window", .text(.line), required: true, "Over which time it is measured."),
      .init("better", .choice(ServiceLevel.directionChoices), "Which value is the better one."),
      .init("from", .list(.text(.token)), "The questions and responsibilities that it comes from."),
      .init("when", condition, "When it applies."),
      .init("typical", .text(.line), "A value that is often asked for."),
    ] + answerFields + [ours, sameAs])

  static let decisionAid = RecordShape(
    "a decision aid", "Signs in the answers that speak against a decision.",
    [
      .init("title", .text(.line), required: true, "What the signs speak against."),
      .init("text", .prose, "How to read them."),
      ours,
      .init("signs", .list(.record(sign)), required: true, "The signs."),
    ])

  private static let sign = RecordShape(
    "a sign", "Something in the answers that speaks against a decision.",
    [
      .init("id", .text(.slug), required: true, "Its name."),
      .init("sign", .text(.line), required: true, "What is the case where it holds."),
      .init("when", condition, required: true, "When it holds."),
      .init("advice", .text(.line), required: true, "What to do about it."),
      .init("severity", .choice(Rule.severities), "How much it weighs; warning when left out."),
    ])

  private static let prose = RecordShape(
    "the RFP's passages", "Passages of the RFP that speak of this system.",
    [
      .init("purpose", .prose, "What the RFP is for."),
      .init("background", .prose, "What the system is and where it stands."),
      .init("current-environment", .prose, "How the system is hosted today."),
      .init("proposed-environment", .prose, "What is sought."),
      .init("design-specifies", .list(.text(.line)), "What a design must specify."),
      .init("design-service-levels", .prose, "Which service levels a design defines."),
      .init("scope", .prose, "What the provider is expected to do."),
      .init("hosting-elements", .prose, "What a hosting provider must offer."),
      .init("scale", .prose, "What the estimates of scale are for."),
      .init("trade-offs", .prose, "How trade-offs are settled."),
      .init("requirements", .prose, "What bidders must show."),
      .init("period", .prose, "What the period of performance covers."),
      .init("deliverables", .prose, "What bidders hand in."),
      .init("submission", .prose, "How bidders hand it in."),
      .init("contacts", .prose, "Whom bidders ask."),
      .init("skills", .prose, "What the skills are for."),
      .init("reading", links, "What bidders should read first."),
    ])

  private static let rule = RecordShape(
    "a rule", "A figure or an order that answers must respect.",
    [
      .init("id", .text(.slug), required: true, "The rule's name."),
      .init("kind", .choice(Rule.kinds), required: true, "What is compared."),
      .init("applies-to", .choice(Rule.targets), required: true, "Whose file it applies to."),
      .init("severity", .choice(Rule.severities), required: true, "How much a breach weighs."),
      .init("message", .text(.line), required: true, "What is wrong, in one sentence."),
      .init("remedy", .text(.line), required: true, "What to do about it."),
      .init("subject", .text(.token), "Where the value stands."),
      .init("value", .number(-.infinity ... .infinity, unit: nil), "The least or the most."),
      .init("from", .number(-.infinity ... .infinity, unit: nil), "The least of a range."),
      .init("to", .number(-.infinity ... .infinity, unit: nil), "The most of a range."),
      .init("unit", .text(.token), "The unit that is compared in."),
      .init("lesser", .text(.token), "Where the value stands that must not be greater."),
      .init("greater", .text(.token), "Where the value stands that must not be less."),
      .init("availability", .text(.token), "Where the availability in percent stands."),
      .init("downtime", .text(.token), "Where the planned downtime per month stands."),
      .init("users", .text(.token), "Where the number of users stands."),
      .init("configuration", .text(.token), "Where the chosen configuration stands."),
      .init("version", .text(.token), "The least version."),
      .init("since", .text(.date), "The day from which on the least version counts."),
    ])
}
