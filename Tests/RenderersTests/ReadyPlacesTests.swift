import DocModel
import Testing

@testable import Renderers

/// Places that were found out before serve as well as those found out now, and only for the very
/// templates that they were found out from.
@Suite struct ReadyPlacesTests {
  static let files = [
    "cell": "{% from 'parts' import both %}\n| a |\n| - |\n| {{ both(v) }} |\n",
    "text": "{% import 'parts' as p %}\n# {{ p.name(v) }}\n\n{{ p.both(v) }}\n- {{ p.name(v) }}\n",
    "code": "{% from 'parts' import name %}\n`{{ name(v) }}`\n\n```\n{{ v }}\n```\n",
    "tree":
      "{% for x in [[v, [[v, []]]]] recursive %}\n- {{ x[0] }}\n  {{ loop(x[1]) }}\n{% endfor %}\n",
    "child": "{% extends 'base' %}\n{% block b %}\n> {{ super() }} {{ v }}\n{% endblock %}\n",
    "base": "{% block b %}{{ v }}{% endblock %}\n\n{% set t %}{{ v }}{% endset %}\n* {{ t }}\n",

    "quote": "{% from 'parts' import box %}\n{% call box() %}\n{{ v }}\n{% endcall %}\n",
    "maybe": "{% include 'own' ignore missing %}\n{{ v }}\n",
    "parts": """
    {% macro name(x) -%}
    {{ x }}!
    {%- endmacro %}
    {% macro both(x) -%}
    {{ name(x) }} and {{ name(x) }}
    {%- endmacro %}
    {% macro box() %}
    > {{ caller() }}
    {% endmacro %}

    """,
  ]

  static func environment(_ files: [String: String] = files) -> Environment {
    Environment { name throws(InvalidInput) in
      guard let text = files[name] else { return nil }
      return try Source(name: name, bytes: Array(text.utf8))
    }
  }

  static let form = ReadyPlaces.Form(following: files.keys.sorted(), environment: environment())

  /// The environment of some files that carries the form.
  static func prepared(
    _ files: [String: String] = files, form: ReadyPlaces.Form = form
  ) -> Environment {
    var environment = environment(files)
    environment.carried = .init(form: form) { files[$0].map { Array($0.utf8) } == $1 }
    return environment
  }

  static func isUsed(_ name: String, _ environment: Environment) -> Bool {
    let library = Library(environment: environment)
    guard let unit = library.unit(named: name) else { return false }
    return environment.readyPlaces(in: library)?.hold(for: unit) ?? false
  }

