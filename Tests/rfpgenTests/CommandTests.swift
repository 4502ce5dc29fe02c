import DocModel
import Foundation
import Testing

/// The commands as a person uses them.
@Suite struct CommandTests {
  static let commands = [
    ["init"], ["check"], ["build"], ["compare"], ["guide", "list"], ["guide", "show"],
    ["guide", "lint"],
    ["guide", "messages"],
    ["template", "list"], ["template", "show"], ["template", "eject"], ["template", "check"],
    ["template", "messages"],
    ["schema"], ["render"], ["html"], ["completions"], ["man"], ["lock"], ["review"],
    ["pack"], ["verify"], ["salt"], ["disclose"], ["export"], ["import"], ["award"],
  ]

  @Test func noCommandIsForgottenHere() throws {
    let table = try CommandRun([]).output.split(separator: "\n")
      .drop { $0 != "commands:" }.dropFirst().prefix { $0.hasPrefix("  ") }
    let names = table.map { $0.dropFirst(2).components(separatedBy: "  ")[0] }
    #expect(Set(names) == Set(Self.commands.map { $0.joined(separator: " ") }))
  }

  @Test(arguments: commands)
  func eachCommandHasHelpWithAnExample(words: [String]) throws {
    let help = try CommandRun(words + ["--help"])
    #expect(help.status == 0)
    // The lines of tables begin with spaces and are as long as they are.
    for line in help.output.split(separator: "\n") where !line.hasPrefix(" ") {
      #expect(line.count <= 100, "\(line)")
    }
    #expect(help.output.hasPrefix("rfpgen \(words.joined(separator: " ")): "))
    #expect(help.output.contains("\nexamples:\n  rfpgen \(words.joined(separator: " "))"))
    #expect(try CommandRun(["help"] + words).output == help.output)
    #expect(try CommandRun([]).output.contains("  \(words.joined(separator: " "))  "))
  }

  @Test func theVersionIsOneLine() throws {
    let run = try CommandRun(["--version"])
    #expect(run.status == 0)
    #expect(run.output.wholeMatch(of: #/rfpgen \d+\.\d+\.\d+\n/#) != nil)
  }

  @Test func anUntouchedBlankFileIsValidAndBuilds() throws {
    let scratch = try Scratch()
    let made = try CommandRun(
      ["init", "p", "--guide", "commcare-transition", "--title", "Say \"yes\": #1 & <b>"],
      in: scratch.folder)
    #expect(made.status == 0)
    #expect(made.output == "p/project.yaml\n")
    #expect(try scratch.text("p/.gitattributes") == "project.lock merge=union\n")
    #expect(try scratch.text("p/.gitignore") == "*.salt\n")
    let check = try CommandRun(["check", "p/project.yaml"], in: scratch.folder)
    #expect(check.status == 1)
    #expect(check.errors == "")
    #expect(check.output.contains("Say \"yes\": #1 & <b>"))
    let build = try CommandRun(["build", "p/project.yaml", "-o", "out"], in: scratch.folder)
    #expect(build.status == 0)
    #expect(scratch.names.count { $0.hasPrefix("out/") } == 2 * Document.all.count + 1)
    #expect(try scratch.text("out/rfp.html").contains("Say &quot;yes&quot;: #1 &amp; &lt;b&gt;"))
  }

