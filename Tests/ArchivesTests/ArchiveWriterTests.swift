import DocModel
import Foundation
import Testing

@testable import Archives

/// Archives, as other programs read them.
@Suite struct ArchiveWriterTests {
  private struct File {
    let name: String
    let bytes: [UInt8]
  }

  /// Bytes that look like noise, the same each time.
  private static func noise(_ count: Int) -> [UInt8] {
    var state: UInt64 = 88_172_645_463_325_252
    return (0..<count).map { _ in
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return UInt8(truncatingIfNeeded: state >> 32)
    }
  }

  private static func words(_ count: Int) -> [UInt8] {
    Array(repeating: Array("backup, restore, queue; ".utf8), count: count / 24 + 1)
      .flatMap { $0 }.prefix(count).map { $0 }
  }

  /// Sizes around those of a piece and of what is looked at for noise, and pieces that end anywhere within a
  /// byte.
  private static let files: [File] = {
    let piece = 1 << 18
    let sizes = [
      0, 1, 100, 4096, 16_383, 16_384, 32_768, piece - 1, piece, piece + 1, 2 * piece,
      3 * piece + 5,
    ]
    var files = sizes.flatMap { size in
      [
        File(name: "words/\(size).txt", bytes: words(size)),
        File(name: "noise/\(size).bin", bytes: noise(size)),
      ]
    }
    files.append(File(name: "mixed.bin", bytes: words(piece) + noise(piece) + words(piece)))
    // Blocks of several kinds in a piece, of which the last is another each time.
    let digits = noise(piece).map { 0x30 + $0 % 10 }
    for count in stride(from: 0, to: 50_000, by: 12_503) {
      let bytes = words(piece - count) + noise(count / 2) + digits.prefix(count - count / 2)
      files.append(File(name: "blocks/\(count).bin", bytes: bytes + words(10)))
    }
    files.append(File(name: "\(String(repeating: "long/", count: 40))name.txt", bytes: [65]))
    files.append(File(name: "r\u{E9}sum\u{E9}.txt", bytes: [66]))
    return files
  }()

  private final class Written {
    var bytes: [UInt8] = []
  }

  /// An archive of files whose bytes come in portions of one size.
  private static func archive(
    _ files: [File], _ format: ArchiveFormat, threads: Int, portion: Int
  ) throws -> [UInt8] {
    let written = Written()
    let archive = try ArchiveWriter(
      format, time: 86_400 * 365, by: Deflater(threads: threads)
    ) { written.bytes.append(contentsOf: $0) }
    for file in files {
      try archive.begin(file.name, size: file.bytes.count)
      for start in stride(from: 0, to: file.bytes.count, by: portion) {
        try file.bytes[start..<min(start + portion, file.bytes.count)].withUnsafeBytes { bytes in
          try archive.write(bytes)
        }
      }
      try archive.end()
    }
    try archive.close()
    return written.bytes
  }

  @Test(
    "the bytes depend neither on the threads nor on how they come",
    arguments: ArchiveFormat.allCases)
  func same(format: ArchiveFormat) throws {
    let first = try Self.archive(Self.files, format, threads: 0, portion: Int.max >> 1)
    for (threads, portion) in [(1, 70_000), (2, 1 << 20), (3, 131_072), (7, 9973)] {
      let other = try Self.archive(Self.files, format, threads: threads, portion: portion)
      // The arrays themselves would fill the screen.
      let isSame = first == other
      #expect(isSame, "\(threads) threads, \(portion) bytes at a time")
    }
  }

  /// Reads an archive with Python's `zipfile` or `tarfile` and prints each file's name, size and digest.
  private static let script = """
    import hashlib, sys, tarfile, zipfile
    name = sys.argv[1]
    if name.endswith('.zip'):
        archive = zipfile.ZipFile(name)
        assert archive.testzip() is None
        files = [(i.filename, archive.read(i)) for i in archive.infolist()]
    else:
        archive = tarfile.open(name)
        files = [(i.name, archive.extractfile(i).read()) for i in archive]
    for name, data in files:
        print(name, len(data), hashlib.md5(data).hexdigest())
    """

