private import Glibc
private import Synchronization

/// The bytes of one file with a table of its lines, from which places are made.
///
/// The bytes are valid UTF-8 without a byte order mark; `init(name:bytes:)` refuses anything else.
public final class Source: Sendable {
  /// The largest file that is read, in bytes: 64 MiB.
  public static let sizeLimit = 64 << 20

  /// The file as the user named it, for messages.
  public let name: String
  /// The text as UTF-8.
  public let bytes: [UInt8]
  /// The byte order mark that the file begins with, which is no part of its text; mostly nothing.
  package let byteOrderMark: [UInt8]
  private static let excerptLimit = 4096
  /// Where lines begin, found when a place is first asked for.
  private let foundLineStarts = Mutex<[UInt32]?>(nil)

  /// Takes a file's bytes.
  ///
  /// - Throws: `InvalidInput` where the bytes are more than `sizeLimit`, are not UTF-8, or hold a
  ///   NUL; the place of the first wrong byte is named.
  public convenience init(name: String, bytes: [UInt8]) throws(InvalidInput) {
    try self.init(name: name, bytes: bytes, limit: Self.sizeLimit)
  }

  /// Takes the bytes of a file that no person writes, which may be larger.
  ///
  /// - Throws: `InvalidInput` as `init(name:bytes:)` does.
  package init(name: String, bytes: [UInt8], limit: Int) throws(InvalidInput) {
    guard bytes.count <= limit else {
      throw InvalidInput(
        Diagnostic(
          "'\(name)' is \(bytes.count >> 20) MiB large; at most \(limit >> 20) MiB are read",
          hint: "split the file, or keep large material in evidence files"))
    }
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    byteOrderMark = bytes.starts(with: mark) ? mark : []
    let text = byteOrderMark.isEmpty ? bytes : Array(bytes.dropFirst(mark.count))
    self.name = name
    self.bytes = text
    if let offset = Self.firstBadByte(text) {
      let isUTF16 = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
      let number = offset + bytes.count - text.count + 1
      let what =
        isUTF16
        ? "the file is UTF-16, not UTF-8"
        : text[offset] == 0
          ? "byte \(number) of the file is NUL, which no text holds"
          : "the file is not UTF-8: byte \(number) belongs to no character"
      // ZIP archives begin so, workbooks among them.
      if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
        throw InvalidInput(
          Diagnostic(
            "'\(name)' is an archive or a workbook, where a text is needed",
            hint: "'rfpgen verify' reads packs, 'rfpgen import' takes in workbooks"))
      }
      throw InvalidInput(
        Diagnostic(what, at: location(offset: offset), hint: "save the file as UTF-8"))
    }
  }

  /// Takes bytes of our own, which are known to be what `init(name:bytes:)` asks for.
  package init(name: String, trusted bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
    byteOrderMark = []
  }

  /// Takes text that is UTF-8 already.
  ///
  /// - Throws: `InvalidInput` where the text is larger than `sizeLimit` or holds a NUL.
  public convenience init(name: String, text: String) throws(InvalidInput) {
    try self.init(name: name, bytes: Array(text.utf8))
  }

  private var lineStarts: [UInt32] {
    foundLineStarts.withLock { found in
      if let found { return found }
      let starts = Self.lineStarts(of: bytes)
      found = starts
      return starts
    }
  }

  /// The place at a line and a column, both counted from 1 and clamped to what there is.
  public func location(line: Int, column: Int) -> Location {
    let lineStarts = lineStarts
    if line > lineStarts.count { return location(offset: bytes.count) }
    let index = max(line, 1) - 1
    let start = Int(lineStarts[index])
    var end = index + 1 < lineStarts.count ? Int(lineStarts[index + 1]) - 1 : bytes.count
    if end > start, bytes[end - 1] == 0x0D { end -= 1 }
    // Of a huge line only the beginning can be shown, and nothing where the place lies beyond it.
    let clipped = bytes[start..<min(end, start + Self.excerptLimit)]
    let isBeyond = clipped.count == Self.excerptLimit && column > Self.excerptLimit / 4
    return Location(
      file: name, line: index + 1, column: max(column, 1),
      excerpt: isBeyond ? "" : String(decoding: clipped, as: UTF8.self))
  }

  /// The place of a byte, counted from 0 and clamped to what there is.
  public func location(offset: Int) -> Location {
    let (line, column) = lineAndColumn(offset: offset)
    return location(line: line, column: column)
  }

  /// The line and the column of a byte, both counted from 1.
  func lineAndColumn(offset: Int) -> (line: Int, column: Int) {
    let lineStarts = lineStarts
    let offset = min(max(offset, 0), bytes.count)
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if Int(lineStarts[middle]) <= offset { low = middle } else { high = middle }
    }
    let column = bytes[Int(lineStarts[low])..<offset].reduce(into: 1) { count, byte in
      if byte & 0xC0 != 0x80 { count += 1 }
    }
    return (low + 1, column)
  }

  /// Where the lines of a text begin, by the C library's search.
  private static func lineStarts(of bytes: [UInt8]) -> [UInt32] {
    bytes.withUnsafeBytes { buffer in
      var starts: [UInt32] = [0]
      guard let start = buffer.baseAddress else { return starts }
      var offset = 0
      while offset < buffer.count, let found = memchr(start + offset, 0x0A, buffer.count - offset) {
        offset = UnsafeRawPointer(found) - start + 1
        starts.append(UInt32(offset))
      }
      return starts
    }
  }

  /// The offset of the first byte that is NUL or no part of well-formed UTF-8.
  private static func firstBadByte(_ bytes: [UInt8]) -> Int? {
    let isClean = bytes.withUnsafeBufferPointer { buffer in
      (buffer.baseAddress.map { memchr($0, 0, buffer.count) == nil } ?? true)
        && (try? UTF8Span(validating: buffer.span)) != nil
    }
    if isClean { return nil }
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var offset = 0
    while true {
      switch decoder.decode(&iterator) {
      case .scalarValue("\0"), .error: return offset
      case .scalarValue(let scalar): offset += UTF8.width(scalar)
      case .emptyInput: return nil
      }
    }
  }
}
