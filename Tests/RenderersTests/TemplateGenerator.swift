/// Puts templates together from all that Markdown and the template language have.
///
/// Most are well formed, some have marks strewn in. What comes out depends on nothing but the choices
/// it is given: the fuzzer reads the choices from its input; the tests take them from a generator of
/// numbers.
struct TemplateGenerator {
  /// A template and those that it draws in.
  struct Result {
    var files: [String: String] = [:]
    var main: String { files["t"] ?? "" }
  }

  /// A number below the given one.
  private let choose: (Int) -> Int
  private var words = 0
  private var macros: [String] = []
  private var captured: [String] = []
  private var isWild = false
  private var files: [String: String] = [:]
  /// What the names `v` and `w` are called here, such as a macro's parameter.
  private var value = "v"
  private var canCall = true
  private var hasCaller = false

  init(choose: @escaping (Int) -> Int) { self.choose = choose }

  /// A template; the value under test is `v`, Markdown is `w`, `on` is true, `off` is false, `two` is
  /// a list of two items.
  static func make(choose: @escaping (Int) -> Int) -> Result {
    var generator = TemplateGenerator(choose: choose)
    return generator.make()
  }

  private func one(in count: Int) -> Bool { choose(count) == 0 }

  private func pick<T>(_ items: [T]) -> T { items[choose(items.count)] }

  /// A word that occurs once, by which its place in the tree is known.
  private mutating func word() -> String {
    words += 1
    return "k\(words)q"
  }

  private mutating func make() -> Result {
    isWild = one(in: 3)
    var head = ""
    for index in 0..<choose(4) { head += macro("m\(index)") }
    if one(in: 6) {
      let saved = (value, macros)
      macros = []
      let parts = macro("p")
      files["parts"] = parts
      (value, macros) = saved
      head += "{% from 'parts' import p %}\n"
      if parts.hasPrefix("{% macro") { macros.append("p") }
    }
    if one(in: 8) {
      var body = blocks("", "", depth: 2)
      let base =
        blocks("", "", depth: 1) + "{% block body %}\n" + blocks("", "", depth: 1)
        + "{% endblock %}\n" + (one(in: 2) ? word() + "\n" : "")
      files["base"] = base
      if one(in: 2) { body += "{{ super() }}" + (one(in: 2) ? "\n" : "") }
      files["t"] = "{% extends 'base' %}\n\(head){% block body %}\n\(body){% endblock %}\n"
    } else {
      files["t"] = head + blocks("", "", depth: 3)
    }
    return Result(files: files)
  }

  private mutating func macro(_ name: String) -> String {
    let saved = value
    defer { value = saved }
    value = "x"
    canCall = false
    defer { canCall = true }
    hasCaller = one(in: 4)
    defer { hasCaller = false }
    let body: String
    switch choose(4) {
    case 0, 1: body = "{% macro \(name)(x) %}" + inline(depth: 2) + "{% endmacro %}\n"
    case 2: body = "{% macro \(name)(x) -%}\n" + inline(depth: 2) + "\n{%- endmacro %}\n"
    default: body = "{% macro \(name)(x) %}\n" + blocks("", "", depth: 1) + "{% endmacro %}\n"
    }
    macros.append(hasCaller ? name + "!" : name)
    return body
  }

  // MARK: - Blocks

  /// Blocks whose first line begins with `first` and whose further lines begin with `rest`.
  private mutating func blocks(_ first: String, _ rest: String, depth: Int) -> String {
    var text = ""
    var prefix = first
    for index in 0..<(1 + choose(3)) {
      if index > 0, !one(in: 5) { text += rest.trimmingEnd + "\n" }
      text += block(prefix, rest, depth: depth)
      prefix = rest
    }
    return text
  }

