internal import DocModel
internal import EvidencePacks
internal import Renderers
internal import Spreadsheets

extension Command {
  static let build = Command(
    name: "build", summary: "make documents from a project, tender or bid file",
    operands: [
      Operand("FILE", .data, .atMostOnce),
      Operand("DOCUMENT", .oneOf(documentNames), .anyNumber),
    ],
    details: """
      documents of a project (all of them when none is named):
      \(described(Document.all))

      documents of a tender file and of a bid file, beside which its tender lies:
      \(described(Document.forTender + Document.forBid))

      A draft with gaps is made all the same: each gap is marked at its place and counted. With
      --strict nothing is written where a document asked for has a gap, and the status is 1.
      Templates in a folder 'templates' beside the project file take the place of built-in ones.
      PDF is the HTML page on paper, printed by Chromium (tagged, with bookmarks) or WeasyPrint.
      CSV and XLSX hold what documents say in tables, with the sheets of 'rfpgen export' and columns
      that follow from them: \(sheetDocuments.prefix(4).joined(separator: ", ")),
      \(sheetDocuments.dropFirst(4).joined(separator: ", ")).
      A blank-bid comes as XLSX too, to be filled in, where no format is named.
      """,
    options: [
      Option(
        "output", letter: "o", value: "DIR", of: .folder,
        "where to write; - for standard output; output when left out"),
      .formats, .paper, .pdfPrinter, .pdfTimeout,
      Option("strict", "write nothing where there is a gap"),
      .audience, .today,
    ],
    examples: [
      ("rfpgen build", "all documents of project.yaml, into output/"),
      ("rfpgen build our-bid/bid.yaml bid-response", "a bid as one document"),
      ("rfpgen build rfp --strict", "the RFP, only if nothing is missing in it"),
      ("rfpgen build our-bid/bid.yaml cost-estimate --format xlsx", "a bid's costs as a workbook"),
      ("rfpgen build rfp tender --audience public", "what everybody may see of both"),
      ("rfpgen build rfp --format pdf", "the RFP on paper, if Chromium or WeasyPrint is installed"),
      (
        "rfpgen build programme/project.yaml rfp --format markdown -o -",
        "the RFP on standard output"
      ),
    ]
  ) { invocation, terminal throws(Failure) in
    let (file, words) = try Workspace.split(invocation.operands)
    let today = try invocation.today()
    let formats = try invocation.formats(today: today)
    let source = try Workspace.source(file, terminal)
    let kind = FileKind(source)
    let sheetFormats = sheetFormats(invocation, kind)
    let documents = try documents(words, of: kind, sheetFormats, hasOthers: !formats.isEmpty)
    // The templates that the program carries need nothing of the file: they are compiled meanwhile.
    let carried = Later(begins: false) { () -> Result<CarriedTemplates, InvalidInput> in
      Result { () throws(InvalidInput) in
        try CarriedTemplates(documents, in: Workspace.folder(of: file, today: today))
      }
    }
    let material = try Material(
      kind, source, at: file, for: invocation.audience, today: today, terminal,
      alongside: carried.begin)
    let folder = invocation["output"] ?? "output"
    if folder == Disk.standardInput, documents.count * (formats.count + sheetFormats.count) != 1 {
      throw Failure(
        "'-o -' takes one document in one format",
        hint: "write for example 'rfpgen build rfp --format markdown -o -'")
    }
    let build = Build(
      documents: documents, formats: formats, sheetFormats: sheetFormats,
      paper: invocation.paper, material: material)
    if invocation.has(Option.strict), build.hasHoles {
      // A copy for an audience has lines of its own.
      let own =
        invocation.audience == nil
        ? material
        : try Material(kind, source, at: file, for: nil, today: today, terminal, alongside: {})
      build.report(placedAsIn: own, terminal)
      return .gaps
    }
    terminal.progress?.stage("reading templates")
    let language = try attempt { () throws(InvalidInput) in
      try Language(tag: material.model.language, in: material.folder)
    }
    warn(of: language, where: material.model.language, terminal)
    let renderer = try attempt { () throws(InvalidInput) in
      try DocumentRenderer(
        documents, names: material.names, language: language, in: material.folder,
        carried.result.get())
    }
    defer {
      Allocation.keep(build)
      Allocation.keep(carried)
    }
    terminal.progress?.stage("making documents:", of: documents.count)
    if folder == Disk.standardInput {
      let files = try build.files(of: documents[0], renderer)
      guard files.count == 1 else {
        throw Failure(
          "'\(documents[0].id)' is several files as \(sheetFormats[0].id)",
          hint: "name a folder with '-o DIR'")
      }
      terminal.write(files[0].bytes)
    } else {
      for path in try build.write(renderer, to: folder, terminal.progress) {
        terminal.print(path + "\n")
      }
    }
    build.report(terminal)
    return .success
  }

