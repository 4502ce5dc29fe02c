import DocModel
import Foundation
import Testing

@testable import Renderers

/// The tree that a parser makes of the output is the one it makes with a word in the value's place.
@Suite struct TemplatePlaceTests {
  struct Pair: Encodable {
    let base: String
    let text: String
    let shown: String
    var isLoose = false
  }

  /// Templates with a value in each kind of place.
  static let templates: [String] = {
    let file = TemplateCase.folder.appending(path: "places.txt")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.split(separator: "\n%%\n").map { String($0) }
  }()

  static let values: [String] = {
    let file = TemplateCase.folder.appending(path: "values.txt")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map { line in
      var parser = JSONText(String(line))
      return parser.value().shown
    }
  }()

  /// What a reader sees of a value: on one line, on several, or behind a fence.
  static func shown(_ value: String, _ directive: String) -> String {
    var value = value
    return value.withUTF8 { bytes in
      switch directive {
      case "lines":
        Shown.lines(bytes).map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
      case "info":
        String(decoding: Shown.line(bytes), as: UTF8.self).trimmingCharacters(
          in: .init(charactersIn: " \t"))
      default: String(decoding: Shown.line(bytes), as: UTF8.self)
      }
    }
  }

  @Test func aValueDoesNotChangeTheTree() throws {
    var pairs: [Pair] = []
    var names: [String] = []
    for written in Self.templates {
      var template = written
      var directive = ""
      if written.hasPrefix("#! ") {
        let lines = written.split(separator: "\n", maxSplits: 1)
        directive = String(lines[0].dropFirst(3))
        template = String(lines[1])
      }
      let source = try Source(name: "t.jinja", text: template + "\n")
      let compiled: Template
      do throws(InvalidInput) {
        compiled = try Environment().template(source)
      } catch {
        Issue.record("\(error.diagnostics.map(\.description).joined(separator: "\n"))")
        continue
      }
      let base: String = try compiled.render([
        "v": .text("xylo"), "list": .list([.int(1), .int(2)]),
      ])
      for value in Self.values {
        let text: String = try compiled.render([
          "v": .text(value), "list": .list([.int(1), .int(2)]),
        ])
        pairs.append(Pair(base: base, text: text, shown: Self.shown(value, directive)))
        names.append("\(template.debugDescription) with \(value.debugDescription)")
      }
    }
    let differences = try Referee.run("trees.py", pairs, as: [[String]].self)
    var shownCount = 0
    for (index, found) in differences.enumerated() where !found.isEmpty {
      shownCount += 1
      if shownCount <= 40 {
        Issue.record(
          "\(names[index])\n\(pairs[index].text.debugDescription)\n\(found.joined(separator: "\n"))"
        )
      }
    }
    #expect(shownCount == 0, "\(shownCount) of \(pairs.count) pairs differ")
  }
}