  @Test func theEmbeddedFormIsUpToDate() {
    #expect(
      EmbeddedFiles.bytes(of: BuiltInTemplates.placesPath) == BuiltInTemplates.readyPlaces(),
      "run 'sh dev ready': templates, or how they are followed, have changed")
  }

  @Test(arguments: Document.all + Document.forBid + Document.forTender + [.comparison])
  func theEmbeddedFormIsUsed(document: Document) throws {
    let environment = DocumentRenderer.environment(names: .any, in: nil)
    let library = Library(environment: environment)
    let unit = try #require(library.unit(named: document.templateName))
    let places = try #require(environment.readyPlaces(in: library))
    #expect(places.hold(for: unit))
    // What is asked of it is there: otherwise the form would be left aside after all.
    #expect(Compiler.compiles(unit, with: places, library) && !places.isOutdated)
    #expect(try CarriedTemplates([document]).templates[document.id] != nil)
  }

  @Test(arguments: Guide.builtInNames, Document.all)
  func carriedTemplatesNameOnlyWhatEachGuideHas(guide: String, document: Document) throws {
    let names = DocumentModel.names(for: try Guide.builtIn(guide))
    let environment = DocumentRenderer.environment(names: .record(names), in: nil)
    #expect(try environment.template(named: document.templateName).uses.isEmpty == false)
  }

  @Test(arguments: [
    (Document.forBid, BidModel.names), (Document.forTender, TenderModel.names),
    ([.comparison], ComparisonModel.names),
  ])
  func carriedTemplatesNameOnlyWhatBidsAndTendersHave(
    documents: [Document], names: RecordShape
  ) throws {
    let environment = DocumentRenderer.environment(names: .record(names), in: nil)
    for document in documents {
      #expect(try environment.template(named: document.templateName).uses.isEmpty == false)
    }
  }

  @Test func carriedTemplatesWriteTheSameAsOthers() throws {
    let text = """
      guide: commcare-transition
      programme: {title: "A | *programme*", client: TBD, language: en}
      rfp: {closes: 2027-01-15T17:00+03:00, period: 18 months}
      scale: {mobile-users: 12000}
      answers:
        system-sizing.intended-scale: {note: TBD}
      """
    let world = Files(["project.yaml": text], today: try #require(Day("2026-11-21")))
    let project = try Project(in: world)
    let model = DocumentModel(Assessment(project, in: world))
    let carried = try DocumentRenderer(for: project.guide)
    // A host's additions, and templates of one's own, are compiled for the guide.
    let extended = try DocumentRenderer(for: project.guide) { $0.limits.callDepth += 1 }
    for document in Document.all {
      #expect(
        try carried.render(document, model).markdown == extended.render(document, model).markdown)
    }
  }

  @Test func aTemplateOfOnesOwnTakesTheCarriedOnesPlace() throws {
    let document = Document.all[0]
    let world = Files(
      ["templates/\(document.templateName)": "{{ programme.nmae }}\n"],
      today: try #require(Day("2026-11-21")))
    #expect(try CarriedTemplates([document], in: world).templates.isEmpty)
    let guide = try Guide.builtIn(#require(Guide.builtInNames.first))
    #expect(throws: InvalidInput.self) { try DocumentRenderer([document], for: guide, in: world) }
  }

  @Test func aFormSurvivesItsBytes() {
    var writer = ReadyWriter()
    Self.form.write(to: &writer)
    writer.bytes.withUnsafeBufferPointer { bytes in
      var reader = ReadyReader(bytes)
      #expect(ReadyPlaces.Form(&reader) == Self.form)
    }
  }

  @Test(arguments: files.keys.filter { $0 != "parts" }.sorted())
  func readyPlacesGiveTheSame(name: String) throws {
    let ready = Self.prepared()
    #expect(Self.isUsed(name, ready))
    let (template, fresh) = (
      try ready.template(named: name), try Self.environment().template(named: name)
    )
    let together = try ready.templates(named: [name, "cell"])
    for value in ["a", "a | b", "# b", "`c`", "1. d\n2. e", "<b>", "*"] {
      let text = try fresh.render(["v": .text(value)])
      #expect(try template.render(["v": .text(value)]) == text)
      #expect(try together[0].render(["v": .text(value)]) == text)
    }
    #expect(template.uses == fresh.uses)
  }

  @Test func variantsThatDifferInNothingAreOne() throws {
    // Cells of other columns, and lines below others: other states, the same places.
    let files = [
      "all": """
      {% from 'parts' import both %}
      | a | b | c |
      | - | - | - |
      | {{ both(v) }} | {{ both(v) }} | {{ both(v) }} |
      {% for x in [1, 2] %}
      | x {{ both(v) }} | x {{ both(v) }} | `x` x {{ both(v) }} |
      {% endfor %}

      Then {{ both(v) }} and

      - then {{ both(v) }} and
      - then {{ both(v) }} and

      > then {{ both(v) }} and

      """,
      "parts": try #require(Self.files["parts"]),
    ]
    let environment = Self.environment(files)
    let library = Library(environment: environment)
    let analysis = Analysis(library: library, limits: environment.limits)
    #expect(Compiler.compiles(try #require(library.unit(named: "all")), with: analysis, library))
    let form = ReadyPlaces.Form(following: ["all"], environment: environment)
    #expect(form.variants.count < analysis.variants.count)
    #expect(Set(form.variants.map { "\($0.callable) \($0.entries)" }).count == form.variants.count)
    let ready = Self.prepared(files, form: form)
    #expect(Self.isUsed("all", ready))
    for value in ["a", "a | b", "# b", "`c`", "1. d\n2. e", "<b>", "*"] {
      #expect(
        try ready.template(named: "all").render(["v": .text(value)])
          == environment.template(named: "all").render(["v": .text(value)]))
    }
  }

  @Test func anotherTemplateIsFollowedAnew() {
    var files = Self.files
    files["text"]? += "\n"
    #expect(!Self.isUsed("text", Self.prepared(files)))
    #expect(Self.isUsed("cell", Self.prepared(files)))
    // One that is drawn in counts like the template itself, through any number of others.
    files["parts"]? += " "
    #expect(!Self.isUsed("cell", Self.prepared(files)))
    #expect(Self.isUsed("tree", Self.prepared(files)))
    // So does one that was not there.
    #expect(Self.isUsed("maybe", Self.prepared()))
    #expect(!Self.isUsed("maybe", Self.prepared(Self.files.merging(["own": "# "]) { $1 })))
  }

  @Test func aTemplateThatTakesTheOthersPlaceIsFollowedAnew() {
    // The same fingerprint does not make it the template that the program carries.
    var environment = Self.environment()
    environment.carried = .init(form: Self.form) { _, _ in false }
    #expect(!Self.isUsed("cell", environment))
  }

  @Test func otherOptionsLimitsAndWordsFollowAnew() throws {
    var environment = Self.prepared()
    environment.limits.states = 2
    #expect(!Self.isUsed("tree", environment))
    environment = Self.prepared()
    environment.options.trimBlocks = false
    #expect(!Self.isUsed("tree", environment))
    environment = Self.prepared()
    environment.language = try Language(tag: "fr", in: Files(today: #require(Day("2026-11-21"))))
    #expect(environment.language.isOriginal || !Self.isUsed("tree", environment))
  }

  @Test func whatAFormDoesNotKnowIsFollowedAnew() throws {
    // As if the compiler asked for more than it did when the form was made.
    var form = Self.form
    form.variants = form.variants.map {
      .init(callable: $0.callable, isFresh: false, entries: $0.entries)
    }
    let environment = Self.prepared(form: form)
    #expect(Self.isUsed("cell", environment))
    let values: KeyValuePairs<String, Value> = ["v": .text("a | b")]
    #expect(
      try environment.template(named: "cell").render(values)
        == Self.environment().template(named: "cell").render(values))
  }
}
