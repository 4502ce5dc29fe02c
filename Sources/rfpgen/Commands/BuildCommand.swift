internal import DocModel
internal import EvidencePacks
internal import Renderers

extension Command {
  static let build = Command(
    name: "build", summary: "make documents from a project file",
    operands: [
      Operand("FILE", .data, .atMostOnce),
      Operand("DOCUMENT", .oneOf(Document.all.map(\.id)), .anyNumber),
    ],
    details: """
      documents (all of them when none is named):
      \(Document.all.map { "  \($0.id.padded(to: 19))\($0.summary)" }.joined(separator: "\n"))

      A draft with gaps is made all the same: each gap is marked at its place and counted. With
      --strict nothing is written where a document asked for has a gap, and the status is 1.
      Templates in a folder 'templates' beside the project file take the place of built-in ones.
      PDF is the HTML page on paper, printed by Chromium (tagged, with bookmarks) or WeasyPrint.
      """,
    options: [
      Option(
        "output", letter: "o", value: "DIR", of: .folder,
        "where to write; - for standard output; output when left out"),
      Option(
        "format", value: "FORMATS", of: .someOf(OutputFormat.all.map(\.id) + [OutputFormat.pdfID]),
        "the formats to write, with commas between; markdown,html when left out"),
      Option(
        "paper", value: "PAPER", of: .oneOf(["a4", "letter"]),
        "what pages are printed on; a4 when left out"),
      Option(
        "pdf-printer", value: "PATH", of: .file(),
        "what prints PDF; the first of Chromium and WeasyPrint that is found when left out"),
      Option(
        "pdf-timeout", value: "SECONDS", "how long printing may take; 120 when left out"),
      Option("strict", "write nothing where there is a gap"),
      .today,
    ],
    examples: [
      ("rfpgen build", "all documents of project.yaml, into output/"),
      ("rfpgen build rfp --strict", "the RFP, only if nothing is missing in it"),
      ("rfpgen build rfp --format pdf", "the RFP on paper, if Chromium or WeasyPrint is installed"),
      (
        "rfpgen build programme/project.yaml rfp --format markdown -o -",
        "the RFP on standard output"
      ),
    ]
  ) { invocation, terminal throws(Failure) in
    var words = invocation.operands
    let file = words.first.flatMap { Workspace.isFile($0) ? $0 : nil }
    if file != nil { words.removeFirst() }
    let documents = try documents(words)
    // The templates that the program carries need nothing of the project: they are compiled meanwhile.
    let today = try invocation.today()
    let formats = try formats(invocation, today)
    let carried = Later { () -> Result<CarriedTemplates, InvalidInput> in
      Result { () throws(InvalidInput) in
        try CarriedTemplates(documents, in: Workspace.folder(of: file, today: today))
      }
    }
    let workspace = try Workspace(file, today: today, terminal)
    let folder = invocation["output"] ?? "output"
    if folder == Disk.standardInput, documents.count * formats.count != 1 {
      throw Failure(
        "'-o -' takes one document in one format",
        hint: "write for example 'rfpgen build rfp --format markdown -o -'")
    }
    let model = DocumentModel(workspace.assessment)
    let build = Build(
      documents: documents, formats: formats,
      paper: invocation["paper"] == "letter" ? .letter : .a4,
      model: model)
    if invocation.has(Option.strict), build.hasHoles {
      build.report(strict: true, terminal)
      return .gaps
    }
    terminal.progress?.stage("reading templates")
    let renderer = try attempt { () throws(InvalidInput) in
      let language = try Language(tag: workspace.project.language, in: workspace.folder)
      return try DocumentRenderer(
        documents, names: DocumentModel.names(for: workspace.project.guide), language: language,
        in: workspace.folder, carried.result.get())
    }
    // The process is about to end: to take all values apart first would only take time.
    defer { for large: AnyObject in [build, carried] { _ = Unmanaged.passRetained(large) } }
    terminal.progress?.stage("making documents:", of: documents.count)
    if folder == Disk.standardInput {
      let bytes = try attempt { () throws(InvalidInput) in
        try build.rendered(documents[0], renderer).written(as: formats[0])
      }
      terminal.write(bytes)
    } else {
      for path in try build.write(renderer, to: folder, terminal.progress) {
        terminal.print(path + "\n")
      }
    }
    build.report(strict: false, terminal)
    return .success
  }

