private import CZlib
internal import DocModel
private import Glibc

/// Deflates streams (RFC 1951), one after another, on as many threads as there are processors.
///
/// A stream is cut into pieces of one size, each of which is deflated by itself with what stands before it as
/// its dictionary, and ends at a whole byte: joined, they are one stream. Where the cuts are does not depend
/// on the threads or on how bytes arrive, so that the same streams give the same bytes. A piece that looks
/// like noise, as pictures and most PDF files do, is stored as it is: deflating it would only take time.
final class Deflater {
  /// A piece of a stream, deflated.
  struct Piece {
    let bytes: UnsafeRawBufferPointer
    /// How many bytes it was made of.
    let count: Int
    /// The CRC-32 of those.
    let checksum: UInt32
    let isFirst: Bool
    let isLast: Bool
  }

  /// Takes pieces in their order.
  typealias Taking = (Piece) throws(InvalidInput) -> Void

  private let threadCount: Int
  private let todo = Handover<Parcel>()
  private var threads: [pthread_t] = []
  /// What is filled at the moment.
  private var parcel = Parcel()
  /// What the threads have, in order.
  private var underway: [Parcel] = []
  private var spare: [Parcel] = []
  private var isWithinStream = false

  init(threads: Int = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))) {
    // More would need more memory than they save time.
    threadCount = min(threads, 16)
  }

  deinit {
    todo.close()
    for thread in threads { pthread_join(thread, nil) }
  }

  /// Takes the next bytes of the stream, and gives what is ready.
  ///
  /// - Throws: What `take` throws.
  func write(_ bytes: UnsafeRawBufferPointer, _ take: Taking) throws(InvalidInput) {
    var rest = bytes[...]
    while !rest.isEmpty {
      try makeRoom(take)
      rest = rest.dropFirst(parcel.fill(UnsafeRawBufferPointer(rebasing: rest)))
    }
  }

  /// Ends the stream; what comes next belongs to another.
  ///
  /// - Throws: What `take` throws.
  func end(_ take: Taking) throws(InvalidInput) {
    if !isWithinStream { try makeRoom(take) }
    parcel.endStream()
    isWithinStream = false
  }

  /// Gives all pieces that are still underway.
  ///
  /// - Throws: What `take` throws.
  func finish(_ take: Taking) throws(InvalidInput) {
    // What is so little is not worth a thread.
    if threads.isEmpty, underway.isEmpty {
      parcel.deflate(Engine())
      try parcel.give(take)
    } else {
      try handOn(take)
    }
    while !underway.isEmpty { try deliver(take) }
  }

  /// Begins a piece where the last one is full or another stream begins.
  private func makeRoom(_ take: Taking) throws(InvalidInput) {
    if isWithinStream, !parcel.isPieceFull { return }
    if !parcel.hasRoom { try handOn(take) }
    parcel.beginPiece(continues: isWithinStream)
    isWithinStream = true
  }

  /// Lets a thread have what was filled, and takes another parcel to fill.
  private func handOn(_ take: Taking) throws(InvalidInput) {
    let next = spare.popLast() ?? Parcel()
    if isWithinStream { next.remember(parcel) }
    if threads.isEmpty { beginThreads() }
    if threads.isEmpty {
      parcel.deflate(Engine())
      parcel.ready.put(())
    } else {
      todo.put(parcel)
    }
    underway.append(parcel)
    parcel = next
    while underway.count > threadCount + 1 { try deliver(take) }
  }

  private func beginThreads() {
    threads = (0..<threadCount).compactMap { _ in
      Job.begin { [todo] in
        let engine = Engine()
        while let parcel = todo.take() {
          parcel.deflate(engine)
          parcel.ready.put(())
        }
      }
    }
  }

  /// Waits for what was handed on first, and gives its pieces.
  private func deliver(_ take: Taking) throws(InvalidInput) {
    let first = underway.removeFirst()
    _ = first.ready.take()
    try first.give(take)
    spare.append(first)
  }
}

