import Foundation
import Testing

/// Whatever somebody hands in, the command says what is wrong, where, and what to do.
@Suite struct BadInputTests {
  static let start = "guide: commcare-transition\nprogramme:\n  title: T\n"

  /// A name, the project file's text, and the whole message.
  static let projects: [(String, String, String)] = [
    (
      "an unknown key", start + "  nmae: x\n",
      """
      project.yaml:4:3: error: unknown key 'nmae' in the programme
          4 |   nmae: x
            |   ^
      help: the keys are 'title', 'client', 'country', 'language', 'written-in', 'currency', 'summary', \
      'current-hosting'

      """
    ),
    (
      "a near miss", start + "  clinet: x\n",
      """
      project.yaml:4:3: error: unknown key 'clinet' in the programme
          4 |   clinet: x
            |   ^
      help: did you mean 'client'?

      """
    ),
    (
      "a repeated key", start + "  title: U\n",
      """
      project.yaml:4:3: error: the key 'title' is here a second time
          4 |   title: U
            |   ^
      project.yaml:3:3: note: it stands here first
          3 |   title: T
            |   ^
      help: keep one of the two

      """
    ),
    (
      "an unknown identifier",
      start + "answers:\n  system-sizing.intended-scales:\n    answer: x\n",
      """
      project.yaml:5:3: error: unknown key 'system-sizing.intended-scales' in the answers
          5 |   system-sizing.intended-scales:
            |   ^
      help: did you mean 'system-sizing.intended-scale'?

      """
    ),
    (
      "a guide that is not there", "guide: comcare-transition\nprogramme: {title: T}\n",
      """
      project.yaml:1:8: error: there is no guide 'comcare-transition'
          1 | guide: comcare-transition
            |        ^
      help: did you mean 'commcare-transition'?

      """
    ),
    (
      "the name of a language", start + "  language: English\n",
      """
      project.yaml:4:13: error: 'language' must be the tag of a language such as 'en' or 'pt-BR', not 'English'
          4 |   language: English
            |             ^
      help: write it as BCP 47 does, such as en, fr, pt-BR or sw

      """
    ),
    (
      "a tag as systems write it", start + "  written-in: pt_BR\n",
      """
      project.yaml:4:15: error: 'written-in' must be the tag of a language such as 'en' or 'pt-BR', not 'pt_BR'
          4 |   written-in: pt_BR
            |               ^
      help: did you mean 'pt-BR'?

      """
    ),
    (
      "the name of a currency", start + "  currency: US dollars\n",
      """
      project.yaml:4:13: error: 'currency' must be the three capital letters of a currency such as 'USD', \
      not 'US dollars'
          4 |   currency: US dollars
            |             ^
      help: write it as ISO 4217 does, such as EUR, KES, USD or XOF

      """
    ),
    (
      "a currency in small letters, and one among words",
      start + "  currency: usd\n  written-in: Kiswahili\n",
      """
      project.yaml:4:13: error: 'currency' must be the three capital letters of a currency such as 'USD', not 'usd'
          4 |   currency: usd
            |             ^
      help: did you mean 'USD'?
      project.yaml:5:15: error: 'written-in' must be the tag of a language such as 'en' or 'pt-BR', not 'Kiswahili'
          5 |   written-in: Kiswahili
            |               ^
      help: write it as BCP 47 does, such as en, fr, pt-BR or sw

      """
    ),
    (
      "a list for a mapping", "guide: commcare-transition\nprogramme: [a]\n",
      """
      project.yaml:2:12: error: 'programme' must be a mapping of keys, not a list
          2 | programme: [a]
            |            ^
      help: its keys are 'title', 'client', 'country', 'language', …

      """
    ),
  ]

  @Test(arguments: projects)
  func aWrongProjectIsRefused(name: String, text: String, message: String) throws {
    let scratch = try Scratch()
    try scratch.write("project.yaml", text)
    let run = try CommandRun(["check"], in: scratch.folder)
    #expect(run.status == 2)
    #expect(run.output == "")
    #expect(run.errors == message)
  }

