import Foundation
import Testing

@Suite struct AwardTests {
  /// The example's project with a bid in a folder below it, in which some things are filled in.
  private func project() throws -> Scratch {
    let scratch = try Scratch()
    let example = CommandRun.package.appending(path: "Examples/commcare/project.yaml")
    try scratch.write("project.yaml", try String(contentsOf: example, encoding: .utf8))
    try CommandRun(
      ["build", "tender", "-o", ".", "--format", "markdown", "--today", "2026-11-21"],
      in: scratch.folder)
    try CommandRun(["init", "bids/a", "--bid", "tender.yaml"], in: scratch.folder)
    try scratch.write(
      "facts.csv", "fact,value\r\nbidder.id,example-hosting\r\nbidder.name,Example Hosting\r\n")
    let checkpoints = try CommandRun(
      ["export", "tender.yaml", "-o", "blank.csv", "--sheet", "checkpoints"], in: scratch.folder)
    #expect(checkpoints.status == 0, "\(checkpoints.errors)")
    let ids = try scratch.text("blank.csv").components(separatedBy: "\r\n").dropFirst()
      .compactMap { $0.split(separator: ",").first.map(String.init) }
      .filter { $0.contains(".") && !$0.contains(" ") }
    let rows = ids.map { "\($0),partly,How it is *met*,As in 2025,evidence/\($0).pdf" }
    try scratch.write(
      "filled.csv",
      (["checkpoint,confirm,approach,example,evidence"] + rows).joined(separator: "\r\n") + "\r\n")
    try scratch.write("levels.csv", "service-level,offer,note\r\nlatency,80 ms,\"Two paths\"\r\n")
    for sheet in ["facts", "filled", "levels"] {
      try CommandRun(["import", "\(sheet).csv", "bids/a/bid.yaml"], in: scratch.folder)
    }
    return scratch
  }

  @Test("an award is shown as a diff, written on demand, and says where things came from")
  func award() throws {
    let scratch = try project()
    let before = try scratch.text("project.yaml")
    let words = ["award", "project.yaml", "bids/a/bid.yaml", "--today", "2026-11-21"]
    let shown = try CommandRun(words, in: scratch.folder)
    #expect(shown.status == 0, "\(shown.errors)")
    #expect(shown.errors == "")
    #expect(shown.output.hasPrefix("--- project.yaml\n+++ project.yaml\n@@ "))
    #expect(try scratch.text("project.yaml") == before)
    try scratch.write("award.diff", shown.output)
    try scratch.write("patched.yaml", before)
    #expect(
      try CommandRun(shell: "patch -s patched.yaml award.diff", in: scratch.folder).status == 0)

