internal import DocModel
internal import Spreadsheets

extension Command {
  static let export = Command(
    name: "export", summary: "write what can be filled in as a spreadsheet",
    operands: [Operand("FILE", .data, .atMostOnce)],
    details: """
      Of a project: the answers to guiding questions, the estimates of scale, the service levels and the
      checkpoints. Of a tender, or of a bid: all that a bidder states. An XLSX workbook has a sheet for
      each; CSV (RFC 4180, UTF-8) is a file for each. What is filled in already stands there. The grey
      columns are to be read; 'rfpgen import' takes in the others.
      """,
    options: [
      Option(
        "output", letter: "o", value: "FILE", of: .file(["xlsx", "csv"]),
        "the file to write, XLSX or CSV by its ending; for CSV the beginning of the files' names"),
      Option(
        "sheet", value: "NAME", isRepeatable: true,
        "only this one of the sheets, such as answers or checkpoints"),
      .today,
    ],
    examples: [
      ("rfpgen export -o answers.xlsx", "all that project.yaml asks, to fill in"),
      ("rfpgen export tender.yaml -o response.xlsx", "a tender for a bidder without rfpgen"),
      ("rfpgen export bid.yaml --sheet checkpoints -o bid.csv", "one sheet as CSV"),
    ]
  ) { invocation, terminal throws(Failure) in
    guard let output = invocation["output"] else {
      throw Failure(
        "'export' needs '-o FILE'", hint: "write for example 'rfpgen export -o answers.xlsx'")
    }
    guard let format = SheetFormat.all.first(where: { output.lowercased().hasSuffix(".\($0.id)") })
    else {
      throw Failure(
        "'\(output)' ends in no format that is known",
        hint: "let it end in \(SheetFormat.all.map { ".\($0.id)" }.joined(separator: " or "))")
    }
    let file = try FilledFile(invocation.operands.first, today: invocation.today(), terminal)
    let matrices = try file.exported(named: invocation.all("sheet"))
    let parts = output.split(separator: "/", omittingEmptySubsequences: false)
    let name = String((parts.last ?? "").dropLast(format.id.utf8.count + 1))
    let folder = parts.dropLast().joined(separator: "/")
    let outputs = Outputs()
    var paths: [String] = []
    let files = try attempt { () throws(InvalidInput) in try format.files(matrices, named: name) }
    for file in files {
      let path = parts.count > 1 ? "\(folder)/\(file.name)" : file.name
      try outputs.add(path, file.bytes)
      paths.append(path)
    }
    try outputs.finish()
    for path in paths { terminal.print(path + "\n") }
    return .success
  }

  static let importing = Command(
    name: "import", summary: "take what was filled in with a spreadsheet into a project or a bid",
    operands: [
      Operand("SHEETS", .file(["xlsx", "csv"])), Operand("FILE", .data, .atMostOnce),
    ],
    details: """
      Rows are known by the identifiers in their first column, whatever their order. An empty cell says
      nothing. A row with a cell that does not fit is rejected whole, with its sheet, row, column and
      reason; the others are taken in, and the status is 1. Comments, order and layout of FILE stay as
      they are. Left out, FILE is project.yaml in the current folder, or bid.yaml where there is none.
      """,
    options: [
      Option("dry-run", "show the changes as 'diff -u' does, and write nothing"),
      .today,
    ],
    examples: [
      ("rfpgen import answers.xlsx --dry-run", "see what would change in project.yaml"),
      ("rfpgen import response.xlsx our-bid/bid.yaml", "take a filled-in tender into a bid"),
    ]
  ) { invocation, terminal throws(Failure) in
    let path = invocation.operands[0]
    let isTextFile = [".yaml", ".yml", ".json"].contains { path.hasSuffix($0) }
    guard !isTextFile else {
      let sheets = invocation.operands.count > 1 ? invocation.operands[1] : "SHEETS"
      throw Failure(
        "'\(path)' is no spreadsheet",
        hint: "name the spreadsheet first: 'rfpgen import \(sheets) \(path)'")
    }
    let bytes = try attempt { () throws(InvalidInput) in try DiskFolder.bytes(of: path) }
    let target = invocation.operands.count > 1 ? invocation.operands[1] : nil
    let file = try FilledFile(target, today: invocation.today(), terminal)
    guard file.kind != .tender else {
      throw Failure(
        "'\(file.path)' is a tender, which nothing is taken into",
        hint: "'rfpgen init --bid \(file.path) DIR' begins a bid; take the sheets into its bid.yaml"
      )
    }
    let reading = try attempt { () throws(InvalidInput) in
      try SheetReading(bytes, named: path, for: file.imported())
    }
    for note in reading.notes { terminal.note("\(path): \(note)") }
    for row in reading.rejected.prefix(Self.shownRows) {
      terminal.note("\(path): \(row)\nhelp: \(row.remedy)")
    }
    if reading.rejected.count > Self.shownRows {
      terminal.note("and \(counted(reading.rejected.count - Self.shownRows, "row")) more")
    }
    try file.change(by: reading.changes, isWritten: !invocation.has("dry-run"), terminal)
    terminal.note(
      "rfpgen: \(counted(reading.takenRows, "row")) taken in, \(reading.changedRows) with "
        + "something new; \(reading.rejected.count) rejected")
    let isWhole = reading.rejected.isEmpty && !reading.notes.contains { $0.severity == .error }
    return isWhole ? .success : .gaps
  }

