import Foundation
import Testing

/// The page on writing a guide, followed step by step: each file is written, each command is run, and
/// says what the page says.
@Suite struct WritingAGuideTests {
  private struct Block {
    let language: String
    let text: String
    /// The words before it since the last block.
    let lead: String
  }

  private func blocks() throws -> [Block] {
    let url = CommandRun.package.appending(path: "docs/writing-a-guide.md")
    var blocks: [Block] = []
    var lead = ""
    var open: (language: String, lines: [String])?
    for line in try String(contentsOf: url, encoding: .utf8).components(separatedBy: "\n") {
      if let (language, lines) = open {
        if line == "```" {
          let text = lines.map { $0 + "\n" }.joined()
          blocks.append(Block(language: language, text: text, lead: lead))
          open = nil
          lead = ""
        } else {
          open = (language, lines + [line])
        }
      } else if line.hasPrefix("```") {
        open = (String(line.dropFirst(3)), [])
      } else {
        lead += line + "\n"
      }
    }
    return blocks
  }

  @Test func eachStepDoesWhatThePageSays() throws {
    let scratch = try Scratch()
    var said = ""
    var commands = 0
    var file = ""
    for block in try blocks() {
      switch block.language {
      case "yaml":
        // The file is the last one named; a page that names none writes the same file again.
        if let name = block.lead.matches(of: #/`([a-z\-/]+\.yaml)`/#).last.map({ String($0.1) }) {
          file = name
        }
        if file == "project.yaml" {
          try? FileManager.default.removeItem(at: scratch.folder.appending(path: file))
        }
        try scratch.write(file, block.text)
      case "sh":
        #expect(said == "", "what '\(said)' says is not on the page")
        let words = block.text.trimmingCharacters(in: .newlines)
        #expect(words.hasPrefix("rfpgen "))
        let run = try CommandRun(shell: "\"$RFPGEN\" \(words.dropFirst(7))", in: scratch.folder)
        said = run.output + run.errors
        commands += 1
      default:
        if said == "" { continue }
        #expect(said == block.text)
        said = ""
      }
    }
    #expect(commands == 9)
    #expect(
      try scratch.text("output/rfp.md").hasPrefix("# Request for proposals: A well for Upper Teshi")
    )
    #expect(try scratch.text("output/rfp.html").contains("How deep is the hole"))
  }

  /// The last block is a note that accepts a finding; it does so in the guide of the page.
  @Test func aNoteAcceptsAFinding() throws {
    let blocks = try blocks()
    let guide = try #require(blocks.first { $0.language == "yaml" }).text
    let note = try #require(blocks.last).text
    let scratch = try Scratch()
    let skipped = guide.replacing("\"1.1\"", with: "\"1.2\"")
    try scratch.write("guides/well.yaml", skipped)
    let before = try CommandRun(["guide", "lint", "guides/well.yaml"], in: scratch.folder)
    #expect(before.output.contains("[number-skipped]"))
    try scratch.write("guides/well.yaml", skipped + note)
    let after = try CommandRun(["guide", "lint", "guides/well.yaml"], in: scratch.folder)
    #expect(after.output == "0 errors, 0 warnings, 1 accepted by notes\n")
  }
}

/// Guides of any kind, shown and linted from the command line.
@Suite struct GuideCommandTests {
  @Test(arguments: [
    (["cht-hosting"], "Hosting the Community Health Toolkit\ncht-hosting, edition "),
    (
      ["commcare-transition", "commcare-hosting"],
      "A: Moving CommCare to servers of your own\ncommcare-transition, edition "
    ),
    (["Templates/guides/cht-hosting.yaml"], "Hosting the Community Health Toolkit\n"),
  ])
  func aGuideIsATree(words: [String], start: String) throws {
    let run = try CommandRun(["guide", "show"] + words)
    #expect(run.status == 0)
    #expect(run.output.hasPrefix(start))
  }

  @Test func aGuideIsAText() throws {
    let run = try CommandRun(["guide", "show", "commcare-hosting", "--format", "markdown"])
    #expect(run.status == 0)
    #expect(run.output.hasPrefix("# Is hosting CommCare yourself a good idea?\n"))
    for words in ["## Phase 2: Managing a CommCare cluster", "| Nginx |", "`tools.tools-covered`"] {
      #expect(run.output.contains(words), "\(words)")
    }
  }

  @Test func aComposedGuideIsOneObject() throws {
    let run = try CommandRun([
      "guide", "show", "commcare-transition", "commcare-hosting", "--format", "json",
    ])
    let json = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
    let guide = try #require(json as? [String: Any])
    let phases = guide["phases"] as? [[String: Any]] ?? []
    #expect(phases.count == 8)
    let sections = phases.flatMap { $0["sections"] as? [[String: Any]] ?? [] }
    #expect(sections.flatMap { $0["questions"] as? [Any] ?? [] }.count == 62)
    #expect(sections.flatMap { $0["checkpoints"] as? [Any] ?? [] }.count == 31)
    #expect(
      (guide["skills"] as? [[String: Any]])?.last?["id"] as? String == "commcare-hosting:tools")
  }

  @Test func lintEndsWithOneWhereThereIsAnError() throws {
    let scratch = try Scratch()
    try scratch.write("g.yaml", "guide: g\nedition: TBD\ntitle: T\nsystem: {name: S}\nphases: []\n")
    let run = try CommandRun(["guide", "lint", "g.yaml"], in: scratch.folder)
    #expect(run.status == 1)
    #expect(
      run.output.hasPrefix("g.yaml:2:10: error: edition: 'TBD' is left over [guide-placeholder]\n"))
    #expect(run.output.contains("[source-missing]"))
    let json = try CommandRun(["guide", "lint", "g.yaml", "--format", "json"], in: scratch.folder)
    #expect(json.status == 1)
    #expect(json.output.contains("\"errors\": 1"))
    #expect(try CommandRun(["guide", "lint", "nowhere.yaml"], in: scratch.folder).status == 2)
  }
}
