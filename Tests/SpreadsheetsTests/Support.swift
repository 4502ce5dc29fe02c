import Foundation

/// Programs that are not ours, which judge our spreadsheets or write their own.
enum Tool {
  struct Failure: Error, CustomStringConvertible { let description: String }

  static let package = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// `Tests/tools/spreadsheets.py`, run by the tests' own Python.
  static func python(_ words: [String]) throws -> Data {
    let python = package.appending(path: ".build/venv/bin/python3")
    guard FileManager.default.fileExists(atPath: python.path) else {
      throw Failure(description: "no Python at \(python.path); 'sh dev test' makes it")
    }
    let script = package.appending(path: "Tests/tools/spreadsheets.py").path
    return try run(python.path, [script] + words, in: package)
  }

  /// Lets LibreOffice save spreadsheets as workbooks in the folder `out` below theirs.
  static func libreOffice(_ names: [String], in folder: URL) throws {
    let path = "/usr/bin/soffice"
    guard FileManager.default.fileExists(atPath: path) else {
      throw Failure(
        description:
          "no LibreOffice; apt-get install --no-install-recommends libreoffice-calc-nogui")
    }
    let profile = "-env:UserInstallation=file://\(folder.path)/profile"
    _ = try run(
      path, [profile, "--headless", "--convert-to", "xlsx", "--outdir", "out"] + names, in: folder)
  }

  private static func run(_ path: String, _ words: [String], in folder: URL) throws -> Data {
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = words
    process.currentDirectoryURL = folder
    let scratch = try Scratch()
    let output = try scratch.write("out", [])
    let errors = try scratch.write("err", [])
    // Files rather than pipes, so that neither side waits for the other.
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(
        description:
          "\(path) \(words): \(String(decoding: try Data(contentsOf: errors), as: UTF8.self))")
    }
    return try Data(contentsOf: output)
  }
}

/// A folder that goes away with the last use of it.
final class Scratch {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "sheets-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  @discardableResult
  func write(_ name: String, _ bytes: [UInt8]) throws -> URL {
    let url = folder.appending(path: name)
    try Data(bytes).write(to: url)
    return url
  }
}
