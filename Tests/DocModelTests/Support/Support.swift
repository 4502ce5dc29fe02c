import DocModel
import Foundation
import Testing

/// The folders of this package.
enum Folder {
  static let package = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  static let fixtures = package.appendingPathComponent("Tests/DocModelTests/Fixtures")
  static let example = package.appendingPathComponent("Examples/commcare")

  /// A fresh folder below the build folder.
  static func temporary() throws -> URL {
    let url = package.appendingPathComponent(".build/test-files/\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return url
  }

  /// The text of a fixture.
  static func fixture(_ path: String) throws -> String {
    try String(contentsOf: fixtures.appendingPathComponent(path), encoding: .utf8)
  }

  /// The fixtures in a folder with an ending, by name.
  static func fixtures(in folder: String, ending: String) -> [String] {
    let url = fixtures.appendingPathComponent(folder)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    return names.filter { $0.hasSuffix(ending) }.sorted()
  }
}

/// A file of the package as a source; messages call it by its last name.
func source(_ url: URL) throws -> Source {
  try Source(name: url.lastPathComponent, bytes: [UInt8](Data(contentsOf: url)))
}

extension Guide {
  /// The guide that the example follows.
  static let commcare = carried("commcare-transition")
  static let commcareHosting = carried("commcare-hosting")
  static let chtHosting = carried("cht-hosting")
  /// Two guides that ask some things alike.
  static let composed = carried("commcare-transition", "commcare-hosting")

  private static func carried(_ names: String...) -> Guide {
    do {
      return try .named(names, in: Files(today: .sample))
    } catch {
      fatalError("the built-in guide is invalid: \(error.text)")
    }
  }

  /// A small guide in which every kind of thing comes once: `Fixtures/guide.yaml`.
  static let small: Guide = {
    do {
      return try Guide(source(Folder.fixtures.appendingPathComponent("guide.yaml")))
    } catch let error as InvalidInput {
      fatalError(error.text)
    } catch {
      fatalError("\(error)")
    }
  }()
}

extension InvalidInput {
  /// All messages as a terminal shows them.
  var text: String { diagnostics.map(\.description).joined(separator: "\n") + "\n" }
}

/// What a reader says about a file: its messages, or nothing.
func messages(_ read: () throws -> Void) -> String {
  do {
    try read()
    return ""
  } catch let error as InvalidInput {
    return error.text
  } catch {
    return "\(error)"
  }
}

/// Runs a program that judges this package's output.
enum Referee {
  /// Runs a Python script of `Tests/tools` and gives what it printed.
  static func python(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let python = Folder.package.appendingPathComponent(".build/venv/bin/python3")
    try #require(
      FileManager.default.isExecutableFile(atPath: python.path),
      "the referees are missing: 'sh dev test' installs them")
    return try run(python, arguments)
  }

  static func run(_ program: URL, _ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    // The pipe is read before waiting: a full pipe would block the program for ever.
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }
}

extension Day {
  /// The day that tests take for today.
  static let sample = Day(number: 20_778)  // 2026-11-21
}

extension Value {
  /// The text under a name of a record.
  func text(_ name: String) -> String? {
    guard case .record(let record) = self else { return nil }
    switch record[name] {
    case .text(let text)?, .markdown(let text)?: return text
    default: return nil
    }
  }
}

/// The guides that tests use.
enum SampleGuide: String, CaseIterable {
  case small, commcare, commcareHosting, chtHosting, composed

  var guide: Guide {
    switch self {
    case .small: .small
    case .commcare: .commcare
    case .commcareHosting: .commcareHosting
    case .chtHosting: .chtHosting
    case .composed: .composed
    }
  }
}
