/// How a tender is made from a project.
extension Tender {
  /// Makes the tender of a project: what its RFP publishes, for a bidder's tool.
  ///
  /// What is waived, excluded or not taken up is left out.
  /// - Throws: `InvalidInput` where a value of the project passes a limit of files.
  public convenience init(of assessment: Assessment) throws(InvalidInput) {
    let text = YAMLWriter.text(of: Self.record(of: assessment), as: Self.shape)
    try self.init(Source(name: Self.fileName, text: text))
  }

  private static func record(of assessment: Assessment) -> Record {
    let project = assessment.project
    let programme = project.record["programme"]?.asRecord
    let rfp = project.record["rfp"]?.asRecord
    let guide = project.guide
    func said(_ key: String) -> Value { rfp?[templateName(key)] ?? .none }
    func list(_ key: String) -> Value { guide.record[templateName(key)] ?? .none }
    let values = shape.fields.map { field -> Value in
      switch field.key {
      case "tender": said("reference").isPresent ? said("reference") : programme.title
      case "edition": said("edition").isPresent ? said("edition") : .text("1")
      case "digest": .none
      case "title": programme.title
      case "client", "country", "currency": programme?[field.key] ?? .none
      case "language": .text(project.language)
      case "guides":
        .list(
          guide.members.map { member in
            .record([
              "id": .text(member.id), "edition": .text(member.edition),
              "title": .text(member.title),
            ])
          })
      case "phases": .list(assessment.tenderPhases)
      case "service-levels": .list(assessment.tenderLevels)
      case "requirements", "roles", "skills": fitted(list(field.key), to: field.shape)
      case "rules": .list(guide.tenderRules.map { fitted(.record($0), to: ruleShape(field)) })
      default: fitted(said(field.key), to: field.shape)
      }
    }
    return Record(shape.keys, values)
  }

  private static func ruleShape(_ field: RecordShape.Field) -> Shape { field.shape.element ?? .any }

  /// A value with those fields only that a shape has.
  fileprivate static func fitted(_ value: Value, to shape: Shape) -> Value {
    switch (value, shape) {
    case (.list(let items), .list(let item)): .list(items.map { fitted($0, to: item) })
    case (_, .recursive(let shape)): fitted(value, to: shape())
    case (.record(let record), .record(let shape)):
      .record(
        Record(
          shape.keys,
          shape.fields.map { field in
            fitted(record[templateName(field.key)] ?? .none, to: field.shape)
          }))
    default: value
    }
  }
}

extension Record? {
  /// The programme's name; a draft may lack it.
  fileprivate var title: Value {
    if let title = self?["title"], title.isPresent { title } else { .text("—") }
  }
}

extension Guide {
  /// The rules for bids, as far as a bid states what they look at.
  fileprivate var tenderRules: [Record] {
    let records = record["rules"]?.asList?.compactMap(\.asRecord) ?? []
    return rules.filter { rule in
      rule.targets.contains(.bid)
        && rule.paths.allSatisfy { path in
          switch path.place {
          case .serviceLevel?, .bid?: true
          default: false
          }
        }
    }.compactMap { rule in records.first { $0["id"]?.asText == rule.id } }
  }
}

extension Assessment {
  /// The phases with the checkpoints that apply; parts without any are left out.
  fileprivate var tenderPhases: [Value] {
    guide.phases.compactMap { phase in
      let sections = guide.sections[phase.sections].compactMap { section -> Value? in
        let own = section.checkpoints.filter { checkpoints[$0].applicability.isApplicable }
        if own.isEmpty { return nil }
        return .record([
          "id": .text(section.id), "number": .text(section.number), "title": .text(section.title),
          "checkpoints": .list(
            own.map { index in
              let checkpoint = guide.checkpoints[index]
              return .record([
                "id": .text(checkpoint.id), "title": checkpoint.record["title"] ?? .none,
                "statement": checkpoint.record["statement"] ?? .none,
              ])
            }),
        ])
      }
      if sections.isEmpty { return nil }
      return .record([
        "id": .text(phase.id), "number": .text(phase.number), "title": .text(phase.title),
        "sections": .list(sections),
      ])
    }
  }

  fileprivate var tenderLevels: [Value] {
    guard let shape = Tender.shape["service-levels"]?.shape.element,
      case .record(let fields) = shape
    else { return [] }
    return zip(guide.serviceLevels, serviceLevels).filter { $1.isApplicable }.map { level, _ in
      let target = project.targets[level.id]
      let record = level.record
      return .record(
        Record(
          fields.keys,
          fields.fields.map { field in
            switch field.key {
            case "target": target?.isAnswered ?? false ? target?.value.withKeys ?? .none : .none
            case "note": .markdown(target?.note)
            default: Tender.fitted(record[templateName(field.key)] ?? .none, to: field.shape)
            }
          }))
    }
  }
}

extension Value {
  /// A record of a file under the keys that the file has: `-` for `_`; what is blank is left out.
  fileprivate var withKeys: Value {
    switch self {
    case .list(let items): return .list(items.map(\.withKeys))
    case .record(let record):
      let given = zip(record.keys.names, record.values).filter { $1.isPresent }
      return .record(
        Record(
          Keys(given.map { $0.0.replacing("_", with: "-") }), given.map { $0.1.withKeys }))
    default: return self
    }
  }
}
