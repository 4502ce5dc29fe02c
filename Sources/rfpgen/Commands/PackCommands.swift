internal import DocModel
internal import EvidencePacks

extension Command {
  /// What archives end in that packs are not written as.
  private static let foreignEndings = [".tar", ".xz", ".bz2", ".zst", ".7z", ".rar"]

  static let pack = Command(
    name: "pack", summary: "write the evidence with its report as a pack that stands on its own",
    operands: [Operand("FILE", .data, .atMostOnce)],
    details: """
      A pack is a BagIt bag (RFC 8493): the evidence report of a project, or a bid as one document,
      every evidence file with its digest, what is missing, and the inputs that the report was made
      from. A pack with gaps is made all the same and says so on its first page. 'rfpgen verify' tells
      later whether it is whole.
      """,
    options: [
      Option(
        "output", letter: "o", value: "PACK", of: .file(),
        "a new folder or, by its ending, a .zip or .tar.gz archive"),
      Option("sha512", "write SHA-512 manifests besides those with SHA-256"),
      .audience, .today,
    ],
    examples: [
      ("rfpgen pack -o evidence-2026.zip", "the evidence of project.yaml as an archive"),
      ("rfpgen pack programme/project.yaml -o evidence", "the same as a folder"),
      ("rfpgen pack our-bid/bid.yaml -o our-bid.zip", "a bid with what shows it"),
      ("rfpgen pack --audience bidder -o for-bidders.zip", "what bidders may see of it"),
    ]
  ) { invocation, terminal throws(Failure) in
    guard let target = invocation["output"] else {
      throw Failure(
        "'pack' needs '-o PACK'", hint: "write for example 'rfpgen pack -o evidence.zip'")
    }
    guard target != Disk.standardInput else {
      throw Failure(
        "a pack is a folder or an archive, which standard output is not",
        hint: "write for example 'rfpgen pack -o evidence.zip'")
    }
    if let ending = foreignEndings.first(where: { target.lowercased().hasSuffix($0) }) {
      throw Failure(
        "a pack is no '\(ending)' archive",
        hint: "end its name in '.zip' or '.tar.gz'; any other name is that of a folder")
    }
    let source = try Workspace.source(invocation.operands.first, terminal)
    let folder = Workspace.folder(
      of: invocation.operands.first, today: try invocation.today())
    let pack: EvidencePack
    switch FileKind(source) {
    case .project:
      pack = try attempt { () throws(InvalidInput) in
        try EvidencePack(source, in: folder, by: .rfpgen, for: invocation.audience)
      }
    case .bid where invocation.audience == nil:
      pack = try attempt { () throws(InvalidInput) in
        try EvidencePack(bid: source, in: folder, by: .rfpgen)
      }
    case .bid:
      throw Failure(
        "'--audience' is for a project: a bid is for those it is made for, whole",
        hint: "leave '--audience' out")
    case .tender:
      throw Failure(
        "'\(source.name)' is a tender, which has no evidence", hint: "name a project or a bid")
    }
    let summary = try attempt { () throws(InvalidInput) in
      try pack.write(to: target, sha512: invocation.has("sha512"), watchedBy: terminal.progress)
    }
    Allocation.keep(pack)
    terminal.print(target + "\n")
    terminal.note(
      "rfpgen: \(counted(summary.files, "evidence file")), \(counted(summary.links, "link"))"
        + (summary.withheld > 0 ? ", \(counted(summary.withheld, "thing")) withheld" : "")
        + (summary.absent > 0 ? ", \(summary.absent) not to be had" : "")
        + (summary.holes > 0 ? "; the report has \(counted(summary.holes, "gap"))" : ""))
    return .success
  }

