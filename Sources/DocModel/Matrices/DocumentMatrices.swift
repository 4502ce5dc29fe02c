internal import FoundationEssentials

/// What documents say as spreadsheets.
///
/// The sheets are those that are filled in, with columns that follow from the others: they are only to be
/// read, and an import passes them over.
extension BidAssessment {
  /// All that a bid says, with what follows from it.
  ///
  /// - Throws: as `Bid.matrices()` does.
  public func matrices() throws(InvalidInput) -> [Matrix] {
    let all = try bid.matrices().map { matrix in
      switch matrix.name {
      case "service-levels": matrix.adding(offerColumns)
      case "host-options": matrix.adding(optionColumns)
      case "cost-lines": matrix.adding(lineColumns)
      default: matrix
      }
    }
    return all + [skills]
  }

  private var offerColumns: [DerivedColumn] {
    var items: [String: OfferComparison.Item] = [:]
    var downtimes: [String: Decimal] = [:]
    for (level, comparison) in zip(bid.tender.serviceLevels, offers) {
      let parts = level.level.type.kind == .parts ? level.level.type.parts.map(\.id) : []
      for (index, item) in comparison.items.enumerated() {
        items[parts.isEmpty ? level.id : "\(level.id)#\(parts[index])"] = item
      }
      if level.level.isAvailability, let percent = bid.offers[level.id]?.offer?.percent {
        downtimes[level.id] = Availability.downtime(percent: percent, over: Availability.month)
      }
    }
    return [
      DerivedColumn("difference", .text(.line)) { id in
        guard let item = items[id], let difference = item.difference, difference != 0 else {
          return ""
        }
        return item.size.map { (difference > 0 ? "+" : "−") + $0 } ?? ""
      },
      DerivedColumn("verdict", .text(.line)) { items[$0]?.verdict.rawValue ?? "" },
      DerivedColumn("downtime-minutes-in-30-days", .number(0 ... .infinity, unit: nil)) { id in
        downtimes[id].map(Availability.shown) ?? ""
      },
    ]
  }

  private var optionColumns: [DerivedColumn] {
    let options = Dictionary(bid.costs.options.map { ($0.id, $0) }) { first, _ in first }
    let months = months
    func column(
      _ key: String, _ amount: @escaping @Sendable (HostOption) -> Decimal
    ) -> DerivedColumn {
      DerivedColumn(key, .number(0 ... .infinity, unit: nil)) { id in
        guard let option = options[id], option.isPriced else { return "" }
        return amount(option).rounded(to: 2)
      }
    }
    return [
      column("once-with-taxes") { $0.sum(.oneOff, withTaxes: true) },
      column("monthly-with-taxes") { $0.sum(.monthly, withTaxes: true) },
    ]
      + (1...CostViews.years(months)).map { year in
        column("year-\(year)-with-taxes") { $0.cost(ofYear: year, months: months) }
      } + [column("\(months)-months-with-taxes") { $0.total(months: months) }]
  }

  private var lineColumns: [DerivedColumn] {
    var lines: [String: CostLine] = [:]
    for option in bid.costs.options {
      for line in option.lines { lines["\(option.id).\(line.id)"] = line }
    }
    let amount = Shape.number(0 ... .infinity, unit: nil)
    let own = lines
    return [
      DerivedColumn("quantity-times-rate", amount) { own[$0]?.amount?.rounded(to: 2) ?? "" },
      DerivedColumn("taxes", amount) { own[$0]?.taxes?.rounded(to: 2) ?? "" },
    ]
  }

  /// Who holds which skill: a row for each skill, a column for each person.
  private var skills: Matrix {
    let people = bid.team.people
    func column(_ key: String, width: Int) -> Matrix.Column {
      .init(key, .text(.line), isLocked: true, width: width)
    }
    return Matrix(
      name: "skills", title: "Skills",
      columns: [column("skill", width: 36), column("title", width: 48)]
        // No name of a person has a colon.
        + people.map { column("person: \($0.id)", width: 16) }
        + [.init("people", .integer(0...Int.max), isLocked: true, width: 10)],
      rows: zip(bid.tender.skills, holders).map { skill, holders in
        .init(
          skill.id,
          [.init((skill.area + [skill.title]).joined(separator: ": "))]
            + people.map { .init($0.skills[skill.id]?.rawValue ?? "") }
            + [.init("\(holders.count)")])
      })
  }
}

extension Tender {
  /// All that a bid states, with nothing filled in.
  ///
  /// - Throws: `InvalidInput` where a bid for this tender would pass a limit of files.
  public func matrices() throws(InvalidInput) -> [Matrix] {
    let text = BlankFile.bid(for: self, digest: digest ?? "")
    return try Bid(Source(name: Bid.fileName, text: text), for: self).matrices()
  }
}

extension Assessment {
  /// What is asked of a project and applies to it, and what is filled in besides.
  ///
  /// - Throws: as `Project.matrices()` does.
  public func matrices() throws(InvalidInput) -> [Matrix] {
    try project.matrices().map { matrix in
      let filled = Set(
        matrix.rows.filter { row in
          row.cells.contains { !$0.place.isEmpty && !$0.text.isEmpty }
        }.map { $0.id.prefix { $0 != "#" } })
      return Matrix(
        name: matrix.name, title: matrix.title, columns: matrix.columns,
        rows: matrix.rows.filter { row in
          let id = row.id.prefix { $0 != "#" }
          return filled.contains(id) || isAsked(String(id), in: matrix.name)
        }, furtherRow: matrix.furtherRow)
    }
  }

  /// Whether something of a matrix applies.
  private func isAsked(_ id: String, in matrix: String) -> Bool {
    if matrix == "service-levels" {
      return project.guide.serviceLevel(of: id).map { serviceLevels[$0].isApplicable } ?? true
    }
    return switch project.guide.place(of: id) {
    case .question(let index)?: questions[index].applicability.isApplicable
    case .checkpoint(let index)?: checkpoints[index].applicability.isApplicable
    default: true
    }
  }
}

/// A column that follows from the others.
private struct DerivedColumn {
  let column: Matrix.Column
  let text: (_ id: String) -> String

  init(_ key: String, _ shape: Shape, _ text: @escaping (_ id: String) -> String) {
    column = Matrix.Column(key, shape, isLocked: true, width: 18)
    self.text = text
  }
}

extension Matrix {
  /// The matrix with columns behind its own.
  fileprivate func adding(_ derived: [DerivedColumn]) -> Matrix {
    let blanks = derived.map { _ in Cell("") }
    var longer: (@Sendable (String) -> [Cell]?)?
    if let furtherRow { longer = { id in furtherRow(id).map { $0 + blanks } } }
    return Matrix(
      name: name, title: title, columns: columns + derived.map(\.column),
      rows: rows.map { row in Row(row.id, row.cells + derived.map { Cell($0.text(row.id)) }) },
      furtherRow: longer, parent: parent)
  }
}
