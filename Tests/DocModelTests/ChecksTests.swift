import DocModel
import Foundation
import Testing

/// Every rule of every check, both ways: see `Fixtures/Checks/cases.txt`.
@Suite struct ChecksTests {
  @Test func findsWhatIsWrongAndNothingElse() throws {
    try Cases("Checks/cases.txt").check { item in
      let change = try Change(item.input)
      let rule = item.name.prefix { $0 != ":" }
      let findings: [Finding]
      do {
        findings = try change.assessment.findings.filter { finding in
          finding.severity > .note || finding.rule == rule
        }
      } catch let error as InvalidInput {
        return error.text
      }
      let expectsNothing = item.name.contains(": not ") || item.name.hasPrefix("(nothing)")
      #expect(findings.contains { $0.rule == rule } != expectsNothing, "\(item.name)")
      return findings.map { finding in
        """
        \(finding.severity) \(finding.rule) of \(finding.id) \
        at \(finding.location.line):\(finding.location.column)\
        \(finding.phase.map { ", phase \($0 + 1)" } ?? "")\
        \(finding.concernsRFP ? ", for the RFP" : "")
          \(finding.message)
          \(finding.remedy)
        """
      }.joined(separator: "\n")
    }
  }

  @Test func everyRuleHasACase() throws {
    let names = try Cases("Checks/cases.txt").cases.map { item in
      String(item.name.prefix { $0 != ":" })
    }
    for rule in Checks.all.flatMap(\.rules) {
      #expect(names.contains { $0 == rule.id || $0.hasPrefix("\(rule.id).") }, "\(rule.id)")
      #expect(rule.summary.hasSuffix("."))
    }
    let ids = Checks.all.flatMap(\.rules).map(\.id)
    #expect(Set(ids).count == ids.count)
  }
}

/// A change of `Fixtures/Checks/clean.yaml`, with the day and the files for which it is looked at.
struct Change {
  let text: String
  private var folder = PretendFiles()
  private var lock: PretendLock?

  init(_ input: String) throws {
    let (text, rest) = try changed("Checks/clean.yaml", by: input)
    self.text = text
    for words in rest {
      if words[0] == "@today" { folder.today = try #require(Day(words[1])) }
      if words[0] == "@file" { folder.states[words[1]] = try PretendFiles.state(words[2]) }
      if ["@locked", "@reviewed", "@digest", "@now"].contains(words[0]) {
        lock = try PretendLock(lock, words)
      }
    }
  }

  var assessment: Assessment {
    get throws {
      let project = try Project(Source(name: "project.yaml", text: text), guide: .small)
      guard let lock else { return Assessment(project, in: folder) }
      return Assessment(project, in: folder, try lock.attestations(of: project, in: folder))
    }
  }
}

/// A lock of the clean project, made before a change, with digests that only pretend to be some.
struct PretendLock {
  private var lock: Lock
  private var lines = ""
  private var changed: Set<String> = []

  /// Adds what a line of a case says: `@locked PATH…` records digests, `@reviewed ID NAME DAY` stamps a
  /// review, `@digest PATH LETTER` adds a line of its own, `@now PATH` changes a file afterwards.
  init(_ earlier: PretendLock?, _ words: [String]) throws {
    self = earlier ?? PretendLock()
    let project = try Project(
      Source(name: "project.yaml", text: Folder.fixture("Checks/clean.yaml")), guide: .small)
    let all = ["map.pdf", "dry.jpg", "protocol.pdf", "lining.pdf"].map { ($0, Self.digest($0)) }
    switch words[0] {
    case "@locked":
      lock = try lock.recording(project, files: all, named: Array(words.dropFirst())).lock
    case "@reviewed":
      let day = try #require(Day(words[3]))
      let assessment = Assessment(project, in: PretendFiles(today: day))
      lock = try lock.reviewing(
        [words[1]], in: assessment, by: words[2], files: all, digest: Self.digest)
    case "@digest":
      let digest = String(repeating: words[2], count: 64)
      lines += "- evidence: {file: \(words[1]), sha256: \"\(digest)\"}\n"
    default: changed.insert(words[1])
    }
  }

  private init() { lock = Lock(named: "project.lock") }

  func attestations(of project: Project, in folder: PretendFiles) throws -> Attestations {
    let lock = try Lock(Source(name: "project.lock", text: lock.text + lines))
    let files = Attestations.paths(lock, of: project).compactMap { path -> (String, String)? in
      guard case .present = folder.state(of: path) else { return nil }
      return (path, Self.digest(changed.contains(path) ? "changed" : path))
    }
    return Attestations(lock, of: project, files: files, digest: Self.digest)
  }

  private static func digest(_ text: String) -> String { digest(Array(text.utf8)) }

  /// 64 digits that depend on all bytes.
  private static func digest(_ bytes: [UInt8]) -> String {
    let hash = bytes.reduce(into: UInt64(14_695_981_039_346_656_037)) { hash, byte in
      hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 64 - digits.count) + digits
  }
}

/// A folder in which every file is, unless something else is said.
struct PretendFiles: World {
  var today = Day.sample
  var states: [String: FileState] = [:]

  func source(of path: String) -> Source? { nil }
  func state(of path: String) -> FileState { states[path] ?? .present(size: 10) }

  static func state(_ word: String) throws -> FileState {
    switch word {
    case "absent": .absent
    case "outside": .outside
    case "folder": .notAFile
    case "unreadable": .unreadable("permission denied")
    default: .present(size: try #require(Int(word)))
    }
  }
}
