import Foundation
import Testing

/// Guides in the language of a project, and what is marked where they are not.
@Suite struct GuideTranslationTests {
  private static let guide = """
    guide: well
    edition: "1"
    title: How to dig a well
    language: en
    system: {name: Well, url: https://example.org/well}
    rfp: {background: "Wells give *clean* water.\\n\\n- Rain\\n"}
    phases:
      - id: plan
        number: "1"
        title: Planning
        sections:
          - id: place
            number: "1.1"
            title: The place
            questions:
              - id: depth
                title: Depth
                ask: How deep is it?
                answer: parts
                parts:
                  - {id: metres, title: Metres, answer: number}
                  - id: ground
                    title: Ground
                    answer: choice
                    choices: [{id: sand, title: Mostly sand}, {id: rock, title: Mostly rock}]
                evidence: none
                for: rfp
            checkpoints:
              - {id: dug, statement: The well is dug., relies-on: [depth]}

    """

  private static let catalogue = """
    msgid ""
    msgstr ""
    "Language: fr\\n"
    "Content-Type: text/plain; charset=UTF-8\\n"

    msgid "Planning"
    msgstr "Planification"

    msgid "Mostly rock"
    msgstr "Surtout de la roche"

    msgid "How deep is it?"
    msgstr "Quelle est sa *profondeur* ?"

    """

  private static func project(_ programme: String) -> String {
    """
    guide: well
    programme: {title: Water for all, summary: The *well* of 2027., \(programme)}
    answers:
      place.depth: {answer: {metres: 12, ground: rock}, note: Dug by hand.}

    """
  }

  /// The documents of a project, with a catalogue beside its guide.
  private static func documents(
    _ programme: String, catalogue: String? = catalogue, tag: String = "fr"
  ) throws -> (scratch: Scratch, run: CommandRun) {
    let scratch = try Scratch()
    try scratch.write("guides/well.yaml", guide)
    if let catalogue { try scratch.write("guides/well.\(tag).po", catalogue) }
    try scratch.write("project.yaml", project(programme))
    return (scratch, try CommandRun(["build", "--today", "2026-11-21"], in: scratch.folder))
  }

