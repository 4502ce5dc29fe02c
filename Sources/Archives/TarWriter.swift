internal import DocModel

/// Writes a tar archive in pax form (POSIX.1-2017, `pax`), which is gzipped.
///
/// libarchive makes an object of each file and goes through it many times, which for small files takes longer
/// than their bytes. A file has a header of ustar; where its path, size or time does not fit there, a record
/// of pax before it says so.
final class TarWriter {
  private let output: GzipWriter
  /// The time that every file bears, in seconds since 1970.
  private let time: Int
  /// How many bytes of the file that was begun last are still to come, and how many zeros behind them.
  private var left = 0
  private var padding = 0

  private static let block = 512
  private static let zeros = [UInt8](repeating: 0, count: 2 * block)

  init(_ output: GzipWriter, time: Int) {
    self.output = output
    self.time = time
  }

  func begin(_ path: String, size: Int) throws(InvalidInput) {
    try write(Self.headers(of: path, size: size, time: time)[...])
    left = size
    padding = Self.padding(behind: size)
  }

  /// What stands before the bytes of a file.
  static func headers(of path: String, size: Int, time: Int) -> [UInt8] {
    let name = Array(path.utf8)
    let parts = TarHeader.parts(of: name)
    var records: [UInt8] = []
    if parts == nil || !name.allSatisfy({ $0 < 0x80 }) {
      add("path", path, to: &records)
    }
    if size > TarHeader.most { add("size", String(size), to: &records) }
    if !(0...TarHeader.most).contains(time) { add("mtime", String(time), to: &records) }
    var headers: [UInt8] = []
    if !records.isEmpty {
      let header = TarHeader(
        folder: [], name: Array("PaxHeader".utf8)[...], size: records.count, time: time,
        isRecords: true)
      headers += header.bytes + records + zeros.prefix(padding(behind: records.count))
    }
    let (folder, short) = parts ?? ([], name.prefix(TarHeader.nameSize))
    return headers + TarHeader(folder: folder, name: short, size: size, time: time).bytes
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(InvalidInput) {
    left -= bytes.count
    try output.write(bytes)
  }

  func end() throws(InvalidInput) {
    precondition(left == 0, "a file has as many bytes as were announced")
    try write(Self.zeros.prefix(padding))
  }

  func close() throws(InvalidInput) {
    try write(Self.zeros[...])
    try output.close()
  }

  private func write(_ bytes: ArraySlice<UInt8>) throws(InvalidInput) {
    try bytes.withUnsafeBytes { bytes in
      Result { () throws(InvalidInput) in try output.write(bytes) }
    }.get()
  }

  /// How many zeros fill the last block behind so many bytes.
  private static func padding(behind size: Int) -> Int { (block - size % block) % block }

  /// Adds a record: how long it is itself, in decimal digits, its key and its value.
  private static func add(_ key: String, _ value: String, to records: inout [UInt8]) {
    let rest = " \(key)=\(value)\n"
    var length = rest.utf8.count
    // The digits count too, and may become one more by that.
    while String(length).utf8.count + rest.utf8.count != length {
      length = String(length).utf8.count + rest.utf8.count
    }
    records += Array("\(length)\(rest)".utf8)
  }
}

/// The header of a file in a tar archive, in the form of ustar.
private struct TarHeader {
  private(set) var bytes = [UInt8](repeating: 0, count: 512)

  static let nameSize = 100
  private static let folderSize = 155
  /// The greatest number that eleven octal digits write.
  static let most = 1 << 33 - 1

  /// The path of a file in the two parts that a header has room for, without the slash between them; `nil`
  /// where it does not fit.
  static func parts(
    of path: [UInt8]
  ) -> (folder: ArraySlice<UInt8>, name: ArraySlice<UInt8>)? {
    if path.count <= nameSize { return ([], path[...]) }
    guard let slash = path.prefix(folderSize + 1).lastIndex(of: UInt8(ascii: "/")), slash > 0,
      (1...nameSize).contains(path.count - slash - 1)
    else { return nil }
    return (path[..<slash], path[(slash + 1)...])
  }

  /// `isRecords`: whether the bytes behind it are records about the next file.
  init(
    folder: ArraySlice<UInt8>, name: ArraySlice<UInt8>, size: Int, time: Int,
    isRecords: Bool = false
  ) {
    put(name, at: 0)
    put(folder, at: 345)
    // Anybody may read it, and nobody in particular owns it.
    put(0o644, digits: 7, at: 100)
    put(0, digits: 7, at: 108)
    put(0, digits: 7, at: 116)
    put(size, digits: 11, at: 124)
    put(time, digits: 11, at: 136)
    put([UInt8(ascii: isRecords ? "x" : "0")], at: 156)
    put("ustar\u{0}00".utf8, at: 257)
    put(0, digits: 7, at: 329)
    put(0, digits: 7, at: 337)
    // The sum is that of a header with spaces in its place.
    put("        ".utf8, at: 148)
    put(bytes.reduce(0) { $0 + Int($1) }, digits: 6, at: 148)
    bytes[154] = 0
  }

  private mutating func put(_ text: some Collection<UInt8>, at place: Int) {
    for (offset, byte) in text.enumerated() { bytes[place + offset] = byte }
  }

  /// Writes a number in octal digits; what does not fit stands in a record of pax.
  private mutating func put(_ number: Int, digits: Int, at place: Int) {
    var rest = min(max(0, number), Self.most)
    for index in (0..<digits).reversed() {
      bytes[place + index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest & 7)
      rest >>= 3
    }
  }
}
