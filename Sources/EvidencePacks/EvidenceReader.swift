internal import DocModel

/// Reads evidence files ahead and digests them in a thread of its own, while what it read before is written.
struct EvidenceReader: Sendable {
  let world: any EvidenceSource
  let algorithms: [Digest.Algorithm]

  /// What is found of a file, in this order for each.
  enum Part: Sendable {
    /// It cannot be had.
    case absent(FileState)
    /// It is there with so many bytes.
    case begin(size: Int)
    /// Its next bytes.
    case bytes
    /// All of it was read.
    case end([Digest])
    /// It cannot be read on; nothing more comes.
    case failure(InvalidInput)
  }

  /// Reads files one after another and gives what is found.
  ///
  /// - Throws: `InvalidInput` where one cannot be read or changes meanwhile, and what `take` throws.
  func read(
    _ sources: [String], _ take: (Part, UnsafeRawBufferPointer) throws(InvalidInput) -> Void
  ) throws(InvalidInput) {
    try Carousel<Part>().run { batch, handOn in
      var batch = batch
      for source in sources {
        do throws(InvalidInput) {
          guard try read(source, &batch, handOn) else { return nil }
        } catch {
          batch.add(.failure(error))
          return batch
        }
      }
      return batch
    } draining: { part, bytes throws(InvalidInput) in
      if case .failure(let failure) = part { throw failure }
      try take(part, bytes)
    }
  }

  /// Reads one file; false where nobody wants more.
  private func read(
    _ source: String, _ batch: inout Batch<Part>, _ handOn: (Batch<Part>) -> Batch<Part>?
  ) throws(InvalidInput) -> Bool {
    let stream: any EvidenceStream
    switch world.evidence(at: source) {
    case .file(let opened): stream = opened
    case .none(let state):
      batch.add(.absent(state))
      return true
    }
    var digesters = algorithms.map { Digester($0) }
    var done = 0
    batch.add(.begin(size: stream.size))
    while true {
      if batch.isFull {
        guard let next = handOn(batch) else { return false }
        batch = next
      }
      let room = batch.room
      let count = try stream.read(into: room)
      if count == 0 { break }
      done += count
      guard done <= stream.size else { throw Self.changed(source) }
      let piece = UnsafeRawBufferPointer(rebasing: room[..<count])
      for index in digesters.indices { digesters[index].update(piece) }
      batch.add(.bytes, count)
    }
    guard done == stream.size else { throw Self.changed(source) }
    batch.add(.end(digesters.indices.map { digesters[$0].finish() }))
    return true
  }

  private static func changed(_ source: String) -> InvalidInput {
    InvalidInput(
      Diagnostic(
        "'\(source)' changed while it was packed", hint: "pack again once nothing writes to it"))
  }
}
