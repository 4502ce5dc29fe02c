private import CDeflate
private import CLinux
private import CZlib
internal import DocModel
private import Glibc

/// Inflates a gzipped file (RFC 1952), and looks at the checksum and the size at the end of each member, which
/// libarchive passes over.
///
/// libdeflate takes half as long as zlib, but only where it is told where a stream ends. What ``GzipWriter`` and
/// other programs that deflate on several threads wrote comes in pieces behind each of which an empty block
/// stands: it is inflated a piece at a time. Anything else is zlib's.
final class GzipReader {
  /// How many bytes of the file belong to members that were read whole.
  private(set) var length = 0
  /// What ended the reading.
  private(set) var failure: InvalidInput?

  private let descriptor: Int32
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private let inflater: OpaquePointer
  /// What was read of the file and is not inflated yet; behind it there is room for the end of a stream.
  private let input = UnsafeMutableRawBufferPointer.allocate(
    byteCount: GzipReader.inputRoom + GzipReader.endOfStream.count, alignment: 16)
  private var unread = 0..<0
  /// What was inflated last, behind the bytes before it that what follows may repeat.
  private let output = UnsafeMutableRawBufferPointer.allocate(
    byteCount: GzipReader.windowSize + GzipReader.room, alignment: 16)
  /// How many bytes were inflated last, and how many stand before them.
  private var lastCount = 0
  private var windowCount = 0
  /// Where the file was read to.
  private var place: Int
  private var state = State.header
  /// The checksum and the size of what the current member held so far.
  private var checksum: UInt32 = 0
  private var size: UInt32 = 0

  /// How a member is read on.
  private enum State {
    case header
    /// A block begins with the next byte.
    case pieces
    /// zlib has begun with a block.
    case stream
    case over
  }

  /// The most that is inflated at once, in bytes: a piece of ours.
  private static let room = Deflater.pieceSize
  /// As much as two pieces can become that don't get smaller.
  private static let inputRoom = 2 * room + 1 << 10
  /// How far back a stream repeats what it held (RFC 1951, section 2).
  private static let windowSize = 1 << 15
  /// The end of an empty block, behind its header (RFC 1951, section 3.2.4): what stands behind a piece, and now
  /// and then within one.
  private static let mark: [UInt8] = [0, 0, 0xFF, 0xFF]
  private static let mostMarks = 4
  /// An empty block that is the last one.
  private static let endOfStream: [UInt8] = [1, 0, 0, 0xFF, 0xFF]