  /// Each file of the three kinds where another one is needed: one line says so.
  @Test(arguments: [
    ("pack tender.yaml -o pack", "'tender.yaml' is a tender, which has no evidence"),
    ("lock tender.yaml", "'tender.yaml' is a tender, where a project is needed"),
    ("award bid.yaml project.yaml", "'bid.yaml' is a bid, where a project is needed"),
    ("award project.yaml tender.yaml", "'tender.yaml' is a tender, where a bid is needed"),
    ("compare project.yaml tender.yaml", "'tender.yaml' is a tender, where a bid is needed"),
    ("compare project.yaml bid.yaml --tender bid.yaml", "'bid.yaml' is a bid, where a tender is"),
    ("compare tender.yaml bid.yaml", "'tender.yaml' is a tender, where a project is needed"),
    ("init --bid project.yaml d", "'project.yaml' is a project, where a tender is needed"),
    ("schema bid --tender project.json", "'project.json' is a project, where a tender is needed"),
  ]) func anotherKindOfFileIsRefused(command: String, message: String) throws {
    let scratch = try Scratch()
    try scratch.write("project.yaml", Self.start)
    try scratch.write(
      "project.json", #"{"guide": "commcare-transition", "programme": {"title": "T"}}"#)
    try scratch.write("tender.yaml", "tender: T-1\nedition: 1\n")
    try scratch.write("bid.yaml", "bid-for: {file: tender.yaml}\nbidder: {id: a, name: A}\n")
    let run = try CommandRun(command.split(separator: " ").map(String.init), in: scratch.folder)
    #expect(run.status == 2)
    #expect(run.errors.hasPrefix("rfpgen: error: \(message)"), "\(run.errors)")
    #expect(run.errors.split(separator: "\n").count == 2)
  }

  /// A command line, and all that is said: what stands there is not what is needed.
  static let misplaced: [(String, String)] = [
    (
      "check programme",
      "'programme' is a folder\nhelp: name a file in it, such as 'programme/project.yaml'"
    ),
    (
      "build programme",
      "'programme' is a folder\nhelp: name a file in it, such as 'programme/project.yaml'"
    ),
    ("lock ours/", "'ours/' is a folder\nhelp: name a file in it, such as 'ours/bid.yaml'"),
    (
      "review programme a.b --by A",
      "'programme' is a folder\nhelp: name a file in it, such as 'programme/project.yaml'"
    ),
    ("compare programme/project.yaml bids", "'bids' is a folder\nhelp: name a file in it"),
    (
      "check /dev/null", "'/dev/null' is not a file\nhelp: name a file, not a folder or a device"
    ),
    (
      "check answers.xlsx",
      "'answers.xlsx' is an archive or a workbook, where a text is needed\n"
        + "help: 'rfpgen verify' reads packs, 'rfpgen import' takes in workbooks"
    ),
    (
      "salt marks.yaml",
      "'marks.yaml' names no guide, so that it is no project file\n"
        + "help: a salt stands beside the project file: name that"
    ),
    (
      "pack programme/project.yaml -o -",
      "a pack is a folder or an archive, which standard output is not\n"
        + "help: write for example 'rfpgen pack -o evidence.zip'"
    ),
    (
      "template eject -", "'-' is standard output, where a folder is needed\nhelp: name a folder"
    ),
    (
      "guide lint well",
      "'well' is not a file\nhelp: name the guide's file, such as 'guides/well.yaml'"
    ),
    (
      "verify bids",
      "'bids' is no evidence pack: it has no 'bagit.txt', no manifest and no statement\n"
        + "help: name the folder or archive that 'rfpgen pack' wrote"
    ),
    (
      "pack programme/project.yaml -o no/x.zip",
      "'no/x.zip' cannot be written: No such file or directory\n"
        + "help: make the folder that it is to stand in first"
    ),
    (
      "build programme/project.yaml rfp --format markdown -o /dev/full/x",
      "the folder '/dev/full/x' cannot be made: Not a directory\n"
        + "help: choose another name or another place for it"
    ),
  ]

  @Test(arguments: misplaced)
  func whatIsNotNeededThereIsNamedWithWhatIs(command: String, message: String) throws {
    let scratch = try Scratch()
    try scratch.write("programme/project.yaml", Self.start)
    try scratch.write("ours/bid.yaml", "bid-for: {file: tender.yaml}\n")
    try scratch.write("bids/note.txt", "")
    try scratch.write("marks.yaml", "marks-for: T\n")
    try scratch.write("answers.xlsx", "PK\u{3}\u{4}\u{0}")
    let before = scratch.names
    let run = try CommandRun(command.split(separator: " ").map(String.init), in: scratch.folder)
    #expect(run.status == 2)
    #expect(run.errors == "rfpgen: error: \(message)\n")
    #expect(scratch.names == before)
  }

  /// Command lines that cannot be done, and the last line of what is said to each.
  @Test(
    "whatever cannot be done, the last line says what to do instead",
    arguments: [
      ("verify evidence-2027.zip", "did you mean 'evidence-2026.zip'?"),
      ("verify nowhere", "name what is there; a path begins at the current folder"),
      ("verify note.txt", "name the folder or archive that 'rfpgen pack' wrote"),
      ("verify /dev/null", "name the folder or archive that 'rfpgen pack' wrote"),
      ("verify note.txt/x", "look whether its path is right"),
      ("check programme/projct.yaml", "did you mean 'programme/project.yaml'?"),
      ("check programme/project.yml", "did you mean 'programme/project.yaml'?"),
      ("check nowhere.yaml", "'rfpgen init DIR' writes a project file to start from"),
      ("check ../\(String(repeating: "x", count: 300)).yaml", "look whether its path is right"),
      ("build nowhere.yaml", "'rfpgen init DIR' writes a project file to start from"),
      ("lock nowhere/project.yaml", "name what is there; a path begins at the current folder"),
      (
        "compare programme/project.yaml our-bid.yaml",
        "'rfpgen init --bid TENDER DIR' writes a bid file to start from"
      ),
      ("award programme/project.yaml bids/ours.yaml", "did you mean 'bids/our.yaml'?"),
      ("init --bid none.yaml x", "'rfpgen build PROJECT tender' writes the tender of a project"),
      (
        "schema bid --tender none.yaml",
        "'rfpgen build PROJECT tender' writes the tender of a project"
      ),
      ("import answers.csv programme/project.yaml", "did you mean 'answer.csv'?"),
      ("guide lint nowhere.yaml", "name what is there; a path begins at the current folder"),
      ("template check nowhere.jinja", "name what is there; a path begins at the current folder"),
      ("render nowhere.jinja", "name what is there; a path begins at the current folder"),
      ("html nowhere.md", "name what is there; a path begins at the current folder"),
      ("html nots.txt", "did you mean 'note.txt'?"),
      ("html note.txt --language English", "write it as BCP 47 does, such as en, fr, pt-BR or sw"),
      (
        "review p/project.yaml a.b --by A",
        "name what is there; a path begins at the current folder"
      ),
      ("check --today tomorrow", "write it as 2026-12-31"),
      ("check --strict=yes", "write '--strict' alone"),
      ("check --strict --strict", "give it once"),
      ("lock -", "name the file"),
      ("build programme/project.yaml -o note.txt", "choose another name or another place for it"),
      ("build programme/project.yaml -o note.txt/x", "choose another name or another place for it"),
      (
        "build programme/project.yaml --format pdf --pdf-timeout soon",
        "write a whole number from 1 to 86400"
      ),
    ])
  func everyRefusalSaysWhatToDo(command: String, remedy: String) throws {
    let scratch = try Scratch()
    try scratch.write("programme/project.yaml", Self.start)
    try scratch.write("bids/our.yaml", "")
    for name in ["note.txt", "evidence-2026.zip", "answer.csv"] { try scratch.write(name, "x\n") }
    let run = try CommandRun(command.split(separator: " ").map(String.init), in: scratch.folder)
    #expect(run.status == 2)
    #expect(run.errors.hasPrefix("rfpgen: error: "))
    #expect(run.errors.hasSuffix("\nhelp: \(remedy)\n"), "\(run.errors)")
  }

  @Test(
    "documents that nothing translates say so",
    arguments: [
      ("de-AT", "write 'languages/de-AT.po' beside the file, or take 'language:' out"),
      ("sw", "write 'languages/sw.po' beside the file, or take 'language:' out"), ("en-GB", nil),
      ("fr-CM", nil),
    ])
  func untranslated(language: String, help: String?) throws {
    let scratch = try Scratch()
    try scratch.write("project.yaml", Self.start + "  language: \(language)\n")
    let run = try CommandRun(["build", "skills-appendix"], in: scratch.folder)
    #expect(run.status == 0)
    #expect(
      run.errors
        == (help.map {
          """
          rfpgen: warning: there is no catalogue of '\(language)': what the documents say of themselves stays \
          English
          help: \($0)

          """
        } ?? ""))
  }