  private static func run(_ words: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = words
    process.environment = ["LC_ALL": "C.UTF-8", "PATH": "/usr/local/bin:/usr/bin:/bin"]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let text = String(decoding: output, as: UTF8.self)
    #expect(process.terminationStatus == 0, "\(words[0]): \(text)")
    return text
  }

  /// A file of these bytes, to be removed.
  private static func temporary(_ bytes: [UInt8], _ format: ArchiveFormat = .zip) throws -> URL {
    let file = FileManager.default.temporaryDirectory.appending(
      path: "archive-\(UUID().uuidString)\(format.rawValue)")
    try Data(bytes).write(to: file)
    return file
  }

  private static func digests(_ bytes: [UInt8], _ format: ArchiveFormat, test: [String]) throws
    -> String
  {
    let file = try temporary(bytes, format)
    defer { try? FileManager.default.removeItem(at: file) }
    _ = try run(test + [file.path])
    return try run(["python3", "-c", script, file.path])
  }

  /// A format, and a stock tool that tests an archive of it.
  static let tests: [(ArchiveFormat, [String])] = [
    (.zip, ["unzip", "-tqq"]), (.tarGzip, ["gzip", "-t"]),
  ]

  @Test("stock tools read every file as it was", arguments: tests)
  func read(format: ArchiveFormat, test: [String]) throws {
    // Together, each alone, and none at all.
    for files in [Self.files, [Self.files[0]], Self.files.suffix(1), []] {
      let bytes = try Self.archive(files, format, threads: 2, portion: 50_000)
      let found = try Self.digests(bytes, format, test: files.isEmpty ? ["true"] : test)
      #expect(found.split(separator: "\n").count == files.count)
      for (line, file) in zip(found.split(separator: "\n"), files) {
        #expect(line.hasPrefix("\(file.name) \(file.bytes.count) "))
      }
      #expect(found == (try Self.expected(files)))
      // Our own reader finds the same.
      try Self.withFile(bytes) { descriptor in
        let reader = try ArchiveReader(format, from: descriptor)
        for file in files {
          let entry = try #require(try reader.next())
          #expect(entry.isFile)
          if file.name.utf8.allSatisfy({ $0 < 0x80 }) {
            #expect(entry.path == Array(file.name.utf8))
          }
          var content = [UInt8](repeating: 0, count: file.bytes.count + 1)
          var count = 0
          try content.withUnsafeMutableBytes { room in
            while true {
              let got = try reader.read(
                into: UnsafeMutableRawBufferPointer(rebasing: room[count...]))
              if got == 0 { break }
              count += got
            }
          }
          #expect(content.prefix(count).elementsEqual(file.bytes), "\(file.name)")
        }
        #expect(try reader.next() == nil)
        if format == .zip { try ZipDirectory.check(descriptor, size: bytes.count) }
      }
    }
  }

