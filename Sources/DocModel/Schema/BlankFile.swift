/// Files to start from: every field as a typed blank, with its meaning in a comment above it.
///
/// A blank file is valid as it is. A line that begins with `#` and no space is a part that may be
/// used: without the `#` it is valid too.
public enum BlankFile {
  /// Writes a project file for a guide.
  ///
  /// `title`: the programme's name; white space and control characters in it become
  ///   single spaces.
  public static func project(guide: Guide, title: String) -> String {
    var writer = BlankWriter()
    let shape = Project.shape(for: guide)
    writer.preamble(shape)
    for field in shape.fields {
      switch field.key {
      case "guide":
        let names = guide.members.map(\.id).joined(separator: ", ")
        writer.line("\nguide: \(guide.isComposed ? "[\(names)]" : names)")
      case "programme": writer.programme(field, title: title)
      case "scale": writer.scale(field, guide)
      case "taken": writer.taken(field, guide)
      case "answers": writer.answers(field, guide)
      case "service-levels": writer.serviceLevels(field, guide)
      case "checkpoints": writer.checkpoints(field, guide)
      case _ where Project.copyKeys.contains(field.key): break
      default:
        writer.heading(field.key)
        writer.field(field, 0)
      }
    }
    return writer.text
  }
}

/// What a project file holds beyond the fields of any file.
extension BlankWriter {
  /// How to fill in the file.
  mutating func preamble(_ shape: RecordShape) {
    comment(
      """
      \(shape.summary) Fill in what is known, behind the colons or on indented lines below them; \
      what is left blank counts as not known yet. Indent with spaces, not with tabs.
      """)
    comment(
      """
      A date is written 2026-12-31, a length of time '4 h' or '90 days', a number with its unit \
      '99.5 %'. A text of several lines begins with '|' behind the colon. A text that holds a \
      colon before a space or a '#' behind one, or begins with another sign than a letter or a \
      digit, stands in quotes.
      """)
    comment(
      "Lines that begin with '#' and a space explain. Lines that begin with '#' and no space are "
        + "parts to use where they are needed: take the '#' away.")
  }

  fileprivate mutating func programme(_ field: RecordShape.Field, title: String) {
    heading(field.key)
    guard case .record(let record) = field.shape else { return }
    comment(field.summary)
    line("programme:")
    for inner in record.fields {
      guard inner.key == "title" else {
        self.field(inner, 2)
        continue
      }
      comment(inner.summary, 2)
      line("  title: \(YAMLText.quoted(title))")
    }
  }

  fileprivate mutating func scale(_ field: RecordShape.Field, _ guide: Guide) {
    heading(field.key)
    comment(field.summary)
    line("scale:")
    for (index, estimate) in guide.scale.enumerated() {
      let record = guide.record["scale"]?.item(index)
      comment("\(estimate.title): \(estimate.type.words)", 2)
      comment(record?["ask"]?.asText ?? "", 2)
      comment(record?["help"]?.asText ?? "", 2)
      choices(estimate.type.choices, 2)
      line("  \(estimate.id):")
      value(estimate.type, 4)
    }
  }

  fileprivate mutating func taken(_ field: RecordShape.Field, _ guide: Guide) {
    heading(field.key)
    comment(field.summary)
    line("taken:")
    for phase in guide.phases {
      if phase.isOptional {
        comment("Phase \(phase.number): \(phase.title)", 2)
        line("  #- \(phase.id)")
      }
      for section in guide.sections[phase.sections] where section.isOptional {
        comment("Section \(section.number): \(section.title)", 2)
        line("  #- \(section.id)")
      }
    }
  }

  fileprivate mutating func answers(_ field: RecordShape.Field, _ guide: Guide) {
    heading(field.key)
    comment(field.summary)
    if let question = guide.questions.first, case .record(let answers) = field.shape,
      case .record(let answer)? = answers[question.id]?.shape
    {
      members(of: answer, "Each answer may have:", 0)
      members(of: Project.evidence, "Each piece of evidence may have:", 0)
    }
    line("answers:")
    for (index, section) in guide.sections.enumerated() {
      heading(section, index, guide)
      for question in guide.questions[section.questions] { self.question(question) }
      for id in section.shared {
        guard case .question(let index)? = guide.place(of: id) else { continue }
        line("")
        comment("\(guide.questions[index].title): asked here as well; answered under '\(id)'.", 2)
      }
    }
  }

  private mutating func heading(_ section: Section, _ index: Int, _ guide: Guide) {
    let phase = guide.phases[section.phase]
    if phase.sections.lowerBound == index {
      heading("Phase \(phase.number): \(phase.title)", optional(phase.isOptional, nil), 2, "━")
    }
    heading(
      "\(section.number) \(section.title)", optional(section.isOptional, section.condition), 2, "─")
  }

  private func optional(_ isOptional: Bool, _ condition: Condition?) -> String {
    [isOptional ? "This part is optional." : nil, condition.map { "Applies where \($0)." }]
      .compactMap { $0 }.joined(separator: " ")
  }

  private mutating func question(_ question: Question) {
    let evidence =
      switch question.evidence {
      case .required: "evidence required"
      case .optional: "evidence optional"
      case .none: "no evidence needed"
      }
    line("")
    comment(
      "\(question.title): \(question.type.words); \(evidence); answered by the "
        + "\(question.by.rawValue); needed for \(question.need == .rfp ? "the RFP" : "the gate")",
      2)
    comment(question.record["ask"]?.asText ?? "", 2)
    comment(question.record["help"]?.asText ?? "", 2)
    if let condition = question.condition { comment("Applies where \(condition).", 2) }
    if question.type.kind == .choice { choices(question.type.choices, 2) }
    line("  \(question.id):")
    line("    answer:")
    value(question.type, 6)
    supports(4, hasEvidence: question.evidence != .none)
  }

