import DocModel
import Foundation
import Renderers

/// Programs that are not ours and judge what this package makes of Markdown.
enum HTMLReferee {
  struct Failure: Error, CustomStringConvertible { let description: String }

  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// A tool of `Tests/tools`, run by the tests' own Python.
  static func tool(_ name: String, _ arguments: [String]) throws -> Data {
    let python = root.appending(path: ".build/venv/bin/python3")
    guard FileManager.default.fileExists(atPath: python.path) else {
      throw Failure(description: "no Python at \(python.path); 'sh dev test' makes it")
    }
    let script = root.appending(path: "Tests/tools/\(name)").path
    return try run(python.path, [script] + arguments)
  }

  /// `cmark-gfm` with the extensions that we know.
  static func cmarkGFM(_ markdown: String, isUnsafe: Bool = true) throws -> String {
    let path = "/usr/bin/cmark-gfm"
    guard FileManager.default.fileExists(atPath: path) else {
      throw Failure(description: "no cmark-gfm; apt-get install cmark-gfm")
    }
    let extensions = ["table", "strikethrough", "autolink", "tasklist"].flatMap { ["-e", $0] }
    let html = try run(
      path, extensions + (isUnsafe ? ["--unsafe"] : []), input: Data(markdown.utf8))
    return String(decoding: html, as: UTF8.self)
  }

  /// HTML without what we add on purpose and with task boxes in one spelling.
  static func comparable(_ html: String) -> String {
    html.replacing(/<(h[1-6]) id="[^"]*">/) { "<\($0.1)>" }
      .replacing(/<input (?:checked="" )?disabled="" type="checkbox">/) {
        $0.0.contains("checked")
          ? #"<input type="checkbox" checked="" disabled="" />"#
          : #"<input type="checkbox" disabled="" />"#
      }
  }

  static func run(_ path: String, _ arguments: [String], input: Data = Data()) throws -> Data {
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // Files rather than pipes, so that neither side waits for the other.
    let names = ["in", "out", "err"].map { folder.appending(path: $0) }
    for name in names { try (name == names[0] ? input : Data()).write(to: name) }
    process.standardInput = try FileHandle(forReadingFrom: names[0])
    process.standardOutput = try FileHandle(forWritingTo: names[1])
    process.standardError = try FileHandle(forWritingTo: names[2])
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let message = String(decoding: try Data(contentsOf: names[2]), as: UTF8.self)
      throw Failure(description: "\(path) ended with \(process.terminationStatus): \(message)")
    }
    return try Data(contentsOf: names[1])
  }
}
