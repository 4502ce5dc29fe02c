import DocModel
import Foundation
import Testing

/// The lock file: what it holds, how it is written, and how a damaged one is refused.
@Suite struct LockTests {
  /// A lock and the same written anew, or what is wrong with it.
  @Test func readsWritesAndRefuses() throws {
    try Cases("Lock/cases.txt").check { item in
      // A digest is 64 digits long; the cases write one as `*a*`.
      let text = item.input.replacing(#/\*([0-9a-z]+)\*/#) { match in
        String(repeating: String(match.output.1), count: 64 / match.output.1.count)
      }
      do {
        let bytes = Cases.Case(name: "", input: text, expected: "").bytes
        let lock = try Lock(Source(name: "project.lock", bytes: bytes))
        return lock.text.replacing(#/([0-9a-f])\1{63}/#) { "*\($0.output.1)*" }
      } catch let error as InvalidInput {
        return error.text.replacing(#/([0-9a-f])\1{63}/#) { "*\($0.output.1)*" }
      }
    }
  }

  @Test(arguments: [
    ("project.yaml", "project.lock"), ("programme/my.project.YML", "my.project.lock"),
    ("a/b.json", "b.lock"), ("<standard input>", "project.lock"), ("é.yaml", "é.lock"),
  ])
  func standsBesideItsProject(project: String, lock: String) {
    #expect(Lock.fileName(for: project) == lock)
  }

  @Test(arguments: [
    "plain", "a \"b\" \\ c", "é e\u{301} 🏥", "# {x: [y]}", "\u{2028}\u{FEFF}\u{7F}",
  ])
  func keepsNamesExactly(name: String) throws {
    let digest = String(repeating: "a", count: 64)
    let text = "- evidence: {file: \(JSON.string(name).compactText), sha256: \"\(digest)\"}\n"
    let lock = try Lock(Source(name: "project.lock", text: text))
    let again = try Lock(Source(name: "project.lock", text: lock.text))
    #expect(again.files.map { Array($0.path.utf8) } == [Array(name.utf8)])
    #expect(again.text == lock.text)
  }

  /// Twice as much takes about twice as long: three times would be allowed, four is a square.
  @Test func aHugeLockIsReadInLinearTime() throws {
    func time(_ count: Int) throws -> UInt64 {
      let digest = String(repeating: "a", count: 64)
      let lines = (0..<count).map { "- evidence: {file: e/\($0), sha256: \"\(digest)\"}\n" }
      let source = try Source(name: "project.lock", text: lines.joined())
      var least = UInt64.max
      for _ in 0..<3 {
        let started = processorTime
        let size = try Lock(source).text.utf8.count
        #expect(size > count)
        least = min(least, processorTime - started)
      }
      return least
    }
    let (small, large) = (try time(500), try time(4000))
    #expect(large < small * 8 * 3, "\(small) ns for 500, \(large) ns for 4,000 lines")
  }

  /// What this thread has used of the processor, in nanoseconds.
  private var processorTime: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  // MARK: Answers as bytes

  /// RFC 8785, as Python writes it for what answers hold.
  @Test func answersHaveOneForm() throws {
    let project = try Project(
      Source(
        name: "p.yaml",
        text: """
          guide: well
          programme: {title: x}
          answers:
            place.map: {answer: "https://example.org/\\u00e9"}
            size.rings: {answer: [{name: "a \\"b\\" \\\\ \\u0001\\u007f\\u2028 🏥", width: 120 cm}]}
            size.design: {diggers: 2, answer: {diggers: 2, configuration: pump}}
          """.replacing("diggers: 2, answer", with: "answer")), guide: .small)
    let values = ["place.map", "size.rings", "size.design"].compactMap {
      project.answers[$0]?.value
    }
    let forms = values.map { String(decoding: $0.canonicalBytes, as: UTF8.self) }
    #expect(
      forms == [
        "\"https://example.org/é\"",
        "[{\"name\":\"a \\\"b\\\" \\\\ \\u0001\u{7F}\u{2028} 🏥\",\"width\":\"120 cm\"}]",
        "{\"configuration\":\"pump\",\"diggers\":2}",
      ])
    let script = """
      import json, sys
      for line in sys.argv[1:]:
          again = json.dumps(json.loads(line), sort_keys=True, separators=(',', ':'), ensure_ascii=False)
          assert again == line, (again, line)
      """
    let (status, output) = try Referee.python(["-c", script] + forms)
    #expect(status == 0, "\(output)")
  }

  // MARK: Names

  @Test func namesAreLookedUp() throws {
    let project = try Project(
      Source(name: "project.yaml", text: Folder.fixture("Checks/clean.yaml")), guide: .small)
    let lock = Lock(named: "project.lock")
    #expect(
      messages { _ = try lock.recording(project, files: [], named: ["dry.jpeg", "hole.dry"]) }
        == """
        error: 'dry.jpeg' is neither evidence of this project nor something that has any
        help: did you mean 'dry.jpg'?

        """)
    let assessment = Assessment(project, in: PretendFiles())
    #expect(
      messages {
        _ = try lock.reviewing(
          ["hole.dri", "place.found", "place.blasting", "well:hole.dry"], in: assessment, by: "Ada",
          files: [], digest: { _ in "" })
      } == """
        error: the guide has no question or checkpoint 'hole.dri'
        help: did you mean 'hole.dry'?
        error: the checkpoint 'place.found' has no evidence of its own to review
        help: review the answers that it relies on: 'place.map'
        error: 'place.blasting' is unanswered; only what is current can be reviewed
        help: 'rfpgen check' says what it lacks

        """)
  }
}