  private mutating func block(_ first: String, _ rest: String, depth: Int) -> String {
    let kind = choose(depth > 0 ? 24 : 8)
    switch kind {
    case 0, 1:
      var text = first + inline(depth: 2) + "\n"
      for _ in 0..<choose(3) {
        let ends = ["", "", "", "", "  ", "\\"]
        text =
          String(text.dropLast()) + pick(ends) + "\n" + (one(in: 12) ? "" : rest)
          + inline(depth: 2) + "\n"
      }
      return text
    case 2:
      return first + String(repeating: "#", count: 1 + choose(4)) + " " + inline(depth: 2)
        + pick(["", "", " #", " ##"]) + "\n"
    case 3: return first + inline(depth: 1) + "\n" + rest + pick(["===", "---", "=", "--"]) + "\n"
    case 4: return fence(first, rest)
    case 5: return first + output() + "\n"
    case 6: return html(first, rest)
    case 7:
      return pick([
        first + "***\n", first + "    code\n", first + "[a]: /b\n", first + word() + "\n",
      ])
    case 8, 9, 10: return list(first, rest, depth: depth)
    case 11, 12:
      let alert = one(in: 4) ? "> [!NOTE]\n\(rest)" : ""
      let mark = pick(["> ", "> ", "> ", ">"])
      return first + alert + blocks(mark, rest + mark, depth: depth - 1)
    case 13, 14: return table(first, rest)
    case 15:
      let tag = pick(["{% if on %}", "{% if off %}"])
      let indent = rest.contains(">") ? "" : rest
      var text = tag + "\n" + blocks(lead(first, rest), rest, depth: depth - 1)
      if one(in: 2) {
        text += indent + "{% else %}\n" + blocks(lead(first, rest), rest, depth: depth - 1)
      }
      return indent + text + indent + "{% endif %}\n"
    case 16, 17:
      let indent = rest.contains(">") ? "" : rest
      return indent + "{% for i in two %}\n" + blocks(lead(first, rest), rest, depth: depth - 1)
        + (one(in: 5) ? rest.trimmingEnd + "\n" : "") + indent + "{% endfor %}\n"
    case 18: return first + call(inline(depth: 1)) + "\n"
    case 19:
      guard let name = macros.last(where: { $0.hasSuffix("!") }) else {
        return first + output() + "\n"
      }
      return "{% call \(name.dropLast())(\(value)) %}\n" + blocks("", "", depth: depth - 1)
        + "{% endcall %}\n"
    case 20: return capture(first, rest, depth: depth)
    case 21:
      guard files.count < 4 else { return first + output() + "\n" }
      let saved = (value, canCall, hasCaller)
      (value, canCall, hasCaller) = ("v", false, false)
      defer { (value, canCall, hasCaller) = saved }
      let name = "inc\(files.count)"
      files[name] = ""
      files[name] = one(in: 2) ? inline(depth: 1) : blocks("", "", depth: depth - 1)
      return first + "{% include '\(name)' %}\n"
    case 22:
      return "{% filter trim %}\n" + blocks("", "", depth: depth - 1) + "{% endfilter %}\n"
    default: return first + "{{ w }}\n"
    }
  }

  /// Captured text, which may be indented, and may stand in the middle of other lines.
  private mutating func capture(_ first: String, _ rest: String, depth: Int) -> String {
    let name = "c\(captured.count)"
    captured.append(name)
    let indent = pick(["", "", "", " ", "  ", "    "])
    var text =
      one(in: 2)
      ? "{% set \(name) %}" + inline(depth: 1) + "{% endset %}\n"
      : "{% set \(name) %}\n" + blocks(indent, one(in: 2) ? indent : "", depth: depth - 1)
        + "{% endset %}\n"
    text += first
    if one(in: 3) { text += inline(depth: 1) + "\n" + rest }
    text += pick(["", "", "", "  "]) + "{{ \(name) }}\n"
    if one(in: 3) {
      if one(in: 2) { text += rest.trimmingEnd + "\n" }
      text +=
        rest
        + pick([
          "===", "---", "<b>", "2. \(word())", "-", "[a]: /u", "\"{{ v }}\"", "{{ v }}",
          "  {{ v }}",
          "    {{ v }}", "    [a", "> {{ v }}", "  > {{ v }}", "| - |", "  - {{ v }}", "]({{ v }})",
          "  ```\n\(rest){{ v }}\n\(rest)  ```", "```\n\(rest){{ v }}\n\(rest)```",
        ]) + "\n"
      if one(in: 2) { text += rest + inline(depth: 1) + "\n" }
    }
    return text
  }

