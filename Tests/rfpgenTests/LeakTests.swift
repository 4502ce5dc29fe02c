import Foundation
import Testing

/// What everybody shall see is not written as long as it holds something private.
@Suite struct LeakTests {
  private static let day = ["--today", "2026-11-21"]

  private static func project(in scratch: Scratch, _ more: String = "") throws {
    try scratch.write(
      "p/project.yaml",
      """
      guide: commcare-transition
      programme:
        title: Small
        summary: Ask ada@example.org, or +999 20 555 0188.
      rfp:
        submit-to: bids@example.org
        contacts: [{name: Ada, email: Ada@example.org.test, phone: "+999 20 555 0141"}]
      answers:
        data-center.maintenance-plan:
          answer: The server db1.health.internal at 10.1.2.3 restarts at night.
          audience: public
        data-center.network-support:
          answer: https://private.example.org/x
          note: grace@example.org
        data-center.disk-growth:
          answer: It grows.
          audience: public
          evidence: [{file: evidence/log.txt, audience: public}]
      \(more)
      """)
    try scratch.write("p/evidence/log.txt", "fine\nlogin by joe@example.org\n")
    try CommandRun(["salt", "p/project.yaml"], in: scratch.folder)
  }

  @Test func documentsAreRefusedWithThePlaces() throws {
    let scratch = try Scratch()
    try Self.project(in: scratch)
    let run = try CommandRun(
      ["build", "p/project.yaml", "rfp", "tender", "--audience", "public", "-o", "out"] + Self.day,
      in: scratch.folder)
    #expect(run.status == 2)
    #expect(!FileManager.default.fileExists(atPath: scratch.folder.appending(path: "out").path))
    let lines = run.errors.split(separator: "\n").map(String.init)
    #expect(
      lines.contains {
        $0.hasPrefix("rfp.md:")
          && $0.hasSuffix(
            "error: 'ada@example.org' is an e-mail address, which everybody would see")
      })
    #expect(
      lines.contains {
        $0.hasPrefix("rfp.md:")
          && $0.hasSuffix(
            "error: '+999 20 555 0188' is a telephone number, which everybody would see")
      })
    #expect(run.errors.contains("p/project.yaml:4:12: note: it comes from here"))
    #expect(
      run.errors.contains(
        "help: take it out, keep what it stands in from the public with 'audience:', or clear it with a "
          + "reason under 'cleared:' in 'project.yaml'"))
    for other in ["bids@example.org", "example.org.test", "0141", "grace"] {
      #expect(!run.errors.contains(other), "\(other)")
    }
    // For others than everybody, nothing is looked for.
    for audience in [[], ["--audience", "bidder"], ["--audience", "auditor"]] {
      let run = try CommandRun(
        ["build", "p/project.yaml", "rfp", "-o", "out"] + audience + Self.day, in: scratch.folder)
      #expect(run.status == 0, "\(run.errors)")
    }
  }

  @Test func packsAreRefusedWithTheirEvidence() throws {
    let scratch = try Scratch()
    try Self.project(in: scratch)
    for name in ["pack", "pack.zip"] {
      let run = try CommandRun(
        ["pack", "p/project.yaml", "--audience", "public", "-o", name] + Self.day,
        in: scratch.folder)
      #expect(run.status == 2)
      for leak in [
        "evidence/log.txt:2:10: error: 'joe@example.org'", "'db1.health.internal' is the name of",
        "'10.1.2.3' is an IP address", "'ada@example.org'", "'+999 20 555 0188'",
      ] {
        #expect(run.errors.components(separatedBy: leak).count == 2, "\(leak): \(run.errors)")
      }
      #expect(!scratch.names.contains { $0.hasPrefix("pack") || $0.hasSuffix(".part") })
    }
  }

  @Test func whatIsClearedWithAReasonPasses() throws {
    let scratch = try Scratch()
    let reasons = [
      "ada@example.org", "+999 (20) 555-0188", "db1.health.internal", "10.1.2.3", "joe@example.org",
    ].map { "  - {text: \"\($0)\", reason: known to all}" }
    try Self.project(in: scratch, "cleared:\n" + reasons.joined(separator: "\n"))
    let pack = ["pack", "p/project.yaml", "--audience", "public", "-o", "pack"] + Self.day
    let run = try CommandRun(pack, in: scratch.folder)
    #expect(run.status == 0, "\(run.errors)")
    #expect(try CommandRun(["verify", "pack"], in: scratch.folder).status == 0)
    // Reasons are the owner's, and no reason clears nothing.
    #expect(!(try scratch.text("pack/data/inputs/project.yaml").contains("known to all")))
    let source = try scratch.text("p/project.yaml")
    try scratch.write("p/project.yaml", source.replacing(", reason: known to all}", with: "}"))
    let refused = try CommandRun(pack, in: scratch.folder)
    #expect(refused.errors.contains("'reason' is missing in something cleared"))
  }

  @Test func whatIsClearedForOneDocumentIsNotForAnother() throws {
    let scratch = try Scratch()
    try Self.project(
      in: scratch,
      """
      cleared:
        - {text: ada@example.org, reason: "for bidders' questions", in: rfp}
        - {text: "+999 20 555 0188", reason: a hotline}
      """)
    for (document, status) in [("rfp", 0), ("tender", 0), ("gap-report", 0)] {
      let run = try CommandRun(
        ["build", "p/project.yaml", document, "--audience", "public", "-o", "out"] + Self.day,
        in: scratch.folder)
      #expect(run.status == Int32(status), "\(document): \(run.errors)")
    }
    let source = try scratch.text("p/project.yaml")
    try scratch.write("p/project.yaml", source.replacing("in: rfp", with: "in: sla-matrix"))
    let run = try CommandRun(
      ["build", "p/project.yaml", "rfp", "--audience", "public", "-o", "-", "--format", "markdown"]
        + Self.day, in: scratch.folder)
    #expect(run.status == 2)
    #expect(run.output == "")
  }

  @Test("the example's public documents and packs hold nothing that is not public")
  func example() throws {
    let scratch = try Scratch()
    let line = """
      set -eu
      cp -r '\(CommandRun.package.path)/Examples/commcare' p
      $RFPGEN salt p/project.yaml
      $RFPGEN build p/project.yaml --audience public -o out --today 2026-11-21
      $RFPGEN build p/project.yaml tender -o own --today 2026-11-21
      cmp own/tender.yaml out/tender.yaml
      $RFPGEN pack p/project.yaml --audience public -o pack --today 2026-11-21
      $RFPGEN verify pack
      """
    let run = try CommandRun(shell: line, in: scratch.folder)
    #expect(run.status == 0, "\(run.errors)")
  }
}
