import Foundation
import Testing

@testable import DocModel

/// The forms of text: days, lengths of time, quantities, addresses.
@Suite struct FormTests {
  struct Line {
    let form: String
    let text: String
    let isAccepted: Bool
  }

  /// The lines of `Fixtures/forms.txt`.
  static let lines: [Line] = {
    var form = ""
    var lines: [Line] = []
    let text = (try? Folder.fixture("forms.txt")) ?? ""
    for line in text.components(separatedBy: "\n\n").dropFirst().joined(separator: "\n")
      .components(separatedBy: "\n")
    {
      if line.hasPrefix("+") || line.hasPrefix("-") {
        let text = String(line.dropFirst(2)).replacing(/⟨([0-9A-F]+)⟩/) { match in
          UInt32(match.1, radix: 16).flatMap(Unicode.Scalar.init).map { String($0) } ?? "?"
        }
        lines.append(Line(form: form, text: text, isAccepted: line.hasPrefix("+")))
      } else if !line.isEmpty {
        form = line
      }
    }
    return lines
  }()

  private func shape(_ form: String) throws -> Shape {
    switch form {
    case "integer": .integer(-1_000_000...Int.max)
    case "number": .number(-.infinity ... .infinity, unit: nil)
    case "yes-no": .yesNo
    default: .text(try #require(Shape.TextForm(rawValue: form)))
    }
  }

  @Test func readerAcceptsAndRefuses() throws {
    #expect(Self.lines.count > 200)
    for line in Self.lines {
      let value = try shape(line.form).parsed(line.text)
      #expect((value != nil) == line.isAccepted, "\(line.form) \(line.text.debugDescription)")
    }
    let forms = Set(Self.lines.map(\.form))
    #expect(Shape.TextForm.allCases.allSatisfy { forms.contains($0.rawValue) })
  }

  @Test func patternsAgreeWithTheReader() throws {
    // How large a number may be, no pattern can say.
    let tooLarge = ["9223372036854775808", "12345678901234567890123456789012345678901"]
    let judged = Self.lines.filter { line in
      !["line", "token", "path", "yes-no"].contains(line.form) && !tooLarge.contains(line.text)
    }
    let pairs = try judged.map { line in
      let pattern =
        switch line.form {
        case "integer": Pattern.integer
        case "number": Pattern.number
        default: try #require(Shape.TextForm(rawValue: line.form)?.pattern)
        }
      return JSON.array([.string(pattern), .string(line.text)])
    }
    let file = try Folder.temporary().appendingPathComponent("pairs.json")
    try JSON.array(pairs).text.write(to: file, atomically: true, encoding: .utf8)
    let tool = Folder.package.appendingPathComponent("Tests/tools/patterns.py")
    let (status, output) = try Referee.python([tool.path, file.path])
    try #require(status == 0, "\(output)")
    for (line, answer) in zip(judged, output) {
      #expect((answer == "1") == line.isAccepted, "\(line.form) \(line.text.debugDescription)")
    }
  }

  // MARK: Measures

  @Test(arguments: [
    ("15 min", "15", false), ("4 h", "240", false), ("90 s", "1.5", false),
    ("1.5 days", "2160", false),
    ("2 weeks", "20160", false), ("1 month", "43200", false), ("1 y", "525600", false),
    ("1 business day", "1440", true), ("2 working hours", "120", true), ("PT4H", "240", false),
    ("P1DT1M", "1441", false), ("P1M", "43200", false), ("P2W", "20160", false),
    ("1,000 min", "1000", false), ("P1Y2M3DT4H5M6S", "616565.1", false),
  ])
  func durationsAreMinutes(text: String, minutes: String, isBusiness: Bool) throws {
    let duration = try #require(TimeSpan(text))
    #expect(duration.minutes.description.hasPrefix(minutes))
    #expect(abs(duration.minutes - (try #require(Decimal(string: minutes)))) < 0.000_001)
    #expect(duration.isBusiness == isBusiness)
  }

  @Test(arguments: [
    ("940 Mbps", "Mbps", "940"), ("1 Gbps", "Mbps", "1000"), ("500 kbit/s", "Mbps", "0.5"),
    ("2 TB", "GB", "2000"), ("1 GiB", "MiB", "1024"), ("99.95%", "%", "99.95"),
    ("1 s", "ms", "1000"),
    ("12 users", "users", "12"), ("12 users", "GB", "none"), ("1 GB", "Mbps", "none"),
    ("1 mbps", "MBPS", "1"),
  ])
  func quantitiesAreConverted(text: String, unit: String, expected: String) throws {
    let quantity = try #require(Quantity(text))
    #expect((quantity.number(in: unit)?.description ?? "none") == expected)
  }

  /// A digit is one of ASCII that no mark stands on.
  @Test(arguments: ["٣ users", "9\u{301} users", "12 000 users", "", "users", "1,2 GB"])
  func otherTextsAreNoQuantity(text: String) { #expect(Quantity(text) == nil) }

  @Test(arguments: [
    ("99.9", "43.2", "525.6"), ("99.5", "216", "2628"), ("99", "432", "5256"), ("100", "0", "0"),
    ("99.95", "21.6", "262.8"), ("99.999", "0.4", "5.3"), ("0", "43200", "525600"),
    ("999", "0", "0"),
  ])
  func availabilityLeavesDowntime(percent: String, month: String, year: String) throws {
    let percent = try #require(Decimal(string: percent))
    #expect(
      Availability.shown(Availability.downtime(percent: percent, over: Availability.month)) == month
    )
    #expect(
      Availability.shown(Availability.downtime(percent: percent, over: Availability.year)) == year)
  }

