import Foundation
import Testing

/// Documents on paper: `build --format pdf`.
struct PDFTests {
  private static let project = "Examples/commcare/project.yaml"
  private static let day = ["--today", "2026-11-21"]

  /// The output of a Debian program, which says what is missing where it isn't there.
  private static func tool(_ name: String, package: String, _ words: [String]) throws -> String {
    try #require(
      FileManager.default.isExecutableFile(atPath: "/usr/bin/\(name)"),
      "'\(name)' is missing; apt-get install \(package)")
    let run = try CommandRun(
      program: URL(filePath: "/usr/bin/\(name)"), words, in: CommandRun.package)
    #expect(run.status == 0, "\(name) \(words): \(run.output) \(run.errors)")
    return run.output
  }

  private static func folder(of scratch: Scratch) -> String {
    scratch.folder.appending(path: "out").path
  }

  @Test func chromiumPrintsTheSamePageTaggedAndWithBookmarks() throws {
    let scratch = try Scratch()
    let out = Self.folder(of: scratch)
    let temporary = URL(filePath: "/tmp/rfpgen-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: temporary) }
    let words = ["build", Self.project, "--format", "pdf,html", "-o", out] + Self.day
    let run = try CommandRun(
      words + ["rfp", "evidence-report"], environment: ["TMPDIR": temporary.path])
    #expect(run.status == 0, "\(run.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.path) == [])
    for (name, least) in [("rfp", 12), ("evidence-report", 15)] {
      let pdf = "\(out)/\(name).pdf"
      _ = try Self.tool("qpdf", package: "qpdf", ["--check", pdf])
      let info = try Self.tool("pdfinfo", package: "poppler-utils", [pdf])
      #expect(info.contains(/Tagged: +yes/))
      #expect(info.contains(/Page size: +59[0-9.]+ x 84[0-9.]+ pts \(A4\)/))
      #expect(info.contains("Community Health Worker System on National Servers"))
      #expect(info.contains(/CreationDate: +Sat Nov 21 00:00:00 2026/))
      let pages = try #require(info.firstMatch(of: /Pages: +([0-9]+)/).flatMap { Int($0.1) })
      #expect(pages >= least)
      try expectOutline(pdf, ofPage: scratch.text("out/\(name).html"))
      try expectPaper(pdf, pages: pages)
    }
    // The same document, printed with others or alone, has the same bytes.
    let alone = try CommandRun(words + ["rfp"])
    #expect(alone.status == 0)
    let again = scratch.folder.appending(path: "out/rfp.pdf")
    let before = try Data(contentsOf: again)
    _ = try CommandRun(words + ["rfp", "skills-appendix"])
    #expect(try Data(contentsOf: again) == before)
  }

  /// The bookmarks are the page's headings, in their order.
  private func expectOutline(_ pdf: String, ofPage html: String) throws {
    let json = try Self.tool("qpdf", package: "qpdf", ["--json", "--json-key=outlines", pdf])
    let outline = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
    func titles(_ items: Any?) -> [String] {
      (items as? [[String: Any]] ?? []).flatMap {
        [($0["title"] as? String ?? "")] + titles($0["kids"])
      }
    }
    let headings = html.matches(of: /<h[1-6][^>]*>(.*?)<\/h[1-6]>/).map {
      String($0.1).replacing(/<[^>]*>/, with: "").replacing("&amp;", with: "&")
        .replacing("&quot;", with: "\"").trimmingCharacters(in: .whitespaces)
    }
    let found = titles(outline?["outlines"]).map { $0.trimmingCharacters(in: .whitespaces) }
    #expect(found == headings)
  }

  /// All pages are numbered, nothing runs off the paper, and what is folded on screen is open.
  private func expectPaper(_ pdf: String, pages: Int) throws {
    let boxes = try Self.tool("pdftotext", package: "poppler-utils", ["-bbox", pdf, "-"])
    let sheets = boxes.components(separatedBy: "<page ").dropFirst()
    #expect(sheets.count == pages)
    for (index, sheet) in sheets.enumerated() {
      let words = sheet.matches(
        of:
          /<word xMin="([-0-9.]+)" yMin="([-0-9.]+)" xMax="([0-9.]+)" yMax="([0-9.]+)">(.*?)<\/word>/
      )
      #expect(words.suffix(3).map { String($0.5) } == ["\(index + 1)", "/", "\(pages)"])
      for word in words {
        let isOnPaper =
          (Double(word.1) ?? 0) > 45 && (Double(word.3) ?? 999) < 550
          && (Double(word.2) ?? 0) > 20 && (Double(word.4) ?? 999) < 830
        #expect(isOnPaper, "'\(word.5)' runs off page \(index + 1)")
      }
    }
    if pdf.hasSuffix("evidence-report.pdf") {
      #expect(boxes.contains(">maintenance.issue-triage<"))
    }
  }

  /// Every page of the examples, printed by one Chromium: nothing runs off, no heading stands at a foot, all
  /// sheets are numbered, and what is folded on screen is open.
  @Test func everyPageOfTheExamplesFitsThePaper() throws {
    let run = try CommandRun(
      program: CommandRun.package.appending(path: ".build/venv/bin/python3"),
      ["Tests/tools/print-pages.py", "output"], in: CommandRun.package)
    try #require(run.status == 0, "\(run.errors): 'sh dev test' installs what is missing")
    let json = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    #expect(json?["pages"] as? Int == 7 * 4 + 6 * 3 + 2)
    #expect(json?["findings"] as? [String] == [])
  }

  @Test func letterPaperCanBeAskedFor() throws {
    let scratch = try Scratch()
    let pdf = scratch.folder.appending(path: "a.pdf").path
    let words = "\(Self.project) skills-appendix --format pdf --paper letter -o -"
    let run = try CommandRun(shell: "\"$RFPGEN\" build \(words) > \(pdf)", in: CommandRun.package)
    #expect(run.status == 0, "\(run.errors)")
    let info = try Self.tool("pdfinfo", package: "poppler-utils", [pdf])
    #expect(info.contains(/Page size: +612 x 79[0-9.]+ pts/))
  }

  /// Bids beside one another, on the paper that is asked for.
  @Test func comparisonsArePrintedToo() throws {
    let scratch = try Scratch()
    let bids = ["tamrin", "lakeside", "northgate"].map { "Examples/commcare/bids/\($0).yaml" }
    let words = ["compare", Self.project] + bids + Self.day + ["-o", Self.folder(of: scratch)]
    let run = try CommandRun(
      words + ["--format", "pdf", "--paper", "letter", "--pdf-printer", "weasyprint"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(scratch.names == ["out", "out/comparison.pdf"])
    let pdf = "\(Self.folder(of: scratch))/comparison.pdf"
    let info = try Self.tool("pdfinfo", package: "poppler-utils", [pdf])
    #expect(info.contains(/Page size: +612 x 79[0-9.]+ pts/))
    let text = try Self.tool("pdftotext", package: "poppler-utils", [pdf, "-"])
    #expect(text.contains("Gaps of each bid"))
    let refused = try CommandRun(words + ["--pdf-timeout", "9"])
    #expect(refused.status == 2)
    #expect(refused.errors.contains("'--pdf-timeout' has nothing to print"))
  }

  /// A document of each kind of file, with words that stand at its end.
  @Test(arguments: [
    (project, "evidence-report", ["maintenance.issue-triage", "Sign-off"]),
    ("Examples/hosting/project.yaml", "sla-matrix", ["What an availability allows"]),
    ("Examples/commcare/bids/lakeside.yaml", "cost-estimate", ["Lakeside Zone One"]),
    ("Examples/commcare/bids/tender.yaml", "blank-bid", ["Organisation"]),
  ])
  func weasyPrintPrintsThePage(file: String, document: String, words: [String]) throws {
    let scratch = try Scratch()
    let out = Self.folder(of: scratch)
    let run = try CommandRun(
      ["build", file, document, "--format", "pdf", "-o", out, "--pdf-printer", "weasyprint"]
        + Self.day)
    #expect(run.status == 0, "\(run.errors)")
    let pdf = "\(out)/\(document).pdf"
    _ = try Self.tool("qpdf", package: "qpdf", ["--check", pdf])
    let info = try Self.tool("pdfinfo", package: "poppler-utils", [pdf])
    #expect(info.contains(/Tagged: +yes/))
    let text = try Self.tool("pdftotext", package: "poppler-utils", [pdf, "-"])
    for word in words { #expect(text.contains(word), "\(word)") }
  }

  /// Printers that fail, each as a script, with what is said of it.
  static let failing: [(name: String, script: String, says: String)] = [
    (
      "fails", "echo no paper >&2; exit 3",
      "could not print 'rfp': exit status 3\nhelp: it said: no paper"
    ),
    ("silent", "exit 0", "could not print 'rfp': it wrote nothing\nhelp: run it by hand"),
    ("killed", "kill -9 $$", "could not print 'rfp': exit status 137"),
    (
      "other",
      #"for word; do case "$word" in --print-to-pdf=*) echo no > "${word#*=}";; esac; done"#,
      "is no PDF"
    ),
    (
      "hangs", "yes | head -c 1000000 >&2; echo; echo waiting for a tray >&2; sleep 60 & sleep 60",
      "it took longer than 1 seconds\nhelp: it said: "
    ),
  ]

  @Test(arguments: failing.indices) func aPrinterThatFailsIsNamed(_ index: Int) throws {
    let (name, script, says) = Self.failing[index]
    let scratch = try Scratch()
    let printer = try scratch.write("bin/\(name)", "#!/bin/sh\n\(script)\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: printer.path)
    try scratch.write("tmp/.keep", "")
    let start = Date.now
    let run = try CommandRun(
      [
        "build", Self.project, "rfp", "--format", "pdf", "-o", Self.folder(of: scratch),
        "--pdf-printer", printer.path, "--pdf-timeout", name == "hangs" ? "1" : "60",
      ] + Self.day, environment: ["TMPDIR": scratch.folder.appending(path: "tmp").path])
    #expect(run.status == 2)
    #expect(run.errors.contains(says), "\(run.errors)")
    #expect(Date.now.timeIntervalSince(start) < 50, "what the printer started is ended with it")
    #expect(scratch.names == ["bin", "bin/\(name)", "tmp", "tmp/.keep"])
  }

  static let refused: [(words: [String], says: String)] = [
    (
      ["--format", "pdf", "--pdf-printer", "/no/where"],
      "'/no/where' cannot be run: No such file or directory"
    ),
    (["--format", "pdf", "--pdf-timeout", "soon"], "'--pdf-timeout' must be a number of seconds"),
    (["--format", "html", "--pdf-timeout", "9"], "'--pdf-timeout' has nothing to print"),
    (["--paper", "a5"], "'--paper' does not know 'a5'"),
  ]

  @Test(arguments: refused.indices) func wrongWordsAreRefused(_ index: Int) throws {
    let scratch = try Scratch()
    let run = try CommandRun(
      ["build", Self.project, "rfp", "-o", Self.folder(of: scratch)] + Self.refused[index].words)
    #expect(run.status == 2)
    #expect(run.errors.contains(Self.refused[index].says), "\(run.errors)")
    #expect(scratch.names == [])
  }

  @Test func withoutAPrinterTheCommandSaysWhatToInstall() throws {
    let scratch = try Scratch()
    let run = try CommandRun(
      ["build", Self.project, "rfp", "--format", "pdf", "-o", Self.folder(of: scratch)],
      environment: ["PATH": scratch.folder.path])
    #expect(run.status == 2)
    #expect(run.errors.contains("'apt-get install chromium'"))
  }
}
