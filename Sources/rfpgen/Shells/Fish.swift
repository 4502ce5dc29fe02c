extension Shell {
  /// One `complete` for each word; the functions say where the cursor stands.
  static let fish = Shell(name: "fish") {
    """
    # Completion of rfpgen for fish, made by 'rfpgen completions fish'.

    # Whether what stands before the cursor begins with some words.
    function __rfpgen_after
        set -l words (commandline -opc)
        set -l last (math 1 + (count $argv))
        test (count $words) -ge $last
        and test "$words[2..$last]" = "$argv"
    end

    # Whether just some words stand before the cursor.
    function __rfpgen_just
        set -l words (commandline -opc)
        test (count $words) -eq (math 1 + (count $argv))
        and if test (count $argv) -gt 0
            __rfpgen_after $argv
        end
    end

    # Which operand stands at the cursor, counted from 0, behind a command of so many words; the
    # options that take a value follow.
    function __rfpgen_place
        set -l valued $argv[2..-1]
        set -l words (commandline -opc)
        set -l first (math 2 + $argv[1])
        set -l place 0
        set -l skips 0
        test (count $words) -ge $first
        or set -e words
        for word in $words[$first..-1]
            if test $skips -eq 1
                set skips 0
            else if contains -- $word $valued
                set skips 1
            else if not string match -q -- '-?*' $word
                set place (math $place + 1)
            end
        end
        echo $place
    end

    complete -c rfpgen -f
    complete -c rfpgen -n __rfpgen_just -s h -l help -d 'show all commands'
    complete -c rfpgen -n __rfpgen_just -s V -l version -d 'show the version'
    \(Commands.firstWords.map { first($0.word, $0.meaning) }.joined())\
    \(Commands.groups.flatMap { group in
      Commands.secondWords(of: group).map { second(group, $0.word, $0.command.summary) }
    }.joined())\
    \(Commands.all.map(of).joined())
    """
  }

  private static func first(_ word: String, _ meaning: String) -> String {
    ["__rfpgen_just", "'__rfpgen_just help'"].map { condition in
      "complete -c rfpgen -n \(condition) -a \(word) -d \(shellWord(meaning))\n"
    }.joined()
  }

  private static func second(_ group: String, _ word: String, _ meaning: String) -> String {
    "complete -c rfpgen -n '__rfpgen_just \(group)' -a \(word) -d \(shellWord(meaning))\n"
  }

  private static func of(_ command: Command) -> String {
    let isThere = shellWord("__rfpgen_after \(command.name)")
    var text = ""
    for option in command.allOptions {
      text += "complete -c rfpgen -n \(isThere)"
      if let letter = option.letter { text += " -s \(letter)" }
      text += " -l \(option.name)"
      if option.value != nil { text += argument(option.word, requires: true) }
      text += " -d \(shellWord(option.summary))\n"
    }
    let valued = command.options.filter { $0.value != nil }.flatMap(\.spellings)
    let count = command.name.split(separator: " ").count
    let place = "(__rfpgen_place \((["\(count)"] + valued).joined(separator: " ")))"
    for (index, operand) in command.operands.enumerated() {
      // What may be left out gives its place to what follows it.
      let least = command.operands[..<index].count {
        if case .once = $0.count { true } else { false }
      }
      let most = if case .anyNumber = operand.count { Int?.none } else { Optional(index) }
      var conditions = ["__rfpgen_after \(command.name)"]
      if let most, most == least {
        conditions.append("test \(place) -eq \(least)")
      } else {
        if least > 0 { conditions.append("test \(place) -ge \(least)") }
        if let most { conditions.append("test \(place) -le \(most)") }
      }
      let words = argument(operand.word, requires: false)
      if words.isEmpty { continue }
      text += "complete -c rfpgen -n \(shellWord(conditions.joined(separator: "; and ")))\(words)\n"
    }
    return text
  }

  private static func argument(_ word: Word, requires: Bool) -> String {
    let mark = requires ? " -x" : ""
    switch word {
    case .text: return mark
    case .file(let endings):
      if endings.isEmpty { return requires ? " -r -F" : " -F" }
      return
        "\(mark) -a '(\(endings.map { "__fish_complete_suffix .\($0)" }.joined(separator: "; ")))'"
    case .folder: return "\(mark) -a '(__fish_complete_directories)'"
    case .oneOf(let words), .name(let words):
      return "\(mark) -a \(shellWord(words.joined(separator: " ")))"
    case .someOf(let words):
      return "\(mark) -a '(__fish_append , \(words.joined(separator: " ")))'"
    }
  }
}