  /// What the tender tells bidders to run works beside its file.
  @Test(arguments: ["en", "fr"])
  func theTenderNamesACommandThatWorks(language: String) throws {
    let scratch = try Scratch()
    let project = "guide: commcare-transition\nprogramme: {title: T, language: \(language)}\n"
    try scratch.write("project.yaml", project)
    let build = try CommandRun(["build", "tender", "-o", "."], in: scratch.folder)
    #expect(build.status == 0, "\(build.errors)")
    let commands = try scratch.text("tender.md").matches(of: #/`rfpgen ([^`]+)`/#)
    #expect(!commands.isEmpty)
    for command in commands {
      let words = command.1.split(separator: " ").map(String.init)
      let run = try CommandRun(words, in: scratch.folder)
      #expect(run.status == 0, "\(command.0): \(run.errors)")
    }
  }

  /// The guide is begun with before the file is read: a wrong guess at its name changes nothing.
  @Test(arguments: [
    "guide: commcare-transition", "guide:   commcare-transition  # ours",
    "guide: 'commcare-transition'",
    "guide: \"commcare-transition\"", "\"guide\": commcare-transition",
    "guide:\n  commcare-transition",
  ])
  func theGuideIsFoundHoweverItIsWritten(line: String) throws {
    let scratch = try Scratch()
    let rest = "\nprogramme:\n  title: T\n  summary: |\n    x\n    guide: cht-hosting\n"
    try scratch.write("project.yaml", line + rest)
    let run = try CommandRun(["check", "--format", "json"], in: scratch.folder)
    #expect(run.errors == "" && run.output.contains("\"guide\": \"commcare-transition\""))
  }

  @Test func aNULIsShownAndNothingIsCutOff() throws {
    let scratch = try Scratch()
    try scratch.write("project.yaml", "guide: commcare-transition\nprogramme: {title: \"a\\0b\"}\n")
    let build = ["build", "rfp", "--format", "markdown", "-o", "-"]
    let run = try CommandRun(build, in: scratch.folder)
    #expect(run.status == 0)
    #expect(run.output.hasPrefix("# Request for proposals: a\u{2400}b\n"))
    try scratch.write(
      "project.yaml",
      """
      guide: commcare-transition
      programme: {title: t}
      answers:
        system-sizing.intended-scale:
          evidence: [{file: "project.yaml\\0.pdf"}]
      """)
    let path = try CommandRun(["check"], in: scratch.folder)
    #expect(path.status == 2)
    #expect(path.errors.contains("'file' must be a path below this file's folder"))
  }

  @Test(arguments: ["~", "+"]) func aTextThatDoublesEndsInAnError(operation: String) throws {
    let scratch = try Scratch()
    try scratch.write(
      "t.jinja",
      """
      {% set ns = namespace(x='aaaaaaaaaa') %}
      {% for i in range(60) %}
      {% set ns.x = ns.x \(operation) ns.x %}
      {% endfor %}
      """)
    let run = try CommandRun(["render", "t.jinja"], in: scratch.folder)
    #expect(run.status == 2)
    #expect(run.errors.contains("the result of '\(operation)' is larger than the limit of"))
  }

  @Test func aProjectOfSeveralGuidesBeginsInAFolderThatIsMade() throws {
    let scratch = try Scratch()
    let guides = Guide.builtInNames.flatMap { ["--guide", $0] }
    let run = try CommandRun(["init", "made"] + guides, in: scratch.folder)
    #expect(run.status == 0, "\(run.errors)")
    let check = try CommandRun(["check", "made/project.yaml"], in: scratch.folder)
    #expect(check.status == 1, "\(check.errors)")
  }

  @Test func nothingThatIsThereIsOverwritten() throws {
    let scratch = try Scratch()
    try scratch.write("project.yaml", "mine")
    try scratch.write("templates/rfp.md.jinja", "mine")
    let again = try CommandRun(["init", ".", "--guide", "commcare-transition"], in: scratch.folder)
    #expect(again.status == 2)
    #expect(again.errors.contains("'project.yaml' is there already"))
    let eject = try CommandRun(["template", "eject", "templates"], in: scratch.folder)
    #expect(eject.status == 2)
    #expect(scratch.names == ["project.yaml", "templates", "templates/rfp.md.jinja"])
    #expect(try scratch.text("project.yaml") == "mine")
  }

  @Test func anEjectedTemplateTakesThePlaceOfTheBuiltInOne() throws {
    let scratch = try Scratch()
    try scratch.write("project.yaml", BadInputTests.start)
    #expect(try CommandRun(["template", "eject", "templates"], in: scratch.folder).status == 0)
    let before = try CommandRun(
      ["build", "rfp", "--format", "markdown", "-o", "-", "--today", "2026-11-21"],
      in: scratch.folder)
    try FileManager.default.removeItem(at: scratch.folder.appending(path: "templates"))
    let builtIn = try CommandRun(
      ["build", "rfp", "--format", "markdown", "-o", "-", "--today", "2026-11-21"],
      in: scratch.folder)
    #expect(before.output == builtIn.output)
    try scratch.write("templates/rfp.md.jinja", "# {{ programme.title }} of mine\n")
    let own = try CommandRun(
      ["build", "rfp", "--format", "markdown", "-o", "-"], in: scratch.folder)
    #expect(own.output == "# T of mine\n")
  }

  @Test func aTemplateErrorIsShownWithItsPlace() throws {
    let scratch = try Scratch()
    try scratch.write("project.yaml", BadInputTests.start)
    try scratch.write("templates/rfp.md.jinja", "# RFP\n\n{{ programme.nmae }}\n")
    try scratch.write("output/rfp.md", "old")
    let run = try CommandRun(["build"], in: scratch.folder)
    #expect(run.status == 2)
    #expect(run.errors.hasPrefix("rfpgen: error") == false)
    #expect(run.errors.contains("rfp.md.jinja:3:4: error: 'programme.nmae' is not known"))
    #expect(try scratch.text("output/rfp.md") == "old")
  }

  @Test(arguments: [
    "{% include '../secret.txt' %}", "{% include '../../secret.txt' %}",
    "{% include '../project.yaml' %}", "{% include '/etc/passwd' %}",
    "{% include 'link.md.jinja' %}", "{% include 'rfp.md.jinja' %}",
  ])
  func includesStayInTheFolderAndEnd(template: String) throws {
    let scratch = try Scratch()
    try scratch.write("p/project.yaml", BadInputTests.start + "# secret\n")
    try scratch.write("p/secret.txt", "secret")
    try scratch.write("secret.txt", "secret")
    try scratch.write("p/templates/rfp.md.jinja", template + "\n")
    try FileManager.default.createSymbolicLink(
      at: scratch.folder.appending(path: "p/templates/link.md.jinja"),
      withDestinationURL: scratch.folder.appending(path: "secret.txt"))
    let run = try CommandRun(
      ["build", "p/project.yaml", "rfp", "-o", "-", "--format", "markdown"], in: scratch.folder)
    #expect(run.status == 2)
    #expect(!run.output.contains("secret"))
    #expect(run.errors.contains("rfp.md.jinja:1:"))
  }

  @Test func theGuideCountsAsItsSourceDoes() throws {
    let run = try CommandRun(["guide", "show", "commcare-transition", "--format", "json"])
    let json = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
    let guide = try #require(json as? [String: Any])
    func items(_ key: String, of object: [String: Any]) -> [[String: Any]] {
      object[key] as? [[String: Any]] ?? []
    }
    let phases = items("phases", of: guide)
    let sections = phases.flatMap { items("sections", of: $0) }
    #expect(phases.count == 6)
    #expect(phases.count { $0["optional"] as? Bool == true } == 1)
    #expect(sections.count == 13)
    #expect(sections.count { $0["optional"] as? Bool == true } == 2)
    #expect(sections.flatMap { items("questions", of: $0) }.count == 46)
    #expect(sections.flatMap { items("checkpoints", of: $0) }.count == 24)
    let counts = [
      "responsibilities": 15, "components": 12, "scale": 4, "trade-offs": 5, "requirements": 4,
      "roles": 2, "deliverables": 3, "skills": 10,
    ]
    for (key, count) in counts { #expect(items(key, of: guide).count == count, "\(key)") }
    #expect(items("service-levels", of: guide).count >= 16)
    let sizing = try #require(guide["sizing"] as? [String: Any])
    #expect(items("rows", of: sizing).count == 4)
    let dataCentre = try #require(sections.first { $0["number"] as? String == "2.2" })
    let considerations = items("considerations", of: dataCentre)
    #expect(considerations.count == 5)
    #expect(considerations.map { items("options", of: $0).count }.max() == 3)
  }

  @Test func standardInputAndOutputWork() throws {
    let text = try String(
      contentsOf: CommandRun.package.appending(path: ExampleTests.project), encoding: .utf8)
    let run = try CommandRun(
      ["build", "-", "skills-appendix", "--format", "markdown", "-o", "-"],
      in: CommandRun.package.appending(path: "Examples/commcare"), input: text)
    #expect(run.status == 0)
    #expect(run.output.hasPrefix("# Skills: "))
    let two = try CommandRun(["build", "-", "rfp", "-o", "-"], input: text)
    #expect(two.status == 2)
    #expect(two.errors.contains("'-o -' takes one document in one format"))
  }

  /// A guide may leave out most of what the documents can show.
  @Test func everyDocumentIsMadeWithASmallGuide() throws {
    let scratch = try Scratch()
    let fixtures = CommandRun.package.appending(path: "Tests/DocModelTests/Fixtures")
    try scratch.write(
      "guides/well.yaml", try Data(contentsOf: fixtures.appending(path: "guide.yaml")))
    try scratch.write(
      "project.yaml", try Data(contentsOf: fixtures.appending(path: "Checks/clean.yaml")))
    let run = try CommandRun(["build", "--today", "2026-11-21"], in: scratch.folder)
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test func aFullDiskLeavesEarlierOutputsWhole() throws {
    let scratch = try Scratch()
    try scratch.write("project.yaml", BadInputTests.start)
    #expect(try CommandRun(["build"], in: scratch.folder).status == 0)
    let before = scratch.names.map { ($0, try? scratch.text($0)) }
    // No file may grow beyond 20 KiB; without the trap the kernel kills the process instead.
    for trap in ["trap '' XFSZ; ", ""] {
      let run = try CommandRun(
        shell: "\(trap)ulimit -f 20; \"$RFPGEN\" build --today 2020-01-01", in: scratch.folder)
      #expect(run.status != 0)
      if !trap.isEmpty {
        #expect(run.status == 2)
        #expect(run.errors.contains("cannot be written: File too large"))
      }
      for (name, text) in before where !name.hasSuffix(".part") {
        #expect((try? scratch.text(name)) == text, "\(name)")
      }
    }
  }

  /// Only what differs is written: dates of all else go on saying since when it is as it is.
  @Test func outputsThatAreTheSameStayUntouched() throws {
    let scratch = try Scratch()
    try scratch.write("project.yaml", BadInputTests.start)
    let build = "\"$RFPGEN\" build rfp gap-report --today 2026-11-21"
    let files = ["rfp.md", "rfp.html", "gap-report.md", "gap-report.html"]
    let run = try CommandRun(
      shell: """
        \(build) && cp -r output first && touch -d 2001-01-01 output/*
        sed -i 's/gap/gab/' output/rfp.md && touch -d 2001-01-01 output/rfp.md
        echo more >> output/rfp.html && touch -d 2001-01-01 output/rfp.html
        mv output/gap-report.md elsewhere && ln -s ../elsewhere output/gap-report.md
        \(build) >/dev/null && diff -r first output && ls -l --time-style=+%Y output
        test -L output/gap-report.md || echo a file
        """, in: scratch.folder)
    #expect(run.status == 0, "\(run.errors)")
    let lines = run.output.split(separator: "\n").dropFirst(files.count)
    let kept = lines.filter { $0.contains(" 2001 ") }
    #expect(kept.map { $0.split(separator: " ").last } == ["gap-report.html"])
    #expect(lines.last == "a file")
  }

  @Test func anOutputFolderThatIsAFileIsRefused() throws {
    let scratch = try Scratch()
    try scratch.write("project.yaml", BadInputTests.start)
    try scratch.write("taken", "a file")
    let run = try CommandRun(["build", "-o", "taken"], in: scratch.folder)
    #expect(run.status == 2)
    #expect(
      run.errors
        == "rfpgen: error: the folder 'taken' cannot be made: a file of that name is there\n"
        + "help: choose another name or another place for it\n")
    #expect(try scratch.text("taken") == "a file")
  }

  @Test func noLineOfSwiftNamesAGuide() throws {
    let sources = CommandRun.package.appending(path: "Sources")
    let names = try FileManager.default.subpathsOfDirectory(atPath: sources.path)
    let words =
      Guide.builtInNames + ["commcare", "dimagi", "community health toolkit", "cht-core", "medic"]
    for name in names where name.hasSuffix(".swift") {
      // What stands in a comment is for people who read the source.
      let lines = try String(contentsOf: sources.appending(path: name), encoding: .utf8)
        .split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("//") }
      for line in lines {
        for word in words { #expect(!line.lowercased().contains(word), "\(name): \(line)") }
      }
    }
  }
}

/// The commands that take any template, data and Markdown.
@Suite struct RenderTests {
  @Test func anyTemplateRendersWithAnyDataAndValuesStayInert() throws {
    let scratch = try Scratch()
    try scratch.write("part.jinja", "- {{ x }}\n")
    try scratch.write(
      "t.jinja", "# {{ name }}\n\n{% for x in xs %}\n{% include 'part.jinja' %}\n{% endfor %}\n")
    try scratch.write("d.yaml", "name: \"*a*\"\nxs: [1, \"# c\"]\n")
    try scratch.write("d.json", "{\"name\": \"*a*\", \"xs\": [1, \"# c\"]}")
    for data in ["d.yaml", "d.json"] {
      let run = try CommandRun(["render", "t.jinja", "--data", data], in: scratch.folder)
      #expect(run.status == 0)
      #expect(run.output == "# \\*a\\*\n\n- 1\n- \\# c\n")
    }
    let plain = try CommandRun(
      ["render", "t.jinja", "--data", "d.yaml", "--no-escape"], in: scratch.folder)
    // Jinja drops the last line end of a template, also of one that is included.
    #expect(plain.output == "# *a*\n\n- 1- # c")
    let none = try CommandRun(["render", "t.jinja"], in: scratch.folder)
    #expect(none.status == 2)
    #expect(none.errors.hasPrefix("t.jinja:1:6: error: 'name' is undefined"))
  }

  /// A code span or a fence is lengthened also where a macro writes into it, each for itself.
  @Test func codeAroundAMacroIsLengthened() throws {
    let scratch = try Scratch()
    try scratch.write(
      "t.jinja",
      """
      {% macro m(x) -%}
      {{ x }}
      {%- endmacro %}
      - `{{ m(v) }}` and `{{ m(v) }}`

      `{{ m(v) }}` first

      ```
      {{ m(w) }}
      ```

      - ```
        {{ m(w) }}
        ```

      """)
    try scratch.write("d.json", #"{"v": "a`b", "w": "a\n```\nb"}"#)
    let run = try CommandRun(["render", "t.jinja", "--data", "d.json"], in: scratch.folder)
    #expect(run.status == 0)
    #expect(
      run.output == """
        - ``a`b`` and ``a`b``

        ``a`b`` first

        ````
        a
        ```
        b
        ````

        - ````
          a
          ```
          b
          ````

        """)
  }

  @Test func namesAreListedOrRefusedWithoutRendering() throws {
    let scratch = try Scratch()
    try scratch.write("t.jinja", "{{ programme.client }} {{ programme.nmae }}\n")
    let any = try CommandRun(["template", "check", "t.jinja", "--any"], in: scratch.folder)
    #expect(any.status == 0)
    #expect(any.output.contains("t.jinja:1:4: programme.client\n"))
    let known = try CommandRun(["template", "check", "t.jinja"], in: scratch.folder)
    #expect(known.status == 2)
    #expect(known.errors.contains("t.jinja:1:27: error: 'programme.nmae' is not known"))
    for name in try CommandRun(["template", "list"]).output.split(separator: "\n") {
      let run = try CommandRun(["template", "check", "Templates/documents/\(name)"])
      #expect(run.status == 0, "\(name): \(run.errors)")
    }
  }

  @Test func markdownBecomesAPageOrAFragment() throws {
    let text = "# A\n\n[b](javascript:c)\n\n<script>x</script>\n"
    let fragment = try CommandRun(["html", "-", "--fragment"], input: text)
    #expect(fragment.status == 0)
    #expect(fragment.output.hasPrefix("<h1 id=\"a\">A</h1>\n"))
    #expect(!fragment.output.contains("script"))
    let open = try CommandRun(["html", "-", "--fragment", "--unsafe"], input: text)
    #expect(open.output.contains("<a href=\"javascript:c\">b</a></p>\n<script>x</script>"))
    let page = try CommandRun(["html", "-", "--language", "ar"], input: text)
    #expect(page.output.contains("<html lang=\"ar\" dir=\"rtl\">"))
    #expect(page.output.contains("<title>A</title>"))
  }
}
