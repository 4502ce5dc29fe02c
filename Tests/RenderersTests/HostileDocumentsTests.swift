import DocModel
import Foundation
import Testing

@testable import Renderers

/// Hostile answers in every field of the documents that the library carries, as Markdown and as pages
/// in a browser.
@Suite struct HostileDocumentsTests {
  /// Values with each text that somebody typed replaced, and all prose.
  ///
  /// Identifiers, dates and measures stay, which templates compare and reckon with: what begins with a
  /// capital letter is none of them.
  static func changed(_ value: Value, _ text: Value, _ prose: Value) -> Value {
    switch value {
    case .text(let old):
      return old.first?.isUppercase == true ? text : value
    case .markdown: return prose
    case .list(let items): return .list(items.map { changed($0, text, prose) })
    case .record(let record): return .record(changed(record, text, prose))
    case .function(let function):
      return .function(
        Value.Function { (arguments) throws(Diagnostic) in
          changed(try function.call(arguments), text, prose)
        })
    default: return value
    }
  }

  static func changed(_ record: Record, _ text: Value, _ prose: Value) -> Record {
    Record(record.keys, record.values.map { changed($0, text, prose) })
  }

  /// A document's name, and what makes it with other texts and prose.
  typealias Maker = (id: String, render: (Value, Value) throws -> String)