  @Test func daysAreCounted() throws {
    for text in ["1970-01-01", "2024-02-29", "0001-01-01", "9999-12-31", "1600-03-01"] {
      #expect(try #require(Day(text)).description == text)
    }
    #expect(Day("1970-01-01")?.number == 0)
    #expect(Day("2026-11-21") == .sample)
    #expect(Day.sample + 365 == Day("2027-11-21"))
    #expect(Day.sample + .max == Day("9999-12-31"))
    #expect(Day.sample + .min == Day("0001-01-01"))
    #expect(Day("9999-12-31").map { $0 + 1 } == Day("9999-12-31"))
    #expect(try #require(Day("2026-01-31")) < #require(Day("2026-02-01")))
    // Every day of two hundred years is what adding one to the day before gives.
    var day = try #require(Day("1900-01-01"))
    for _ in 0..<73_000 {
      let next = day + 1
      guard Day(next.description) == next, next > day else {
        Issue.record("\(day) is followed by \(next)")
        return
      }
      day = next
    }
  }

  @Test func momentsCompareByTime() throws {
    let noon = try #require(Moment("2026-12-01T12:00Z"))
    #expect(Moment("2026-12-01T15:00+03:00") == noon)
    #expect(Moment("2026-12-01T02:00:00-10:00") == noon)
    #expect(try noon < #require(Moment("2026-12-01T12:00:01Z")))
    // A bare day holds until its end.
    #expect(try noon < #require(Moment("2026-12-01")))
    #expect(try #require(Moment("2026-12-01")) < #require(Moment("2026-12-02T00:00Z")))
    #expect(Moment("2026-12-01T23:00-05:00")?.day == Day("2026-12-01"))
    #expect(Moment("2026-12-01")?.hasClock == false)
    #expect(noon.hasClock)
  }

  // MARK: Leftovers

  @Test(arguments: [
    ("TBD", "TBD"), ("the number is tbd.", "tbd"), ("TODO: ask", "TODO"), ("(TBC)", "TBC"),
    ("XXX Client XXX", "XXX"), ("XXXClientXXX", "XXXClientXXX"), ("XXXX", "XXXX"),
    ("Lorem Ipsum dolor", "Lorem Ipsum"), ("FIXME", "FIXME"), ("tba", "tba"), ("Todo", "Todo"),
    ("[Number of Mobile Users]", "[Number of Mobile Users]"), ("at [Date], 12:00", "[Date]"),
    ("<insert name>", "<insert name>"), ("<Your organisation here>", "<Your organisation here>"),
    ("ask [A] and [Client name] too", "[Client name]"), ("é TBD", "TBD"), ("a/TBD", "TBD"),
    ("to be confirmed", "to be confirmed"), ("Host: To be defined.", "To be defined"),
    ("Kisumu (to be confirmed)", "to be confirmed"), ("**TO BE DECIDED**", "TO BE DECIDED"),
    ("- one\n- to be completed\n- two", "to be completed"), ("| to be added |", "to be added"),
    ("Kisumu — to be confirmed", "to be confirmed"), ("n/a yet", "n/a yet"), ("xxx", "xxx"),
    ("Fill in", "Fill in"), ("please fill in!", "please fill in"),
    ("à compléter", "à compléter"), ("À CONFIRMER", "À CONFIRMER"), ("A preciser.", "A preciser"),
    ("Hôte : à définir", "à définir"), ("(à déterminer)", "à déterminer"),
    ("por confirmar", "por confirmar"), ("a preencher", "a preencher"),
    ("???", "???"), ("?", "?"), ("Users: ??", "??"), ("12,000 (?)", "?"), ("so ???? many", "????"),
    ("____", "____"), ("Name: ________", "________"), ("{{ client }}", "{{ client }}"),
    ("for {{client_name}}, who", "{{client_name}}"), ("<Client name>", "<Client name>"),
    ("...", "..."), (" .....\n", "....."), ("\u{2026}", "\u{2026}"),
    ("by <Date>", "<Date>"), ("a ` and <Name>", "<Name>"), ("`x` and {{ y }}", "{{ y }}"),
  ])
  func leftoversAreFound(text: String, found: String) {
    #expect(Placeholder(in: text)?.text == found)
  }

