import DocModel
import Foundation
import Testing

/// A file of cases: an input and what is expected of it, many times.
///
///     === a name
///     the input, in which ⟨EF BB BF⟩ stands for bytes
///     >>>
///     the output
struct Cases {
  struct Case {
    let name: String
    let input: String
    let expected: String

    /// The input's bytes, without the line end before the separator.
    var bytes: [UInt8] {
      var bytes: [UInt8] = []
      var rest = input[...]
      while let open = rest.firstIndex(of: "⟨"), let close = rest[open...].firstIndex(of: "⟩") {
        bytes += rest[..<open].utf8
        bytes += rest[rest.index(after: open)..<close].split(separator: " ").compactMap {
          UInt8($0, radix: 16)
        }
        rest = rest[rest.index(after: close)...]
      }
      return bytes + rest.utf8
    }
  }

  /// The lines before the first case.
  let head: String
  let cases: [Case]
  let path: String

  /// Reads a file below the fixtures.
  init(_ path: String) throws {
    self.path = path
    let parts = try Folder.fixture(path).components(separatedBy: "\n=== ")
    head = parts[0]
    cases = try parts.dropFirst().map { part in
      let lines = part.components(separatedBy: "\n")
      let end = try #require(lines.firstIndex(of: ">>>"), "'\(lines[0])' has no '>>>'")
      return Case(
        name: lines[0], input: lines[1..<end].joined(separator: "\n"),
        expected: lines[(end + 1)...].joined(separator: "\n"))
    }
  }

  /// Compares what is made of each input with what is expected; see `Recording`.
  func check(_ output: (Case) throws -> String) throws {
    var text = head
    for item in cases {
      let lines = try output(item).trimmingCharacters(in: .newlines)
      text += "\n=== \(item.name)\n\(item.input)\n>>>\n\(lines)\n"
    }
    try Recording.compare(text, with: "Tests/DocModelTests/Fixtures/\(path)")
  }
}

extension Node {
  /// All values with their places, one on a line: `2:5 key[0].other = "text"`.
  var listing: String {
    var lines: [String] = []
    list("", into: &lines)
    return lines.joined(separator: "\n")
  }

  private func list(_ path: String, into lines: inout [String]) {
    let place = "\(mark.line):\(mark.column) \(path.isEmpty ? "(all)" : path)"
    switch content {
    case .scalar(let text, let isPlain):
      let shown = JSON.string(text).compactText
      lines.append("\(place) = \(isPlain ? String(shown.dropFirst().dropLast()) : shown)")
    case .foreign(let foreign):
      lines.append("\(place) = \(foreign.language) \(JSON.string(foreign.text).compactText)")
    case .sequence(let items):
      if items.isEmpty { lines.append("\(place) = []") }
      for (index, item) in items.enumerated() { item.list("\(path)[\(index)]", into: &lines) }
    case .mapping(let entries):
      if entries.isEmpty { lines.append("\(place) = {}") }
      for entry in entries {
        let key = JSON.string(entry.key).compactText.dropFirst().dropLast()
        entry.value.list(path.isEmpty ? "\(key)" : "\(path).\(key)", into: &lines)
      }
    }
  }
}

/// A fixture after a change: a line that begins with `-` goes, one that begins with `+` comes in
/// its place, or at the end where nothing went before it.
///
/// What begins otherwise is given back in words.
func changed(_ path: String, by input: String) throws -> (text: String, rest: [[String]]) {
  var lines = try Folder.fixture(path).components(separatedBy: "\n")
  let end = lines.lastIndex { !$0.isEmpty }.map { $0 + 1 } ?? 0
  var position: Int?
  var rest: [[String]] = []
  for line in input.components(separatedBy: "\n") where !line.isEmpty {
    switch line.first {
    case "-":
      let index = try #require(lines.firstIndex(of: String(line.dropFirst())), "\(line)")
      lines.remove(at: index)
      position = index
    case "+":
      if position == nil, line.hasPrefix("+  place.") {
        // A further answer stands before what follows the answers.
        position = lines.firstIndex(of: "service-levels:")
      } else if line.hasPrefix("+  - {for:"), var last = lines.firstIndex(of: "waivers:") {
        while last + 1 < lines.count, lines[last + 1].hasPrefix("  - ") { last += 1 }
        position = last + 1
      } else if line == "+~" {
        lines = []
        position = 0
      }
      lines.insert(String(line.dropFirst()), at: position ?? end)
      position = (position ?? end) + 1
    default: rest.append(line.split(separator: " ").map(String.init))
    }
  }
  return (lines.joined(separator: "\n"), rest)
}
