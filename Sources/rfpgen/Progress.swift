internal import DocModel
private import Glibc
private import Synchronization

/// What goes on, on the last line of a terminal, once it takes longer than a second.
///
/// A thread of its own draws it, so that it is seen even while one step takes all the time.
final class Progress: Sendable {
  private struct State {
    var stage = ""
    var total = 0
    var done = 0
    var isBytes = false
    /// When the stage began, in milliseconds.
    var begun = 0
    var drawn = ""
    var isOver = false
  }

  private let state = Mutex(State())
  private let begun = Progress.now
  private static let eraseLine = "\r\u{1B}[2K"
  private static let widthLimit = 70

  /// Begins to watch; nothing is drawn before the first stage is a second old.
  init() {
    _ = Job.begin { [self] in
      repeat {
        var pause = timespec(tv_sec: 0, tv_nsec: 100_000_000)
        nanosleep(&pause, nil)
      } while draw()
    }
  }

  /// Names what goes on now, and how many steps it has, if it has steps.
  func stage(_ text: String, of total: Int = 0) { begin(text, total, isBytes: false) }

  /// Names what goes on now with a flow of bytes, and how many they are; 0 where nobody knows.
  func flow(_ text: String, of total: Int) { begin(text, total, isBytes: true) }

  private func begin(_ text: String, _ total: Int, isBytes: Bool) {
    let now = Self.now
    state.withLock { state in
      state.stage = String(visible(text).prefix(Self.widthLimit))
      state.total = total
      state.done = 0
      state.isBytes = isBytes
      state.begun = now
    }
  }

  /// Counts a step of the stage.
  func step() { advance(by: 1) }

  /// Counts bytes of the flow; `total` corrects how many they are.
  func advance(by count: Int, of total: Int? = nil) {
    state.withLock { state in
      state.done += count
      if let total { state.total = total }
    }
  }

  /// Takes the line away, since something else is written; it may come again.
  func clear() { state.withLock { Self.erase(&$0) } }

  /// Takes the line away for good.
  func end() {
    state.withLock { state in
      Self.erase(&state)
      state.isOver = true
    }
  }

  /// Draws the line where it is time and something changed; false when all is over.
  private func draw() -> Bool {
    state.withLock { state in
      if state.isOver { return false }
      let now = Self.now
      let seconds = (now - begun) / 1000
      guard seconds >= 1, !state.stage.isEmpty else { return true }
      let line: String
      if state.isBytes {
        let flow = ByteFlow(
          done: state.done, total: state.total, milliseconds: now - state.begun)
        line = "rfpgen: \(state.stage) \(flow.text)"
      } else {
        let count = state.total > 0 ? " \(state.done) of \(state.total)" : ""
        line = "rfpgen: \(state.stage)\(count) · \(seconds) s"
      }
      guard line != state.drawn else { return true }
      Self.write(Self.eraseLine + line)
      state.drawn = line
      return true
    }
  }

  private static func erase(_ state: inout State) {
    if !state.drawn.isEmpty { write(eraseLine) }
    state.drawn = ""
  }

  private static func write(_ text: String) {
    var text = text
    text.withUTF8 { _ = Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }

  /// Milliseconds of a clock that nobody sets.
  private static var now: Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }
}