  @Test func whatACatalogueTranslatesIsInTheLanguageAndTheRestIsMarked() throws {
    let (scratch, run) = try Self.documents("language: fr")
    #expect(run.status == 0, "\(run.errors)")
    let rfp = try scratch.text("output/rfp.md").replacing("\u{A0}", with: " ")
    #expect(rfp.contains("### <span lang=\"en\">Depth</span>\n"))
    #expect(
      rfp.contains("<span lang=\"en\">Wells give *clean* water.</span>\n\n- <span lang=\"en\">Rain")
    )
    #expect(
      rfp.contains(
        "- **<span lang=\"en\">Metres</span> :** 12\n"
          + "- **<span lang=\"en\">Ground</span> :** Surtout de la roche\n"))
    #expect(rfp.contains("The *well* of 2027."))
    let report = try scratch.text("output/evidence-report.md")
      .replacing("\u{A0}", with: " ")
    #expect(report.contains("## Phase 1 : Planification\n"))
    #expect(report.contains("### 1.1 <span lang=\"en\">The place</span>\n"))
    #expect(report.contains("Quelle est sa *profondeur* ? (`place.depth`)"))
    let page = try scratch.text("output/rfp.html")
    #expect(page.contains("<html lang=\"fr\" dir=\"ltr\">"))
    #expect(page.contains("<h3 id=\"depth\" lang=\"en\">Depth</h3>"))
    #expect(page.contains("<li><a href=\"#depth\"><span lang=\"en\">Depth</span></a>"))
    // Checks speak English.
    let gaps = try scratch.text("output/gap-report.md")
    #expect(gaps.contains("<span lang=\"en\">the client is missing</span>"), "\(gaps)")
  }

  @Test func nothingIsMarkedInTheGuidesOwnLanguage() throws {
    for language in ["language: en", "language: en-GB", ""] {
      let (scratch, run) = try Self.documents(language)
      #expect(run.status == 0, "\(run.errors)")
      for name in scratch.names where name.hasSuffix(".md") {
        #expect(!(try scratch.text(name).contains("<span")), "\(name)")
      }
    }
  }

  @Test func directionsAreMarkedWhereTheyDiffer() throws {
    let (scratch, run) = try Self.documents("language: ar, written-in: en-GB")
    #expect(run.status == 0, "\(run.errors)")
    let rfp = try scratch.text("output/rfp.md")
    #expect(rfp.contains("### <span lang=\"en\" dir=\"ltr\">Depth</span>\n"))
    #expect(rfp.contains("<span lang=\"en-GB\" dir=\"ltr\">The *well* of 2027.</span>\n"))
    #expect(rfp.contains("# Request for proposals: <span lang=\"en-GB\" dir=\"ltr\">Water for all"))
    let page = try scratch.text("output/evidence-report.html")
    #expect(page.contains("<html lang=\"ar\" dir=\"rtl\">"))
    #expect(page.contains("<p lang=\"en-GB\" dir=\"ltr\">Dug by hand.</p>"), "\(page)")
  }

  @Test func aLineStaysALine() throws {
    let wrong = Self.catalogue.replacing("\"Planification\"", with: "\"Plani-\\nfication\"")
    let (scratch, run) = try Self.documents("language: fr", catalogue: wrong)
    #expect(run.status == 2)
    #expect(
      run.errors.contains(
        """
        guides/well.fr.po:7:9: error: the translation of one line has several
            7 | msgstr "Plani-\\nfication"
              |         ^
        help: write it without a line end
        """), "\(run.errors)")
    #expect(!scratch.names.contains { $0.hasPrefix("output") })
  }

  @Test func aTagHasToBeOne() throws {
    let (_, run) = try Self.documents("written-in: Old English!")
    #expect(run.status == 2)
    #expect(
      run.errors.contains("2:77: error: 'written-in' must be the tag of a language"),
      "\(run.errors)")
  }

  /// What translators get holds each text of the guide once, and nothing that is no text.
  @Test func translatorsGetEveryText() throws {
    let scratch = try Scratch()
    try scratch.write("guides/well.yaml", Self.guide)
    let run = try CommandRun(["guide", "messages", "guides/well.yaml"], in: scratch.folder)
    #expect(run.status == 0)
    let messages = run.output.matches(of: #/#:[^\n]*\nmsgid ("[^\n]+"|""(\n"[^\n]+")+)/#)
      .map { String($0.1) }
    #expect(
      messages == [
        "\"How to dig a well\"",
        "\"\"\n\"Wells give *clean* water.\\n\"\n\"\\n\"\n\"- Rain\\n\"", "\"Planning\"",
        "\"The place\"", "\"Depth\"", "\"How deep is it?\"", "\"Metres\"", "\"Ground\"",
        "\"Mostly sand\"", "\"Mostly rock\"", "\"The well is dug.\"",
      ])
    #expect(run.output.contains("#: well.yaml:6\nmsgid"))
    #expect(!run.output.contains("python-format"))
    try scratch.write("well.pot", run.output)
    let begun = try CommandRun(
      shell: "msginit --no-translator --input=well.pot --locale=fr -o fr.po 2>&1 "
        + "&& msgfmt --check -o /dev/null fr.po", in: scratch.folder)
    #expect(begun.status == 0, "\(begun.output)\(begun.errors)")
  }

  /// The catalogues that the program carries translate texts that their guides have.
  @Test func carriedCataloguesFitTheirGuides() throws {
    let folder = CommandRun.package.appending(path: "Templates/guides")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".po") }
    #expect(!names.isEmpty)
    for name in names {
      let guide = try #require(name.split(separator: ".").first)
      let texts = try CommandRun(["guide", "messages", String(guide)]).output
      let catalogue = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
      for message in catalogue.matches(of: #/\n\n(msgid [^\n]+)\n/#).map(\.1) {
        #expect(texts.contains("\n\(message)\n"), "\(name): \(message)")
      }
      let check = try CommandRun(
        program: try TestTool.path("msgfmt"), ["--check-format", "-o", "/dev/null", name],
        in: folder)
      #expect(check.status == 0, "\(check.errors)")
    }
    let show = try CommandRun(["guide", "list"])
    #expect(show.output.split(separator: "\n").count == 3)
  }

  /// A pack of a project in French can be verified: it holds the guide's catalogue as well.
  @Test func aPackHoldsTheCatalogue() throws {
    let (scratch, _) = try Self.documents("language: fr")
    let pack = try CommandRun(
      shell: "\"$RFPGEN\" pack project.yaml -o pack --today 2026-11-21; \"$RFPGEN\" verify pack; "
        + "find pack -name 'well.fr.po' | grep -c .", in: scratch.folder)
    #expect(pack.output.hasSuffix("1\n"), "\(pack.output)\(pack.errors)")
    #expect(!pack.output.contains("changed") && !pack.errors.contains("error"), "\(pack.output)")
  }
}
