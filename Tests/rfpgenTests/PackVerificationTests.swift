import Foundation
import Testing

/// Packs as they are verified: damaged in every way and caught, or whole in the hands of other programs.
@Suite struct PackVerificationTests {
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
      "a size that is stated twice, in other letters",
      "echo 'payload-oxum: 1.1' >> pack/bag-info.txt && $TAGS",
      "'bag-info.txt' states the size of its payload more than once"
    ),
    (
      "another title, with a manifest of tags made anew",
      "sed -i 's/^External-Description: /&Other /' pack/bag-info.txt && $TAGS",
      "changed   'bag-info.txt' says something else under 'External-Description' than the pack's own data give"
    ),
    (
      "another title of a bag that another program made anew",
      "sed -i 's/^External-Description: /&Other /; s/rfpgen/bagit.py/' pack/bag-info.txt && $TAGS",
      "changed   'bag-info.txt' says something else under 'External-Description'"
    ),
    (
      "another title beside the true one",
      "printf 'external-description: Other\n' >> pack/bag-info.txt && $TAGS",
      "changed   'bag-info.txt' says something else under 'External-Description'"
    ),
    (
      "a title that goes on", "sed -i '/^External/a\\  and more' pack/bag-info.txt && $TAGS",
      "changed   'bag-info.txt' says something else under 'External-Description'"
    ),
    (
      "another day", "sed -i 's/^Bagging-Date: 2026/&7/' pack/bag-info.txt && $TAGS",
      "changed   'bag-info.txt' says something else under 'Bagging-Date'"
    ),
    (
      "another day by nobody",
      "sed -i 's/^Bagging-Date: 2026/&7/; /Agent/d' pack/bag-info.txt && $TAGS",
      "changed   'bag-info.txt' says something else under 'Bagging-Date'"
    ),
    (
      "another version", "sed -i 's/rfpgen .*/rfpgen 9/' pack/bag-info.txt && $TAGS",
      "changed   'bag-info.txt' says something else under 'Bag-Software-Agent'"
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
      "'bag-info.txt' states Payload-Oxum: 9"
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
      "an input of another version that was changed, with manifests made anew",
      "sed -i 's/\"version\": \"/&9./' pack/data/statement.json && "
        + "sed -i 's/answer: 25 min/answer: 95 min/' pack/data/inputs/project.yaml && $REMAKE pack",
      "statement 'data/inputs/project.yaml' is not the file that the statement names"
    ),
    (
      "an input of another version that was added, with manifests made anew",
      "sed -i 's/\"version\": \"/&9./' pack/data/statement.json && "
        + "echo x > pack/data/inputs/more.txt && $REMAKE pack",
      "statement 'data/inputs/more.txt' is not in the statement"
    ),
    (
      "an input of another version that is not there, with manifests made anew",
      "sed -i 's/\"version\": \"/&9./' pack/data/statement.json && "
        + "rm pack/data/inputs/project.yaml && $REMAKE pack",
      "missing   'data/inputs/project.yaml' is not there, but in the statement"
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
      "echo '{' > pack/data/statement.json && $REMAKE pack",
      "statement 'data/statement.json' cannot be used: this is not JSON"
    ),
    (
      "a statement of another form, with manifests made anew",
      "echo '{}' > pack/data/statement.json && $REMAKE pack",
      "'data/statement.json' cannot be used: it is no statement of the form"
    ),
    (
      "a file beside the payload, in the manifest of tags too",
      "echo x > pack/notes.txt && cd pack && sha256sum notes.txt >> tagmanifest-sha256.txt",
      "extra     'notes.txt' does not belong to the pack"
    ),
  ]

  /// Makes the manifest of a pack's own files true again.
  private static let tags = "(cd pack && sha256sum bag*.txt manifest-* > tagmanifest-sha256.txt)"

  @Test("each damage is named, and the status is 1", arguments: damages)
  func damaged(name: String, change: String, expected: String) throws {
    let scratch = try Scratch()
    _ = try PackTests.pack("pack", in: scratch)
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
    (
      "lines of a bag's description in other forms",
      "sed -i 's/^External-Description: /EXTERNAL-DESCRIPTION :  /; s/: \\(.*\\) on /: \\1\\n  on /' "
        + "pack/bag-info.txt && $TAGS"
    ),
    ("other modes", "chmod -R a-w pack; chmod -R a+x pack"),
    (
      "a bag made anew with SHA-512 alone",
      "mv pack/data new && rm -r pack && '\(CommandRun.package.path)/.build/venv/bin/python3' -m bagit --quiet --sha512 new && mv new pack"
    ),
  ]

  @Test("what other programs write differently is no damage", arguments: rewritings)
  func rewritten(name: String, change: String) throws {
    let scratch = try Scratch()
    _ = try PackTests.pack("pack", in: scratch)
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
    ("padded.zip", "bsdtar --format zip -cf - data | cat > padded.zip"),
    ("members.tar.gz", "tar -c data | { head -c 50000 | gzip; gzip; } > members.tar.gz"),
    ("bsd-gnu.tar.gz", "bsdtar --format gnutar -czf bsd-gnu.tar.gz data"),
    ("bsd-pax.tar.gz", "bsdtar --format pax -czf bsd-pax.tar.gz data"),
    ("seven.tar", "7zz a -bd seven.tar data"),
    (
      "python.tar.gz",
      "python3 -c \"import shutil; shutil.make_archive('python', 'gztar', '.', 'data')\""
    ),
    (
      "committed.tar.gz",
      """
      git init -q data && git -C data add . &&
      git -C data -c user.name=Ada -c user.email=ada@example.org commit -qm pack &&
      git -C data archive --prefix=pack/ -o ../committed.tar.gz HEAD
      """
    ),
  ]

  @Test("an archive that another program made of a pack is whole")
  func archived() throws {
    let scratch = try Scratch()
    _ = try PackTests.pack("pack", in: scratch)
    for (name, line) in Self.otherArchives {
      let made = try CommandRun(shell: line, in: scratch.folder)
      #expect(
        made.status == 0, "install zip, 7zip and libarchive-tools: \(made.output)\(made.errors)")
      let run = try CommandRun(["verify", name], in: scratch.folder)
      #expect(run.output.hasPrefix("\(name): whole, 32 files"), "\(run.output)\(run.errors)")
    }
  }

  /// The shell lines that put a file with holes into an archive, as GNU tar and bsdtar tell of them.
  static let holes = [
    "bsdtar -czf pack.tar.gz hollow", "tar -cSzf pack.tar.gz hollow",
    "tar --format=pax -cSzf pack.tar.gz hollow", "tar -cSf pack.tar.gz hollow",
  ]

  @Test("an archive that tells of holes in a file is whole", arguments: holes)
  func hollow(line: String) throws {
    let scratch = try Scratch()
    try scratch.write(
      "project.yaml",
      """
      guide: commcare-transition
      programme: {title: Hollow}
      answers:
        system-assessment.architecture-diagram:
          answer: https://example.org/diagram
          evidence: [{file: hollow.bin}]

      """)
    let made = try CommandRun(
      shell: """
        set -e
        for n in 1 3 5 70 900 1000 1001 1002 2003 2004 2005 2006 2007 2008 2009 2010 2020 2030 2040 \
          2050 2060 2070 2080 2090 3000 3002 3004; do
          echo part $n | dd of=hollow.bin bs=4096 seek=$n conv=notrunc status=none
        done
        truncate -s 16M hollow.bin
        "$RFPGEN" pack -o pack --today 2026-11-21
        cp --sparse=always -r pack hollow
        \(line)
        gzip -cdf pack.tar.gz | wc -c
        """, in: scratch.folder)
    #expect(made.status == 0, "\(made.errors)")
    let size = try #require(Int(made.output.split(separator: "\n").last ?? ""))
    #expect(size < 8 << 20, "the archive holds the holes")
    let run = try CommandRun(["verify", "pack.tar.gz"], in: scratch.folder)
    #expect(run.output.hasPrefix("pack.tar.gz: whole, 12 files"), "\(run.output)\(run.errors)")
  }

  @Test("a report by another version is not compared, and that is said")
  func otherVersion() throws {
    let scratch = try Scratch()
    let folder = try PackTests.pack("pack", in: scratch)
    let statement = folder.appending(path: "data/statement.json")
    let text = try String(contentsOf: statement, encoding: .utf8)
    try text.replacing("\"version\": \"", with: "\"version\": \"9.").write(
      to: statement, atomically: true, encoding: .utf8)
    _ = try CommandRun(
      shell: "sed -i 's/^External-Description: /&Other /' pack/bag-info.txt && "
        + "python3 '\(CommandRun.package.path)/Tests/tools/remake_manifests.py' pack",
      in: scratch.folder)
    let run = try CommandRun(["verify", "pack"], in: scratch.folder)
    #expect(run.status == 0)
    #expect(
      run.output.contains(
        "its reports and 'bag-info.txt' were not compared: only the version that made a pack can"))
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
    ("tar.zip", 1, "archive   the archive's name ends in '.zip', and it is none"),
    ("behind-the-end.tar.gz", 1, "archive   something stands before or behind what"),
    ("behind-the-blocks.tar.gz", 1, "archive   the archive breaks off: "),
    ("part-of-a-block.tar.gz", 1, "archive   the archive breaks off: "),
    ("said-of-nothing.tar.gz", 1, "archive   the archive breaks off: "),
    ("sparse-map.tar.gz", 1, "archive   the archive breaks off: "),
    ("other-size.tar.gz", 1, "archive   the archive breaks off: "),
    ("negative.tar.gz", 1, "archive   the archive breaks off: "),
    ("hollow-other-form.tar.gz", 1, "archive   the archive breaks off: "),
    ("hollow-parts-twice.tar.gz", 1, "archive   the archive breaks off: "),
    ("hollow-parts-without-end.tar.gz", 1, "archive   the archive breaks off: "),
  ]

  /// An archive whose bytes libarchive reads as a whole pack, or nearly so, and what other programs may read
  /// otherwise.
  static let unlike = [
    ("global-path", "a global header with the keyword 'path'"),
    ("global-size", "a global header with the keyword 'size'"),
    ("global-link", "a global header with the keyword 'linkpath'"),
    ("link-path", "a header with the keyword 'linkpath'"),
    ("no-keyword", "a header with the keyword 'SUN.devmajor'"),
    ("said-twice", "a header with 'path' twice, or with nothing"),
    ("said-nothing", "a header with 'path' twice, or with nothing"),
    ("said-too-little", "a header with a line that is not whole"),
    ("said-again", "two headers in front of one file"),
    ("said-two-ways", "two headers in front of one file"),
    ("name-and-more", "a header with something behind a name"),
    ("behind-a-name", "a header with something behind a name"),
    ("kind-V", "a record of kind 'V'"),
    ("kind-M", "a record of kind 'M'"),
    ("kind-N", "a record of kind 'N'"),
    ("kind-X", "a record of kind 'X'"),
    ("kind-S", "a record of kind 'S'"),
    ("kind-K", "a record of kind 'K'"),
    ("kind-7", "a record of kind '7'"),
    ("kind-z", "a record of kind 'z'"),
    ("sized-folder", "a header that states two sizes of '"),
    ("file-or-folder", "a header that calls '"),
    ("file-and-link", "a header that calls '"),
    ("dates-or-name", "a header of a form of its own"),
    ("star-or-posix", "a header of a form of its own"),
    ("size-and-more", "a header with a number of a form of its own"),
    ("hollow-two-names", "a header that gives 'x' two names"),
    ("hole", "a header that gives '"),
    ("hollow-parts-too-many", "a list of a file's holes that is none"),
  ]

  @Test("hostile archives neither escape, nor hang, nor pass")
  func hostileArchives() throws {
    let scratch = try Scratch()
    _ = try PackTests.pack("pack.zip", in: scratch)
    _ = try PackTests.pack("pack.tar.gz", in: scratch)
    let made = try CommandRun(
      shell: """
        mkdir bad && python3 -W ignore '\(CommandRun.package.path)/Tests/tools/hostile_archives.py' \
          pack.zip pack.tar.gz bad
        """, in: scratch.folder)
    #expect(made.status == 0, "\(made.errors)")
    let folder = scratch.folder.appending(path: "bad")
    let unlike = Self.unlike.map { name, thing in
      ("\(name).tar.gz", Int32(1), "archive   the archive holds \(thing)")
    }
    for (name, status, message) in Self.archives + unlike {
      let run = try CommandRun(["verify", name], in: folder)
      #expect(run.status == status, "\(name)")
      #expect((run.output + run.errors).contains(message), "\(name): \(run.output)\(run.errors)")
    }
    #expect(scratch.names.allSatisfy { !$0.hasSuffix("escaped.txt") })
    #expect(!FileManager.default.fileExists(atPath: "/tmp/escaped.txt"))
  }
}
