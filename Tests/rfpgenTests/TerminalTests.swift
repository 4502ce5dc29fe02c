import Foundation
import Testing

/// What stands around a run: terminals, pipes and descriptors as they may come.
@Suite struct TerminalTests {
  private static let eraseLine = "\r\u{1B}[2K"

  /// A run at a terminal of its own, with input that takes its time.
  private func watched(
    _ environment: String, _ words: String = "check -", seconds: String
  ) throws -> (String, String) {
    let scratch = try Scratch()
    try scratch.write("project.yaml", BadInputTests.start)
    let line =
      "(sleep \(seconds); cat project.yaml) | \(environment) \"$RFPGEN\" \(words) > report.txt; "
      + "echo \"status $?\""
    let quoted = line.replacing("'", with: "'\\''")
    let run = try CommandRun(
      shell: "script -qec '\(quoted)' /dev/null < /dev/null", in: scratch.folder)
    return (run.output, try scratch.text("report.txt"))
  }

  /// The seconds that a line of progress told of, one after the other: a busy machine may leave some out.
  private static func seconds(of words: String, in seen: String) throws -> [Int] {
    let line = try Regex(
      "\r\u{1B}\\[2Krfpgen: \(words) · ([0-9]+) s", as: (Substring, Substring).self)
    return seen.matches(of: line).compactMap { Int($0.1) }
  }

  @Test func aLongRunSaysWhatItDoesAndCleansUp() throws {
    let (seen, report) = try watched("TERM=xterm NO_COLOR=", seconds: "3.2")
    let seconds = try Self.seconds(of: "reading -", in: seen)
    #expect(seconds.count > 1 && seconds == Set(seconds).sorted() && seconds[0] > 0, "\(seen)")
    // Nothing of it is left, and nothing is in the report.
    #expect(seen.hasSuffix("\(Self.eraseLine)status 1\r\n"))
    #expect(report.hasPrefix("T\nguide "))
    #expect(!report.contains("\u{1B}"))
  }

  /// A command that says nothing of its steps is named, at least.
  @Test func everyLongRunShows() throws {
    let (seen, page) = try watched("TERM=xterm NO_COLOR=", "html -", seconds: "1.5")
    let seconds = try Self.seconds(of: "html", in: seen)
    #expect(!seconds.isEmpty)
    let lines = seconds.map { "\(Self.eraseLine)rfpgen: html · \($0) s" }.joined()
    #expect(seen == "\(lines)\(Self.eraseLine)status 0\r\n")
    #expect(page.hasPrefix("<!DOCTYPE html>"))
  }

  @Test(arguments: ["TERM=xterm NO_COLOR=1", "TERM=dumb NO_COLOR="])
  func nothingMovesWhereNothingShould(environment: String) throws {
    #expect(try watched(environment, seconds: "1.3").0 == "status 1\r\n")
  }

  /// On a busy machine no run may be short, so that several are tried.
  @Test func aShortRunShowsNothing() throws {
    for _ in 0..<50 {
      let begin = Date.now
      let seen = try watched("TERM=xterm NO_COLOR=", seconds: "0").0
      guard Date.now.timeIntervalSince(begin) < 1 else { continue }
      #expect(seen == "status 1\r\n")
      return
    }
    Issue.record("no run was over within a second")
  }

  @Test(arguments: [
    ("check >&-", 2, "standard output cannot be written"),
    ("check > /dev/full", 2, "standard output cannot be written"),
    ("check - <&-", 2, "cannot be read"),
    ("check 2>&-", 1, ""),
    ("build -o out 2>&-", 0, ""),
    ("build -o out <&- 2>&-", 0, ""),
    ("build -o out >&- 2>&-", 2, ""),
    ("guide show commcare-transition | head -1", 0, "How to"),
  ])
  func descriptorsMayBeClosed(words: String, status: Int32, said: String) throws {
    let scratch = try Scratch()
    try scratch.write("project.yaml", BadInputTests.start)
    let run = try CommandRun(shell: "\"$RFPGEN\" \(words)", in: scratch.folder)
    #expect(run.status == status)
    #expect(said.isEmpty || (run.errors + run.output).contains(said) || words.contains("| head"))
    // No document holds what was meant for a terminal.
    for name in scratch.names where name.hasPrefix("out/") {
      let text = try scratch.text(name)
      #expect(text.hasPrefix("# ") || text.hasPrefix("<!DOCTYPE"), "\(name)")
      #expect(!text.contains("rfpgen: "), "\(name)")
    }
  }

  @Test(arguments: ["check 'caf\\351.yaml'", "build \"$(printf 'x\\377')\" rfp", "'\\300'"])
  func aWordThatIsNotUTF8IsRefused(words: String) throws {
    let scratch = try Scratch()
    let line = words.replacing(/'([^']*)'/) { "\"$(printf '\($0.1)')\"" }
    let run = try CommandRun(
      shell: "\"$RFPGEN\" \(words.contains("printf") ? words : line)", in: scratch.folder)
    #expect(run.status == 2)
    #expect(run.errors.contains("of the command line is not UTF-8"), "\(run.errors)")
  }
}