/// Pieces on their way through a thread.
///
/// Only the thread that holds it touches it.
private final class Parcel: @unchecked Sendable {
  /// How many bytes make a piece: enough that beginning anew costs little.
  static let pieceSize = 1 << 17
  /// How far deflate looks back.
  static let windowSize = 1 << 15
  private static let roomSize = windowSize + 2 * pieceSize
  private static let mostPieces = 1 << 10

  private struct Part {
    var input: Range<Int>
    /// How many bytes before it belong to its stream.
    let dictionary: Int
    var isLast = false
    var output = 0..<0
    var checksum: UInt32 = 0
  }

  /// Is put something in once the pieces are deflated.
  let ready = Handover<Void>()
  private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: roomSize, alignment: 64)
  private var output = UnsafeMutableRawBufferPointer.allocate(byteCount: 0, alignment: 64)
  private var used = 0
  private var parts: [Part] = []

  deinit {
    input.deallocate()
    output.deallocate()
  }

  /// Whether another piece can begin.
  var hasRoom: Bool { input.count - used >= Self.pieceSize && parts.count < Self.mostPieces }
  /// Whether the last piece takes no more.
  var isPieceFull: Bool { (parts.last?.input.count ?? 0) >= Self.pieceSize }

  /// Takes over what the next piece's dictionary is.
  func remember(_ other: Parcel) {
    used = min(Self.windowSize, other.parts.last.map { $0.dictionary + $0.input.count } ?? 0)
    UnsafeMutableRawBufferPointer(rebasing: input[..<used]).copyMemory(
      from: UnsafeRawBufferPointer(rebasing: other.input[other.used - used..<other.used]))
  }

  func beginPiece(continues: Bool) {
    let before = parts.last.map { $0.dictionary + $0.input.count } ?? used
    parts.append(
      Part(input: used..<used, dictionary: continues ? min(before, Self.windowSize) : 0))
  }

  /// Takes as many bytes as the last piece has room for, and says how many.
  func fill(_ bytes: UnsafeRawBufferPointer) -> Int {
    let last = parts.count - 1
    let count = min(bytes.count, Self.pieceSize - parts[last].input.count)
    UnsafeMutableRawBufferPointer(rebasing: input[used..<used + count]).copyMemory(
      from: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
    used += count
    parts[last].input = parts[last].input.lowerBound..<used
    return count
  }

  func endStream() { parts[parts.count - 1].isLast = true }

  func deflate(_ engine: Engine) {
    let bound = parts.reduce(0) { $0 + engine.bound($1.input.count) }
    if output.count < bound {
      output.deallocate()
      output = .allocate(byteCount: bound, alignment: 64)
    }
    var place = 0
    for index in parts.indices {
      let part = parts[index]
      let bytes = UnsafeRawBufferPointer(rebasing: input[part.input])
      let start = part.input.lowerBound
      let dictionary = UnsafeRawBufferPointer(rebasing: input[start - part.dictionary..<start])
      let room = UnsafeMutableRawBufferPointer(rebasing: output[place...])
      let count = engine.deflate(bytes, after: dictionary, isLast: part.isLast, into: room)
      parts[index].checksum = engine.checksum(of: bytes)
      parts[index].output = place..<place + count
      place += count
    }
  }

  /// Gives the pieces and forgets them.
  func give(_ take: Deflater.Taking) throws(InvalidInput) {
    for part in parts {
      try take(
        Deflater.Piece(
          bytes: UnsafeRawBufferPointer(rebasing: output[part.output]), count: part.input.count,
          checksum: part.checksum, isFirst: part.dictionary == 0, isLast: part.isLast))
    }
    parts.removeAll(keepingCapacity: true)
    used = 0
  }
}

