import DocModel
import Renderers
import Testing

/// A long loop, which several threads write, gives what one item after the other gives.
///
/// Each template is rendered with a short text in it and with one so long that the loop is divided; put the
/// short one in place of the long one, and both outputs are the same.
struct LoopPiecesTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let template: String
    var isEscaped = true
    var testDescription: String { name }
  }

  static let cases = [
    Case(
      name: "rows",
      template: """
        | Number | Text |
        | --- | --- |
        {% for item in items %}
        | {{ loop.index }} of {{ loop.length }} | {{ pad }}{% if loop.last %} end{% endif %} |
        {% endfor %}
        behind
        """),
    Case(
      name: "items without the loop's state",
      template: "{% for item in items %}\n- {{ item }} {{ pad }}\n{% endfor %}\n"),
    Case(
      name: "a loop within each item",
      template: """
        {% for item in items %}
        ## {{ item }}

        {% for other in items[:3] %}
        - {{ loop.index }} of {{ other }} {{ pad }}
        {% endfor %}

        {% endfor %}
        """),
    Case(
      name: "a long loop within few others",
      template: """
        {% for outer in [1, 2, 3] %}
        {% for item in items %}
        - {{ outer }} {{ item }} {{ pad }}
        {% endfor %}

        {% endfor %}
        """),
    Case(
      name: "values that mean something at the beginning of a line",
      template: "{% for item in items %}\n{{ marks[item % 5] }} {{ pad }}\n\n{% endfor %}\n"),
    Case(
      name: "code spans and fences within items",
      template: """
        {% for item in items %}
        `{{ ticks }}` {{ pad }}

        ```
        {{ ticks }}
        ```

        {% endfor %}
        """),
    Case(
      name: "a fence around the loop",
      template: "```\n{% for item in items %}\n{{ ticks }} {{ pad }}\n{% endfor %}\n```\n"),
    Case(
      name: "captured text with the empty lines that follow it",
      template: """
        {% macro box(text) %}
        <details>

        {{ text }} {{ pad }}

        </details>
        {% endmacro %}
        {% for item in items %}
        - above

          {{ box(item) }}
        {% endfor %}
        {% set all %}
        {% for item in items %}
        - {{ item }} {{ pad }}
        {% endfor %}
        {% endset %}
        > {{ all }}
        """),
    Case(
      name: "names that the loop sets",
      template: """
        {% set word = 'before' %}
        {% for item in items %}
        {% set word = 'in ' ~ item %}
        - {{ word }} {{ pad }}
        {% endfor %}
        {{ word }}
        """),
    Case(
      name: "a namespace that counts",
      template: """
        {% set count = namespace(all=0) %}
        {% for item in items %}
        {% set count.all = count.all + item %}
        - {{ count.all }} {{ pad }}
        {% endfor %}
        {{ count.all }}
        """),
    Case(
      name: "a namespace of each item's own",
      template: """
        {% for item in items %}
        {% set own = namespace(all=0) %}
        {% for other in items[:3] %}{% set own.all = own.all + other %}{% endfor %}
        - {{ own.all + item }} {{ pad }}
        {% endfor %}
        """),
    Case(
      name: "a cycler and a joiner",
      template: """
        {% set turn = cycler('a', 'b', 'c') %}
        {% set between = joiner('and') %}
        {% for item in items %}
        - {{ turn.next() }} {{ between() }} {{ pad }}
        {% endfor %}
        """),
    Case(
      name: "what changed and what stands beside",
      template: """
        {% for item in items %}
        {% if loop.changed(item // 7) %}
        - new
        {% endif %}
        - {{ loop.previtem | default('none') }} {{ loop.nextitem | default('none') }} {{ pad }}
        {% endfor %}
        """),
    Case(
      name: "what an outer loop remembers",
      template: """
        {% for outer in [1, 2] %}
        {% for item in items %}
        - {{ loop.cycle('x', 'y', 'z') }} {{ pad }}
        {% endfor %}
        {% endfor %}
        """),
    Case(
      name: "a stream that is gone through within the loop",
      template: """
        {% set once = items | map('string') %}
        {% for item in items %}
        - {% if loop.last %}{{ once | join(' ') }}{% else %}{{ item }}{% endif %} {{ pad }}
        {% endfor %}
        """),
    Case(
      name: "recursion",
      template: """
        {% for item in items recursive %}
        - {{ item }} {{ loop.depth }} {{ pad }}
        {% if loop.depth == 1 and item % 50 == 0 %}
        {{ loop(items[:2]) -}}
        {% endif %}
        {% endfor %}
        """, isEscaped: false),
    Case(
      name: "items on one line",
      template: "{% for item in items %}{{ item }} {{ pad }}, {% endfor %}"),
    Case(
      name: "items without escaping",
      template: "{% for item in items %}{{ item }} {{ pad }}\n{% endfor %}end", isEscaped: false),
    Case(
      name: "lines of which not each item ends one",
      template: "{% for item in items %}{{ item }} {{ pad }}{{ '\\n' if item % 3 else ' ' }}"
        + "{% endfor %}", isEscaped: false),
  ]

  static let count = 600
  static let long = String(repeating: "padding ", count: 512) + "padding"

  private func rendered(_ example: Case, pad: String) throws -> String {
    var options = TemplateOptions(escaping: example.isEscaped ? .markdown : .none)
    options.keepsTrailingNewline = true
    let environment = Environment(options: options)
    return try environment.template(Source(name: "long.md.jinja", text: example.template)).render([
      "items": .list((0..<Self.count).map { .int($0) }),
      "marks": .list(["# a", "- b", "1. c", "> d", "=="].map { .text($0) }),
      "ticks": .text("``` x ``"),
      "pad": .text(pad),
    ])
  }

  @Test(arguments: cases) func aDividedLoopGivesTheSame(_ example: Case) throws {
    let short = try rendered(example, pad: "short")
    let long = try rendered(example, pad: Self.long)
    #expect(long.utf8.count > 2 << 20)
    #expect(long.replacing(Self.long, with: "short") == short)
  }

  @Test func theFirstErrorIsToldWhereverItIs() {
    let template = """
      {% for item in items %}
      - {{ pad }} {{ 1 // (item - 400) }}
        {{ 1 // (item - 590) }}
      {% endfor %}
      """
    let messages = ["short", Self.long].map { pad in
      message { try rendered(Case(name: "error", template: template), pad: pad) }
    }
    #expect(messages[0].contains("long.md.jinja:2:"))
    #expect(messages[0] == messages[1])
  }

  /// A loop that counts in a namespace can't be divided: it shows what is said of one that can be.
  @Test(arguments: ["steps", "output", "values"])
  func limitsHoldForAllPiecesTogether(_ limit: String) throws {
    var environment = Environment(options: TemplateOptions())
    switch limit {
    case "steps": environment.limits.loopCount = 2_000
    case "output": environment.limits.outputSize = 2 << 20
    default: environment.limits.valueSize = 2 << 20
    }
    let messages = [true, false].map { isDivided in
      message {
        let template = """
          {% set count = namespace(all=0) %}
          {% for item in items %}
          {% for other in items[:5] %}{% set NAME = other %}{% endfor %}
          - {{ pad ~ item }}
          {% endfor %}
          """
        let source = try Source(
          name: "long.md.jinja",
          text: template.replacing(
            "NAME", with: isDivided ? "word" : "count.all"))
        return try environment.template(source).render([
          "items": .list((0..<Self.count).map { .int($0) }), "pad": .text(Self.long),
        ])
      }
    }
    #expect(messages[0].contains("long.md.jinja:"))
    #expect(messages[0] == messages[1].replacing("count.all", with: "word"))
  }

  private func message(of work: () throws -> String) -> String {
    do {
      return try String(work().prefix(100))
    } catch {
      return "\(error)"
    }
  }
}
