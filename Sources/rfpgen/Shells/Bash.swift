extension Shell {
  /// Needs no package with functions for completion: any bash from 4 on.
  static let bash = Shell(name: "bash") {
    """
    # Completion of rfpgen for bash, made by 'rfpgen completions bash'.
    _rfpgen() {
      local current=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]} first=2 place=0
      local option= value= index word
      COMPREPLY=()
      if ((COMP_CWORD == 1)); then
        _rfpgen_words \(words(Commands.firstWords.map(\.word) + ["--help", "--version"]))
        return
      fi
      case $command in
    \(Commands.groups.map(group).joined())    help)
          _rfpgen_words \(words(Commands.firstWords.map(\.word)))
          return
          ;;
      esac
      # What stands before the cursor: operands are counted, an option may still want its value.
      # '--name=value' arrives as three words.
      for ((index = first; index < COMP_CWORD; index++)); do
        word=${COMP_WORDS[index]}
        if [[ $option ]]; then
          [[ $word == = ]] && continue
          option=
        elif [[ $word == -?* ]]; then
          _rfpgen_takes_value "$command" "$word" && option=$word
        else
          ((place += 1))
        fi
      done
      [[ $current == = ]] && current=
      if [[ -z $option && $current == -* ]]; then
        value="$command options"
      else
        value="$command ${option:-$place}"
      fi
      case $value in
    \(Commands.all.map(cases).joined())  esac
    }

    # Whether an option of a command is followed by a value.
    _rfpgen_takes_value() {
      case "$1 $2" in
    \(Commands.all.map(takesValue).joined())  *) return 1 ;;
      esac
    }

    _rfpgen_words() {
      local IFS=$' \\t\\n'
      COMPREPLY+=($(compgen -W "$*" -- "$current"))
    }

    # Words with commas between: what stands before the last comma stays.
    _rfpgen_list() {
      local start= word
      [[ $current == *,* ]] && start=${current%,*},
      for word; do
        [[ $start$word == "$current"* ]] && COMPREPLY+=("$start$word")
      done
      compopt -o nospace 2>/dev/null
    }

    _rfpgen_folders() {
      local IFS=$'\\n'
      compopt -o filenames 2>/dev/null
      COMPREPLY+=($(compgen -d -- "$current"))
    }

    # Files with one of some endings, or all where none is given; and folders, to look into.
    _rfpgen_files() {
      local IFS=$'\\n' ending
      _rfpgen_folders
      if (($# == 0)); then COMPREPLY+=($(compgen -f -- "$current")); fi
      for ending; do COMPREPLY+=($(compgen -f -X "!*.$ending" -- "$current")); done
    }

    complete -F _rfpgen rfpgen

    """
  }

  private static func words(_ words: [String]) -> String {
    words.map(shellWord).joined(separator: " ")
  }

  private static func group(_ name: String) -> String {
    """
        \(name))
          if ((COMP_CWORD == 2)); then
            _rfpgen_words \(words(Commands.secondWords(of: name).map(\.word) + ["--help"]))
            return
          fi
          command="$command ${COMP_WORDS[2]}"
          first=3
          ;;

    """
  }

  /// What may stand at each place of a command, and behind each option.
  private static func cases(_ command: Command) -> String {
    func line(_ places: [String], _ action: String) -> String {
      let labels = places.map { shellWord("\(command.name) \($0)") }.joined(separator: " | ")
      return "    \(labels)) \(action) ;;\n"
    }
    var text = line(["options"], "_rfpgen_words " + words(command.allOptions.flatMap(\.spellings)))
    for option in command.options where option.value != nil {
      if let action = action(option.word) { text += line(option.spellings, action) }
    }
    for place in 0...command.operands.count {
      let actions = command.operands(at: place).compactMap { action($0.word) }
      guard !actions.isEmpty else { continue }
      // The last of those that may repeat holds for all places behind it.
      let repeats = place == command.operands.count
      text += line([String(place)] + (repeats ? ["[0-9]*"] : []), actions.joined(separator: "; "))
        .replacing("'\(command.name) [0-9]*'", with: "'\(command.name) '[0-9]*")
    }
    return text
  }

  private static func takesValue(_ command: Command) -> String {
    let names = command.options.filter { $0.value != nil }.flatMap(\.spellings)
    guard !names.isEmpty else { return "" }
    let labels = names.map { shellWord("\(command.name) \($0)") }.joined(separator: " | ")
    return "    \(labels)) ;;\n"
  }

  private static func action(_ word: Word) -> String? {
    switch word {
    case .text: nil
    case .file(let endings): "_rfpgen_files \(words(endings))"
    case .folder: "_rfpgen_folders"
    case .oneOf(let choices), .name(let choices): "_rfpgen_words \(words(choices))"
    case .someOf(let choices): "_rfpgen_list \(words(choices))"
    }
  }
}
