import DocModel
import Foundation
import Testing

/// YAML and JSON files as nodes with places, and how hostile ones are refused.
@Suite struct ReadingTests {
  @Test(arguments: ["yaml", "json"])
  func readsAndRefuses(format: String) throws {
    try Cases("Reading/\(format).txt").check { item in
      do {
        return try Node(Source(name: "x.\(format)", bytes: item.bytes)).listing
      } catch let error as InvalidInput {
        return error.text
      }
    }
  }

  // MARK: Long files

  /// What is found in a file behind a comment, which makes it short or so long that two threads read it.
  private func found(_ bytes: [UInt8], behindComment length: Int) throws -> String {
    let comment = Array("#\(String(repeating: "-", count: length))\n".utf8)
    let source = try Source(name: "x.yaml", bytes: comment + bytes)
    do throws(InvalidInput) {
      return try Node(source).listing
    } catch {
      return error.text
    }
  }

  @Test func aLongFileIsReadAsAShortOneIs() throws {
    // What is no text is told of by the number of the byte.
    let texts = try Cases("Reading/yaml.txt").cases.filter { item in
      (try? Source(name: "x.yaml", bytes: item.bytes)) != nil
    }
    #expect(texts.count > 50)
    for item in texts {
      let long = try found(item.bytes, behindComment: 2_200_000)
      #expect(try found(item.bytes, behindComment: 1) == long, "\(item.name)")
    }
  }

