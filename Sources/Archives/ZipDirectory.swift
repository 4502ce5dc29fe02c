private import Glibc

/// What a ZIP archive says of its files at its end (PKWARE's APPNOTE 6.3), beside what it says in front of each.
///
/// Programs differ in which of the two they go by, and in how they find the end. Where both say the same and every
/// byte of the archive belongs to a file or to the list of them, all programs unpack the same.
///
///     try ZipDirectory.check(descriptor, size: size)
package struct ZipDirectory {
  /// Why programs may unpack different files.
  package enum Fault: Error, Hashable {
    /// Bytes belong to no file, or the list of files is not whole.
    case otherBytes
    /// The list says something else of a file than what stands in front of it or behind it.
    case contradiction(String)
  }

  private var list: Window
  private var files: Window
  private let end: End

  /// Where the list of files begins and ends, and how many it names.
  private struct End {
    let start: Int
    let end: Int
    let count: Int
  }

  /// What the list says of a file.
  private struct File {
    let name: ArraySlice<UInt8>
    let flags: Int
    let method: Int
    let checksum: Int
    var deflatedSize: Int
    var size: Int
    var place: Int
    /// Whether a further field names it otherwise.
    let isRenamed: Bool
    /// Where the list goes on.
    let next: Int
  }

  private static let most16 = 0xFFFF
  private static let most32 = 0xFFFF_FFFF
  /// The sizes stand behind the bytes.
  private static let isStreamed = 1 << 3
  /// What changes how a file is read: it is encrypted, and its name is UTF-8.
  private static let flagsThatMatter = 1 | 1 << 11

  /// Compares all that an archive in an open file says of its files; takes time in proportion to their number.
  ///
  /// - Throws: `Fault` where something does not agree.
  package static func check(_ descriptor: Int32, size: Int) throws(Fault) {
    var directory = try ZipDirectory(descriptor, size)
    try directory.check()
  }

  private init(_ descriptor: Int32, _ size: Int) throws(Fault) {
    files = Window(descriptor)
    list = Window(descriptor)
    // A comment may hold anything, another such record for instance.
    let place = list.contentSize(of: size) - 22
    guard let record = list.fields(22, at: place), record[0, 4] == 0x0605_4B50, record[20, 2] == 0
    else { throw .otherBytes }
    let start = record[16, 4]
    if start + record[12, 4] == place {
      end = End(start: start, end: place, count: record[10, 2])
      return
    }
    guard let locator = list.fields(20, at: place - 20), locator[0, 4] == 0x0706_4B50,
      let large = list.fields(56, at: place - 76), large[0, 4] == 0x0606_4B50,
      locator[8, 8] == place - 76, large[4, 8] == 44,
      let end = large[48, 8].sum(large[40, 8]), end == place - 76
    else { throw .otherBytes }
    self.end = End(start: large[48, 8], end: end, count: large[32, 8])
  }

  private mutating func check() throws(Fault) {
    // Where each file begins, and where the list tells of it.
    var places: [(file: Int, list: Int)] = []
    var at = end.start
    while at < end.end {
      let file = try listed(at)
      places.append((file.place, at))
      at = file.next
    }
    guard at == end.end, places.count == end.count else { throw .otherBytes }
    places.sort { $0.file < $1.file }
    var reached = 0
    for (index, place) in places.enumerated() {
      let next = index + 1 < places.count ? places[index + 1].file : end.start
      guard place.file == reached else { throw .otherBytes }
      try check(listed(place.list), upTo: next)
      reached = next
    }
    guard reached == end.start else { throw .otherBytes }
  }

  /// Reads what the list tells of a file.
  private mutating func listed(_ place: Int) throws(Fault) -> File {
    guard let record = list.fields(46, at: place), record[0, 4] == 0x0201_4B50,
      let name = list.fields(record[28, 2], at: place + 46),
      let extra = list.fields(record[30, 2], at: place + 46 + record[28, 2])
    else { throw .otherBytes }
    var file = File(
      name: name.bytes, flags: record[8, 2], method: record[10, 2],
      checksum: record[16, 4], deflatedSize: record[20, 4], size: record[24, 4],
      place: record[42, 4], isRenamed: extra.renames(name.bytes),
      next: place + 46 + record[28, 2] + record[30, 2] + record[32, 2])
    var large = extra.large[...]
    if file.size == Self.most32 { file.size = large.popFirst() ?? Self.most32 }
    if file.deflatedSize == Self.most32 { file.deflatedSize = large.popFirst() ?? Self.most32 }
    if file.place == Self.most32 { file.place = large.popFirst() ?? Self.most32 }
    return file
  }

  /// Compares what stands in front of a file and behind it, up to where the next one begins.
  private mutating func check(_ file: File, upTo next: Int) throws(Fault) {
    guard let header = files.fields(30, at: file.place), header[0, 4] == 0x0403_4B50,
      let name = files.fields(header[26, 2], at: file.place + 30),
      let extra = files.fields(header[28, 2], at: file.place + 30 + header[26, 2]),
      let end = (file.place + 30 + header[26, 2] + header[28, 2]).sum(file.deflatedSize)
    else { throw .otherBytes }
    var isSame =
      name.bytes.elementsEqual(file.name) && !file.isRenamed && !extra.renames(name.bytes)
      && header[8, 2] == file.method
      && (header[6, 2] ^ file.flags) & (Self.flagsThatMatter | Self.isStreamed) == 0
    if header[6, 2] & Self.isStreamed == 0 {
      guard end == next else { throw .otherBytes }
      var large = extra.large[...]
      let size = header[22, 4] == Self.most32 ? large.popFirst() : header[22, 4]
      let deflatedSize = header[18, 4] == Self.most32 ? large.popFirst() : header[18, 4]
      isSame =
        isSame && header[14, 4] == file.checksum && size == file.size
        && deflatedSize == file.deflatedSize
    } else {
      // The mark in front is not always there, and the sizes have four bytes each or eight.
      let count = next - end
      guard [12, 16, 20, 24].contains(count), let behind = files.fields(count, at: end) else {
        throw .otherBytes
      }
      let start = count % 8 == 0 ? 4 : 0
      let width = count < 20 ? 4 : 8
      isSame =
        isSame && (start == 0 || behind[0, 4] == 0x0807_4B50)
        && behind[start, 4] == file.checksum
        && behind[start + 4, width] == file.deflatedSize
        && behind[start + 4 + width, width] == file.size
    }
    guard isSame else { throw .contradiction(String(decoding: file.name, as: UTF8.self)) }
  }
}

