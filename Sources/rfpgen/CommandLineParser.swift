internal import DocModel

/// One command with everything that its help, its parsing and its run need.
struct Command: Sendable {
  /// Its words, such as `guide list`.
  let name: String
  /// What it does, in one line.
  let summary: String
  /// What follows the name, as help shows it.
  let operands: String
  /// How many operands it takes.
  let operandCount: ClosedRange<Int>
  /// What there is to know besides, in lines of at most 80 columns.
  let details: String
  /// The options it takes, beside `--help`.
  let options: [Option]
  /// Lines that somebody might type, each with what it does.
  let examples: [(line: String, meaning: String)]
  /// Does the job.
  let run: @Sendable (Invocation, Terminal) throws(Failure) -> ExitStatus
}

/// An option of a command.
struct Option: Sendable {
  /// Its long name without the dashes.
  let name: String
  /// Its letter, if it has one.
  let letter: Character?
  /// What its value is called; `nil` for a switch.
  let value: String?
  /// The values there are; empty where any will do.
  let choices: [String]
  /// What it does.
  let summary: String

  init(
    _ name: String, letter: Character? = nil, value: String? = nil, choices: [String] = [],
    _ summary: String
  ) {
    self.name = name
    self.letter = letter
    self.value = value
    self.choices = choices
    self.summary = summary
  }

  static let today = Option(
    "today", value: "DATE", "the day for which it holds, as 2026-12-31; today when left out")
  static let strict = "strict"
}

/// The words of one run, sorted.
struct Invocation: Sendable {
  let operands: [String]
  let values: [String: String]

  /// The value of an option, or an empty text for a switch; `nil` where it was not given.
  subscript(option: String) -> String? { values[option] }

  /// Whether a switch was given.
  func has(_ option: String) -> Bool { values[option] != nil }
}

/// Sorts words into a command, its operands and its options.
enum CommandLineParser {
  enum Outcome {
    case version
    case help(String)
    case run(Command, Invocation)
  }

  static func parse(_ words: [String]) throws(Failure) -> Outcome {
    guard let first = words.first else { return .help(Help.overview) }
    switch first {
    case "--version", "-V": return .version
    case "--help", "-h": return .help(Help.overview)
    case "help": return .help(try help(Array(words.dropFirst())))
    default: break
    }
    let (command, rest) = try command(words)
    if rest.prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" }) {
      return .help(Help.text(for: command))
    }
    return .run(command, try invocation(of: command, rest))
  }

  private static func help(_ words: [String]) throws(Failure) -> String {
    if words.isEmpty { return Help.overview }
    if words.count == 1, Commands.groups.contains(words[0]) { return Help.group(words[0]) }
    return Help.text(for: try command(words).0)
  }

  private static func command(_ words: [String]) throws(Failure) -> (Command, [String]) {
    let single = words[0]
    if let command = Commands.all.first(where: { $0.name == single }) {
      return (command, Array(words.dropFirst()))
    }
    if Commands.groups.contains(single) {
      guard words.count > 1 else {
        throw Failure(
          "'\(single)' needs a word more", hint: "'rfpgen help \(single)' lists what there is")
      }
      let name = "\(single) \(words[1])"
      if let command = Commands.all.first(where: { $0.name == name }) {
        return (command, Array(words.dropFirst(2)))
      }
      throw unknown("command", name, Commands.all.map(\.name), "'rfpgen help \(single)'")
    }
    if single.hasPrefix("-") {
      throw Failure(
        "a command must come first, not '\(single)'", hint: "'rfpgen --help' lists them")
    }
    throw unknown("command", single, Commands.all.map(\.name) + Commands.groups, "'rfpgen --help'")
  }

  private static func invocation(
    of command: Command, _ words: [String]
  ) throws(Failure) -> Invocation {
    var operands: [String] = []
    var values: [String: String] = [:]
    var index = 0
    while index < words.count {
      let word = words[index]
      index += 1
      if word == "--" {
        operands += words[index...]
        break
      }
      guard word.hasPrefix("-"), word != "-" else {
        operands.append(word)
        continue
      }
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      guard
        let option = command.options.first(where: {
          name == "--\($0.name)" || $0.letter.map { name == "-\($0)" } ?? false
        })
      else {
        throw unknown(
          "option", name, command.options.map { "--\($0.name)" }, "'rfpgen \(command.name) --help'")
      }
      var value = parts.count > 1 ? String(parts[1]) : nil
      if option.value == nil {
        if value != nil { throw Failure("'--\(option.name)' takes no value") }
        value = ""
      } else if value == nil {
        guard index < words.count else {
          throw Failure(
            "'--\(option.name)' needs a value",
            hint: "write '--\(option.name) \(option.value ?? "")'")
        }
        value = words[index]
        index += 1
      }
      if option.value != nil, value?.isEmpty ?? true {
        throw Failure(
          "'--\(option.name)' has an empty value",
          hint: "write '--\(option.name) \(option.value ?? "")'")
      }
      if values.updateValue(value ?? "", forKey: option.name) != nil {
        throw Failure("'--\(option.name)' is given twice")
      }
      try checkChoice(option, value ?? "")
    }
    if operands.contains("") { throw Failure("one of the words is empty") }
    guard command.operandCount.contains(operands.count) else {
      let what = operands.count < command.operandCount.lowerBound ? "few" : "many"
      throw Failure(
        "'rfpgen \(command.name)' got too \(what) words",
        hint: "write 'rfpgen \(command.name) \(command.operands)'")
    }
    return Invocation(operands: operands, values: values)
  }

  private static func checkChoice(_ option: Option, _ value: String) throws(Failure) {
    guard !option.choices.isEmpty else { return }
    for word in value.split(separator: ",", omittingEmptySubsequences: false)
    where !option.choices.contains(String(word)) {
      let near = nearest(to: String(word), among: option.choices)
      throw Failure(
        "'--\(option.name)' does not know '\(word)'",
        hint: near.map { "did you mean '\($0)'?" }
          ?? "it knows \(option.choices.joined(separator: ", "))")
    }
  }

  private static func unknown(
    _ what: String, _ word: String, _ known: [String], _ help: String
  ) -> Failure {
    Failure(
      "there is no \(what) '\(word)'",
      hint: nearest(to: word, among: known).map { "did you mean '\($0)'?" }
        ?? "\(help) lists what there is")
  }
}
