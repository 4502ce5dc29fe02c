public import DocModel

/// What a pack says of itself, for programs: everything that its reports say, and how each file is known.
public struct PackStatement: Sendable {
  let kind: PackKind
  /// What there is to say, and how it is found.
  let names: RecordShape
  let values: @Sendable () -> Record
  let files: [PackedFile]
  let inputs: [String: [UInt8]]
  let file: String
  let program: Program

  /// The statement's shape for projects of a guide, of which its JSON Schema is made.
  public static func shape(for guide: Guide) -> RecordShape {
    shape(.project, DocumentModel.names(for: guide))
  }

  /// The statement's shape for bids, of which its JSON Schema is made.
  public static let bidShape = shape(.bid, BidModel.names)

  private static func shape(_ kind: PackKind, _ names: RecordShape) -> RecordShape {
    func shared(_ key: String, required: Bool = true) -> RecordShape.Field {
      guard let field = names[key] else { preconditionFailure("documents know '\(key)'") }
      return .init(field.key, field.shape, required: required, field.summary)
    }
    let isBid = kind == .bid
    let fields: [RecordShape.Field] =
      isBid
      ? [
        shared("today"), shared("bidder"), shared("valid-until", required: false),
        shared("counts"), shared("phases"), shared("levels"), shared("requirements"),
        shared("findings"),
      ]
      : [
        shared("today"), shared("audience", required: false), shared("withheld"),
        shared("programme"), shared("summary"), shared("phases"), shared("findings"),
        shared("waivers"),
      ]
    return RecordShape(
      isBid ? "a bid's pack" : "an evidence pack", "What an evidence pack says of itself.",
      [
        .init("format", .text(.line), required: true, "Which form of statement this is."),
        .init("program", .record(program), required: true, "Which program made the pack."),
        .init(
          kind.fileKey, .text(.path), required: true,
          "The \(kind.rawValue)'s file among the inputs."),
        .init("inputs", .list(.record(input)), required: true, "What the reports were made from."),
        .init("files", .list(.record(file)), required: true, "The evidence files, each once."),
      ] + fields)
  }

  private static let program = RecordShape(
    "a program", "A program that made a pack.",
    [
      .init("name", .text(.line), required: true, "Its name."),
      .init("version", .text(.line), required: true, "Its version."),
    ])

  private static let input = RecordShape(
    "an input", "A file that the reports were made from.",
    [
      .init("path", .text(.path), required: true, "Its path below 'inputs'."),
      .init("size", .integer(0...Int.max), required: true, "Its size in bytes."),
      .init("sha256", .text(.line), required: true, "Its SHA-256 digest."),
    ])

  private static let states = [
    Shape.Choice("present", "The file is in the pack."),
    Shape.Choice("absent", "There was no such file."),
    Shape.Choice("outside", "The path led out of the project's folder."),
    Shape.Choice("not-a-file", "There was a folder or a device."),
    Shape.Choice("unreadable", "The system refused to show it."),
  ]

  private static let file = RecordShape(
    "an evidence file", "An evidence file that a project names.",
    [
      .init("source", .text(.line), required: true, "The path that the project names."),
      .init("state", .choice(states), required: true, "What was found there."),
      .init("reason", .text(.line), "Why the system refused to show it."),
      .init("path", .text(.path), "Its path within the pack's payload."),
      .init("size", .integer(0...Int.max), "Its size in bytes."),
      .init("sha256", .text(.line), "Its SHA-256 digest."),
    ])

  // MARK: Writing

  /// Writes it as JSON, a piece at a time.
  func write(to give: @escaping (UnsafeRawBufferPointer) -> Void) {
    let values = values()
    var writer = JSONWriter(givingTo: give)
    writer.whole { writer in
      for field in Self.shape(kind, names).fields {
        switch field.key {
        case "format": writer.member(field.key) { $0.write(.string(kind.format)) }
        case kind.fileKey: writer.member(field.key) { $0.write(.string(file)) }
        case "program":
          let named = JSON.object([
            "name": .string(program.name), "version": .string(program.version),
          ])
          writer.member(field.key) { $0.write(named) }
        case "inputs":
          writer.member(field.key) { $0.items(inputRecords) { $0.write($1) } }
        case "files":
          // A file is much to copy.
          writer.member(field.key) { $0.items(files.indices) { files[$1].write(to: &$0) } }
        default:
          let value = values[templateName(field.key)] ?? .none
          guard JSON.isMember(value, field) else { continue }
          writer.member(field.key) { $0.write(value, as: field.shape) }
        }
      }
    }
  }

  private var inputRecords: [JSON] {
    inputs.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { path, bytes in
      .object([
        "path": .string(path), "size": .int(bytes.count),
        "sha256": .string(Digest(of: bytes).description),
      ])
    }
  }

  /// What is known of its bytes without holding them.
  struct Measure: Sendable {
    let size: Int
    let digests: [Digest]
  }

