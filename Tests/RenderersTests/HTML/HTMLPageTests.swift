import DocModel
import Foundation
import Renderers
import Testing

struct HTMLPageTests {
  private struct Judgement: Decodable {
    struct Finding: Decodable, CustomStringConvertible {
      let page: String
      let judge: String
      let setting: String
      let rule: String
      let message: String
      let `where`: String

      var description: String {
        "\(judge) \(setting) \(rule): \(message) [\(self.where)]"
      }
    }

    let pages: Int
    let findings: [Finding]
  }

  private static func page(
    _ markdown: String, _ change: (inout HTMLPage.Frame) -> Void = { _ in }
  ) throws -> HTMLPage {
    var frame = HTMLPage.Frame()
    change(&frame)
    return try HTMLPage(
      HTMLFragment(markdown: markdown, options: .init(isEnriched: true)), frame: frame,
      layout: HTMLPage.layout())
  }

  private static func fixture(_ name: String) throws -> String {
    try String(
      contentsOf: HTMLReferee.root.appending(
        path: "Tests/RenderersTests/Fixtures/markdown/\(name).md"), encoding: .utf8)
  }

  /// The shipped example as a programme has it whose documents are in another language than its answers.
  private static func example(
    in language: String, _ documents: [Document]
  ) throws -> [(String, HTMLPage)] {
    let world = DiskFolder(
      HTMLReferee.root.appending(path: "Examples/commcare").path,
      today: try #require(Day("2026-11-21")))
    let file = try #require(try world.source(of: "project.yaml"))
    let text = String(decoding: file.bytes, as: UTF8.self)
    let source = try Source(
      name: "project.yaml",
      text: text.replacing(
        "\n  language: en\n", with: "\n  language: \(language)\n  written-in: en\n"))
    let project = try Project(source, in: world)
    #expect(project.language == language)
    let renderer = try DocumentRenderer(
      documents, for: project.guide, language: Language(tag: language), in: world)
    let model = DocumentModel(Assessment(project, in: world))
    return try documents.map { ($0.id, try renderer.render($0, model).page()) }
  }

  /// The Nu HTML checker and axe find nothing, each page in the light and in the dark, wide and narrow.
  ///
  /// The pages in `output`, which the shipped examples generate; the first example in French, with a guide
  /// and answers in English; and a page that is written from right to left.
  @Test func judgesFindNothingInTheExamples() throws {
    let others = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: others, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: others) }
    for (language, documents) in [("fr", Document.all), ("ar", [.rfp])] {
      for (name, page) in try Self.example(in: language, documents) {
        try Data(page.bytes).write(to: others.appending(path: "\(name).\(language).html"))
      }
    }
    let folder = HTMLReferee.root.appending(path: "output")
    let json = try HTMLReferee.tool("judge-pages.py", ["--in-turn", folder.path, others.path])
    let judgement = try JSONDecoder().decode(Judgement.self, from: json)
    #expect(judgement.pages == 7 * 4 + 6 * 3 + 2 + Document.all.count + 1)
    #expect(judgement.findings.map(\.description) == [])
  }

  /// A page in Arabic with sentences in English, which nothing marks as such.
  private static let arabic = """
    # عنوان

    ## فصل

    | أ | ب |
    | - | - |
    | ١ | ٢ |

    The well is deep.

    - Asked:
    - البئر عميق.

    """

  @Test func judgesFindNothing() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let pages = [
      "proposal": try Self.page(Self.fixture("proposal")) {
        $0.header = "Ministry of Health of Northland"
        $0.footer = "Issued on 1 December 2026"
      },
      "tables": try Self.page(Self.fixture("tables")) { $0.title = "Tables" },
      "arabic": try Self.page(Self.arabic) { $0.language = "ar" },
      "mixed": try Self.page(
        "# Title\n\nالبئر عميق.\n\n> <span lang=\"ar\" dir=\"rtl\">عميق.</span>\n"),
      "nothing": try Self.page("") { $0.title = "Nothing" },
      "hostile": try Self.page(
        "# \"><script>alert(1)</script>\n\n![a](http://127.0.0.1/a.png) <img src=x onerror=alert(1)>\n"
      ) { $0.header = "</p><script>alert(1)</script>" },
    ]
    for (name, page) in pages {
      try Data(page.bytes).write(to: folder.appending(path: "\(name).html"))
    }
    let json = try HTMLReferee.tool("judge-pages.py", [folder.path])
    let judgement = try JSONDecoder().decode(Judgement.self, from: json)
    #expect(judgement.pages == pages.count)
    #expect(judgement.findings.map(\.description) == [])
  }

  @Test func standsAlone() throws {
    let page = try Self.page(Self.fixture("proposal")).html
    #expect(!page.contains("<script"))
    #expect(!page.contains("<link"))
    #expect(!page.contains("@import"))
    #expect(!page.contains("url("))
    #expect(page.contains("default-src 'none'"))
  }

  @Test func namesItsParts() throws {
    let page = try Self.page("# A & B\n\n## C\n\n### D\n\n#### E\n\n## F\n").html
    #expect(page.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n"))
    #expect(page.contains("<title>A &amp; B</title>"))
    #expect(page.contains("@top-left { content: \"A \\26  B\"; }"))
    #expect(
      page.contains(
        """
        <ul>
        <li><a href="#c">C</a>
        <ul>
        <li><a href="#d">D</a></li>
        </ul>
        </li>
        <li><a href="#f">F</a></li>
        </ul>
        """))
    #expect(page.split(separator: "<h1").count == 2)
  }

  @Test func leavesContentsOutWhereThereAreNone() throws {
    #expect(try !Self.page("# A\n\nb\n").html.contains("<nav"))
  }

  @Test func hasATitleInAnyCase() throws {
    #expect(try Self.page("b\n").html.contains("<h1>rfpgen</h1>"))
    #expect(try Self.page("b\n") { $0.title = "T" }.html.contains("<h1>T</h1>"))
  }

  @Test(arguments: [("fr", "ltr"), ("ar", "rtl"), ("ur-PK", "rtl"), ("he", "rtl")])
  func knowsDirections(_ language: String, _ direction: String) throws {
    let page = try Self.page("# a\n") { $0.language = language }.html
    #expect(page.contains("<html lang=\"\(language)\" dir=\"\(direction)\">"))
  }

  @Test func refusesALayoutWithoutTheText() throws {
    var options = TemplateOptions(escaping: .none)
    options.keepsTrailingNewline = true
    let layout = try Environment(options: options).template(
      Source(name: "mine.html", text: "<p>{{ title }}</p>"))
    let fragment = try HTMLFragment(markdown: "# a\n")
    #expect(throws: InvalidInput.self) { try HTMLPage(fragment, layout: layout) }
  }

  /// Nothing that a frame or a text says ends the element or the string that it stands in.
  @Test func valuesStayInTheirPlace() throws {
    let value = "\"} </style><script>{{ css }}\0\\"
    let page = try Self.page("# a\n\n{{ title }} {% if x %}\n") {
      $0.title = value
      $0.header = value
      $0.footer = value
      $0.language = value
    }.html
    #expect(!page.contains("<script"))
    #expect(page.split(separator: "</style>").count == 2)
    #expect(page.contains("{{ title }} {% if x %}"))
  }
}
