import Foundation
import Renderers
import Testing

/// The examples of the two specifications, read from where they are published.
struct SpecificationTests {
  private struct Example: Decodable {
    let number: Int
    let section: String
    let kind: String
    let markdown: String
    let html: String
  }

  private static func examples(_ name: String) throws -> [Example] {
    let folder = HTMLReferee.root.appending(path: ".build/specs").path
    let json = try HTMLReferee.tool("spec-examples.py", [folder])
    let all = try JSONDecoder().decode([String: [Example]].self, from: json)
    return try #require(all[name])
  }

  private static func html(_ markdown: String) throws -> String {
    try HTMLReferee.comparable(
      HTMLFragment(markdown: markdown, options: .init(isUnsafe: true)).html)
  }

  @Test func commonMark() throws {
    let examples = try Self.examples("commonmark")
    #expect(examples.count == 652)
    var linked = 0
    for example in examples {
      let html = try Self.html(example.markdown)
      if html == HTMLReferee.comparable(example.html) { continue }
      // An address without marks is a link for GitHub and none for CommonMark.
      linked += 1
      #expect(
        try html == HTMLReferee.comparable(HTMLReferee.cmarkGFM(example.markdown)),
        "example \(example.number), \(example.section)")
    }
    #expect(linked <= 5)
  }

  @Test(arguments: ["table", "strikethrough", "autolink", "disabled"])
  func gitHub(_ kind: String) throws {
    let examples = try Self.examples("gfm").filter { $0.kind == kind }
    #expect(!examples.isEmpty)
    for example in examples {
      #expect(
        try Self.html(example.markdown) == HTMLReferee.comparable(example.html),
        "example \(example.number), \(example.section)")
    }
  }
}
