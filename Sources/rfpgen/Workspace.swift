internal import DocModel
internal import EvidencePacks

/// A project file with its guide and its folder, as a run finds them.
struct Workspace {
  let folder: DiskFolder
  let project: Project
  let assessment: Assessment
  /// What looks for leaks where everybody shall see what is made.
  let leakCheck: LeakCheck?

  /// Reads the file that an invocation names, or `project.yaml` in the current folder, or `bid.yaml`
  /// where only that is there.
  static func source(_ path: String?, _ terminal: Terminal) throws(Failure) -> Source {
    let isBid = !Disk.exists(Project.fileName) && Disk.exists(Bid.fileName)
    let start =
      path == nil
      ? "name the file where it lies, such as DIR/project.yaml; " + FileKind.project.start
      : FileKind.project.start
    let path = path ?? (isBid ? Bid.fileName : Project.fileName)
    // Somebody may be typing the file.
    if !Disk.isTyped(path) { terminal.progress?.stage("reading \(path)") }
    return try Disk.source(path, missing: start)
  }

  /// Reads the project file that an invocation names, or `project.yaml` in the current folder.
  init(_ path: String?, today: Day, _ terminal: Terminal) throws(Failure) {
    try self.init(Self.source(path, terminal), at: path, today: today, terminal)
  }

  /// Takes a project file that was read from a path, as an audience may see it.
  ///
  /// `alongside` begins what else can be done meanwhile; the guide, for which all the rest has to wait,
  /// is begun before it.
  init(
    _ source: Source, at path: String?, for audience: Audience? = nil, today: Day,
    _ terminal: Terminal, alongside: () -> Void = {}
  ) throws(Failure) {
    try FileKind.project.need(source)
    let path = path ?? Project.fileName
    let folder = Self.folder(of: path, today: today)
    self.folder = folder
    let copy = try audience.map { audience throws(Failure) in
      try attempt { () throws(InvalidInput) in
        try AudienceCopy(source, in: folder, for: audience)
      }
    }
    let source = copy?.source ?? source
    leakCheck = copy?.leakCheck
    // A guide can be as large as a project: it is read while the project is.
    let language = source.word(after: "  language:") ?? "en"
    let begun = source.word(after: "guide:").map { name in
      (
        name,
        Later {
          Result { () throws(InvalidInput) in
            try Guide.named([name], in: folder, language: language)
          }
        }
      )
    }
    // The lock is asked for as soon as the project is known.
    let lock = Later(begins: copy == nil) {
      Result { () throws(InvalidInput) in try Lock(beside: source, in: folder) }
    }
    alongside()
    project = try attempt { () throws(InvalidInput) in
      try Project(source) { names, wanted throws(InvalidInput) in
        if let (name, guide) = begun, names == [name], wanted == language {
          return try guide.result.get()
        }
        return try Guide.named(names, in: folder, language: wanted)
      }
    }
    terminal.progress?.stage("checking \(path)")
    let attestations = try attempt { [project] () throws(InvalidInput) in
      guard let copy else { return Attestations(try lock.result.get(), of: project, in: folder) }
      return try copy.attestations(of: project, in: folder)
    }
    assessment = Assessment(project, in: folder, attestations)
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

/// A bid file with its tender and its folder, as a run finds them.
struct BidWorkspace {
  let folder: DiskFolder
  let assessment: BidAssessment

  /// Takes a bid file that was read from a path.
  init(
    _ source: Source, at path: String?, today: Day, _ terminal: Terminal
  ) throws(Failure) {
    let folder = Workspace.folder(of: path ?? Bid.fileName, today: today)
    self.folder = folder
    let bid = try attempt { () throws(InvalidInput) in try Bid(source, in: folder) }
    terminal.progress?.stage("checking \(source.name)")
    assessment = BidAssessment(bid, in: folder, digest: bid.tender.contentDigest)
  }
}

/// What kind of file a command was given.
enum FileKind {
  case project
  case tender
  case bid

  /// Judges by the keys at the top of a file; what is neither a tender nor a bid is a project.
  init(_ source: Source) { self = source.kind ?? .project }

  /// What such a file is called.
  var title: String {
    switch self {
    case .project: "a project"
    case .tender: "a tender"
    case .bid: "a bid"
    }
  }

  /// Where such a file comes from.
  var start: String {
    switch self {
    case .project: "'rfpgen init DIR' writes a project file to start from"
    case .tender: "'rfpgen build PROJECT tender' writes the tender of a project"
    case .bid: "'rfpgen init --bid TENDER DIR' writes a bid file to start from"
    }
  }

  /// Refuses a file that is plainly of another kind: read as one of this kind, each of its lines would
  /// be wrong.
  func need(_ source: Source) throws(Failure) {
    guard let found = source.kind, found != self else { return }
    throw Failure(
      "'\(source.name)' is \(found.title), where \(title) is needed",
      hint: "name \(title) there; '--help' shows what stands where")
  }
}

extension Disk {
  /// Reads a file that has to be of a kind.
  static func source(_ path: String, as kind: FileKind) throws(Failure) -> Source {
    let source = try source(path, missing: kind.start)
    try kind.need(source)
    return source
  }
}

extension Source {
  /// The kind of file that a key at its top tells, or `nil` where none does.
  ///
  /// It is a guess, made before the file is read: the first line that seems to begin with such a key
  /// of the file's own decides.
  var kind: FileKind? {
    let keys: [(plain: [UInt8], quoted: [UInt8], kind: FileKind)] = [
      (Array("guide:".utf8), Array("\"guide\"".utf8), .project),
      (Array("tender:".utf8), Array("\"tender\"".utf8), .tender),
      (Array("bid-for:".utf8), Array("\"bid-for\"".utf8), .bid),
    ]
    let isJSON = name.hasSuffix(".json")
    for line in lines {
      let inner = line.drop { $0 == 0x20 || $0 == UInt8(ascii: "{") }
      let isOutermost = isJSON && line.count - inner.count < 4
      let found = keys.first {
        line.starts(with: $0.plain) || isOutermost && inner.starts(with: $0.quoted)
      }
      if let found { return found.kind }
    }
    return nil
  }

  /// The lines at the top of the file.
  private var lines: some Sequence<ArraySlice<UInt8>> {
    var rest = bytes.prefix(1 << 16)
    return AnyIterator {
      guard !rest.isEmpty else { return nil }
      let end = rest.firstIndex(of: 0x0A) ?? rest.endIndex
      defer { rest = rest[end...].dropFirst() }
      return rest[..<end]
    }
  }

  /// The word that seems to stand behind a key: the first line that begins with the key tells.
  ///
  /// It is a guess, made before the file is read.
  fileprivate func word(after key: String) -> String? {
    guard let line = lines.first(where: { $0.starts(with: key.utf8) }) else { return nil }
    let value = line.dropFirst(key.utf8.count).drop { $0 == 0x20 }
    let name = value.prefix { $0 > 0x20 && $0 != 0x22 }
    return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
  }
}

extension Invocation {
  /// The day that `--today` names, or the current one.
  func today() throws(Failure) -> Day {
    guard let text = self["today"] else { return Disk.today() }
    guard let day = Day(text) else {
      throw Failure("'--today' must be a date, not '\(text)'", hint: "write it as 2026-12-31")
    }
    return day
  }
}
