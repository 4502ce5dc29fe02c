import DocModel
import EvidencePacks
import Foundation
import Testing

/// The JSON Schema, the blank file and the reference page, which all come from one declaration.
@Suite struct SchemaTests {
  // MARK: Reference pages

  /// What is written from a declaration and committed.
  enum Written: String, CaseIterable {
    case projectReference = "docs/reference-project.md"
    case guideReference = "docs/reference-guide.md"
    case tenderReference = "docs/reference-tender.md"
    case bidReference = "docs/reference-bid.md"
    case statementReference = "docs/reference-statement.md"
    case blankBid = "Tests/DocModelTests/Fixtures/blank-bid.yaml"
    case lockReference = "docs/reference-lock.md"
    case blankProject = "Tests/DocModelTests/Fixtures/blank-project.yaml"

    func text() throws -> String {
      switch self {
      case .projectReference:
        Reference.page(of: Project.shape(for: .commcare), title: "The project file")
      case .guideReference: Reference.page(of: Guide.shape, title: "The guide file")
      case .tenderReference: Reference.page(of: Tender.shape, title: "The tender file")
      case .bidReference:
        Reference.page(of: Bid.shape(for: try .commcare()), title: "The bid file")
      case .statementReference:
        Reference.page(
          of: PackStatement.shape(for: .commcare), title: "The statement of an evidence pack")
      case .blankBid: BlankFile.bid(for: try .small(), digest: "sha256:0")
      case .lockReference: Reference.page(of: Lock.line, title: "The lock file")
      case .blankProject: BlankFile.project(guide: .small, title: "Well: \"said\" # 1")
      }
    }
  }

  /// Set `RECORD=1` to write them anew; the test fails once, so that nobody does so unawares.
  @Test(arguments: Written.allCases)
  func committedFileIsUpToDate(written: Written) throws {
    try Recording.compare(try written.text(), with: written.rawValue)
  }

  // MARK: Blank files

