import DocModel
import Foundation
import Renderers
import Testing

/// The catalogues that the program carries, and what is given to translators.
@Suite struct TranslationTests {
  static let languages = Language.builtInTags.filter { $0 != "en" }

  private static func catalogue(_ tag: String) throws -> Catalogue {
    let path = "languages/\(tag).po"
    let bytes = try #require(EmbeddedFiles.bytes(of: path))
    return try Catalogue(Source(name: path, bytes: bytes))
  }

  @Test(arguments: languages)
  func everyMessageIsTranslated(tag: String) throws {
    let catalogue = try Self.catalogue(tag)
    for (message, isPlural) in try BuiltInTemplates.messages().messages {
      let what = Comment(rawValue: "\(tag): \(message.context ?? "") '\(message.text)'")
      guard let translation = catalogue[message] else {
        Issue.record("not translated, or fuzzy: \(what)")
        continue
      }
      #expect(translation.isPlural == isPlural, what)
      #expect(translation.forms.count == (isPlural ? catalogue.plural.count : 1), what)
      // A word that has a name is told apart by its context; its values are those of the English.
      let isWord = Language.english.catalogues[0][message] != nil
      let original =
        isWord ? Language.english.catalogues[0][message]?.forms[0].string : message.text
      for form in translation.forms {
        #expect(Self.values(form.string) == Self.values(original ?? ""), what)
      }
    }
    let known = Set(try BuiltInTemplates.messages().messages.map(\.message))
    #expect(catalogue.messages.filter { !known.contains($0) } == [], "no template says these")
    #expect(catalogue.language == tag)
  }

  /// The names of the values that a text holds.
  private static func values(_ text: String) -> Set<String> {
    Set(
      text.split(separator: "%(", omittingEmptySubsequences: false).dropFirst().compactMap {
        $0.split(separator: ")").first
      }
      .map(String.init))
  }

  /// French sets a space that does not break before what has two parts, and writes one kind of apostrophe.
  @Test func frenchIsSetAlikeThroughout() throws {
    let catalogue = try Self.catalogue("fr")
    for message in catalogue.messages {
      for form in catalogue[message]?.forms ?? [] {
        let isSet =
          !form.string.contains("'") && !form.string.contains("« ")
          && ![" :", " ;", " ?", " !", " »"].contains { form.string.contains($0) }
        #expect(isSet, "\(message.text): \(form.string)")
      }
    }
  }

  /// A translation that would change what a document is built of is refused here.
  @Test(arguments: languages)
  func everyDocumentCompilesInEveryLanguage(tag: String) throws {
    let language = try Language(tag: tag)
    #expect(language.tag == tag && !language.isOriginal)
    for name in Guide.builtInNames {
      _ = try DocumentRenderer(for: Guide.builtIn(name), language: language)
    }
  }

  @Test(arguments: [
    ("{{ '2027-01-15'|date }}", "15\u{A0}janvier\u{A0}2027"),
    ("{{ '2026-12-01'|date }}", "1er\u{A0}décembre\u{A0}2026"),
    (
      "{{ '2027-01-15T17:05+03:00'|datetime }}",
      "15\u{A0}janvier\u{A0}2027 à 17\u{A0}h\u{A0}05\u{A0}(UTC+03:00)"
    ),
    ("{{ 12000|number }} {{ 1234567.5|number }}", "12\u{202F}000 1\u{202F}234\u{202F}567,5"),
    ("{{ '940 Mbps'|quantity }}", "940\u{A0}Mbps"),
    ("{{ '1250000.5'|money('KES') }}", "1\u{202F}250\u{202F}000,50\u{A0}KES"),
    (
      "{{ 'P1DT12H'|duration }}, {{ '1.5 h'|duration }}, {{ '0 min'|duration }}",
      "1\u{A0}jour 12\u{A0}heures, 1,5\u{A0}heure, 0\u{A0}minute"
    ),
    ("{{ 0|plural('ligne') }}, {{ 2|plural('mal', 'maux') }}", "0\u{A0}ligne, 2\u{A0}maux"),
  ])
  func frenchDatesAndNumbers(template: String, expected: String) throws {
    var environment = Renderers.Environment()
    environment.language = try Language(tag: "fr-CA")
    let text = try environment.template(Source(name: "t", text: template)).render([:])
    #expect(text == expected)
  }

