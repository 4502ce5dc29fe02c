internal import DocModel
internal import Renderers

extension Command {
  static let build = Command(
    name: "build", summary: "make documents from a project file",
    operands: "[FILE] [DOCUMENT…]", operandCount: 0...100,
    details: """
      documents (all of them when none is named):
      \(Document.all.map { "  \($0.id.padded(to: 19))\($0.summary)" }.joined(separator: "\n"))

      A draft with gaps is made all the same: each gap is marked at its place and counted. With
      --strict nothing is written where a document asked for has a gap, and the status is 1.
      Templates in a folder 'templates' beside the project file take the place of built-in ones.
      """,
    options: [
      Option(
        "output", letter: "o", value: "DIR",
        "where to write; - for standard output; output when left out"),
      Option(
        "format", value: "FORMATS", choices: OutputFormat.all.map(\.id),
        "the formats to write, with commas between"),
      Option("strict", "write nothing where there is a gap"),
      .today,
    ],
    examples: [
      ("rfpgen build", "all documents of project.yaml, into output/"),
      ("rfpgen build rfp --strict", "the RFP, only if nothing is missing in it"),
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
    let formats = try formats(invocation["format"])
    let workspace = try Workspace(file, today: try invocation.today())
    let folder = invocation["output"] ?? "output"
    if folder == Disk.standardInput, documents.count * formats.count != 1 {
      throw Failure(
        "'-o -' takes one document in one format",
        hint: "write for example 'rfpgen build rfp --format markdown -o -'")
    }
    let build = Build(workspace, documents: documents, formats: formats)
    let holes = build.holes
    if invocation.has(Option.strict), holes.contains(where: { !$0.isEmpty }) {
      build.report(holes, strict: true, terminal)
      return .gaps
    }
    let files = try build.files()
    if folder == Disk.standardInput {
      terminal.write(files[0].bytes)
    } else {
      var outputs = Outputs()
      for file in files { outputs.add(Disk.join(folder, file.name), file.bytes) }
      try outputs.write()
      for path in outputs.paths { terminal.print(path + "\n") }
    }
    build.report(holes, strict: false, terminal)
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

  private static func formats(_ text: String?) throws(Failure) -> [OutputFormat] {
    guard let text else { return OutputFormat.all }
    let words = text.split(separator: ",").map(String.init)
    return OutputFormat.all.filter { words.contains($0.id) }
  }
}

/// The documents of one run.
private struct Build {
  let workspace: Workspace
  let documents: [Document]
  let formats: [OutputFormat]
  private let model: DocumentModel

  init(_ workspace: Workspace, documents: [Document], formats: [OutputFormat]) {
    self.workspace = workspace
    self.documents = documents
    self.formats = formats
    model = DocumentModel(workspace.assessment)
  }

  /// The gaps of each document.
  var holes: [[Hole]] { documents.map { $0.holes(model.findings, model.assessment) } }

  /// All files, rendered before any is written.
  func files() throws(Failure) -> [File] {
    let renderer = try attempt { () throws(InvalidInput) in
      try DocumentRenderer(documents, for: workspace.project.guide, in: workspace.folder)
    }
    let results = concurrently(documents.count) { [documents, formats, model] number in
      Self.files(of: documents[number], formats, renderer, model)
    }
    var files: [File] = []
    for result in results {
      files += try attempt { () throws(InvalidInput) in try result.get() }
    }
    return files
  }

  private static func files(
    of document: Document, _ formats: [OutputFormat], _ renderer: DocumentRenderer,
    _ model: DocumentModel
  ) -> Result<[File], InvalidInput> {
    do throws(InvalidInput) {
      let rendered = try renderer.render(document, model)
      var files: [File] = []
      for format in formats {
        let name = "\(document.id).\(format.fileExtension)"
        files.append(File(name: name, bytes: try rendered.written(as: format)))
      }
      return .success(files)
    } catch {
      return .failure(error)
    }
  }

  /// A file that is to be written.
  struct File: Sendable {
    let name: String
    let bytes: [UInt8]
  }

  /// Says on standard error how many gaps each document has; with `strict` also which.
  func report(_ holes: [[Hole]], strict: Bool, _ terminal: Terminal) {
    for (document, holes) in zip(documents, holes) where !holes.isEmpty {
      let count = "\(holes.count) \(holes.count == 1 ? "gap" : "gaps")"
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

extension String {
  /// The text with spaces behind it up to a width.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(1, width - count))
  }
}
