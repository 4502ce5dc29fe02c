import DocModel
import Foundation
import Testing

/// What can be better in a guide: every message both ways, see `Fixtures/Lint/cases.txt`.
@Suite struct GuideLintTests {
  private func lint(_ change: String) throws -> GuideLint {
    let (text, _) = try changed("Lint/guide.yaml", by: change)
    return GuideLint(try Source(name: "guide.yaml", text: text), in: Files(today: .sample))
  }

  @Test func findsWhatCanBeBetterAndNothingElse() throws {
    try Cases("Lint/cases.txt").check { item in
      let lint = try lint(item.input)
      let rule = String(item.name.prefix { $0 != ":" })
      let expectsNothing = item.name.contains(": not ") || rule == "(nothing)"
      #expect(lint.findings.contains { $0.rule == rule } != expectsNothing, "\(item.name)")
      return lint.findings.map { finding in
        """
        \(finding.severity) \(finding.rule) of \(finding.id) \
        at \(finding.location.line):\(finding.location.column)
          \(finding.message)
          \(finding.remedy)
        """
      }.joined(separator: "\n")
    }
  }

  @Test func everyRuleHasACase() throws {
    let names = try Cases("Lint/cases.txt").cases.map { String($0.name.prefix { $0 != ":" }) }
    for rule in GuideLint.rules {
      #expect(names.contains(rule.id), "\(rule.id)")
      #expect(rule.summary.hasSuffix("."))
    }
  }

  /// What stands in a guide that is carried as it is in its source is accepted by a note of the guide.
  @Test(arguments: Guide.builtInNames)
  func theCarriedGuidesAreClean(name: String) throws {
    let url = Folder.package.appendingPathComponent("Templates/guides/\(name).yaml")
    let lint = GuideLint(try source(url), in: Files(today: .sample))
    #expect(lint.guide == name)
    #expect(lint.findings.map { "\($0.location): \($0.id): \($0.message)" } == [])
  }

  @Test func theReportIsOneObject() throws {
    let lint = try lint("-edition: \"1\"\n+edition: TBD")
    let json = try JSONSerialization.jsonObject(with: Data(lint.json.text.utf8))
    let report = try #require(json as? [String: Any])
    #expect(Set(report.keys) == ["guide", "file", "summary", "findings"])
    #expect(report["summary"] as? [String: Int] == ["errors": 1, "warnings": 0, "accepted": 1])
    let finding = try #require((report["findings"] as? [[String: Any]])?.first)
    #expect(
      Set(finding.keys) == [
        "rule", "severity", "id", "message", "remedy", "file", "line", "column",
      ])
  }
}
