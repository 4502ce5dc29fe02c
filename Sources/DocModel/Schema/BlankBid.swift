extension BlankFile {
  /// Writes a bid file for a tender: every checkpoint, service level, hosting option, requirement and
  /// skill as a blank to fill in.
  ///
  /// `digest`: the digest of the tender's content, by which a later change of it is noticed.
  public static func bid(for tender: Tender, digest: String) -> String {
    var writer = BlankWriter()
    let shape = Bid.shape(for: tender)
    writer.preamble(shape)
    for field in shape.fields {
      switch field.key {
      case "bid-for":
        writer.line("")
        writer.comment(field.summary)
        writer.line("bid-for:")
        writer.line("  tender: \(YAMLText.exact(tender.reference))")
        writer.line("  file: \(Tender.fileName)")
        writer.line("  edition: \(YAMLText.exact(tender.edition))")
        writer.line("  digest: \(YAMLText.exact(digest))")
      case "bidder": writer.bidder(field)
      case "checkpoints": writer.checkpoints(field, tender)
      case "service-levels": writer.serviceLevels(field, tender)
      case "costs": writer.costs(field, tender)
      case "team": writer.team(field, tender)
      case "requirements": writer.requirements(field, tender)
      default:
        writer.heading(field.key)
        writer.field(field, 0)
      }
    }
    return writer.text
  }
}

/// What a bid file holds beyond the fields of any file.
extension BlankWriter {
  /// Writes the fields of a record in brackets that a check finds where something is needed.
  fileprivate mutating func bidder(_ field: RecordShape.Field) {
    heading(field.key)
    guard case .record(let record) = field.shape else { return }
    comment(field.summary)
    line("bidder:")
    for inner in record.fields {
      guard inner.isRequired else {
        self.field(inner, 2)
        continue
      }
      comment(inner.summary, 2)
      line("  \(inner.key): \(inner.key == "id" ? "bidder" : "\"[The bidder's name]\"")")
    }
  }

  fileprivate mutating func checkpoints(_ field: RecordShape.Field, _ tender: Tender) {
    heading(field.key)
    comment(field.summary)
    if case .record(let record) = field.shape,
      case .record(let response)? = record.fields.first?.shape
    {
      members(of: response, "Each response has:", 0)
      members(of: Bid.evidence, "Each piece of evidence may have:", 0)
    }
    line("checkpoints:")
    for phase in tender.phases {
      heading("Phase \(phase.number): \(phase.title)", "", 2, "━")
      for section in phase.sections {
        heading("\(section.number) \(section.title)", "", 2, "─")
        for checkpoint in tender.checkpoints[section.checkpoints] {
          line("")
          comment(checkpoint.statement, 2)
          line("  \(checkpoint.id):")
          for key in ["confirm", "approach", "example"] { line("    \(key):") }
          evidence(4)
          line("    #note:")
        }
      }
    }
  }

  fileprivate mutating func serviceLevels(_ field: RecordShape.Field, _ tender: Tender) {
    heading(field.key)
    comment(field.summary)
    comment(
      "Under 'upstream' stands what your own hosting provider promises, where it limits the offer.")
    line("service-levels:")
    var group = ""
    for item in tender.serviceLevels {
      let record = item.level.record
      let own = record["group"]?.asText ?? ""
      if own != group { heading(own, "", 2, "─") }
      group = own
      line("")
      comment("\(item.title): \(item.level.type.words)", 2)
      comment(record["text"]?.asText ?? "", 2)
      comment("Measured: \(record["measure"]?.asText ?? "")", 2)
      comment("Over: \(record["window"]?.asText ?? "")", 2)
      if let asked = item.asked { comment("Asked for: \(asked)", 2) }
      if let note = item.note { comment("Note: \(note)", 2) }
      if item.level.type.kind == .choice { choices(item.level.type.choices, 2) }
      line("  \(item.id):")
      line("    offer:")
      value(item.level.type, 6)
      line("    #upstream:")
      line("    #note:")
    }
  }

