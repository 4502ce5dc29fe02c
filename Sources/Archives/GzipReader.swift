private import CDeflate
private import CZlib
internal import DocModel
private import Glibc

/// Inflates a gzipped file (RFC 1952), and looks at the checksum and the size at the end of each member, which
/// libarchive passes over.
final class GzipReader {
  /// How many bytes of the file belong to members that were read whole.
  private(set) var length = 0
  /// What ended the reading.
  private(set) var failure: InvalidInput?

  private let descriptor: Int32
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private let input = UnsafeMutableRawBufferPointer.allocate(
    byteCount: GzipReader.room, alignment: 16)
  private let output = UnsafeMutableRawBufferPointer.allocate(
    byteCount: GzipReader.room, alignment: 16)
  /// Where the file was read to.
  private var place: Int
  /// The checksum and the size of what the current member held so far.
  private var checksum: UInt32 = 0
  private var size: UInt32 = 0
  private var isOver = false

  private static let room = 1 << 18

  /// Takes an open file, which stays the caller's, from where it stands; `nil` where it is not gzipped.
  init?(_ descriptor: Int32) {
    place = Int(lseek(descriptor, 0, SEEK_CUR))
    self.descriptor = descriptor
    stream.initialize(to: z_stream())
    // 31 is for gzip. The checksum is made here: zlib needs several times as long for it.
    let status = inflateInit2_(stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(status == Z_OK, "there is no memory to inflate with")
    inflateValidate(stream, 0)
    guard place >= 0, bytes(2, at: place) == [0x1F, 0x8B] else { return nil }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    input.deallocate()
    output.deallocate()
  }

  /// The next bytes of what is gzipped, which are there until the next call; none at the end, and `nil` where
  /// the file is damaged.
  func next() -> UnsafeRawBufferPointer? {
    var count = 0
    while !isOver, failure == nil, count == 0 { count = inflateSome() }
    // What came before the damage is looked at too.
    return failure == nil || count > 0 ? UnsafeRawBufferPointer(rebasing: output[..<count]) : nil
  }

  private func inflateSome() -> Int {
    if stream.pointee.avail_in == 0 {
      let count = read(descriptor, input.baseAddress, input.count)
      guard count > 0 else { return fail("truncated gzip input") }
      place += count
      stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
      stream.pointee.avail_in = UInt32(count)
    }
    stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(output.count)
    let status = inflate(stream, Z_NO_FLUSH)
    guard status == Z_OK || status == Z_STREAM_END else { return fail("damaged gzip input") }
    let count = output.count - Int(stream.pointee.avail_out)
    checksum = UInt32(libdeflate_crc32(checksum, output.baseAddress, count))
    size &+= UInt32(count)
    if status == Z_STREAM_END { endMember() }
    return count
  }

  private func endMember() {
    length = place - Int(stream.pointee.avail_in)
    let stated = bytes(8, at: length - 8)
    let found = [checksum, size].flatMap { number in
      (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
    if stated != found { _ = fail("its gzip checksum is another one") }
    // Another member may follow.
    isOver = bytes(2, at: length) != [0x1F, 0x8B]
    if isOver { length += padding }
    checksum = 0
    size = 0
    inflateReset(stream)
  }

  /// How many zeros stand behind the last member, with which tar fills its last block.
  private var padding: Int {
    let rest = bytes(Self.room, at: length)
    return rest.count < Self.room && rest.allSatisfy { $0 == 0 } ? rest.count : 0
  }

  private func bytes(_ count: Int, at place: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = max(0, pread(descriptor, buffer.baseAddress, count, place))
    }
  }

  private func fail(_ message: String) -> Int {
    failure = InvalidInput(Diagnostic(message))
    return 0
  }
}
