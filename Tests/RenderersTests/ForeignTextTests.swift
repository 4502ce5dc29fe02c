import DocModel
import Foundation
import Renderers
import Testing

/// Texts in another language than their document's are marked, and are texts like any other for all
/// that a template does with them.
@Suite struct ForeignTextTests {
  private static let line = ForeignText(
    "# Two | *servers*", isProse: false, language: "en", among: "fr")
  private static let prose = ForeignText(
    "Two *servers*:\n\n- web\n  [ ] x\n- [x] done\n\n> [!NOTE]\n> Read\n> this.\n\n    code\n",
    isProse: true, language: "en", among: "fr")
  private static let table = ForeignText(
    "| a | b |\n| - | - |\n| c | *e* |\n| d |", isProse: true, language: "en", among: "fr")
  private static let mixed = ForeignText(
    "- Planned\n  | a | b\n  |:-\n\n- Planned:\n  a | `b`\n  |-|-\n  c |\n\n- [ ] x | y\n  | -\n\n"
      + "> [!TIP]\n> | a |\n> | - |\n> | b |\n\n| a |\n| - | - |\n",
    isProse: true, language: "en", among: "ar")
  private static let turned = ForeignText("Servers", isProse: false, language: "en", among: "ar")
  private static let values: [String: Value] = [
    "line": .foreign(line), "prose": .foreign(prose), "table": .foreign(table),
    "mixed": .foreign(mixed), "turned": .foreign(turned), "plain": .text("plain"),
    "word": .foreign(ForeignText("Servers", isProse: false, language: "en", among: "fr")),
    "other": .foreign(ForeignText("wawili", isProse: false, language: "sw", among: "fr")),
  ]

  private static let marked: [(template: String, markdown: String)] = [
    ("{{ line }}\n", "<span lang=\"en\"># Two &#124; \\*servers\\*</span>\n"),
    ("# {{ word }} (1)\n", "# <span lang=\"en\">Servers</span> (1)\n"),
    ("**{{ word }}:** {{ plain }}\n", "**<span lang=\"en\">Servers</span>:** plain\n"),
    ("[{{ word }}](#a)\n", "[<span lang=\"en\">Servers</span>](#a)\n"),
    ("{{ turned }}\n", "<span lang=\"en\" dir=\"ltr\">Servers</span>\n"),
    (
      "| a |\n| --- |\n| {{ line }} |\n",
      "| a |\n| --- |\n| <span lang=\"en\"># Two \\| \\*servers\\*</span> |\n"
    ),
    (
      "{{ prose }}\n",
      """
      <span lang="en">Two *servers*:</span>

      - <span lang="en">web
        \\[ \\] x</span>
      - [x] <span lang="en">done</span>

      > [!NOTE]
      > <span lang="en">Read
      > this.</span>

      ```
      code
      ```

      """
    ),
    (
      "> {{ table }}\n\nend\n",
      """
      > | <span lang="en">a</span> | <span lang="en">b</span> |
      > | - | - |
      > | <span lang="en">c</span> | <span lang="en">*e*</span> |
      > | <span lang="en">d</span> |

      end

      """
    ),
    (
      "{{ mixed }}\n",
      """
      - <span lang="en" dir="ltr">Planned
        | a | b
        |:-</span>

      - <span lang="en" dir="ltr">Planned:</span>
        <span lang="en" dir="ltr">a</span> | <span lang="en" dir="ltr">`b`</span>
        |-|-
        <span lang="en" dir="ltr">c</span> |

      - [ ] <span lang="en" dir="ltr">x | y
        | -</span>

      > [!TIP]
      > | <span lang="en" dir="ltr">a</span> |
      > | - |
      > | <span lang="en" dir="ltr">b</span> |

      <span lang="en" dir="ltr">| a |
      | - | - |</span>

      """
    ),
    (
      "a {{ prose }} b\n",
      "a <span lang=\"en\">Two *servers*: web \\[ \\] x; \\[x\\] done \\[!NOTE\\] Read this. `code`</span> b\n"
    ),
    ("{% set x %}*{{ word }}*{% endset %}\n{{ x }}\n", "*<span lang=\"en\">Servers</span>*\n"),
    (
      "{% macro m(x) -%}\n({{ x }})\n{%- endmacro %}\n{{ m(word) }}\n",
      "(<span lang=\"en\">Servers</span>)\n"
    ),
    ("{{ word|upper }}\n", "<span lang=\"en\">SERVERS</span>\n"),
    ("{{ [word, word]|join(', ') }}\n", "<span lang=\"en\">Servers, Servers</span>\n"),
    // Where there is no mark, there is the text.
    ("`{{ word }}`\n", "`Servers`\n"),
    ("[a](#{{ word }})\n", "[a](#Servers)\n"),
    ("[a](#b \"{{ word }}\")\n", "[a](#b \"Servers\")\n"),
    ("<a id=\"{{ word }}\"></a>\n", "<a id=\"Servers\"></a>\n"),
    ("{{ [word, other]|join(' ') }}\n", "Servers wawili\n"),
    ("{{ word ~ ' of ' ~ plain }}\n", "Servers of plain\n"),
    // What is asked of it is asked of its text.
    (
      "{{ word == 'Servers' }} {{ word|length }} {{ 'erv' in word }} {{ word[:2] }}\n",
      "True 7 True Se\n"
    ),
    (
      "{{ word.lower() }} {{ word|slug }} {{ word is string }} {{ word|tojson }}\n",
      "servers servers True \"Servers\"\n"
    ),
    (
      "{{ [word]|unique|list|length }} {{ word * 2 }} {{ {'Servers': 1}[word] }}\n",
      "1 ServersServers 1\n"
    ),
    (
      "{% if word %}yes{% endif %} {{ word or 'none' }}\n", "yes <span lang=\"en\">Servers</span>\n"
    ),
  ]

  @Test(arguments: marked)
  func itIsMarkedWhereItIsWritten(template: String, markdown: String) throws {
    let environment = Environment()
    let written = try environment.template(Source(name: "t.jinja", text: template))
    let names = Self.values.keys.sorted()
    let record = Record(Keys(names), names.map { Self.values[$0] ?? .none })
    let result = String(decoding: try written.render(record), as: UTF8.self)
    #expect(result == markdown, "\(result)")
  }

  /// The mark changes nothing of what a reader of the Markdown sees.
  @Test(arguments: [
    "{{ prose }}\n", "- {{ prose }}\n", "- a\n\n  {{ prose }}\n", "> {{ prose }}\n",
    "{{ table }}\n", "| a |\n| - |\n| {{ prose }} |\n", "> {{ table }}\n", "- {{ mixed }}\n",
    "| a |\n| - |\n| {{ table }} |\n",
  ])
  func theTextIsTheSame(template: String) throws {
    let environment = Environment()
    let written = try environment.template(Source(name: "t.jinja", text: template))
    func html(_ change: (ForeignText) -> Value) throws -> String {
      let record = Record(
        Keys(["mixed", "prose", "table"]),
        [change(Self.mixed), change(Self.prose), change(Self.table)])
      let markdown = String(decoding: try written.render(record), as: UTF8.self)
      return try HTMLFragment(markdown: markdown, options: .init(isEnriched: true)).html
        .replacing(#/<\/?span[^>]*>| lang="en"| dir="ltr"/#, with: "")
    }
    #expect(try html { .foreign($0) } == html { $0.unmarked })
  }
}