  static let verify = Command(
    name: "verify", summary: "tell whether an evidence pack is whole",
    operands: [Operand("PACK", .file())],
    details: """
      Names every file that was changed, is missing or does not belong there, compares the statement
      with the manifests, and the reports and 'bag-info.txt' with the data they were made from, and
      repeats what the pack itself says was missing. Nothing is unpacked. The status is 1 on any
      damage.
      """,
    options: [
      Option(
        "disclosed", value: "FILE", of: .file(["json"]), isRepeatable: true,
        "what 'rfpgen disclose' made known: whether the pack withholds the same"),
      Option("format", value: "FORMAT", of: .oneOf(["text", "json"]), "how to report"),
    ],
    examples: [
      ("rfpgen verify evidence-2026.zip", "an archive, without unpacking it"),
      ("rfpgen verify evidence --format json", "one object for a script"),
    ]
  ) { invocation, terminal throws(Failure) in
    let path = invocation.operands[0]
    var shown: [Disclosure.Item] = []
    for file in invocation.all("disclosed") {
      let source = try Disk.source(file)
      shown += try attempt { () throws(InvalidInput) in try Disclosure(source) }.items
    }
    let progress = terminal.progress
    progress?.flow("verifying \(path):", of: 0)
    let verification = try attempt { () throws(InvalidInput) in
      try PackVerification(of: path, by: .rfpgen) { progress?.advance(by: $0, of: $1) }
    }
    let result = Verified(verification: verification, shown: shown)
    if invocation["format"] == "json" {
      terminal.write(Array(result.json.text.utf8))
    } else {
      terminal.print(result.text(of: path))
    }
    return result.isWhole ? .success : .gaps
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

/// A pack that was looked at, with what was made known of what it withholds.
private struct Verified {
  let verification: PackVerification
  let shown: [Disclosure.Item]

  private var damage: [PackDamage] { verification.damage }

  /// Whether nothing is damaged, and what was made known is what is withheld.
  var isWhole: Bool {
    damage.isEmpty && shown.allSatisfy { verification.withholds($0) }
  }

  /// What was found, for people.
  func text(of path: String) -> String {
    let missing = verification.missing
    let withheld = verification.withheld
    var lines: [String] = []
    if damage.isEmpty {
      lines.append(
        "\(path): whole, \(counted(verification.files, "file")) with "
          + counted(verification.bytes, "byte"))
    } else {
      lines.append("\(path): damaged in \(counted(damage.count, "place"))")
    }
    if let origin = verification.origin {
      lines.append(
        "  made by \(origin.program.name) \(origin.program.version), for \(origin.today)")
      if !verification.comparesReports {
        lines.append(
          "  its reports and 'bag-info.txt' were not compared: only the version that made a pack can"
        )
      }
    }
    if let audience = verification.audience {
      let count = withheld.reduce(0) { $0 + $1.digests.count }
      lines.append(
        "  made for the audience '\(audience.rawValue)', from whom it withholds "
          + counted(count, "thing"))
    }
    for item in damage { lines.append("  \(item.kind.rawValue.padded(to: 10))\(item.message)") }
    for item in shown {
      let what =
        item.part == "about"
        ? "what is known about \(item.subject)" : "the \(item.part) of \(item.subject)"
      lines.append(
        verification.withholds(item)
          ? "  \(what) that was disclosed is what the pack withholds"
          : "  \("disclosed".padded(to: 10))\(what) is not what the pack withholds")
    }
    if !missing.isEmpty {
      let counts = [Diagnostic.Severity.error, .warning].compactMap { severity in
        let count = missing.count { $0.severity == severity }
        return count > 0 ? counted(count, severity.rawValue) : nil
      }
      lines.append("\(counts.joined(separator: " and ")) that the pack itself states:")
      for item in missing { lines.append("  \(item.id)\n          \(item.message)") }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// What was found, for programs.
  var json: JSON {
    let origin = verification.origin
    let damage = damage.map { item -> JSON in
      .object([
        "kind": .string(item.kind.rawValue), "path": .string(item.path),
        "message": .string(item.message),
      ])
    }
    let withheld = verification.withheld.map { item -> JSON in
      .object([
        "for": .string(item.subject), "digests": .array(item.digests.map(JSON.string)),
      ])
    }
    let disclosed = shown.map { item -> JSON in
      .object([
        "for": .string(item.subject), "part": .string(item.part),
        "is-withheld": .bool(verification.withholds(item)),
      ])
    }
    let missing = verification.missing.map { item -> JSON in
      .object([
        "id": .string(item.id), "rule": .string(item.rule),
        "severity": .string(item.severity.rawValue), "message": .string(item.message),
      ])
    }
    return .object([
      .init("whole", .bool(damage.isEmpty)),
      .init("files", .int(verification.files)),
      .init("bytes", .int(verification.bytes)),
      .init("audience", verification.audience.map { .string($0.rawValue) } ?? .null),
      .init("program", origin.map { .string($0.program.name) } ?? .null),
      .init("version", origin.map { .string($0.program.version) } ?? .null),
      .init("today", origin.map { .string($0.today.description) } ?? .null),
      .init("reports-compared", .bool(verification.comparesReports)),
      .init("damage", .array(damage)),
      .init("withheld", .array(withheld)),
      .init("disclosed", .array(disclosed)),
      .init("missing", .array(missing)),
    ])
  }
}