  @Test func aCatalogueBesideTheProjectComesFirst() throws {
    let today = try #require(Day("2026-11-21"))
    let world = Files(
      [
        "languages/fr.po": """
        msgid ""
        msgstr "Content-Type: text/plain; charset=UTF-8\\n"

        msgid "Contents"
        msgstr "Table des matières"

        msgctxt "month"
        msgid "1"
        msgstr "janv."
        """
      ], today: today)
    let language = try Language(tag: "fr", in: world)
    #expect(language.forms.months.prefix(2) == ["janv.", "février"])
    let fragment = try HTMLFragment(
      markdown: "# A\n\n## B\n", options: .init(isEnriched: true, language: language))
    let page = try HTMLPage(fragment, layout: HTMLPage.layout(in: language)).html
    #expect(page.contains("Table des matières"))
    #expect(page.contains("Aller au contenu"))
  }

  // MARK: For translators

  /// Jinja's own extractor finds the same messages in the templates, at the same lines.
  @Test func messagesAreThoseThatJinjaFinds() throws {
    struct Found: Decodable, Equatable {
      let line: Int
      let function: String
      let texts: [String]
      var key: String { "\(line) \(function) \(texts)" }
    }
    let cases = TemplateCase.all(in: "jinja").filter {
      $0.name.hasPrefix("translations/") && $0.rendersPlainly
    }
    var templates = cases.map(\.template)
    for path in ["layout/page.html.jinja"] + EmbeddedFiles.paths(in: "documents") {
      templates.append(String(decoding: try #require(EmbeddedFiles.bytes(of: path)), as: UTF8.self))
    }
    let answers = try Referee.run("messages.py", templates, as: [[Found]].self)
    for (template, theirs) in zip(templates, answers) {
      let ours = try Renderers.Environment().messages(in: Source(name: "t", text: template)).map {
        let texts = [$0.message.context, $0.message.text, $0.plural].compactMap { $0 }
        let name =
          ($0.plural == nil ? "" : "n") + ($0.message.context == nil ? "" : "p") + "gettext"
        return Found(line: $0.location.line, function: name, texts: texts)
      }
      #expect(ours.sorted { $0.key < $1.key } == theirs.sorted { $0.key < $1.key })
    }
  }

  @Test func theListForTranslatorsIsWhole() throws {
    var list = MessageList()
    try list.add(
      Source(
        name: "letter.md.jinja",
        text: """
          {# Translators: shown at the top
             of every page #}
          {% trans %}Dear "you"{% endtrans %}

          {# Something else #}
          {% trans count=3 %}{{ count }} % day{% pluralize %}{{ count }} % days{% endtrans %}
          {{ pgettext("menu", "Open") }} {{ _('Dear "you"') }}
          """))
    #expect(
      list.template.hasSuffix(
        """

        #. shown at the top
        #. of every page
        #: letter.md.jinja:3
        #: letter.md.jinja:7
        msgid "Dear \\"you\\""
        msgstr ""

        #: letter.md.jinja:6
        #, python-format
        msgid "%(count)s %% day"
        msgid_plural "%(count)s %% days"
        msgstr[0] ""
        msgstr[1] ""

        #: letter.md.jinja:7
        msgctxt "menu"
        msgid "Open"
        msgstr ""

        """))
  }
}

extension TemplateCase {
  /// Whether Jinja can read the template at all.
  fileprivate var rendersPlainly: Bool {
    if case .success = rendered(TemplateOptions(escaping: .none)) { true } else { false }
  }
}