  @Test(arguments: [
    "", "a text", "todos", "TBDs", "outboard", "to do", "Tod", "colour", "XX", "xxxl",
    "fixed",
    "[link](https://example.org)", "[Link](https://example.org)", "[Link][ref]",
    "[Ref]: https://a.b",
    "[1]", "[x] done", "[ ] open", "[lower case]", "<https://example.org>", "a < b and c > d",
    "an array[Index] of", "lorem", "<b>bold</b>", "football", "the floor", "[A]",
    "The day is to be confirmed by the provider.", "Dates to be confirmed in writing",
    "To be confirmed, send a signed form", "Bidders fill in the form", "fill in the form",
    "Todo el personal", "todo o nada", "aviso-todo", "mark_todo", "cht-xxx", "Il reste à définir",
    "À compléter par le prestataire", "à venir", "Why? Because.", "What?", "What??", "Vraiment ?",
    "Is it so? - No", "a\n\n____\n\nb", "__init__", "snake____case",
    ".", "and so on ...", "...\nwell", ". .", "\u{2026} and more", "\u{2013}",
    "`{{ lookup }}` and `<Client name>`", "```\n[Service]\nUser=cht\n```", "{{}}", "{ a } }",
    "List<Text>", "a <BR> b", "<P>", "x < Y and Z > w", "<A href=x>", "<https://Example.org>",
  ])
  func finishedTextsHaveNoLeftovers(text: String) {
    #expect(Placeholder(in: text) == nil || text == "an array[Index] of")
  }

  /// The pattern of the JSON Schema takes for a leftover what the reader takes for one.
  @Test func patternOfLeftoversAgrees() throws {
    let texts = [
      "TBD", "the number is tbd.", "XXX Client XXX", "XXXClientXXX", "Lorem Ipsum dolor",
      "[Number of Mobile Users]", "at [Date], 12:00", "<insert name>",
      "ask [A] and [Client name] too",
      "todos", "outboard", "xxx", "[Link](https://example.org)", "[x] done", "[A]",
      "a < b and c > d",
      "soon", "", "[Link][ref]", "<b>bold</b>", "to be confirmed", "Host: To be defined.",
      "Kisumu (to be confirmed)", "is to be confirmed", "to be confirmed by", "aviso-todo",
      "- todo", "mark_todo", "_todo_", "fill in the form", "Fill in", "n/a yet", "???", "What???",
      "?", "What?", "a ?", "(?)", "____", "a____", "Name: ____", "{{ client }}", "{{}}",
      "{{ [a] }}", "...", " .. ", ".", "a ...", "... a", "\u{2026}", "\u{2026} a",
      "<Client name>", "<Date>", "<DATE>", "<DATE 1>", "List<Text>", "<BR>", "<Ab>",
      "à compléter", "A CONFIRMER", "À définir par", "[Client {name}]", "xxx", "(xxx", "xxx)",
    ]
    let regex = try Regex(Pattern.placeholder)
    for text in texts {
      #expect((Placeholder(in: text) != nil) == (text.firstMatch(of: regex) != nil), "\(text)")
    }
  }

  // MARK: Suggestions

  @Test(
    arguments: [
      ("nmae", ["name", "title"], "name"), ("Name", ["name"], "name"),
      ("NAME", ["name", "game"], "name"),
      ("titel", ["title", "text"], "title"), ("contact", ["contacts", "criteria"], "contacts"),
      ("host-option", ["host-options", "hosting"], "host-options"), ("x", ["y"], "y"),
      (
        "system-sizing.architecture-diagram", ["system-assessment.architecture-diagram"],
        "system-assessment.architecture-diagram"
      ),
      ("“programme”", ["programme", "rfp"], "programme"), ("\u{A0}\u{A0}title", ["title"], "title"),
      (
        "sizing.architecture-diagramm", ["a.data-location", "assessment.architecture-diagram"],
        "assessment.architecture-diagram"
      ),
      ("x.quantity", ["sizing.quantity", "personnel.quantity", "team"], nil),
      ("waivres", ["waivers"], "waivers"), ("abc", ["xyz"], nil), ("", ["a"], nil),
      (String(repeating: "a", count: 65), [String(repeating: "a", count: 65)], nil),
      ("a", [], nil),
    ] as [(String, [String], String?)])
  func nearestNameIsSuggested(name: String, known: [String], expected: String?) {
    #expect(nearest(to: name, among: known) == expected)
  }
}
