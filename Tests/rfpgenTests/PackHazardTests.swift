import Foundation
import Testing

/// Packs while something goes wrong: kills, interruptions, files that change, and very much of everything.
@Suite struct PackHazardTests {
  private static let day = ["--today", "2026-11-21"]

  private static func project(_ evidence: [String]) -> String {
    let items = evidence.map { "      - {file: \"\($0)\"}\n" }.joined()
    return """
      guide: commcare-transition
      programme: {title: Small}
      answers:
        system-assessment.architecture-diagram:
          answer: https://example.org/diagram
          evidence:

      """ + items
  }

  /// A large file that takes no room, and time to pack.
  private static func large(in scratch: Scratch, _ size: String) throws {
    try scratch.write("project.yaml", project(["large.bin"]))
    #expect(try CommandRun(shell: "truncate -s \(size) large.bin", in: scratch.folder).status == 0)
  }

  // MARK: Ends before the end

  @Test(
    "killed at any point, there is a whole pack or none, and the next run cleans up",
    arguments: ["pack", "pack.zip"])
  func killed(name: String) throws {
    let scratch = try Scratch()
    let small = (0..<300).map { "s/\($0).txt" }
    try scratch.write("project.yaml", Self.project(["a.bin", "b.bin"] + small))
    for file in small { try scratch.write(file, "\(file)\n") }
    for file in ["a.bin", "b.bin"] {
      try scratch.write(
        file, Data((0..<4_000_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }))
    }
    let words = ["pack", "-o", name] + Self.day
    let begin = Date()
    #expect(try CommandRun(words, in: scratch.folder).status == 0)
    let duration = Date().timeIntervalSince(begin)
    let target = scratch.folder.appending(path: name)
    try FileManager.default.removeItem(at: target)
    let points = 14
    var interrupted = 0
    for point in 0..<points {
      let process = Process()
      process.executableURL = CommandRun.binary
      process.arguments = words
      process.currentDirectoryURL = scratch.folder
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      usleep(UInt32(duration * Double(point) / Double(points) * 1e6))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      if process.terminationReason == .uncaughtSignal { interrupted += 1 }
      if FileManager.default.fileExists(atPath: target.path) {
        #expect(try CommandRun(["verify", name], in: scratch.folder).status == 0)
        try FileManager.default.removeItem(at: target)
      }
      for left in try FileManager.default.contentsOfDirectory(atPath: scratch.folder.path)
      where !["project.yaml", "a.bin", "b.bin", "s"].contains(left) {
        #expect(left.hasPrefix(".\(name).") && left.hasSuffix(".part"), "\(left)")
      }
    }
    #expect(interrupted > 0, "the command was never killed before its end")
    #expect(try CommandRun(words, in: scratch.folder).status == 0)
    #expect(try CommandRun(["verify", name], in: scratch.folder).status == 0)
    #expect(scratch.names.allSatisfy { !$0.contains(".part") })
  }

  /// A pack, and what the system is asked for at the end: all on the disk, then the name, then that on the disk.
  static let endings: [(String, [String])] = [
    ("pack", ["syncfs", "renameat", "fsync"]), ("pack.zip", ["fsync", "linkat", "fsync"]),
    ("pack.tar.gz", ["fsync", "linkat", "fsync"]),
  ]

  @Test("a pack is on the disk before it takes its name, for the power may go", arguments: endings)
  func durable(name: String, calls: [String]) throws {
    let scratch = try Scratch()
    try scratch.write("project.yaml", Self.project(["a.txt"]))
    try scratch.write("a.txt", "a\n")
    // A call during which a thread ends is told of on two lines.
    let line = """
      strace -f -o trace -e trace=fsync,fdatasync,syncfs,linkat,renameat,renameat2 "$RFPGEN" pack -o \(name) &&
      sed -En 's/^[0-9]+ +(<\\.\\.\\. )?([a-z0-9]+)[( ].*= 0$/\\2/p' trace
      """
    let run = try CommandRun(shell: line, in: scratch.folder)
    #expect(run.status == 0, "install strace, and let it trace: \(run.errors)")
    let made = run.output.split(separator: "\n").drop { $0 == name }.map(String.init)
    #expect(made == calls, "\(run.output)")
  }

  /// A signal, the status that a shell sees, and what is written.
  static let signals: [(String, Int32, String)] = [
    ("INT", 130, "pack.zip"), ("TERM", 143, "pack"), ("HUP", 129, "pack.tar.gz"),
  ]

  @Test("who interrupts a pack finds nothing of it", arguments: signals)
  func interrupted(signal: String, status: Int32, name: String) throws {
    let scratch = try Scratch()
    try Self.large(in: scratch, "20G")
    // Python gives back the default for signals that whoever runs the tests may have switched off.
    let line = """
      python3 -c '
      import os, signal, sys
      for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP): signal.signal(number, signal.SIG_DFL)
      signal.pthread_sigmask(signal.SIG_SETMASK, [])
      os.execv(sys.argv[1], sys.argv[1:])' "$RFPGEN" pack -o \(name) 2> errors & pid=$!
      until ls -A | grep -q part$; do sleep 0.02; done
      sleep 0.2; kill -\(signal) $pid; wait $pid
      """
    let run = try CommandRun(shell: line, in: scratch.folder)
    #expect(run.status == status)
    #expect(scratch.names == ["errors", "large.bin", "project.yaml"])
  }

