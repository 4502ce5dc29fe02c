internal import DocModel
internal import EvidencePacks

extension Command {
  static let pack = Command(
    name: "pack", summary: "write the evidence with its report as a pack that stands on its own",
    operands: [Operand("FILE", .data, .atMostOnce)],
    details: """
      A pack is a BagIt bag (RFC 8493): the evidence report, every evidence file with its digest, what
      is missing, and the inputs that the report was made from. A pack with gaps is made all the same
      and says so on its first page. 'rfpgen verify' tells later whether it is whole.
      """,
    options: [
      Option(
        "output", letter: "o", value: "PACK", of: .file(),
        "a new folder or, by its ending, a .zip or .tar.gz archive"),
      Option("sha512", "write SHA-512 manifests besides those with SHA-256"),
      .today,
    ],
    examples: [
      ("rfpgen pack -o evidence-2026.zip", "the evidence of project.yaml as an archive"),
      ("rfpgen pack programme/project.yaml -o evidence", "the same as a folder"),
    ]
  ) { invocation, terminal throws(Failure) in
    guard let target = invocation["output"] else {
      throw Failure(
        "'pack' needs '-o PACK'", hint: "write for example 'rfpgen pack -o evidence.zip'")
    }
    let path = invocation.operands.first ?? Project.fileName
    let source = try Disk.source(path, as: .project)
    let folder = DiskFolder(
      path == Disk.standardInput ? "." : Disk.folder(of: path), today: try invocation.today())
    terminal.progress?.stage("reading \(path)")
    let pack = try attempt { () throws(InvalidInput) in
      try EvidencePack(source, in: folder, by: .rfpgen)
    }
    let summary = try attempt { () throws(InvalidInput) in
      try pack.write(to: target, sha512: invocation.has("sha512"), watchedBy: terminal.progress)
    }
    terminal.print(target + "\n")
    terminal.note(
      "rfpgen: \(counted(summary.files, "evidence file")), \(counted(summary.links, "link"))"
        + (summary.absent > 0 ? ", \(summary.absent) not to be had" : "")
        + (summary.holes > 0 ? "; the report has \(counted(summary.holes, "gap"))" : ""))
    return .success
  }

  static let verify = Command(
    name: "verify", summary: "tell whether an evidence pack is whole",
    operands: [Operand("PACK", .file())],
    details: """
      Names every file that was changed, is missing or does not belong there, compares the statement
      with the manifests and the reports with the data they were made from, and repeats what the pack
      itself says was missing. Nothing is unpacked. The status is 1 on any damage.
      """,
    options: [
      Option("format", value: "FORMAT", of: .oneOf(["text", "json"]), "how to report")
    ],
    examples: [
      ("rfpgen verify evidence-2026.zip", "an archive, without unpacking it"),
      ("rfpgen verify evidence --format json", "one object for a script"),
    ]
  ) { invocation, terminal throws(Failure) in
    let path = invocation.operands[0]
    let progress = terminal.progress
    progress?.flow("verifying \(path):", of: 0)
    let verification = try attempt { () throws(InvalidInput) in
      try PackVerification(of: path, by: .rfpgen) { progress?.advance(by: $0, of: $1) }
    }
    if invocation["format"] == "json" {
      terminal.write(Array(verification.json.text.utf8))
    } else {
      terminal.print(verification.text(of: path))
    }
    return verification.damage.isEmpty ? .success : .gaps
  }
}

extension Program {
  /// This program.
  static let rfpgen = Program(name: "rfpgen", version: Version.current)
}

extension EvidencePack {
  /// Writes the pack; whoever interrupts that finds nothing of it.
  fileprivate func write(
    to target: String, sha512: Bool, watchedBy progress: Progress?
  ) throws(InvalidInput) -> Summary {
    let size = progress == nil ? 0 : evidenceSize
    progress?.flow("packing \(target):", of: size)
    let interruption = Interruption()
    var left = size
    return try write(to: target, algorithms: sha512 ? [.sha256, .sha512] : [.sha256]) {
      count throws(InvalidInput) in
      if interruption.isAsked {
        progress?.end()
        throw InvalidInput(Diagnostic("interrupted"))
      }
      progress?.advance(by: count)
      left -= count
      if left <= 0, count > 0 { progress?.stage("writing the reports of \(target)") }
    }
  }
}

extension PackVerification {
  /// What was found, for people.
  fileprivate func text(of path: String) -> String {
    var lines: [String] = []
    if damage.isEmpty {
      lines.append("\(path): whole, \(counted(files, "file")) with \(counted(bytes, "byte"))")
    } else {
      lines.append("\(path): damaged in \(counted(damage.count, "place"))")
    }
    if let origin {
      lines.append(
        "  made by \(origin.program.name) \(origin.program.version), for \(origin.today)")
      if !comparesReports {
        lines.append("  its reports were not compared: only the version that made a pack can")
      }
    }
    for item in damage { lines.append("  \(item.kind.rawValue.padded(to: 10))\(item.message)") }
    if !missing.isEmpty {
      lines.append("\(counted(missing.count, "gap")) that the pack itself states:")
      for item in missing { lines.append("  \(item.id)\n          \(item.message)") }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// What was found, for programs.
  fileprivate var json: JSON {
    .object([
      .init("whole", .bool(damage.isEmpty)),
      .init("files", .int(files)),
      .init("bytes", .int(bytes)),
      .init("program", origin.map { .string($0.program.name) } ?? .null),
      .init("version", origin.map { .string($0.program.version) } ?? .null),
      .init("today", origin.map { .string($0.today.description) } ?? .null),
      .init("reports-compared", .bool(comparesReports)),
      .init(
        "damage",
        .array(
          damage.map {
            .object([
              "kind": .string($0.kind.rawValue), "path": .string($0.path),
              "message": .string($0.message),
            ])
          })),
      .init(
        "missing",
        .array(
          missing.map {
            .object([
              "id": .string($0.id), "rule": .string($0.rule), "message": .string($0.message),
            ])
          })),
    ])
  }
}
