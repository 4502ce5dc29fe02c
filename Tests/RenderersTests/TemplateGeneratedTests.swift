import DocModel
import Foundation
import Testing

@testable import Renderers

/// Templates put together at random from pieces: each is either refused or keeps values inert.
@Suite struct TemplateGeneratedTests {
  /// A generator of numbers that gives the same ones every time (xorshift).
  struct Random {
    var state: UInt64
    mutating func next(_ count: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(count))
    }
    mutating func pick<T>(_ items: [T]) -> T { items[next(items.count)] }
  }

  static let words = [
    "{{ v }}", "{{ v }}", "{{ v }}", "a", " ", " b ", "*", "**", "_", "~~", "`", "``", "[", "]",
    "](",
    "(", ")", "](u)", "![", "!", "<", ">", "<b>", "</b>", "<a id=\"", "\">", "&", ";", "&amp;",
    "\\",
    "\\*", "|", ":", "- ", "# ", "1. ", "1", ".", "\"", "'", "{% if on %}", "{% endif %}",
    "{% if not on %}x{% endif %}", "{% for i in two %}", "{% endfor %}", "{{ m(v) }}", "{{ n(v) }}",
    "<!-- ", " -->", "{{ v }}{{ v }}", "**{{ v }}**", "`{{ v }}`", "[{{ v }}](u)", "[a]({{ v }})",
  ]

  static let starts = [
    "", "", "", "- ", "  ", "> ", "# ", "1. ", "| ", "   ", "    ", "> - ", "```", "~~~", "===",
    "---", "| - |",
    "<div>", "<pre>", "</pre>", "[a]: ", "* ", "+ ", "2) ", "\t", "> > ",
  ]

  static let macros =
    "{% macro m(x) %}**{{ x }}**{% endmacro %}{% macro n(x) %}- {{ x }}\n{{ x }}{% endmacro %}"

  static func template(_ random: inout Random) -> String {
    var text = macros
    var open: [String] = []
    for _ in 0..<(1 + random.next(5)) {
      if random.next(6) == 0 {
        let (tag, end) = random.pick([
          ("{% if on %}\n", "{% endif %}\n"), ("{% for i in two %}\n", "{% endfor %}\n"),
          ("{% set c %}\n", "{% endset %}\n{{ c }}\n"),
        ])
        text += tag
        open.append(end)
      }
      text += random.pick(starts)
      for _ in 0..<random.next(5) { text += random.pick(words) }
      text += "\n"
      if let end = open.last, random.next(3) == 0 {
        text += end
        open.removeLast()
      }
    }
    return text + open.reversed().joined()
  }

  static let values = [
    "", " ", "|", "# x", "- a", "1. a", ".", "> q", "*", "**b**", "_e_", "`", "``` x", "[x](y)",
    "]", "](x)",
    "(x)", "!", "<b>", "&amp;", "&", "\\", "a\\", "~~x~~", "---", "===", "| - |", "x\ny", ": a",
    "<!-- -->", "\"'",
    "\u{202E}x", "\u{A0}", "$", ")", "amp;", "1", "--", "http://a.b",
  ]

  @Test func generatedTemplatesKeepValuesInert() throws {
    var random = Random(state: 0x9E37_79B9_7F4A_7C15)
    var pairs: [TemplatePlaceTests.Pair] = []
    var names: [String] = []
    var compiled = 0
    for _ in 0..<6_000 {
      let text = Self.template(&random)
      guard text.dropFirst(Self.macros.count).contains("v"),
        let template = try? Environment().template(try Source(name: "t", text: text))
      else { continue }
      compiled += 1
      func rendered(_ value: String) throws -> String {
        try template.render([
          "v": .text(value), "on": .bool(true), "two": .list([.int(1), .int(2)]),
        ])
      }
      let base = try rendered("xylo")
      for _ in 0..<4 {
        let value = random.pick(Self.values)
        pairs.append(
          .init(base: base, text: try rendered(value), shown: TemplatePlaceTests.shown(value, "")))
        names.append(
          "\(text.dropFirst(Self.macros.count).debugDescription) with \(value.debugDescription)")
      }
    }
    let count = try Self.count(pairs, names)
    #expect(compiled > 300, "only \(compiled) templates were accepted")
    #expect(count == 0, "\(count) of \(pairs.count) pairs differ, from \(compiled) templates")
  }

  /// The same with templates of the whole language, most of them well formed.
  @Test func wholeTemplatesKeepValuesInert() throws {
    var random = Random(state: 0x2545_F491_4F6C_DD1D)
    var pairs: [TemplatePlaceTests.Pair] = []
    var names: [String] = []
    var compiled = 0
    for _ in 0..<700 {
      let made = TemplateGenerator.make { random.next($0) }
      let files = made.files
      let environment = Environment { name throws(InvalidInput) in
        guard let text = files[name] else { return nil }
        return try Source(name: name, bytes: Array(text.utf8))
      }
      guard let template = try? environment.template(named: "t") else { continue }
      let prose = random.pick(TemplateProseTests.prose)
      func rendered(_ value: String) -> String? {
        try? template.render([
          "v": .text(value), "w": .markdown(prose), "on": .bool(true), "off": .bool(false),
          "two": .list([.int(1), .int(2)]),
        ])
      }
      guard let base = rendered("xylo"), base.contains("xylo") else { continue }
      compiled += 1
      for _ in 0..<6 {
        var value = random.pick(TemplatePlaceTests.values)
        if random.next(3) == 0 { value += random.pick(TemplatePlaceTests.values) }
        guard let text = rendered(value) else { continue }
        pairs.append(
          .init(
            base: base, text: text, shown: TemplatePlaceTests.shown(value, ""), isLoose: true))
        let written = files.sorted { $0.key < $1.key }.map { "\($0.key):\n\($0.value)" }
        names.append("\(written.joined(separator: "\n"))with \(value.debugDescription)")
      }
    }
    let count = try Self.count(pairs, names)
    #expect(compiled > 150, "only \(compiled) templates were accepted and had a value")
    #expect(count == 0, "\(count) of \(pairs.count) pairs differ, from \(compiled) templates")
  }

  /// Reports pairs that differ and gives their count.
  static func count(_ pairs: [TemplatePlaceTests.Pair], _ names: [String]) throws -> Int {
    let differences = try Referee.run("trees.py", pairs, as: [[String]].self)
    var count = 0
    for (index, found) in differences.enumerated() where !found.isEmpty {
      count += 1
      if count <= 20 {
        Issue.record(
          "\(names[index])\n\(pairs[index].text.debugDescription)\n\(found.joined(separator: "\n"))"
        )
      }
    }
    return count
  }
}
