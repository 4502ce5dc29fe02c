import Foundation

/// One run of the built command, as a shell would start it.
struct CommandRun {
  let status: Int32
  let output: String
  let errors: String

  /// The folder that holds the package.
  static let package = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The built command, beside the test bundle.
  static let binary = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    .appending(path: "rfpgen")

  /// Runs the command with some words.
  @discardableResult
  init(
    _ words: [String], in folder: URL = package, input: String? = nil,
    environment: [String: String] = [:]
  ) throws {
    try self.init(
      launching: Self.binary, words, in: folder, input: input, environment: environment)
  }

  /// Runs a line of the shell, in which `$RFPGEN` is the command.
  init(shell line: String, in folder: URL) throws {
    try self.init(
      launching: URL(filePath: "/bin/sh"), ["-c", line], in: folder, input: nil,
      environment: ["RFPGEN": Self.binary.path])
  }

  /// Runs another program.
  init(
    program: URL, _ words: [String], in folder: URL, environment: [String: String] = [:]
  ) throws {
    try self.init(launching: program, words, in: folder, input: nil, environment: environment)
  }

  private init(
    launching program: URL, _ words: [String], in folder: URL, input: String?,
    environment: [String: String]
  ) throws {
    let process = Process()
    process.executableURL = program
    process.arguments = words
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    // Files rather than pipes: nothing has to be read while the command runs.
    let scratch = try Scratch()
    let paths = ["in", "out", "err"].map { scratch.folder.appending(path: $0) }
    try Data((input ?? "").utf8).write(to: paths[0])
    for path in paths.dropFirst() { try Data().write(to: path) }
    let handles = (
      try FileHandle(forReadingFrom: paths[0]), try FileHandle(forWritingTo: paths[1]),
      try FileHandle(forWritingTo: paths[2])
    )
    process.standardInput = handles.0
    process.standardOutput = handles.1
    process.standardError = handles.2
    try process.run()
    process.waitUntilExit()
    status = process.terminationStatus
    output = String(decoding: try Data(contentsOf: paths[1]), as: UTF8.self)
    errors = String(decoding: try Data(contentsOf: paths[2]), as: UTF8.self)
  }
}

/// A folder that goes away with the last use of it.
final class Scratch {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "rfpgen-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Writes a file with everything above it.
  @discardableResult
  func write(_ name: String, _ text: String) throws -> URL {
    try write(name, Data(text.utf8))
  }

  /// Writes a file with everything above it.
  @discardableResult
  func write(_ name: String, _ data: Data) throws -> URL {
    let url = folder.appending(path: name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: url)
    return url
  }

  /// The text of a file.
  func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
  }

  /// The names of all files below, in order.
  var names: [String] {
    ((try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []).sorted()
  }
}
