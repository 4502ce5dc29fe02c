import DocModel
import Foundation
import Testing

/// PO catalogues and the languages made of them.
@Suite struct LanguageTests {
  @Test func readsAndRefusesCatalogues() throws {
    try Cases("Reading/po.txt").check { item in
      do {
        return try Catalogue(Source(name: "x.po", bytes: item.bytes)).listing
      } catch let error as InvalidInput {
        return error.text
      }
    }
  }

  /// The rules of the languages that gettext's manual lists, each with the form of each count up to
  /// 300 as Python's gettext computes it, judged by GNU msgfmt besides.
  @Test func pluralRulesAreThoseOfGettext() throws {
    let rules = [
      "nplurals=1; plural=0", "nplurals=2; plural=n != 1", "nplurals=2; plural=n>1;",
      "nplurals=3; plural=n%10==1 && n%100!=11 ? 0 : n != 0 ? 1 : 2",
      "nplurals=3; plural=n==1 ? 0 : n==2 ? 1 : 2",
      "nplurals=3; plural=n==1 ? 0 : (n==0 || (n%100 > 0 && n%100 < 20)) ? 1 : 2",
      "nplurals=3; plural=n%10==1 && n%100!=11 ? 0 : n%10>=2 && (n%100<10 || n%100>=20) ? 1 : 2",
      "nplurals=3; plural=(n==1) ? 0 : (n>=2 && n<=4) ? 1 : 2",
      "nplurals=4; plural=n%100==1 ? 0 : n%100==2 ? 1 : n%100==3 || n%100==4 ? 2 : 3",
      "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5",
      "nplurals=5; plural=n==1 ? 0 : n==2 ? 1 : n<7 ? 2 : n<11 ? 3 : 4",
      "nplurals=2; plural=!(n == 1 || n % 10 * 2 / 3 - 1 + n >= 7)",
      "nplurals=3; plural=n == 1 == 1 ? 2 : n < 5 < 1 ? 1 : 0",
    ]
    let program = """
      import gettext, json, sys
      print(json.dumps([[gettext.c2py(r.split("plural=", 1)[1].rstrip("; "))(n) for n in range(301)]
                        for r in json.load(sys.stdin)]))
      """
    let expected = try JSONDecoder().decode(
      [[Int]].self,
      from: run("/usr/bin/python3", ["-c", program], input: JSONEncoder().encode(rules)))
    for (rule, forms) in zip(rules, expected) {
      let catalogue = try Catalogue(
        Source(name: "x.po", text: "msgid \"\"\nmsgstr \"Plural-Forms: \(rule)\\n\"\n"))
      #expect((0...300).map(catalogue.plural.form) == forms, "\(rule)")
    }
  }

  @Test(arguments: Language.builtInTags)
  func msgfmtAcceptsTheCatalogues(tag: String) throws {
    let file = Folder.package.appendingPathComponent("Templates/languages/\(tag).po")
    let said = try run(
      "/usr/bin/msgfmt", ["--check", "-o", "/dev/null", file.path], errors: true)
    #expect(String(decoding: said, as: UTF8.self) == "")
  }

  /// What our reader takes msgfmt takes, and the other way round.
  @Test func msgfmtRefusesWhatWeRefuse() throws {
    for item in try Cases("Reading/po.txt").cases {
      let isAccepted = !item.expected.contains("error:")
      // msgfmt does not skip the mark that editors of Windows put at the beginning.
      let bytes =
        item.bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? item.bytes.dropFirst(3) : item.bytes[...]
      let arguments = ["--check-header", "--check-format", "-o", "/dev/null", "-"]
      let code = try status("/usr/bin/msgfmt", arguments, input: Data(bytes))
      switch item.name {
      // It converts other charsets, and takes files whose header is missing or comes late.
      // It ignores a rule that does not say how many forms there are.
      case "another charset", "no header", "an empty file", "the header comes later",
        "a plural rule without a number of forms":
        continue
      default: #expect((code == 0) == isAccepted, "\(item.name)")
      }
    }
  }

