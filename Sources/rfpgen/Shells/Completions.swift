/// A shell whose completions are written from the declarations of commands and options.
///
/// To add one, write a function and a line in `all`.
struct Shell: Sendable {
  /// Its name on the command line.
  let name: String
  /// Writes the script that the shell reads.
  let script: @Sendable () -> String

  /// The shells there are.
  static let all = [bash, zsh, fish]
}

extension Commands {
  /// The first words there are, each with what it does; of commands of two words, the first only.
  static var firstWords: [(word: String, meaning: String)] {
    var words: [(word: String, meaning: String)] = []
    for command in all {
      guard let group = group(of: command) else {
        words.append((command.name, command.summary))
        continue
      }
      if words.last?.word != group { words.append((group, "commands for a \(group)")) }
    }
    return words + [("help", "show a command with an example")]
  }

  /// The commands that begin with a word, by their second one.
  static func secondWords(of group: String) -> [(word: String, command: Command)] {
    all.filter { self.group(of: $0) == group }.map { command in
      (String(command.name.dropFirst(group.count + 1)), command)
    }
  }

  /// The first word of a command of two words.
  static func group(of command: Command) -> String? {
    groups.first { command.name.hasPrefix($0 + " ") }
  }
}

extension Option {
  /// Its names with their dashes, the letter first.
  var spellings: [String] { (letter.map { ["-\($0)"] } ?? []) + ["--\(name)"] }
}

/// A text as one word of a shell, in single quotes where it needs some.
///
/// The same for bash, zsh and fish but for the backslash, which fish knows within quotes: no text of
/// ours has one.
func shellWord(_ text: String) -> String {
  let isPlain = text.unicodeScalars.allSatisfy {
    $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil)
      || "-_./=,".unicodeScalars.contains($0)
  }
  if isPlain, !text.isEmpty { return text }
  return "'" + text.replacing("'", with: "'\\''") + "'"
}
