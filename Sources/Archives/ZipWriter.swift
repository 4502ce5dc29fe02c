internal import DocModel

/// Writes a ZIP archive (PKWARE's APPNOTE 6.3) whose files are deflated on several threads, for which
/// libarchive has no means.
///
/// Zip64 is used where a file, a place or the number of files needs it. A file of one piece has its sizes
/// before its bytes, a larger one behind them.
final class ZipWriter {
  private struct Entry {
    let name: [UInt8]
    /// Whether its sizes may need more than 32 bits.
    let isLarge: Bool
    var place = 0
    var size = 0
    var deflatedSize = 0
    var checksum = Checksum()
    /// Whether its sizes stand behind its bytes.
    var isStreamed = false
  }

  private let output: Outflow
  private let deflater: Deflater
  /// The files whose bytes are underway, from this one on in order.
  private var entries: [Entry] = []
  private var current = 0
  /// The records of the files that are written, for the archive's end.
  private var directory = Fields()
  private var count = 0

  private static let most32 = 0xFFFF_FFFF
  private static let most16 = 0xFFFF
  /// A deflated file may be a little larger than it was.
  private static let leastLarge = 0xFF00_0000

  init(_ output: Outflow, _ deflater: Deflater) {
    self.output = output
    self.deflater = deflater
  }

  func begin(_ path: String, size: Int) {
    if current > 1 << 10 {
      entries.removeFirst(current)
      current = 0
    }
    entries.append(Entry(name: Array(path.utf8), isLarge: size >= Self.leastLarge))
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(InvalidInput) {
    try deflater.write(bytes) { piece throws(InvalidInput) in try take(piece) }
  }

  func end() throws(InvalidInput) {
    try deflater.end { piece throws(InvalidInput) in try take(piece) }
  }

  func close() throws(InvalidInput) {
    try deflater.finish { piece throws(InvalidInput) in try take(piece) }
    try endArchive()
    try output.flush()
  }

  private func take(_ piece: Deflater.Piece) throws(InvalidInput) {
    if piece.isFirst {
      entries[current].place = output.count
      entries[current].isStreamed = !piece.isLast
    }
    entries[current].size += piece.count
    entries[current].deflatedSize += piece.bytes.count
    entries[current].checksum.add(piece.checksum, of: piece.count)
    if piece.isFirst { try beginFile(entries[current]) }
    try output.write(piece.bytes)
    if piece.isLast {
      try endFile(entries[current])
      current += 1
      count += 1
    }
  }

  /// The fields that a file has before its bytes and in the directory alike, up to its sizes.
  private func common(_ entry: Entry, version: Int) -> Fields {
    var fields = Fields()
    fields.add16(version)
    // Bit 3: the sizes stand behind the bytes; bit 11: the name is UTF-8.
    let isPlain = entry.name.allSatisfy { $0 < 0x80 }
    fields.add16((entry.isStreamed ? 1 << 3 : 0) | (isPlain ? 0 : 1 << 11))
    // Deflated, at the first moment that ZIP knows: its times are local ones.
    fields.add16(8)
    fields.add16(0)
    fields.add16(1 << 5 | 1)
    return fields
  }

  private func beginFile(_ entry: Entry) throws(InvalidInput) {
    var fields = Fields(signature: 0x0403_4B50)
    fields.add(common(entry, version: entry.isLarge ? 45 : 20))
    let isKnown = !entry.isStreamed
    fields.add32(isKnown ? Int(entry.checksum.value) : 0)
    let unknown = entry.isLarge ? Self.most32 : 0
    fields.add32(isKnown ? entry.deflatedSize : unknown)
    fields.add32(isKnown ? entry.size : unknown)
    fields.add16(entry.name.count)
    fields.add16(entry.isLarge ? 20 : 0)
    fields.add(entry.name)
    if entry.isLarge {
      fields.add16(1)
      fields.add16(16)
      fields.add64(0)
      fields.add64(0)
    }
    try output.write(fields)
  }

  /// Writes what stands behind a file's bytes, and keeps its record for the directory.
  private func endFile(_ entry: Entry) throws(InvalidInput) {
    if entry.isStreamed {
      var fields = Fields(signature: 0x0807_4B50)
      fields.add32(Int(entry.checksum.value))
      for size in [entry.deflatedSize, entry.size] {
        if entry.isLarge { fields.add64(size) } else { fields.add32(size) }
      }
      try output.write(fields)
    }
    var extra = Fields()
    func fitting(_ value: Int) -> Int {
      guard value >= Self.most32 else { return value }
      extra.add64(value)
      return Self.most32
    }
    // In the order that Zip64 has them.
    let size = fitting(entry.size)
    let deflatedSize = fitting(entry.deflatedSize)
    let place = fitting(entry.place)
    let isLarge = entry.isLarge || !extra.bytes.isEmpty
    directory.add32(0x0201_4B50)
    // Made on Unix, whose permissions stand in the upper half of the attributes.
    directory.add16(3 << 8 | (isLarge ? 45 : 20))
    directory.add(common(entry, version: isLarge ? 45 : 20))
    directory.add32(Int(entry.checksum.value))
    directory.add32(deflatedSize)
    directory.add32(size)
    directory.add16(entry.name.count)
    directory.add16(extra.bytes.isEmpty ? 0 : extra.bytes.count + 4)
    directory.add16(0)
    directory.add16(0)
    directory.add16(0)
    directory.add32(0o100644 << 16)
    directory.add32(place)
    directory.add(entry.name)
    if !extra.bytes.isEmpty {
      directory.add16(1)
      directory.add16(extra.bytes.count)
      directory.add(extra)
    }
  }

  private func endArchive() throws(InvalidInput) {
    let place = output.count
    let size = directory.bytes.count
    try output.write(directory)
    if count >= Self.most16 || place >= Self.most32 || size >= Self.most32 {
      let end = output.count
      var fields = Fields(signature: 0x0606_4B50)
      fields.add64(44)
      fields.add16(3 << 8 | 45)
      fields.add16(45)
      fields.add32(0)
      fields.add32(0)
      for number in [count, count, size, place] { fields.add64(number) }
      // Where this is.
      fields.add32(0x0706_4B50)
      fields.add32(0)
      fields.add64(end)
      fields.add32(1)
      try output.write(fields)
    }
    var fields = Fields(signature: 0x0605_4B50)
    fields.add16(0)
    fields.add16(0)
    fields.add16(min(count, Self.most16))
    fields.add16(min(count, Self.most16))
    fields.add32(min(size, Self.most32))
    fields.add32(min(place, Self.most32))
    fields.add16(0)
    try output.write(fields)
  }
}

/// Writes a stream as one gzip member (RFC 1952) that is deflated on several threads.
final class GzipWriter {
  private let output: Outflow
  private let deflater: Deflater
  private var checksum = Checksum()
  private var size = 0