  @Test("a signal that is switched off stays so")
  func goesOn() throws {
    let scratch = try Scratch()
    try Self.large(in: scratch, "1G")
    let line = """
      trap '' HUP; "$RFPGEN" pack -o pack.zip & pid=$!
      until ls -A | grep -q '\\(part\\|zip\\)$'; do sleep 0.02; done; kill -HUP $pid; wait $pid
      """
    #expect(try CommandRun(shell: line, in: scratch.folder).status == 0)
    #expect(scratch.names.contains("pack.zip"))
  }

  @Test("packing and verifying say how far they are, how fast, and how long it takes")
  func watched() throws {
    let scratch = try Scratch()
    try Self.large(in: scratch, "1200M")
    let line = "\"$RFPGEN\" pack -o pack.zip && \"$RFPGEN\" verify pack.zip"
    let run = try CommandRun(
      shell: "TERM=xterm NO_COLOR= script -qec '\(line)' /dev/null < /dev/null", in: scratch.folder)
    let size = #/[0-9.]+ [kMG]?B/#
    #expect(
      run.output.contains(
        #/rfpgen: packing pack.zip: [0-9.]+ [MG]B of 1.2 GB · [0-9.]+ [MG]B/s · [0-9]+ s left/#),
      "\(run.output)")
    #expect(run.output.contains(#/rfpgen: verifying pack.zip: [0-9.]+ [kM]B of 1.[0-9] MB · /#))
    #expect(run.output.contains(size))
    // The line is gone before anything else is written.
    #expect(run.output.contains("\r\u{1B}[2Kpack.zip"))
  }

  // MARK: What changes meanwhile

