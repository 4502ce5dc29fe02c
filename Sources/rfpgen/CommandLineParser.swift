internal import DocModel

/// The words of one run, sorted.
struct Invocation: Sendable {
  let operands: [String]
  private let values: [String: [String]]

  init(operands: [String], values: [String: [String]]) {
    self.operands = operands
    self.values = values
  }

  /// The value of an option, or an empty text for a switch; `nil` where it was not given.
  subscript(option: String) -> String? { values[option]?.first }

  /// All values of an option that may be given several times.
  func all(_ option: String) -> [String] { values[option] ?? [] }

  /// Whether a switch was given.
  func has(_ option: String) -> Bool { values[option] != nil }

  /// Whether somebody may be typing what it reads.
  var isTyped: Bool {
    operands.contains(where: Disk.isTyped) || values.values.joined().contains(where: Disk.isTyped)
  }
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
    if words.count == 2, Commands.groups.contains(first), ["--help", "-h"].contains(words[1]) {
      return .help(Help.group(first))
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
    var values: [String: [String]] = [:]
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
        if value != nil {
          throw Failure(
            "'--\(option.name)' takes no value", hint: "write '--\(option.name)' alone")
        }
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
      if values[option.name] != nil, !option.isRepeatable {
        throw Failure("'--\(option.name)' is given twice", hint: "give it once")
      }
      values[option.name, default: []].append(value ?? "")
      try checkChoice(option, value ?? "")
    }
    if operands.contains("") {
      throw Failure(
        "one of the words is empty", hint: "look whether a variable of your script has no value")
    }
    guard command.operandCount.contains(operands.count) else {
      let what = operands.count < command.operandCount.lowerBound ? "few" : "many"
      throw Failure(
        "'rfpgen \(command.name)' got too \(what) words",
        hint:
          "write 'rfpgen \(([command.name] + command.operands.map(\.usage)).joined(separator: " "))'"
      )
    }
    return Invocation(operands: operands, values: values)
  }

  private static func checkChoice(_ option: Option, _ value: String) throws(Failure) {
    let choices = option.word.choices
    if choices.isEmpty { return }
    var words = [value]
    if case .someOf = option.word {
      words = value.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    for word in words where !choices.contains(word) {
      throw Failure(
        "'--\(option.name)' does not know '\(word)'",
        hint: nearest(to: word, among: choices).map { "did you mean '\($0)'?" }
          ?? "it knows \(choices.joined(separator: ", "))")
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