  @Test(arguments: SampleGuide.allCases)
  func blankFileIsValidAndHoldsNothing(sample: SampleGuide) throws {
    let guide = sample.guide
    let text = BlankFile.project(guide: guide, title: "A title")
    let project = try Project(Source(name: "project.yaml", text: text), guide: guide)
    #expect(project.record["programme"]?.text("title") == "A title")
    #expect(project.answers.count == guide.questions.count)
    #expect(project.answers.values.allSatisfy { !$0.isAnswered })
    #expect(project.claims.count == guide.checkpoints.count)
    #expect(project.targets.count == guide.serviceLevels.count)
    #expect(project.waivers.isEmpty)

    // Nothing is found but what is missing.
    let assessment = Assessment(project, in: Files(today: .sample))
    let rules = Set(assessment.findings.map(\.rule))
    #expect(
      rules.isSubset(of: [
        "rfp-field-missing", "service-level-missing", "optional-undecided", "question-unanswered",
        "gate-closed",
      ]))
    #expect(
      assessment.findings.count { $0.rule == "question-unanswered" } == assessment.counts.applicable
    )
  }

  @Test(arguments: SampleGuide.allCases)
  func blankFileIsValidWithAllThatIsCommentedOut(sample: SampleGuide) throws {
    let guide = sample.guide
    let text = uncommented(BlankFile.project(guide: guide, title: "A title"))
    let project = try Project(Source(name: "project.yaml", text: text), guide: guide)
    #expect(project.waivers.count == 1)
    #expect(project.answers.values.contains { !$0.evidence.isEmpty })
    let assessment = Assessment(project, in: Files(today: .sample))
    #expect(assessment.counts.answered == 0, "blanks below an answer are no answer")
    // The words in brackets that stand where something is needed are found.
    #expect(assessment.findings.contains { $0.message == "'[The person's name]' is left over" })
  }

  @Test func eachLineThatIsCommentedOutMayBeTaken() throws {
    let guide = Guide.small
    // One block at a time: lines that follow one another without a blank line between.
    let lines = BlankFile.project(guide: guide, title: "A").components(separatedBy: "\n")
    var index = 0
    var blocks = 0
    while index < lines.count {
      guard isCommentedOut(lines[index]) else {
        index += 1
        continue
      }
      let end = lines[index...].firstIndex { !isCommentedOut($0) } ?? lines.endIndex
      let text = lines.enumerated().map { number, line in
        (index..<end).contains(number) ? uncommented(line) : line
      }
      let source = try Source(name: "project.yaml", text: text.joined(separator: "\n"))
      #expect(messages { _ = try Project(source, guide: guide) } == "", "lines \(index + 1)…\(end)")
      index = end
      blocks += 1
    }
    #expect(blocks > guide.questions.count)
  }

  @Test func blankFileNamesEveryFieldAndWord() throws {
    let text = BlankFile.project(guide: .commcare, title: "A")
    // What only the program writes, in copies for an audience.
    let made: Set = ["withheld", "rung", "about", "applies"]
    for key in Project.shape(for: .commcare).allKeys where !made.contains(key) {
      #expect(text.contains("\(key):") || text.contains("\(key) (needed):"), "\(key)")
    }
    for question in Guide.commcare.questions {
      for choice in question.type.choices {
        #expect(text.contains("'\(choice.id)': \(choice.title)"))
      }
    }
  }

  @Test(arguments: [
    ("Plain title", "Plain title"),
    ("a: b # c", "a: b # c"),
    ("\"quoted\" and \\ back", "\"quoted\" and \\ back"),
    ("two\nlines\tand\u{2028}more", "two lines and more"),
    ("- [x] {y}: *z* &a !b %c @d `e`", "- [x] {y}: *z* &a !b %c @d `e`"),
    ("yes", "yes"), ("null", "null"), ("007", "007"),
    ("ዓለም 🏥 e\u{301}", "ዓለም 🏥 e\u{301}"),
    ("\u{FEFF}\u{FFFE}\u{202E}x\u{1}", "\u{FEFF}\u{FFFE}\u{202E}x"),
  ])
  func blankFileQuotesItsTitle(title: String, expected: String) throws {
    let text = BlankFile.project(guide: .small, title: title)
    let project = try Project(Source(name: "p.yaml", text: text), guide: .small)
    #expect(project.record["programme"]?.text("title") == expected)
  }

  // MARK: JSON Schema

  /// What the reader and the schema refuse, judged by Python's `jsonschema`.
  @Test(arguments: ["accepted-project.yaml", "refused-project.yaml", "refused-guide.yaml"])
  func schemaAndReaderRefuseTheSameLines(name: String) throws {
    let url = Folder.fixtures.appendingPathComponent("Schema/\(name)")
    let isGuide = name.hasSuffix("guide.yaml")
    let lines = try String(contentsOf: url, encoding: .utf8).components(separatedBy: "\n")
    func marked(_ marks: [String]) -> [Int] {
      lines.indices.filter { index in
        !lines[index].hasPrefix("#") && marks.contains { lines[index].contains("\($0)") }
      }.map { $0 + 1 }
    }
    var refused: Set<Int> = []
    do {
      let source = try source(url)
      if isGuide { _ = try Guide(source) } else { _ = try Project(source, guide: .small) }
    } catch let error as InvalidInput {
      refused = Set(error.diagnostics.compactMap(\.location?.line))
      let messages = url.deletingPathExtension().lastPathComponent + ".txt"
      try Recording.compare(
        error.text, with: "Tests/DocModelTests/Fixtures/Schema/\(messages)")
    }
    #expect(refused.sorted() == marked(["# <-", ": <-", "# <="]))
    let shape = isGuide ? Guide.shape : Project.shape(for: .small)
    #expect(try Self.schemaRefuses(url, shape) == marked(["# <-", ": <-"]))
  }

  @Test func schemaAcceptsTheExampleButForAnswersOfTheWrongType() throws {
    let url = Folder.example.appendingPathComponent("project.yaml")
    let project = try Project(source(url), guide: .commcare)
    let assessment = Assessment(project, in: Files(today: .sample))
    let wrong = assessment.findings.filter { $0.rule == "answer-type" }.map(\.location.line)
    #expect(try Self.schemaRefuses(url, Project.shape(for: .commcare)) == wrong.sorted())
  }

  @Test func schemaAcceptsTheGuideAndBlankFiles() throws {
    let folder = try Folder.temporary()
    let blank = folder.appendingPathComponent("blank.yaml")
    let text = BlankFile.project(guide: .commcare, title: "A")
    try text.write(to: blank, atomically: true, encoding: .utf8)
    #expect(try Self.schemaRefuses(blank, Project.shape(for: .commcare)) == [])
    try uncommented(text).write(to: blank, atomically: true, encoding: .utf8)
    #expect(try Self.schemaRefuses(blank, Project.shape(for: .commcare)) == [])
    let guide = Folder.package.appendingPathComponent("Templates/guides/commcare-transition.yaml")
    #expect(try Self.schemaRefuses(guide, Guide.shape) == [])
    #expect(
      try Self.schemaRefuses(Folder.fixtures.appendingPathComponent("guide.yaml"), Guide.shape)
        == [])
  }

  /// `check-jsonschema` is what people run in their hooks; it takes each of our files, and refuses
  /// those that are wrong: these, by their names.
  private static func checkJSONSchemaRefuses(_ shape: RecordShape, _ files: [URL]) throws
    -> [String]
  {
    let schema = try Folder.temporary().appendingPathComponent("schema.json")
    try JSONSchema.schema(for: shape).text.write(to: schema, atomically: true, encoding: .utf8)
    let tool = Folder.package.appendingPathComponent(".build/venv/bin/check-jsonschema")
    try #require(
      FileManager.default.isExecutableFile(atPath: tool.path),
      "check-jsonschema is missing: 'sh dev test' installs it")
    let (status, output) = try Referee.run(
      tool, ["--output-format", "json", "--schemafile", schema.path] + files.map(\.path))
    let json = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]
    let errors = try #require(json?["errors"] as? [[String: Any]], "\(output)")
    let unread = json?["parse_errors"] as? [Any]
    #expect(unread == nil || unread?.isEmpty == true)
    #expect((status == 0) == errors.isEmpty)
    let names = errors.compactMap { $0["filename"] as? String }
    return Set(names.map { URL(filePath: $0).lastPathComponent }).sorted()
  }

  @Test(arguments: Guide.builtInNames)
  func checkJSONSchemaTakesOurProjects(name: String) throws {
    let guide = try Guide.builtIn(name)
    let folder = try Folder.temporary()
    let (blank, wrong) = (
      folder.appendingPathComponent("project.yaml"), folder.appendingPathComponent("wrong.yaml")
    )
    let text = BlankFile.project(guide: guide, title: "A title")
    try text.write(to: blank, atomically: true, encoding: .utf8)
    try (text + "nmae: x\n").write(to: wrong, atomically: true, encoding: .utf8)
    #expect(
      try Self.checkJSONSchemaRefuses(Project.shape(for: guide), [blank, wrong]) == ["wrong.yaml"])
  }

  @Test func checkJSONSchemaTakesOurGuides() throws {
    let guides = Folder.package.appendingPathComponent("Templates/guides")
    let files = Guide.builtInNames.map { guides.appendingPathComponent("\($0).yaml") }
    #expect(try Self.checkJSONSchemaRefuses(Guide.shape, files) == [])
  }

  /// Rules that JSON Schema cannot state, by words of their messages.
  ///
  /// What an identifier leads to, what comes twice, and what several values are together: `rfpgen
  /// schema --help` says so.
  private static let beyondSchema = [
    "there is no", "has no ", "which ", "second time", "says the same", "follows the guide",
    "a group needs", "needs a 'unit'", "a rule of this kind needs", "does not go on where",
    "must be a version",
  ]

  /// A file with one thing changed, over and over: schema and reader refuse the same lines.
  @Test(arguments: ["Schema/accepted-project.yaml", "Checks/clean.yaml", "guide.yaml"])
  func schemaAndReaderJudgeEveryChangeAlike(name: String) throws {
    let isGuide = name == "guide.yaml"
    let folder = try Folder.temporary()
    let tool = Folder.package.appendingPathComponent("Tests/tools/mutate_yaml.py")
    // Whatever is answered shall apply, so that checks look at it.
    let base = folder.appendingPathComponent("base.yaml")
    try Folder.fixture(name).replacing("answer: sand", with: "answer: rock")
      .write(to: base, atomically: true, encoding: .utf8)
    let (status, output) = try Referee.python([tool.path, base.path, folder.path])
    try #require(status == 0, "\(output)")
    let changes = output.split(separator: "\n")
    let files = changes.indices.map { folder.appendingPathComponent("\($0).yaml") }
    let shape = isGuide ? Guide.shape : Project.shape(for: .small)
    let refused = try Self.schemaRefuses(files, shape)
    var judged = 0
    for (index, file) in files.enumerated() {
      var problems: [(line: Int, message: String)] = []
      do {
        if isGuide {
          _ = try Guide(source(file))
        } else {
          // An answer of the wrong type is found by a check: a draft may hold one.
          let assessment = Assessment(
            try Project(source(file), guide: .small), in: Files(today: .sample))
          problems = assessment.findings.filter { $0.rule == "answer-type" }
            .map { ($0.location.line, $0.message) }
        }
      } catch let error as InvalidInput {
        problems = error.diagnostics.map { ($0.location?.line ?? 0, $0.message) }
      }
      let lines = Set(
        problems.filter { problem in
          !Self.beyondSchema.contains { problem.message.contains($0) }
        }.map(\.line))
      if !lines.isEmpty { judged += 1 }
      #expect(
        Set(refused[index]) == lines, "line \(changes[index]): \(problems.map(\.message))")
    }
    #expect(judged > 50)
  }

  /// The lines of a file that a schema refuses.
  static func schemaRefuses(_ file: URL, _ shape: RecordShape) throws -> [Int] {
    try schemaRefuses([file], shape)[0]
  }

  /// The lines of some files that a schema refuses.
  static func schemaRefuses(_ files: [URL], _ shape: RecordShape) throws -> [[Int]] {
    let schema = try Folder.temporary().appendingPathComponent("schema.json")
    try JSONSchema.schema(for: shape).text.write(to: schema, atomically: true, encoding: .utf8)
    let tool = Folder.package.appendingPathComponent("Tests/tools/schema_lines.py")
    let (status, output) = try Referee.python([tool.path, schema.path] + files.map(\.path))
    try #require(status == 0, "\(output)")
    return output.split(separator: "\n").map { line in
      line.split(separator: " ").dropFirst().compactMap { Int($0) }
    }
  }

  // MARK: JSON

  @Test func jsonIsWrittenInOrderWithEscapes() {
    let json = JSON.object([
      "z": 1, "a": [true, .null, .double(0.5), .double(.infinity), .double(-3)], "empty": [],
      "none": .object([]),
      "text": "\"\\/\u{8}\u{C}\n\r\t\u{1}\u{7F}\u{85}\u{2028}\u{2029} é 🏥",
    ])
    #expect(
      json.text == #"""
        {
          "z": 1,
          "a": [
            true,
            null,
            0.5,
            null,
            -3
          ],
          "empty": [],
          "none": {},
          "text": "\"\\/\b\f\n\r\t\u0001\u007f\u0085\u2028\u2029 é 🏥"
        }

        """#)
    #expect(JSON.object(["a": [1, "x"]]).compactText == #"{"a":[1,"x"]}"#)
  }

  /// Texts are looked through several bytes at a time; what must be written otherwise is found at each place.
  @Test(arguments: 0..<0x100)
  func whateverStandsAnywhereInATextIsReadAgain(_ code: UInt32) throws {
    let scalar = try #require(Unicode.Scalar(code))
    let isPlain = 0x20..<0x7F ~= code && scalar != "\"" && scalar != "\\"
    for length in 1...20 {
      for place in 0..<length {
        var scalars = Array(repeating: Unicode.Scalar("a"), count: length)
        scalars[place] = scalar
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        let written = JSON.string(String(text)).compactText
        #expect((written == "\"\(String(text))\"") == (isPlain || code >= 0xA0))
        #expect(try JSONDecoder().decode(String.self, from: Data(written.utf8)) == String(text))
      }
    }
  }

  @Test func jsonOfAGuideHasTheKeysOfItsFile() throws {
    let json = JSON(.record(Guide.commcare.record), as: .record(Guide.shape))
    let source = try Source(name: "guide.json", text: json.text)
    // What is written is a guide again, and the same.
    let again = try Guide(source)
    #expect(JSON(.record(again.record), as: .record(Guide.shape)) == json)
    #expect(again.questions.map(\.id) == Guide.commcare.questions.map(\.id))
    #expect(again.rules.count == Guide.commcare.rules.count)
  }
}

/// A line that may be used without its `#`.
private func isCommentedOut(_ line: String) -> Bool {
  line.firstMatch(of: /^ *#[^ ]/) != nil
}

func uncommented(_ text: String) -> String {
  text.components(separatedBy: "\n").map { line in
    isCommentedOut(line) ? line.replacing("#", with: "", maxReplacements: 1) : line
  }.joined(separator: "\n")
}

extension RecordShape {
  /// All keys here and below.
  var allKeys: Set<String> {
    fields.reduce(into: []) { keys, field in
      keys.insert(field.key)
      keys.formUnion(field.shape.allKeys)
    }
  }
}

extension Shape {
  fileprivate var allKeys: Set<String> {
    switch self {
    case .record(let record): record.allKeys
    case .list(let item), .table(_, let item): item.allKeys
    case .either(let single, let record): single.allKeys.union(record.allKeys)
    default: []
    }
  }
}
