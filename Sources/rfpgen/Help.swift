/// What `--help` shows, made from the commands' declarations.
enum Help {
  /// All commands, a line each.
  static var overview: String {
    """
    rfpgen \(Version.current): from a guide and a project file to documents that can be published

    usage: rfpgen COMMAND [OPTION…] [OPERAND…]

    commands:
    \(table(Commands.all.map { ($0.name, $0.summary) }))

    FILE ends in .yaml, .yml or .json, or is - for standard input; left out, it is project.yaml.
    'rfpgen COMMAND --help' shows a command with an example. Exit status: 0 all well, 1 gaps or
    errors found, 2 the job could not be done.

    """
  }

  /// The commands that begin with a word.
  static func group(_ word: String) -> String {
    let commands = Commands.all.filter { $0.name.hasPrefix(word + " ") }
    return """
      commands:
      \(table(commands.map { ($0.name, $0.summary) }))

      """
  }

  /// One command with its options and examples.
  static func text(for command: Command) -> String {
    var parts = [
      "rfpgen \(command.name): \(command.summary)",
      "usage: rfpgen \(command.usage)",
    ]
    if !command.details.isEmpty { parts.append(command.details) }
    parts.append("options:\n" + table(command.allOptions.map { ($0.usage, $0.meaning) }))
    let examples = command.examples.map { "  \($0.line)\n      \($0.meaning)" }
    parts.append("examples:\n" + examples.joined(separator: "\n"))
    return parts.joined(separator: "\n\n") + "\n"
  }

  private static func table(_ rows: [(String, String)]) -> String {
    let width = (rows.map(\.0.count).max() ?? 0) + 2
    return rows.map { left, right in
      "  \(left)\(String(repeating: " ", count: width - left.count))\(right)"
    }.joined(separator: "\n")
  }
}

extension Option {
  fileprivate var usage: String {
    (letter.map { "-\($0), " } ?? "    ") + "--\(name)" + (value.map { " \($0)" } ?? "")
  }
}