  @Test("a link that is swapped while files are packed leads nowhere")
  func swapped() throws {
    let scratch = try Scratch()
    let names = (0..<200).map { "e/\($0 % 2 == 0 ? "swapped" : "plain-\($0)").txt" }
    try scratch.write("p/project.yaml", Self.project(names.map { $0.replacing("e/", with: "e/") }))
    for name in Set(names) { try scratch.write("p/\(name)", "plain\n") }
    try scratch.write("outside/swapped.txt", "secret\n")
    for name in Set(names) { try scratch.write("outside/\(name.dropFirst(2))", "secret\n") }
    // The file and the folder it is in, each a moment the one and a moment the other.
    let line = """
      (while :; do
        mv -T p/e p/f; ln -s ../outside p/e; rm p/e; mv -T p/f p/e
        ln -sf ../../outside/swapped.txt p/e/new; mv -T p/e/new p/e/swapped.txt
        echo plain > p/e/new; mv -T p/e/new p/e/swapped.txt
      done) 2>/dev/null & swapper=$!
      for n in 1 2 3 4 5 6; do "$RFPGEN" pack p/project.yaml -o pack-$n 2>> errors > /dev/null; done
      kill -9 $swapper; wait $swapper 2>/dev/null
      for pack in pack-*; do [ ! -e $pack ] || "$RFPGEN" verify $pack > /dev/null || echo damaged $pack; done
      grep -rl secret pack-* ; ls -A | grep part$; true
      """
    let run = try CommandRun(shell: line, in: scratch.folder)
    #expect(run.output == "")
    let errors = try scratch.text("errors")
    for said in errors.split(separator: "\n") where !said.hasPrefix("help: ") {
      #expect(
        said.contains("leads outside") || said.contains("cannot be read")
          || said.contains("not to be had") || said.contains("evidence file"), "\(said)")
    }
  }

  @Test("a file that somebody writes to is not packed half")
  func growing() throws {
    let scratch = try Scratch()
    try Self.large(in: scratch, "64M")
    let line = """
      (while :; do echo more >> large.bin; done) & writer=$!
      "$RFPGEN" pack -o pack; status=$?; kill -9 $writer; exit $status
      """
    let run = try CommandRun(shell: line, in: scratch.folder)
    #expect(run.status == 2)
    #expect(run.errors.contains("'large.bin' changed while it was packed"), "\(run.errors)")
    #expect(scratch.names == ["large.bin", "project.yaml"])
  }

  // MARK: Names

  @Test("a name that Unicode calls equal to another is another one")
  func equalNames() throws {
    let scratch = try Scratch()
    try scratch.write("project.yaml", Self.project(["Kit.txt"]))
    try scratch.write("Kit.txt", "true\n")
    #expect(try CommandRun(["pack", "-o", "pack"] + Self.day, in: scratch.folder).status == 0)
    // KELVIN SIGN, which is canonically the letter K, stands for it before it in no order of bytes.
    let folder = "pack/data/evidence/system-assessment.architecture-diagram"
    let change = """
      mv \(folder)/1-Kit.txt kept && printf 'forged\\n' > \(folder)/1-Kit.txt
      cp kept "\(folder)/1-$(printf '\\342\\204\\252')it.txt"
      """
    #expect(try CommandRun(shell: change, in: scratch.folder).status == 0)
    let run = try CommandRun(["verify", "pack"], in: scratch.folder)
    #expect(run.status == 1)
    #expect(run.output.contains("changed   '\(folder.dropFirst(5))/1-Kit.txt' is not what"))
    #expect(run.output.contains("extra     '\(folder.dropFirst(5))/1-\u{212A}it.txt' is not in"))
  }

  @Test("a folder beside the project whose name is equal but for its form is outside")
  func equalFolders() throws {
    let scratch = try Scratch()
    let composed = "caf\u{E9}"
    let decomposed = "cafe\u{301}"
    try scratch.write("\(composed)/project.yaml", Self.project(["out.txt"]))
    try scratch.write("\(decomposed)/secret.txt", "secret\n")
    let make = "ln -s '../\(decomposed)/secret.txt' '\(composed)/out.txt'"
    #expect(try CommandRun(shell: make, in: scratch.folder).status == 0)
    let run = try CommandRun(
      ["pack", "\(composed)/project.yaml", "-o", "pack"] + Self.day, in: scratch.folder)
    #expect(run.errors.contains("0 evidence files"), "\(run.errors)")
    #expect(try scratch.text("pack/data/statement.json").contains("\"state\": \"outside\""))
  }

  /// A file's name as YAML writes it, and as the shell makes it.
  static let oddNames: [(String, String)] = [
    ("tab\\tand 'quotes'.txt", "\"tab\tand 'quotes'.txt\""),
    ("$(touch hacked).txt", "'$(touch hacked).txt'"), ("-rf", "-- -rf"),
    ("%0A%25.txt", "%0A%25.txt"), ("\u{202E}txt.exe", "'\u{202E}txt.exe'"),
    ("<b>&amp;|.md", "'<b>&amp;|.md'"), ("\u{1F4C4} \u{FE0F}.pdf", "'\u{1F4C4} \u{FE0F}.pdf'"),
  ]

  @Test("a line end in a path is refused with its place, and nothing is packed")
  func lineEnd() throws {
    let scratch = try Scratch()
    try scratch.write("project.yaml", Self.project(["line\\nend.txt"]))
    let run = try CommandRun(["pack", "-o", "pack"] + Self.day, in: scratch.folder)
    #expect(run.status == 2)
    #expect(
      run.errors.hasPrefix(
        "project.yaml:7:16: error: 'file' must be a path below this file's folder"),
      "\(run.errors)")
    #expect(scratch.names == ["project.yaml"])
  }

  @Test("whatever a file is called, it is packed under a plain name")
  func odd() throws {
    let scratch = try Scratch()
    try scratch.write("project.yaml", Self.project(Self.oddNames.map(\.0)))
    for (_, name) in Self.oddNames {
      let made = try CommandRun(
        shell: "printf content > \(name.replacing("-- ", with: "./"))", in: scratch.folder)
      #expect(made.status == 0, "\(name)")
    }
    let run = try CommandRun(["pack", "-o", "pack.zip"] + Self.day, in: scratch.folder)
    #expect(run.errors.contains("\(Self.oddNames.count) evidence files"), "\(run.errors)")
    let list = try CommandRun(
      shell: "\"$RFPGEN\" verify pack.zip > /dev/null && unzip -qq pack.zip && "
        + ".  /dev/null && find *-2026-11-21 | LC_ALL=C grep -v '^[A-Za-z0-9./_-]*$'; ls *-2026-11-21/data/evidence/*/ | wc -l",
      in: scratch.folder)
    #expect(list.output == "\(Self.oddNames.count)\n")
  }

  // MARK: Very much

  @Test("memory stays the same however large a file is", arguments: ["pack", "pack.tar.gz"])
  func memory(name: String) throws {
    let peaks = try ["1M", "400M"].map { size in
      let scratch = try Scratch()
      try Self.large(in: scratch, size)
      let line = """
        python3 -c '
        import resource, subprocess, sys
        for words in sys.argv[2:]:
            subprocess.run([sys.argv[1], *words.split()], check=True, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)
        print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' "$RFPGEN" 'pack -o \(name)' 'verify \(name)'
        """
      let run = try CommandRun(shell: line, in: scratch.folder)
      return try #require(Int(run.output.dropLast()), "\(run.errors)")
    }
    #expect(peaks[1] - peaks[0] < 16 << 10, "\(peaks) KiB")
  }

  @Test("thousands of files are packed and verified")
  func many() throws {
    let scratch = try Scratch()
    let tool = CommandRun.package.appending(path: "Tests/tools/generate_evidence.py").path
    let line = """
      set -e
      python3 '\(tool)' p --files 3000 --size 100
      "$RFPGEN" pack p/project.yaml -o pack.zip
      "$RFPGEN" verify pack.zip | head -1
      """
    let run = try CommandRun(shell: line, in: scratch.folder)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("pack.zip: whole, 3011 files"), "\(run.output)")
  }
}
