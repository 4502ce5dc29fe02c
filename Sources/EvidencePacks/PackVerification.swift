public import DocModel
private import Glibc
internal import Renderers

/// Whether a pack is as it was when it was made, and what it said itself was missing then.
///
///     let verification = try PackVerification(of: "evidence-2026.zip", by: program)
///     verification.damage.isEmpty
///
/// Nothing is unpacked: the pack is read a piece at a time, and nothing in it is trusted.
public struct PackVerification: Sendable {
  /// All that is wrong, in the order of the paths.
  public let damage: [PackDamage]
  /// How many files the pack's payload holds.
  public let files: Int
  /// How many bytes they have.
  public let bytes: Int
  /// Which program made the pack, and for which day; `nil` where its statement does not say.
  public let origin: Origin?
  /// Whether the reports were made anew and compared: only the version that made a pack can.
  public let comparesReports: Bool
  /// What the pack says was missing when it was made.
  public let missing: [Missing]
  /// For whom the pack was made; `nil` where it is its owner's.
  public let audience: Audience?
  /// What the pack says is withheld from that audience.
  public let withheld: [Withheld]

  /// Where a pack comes from.
  public struct Origin: Hashable, Sendable {
    /// The program that made it.
    public let program: Program
    /// The day for which it holds.
    public let today: Day
  }

  /// What a pack withholds of one item.
  public struct Withheld: Hashable, Sendable {
    /// The identifier of the item.
    public let subject: String
    /// The salted digests.
    public let digests: [String]
  }

  /// Something that was missing when a pack was made.
  public struct Missing: Hashable, Sendable {
    /// What it is about.
    public let id: String
    /// The rule that noticed it.
    public let rule: String
    /// How much it weighs.
    public let severity: Diagnostic.Severity
    /// What was wrong.
    public let message: String
  }

  /// Reads a pack, a folder or an archive, and compares everything in it.
  ///
  /// - Parameters:
  ///   - path: Where the pack is.
  ///   - program: Which program asks.
  ///   - progress: Is told how many bytes were read since it was told last, and how many there are; in
  ///     any thread.
  /// - Throws: `InvalidInput` where there is nothing that could be a pack.
  public init(
    of path: String, by program: Program,
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) throws(InvalidInput) {
    let signs =
      ["bagit.txt", "data/\(PackReports.statementPath)"]
      + Digest.Algorithm.allCases.map { "manifest-\($0).txt" }
    // A folder can be a whole disk: it is not gone through for nothing.
    if access("\(path)/.", F_OK) == 0,
      !signs.contains(where: { access("\(path)/\($0)", F_OK) == 0 })
    {
      throw Self.noPack(path)
    }
    // Making the reports anew takes the longest: it begins as soon as that is read which they are made of.
    var making: Later<StatedReports>?
    let contents = try PackContents(
      of: path, .sha256, keeps: Self.keeps, progress: progress
    ) { kept in
      // The statement may be large: whoever has read it lets it go.
      let statement = Handover<[UInt8]>()
      if let bytes = kept.removeValue(forKey: ExactText(StatedReports.path)) {
        statement.put(bytes)
      }
      statement.close()
      making = Later { [kept] in StatedReports(statement, kept, program) }
    }
    guard
      contents.damage.contains(where: { $0.kind == .archive })
        || signs.contains(where: { contents.place(of: $0) != nil })
    else { throw Self.noPack(path) }
    var check = BagCheck(contents)
    check.declaration()
    // A bag that somebody made anew may have the one or the other; where there is none, one is missing.
    let algorithms = Digest.Algorithm.allCases.filter { algorithm in
      BagCheck.manifests(algorithm).contains { contents.place(of: $0) != nil }
    }
    for algorithm in algorithms.isEmpty ? [.sha256] : algorithms {
      check.manifests(
        algorithm,
        algorithm == .sha256
          ? contents
          : try PackContents(of: path, algorithm, keeps: { _ in false }, progress: progress))
    }
    check.extras()
    guard let stated = making?.result else {
      preconditionFailure("a pack that was read has shown what is kept of it")
    }
    var statement = StatementCheck(contents)
    statement.compare(stated)
    files = contents.payload.count
    bytes = contents.payload.size
    origin = stated.claims.map { Origin(program: $0.program, today: $0.today) }
    comparesReports = stated.comparesReports
    missing = stated.claims?.missing ?? []
    audience = stated.claims?.audience
    withheld = stated.claims?.withheld ?? []
    // One reason for each path is enough: what was changed also differs from what it should be.
    var known: Set<ExactText> = []
    damage = (contents.damage + check.damage + statement.damage)
      .filter { known.insert(ExactText($0.path)).inserted }
      .sorted { ExactText($0.path) < ExactText($1.path) }
  }

  private static func noPack(_ path: String) -> InvalidInput {
    InvalidInput(
      Diagnostic(
        "'\(path)' is no evidence pack: it has no 'bagit.txt', no manifest and no statement",
        hint: "name the folder or archive that 'rfpgen pack' wrote"))
  }