    let written = try CommandRun(words + ["--write"], in: scratch.folder)
    #expect(written.output == "project.yaml\n", "\(written.errors)")
    let after = try scratch.text("project.yaml")
    #expect(try scratch.text("patched.yaml") == after)
    #expect(after.contains("- file: bids/a/evidence/"))
    #expect(after.contains("(`confirm: partly`)"))
    #expect(after.contains("How it is *met*"))
    #expect(
      after.components(separatedBy: "claimed: yes").count
        == before.components(separatedBy: "claimed: yes").count, "nothing is claimed by it")
    // Whatever stood there still does, but for targets that are offered otherwise.
    var rest = after.components(separatedBy: "\n")[...]
    for line in before.components(separatedBy: "\n") where line.contains("#") {
      let index = try #require(rest.firstIndex(of: line), "\(line)")
      rest = rest[(index + 1)...]
    }
    let check = try CommandRun(
      ["check", "project.yaml", "--today", "2026-11-21"], in: scratch.folder)
    #expect(check.status != 2, "\(check.errors)")
    // Once more changes nothing.
    let again = try CommandRun(words, in: scratch.folder)
    #expect(again.output == "")
    #expect(!again.errors.contains("said already"))
    // Another bidder's responses would be mixed with these.
    let bid = try scratch.text("bids/a/bid.yaml")
    try scratch.write(
      "bids/a/bid.yaml", bid.replacingOccurrences(of: "id: example-hosting", with: "id: other"))
    let second = try CommandRun(words, in: scratch.folder)
    #expect(
      second.errors.contains(
        "rfpgen: warning: 'project.yaml' holds what 'example-hosting' said already, and this is added to it\n"
      ))
  }

  @Test("without any marks, the prices stay closed, and it is said where marks are written")
  func noMarks() throws {
    let scratch = try project()
    let run = try CommandRun(
      ["compare", "project.yaml", "bids/a/bid.yaml", "--envelope", "financial"], in: scratch.folder)
    #expect(run.status == 2)
    #expect(
      run.errors == """
        rfpgen: error: prices stay closed: nobody has given marks
        help: write them into 'marks.yaml'; '--envelope technical' shows what there is to judge

        """)
  }

  @Test("a bid for another tender is not set beside those for this one")
  func anotherTender() throws {
    let scratch = try project()
    let bid = try scratch.text("bids/a/bid.yaml")
    let line = try #require(
      bid.split(separator: "\n").first {
        $0.trimmingCharacters(in: .whitespaces).hasPrefix("tender:")
      })
    try scratch.write(
      "bids/a/bid.yaml", bid.replacingOccurrences(of: line, with: "  tender: MOH-0-999"))
    let run = try CommandRun(["compare", "project.yaml", "bids/a/bid.yaml"], in: scratch.folder)
    #expect(run.status == 2)
    #expect(
      run.errors.hasPrefix(
        "rfpgen: error: 'bids/a/bid.yaml' answers the tender 'MOH-0-999', not '"),
      "\(run.errors)")
    #expect(run.errors.hasSuffix("help: leave it out, or correct its 'bid-for: tender:'\n"))
    #expect(scratch.names.allSatisfy { $0 != "output" })
  }

  @Test(
    "what is offered answers the question that a service level comes from, and a note keeps what was asked"
  )
  func offers() throws {
    let scratch = try project()
    try scratch.write(
      "turnaround.csv",
      """
      service-level,offer
      changelog-turnaround#average,8 days
      changelog-turnaround#urgent,24 h
      maintenance-window#downtime,1 h
      maintenance-window#time,Sundays
      maintenance-window#notice,5 days
      """)
    let taken = try CommandRun(
      ["import", "turnaround.csv", "bids/a/bid.yaml"], in: scratch.folder)
    #expect(taken.status == 0, "\(taken.errors)")
    let run = try CommandRun(
      ["award", "project.yaml", "bids/a/bid.yaml", "--write", "--today", "2026-11-21"],
      in: scratch.folder)
    #expect(run.status == 0, "\(run.errors)")
    let project = try scratch.text("project.yaml")
    #expect(
      project.contains(
        """
          maintenance.changelog-turnaround:
            answer:
              average: 8 days
              urgent: 24 h
            by: Example Hosting
        """), "\(project)")
    #expect(
      project.contains(
        "`example-hosting`: `service-levels.maintenance-window` "
          + "(`target: downtime: 2 h, time: Second Sunday of the month, 01:00 to 03:00, notice: 5 days`)"
      ))
  }

  @Test("files of a bid that lies elsewhere are left out, and named")
  func elsewhere() throws {
    let scratch = try project()
    for name in ["bid.yaml", "tender.yaml"] {
      try scratch.write("other/\(name)", try scratch.text("bids/a/\(name)"))
      try scratch.write("inner/project.yaml", try scratch.text("project.yaml"))
    }
    let run = try CommandRun(
      ["award", "inner/project.yaml", "other/bid.yaml", "--today", "2026-11-21"],
      in: scratch.folder)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("is left out, since it lies outside the project's folder"))
    #expect(!run.output.contains("+      - file:"))
    let swapped = try CommandRun(
      ["award", "other/bid.yaml", "inner/project.yaml"], in: scratch.folder)
    #expect(swapped.status == 2)
  }
}
