import DocModel
import Renderers
import Testing

/// Templates that draw in the same parts are compiled together as they are alone, and of the parts
/// only what is used.
@Suite struct TemplateSharingTests {
  static func environment(_ files: [String: String]) -> Environment {
    Environment { name throws(InvalidInput) in
      guard let text = files[name] else { return nil }
      return try Source(name: name, bytes: Array(text.utf8))
    }
  }

  static let parts = """
    {% macro name(x) -%}
    {{ x }}!
    {%- endmacro %}
    {% macro both(x) -%}
    {{ name(x) }} and {{ name(x) }}
    {%- endmacro %}
    {% macro broken(x) -%}
    {{ x | nofilter }}
    {%- endmacro %}

    """

  static func problems(_ work: () throws(InvalidInput) -> Void) -> [String] {
    do throws(InvalidInput) { try work() } catch { return error.diagnostics.map(\.message) }
    return []
  }

  @Test func templatesCompiledTogetherGiveTheSame() throws {
    let environment = Self.environment([
      "parts": Self.parts,
      "cell": "{% from 'parts' import both %}\n| a |\n| - |\n| {{ both(v) }} |\n",
      "text": "{% from 'parts' import both, name %}\n# {{ name(v) }}\n\n{{ both(v) }}\n",
      "code": "{% from 'parts' import name %}\n`{{ name(v) }}` and `{{ name(v) }}`\n",
    ])
    let names = ["cell", "text", "code", "cell"]
    let together = try environment.templates(named: names)
    for (name, template) in zip(names, together) {
      let alone = try environment.template(named: name)
      for value in ["a", "a | b", "# b", "`c`"] {
        let text = try template.render(["v": .text(value)])
        #expect(try alone.render(["v": .text(value)]) == text)
      }
      #expect(template.name == name && template.uses == alone.uses)
    }
  }

  @Test func theFirstTemplateWithProblemsIsReported() {
    let environment = Self.environment([
      "good": "{{ v }}\n", "bad": "{{ v | nofilter }}\n", "worse": "{{ v | nothing }}\n",
    ])
    let found = Self.problems { () throws(InvalidInput) in
      _ = try environment.templates(named: ["good", "bad", "worse"])
    }
    #expect(found == ["unknown filter 'nofilter'"])
    let missing = Self.problems { () throws(InvalidInput) in
      _ = try environment.templates(named: ["good", "absent"])
    }
    #expect(missing == ["there is no template 'absent'"])
  }

  @Test(arguments: [
    ("{% from 'parts' import both %}{{ both('a') }}", "a! and a!"),
    ("{% from 'parts' import both %}{% set f = both %}{{ f('a') }}", "a! and a!"),
    ("{% from 'parts' import both as b %}{% set f = b %}{{ f('a') }}", "a! and a!"),
    ("{% import 'parts' as p %}{{ p.name('a') }}", "a!"),
    ("{% from 'parts' import broken %}{{ 'a' }}", "a"),
  ]) func unusedMacrosOfOthersAreLeftAlone(_ template: String, _ expected: String) throws {
    let environment = Self.environment(["parts": Self.parts, "t": template])
    #expect(try environment.template(named: "t").render([:]) == expected)
  }

  @Test(arguments: [
    Self.parts, "{% from 'parts' import broken %}{{ broken(1) }}",
    "{% from 'parts' import broken %}{% set f = broken %}{{ f(1) }}",
    "{% from 'parts' import broken as b %}{% set f = b %}{{ f(1) }}",
    "{% import 'parts' as p %}{% set f = p.broken %}{{ f(1) }}",
    "{% import 'parts' as p %}{% set q = p %}{{ q.broken(1) }}",
  ]) func brokenMacrosAreFoundWhereTheyAreUsedOrChecked(_ template: String) {
    let environment = Self.environment(["parts": Self.parts, "t": template])
    let found = Self.problems { () throws(InvalidInput) in
      _ = try environment.template(named: "t")
    }
    #expect(found == ["unknown filter 'nofilter'"])
  }

  /// Each of two spans that are open at the same point on different paths grows where it has to.
  @Test func spansOpenedOnTwoPathsGrow() throws {
    let environment = Self.environment([
      "t": "{% if a %}x `{% else %}y `{% endif %}{{ v }}`\n"
    ])
    let template = try environment.template(named: "t")
    for (a, start) in [(true, "x"), (false, "y")] {
      #expect(
        try template.render(["a": .bool(a), "v": .text("1`2")]) == "\(start) ``1`2``\n")
    }
  }

  /// What a template imports at its top, its blocks see where it extends another.
  @Test(arguments: ["{{ name(v) }}", "{{ p.name(v) }}", "{{ super() }}{{ name(v) }}"])
  func aBlockSeesTheImportsOfItsTemplate(_ call: String) throws {
    let environment = Self.environment([
      "parts": Self.parts, "base": "{% block b %}{% endblock %}\n",
      "t": "{% extends 'base' %}{% from 'parts' import name %}{% import 'parts' as p %}\n"
        + "{% block b %}\n~~~\n\(call)\n~~~\n{% endblock %}\n",
    ])
    let text: String = try environment.template(named: "t").render(["v": .text("a ~~~ b\n~~~")])
    #expect(text == "~~~~\na ~~~ b\n~~~!\n~~~~\n")
  }

  /// A macro of which only the rendering knows that it is called is refused where its place matters.
  @Test func whatAnotherBlockImportsIsRefused() {
    let environment = Self.environment([
      "parts": Self.parts,
      "t": "{% block a %}{% from 'parts' import name %}{% endblock %}\n"
        + "{% block b %}\n~~~\n{{ name(v) }}\n~~~\n{% endblock %}\n",
    ])
    let found = Self.problems { () throws(InvalidInput) in
      _ = try environment.template(named: "t")
    }
    #expect(found == ["what is called here is not known when compiling"])
  }
}
