/// Notices numbers that come twice, are left out, or belong to another phase.
struct NumberLint: LintCheck {
  private static let repeated = FindingRule(
    id: "number-repeated", summary: "Two things of one list bear the same number.")
  private static let skipped = FindingRule(
    id: "number-skipped", summary: "A number does not follow the one before it.")
  private static let foreign = FindingRule(
    id: "number-foreign", summary: "A section's number is not one of its phase.")

  var rules: [FindingRule] { [Self.repeated, Self.skipped, Self.foreign] }

  func findings(_ subject: LintSubject) -> [Finding] {
    var findings = series(subject, subject.phases) { $0.name }
    for phase in subject.phases {
      let sections = phase["sections"]?.items ?? []
      let number = phase["number"]?.text ?? ""
      for section in sections {
        guard let own = section["number"], let text = own.text, text.contains("."),
          !text.hasPrefix(number + ".")
        else { continue }
        findings.append(
          subject.finding(
            Self.foreign, .error, section.name,
            "the section bears the number '\(text)', but stands in phase \(number)",
            "give it a number that begins with '\(number).', or move it", at: own.mark))
      }
      findings += series(subject, sections) { $0.name }
      for section in sections {
        findings += series(subject, section["considerations"]?.items ?? []) {
          "\(section.name).\($0.name)"
        }
      }
    }
    return findings
      + series(subject, subject.node["responsibilities"]?.items ?? []) {
        "responsibilities.\($0.name)"
      }
  }

  /// Looks at one list, of whose items some may have no number.
  private func series(
    _ subject: LintSubject, _ items: [Node], _ identifier: (Node) -> String
  ) -> [Finding] {
    var findings: [Finding] = []
    var seen: [String: String] = [:]
    var last = 0
    for item in items {
      guard let node = item["number"], let text = node.text else { continue }
      let id = identifier(item)
      if let other = seen.updateValue(id, forKey: text) {
        findings.append(
          subject.finding(
            Self.repeated, .error, id, "the number '\(text)' is also that of '\(other)'",
            "number the list anew", at: node.mark))
        continue
      }
      let parts = text.split(separator: ".")
      guard let number = parts.last.flatMap({ Int($0) }) else { continue }
      if number != last + 1 {
        let wanted = (parts.dropLast().map(String.init) + ["\(last + 1)"]).joined(separator: ".")
        findings.append(
          subject.finding(
            Self.skipped, .warning, id,
            "the number '\(text)' stands where '\(wanted)' would follow",
            "number the list anew, or say in a note that the source has it so", at: node.mark))
      }
      last = number
    }
    return findings
  }
}
