import DocModel
import Foundation
import Renderers
import Testing

/// Documents of which `cmark-gfm` makes the same HTML.
struct MarkdownRefereeTests {
  private static func fixture(_ name: String) throws -> String {
    try String(
      contentsOf: HTMLReferee.root.appending(
        path: "Tests/RenderersTests/Fixtures/markdown/\(name).md"), encoding: .utf8)
  }

  private func html(_ markdown: String) throws -> String {
    try HTMLReferee.comparable(
      HTMLFragment(markdown: markdown, options: .init(isUnsafe: true)).html)
  }

  @Test func tables() throws {
    let text = try Self.fixture("tables")
    #expect(try html(text) == HTMLReferee.comparable(HTMLReferee.cmarkGFM(text)))
  }

  /// A table with CRLF and CR line ends means what it means with LF.
  @Test(arguments: ["\r\n", "\r"]) func lineEnds(_ end: String) throws {
    let text = try Self.fixture("tables")
    let other = text.replacingOccurrences(of: "\n", with: end)
    #expect(try html(other) == html(text))
  }

  @Test func aDocument() throws {
    // cmark-gfm knows no alerts: a label is the first line of its quote.
    let text = try Self.fixture("proposal")
      .replacing(/> \[!([A-Z]+)\]\n/) { "> !\($0.1)\n" }
    #expect(try html(text) == HTMLReferee.comparable(HTMLReferee.cmarkGFM(text)))
  }

  /// The documents in `output`, which the shipped example generates.
  @Test(arguments: [
    "checkpoint-matrix", "evidence-report", "gap-report", "rfp", "skills-appendix", "sla-matrix",
  ]) func documentsOfTheExample(_ name: String) throws {
    let path = HTMLReferee.root.appending(path: "output/\(name).md")
    let text = try String(contentsOf: path, encoding: .utf8)
      .replacing(/> \[!([A-Z]+)\]\n/) { "> !\($0.1)\n" }
    #expect(try html(text) == HTMLReferee.comparable(HTMLReferee.cmarkGFM(text)))
  }

  /// The pages in `output` show what `cmark-gfm` makes of the Markdown beside them: the same headings,
  /// cells, links and words.
  @Test func pagesOfTheExample() throws {
    struct Comparison: Decodable {
      struct Finding: Decodable {
        let page: String
        let what: String
      }

      let pages: Int
      let findings: [Finding]
    }
    let folder = HTMLReferee.root.appending(path: "output").path
    let json = try HTMLReferee.tool("compare-pages.py", [folder])
    let comparison = try JSONDecoder().decode(Comparison.self, from: json)
    #expect(comparison.pages >= 6)
    #expect(
      comparison.findings.map { "\($0.page): \($0.what)" } == [],
      "\(String(decoding: json, as: UTF8.self))")
  }

  /// A text of many pieces, with blocks that go on past where a piece might end.
  @Test func aLongDocument() throws {
    let document = try Self.fixture("proposal").replacing("[!", with: "!")
    func fence(_ count: Int) -> String {
      "```\n" + String(repeating: "| a |\n| - |\n\nx\n\n# y\n\n", count: count) + "```\n\n"
    }
    let list = String(repeating: "- a\n\n  b\n\n      c\n", count: 20_000) + "\n"
    let fences = (1...40).map { document + fence(100 * ($0 % 11)) }.joined()
    let text =
      String(repeating: document, count: 80) + fences + fence(20_000) + document + list + document
    #expect(text.utf8.count > 1_000_000)
    #expect(try html(text) == HTMLReferee.comparable(HTMLReferee.cmarkGFM(text)))
  }

  /// References may be defined anywhere, pieces or not.
  @Test func aLongDocumentWithReferences() throws {
    let document = "Words [a] and\n\n| [b] |\n| - |\n| [c][a] |\n\n"
    let text = String(repeating: document, count: 6000) + "[a]: /a\n[b]: /b 'b'\n"
    #expect(try html(text) == HTMLReferee.comparable(HTMLReferee.cmarkGFM(text)))
  }

  /// A cell is looked at by blocks of some bytes: what means something may stand at any of them.
  @Test func marksAtEveryPlaceOfACell() throws {
    let marks = [
      "\\|", "`b`", "&amp;", "*b*", "_b_", "[b](/c)", "~~b~~", "\\*", "\tb", "http://b.org",
      "www.b.org",
      "b@c.org", "é", " ",
    ]
    let cells = (0..<34).flatMap { place in
      marks.map { String(repeating: "x", count: place) + " \($0)" }
    }
    let rows = cells.map { "| \($0) | \($0) y|z \n" }.joined()
    let text = "| a | b | c |\n| - | - | - |\n" + rows + "\n" + cells.joined(separator: "\n\n")
    #expect(try html(text) == HTMLReferee.comparable(HTMLReferee.cmarkGFM(text)))
  }

  @Test(arguments: 1...4) func generatedDocuments(_ seed: Int) throws {
    var generator = DocumentGenerator(seed: UInt64(seed))
    for _ in 0..<25 {
      let text = generator.document()
      #expect(
        try html(text) == HTMLReferee.comparable(HTMLReferee.cmarkGFM(text)), "\(text)")
    }
  }
}