  @Test("wherever a lot of events ends", arguments: [252, 253, 254, 4_000])
  func longLists(count: Int) throws {
    let items = (0..<count).map { "- text \($0)\n" }.joined()
    for last in [
      "- text", "- {key: 1, key: 2}", "- \"open", "- *nobody", "- !tag text", "- a: b: c", "\t- x",
      "--- text", "- [}", "- \(String(repeating: "[", count: 70))",
    ] {
      let bytes = Array((items + last).utf8)
      let short = try found(bytes, behindComment: 1)
      #expect(try found(bytes, behindComment: 2_200_000) == short, "\(last)")
    }
  }

  // MARK: Nesting

  @Test(arguments: ["yaml", "json"])
  func nestsToALimit(format: String) throws {
    func nested(_ depth: Int) throws -> Source {
      let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
      return try Source(name: "x.\(format)", text: text)
    }
    #expect(messages { _ = try Node(nested(64)) } == "")
    #expect(messages { _ = try Node(nested(65)) }.contains("is nested deeper than 64 levels"))
  }

  @Test(arguments: ["[", "{a: ", "- ", "? ", "{\"a\":", "[{\"a\":"])
  func deepNestingIsRefusedAtOnce(opening: String) throws {
    let text = String(repeating: opening, count: 100_000)
    for format in ["yaml", "json"] {
      let source = try Source(name: "deep.\(format)", text: text)
      let clock = ContinuousClock()
      let started = clock.now
      let found = messages { _ = try Node(source) }
      #expect(!found.isEmpty && found.utf8.count < 2000)
      // libyaml alone needs more than ten seconds for the first of these.
      #expect(started.duration(to: clock.now) < .seconds(5), "\(format)")
    }
  }

  // MARK: Aliases

  @Test func anAliasBombIsRefused() throws {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...9 {
      let items = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(items)]\n"
    }
    let source = try Source(name: "bomb.yaml", text: text)
    #expect(
      messages { _ = try Node(source) } == """
        bomb.yaml:5:45: error: aliases make this file grow by more than 100000 values
            5 | a4: &a4 [*a3, *a3, *a3, *a3, *a3, *a3, *a3, *a3, *a3, *a3]
              |                                             ^
        help: write the values out instead of repeating them by '*a3'

        """)
  }

  // MARK: Size

  @Test func aFileOfMoreThan64MiBIsRefused() throws {
    let limit = Source.sizeLimit
    #expect(limit == 67_108_864)
    #expect(throws: Never.self) {
      try Source(name: "x", bytes: Array(repeating: 0x20, count: limit))
    }
    #expect(
      messages { _ = try Source(name: "x", bytes: Array(repeating: 0x20, count: limit + 1)) } == """
        error: 'x' is 64 MiB large; at most 64 MiB are read
        help: split the file, or keep large material in evidence files

        """)
  }

  @Test func aHugeLineIsShownInPart() throws {
    let line = "a: \"" + String(repeating: "x", count: 1_000_000) + "\" y"
    let source = try Source(name: "x.yaml", text: line)
    #expect(
      messages { _ = try Node(source) } == """
        x.yaml:1:1000007: error: this is not YAML: did not find expected key
        help: look for a wrong indentation, a missing ':' or an unclosed quote above this line

        """)
    let near = try Source(name: "x.yaml", text: "a: b: c" + String(repeating: "é", count: 100_000))
    let message = messages { _ = try Node(near) }
    #expect(message.utf8.count < 1000)
    #expect(
      message.hasPrefix("x.yaml:1:5: error: this is not YAML: mapping values are not allowed"))
  }

  @Test func thousandsOfProblemsAreCounted() throws {
    let keys = (0..<20_000).map { "wrong-\($0): x\n" }.joined()
    let source = try Source(name: "p.yaml", text: "guide: well\nprogramme: {title: T}\n" + keys)
    do {
      _ = try Project(source, guide: .small)
      Issue.record("it is refused")
    } catch {
      #expect(error.diagnostics.count == 501)
      #expect(
        error.diagnostics.last?.description
          == "error: there are 19500 further problems in 'p.yaml'")
    }
  }

  /// Several threads read the parts of a long list: nothing of that is seen.
  @Test func aLongFileIsToldOfInItsOrder() throws {
    func project(_ lines: [Int: String]) throws -> Source {
      var text = [
        "guide: well", "programme: {title: T}", "answers:", "  size.rings:", "    answer:",
      ]
      for ring in 1...3000 {
        text += ["    - name: Ring \(ring)", "      width: 90 cm"]
      }
      for (line, words) in lines { text[line - 1] = words }
      return try Source(name: "p.yaml", text: text.joined(separator: "\n") + "\n")
    }
    let wrong = [7, 2001, 2003, 6005]
    let misspelt = try project(
      Dictionary(uniqueKeysWithValues: wrong.map { ($0, "      widht: 90 cm") }))
    do {
      _ = try Project(misspelt, guide: .small)
      Issue.record("it is refused")
    } catch {
      let unknown = error.diagnostics.filter { $0.message.hasPrefix("unknown key") }
      #expect(unknown.map { $0.location?.line } == wrong)
      #expect(error.diagnostics.count == wrong.count)
    }
    let source = try project(
      Dictionary(uniqueKeysWithValues: wrong.map { ($0, "      width: wide") }))
    let read = try Project(source, guide: .small)
    let answer = try #require(read.answers["size.rings"])
    #expect(
      Assessment(read, in: PretendFiles()).findings
        .filter { $0.id == "size.rings" && $0.message.contains("wide") }
        .map(\.location.line) == wrong)
    let rings = try #require(answer.value.asList)
    #expect(rings.count == 3000)
    for ring in [0, 1, 999, 1000, 2999] {
      let line = 6 + 2 * ring + 1
      #expect(rings[ring].asRecord?["name"]?.asText == "Ring \(ring + 1)")
      #expect(rings[ring].asRecord?["width"]?.asText == (wrong.contains(line) ? nil : "90 cm"))
    }
  }

  /// Eight bytes are looked at together, wherever the one that is forbidden stands among them.
  @Test(arguments: ["\u{1}", "\u{1F}", "\u{7F}", "\u{80}", "\u{9F}", "\u{FFFE}"])
  func controlCharactersAreFoundAnywhere(character: String) throws {
    for before in 0..<17 {
      let text = "a: \(String(repeating: "x", count: before))\(character)\n"
      let found = messages { _ = try Node(Source(name: "x.yaml", text: text)) }
      #expect(found.hasPrefix("x.yaml:1:\(before + 4): error: the control character U+"))
    }
    #expect(
      messages { _ = try Node(Source(name: "x.yaml", text: "a: \"~ \u{A0}é\t…\"\r\n")) } == "")
  }

  // MARK: Places

  @Test(arguments: [
    (0, 1, 1, "ab"), (2, 1, 3, "ab"), (3, 1, 4, "ab"), (4, 2, 1, "é🏥c"), (6, 2, 2, "é🏥c"),
    (10, 2, 3, "é🏥c"), (11, 2, 4, "é🏥c"), (12, 3, 1, ""), (99, 3, 1, ""), (-1, 1, 1, "ab"),
  ])
  func offsetsBecomePlaces(offset: Int, line: Int, column: Int, excerpt: String) throws {
    // "ab\r\n" is 4 bytes, "é🏥c\n" is 2 + 4 + 1 + 1.
    let source = try Source(name: "x", text: "ab\r\né🏥c\n")
    #expect(
      source.location(offset: offset)
        == Location(file: "x", line: line, column: column, excerpt: excerpt))
  }

  @Test func placesAreClamped() throws {
    let source = try Source(name: "x", text: "a\nb")
    #expect(source.location(line: 9, column: 9).line == 2)
    #expect(
      source.location(line: 0, column: 0) == Location(file: "x", line: 1, column: 1, excerpt: "a"))
    let empty = try Source(name: "x", text: "")
    #expect(empty.location(offset: 5) == Location(file: "x", line: 1, column: 1))
  }

  @Test func aDiagnosticShowsItsPlace() {
    let long = String(repeating: "x", count: 100) + "\t!" + String(repeating: "y", count: 100)
    let diagnostic = Diagnostic(
      "wrong\u{1B}[31m", severity: .warning,
      at: Location(file: "a\nb", line: 123_456, column: 102, excerpt: long), hint: "do\u{202E}it",
      notes: [.init("see", at: Location(file: "f", line: 2, column: 9, excerpt: "\tab\u{0}"))])
    let start = String(repeating: "x", count: 71)
    #expect(
      diagnostic.description == """
        a␊b:123456:102: warning: wrong␛[31m
        123456 | …\(start)\t!\(String(repeating: "y", count: 71))…
               |  \(start.map { _ in " " }.joined())\t^
        f:2:9: note: see
            2 | \tab␀
              | \t   ^
        help: do\u{FFFD}it
        """)
  }

  // MARK: Values without a shape

  @Test func plainScalarsAreResolvedByTheCoreSchema() throws {
    let text = """
      [1, -1, +1, 0o17, 0x1F, 1.5, .5, 1e3, true, False, null, ~, "1", yes, 1_000, 1.2.3, 2026-01-01,
       9223372036854775808, -, ., e, "", .inf, 0x, 12 GB]
      """
    let value = try Node(Source(name: "x.yaml", text: text)).value
    #expect(
      JSON(value).compactText
        == #"[1,-1,1,15,31,1.5,0.5,1000,true,false,null,null,"1","yes","1_000","1.2.3","2026-01-01","#
        + #"9223372036854776000,"-",".","e","",".inf","0x","12 GB"]"#)
  }

  @Test("of a JSON object one can ask for some members; the others are looked through all the same")
  func someMembers() throws {
    let text = """
      {"a": [1, {"x": "\\"]}"}], "b": {"c": [{}, [], "}"], "a": 2}, "\\u0063": "é", "d": -0.5}
      """
    let source = try Source(name: "a.json", text: text)
    let whole = try Node(source)
    let some = try Node(source, members: ["a", "c"])
    #expect(some.entries == whole.entries.filter { ["a", "c"].contains($0.key) })
    #expect(some.entries.count == 2)
    // Nothing but JSON goes through: a bracket, a word, a colon, a depth, the end.
    let deep = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
    for wrong in ["[1, 2", "[1 2]", "{\"x\" 1}", "[yes]", "\"\\q\"", deep] {
      let source = try Source(name: "a.json", text: "{\"a\": 1, \"b\": \(wrong), \"c\": 2}")
      let said = #expect(throws: InvalidInput.self) { try Node(source, members: ["a", "c"]) }
      let expected = #expect(throws: InvalidInput.self) { try Node(source) }
      #expect(said?.diagnostics == expected?.diagnostics, "\(wrong)")
    }
  }
}
