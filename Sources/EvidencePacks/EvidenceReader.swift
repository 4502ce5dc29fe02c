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

  /// How many bytes a small file has at most.
  static let smallSize = 1 << 16

  /// What becomes of a file when small ones are read and written at once.
  enum Whole: Sendable {
    /// It cannot be had.
    case absent(FileState)
    /// It was written.
    case written(size: Int, [Digest])
    /// It is not small, and was not written.
    case large
    /// It cannot be read or written, or changed meanwhile.
    case failure(InvalidInput)
  }

  /// Reads small files and writes them whole, on as many threads as there are processors.
  func write(
    _ files: ArraySlice<(source: String, path: String)>, to target: WholeFiles
  ) -> [Whole] {
    // So many that opening a folder for them is worth it.
    let share = 64
    let files = Array(files)
    let count = (files.count + share - 1) / share
    // What is made in one folder at the same time waits for each other: the second half goes beside the first.
    let half = (count + 1) / 2
    let order = (0..<half).flatMap { $0 + half < count ? [$0, $0 + half] : [$0] }
    return concurrently(order) { number in
      target.run { writer in
        withUnsafeTemporaryAllocation(byteCount: Self.smallSize + 1, alignment: 64) { room in
          files[number * share..<min(files.count, (number + 1) * share)].map { file in
            whole(file.source, file.path, room, &writer)
          }
        }
      }
    }.flatMap { $0 }
  }

  private func whole(
    _ source: String, _ path: String, _ room: UnsafeMutableRawBufferPointer,
    _ writer: inout WholeFiles.Writer
  ) -> Whole {
    switch world.evidence(at: source) {
    case .none(let state): return .absent(state)
    case .file(let stream):
      guard stream.size <= Self.smallSize else { return .large }
      do throws(InvalidInput) {
        var done = 0
        while done <= stream.size {
          let count = try stream.read(into: UnsafeMutableRawBufferPointer(rebasing: room[done...]))
          if count == 0 { break }
          done += count
        }
        guard done == stream.size else { throw Self.changed(source) }
        let bytes = UnsafeRawBufferPointer(rebasing: room[..<done])
        try writer.add(BagWriter.payloadFolder + path, bytes)
        return .written(
          size: done,
          algorithms.map { algorithm in
            var digester = Digester(algorithm)
            digester.update(bytes)
            return digester.finish()
          })
      } catch {
        return .failure(error)
      }
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