  @Test func hostileCataloguesAreRefusedInLinearTime() throws {
    let pieces = [
      "msgid \"a\"\n", "\"", "msgstr[", "#", "\\", "msgctxt \"", "\"\"", "(",
      "msgid \"x\"\nmsgstr \"",
      "#, fuzzy\n", "\\x", "msgid \"\"\nmsgstr \"Plural-Forms: nplurals=2; plural=((((((((",
    ]
    for piece in pieces {
      func work(_ count: Int) throws -> Int {
        let source = try Source(name: "x.po", text: String(repeating: piece, count: count))
        var found = 0
        _ = messages {
          do {
            _ = try Catalogue(source)
          } catch let error as InvalidInput {
            found = error.diagnostics.count
            throw error
          }
        }
        return found
      }
      #expect(try work(20_000) <= 102, "\(piece)")
    }
    let deep = String(repeating: "(", count: 400) + "n" + String(repeating: ")", count: 400)
    #expect(
      messages {
        _ = try Catalogue(
          Source(
            name: "x.po", text: "msgid \"\"\nmsgstr \"Plural-Forms: nplurals=2; plural=\(deep)\\n\""
          ))
      }.contains("is no expression over 'n' that C knows"))
  }

  // MARK: Languages

  /// A list of gaps names fields by these words, never by the keys of the file.
  @Test(arguments: ["en", "fr"])
  func everyFieldThatMayBeAGapHasAName(tag: String) throws {
    let language = try Language(tag: tag, in: Files(today: .sample))
    let shape = Project.shape(for: .small)
    let inside = ["programme", "rfp"].flatMap { key -> [String] in
      guard case .record(let record)? = shape.fields.first(where: { $0.key == key })?.shape else {
        return []
      }
      return record.fields.map { "\(key).\($0.key)" }
    }
    #expect(inside.count > 20)
    let ofBids = ["bid-for", "contacts", "costs", "costs.currency", "team", "valid-until"]
    for name in inside + ["hosting", "taken", "waivers", "cleared"] + ofBids {
      #expect(language.word("field", name) != name, "\(name)")
    }
  }

  @Test func aLanguageTakesTheNearestCatalogue() throws {
    let words = ["pt-BR": "janeiro (BR)", "pt": "janeiro", "en-GB": "Jan"]
    var files = Files(today: .sample)
    for (tag, word) in words {
      files.texts["languages/\(tag).po"] = """
        msgid ""
        msgstr "Content-Type: text/plain; charset=UTF-8\\n"
        msgctxt "month"
        msgid "1"
        msgstr "\(word)"
        """
    }
    for (tag, found, january) in [
      ("pt-BR", "pt-BR", "janeiro (BR)"), ("PT-br", "pt-BR", "janeiro (BR)"),
      ("pt-PT", "pt", "janeiro"), ("pt", "pt", "janeiro"), ("en", "en", "January"),
      ("en-GB", "en-GB", "Jan"), ("xx", "en", "January"), ("", "en", "January"),
      ("zh-hant-tw", "en", "January"),
    ] {
      let language = try Language(tag: tag, in: files)
      #expect(language.tag == found, "\(tag)")
      #expect(language.forms.months[0] == january, "\(tag)")
      #expect(language.forms.months[1] == "February", "\(tag)")
      #expect(language.word("alert", "note") == "Note")
      #expect(language.word("alert", "no such word") == "no such word")
    }
  }

  /// As a pack holds the catalogues that its reports were made with.
  @Test func aCopyOfACatalogueSaysNothingOfItsOwn() throws {
    var files = Files(today: .sample)
    for tag in ["en", "fr"] {
      let bytes = try #require(EmbeddedFiles.bytes(of: "languages/\(tag).po"))
      files.texts["languages/\(tag).po"] = String(decoding: bytes, as: UTF8.self)
    }
    #expect(try Language(tag: "en", in: files).isOriginal)
    #expect(try Language(tag: "fr", in: files).catalogues.count == 2)
    files.texts["languages/en.po"]?.append("\n")
    #expect(try !Language(tag: "en", in: files).isOriginal)
    #expect(try Language(tag: "fr", in: files).catalogues.count == 3)
  }

  @Test(arguments: [
    ("ar", true), ("he-IL", true), ("fa", true), ("az-Arab", true), ("ur-Latn-PK", false),
    ("en", false), ("fr-CA", false), ("", false), ("AR", true),
  ])
  func directionFollowsTheScript(tag: String, isRightToLeft: Bool) {
    #expect(Language.isRightToLeft(tag) == isRightToLeft)
  }

  @Test(arguments: [
    ("%(a)s, %(b)s", "1, 2"), ("%(b)s%(a)s", "21"), ("100%% %(c)s %", "100% %(c)s %"),
    ("%(a)d %(", "%(a)d %("), ("", ""),
  ])
  func patternsAreFilled(pattern: String, expected: String) {
    #expect(filled(pattern, ["a": "1", "b": "2"]) == expected)
  }
}

extension Catalogue {
  /// Everything in the catalogue, a message on a line.
  fileprivate var listing: String {
    let counts = [0, 1, 2, 5, 12, 22]
    let head =
      "language \(language); forms of \(counts.map(String.init).joined(separator: " ")): "
      + counts.map { "\(plural.form(for: $0))" }.joined(separator: " ")
    let lines = messages.map { message in
      let forms = (self[message]?.forms ?? []).map { JSON.string($0.string).compactText }
      return (message.context.map { "\($0): " } ?? "") + JSON.string(message.text).compactText
        + " = [\(forms.joined(separator: ","))]"
    }
    return ([head] + lines.sorted()).joined(separator: "\n")
  }
}

/// Runs a program and gives what it prints.
private func run(
  _ program: String, _ arguments: [String], input: Data = Data(), errors: Bool = false
) throws -> Data {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: program)
  process.arguments = arguments
  let (inPipe, outPipe) = (Pipe(), Pipe())
  process.standardInput = inPipe
  process.standardOutput = errors ? FileHandle.nullDevice : outPipe
  process.standardError = errors ? outPipe : FileHandle.nullDevice
  do {
    try process.run()
  } catch {
    Issue.record("'\(program)' cannot be run: 'sh dev test' installs the packages of the tests")
    throw error
  }
  try inPipe.fileHandleForWriting.write(contentsOf: input)
  try inPipe.fileHandleForWriting.close()
  let result = try outPipe.fileHandleForReading.readToEnd() ?? Data()
  process.waitUntilExit()
  return result
}

/// The exit status of a program.
private func status(_ program: String, _ arguments: [String], input: Data) throws -> Int32 {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: program)
  process.arguments = arguments
  let pipe = Pipe()
  process.standardInput = pipe
  process.standardOutput = FileHandle.nullDevice
  process.standardError = FileHandle.nullDevice
  try process.run()
  try pipe.fileHandleForWriting.write(contentsOf: input)
  try pipe.fileHandleForWriting.close()
  process.waitUntilExit()
  return process.terminationStatus
}
