import Foundation
import Testing

/// A Python program that judges many inputs in one process: JSON in, JSON out.
struct Referee {
  struct Missing: Error, CustomStringConvertible {
    let description: String
  }

  /// Runs a program of the fixtures' `referees` folder in the tests' own Python.
  static func run<Input: Encodable, Output: Decodable>(
    _ program: String, _ input: Input, as: Output.Type
  ) throws -> Output {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let python = root.appending(path: ".build/venv/bin/python3")
    guard FileManager.default.isExecutableFile(atPath: python.path) else {
      throw Missing(
        description:
          "no Python for the tests: 'sh dev test' makes .build/venv from "
          + "Tests/requirements.txt")
    }
    let script = TemplateCase.folder.appending(path: "referees/\(program)")
    let process = Process()
    process.executableURL = python
    process.arguments = [script.path]
    let inPipe = Pipe()
    let outPipe = Pipe()
    process.standardInput = inPipe
    process.standardOutput = outPipe
    try process.run()
    let data = try JSONEncoder().encode(input)
    let writer = Thread {
      try? inPipe.fileHandleForWriting.write(contentsOf: data)
      try? inPipe.fileHandleForWriting.close()
    }
    writer.start()
    let result = try outPipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Missing(
        description: "\(program) failed: are the packages of Tests/requirements.txt installed?")
    }
    return try JSONDecoder().decode(Output.self, from: result)
  }
}
