import Foundation
import Testing

/// The schemas that the command prints, and the files that the project ships.
@Suite struct SchemaCommandTests {
  /// The words that ask for a schema, the files that it is for, and which of them hold, on purpose, a
  /// value that it refuses.
  static let files: [(schema: String, files: [String], wrong: Set<String>)] = [
    (
      "project --guide commcare-transition", ["Examples/commcare/project.yaml"],
      ["Examples/commcare/project.yaml"]
    ),
    ("project --guide cht-hosting", ["Examples/cht/project.yaml"], []),
    ("project --guide commcare-hosting", ["Examples/hosting/project.yaml"], []),
    (
      "project --guide commcare-transition --guide commcare-hosting",
      ["Examples/together/project.yaml"], ["Examples/together/project.yaml"]
    ),
    (
      "tender",
      ["output/tender.yaml"] + ["cht", "hosting", "together"].map { "output/\($0)/tender.yaml" },
      []
    ),
    (
      "bid --tender Examples/commcare/bids/tender.yaml", ExampleTests.bids,
      ["Examples/commcare/bids/lakeside.yaml"]
    ),
  ]

  /// Two validators take each file, but for values that `check` finds on the same line.
  @Test(arguments: files)
  func theSchemaTakesWhatIsShipped(schema: String, files: [String], wrong: Set<String>) throws {
    let scratch = try Scratch()
    let words = ["schema"] + schema.split(separator: " ").map(String.init)
    let printed = try CommandRun(words)
    try #require(printed.status == 0, "\(printed.errors)")
    let file = try scratch.write("schema.json", printed.output)
    let judged = try CommandRun(
      program: CommandRun.package.appending(path: ".build/venv/bin/python3"),
      ["Tests/tools/schema_lines.py", file.path] + files, in: CommandRun.package)
    try #require(
      judged.status == 0, "'sh dev test' installs what is missing: \(judged.output)\(judged.errors)"
    )
    let lines = judged.output.split(separator: "\n")
    try #require(lines.count == files.count)
    for (name, line) in zip(files, lines) {
      let refused = line.split(separator: " ").dropFirst().compactMap { Int($0) }
      #expect(refused.isEmpty == !wrong.contains(name), "\(line)")
      guard !refused.isEmpty else { continue }
      let report = try CommandRun(["check", name, "--format", "json"] + ExampleTests.today)
      let json = try JSONSerialization.jsonObject(with: Data(report.output.utf8)) as? [String: Any]
      let findings = try #require(json?["findings"] as? [[String: Any]])
      let found = findings.filter { $0["severity"] as? String == "error" }
        .compactMap { $0["line"] as? Int }
      #expect(Set(refused).isSubset(of: found), "\(line)")
    }
  }
}