  /// Takes an open file, which stays the caller's, from where it stands; `nil` where it is not gzipped.
  init?(_ descriptor: Int32) {
    place = Int(lseek(descriptor, 0, SEEK_CUR))
    self.descriptor = descriptor
    stream.initialize(to: z_stream())
    let status = inflateInit2_(
      stream, Self.gzipped, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK, let inflater = libdeflate_alloc_decompressor() else {
      preconditionFailure("there is no memory to inflate with")
    }
    self.inflater = inflater
    guard place >= 0, bytes(2, at: place) == [0x1F, 0x8B] else { return nil }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    libdeflate_free_decompressor(inflater)
    input.deallocate()
    output.deallocate()
  }

  /// The next bytes of what is gzipped, which are there until the next call; none at the end, and `nil` where
  /// the file is damaged.
  func next() -> UnsafeRawBufferPointer? {
    keepWindow()
    while state != .over, failure == nil, lastCount == 0 { inflateSome() }
    // What came before the damage is looked at too.
    guard failure == nil || lastCount > 0 else { return nil }
    return UnsafeRawBufferPointer(rebasing: output[Self.windowSize..<Self.windowSize + lastCount])
  }

  /// Moves the end of what was inflated last to where it stands before what comes next.
  private func keepWindow() {
    if state == .pieces {
      windowCount = min(Self.windowSize, windowCount + lastCount)
      UnsafeMutableRawBufferPointer(rebasing: output[..<Self.windowSize]).copyMemory(
        from: UnsafeRawBufferPointer(rebasing: output[lastCount..<lastCount + Self.windowSize]))
    }
    lastCount = 0
  }

  private func inflateSome() {
    switch state {
    case .header: readHeader()
    case .pieces:
      if unread.count < Self.inputRoom / 2 { fill() }
      if let count = takeStored() ?? inflatePiece() {
        took(count)
      } else {
        beginStream()
      }
    case .stream: inflateStream()
    case .over: break
    }
  }

  private func took(_ count: Int) {
    let bytes = output[Self.windowSize..<Self.windowSize + count]
    checksum = UInt32(
      libdeflate_crc32(checksum, UnsafeRawBufferPointer(rebasing: bytes).baseAddress, count))
    size &+= UInt32(count)
    lastCount = count
  }

  // MARK: Pieces

  /// Takes blocks that are stored as they are, unless one is the last, if such a one comes next.
  private func takeStored() -> Int? {
    var count = 0
    while unread.count >= 5, input[unread.lowerBound] & 7 == 0 {
      let sizes = (1...4).map { Int(input[unread.lowerBound + $0]) }
      let size = sizes[0] | sizes[1] << 8
      guard size ^ 0xFFFF == sizes[2] | sizes[3] << 8, unread.count >= 5 + size,
        count + size <= Self.room
      else { break }
      let start = unread.lowerBound + 5
      UnsafeMutableRawBufferPointer(rebasing: output[(Self.windowSize + count)...]).copyMemory(
        from: UnsafeRawBufferPointer(rebasing: input[start..<start + size]))
      count += size
      unread = start + size..<unread.upperBound
    }
    return count > 0 ? count : nil
  }

  /// Inflates what stands before an empty block, unless none is found that ends a piece: there must be nothing
  /// in it that repeats what came before it.
  private func inflatePiece() -> Int? {
    guard let base = input.baseAddress else { return nil }
    var place = unread.lowerBound
    for _ in 0..<Self.mostMarks {
      guard
        let mark = memmem(base + place, unread.upperBound - place, Self.mark, Self.mark.count)
      else { return nil }
      let end = base.distance(to: mark) + Self.mark.count
      if let count = inflate(to: end) {
        unread = end..<unread.upperBound
        return count
      }
      place = end - Self.mark.count + 1
    }
    return nil
  }

  /// Inflates what is not read yet up to a place as if the stream ended there; `nil` where it can't end there.
  private func inflate(to end: Int) -> Int? {
    let behind = UnsafeMutableRawBufferPointer(
      rebasing: input[end..<end + Self.endOfStream.count])
    let kept = Array(behind)
    defer { behind.copyBytes(from: kept) }
    behind.copyBytes(from: Self.endOfStream)
    guard let from = input.baseAddress, let to = output.baseAddress else { return nil }
    var (read, written) = (0, 0)
    let count = end + Self.endOfStream.count - unread.lowerBound
    let result = libdeflate_deflate_decompress_ex(
      inflater, from + unread.lowerBound, count, to + Self.windowSize, Self.room, &read, &written)
    return result == LIBDEFLATE_SUCCESS && read == count ? written : nil
  }

  // MARK: Streams

  // As zlib.h has it: what is gzipped, and what is a stream alone.
  private static let gzipped: Int32 = 31
  private static let raw: Int32 = -15

  private func readHeader() {
    checksum = 0
    size = 0
    windowCount = 0
    inflateReset2(stream, Self.gzipped)
    // zlib stops where the first block begins, and says so.
    repeat {
      guard runStream(Z_BLOCK, room: 0) != nil else { return }
    } while stream.pointee.data_type & 128 == 0
    state = .pieces
  }

  private func beginStream() {
    inflateReset2(stream, Self.raw)
    let window = output[Self.windowSize - windowCount..<Self.windowSize]
    inflateSetDictionary(
      stream,
      UnsafeRawBufferPointer(rebasing: window).baseAddress?.assumingMemoryBound(to: UInt8.self),
      UInt32(window.count))
    state = .stream
  }

  private func inflateStream() {
    guard let status = runStream(Z_NO_FLUSH, room: Self.room) else { return }
    took(Self.room - Int(stream.pointee.avail_out))
    if status == Z_STREAM_END { endMember() }
  }

  /// Lets zlib inflate what it has room for.
  private func runStream(_ flush: Int32, room: Int) -> Int32? {
    if unread.isEmpty {
      fill()
      if unread.isEmpty { return fail(Self.truncated) }
    }
    stream.pointee.next_in = (input.baseAddress.map { $0 + unread.lowerBound })?
      .assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_in = UInt32(unread.count)
    stream.pointee.next_out = (output.baseAddress.map { $0 + Self.windowSize })?
      .assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(room)
    let status = CZlib.inflate(stream, flush)
    guard status == Z_OK || status == Z_STREAM_END else {
      return fail(Self.failure("damaged gzip input"))
    }
    unread = unread.upperBound - Int(stream.pointee.avail_in)..<unread.upperBound
    return status
  }

  private func endMember() {
    let end = place - unread.count
    let stated = bytes(8, at: end)
    guard stated.count == 8 else { return failure = Self.truncated }
    length = end + 8
    let found = [checksum, size].flatMap { number in
      (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
    if stated != found { failure = Self.failure("its gzip checksum is another one") }
    // Another member may follow.
    place = length
    unread = 0..<0
    lseek(descriptor, off_t(place), SEEK_SET)
    state = bytes(2, at: length) == [0x1F, 0x8B] ? .header : .over
    if state == .over { length += padding }
  }

  /// How many zeros stand behind the last member, with which tar fills its last block.
  private var padding: Int {
    let rest = bytes(Self.room, at: length)
    return rest.count < Self.room && rest.allSatisfy { $0 == 0 } ? rest.count : 0
  }

  // MARK: The file

  /// Reads on until there is no room for more.
  private func fill() {
    UnsafeMutableRawBufferPointer(rebasing: input[..<unread.count]).copyMemory(
      from: UnsafeRawBufferPointer(rebasing: input[unread]))
    unread = 0..<unread.count
    while unread.count < Self.inputRoom {
      let room = input[unread.upperBound..<Self.inputRoom]
      let count = read(
        descriptor, UnsafeMutableRawBufferPointer(rebasing: room).baseAddress, room.count)
      guard count > 0 else { return }
      place += count
      unread = 0..<unread.upperBound + count
    }
  }

  private func bytes(_ count: Int, at place: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = max(0, pread(descriptor, buffer.baseAddress, count, place))
    }
  }

  private static let truncated = failure("truncated gzip input")

  private static func failure(_ message: String) -> InvalidInput {
    InvalidInput(Diagnostic(message))
  }

  private func fail(_ reason: InvalidInput) -> Int32? {
    failure = reason
    return nil
  }
}
