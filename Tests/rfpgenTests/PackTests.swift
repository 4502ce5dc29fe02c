import Foundation
import Testing

/// Packs of the shipped example: written, verified, damaged in every way, and caught.
@Suite struct PackTests {
  private static let project = "Examples/commcare/project.yaml"
  private static let day = ["--today", "2026-11-21"]

  private static func pack(_ name: String, in scratch: Scratch, _ more: [String] = []) throws -> URL
  {
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
    #expect(run.output.contains("33 gaps that the pack itself states:"))
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
    "the same inputs give the same archive, wherever and by whomever it is made",
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
      TZ=Asia/Tokyo LC_ALL=tr_TR.UTF-8 $RFPGEN pack copy/commcare/project.yaml -o \(name) \
        --today 2026-11-21
      """
    let run = try CommandRun(shell: line, in: second.folder)
    #expect(run.status == 0, "\(run.errors)")
    #expect(FileManager.default.fileExists(atPath: copy.path))
    #expect(try Data(contentsOf: second.folder.appending(path: name)) == one)
  }

  /// A name, what is done to the pack in the shell, and what `verify` must say of it.
  static let damages: [(String, String, String)] = [
    (
      "a changed file", "echo >> pack/data/evidence/data-center.ups-shutdown/1-shutdown-drill.md",
      "changed   'data/evidence/data-center.ups-shutdown/1-shutdown-drill.md' is not what "
        + "'manifest-sha256.txt' says"
    ),
    (
      "a missing file", "rm pack/data/evidence/system-sizing.intended-scale/1-scale-plan.md",
      "missing   'data/evidence/system-sizing.intended-scale/1-scale-plan.md' is not there"
    ),
    (
      "a file too many", "echo x > pack/data/evidence/more.txt",
      "extra     'data/evidence/more.txt' is not in 'manifest-sha256.txt'"
    ),
    (
      "a file beside the payload", "echo x > pack/more.txt",
      "extra     'more.txt' does not belong to the pack"
    ),
    (
      "a link in place of a file",
      "cd pack/data/evidence/data-center.ups-runtime && rm 1-* && ln -s /etc/passwd 1-ups-discharge.png",
      "unsafe    'data/evidence/data-center.ups-runtime/1-ups-discharge.png' is not a plain file"
    ),
    ("a pipe", "mkfifo pack/data/pipe", "unsafe    'data/pipe' is not a plain file"),
    ("no declaration", "rm pack/bagit.txt", "missing   'bagit.txt' is not there"),
    (
      "no manifest of tags, which leaves nothing else too much", "rm pack/tagmanifest-sha256.txt",
      "pack: damaged in 1 place\n"
    ),
    (
      "a size that is stated twice", "echo 'Payload-Oxum: 1.1' >> pack/bag-info.txt && $TAGS",
      "'bag-info.txt' states the size of its payload more than once"
    ),
    (
      "digests of another kind",
      "(cd pack && md5sum data/index.html > manifest-md5.txt) && $TAGS",
      "bag       'manifest-md5.txt' cannot be checked: its digests are neither SHA-256 nor SHA-512"
    ),
    (
      "a manifest of tags alone", "echo x > pack/tagmanifest-sha512.txt",
      "missing   'manifest-sha512.txt' is not there"
    ),
    (
      "files that are elsewhere",
      "cd pack && echo 'https://example.org/x 1 data/x' > fetch.txt && "
        + "sha256sum fetch.txt >> tagmanifest-sha256.txt",
      "bag       'fetch.txt' says that files are to be fetched; a pack holds all of its own"
    ),
    (
      "folders without end", "mkdir -p pack/data/$(seq -s / 100)",
      "lies deeper than anything in a pack"
    ),
    (
      "another declaration", "sed -i s/1.0/9.9/ pack/bagit.txt",
      "changed   'bagit.txt' does not declare a bag of version 1.0 in UTF-8"
    ),
    ("no manifest", "rm pack/manifest-sha256.txt", "missing   'manifest-sha256.txt' is not there"),
    (
      "a manifest without a file", "sed -i /index.html/d pack/manifest-sha256.txt",
      "extra     'data/index.html' is not in 'manifest-sha256.txt'"
    ),
    (
      "a manifest that is none", "echo nonsense >> pack/manifest-sha256.txt",
      "'manifest-sha256.txt' holds no sha256 digest with a path"
    ),
    (
      "a manifest that names a path twice",
      "head -1 pack/manifest-sha256.txt >> pack/manifest-sha256.txt",
      "'manifest-sha256.txt' names 'data/evidence-report.md' twice"
    ),
    (
      "a manifest that leads outside",
      "sed 's#data/index.html#data/../../index.html#' -i pack/manifest-sha256.txt",
      "of 'manifest-sha256.txt' names a path outside the pack"
    ),
    (
      "another size", "sed -i 's/Oxum: ./Oxum: 9/' pack/bag-info.txt",
      "'bag-info.txt' states a payload of 9"
    ),
    (
      "a report that was embellished, with manifests made anew",
      "sed -i 's/unanswered/reviewed/' pack/data/index.html && $REMAKE pack",
      "report    'data/index.html' is not what the pack's own data give"
    ),
    (
      "a statement that was embellished, with manifests made anew",
      "sed -i 's/\"unanswered\"/\"reviewed\"/' pack/data/statement.json && $REMAKE pack",
      "report    'data/statement.json' is not what the pack's own data give"
    ),
    (
      "an input that was changed, with manifests made anew",
      "sed -i 's/answer: 25 min/answer: 95 min/' pack/data/inputs/project.yaml && $REMAKE pack",
      "report    'data/index.html' is not what the pack's own data give"
    ),
    (
      "evidence that was exchanged, with manifests made anew",
      "echo forged > pack/data/evidence/data-center.ups-shutdown/1-shutdown-drill.md && $REMAKE pack",
      "statement 'data/evidence/data-center.ups-shutdown/1-shutdown-drill.md' is not the file that the "
        + "statement names"
    ),
    (
      "evidence that was added, with manifests made anew",
      "echo forged > pack/data/evidence/more.md && $REMAKE pack",
      "statement 'data/evidence/more.md' is not in the statement"
    ),
    (
      "a link record that was changed, with manifests made anew",
      "sed -i s/example.org/example.net/ pack/data/evidence/*/1-link.json && $REMAKE pack",
      "report    'data/evidence/monitoring.health-dashboard/1-link.json' is not what the pack's own data give"
    ),
    (
      "no project file, with manifests made anew",
      "rm pack/data/inputs/project.yaml && $REMAKE pack",
      "missing   the project file is not among the inputs"
    ),
    (
      "no statement, with manifests made anew", "rm pack/data/statement.json && $REMAKE pack",
      "missing   'data/statement.json' is not there"
    ),
    (
      "a statement that is no JSON, with manifests made anew",
      "echo '{' > pack/data/statement.json && $REMAKE pack", "this is not JSON"
    ),
  ]

  /// Makes the manifest of a pack's own files true again.
  private static let tags = "(cd pack && sha256sum bag*.txt manifest-* > tagmanifest-sha256.txt)"

  @Test("each damage is named, and the status is 1", arguments: damages)
  func damaged(name: String, change: String, expected: String) throws {
    let scratch = try Scratch()
    _ = try Self.pack("pack", in: scratch)
    let remake = "python3 '\(CommandRun.package.path)/Tests/tools/remake_manifests.py'"
    let changed = try CommandRun(
      shell: "set -eu; "
        + change.replacing("$REMAKE", with: remake).replacing("$TAGS", with: Self.tags),
      in: scratch.folder)
    #expect(changed.status == 0, "\(changed.errors)")
    let run = try CommandRun(["verify", "pack"], in: scratch.folder)
    #expect(run.status == 1)
    #expect(run.output.contains(expected), "\(run.output)\(run.errors)")
  }

  /// A name, and what is done to a pack that stays whole.
  static let rewritings: [(String, String)] = [
    ("line ends of Windows", "sed -i 's/$/\r/' pack/*.txt && $TAGS"),
    ("line ends of old", "sed -i 's/$/\r/' pack/*.txt && sed -i -z 's/\\n//g' pack/*.txt && $TAGS"),
    (
      "marks of binary files",
      "sed -i 's/  / */' pack/manifest-*.txt && $TAGS && sed -i 's/  / */' pack/tagmanifest-*"
    ),
    ("paths from here", "sed -i 's#  data#\t./data#' pack/manifest-* && $TAGS"),
    ("capital digits", "sed -i -E 's/^[0-9a-f]+/\\U&/' pack/manifest-* && $TAGS"),
    (
      "more about the bag", "printf 'Contact-Name: Ada\n  Lovelace\n' >> pack/bag-info.txt && $TAGS"
    ),
    ("nothing about the bag", "rm pack/bag-info.txt && $TAGS"),
    ("other modes", "chmod -R a-w pack; chmod -R a+x pack"),
    (
      "a bag made anew with SHA-512 alone",
      "mv pack/data new && rm -r pack && '\(CommandRun.package.path)/.build/venv/bin/python3' -m bagit --quiet --sha512 new && mv new pack"
    ),
  ]

  @Test("what other programs write differently is no damage", arguments: rewritings)
  func rewritten(name: String, change: String) throws {
    let scratch = try Scratch()
    _ = try Self.pack("pack", in: scratch)
    let changed = try CommandRun(
      shell: "set -eu; " + change.replacing("$TAGS", with: Self.tags), in: scratch.folder)
    #expect(changed.status == 0, "\(changed.errors)")
    let run = try CommandRun(["verify", "pack"], in: scratch.folder)
    #expect(run.output.hasPrefix("pack: whole, 32 files"), "\(run.output)")
    #expect(run.status == 0)
  }

  /// A name, and the shell line that puts a pack's folder into an archive.
  static let otherArchives: [(String, String)] = [
    ("gnu.tar.gz", "tar -czf gnu.tar.gz pack"),
    ("pax.tar.gz", "tar --format=pax -czf pax.tar.gz ./pack"),
    ("v7.tar.gz", "tar --format=v7 -czf v7.tar.gz pack"),
    ("plain.tar", "tar -cf plain.tar pack"),
    ("unfoldered.tar.gz", "cd pack && tar -czf ../unfoldered.tar.gz ."),
    ("bsd.tar.gz", "bsdtar -czf bsd.tar.gz pack"),
    ("bsd.zip", "bsdtar --format zip -cf bsd.zip pack"),
    ("info.zip", "zip -qr info.zip pack"), ("stored.zip", "zip -qr0 stored.zip pack"),
    ("streamed.zip", "zip -qr - pack > streamed.zip"),
    ("unfoldered.zip", "cd pack && zip -qr ../unfoldered.zip ."),
    ("backwards.zip", "find pack -type f | sort -r | zip -q -@ backwards.zip"),
    ("seven.zip", "7zz a -bd seven.zip pack"),
    (
      "python.zip",
      "python3 -c \"import shutil; shutil.make_archive('python', 'zip', '.', 'pack')\""
    ),
    (
      "windows.zip",
      """
      python3 -c "
      import pathlib, zipfile
      with zipfile.ZipFile('windows.zip', 'w') as new:
          for file in pathlib.Path('pack').rglob('*'):
              entry = zipfile.ZipInfo('x')
              entry.create_system, entry.filename = 0, str(file).replace('/', chr(92))
              if file.is_file(): new.writestr(entry, file.read_bytes())"
      """
    ),
    ("data.zip", "mv pack data && zip -qr data.zip data"),
    ("piped.zip", "zip -qr - data | cat > piped.zip"),
    ("padded.tar.gz", "bsdtar -czf - data | cat > padded.tar.gz"),
    ("members.tar.gz", "tar -c data | { head -c 50000 | gzip; gzip; } > members.tar.gz"),
  ]

  @Test("an archive that another program made of a pack is whole")
  func archived() throws {
    let scratch = try Scratch()
    _ = try Self.pack("pack", in: scratch)
    for (name, line) in Self.otherArchives {
      let made = try CommandRun(shell: line, in: scratch.folder)
      #expect(
        made.status == 0, "install zip, 7zip and libarchive-tools: \(made.output)\(made.errors)")
      let run = try CommandRun(["verify", name], in: scratch.folder)
      #expect(run.output.hasPrefix("\(name): whole, 32 files"), "\(run.output)\(run.errors)")
    }
  }

  @Test("a report by another version is not compared, and that is said")
  func otherVersion() throws {
    let scratch = try Scratch()
    let folder = try Self.pack("pack", in: scratch)
    let statement = folder.appending(path: "data/statement.json")
    let text = try String(contentsOf: statement, encoding: .utf8)
    try text.replacing("\"version\": \"", with: "\"version\": \"9.").write(
      to: statement, atomically: true, encoding: .utf8)
    _ = try CommandRun(
      shell: "python3 '\(CommandRun.package.path)/Tests/tools/remake_manifests.py' pack",
      in: scratch.folder)
    let run = try CommandRun(["verify", "pack"], in: scratch.folder)
    #expect(run.status == 0)
    #expect(
      run.output.contains("its reports were not compared: only the version that made a pack can"))
    let json = try CommandRun(["verify", "pack", "--format", "json"], in: scratch.folder)
    #expect(json.output.contains("\"whole\": true"))
    #expect(json.output.contains("\"reports-compared\": false"))
  }

  /// An archive, the status, and what `verify` must say of it.
  static let archives: [(String, Int32, String)] = [
    ("traversal.zip", 1, "unsafe    'pack/../../escaped.txt' would lie outside the pack"),
    ("absolute.zip", 1, "unsafe    '/tmp/escaped.txt' would lie outside the pack"),
    ("twice.zip", 1, "unsafe    'data/index.html' is in the archive twice"),
    ("beside.zip", 1, "extra     'other/file.txt' lies beside the pack's folder"),
    ("extra.zip", 1, "extra     'data/extra.txt' is not in 'manifest-sha256.txt'"),
    ("line-end.zip", 1, "extra     'data/name\u{FFFD}with line end.txt' is not in"),
    ("traversal.tar.gz", 1, "unsafe    'pack/../../escaped.txt' would lie outside the pack"),
    ("symlink.tar.gz", 1, "unsafe    'data/link' is not a plain file"),
    ("hardlink.tar.gz", 1, "unsafe    'data/hard' is not a plain file"),
    ("device.tar.gz", 1, "unsafe    'data/null' is not a plain file"),
    ("cut.tar.gz", 1, "archive   the archive breaks off: "),
    ("cut.zip", 1, "archive   the archive breaks off: "),
    ("mark.zip", 1, "unsafe    a file of the archive has a name that is no text"),
    ("backslash.zip", 1, "unsafe    '../../escaped.txt' would lie outside the pack"),
    ("link.zip", 1, "unsafe    'data/link' is not a plain file"),
    ("pipe.zip", 1, "extra     'data/pipe' is not in"),
    ("long.zip", 1, "extra     'data/x/x/x/"),
    ("nothing.zip", 1, "extra     'data/ ' is not in"),
    ("pipe.tar.gz", 1, "unsafe    'data/pipe' is not a plain file"),
    ("twice.tar.gz", 1, "unsafe    'data/index.html' is in the archive twice"),
    ("flipped.zip", 1, "archive   the archive breaks off: "),
    ("flipped.tar.gz", 1, "damaged in "),
    ("other-name.zip", 1, "extra     'data/INDEX.html' is not in"),
    ("doubled.tar.gz", 1, "unsafe    'data/index.html' is in the archive twice"),
    ("before.zip", 1, "archive   something stands before or behind what the archive holds"),
    ("behind.zip", 1, "archive   something stands before or behind what the archive holds"),
    ("behind.tar.gz", 1, "archive   something stands before or behind what the archive holds"),
    ("doubled.zip", 1, "archive   something stands before or behind what the archive holds"),
    ("unlisted.zip", 1, "archive   something stands before or behind what the archive holds"),
    ("listed-name.zip", 1, "archive   the archive's list of files says something else of '"),
    ("listed-secret.zip", 1, "archive   the archive's list of files says something else of '"),
    ("renamed.zip", 1, "archive   the archive's list of files says something else of '"),
    ("checksum.tar.gz", 1, "archive   the archive breaks off: its gzip checksum is another one"),
    ("size.tar.gz", 1, "archive   the archive breaks off: its gzip checksum is another one"),
    ("hole.tar.gz", 1, "extra     'data/evidence/hole' is not in"),
    ("crowd.tar.gz", 2, "'crowd.tar.gz' is no evidence pack"),
    ("empty.zip", 2, "'empty.zip' is no archive of a pack: "),
    ("text.zip", 2, "'text.zip' is no archive of a pack: "),
    ("bomb.tar.gz", 2, "'bomb.tar.gz' is no evidence pack"),
    ("overlap.zip", 1, "archive   something stands before or behind what the archive holds"),
  ]

  @Test("hostile archives neither escape, nor hang, nor pass")
  func hostileArchives() throws {
    let scratch = try Scratch()
    _ = try Self.pack("pack.zip", in: scratch)
    _ = try Self.pack("pack.tar.gz", in: scratch)
    let made = try CommandRun(
      shell: """
        mkdir bad && python3 -W ignore '\(CommandRun.package.path)/Tests/tools/hostile_archives.py' \
          pack.zip pack.tar.gz bad
        """, in: scratch.folder)
    #expect(made.status == 0, "\(made.errors)")
    let folder = scratch.folder.appending(path: "bad")
    for (name, status, message) in Self.archives {
      let run = try CommandRun(["verify", name], in: folder)
      #expect(run.status == status, "\(name)")
      #expect((run.output + run.errors).contains(message), "\(name): \(run.output)\(run.errors)")
    }
    #expect(scratch.names.allSatisfy { !$0.hasSuffix("escaped.txt") })
    #expect(!FileManager.default.fileExists(atPath: "/tmp/escaped.txt"))
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
        unzip -p new.zip 'new/data/statement.json' > new.json
        unzip -p old.zip 'old/data/statement.json' | cmp - new.json; rm old.zip
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
      shell: "tar xzf pack.tar.gz && cat pack/data/evidence/*/*", in: scratch.folder)
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