  /// Says so where the words of documents stay in another language than the one that is asked for.
  private static func warn(of language: Language, where wanted: String, _ terminal: Terminal) {
    func main(_ tag: String) -> String {
      tag.split(separator: "-").first.map { $0.lowercased() } ?? ""
    }
    guard main(language.tag) != main(wanted) else { return }
    terminal.note(
      "rfpgen: warning: there is no catalogue of '\(wanted)': what the documents say of themselves stays English\n"
        + "help: write '\(Language.folder)/\(wanted).po' beside the file, or take 'language:' out"
    )
  }

  /// All names of documents, each once.
  private static let documentNames: [String] = {
    var names: [String] = []
    for document in Document.all + Document.forTender + Document.forBid
    where !names.contains(document.id) {
      names.append(document.id)
    }
    return names
  }()

  private static func described(_ documents: [Document]) -> String {
    documents.map { "  \($0.id.padded(to: 19))\($0.summary)" }.joined(separator: "\n")
  }

  /// The documents that are spreadsheets too.
  private static let sheetDocuments = documentNames.filter { name in
    (Document.all + Document.forTender + Document.forBid).contains {
      $0.id == name && !$0.sheets.isEmpty
    }
  }

  private static func documents(
    _ words: [String], of kind: FileKind, _ sheetFormats: [SheetFormat], hasOthers: Bool
  ) throws(Failure) -> [Document] {
    let all = kind.documents
    if words.isEmpty { return hasOthers ? all : all.filter { !$0.sheets.isEmpty } }
    var documents: [Document] = []
    for word in words {
      guard let document = all.first(where: { $0.id == word }) else {
        if documentNames.contains(word) {
          throw Failure(
            "there is no document '\(word)' of \(kind.title)",
            hint: "there are \(all.map(\.id).joined(separator: ", "))")
        }
        let near = nearest(to: word, among: all.map(\.id))
        throw Failure(
          "there is no document '\(word)'",
          hint: near.map { "did you mean '\($0)'?" }
            ?? "the documents are \(all.map(\.id).joined(separator: ", "))")
      }
      if let format = sheetFormats.first, document.sheets.isEmpty {
        throw Failure(
          "'\(word)' cannot be written as \(format.id)",
          hint:
            "it can be of \(all.filter { !$0.sheets.isEmpty }.map(\.id).joined(separator: ", "))")
      }
      if !documents.contains(document) { documents.append(document) }
    }
    return documents
  }

  /// The formats of spreadsheets that are asked for; a blank bid is filled in as a workbook.
  private static func sheetFormats(_ invocation: Invocation, _ kind: FileKind) -> [SheetFormat] {
    !invocation.has(Option.formats.name) && kind == .tender ? [.xlsx] : invocation.sheetFormats
  }
}

extension FileKind {
  /// The documents that are made of such a file.
  fileprivate var documents: [Document] {
    switch self {
    case .project: Document.all
    case .tender: Document.forTender
    case .bid: Document.forBid
    }
  }
}

/// What documents are made of, whichever kind of file was given.
private struct Material {
  let model: any DocumentSource
  let names: RecordShape
  let folder: DiskFolder
  /// The state of a project, of which a tender can be made.
  let assessment: Assessment?
  /// What looks for leaks where everybody shall see what is made.
  let leakCheck: LeakCheck?

  /// Reads the file; `alongside` begins what can be done meanwhile, behind what the reading waits for.
  init(
    _ kind: FileKind, _ source: Source, at path: String?, for audience: Audience?, today: Day,
    _ terminal: Terminal, alongside: () -> Void
  ) throws(Failure) {
    if audience != nil, kind != .project {
      throw Failure(
        "'--audience' is for a project: \(kind.title) is for those it is made for, whole",
        hint: "leave '--audience' out")
    }
    switch kind {
    case .project:
      let workspace = try Workspace(
        source, at: path, for: audience, today: today, terminal, alongside: alongside)
      model = DocumentModel(workspace.assessment)
      names = DocumentModel.names(for: workspace.project.guide)
      folder = workspace.folder
      assessment = workspace.assessment
      leakCheck = workspace.leakCheck
    case .tender:
      alongside()
      let tender = try attempt { () throws(InvalidInput) in try Tender(source) }
      model = TenderModel(tender, today: today)
      names = TenderModel.names
      folder = Workspace.folder(of: path, today: today)
      assessment = nil
      leakCheck = nil
    case .bid:
      alongside()
      let workspace = try BidWorkspace(source, at: path, today: today, terminal)
      model = BidModel(workspace.assessment)
      names = BidModel.names
      folder = workspace.folder
      assessment = nil
      leakCheck = nil
    }
  }
}

/// The documents of one run.
private final class Build: Sendable {
  let documents: [Document]
  let formats: [OutputFormat]
  let sheetFormats: [SheetFormat]
  let paper: HTMLPage.Paper
  let material: Material
  /// The gaps of each document.
  private let holes: [[Hole]]

  init(
    documents: [Document], formats: [OutputFormat], sheetFormats: [SheetFormat],
    paper: HTMLPage.Paper, material: Material
  ) {
    self.documents = documents
    self.formats = formats
    self.sheetFormats = sheetFormats
    self.paper = paper
    self.material = material
    holes = documents.map { material.model.holes(of: $0) }
  }

