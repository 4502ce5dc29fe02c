import DocModel
import Foundation
import Renderers
import Testing

/// What Markdown becomes, example by example: `Fixtures/html`.
struct HTMLFragmentTests {
  struct Example: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let markdown: String
    let html: String
  }

  /// The examples of a file: `@@@ title`, Markdown, `@@@ html`, HTML.
  static func examples(_ name: String) -> [Example] {
    let file = HTMLReferee.root.appending(path: "Tests/RenderersTests/Fixtures/html/\(name).txt")
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
    return ("\n" + text).components(separatedBy: "\n@@@ html\n").reduce(into: []) {
      (examples: inout [Example], part) in
      let pieces = part.components(separatedBy: "\n@@@ ")
      if let last = examples.popLast() {
        examples.append(
          Example(
            testDescription: last.testDescription, markdown: last.markdown,
            html: pieces[0].hasSuffix("\n") ? pieces[0] : pieces[0] + "\n"))
      }
      guard pieces.count > 1 else { return }
      let (title, markdown) = pieces[1].split(separator: "\n", maxSplits: 1).tuple
      examples.append(Example(testDescription: title, markdown: markdown + "\n", html: ""))
    }
  }

  @Test(arguments: examples("plain")) func plain(_ example: Example) throws {
    #expect(try HTMLFragment(markdown: example.markdown).html == example.html)
  }

  @Test(arguments: examples("enriched")) func enriched(_ example: Example) throws {
    let fragment = try HTMLFragment(
      markdown: example.markdown, options: .init(isEnriched: true))
    #expect(fragment.html == example.html)
  }

  @Test func thereAreExamples() {
    #expect(Self.examples("plain").count >= 10)
    #expect(Self.examples("enriched").count >= 5)
  }

  @Test func tellsHeadings() throws {
    let fragment = try HTMLFragment(markdown: "a\n\n## B *c*\n\n# `D` & ![e](f)\n\n# G\n")
    #expect(fragment.title == "D & ")
    #expect(fragment.headings.map(\.level) == [2, 1, 1])
    #expect(fragment.headings.map(\.id) == ["b-c", "d--", "g"])
    #expect(fragment.headings.map(\.text) == ["B c", "D & ", "G"])
  }

  @Test func countsWhatItLeavesOut() throws {
    let text = "<a id=\"x\"></a> <!-- c --> <b>a</b> [d](javascript:x) ![e](http://f/g)\n\n<div>\n"
    #expect(try HTMLFragment(markdown: text).omissions == 5)
    #expect(
      try HTMLFragment(markdown: text, options: .init(isUnsafe: true)).omissions == 0)
  }

  @Test func alertsAreLabelledInOtherLanguages() throws {
    var options = HTMLFragment.Options()
    options.alertTitles[.note] = "Remarque"
    let fragment = try HTMLFragment(markdown: "> [!NOTE]\n> a\n", options: options)
    #expect(fragment.html.contains(#"<p class="alert-title">Remarque</p>"#))
  }

  @Test(arguments: [(500, true), (501, false)])
  func tablesOfThousandsAreNotDrawn(_ rows: Int, _ isDrawn: Bool) throws {
    for kind in ["steps", "line 9"] {
      let table = "| a | b |\n| - | -: |\n" + String(repeating: "| c | 5 |\n", count: rows)
      let fragment = try HTMLFragment(
        markdown: "<!-- chart: \(kind) -->\n\n\(table)\n| d |\n| -: |\n| 4 |\n",
        options: .init(isEnriched: true))
      #expect(fragment.html.contains("<svg") == isDrawn)
      #expect(fragment.html.split(separator: "<tr>").count == rows + 4)
    }
  }

  @Test func refusesWhatIsNoText() {
    #expect(throws: InvalidInput.self) { try HTMLFragment(markdown: "a\0b") }
    #expect(throws: InvalidInput.self) {
      try HTMLFragment(markdown: Source(name: "a.md", bytes: [0x61, 0xFF]))
    }
  }

  @Test func rendersInManyThreadsAtOnce() async throws {
    let text = try String(
      contentsOf: HTMLReferee.root.appending(
        path: "Tests/RenderersTests/Fixtures/markdown/proposal.md"), encoding: .utf8)
    let expected = try HTMLFragment(markdown: text).bytes
    try await withThrowingTaskGroup(of: [UInt8].self) { group in
      for _ in 0..<16 { group.addTask { try HTMLFragment(markdown: text).bytes } }
      for try await bytes in group { #expect(bytes == expected) }
    }
  }
}

extension [Substring] {
  /// The first two parts, as text.
  fileprivate var tuple: (String, String) {
    (first.map(String.init) ?? "", count > 1 ? String(self[1]) : "")
  }
}
