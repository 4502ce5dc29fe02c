private import CDeflate
private import CZlib
internal import DocModel
private import Glibc

/// Deflates streams (RFC 1951), one after another, on as many threads as there are processors.
///
/// A stream is cut into pieces of one size, each of which is deflated by itself and ends at a whole byte:
/// joined, they are one stream. Where the cuts are does not depend on the threads or on how bytes arrive, so
/// that the same streams give the same bytes. A piece that looks like noise, as pictures and most PDF files
/// do, is stored as it is: deflating it would only take time.
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

  /// How many bytes make a piece: enough that beginning anew, without a look at what stands before, costs
  /// little.
  static let pieceSize = 1 << 18

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
  private static let roomSize = 2 * Deflater.pieceSize
  private static let mostPieces = 1 << 10

  private struct Part {
    var input: Range<Int>
    let isFirst: Bool
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
  var hasRoom: Bool { input.count - used >= Deflater.pieceSize && parts.count < Self.mostPieces }
  /// Whether the last piece takes no more.
  var isPieceFull: Bool { (parts.last?.input.count ?? 0) >= Deflater.pieceSize }

  func beginPiece(continues: Bool) {
    parts.append(Part(input: used..<used, isFirst: !continues))
  }

  /// Takes as many bytes as the last piece has room for, and says how many.
  func fill(_ bytes: UnsafeRawBufferPointer) -> Int {
    let last = parts.count - 1
    let count = min(bytes.count, Deflater.pieceSize - parts[last].input.count)
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
      let room = UnsafeMutableRawBufferPointer(rebasing: output[place...])
      let count = engine.deflate(bytes, isLast: part.isLast, into: room)
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
          checksum: part.checksum, isFirst: part.isFirst, isLast: part.isLast))
    }
    parts.removeAll(keepingCapacity: true)
    used = 0
  }
}

/// What a thread deflates with.
///
/// libdeflate takes about half as long as zlib for the same size, but makes whole streams only. zlib finds
/// where the last block of one begins, so that more can follow.
private final class Engine {
  private let usual = Engine.compressor(level: 6)
  private let quick = Engine.compressor(level: 1)
  // A stream of zlib must not move.
  private let inflating = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  /// Where a piece is inflated to.
  private let inflated = UnsafeMutableRawBufferPointer.allocate(
    byteCount: Deflater.pieceSize, alignment: 64)
  private static let sampleSize = 1 << 12
  /// How large a piece must be for a look at it to pay.
  private static let leastSampled = 1 << 14
  private static let storedSize = 0xFFFF
  /// The end of an empty block, behind its header (RFC 1951, section 3.2.4).
  private static let emptyBlock: [UInt8] = [0, 0, 0xFF, 0xFF]

  private static func compressor(level: Int32) -> OpaquePointer {
    guard let compressor = libdeflate_alloc_compressor(level) else {
      preconditionFailure("there is no memory to deflate with")
    }
    return compressor
  }

  init() {
    inflating.initialize(to: z_stream())
    let status = inflateInit2_(
      inflating, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(status == Z_OK, "there is no memory to inflate with")
  }

  deinit {
    libdeflate_free_compressor(usual)
    libdeflate_free_compressor(quick)
    inflateEnd(inflating)
    inflating.deallocate()
    inflated.deallocate()
  }

  /// The most bytes that so many can become.
  func bound(_ count: Int) -> Int {
    libdeflate_deflate_compress_bound(usual, count) + count / Self.storedSize * 5 + 32
  }

  func checksum(of bytes: UnsafeRawBufferPointer) -> UInt32 {
    libdeflate_crc32(0, bytes.baseAddress, bytes.count)
  }

  /// Deflates a piece and says how many bytes it gave.
  func deflate(
    _ bytes: UnsafeRawBufferPointer, isLast: Bool, into room: UnsafeMutableRawBufferPointer
  ) -> Int {
    if isNoise(bytes) { return store(bytes, isLast: isLast, into: room) }
    let count = run(usual, bytes, into: room)
    return isLast ? count : open(room, count, holding: bytes.count)
  }

  private func run(
    _ compressor: OpaquePointer, _ bytes: UnsafeRawBufferPointer,
    into room: UnsafeMutableRawBufferPointer
  ) -> Int {
    let count = libdeflate_deflate_compress(
      compressor, bytes.baseAddress, bytes.count, room.baseAddress, room.count)
    precondition(count > 0, "there is room for all that comes out")
    return count
  }

  /// Makes a whole stream one that goes on at a whole byte, and says how many bytes it has then: its last
  /// block no longer says that it is, and an empty one fills up the last byte.
  ///
  /// `size`: how many bytes come out of it.
  private func open(
    _ stream: UnsafeMutableRawBufferPointer, _ count: Int, holding size: Int
  ) -> Int {
    let (last, end) = blocks(UnsafeRawBufferPointer(rebasing: stream[..<count]), holding: size)
    // A block's first bit says whether it is the last one; the next two are 0 for one that is stored.
    stream[last >> 3] &= ~(1 << UInt8(last & 7))
    var place = end >> 3
    if end & 7 == 0 { stream[place] = 0 }
    place += 1
    if end & 7 > 5 {
      stream[place] = 0
      place += 1
    }
    stream[place..<place + Self.emptyBlock.count].copyBytes(from: Self.emptyBlock)
    return place + Self.emptyBlock.count
  }

  /// Where the last block of a whole stream begins and ends, in bits.
  private func blocks(_ stream: UnsafeRawBufferPointer, holding size: Int) -> (last: Int, end: Int)
  {
    inflateReset(inflating)
    inflating.pointee.next_in = UnsafeMutablePointer(
      mutating: stream.baseAddress?.assumingMemoryBound(to: UInt8.self))
    inflating.pointee.avail_in = UInt32(stream.count)
    inflating.pointee.next_out = inflated.baseAddress?.assumingMemoryBound(to: UInt8.self)
    inflating.pointee.avail_out = UInt32(inflated.count)
    var last = 0
    while inflate(inflating, Z_BLOCK) == Z_OK {
      // As zlib.h has it: 128 stands for a block's end, 64 for the last block, and below 8 is how many bits
      // of the last byte are not read yet.
      let state = Int(inflating.pointee.data_type)
      guard state & 128 != 0 else { continue }
      let place = 8 * Int(inflating.pointee.total_in) - state & 7
      if state & 64 == 0 {
        last = place
      } else if inflating.pointee.total_out == size {
        return (last, place)
      }
    }
    preconditionFailure("what was deflated is a whole stream")
  }

  /// Whether two samples of a piece hardly become smaller.
  private func isNoise(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count >= Self.leastSampled else { return false }
    return [0, bytes.count / 2].allSatisfy { start in
      let part = UnsafeRawBufferPointer(rebasing: bytes[start..<start + Self.sampleSize])
      return run(quick, part, into: inflated) > Self.sampleSize / 100 * 98
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
