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
    let digest: Digest
  }
}

/// What a pack says of its evidence: reports for people and a statement for programs.
///
/// One function of the inputs, so that a pack's reports can be made anew from the pack alone.
struct PackReports: Sendable {
  let model: any DocumentSource
  let renderer: DocumentRenderer
  /// Each document with its names as a page and as Markdown.
  let documents: [(document: Document, page: String, text: String)]
  let statement: PackStatement

  static let statementPath = "statement.json"
  /// The name of the list of all gaps.
  static let gapReport = "gap-report"
  /// The folder of the payload that holds what the reports are made from.
  static let inputsFolder = "inputs"

  /// What the first report finds beside itself; `copy` finds an evidence file by the path that names it.
  static func members(
    _ copy: @escaping @Sendable (_ path: String) -> KeptEvidence?
  ) -> PackMembers {
    PackMembers(gapReport: "\(gapReport).html", statement: statementPath, copy: copy)
  }

  /// A file in the pack's payload.
  enum File: Sendable {
    case report(path: String, bytes: [UInt8])
    /// The statement, of which there may be much: where it was not written aside, it is written when it is
    /// wanted.
    case statement(path: String, PackStatement.Measure, PackStatement)

    var path: String {
      switch self {
      case .report(let path, _), .statement(let path, _, _): path
      }
    }
  }

  /// How many places of the first report have a gap.
  var holes: Int { documents.first.map { model.holes(of: $0.document).count } ?? 0 }

  /// Makes the files and gives the statement first, then the reports.
  ///
  /// `aside`: where the statement is written at the same time, if files may come there side by side.
  /// - Throws: `InvalidInput` where a value does not fit what a template does with it, or the statement cannot
  ///   be written aside, and what `take` throws.
  func make(
    _ algorithms: [Digest.Algorithm], aside: WholeFiles? = nil,
    _ take: (File) throws(InvalidInput) -> Void
  ) throws(InvalidInput) {
    // Both take their time where there is much evidence.
    let reports = Later { Result { () throws(InvalidInput) in try self.reports() } }
    let measure = try statement.measured(algorithms, writingTo: aside)
    try take(.statement(path: Self.statementPath, measure, statement))
    for file in try reports.result.get() { try take(file) }
  }

  private func reports() throws(InvalidInput) -> [File] {
    var files: [File] = []
    for (document, page, text) in documents {
      let report = try renderer.render(document, model)
      files.append(.report(path: "\(page).html", bytes: try report.written(as: .html)))
      files.append(.report(path: "\(text).md", bytes: report.markdown))
    }
    return files
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
