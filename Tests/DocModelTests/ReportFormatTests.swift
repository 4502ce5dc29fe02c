import DocModel
import Foundation
import Testing

/// What `check` says to other programs, judged by programs that read those formats.
@Suite struct ReportFormatTests {
  /// A check whose findings hold whatever somebody may have typed.
  struct Hostile: Check {
    static let texts = [
      "plain", "50 % of 100 %25", "two\nlines\r\nand\rmore", "a::b, c=d: e", "{0} {{x}} }",
      "<b>&amp;]]> \"quoted\" 'single'", "::error file=x::forged", "\u{1B}[31mred\u{0}\u{7F}\u{9B}",
      "\u{FFFE}\u{FFFF}\u{FEFF} \u{202E}turned", "ዓለም 🏥 e\u{301}", "\\ [link](https://example.org)",
      "", " ",
    ]
    let rules = [FindingRule(id: "hostile", summary: "Whatever {0} & <somebody> typed.")]

    func findings(_ assessment: Assessment) -> [Finding] {
      Self.texts.enumerated().map { number, text in
        assessment.finding(
          rules[0], .error, about: "item-\(number)", text, remedy: text,
          at: ["programme"], concernsRFP: true)
      }
    }
  }

  /// File names as a report may have to write them.
  static let files = [
    "project.yaml", "p/a b.yaml", "50%,x:y;z=1.yaml", "{é}#?&<\"'>.yaml", "../p.yaml",
    "line\nend.yaml",
    "/absolute/p.yaml", "//double.yaml", "<standard input>", "x:y/z.yaml", "a\\b\u{1}.yaml",
  ]

  struct Read: Decodable, Equatable {
    let level: String
    let rule: String
    let id: String
    let file: String
    let line: Int
    let text: String
  }

  private func read(
    _ format: ReportFormat, _ outcomes: [ReportFormat.Outcome]
  ) throws -> [[Read]] {
    let folder = try Folder.temporary()
    let files = try outcomes.enumerated().map { number, outcome in
      let file = folder.appendingPathComponent("report-\(number)")
      try Data(format.write(outcome)).write(to: file)
      return file.path
    }
    let tool = Folder.package.appendingPathComponent("Tests/tools/read_report.py")
    let (status, output) = try Referee.python([tool.path, format.id] + files)
    try #require(status == 0, "\(output)")
    return try JSONDecoder().decode([[Read]].self, from: Data(output.utf8))
  }

  private func assessment(_ name: String) throws -> Assessment {
    let text = "guide: well\nprogramme: {title: T}\n"
    return Assessment(
      try Project(Source(name: name, text: text), guide: .small), in: Files(today: .sample))
  }

  /// The text as a format without certain characters can hold it.
  private func held(_ text: String, by format: ReportFormat) -> String {
    switch format.id {
    case "github":
      // A log is read at a terminal: what could steer one is shown instead.
      return text.split(separator: /\r\n|\r|\n/, omittingEmptySubsequences: false).reduce("") {
        $0 + visible(String($1)) + text[$1.endIndex...].prefix { $0.isNewline }.prefix(1)
      }
    case "junit":
      return String(
        String.UnicodeScalarView(
          text.unicodeScalars.map { scalar in
            switch scalar.value {
            case 0x09, 0x0A, 0x0D: scalar
            case 0..<0x20, 0x7F..<0xA0, 0xFFFE, 0xFFFF: "\u{FFFD}"
            default: scalar
            }
          }))
    default: return text
    }
  }

  @Test(arguments: ["github", "sarif", "junit"])
  func whateverWasTypedIsUnderstood(id: String) throws {
    let format = try #require(ReportFormat.all.first { $0.id == id })
    let reports = try Self.files.map { name in
      let assessment = try assessment(name)
      return CheckReport(assessment, findings: assessment.findings(of: [Hostile()]))
    }
    let read = try read(format, reports.map { .success($0) })
    for (index, name) in Self.files.enumerated() {
      let expected = reports[index].findings.map { finding in
        Read(
          level: "error", rule: finding.rule, id: finding.id, file: held(name, by: format), line: 2,
          text: held("\(finding.message)\n\(finding.remedy)", by: format))
      }
      #expect(read[index] == expected, "\(name)")
    }
  }

  @Test(arguments: ["github", "sarif"])
  func everyFindingOfTheExampleIsThere(id: String) throws {
    let format = try #require(ReportFormat.all.first { $0.id == id })
    let project = try Project(
      source(Folder.example.appendingPathComponent("project.yaml")), guide: .commcare)
    let assessment = Assessment(project, in: DiskFolder(Folder.example.path, today: .sample))
    let report = CheckReport(assessment)
    #expect(
      try read(format, [.success(report)])[0]
        == report.findings.map {
          Read(
            level: $0.severity.rawValue, rule: $0.rule, id: $0.id, file: $0.location.file,
            line: $0.location.line, text: "\($0.message)\n\($0.remedy)")
        })
  }

  @Test func aCaseStandsForEachThingThatMatters() throws {
    let clean = try Change("").assessment
    let format = ReportFormat.junit
    let text = String(decoding: format.write(.success(CheckReport(clean))), as: UTF8.self)
    for question in Guide.small.questions { #expect(text.contains("name=\"\(question.id)\"")) }
    for checkpoint in Guide.small.checkpoints {
      #expect(text.contains("name=\"\(checkpoint.id)\""))
    }
    var reports = [CheckReport(clean)]
    // What makes the check fail is what fails here.
    let gaps = try Change("-    answer: sand\n+    answer: TBD").assessment
    for purpose in CheckReport.Purpose.allCases {
      reports += [false, true].map { CheckReport(gaps, for: purpose, isStrict: $0) }
    }
    for (report, read) in zip(reports, try read(format, reports.map { .success($0) })) {
      let failing = report.findings.filter { $0.severity >= report.threshold }
      #expect(Set(read.map(\.id)) == Set(failing.map(\.id)))
      #expect(report.hasFailed == !failing.isEmpty)
    }
    #expect(reports.map(\.hasFailed) == [false, true, true, true, true])
  }

  @Test(arguments: ReportFormat.all.map(\.id))
  func aFileThatCannotBeUsedIsReported(id: String) throws {
    let format = try #require(ReportFormat.all.first { $0.id == id })
    do {
      _ = try Project(
        Source(name: "p.yaml", text: "guide: well\nnmae: x\nprogramme: {title: T}\n"), guide: .small
      )
      Issue.record("the project is refused")
    } catch let error {
      let written = format.write(.failure(error))
      if id == "json" {
        #expect(written.isEmpty)
      } else {
        let read = try read(format, [.failure(error)])[0]
        #expect(read.map(\.rule) == ["invalid-file"])
        #expect(read.map(\.file) == ["p.yaml"] && read.map(\.line) == [2])
        #expect(read[0].text.hasPrefix("unknown key 'nmae'"))
      }
    }
  }
}
