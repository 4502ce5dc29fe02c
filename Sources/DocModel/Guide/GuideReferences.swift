/// What a guide's parts say of each other.
extension Guide {
  /// Refuses references that lead nowhere, and names that come twice.
  func checkReferences(
    _ node: Node, sectionConditions: [(Condition, Node.Mark)], _ reading: inout Reading
  ) {
    checkNames(node, &reading)
    checkReliance(&reading)
    checkOrigins(node, &reading)
    // In a composed guide each guide's own table goes on from row to row.
    if !isComposed { checkSizes(node["sizing"]?["rows"]?.items ?? [], &reading) }
    checkSameAs(node, &reading)
    checkCycles(&reading)
    if let drop = node["drop"], !drop.items.isEmpty {
      reading.refuse(
        "'drop' goes with 'extends' only", at: drop.mark,
        hint: "leave out what this guide does not need")
    }
    let conditions =
      sectionConditions
      + questions.compactMap { item in item.condition.map { ($0, item.mark) } }
      + checkpoints.compactMap { item in item.condition.map { ($0, item.mark) } }
      + serviceLevels.compactMap { item in item.condition.map { ($0, item.mark) } }
      + (decisionAid?.signs.map { ($0.condition, $0.mark) } ?? [])
    for (condition, mark) in conditions { check(condition, at: mark, &reading) }
    for rule in rules { check(rule, &reading) }
  }

  /// Lists whose names make up identifiers, which are checked where they are registered.
  private static let registered: Set = [
    "phases", "sections", "questions", "checkpoints", "service-levels",
  ]

  /// Refuses names that come twice in one list.
  private func checkNames(_ node: Node, _ reading: inout Reading) {
    for entry in node.entries {
      switch entry.value.content {
      case .scalar, .foreign: continue
      case .mapping: checkNames(entry.value, &reading)
      case .sequence(let items):
        let isRegistered = Self.registered.contains(entry.key)
        var seen: Set<String> = []
        for item in items {
          checkNames(item, &reading)
          guard !isRegistered, let id = item["id"], let name = id.text else { continue }
          if !seen.insert(name).inserted {
            reading.refuse(
              "'\(name)' is named a second time under '\(entry.key)'", at: id.mark,
              hint: "rename one of the two")
          }
        }
      }
    }
  }

  /// Each configuration goes on where the one before it ends, and only the last has no end.
  private func checkSizes(_ rows: [Node], _ reading: inout Reading) {
    for (index, (row, node)) in zip(configurations, rows).enumerated() {
      let end = index == 0 ? 0 : configurations[index - 1].upTo
      guard row.above == end, row.upTo.map({ $0 > row.above }) ?? true else {
        reading.refuse(
          "the configuration '\(row.id)' does not go on where the one before it ends",
          at: node.mark,
          hint:
            "sort the rows by size; 'above' is the 'up-to' of the row before, 'up-to' is greater")
        continue
      }
    }
  }

  private func checkReliance(_ reading: inout Reading) {
    for checkpoint in checkpoints {
      for id in checkpoint.reliesOn.questions where !isQuestion(id) {
        let near = reading.suggestion {
          nearestIdentifier(to: id) { if case .question = $0 { true } else { false } }
        }
        reading.refuse(
          "the checkpoint '\(checkpoint.id)' relies on '\(id)', which is no guiding question",
          at: checkpoint.mark, hint: near)
      }
    }
  }

  private func checkOrigins(_ node: Node, _ reading: inout Reading) {
    let responsibilities = Set(
      (node["responsibilities"]?.items ?? []).compactMap { $0["id"]?.text })
    for level in serviceLevels {
      for origin in level.origins {
        let name = origin.drop(prefix: "responsibilities.")
        let isKnown = name.map { responsibilities.contains($0) } ?? isQuestion(origin)
        if !isKnown {
          reading.refuse(
            "the service level '\(level.id)' comes from '\(origin)', which does not exist",
            at: level.mark,
            hint: near(
              origin,
              among: responsibilities.sorted().map { "responsibilities.\($0)" }
                + questions.map(\.id),
              &reading) ?? "name a guiding question, or 'responsibilities.NAME'")
        }
      }
    }
  }

  /// Refuses conditions that depend on each other in a ring.
  private func checkCycles(_ reading: inout Reading) {
    for ring in ConditionCycles(self).rings {
      let shown = ring.prefix(4).map { "'\($0)'" } + (ring.count > 4 ? ["…"] : [])
      let mark = ring.lazy.compactMap { id -> Node.Mark? in
        if case .question(let index)? = self.place(of: id) {
          self.questions[index].mark
        } else {
          nil
        }
      }.first
      reading.refuse(
        "the condition of '\(ring[0])' never ends: \(shown.joined(separator: " depends on "))"
          + " depends on '\(ring[0])'", at: mark ?? .start,
        hint: "let one of them apply without asking for the others")
    }
  }

  /// What says that it is the same as something names another guide.
  private func checkSameAs(_ node: Node, _ reading: inout Reading) {
    guard !isComposed else { return }
    let questions = (node["phases"]?.items ?? []).flatMap { $0["sections"]?.items ?? [] }
      .flatMap { $0["questions"]?.items ?? [] }
    let others = (node["scale"]?.items ?? []) + (node["service-levels"]?.items ?? [])
    for item in questions + others {
      guard let said = item["same-as"], let text = said.text else { continue }
      if !text.contains(":") || text.hasPrefix("\(id):") {
        reading.refuse(
          "'same-as' must name something of another guide, not '\(text)'", at: said.mark,
          hint: "write the other guide's name before it: 'same-as: other-guide:section.item'")
      }
    }
  }

