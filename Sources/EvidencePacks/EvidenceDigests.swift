public import DocModel

extension EvidenceSource {
  /// The SHA-256 digests of the evidence files at some paths, each read whole, a piece at a time, on as many
  /// threads as there are processors; one that cannot be read is left out.
  public func digests(of paths: [String]) -> [(path: String, sha256: String)] {
    // So few that large files come to different threads, so many that small ones are worth the way there.
    let share = 4
    return concurrently(Array(0..<(paths.count + share - 1) / share)) { number in
      let paths = paths[number * share..<min(paths.count, (number + 1) * share)]
      return withUnsafeTemporaryAllocation(byteCount: 1 << 18, alignment: 64) { buffer in
        paths.compactMap { path in digest(of: path, buffer).map { (path: path, sha256: $0) } }
      }
    }.flatMap { $0 }
  }

  private func digest(of path: String, _ buffer: UnsafeMutableRawBufferPointer) -> String? {
    guard case .file(let stream) = evidence(at: path) else { return nil }
    var digester = Digester(.sha256)
    do throws(InvalidInput) {
      while true {
        let count = try stream.read(into: buffer)
        if count == 0 { return digester.finish().description }
        digester.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      }
    } catch {
      return nil
    }
  }
}

extension Attestations {
  /// Reads the lock of a project and every evidence file that it is about: by their bytes alone one can
  /// tell that nothing changed.
  ///
  ///     let attestations = try Attestations(of: project, in: DiskFolder("programme", today: day))
  ///     let assessment = Assessment(project, in: folder, attestations)
  ///
  /// - Throws: `InvalidInput` with all that is wrong with the lock.
  public init(of project: Project, in world: some EvidenceSource) throws(InvalidInput) {
    self.init(try Lock(of: project, in: world), of: project, in: world)
  }

  /// Reads every evidence file that a project's lock is about, which was read before.
  public init(_ lock: Lock?, of project: Project, in world: some EvidenceSource) {
    guard let lock else {
      self = .none
      return
    }
    self.init(lock, of: project, files: world.digests(of: Self.paths(lock, of: project)))
  }

  /// Joins a lock with digests that are known already.
  public init(_ lock: Lock, of project: Project, files: [(path: String, sha256: String)]) {
    self.init(lock, of: project, files: files) { Digest(of: $0).description }
  }
}

extension Lock {
  /// Stamps reviews of some items, as they stand now, as `reviewing(_:in:by:files:digest:)` does.
  ///
  /// - Throws: `InvalidInput` where an item cannot be reviewed.
  public func reviewing(
    _ names: [String], in assessment: Assessment, by reviewer: String,
    files: [(path: String, sha256: String)]
  ) throws(InvalidInput) -> Lock {
    try reviewing(names, in: assessment, by: reviewer, files: files) {
      Digest(of: $0).description
    }
  }
}
