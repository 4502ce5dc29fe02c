internal import DocModel

/// The command: takes words from a shell, calls the library, and ends with an exit status.
@main
enum Rfpgen {
  static func main() {
    let words = Array(CommandLine.arguments.dropFirst())
    let terminal = Terminal()
    let status = run(words, terminal)
    terminal.finish(status)
  }

  private static func run(_ words: [String], _ terminal: Terminal) -> ExitStatus {
    do throws(Failure) {
      switch try CommandLineParser.parse(words) {
      case .version:
        terminal.print("rfpgen \(Version.current)\n")
        return .success
      case .help(let text):
        terminal.print(text)
        return .success
      case .run(let command, let invocation):
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

  init(_ message: String, hint: String? = nil) {
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