  /// Whether the bytes at a path are read again: of what was made, the digest is enough.
  private static func keeps(_ path: String) -> Bool {
    !path.hasPrefix("data/") || path.hasPrefix("data/\(PackReports.inputsFolder)/")
      || path == "data/\(PackReports.statementPath)"
  }
}

/// Compares a bag with what it says of itself (RFC 8493, section 3).
private struct BagCheck {
  let contents: PackContents
  private(set) var damage: [PackDamage] = []
  private var named: Set<ExactText> = []

  init(_ contents: PackContents) { self.contents = contents }

  private mutating func add(_ kind: PackDamage.Kind, _ path: String, _ message: String) {
    damage.append(PackDamage(kind: kind, path: path, message: message))
  }

  mutating func declaration() {
    // Python's bagit still writes the last version before the first.
    let expected = ["1.0", "0.97"].map {
      ["BagIt-Version: \($0)", "Tag-File-Character-Encoding: UTF-8"]
    }
    guard let bytes = contents.bytes(of: "bagit.txt") else {
      return add(.missing, "bagit.txt", "'bagit.txt' is not there")
    }
    if !expected.contains(Self.lines(bytes)) {
      add(.changed, "bagit.txt", "'bagit.txt' does not declare a bag of version 1.0 in UTF-8")
    }
    guard let info = contents.bytes(of: BagInfo.fileName) else { return }
    let (count, size) = contents.payload
    let stated = BagInfo(info).texts(BagInfo.size)
    if stated.count > 1 {
      add(.bag, BagInfo.fileName, "'bag-info.txt' states the size of its payload more than once")
    } else if stated != ["\(size).\(count)"] {
      add(
        .bag, BagInfo.fileName,
        "'bag-info.txt' states \(BagInfo.size): \(stated.first ?? "nothing"), but there are \(size) bytes "
          + "in \(count) files"
      )
    }
  }

  private static func lines(_ bytes: [UInt8]) -> [String] {
    var lines: [String] = []
    Manifest.forEachLine(of: bytes) { lines.append(String(decoding: $1, as: UTF8.self)) }
    return lines
  }

  /// The names of the manifests of the payload and of the pack's own files.
  static func manifests(_ algorithm: Digest.Algorithm) -> [String] {
    ["manifest-\(algorithm).txt", "tagmanifest-\(algorithm).txt"]
  }

  mutating func manifests(_ algorithm: Digest.Algorithm, _ read: PackContents) {
    for (name, isPayload) in zip(Self.manifests(algorithm), [true, false]) {
      guard let bytes = contents.bytes(of: name) else {
        add(.missing, name, "'\(name)' is not there")
        // What every bag has is no file too many, though nothing names it.
        if !isPayload {
          let own = ["bagit.txt", BagInfo.fileName, "manifest-\(algorithm).txt"]
          named.formUnion(own.map { ExactText($0) })
        }
        continue
      }
      var isNamed = [Bool](repeating: false, count: read.files.count)
      var absent: Set<ExactText> = []
      Manifest.read(bytes, algorithm, named: name) { line in
        switch line {
        case .damage(let item): damage.append(item)
        case .file(let path, let digest):
          guard path.hasPrefix("data/") == isPayload else {
            return add(.bag, path, "'\(name)' names '\(path)', which is no file of its kind")
          }
          guard let place = read.place(of: path) else {
            let isFirst = absent.insert(ExactText(path)).inserted
            return isFirst ? add(.missing, path, "'\(path)' is not there") : twice(path, name)
          }
          if isNamed[place] { return twice(path, name) }
          isNamed[place] = true
          let found = read.files[place].digest
          if found != digest {
            add(.changed, path, "'\(path)' is not what '\(name)' says: its digest is \(found)")
          }
        }
      }
      for (file, isNamed) in zip(read.files, isNamed) {
        let path = file.path
        if isPayload, path.hasPrefix("data/"), !isNamed {
          add(.extra, path, "'\(path)' is not in '\(name)'")
        } else if !isPayload, isNamed {
          named.insert(ExactText(path))
        }
      }
    }
  }

  private mutating func twice(_ path: String, _ name: String) {
    add(.bag, name, "'\(name)' names '\(path)' twice")
  }

  /// Files beside the payload that no manifest of tags names or that no pack has, and what cannot be checked.
  mutating func extras() {
    let known = Set(Digest.Algorithm.allCases.flatMap(Self.manifests))
    let own = known.union(["bagit.txt", BagInfo.fileName])
    for path in contents.files.lazy.map(\.path) where !path.hasPrefix("data/") {
      let isTagManifest = path.hasPrefix("tagmanifest-") && path.hasSuffix(".txt")
      let isManifest = isTagManifest || path.hasPrefix("manifest-") && path.hasSuffix(".txt")
      if path == "fetch.txt" {
        add(
          .bag, path, "'fetch.txt' says that files are to be fetched; a pack holds all of its own")
      } else if isManifest, !known.contains(path) {
        add(.bag, path, "'\(path)' cannot be checked: its digests are neither SHA-256 nor SHA-512")
      } else if !isTagManifest, !own.contains(path) || !named.contains(ExactText(path)) {
        add(.extra, path, "'\(path)' does not belong to the pack")
      }
    }
  }
}
