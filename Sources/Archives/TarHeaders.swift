private import Glibc

/// What stands in a tar archive in front of its files, looked at as the bytes go by (POSIX.1-2017, pax; GNU tar's
/// manual, "Basic Tar Format").
///
/// Programs differ in which headers they follow, and in what they do with one that isn't as it should be. What has
/// only headers of the few kinds that programs write of files and folders, all of them unpack alike.
///
///     var headers = TarHeaders()
///     headers.take(bytes)
///     headers.end()
///     headers.fault
package struct TarHeaders {
  /// Why programs may unpack different files.
  package enum Fault: Error, Hashable {
    /// Bytes stand behind the end, or a header is not whole.
    case otherBytes
    /// Something stands in the archive, as a noun, that not every program understands alike.
    case unlike(String)
  }

  /// The first fault.
  package private(set) var fault: Fault?

  /// What comes next.
  private enum Part {
    case header
    /// What a header says that is not of a fixed size.
    case more(kind: UInt8, size: Int)
    /// A block of the list of what is no hole in a file, in front of its bytes or behind its header.
    case list(HoleList)
    case oldList(HoleList)
    case end
  }

  private var part = Part.header
  /// What has come of it, and how many bytes it has.
  private var bytes: [UInt8] = []
  private var wanted = Self.block
  /// How many bytes of a file are still to come.
  private var passed = 0
  /// What is said of the next file.
  private var said: [String: String]?

  private static let block = 512
  /// The most that is said of one file, in bytes.
  private static let most = 1 << 20
  /// Larger files don't fit into the field for the size.
  private static let large = 1 << 33
  /// More than any file has; numbers up to it can be added.
  private static let mostBytes = 1 << 60

  private static let magic = 257..<265
  private static let prefix = 345..<500
  /// Where GNU's older form tells of holes.
  private static let holes = 386..<495
  private static let posix = Array("ustar\u{0}00".utf8)
  private static let gnu = Array("ustar  \u{0}".utf8)

  // MARK: Bytes

  /// Looks at the next bytes.
  package mutating func take(_ next: UnsafeRawBufferPointer) {
    var rest = next[...]
    while !rest.isEmpty, fault == nil {
      let isFile = passed > 0
      let count = min(isFile ? passed : wanted - bytes.count, rest.count)
      if isFile { passed -= count } else { bytes += rest.prefix(count) }
      rest = rest.dropFirst(count)
      guard !isFile, bytes.count == wanted else { continue }
      do throws(Fault) { try look() } catch { fault = error }
      bytes.removeAll(keepingCapacity: true)
    }
  }

  /// Says that no more bytes come.
  package mutating func end() {
    if fault == nil, !bytes.allSatisfy({ $0 == 0 }) { fault = .otherBytes }
    if fault == nil, said != nil { fault = .unlike("a header in front of no file") }
  }

  /// Looks at an archive in an open file, without what its files hold.
  mutating func read(_ descriptor: Int32) {
    var place = 0
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    while fault == nil {
      let count = pread(descriptor, &buffer, buffer.count, place)
      guard count > 0 else { break }
      buffer.withUnsafeBytes { take(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
      place += count
      (place, passed) = (place + passed, 0)
    }
    end()
  }

  private mutating func look() throws(Fault) {
    switch part {
    case .end: guard bytes.allSatisfy({ $0 == 0 }) else { throw .otherBytes }
    case .header: try lookAtHeader()
    case .more(let kind, let size):
      (part, wanted) = (.header, Self.block)
      if kind == UInt8(ascii: "L") {
        try takeName(bytes[..<size])
      } else {
        try takeKeywords(bytes[..<size], isForAll: kind == UInt8(ascii: "g"))
      }
    case .list(var list):
      if let rest = try list.take(bytes) {
        part = .header
        passed = Self.whole(rest)
      } else {
        part = .list(list)
      }
    case .oldList(let list): try lookAtHoles(list, bytes[...], room: 504)
    }
  }

  private static func whole(_ size: Int) -> Int { (size + block - 1) / block * block }

  // MARK: Headers

  private mutating func lookAtHeader() throws(Fault) {
    guard bytes.contains(where: { $0 != 0 }) else { return part = .end }
    let sum = bytes.indices.reduce(0) { $0 + (148..<156 ~= $1 ? 0x20 : Int(bytes[$1])) }
    guard try number(148..<156) == sum else { throw .otherBytes }
    // Between the two, GNU's form has dates, where others have the beginning of a name.
    let isPOSIX = bytes[Self.magic].elementsEqual(Self.posix)
    let isGNU = bytes[Self.magic].elementsEqual(Self.gnu)
    let isOldWithHoles = isGNU && bytes[156] == UInt8(ascii: "S")
    let isOldest = bytes[Self.magic].allSatisfy { $0 == 0 }
    let unused = isPOSIX ? Self.prefix.upperBound : Self.prefix.lowerBound
    let used = isOldWithHoles ? Self.holes : unused..<unused
    guard isPOSIX || isGNU || isOldest,
      bytes[unused..<used.lowerBound].allSatisfy({ $0 == 0 }),
      bytes[used.upperBound...].allSatisfy({ $0 == 0 })
    else { throw .unlike("a header of a form of its own") }
    let size = try number(124..<136)
    switch bytes[156] {
    case _ where isOldWithHoles:
      let list = HoleList(fileSize: try number(483..<495), size: size)
      try beginFile(text(0..<100), size)
      passed = 0
      try lookAtHoles(list, bytes[Self.holes.lowerBound...], room: 96)
    case UInt8(ascii: "x"), UInt8(ascii: "g"), UInt8(ascii: "L"):
      guard said == nil else { throw .unlike("two headers in front of one file") }
      guard 1...Self.most ~= size else { throw .unlike("a header of \(size) bytes") }
      part = .more(kind: bytes[156], size: size)
      wanted = Self.whole(size)
    case UInt8(ascii: "0"), 0, UInt8(ascii: "5"):
      let start = isPOSIX ? try text(Self.prefix) : []
      let name = try text(0..<100)
      try beginFile(start.isEmpty ? name : start + "/".utf8 + name, size)
    // libarchive tells of these: they are no plain files.
    case UInt8(ascii: "1")...UInt8(ascii: "6"):
      said = nil
      passed = bytes[156] == UInt8(ascii: "1") ? 0 : Self.whole(size)
    case let kind:
      throw .unlike("a record of kind '\(String(decoding: [kind], as: UTF8.self))'")
    }
  }

  private mutating func beginFile(_ field: [UInt8], _ size: Int) throws(Fault) {
    let said = self.said ?? [:]
    self.said = nil
    let path = said["path"].map { Array($0.utf8) } ?? field
    let name = String(decoding: path, as: UTF8.self)
    let isFolder =
      bytes[156] == UInt8(ascii: "5") || bytes[156] == 0 && path.last == UInt8(ascii: "/")
    guard bytes[157..<257].allSatisfy({ $0 == 0 }), isFolder || path.last != UInt8(ascii: "/")
    else { throw .unlike("a header that calls '\(name)' two things at once") }
    let large = try said["size"].map { text throws(Fault) in try Self.decimal(text) }
    guard large.map({ $0 == size || $0 >= Self.large }) ?? true,
      !isFolder || (large ?? size) == 0
    else { throw .unlike("a header that states two sizes of '\(name)'") }
    passed = Self.whole(large ?? size)
    guard let list = try HoleList(said, size: large ?? size) else { return }
    // Who knows nothing of holes shall see that there are some.
    guard !isFolder, name.contains("GNUSparseFile.") else {
      throw .unlike("a header that gives '\(name)' two names")
    }
    (part, passed) = (.list(list), 0)
  }

  /// Reads the parts of a file with holes as GNU's older form has them, with whether there are more behind them.
  private mutating func lookAtHoles(
    _ list: HoleList, _ slots: ArraySlice<UInt8>, room: Int
  ) throws(Fault) {
    var list = list
    let end = slots.startIndex + room
    var place = slots.startIndex
    while place < end, bytes[place] != 0 {
      try list.add(number(place..<place + 12), number(place + 12..<place + 24))
      place += 24
    }
    guard bytes[place..<end].allSatisfy({ $0 == 0 }), bytes[end] < 2 else { throw HoleList.strange }
    if bytes[end] == 1 {
      guard place == end else { throw HoleList.strange }
      part = .oldList(list)
    } else {
      part = .header
      passed = Self.whole(try list.end())
    }
  }

  /// A number of a header: octal, or the bytes of a large one.
  private func number(_ range: Range<Int>) throws(Fault) -> Int {
    let field = bytes[range]
    if field.first == 0x80 {
      guard field.dropFirst().dropLast(7).allSatisfy({ $0 == 0 }) else {
        throw .unlike("a header with a number of a form of its own")
      }
      return field.suffix(7).reduce(0) { $0 << 8 | Int($1) }
    }
    let digits = field.drop { $0 == 0x20 }.prefix { 0x30..<0x38 ~= $0 }
    guard !digits.isEmpty, field[digits.endIndex...].allSatisfy({ $0 == 0 || $0 == 0x20 }) else {
      throw .unlike("a header with a number of a form of its own")
    }
    return digits.reduce(0) { $0 << 3 | Int($1 - 0x30) }
  }

  /// A text of a header, behind which there is nothing.
  private func text(_ range: Range<Int>) throws(Fault) -> [UInt8] {
    let text = bytes[range].prefix { $0 != 0 }
    guard bytes[text.endIndex..<range.upperBound].allSatisfy({ $0 == 0 }) else {
      throw .unlike("a header with something behind a name")
    }
    return Array(text)
  }

  // MARK: What is said of a file

  /// What changes nothing about which files there are and what they hold.
  private static let harmless: Set<String> = [
    "comment", "mtime", "atime", "ctime", "uid", "gid", "uname", "gname", "hdrcharset",
    "SCHILY.dev", "SCHILY.ino", "SCHILY.nlink", "SCHILY.fflags", "LIBARCHIVE.creationtime",
  ]
  private static let harmlessStarts = [
    "SCHILY.xattr.", "SCHILY.acl.", "LIBARCHIVE.xattr.", "RHT.security.",
  ]

  private mutating func takeName(_ name: ArraySlice<UInt8>) throws(Fault) {
    guard name.count > 1, name.firstIndex(of: 0) == name.indices.last else {
      throw .unlike("a header with something behind a name")
    }
    said = ["path": String(decoding: name.dropLast(), as: UTF8.self)]
  }

  /// Reads lines, each with its length in front.
  private mutating func takeKeywords(_ lines: ArraySlice<UInt8>, isForAll: Bool) throws(Fault) {
    var said: [String: String] = [:]
    var rest = lines
    while !rest.isEmpty {
      let digits = rest.prefix { $0 != 0x20 }
      let count = digits.count < 8 ? try Self.decimal(String(decoding: digits, as: UTF8.self)) : 0
      let line = rest.prefix(count).dropFirst(digits.count + 1)
      guard line.last == 0x0A, rest.count >= count,
        let mark = line.firstIndex(of: UInt8(ascii: "="))
      else { throw .unlike("a header with a line that is not whole") }
      let keyword = String(decoding: line[..<mark], as: UTF8.self)
      let value = line[(mark + 1)...].dropLast()
      let isHarmless =
        Self.harmless.contains(keyword) || Self.harmlessStarts.contains { keyword.hasPrefix($0) }
      guard isForAll ? keyword == "comment" : isHarmless || Self.matters(keyword) else {
        throw .unlike("a\(isForAll ? " global" : "") header with the keyword '\(keyword)'")
      }
      if Self.matters(keyword) {
        guard !value.isEmpty, !value.contains(0), said[keyword] == nil else {
          throw .unlike("a header with '\(keyword)' twice, or with nothing")
        }
        said[keyword] = String(decoding: value, as: UTF8.self)
      }
      rest = rest.dropFirst(count)
    }
    if !isForAll { self.said = said }
  }

  private static func matters(_ keyword: String) -> Bool {
    ["path", "size"].contains(keyword) || HoleList.keywords.contains(keyword)
  }

  fileprivate static func decimal(_ text: String) throws(Fault) -> Int {
    guard !text.isEmpty, text.utf8.allSatisfy({ 0x30..<0x3A ~= $0 }), let number = Int(text),
      number <= mostBytes
    else {
      throw .unlike("a header with a number of a form of its own")
    }
    return number
  }
}

/// The list of the parts of a file with holes, which GNU tar calls sparse.
///
/// GNU tar has had several forms. Two are read here: the one that it still writes in archives of its own form, and
/// version 1.0, which bsdtar writes of any file that has holes.
private struct HoleList {
  private let fileSize: Int
  /// How many bytes of the archive are the parts and, in version 1.0, the list of them.
  private let size: Int
  /// How many of them have come.
  private var count = 0
  /// How many numbers are still to come; `nil` before the first.
  private var left: Int?
  private var digits = ""
  private var start: Int?
  /// Where the last part ends, and how many bytes all have.
  private var reached = 0
  private var sum = 0

  static let keywords: Set<String> = [
    "GNU.sparse.major", "GNU.sparse.minor", "GNU.sparse.name", "GNU.sparse.realsize",
  ]
  static let strange = TarHeaders.Fault.unlike("a list of a file's holes that is none")
  private static let mostDigits = 18

  init(fileSize: Int, size: Int) {
    self.fileSize = fileSize
    self.size = size
  }

  /// `nil` where nothing is said of holes.
  init?(_ said: [String: String], size: Int) throws(TarHeaders.Fault) {
    guard said.keys.contains(where: Self.keywords.contains) else { return nil }
    guard said["GNU.sparse.major"] == "1", said["GNU.sparse.minor"] == "0",
      let fileSize = said["GNU.sparse.realsize"], said["GNU.sparse.name"] != nil
    else { throw Self.strange }
    self.init(fileSize: try TarHeaders.decimal(fileSize), size: size)
  }

  /// Takes the next block of the list; gives how many bytes the parts have once it is whole.
  mutating func take(_ block: [UInt8]) throws(TarHeaders.Fault) -> Int? {
    count += block.count
    for byte in block {
      switch byte {
      case 0 where left == 0: continue
      case 0x30..<0x3A where left != 0 && digits.utf8.count < Self.mostDigits:
        digits.unicodeScalars.append(Unicode.Scalar(byte))
      case 0x0A where !digits.isEmpty:
        let number = try TarHeaders.decimal(digits)
        digits = ""
        try take(number)
      default: throw Self.strange
      }
    }
    guard count <= size else { throw Self.strange }
    return left == 0 ? try end() : nil
  }

  private mutating func take(_ number: Int) throws(TarHeaders.Fault) {
    guard let left else {
      guard number <= size else { throw Self.strange }
      return self.left = 2 * number
    }
    self.left = left - 1
    if let start {
      self.start = nil
      try add(start, number)
    } else {
      start = number
    }
  }

  /// Adds a part: where it begins in the file, and how many bytes it has.
  mutating func add(_ start: Int, _ count: Int) throws(TarHeaders.Fault) {
    let (end, isTooMuch) = start.addingReportingOverflow(count)
    guard start >= reached, !isTooMuch, count <= size - sum else { throw Self.strange }
    (reached, sum) = (end, sum + count)
  }

  /// How many bytes the parts have, of which there are no more.
  func end() throws(TarHeaders.Fault) -> Int {
    guard sum == size - count, reached <= fileSize else { throw Self.strange }
    return sum
  }
}
