internal import DocModel
private import Glibc

/// Standard output and standard error: results to the one, everything else to the other.
final class Terminal {
  private var hasFailed = false
  private let usesColour: Bool
  /// What goes on, where somebody watches standard error.
  let progress: Progress?

  init() {
    Self.holdDescriptors()
    // A reader that closes the pipe early ends the run in `finish`, not by a signal.
    signal(SIGPIPE, SIG_IGN)
    let isSwitchedOff = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
    let isDumb = getenv("TERM").map { String(cString: $0) == "dumb" } ?? true
    let isPlain = isSwitchedOff || isDumb
    usesColour = !isPlain && isatty(STDOUT_FILENO) == 1
    progress = !isPlain && isatty(STDERR_FILENO) == 1 ? Progress() : nil
  }

  /// Puts something in the place of a standard descriptor that is closed.
  ///
  /// A file that is opened would take its number, and what is meant for a terminal would go into it.
  /// Standard input and output stay useless, so that using them is an error.
  private static func holdDescriptors() {
    let modes = [STDIN_FILENO: O_WRONLY, STDOUT_FILENO: O_RDONLY, STDERR_FILENO: O_RDWR]
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(descriptor, F_GETFD) < 0 {
      _ = open("/dev/null", modes[descriptor] ?? O_RDWR)
    }
  }

  /// Writes text for people to standard output; control characters in it become visible.
  func print(_ text: String) { write(Array(visible(text).utf8), to: STDOUT_FILENO) }

  /// Writes bytes to standard output as they are.
  func write(_ bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }

  /// Writes a line to standard error.
  func note(_ text: String) { write(Array((visible(text) + "\n").utf8), to: STDERR_FILENO) }

  /// Writes the reasons of a failure to standard error.
  func report(_ failure: Failure) {
    for diagnostic in failure.diagnostics {
      note(diagnostic.location == nil ? "rfpgen: \(diagnostic)" : "\(diagnostic)")
    }
  }

  /// Text in a colour, where colours are shown.
  func coloured(_ text: String, _ colour: Colour) -> String {
    usesColour ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
  }

  enum Colour: String {
    case red = "31"
    case yellow = "33"
    case green = "32"
    case bold = "1"
    case faint = "2"
  }

  /// Ends the process with a status, or with a failure where output was lost.
  func finish(_ status: ExitStatus) -> Never {
    progress?.end()
    exit(hasFailed ? ExitStatus.failure.rawValue : status.rawValue)
  }

  private func write(_ bytes: [UInt8], to descriptor: Int32) {
    progress?.clear()
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        if descriptor == STDOUT_FILENO, errno != EPIPE, !hasFailed {
          hasFailed = true
          note("rfpgen: error: standard output cannot be written: \(systemMessage(errno))")
        }
        return
      }
    }
  }

  /// Text without what could steer a terminal; its own colours excepted.
  private func visible(_ text: String) -> String {
    let isClean = text.unicodeScalars.allSatisfy { !$0.steersTerminal || $0 == "\u{1B}" }
    if isClean, usesColour || !text.unicodeScalars.contains("\u{1B}") { return text }
    var shown = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let isOwnColour = scalar == "\u{1B}" && usesColour
      shown.append(scalar.steersTerminal && !isOwnColour ? "\u{FFFD}" : scalar)
    }
    return String(shown)
  }
}

extension Unicode.Scalar {
  fileprivate var steersTerminal: Bool {
    switch value {
    case 0x09, 0x0A: false
    case 0x00...0x1F, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}

extension String {
  /// The text with spaces behind it up to a width.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(1, width - count))
  }
}

/// A number with its noun.
func counted(_ number: Int, _ noun: String) -> String {
  "\(number) \(noun)\(number == 1 ? "" : "s")"
}
