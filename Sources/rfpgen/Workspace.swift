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
    // A guide can be as large as a project: it is read while the project is.
    let begun = source.guideName.map { name in
      (name, Later { Result { () throws(InvalidInput) in try Guide.named([name], in: folder) } })
    }
    project = try attempt { () throws(InvalidInput) in
      try Project(source) { names, _ throws(InvalidInput) in
        if let (name, guide) = begun, names == [name] { return try guide.result.get() }
        return try Guide.named(names, in: folder)
      }
    }
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

extension Source {
  /// The guide that a project file seems to name: what stands behind `guide:` where a line begins so.
  ///
  /// It is a guess, made before the file is read.
  fileprivate var guideName: String? {
    let key = Array("guide:".utf8)
    guard
      let line = bytes.prefix(1 << 16).split(separator: 0x0A).first(where: { $0.starts(with: key) })
    else { return nil }
    let name = line.dropFirst(key.count).drop { $0 == 0x20 }.prefix { $0 > 0x20 && $0 != 0x22 }
    return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
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