  /// The blank below a key whose value has several parts.
  mutating func value(_ type: AnswerType, _ indent: Int) {
    switch type.kind {
    case .list where type.parts.isEmpty: line("\(spaces(indent))#-")
    case .list:
      for part in type.parts { self.part(part, indent, after: "  ") }
      for (index, part) in type.parts.enumerated() {
        line("\(spaces(indent))\(index == 0 ? "#- " : "  #")\(part.id):")
      }
    case .person:
      for field in AnswerType.person.fields {
        comment(field.summary, indent)
        line("\(spaces(indent))\(field.key):")
      }
    case .parts:
      for part in type.parts {
        self.part(part, indent, after: "")
        line("\(spaces(indent))\(part.id):")
        value(part.type, indent + 2)
      }
    default: break
    }
  }

  private mutating func part(_ part: AnswerType.Part, _ indent: Int, after lead: String) {
    let name = lead.isEmpty ? "\(part.title):" : "\(lead)\(part.id): \(part.title),"
    comment("\(name) \(part.type.words)\(part.isOptional ? "; may be left out" : "")", indent)
    choices(part.type.choices, indent)
  }

  /// What stands beside an answer or a claim.
  private mutating func supports(_ indent: Int, hasEvidence: Bool) {
    let margin = spaces(indent)
    if hasEvidence { evidence(indent) }
    for key in ["by", "on", "note"] { line("\(margin)#\(key):") }
  }

  /// The blank of evidence.
  mutating func evidence(_ indent: Int) {
    let margin = spaces(indent)
    line("\(margin)#evidence:")
    let fields = Project.evidence.fields.filter { $0.example != nil || $0.key == "title" }
    for (index, field) in fields.enumerated() where field.key != "review-every" {
      let lead = index == 0 ? "  #- " : "    #"
      line("\(margin)\(lead)\(field.key):\(field.example.map { " \($0)" } ?? "")")
    }
  }

  fileprivate mutating func serviceLevels(_ field: RecordShape.Field, _ guide: Guide) {
    heading(field.key)
    comment(field.summary)
    line("service-levels:")
    var group = ""
    for level in guide.serviceLevels {
      let own = level.record["group"]?.asText ?? ""
      if own != group { heading(own, "", 2, "─") }
      group = own
      line("")
      comment("\(level.title): \(level.type.words)", 2)
      comment(level.record["text"]?.asText ?? "", 2)
      comment("Measured: \(level.record["measure"]?.asText ?? "")", 2)
      comment("Over: \(level.record["window"]?.asText ?? "")", 2)
      if let typical = level.record["typical"]?.asText { comment("Often asked for: \(typical)", 2) }
      if let condition = level.condition { comment("Applies where \(condition).", 2) }
      if level.type.kind == .choice { choices(level.type.choices, 2) }
      line("  \(level.id):")
      line("    target:")
      value(level.type, 6)
      line("    #note:")
    }
  }

  fileprivate mutating func checkpoints(_ field: RecordShape.Field, _ guide: Guide) {
    heading(field.key)
    comment(field.summary)
    comment("Write 'claimed: yes' for a checkpoint once what it relies on shows that it holds.")
    line("checkpoints:")
    for (index, section) in guide.sections.enumerated() {
      heading(section, index, guide)
      for checkpoint in guide.checkpoints[section.checkpoints] {
        line("")
        comment(checkpoint.record["statement"]?.asText ?? "", 2)
        comment("Relies on \(checkpoint.reliesOn).", 2)
        if let evidence = checkpoint.record["evidence"]?.asText {
          comment("Evidence of its own: \(evidence)", 2)
        }
        if let condition = checkpoint.condition { comment("Applies where \(condition).", 2) }
        line("  \(checkpoint.id):")
        line("    claimed:")
        supports(4, hasEvidence: true)
      }
    }
  }
}

extension AnswerType {
  /// What an answer must look like, in a few words.
  var words: String {
    switch kind {
    case .number, .quantity, .duration: kind.title + (unit.map { " (\($0))" } ?? "")
    case .list where !parts.isEmpty:
      "a list of items with \(parts.map(\.title).joined(separator: ", "))"
    default: kind.title
    }
  }

  /// The same with a line for each word that may be chosen, where nothing else lists them.
  var form: String {
    ([words] + choices.map { "'\($0.id)': \($0.title)" }).joined(separator: "\n")
  }
}

extension Condition: CustomStringConvertible {
  /// The condition in words, such as `hosting is 'on-premise'`.
  public var description: String {
    switch self {
    case .equals(let name, let value): "\(name) is '\(value)'"
    case .not(.equals(let name, let value)): "\(name) is not '\(value)'"
    case .not(let part): "not (\(part))"
    case .all(let parts): parts.map(\.grouped).joined(separator: " and ")
    case .any(let parts): parts.map(\.grouped).joined(separator: " or ")
    }
  }

  private var grouped: String {
    switch self {
    case .all(let parts), .any(let parts): parts.count > 1 ? "(\(self))" : "\(self)"
    default: "\(self)"
    }
  }
}

extension Reliance: CustomStringConvertible {
  /// What it names, in words, such as `sizing.scale or evidence of its own`.
  public var description: String {
    switch self {
    case .question(let id): id
    case .ownEvidence: "evidence of its own"
    case .all(let parts): parts.map(\.grouped).joined(separator: " and ")
    case .any(let parts): parts.map(\.grouped).joined(separator: " or ")
    }
  }

  private var grouped: String {
    switch self {
    case .all(let parts), .any(let parts): parts.count > 1 ? "(\(self))" : "\(self)"
    default: "\(self)"
    }
  }
}