  private static func withFile(_ bytes: [UInt8], _ body: (Int32) throws -> Void) throws {
    let file = FileManager.default.temporaryDirectory.appending(
      path: "archive-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(bytes).write(to: file)
    let handle = try FileHandle(forReadingFrom: file)
    try body(handle.fileDescriptor)
  }

  /// What the script prints of files that are not in an archive.
  private static func expected(_ files: [File]) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "files-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let paths = try files.indices.map { number in
      let path = folder.appending(path: "\(number)")
      try Data(files[number].bytes).write(to: path)
      return path.path
    }
    let digests = try files.isEmpty ? "" : run(["md5sum"] + paths)
    return zip(files, digests.split(separator: "\n")).map { file, line in
      "\(file.name) \(file.bytes.count) \(line.prefix(32))\n"
    }.joined()
  }

  @Test("no bytes of a ZIP archive stop the program, and a list that breaks off never passes")
  func damaged() throws {
    let good = try Self.archive(Array(Self.files.prefix(4)), .zip, threads: 1, portion: 4096)
    let noise = Self.noise(12_000)
    for round in 0..<1_000 {
      var bytes = good
      for place in stride(from: round * 12, to: round * 12 + 12, by: 3) {
        // Near the end, where the list is.
        let index = bytes.count - 1 - (Int(noise[place]) << 8 | Int(noise[place + 1])) % 400
        bytes[max(0, index)] = noise[place + 2] < 0x60 ? 0xFF : noise[place + 2]
      }
      try Self.withFile(bytes) { descriptor in
        do throws(ZipDirectory.Fault) {
          try ZipDirectory.check(descriptor, size: bytes.count)
        } catch {}
        #expect(throws: ZipDirectory.Fault.self) {
          try ZipDirectory.check(descriptor, size: bytes.count - 1 - round % 400)
        }
      }
    }
  }

  @Test("more files than ZIP counts, and a file larger than it measures, need Zip64")
  func large() throws {
    let many = (0..<66_000).map { File(name: "f/\($0)", bytes: []) }
    let bytes = try Self.archive(many, .zip, threads: 2, portion: 1)
    let crowded = try Self.temporary(bytes)
    defer { try? FileManager.default.removeItem(at: crowded) }
    _ = try Self.run(["unzip", "-tqq", crowded.path])
    #expect(try Self.sizes(crowded) == "\(many.map { _ in 0 })\n")
    try Self.withFile(bytes) { try ZipDirectory.check($0, size: bytes.count) }

    // A little more than 4 GiB of nothing, then a file that stands behind it.
    let written = Written()
    let archive = try ArchiveWriter(.zip) { written.bytes.append(contentsOf: $0) }
    let zeros = [UInt8](repeating: 0, count: 1 << 24)
    try archive.begin("large", size: 257 << 24)
    for _ in 0..<257 { try zeros.withUnsafeBytes { try archive.write($0) } }
    try archive.end()
    try archive.begin("small", size: 1)
    try [UInt8(65)].withUnsafeBytes { try archive.write($0) }
    try archive.end()
    try archive.close()
    let file = try Self.temporary(written.bytes)
    defer { try? FileManager.default.removeItem(at: file) }
    #expect(try Self.run(["unzip", "-p", file.path, "small"]) == "A")
    #expect(try Self.sizes(file) == "[\(257 << 24), 1]\n")
    try Self.withFile(written.bytes) { try ZipDirectory.check($0, size: written.bytes.count) }
  }

  /// What Python's `zipfile` says of the sizes of an archive's files.
  private static func sizes(_ archive: URL) throws -> String {
    try run([
      "python3", "-c",
      "import sys, zipfile; print([i.file_size for i in zipfile.ZipFile(sys.argv[1]).infolist()])",
      archive.path,
    ])
  }

  @Test("noise takes hardly more room than it has, words take less")
  func sizes() throws {
    func size(_ bytes: [UInt8]) throws -> Int {
      try Self.archive([File(name: "a", bytes: bytes)], .zip, threads: 2, portion: 1 << 20).count
    }
    let count = 1 << 20
    #expect(try size(Self.noise(count)) < count + count / 1000 + 200)
    #expect(try size(Self.words(count)) < count / 50)
  }

  @Test("what stops the writing is what is said", arguments: ArchiveFormat.allCases)
  func stopped(format: ArchiveFormat) throws {
    let noise = Self.noise(1 << 20)
    let archive = try ArchiveWriter(format) { _ throws(InvalidInput) in
      throw InvalidInput(Diagnostic("the disk is full"))
    }
    let failure = #expect(throws: InvalidInput.self) {
      try archive.begin("a", size: 20 * noise.count)
      for _ in 0..<20 { try noise.withUnsafeBytes { try archive.write($0) } }
      try archive.end()
      try archive.close()
    }
    #expect(failure?.diagnostics.map(\.message) == ["the disk is full"])
  }
}
