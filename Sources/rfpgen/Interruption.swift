internal import Glibc

/// The wish of a person or of the system that a run ends.
///
/// While it is held, the signals that ask for it wait, so that what was begun can be taken away first;
/// when it is let go, they do what they always do.
final class Interruption {
  private var signals = sigset_t()
  private var before = sigset_t()
  private static let numbers = [SIGINT, SIGTERM, SIGHUP]

  init() {
    sigemptyset(&signals)
    for number in Self.numbers where !Self.isIgnored(number) { sigaddset(&signals, number) }
    pthread_sigmask(SIG_BLOCK, &signals, &before)
  }

  deinit { pthread_sigmask(SIG_SETMASK, &before, nil) }

  /// Whether somebody asked for it.
  var isAsked: Bool {
    var pending = sigset_t()
    sigpending(&pending)
    return Self.numbers.contains {
      sigismember(&signals, $0) == 1 && sigismember(&pending, $0) == 1
    }
  }

  /// Whether this process was begun as one that goes on all the same, as 'nohup' does it.
  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    sigaction(number, nil, &action)
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