/// Bytes of a record, of which numbers stand with the smallest first.
private struct ZipRecord {
  let bytes: ArraySlice<UInt8>

  /// A number of some bytes; the largest one where it is larger.
  subscript(place: Int, count: Int) -> Int {
    var number: UInt64 = 0
    var index = bytes.startIndex + place + count
    for _ in 0..<count {
      index -= 1
      number = number << 8 | UInt64(bytes[index])
    }
    return Int(clamping: number)
  }

  /// The bytes of a further field of some kind; none where there is no such field.
  func field(_ kind: Int) -> ArraySlice<UInt8> {
    var place = 0
    while place + 4 <= bytes.count {
      let start = bytes.startIndex + place + 4
      let count = self[place + 2, 2]
      guard start + count <= bytes.endIndex else { break }
      if self[place, 2] == kind { return bytes[start..<(start + count)] }
      place += 4 + count
    }
    return []
  }

  /// What the field for large files holds.
  var large: [Int] {
    let field = ZipRecord(bytes: field(1))
    return stride(from: 0, to: field.bytes.count - 7, by: 8).map { field[$0, 8] }
  }

  /// Whether a field gives a name in UTF-8 that is another one; programs differ in whether they take it.
  func renames(_ name: ArraySlice<UInt8>) -> Bool {
    let field = field(0x7075)
    return !field.isEmpty && !field.dropFirst(5).elementsEqual(name)
  }
}

/// A file of which a part is in memory: what stands close together is read once.
private struct Window {
  private let descriptor: Int32
  private var start = 0
  private var bytes: [UInt8] = []

  private static let size = 1 << 14

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// How much of an archive in a file of some size is its own: bsdtar fills the last block that it writes into a
  /// pipe with zeros, of which there are fewer than a window holds.
  mutating func contentSize(of size: Int) -> Int {
    let start = Swift.max(0, size - Self.size)
    guard let tail = fields(size - start, at: start)?.bytes,
      let last = tail.lastIndex(where: { $0 != 0 })
    else { return size }
    // The record at an archive's end may itself end in zeros, and begins with these four bytes.
    let mark: [UInt8] = [0x50, 0x4B, 5, 6]
    let record = tail[Swift.max(tail.startIndex, last - 21)...].lazy.indices.last {
      tail[$0...].starts(with: mark)
    }
    guard let record, tail.endIndex - record >= 22 else { return size }
    return start + record - tail.startIndex + 22
  }

  /// Some bytes at a place; `nil` where the file does not have them.
  mutating func fields(_ count: Int, at place: Int) -> ZipRecord? {
    guard place >= 0, place.sum(count) != nil else { return nil }
    if place < start || place - start + count > bytes.count {
      start = place
      bytes = [UInt8](unsafeUninitializedCapacity: max(count, Self.size)) { buffer, filled in
        filled = max(0, pread(descriptor, buffer.baseAddress, buffer.count, place))
      }
    }
    guard place - start + count <= bytes.count else { return nil }
    return ZipRecord(bytes: bytes[(place - start)..<(place - start + count)])
  }
}

extension Int {
  /// Two numbers together, unless that is too much.
  fileprivate func sum(_ other: Int) -> Int? {
    let (sum, isTooMuch) = addingReportingOverflow(other)
    return isTooMuch ? nil : sum
  }
}
