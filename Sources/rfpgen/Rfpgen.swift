internal import DocModel

/// The command: takes words from a shell, calls the library, and ends with an exit status.
@main
enum Rfpgen {
  static func main() {
    Allocation.takeLargeSteps()
    let terminal = Terminal()
    let status = run(terminal)
    terminal.finish(status)
  }

  /// The words of the command line; one that is not UTF-8 names no file that could be spoken of.
  private static func words() throws(Failure) -> [String] {
    var words: [String] = []
    for index in 1..<max(1, Int(CommandLine.argc)) {
      guard let bytes = CommandLine.unsafeArgv[index] else { break }
      guard let word = String(validatingCString: bytes) else {
        throw Failure(
          "word \(index) of the command line is not UTF-8: '\(String(cString: bytes))'",
          hint: "rename the file, or write the word in UTF-8")
      }
      words.append(word)
    }
    return words
  }

  private static func run(_ terminal: Terminal) -> ExitStatus {
    do throws(Failure) {
      switch try CommandLineParser.parse(try words()) {
      case .version:
        terminal.print("rfpgen \(Version.current)\n")
        return .success
      case .help(let text):
        terminal.print(text)
        return .success
      case .run(let command, let invocation):
        // Whatever takes long says so; a command that knows more of what goes on names it.
        if !invocation.isTyped { terminal.progress?.stage(command.name) }
        return try command.run(invocation, terminal)
      }
    } catch {
      terminal.report(error)
      return .failure
    }
  }
}

/// How a run ended, as the shell sees it.
enum ExitStatus: Int32 {
  /// All is well.
  case success = 0
  /// There are gaps, or findings of severity error.
  case gaps = 1
  /// The job could not be done: usage, unreadable or invalid input, I/O.
  case failure = 2
}

/// Why a job could not be done.
struct Failure: Error {
  let diagnostics: [Diagnostic]

  init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }

  init(_ message: String, hint: String) {
    diagnostics = [Diagnostic(message, hint: hint)]
  }
}

/// Runs something of the library, whose refusals end the job.
func attempt<Result>(_ body: () throws(InvalidInput) -> Result) throws(Failure) -> Result {
  do throws(InvalidInput) {
    return try body()
  } catch {
    throw Failure(error.diagnostics)
  }
}

/// Which program this is.
enum Version {
  static let current = "0.1.0"
  /// The day from which its manual page holds.
  static let date = "2026-11-21"
}
