public import DocModel

/// A project as an audience may see it, and the world in which it is seen.
///
///     let copy = try AudienceCopy(source, in: folder, for: .bidder)
///     let project = try Project(copy.source, in: copy.world)
public struct AudienceCopy: Sendable {
  /// The project file that the audience may see.
  public let source: Source
  /// The files beside it, with the lock that the audience may see.
  public let world: any World
  /// What is withheld.
  public let withheld: [Sealed]
  /// What looks for leaks in what everybody shall see; `nil` for other audiences.
  public let leakCheck: LeakCheck?
  /// What looks for withheld texts in the files of a pack.
  let repetitionCheck: RepetitionCheck
  /// The digests of files that are not to come into the audience's hands, with what each is.
  let forbidden: [String: ForbiddenFile]

  /// Makes the copy.
  ///
  /// The evidence that is withheld is read, since its bytes are part of what is sealed, and so is what the
  /// lock names: by that alone one can tell how far an answer has got.
  ///
  /// - Parameters:
  ///   - source: The project file.
  ///   - world: Where everything beside it is; the salt too, which is needed once something is withheld.
  ///   - audience: For whom the copy is.
  /// - Throws: `InvalidInput` with all that is wrong with the project, its lock or its salt, and where the
  ///   copy would repeat word for word what is withheld.
  public init(
    _ source: Source, in world: some EvidenceSource, for audience: Audience
  ) throws(InvalidInput) {
    let (copy, repetitions) = try Self.made(of: source, in: world, for: audience)
    if !repetitions.isEmpty { throw InvalidInput(repetitions) }
    self = copy
  }

  /// Makes the copy, and says what it repeats of what is withheld.
  static func made(
    of source: Source, in world: some EvidenceSource, for audience: Audience
  ) throws(InvalidInput) -> (copy: AudienceCopy, repetitions: [Diagnostic]) {
    let salt = try Salt(of: source, in: world)
    let project = try Project(source, in: world)
    let attestations = try Attestations(of: project, in: world)
    let assessment = Assessment(project, in: world, attestations)
    let copy = try assessment.copy(for: audience, file: { world.digest(of: $0) }) {
      sealed throws(InvalidInput) in
      guard let salt else { throw Self.noSalt(source) }
      return salt.seal(sealed)
    }
    var forbidden: [String: ForbiddenFile] = [:]
    // The audience gets copies of these.
    for own in [source, attestations.lock?.source].compactMap({ $0 }) {
      forbidden[Digest(of: own.bytes).description] = ForbiddenFile(
        name: own.name,
        remedy: "take it out of the evidence: the pack has a copy that the audience may see")
    }
    for path in copy.withheldFiles {
      // What holds nothing says nothing either.
      guard case .present(let size) = world.state(of: path), size > 0 else { continue }
      if let digest = world.digest(of: path) {
        forbidden[digest] = ForbiddenFile(
          name: path, remedy: "state the same 'audience' for both, or take one out")
      }
    }
    let made = AudienceCopy(
      source: copy.project,
      world: CopyWorld(
        world: world, lockPath: Lock.fileName(for: source.name), lock: copy.lock,
        saltPath: Salt.fileName(for: source.name)),
      withheld: copy.withheld, leakCheck: audience == .public ? try LeakCheck(project) : nil,
      repetitionCheck: copy.repetitionCheck, forbidden: forbidden)
    return (made, copy.repetitions)
  }

  private init(
    source: Source, world: any World, withheld: [Sealed], leakCheck: LeakCheck?,
    repetitionCheck: RepetitionCheck, forbidden: [String: ForbiddenFile]
  ) {
    self.source = source
    self.world = world
    self.withheld = withheld
    self.leakCheck = leakCheck
    self.repetitionCheck = repetitionCheck
    self.forbidden = forbidden
  }

  /// What the lock that the audience may see says beside the evidence files as they are.
  ///
  /// - Throws: `InvalidInput` where a line of it is wrong.
  public func attestations(
    of project: Project, in folder: some EvidenceSource
  ) throws(InvalidInput) -> Attestations {
    guard let lock = try Lock(of: project, in: world) else { return .none }
    return Attestations(
      lock, of: project, files: folder.digests(of: Attestations.paths(lock, of: project)))
  }

  static func noSalt(_ source: Source) -> InvalidInput {
    InvalidInput(
      Diagnostic(
        "there is no '\(Salt.fileName(for: source.name))', without which nothing can be withheld",
        hint: "'rfpgen salt' makes one, once; keep it, and keep it to yourself"))
  }
}

/// A file that must not come into a pack under any name.
struct ForbiddenFile: Sendable {
  /// Where it stands.
  let name: String
  /// What to do about a pack that would hold it.
  let remedy: String
}

extension EvidenceSource {
  fileprivate func digest(of path: String) -> String? { digests(of: [path]).first?.sha256 }
}

/// A world in which the lock is another, and in which there is no salt.
private struct CopyWorld: World {
  let world: any World
  let lockPath: String
  let lock: Source?
  let saltPath: String

  var today: Day { world.today }

  func source(of path: String) throws(InvalidInput) -> Source? {
    if path == lockPath { return lock }
    return path == saltPath ? nil : try world.source(of: path)
  }

  func state(of path: String) -> FileState { world.state(of: path) }
}
