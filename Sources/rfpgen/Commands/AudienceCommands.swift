internal import DocModel
internal import EvidencePacks

extension Command {
  static let salt = Command(
    name: "salt", summary: "make the secret with which digests of what is withheld are salted",
    operands: [Operand("FILE", .data, .atMostOnce)],
    details: """
      The secret is a file beside the project file, such as 'project.salt', that only its owner may read.
      'rfpgen build' and 'rfpgen pack' need it once '--audience' withholds something: with it, what you
      disclose later can be proven to be the same; without it, nobody can tell by trying what was
      withheld. It is made once and in no pack. Keep it as you keep the project file.
      """,
    examples: [("rfpgen salt", "the salt of project.yaml")]
  ) { invocation, terminal throws(Failure) in
    let path = invocation.operands.first ?? Project.fileName
    let source = try Disk.source(path, as: .project)
    guard source.kind == .project else {
      throw Failure(
        "'\(source.name)' names no guide, so that it is no project file",
        hint: "a salt stands beside the project file: name that")
    }
    if path == Disk.standardInput {
      throw Failure(
        "a salt stands beside a project file, which standard input is not", hint: "name the file")
    }
    let target = Disk.join(Disk.folder(of: path), Salt.fileName(for: path))
    let turn = try Disk.Turn(in: Disk.folder(of: path))
    defer { turn.end() }
    if Disk.exists(target) {
      throw Failure(
        "'\(target)' is there already",
        hint: "keep it: what was withheld with it can be proven with no other")
    }
    let salt = try attempt { () throws(InvalidInput) in try Salt.made() }
    let outputs = Outputs()
    try outputs.add(target, Array(salt.text.utf8), isSecret: true)
    try outputs.finish()
    terminal.print(target + "\n")
    return .success
  }

  static let disclose = Command(
    name: "disclose",
    summary: "make known what was withheld, so that it can be proven to be the same",
    operands: [Operand("FILE", .data, .atMostOnce), Operand("ID", .text, .anyNumber)],
    details: """
      ID names an answer, a checkpoint or a waived item of which an audience was shown digests alone.
      What is printed is for those who shall know: each thing with its content as it was sealed and a
      key that tells nothing of any other. 'rfpgen verify PACK --disclosed FILE' compares it with a
      pack. Without this program, HMAC-SHA-256 of the content with the key is the digest; the
      documentation for compliance officers shows it with OpenSSL.
      """,
    options: [.today],
    examples: [
      (
        "rfpgen disclose data-center.maintenance-plan > disclosed.json",
        "what was withheld of one answer of project.yaml"
      )
    ]
  ) { invocation, terminal throws(Failure) in
    let (file, ids) = try Workspace.split(invocation.operands)
    guard !ids.isEmpty else {
      throw Failure(
        "'disclose' needs an identifier",
        hint: "write for example 'rfpgen disclose sizing.diagram > disclosed.json'")
    }
    let source = try Disk.source(file ?? Project.fileName, as: .project)
    let folder = Workspace.folder(of: file, today: try invocation.today())
    let disclosure = try attempt { () throws(InvalidInput) in
      try Disclosure(of: ids, source, in: folder)
    }
    terminal.write(Array(disclosure.json.text.utf8))
    return .success
  }
}

extension Option {
  static let audience = Option(
    "audience", value: "AUDIENCE", of: .oneOf(Audience.allCases.map(\.rawValue)),
    "for whom it is: what they may not see is shown as withheld; all of it when left out")
}

extension Invocation {
  /// For whom documents or a pack are made, or `nil` for the owner.
  var audience: Audience? { self["audience"].flatMap(Audience.init) }
}
