/// Notices leftovers such as `TBD` in a guide's texts.
struct PlaceholderLint: LintCheck {
  private static let rule = FindingRule(
    id: "guide-placeholder", summary: "A leftover stands where something should be said.")

  var rules: [FindingRule] { [Self.rule] }

  func findings(_ subject: LintSubject) -> [Finding] {
    var findings: [Finding] = []
    func look(_ node: Node, _ id: String) {
      node.forEachScalar { text, mark in
        guard let leftover = Placeholder(in: text) else { return }
        findings.append(
          subject.finding(
            Self.rule, .error, id, "'\(leftover.text)' is left over",
            "replace it by what is meant", at: mark))
      }
    }
    for entry in subject.node.entries where entry.key != "phases" {
      if entry.value.items.allSatisfy({ $0["id"] != nil }), !entry.value.items.isEmpty {
        for item in entry.value.items { look(item, "\(entry.key).\(item.name)") }
      } else {
        look(entry.value, entry.key)
      }
    }
    for phase in subject.phases {
      for entry in phase.entries where entry.key != "sections" { look(entry.value, phase.name) }
      for section in phase["sections"]?.items ?? [] {
        for entry in section.entries {
          let items = entry.value.items
          if !items.isEmpty, items.allSatisfy({ $0["id"] != nil }) {
            for item in items { look(item, "\(section.name).\(item.name)") }
          } else {
            look(entry.value, section.name)
          }
        }
      }
    }
    return findings
  }
}
