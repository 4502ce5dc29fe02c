import Foundation
import Testing

/// Packs as they are made: of the shipped example, and of files that may not be read or bear difficult names.
@Suite struct PackTests {
  private static let project = "Examples/commcare/project.yaml"
  private static let day = ["--today", "2026-11-21"]

  /// A pack of the shipped example.
  static func pack(_ name: String, in scratch: Scratch, _ more: [String] = []) throws -> URL {
    let target = scratch.folder.appending(path: name)
    let run = try CommandRun(["pack", project, "-o", target.path] + more + day)
    #expect(run.status == 0, "\(run.errors)")
    #expect(
      run.errors
        == "rfpgen: 18 evidence files, 2 links, 2 not to be had; the report has 20 gaps\n")
    return target
  }

  @Test(
    "a pack is whole, whatever it is written as", arguments: ["pack", "pack.zip", "pack.tar.gz"])
  func whole(name: String) throws {
    let scratch = try Scratch()
    let run = try CommandRun(["verify", Self.pack(name, in: scratch).path])
    #expect(run.status == 0)
    #expect(run.output.contains(": whole, 32 files with "))
    #expect(run.output.contains("19 errors and 14 warnings that the pack itself states:"))
    #expect(!run.output.contains("not compared"))
    #expect(scratch.names.allSatisfy { !$0.contains(".part") })
  }

  @Test("Python's bagit finds a valid bag", arguments: [[], ["--sha512"]])
  func bagit(options: [String]) throws {
    let scratch = try Scratch()
    let folder = try Self.pack("pack", in: scratch, options)
    let run = try CommandRun(
      shell: ".build/venv/bin/python3 -m bagit --validate '\(folder.path)'",
      in: CommandRun.package)
    #expect(run.status == 0, "install the PyPI package bagit with 'sh dev test': \(run.errors)")
    #expect(run.errors.contains("is valid"))
  }

  @Test(
    "the same inputs give the same archive, wherever, by whomever and under whatever name it is made",
    arguments: ["pack.zip", "pack.tar.gz"])
  func reproducible(name: String) throws {
    let first = try Scratch()
    let second = try Scratch()
    let one = try Data(contentsOf: Self.pack(name, in: first))
    // The same project, copied in another order and with other times.
    let copy = second.folder.appending(path: "copy")
    let line = """
      set -eu
      mkdir copy && (cd '\(CommandRun.package.path)/Examples' && find commcare -type f | sort -r) |
        while read -r file; do
          mkdir -p "copy/$(dirname "$file")"
          cp "\(CommandRun.package.path)/Examples/$file" "copy/$file"
        done
      umask 077
      TZ=Asia/Tokyo LC_ALL=tr_TR.UTF-8 $RFPGEN pack copy/commcare/project.yaml -o other-\(name) \
        --today 2026-11-21
      """
    let run = try CommandRun(shell: line, in: second.folder)
    #expect(run.status == 0, "\(run.errors)")
    #expect(FileManager.default.fileExists(atPath: copy.path))
    #expect(try Data(contentsOf: second.folder.appending(path: "other-\(name)")) == one)
  }

  private static func small(_ evidence: String) -> String {
    """
    guide: commcare-transition
    programme: {title: Small}
    answers:
      system-assessment.architecture-diagram:
        answer: https://example.org/diagram
        evidence:
          - file: \(evidence)

    """
  }

  /// A name, the evidence path, what is made in the shell, and the file's state in the statement.
  static let hazards: [(String, String, String, String)] = [
    ("a path upwards", "../secret.txt", "echo secret > secret.txt", "outside"),
    ("an absolute path", "/etc/passwd", "true", "outside"),
    (
      "a link that leads outside", "out.txt",
      "echo secret > secret.txt && ln -s ../secret.txt p/out.txt", "outside"
    ),
    ("a folder link that leads outside", "out/passwd", "ln -s /etc p/out", "outside"),
    ("a device", "device", "ln -s /dev/zero p/device", "outside"),
    ("a pipe", "pipe", "mkfifo p/pipe", "not-a-file"),
    ("a folder", "folder", "mkdir p/folder", "not-a-file"),
    ("a link to itself", "loop", "ln -s loop p/loop", "unreadable"),
    ("nothing", "nothing.txt", "true", "absent"),
  ]

  @Test(
    "a path that may not be read is stated, and nothing of it gets into the pack",
    arguments: hazards)
  func hazard(name: String, path: String, make: String, state: String) throws {
    let scratch = try Scratch()
    try scratch.write("p/project.yaml", Self.small(path))
    #expect(try CommandRun(shell: make, in: scratch.folder).status == 0)
    let run = try CommandRun(
      ["pack", "p/project.yaml", "-o", "pack"] + Self.day, in: scratch.folder)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("0 evidence files, 0 links, 1 not to be had"))
    #expect(try scratch.text("pack/data/statement.json").contains("\"state\": \"\(state)\""))
    let found = try CommandRun(shell: "grep -rlE 'secret$|root:' pack", in: scratch.folder)
    #expect(found.output == "")
    #expect(try CommandRun(["verify", "pack"], in: scratch.folder).status == 0)
  }

  @Test("links within the folder are followed, and an old system finds the same files as a new one")
  func links() throws {
    let scratch = try Scratch()
    let names =
      ["relative", "absolute", "round", "here/kept.txt", "dangling"] + Self.hazards.map(\.1)
    let items = names.map { "      - {file: \"\($0)\"}\n" }.joined()
    try scratch.write(
      "p/project.yaml",
      Self.small("kept.txt").replacing("      - file: kept.txt\n", with: items))
    try scratch.write("p/kept.txt", "kept\n")
    let line = """
      set -eu
      cd p; ln -s kept.txt relative; ln -s "$PWD/kept.txt" absolute; ln -s "../p/kept.txt" round
      ln -s . here; ln -s nowhere dangling; cd ..
      \(Set(Self.hazards.map(\.2)).sorted().joined(separator: "\n"))
      "$RFPGEN" pack p/project.yaml -o new.zip --today 2026-11-21
      for error in ENOSYS EPERM EAGAIN; do
        strace -f -o trace -e trace=openat2 -e inject=openat2:error=$error \
          "$RFPGEN" pack p/project.yaml -o old.zip --today 2026-11-21
        grep -q INJECTED trace
        unzip -p new.zip '*/data/statement.json' > new.json
        unzip -p old.zip '*/data/statement.json' | cmp - new.json; rm old.zip
      done
      """
    let run = try CommandRun(shell: line, in: scratch.folder)
    #expect(run.status == 0, "install strace, and let it trace: \(run.errors)")
    let told = "4 evidence files, 0 links, 10 not to be had"
    #expect(run.errors.components(separatedBy: told).count == 5, "\(run.errors)")
  }

  @Test("items of one name, and names that differ by case or form only, do not collide")
  func collisions() throws {
    let scratch = try Scratch()
    let files = [
      "a/Report.txt", "b/Report.txt", "a/report.txt", "a/r\u{E9}port.txt", "a/re\u{301}port.txt",
    ]
    let items = files.map { "      - {file: \"\($0)\"}\n" }.joined()
    try scratch.write(
      "project.yaml",
      """
      guide: commcare-transition
      programme: {title: Small}
      answers:
        system-assessment.architecture-diagram:
          answer: https://example.org/diagram
          evidence:
      \(items)
      """)
    for (number, file) in files.enumerated() {
      try scratch.write(file, "content \(number)\n")
    }
    let run = try CommandRun(["pack", "-o", "pack.tar.gz"] + Self.day, in: scratch.folder)
    #expect(run.errors.contains("5 evidence files"), "\(run.errors)")
    #expect(try CommandRun(["verify", "pack.tar.gz"], in: scratch.folder).status == 0)
    let list = try CommandRun(
      shell: "tar xzf pack.tar.gz && cat small-2026-11-21/data/evidence/*/*", in: scratch.folder)
    #expect(list.output == files.indices.map { "content \($0)\n" }.joined())
  }

  /// A name, the shell line, and what must be said.
  static let refusals: [(String, String, String)] = [
    ("no output", "$RFPGEN pack p.yaml", "'pack' needs '-o PACK'"),
    (
      "a target that is there", "touch x.zip; $RFPGEN pack p.yaml -o x.zip",
      "'x.zip' is there already"
    ),
    ("an archive of another kind", "$RFPGEN pack p.yaml -o x.tar.xz", "a pack is no '.xz' archive"),
    ("a folder that is there", "mkdir x; $RFPGEN pack p.yaml -o x", "'x' is there already"),
    (
      "a folder that is not there", "$RFPGEN pack p.yaml -o no/x.zip",
      "'no/x.zip' cannot be written: No such file or directory"
    ),
    (
      "a full disk", "$RFPGEN pack p.yaml -o full/x.tar.gz",
      "'full/x.tar.gz' cannot be written: No space left on device"
    ),
    ("a full disk for a folder", "$RFPGEN pack p.yaml -o full/x", "No space left on device"),
    (
      "a full disk for many small files", "$RFPGEN pack many.yaml -o full/x",
      "No space left on device"
    ),
    (
      // The statement of the example is larger than anything else in its pack, and is written beside it.
      "a disk that is full for the statement",
      "trap '' XFSZ; prlimit --fsize=180000 $RFPGEN pack "
        + "'\(CommandRun.package.path)/Examples/commcare/project.yaml' --today 2026-11-21 -o x",
      "'x' cannot be written: File too large"
    ),
    ("no pack", "$RFPGEN verify nothing", "'nothing' cannot be read: No such file or directory"),
    ("an empty folder", "mkdir x; $RFPGEN verify x", "'x' is no evidence pack"),
    ("a device", "$RFPGEN verify /dev/null", "'/dev/null' is neither a folder nor an archive"),
    ("two packs", "$RFPGEN verify a b", "'rfpgen verify' got too many words"),
  ]

  /// What no compression makes small enough for the disks of these tests.
  private static let noise = Data((0..<3_000_000).map { _ in UInt8.random(in: 0...255) })

  @Test("what cannot be done is said, and nothing is left behind", arguments: refusals)
  func refusal(name: String, line: String, message: String) throws {
    let scratch = try Scratch()
    try scratch.write("p.yaml", Self.small("big.bin"))
    try scratch.write("big.bin", Self.noise)
    let many = (0..<40).map { "many/\($0).bin" }
    try scratch.write(
      "many.yaml",
      Self.small("big.bin").replacing(
        "      - file: big.bin\n", with: many.map { "      - file: \($0)\n" }.joined()))
    for file in many { try scratch.write(file, Data(repeating: 7, count: 60_000)) }
    // A file system of its own with too little room, where the system lets us make one.
    let full = "mkdir full && mount -t tmpfs -o size=1m none full && "
    let needsDisk = line.contains("full/")
    let script = needsDisk ? "unshare -m sh -c '\(full)\(line); s=$?; ls -A full; exit $s'" : line
    let run = try CommandRun(shell: script, in: scratch.folder)
    #expect(run.status == 2, "\(run.errors)")
    #expect(run.errors.contains(message), "\(run.errors)")
    #expect(run.output == "")
    #expect(scratch.names.allSatisfy { !$0.contains(".part") })
  }

  @Test(
    "the examples' packs are whole, their links lead somewhere, their statements fit the schema",
    arguments: [
      ("commcare", ["commcare-transition"]), ("cht", ["cht-hosting"]),
      ("hosting", ["commcare-hosting"]),
      ("together", ["commcare-transition", "commcare-hosting"]),
    ])
  func examples(name: String, guides: [String]) throws {
    let scratch = try Scratch()
    let project = CommandRun.package.appending(path: "Examples/\(name)/project.yaml").path
    #expect(
      try CommandRun(["pack", project, "-o", "pack"] + Self.day, in: scratch.folder).status == 0)
    #expect(try CommandRun(["verify", "pack"], in: scratch.folder).status == 0)
    let page = try scratch.text("pack/data/index.html")
    let links = page.matches(of: #/(?:href|src)="([^"]*)"/#).map { String($0.1) }
    var files = 0
    for link in links where !link.hasPrefix("https://") && !link.hasPrefix("mailto:") {
      if link.hasPrefix("#") {
        let isThere = page.contains("id=\"\(link.dropFirst())\"")
        #expect(isThere, "\(link)")
      } else if !link.hasPrefix("data:") {
        files += 1
        let isThere = scratch.names.contains("pack/data/\(link)")
        #expect(isThere, "\(link)")
      }
    }
    let evidence = scratch.names.filter {
      $0.contains(#/^pack\/data\/evidence\/.*\/[0-9]+-[^\/]*$/#) && !$0.hasSuffix("-link.json")
    }
    #expect(files >= evidence.count)
    // What was wrong is found from the first page, for people and for programs.
    #expect(links.contains("gap-report.html") && links.contains("statement.json"))
    for file in evidence {
      let isLinked = links.contains(String(file.dropFirst("pack/data/".count)))
      #expect(isLinked, "\(file)")
    }
    let schema = try CommandRun(["schema", "statement"] + guides.flatMap { ["--guide", $0] })
    try scratch.write("schema.json", schema.output)
    let judged = try CommandRun(
      shell: """
        .build/venv/bin/check-jsonschema --schemafile '\(scratch.folder.path)/schema.json' \
          '\(scratch.folder.path)/pack/data/statement.json'
        """, in: CommandRun.package)
    #expect(
      judged.status == 0,
      "install check-jsonschema with 'sh dev test': \(judged.output)\(judged.errors)")
  }

  @Test("what the page for compliance officers says works, step by step")
  func documented() throws {
    let page = try String(
      contentsOf: CommandRun.package.appending(path: "docs/compliance-officer.md"), encoding: .utf8)
    let steps = page.components(separatedBy: "```sh\n").dropFirst().compactMap {
      $0.components(separatedBy: "\n```").first
    }
    #expect(steps.count == 13)
    let script = """
      set -eu
      rfpgen() { "$RFPGEN" "$@"; }
      EXAMPLES='\(CommandRun.package.path)/Examples'
      \(steps.joined(separator: "\n"))
      """
    let scratch = try Scratch()
    let run = try CommandRun(shell: script, in: scratch.folder)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("evidence-2026.zip: whole"))
  }
}
