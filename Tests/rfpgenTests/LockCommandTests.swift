import Foundation
import Testing

/// `lock`, `review` and what `check`, `pack` and git make of their file.
@Suite struct LockCommandTests {
  @Test("a file whose letters are others is told, to its owner alone")
  func neighbours() throws {
    let scratch = try Scratch()
    try scratch.write(
      "project.yaml",
      """
      guide: commcare-transition
      programme: {title: T}
      rfp:
        annexes: [{title: Terms, file: Annexes/Terms.md}]
      answers:
        system-assessment.architecture-diagram:
          answer: https://example.org/diagram
          audience: public
          evidence: [{file: Evidence/Scan.PDF, audience: public}]

      """)
    try scratch.write("evidence/scan.pdf", "x")
    try scratch.write("annexes/terms.md", "x")
    let run = try CommandRun(["check"], in: scratch.folder)
    #expect(
      run.output.contains(
        """
          the file 'Evidence/Scan.PDF' is not there
                  → add the file, or correct its path to 'evidence/scan.pdf', which is there

        """), "\(run.output)")
    #expect(run.output.contains("correct its path to 'annexes/terms.md', which is there"))
    #expect(try CommandRun(["salt"], in: scratch.folder).status == 0)
    let build = try CommandRun(
      ["build", "gap-report", "evidence-report", "-o", "out", "--audience", "auditor"],
      in: scratch.folder)
    #expect(build.status == 0, "\(build.errors)")
    for report in ["gap-report", "evidence-report"] {
      let text = try scratch.text("out/\(report).md")
      #expect(text.contains("Evidence/Scan.PDF"), "\(text)")
      #expect(!text.contains("evidence/scan.pdf"))
    }
  }

  private static let day = ["--today", "2026-11-21"]

  /// A project with evidence of every kind in a folder `p`.
  private static func project(in scratch: Scratch) throws {
    try scratch.write(
      "p/project.yaml",
      """
      guide: commcare-transition
      programme: {title: Small}
      answers:
        data-center.ups-runtime:
          answer: 25 min
          evidence:
            - {file: evidence/ups.txt, collected: 2026-10-01, valid-from: 2026-10-02, valid-until: 2027-02-19}
        data-center.network-support:
          answer: https://example.org/contract
          evidence:
            - {link: "https://example.org/terms", copy: evidence/terms.html}
        data-center.disk-growth:
          answer: It grows.
          evidence:
            - {file: evidence/disk.csv}
        system-sizing.intended-scale:
          answer: {users-at-launch: 1, users-at-full-scale: 2, full-scale-by: 2028-01-01, timeline: Soon}
          evidence:
            - {file: evidence/scale.csv}

      """)
    for name in ["ups.txt", "terms.html", "disk.csv", "scale.csv"] {
      try scratch.write("p/evidence/\(name)", "\(name)\n")
    }
  }

  @discardableResult
  private static func run(
    _ words: String..., in scratch: Scratch, status: Int32 = 0
  ) throws -> CommandRun {
    let run = try CommandRun(words + day, in: scratch.folder)
    #expect(run.status == status, "\(words): \(run.output)\(run.errors)")
    return run
  }

  private static func reviewed(in scratch: Scratch) throws -> Int {
    let run = try CommandRun(
      ["check", "p/project.yaml", "--format", "json"] + day, in: scratch.folder)
    let json = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    return try #require((json?["summary"] as? [String: Any])?["reviewed"] as? Int)
  }

  @Test func aChangeShowsUntilItIsAccepted() throws {
    let scratch = try Scratch()
    try Self.project(in: scratch)
    let first = try Self.run("lock", "p/project.yaml", in: scratch)
    #expect(first.output == "p/project.lock\n")
    #expect(first.errors == "rfpgen: 4 new, 0 accepted, 0 unchanged, 0 changed\n")
    let text = try scratch.text("p/project.lock")
    try scratch.write("p/evidence/ups.txt", "other\n")
    try scratch.write("p/evidence/terms.html", "other\n")
    let check = try Self.run("check", "p/project.yaml", in: scratch, status: 1).output
    #expect(check.contains("'evidence/ups.txt' changed since it was locked"))
    #expect(check.contains("'https://example.org/terms' changed since it was locked"))
    let refused = try Self.run("lock", "p/project.yaml", in: scratch, status: 1)
    #expect(
      refused.errors == """
        rfpgen: 'evidence/terms.html' changed since it was locked
        help: look at it; 'rfpgen lock p/project.yaml evidence/terms.html' accepts it as it is now
        rfpgen: 'evidence/ups.txt' changed since it was locked
        help: look at it; 'rfpgen lock p/project.yaml evidence/ups.txt' accepts it as it is now
        rfpgen: 0 new, 0 accepted, 2 unchanged, 2 changed

        """)
    #expect(try scratch.text("p/project.lock") == text)
    // By the path as seen from here, and by the identifier of what it shows.
    try Self.run("lock", "p/project.yaml", "p/evidence/ups.txt", in: scratch)
    try Self.run("lock", "p/project.yaml", "data-center.network-support", in: scratch)
    let again = try CommandRun(
      ["check", "p/project.yaml"] + Self.day, in: scratch.folder)
    #expect(!again.output.contains("changed since"))
  }

  @Test func whatIsGoneIsSaidAndForgottenOnRequest() throws {
    let scratch = try Scratch()
    try Self.project(in: scratch)
    try Self.run("lock", "p/project.yaml", in: scratch)
    try FileManager.default.removeItem(
      at: scratch.folder.appending(path: "p/evidence/disk.csv"))
    let gone = try Self.run("lock", "p/project.yaml", in: scratch, status: 1)
    #expect(
      gone.errors.hasPrefix(
        """
        rfpgen: 'evidence/disk.csv' is locked, but not there
        help: bring it back; or take it out of the project file, and \
        'rfpgen lock p/project.yaml evidence/disk.csv' forgets it

        """), "\(gone.errors)")
    let text = try scratch.text("p/project.yaml")
    try scratch.write(
      "p/project.yaml",
      text.replacing("      - {file: evidence/disk.csv}\n", with: "").replacing(
        "It grows.\n    evidence:", with: "It grows."))
    let check = try Self.run("check", "p/project.yaml", in: scratch, status: 1)
    #expect(check.output.contains("the lock is about 'evidence/disk.csv', which this project"))
    let forgotten = try Self.run("lock", "p/project.yaml", "evidence/disk.csv", in: scratch)
    #expect(forgotten.errors.contains("'evidence/disk.csv' is forgotten"))
    #expect(try !scratch.text("p/project.lock").contains("disk.csv"))
  }

  @Test func aReviewHoldsUntilSomethingChanges() throws {
    let scratch = try Scratch()
    try Self.project(in: scratch)
    try Self.run(
      "review", "p/project.yaml", "data-center.ups-runtime", "data-center.network-support", "--by",
      "  Ada   Lovelace ", in: scratch)
    #expect(try Self.reviewed(in: scratch) == 2)
    let lock = try scratch.text("p/project.lock")
    #expect(lock.contains("by: \"Ada Lovelace\", on: 2026-11-21"))
    // What was seen is locked as well, and nothing else.
    #expect(lock.components(separatedBy: "- evidence:").count == 3)
    let text = try scratch.text("p/project.yaml")
    try scratch.write(
      "p/project.yaml", text.replacing("25 min", with: "26 min").replacing("10-01", with: "10-02"))
    #expect(try Self.reviewed(in: scratch) == 1)
    let check = try Self.run("check", "p/project.yaml", in: scratch, status: 1)
    #expect(
      check.output.contains(
        "the review by Ada Lovelace on 2026-11-21 is void: the answer changed; 'collected' of "
          + "'evidence/ups.txt' changed from 2026-10-01 to 2026-10-02"))
    try Self.run("review", "p/project.yaml", "data-center.ups-runtime", "--by", "Bo", in: scratch)
    #expect(try Self.reviewed(in: scratch) == 2)
    #expect(try scratch.text("p/project.lock").contains("Ada Lovelace"))
  }

  @Test func documentsAndPacksShowReviews() throws {
    let scratch = try Scratch()
    try Self.project(in: scratch)
    try Self.run(
      "review", "p/project.yaml", "data-center.ups-runtime", "--by", "Ada *Lovelace*", in: scratch)
    try Self.run(
      "build", "p/project.yaml", "evidence-report", "--format", "markdown", "-o", "d", in: scratch)
    let report = try scratch.text("d/evidence-report.md")
    #expect(report.contains("- **State:** **★ reviewed**"))
    #expect(report.contains("- **Reviewed by:** Ada \\*Lovelace\\*, 21\u{A0}November\u{A0}2026"))
    let plain = report.replacing("\u{A0}", with: " ")
    #expect(
      plain.contains(
        "collected 1 October 2026, valid from 2 October 2026, valid until 19 February 2027"))
    #expect(plain.contains("| 19 February 2027 | evidence/ups.txt | ◔ expires soon | 90 |"))
    try Self.run("pack", "p/project.yaml", "-o", "pack", in: scratch)
    #expect(try scratch.text("pack/data/evidence-report.md").contains("**★ reviewed**"))
    #expect(
      scratch.names.contains("pack/data/evidence/data-center.network-support/1-copy-terms.html"))
    #expect(scratch.names.contains("pack/data/inputs/project.lock"))
    let verified = try CommandRun(["verify", "pack"], in: scratch.folder)
    #expect(verified.status == 0, "\(verified.output)")
    // An old review does not survive in a pack whose evidence changed.
    try scratch.write("p/evidence/ups.txt", "other\n")
    try Self.run("pack", "p/project.yaml", "-o", "later.zip", in: scratch)
    let later = try CommandRun(["verify", "later.zip"], in: scratch.folder)
    #expect(later.status == 0, "\(later.output)")
    #expect(later.output.contains("'evidence/ups.txt' changed since it was locked"))
  }

  @Test("a review that is due on the 90th day from today is due soon, one on the 91st later")
  func soonDue() throws {
    let scratch = try Scratch()
    let collected = ["2026-08-12", "2026-08-13", "2026-11-11", "2026-11-12"]
    for day in collected { try scratch.write("\(day).txt", "x") }
    let pieces = collected.map { day in
      "      - {file: \(day).txt, collected: \(day), review-every: 100 days}\n"
    }
    try scratch.write(
      "project.yaml",
      """
      guide: commcare-transition
      programme: {title: T}
      answers:
        data-center.ups-runtime:
          answer: 25 min
          evidence:

      """ + pieces.joined())
    try Self.run("build", "evidence-report", "--format", "markdown", "-o", "d", in: scratch)
    let report = try scratch.text("d/evidence-report.md").replacing("\u{A0}", with: " ")
    let lines = report.split(separator: "\n").filter {
      $0.contains("review ") && $0.contains(".txt |")
    }
    #expect(
      lines == [
        "| 20 November 2026 | 2026-08-12.txt | ✗ review overdue | -1 |",
        "| 21 November 2026 | 2026-08-13.txt | ◔ review soon | 0 |",
        "| 19 February 2027 | 2026-11-11.txt | ◔ review soon | 90 |",
        "| 20 February 2027 | 2026-11-12.txt | ✓ review later | 91 |",
      ], "\(lines)")
    #expect(report.contains("1 review is overdue, and 2 will be due within the next 90 days."))
  }

  @Test("a project file whose name is another in the pack finds its lock there")
  func renamed() throws {
    let scratch = try Scratch()
    try Self.project(in: scratch)
    let text = try scratch.text("p/project.yaml")
    try scratch.write("p/Projet numéro 1.yaml", text)
    try Self.run(
      "review", "p/Projet numéro 1.yaml", "data-center.ups-runtime", "--by", "A", in: scratch)
    #expect(scratch.names.contains("p/Projet numéro 1.lock"))
    try Self.run("pack", "p/Projet numéro 1.yaml", "-o", "pack", in: scratch)
    #expect(try scratch.text("pack/data/statement.json").contains("\"reviewed\": 1"))
    let verified = try CommandRun(["verify", "pack"], in: scratch.folder)
    #expect(verified.status == 0, "\(verified.output)")
  }

  /// Two people lock and review in branches of their own; git merges by itself.
  @Test(arguments: [true, false])
  func twoPeopleMergeCleanly(beginsTogether: Bool) throws {
    let scratch = try Scratch()
    try Self.project(in: scratch)
    try Self.run("init", "fresh", "--guide", "commcare-transition", in: scratch, status: 2)
    let made = try CommandRun(
      ["init", "fresh", "--guide", "commcare-transition"], in: scratch.folder)
    #expect(made.status == 0)
    let script = """
      set -eu
      cp fresh/.gitattributes p/
      cd p
      export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
      git init -q -b main . && git config user.email a@example.org && git config user.name A
      \(beginsTogether ? "$RFPGEN lock --today 2026-11-20 2> /dev/null" : "true")
      git add -A && git commit -q -m begin
      git checkout -q -b ada
      echo more > evidence/more.txt
      sed -i 's#- {file: evidence/disk.csv}#- {file: evidence/disk.csv}\\n      - {file: evidence/more.txt}#' project.yaml
      $RFPGEN lock --today 2026-11-20
      $RFPGEN review data-center.ups-runtime data-center.disk-growth --by Ada --today 2026-11-20
      git add -A && git commit -q -m ada
      git checkout -q main && git checkout -q -b bo
      \(beginsTogether
        ? "echo changed > evidence/scale.csv; $RFPGEN lock evidence/scale.csv" : "$RFPGEN lock") \
        --today 2026-11-20
      $RFPGEN review data-center.ups-runtime system-sizing.intended-scale --by Bo --today 2026-11-20
      git add -A && git commit -q -m bo
      git checkout -q main && git merge -q ada && git merge -q -m both bo
      """
    let merged = try CommandRun(shell: script, in: scratch.folder)
    #expect(merged.status == 0, "install git with 'sh dev test': \(merged.output)\(merged.errors)")
    #expect(try Self.reviewed(in: scratch) == 3)
    let lock = try scratch.text("p/project.lock")
    for word in ["more.txt", "by: \"Ada\"", "by: \"Bo\"", "intended-scale"] {
      #expect(lock.contains(word), "\(lock)")
    }
    // Whatever the merge left, the next run puts in order and loses nothing of.
    try Self.run("lock", "p/project.yaml", in: scratch)
    #expect(try Self.reviewed(in: scratch) == 3)
    let lines = try scratch.text("p/project.lock").split(separator: "\n").dropFirst(2)
    #expect(Array(lines) == lines.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    #expect(Set(lines).count == lines.count && lines.count == 9)
  }

  @Test func aLockThatIsALinkStaysOne() throws {
    let scratch = try Scratch()
    try Self.project(in: scratch)
    let run = try CommandRun(
      shell: """
        set -eu
        mkdir p/locks && touch p/locks/small.lock && ln -s locks/small.lock p/project.lock
        $RFPGEN lock p/project.yaml 2> /dev/null
        readlink p/project.lock
        """, in: scratch.folder)
    #expect(run.output == "p/project.lock\nlocks/small.lock\n", "\(run.errors)")
    #expect(try scratch.text("p/locks/small.lock").contains("evidence/ups.txt"))
  }

  @Test func twoWhoWentBothWaysContradictEachOther() throws {
    let scratch = try Scratch()
    try Self.project(in: scratch)
    let script = """
      set -eu
      echo 'project.lock merge=union' > p/.gitattributes
      cd p
      export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
      git init -q -b main . && git config user.email a@example.org && git config user.name A
      $RFPGEN lock 2> /dev/null
      git add -A && git commit -q -m begin
      git checkout -q -b ada
      echo more >> evidence/ups.txt && $RFPGEN lock evidence/ups.txt
      git commit -q -a -m ada
      git checkout -q main && git checkout -q -b bo
      echo more >> evidence/ups.txt && $RFPGEN lock evidence/ups.txt
      echo ups.txt > evidence/ups.txt && $RFPGEN lock evidence/ups.txt
      git commit -q -a -m bo && git merge -q -m both ada
      """
    let merged = try CommandRun(shell: script, in: scratch.folder)
    #expect(merged.status == 0, "\(merged.output)\(merged.errors)")
    let check = try Self.run("check", "p/project.yaml", in: scratch, status: 1).output
    #expect(check.contains("the lock holds another digest of 'evidence/ups.txt' above"))
    // However often the lock is written, neither of the two gets lost: what came then would be new.
    try scratch.write("p/evidence/ups.txt", "third\n")
    for _ in 0..<2 {
      let refused = try Self.run("lock", "p/project.yaml", in: scratch, status: 1)
      #expect(refused.errors.contains("0 new, 0 accepted, 3 unchanged, 1 changed"))
    }
    try Self.run("lock", "p/project.yaml", "evidence/ups.txt", in: scratch)
    #expect(try scratch.text("p/project.lock").components(separatedBy: "ups.txt").count == 2)
  }

  @Test func runsAtTheSameTimeLoseNothing() throws {
    let scratch = try Scratch()
    try Self.project(in: scratch)
    let ids = ["ups-runtime", "network-support", "disk-growth"].map { "data-center.\($0)" }
    let line = (0..<4).flatMap { person in
      ids.map { "$RFPGEN review p/project.yaml \($0) --by P\(person) --today 2026-11-20 &" }
    }.joined(separator: "\n")
    // The pipe is open until the last of them has ended.
    let run = try CommandRun(shell: "{\n\(line)\n} | cat", in: scratch.folder)
    #expect(run.errors == "")
    #expect(try scratch.text("p/project.lock").components(separatedBy: "- review:").count == 13)
    #expect(scratch.names.allSatisfy { !$0.contains(".part") })
  }

  /// A name, what is done in the shell, the status and what must be said.
  static let refusals: [(String, String, Int32, String)] = [
    ("nobody's review", "$RFPGEN review p/project.yaml a.b", 2, "'review' needs '--by NAME'"),
    ("a blank name", "$RFPGEN review p/project.yaml a.b --by ' '", 2, "'review' needs '--by NAME'"),
    (
      "a leftover in place of a name",
      "$RFPGEN review p/project.yaml data-center.ups-runtime --by TBD", 2,
      "'TBD' is nobody who could have reviewed"
    ),
    ("a review of nothing", "$RFPGEN review p/project.yaml --by A", 2, "needs an identifier"),
    ("standard input", "$RFPGEN lock - < p/project.yaml", 2, "which standard input is not"),
    (
      "a file that is no evidence", "$RFPGEN lock p/project.yaml evidence/usp.txt", 2,
      "did you mean 'evidence/ups.txt'?"
    ),
    (
      "a changed file",
      "$RFPGEN lock p/project.yaml; echo x > p/evidence/ups.txt;"
        + "$RFPGEN review p/project.yaml data-center.ups-runtime --by A", 2,
      "'data-center.ups-runtime' is evidenced; only what is current can be reviewed"
    ),
    (
      "a damaged lock",
      "echo '- evidence: {file: x' > p/project.lock; $RFPGEN check p/project.yaml",
      2, "p/project.lock:1:13: note: while parsing a flow mapping"
    ),
    (
      "a damaged lock is not written over",
      "echo '- evidence: {file: x' > p/project.lock; $RFPGEN lock p/project.yaml; s=$?;"
        + "cat p/project.lock; exit $s", 2, "this is not YAML"
    ),
    (
      "a lock that is a folder", "mkdir p/project.lock; $RFPGEN lock p/project.yaml", 2,
      "is not a file"
    ),
    (
      "a lock that leads outside", "ln -s /etc/passwd p/project.lock; $RFPGEN check p/project.yaml",
      2,
      "lies outside the folder"
    ),
  ]

  @Test("what cannot be done is said, and nothing is lost", arguments: refusals)
  func refusal(name: String, line: String, status: Int32, message: String) throws {
    let scratch = try Scratch()
    try Self.project(in: scratch)
    let run = try CommandRun(shell: line, in: scratch.folder)
    #expect(run.status == status, "\(run.output)\(run.errors)")
    #expect(run.errors.contains(message), "\(run.output)\(run.errors)")
    if name.contains("not written over") { #expect(run.output == "- evidence: {file: x\n") }
  }

  @Test(
    "a lock that is a link to nothing is no lock that is not there",
    arguments: [
      "check p/project.yaml", "build p/project.yaml evidence-report -o out",
      "pack p/project.yaml -o out", "lock p/project.yaml",
      "review p/project.yaml data-center.ups-runtime --by Ada",
    ])
  func danglingLock(line: String) throws {
    let scratch = try Scratch()
    try Self.project(in: scratch)
    let link = scratch.folder.path + "/p/project.lock"
    try FileManager.default.createSymbolicLink(
      atPath: link, withDestinationPath: "elsewhere.lock")
    let run = try CommandRun(line.split(separator: " ").map(String.init), in: scratch.folder)
    #expect(run.status == 2)
    #expect(
      run.errors == """
        rfpgen: error: 'p/project.lock' is a link that leads nowhere
        help: bring back what it leads to, or remove the link

        """)
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: link) == "elsewhere.lock")
    #expect(!FileManager.default.fileExists(atPath: scratch.folder.path + "/out"))
  }

  @Test("the schema takes what is written, and OpenSSL and Python find the same digests")
  func judges() throws {
    let scratch = try Scratch()
    try Self.project(in: scratch)
    try Self.run("lock", "p/project.yaml", in: scratch)
    try Self.run(
      "review", "p/project.yaml", "data-center.ups-runtime", "data-center.network-support", "--by",
      "Ada", in: scratch)
    let script = """
      $RFPGEN schema lock > schema.json
      '\(CommandRun.package.path)/.build/venv/bin/python3' - <<'EOF'
      import hashlib, json, yaml
      from jsonschema import Draft202012Validator
      lock = yaml.load(open('p/project.lock'), yaml.BaseLoader)
      Draft202012Validator(json.load(open('schema.json'))).validate(lock)
      project = yaml.load(open('p/project.yaml'), yaml.BaseLoader)
      digest = lambda data: hashlib.sha256(data).hexdigest()
      for line in lock:
          if 'evidence' in line:
              assert digest(open('p/' + line['evidence']['file'], 'rb').read()) == line['evidence']['sha256']
          else:
              answer = project['answers'][line['review']['id']]['answer']
              canonical = json.dumps(answer, sort_keys=True, separators=(',', ':'), ensure_ascii=False)
              assert digest(canonical.encode()) == line['review']['answer'], line
      print(len(lock))
      EOF
      """
    let run = try CommandRun(shell: script, in: scratch.folder)
    #expect(run.output == "6\n", "install the judges with 'sh dev test': \(run.errors)")
  }
}
