import DocModel
import Foundation
import Testing

@testable import Renderers

/// Prose that somebody typed stays where it was put: what stands around it reads the same.
@Suite struct TemplateProseTests {
  struct Pair: Encodable {
    let base: String
    let text: String
    let flat: Bool
  }

  /// Places for prose; those marked `true` have room for one line only.
  static let places: [(text: String, isFlat: Bool)] = [
    ("before7\n\n{{ v }}\n\nafter7", false),
    ("before7\n\n{{ v }}\n{{ v }}\n\nafter7", false),
    ("- before7\n- {{ v }}\n- after7", false),
    ("1. before7\n\n   {{ v }}\n\n   after7\n2. b", false),
    ("> before7\n>\n> {{ v }}\n>\n> after7", false),
    ("> [!NOTE]\n> {{ v }}\n\nbefore7 after7", false),
    ("> - before7\n>\n>   {{ v }}\n>\n>   after7", false),
    ("## before7\n\n{{ v }}\n\n## after7", false),
    ("# before7 {{ v }} after7", true),
    ("before7 {{ v }} after7", true),
    ("before7 **{{ v }}** after7", true),
    ("before7 *{{ v }}*, after7", true),
    ("[before7 {{ v }} after7](https://example.org/)", true),
    ("before7\n{{ v }}\nafter7", true),
    ("| before7 | B |\n| --- | --- |\n| {{ v }} | after7 |", true),
    ("| before7 | B |\n| --- | --- |\n| a {{ v }} | `{{ v }}` |\n\nafter7", true),
    ("before7 `{{ v }}` after7", true),
    ("before7 <a title=\"{{ v }}\">after7</a>", true),
    ("{% for i in [1, 2] %}\n- before7\n\n  {{ v }}\n{% endfor %}\n\nafter7", false),
    ("{% set c %}\n{{ v }}\n\n- x\n{% endset %}\n> before7\n>\n> {{ c }}\n>\n> after7", false),
  ]

  /// Prose from the corpus of hostile values, and pieces of Markdown in every pair.
  static let prose: [String] = {
    let pieces = [
      "# h", "> q", "- a\n- b", "1. a", "7) x", "```\ncode", "~~~", "    indented", "---", "***",
      "| a | b |\n| - | - |\n| c | d |", "[x]: https://example.org/ 'title'", "<div>", "</div>",
      "<!-- c", "<script>alert(1)</script>", "[x](javascript:alert(1))", "![i](data:text/html,x)",
      "**a", "`a", "*a* **b** ***c***", "a  \nb", "a\\\nb", "[^1]: note", "&lt;b&gt; &#35; h",
      "<https://example.org/?a=1&b=2>", "a\n===", "[a][x] [x]", "*a*b*c*", "~~a~~", "\\# \\*a\\*",
      "- [ ] t", "[!NOTE]", "a | b", "javascript:alert(1)", "<a href='javascript:x'>y</a>",
    ]
    var result = TemplatePlaceTests.values + pieces
    for (row, first) in pieces.enumerated() {
      // Some of all pairs, each piece with several others.
      for (column, second) in pieces.enumerated() where (row * 7 + column) % 11 == 0 {
        result.append(first + "\n\n" + second)
      }
      result.append("> " + first.replacingOccurrences(of: "\n", with: "\n> "))
      result.append("- " + first.replacingOccurrences(of: "\n", with: "\n  ") + "\n\n  more")
      result.append("a " + first + " b")
    }
    return result
  }()

  @Test func proseStaysInItsPlace() throws {
    var pairs: [Pair] = []
    var names: [String] = []
    for (text, isFlat) in Self.places {
      let template = try Environment().template(try Source(name: "t", text: text + "\n"))
      let base: String = try template.render(["v": .markdown("xylo")])
      for prose in Self.prose {
        pairs.append(
          Pair(base: base, text: try template.render(["v": .markdown(prose)]), flat: isFlat))
        names.append("\(text.debugDescription) with \(prose.debugDescription)")
      }
    }
    let differences = try Referee.run("outlines.py", pairs, as: [[String]].self)
    var count = 0
    for (index, found) in differences.enumerated() where !found.isEmpty {
      count += 1
      if count <= 20 {
        Issue.record(
          "\(names[index])\n\(pairs[index].text.debugDescription)\n\(found.joined(separator: "\n"))"
        )
      }
    }
    #expect(count == 0, "\(count) of \(pairs.count) pairs differ")
  }
  /// A text that is taken for plain without asking libcmark is what libcmark takes it for.
  @Test func plainTextsAreWhatTheParserMakesOfThem() {
    let pieces = [
      "a", "Z", "é", " ", "  ", "-", "+", "1.", "2)", "#", ">", "~~~", "=", "===", "---", "|", ":",
      "!",
      "(", ")", "\"", "'", ".", "...", "{", "}", "$", "%", "/", "@", "https://example.org",
      "\u{A0}",
      "\u{2028}", "\u{FEFF}", "\u{7F}", "&", "<", "[", "]", "*", "_", "`", "\\", "\t", "\n", "\r",
      "\0",
    ]
    var plain = 0
    for first in pieces {
      for second in pieces {
        for third in ["", "b", " ", "-", ".", "|"] {
          let text = first + second + third
          guard ProseReader.isPlain(text) else { continue }
          plain += 1
          #expect(ProseReader.parsed(text) == [.begin(.paragraph), .text(text), .end(.paragraph)])
        }
      }
    }
    #expect(plain > 500)
  }
}
