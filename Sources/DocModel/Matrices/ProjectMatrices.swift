extension Project {
  /// What can be filled in with a spreadsheet: the answers, the estimates of scale, the service levels and
  /// the claims of checkpoints.
  ///
  /// - Throws: never for a project that was read; the type is that of reading its file again.
  public func matrices() throws(InvalidInput) -> [Matrix] {
    let cells = MatrixCells(top: try Node(source))
    return [answers(cells), estimates(cells), serviceLevels(cells), checkpoints(cells)]
  }

  /// The columns that only say what is asked.
  private static func asked(_ id: String, _ keys: String...) -> [Matrix.Column] {
    [.init(id, .text(.identifier), isLocked: true)]
      + keys.map { .init($0, .prose, isLocked: true, width: $0 == "form" ? 24 : 48) }
  }

  /// The fields that may stand beside an answer.
  private static let supports = answerFields.map { Matrix.Column($0) }

  private func answers(_ cells: MatrixCells) -> Matrix {
    let rows = guide.questions.flatMap { question -> [Matrix.Row] in
      let place: [Matrix.Step] = [
        .key("answers"), cells.key(of: question.id, below: "answers", guide.local),
      ]
      let ask = question.record["ask"]?.asText ?? question.title
      return cells.rows(question.id, question.type, at: [place + [.key("answer")]]) {
        leaf, isFirst, values in
        let supports =
          isFirst
          ? cells.cells(Self.answerFields, at: place) : Self.answerFields.map { _ in .none }
        let title = leaf.title.isEmpty ? ask : isFirst ? "\(ask)\n\(leaf.title)" : leaf.title
        return [Matrix.Cell(title), Matrix.Cell(leaf.type.form)] + values + supports
      }
    }
    return Matrix(
      name: "answers", title: "Answers",
      columns: Self.asked("question", "ask", "form") + [.init("answer", .prose, "The answer.")]
        + Self.supports, rows: rows)
  }

  private func estimates(_ cells: MatrixCells) -> Matrix {
    let rows = guide.scale.flatMap { estimate -> [Matrix.Row] in
      let key = cells.key(of: estimate.id, below: "scale") { guide.local($0) }
      return cells.rows(estimate.id, estimate.type, at: [[.key("scale"), key]]) {
        leaf, _, values in
        let title = leaf.title.isEmpty ? estimate.title : "\(estimate.title): \(leaf.title)"
        return [Matrix.Cell(title), Matrix.Cell(leaf.type.form)] + values
      }
    }
    return Matrix(
      name: "scale", title: "Scale",
      columns: Self.asked("estimate", "title", "form") + [.init("value", .prose, "How much.")],
      rows: rows)
  }

  private func serviceLevels(_ cells: MatrixCells) -> Matrix {
    let rows = guide.serviceLevels.flatMap { level -> [Matrix.Row] in
      let place: [Matrix.Step] = [
        .key("service-levels"), cells.key(of: level.id, below: "service-levels", guide.local),
      ]
      return cells.rows(level.id, level.type, at: [place + [.key("target")]]) {
        leaf, isFirst, values in
        let title = leaf.title.isEmpty ? level.title : "\(level.title): \(leaf.title)"
        let note = isFirst ? cells.cell(.prose, at: place + [.key("note")]) : .none
        return [Matrix.Cell(title), Matrix.Cell(leaf.type.form)] + values + [note]
      }
    }
    return Matrix(
      name: "service-levels", title: "Service levels",
      columns: Self.asked("service-level", "title", "form") + [
        .init("target", .prose, "What is asked for."),
        .init("note", .prose, "What there is to know besides."),
      ], rows: rows)
  }

  private func checkpoints(_ cells: MatrixCells) -> Matrix {
    guard case .record(let claim) = Self.claimShape else {
      preconditionFailure("a claim is a record")
    }
    let rows = guide.checkpoints.map { checkpoint in
      let key = cells.key(of: checkpoint.id, below: "checkpoints", guide.local)
      let statement = Matrix.Cell(checkpoint.record["statement"]?.asText ?? "")
      return Matrix.Row(
        checkpoint.id, [statement] + cells.cells(claim.fields, at: [.key("checkpoints"), key]))
    }
    return Matrix(
      name: "checkpoints", title: "Checkpoints",
      columns: Self.asked("checkpoint", "statement") + claim.fields.map { .init($0) }, rows: rows)
  }
}
