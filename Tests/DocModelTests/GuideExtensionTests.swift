import DocModel
import Foundation
import Testing

/// Guides of one's own: extending another one, and files that nobody should write.
@Suite struct GuideExtensionTests {
  private static func world(_ texts: [String: String]) throws -> Files {
    var files = Files(today: .sample)
    files.texts["guides/well.yaml"] = try Folder.fixture("guide.yaml")
    for (name, text) in texts { files.texts["guides/\(name).yaml"] = text }
    return files
  }

  private static let head = "guide: ours\nedition: \"1\"\ntitle: Ours\n"
  private static let extends = "extends: {guide: well, edition: \"1\"}\n"

  private func ours(_ changes: String) throws -> Guide {
    try Guide.named("ours", in: Self.world(["ours": Self.head + Self.extends + changes]))
  }

  @Test func whatIsNotWrittenStays() throws {
    let guide = try ours("")
    #expect(guide.id == "ours")
    #expect(guide.title == "Ours")
    #expect(guide.questions.map(\.id) == Guide.small.questions.map(\.id))
    #expect(guide.checkpoints.map(\.id) == Guide.small.checkpoints.map(\.id))
    #expect(guide.rules.map(\.id) == Guide.small.rules.map(\.id))
    #expect(guide.place(of: "ours:place.soil") == guide.place(of: "place.soil"))
  }

  @Test func questionsAreAddedAndWordingsReplaced() throws {
    let guide = try ours(
      """
      phases:
        - id: plan
          title: Plans
          sections:
            - id: place
              questions:
                - {id: soil, ask: Sand or rock?, choices: [{id: clay, title: Clay}]}
                - {id: trees, title: Trees, ask: Which trees grow here?, answer: list}
              checkpoints:
                - {id: found, relies-on: [map, trees]}
        - {id: party, number: "4", title: The party, sections: []}
      """)
    #expect(guide.phases.map(\.title) == ["Plans", "Digging", "The feast", "The party"])
    #expect(
      guide.questions[guide.sections[0].questions].map(\.id) == [
        "place.map", "place.depth", "place.soil", "place.blasting", "place.trees",
      ])
    let soil = guide.questions[2]
    #expect(Value.record(soil.record).text("ask") == "Sand or rock?")
    #expect(soil.type.choices.map(\.id) == ["sand", "rock", "clay"])
    #expect(guide.checkpoints[0].reliesOn.questions == ["place.map", "place.trees"])
  }

  @Test func partsAreDroppedWithWhatRefersToThem() throws {
    let guide = try ours(
      "drop: [size, night, place.depth, components.rope, service-levels.night-watch]\n")
    #expect(guide.sections.map(\.id) == ["place", "hole", "music"])
    #expect(guide.questions.contains { $0.id == "place.depth" } == false)
    // What a checkpoint relied on among others is gone; the rules and the sign about it too.
    #expect(guide.checkpoints[1].reliesOn.questions == ["place.soil", "place.blasting"])
    #expect(guide.rules.map(\.id) == ["crowd", "order", "window", "references", "map-ends"])
    #expect(guide.decisionAid?.signs.map(\.id) == ["rock"])
    #expect(guide.serviceLevels.map(\.id) == ["uptime", "service"])
    #expect(guide.serviceLevels[0].origins == ["responsibilities.digging"])
  }

  @Test func anExtensionMayBeExtended() throws {
    let world = try Self.world([
      "ours": Self.head + Self.extends + "drop: [feast]\n",
      "theirs":
        "guide: theirs\nedition: \"9\"\nextends: {guide: ours, edition: \"1\"}\ndrop: [dig]\n",
    ])
    let guide = try Guide.named("theirs", in: world)
    #expect(guide.phases.map(\.id) == ["plan"])
    #expect(guide.title == "Ours")
    #expect(guide.edition == "9")
  }

  @Test func aCarriedGuideIsExtended() throws {
    let edition = Guide.commcare.edition
    let world = try Self.world([
      "ours":
        "guide: ours\nedition: \"1\"\nextends: {guide: commcare-transition, edition: \"\(edition)\"}\n"
        + "drop: [collected-data, linked-environments, application-migration]\n"
    ])
    let guide = try Guide.named("ours", in: world)
    #expect(guide.phases.count == 5)
    #expect(guide.sections.count == 10)
    let project = try Project(
      Source(name: "project.yaml", text: BlankFile.project(guide: guide, title: "T")), in: world)
    #expect(project.guide.checkpoints.count == 17)
  }

  /// Errors of guide files, with a place and a remedy: see `Fixtures/Guide/hostile.txt`.
  @Test func refusesWhatNobodyShouldWrite() throws {
    try Cases("Guide/hostile.txt").check { item in
      var texts: [String: String] = [:]
      for part in item.input.components(separatedBy: "\n--- ") {
        let lines = part.components(separatedBy: "\n")
        let name = lines[0].replacing("--- ", with: "")
        texts[name] = lines.dropFirst().joined(separator: "\n") + "\n"
      }
      let world = try Self.world(texts)
      return messages { _ = try Guide.named("ours", in: world) }
    }
  }

  /// A chain of conditions as long as a guide takes no more than its length.
  @Test func aLongChainOfConditionsEnds() throws {
    func text(_ count: Int, ring: Bool) -> String {
      var text =
        "guide: ours\nedition: \"1\"\ntitle: T\nsystem: {name: S}\nphases:\n"
        + "  - {id: p, number: \"1\", title: P, sections: [{id: s, number: \"1.1\", title: S, questions: [\n"
      for number in 0..<count {
        let other = number > 0 ? "q\(number - 1)" : ring ? "q\(count - 1)" : nil
        let when = other.map { ", when: {equals: {s.\($0): yes}}" } ?? ""
        text += "    {id: q\(number), title: Q, ask: Q?, answer: yes-no\(when)},\n"
      }
      return text + "    ]}]}\n"
    }
    let open = try Guide(Source(name: "ours.yaml", text: text(20_000, ring: false)))
    #expect(open.questions.count == 20_000)
    let message = messages {
      _ = try Guide(Source(name: "ours.yaml", text: text(20_000, ring: true)))
    }
    #expect(message.contains("never ends"))
    #expect(message.utf8.count < 2000)
  }
}