  private static func documents(_ words: [String]) throws(Failure) -> [Document] {
    if words.isEmpty { return Document.all }
    var documents: [Document] = []
    for word in words {
      guard let document = Document.named(word) else {
        let near = nearest(to: word, among: Document.all.map(\.id))
        throw Failure(
          "there is no document '\(word)'",
          hint: near.map { "did you mean '\($0)'?" }
            ?? "the documents are \(Document.all.map(\.id).joined(separator: ", "))")
      }
      if !documents.contains(document) { documents.append(document) }
    }
    return documents
  }

  private static func formats(
    _ invocation: Invocation, _ today: Day
  ) throws(Failure) -> [OutputFormat] {
    let words = invocation["format"]?.split(separator: ",").map(String.init)
    let formats = OutputFormat.all.filter { words?.contains($0.id) ?? true }
    guard words?.contains(OutputFormat.pdfID) ?? false else {
      for option in ["pdf-printer", "pdf-timeout"] where invocation.has(option) {
        throw Failure("'--\(option)' has nothing to print", hint: "add '--format pdf'")
      }
      return formats
    }
    let patience = invocation["pdf-timeout"] ?? String(PDFPrinter.patience)
    guard let seconds = Int(patience), (1...86_400).contains(seconds) else {
      throw Failure("'--pdf-timeout' must be a number of seconds, not '\(patience)'")
    }
    return formats + [
      .pdf(try PDFPrinter(invocation["pdf-printer"], seconds: seconds, today: today))
    ]
  }
}

/// The documents of one run.
private final class Build: Sendable {
  let documents: [Document]
  let formats: [OutputFormat]
  let paper: HTMLPage.Paper
  let model: DocumentModel
  /// The gaps of each document.
  private let holes: [[Hole]]

  init(
    documents: [Document], formats: [OutputFormat], paper: HTMLPage.Paper, model: DocumentModel
  ) {
    self.documents = documents
    self.formats = formats
    self.paper = paper
    self.model = model
    holes = documents.map { model.holes(of: $0) }
  }

  /// Whether any document has a gap.
  var hasHoles: Bool { holes.contains { !$0.isEmpty } }

  /// A document on the paper that was asked for.
  func rendered(
    _ document: Document, _ renderer: DocumentRenderer
  ) throws(InvalidInput) -> RenderedDocument {
    var rendered = try renderer.render(document, model)
    rendered.paper = paper
    return rendered
  }

  /// Writes all files into a folder; they take their places when all are rendered.
  func write(
    _ renderer: DocumentRenderer, to folder: String, _ progress: Progress?
  ) throws(Failure) -> [String] {
    let outputs = Outputs()
    // What takes longest is begun first.
    let order = documents.indices.sorted { documents[$0].isLong && !documents[$1].isLong }
    let results = concurrently(order) { [self] number in
      Result { () throws(Failure) in
        let document = documents[number]
        let rendered = try attempt { () throws(InvalidInput) in
          try self.rendered(document, renderer)
        }
        var paths: [String] = []
        for format in formats {
          let bytes = try attempt { () throws(InvalidInput) in try rendered.written(as: format) }
          let path = Disk.join(folder, "\(document.id).\(format.fileExtension)")
          try outputs.add(path, bytes)
          paths.append(path)
        }
        progress?.step()
        return paths
      }
    }
    var paths: [String] = []
    for result in results { paths += try result.get() }
    if documents.contains(.tender) {
      let tender = try attempt { () throws(InvalidInput) in try Tender(of: model.assessment) }
      let path = Disk.join(folder, Tender.fileName)
      try outputs.add(path, Array(tender.text(digest: tender.contentDigest).utf8))
      paths.append(path)
    }
    try outputs.finish()
    return paths
  }

  /// Says on standard error how many gaps each document has; with `strict` also which.
  func report(strict: Bool, _ terminal: Terminal) {
    for (document, holes) in zip(documents, holes) where !holes.isEmpty {
      let count = counted(holes.count, "gap")
      terminal.note("rfpgen: \(document.id) has \(count)" + (strict ? "; nothing was written" : ""))
      guard strict else { continue }
      for finding in holes.flatMap(\.findings) {
        terminal.note(
          "\(finding.location): \(finding.severity.rawValue): \(finding.id): \(finding.message)\n"
            + "help: \(finding.remedy)")
      }
    }
  }
}

extension Tender {
  /// The digest of its content, as its file states it.
  var contentDigest: String { "sha256:\(Digest(of: content))" }
}