  @Test func aTemplateWithDataOfItsOwnIsToldFromOneOfADocument() throws {
    let scratch = try Scratch()
    try scratch.write("letter.jinja", "{{ name }} {{ programm.title }}\n")
    let run = try CommandRun(["template", "check", "letter.jinja"], in: scratch.folder)
    #expect(run.status == 2)
    let lines = run.errors.components(separatedBy: "\n")
    #expect(
      lines[0]
        == "rfpgen: 'letter.jinja' is checked as a document of a project; with data of its own, add '--any'"
    )
    #expect(lines[1] == "letter.jinja:1:4: error: 'name' is not known")
    #expect(lines[4].hasPrefix("help: known here: today, guide, "), "\(lines[4])")
    #expect(lines[8] == "help: did you mean 'programme'?", "\(run.errors)")
    #expect(
      try CommandRun(["template", "check", "letter.jinja", "--any"], in: scratch.folder).status == 0
    )
  }

  @Test func aLineEndInAFileNameBeginsNoLineOfTheReport() throws {
    let scratch = try Scratch()
    try scratch.write("a\n  error   forged\n/project.yaml", Self.start)
    let run = try CommandRun(["check", "a\n  error   forged\n/project.yaml"], in: scratch.folder)
    #expect(run.status == 1)
    #expect(!run.output.contains("\n  error   forged"))
    #expect(run.output.contains("a␊  error   forged␊/project.yaml:2:1\n"))
  }

  @Test(
    "a secret or a disclosure that is none is told with what to do",
    arguments: [
      (
        "build programme/project.yaml --audience public",
        "'programme/project.salt' holds no salt of 64 hexadecimal digits\nhelp: bring back the file as it was;"
      ),
      (
        "verify pack --disclosed answers.json",
        "'answers.json' is no disclosure of the form 'rfpgen-disclosure-1'\n"
          + "help: name a file that 'rfpgen disclose' printed"
      ),
      (
        "verify pack --disclosed nothing.json",
        "'nothing.json' discloses nothing\nhelp: name a file that 'rfpgen disclose' printed"
      ),
    ])
  func noSecretNoDisclosure(command: String, message: String) throws {
    let scratch = try Scratch()
    try scratch.write(
      "programme/project.yaml", Self.start + "answers:\n  system-sizing.intended-scale: {note: n}\n"
    )
    try scratch.write("programme/project.salt", "\n")
    try scratch.write("answers.json", "{}")
    try scratch.write(
      "nothing.json", #"{"format": "rfpgen-disclosure-1", "disclosed": []}"#)
    let run = try CommandRun(command.split(separator: " ").map(String.init), in: scratch.folder)
    #expect(run.status == 2)
    #expect(run.errors.hasPrefix("rfpgen: error: \(message)"), "\(run.errors)")
  }

  /// A whole disk is not gone through to see that it is no pack.
  @Test func aFolderThatIsNoPackIsRefusedUnread() throws {
    let scratch = try Scratch()
    let run = try CommandRun(
      shell: "ln -s / root; timeout 5 \"$RFPGEN\" verify root", in: scratch.folder)
    #expect(run.status == 2)
    #expect(run.errors.hasPrefix("rfpgen: error: 'root' is no evidence pack"))
  }

  @Test(arguments: ["check", "build"])
  func hostileFilesEndInAMessageWithAPlace(command: String) throws {
    let deep = String(repeating: "[", count: 100_000)
    let bomb =
      "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
      + (1..<9).map { level in
        let name = UnicodeScalar(UInt8(97 + level))
        let below = UnicodeScalar(UInt8(96 + level))
        let items = Array(repeating: "*\(below)", count: 10).joined(separator: ", ")
        return "\(name): &\(name) [\(items)]\n"
      }.joined()
    let files: [(String, Data, String)] = [
      ("deep.yaml", Data(deep.utf8), "deep.yaml:1:65: error: this is nested deeper than 64 levels"),
      (
        "deep.json", Data(deep.utf8),
        "deep.json:1:65: error: this is not JSON: this is nested deeper"
      ),
      ("bomb.yaml", Data(bomb.utf8), "error: aliases make this file grow by more than"),
      (
        "utf16.yaml", Data("guide: x".data(using: .utf16)!),
        "utf16.yaml:1:1: error: the file is UTF-16, not UTF-8"
      ),
      (
        "latin1.yaml", Data([0x61, 0x3A, 0x20, 0xE9, 0x0A]),
        "latin1.yaml:1:4: error: the file is not UTF-8: byte 4"
      ),
      (
        "nul.yaml", Data([0x61, 0x3A, 0x20, 0x00, 0x0A]),
        "nul.yaml:1:4: error: byte 4 of the file is NUL"
      ),
      ("empty.yaml", Data(), "error: 'empty.yaml' is empty"),
      ("broken.yaml", Data("a: [\n".utf8), "broken.yaml:2:1: error: this is not YAML"),
    ]
    let scratch = try Scratch()
    for (name, data, message) in files {
      try scratch.write(name, data)
      let run = try CommandRun([command, name], in: scratch.folder)
      #expect(run.status == 2, "\(name)")
      #expect(run.errors.contains(message), "\(name): \(run.errors)")
    }
    #expect(scratch.names == files.map(\.0).sorted())
  }

  @Test func aFileOfAHundredMegabytesIsRefused() throws {
    let scratch = try Scratch()
    let path = try scratch.write("large.yaml", "")
    let handle = try FileHandle(forWritingTo: path)
    try handle.truncate(atOffset: 100 << 20)
    try handle.close()
    let run = try CommandRun(["check", "large.yaml"], in: scratch.folder)
    #expect(run.status == 2)
    #expect(
      run.errors == """
        rfpgen: error: 'large.yaml' is larger than 64 MiB, the most that is read
        help: keep large material in evidence files

        """)
  }

  /// A name, words on the command line, and the whole message.
  static let misuses: [(String, [String], String)] = [
    ("an unknown command", ["chek"], "there is no command 'chek'\nhelp: did you mean 'check'?"),
    (
      "an unknown option", ["check", "--formt", "json"],
      "there is no option '--formt'\nhelp: did you mean '--format'?"
    ),
    (
      "an unknown format", ["check", "--format", "jsn"],
      "'--format' does not know 'jsn'\nhelp: did you mean 'json'?"
    ),
    (
      "a missing value", ["check", "--today"],
      "'--today' needs a value\nhelp: write '--today DATE'"
    ),
    (
      "an empty value", ["build", "-o", ""],
      "'--output' has an empty value\nhelp: write '--output DIR'"
    ),
    (
      "an empty word", ["check", ""],
      "one of the words is empty\nhelp: look whether a variable of your script has no value"
    ),
    (
      "a wrong date", ["check", "--today", "tomorrow"],
      "'--today' must be a date, not 'tomorrow'\nhelp: write it as 2026-12-31"
    ),
    (
      "an unknown document", ["build", "Examples/commcare/project.yaml", "rpf"],
      "there is no document 'rpf'\nhelp: did you mean 'rfp'?"
    ),
    (
      "an option twice", ["check", "--strict", "--strict"],
      "'--strict' is given twice\nhelp: give it once"
    ),
    (
      "too many words", ["check", "a.yaml", "b.yaml"],
      "'rfpgen check' got too many words\nhelp: write 'rfpgen check [FILE]'"
    ),
    (
      "too few words", ["init"], "'rfpgen init' got too few words\nhelp: write 'rfpgen init DIR'"
    ),
    (
      "half a command", ["guide"],
      "'guide' needs a word more\nhelp: 'rfpgen help guide' lists what there is"
    ),
    (
      "an unknown guide", ["guide", "show", "cht"],
      "there is no guide 'cht'\nhelp: the guides are cht-hosting, commcare-hosting, commcare-transition"
    ),
    (
      "a file that is not there", ["check", "nowhere.yaml"],
      "'nowhere.yaml' cannot be read: No such file or directory\n"
        + "help: 'rfpgen init DIR' writes a project file to start from"
    ),
    (
      "no file named where there is none", ["check"],
      "'project.yaml' cannot be read: No such file or directory\nhelp: name the file where it lies, "
        + "such as DIR/project.yaml; 'rfpgen init DIR' writes a project file to start from"
    ),
  ]

  @Test(arguments: misuses)
  func misuseGetsAClearError(name: String, words: [String], message: String) throws {
    let run = try CommandRun(words)
    #expect(run.status == 2)
    #expect(run.output == "")
    #expect(run.errors == "rfpgen: error: \(message)\n")
  }
}
