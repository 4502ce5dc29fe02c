internal import DocModel
internal import EvidencePacks

extension Command {
  static let lock = Command(
    name: "lock", summary: "record the digests of evidence, so that every later change shows",
    operands: [Operand("FILE", .data, .atMostOnce), Operand("ITEM", .file(), .anyNumber)],
    details: """
      Digests of evidence that is new go into the lock, a file beside the project file that belongs
      into version control. What changed since is named, and stays so until it is accepted: name it as
      ITEM, an evidence file as the project file names it or the identifier of an answer. A file that
      the project no longer has is forgotten in the same way. An ITEM that looks like a project file is
      named after one: 'rfpgen lock project.yaml evidence/config.yaml'.

      'rfpgen check' reads every file that the lock names: nothing but its bytes tells that it is the
      same. Two people may record things side by side: the lock has a line for each thing, and
      'project.lock merge=union' in '.gitattributes', as 'rfpgen init' writes it, lets git keep both.
      """,
    options: [.today],
    examples: [
      ("rfpgen lock", "record what is new in the evidence of project.yaml"),
      ("rfpgen lock evidence/audit.pdf", "accept this file as it is now"),
    ]
  ) { invocation, terminal throws(Failure) in
    let (file, items) = try Workspace.split(invocation.operands)
    return try LockFile.change(file, today: try invocation.today(), terminal) {
      workspace, lock throws(Failure) in
      let names = items.map { workspace.evidencePath($0) }
      let project = workspace.project
      let update = try attempt { () throws(InvalidInput) in
        try lock.recording(
          project, files: workspace.folder.digests(of: project.evidencePaths), named: names)
      }
      // As it is to be written here, where the project file may have to be named.
      let command = ["rfpgen lock", file].compactMap { $0 }.joined(separator: " ")
      for path in update.changed {
        terminal.note(
          "rfpgen: '\(path)' changed since it was locked\n"
            + "help: look at it; '\(command) \(path)' accepts it as it is now")
      }
      for path in update.unreadable {
        terminal.note(
          "rfpgen: '\(path)' is locked, but not there\n"
            + "help: bring it back; or take it out of the project file, and '\(command) \(path)' forgets it"
        )
      }
      for name in update.forgotten { terminal.note("rfpgen: '\(name)' is forgotten") }
      terminal.note(
        "rfpgen: \(update.added.count) new, \(update.accepted.count) accepted, "
          + "\(update.unchanged) unchanged, \(update.changed.count) changed")
      let isWhole = update.changed.isEmpty && update.unreadable.isEmpty
      return (update.lock, isWhole ? .success : .gaps)
    }
  }

  static let review = Command(
    name: "review", summary: "stamp answers as reviewed, with what was seen",
    operands: [Operand("FILE", .data, .atMostOnce), Operand("ID", .text, .anyNumber)],
    details: """
      ID names a guiding question whose answer is current, or a checkpoint with evidence of its own.
      The stamp holds digests of the answer, its note and its evidence, and all dates: whatever is
      edited later makes it void, and 'rfpgen check' says what that was. Your earlier review of the
      same item makes way for the new one; those of others stay.
      """,
    options: [
      Option("by", value: "NAME", "who reviewed; needed"),
      .today,
    ],
    examples: [
      (
        "rfpgen review sizing.diagram sizing.load --by 'Ada Lovelace'",
        "stamp two answers of project.yaml"
      )
    ]
  ) { invocation, terminal throws(Failure) in
    let (file, names) = try Workspace.split(invocation.operands)
    let reviewer = (invocation["by"] ?? "").split(whereSeparator: \.isWhitespace)
      .joined(separator: " ")
    guard !reviewer.isEmpty, !names.isEmpty else {
      throw Failure(
        names.isEmpty ? "'review' needs an identifier" : "'review' needs '--by NAME'",
        hint: "write for example 'rfpgen review sizing.diagram --by \"Ada Lovelace\"'")
    }
    return try LockFile.change(file, today: try invocation.today(), terminal) {
      workspace, lock throws(Failure) in
      let lock = try attempt { () throws(InvalidInput) in
        try lock.reviewing(
          names, in: workspace.assessment, by: reviewer,
          files: workspace.folder.digests(of: workspace.project.evidencePaths(of: names)))
      }
      return (lock, .success)
    }
  }
}

/// The lock of a project while one run changes it.
private enum LockFile {
  /// Reads the lock, changes it and writes it, while no other run does.
  static func change(
    _ file: String?, today: Day, _ terminal: Terminal,
    _ change: (Workspace, Lock) throws(Failure) -> (Lock, ExitStatus)
  ) throws(Failure) -> ExitStatus {
    let path = file ?? Project.fileName
    if path == Disk.standardInput {
      throw Failure(
        "a lock stands beside a project file, which standard input is not", hint: "name the file")
    }
    let name = Lock.fileName(for: path)
    let target = Disk.join(Disk.folder(of: path), name)
    let turn = try Disk.Turn(in: Disk.folder(of: path))
    defer { turn.end() }
    let workspace = try Workspace(path, today: today, terminal)
    let lock = workspace.assessment.attestations.lock ?? Lock(named: name)
    let (changed, status) = try change(workspace, lock)
    let outputs = Outputs()
    // Where the lock is a link, what it leads to is written.
    try outputs.add(Disk.target(of: target), Array(changed.text.utf8))
    try outputs.finish()
    terminal.print(target + "\n")
    return status
  }
}

extension Workspace {
  /// The project file among the operands, if the first one is one, and the others.
  static func split(
    _ operands: [String]
  ) throws(Failure) -> (file: String?, items: [String]) {
    guard let first = operands.first else { return (nil, []) }
    if isFile(first) { return (first, Array(operands.dropFirst())) }
    // Where no file lies here, a folder is meant to hold it.
    if !Disk.exists(Project.fileName), !Disk.exists(Bid.fileName) { try Disk.refuseFolder(first) }
    return (nil, operands)
  }

  /// A path as the project names it, where somebody named it as seen from the current folder.
  fileprivate func evidencePath(_ name: String) -> String {
    let paths = project.evidencePaths
    if paths.contains(name) { return name }
    return paths.first { Disk.join(folder.path, $0) == name } ?? name
  }
}
