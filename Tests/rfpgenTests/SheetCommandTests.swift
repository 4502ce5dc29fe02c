import Foundation
import Testing

@Suite struct SheetCommandTests {
  /// A new project beside nothing else, and the example's answers as spreadsheets.
  private func folder() throws -> Scratch {
    let scratch = try Scratch()
    try CommandRun(
      ["init", "new", "--guide", "commcare-transition", "--title", "New"], in: scratch.folder)
    let example = CommandRun.package.appending(path: "Examples/commcare/project.yaml").path
    for ending in ["xlsx", "csv"] {
      let run = try CommandRun(["export", example, "-o", "a.\(ending)"], in: scratch.folder)
      #expect(run.status == 0, "\(run.errors)")
    }
    return scratch
  }

  @Test("a project's answers go out and come in again, its comments stay, bad rows are named")
  func project() throws {
    let scratch = try folder()
    #expect(
      scratch.names.filter { $0.hasPrefix("a") } == [
        "a-answers.csv", "a-checkpoints.csv", "a-scale.csv", "a-service-levels.csv", "a.xlsx",
      ])
    let blank = try scratch.text("new/project.yaml")
    let shown = try CommandRun(
      ["import", "a.xlsx", "new/project.yaml", "--dry-run"], in: scratch.folder)
    #expect(shown.status == 1)
    #expect(
      shown.errors.hasPrefix(
        """
        a.xlsx: sheet 'answers', row 83, column D 'answer': it must be a length of time such as '15 min', \
        '4 h', '1 business day' or '90 days', not 'by the next working day, usually'
        help: mend the cell, and import it again
        rfpgen: 132 rows taken in, 132 with something new; 1 rejected
        """))
    #expect(try scratch.text("new/project.yaml") == blank)
    try scratch.write("change.diff", shown.output)
    try scratch.write("patched.yaml", blank)
    #expect(
      try CommandRun(shell: "patch -s patched.yaml change.diff", in: scratch.folder).status == 0)

    let path = scratch.folder.appending(path: "new/project.yaml").path
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    let run = try CommandRun(["import", "a.xlsx", "new/project.yaml"], in: scratch.folder)
    #expect(run.status == 1)
    #expect(run.output == "new/project.yaml\n")
    let taken = try scratch.text("new/project.yaml")
    #expect(try scratch.text("patched.yaml") == taken)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
    #expect(mode as? Int == 0o600)
    for line in blank.components(separatedBy: "\n") where line.contains("#") {
      #expect(taken.contains(line))
    }
    #expect(taken.contains("    answer: https://docs.health.example.org/chw/architecture/v4\n"))

    // The same from CSV, and once more changes nothing.
    try scratch.write("csv/project.yaml", blank)
    for sheet in ["checkpoints", "scale", "answers", "service-levels"] {
      try CommandRun(["import", "a-\(sheet).csv", "csv/project.yaml"], in: scratch.folder)
    }
    let checks = try ["new", "csv"].map {
      try CommandRun(["check", "project.yaml"], in: scratch.folder.appending(path: $0)).output
    }
    #expect(checks[0].prefix(2000) == checks[1].prefix(2000))
    let again = try CommandRun(["import", "a.xlsx", "new/project.yaml"], in: scratch.folder)
    #expect(again.output == "")
    #expect(try scratch.text("new/project.yaml") == taken)
  }

  @Test("a file keeps its byte order mark and its line ends")
  func mark() throws {
    let scratch = try folder()
    let text = try scratch.text("new/project.yaml").replacing("\n", with: "\r\n")
    try scratch.write("new/project.yaml", "\u{FEFF}" + text)
    try scratch.write("scale.csv", "estimate,value\nmobile-users,500\n")
    let run = try CommandRun(["import", "scale.csv", "new/project.yaml"], in: scratch.folder)
    #expect(run.status == 0, "\(run.errors)")
    let path = scratch.folder.appending(path: "new/project.yaml")
    let bytes = try [UInt8](Data(contentsOf: path))
    #expect(Array(bytes.prefix(4)) == [0xEF, 0xBB, 0xBF, 0x23])
    #expect(bytes.count { $0 == 0x0D } == bytes.count { $0 == 0x0A })
  }

  @Test("a sheet that is left out makes the status 1")
  func leftOut() throws {
    let scratch = try folder()
    let changed = try CommandRun(
      program: CommandRun.package.appending(path: ".build/venv/bin/python3"),
      [
        "-c",
        """
        import openpyxl
        book = openpyxl.load_workbook("a.xlsx")
        book["scale"]["E1"].value = "value"
        book["answers"]["D83"].value = None
        book.save("a.xlsx")
        """,
      ], in: scratch.folder)
    #expect(changed.status == 0, "\(changed.errors)")
    let run = try CommandRun(
      ["import", "a.xlsx", "new/project.yaml", "--dry-run"], in: scratch.folder)
    #expect(run.status == 1)
    #expect(run.errors.contains("'value' heads two columns, so that the sheet is left out"))
  }

  @Test("a bidder without the program answers a tender in a workbook")
  func bid() throws {
    let scratch = try Scratch()
    let example = CommandRun.package.appending(path: "Examples/commcare/project.yaml").path
    for words in [
      ["build", example, "tender", "-o", ".", "--format", "markdown"],
      ["init", "bid", "--bid", "tender.yaml"],
      ["export", "tender.yaml", "-o", "response.xlsx"],
    ] {
      let run = try CommandRun(words, in: scratch.folder)
      #expect(run.status != 2, "\(run.errors)")
    }
    let answered = try CommandRun(
      program: CommandRun.package.appending(path: ".build/venv/bin/python3"),
      [
        "-c",
        """
        import openpyxl
        book = openpyxl.load_workbook("response.xlsx")
        rows = list(book["checkpoints"].iter_rows(min_row=2))
        for row in rows:
            row[3].value = "yes"
            row[4].value = "=How| we # do it"
            row[4].data_type = "s"
        rows[3][3].value = "maybe"
        sheet = book["host-options"]
        for column, value in zip("BC", ["Near Host", "NL"]):
            sheet[column + "2"].value = value
        sheet = book["cost-lines"]
        for column, value in zip("ABCDEF", ["option-1.servers", "Servers", "monthly", 5, "server", 120.5]):
            sheet[column + "2"].value = value
        book.save("response.xlsx")
        """,
      ], in: scratch.folder)
    #expect(answered.status == 0, "\(answered.errors)")
    let run = try CommandRun(["import", "response.xlsx", "bid/bid.yaml"], in: scratch.folder)
    #expect(run.status == 1)
    #expect(
      run.errors.contains(
        "row 5, column D 'confirm': it must be one of 'yes', 'partly', 'no', not 'maybe'"))
    let bid = try scratch.text("bid/bid.yaml")
    #expect(bid.contains("    confirm: yes\n    approach: \"=How| we # do it\"\n"))
    #expect(
      bid.contains(
        """
            - id: option-1
              host: Near Host
              country: NL
              note:
              lines:
                - id: servers
                  item: Servers
                  kind: monthly
                  quantity: 5
                  unit: server
                  rate: 120.5
        """), "\(bid)")
    let refused = try CommandRun(["import", "response.xlsx", "tender.yaml"], in: scratch.folder)
    #expect(refused.status == 2)
  }

  @Test(
    "what cannot be exported or imported is said",
    arguments: [
      (["export"], "'export' needs '-o FILE'"),
      (["export", "-o", "x.ods"], "'x.ods' ends in no format that is known"),
      (["export", "-o", "x.csv", "--sheet", "anwers"], "did you mean 'answers'?"),
      (["import", "none.xlsx"], "'none.xlsx' cannot be read"),
      (["import", "project.yaml"], "'rfpgen import SHEETS project.yaml'"),
      (["import", "project.yaml", "a.xlsx"], "'rfpgen import a.xlsx project.yaml'"),
    ])
  func refused(words: [String], message: String) throws {
    let run = try CommandRun(words, in: CommandRun.package.appending(path: "Examples/commcare"))
    #expect(run.status == 2)
    #expect(run.errors.contains(message), "\(run.errors)")
  }
}
