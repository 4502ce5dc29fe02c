import DocModel
import Foundation
import Renderers
import Testing

/// Texts that are built to take long, or to break what is told apart by small signs.
@Suite(.serialized) struct HostileMarkdownTests {
  /// A text of a size, and whether it is refused.
  struct Attack: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let text: @Sendable (Int) -> String

    init(_ name: String, _ text: @escaping @Sendable (Int) -> String) {
      testDescription = name
      self.text = text
    }

    init(_ name: String, repeating piece: String, after start: String = "") {
      self.init(name) { start + String(repeating: piece, count: $0) }
    }
  }

  static let attacks: [Attack] = [
    Attack("terms", repeating: "- **a:** b\n"),
    Attack("terms but for one") { String(repeating: "- **a:** b\n", count: $0) + "- c\n" },
    Attack("folded parts", repeating: "<details>\n<summary>a</summary>\n\n"),
    Attack("folded parts in one block", repeating: "<details><summary>a</summary></details>"),
    Attack("a summary of signs", repeating: "&", after: "<details>\n<summary>"),
    Attack("states", repeating: "**✓ a** "),
    Attack(
      "a table that is drawn", repeating: "| ✓ a | 5 |\n",
      after: "<!-- chart: line 9 -->\n\n| a | b |\n| - | -: |\n"),
    Attack(
      "tables that are drawn",
      repeating: "<!-- chart: parts -->\n\n| a | b |\n| - | -: |\n| c | 4 |\n\n"),
    Attack("images that never end", repeating: "![[]()"),
    Attack("opening brackets", repeating: "["),
    Attack("links that never end", repeating: "[a]("),
    Attack("titles that never end", repeating: "[a](b \""),
    Attack("references", repeating: "[a][b]"),
    Attack("definitions that never end", repeating: "[a]: x \"\n"),
    Attack("definitions", repeating: "[a]: /b\n"),
    Attack("definitions and their uses") { count in
      (0..<count / 8).map { "[a\($0)]: /b\n\n[a\($0)] [c\($0)]\n\n" }.joined()
    },
    Attack("long labels") {
      String(repeating: "[" + String(repeating: "a", count: 990) + "]", count: $0 / 1000)
    },
    Attack("footnotes", repeating: "[^1]: a\n\nb[^1]\n\n"),
    Attack("alerts", repeating: "> [!NOTE]\n> a\n\n"),
    Attack("tasks", repeating: "- [ ] a\n"),
    Attack("a table of many columns") { count in
      let columns = Int(Double(count).squareRoot())
      let row = String(repeating: "|a", count: columns) + "|\n"
      return row + String(repeating: "|-", count: columns) + "|\n"
        + String(repeating: row, count: columns)
    },
    Attack("emphasis in each other", repeating: "*a **b "),
    Attack("equal headings with numbers") { count in
      (0..<count / 6).map { "# a\n# a-\($0)\n" }.joined()
    },
    Attack("nested quotes", repeating: ">"),
    Attack("nested lists", repeating: "- "),
    Attack("nested numbered lists", repeating: "1. "),
    Attack(
      "lazy lines in nested quotes", repeating: "b\n",
      after: String(repeating: ">", count: 150) + "a\n"),
    Attack(
      "blank lines in nested lists", repeating: "\n",
      after: String(repeating: "- ", count: 150) + "a\n"),
    Attack("emphasis that never ends", repeating: "*a **a "),
    Attack("emphasis of two kinds", repeating: "*a_ "),
    Attack("strong without spaces") {
      String(repeating: "a**b", count: $0) + String(repeating: "c* ", count: $0)
    },
    Attack("strikes of two lengths") {
      String(repeating: "a~~a", count: $0) + String(repeating: "a~a", count: $0)
    },
    Attack("nested strikes") {
      String(repeating: "~a ", count: $0) + String(repeating: "a~ ", count: $0)
    },
    Attack("backticks of all lengths") { count in
      (0..<Int(Double(2 * count).squareRoot())).map { "e" + String(repeating: "`", count: $0) }
        .joined()
    },
    Attack("comments that never end", repeating: "a <!-- "),
    Attack("tags that never end", repeating: "<a href=\""),
    Attack("entities", repeating: "&a"),
    Attack("a wide table with short rows") {
      String(repeating: "|a", count: $0 / 64) + "\n" + String(repeating: "|-", count: $0 / 64)
        + "\n"
        + String(repeating: "|b\n", count: $0)
    },
    Attack("a long table", repeating: "|b|`c`|\n", after: "|a|b|\n|-|-|\n"),
    Attack("many tables", repeating: "|a|\n|-|\n|b|\n\n"),
    Attack("tables inside paragraphs", repeating: "x\n|a|\n|-|\n|b|\n\n"),
    Attack("tables in lists", repeating: "- |a|\n  |-|\n  |b|\n2. |a|\n   |-|\n"),
    Attack("delimiter rows", repeating: "|-|\n"),
    Attack("tables in fences", repeating: "```\n\n|a|\n|-|\n\nx\n\n"),
    Attack("an open fence", repeating: "\na\n", after: "```\n"),
    Attack("an open comment", repeating: "\na\n", after: "<!--\n"),
    Attack("addresses", repeating: "http://a.b/c "),
    Attack("addresses without spaces", repeating: "http://a.b/c"),
    Attack("escaped addresses", repeating: "http\\://a.b/c "),
    Attack("parentheses behind an address", repeating: ")", after: "http://a.b/"),
    Attack("mail addresses", repeating: "a@"),
    Attack("a long mailbox") { String(repeating: "a_", count: $0) + "@b.c" },
    Attack("equal headings", repeating: "# a\n"),
    Attack("dashes", repeating: "-"),
    Attack("backslashes", repeating: "\\"),
    Attack("escaped tildes", repeating: "\\~a~ "),
    Attack("carriage returns", repeating: "a\r"),
    Attack("form feeds", repeating: "\u{C}"),
  ]

  /// How much of the processor's time a text takes, or refusing it, in seconds.
  private func cost(_ text: String) -> Double {
    processorTime {
      _ = try? HTMLFragment(markdown: text, options: .init(isEnriched: true))
    }
  }

  /// Four times as much may take seven times as long, and always a moment; what grows with the square
  /// takes sixteen times as long.
  @Test(arguments: attacks) func takesTimeInProportion(_ attack: Attack) {
    let small = attack.text(3000)
    let large = attack.text(12_000)
    let once = min(cost(small), cost(small))
    let fourTimes = min(cost(large), cost(large))
    #expect(fourTimes < once * 7 + 0.05)
  }

  @Test func namesThePlaceOfALimit() {
    let images = "a\n\nb " + String(repeating: "![[]()", count: 1001)
    #expect(
      diagnostics(images) == [
        "markdown:3:6003: error: more than 1000 images begin here without an end"
      ])
    let quotes = "a\n" + String(repeating: ">", count: 500)
    #expect(
      diagnostics(quotes).first?
        .hasPrefix("markdown:2:") == true)
  }

  @Test func acceptsManyImagesThatEnd() throws {
    let badges = String(repeating: "![a](b.png)\n", count: 5000)
    let fragment = try HTMLFragment(markdown: badges)
    #expect(fragment.html.split(separator: "<img").count == 5001)
  }

  private func diagnostics(_ text: String) -> [String] {
    do {
      _ = try HTMLFragment(markdown: text)
      return []
    } catch {
      return error.diagnostics.compactMap {
        $0.description.split(separator: "\n").first.map(String.init)
      }
    }
  }
}
