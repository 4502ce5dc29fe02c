extension Bid {
  /// What can be filled in with a spreadsheet, with what this bid says already.
  ///
  /// - Throws: never for a bid that was read; the type is that of reading its file again.
  public func matrices() throws(InvalidInput) -> [Matrix] {
    let cells = MatrixCells(top: try Node(source))
    return [
      Self.checkpoints(tender, cells), Self.serviceLevels(tender, cells),
      Self.requirements(tender, cells), Self.options(cells), Self.lines(cells),
      Self.people(tender, cells), Self.references(cells), Self.contacts(cells),
      Self.facts(tender, cells),
    ]
  }

  private static let responseFields = fields(of: response)
  private static let proofFields = fields(of: proof)

  private static func fields(of shape: Shape) -> [RecordShape.Field] {
    if case .record(let record) = shape { record.fields } else { [] }
  }

  private static func checkpoints(_ tender: Tender, _ cells: MatrixCells) -> Matrix {
    let sections = tender.phases.flatMap(\.sections).flatMap { section in
      section.checkpoints.map { _ in "\(section.number) \(section.title)" }
    }
    return Matrix(
      name: "checkpoints", title: "Checkpoints",
      columns: [identifier("checkpoint"), asked("section"), asked("statement")]
        + responseFields.map { .init($0) },
      rows: zip(tender.checkpoints, sections).map { checkpoint, section in
        .init(
          checkpoint.id,
          [.init(section), .init(checkpoint.statement)]
            + cells.cells(responseFields, at: [.key("checkpoints"), .key(checkpoint.id)]))
      })
  }

  private static func serviceLevels(_ tender: Tender, _ cells: MatrixCells) -> Matrix {
    let tenderCells = MatrixCells(top: try? Node(tender.source))
    let rows = tender.serviceLevels.flatMap { item -> [Matrix.Row] in
      let place: [Matrix.Step] = [.key("service-levels"), .key(item.id)]
      let asked = tenderCells.rows(
        item.id, item.level.type, at: [[.key("service-levels"), .named(item.id), .key("target")]]
      ) { _, _, values in values }
      return cells.rows(
        item.id, item.level.type, at: ["offer", "upstream"].map { place + [.key($0)] }
      ) { leaf, isFirst, values in
        let title = leaf.title.isEmpty ? item.title : "\(item.title): \(leaf.title)"
        let suffix = leaf.names.joined(separator: ".")
        let id = suffix.isEmpty ? item.id : "\(item.id)#\(suffix)"
        let target = asked.first { $0.id == id }?.cells.first?.text ?? ""
        let note = isFirst ? cells.cell(.prose, at: place + [.key("note")]) : .none
        return [.init(title), .init(leaf.type.form), .init(target)] + values + [note]
      }
    }
    return Matrix(
      name: "service-levels", title: "Service levels",
      columns: [
        identifier("service-level"), asked("title"), asked("form"), asked("asked"),
        .init("offer", .prose, width: 30, "What is offered."),
        .init(
          "upstream", .prose, width: 30, "What the bidder's own hosting provider promises."),
        .init("note", .prose, "What there is to know besides."),
      ], rows: rows)
  }

  private static func requirements(_ tender: Tender, _ cells: MatrixCells) -> Matrix {
    Matrix(
      name: "requirements", title: "Requirements",
      columns: [identifier("requirement"), asked("title")] + proofFields.map { .init($0) },
      rows: tender.requirements.map { requirement in
        .init(
          requirement.id,
          [.init(requirement.title)]
            + cells.cells(proofFields, at: [.key("requirements"), .key(requirement.id)]))
      })
  }

  /// The items of a list as rows that are known by their `id`; others may be added.
  private static func list(
    _ name: String, _ title: String, _ key: String, _ record: RecordShape,
    at place: [Matrix.Step], further: [Matrix.Column] = [], _ cells: MatrixCells,
    furtherCells: @escaping @Sendable (_ id: String) -> [Matrix.Cell] = { _ in [] }
  ) -> Matrix {
    let fields = record.fields.filter { $0.key != "id" && $0.shape.isCell }
    let row: @Sendable (String) -> [Matrix.Cell] = { id in
      cells.cells(fields, at: place + [.named(id)]) + furtherCells(id)
    }
    let furtherRow: @Sendable (String) -> [Matrix.Cell]? = { id in
      Shape.text(.slug).accepts(id) ? row(id) : nil
    }
    let ids = cells.top?.value(at: place)?.items.compactMap { $0["id"]?.text } ?? []
    return Matrix(
      name: name, title: title,
      columns: [.init(key, .text(.slug), isLocked: true)] + fields.map { .init($0) } + further,
      rows: ids.map { .init($0, row($0)) }, furtherRow: furtherRow)
  }

  private static func options(_ cells: MatrixCells) -> Matrix {
    list(
      "host-options", "Hosting options", "host-option", option,
      at: [.key("costs"), .key("options")], cells)
  }

  /// The lines of all hosting options: `option.line`.
  private static func lines(_ cells: MatrixCells) -> Matrix {
    let fields = line.fields.filter { $0.key != "id" }
    let options: [Matrix.Step] = [.key("costs"), .key("options")]
    let row: @Sendable (String) -> [Matrix.Cell]? = { id in
      let halves = id.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      guard halves.count == 2, halves.allSatisfy(Shape.text(.slug).accepts) else { return nil }
      return cells.cells(
        fields, at: options + [.named(halves[0]), .key("lines"), .named(halves[1])])
    }
    let ids = (cells.top?.value(at: options)?.items ?? []).flatMap { option -> [String] in
      guard let name = option["id"]?.text else { return [] }
      return (option["lines"]?.items ?? []).compactMap { $0["id"]?.text.map { "\(name).\($0)" } }
    }
    return Matrix(
      name: "cost-lines", title: "Cost lines",
      columns: [.init("cost-line", .text(.identifier), isLocked: true)] + fields.map { .init($0) },
      rows: ids.compactMap { id in row(id).map { .init(id, $0) } }, furtherRow: row,
      parent: "host-options")
  }

  private static func people(_ tender: Tender, _ cells: MatrixCells) -> Matrix {
    let place: [Matrix.Step] = [.key("team"), .key("people")]
    let level = Shape.choice(skillLevels)
    let skills = tender.skills
    return list(
      "people", "People", "person", person(tender), at: place,
      further: skills.map { .init($0.id, level, width: 12, $0.title) }, cells
    ) { id in
      skills.map { cells.cell(level, at: place + [.named(id), .key("skills"), .key($0.id)]) }
    }
  }

  private static func references(_ cells: MatrixCells) -> Matrix {
    let place: [Matrix.Step] = [.key("references")]
    let fields = Project.contact.fields
    return list(
      "references", "References", "reference", reference, at: place,
      further: fields.map { .init($0, key: "contact-\($0.key)") }, cells
    ) { id in cells.cells(fields, at: place + [.named(id), .key("contact")]) }
  }

  /// Whom the programme may ask, counted, with an empty row or more for others.
  private static func contacts(_ cells: MatrixCells) -> Matrix {
    let fields = Project.contact.fields
    let prefix = "contact-"
    let row: @Sendable (String) -> [Matrix.Cell]? = { id in
      guard id.hasPrefix(prefix), let number = Int(id.dropFirst(prefix.count)),
        (1...999).contains(number)
      else { return nil }
      return cells.cells(fields, at: [.key("contacts"), .item(number - 1)])
    }
    let count = cells.top?["contacts"]?.items.count ?? 0
    return Matrix(
      name: "contacts", title: "Contacts",
      columns: [identifier("contact")] + fields.map { .init($0) },
      rows: (1...max(count + 1, 3)).compactMap { number in
        row("\(prefix)\(number)").map { .init("\(prefix)\(number)", $0) }
      }, furtherRow: row)
  }

  /// What a bid says of itself and of its costs and its team as a whole.
  private static func facts(_ tender: Tender, _ cells: MatrixCells) -> Matrix {
    guard case .record(let team)? = shape(for: tender)["team"]?.shape else {
      preconditionFailure("a team is a record")
    }
    let groups: [(key: String?, record: RecordShape)] = [
      (nil, shape(for: tender)), ("bidder", bidder), ("costs", costs), ("team", team),
    ]
    let rows = groups.flatMap { key, record in
      record.fields.filter(\.shape.isCell).map { field in
        let place = (key.map { [Matrix.Step.key($0)] } ?? []) + [.key(field.key)]
        return Matrix.Row(
          key.map { "\($0).\(field.key)" } ?? field.key,
          [.init(field.summary), cells.cell(field.shape, at: place, isOwn: true)])
      }
    }
    return Matrix(
      name: "facts", title: "Facts",
      columns: [identifier("fact"), asked("meaning"), .init("value", .prose, "What holds.")],
      rows: rows)
  }

  private static func identifier(_ key: String) -> Matrix.Column {
    .init(key, .text(.identifier), isLocked: true)
  }

  private static func asked(_ key: String) -> Matrix.Column {
    .init(key, .prose, isLocked: true, width: ["form", "asked", "section"].contains(key) ? 24 : 48)
  }
}

extension Shape {
  /// Whether a cell can say it.
  fileprivate var isCell: Bool {
    switch self {
    case .list(.record(let record)): record.isEvidence
    case .list(let item), .oneOrMore(let item): item.isScalar
    default: isScalar
    }
  }
}
