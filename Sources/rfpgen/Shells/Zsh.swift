extension Shell {
  /// In the form of zsh's own completion functions: a file `_rfpgen` in a folder of `fpath`.
  static let zsh = Shell(name: "zsh") {
    """
    #compdef rfpgen
    # Completion of rfpgen for zsh, made by 'rfpgen completions zsh'.
    _rfpgen() {
      local -a commands
      local context state state_descr line
      typeset -A opt_args
      _arguments -C '(- *)'{-h,--help}'[show all commands]' \\
        '(- *)'{-V,--version}'[show the version]' '1:command:->command' '*::word:->words' && return
      case $state in
        command)
          commands=(
    \(described(Commands.firstWords.map { ($0.word, $0.meaning) }, indent: 8))
          )
          _describe command commands
          ;;
        words)
          case $line[1] in
    \(Commands.all.filter { Commands.group(of: $0) == nil }.map { single($0) }.joined())\
    \(Commands.groups.map(group).joined())        help) _values command \
    \(Commands.firstWords.map { shellWord($0.word) }.joined(separator: " ")) ;;
          esac
          ;;
      esac
    }

    if [[ $funcstack[1] == _rfpgen ]]; then _rfpgen "$@"; else compdef _rfpgen rfpgen; fi

    """
  }

  private static func described(_ items: [(String, String)], indent: Int) -> String {
    items.map { word, meaning in
      String(repeating: " ", count: indent) + shellWord("\(escaped(word)):\(meaning)")
    }.joined(separator: "\n")
  }

  private static func group(_ name: String) -> String {
    let seconds = Commands.secondWords(of: name)
    return """
              \(name))
                if ((CURRENT == 2)); then
                  commands=(
      \(described(seconds.map { ($0.word, $0.command.summary) }, indent: 14))
                  )
                  _describe command commands
                else
                  shift words
                  ((CURRENT--))
                  case $words[1] in
      \(seconds.map { single($0.command, word: $0.word, indent: 14) }.joined())            esac
                fi
                ;;

      """
  }

  private static func single(_ command: Command, word: String? = nil, indent: Int = 8) -> String {
    let margin = String(repeating: " ", count: indent)
    let specifications = command.allOptions.map(specification) + operands(command)
    return "\(margin)\(word ?? command.name))\n\(margin)  _arguments -s -S"
      + specifications.map { " \\\n\(margin)    \($0)" }.joined() + "\n\(margin)  ;;\n"
  }

  private static func specification(_ option: Option) -> String {
    let meaning = escaped(option.summary).replacing("[", with: "\\[").replacing("]", with: "\\]")
    let value = option.value.map { ":\(escaped($0)):\(action(option.word))" } ?? ""
    let names = option.spellings
    let mark = option.value == nil ? "" : "="
    let repeated = option.isRepeatable ? "*" : ""
    if names.count == 1 { return shellWord("\(repeated)\(names[0])\(mark)[\(meaning)]\(value)") }
    return shellWord("(\(names.joined(separator: " ")))") + "{"
      + names.map { $0.hasPrefix("--") ? $0 + mark : $0 + (mark.isEmpty ? "" : "+") }
      .joined(separator: ",")
      + "}" + shellWord("[\(meaning)]\(value)")
  }

  /// The operands; of one that may be left out, what follows it is offered as well.
  private static func operands(_ command: Command) -> [String] {
    command.operands.enumerated().map { index, operand in
      let name = escaped(operand.name)
      let actions = command.operands(at: index).map(\.word)
      let action =
        actions.count > 1 ? alternatives(command.operands(at: index)) : action(operand.word)
      return switch operand.count {
      case .once: shellWord("\(index + 1):\(name):\(action)")
      case .atMostOnce: shellWord("\(index + 1)::\(name):\(action)")
      case .anyNumber: shellWord("*:\(name):\(action)")
      }
    }
  }

  private static func alternatives(_ operands: [Operand]) -> String {
    let parts = operands.map { "\"\($0.name.lowercased()):\($0.name):\(action($0.word))\"" }
    return "_alternative " + parts.joined(separator: " ")
  }

  private static func action(_ word: Word) -> String {
    switch word {
    case .text: " "
    case .file(let endings):
      endings.isEmpty ? "_files" : "_files -g \\*.\\(\(endings.joined(separator: "\\|"))\\)"
    case .folder: "_files -/"
    case .oneOf(let words), .name(let words): "(\(words.joined(separator: " ")))"
    case .someOf(let words): "_sequence compadd - \(words.joined(separator: " "))"
    }
  }

  private static func escaped(_ text: String) -> String { text.replacing(":", with: "\\:") }
}
