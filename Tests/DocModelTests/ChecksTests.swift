import DocModel
import Foundation
import Testing

/// Every rule of every check, both ways: see `Fixtures/Checks/cases.txt`.
@Suite struct ChecksTests {
  @Test func findsWhatIsWrongAndNothingElse() throws {
    try Cases("Checks/cases.txt").check { item in
      let change = try Change(item.input)
      let rule = item.name.prefix { $0 != ":" }
      let findings: [Finding]
      do {
        findings = try change.assessment.findings.filter { finding in
          finding.severity > .note || finding.rule == rule
        }
      } catch let error as InvalidInput {
        return error.text
      }
      let expectsNothing = item.name.contains(": not ") || item.name.hasPrefix("(nothing)")
      #expect(findings.contains { $0.rule == rule } != expectsNothing, "\(item.name)")
      return findings.map { finding in
        """
        \(finding.severity) \(finding.rule) of \(finding.id) \
        at \(finding.location.line):\(finding.location.column)\
        \(finding.phase.map { ", phase \($0 + 1)" } ?? "")\
        \(finding.concernsRFP ? ", for the RFP" : "")
          \(finding.message)
          \(finding.remedy)
        """
      }.joined(separator: "\n")
    }
  }

  @Test func everyRuleHasACase() throws {
    let names = try Cases("Checks/cases.txt").cases.map { item in
      String(item.name.prefix { $0 != ":" })
    }
    for rule in Checks.all.flatMap(\.rules) {
      #expect(names.contains { $0 == rule.id || $0.hasPrefix("\(rule.id).") }, "\(rule.id)")
      #expect(rule.summary.hasSuffix("."))
    }
    let ids = Checks.all.flatMap(\.rules).map(\.id)
    #expect(Set(ids).count == ids.count)
  }
}

/// A change of `Fixtures/Checks/clean.yaml`, with the day and the files for which it is looked at.
struct Change {
  let text: String
  private var folder = PretendFiles()

  init(_ input: String) throws {
    let (text, rest) = try changed("Checks/clean.yaml", by: input)
    self.text = text
    for words in rest {
      if words[0] == "@today" { folder.today = try #require(Day(words[1])) }
      if words[0] == "@file" { folder.states[words[1]] = try PretendFiles.state(words[2]) }
    }
  }

  var assessment: Assessment {
    get throws {
      let project = try Project(Source(name: "project.yaml", text: text), guide: .small)
      return Assessment(project, in: folder)
    }
  }
}

/// A folder in which every file is, unless something else is said.
struct PretendFiles: World {
  var today = Day.sample
  var states: [String: FileState] = [:]

  func source(of path: String) -> Source? { nil }
  func state(of path: String) -> FileState { states[path] ?? .present(size: 10) }

  static func state(_ word: String) throws -> FileState {
    switch word {
    case "absent": .absent
    case "outside": .outside
    case "folder": .notAFile
    case "unreadable": .unreadable("permission denied")
    default: .present(size: try #require(Int(word)))
    }
  }
}
