internal import DocModel

/// What the statement of a pack says, and the digests that its reports have by the pack's own data.
///
/// All of it follows from the few files that are kept of a pack, whatever else there is.
struct StatedReports: Sendable {
  /// `nil` where there is no statement that could be read.
  private(set) var claims: PackStatement.Claims?
  /// Whether the reports were made anew: only the version that made a pack can.
  private(set) var comparesReports = false
  /// The records of links, the statement and the reports, as far as they could be made.
  private(set) var made: [(path: String, digest: Digest)] = []
  /// What the bag says about itself by the pack's own data, if that could be read.
  private(set) var info: BagInfo?
  /// Why they could not be made to the end.
  private(set) var damage: PackDamage?

  /// Where the statement stands.
  static let path = "data/\(PackReports.statementPath)"
  /// Where that stands which the reports are made of.
  static let inputsFolder = "data/\(PackReports.inputsFolder)/"

  /// Makes the reports anew from the pack alone.
  ///
  /// `statement`: hands over its bytes; `kept`: those of files by their paths, the inputs among them;
  /// `program`: that which asks.
  init(
    _ statement: Handover<[UInt8]>, _ kept: [ExactText: [UInt8]], _ program: Program
  ) {
    do throws(InvalidInput) {
      claims = try Self.claims(statement)
    } catch {
      damage = PackDamage(
        kind: .statement, path: Self.path,
        message: "'\(Self.path)' cannot be used: \(error.diagnostics[0].message)")
    }
    if claims == nil, damage == nil {
      damage = PackDamage(
        kind: .missing, path: Self.path, message: "'\(Self.path)' is not there")
    }
    // Another version may word its reports differently.
    guard let claims, claims.program == program else { return }
    comparesReports = true
    make(claims, kept, program)
  }

  /// Reads the statement and lets its bytes go, of which there may be many; `nil` where it is not there.
  private static func claims(
    _ statement: Handover<[UInt8]>
  ) throws(InvalidInput) -> PackStatement.Claims? {
    guard let bytes = statement.take() else { return nil }
    return try PackStatement.Claims(bytes)
  }

  private mutating func make(
    _ claims: PackStatement.Claims, _ kept: [ExactText: [UInt8]], _ program: Program
  ) {
    var inputs: [String: [UInt8]] = [:]
    for (path, bytes) in kept {
      if let name = path.text.drop(prefix: Self.inputsFolder) { inputs[name] = bytes }
    }
    guard let file = inputs[claims.file] else {
      damage = PackDamage(
        kind: .missing, path: "\(Self.inputsFolder)\(claims.file)",
        message: "the \(claims.kind.rawValue) file is not among the inputs")
      return
    }
    let world = PackedWorld(today: claims.today, inputs: inputs, claims.files)
    do throws(InvalidInput) {
      let subject = try claims.kind.subject(
        Source(name: claims.file, bytes: file), in: world)
      info = BagInfo(program, for: claims.today, of: subject.title)
      made = subject.plan.links.map { ("data/\($0.path)", Digest(of: $0.bytes)) }
      try subject.reports(
        claims.files, today: claims.today, inputs: inputs, program: program
      ).make([.sha256]) { file in
        let digest =
          switch file {
          case .report(_, let bytes): Digest(of: bytes)
          case .statement(_, let measure, _): measure.digests[0]
          }
        made.append(("data/\(file.path)", digest))
      }
    } catch {
      damage = PackDamage(
        kind: .report, path: Self.path,
        message:
          "the reports cannot be made anew from the inputs: \(error.diagnostics[0].message)")
    }
  }
}

/// Compares what a pack holds with its statement, and its reports with what its data give.
struct StatementCheck {
  private let contents: PackContents
  private(set) var damage: [PackDamage] = []
  /// Which of the files the statement names, or the reports are.
  private var isKnown: [Bool]

  init(_ contents: PackContents) {
    self.contents = contents
    isKnown = Array(repeating: false, count: contents.files.count)
  }

  private mutating func add(_ kind: PackDamage.Kind, _ path: String, _ message: String) {
    damage.append(PackDamage(kind: kind, path: path, message: message))
  }

  mutating func compare(_ stated: StatedReports) {
    damage += stated.damage.map { [$0] } ?? []
    if let claims = stated.claims { compareFiles(claims) }
    for (path, digest) in stated.made { compare(path, digest) }
    compareInfo(stated)
    if stated.comparesReports, stated.damage == nil { findStrangers() }
  }

  /// The files that the statement names are those that are there, and the other way round.
  private mutating func compareFiles(_ claims: PackStatement.Claims) {
    for copy in claims.files.lazy.compactMap(\.copy) + claims.inputs {
      let path = "data/\(copy.path)"
      guard let place = contents.place(of: path) else {
        add(.missing, path, "'\(path)' is not there, but in the statement")
        continue
      }
      isKnown[place] = true
      let found = contents.files[place]
      if found.size != copy.size || found.digest != copy.digest {
        add(.statement, path, "'\(path)' is not the file that the statement names")
      }
    }
    for (file, isKnown) in zip(contents.files, isKnown)
    where !isKnown
      && (file.path.hasPrefix(StatedReports.inputsFolder)
        || file.path.hasPrefix("data/evidence/") && !file.path.hasSuffix("-link.json"))
    {
      add(.statement, file.path, "'\(file.path)' is not in the statement")
    }
  }

  /// What the bag says about itself is what the statement and the inputs give.
  private mutating func compareInfo(_ stated: StatedReports) {
    guard let expected = stated.info, let program = stated.claims?.program,
      let bytes = contents.bytes(of: BagInfo.fileName),
      let label = expected.difference(in: BagInfo(bytes), by: program)
    else { return }
    add(
      .changed, BagInfo.fileName,
      "'\(BagInfo.fileName)' says something else under '\(label)' than the pack's own data give")
  }

  /// Compares a file with what the pack's data give.
  private mutating func compare(_ path: String, _ digest: Digest) {
    guard let place = contents.place(of: path) else {
      return add(.missing, path, "'\(path)' is not there")
    }
    isKnown[place] = true
    if contents.files[place].digest != digest {
      add(.report, path, "'\(path)' is not what the pack's own data give")
    }
  }

  /// Files in the payload that are neither evidence, nor reports, nor what those are made of.
  private mutating func findStrangers() {
    for (file, isKnown) in zip(contents.files, isKnown)
    where !isKnown && file.path.hasPrefix("data/")
      && !file.path.hasPrefix(StatedReports.inputsFolder)
      && (!file.path.hasPrefix("data/evidence/") || file.path.hasSuffix("-link.json"))
    {
      add(.extra, file.path, "'\(file.path)' is no part of the pack's reports")
    }
  }
}
