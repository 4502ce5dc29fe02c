import Foundation
import Testing

/// The pages that lead a bidder, or those who judge bids, through their work step by step.
@Suite struct StepByStepTests {
  /// What a page has the reader do, in order.
  private enum Step {
    /// Lines for the shell.
    case commands(String)
    /// What an editor writes into the bid, in place of the part that begins with the same line.
    case edit(String)
  }

  private func steps(of page: String) throws -> [Step] {
    let text = try String(
      contentsOf: CommandRun.package.appending(path: "docs/\(page)"), encoding: .utf8)
    return text.matches(of: #/(?m)^```(sh|yaml)\n((?:.*\n)*?)```$/#).map {
      $0.1 == "sh" ? .commands(String($0.2)) : .edit(String($0.2))
    }
  }

  /// Replaces the part of a file that begins with the first line of a text and ends at an empty line.
  private func edit(_ file: URL, _ text: String) throws {
    let old = try String(contentsOf: file, encoding: .utf8)
    let first = try #require(text.split(separator: "\n").first)
    let start = try #require(old.range(of: "\n\(first)\n")).lowerBound
    let end = try #require(old.range(of: "\n\n", range: start..<old.endIndex)).lowerBound
    try (old[..<start] + "\n" + text + old[end...].dropFirst())
      .write(to: file, atomically: true, encoding: .utf8)
  }

  /// Does all that a page says in a folder, and gives what its commands say.
  private func walk(through page: String, in folder: URL) throws -> [String] {
    var said: [String] = []
    for step in try steps(of: page) {
      switch step {
      case .edit(let text): try edit(folder.appending(path: "our-bid/bid.yaml"), text)
      case .commands(let lines):
        let run = try CommandRun(
          shell: """
            set -eu
            rfpgen() { "$RFPGEN" "$@"; }
            EXAMPLES='\(CommandRun.package.path)/Examples'
            \(lines)
            """, in: folder)
        #expect(run.status == 0, "\(lines)\(run.output)\(run.errors)")
        said.append(run.output + run.errors)
      }
    }
    return said
  }

  @Test("what the page for bidders says works, step by step")
  func bidder() throws {
    let scratch = try Scratch()
    let said = try walk(through: "bidder.md", in: scratch.folder)
    try #require(said.count == 11)
    #expect(said[1].contains("0 of 18 answered"))
    #expect(said[4].contains("+  name: Northgate Hosting Partners\n"))
    #expect(said[4].contains("; 0 rejected"))
    // What the page shows of the report stands there.
    #expect(said[7].contains("service-levels.maintenance-window  our-bid/bid.yaml:"))
    #expect(
      said[7].contains(
        "the planned maintenance takes more time a month than the availability leaves for downtime")
    )
    #expect(said[7].contains("In all: 1 error,"))
    #expect(said[8].contains("In all: 0 errors,"))
    #expect(
      scratch.names.filter { $0.hasPrefix("documents/") } == [
        "documents/bid-response.html", "documents/bid-response.md", "documents/bid-response.xlsx",
        "documents/blank-bid.html", "documents/blank-bid.md", "documents/blank-bid.xlsx",
        "documents/checkpoint-matrix.html", "documents/checkpoint-matrix.md",
        "documents/checkpoint-matrix.xlsx", "documents/cost-estimate.html",
        "documents/cost-estimate.md", "documents/cost-estimate.xlsx",
        "documents/gap-report.html", "documents/gap-report.md",
        "documents/skills-matrix.html", "documents/skills-matrix.md",
        "documents/skills-matrix.xlsx", "documents/sla-offer.html", "documents/sla-offer.md",
        "documents/sla-offer.xlsx",
      ])
  }

  @Test("a template of one's own is begun as the page about them says")
  func template() throws {
    let scratch = try Scratch()
    let said = try walk(through: "templates.md", in: scratch.folder)
    try #require(said.count == 3)
    #expect(said[1].contains("skills-appendix.md.jinja:1:17: programme.title\n"))
    let appendix = try scratch.text("output/skills-appendix.md")
    #expect(appendix.hasPrefix("# People for"))
    #expect(appendix.contains("\n- "))
    #expect(said[2].contains("letter.md.jinja:1:9: contact.name\n"))
    #expect(
      try scratch.text("letter.md")
        == "Dear Ilse Marovan,\n\nbids for Health for all close on 15\u{A0}January\u{A0}2027.\n")
    #expect(try scratch.text("letter.html").hasPrefix("<!DOCTYPE html>"))
  }

  @Test("what the page for evaluators says works, step by step")
  func evaluator() throws {
    let scratch = try Scratch()
    let said = try walk(through: "evaluator.md", in: scratch.folder)
    try #require(said.count == 6)
    #expect(said[1].contains("bids/lakeside.yaml:"))
    let technical = try scratch.text("technical/comparison.md")
    #expect(technical.contains("The bids are compared and not ranked"))
    #expect(!technical.contains("326,604.65"))
    let financial = try scratch.text("financial/comparison.md")
    let points = financial.replacing("\u{A0}", with: " ")
    #expect(points.contains("(9 + 8) ÷ 2 ÷ 10 × 30 = 25.50"))
    #expect(points.contains("326,604.65 ÷ 402,390.15 × 20 = 16.23"))
    #expect(said[5].contains("+    by: Tamrin Systems Cooperative\n"))
    let project = try scratch.text("programme/project.yaml")
    #expect(project.contains("    by: Tamrin Systems Cooperative\n"))
  }
}
