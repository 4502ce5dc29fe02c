import DocModel
import Testing

@testable import Renderers

/// Syntax that was read before serves as well as that of the parser, and only for the very template that
/// it was read from.
@Suite struct ReadySyntaxTests {
  static func source(_ name: String, _ text: String) throws -> Source {
    try Source(name: name, text: text)
  }

  /// The syntax of a template as it comes back from its form; `nil` where it has none.
  static func returned(_ syntax: Syntax, for source: Source) -> Syntax? {
    ReadySyntax.form(of: [syntax]).withUnsafeBufferPointer {
      ReadySyntax.syntax(of: source, named: source.name, in: $0)
    }
  }

  @Test func theEmbeddedFormIsUpToDate() {
    #expect(
      EmbeddedFiles.bytes(of: BuiltInTemplates.syntaxPath) == BuiltInTemplates.readySyntax(),
      "run 'sh dev ready': templates, or how they are read, have changed")
  }

  @Test(arguments: BuiltInTemplates.names)
  func theEmbeddedFormIsUsed(name: String) throws {
    let environment = DocumentRenderer.environment(names: .any, in: nil)
    let source = try #require(try BuiltInTemplates.source(name))
    let ready = try #require(environment.readySyntax(of: source, named: name))
    let parsed = try Parser.parse(source, environment)
    #expect(String(reflecting: ready) == String(reflecting: parsed))
  }

  /// Each kind of expression and statement.
  @Test(arguments: [
    "{{ none }} {{ true }} {{ false }} {{ 0 }} {{ 12 }} {{ 1.25 }} {{ 1e300 }} {{ 'é' }}\n",
    "{{ a.b[c] }} {{ a[1:] }} {{ a[:-1:2] }} {{ a() }} {{ a(1, b=2) }}\n",
    "{{ a|join(', ')|default(value='x') }} {{ a is divisibleby(2) }} {{ a is not none }}\n",
    "{{ -a }} {{ +a }} {{ not a }} {{ a + b - c * d / e // f % g ** h }} {{ a ~ b ~ c }}\n",
    "{{ a < b <= c != d }} {{ a in b }} {{ a not in b }} {{ a and b or c }}\n",
    "{{ a if b }} {{ a if b else c }} {{ [a, 1] }} {{ (a, 1) }} {{ {'k': a} }}\n",
    "{% if a %}b{% elif c %}d{% else %}e{% endif %}\n",
    "{% for a, (b, c) in d if a recursive %}{{ loop(b) }}{% else %}-{% endfor %}\n",
    "{% set a = 1 %}{% set b, c = 1, 2 %}{% set n = namespace() %}{% set n.x = 1 %}\n",
    "{% set a %}b{% endset %}{% set a|upper %}b{% endset %}{% filter upper %}a{% endfilter %}\n",
    "{% with a = 1, b = 2 %}{{ a }}{% endwith %}{% include 'a' ignore missing without context %}\n",
    "{% macro m(a, b=1) %}{{ varargs }}{{ caller() }}{% endmacro %}{% call(x) m(1) %}{{ x }}{% endcall %}\n",
    "{% import 'a' as b with context %}{% from 'a' import c as d, e %}\n",
    "{% extends 'a' %}{% block b scoped required %}{% endblock %}\n",
    "{% trans n=a|length %}One {{ b }}{% pluralize %}{{ n }} of {{ b }}{% endtrans %}\n",
    "# a {#- gone -#} b\n{% raw %}{{ c }}{% endraw %}\n",
  ])
  func aFormSurvivesItsBytes(text: String) throws {
    let source = try Self.source("a", text)
    let parsed = try Parser.parse(source, Environment())
    let returned = try #require(Self.returned(parsed, for: source))
    #expect(String(reflecting: returned) == String(reflecting: parsed))
  }

  @Test func anotherTemplateIsReadAnew() throws {
    let source = try Self.source("a", "{{ b }}\n")
    let parsed = try Parser.parse(source, Environment())
    #expect(Self.returned(parsed, for: try Self.source("a", "{{ c }}\n")) == nil)
    #expect(Self.returned(parsed, for: try Self.source("b", "{{ b }}\n")) == nil)
  }

  @Test func otherOptionsLimitsWordsAndBytesAreReadAnew() throws {
    let name = Document.rfp.templateName
    let source = try #require(try BuiltInTemplates.source(name))
    let usual = DocumentRenderer.environment(names: .any, in: nil)
    #expect(usual.readySyntax(of: source, named: name) != nil)
    var other = usual
    other.options.trimBlocks.toggle()
    #expect(other.readySyntax(of: source, named: name) == nil)
    other = usual
    other.limits.templates = 5
    #expect(other.readySyntax(of: source, named: name) == nil)
    other = usual
    other.language = try Language(tag: "fr")
    #expect(other.readySyntax(of: source, named: name) == nil)
    let changed = Source(name: name, trusted: source.bytes + Array("\n".utf8))
    #expect(usual.readySyntax(of: changed, named: name) == nil)
  }

  /// As a pack holds the templates that its reports were made from, or a project those that it ejected.
  @Test func aCopyOfATemplateIsReady() throws {
    var files = Files(today: Day(number: 20_778))
    for path in EmbeddedFiles.paths(in: "documents") {
      let bytes = try #require(EmbeddedFiles.bytes(of: path))
      files.texts["templates/\(path.dropFirst("documents/".count))"] = String(
        decoding: bytes, as: UTF8.self)
    }
    let name = Document.evidenceReport.templateName
    let copy = try #require(try files.source(of: "templates/\(name)"))
    let environment = DocumentRenderer.environment(names: .any, in: files)
    #expect(environment.readySyntax(of: copy, named: name) != nil)
    let documents = [Document.evidenceReport, .gapReport]
    #expect(try CarriedTemplates(documents, in: files).templates.count == 2)
    files.texts["templates/\(name)"]?.append("\n")
    #expect(try CarriedTemplates(documents, in: files).templates.keys.sorted() == ["gap-report"])
  }

  @Test func whatIsTranslatedHasNoForm() throws {
    let catalogue = try Catalogue(
      Self.source("xx.po", "msgid \"\"\nmsgstr \"\"\n\nmsgid \"a\"\nmsgstr \"b\"\n"))
    var environment = Environment()
    environment.language = Language(tag: "xx", catalogues: [catalogue])
    let source = try Self.source("a", "{% trans %}a{% endtrans %}\n")
    #expect(Self.returned(try Parser.parse(source, environment), for: source) == nil)
  }
}