  /// Whether any document has a gap.
  var hasHoles: Bool { holes.contains { !$0.isEmpty } }

  /// A document on the paper that was asked for.
  func rendered(
    _ document: Document, _ renderer: DocumentRenderer
  ) throws(InvalidInput) -> RenderedDocument {
    var rendered = try renderer.render(document, material.model)
    rendered.paper = paper
    return rendered
  }

  /// The files of a document, in all formats that it has.
  func files(
    of document: Document, _ renderer: DocumentRenderer
  ) throws(Failure) -> [(name: String, bytes: [UInt8])] {
    try attempt { () throws(InvalidInput) in
      var files: [(name: String, bytes: [UInt8])] = []
      if !formats.isEmpty {
        let rendered = try rendered(document, renderer)
        try refuseLeaks(rendered.markdown, in: "\(document.id).md")
        for format in formats {
          files.append(
            ("\(document.id).\(format.fileExtension)", try rendered.written(as: format)))
        }
      }
      if !sheetFormats.isEmpty, !document.sheets.isEmpty {
        let matrices = try material.model.matrices(of: document)
        if material.leakCheck != nil {
          for format in SheetFormat.all where format.id == "csv" {
            for file in try format.files(matrices, named: document.id) {
              try refuseLeaks(file.bytes, in: file.name)
            }
          }
        }
        for format in sheetFormats {
          for file in try format.files(matrices, named: document.id) {
            files.append((file.name, file.bytes))
          }
        }
      }
      return files
    }
  }

  /// Refuses what everybody shall see, where it holds something private.
  private func refuseLeaks(_ bytes: [UInt8], in name: String) throws(InvalidInput) {
    guard let check = material.leakCheck else { return }
    let problems = check.problems(in: String(decoding: bytes, as: UTF8.self), of: name)
    if !problems.isEmpty { throw InvalidInput(problems) }
  }

  /// Writes all files into a folder; they take their places when all are rendered.
  func write(
    _ renderer: DocumentRenderer, to folder: String, _ progress: Progress?
  ) throws(Failure) -> [String] {
    let outputs = Outputs()
    // What takes longest is begun first.
    let order = documents.indices.sorted { documents[$0].isLong && !documents[$1].isLong }
    let tender = documents.contains(.tender) ? material.assessment : nil
    let results = concurrently(order + (tender == nil ? [] : [documents.count])) { [self] number in
      Result { () throws(Failure) in
        if let tender, number == documents.count {
          return try write(tender, to: folder, outputs)
        }
        defer { progress?.step() }
        var paths: [String] = []
        for file in try files(of: documents[number], renderer) {
          let path = Disk.join(folder, file.name)
          try outputs.add(path, file.bytes)
          paths.append(path)
        }
        return paths
      }
    }
    var paths: [String] = []
    // What is wrong is told of all documents, not of the first alone, and once where it is the same.
    var failures: [Diagnostic] = []
    for case .failure(let failure) in results {
      failures += failure.diagnostics.filter { !failures.contains($0) }
    }
    if !failures.isEmpty { throw Failure(failures) }
    for result in results { paths += try result.get() }
    try outputs.finish()
    return paths
  }

  /// Writes the tender of a project as a file for bidders.
  private func write(
    _ assessment: Assessment, to folder: String, _ outputs: Outputs
  ) throws(Failure) -> [String] {
    let tender = try attempt { () throws(InvalidInput) in try Tender(of: assessment) }
    let path = Disk.join(folder, Tender.fileName)
    let text = Array(tender.text(digest: tender.contentDigest).utf8)
    try attempt { () throws(InvalidInput) in try refuseLeaks(text, in: Tender.fileName) }
    try outputs.add(path, text)
    return [path]
  }

  /// Says on standard error how many gaps each document has; with the file as its owner has it also which, and
  /// where, since nothing is written then.
  func report(placedAsIn own: Material? = nil, _ terminal: Terminal) {
    for (document, holes) in zip(documents, holes) where !holes.isEmpty {
      let count = counted(holes.count, "gap")
      terminal.note(
        "rfpgen: \(document.id) has \(count)" + (own == nil ? "" : "; nothing was written"))
      guard let own else { continue }
      func name(_ finding: Finding) -> [String] { [finding.rule, finding.id, finding.message] }
      let places = Dictionary(
        own.model.holes(of: document).flatMap(\.findings).map { (name($0), $0.location) },
        uniquingKeysWith: { first, _ in first })
      for finding in holes.flatMap(\.findings) {
        let place = places[name(finding)].map(\.description) ?? finding.location.file
        terminal.note(
          "\(place): \(finding.severity.rawValue): \(finding.id): \(finding.message)\n"
            + "help: \(finding.remedy)")
      }
    }
  }
}

extension Tender {
  /// The digest of its content, as its file states it.
  var contentDigest: String { "sha256:\(Digest(of: content))" }
}
