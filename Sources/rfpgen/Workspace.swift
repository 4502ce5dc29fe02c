internal import DocModel

/// A project file with its guide and its folder, as a run finds them.
struct Workspace {
  let folder: DiskFolder
  let project: Project
  let assessment: Assessment

  /// Reads the project file that an invocation names, or `project.yaml` in the current folder.
  init(_ path: String?, today: Day, _ terminal: Terminal) throws(Failure) {
    let path = path ?? Project.fileName
    // Somebody may be typing the file.
    if !Disk.isTyped(path) { terminal.progress?.stage("reading \(path)") }
    let source = try Disk.source(path)
    let folder = Self.folder(of: path, today: today)
    self.folder = folder
    project = try attempt { () throws(InvalidInput) in try Project(source, in: folder) }
    terminal.progress?.stage("checking \(path)")
    assessment = Assessment(project, in: folder)
  }

  /// The folder of the project file that an invocation names.
  static func folder(of path: String?, today: Day) -> DiskFolder {
    let path = path ?? Project.fileName
    return DiskFolder(path == Disk.standardInput ? "." : Disk.folder(of: path), today: today)
  }

  /// Whether a word on the command line names a file rather than a document.
  static func isFile(_ word: String) -> Bool {
    word == Disk.standardInput
      || [".yaml", ".yml", ".json"].contains { word.lowercased().hasSuffix($0) }
  }
}

extension Invocation {
  /// The day that `--today` names, or the current one.
  func today() throws(Failure) -> Day {
    guard let text = self["today"] else { return Disk.today() }
    guard let day = Day(text) else {
      throw Failure("'--today' must be a date such as 2026-12-31, not '\(text)'")
    }
    return day
  }
}