  /// The name that was probably meant.
  private func near(
    _ name: String, among known: @autoclosure () -> [String], _ reading: inout Reading
  ) -> String? {
    reading.suggestion { nearest(to: name, among: known()) }
  }

  /// What a condition may name.
  private var facts: [String] {
    let optional =
      phases.filter(\.isOptional).map(\.id) + sections.filter(\.isOptional).map(\.id)
    return ["hosting"] + optional.map { "taken.\($0)" } + scale.map { "scale.\($0.id)" }
      + answerNames
  }

  /// What a rule may name.
  private var ruled: [String] {
    answerNames.map { "answers.\($0)" } + scale.map { "scale.\($0.id)" }
      + serviceLevels.flatMap { level in
        ([""] + level.type.parts.map { ".\($0.id)" }).map { "service-levels.\(level.id)\($0)" }
      }
  }

  /// The guiding questions, and their parts as `section.question.part`.
  private var answerNames: [String] {
    questions.flatMap { question in
      [question.id]
        + (question.type.kind == .parts
          ? question.type.parts.map { "\(question.id).\($0.id)" } : [])
    }
  }

  private func isQuestion(_ id: String) -> Bool {
    if case .question? = place(of: id) { true } else { false }
  }

  // MARK: Conditions

  private func check(_ condition: Condition, at mark: Node.Mark, _ reading: inout Reading) {
    switch condition {
    case .all(let parts), .any(let parts):
      for part in parts { check(part, at: mark, &reading) }
    case .not(let part): check(part, at: mark, &reading)
    case .equals(let name, let value):
      guard let values = values(of: name) else {
        reading.refuse(
          "the condition names '\(name)', which does not exist", at: mark,
          hint: near(name, among: facts, &reading)
            ?? "name 'hosting', 'taken.NAME', 'scale.NAME', a guiding question or a part of one")
        return
      }
      guard let values, !values.contains(value) else { return }
      let near = nearest(to: value, among: values)
      reading.refuse(
        "the condition compares '\(name)' with '\(value)', which it can never be", at: mark,
        hint: near.map { "did you mean '\($0)'?" }
          ?? "it is one of \(listed(values, atMost: 8))")
    }
  }

  /// The words that a fact may be; an inner `nil` where it may be any, `nil` where there is no such
  /// fact.
  func values(of name: String) -> [String]?? {
    if name == "hosting" { return hostingOptions.map(\.id) }
    if let id = name.drop(prefix: "taken.") {
      let isOptional =
        switch place(of: id) {
        case .phase(let index)?: phases[index].isOptional
        case .section(let index)?: sections[index].isOptional
        default: false
        }
      return isOptional ? ["yes", "no"] : nil
    }
    let type: AnswerType? =
      if let id = name.drop(prefix: "scale.") {
        scale.first { $0.id == id }?.type
      } else {
        answerType(of: name)
      }
    guard let type else { return nil }
    return switch type.kind {
    case .choice: .some(type.choices.map(\.id))
    case .yesNo: .some(["yes", "no"])
    default: .some(nil)
    }
  }

  /// What the answer to a guiding question must look like, or one part of it as
  /// `section.question.part`.
  private func answerType(of name: String) -> AnswerType? {
    if case .question(let index)? = place(of: name) { return questions[index].type }
    guard let (id, part) = partName(name), case .question(let index)? = place(of: id),
      questions[index].type.kind == .parts
    else { return nil }
    return questions[index].type.parts.first { $0.id == part }?.type
  }

  // MARK: Rules

  private func check(_ rule: Rule, _ reading: inout Reading) {
    for path in rule.paths {
      guard !path.text.isEmpty else { continue }
      guard path.isKnown(in: self) else {
        reading.refuse(
          "the rule '\(rule.id)' names '\(path.text)', which does not exist", at: rule.mark,
          hint: near(path.text, among: ruled, &reading)
            ?? "name 'answers.SECTION.ITEM', 'scale.NAME', 'service-levels.NAME' or a part of one")
        continue
      }
      guard let type = path.type(in: self) else { continue }
      switch rule.comparison {
      case .sizing(_, configuration: path): checkConfigurations(type, path, rule, &reading)
      case .version where type.kind == .line: continue
      case .version:
        reading.refuse(
          "the rule '\(rule.id)' looks for a version in '\(path.text)', which is "
            + type.kind.title, at: rule.mark, hint: "name an answer of one line")
      case .evidenceExpires:
        if case .answer(_, nil)? = path.place { continue }
        reading.refuse(
          "the rule '\(rule.id)' looks for the evidence of '\(path.text)', which has none",
          at: rule.mark, hint: "name a guiding question as 'answers.section.question'")
      case _ where ![.number, .quantity, .duration].contains(type.kind):
        reading.refuse(
          "the rule '\(rule.id)' compares '\(path.text)', which is \(type.kind.title)",
          at: rule.mark, hint: "name a number, a quantity or a length of time")
      default: continue
      }
    }
  }

  private func checkConfigurations(
    _ type: AnswerType, _ path: ValuePath, _ rule: Rule, _ reading: inout Reading
  ) {
    let known = Set(rule.configurations.map(\.id))
    if type.kind != .choice || !type.choices.allSatisfy({ known.contains($0.id) }) {
      reading.refuse(
        "the rule '\(rule.id)' takes '\(path.text)' for a configuration, which it is not",
        at: rule.mark, hint: "it must be a choice between the rows of 'sizing'")
    }
  }
}

/// The question and the part of a name such as `section.question.part`; `nil` for any other.
func partName(_ name: String) -> (question: String, part: String)? {
  guard name.utf8.count(where: { $0 == UInt8(ascii: ".") }) == 2,
    let point = name.lastIndex(of: ".")
  else { return nil }
  return (String(name[..<point]), String(name[name.index(after: point)...]))
}