  /// How many rejected rows are shown.
  private static let shownRows = 200
}

/// A project, a tender or a bid of which parts are filled in.
struct FilledFile {
  let path: String
  let source: Source
  let kind: FileKind
  let folder: DiskFolder
  /// What is handed out to be filled in.
  private let exported: @Sendable () throws(InvalidInput) -> [Matrix]
  /// What may come back: rows that were not asked for, and columns that follow from others.
  let imported: @Sendable () throws(InvalidInput) -> [Matrix]
  private let check: @Sendable (Source) throws(InvalidInput) -> Void

  /// Reads the file that an invocation names, or the project or the bid in the current folder.
  init(_ path: String?, today: Day, _ terminal: Terminal) throws(Failure) {
    let path =
      path
      ?? (Disk.exists(Project.fileName) || !Disk.exists(Bid.fileName)
        ? Project.fileName : Bid.fileName)
    let source = try Workspace.source(path, terminal)
    let kind = FileKind(source)
    let folder = Workspace.folder(of: path, today: today)
    self.path = path
    self.source = source
    self.kind = kind
    self.folder = folder
    switch kind {
    case .project:
      let project = try attempt { () throws(InvalidInput) in try Project(source, in: folder) }
      exported = { () throws(InvalidInput) in try Assessment(project, in: folder).matrices() }
      imported = { () throws(InvalidInput) in try project.matrices() }
    case .tender:
      let tender = try attempt { () throws(InvalidInput) in try Tender(source) }
      exported = { () throws(InvalidInput) in try tender.matrices() }
      imported = exported
    case .bid:
      let bid = try attempt { () throws(InvalidInput) in try Bid(source, in: folder) }
      exported = { () throws(InvalidInput) in try bid.matrices() }
      imported = { () throws(InvalidInput) in try BidAssessment(bid, in: folder).matrices() }
    }
    check = { source throws(InvalidInput) in
      switch kind {
      case .project: _ = try Project(source, in: folder)
      case .tender: _ = try Tender(source)
      case .bid: _ = try Bid(source, in: folder)
      }
    }
  }

  /// What is handed out, of some names or all of it.
  func exported(named names: [String]) throws(Failure) -> [Matrix] {
    let matrices = try attempt { () throws(InvalidInput) in try exported() }
    if names.isEmpty { return matrices }
    let known = matrices.map(\.name)
    for name in names where !known.contains(name) {
      throw Failure(
        "there is no sheet '\(name)'",
        hint: nearest(to: name, among: known).map { "did you mean '\($0)'?" }
          ?? "the sheets are \(known.joined(separator: ", "))")
    }
    return matrices.filter { names.contains($0.name) }
  }

  /// Changes the file, or shows how it would be changed.
  func change(
    by changes: [FileChange], isWritten: Bool, _ terminal: Terminal
  ) throws(Failure) {
    guard path != Disk.standardInput else {
      throw Failure("standard input cannot be changed", hint: "name the file")
    }
    let changed = try attempt { () throws(InvalidInput) in
      let changed = try source.changed(by: changes)
      try check(changed.new)
      return changed
    }
    guard isWritten else {
      terminal.print(changed.unifiedDiff)
      return
    }
    if changed.isEmpty { return }
    let outputs = Outputs()
    // A link goes on leading to the file.
    try outputs.add(Disk.target(of: path), source.byteOrderMark + changed.new.bytes)
    try outputs.finish()
    terminal.print(path + "\n")
  }
}
