internal import DocModel
internal import Renderers

/// One evidence file of a project as a pack knows it.
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

extension [PackedFile] {
  /// What a lock says beside the files that are in a pack.
  func attestations(_ lock: Lock?, of project: Project) -> Attestations {
    guard let lock else { return .none }
    let digests = compactMap { file in file.copy.map { (path: file.source, sha256: $0.digest) } }
    return Attestations(lock, of: project, files: digests)
  }
}

/// What a pack says of its evidence: reports for people and a statement for programs.
///
/// One function of the inputs, so that a pack's reports can be made anew from the pack alone.
struct PackReports {
  /// The files in the pack's payload.
  let files: [(path: String, bytes: [UInt8])]
  /// How many places of the evidence report have a gap.
  let holes: Int
  /// The findings that say what is missing.
  let missing: [Finding]

  static let statementPath = "statement.json"
  /// The folder of the payload that holds what the reports are made from.
  static let inputsFolder = "inputs"

  /// Makes the reports; `files` says what became of each evidence file that the project names.
  ///
  /// - Throws: `InvalidInput` where a value does not fit what a template does with it.
  init(
    _ project: Project, _ assessment: Assessment, _ renderer: DocumentRenderer,
    _ files: [PackedFile],
    inputs: [String: [UInt8]], program: Program
  ) throws(InvalidInput) {
    let copies = files.compactMap { file in
      file.copy.map {
        KeptEvidence(source: file.source, path: $0.path, size: $0.size, sha256: $0.digest)
      }
    }
    let model = DocumentModel(assessment, kept: copies)
    // Each takes its time where there is much evidence.
    let statement = Later {
      PackStatement(
        model: model, files: files, inputs: inputs, projectFile: Self.inputName(project),
        program: program
      ).json.bytes
    }
    var made: [(path: String, bytes: [UInt8])] = []
    let report = try renderer.render(.evidenceReport, model)
    made.append(("index.html", try report.written(as: .html)))
    made.append(("evidence-report.md", report.markdown))
    let gaps = try renderer.render(.gapReport, model)
    made.append(("gap-report.html", try gaps.written(as: .html)))
    made.append(("gap-report.md", gaps.markdown))
    made.append((Self.statementPath, statement.result))
    self.files = made
    holes = Document.evidenceReport.holes(model.findings, assessment).count
    missing = model.findings
  }

  /// What the reports of a project are written with, in its language.
  ///
  /// - Throws: `InvalidInput` where a template or a catalogue has an error.
  static func renderer(
    for project: Project, in world: any World
  ) throws(InvalidInput) -> DocumentRenderer {
    try DocumentRenderer(
      [.evidenceReport, .gapReport], for: project.guide,
      language: Language(tag: project.language, in: world), in: world)
  }

  /// The name under which a pack keeps the project file.
  static func inputName(_ project: Project) -> String {
    plainName(project.source.name)
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
