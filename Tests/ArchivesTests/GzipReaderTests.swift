import Foundation
import Testing

@testable import Archives

/// Gzipped files, as zlib reads them.
@Suite struct GzipReaderTests {
  private static let tool = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "tools/gzipped.py")

  @Test("what is gzipped in any way comes out as zlib has it, and is damaged where zlib says so")
  func judged() throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "gzipped-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", Self.tool.path, folder.path]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let count = String(
      decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
      $0.hasSuffix(".gz")
    }
    #expect("\(names.count)\n" == count)
    var damaged = 0
    for name in names {
      let found = try Self.read(folder.appending(path: name).path)
      let text = try? Data(
        contentsOf: folder.appending(path: String(name.dropLast(".gz".count))))
      #expect(found?.bytes == text, "\(name)")
      damaged += text == nil ? 1 : 0
      if !name.contains("cut"), !name.contains("flipped") {
        #expect(found?.isAll == true, "\(name)")
      }
    }
    #expect(damaged > 200 && names.count - damaged > 50)
  }

  /// What comes out of a file, and whether all of the file belongs to it; `nil` where it is damaged.
  private static func read(_ path: String) throws -> (bytes: Data, isAll: Bool)? {
    let handle = try FileHandle(forReadingFrom: URL(filePath: path))
    guard let reader = GzipReader(handle.fileDescriptor) else { return nil }
    var bytes = Data()
    while let part = reader.next() {
      if part.isEmpty {
        return (bytes, UInt64(reader.length) == (try handle.seekToEnd()))
      }
      bytes.append(contentsOf: part)
    }
    return nil
  }
}
