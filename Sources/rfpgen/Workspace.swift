internal import DocModel

/// A folder whose files are asked for by name: `guides` and `templates` beside a project, whose files
/// take the place of built-in ones, or the folder of a template.
struct SideFolder: Sendable {
  private let path: String

  init(_ path: String) { self.path = path }

  init(_ name: String, beside folder: String) { path = Disk.join(folder, name) }

  /// The file of a name, or `nil` where the folder has none.
  ///
  /// - Throws: `InvalidInput` where the file lies outside the folder or cannot be read.
  func source(_ name: String) throws(InvalidInput) -> Source? {
    let file = Disk.join(path, name)
    switch DiskFolder(path).state(of: name) {
    case .absent: return nil
    case .present: break
    case .outside:
      throw InvalidInput(
        Diagnostic("'\(file)' lies outside the folder '\(path)'", hint: "copy it into that folder"))
    case .notAFile: throw InvalidInput(Diagnostic("'\(file)' is not a file"))
    case .unreadable(let reason):
      throw InvalidInput(Diagnostic("'\(file)' cannot be read: \(reason)"))
    }
    do throws(Failure) {
      return try Disk.source(file)
    } catch {
      throw InvalidInput(error.diagnostics)
    }
  }
}

/// A project file with its guide and its folder, as a run finds them.
struct Workspace {
  /// The name of a project file in its folder.
  static let projectFile = "project.yaml"

  let path: String
  let folder: String
  let project: Project
  let assessment: Assessment

  /// Reads the project file that an invocation names, or `project.yaml` in the current folder.
  init(_ path: String?, today: Day) throws(Failure) {
    let path = path ?? Self.projectFile
    self.path = path
    folder = path == Disk.standardInput ? "." : Disk.folder(of: path)
    let source = try Disk.source(path)
    let guides = SideFolder("guides", beside: folder)
    project = try attempt { () throws(InvalidInput) in
      try Project(source) { name throws(InvalidInput) in
        if let own = try guides.source("\(name).yaml") { return try Guide(own) }
        return try Guide.builtIn(name)
      }
    }
    assessment = Assessment(project, evidence: DiskFolder(folder), today: today)
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