  /// What the first line within a control tag begins with.
  private func lead(_ first: String, _ rest: String) -> String { first }

  private mutating func fence(_ first: String, _ rest: String) -> String {
    let mark = String(repeating: pick(["`", "~"]), count: 3 + choose(2))
    var text = first + mark + pick(["", "", "text", "{{ \(value) }}", " a {{ \(value) }}"]) + "\n"
    for _ in 0..<choose(3) {
      text +=
        rest + pick(["", "", "  "])
        + pick(["{{ \(value) }}", "a {{ \(value) }}", "a", "{{ \(value) }} b", call("``")]) + "\n"
    }
    if one(in: 3) {
      text += "{% for i in two %}\n" + rest + "{{ \(value) }}\n{% endfor %}\n"
    }
    return text + rest + mark + "\n"
  }

  private mutating func html(_ first: String, _ rest: String) -> String {
    switch choose(6) {
    case 5:
      return first + "<pre>\n" + rest + "{{ \(value) }}\n" + rest.trimmingEnd + "\n" + rest
        + "a {{ \(value) }}</pre>\n"
    case 0:
      return first + "<div title=\"{{ \(value) }}\">\n" + rest + "a {{ \(value) }} b\n" + rest
        + "</div>\n"
    case 1: return first + "<!-- {{ \(value) }} -->\n"
    case 2:
      return first + "<details><summary>{{ \(value) }}</summary>\n\n" + rest + inline(depth: 1)
        + "\n\n" + rest + "</details>\n"
    case 3: return first + "<a id='{{ \(value) }}'></a>\n"
    default: return first + "<p>\n" + rest + "{{ \(value) }}\n" + rest + "</p>\n"
    }
  }

  private mutating func list(_ first: String, _ rest: String, depth: Int) -> String {
    let marker = pick(["- ", "- ", "* ", "+ ", "1. ", "1) ", "-   ", "10. "])
    let inner = rest + String(repeating: " ", count: marker.count)
    let isLoose = one(in: 3)
    let task = one(in: 6) ? pick(["[ ] ", "[x] "]) : ""
    var text = ""
    let isRepeated = one(in: 4)
    if isRepeated { text += "{% for i in two %}\n" }
    for index in 0..<(1 + choose(3)) {
      if index > 0, isLoose { text += rest.trimmingEnd + "\n" }
      text += (index == 0 ? first : rest) + marker + task
      if one(in: 2) {
        text += inline(depth: 1) + "\n"
        if one(in: 2) {
          if isLoose { text += inner.trimmingEnd + "\n" }
          text += block(inner, inner, depth: depth - 1)
        }
      } else {
        text += block("", inner, depth: depth - 1)
      }
    }
    if isRepeated { text += "{% endfor %}\n" }
    return text
  }

  private mutating func table(_ first: String, _ rest: String) -> String {
    let width = 1 + choose(2)
    let isOpen = one(in: 6)
    func row(_ cells: [String]) -> String {
      isOpen ? cells.joined(separator: " | ") : "| " + cells.joined(separator: " | ") + " |"
    }
    var text = first
    if one(in: 6) { text += inline(depth: 1) + "\n" + rest }
    text += row((0..<width).map { _ in inline(depth: 1) }) + "\n"
    text += rest + row((0..<width).map { _ in pick(["---", ":-:", "-"]) }) + "\n"
    let isRepeated = one(in: 3)
    if isRepeated { text += "{% for i in two %}\n" }
    for _ in 0..<choose(3) {
      text += rest + row((0..<(width + (one(in: 8) ? 1 : 0))).map { _ in inline(depth: 1) }) + "\n"
    }
    if isRepeated { text += "{% endfor %}\n" }
    return text
  }

  // MARK: - Lines

  /// A value, or a call that writes one.
  private mutating func output() -> String {
    switch choose(12) {
    case 0: "{{ \(value) }}{{ \(value) }}"
    case 1 where !captured.isEmpty: "{{ \(pick(captured)) }}"
    case 2, 3: call(word())
    case 4 where hasCaller: "{{ caller() }}"
    case 5: "{{ w }}"
    case 6: "{{ \"\(pick(["*a*", "|", "# x", "<b>", "1. "]))\" }}"
    case 7: "{{ \(value) if on }}"
    default: "{{ \(value) }}"
    }
  }