  init(_ output: Outflow, _ deflater: Deflater) {
    self.output = output
    self.deflater = deflater
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(InvalidInput) {
    try deflater.write(bytes) { piece throws(InvalidInput) in try take(piece) }
  }

  func close() throws(InvalidInput) {
    try deflater.end { piece throws(InvalidInput) in try take(piece) }
    try deflater.finish { piece throws(InvalidInput) in try take(piece) }
    var fields = Fields()
    fields.add32(Int(checksum.value))
    fields.add32(size & 0xFFFF_FFFF)
    try output.write(fields)
    try output.flush()
  }

  private func take(_ piece: Deflater.Piece) throws(InvalidInput) {
    if piece.isFirst {
      // Deflated, no name, no time, made on Unix.
      try output.write(Fields([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]))
    }
    checksum.add(piece.checksum, of: piece.count)
    size += piece.count
    try output.write(piece.bytes)
  }
}

/// Numbers with their least byte first.
struct Fields {
  private(set) var bytes: [UInt8]

  init(_ bytes: [UInt8] = []) { self.bytes = bytes }

  init(signature: Int) {
    bytes = []
    add32(signature)
  }

  mutating func add16(_ value: Int) { add(value, bytes: 2) }
  mutating func add32(_ value: Int) { add(value, bytes: 4) }
  mutating func add64(_ value: Int) { add(value, bytes: 8) }
  mutating func add(_ other: [UInt8]) { bytes += other }
  mutating func add(_ other: Fields) { bytes += other.bytes }

  private mutating func add(_ value: Int, bytes count: Int) {
    for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
  }
}

/// The bytes of an archive on their way out, in portions that are worth a call of the system.
final class Outflow {
  /// How many bytes the archive has so far.
  private(set) var count = 0
  private var waiting: [UInt8] = []
  private let take: (UnsafeRawBufferPointer) throws(InvalidInput) -> Void
  private static let portion = 1 << 18

  init(_ take: @escaping (UnsafeRawBufferPointer) throws(InvalidInput) -> Void) {
    self.take = take
    waiting.reserveCapacity(Self.portion)
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(InvalidInput) {
    if waiting.count + bytes.count > Self.portion { try flush() }
    count += bytes.count
    if bytes.count > Self.portion { return try take(bytes) }
    waiting.append(contentsOf: bytes)
  }

  func write(_ fields: Fields) throws(InvalidInput) {
    try fields.bytes.withUnsafeBytes { bytes in
      Result { () throws(InvalidInput) in try write(bytes) }
    }.get()
  }

  func flush() throws(InvalidInput) {
    try waiting.withUnsafeBytes { bytes in
      Result { () throws(InvalidInput) in if !bytes.isEmpty { try take(bytes) } }
    }.get()
    waiting.removeAll(keepingCapacity: true)
  }
}
