internal import DocModel

/// One command with everything that its parsing, its help, the manual page, the completions of shells
/// and its run need.
struct Command: Sendable {
  /// Its words, such as `guide list`.
  let name: String
  /// What it does, in one line.
  let summary: String
  /// Does the job.
  let run: @Sendable (Invocation, Terminal) throws(Failure) -> ExitStatus
  // Of most commands a run needs no more than the name: the rest is made when it is asked for.
  private let makeOperands: @Sendable () -> [Operand]
  private let makeDetails: @Sendable () -> String
  private let makeOptions: @Sendable () -> [Option]
  private let makeExamples: @Sendable () -> [Example]

  typealias Example = (line: String, meaning: String)

  init(
    name: String, summary: String,
    operands: @autoclosure @escaping @Sendable () -> [Operand] = [],
    details: @autoclosure @escaping @Sendable () -> String = "",
    options: @autoclosure @escaping @Sendable () -> [Option] = [],
    examples: @autoclosure @escaping @Sendable () -> [Example],
    run: @escaping @Sendable (Invocation, Terminal) throws(Failure) -> ExitStatus
  ) {
    self.name = name
    self.summary = summary
    self.run = run
    makeOperands = operands
    makeDetails = details
    makeOptions = options
    makeExamples = examples
  }

  /// The words that follow its name.
  var operands: [Operand] { makeOperands() }
  /// What there is to know besides, in lines of at most 80 columns.
  var details: String { makeDetails() }
  /// The options it takes, beside `--help`.
  var options: [Option] { makeOptions() }
  /// Lines that somebody might type, each with what it does.
  var examples: [Example] { makeExamples() }
}

/// What a word on the command line stands for.
enum Word: Sendable {
  /// Anything.
  case text
  /// A path to a file; of those endings, where there are some.
  case file([String] = [])
  /// A path to a folder.
  case folder
  /// One of some words.
  case oneOf([String])
  /// Some of some words, with commas between.
  case someOf([String])
  /// One of some names, or another that the user has given something.
  case name([String])

  /// A project file, or any other that is YAML or JSON.
  static let data = Word.file(["yaml", "yml", "json"])

  /// The words there are; empty where any will do.
  var choices: [String] {
    switch self {
    case .oneOf(let words), .someOf(let words): words
    case .text, .file, .folder, .name: []
    }
  }
}

/// A word that follows a command's name.
struct Operand: Sendable {
  /// How often it may come.
  enum Count: Sendable {
    case once
    case atMostOnce
    case anyNumber
  }

  /// What it is called.
  let name: String
  /// What it stands for.
  let word: Word
  /// How often it may come.
  let count: Count

  init(_ name: String, _ word: Word, _ count: Count = .once) {
    self.name = name
    self.word = word
    self.count = count
  }

  /// As help shows it.
  var usage: String {
    switch count {
    case .once: name
    case .atMostOnce: "[\(name)]"
    case .anyNumber: "[\(name)…]"
    }
  }
}

/// An option of a command.
struct Option: Sendable {
  /// Its long name without the dashes.
  let name: String
  /// Its letter, if it has one.
  let letter: Character?
  /// What its value is called; `nil` for a switch.
  let value: String?
  /// What its value stands for.
  let word: Word
  /// Whether it may be given several times.
  let isRepeatable: Bool
  /// What it does.
  let summary: String

  init(
    _ name: String, letter: Character? = nil, value: String? = nil, of word: Word = .text,
    isRepeatable: Bool = false, _ summary: String
  ) {
    self.name = name
    self.isRepeatable = isRepeatable
    self.letter = letter
    self.value = value
    self.word = word
    self.summary = summary
  }

  static let today = Option(
    "today", value: "DATE", "the day for which it holds, as 2026-12-31; today when left out")
  static let guide = Option(
    "guide", value: "NAME", of: .name(Guide.builtInNames), isRepeatable: true,
    "the guide to follow; several together where it is given several times")
  static let strict = "strict"
  static let help = Option("help", letter: "h", "show this")

  /// What it does, with the words that its value may be.
  var meaning: String {
    summary + (word.choices.isEmpty ? "" : ": \(word.choices.joined(separator: ", "))")
  }
}

extension Command {
  /// What follows `rfpgen`, as help shows it.
  var usage: String {
    ([name] + (options.isEmpty ? [] : ["[OPTION…]"]) + operands.map(\.usage))
      .joined(separator: " ")
  }

  /// How many operands it takes.
  var operandCount: ClosedRange<Int> {
    let least = operands.count { if case .once = $0.count { true } else { false } }
    let isBounded = operands.allSatisfy { if case .anyNumber = $0.count { false } else { true } }
    return least...(isBounded ? operands.count : Int.max)
  }

  /// All options, with the one that every command has.
  var allOptions: [Option] { options + [.help] }

  /// What may stand at a position among the operands, counted from 0.
  func operands(at position: Int) -> [Operand] {
    var found: [Operand] = []
    for (index, operand) in operands.enumerated() where index <= position {
      switch operand.count {
      case .once: if index == position { return [operand] }
      case .atMostOnce: if index == position { found.append(operand) }
      case .anyNumber: found.append(operand)
      }
    }
    // What may be left out gives its place to what follows it.
    for operand in operands.dropFirst(position + 1) where !found.isEmpty {
      found.append(operand)
      if case .once = operand.count { break }
    }
    return found
  }
}