  private func call(_ otherwise: String) -> String {
    guard canCall, let name = macros.isEmpty ? nil : pick(macros), !name.hasSuffix("!") else {
      return otherwise
    }
    return "{{ \(name)(\(value)) }}"
  }

  private mutating func inline(depth: Int) -> String {
    var text = ""
    for index in 0..<(1 + choose(4)) {
      if index > 0, !one(in: 4) { text += " " }
      text += piece(depth: depth)
    }
    return text
  }

  private static let marks = [
    "*", "**", "_", "~~", "`", "``", "[", "]", "](", "(", ")", "](u)", "![", "!", "<", ">", "<b>",
    "</b>", "<a id=\"", "\">", "&", ";", "&amp;", "\\", "\\*", "|", ":", "-", "- ", "#", "# ", "1.",
    "1", ".", "\"", "'", "<!-- ", " -->", "=", "+", "@", "~", "\u{A0}", "$",
  ]

  private mutating func piece(depth: Int) -> String {
    if isWild, one(in: 4) { return pick(Self.marks) }
    guard depth > 0 else { return one(in: 3) ? word() : output() }
    switch choose(28) {
    case 0, 1, 2, 3: return word()
    case 4, 5, 6, 7, 8: return output()
    case 9: return "**" + inline(depth: depth - 1) + "**"
    case 10: return "*" + inline(depth: depth - 1) + "*"
    case 11: return "_" + inline(depth: depth - 1) + "_"
    case 12: return "~~" + inline(depth: depth - 1) + "~~"
    case 13, 14: return code()
    case 15: return "[" + inline(depth: depth - 1) + "](" + destination() + ")"
    case 16: return "![" + inline(depth: 0) + "](" + destination() + ")"
    case 17: return "<a id=\"{{ \(value) }}\">" + inline(depth: depth - 1) + "</a>"
    case 18: return pick(["<br>", "<!-- {{ \(value) }} -->", "<b>{{ \(value) }}</b>"])
    case 19, 20:
      let otherwise = one(in: 2) ? "{% else %}" + inline(depth: depth - 1) : ""
      return "{% if \(pick(["on", "off"])) %}" + inline(depth: depth - 1) + otherwise
        + "{% endif %}"
    case 21:
      return "{% for i in two %}" + inline(depth: depth - 1)
        + pick(["", ", ", " ", "{{ ', ' if not loop.last }}"]) + "{% endfor %}"
    case 22: return call(word())
    case 23: return pick(["\\*", "&amp;", "<https://a.b/>", "\\|", "&lt;", "\\\\", "\\`"])
    case 24: return "**{{ \(value) }}**"
    case 25: return "{% set s %}" + inline(depth: depth - 1) + "{% endset %}{{ s }}"
    case 26: return word() + ": {{ \(value) }}"
    default: return "({{ \(value) }})"
    }
  }

  private mutating func code() -> String {
    let ticks = String(repeating: "`", count: 1 + choose(2))
    let space = pick(["", "", " "])
    let body =
      switch choose(5) {
      case 0: call("{{ \(value) }}")
      case 1: "a {{ \(value) }}"
      case 2: "{{ \(value) }} b"
      case 3: "{% if on %}{{ \(value) }}{% else %}a{% endif %}"
      default: "{{ \(value) }}"
      }
    return ticks + space + body + space + ticks
  }

  private mutating func destination() -> String {
    pick([
      "u", "/{{ \(value) }}", "{{ \(value) }}", "<{{ \(value) }}>", "#a \"{{ \(value) }}\"",
      "/a?b={{ \(value) }} '{{ \(value) }}'", "/b/{{ \(value) }}/c",
    ])
  }
}

extension String {
  /// The text without white space at its end.
  fileprivate var trimmingEnd: String {
    var result = self
    while result.last == " " { result.removeLast() }
    return result
  }
}