  /// The documents of the shipped example.
  static func documents() throws -> [Maker] {
    let file = HTMLReferee.root.appending(path: "Examples/commcare/project.yaml")
    let world = Files(
      ["project.yaml": try String(contentsOf: file, encoding: .utf8)],
      today: try #require(Day("2026-11-21")))
    let project = try Project(in: world)
    let model = DocumentModel(Assessment(project, in: world))
    let names = DocumentModel.names(for: project.guide)
    let environment = DocumentRenderer.environment(names: .record(names), in: nil)
    return try makers(Document.all, model, environment) + bidDocuments()
  }

  /// The documents of a bid that has a gap of each kind.
  private static func bidDocuments() throws -> [Maker] {
    let folder = HTMLReferee.root.appending(path: "Examples/commcare/bids")
    let world = Files(
      try Dictionary(
        uniqueKeysWithValues: ["lakeside.yaml", "tender.yaml"].map { name in
          (name, try String(contentsOf: folder.appending(path: name), encoding: .utf8))
        }),
      today: try #require(Day("2026-11-21")))
    let bid = try Bid(#require(try world.source(of: "lakeside.yaml")), in: world)
    let model = BidModel(BidAssessment(bid, in: world))
    let environment = DocumentRenderer.environment(names: .record(BidModel.names), in: nil)
    let project = try Project(
      Source(name: "project.yaml", text: "guide: commcare-transition\nprogramme: {title: A}\n"),
      in: world)
    let comparison = Comparison(bid.tender, [ComparedBid(BidAssessment(bid, in: world))])
    let compared = DocumentRenderer.environment(names: .record(ComparisonModel.names), in: nil)
    return try makers(Document.forBid, model, environment)
      + makers(
        [.comparison], ComparisonModel(comparison, of: Assessment(project, in: world)), compared)
  }

  private static func makers(
    _ documents: [Document], _ model: some DocumentSource, _ environment: Environment
  ) throws -> [Maker] {
    try documents.map { document in
      let template = try environment.template(named: document.templateName)
      let values = model.values(for: document, in: .english)
      return (
        document.id,
        { text, prose in
          String(decoding: try template.render(changed(values, text, prose)), as: UTF8.self)
        }
      )
    }
  }

  @Test func documentsKeepHostileValuesInert() throws {
    var pairs: [TemplatePlaceTests.Pair] = []
    var names: [String] = []
    let hostile = TemplatePlaceTests.values.enumerated().filter { $0.offset % 4 == 1 }
    for (id, render) in try Self.documents() {
      let base = try render(.text("xylo"), .markdown("prose"))
      #expect(base.contains("xylo"), "\(id) shows no text of the project")
      for (_, value) in hostile {
        pairs.append(
          .init(
            base: base, text: try render(.text(value), .markdown("prose")),
            shown: TemplatePlaceTests.shown(value, ""), isLoose: true))
        names.append("\(id) with \(value.debugDescription)")
      }
    }
    let count = try TemplateGeneratedTests.count(pairs, names)
    #expect(count == 0, "\(count) of \(pairs.count) pairs differ")
  }

  // MARK: - In a browser

  /// What runs, or fetches something, wherever it is not shown as text.
  static let attacks: [String] = {
    let address = "http://attack.invalid/hit"
    let script = "window.hit=1;fetch('\(address)')"
    return [
      "<script>\(script)</script>", "<img src=x onerror=\"\(script)\">",
      "<svg onload=\"\(script)\">",
      "\"><script>\(script)</script>", "'><img src=\(address)>", "</td><script>\(script)</script>",
      "--><script>\(script)</script>", "</style><script>\(script)</script>",
      "</title><script>\(script)</script>", "![x](\(address))", "![x][r]\n\n[r]: \(address)",
      "<iframe src=\"javascript:\(script)\"></iframe>", "<link rel=stylesheet href=\(address)>",
      "<meta http-equiv=refresh content=\"0;url=\(address)\">", "<base href=\(address)>",
      "[x](javascript:window.hit=1)", "[x](JaVa\tScRiPt:window.hit=1)", "<javascript:window.hit=1>",
      "[x](data:text/html,<script>\(script)</script>)", "[x](&#106;avascript:window.hit=1)",
      "\" onmouseover=\"\(script)\" autofocus onfocus=\"\(script)",
      "<style>@import '\(address)';</style>",
      "<video src=\(address) autoplay></video>", "<object data=\(address)></object>",
      "`</code><script>\(script)</script>`", "```\n</code></pre><script>\(script)</script>\n```",
      "| a |\n| - |\n| <script>\(script)</script> |", "# <script>\(script)</script>",
      "> [!NOTE]\n> <script>\(script)</script>", "<form action=\(address)><input autofocus></form>",
      "&lt;script&gt;\(script)&lt;/script&gt;", "\\<script>\(script)\\</script>",
      "<a href=\"java&#10;script:window.hit=1\">x</a>", "<math><mi xlink:href=\"javascript:x\">",
    ]
  }()

  struct Judgement: Decodable {
    let pages: Int
    let findings: [String]
  }

  /// Pages of each attack in each place, and of whole documents with all attacks in them.
  static func pages() throws -> [String: String] {
    var result: [String: String] = [:]
    func add(_ name: String, _ markdown: String) throws {
      for isEnriched in [false, true] {
        let fragment = try HTMLFragment(
          markdown: markdown, options: .init(isEnriched: isEnriched))
        // Without the layout, whose policy would keep scripts from running.
        result["\(name)-\(isEnriched).html"] =
          "<!DOCTYPE html><meta charset=\"utf-8\"><title>t</title><body>\(fragment.html)"
      }
    }
    try add("markdown", attacks.joined(separator: "\n\n"))
    try add("lines", attacks.map { "a \($0) b" }.joined(separator: "\n\n"))
    for (index, written) in TemplatePlaceTests.templates.enumerated() {
      let lines = written.split(separator: "\n", omittingEmptySubsequences: false)
      let text = (lines.first?.hasPrefix("#! ") == true ? lines.dropFirst() : lines[...])
        .joined(separator: "\n")
      let template = try Environment().template(try Source(name: "t", text: text + "\n"))
      var markdown = ""
      for attack in attacks {
        for value in [Value.text(attack), .markdown(attack)] {
          markdown += try template.render(["v": value, "list": .list([.int(1)])]) + "\n\n"
        }
      }
      try add("place-\(index)", markdown)
    }
    for (id, render) in try documents() {
      for (index, attack) in attacks.enumerated() where index % 3 == 0 {
        let markdown = try render(.text(attack), .markdown(attack))
        try add("\(id)-\(index)", markdown)
        let fragment = try HTMLFragment(markdown: markdown, options: .init(isEnriched: true))
        result["\(id)-\(index)-page.html"] = try HTMLPage(
          fragment, frame: HTMLPage.Frame(), layout: HTMLPage.layout()
        ).html
      }
    }
    return result
  }

  /// No script runs and no request leaves, and what would do either is noticed.
  @Test func nothingRunsInABrowser() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let pages = try Self.pages()
    for (name, page) in pages {
      try page.write(to: folder.appending(path: name), atomically: false, encoding: .utf8)
    }
    let json = try HTMLReferee.tool("attack-pages.py", [folder.path])
    let judgement = try JSONDecoder().decode(Judgement.self, from: json)
    #expect(judgement.pages == pages.count)
    #expect(judgement.findings == [])
  }
}
