import DocModel
import Foundation
import Testing

/// The shipped example, built as the README builds it.
@Suite struct ExampleTests {
  static let project = "Examples/commcare/project.yaml"
  static let today = ["--today", "2026-11-21"]

  /// Builds the example into a folder, with words and variables added.
  static func build(
    into folder: URL, _ words: [String] = [], environment: [String: String] = [:]
  ) throws -> CommandRun {
    try CommandRun(
      ["build", project] + words + ["-o", folder.path] + today, environment: environment)
  }

  /// The examples, with the folders in which their documents stand.
  static let examples = [
    ("commcare", "output"), ("cht", "output/cht"), ("hosting", "output/hosting"),
    ("together", "output/together"),
  ]

  /// The files of the examples, with the folders in which their documents stand.
  static let files =
    examples.map { ("\($0)/project.yaml", $1) }
    + [("commcare/bids/tender.yaml", "output/bids")]
    + ["tamrin", "lakeside", "northgate"].map {
      ("commcare/bids/\($0).yaml", "output/bids/\($0)")
    }

  /// The tender that the example's bids answer is the one that its project makes.
  @Test func theTenderOfTheBidsIsTheProjects() throws {
    let package = CommandRun.package
    #expect(
      try Data(contentsOf: package.appending(path: "output/tender.yaml"))
        == Data(contentsOf: package.appending(path: "Examples/commcare/bids/tender.yaml")))
  }

  /// One bid lacks nothing, one leaves something out in every part, and one differs in a few places.
  @Test func theBidsAreOfDifferentQuality() throws {
    func rules(_ bid: String, _ status: Int32) throws -> Set<String> {
      let run = try CommandRun(
        ["check", "Examples/commcare/bids/\(bid).yaml", "--format", "json"] + Self.today)
      #expect(run.status == status, "\(run.errors)")
      let json = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
      let findings = try #require(json?["findings"] as? [[String: Any]])
      return Set(
        findings.filter { $0["severity"] as? String != "note" }.compactMap {
          $0["rule"] as? String
        })
    }
    #expect(try rules("tamrin", 0) == [])
    let gaps = try rules("lakeside", 1)
    for check in BidChecks.all {
      let own = check.rules.map(\.id)
      let isNote = own == ["support-hours"]
      #expect(
        isNote || gaps.contains { rule in own.contains { rule == $0 || rule.hasPrefix("\($0).") } },
        "\(own)")
    }
    #expect(try rules("northgate", 1).contains("offer-beyond-upstream"))
  }

  /// Taking the committed workbook into a blank bid gives the committed bid, but for comments, which are
  /// those of the day on which it was begun.
  @Test func theBidFromASpreadsheetIsWhatItsWorkbookGives() throws {
    let bids = CommandRun.package.appending(path: "Examples/commcare/bids").path
    let scratch = try Scratch()
    for words in [
      ["init", "--bid", "\(bids)/tender.yaml", "bid"],
      ["import", "\(bids)/northgate.xlsx", "bid/bid.yaml"],
    ] {
      let run = try CommandRun(words, in: scratch.folder)
      #expect(run.status == 0, "\(run.errors)")
    }
    func lines(_ text: String) -> [String] {
      text.components(separatedBy: "\n").filter {
        let line = $0.trimmingCharacters(in: .whitespaces)
        return !line.isEmpty && !line.hasPrefix("#")
      }
    }
    let committed = lines(
      try String(contentsOfFile: "\(bids)/northgate.yaml", encoding: .utf8))
    #expect(lines(try scratch.text("bid/bid.yaml")) == committed)
    #expect(committed.count > 300)
  }

  static let bids = ["tamrin", "lakeside", "northgate"].map { "Examples/commcare/bids/\($0).yaml" }

  /// Compares the example's bids, with words added.
  static func compare(_ words: [String], into folder: String) throws -> CommandRun {
    try CommandRun(
      ["compare", project] + bids + ["-o", folder] + words + today)
  }

  /// In the technical envelope there is no price, nor anything that follows from one.
  @Test func theTechnicalEnvelopeHoldsNoPrice() throws {
    let scratch = try Scratch()
    let run = try Self.compare(
      ["--envelope", "technical", "--format", "markdown,html,csv,xlsx"], into: scratch.folder.path)
    #expect(run.status == 0, "\(run.errors)")
    let text = try scratch.text("comparison.md")
    #expect(text.contains("Prices stay out"))
    let sheets = try CommandRun(
      shell: "for i in *.csv; do cat $i; done; unzip -p comparison.xlsx", in: scratch.folder)
    #expect(sheets.status == 0 && sheets.output.contains("tamrin: approach"), "\(sheets.errors)")
    let files = try text + scratch.text("comparison.html") + sheets.output
    for price in [
      "402,390", "326,604", "402390", "326604", "39,648", "Costs", "USD", "EUR", "€",
      "Dedicated servers", "Upper Teshi",
    ] {
      #expect(!files.contains(price), "\(price)")
    }
    #expect(
      text.contains("| Tamrin Systems Cooperative | 25.50 | 18.00 | 17.00 | 9.50 | 70.00 | 1 |"))
  }

  /// Prices stay closed until every technical mark is in.
  @Test func theFinancialEnvelopeWaitsForTheMarks() throws {
    let scratch = try Scratch()
    let early = try Self.compare(["--envelope", "financial"], into: scratch.folder.path)
    #expect(early.status == 2)
    #expect(early.errors.contains("prices stay closed: 'lakeside' has no mark"))
    #expect(scratch.names.isEmpty)
    let marks = try String(
      contentsOf: CommandRun.package.appending(path: "Examples/commcare/marks.yaml"),
      encoding: .utf8
    ).replacing("team: 3}", with: "team: 3, service-levels: 2}")
    try scratch.write("marks.yaml", marks)
    let file = scratch.folder.appending(path: "marks.yaml").path
    let complete = try Self.compare(
      ["--envelope", "financial", "--marks", file], into: scratch.folder.path)
    #expect(complete.status == 0, "\(complete.errors)")
    #expect(try scratch.text("comparison.md").contains("402,390.15"))
  }

  @Test(arguments: files)
  func theCommittedOutputIsWhatTheExampleGenerates(file: String, output: String) throws {
    let scratch = try Scratch()
    let isBid = file.contains("/bids/") && !file.hasSuffix("tender.yaml")
    let run = try CommandRun(
      ["build", "Examples/\(file)", "-o", scratch.folder.path]
        + (isBid ? ["--format", "markdown,html,csv,xlsx"] : []) + Self.today)
    #expect(run.status == 0)
    if file.hasSuffix("bids/tender.yaml") {
      #expect(try Self.compare([], into: scratch.folder.path).status == 0)
    }
    let committed = CommandRun.package.appending(path: output)
    let names = try FileManager.default.contentsOfDirectory(atPath: committed.path).sorted()
      .filter { name in
        [".md", ".html", ".yaml", ".csv", ".xlsx"].contains { name.hasSuffix($0) }
      }
    #expect(scratch.names == names)
    for name in names {
      let old = try Data(contentsOf: committed.appending(path: name))
      let new = try Data(contentsOf: scratch.folder.appending(path: name))
      #expect(old == new, "\(output)/\(name) is out of date: run 'sh dev example'")
      if name.hasSuffix(".md") {
        #expect(
          !(try scratch.text(name).contains("\n\n\n")), "two empty lines in \(output)/\(name)")
      }
    }
    try expectLinkedGaps(scratch)
  }

  /// Every carried guide has an example, and every file that an example names as evidence is there,
  /// unless the example says that it is not.
  @Test func everyGuideHasAnExample() throws {
    var guides: Set<String> = []
    for (example, _) in Self.examples {
      let folder = DiskFolder(
        CommandRun.package.appending(path: "Examples/\(example)").path,
        today: try #require(Day("2026-11-21")))
      let project = try Project(in: folder)
      guides.formUnion(project.guide.members.map(\.id))
      guard example == "cht" || example == "hosting" else { continue }
      let evidence =
        project.answers.values.flatMap(\.evidence) + project.claims.values.flatMap(\.evidence)
      #expect(!evidence.isEmpty)
      for piece in evidence.compactMap(\.file) {
        #expect(folder.state(of: piece) != .absent, "\(example): \(piece)")
      }
    }
    #expect(guides == Set(Guide.builtInNames))
  }

  /// Eight times as many checkpoints take about eight times as long; a square would take 64 times.
  @Test func aLargeGuideBuildsInLinearTime() throws {
    let scratch = try Scratch()
    func seconds(_ checkpoints: Int) throws -> Double {
      let tool = CommandRun.package.appending(path: "Tests/tools/generate_project.py").path
      let made = try CommandRun(
        shell: "python3 '\(tool)' \(checkpoints) \(checkpoints)", in: scratch.folder)
      try #require(made.status == 0, "\(made.errors)")
      // The shell's word `times` says how long the processor worked for its children.
      let run = try CommandRun(
        shell:
          "\"$RFPGEN\" build \(checkpoints)/project.yaml --today 2026-11-21 -o \(checkpoints)/out "
          + ">/dev/null 2>&1 && times", in: scratch.folder)
      try #require(run.status == 0, "\(run.errors)")
      let last = try #require(run.output.split(separator: "\n").last)
      return last.matches(of: #/(\d+)m([\d.]+)s/#).reduce(0) { sum, time in
        sum + 60 * (Double(time.1) ?? 0) + (Double(time.2) ?? 0)
      }
    }
    let small = try seconds(300)
    let large = try seconds(2400)
    #expect(large < small * 8 * 2, "\(small) s for 300, \(large) s for 2,400 checkpoints")
    #expect(
      try scratch.text("2400/out/checkpoint-matrix.md").matches(of: #/\(`[a-z0-9.-]+`\) \|/#).count
        == 2400)
  }

  @Test(arguments: [
    ["TZ": "Pacific/Kiritimati"], ["TZ": "America/Los_Angeles"], ["LC_ALL": "tr_TR.UTF-8"],
    ["LC_ALL": "C", "LANG": "", "HOME": "/nonexistent"],
  ])
  func theSameBytesComeOutEverywhere(environment: [String: String]) throws {
    let first = try Scratch()
    let second = try Scratch()
    _ = try Self.build(into: first.folder)
    _ = try Self.build(into: second.folder, environment: environment)
    for name in first.names {
      #expect(try first.text(name) == second.text(name), "\(name)")
    }
  }

  @Test func strictWritesNothingWhereThereIsAGap() throws {
    let scratch = try Scratch()
    let run = try Self.build(into: scratch.folder, ["rfp", "--strict"])
    #expect(run.status == 1)
    #expect(run.output == "")
    #expect(run.errors.contains("rfp has 2 gaps; nothing was written"))
    #expect(run.errors.contains("scale.case-data-per-user"))
    #expect(scratch.names.isEmpty)
  }

  @Test func strictWritesADocumentWithoutGaps() throws {
    let scratch = try Scratch()
    let run = try Self.build(into: scratch.folder, ["skills-appendix", "--strict"])
    #expect(run.status == 0)
    #expect(scratch.names == ["skills-appendix.html", "skills-appendix.md"])
  }

  @Test func everyGapIsMarkedAtItsPlaceAndListedAtTheTop() throws {
    let scratch = try Scratch()
    _ = try Self.build(into: scratch.folder)
    try expectLinkedGaps(scratch)
    #expect(try scratch.text("rfp.md").contains("#gap-scale.case-data-per-user"))
  }

  @Test func everyGapOfABlankProjectIsMarked() throws {
    let scratch = try Scratch()
    try CommandRun(["init", "blank", "--guide", "commcare-transition"], in: scratch.folder)
    let run = try CommandRun(["build", "blank/project.yaml", "-o", "out"], in: scratch.folder)
    #expect(run.status == 0)
    try expectLinkedGaps(scratch)
    #expect(try scratch.text("out/rfp.md").contains("#gap-programme.title"))
  }

  /// A leftover may stand in any field; each of these is a gap of the RFP.
  @Test func everyLeftoverIsMarked() throws {
    let scratch = try Scratch()
    let project = """
      guide: commcare-transition
      programme: {title: TBD, client: TBD, country: TBD, language: TBD, currency: TBD, \
        summary: A TBD b, current-hosting: TBD}
      rfp:
        reference: TBD
        contacts: [{name: Ada, phone: TBD}]
        criteria: [{id: a, title: TBD, weight: 100}]
        hosting-criteria: [TBD]
        annexes: [{title: TBD}]
      waivers: [{for: collected-data, kind: not-applicable, reason: TBD}]
      """
    try scratch.write("project.yaml", project)
    let run = try CommandRun(["build"], in: scratch.folder)
    #expect(run.status == 0)
    try expectLinkedGaps(scratch)
    let text = try scratch.text("output/rfp.md")
    #expect(text.contains("A TBD b"))
    #expect(text.contains("| Ada |"))
  }

  /// Every link within each page leads somewhere, and the list at the top holds exactly the gaps.
  private func expectLinkedGaps(_ scratch: Scratch) throws {
    for name in scratch.names where name.hasSuffix(".html") {
      let html = try scratch.text(name)
      let targets = Set(html.matches(of: #/\sid="([^"]+)"/#).map { String($0.1) })
      let links = html.matches(of: #/href="#([^"]+)"/#).map { String($0.1) }
      for link in links {
        #expect(targets.contains(link.removingPercentEncoding ?? link), "\(name): #\(link)")
      }
      let listed = Set(targets.filter { $0.hasPrefix("gap-") }.map { $0.dropFirst(4) })
      let marked = Set(links.filter { $0.hasPrefix("gap-") }.map { $0.dropFirst(4) })
      #expect(listed == marked, "\(name)")
    }
  }

  /// Documents, and which identifiers of the guide each must hold.
  static let holdings: [(document: String, ids: @Sendable (Guide) -> [String])] = [
    ("rfp", { $0.checkpoints.map(\.id) + $0.questions.filter { $0.by == .provider }.map(\.id) }),
    ("rfp", { titles($0, "responsibilities", "activity") }),
    ("rfp", { titles($0, "components", "title") + titles($0, "trade_offs", "title") }),
    ("rfp", { titles($0, "requirements", "title") + titles($0, "roles", "title") }),
    ("rfp", { titles($0, "deliverables", "title") + titles($0, "skills", "title") }),
    ("rfp", { $0.configurations.map(\.title) + $0.scale.map(\.title) }),
    ("sla-matrix", { $0.serviceLevels.map { "`\($0.identifier)`" } }),
    ("checkpoint-matrix", { $0.checkpoints.map(\.id) }),
    ("evidence-report", { $0.checkpoints.map(\.id) + $0.questions.map(\.id) }),
    ("skills-appendix", { titles($0, "skills", "title") + titles($0, "roles", "title") }),
  ]

  private static func titles(_ guide: Guide, _ key: String, _ field: String) -> [String] {
    guard case .list(let items)? = guide.record[key] else { return [] }
    return items.compactMap { item in
      guard case .record(let record) = item, case .text(let text)? = record[field] else {
        return nil
      }
      return text
    }
  }

  @Test func everyIdentifierIsInEveryDocumentThatShouldHoldIt() throws {
    let guide = try Guide.builtIn("commcare-transition")
    let scratch = try Scratch()
    _ = try Self.build(into: scratch.folder, ["--format", "markdown"])
    for (document, ids) in Self.holdings {
      let text = try scratch.text("\(document).md")
      let wanted = ids(guide)
      #expect(!wanted.isEmpty)
      for id in wanted { #expect(text.contains(id), "\(document) lacks \(id)") }
    }
  }

  @Test(
    "the RFP lists its sections, by the names that GitHub and the page give them",
    arguments: ["en", "fr"])
  func contents(language: String) throws {
    let scratch = try Scratch()
    try scratch.write(
      "project.yaml",
      "guide: commcare-transition\nprogramme: {title: T, language: \(language)}\n")
    let run = try CommandRun(["build", "rfp", "-o", "."], in: scratch.folder)
    #expect(run.status == 0, "\(run.errors)")
    let text = try scratch.text("rfp.md")
    let headings = text.matches(of: #/(?m)^## (.*)$/#).map(\.1)
    let list = try #require(
      text.firstMatch(of: #/<a id="contents"></a>\*\*.*\*\*\n\n((?:- .*\n)+)/#))
    let entries = list.1.matches(of: #/- \[(.*)\]\(#(.*)\)\n/#)
    #expect(headings.count > 10 && entries.map(\.1) == headings)
    let page = try scratch.text("rfp.html")
    let ids = page.matches(of: #/<h2 id="([^"]*)">/#).map(\.1)
    #expect(entries.map(\.2) == ids)
  }

  @Test func theReportCountsWhatTheDocumentsShow() throws {
    let run = try CommandRun(["check", Self.project, "--format", "json"] + Self.today)
    #expect(run.status == 1)
    let json = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
    let report = try #require(json as? [String: Any])
    #expect(
      Set(report.keys) == ["guide", "project", "today", "summary", "phases", "findings"])
    let summary = try #require(report["summary"] as? [String: Int])
    #expect(
      Set(summary.keys) == [
        "questions", "applicable", "answered", "evidenced", "current", "reviewed", "checkpoints",
        "met", "waived", "errors", "warnings",
      ])
    let phases = try #require(report["phases"] as? [[String: Any]])
    for key in summary.keys where key != "errors" && key != "warnings" {
      #expect(phases.compactMap { $0[key] as? Int }.reduce(0, +) == summary[key], "\(key)")
    }
    let gates = phases.compactMap { $0["gate"] as? String }
    #expect(gates == ["open", "closed", "closed", "closed", "waived", "closed"])
    let findings = try #require(report["findings"] as? [[String: Any]])
    for finding in findings {
      #expect(
        Set(finding.keys) == [
          "rule", "severity", "id", "message", "remedy", "file", "line", "column",
        ])
    }
    #expect(findings.count { $0["severity"] as? String == "error" } == summary["errors"])
  }

  @Test func theTextReportNamesGatesAndCauses() throws {
    let run = try CommandRun(["check", Self.project] + Self.today)
    #expect(run.status == 1)
    #expect(run.output.contains("Phase 1  System design and planning  gate open"))
    #expect(run.output.contains("gate closed"))
    #expect(run.output.contains("  unanswered:"))
    #expect(!run.output.contains("\u{1B}"))
  }

  @Test func publishingIsJudgedByWhatItNeedsAlone() throws {
    let run = try CommandRun(["check", Self.project, "--for", "rfp"] + Self.today)
    #expect(run.output.contains("scale.case-data-per-user"))
    #expect(!run.output.contains("backup-restore."))
    #expect(!run.output.contains("monitoring.error-dashboard"))
  }
}
