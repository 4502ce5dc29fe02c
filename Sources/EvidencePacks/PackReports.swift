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

  /// Makes the files and gives the statement first, then each report as soon as it is there.
  ///
  /// `aside`: where the statement is written at the same time, if files may come there side by side.
  /// - Throws: `InvalidInput` where a value does not fit what a template does with it, or the statement cannot
  ///   be written aside, and what `take` throws.
  func make(
    _ algorithms: [Digest.Algorithm], aside: WholeFiles? = nil,
    _ take: (File) throws(InvalidInput) -> Void
  ) throws(InvalidInput) {
    // Both take their time where there is much evidence.
    let reports = Handover<Result<File, InvalidInput>>()
    let thread = Job.begin { makeReports(reports) }
    defer { if let thread { Job.wait(for: thread) } }
    let measure = try statement.measured(algorithms, writingTo: aside)
    try take(.statement(path: Self.statementPath, measure, statement))
    if thread == nil { makeReports(reports) }
    while let report = reports.take() { try take(report.get()) }
  }

  /// Makes the reports, each as Markdown and then as a page, up to one that cannot be made.
  private func makeReports(_ made: Handover<Result<File, InvalidInput>>) {
    do throws(InvalidInput) {
      for (document, page, text) in documents {
        let report = try renderer.render(document, model)
        made.put(.success(.report(path: "\(text).md", bytes: report.markdown)))
        made.put(.success(.report(path: "\(page).html", bytes: try report.written(as: .html))))
      }
    } catch {
      made.put(.failure(error))
    }
    made.close()
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
