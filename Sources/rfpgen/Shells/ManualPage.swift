/// The manual page `rfpgen.1`, made from the declarations of commands and options.
enum ManualPage {
  static var text: String {
    var page = Roff()
    page.raw(".TH RFPGEN 1 \"\(Version.date)\" \"rfpgen \(Version.current)\" \"User Commands\"")
    page.section("NAME")
    page.text("rfpgen - from a guide and a project file to documents that can be published")
    page.section("SYNOPSIS")
    page.tagged("rfpgen", "COMMAND [OPTION…] [OPERAND…]")
    page.section("DESCRIPTION")
    page.text(
      """
      rfpgen turns what a programme knows into documents that can be published, and shows every gap \
      on the way: which question lacks an answer, which answer lacks evidence, which gate is still \
      closed, where that stands in the file, and what to do.
      """)
    page.paragraph()
    page.text(
      """
      FILE is a project file in YAML or JSON, or - for standard input; left out, it is project.yaml \
      in the current folder. The program makes no network connection and looks at nothing outside \
      the project's folder.
      """)
    page.section("COMMANDS")
    for command in Commands.all {
      page.subsection("rfpgen \(command.usage)")
      page.text(command.summary.prefix(1).uppercased() + command.summary.dropFirst() + ".")
      if !command.details.isEmpty {
        page.paragraph()
        page.block(command.details)
      }
      for option in command.allOptions {
        page.item(option.spellings, value: option.value, option.meaning)
      }
      for example in command.examples { page.example(example.line, example.meaning) }
    }
    page.section("EXIT STATUS")
    page.item(["0"], value: nil, "All is well.")
    page.item(["1"], value: nil, "There are gaps or findings of severity error.")
    page.item(
      ["2"], value: nil,
      "The job could not be done: usage, unreadable or invalid input, input or output failed.")
    page.section("ENVIRONMENT")
    page.item(
      ["NO_COLOR"], value: nil,
      "Where it is set and not empty, neither colour nor progress is shown on a terminal.")
    page.section("FILES")
    page.item(["project.yaml"], value: nil, "The programme's own file.")
    page.item(
      ["guides/NAME.yaml", "templates/NAME"], value: nil,
      "Guides and templates beside it, which take the place of those that the program carries.")
    return page.text
  }
}

/// Text for troff's `man` macros; whatever could be a request or an escape is written as itself.
private struct Roff {
  private(set) var text = ""

  mutating func raw(_ line: String) { text += line + "\n" }
  mutating func section(_ title: String) { raw(".SH \(title)") }
  mutating func subsection(_ title: String) { raw(".SS \"\(quoted(title))\"") }
  mutating func paragraph() { raw(".PP") }
  mutating func text(_ text: String) { raw(line(text)) }

  mutating func tagged(_ word: String, _ rest: String) {
    raw(".B \(line(word))")
    raw(line(rest))
  }

  /// Lines of help: what is indented stays as it is laid out, the rest flows.
  mutating func block(_ block: String) {
    var isLaidOut = false
    for text in block.split(separator: "\n", omittingEmptySubsequences: false) {
      let isIndented = text.hasPrefix("  ")
      if isIndented != isLaidOut { raw(isIndented ? ".PP\n.nf" : ".fi") }
      isLaidOut = isIndented
      if text.isEmpty { paragraph() } else { raw(line(String(text))) }
    }
    if isLaidOut { raw(".fi") }
  }

  mutating func item(_ names: [String], value: String?, _ meaning: String) {
    raw(".TP")
    raw(
      names.map { "\\fB\(escaped($0))\\fR" }.joined(separator: ", ")
        + (value.map { " \\fI\(escaped($0))\\fR" } ?? ""))
    raw(line(meaning))
  }

  mutating func example(_ example: String, _ meaning: String) {
    raw(".PP\n.nf")
    raw(".RS 4\n\\fB\(escaped(example))\\fR\n.RE\n.fi")
    raw(".RS 8\n\(line(meaning))\n.RE")
  }

  private func line(_ text: String) -> String {
    let text = escaped(text)
    return text.hasPrefix(".") || text.hasPrefix("'") ? "\\&" + text : text
  }

  private func quoted(_ text: String) -> String { escaped(text).replacing("\"", with: "\\(dq") }

  private func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": escaped += "\\e"
      case "-": escaped += "\\-"
      case "'": escaped += "\\(aq"
      case "`": escaped += "\\(ga"
      case "^": escaped += "\\(ha"
      case "~": escaped += "\\(ti"
      case "\u{0}"..."\u{7F}": escaped.unicodeScalars.append(scalar)
      default:
        let digits = String(scalar.value, radix: 16, uppercase: true)
        escaped += "\\[u\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)]"
      }
    }
    return escaped
  }
}
