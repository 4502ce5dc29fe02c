import Foundation
import Testing

@testable import Archives

/// What stands in tar archives in front of their files, as it is looked at beside libarchive.
@Suite struct TarHeadersTests {
  /// Makes an archive in `made.tar`, in Python.
  private static func fault(of archive: String) throws -> [TarHeaders.Fault?] {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).tar")
    defer { try? FileManager.default.removeItem(at: path) }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    let begin = "import io, sys, tarfile\nmade = open(sys.argv[1], 'wb')\n"
    process.arguments = ["python3", "-c", begin + archive, path.path]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let file = try FileHandle(forReadingFrom: path)
    var skipping = TarHeaders()
    skipping.read(file.fileDescriptor)
    guard try file.seekToEnd() < 1 << 20 else { return [skipping.fault] }
    let bytes = try Data(contentsOf: path)
    return [skipping.fault]
      + [1, 7, 511, 512, 513, 1 << 20].map { count in
        var headers = TarHeaders()
        bytes.withUnsafeBytes { bytes in
          for start in stride(from: 0, to: bytes.count, by: count) {
            let end = min(bytes.count, start + count)
            headers.take(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
          }
        }
        headers.end()
        return headers.fault
      }
  }

  /// Nine GiB that are a hole in the archive itself, in a form of Python's.
  private static func large(_ form: String) -> String {
    """
    entry = tarfile.TarInfo('large')
    entry.size = 9 << 30
    made.write(entry.tobuf(tarfile.\(form)))
    made.seek(entry.size, 1)
    made.write(tarfile.TarInfo('behind').tobuf() + bytes(1024))
    """
  }

  /// A file with one line in front of it, which a name may be.
  private static func said(_ kind: String, _ line: String) -> String {
    """
    entry = tarfile.TarInfo('said')
    entry.type, entry.size = b'\(kind)', len(b'\(line)')
    made.write(entry.tobuf(tarfile.USTAR_FORMAT) + b'\(line)'.ljust(512, bytes(1)))
    made.write(tarfile.TarInfo('x').tobuf() + bytes(1024))
    """
  }

  /// A name, what makes the archive, and what other programs may read otherwise.
  static let archives: [(String, String, TarHeaders.Fault?)] = [
    ("nothing", "made.write(bytes(1024))", nil),
    ("a large file in GNU's form", large("GNU_FORMAT"), nil),
    ("a large file in pax's form", large("PAX_FORMAT"), nil),
    ("no end", "made.write(tarfile.TarInfo('x').tobuf())", nil),
    ("a comment for all", said("g", "13 comment=x\u{5C}n"), nil),
    ("half a line", said("g", "13 comment=x"), .unlike("a header with a line that is not whole")),
    ("a time", said("x", "11 mtime=1\u{5C}n"), nil),
    (
      "a time for all", said("g", "11 mtime=1\u{5C}n"),
      .unlike("a global header with the keyword 'mtime'")
    ),
    (
      "a size that no file has", said("x", "28 size=9223372036854775807\u{5C}n"),
      .unlike("a header with a number of a form of its own")
    ),
    ("half a block behind the end", "made.write(bytes(1024) + b'x')", .otherBytes),
    ("half a header", "made.write(tarfile.TarInfo('x').tobuf()[:300])", .otherBytes),
    ("a record of volumes", said("V", "x"), .unlike("a record of kind 'V'")),
    (
      "a header of nothing",
      said("x", "11 mtime=1\u{5C}n").replacing("tarfile.TarInfo('x').tobuf() + ", with: ""),
      .unlike("a header in front of no file")
    ),
  ]

  @Test(
    "an archive that programs may read differently is noticed, in pieces of any size",
    arguments: archives)
  func looked(name: String, archive: String, fault: TarHeaders.Fault?) throws {
    let found = try Self.fault(of: archive)
    #expect(found.allSatisfy { $0 == fault }, "\(name): \(found)")
  }
}
