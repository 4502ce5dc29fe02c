import DocModel
import Foundation
import Renderers
import Testing

/// No template says a word that translators do not get.
@Suite struct UntranslatableWordsTests {
  private static let templates = HTMLReferee.root.appending(path: "Templates")

  private static var files: [String] {
    BuiltInTemplates.names.map { "documents/\($0)" } + ["layout/page.html.jinja"]
  }

  /// What is no word of a language: names of standards and units.
  private static let names: Set<String> = ["SHA", "B"]

  /// The letters that a template shows outside of `trans`, whatever its conditions come to.
  @Test(arguments: files)
  func everyWordIsWrapped(file: String) throws {
    let text = try String(contentsOf: Self.templates.appending(path: file), encoding: .utf8)
    let rest = text.replacing(#/(?s){#.*?#}/#, with: "")
      .replacing(#/(?s){% *trans\b.*?{% *endtrans *\+?-?%}/#, with: "")
      .replacing(#/(?s){%.*?%}|{{.*?}}/#, with: "{}")
      // What is no text: addresses, names of places, comments and tags of HTML, kinds of alerts, code.
      .replacing(#/(?s)<style>.*?<\/style>|<!--.*?-->|<[^>]*>/#, with: "")
      .replacing(#/\]\([^)]*\)|\[![A-Z]+\]|`[^`\n]*`/#, with: "")
    let words = rest.matches(of: #/\p{L}+/#).map { String($0.output) }
      .filter { !Self.names.contains($0) }
    #expect(words == [], "\(file) says them without 'trans'")
  }

  /// The constant texts that a template shows, of which none has letters but as a name in code.
  @Test(arguments: files)
  func everyShownConstantIsWrapped(file: String) throws {
    let text = try String(contentsOf: Self.templates.appending(path: file), encoding: .utf8)
    for expression in text.matches(of: #/{{(.*?)}}/#).map(\.1) {
      // A constant that is shown stands alone, behind `else`, `or` or `~`, or in `default`.
      let shown = expression.matches(
        of: #/(?:^|else|\bor|~|default\(|cell\(|plural\(|,)\s*(?:'([^']*)'|"([^"]*)")/#)
      for constant in shown {
        let words = constant.1 ?? constant.2 ?? ""
        let isID =
          words.wholeMatch(of: #/[a-z-]+\.[a-z.-]*|[a-z]+/#) != nil && expression.contains("(")
        #expect(isID || !words.contains(where: \.isLetter), "\(file): {{\(expression)}}")
      }
    }
  }

  /// A document in a language in which every message stands in brackets: what is outside of them is a
  /// value, or a text that is marked with its language.
  @Test func everyVisibleWordIsAMessageOrAValue() throws {
    let world = DiskFolder(
      HTMLReferee.root.appending(path: "Examples/commcare").path,
      today: try #require(Day("2026-11-21")))
    let text = String(
      decoding: try #require(try world.source(of: "project.yaml")).bytes, as: UTF8.self)
    let source = try Source(
      name: "project.yaml",
      text: text.replacing("\n  language: en\n", with: "\n  language: eo\n  written-in: en\n"))
    let project = try Project(source, in: world)
    #expect(project.language == "eo")
    let language = Language(tag: "eo", catalogues: [try Self.bracketed()])
    let renderer = try DocumentRenderer(for: project.guide, language: language, in: world)
    let model = DocumentModel(Assessment(project, in: world))
    // What values say: whole scalars of the two files that are no texts, such as names and units.
    let values = Self.scalars(project.record, project.guide.record)
    for document in Document.all {
      let markdown = try renderer.render(document, model).markdown
      for words in Self.visible(String(decoding: markdown, as: UTF8.self)) {
        let rest = words.split { !$0.isLetter }.map(String.init)
        #expect(
          rest.allSatisfy { values.contains($0) || Self.names.contains($0) },
          "\(document.id) says '\(words)'")
      }
    }
  }

  /// Every message in brackets, as a translation of itself.
  private static func bracketed() throws -> Catalogue {
    var text = "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\n\"\n"
    func quoted(_ text: String) -> String {
      JSON.string(text).compactText
    }
    for (message, isPlural) in try BuiltInTemplates.messages().messages {
      let english = Language.english.catalogues[0][message]?.forms.map(\.string)
      text += "\n"
      if let context = message.context { text += "msgctxt \(quoted(context))\n" }
      text += "msgid \(quoted(message.text))\n"
      let forms = english ?? [message.text]
      if isPlural {
        text += "msgid_plural \"x\"\n"
        for index in 0..<2 {
          text += "msgstr[\(index)] \(quoted("⟦\(forms[min(index, forms.count - 1)])⟧"))\n"
        }
      } else {
        text += "msgstr \(quoted("⟦\(forms[0])⟧"))\n"
      }
    }
    return try Catalogue(Source(name: "eo.po", text: text))
  }

  /// The words of texts that are no prose, and so are the same in every language.
  private static func scalars(_ records: Record...) -> Set<String> {
    var words: Set<String> = []
    func add(_ value: Value) {
      switch value {
      case .text(let text): words.formUnion(text.split { !$0.isLetter }.map(String.init))
      case .list(let items): items.forEach(add)
      case .record(let record): record.values.forEach(add)
      default: break
      }
    }
    for record in records { record.values.forEach(add) }
    return words
  }

  /// The texts of some Markdown that are neither messages, marked nor code.
  private static func visible(_ markdown: String) -> [Substring] {
    var text = markdown.replacing(#/(?s)<span lang="en">.*?<\/span>/#, with: "\n")
      .replacing(#/`[^`\n]*`|<[^>]*>|\]\([^)]*\)|\[![A-Z]+\]/#, with: "")
      .replacing(#/(?s)```.*?```/#, with: "")
    // Messages stand in messages.
    while true {
      let next = text.replacing(#/⟦[^⟦⟧]*⟧/#, with: "\n")
      if next == text { break }
      text = next
    }
    // A table within an answer stays as it is.
    return text.split(separator: "\n")
      .filter { $0.contains(where: \.isLetter) && $0.prefixMatch(of: #/ {2,}\|/#) == nil }
  }
}