  /// Writes it into the payload of a pack, or to nobody.
  ///
  /// - Throws: `InvalidInput` where it cannot be written.
  func measured(
    _ algorithms: [Digest.Algorithm], writingTo target: WholeFiles?
  ) throws(InvalidInput) -> Measure {
    var digesters = algorithms.map { Digester($0) }
    var size = 0
    func write(to give: @escaping (UnsafeRawBufferPointer) -> Void) {
      self.write { bytes in
        size += bytes.count
        for index in digesters.indices { digesters[index].update(bytes) }
        give(bytes)
      }
    }
    if let target {
      try target.run { writer in
        Result { () throws(InvalidInput) in
          try writer.add(BagWriter.payloadFolder + PackReports.statementPath, write)
        }
      }.get()
    } else {
      write { _ in }
    }
    return Measure(size: size, digests: digesters.indices.map { digesters[$0].finish() })
  }

  // MARK: Reading

  /// What a statement says of the pack that it stands in.
  struct Claims {
    let program: Program
    let today: Day
    let kind: PackKind
    let file: String
    let files: [PackedFile]
    /// What the reports were made from, with their paths within the payload.
    let inputs: [PackedFile.Copy]
    let missing: [PackVerification.Missing]
    let audience: Audience?
    let withheld: [PackVerification.Withheld]

    /// Reads a statement.
    ///
    /// - Throws: `InvalidInput` where it is none.
    init(_ bytes: [UInt8]) throws(InvalidInput) {
      let source = try Source(
        name: PackReports.statementPath, bytes: bytes, limit: PackContents.keptLimit)
      let keys = PackKind.allCases.map(\.fileKey)
      var files: [PackedFile] = []
      let node = try Node(
        source,
        members: Set(
          keys
            + ["format", "program", "today", "audience", "withheld", "inputs", "files", "findings"]
        ),
        given: "files"
      ) { node in
        if let file = PackedFile(node) { files.append(file) }
      }
      guard let kind = PackKind.allCases.first(where: { $0.format == node["format"]?.text }) else {
        let forms = PackKind.allCases.map { "'\($0.format)'" }.joined(separator: " or ")
        throw InvalidInput(Diagnostic("it is no statement of the form \(forms)"))
      }
      guard let name = node["program"]?["name"]?.text,
        let version = node["program"]?["version"]?.text,
        let today = node["today"]?.text.flatMap({ Day($0) }),
        let file = node[kind.fileKey]?.text
      else {
        throw InvalidInput(
          Diagnostic("it lacks its program, its day or its \(kind.rawValue) file"))
      }
      program = Program(name: name, version: version)
      self.today = today
      self.kind = kind
      self.file = file
      audience = node["audience"]?.text.flatMap(Audience.init)
      withheld = (node["withheld"]?.items ?? []).map { PackVerification.Withheld($0) }
      self.files = files
      inputs = (node["inputs"]?.items ?? []).compactMap {
        PackedFile.Copy($0, in: "\(PackReports.inputsFolder)/")
      }
      missing = (node["findings"]?.items ?? []).compactMap { finding in
        guard let id = finding["id"]?.text, let rule = finding["rule"]?.text,
          let message = finding["message"]?.text,
          let severity = finding["severity"]?.text.flatMap(Diagnostic.Severity.init),
          severity > .note
        else { return nil }
        return PackVerification.Missing(
          id: id, rule: rule, severity: severity, message: message)
      }
    }
  }
}

extension PackVerification.Withheld {
  fileprivate init(_ node: Node) {
    func texts(_ key: String) -> [String] { (node[key]?.items ?? []).compactMap(\.text) }
    self.init(
      subject: node["for"]?.text ?? "",
      digests: [node["answer"]?.text, node["about"]?.text].compactMap { $0 } + texts("evidence")
        + texts("waivers"))
  }
}

extension PackedFile {
  /// Writes it as JSON: there may be very many.
  fileprivate func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("source") { $0.write(source) }
      writer.member("state") { $0.write(state.word) }
      if case .unreadable(let reason) = state { writer.member("reason") { $0.write(reason) } }
      if let copy {
        writer.member("path") { $0.write(copy.path) }
        writer.member("size") { $0.write(.int(copy.size)) }
        writer.member("sha256") { $0.write(copy.digest.description) }
      }
    }
  }

  fileprivate init?(_ node: Node) {
    guard let source = node["source"]?.text, let word = node["state"]?.text else { return nil }
    self.source = source
    copy = Copy(node)
    switch word {
    case "present":
      state = .present(size: copy?.size ?? node["size"]?.text.flatMap { Int($0) } ?? 0)
    case "outside": state = .outside
    case "not-a-file": state = .notAFile
    case "unreadable": state = .unreadable(node["reason"]?.text ?? "")
    default: state = .absent
    }
  }
}

extension PackedFile.Copy {
  /// Reads what a statement says of a file whose path is within a folder of the payload.
  fileprivate init?(_ node: Node, in folder: String = "") {
    guard let path = node["path"]?.text, let size = node["size"]?.text.flatMap({ Int($0) }),
      let digest = node["sha256"]?.text.flatMap({ Digest($0, .sha256) })
    else { return nil }
    self.init(path: folder + path, size: size, digest: digest)
  }
}

extension FileState {
  fileprivate var word: String {
    switch self {
    case .present: "present"
    case .absent: "absent"
    case .outside: "outside"
    case .notAFile: "not-a-file"
    case .unreadable: "unreadable"
    }
  }
}