/// Makes documents of tables, lists and quotes in and behind each other, the same for a seed.
private struct DocumentGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

  private mutating func next(_ limit: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % limit
  }

  private mutating func pick(_ words: [String]) -> String { words[next(words.count)] }

  private mutating func inline() -> String {
    let words = [
      "a", "b c", "`x|y`", "*e*", "**s**", "~~d~~", "~q~", "\\~~n~~", "[l](/u)", "[r]",
      "![i](/p.png)", "<b>", "&amp;", "www.a.org", "http://a.b/c?d=e&f.", "x@y.org", "\\*", "é",
      "—", "1.", "-", "#", "\"q\"", "<http://a.b>", "(http://x.y/z)", "_u_", "a_b", "[x](/y)",
    ]
    return (0...next(4)).map { _ in pick(words) }.joined(separator: " ")
  }

  private mutating func row(_ columns: Int) -> String {
    let cells = (0..<max(1, columns + [0, 0, 0, -1, 1][next(5)])).map { _ in " \(inline()) " }
    return pick(["|", "", "|"]) + cells.joined(separator: "|") + pick(["|", "|", ""])
  }

  private mutating func table() -> [String] {
    let columns = 2 + next(3)
    let head = "|" + (0..<columns).map { _ in " \(inline()) " }.joined(separator: "|") + "|"
    let marks = (0..<columns).map { _ in pick(["---", ":-:", "-:", ":--", " - "]) }
    let rows = (0..<next(4)).map { _ in row(columns) }
    return [head, pick(["|", ""]) + marks.joined(separator: "|") + "|"] + rows
  }

  private mutating func block(_ depth: Int) -> [String] {
    switch next(depth > 2 ? 9 : 14) {
    case 0...3: return table()
    case 4, 5: return (0...next(2)).map { _ in inline() }
    case 6: return ["## " + inline()]
    case 7: return ["", "***"]
    case 8: return ["```", inline()] + table() + ["```"]
    case 9, 10: return nested(depth, first: "> ", rest: "> ")
    case 11: return nested(depth, first: "- ", rest: "  ")
    case 12: return nested(depth, first: "1. ", rest: "   ")
    default: return nested(depth, first: "*   ", rest: "    ")
    }
  }

  private mutating func nested(_ depth: Int, first: String, rest: String) -> [String] {
    var lines: [String] = []
    for _ in 0...next(2) { lines += block(depth + 1) + [""] }
    return lines.enumerated().map { ($0 == 0 ? first : rest) + $1 }
  }

  mutating func document() -> String {
    var lines: [String] = []
    for _ in 0...next(4) { lines += block(0) + (next(3) > 0 ? [""] : []) }
    return (lines + ["", "[r]: /ref \"t\"", ""]).joined(separator: "\n")
  }
}
