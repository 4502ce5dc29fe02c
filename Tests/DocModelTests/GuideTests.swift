import Foundation
import Testing

@testable import DocModel

/// Guides: what is refused, and what the built-in ones hold.
@Suite struct GuideTests {
  @Test func refusesWhatDoesNotFitTogether() throws {
    try Cases("Guide/refused.txt").check { item in
      let (text, _) = try changed("guide.yaml", by: item.input)
      return messages { _ = try Guide(Source(name: "guide.yaml", text: text)) }
    }
  }

  /// Several threads read the sections of a long guide: nothing of that is seen.
  @Test func aLongGuideIsToldOfInItsOrder() throws {
    func guide(_ lines: [Int: String]) throws -> Source {
      var text = [
        "guide: long", "edition: '1'", "title: T",
        "system: {name: S, steward: S, url: 'https://s.example.org'}",
        "phases:", "  - id: all", "    number: '1'", "    title: T", "    sections:",
      ]
      for section in 1...800 {
        text += [
          "      - {id: part-\(section), number: '\(section)', title: T,", "         questions: [",
          "         {id: load, title: T, ask: How much?, answer: line}],",
          "         checkpoints: [",
          "         {id: known, statement: It is., relies-on: [load]}", "        ]}",
        ]
      }
      for (line, words) in lines { text[line - 1] = words }
      return try Source(name: "g.yaml", text: text.joined(separator: "\n") + "\n")
    }
    let whole = try Guide(guide([:]))
    #expect(whole.questions.map(\.id) == (1...800).map { "part-\($0).load" })
    #expect(whole.checkpoints.map(\.id) == (1...800).map { "part-\($0).known" })
    #expect(whole.sections.map(\.questions) == (0..<800).map { $0..<($0 + 1) })
    #expect(whole.questions.map(\.section) == Array(0..<800))
    #expect(whole.place(of: "part-800.known") == .checkpoint(799))
    // The first section begins on line 10, and each takes six.
    let wrong = [
      12: "         {id: load, title: T, ask: How much?, answer: quantity}],",
      2410: "      - {id: part-1, number: '1', title: T,",
      3014: "         {id: known, statement: It is., relies-on: [{any-of: []}]}",
      4806: "         {id: load, title: T, ask: Which?, answer: choice}],",
    ]
    let source = try guide(wrong)
    do {
      _ = try Guide(source)
      Issue.record("it is refused")
    } catch {
      #expect(
        error.diagnostics.map { "\($0.location?.line ?? 0): \($0.message)" } == [
          "12: a quantity needs a 'unit'",
          "2410: the identifier 'part-1' is used a second time",
          "2412: the identifier 'part-1.load' is used a second time",
          "2414: the identifier 'part-1.known' is used a second time",
          "3014: a group needs either 'all-of' or 'any-of', with something in it",
          "4806: a choice needs at least two 'choices'",
        ])
    }
  }

  @Test func identifiersHaveAPlace() {
    let guide = Guide.small
    #expect(guide.place(of: "plan") == .phase(0))
    #expect(guide.place(of: "well:plan") == .phase(0))
    #expect(guide.place(of: "size") == .section(1))
    #expect(guide.place(of: "place.soil") == .question(2))
    #expect(guide.place(of: "well:place.ground-known") == .checkpoint(1))
    #expect(guide.place(of: "service-levels.service") == .serviceLevel(1))
    #expect(guide.place(of: "other:plan") == nil)
    #expect(guide.place(of: "") == nil)
    #expect(guide.sections[guide.phases[1].sections].map(\.id) == ["hole", "night"])
    #expect(
      guide.questions[guide.sections[1].questions].map(\.id) == ["size.rings", "size.design"])
    #expect(
      guide.checkpoints[1].reliesOn.questions == ["place.depth", "place.soil", "place.blasting"])
    #expect(
      guide.checkpoints.map(\.reliesOn.description) == [
        "place.map", "(place.depth or (place.soil and place.blasting))",
        "size.design and place.depth", "evidence of its own", "evidence of its own and hole.dry",
        "night.lamps", "music.band",
      ])
  }

  @Test func nearestIdentifierIsFound() {
    func near(_ id: String) -> String? { Guide.small.nearestIdentifier(to: id) { _ in true } }
    #expect(near("place.sol") == "place.soil")
    #expect(near("soil") == "place.soil")
    #expect(near("entirely.different") == nil)
  }

  // MARK: Conditions

  /// A fact that is not known rules nothing out.
  @Test(arguments: [
    ("{equals: {a: x}}", "a: x", true), ("{equals: {a: x}}", "a: y", false),
    ("{equals: {a: x}}", "", true), ("{not: {equals: {a: x}}}", "a: x", false),
    ("{not: {equals: {a: x}}}", "", true), ("{not: {equals: {a: x}}}", "a: y", true),
    ("{all: [{equals: {a: x}}, {equals: {b: x}}]}", "b: y", false),
    ("{all: [{equals: {a: x}}, {equals: {b: x}}]}", "b: x", true),
    ("{any: [{equals: {a: x}}, {equals: {b: x}}]}", "a: y", true),
    ("{any: [{equals: {a: x}}, {equals: {b: x}}]}", "a: y, b: y", false),
    ("{equals: {a: x, b: x}}", "a: x, b: y", false), ("{equals: {a: x, b: x}}", "a: x, b: x", true),
    ("{not: {all: [{equals: {a: x}}, {equals: {b: x}}]}}", "a: x", true),
    ("{not: {all: [{equals: {a: x}}, {equals: {b: x}}]}}", "a: x, b: x", false),
    ("{not: {any: [{equals: {a: x}}, {equals: {b: x}}]}}", "a: x", false),
    ("{equals: {a: x}, not: {equals: {b: x}}}", "a: x, b: x", false),
    ("{all: []}", "", true), ("{any: []}", "", false),
  ])
  func conditionsHaveThreeValues(condition: String, facts: String, mayHold: Bool) throws {
    let source = try Source(name: "when.yaml", text: condition)
    var reading = Reading(source, Guide.shape)
    let condition = Condition(try Node(source), &reading)
    let known = try Node(Source(name: "facts.yaml", text: "{\(facts)}"))
    #expect(condition.mayHold { known[$0]?.text } == mayHold)
    #expect(reading.problems.isEmpty)
  }

  @Test(arguments: [
    ("{equals: {hosting: town}}", "hosting is 'town'"),
    ("{not: {equals: {hosting: town}}}", "hosting is not 'town'"),
    ("{equals: {a: x, b: y}}", "a is 'x' and b is 'y'"),
    (
      "{any: [{equals: {a: x}}, {all: [{equals: {b: y}}, {equals: {c: z}}]}]}",
      "a is 'x' or (b is 'y' and c is 'z')"
    ),
    ("{not: {any: [{equals: {a: x}}, {equals: {b: y}}]}}", "not (a is 'x' or b is 'y')"),
  ])
  func conditionsAreSaidInWords(condition: String, words: String) throws {
    let source = try Source(name: "when.yaml", text: condition)
    var reading = Reading(source, Guide.shape)
    #expect(Condition(try Node(source), &reading).description == words)
  }

  // MARK: The built-in guide

  @Test func commcareTransitionIsComplete() throws {
    let guide = Guide.commcare
    func count(_ path: String...) -> Int {
      var value = Value.record(guide.record)
      for name in path { value = value.asRecord?[name] ?? .none }
      if case .list(let items) = value { return items.count }
      return 0
    }
    #expect(guide.id == "commcare-transition")
    #expect(guide.phases.count == 6)
    #expect(guide.phases.count(where: \.isOptional) == 1)
    #expect(guide.sections.count == 13)
    #expect(guide.sections.count(where: \.isOptional) == 2)
    #expect(guide.questions.count == 46)
    #expect(guide.checkpoints.count == 24)
    #expect(guide.configurations.count == 4)
    #expect(guide.scale.count == 4)
    #expect(count("responsibilities") == 15)
    #expect(count("components") == 12)
    #expect(count("trade_offs") == 5)
    #expect(count("requirements") == 4)
    #expect(count("roles") == 2)
    #expect(count("deliverables") == 3)
    #expect(count("skills") == 10)
    #expect(count("hosting_options") == 3)
    #expect(guide.serviceLevels.count >= 16)
    #expect(count("notes") >= 7)
    #expect(count("sizing", "model", "inputs") > 0)

    // Five considerations for the data centre, three hosting options under one of them.
    let center = try #require(guide.sections.first { $0.number == "2.2" })
    guard case .list(let considerations)? = center.record["considerations"] else {
      Issue.record("2.2 has considerations")
      return
    }
    #expect(considerations.count == 5)
    #expect(
      considerations.contains { item in
        if case .list(let options)? = item.asRecord?["options"] {
          options.count == 3
        } else {
          false
        }
      })

    // In 2.3 and 4.1 every checkpoint asks for evidence of its own.
    for section in guide.sections where ["2.3", "4.1"].contains(section.number) {
      #expect(!section.checkpoints.isEmpty)
      for checkpoint in guide.checkpoints[section.checkpoints] {
        #expect(checkpoint.reliesOn.questions.isEmpty, "\(checkpoint.id)")
      }
    }
    // The steps of the optional sections.
    for section in guide.sections where section.isOptional {
      guard case .list(let steps)? = section.record["steps"] else {
        Issue.record("\(section.id) has steps")
        continue
      }
      #expect(!steps.isEmpty)
    }
    // Everything that a service level comes from exists (the reader has checked), and is something.
    #expect(guide.serviceLevels.allSatisfy { !$0.origins.isEmpty })
    #expect(guide.questions.contains { $0.by == .provider && $0.need == .gate })
    #expect(guide.questions.contains { $0.need == .rfp })
    #expect(guide.rules.count >= 4)
  }

  /// A size at each limit belongs to exactly one configuration.
  @Test(arguments: [
    (1, "single-server"), (1499, "single-server"), (1500, "micro-cluster"), (3499, "micro-cluster"),
    (3500, "small-cluster"), (14_999, "small-cluster"), (15_000, "large-cluster"),
    (1_000_000, "large-cluster"),
  ])
  func everyNumberOfUsersHasAConfiguration(users: Int, expected: String) throws {
    let text = """
      guide: commcare-transition
      programme: {title: T}
      scale: {mobile-users: \(users)}
      """
    let project = try Project(Source(name: "p.yaml", text: text), guide: .commcare)
    let assessment = Assessment(project, in: Files(today: .sample))
    #expect(assessment.configuration?.0.id == expected)
    #expect(assessment.configuration?.users == users)
  }
}
