/// Notices notes about things that the guide does not have.
///
/// What questions, checkpoints, conditions and rules name is looked up when the guide is read.
struct ReferenceLint: LintCheck {
  private static let rule = FindingRule(
    id: "reference-dangling", summary: "A note is about something that the guide does not have.")

  var rules: [FindingRule] { [Self.rule] }

  func findings(_ subject: LintSubject) -> [Finding] {
    let known = names(subject)
    return (subject.node["notes"]?.items ?? []).flatMap { note in
      (note["about"]?.items ?? []).compactMap { item -> Finding? in
        guard let text = item.text, !known.contains(subject.guide.local(text)) else { return nil }
        let near = nearest(to: text, among: known.sorted())
        return subject.finding(
          Self.rule, .error, "notes.\(note.name)",
          "the note is about '\(text)', which the guide does not have",
          near.map { "did you mean '\($0)'?" } ?? "name an identifier or a key of the guide",
          at: item.mark)
      }
    }
  }

  /// Identifiers, keys, and the items below keys.
  private func names(_ subject: LintSubject) -> Set<String> {
    var names: Set<String> = []
    for entry in subject.node.entries {
      names.insert(entry.key)
      for inner in entry.value.entries { names.insert("\(entry.key).\(inner.key)") }
      for item in entry.value.items where item["id"] != nil {
        names.insert("\(entry.key).\(item.name)")
      }
    }
    for sign in subject.node["decision-aid"]?["signs"]?.items ?? [] {
      names.insert("decision-aid.\(sign.name)")
    }
    for phase in subject.phases { names.insert(phase.name) }
    for section in subject.sections { names.insert(section.name) }
    for key in ["considerations", "questions", "checkpoints"] {
      for (id, _) in subject.items(key) { names.insert(id) }
    }
    return names
  }
}