/// What a thread deflates with.
private final class Engine {
  // A stream of zlib must not move.
  private let usual = Engine.stream(level: 6)
  private let quick = Engine.stream(level: 1)
  private let sample = UnsafeMutableRawBufferPointer.allocate(
    byteCount: 2 * sampleSize, alignment: 64)
  private static let sampleSize = 1 << 12
  /// How large a piece must be for a look at it to pay.
  private static let leastSampled = 1 << 14
  private static let storedSize = 0xFFFF

  private static func stream(level: Int32) -> UnsafeMutablePointer<z_stream> {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let status = deflateInit2_(
      stream, level, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    precondition(status == Z_OK, "there is no memory to deflate with")
    return stream
  }

  deinit {
    for stream in [usual, quick] {
      deflateEnd(stream)
      stream.deallocate()
    }
    sample.deallocate()
  }

  /// The most bytes that so many can become.
  func bound(_ count: Int) -> Int {
    Int(deflateBound(usual, UInt(count))) + count / Self.storedSize * 5 + 32
  }

  func checksum(of bytes: UnsafeRawBufferPointer) -> UInt32 {
    UInt32(crc32_z(0, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count))
  }

  /// Deflates a piece and says how many bytes it gave.
  func deflate(
    _ bytes: UnsafeRawBufferPointer, after dictionary: UnsafeRawBufferPointer, isLast: Bool,
    into room: UnsafeMutableRawBufferPointer
  ) -> Int {
    if isNoise(bytes) { return store(bytes, isLast: isLast, into: room) }
    return run(usual, bytes, after: dictionary, isLast ? Z_FINISH : Z_SYNC_FLUSH, into: room)
  }

  private func run(
    _ stream: UnsafeMutablePointer<z_stream>, _ bytes: UnsafeRawBufferPointer,
    after dictionary: UnsafeRawBufferPointer, _ flush: Int32,
    into room: UnsafeMutableRawBufferPointer
  ) -> Int {
    deflateReset(stream)
    if !dictionary.isEmpty {
      deflateSetDictionary(
        stream, dictionary.baseAddress?.assumingMemoryBound(to: UInt8.self),
        UInt32(dictionary.count))
    }
    stream.pointee.next_in = UnsafeMutablePointer(
      mutating: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
    stream.pointee.avail_in = UInt32(bytes.count)
    stream.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(clamping: room.count)
    CZlib.deflate(stream, flush)
    precondition(stream.pointee.avail_in == 0, "there is room for all that comes out")
    return Int(stream.pointee.total_out)
  }

  /// Whether two samples of a piece hardly become smaller.
  private func isNoise(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count >= Self.leastSampled else { return false }
    let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
    return [0, bytes.count / 2].allSatisfy { start in
      let part = UnsafeRawBufferPointer(rebasing: bytes[start..<start + Self.sampleSize])
      return run(quick, part, after: nothing, Z_FINISH, into: sample) > Self.sampleSize / 100 * 98
    }
  }

  /// Writes a piece as it is (RFC 1951, section 3.2.4).
  private func store(
    _ bytes: UnsafeRawBufferPointer, isLast: Bool, into room: UnsafeMutableRawBufferPointer
  ) -> Int {
    var rest = bytes[...]
    var place = 0
    while !rest.isEmpty {
      let count = min(rest.count, Self.storedSize)
      let isEnd = isLast && count == rest.count
      let head = [
        isEnd ? 1 : 0, UInt8(count & 0xFF), UInt8(count >> 8), UInt8(~count & 0xFF),
        UInt8(~count >> 8 & 0xFF),
      ]
      room[place..<place + 5].copyBytes(from: head)
      place += 5
      room[place..<place + count].copyBytes(from: rest.prefix(count))
      place += count
      rest = rest.dropFirst(count)
    }
    return place
  }
}

/// The CRC-32 (ITU-T V.42) of a stream whose pieces come one after another.
struct Checksum {
  private(set) var value: UInt32 = 0

  /// Adds the checksum of so many more bytes.
  mutating func add(_ checksum: UInt32, of count: Int) {
    value = UInt32(crc32_combine(UInt(value), UInt(checksum), count))
  }
}