  fileprivate mutating func costs(_ field: RecordShape.Field, _ tender: Tender) {
    heading(field.key)
    comment(field.summary)
    comment(
      "The tender asks for \(tender.hostOptions) hosting options at least. An amount is a quantity at "
        + "a rate; 'rfpgen check' adds up.")
    guard case .record(let costs) = field.shape else { return }
    line("costs:")
    for inner in costs.fields where inner.key != "options" {
      if inner.key == "currency", let currency = tender.currency {
        comment(inner.summary, 2)
        line("  currency: \(YAMLText.exact(currency))")
      } else {
        self.field(inner, 2)
      }
    }
    guard let options = costs["options"], case .list(.record(let option)) = options.shape,
      case .list(.record(let costLine))? = option["lines"]?.shape
    else { return }
    comment(options.summary, 2)
    members(of: option, "Each option has:", 2)
    members(of: costLine, "Each line has:", 2)
    line("  options:")
    for number in 1...max(1, tender.hostOptions) {
      line("    - id: option-\(number)")
      line("      host: \"[Hosting provider \(number)]\"")
      for key in ["country", "note"] { line("      \(key):") }
      line("      lines:")
      for (index, inner) in costLine.fields.enumerated() {
        let example =
          inner.key == "kind" ? " monthly" : inner.example.map { " \(YAMLText.exact($0))" } ?? ""
        line("        \(index == 0 ? "#- " : "  #")\(inner.key):\(example)")
      }
      line("      #total:")
    }
  }

  fileprivate mutating func team(_ field: RecordShape.Field, _ tender: Tender) {
    heading(field.key)
    comment(field.summary)
    if !tender.roles.isEmpty { comment("The roles are:") }
    choices(tender.roles.map { Shape.Choice($0.id, $0.title) }, 0)
    guard case .record(let team) = field.shape else { return }
    line("team:")
    for inner in team.fields where inner.key != "people" { self.field(inner, 2) }
    guard case .list(.record(let person))? = team["people"]?.shape else { return }
    comment("How well somebody masters a skill; leave out what the person does not know:", 2)
    choices(Bid.skillLevels, 2)
    line("  people:")
    for (index, inner) in person.fields.enumerated() {
      comment(inner.summary, 4)
      let lead = index == 0 ? "    #- " : "      #"
      let text =
        inner.example ?? (inner.isRequired ? "\"[\(inner.summary.dropLast())]\"" : nil)
      line("\(lead)\(inner.key):\(text.map { " \($0)" } ?? "")")
      switch inner.key {
      case "roles": for role in tender.roles { line("        #- \(role.id)") }
      case "skills":
        for skill in tender.skills {
          comment("\((skill.area + [skill.title]).joined(separator: ": "))", 8)
          line("        #\(skill.id):")
        }
      default: break
      }
    }
  }

  fileprivate mutating func requirements(_ field: RecordShape.Field, _ tender: Tender) {
    heading(field.key)
    comment(field.summary)
    choices(Bid.confirmations, 0)
    line("requirements:")
    for requirement in tender.requirements {
      line("")
      comment("\(requirement.title). \(requirement.text ?? "")", 2)
      line("  \(requirement.id):")
      for key in ["met", "how"] { line("    \(key):") }
      evidence(4)
    }
  }
}

extension Tender.Level {
  /// What is asked for, in one line for a comment: the parts by their titles.
  fileprivate var asked: String? {
    guard let target else { return nil }
    return level.type.line(target.value)
  }
}

extension AnswerType {
  /// A value of this type in one line; `nil` where it holds nothing.
  func line(_ value: Value) -> String? {
    switch kind {
    case .parts:
      let record = value.asRecord
      let lines = parts.compactMap { part in
        record?[templateName(part.id)].flatMap { part.type.line($0) }.map { "\(part.title): \($0)" }
      }
      return lines.isEmpty ? nil : lines.joined(separator: "; ")
    case .list: return value.asList.map { "\($0.count)" }
    case .choice:
      return value.asText.map { word in choices.first { $0.id == word }?.title ?? word }
    default:
      switch value {
      case .bool(let isTrue): return isTrue ? "yes" : "no"
      case .int(let number): return "\(number)" + (unit.map { " \($0)" } ?? "")
      case .double(let number): return plain(number) + (unit.map { " \($0)" } ?? "")
      default: return value.asText
      }
    }
  }
}
