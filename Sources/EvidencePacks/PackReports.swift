internal import DocModel
internal import Renderers

/// One evidence file as a pack knows it.
struct PackedFile: Hashable {
  /// Its path in the project's folder.
  let source: String
  /// What was found there.
  let state: FileState
  /// Its path within the pack's payload and its digest, where it is in the pack.
  let copy: Copy?

  struct Copy: Hashable {
    let path: String
    let size: Int
    let digest: String
  }
}

/// What a pack says of its evidence: reports for people and a statement for programs.
///
/// One function of the inputs, so that a pack's reports can be made anew from the pack alone.
struct PackReports {
  /// The files in the pack's payload.
  let files: [(path: String, bytes: [UInt8])]
  /// How many places of the first report have a gap.
  let holes: Int

  static let statementPath = "statement.json"
  /// The folder of the payload that holds what the reports are made from.
  static let inputsFolder = "inputs"

  /// Makes the reports: each document as a page and as Markdown, under those names.
  ///
  /// - Throws: `InvalidInput` where a value does not fit what a template does with it.
  init(
    _ model: any DocumentSource, _ renderer: DocumentRenderer,
    _ documents: [(document: Document, page: String, text: String)], _ statement: PackStatement
  ) throws(InvalidInput) {
    // Each takes its time where there is much evidence.
    let written = Later { statement.json.bytes }
    var made: [(path: String, bytes: [UInt8])] = []
    for (document, page, text) in documents {
      let report = try renderer.render(document, model)
      made.append(("\(page).html", try report.written(as: .html)))
      made.append(("\(text).md", report.markdown))
    }
    made.append((Self.statementPath, written.result))
    files = made
    holes = documents.first.map { model.holes(of: $0.document).count } ?? 0
  }
}

/// Which program made a pack.
public struct Program: Hashable, Sendable {
  /// Its name.
  public let name: String
  /// Its version.
  public let version: String

  /// Names a program.
  public init(name: String, version: String) {
    self.name = name
    self.version = version
  }
}
