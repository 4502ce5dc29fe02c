import Foundation
import Testing

/// Packs and documents for an audience: what it may not see is nowhere, and can be proven later.
@Suite struct AudienceTests {
  private static let day = ["--today", "2026-11-21"]

  /// A file as it is begun: of an answer in several parts, each part is a blank.
  @Test func ofABlankNothingIsWithheld() throws {
    let scratch = try Scratch()
    let run = try CommandRun(
      shell: """
        $RFPGEN init p --guide cht-hosting && $RFPGEN salt p/project.yaml \
          && $RFPGEN pack p/project.yaml --audience public -o pack && $RFPGEN verify pack \
          && ! $RFPGEN disclose p/project.yaml capacity.storage-needs
        """, in: scratch.folder)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("from whom it withholds 0 things\n"))
    #expect(
      run.errors.hasSuffix(
        """
        nothing of 'capacity.storage-needs' is withheld from anybody
        help: it is blank, or everybody may see it: there is nothing to make known

        """), "\(run.errors)")
  }

  /// A project with something to keep at every place; words that begin with `zqkeep` are nobody's but the owner's,
  /// those with `zbkeep` bidders may see, those with `zpkeep` everybody.
  private static func project(in scratch: Scratch, salt: Bool = true) throws {
    try scratch.write(
      "p/project.yaml",
      """
      # zqkeepcomment
      guide: commcare-transition
      programme: {title: zpkeeptitle, client: zpkeepclient}
      rfp:
        contacts: [{name: zpkeepcontact, email: zpkeepcontact@example.org}]
        annexes: [{title: zpkeepannex, file: evidence/zpkeepannex.txt}]
      answers:
        data-center.ups-runtime:
          answer: 25 min
          by: zqkeepauthor
          evidence:
            - {file: evidence/zqkeepups.txt, title: zqkeeptitle, collected: 2026-10-01}
        data-center.network-support:
          answer: https://zqkeeplink.example.org/contract
          evidence:
            - {link: "https://zqkeepterms.example.org/terms", copy: evidence/zqkeepterms.html}
        data-center.disk-growth: # zqkeepcomment
          answer: zbkeepgrowth
          by: zbkeepauthor
          note: zbkeepnote
          audience: bidder
          evidence:
            - {file: evidence/zqkeepdisk.csv}
            - {file: evidence/zbkeepdisk.csv, audience: bidder}
            - {file: evidence/zpkeepdisk.csv, audience: public}
        data-center.maintenance-plan:
          answer: zpkeepplan
          note: zpkeepnote
          audience: public
        installation.sms-gateway:
          answer: "TBD zqkeepleftover"
        system-assessment.current-data-collection:
          answer: {collecting: zqkeepwrong, live-since: [zqkeeplive]}
          audience: auditor
        system-sizing.intended-scale:
          answer: {users-at-launch: 1, users-at-full-scale: 2, full-scale-by: 2028-01-01, timeline: zpkeepsoon}
          by: zqkeepplanner
          evidence:
            - {file: evidence/zpkeepannex.txt}
            - {file: evidence/zqkeepnowhere.txt, title: zqkeepnot there}
      checkpoints:
        data-center.hosting-secured:
          claimed: yes
          by: zqkeepclaimer
          evidence: [{file: evidence/zqkeepclaim.txt}]
      waivers:
        - {for: monitoring.error-dashboard, kind: accepted-gap, reason: zqkeepreason, decided-by: zqkeepdecider}
        - {for: maintenance.deployer, kind: accepted-gap, reason: zpkeepreason, decided-by: zpkeepdecider, audience: public}
        - {for: maintenance.changelog-watcher, kind: accepted-gap, reason: zqkeepold, until: 2026-01-01}

      """)
    for name in [
      "zqkeepups.txt", "zqkeepterms.html", "zqkeepdisk.csv", "zbkeepdisk.csv", "zpkeepdisk.csv",
      "zpkeepannex.txt",
      "zqkeepclaim.txt",
    ] {
      try scratch.write("p/evidence/\(name)", "content \(name)\n")
    }
    let reviews = ["data-center.ups-runtime", "data-center.disk-growth"]
    for words in [["lock"], ["review"] + reviews + ["--by", "zqkeepreviewer"]] {
      let run = try CommandRun(
        [words[0], "p/project.yaml"] + words.dropFirst() + day, in: scratch.folder)
      #expect(run.status == 0, "\(run.errors)")
    }
    if salt { #expect(try CommandRun(["salt", "p/project.yaml"], in: scratch.folder).status == 0) }
  }

  /// What nobody but the owner and auditors may learn besides the words, as it would stand in a pack.
  private static func digests(in scratch: Scratch) throws -> [String] {
    let line = """
      cd p/evidence && sha256sum zqkeepups.txt zqkeepterms.html zqkeepdisk.csv zqkeepclaim.txt | cut -d' ' -f1
      printf '"25 min"' | sha256sum | cut -d' ' -f1
      sed -n 's/^salt: //p' ../project.salt
      """
    return try CommandRun(shell: line, in: scratch.folder).output.split(separator: "\n").map(
      String.init)
  }

  /// An audience, the words that it may not see, and those that it has to.
  static let audiences: [(audience: String, hidden: [String], shown: [String])] = [
    ("public", ["zqkeep", "zbkeep"], ["zpkeep"]), ("bidder", ["zqkeep"], ["zpkeep", "zbkeep"]),
    ("auditor", ["zqkeepcomment"], ["zpkeep", "zbkeep", "zqkeep"]),
  ]

  @Test("what an audience may not see is nowhere in its pack", arguments: audiences)
  func packs(audience: String, hidden: [String], shown: [String]) throws {
    let scratch = try Scratch()
    try Self.project(in: scratch)
    let digests = audience == "auditor" ? [] : try Self.digests(in: scratch)
    #expect(audience == "auditor" || digests.count == 6)
    for name in ["pack", "pack.zip", "pack.tar.gz"] {
      let run = try CommandRun(
        ["pack", "p/project.yaml", "--audience", audience, "-o", name] + Self.day,
        in: scratch.folder)
      #expect(run.status == 0, "\(run.errors)")
      let verified = try CommandRun(["verify", name], in: scratch.folder)
      #expect(verified.status == 0, "\(verified.output)")
      #expect(verified.output.contains("made for the audience '\(audience)'"))
      #expect(!verified.output.contains("not compared"))
    }
    // Every byte of it as it lies there, and unpacked; the names too.
    let line = """
      set -eu
      unzip -q pack.zip -d zip; mkdir tar; tar -xzf pack.tar.gz -C tar
      diff -r pack zip/*-\(audience)-2026-11-21 && diff -r pack tar/*-\(audience)-2026-11-21
      find pack | sort > all; find pack -type f | sort | xargs cat >> all; cat pack.zip pack.tar.gz >> all
      unzip -lv pack.zip >> all; unzip -z pack.zip >> all
      """
    let unpacked = try CommandRun(shell: line, in: scratch.folder)
    #expect(unpacked.status == 0, "\(unpacked.output)\(unpacked.errors)")
    let bytes = String(
      decoding: try Data(contentsOf: scratch.folder.appending(path: "all")), as: UTF8.self)
    for word in hidden + digests {
      let place = bytes.range(of: word, options: .caseInsensitive)
      #expect(place == nil, "\(word): \(place.map { bytes[$0.lowerBound...].prefix(60) } ?? "")")
    }
    for word in shown { #expect(bytes.contains(word)) }
    let bag = try CommandRun(
      shell: ".build/venv/bin/python3 -m bagit --validate '\(scratch.folder.path)/pack'",
      in: CommandRun.package)
    #expect(bag.status == 0, "install the PyPI package bagit with 'sh dev test': \(bag.errors)")
  }

  @Test("what an audience may not see is in none of its documents", arguments: audiences)
  func documents(audience: String, hidden: [String], shown: [String]) throws {
    let scratch = try Scratch()
    try Self.project(in: scratch)
    let run = try CommandRun(
      ["build", "p/project.yaml", "--audience", audience, "-o", "out"] + Self.day,
      in: scratch.folder)
    #expect(run.status == 0, "\(run.errors)")
    let text = try CommandRun(shell: "cat out/*", in: scratch.folder).output
    let digests = audience == "auditor" ? [] : try Self.digests(in: scratch)
    for word in hidden + digests { #expect(!text.contains(word), "\(word)") }
    for word in shown { #expect(text.contains(word)) }
    #expect(text.contains("*withheld*") == (audience != "auditor"))
  }

  @Test("a gap that keeps a document from an audience has its place in the owner's file")
  func gapsHaveThePlacesOfTheOwner() throws {
    let scratch = try Scratch()
    try Self.project(in: scratch)
    func told(_ words: [String]) throws -> [Substring] {
      let run = try CommandRun(
        ["build", "p/project.yaml", "rfp", "--strict", "-o", "out"] + words + Self.day,
        in: scratch.folder)
      #expect(run.status == 1)
      return run.errors.split(separator: "\n").filter { $0.contains(" error: ") }
    }
    let own = try told([])
    let placed = try told(["--audience", "public"]).filter {
      $0.contains(#/^p/project\.yaml:\d+:\d+: /#)
    }
    #expect(placed.count > 20)
    #expect(Set(placed).isSubset(of: own))
  }

  @Test func countsAndGatesAreTheSameForAll() throws {
    let scratch = try Scratch()
    try Self.project(in: scratch)
    var summaries: [NSDictionary] = []
    for audience in [
      [], ["--audience", "auditor"], ["--audience", "bidder"], ["--audience", "public"],
    ] {
      let name = "pack-\(summaries.count)"
      try CommandRun(
        ["pack", "p/project.yaml", "-o", name] + audience + Self.day, in: scratch.folder)
      let data = try Data(contentsOf: scratch.folder.appending(path: "\(name)/data/statement.json"))
      let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
      var summary = try #require(json["summary"] as? [String: Any])
      let phases = try #require(json["phases"] as? [[String: Any]])
      for key in ["errors", "warnings"] { summary[key] = nil }
      summary["gates"] = phases.map { $0["gate"] as? String ?? "" }
      summaries.append(summary as NSDictionary)
    }
    #expect(summaries.allSatisfy { $0 == summaries[0] }, "\(summaries)")
    #expect((summaries[0]["reviewed"] as? Int) == 2)
  }

  @Test("what is disclosed later is proven to be the same, with OpenSSL as well")
  func disclosure() throws {
    let scratch = try Scratch()
    try Self.project(in: scratch)
    let line = """
      set -eu
      $RFPGEN pack p/project.yaml --audience bidder -o pack --today 2026-11-21
      $RFPGEN disclose p/project.yaml data-center.ups-runtime monitoring.error-dashboard > shown.json
      $RFPGEN verify pack --disclosed shown.json | grep disclosed
      for n in 0 1 2 3; do
        digest=$(jq -j ".disclosed[$n].content" shown.json | openssl dgst -sha256 -mac HMAC \\
          -macopt hexkey:$(jq -r ".disclosed[$n].key" shown.json) | sed 's/.* //')
        test "$digest" = "$(jq -r ".disclosed[$n].digest" shown.json)"
        grep -c "$digest" pack/data/inputs/project.yaml
      done
      jq -r '.disclosed[0].content' shown.json
      sha256sum p/evidence/zqkeepups.txt | cut -d' ' -f1 | xargs -I{} grep -c '{}' shown.json
      """
    let run = try CommandRun(shell: line, in: scratch.folder)
    #expect(run.status == 0, "\(run.errors)")
    #expect(
      run.output == """
        pack
          the answer of data-center.ups-runtime that was disclosed is what the pack withholds
          what is known about data-center.ups-runtime that was disclosed is what the pack withholds
          the evidence of data-center.ups-runtime that was disclosed is what the pack withholds
          the waiver of monitoring.error-dashboard that was disclosed is what the pack withholds
        1
        1
        1
        1
        "25 min"
        1

        """)
    // Another answer, another key, another item: none is what was withheld.
    for change in [
      "s/25 min/95 min/", "s/\"key\": \"[0-9a-f]/\"key\": \"x/", "s/\"key\": \"../\"key\": \"00/",
      "s/data-center.ups-runtime/data-center.disk-growth/",
    ] {
      let other = try CommandRun(
        shell:
          "sed '\(change)' shown.json > other.json; $RFPGEN verify pack --disclosed other.json",
        in: scratch.folder)
      #expect(other.status == 1, "\(change)")
      #expect(other.output.contains("the answer of data-center."))
      #expect(other.output.contains("is not what the pack withholds"))
    }
  }

  @Test("the salt is made once, for its owner alone, and needed only where something is withheld")
  func salt() throws {
    let scratch = try Scratch()
    try Self.project(in: scratch, salt: false)
    let refused = try CommandRun(
      ["pack", "p/project.yaml", "--audience", "public", "-o", "pack"], in: scratch.folder)
    #expect(refused.status == 2)
    #expect(
      refused.errors == """
        rfpgen: error: there is no 'project.salt', without which nothing can be withheld
        help: 'rfpgen salt' makes one, once; keep it, and keep it to yourself

        """)
    let free = try CommandRun(
      ["pack", "p/project.yaml", "--audience", "auditor", "-o", "auditor"], in: scratch.folder)
    #expect(free.status == 0, "\(free.errors)")
    let line = """
      umask 000; $RFPGEN salt p/project.yaml && stat -c %a p/project.salt
      cp p/project.salt before; $RFPGEN salt p/project.yaml; echo $?; cmp before p/project.salt
      """
    let made = try CommandRun(shell: line, in: scratch.folder)
    #expect(made.output == "p/project.salt\n600\n2\n")
    #expect(made.errors.contains("is there already"))
    for text in ["", "salt: abc\n", "salt: \(String(repeating: "g", count: 64))\n", "- 1\n"] {
      try scratch.write("p/project.salt", text)
      let run = try CommandRun(
        ["build", "p/project.yaml", "rfp", "--audience", "public"], in: scratch.folder)
      #expect(run.status == 2, "\(text)")
      #expect(run.errors.contains("project.salt"))
    }
  }

  /// A name, what is done in the shell, and what the refusal says.
  static let refusals: [(String, String, String)] = [
    (
      "the salt as evidence",
      "ln p/project.salt p/evidence/other; sed -i s,evidence/zpkeepdisk.csv,evidence/other, p/project.yaml",
      "must not be in this pack\nhelp: take it out of the evidence: with the salt, what is withheld can be guessed"
    ),
    (
      "the project file as evidence",
      "sed -i s,evidence/zpkeepdisk.csv,project.yaml, p/project.yaml",
      "'project.yaml' holds the same as 'p/project.yaml', which must not be in this pack\nhelp: take it out of "
        + "the evidence: the pack has a copy that the audience may see"
    ),
    (
      "a copy of the lock as evidence",
      "$RFPGEN lock p/project.yaml 2> /dev/null; cp p/project.lock p/evidence/zpkeepdisk.csv",
      "'evidence/zpkeepdisk.csv' holds the same as 'p/project.lock', which must not be in this pack"
    ),
    (
      "the bytes of a withheld file under another name",
      "cp p/evidence/zqkeepups.txt p/evidence/zpkeepdisk.csv",
      "'evidence/zpkeepdisk.csv' holds the same as 'evidence/zqkeepups.txt', which must not be in this pack"
    ),
    (
      "a withheld answer that a public one repeats",
      "sed -i 's,answer: zpkeepplan,answer: See **HTTPS://zqkeeplink.example.org/contract**.,' p/project.yaml",
      "'https://zqkeeplink.example.org/contract' is withheld from the audience 'public', but shown to it here"
    ),
    (
      "the name of a withheld file in a public reason",
      "sed -i 's,reason: zpkeepreason,reason: as evidence/zqkeepclaim.txt says,' p/project.yaml",
      "'evidence/zqkeepclaim.txt' is withheld from the audience 'public', but shown to it here"
    ),
    (
      "one file for two audiences",
      "sed -i 's,evidence/zqkeepups.txt,./evidence/zpkeepdisk.csv,' p/project.yaml",
      "'evidence/zpkeepdisk.csv' is not for the audience 'public' here, but shown to it elsewhere"
    ),
    (
      "an annex that is not for all",
      "sed -i 's/- {file: evidence.zpkeepannex.txt}/- {file: evidence\\/zpkeepannex.txt, audience: bidder}/' p/project.yaml",
      "'evidence/zpkeepannex.txt' is not for the audience 'public' here, but shown to it elsewhere"
    ),
    (
      "a copy of a copy", "echo 'audience: bidder' >> p/project.yaml",
      "'p/project.yaml' is a copy for an audience already"
    ),
    (
      "a rung by one's own word",
      "echo 'withheld: [{for: data-center.ups-runtime, rung: reviewed}]' >> p/project.yaml",
      "'withheld' stands only in a copy that was made for an audience"
    ),
    (
      "no audience that there is", "sed -i 's/audience: bidder/audience: bidders/' p/project.yaml",
      "'audience' must be one of 'public', 'bidder', 'auditor', not 'bidders'"
    ),
  ]

  @Test("what would tell more than it may is refused", arguments: refusals)
  func refused(name: String, change: String, message: String) throws {
    let scratch = try Scratch()
    try Self.project(in: scratch)
    _ = try CommandRun(shell: change, in: scratch.folder)
    let run = try CommandRun(
      ["pack", "p/project.yaml", "--audience", "public", "-o", "pack"] + Self.day,
      in: scratch.folder)
    #expect(run.status == 2)
    #expect(run.errors.contains(message), "\(run.errors)")
    #expect(!scratch.names.contains { $0.hasPrefix("pack") || $0.hasSuffix(".part") })
  }

  @Test("what is repeated is told with both places, and may be cleared with a reason")
  func repeated() throws {
    let scratch = try Scratch()
    let head = "guide: commcare-transition\n"
    let own = """
      programme: {title: Small, client: Ministry of Health and Sanitation}
      rfp: {contacts: [{name: Hanna Brise, title: Director of Digital Health}]}
      answers:
        data-center.maintenance-plan: {answer: Kilima Data Centre}
        data-center.network-support: {answer: Ministry of Health and Sanitation, audience: bidder}
        data-center.ups-runtime: {answer: 25 min}
        installation.sms-gateway:
          answer: |
            Two sites. The second one stands in the hills behind Selmora.

            Hanna Brise, Director of Digital Health
        data-center.disk-growth:
          answer: After 25 min, all that is in the *kilima
            data centre* stops; the second one stands in the hills behind Selmora, too.
          audience: public

      """
    try scratch.write("p/project.yaml", head + own)
    try CommandRun(["salt", "p/project.yaml"], in: scratch.folder)
    let build = ["build", "p/project.yaml", "rfp", "-o", "out", "--audience"]
    let run = try CommandRun(build + ["public"] + Self.day, in: scratch.folder)
    #expect(run.status == 2)
    #expect(run.errors.contains("p/project.yaml:14:13: error: 'Kilima Data Centre' is withheld"))
    #expect(run.errors.contains("p/project.yaml:5:42: note: it is withheld here"))
    #expect(run.errors.contains("'Ministry of Health and Sanitation' is withheld"))
    #expect(!run.errors.contains("'25 min'") && !run.errors.contains("Hanna"))
    #expect(
      try CommandRun(build + ["auditor"] + Self.day, in: scratch.folder).status == 0)
    let disclosed = try CommandRun(
      ["disclose", "p/project.yaml", "data-center.maintenance-plan"], in: scratch.folder)
    #expect(disclosed.status == 0, "\(disclosed.errors)")
    let cleared = """
      cleared:
        - {text: kilima data centre, reason: its name is known}
        - {text: Ministry of Health and Sanitation, reason: everybody knows who asks}
        - {text: The second one stands in the hills behind Selmora., reason: a map shows it}

      """
    try scratch.write("p/project.yaml", head + cleared + own)
    let passes = try CommandRun(build + ["public"] + Self.day, in: scratch.folder)
    #expect(passes.status == 0, "\(passes.errors)")
  }

  /// A name, what is done in the shell, and the file that then repeats what is withheld.
  static let repetitions: [(String, String, String)] = [
    (
      "a text file",
      "printf 'one\\n\\nAll of the *Kilima\\r\\nData* Centre is locked.\\n' > p/shown.txt",
      "shown.txt:3:1"
    ),
    (
      "far within a large file",
      "(head -c 3000000 /dev/zero | tr '\\0' '.'; printf ' kilima data centre '; head -c 90000 /dev/zero) > p/shown.txt",
      "shown.txt:1:1"
    ),
    (
      "bytes that are no text", "printf '\\377\\376\\0(Kilima Data Centre)\\0' > p/shown.txt",
      "shown.txt:1:1"
    ),
    (
      "a template's comment",
      "$RFPGEN template eject p/templates && sed -i '1s/^/{# Kilima Data Centre #}/' p/templates/gap-report.md.jinja",
      "templates/gap-report.md.jinja:1:1"
    ),
    (
      "a guide beside the project",
      "mkdir p/guides && cp '\(CommandRun.package.path)/Templates/guides/commcare-transition.yaml' p/guides && echo '# Kilima Data Centre' >> p/guides/commcare-transition.yaml",
      "guides/commcare-transition.yaml:"
    ),
  ]

  @Test("what is withheld is in no file of the pack", arguments: repetitions)
  func repeatedInFiles(name: String, change: String, place: String) throws {
    let scratch = try Scratch()
    let project = """
      guide: commcare-transition
      programme: {title: Small}
      answers:
        data-center.maintenance-plan:
          answer: Kilima Data Centre
          evidence: [{file: kept.txt, title: Maintenance plan}]
        data-center.disk-growth:
          answer: It grows.
          audience: bidder
          evidence: [{file: shown.txt, audience: bidder}]

      """
    try scratch.write("p/project.yaml", project)
    // A short title is a common name; texts that the program brings are nobody's secret.
    try scratch.write("p/shown.txt", "The Kilima data. Maintenance plan, signed.\n")
    try scratch.write("p/kept.txt", "kept\n")
    try CommandRun(["salt", "p/project.yaml"], in: scratch.folder)
    let pack = ["pack", "p/project.yaml", "--audience", "bidder"] + Self.day
    let fine = try CommandRun(pack + ["-o", "fine"], in: scratch.folder)
    #expect(fine.status == 0, "\(fine.errors)")
    let changed = try CommandRun(shell: change, in: scratch.folder)
    #expect(changed.status == 0, "\(changed.errors)")
    for target in ["pack", "pack.zip"] {
      let run = try CommandRun(pack + ["-o", target], in: scratch.folder)
      #expect(run.status == 2)
      #expect(run.errors.hasPrefix(place), "\(run.errors)")
      #expect(
        run.errors.contains(
          "error: 'Kilima Data Centre' is withheld from the audience 'bidder', but shown to it here"
        ))
      #expect(run.errors.contains("p/project.yaml:5:13: note: it is withheld here"))
      #expect(!scratch.names.contains { $0.hasPrefix("pack") || $0.hasSuffix(".part") })
    }
    let file = place.split(separator: ":")[0]
    for (cleared, status) in [(file, 0), ("other.txt", 2)] {
      try scratch.write(
        "p/project.yaml",
        project + "cleared: [{text: kilima data centre, in: \(cleared), reason: it is known}]\n")
      let run = try CommandRun(pack + ["-o", "pack-\(status)"], in: scratch.folder)
      #expect(run.status == Int32(status), "\(run.errors)")
    }
  }

  /// A name, what makes the project in the shell, its file, and words that nobody but auditors may see.
  static let kinds: [(String, String, String, [String])] = [
    (
      "a project in JSON",
      """
      \(CommandRun.package.path)/.build/venv/bin/python3 -c '
      import json, sys, yaml
      print(json.dumps(yaml.load(open("p/project.yaml"), yaml.BaseLoader)))' > p/project.json
      rm p/project.yaml p/project.salt p/project.lock
      """, "p/project.json", ["zqkeep", "25 min"]
    ),
    (
      "a project that follows two guides",
      """
      rm -r p; cp -r '\(CommandRun.package.path)/Examples/together' p
      sed -i 's/^waivers:/&\\n  - {for: commcare-transition:service-levels.availability, kind: accepted-gap, reason: zqkeep}/' p/project.yaml
      """, "p/project.yaml",
      ["Version 4 adds the second site", "zqkeep"]
    ),
  ]

  @Test("other kinds of projects keep as much", arguments: kinds)
  func kind(name: String, made: String, file: String, hidden: [String]) throws {
    let scratch = try Scratch()
    try Self.project(in: scratch)
    let line = """
      set -eu
      \(made)
      $RFPGEN salt \(file)
      $RFPGEN pack \(file) --audience public -o pack --today 2026-11-21
      $RFPGEN build \(file) --audience public -o out --today 2026-11-21 > made
      $RFPGEN verify pack > verified
      find pack out | sort > all; find pack out -type f | xargs cat >> all
      """
    let run = try CommandRun(shell: line, in: scratch.folder)
    #expect(run.status == 0, "\(run.errors)")
    let verified = try scratch.text("verified")
    #expect(verified.contains("made for the audience 'public', from whom it withholds"))
    #expect(!verified.contains("not compared"))
    let all = try scratch.text("all")
    for word in hidden { #expect(!all.contains(word), "\(word)") }
    #expect(all.contains("*withheld*"))
  }

  @Test(
    "a bid and a tender have no audiences", arguments: ["bids/tamrin.yaml", "bids/tender.yaml"])
  func bids(file: String) throws {
    let scratch = try Scratch()
    let path = CommandRun.package.appending(path: "Examples/commcare/\(file)").path
    let run = try CommandRun(
      ["build", path, "--audience", "public", "-o", scratch.folder.path] + Self.day)
    #expect(run.status == 2)
    #expect(run.errors.contains("'--audience' is for a project"))
  }
}
