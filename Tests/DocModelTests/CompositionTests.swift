import DocModel
import Foundation
import Testing

/// Several guides that a project follows together.
@Suite struct CompositionTests {
  static let transition = "commcare-transition"
  static let hosting = "commcare-hosting"

  private func assessment(_ text: String, _ guide: Guide = .composed) throws -> Assessment {
    let source = try Source(name: "project.yaml", text: "programme: {title: T}\n" + text)
    let world = Files(today: .sample)
    return Assessment(try Project(source, in: world), in: world)
  }

  private let both = "guide: [commcare-transition, commcare-hosting]\n"

  // MARK: What there is

  @Test func identifiersAreKeptApart() {
    let guide = Guide.composed
    let one = Guide.commcare
    let two = Guide.commcareHosting
    #expect(guide.id == "commcare-transition + commcare-hosting")
    #expect(guide.members.map(\.id) == [Self.transition, Self.hosting])
    #expect(guide.members.map(\.letter) == ["A", "B"])
    #expect(
      guide.phases.map(\.id)
        == one.phases.map { "\(Self.transition):\($0.id)" }
        + two.phases.map { "\(Self.hosting):\($0.id)" })
    #expect(guide.phases.map(\.number) == ["A1", "A2", "A3", "A4", "A5", "A6", "B1", "B2"])
    #expect(guide.sections.count == one.sections.count + two.sections.count)
    #expect(guide.checkpoints.count == one.checkpoints.count + two.checkpoints.count)
    // Three questions, two estimates and three service levels are asked by both.
    #expect(guide.questions.count == one.questions.count + two.questions.count - 3)
    #expect(guide.scale.count == one.scale.count + two.scale.count - 2)
    #expect(guide.serviceLevels.count == one.serviceLevels.count + two.serviceLevels.count - 3)
    let ids =
      guide.phases.map(\.id) + guide.sections.map(\.id) + guide.questions.map(\.id)
      + guide.checkpoints.map(\.id)
    #expect(Set(ids).count == ids.count)
    #expect(ids.allSatisfy { guide.place(of: $0) != nil })
  }

  @Test func whatIsAskedTwiceHasOnePlace() {
    let guide = Guide.composed
    for (alias, id) in [
      ("network.connection", "data-center.internet-connection"),
      ("power.safe-shutdown", "data-center.ups-shutdown"),
      ("physical-security.measures", "data-center.physical-security-measures"),
    ] {
      let place = guide.place(of: "\(Self.hosting):\(alias)")
      #expect(place == guide.place(of: "\(Self.transition):\(id)"))
      #expect(place != nil)
    }
    let level = guide.place(of: "\(Self.hosting):service-levels.availability")
    #expect(level == guide.place(of: "service-levels.\(Self.transition):availability"))
    // Without a guide's name nothing is found: it would not say which guide is meant.
    #expect(guide.place(of: "data-center.internet-connection") == nil)
    // The other guide's checkpoint relies on the answer that stands for its own question.
    let checkpoint = guide.checkpoints.first {
      $0.id == "\(Self.hosting):network.network-dependable"
    }
    #expect(
      checkpoint?.reliesOn.questions == [
        "\(Self.transition):data-center.internet-connection",
        "\(Self.hosting):network.redundant-lines", "\(Self.hosting):network.measured-uptime",
      ])
    // What both state about one answer is one rule.
    let rules = guide.rules.map(\.id)
    #expect(rules.contains("\(Self.transition):ups-outlasts-shutdown-level"))
    #expect(!rules.contains("\(Self.hosting):batteries-outlast-shutdown-level"))
    #expect(rules.contains("\(Self.hosting):batteries-outlast-shutdown"))
  }

  @Test func theOrderOfGuidesMayBeTheOther() throws {
    let guide = try Guide.named([Self.hosting, Self.transition], in: Files(today: .sample))
    #expect(guide.questions.count == Guide.composed.questions.count)
    #expect(guide.phases.first?.number == "A1")
    #expect(guide.phases.first?.id == "\(Self.hosting):physical-servers")
    #expect(
      guide.place(of: "\(Self.hosting):network.connection")
        == guide.place(of: "\(Self.transition):data-center.internet-connection"))
  }

  // MARK: Answers

  @Test(arguments: [
    "commcare-transition:data-center.internet-connection", "commcare-hosting:network.connection",
  ])
  func anAnswerIsGivenOnceUnderEitherName(key: String) throws {
    let assessment = try assessment(
      """
      \(both)
      hosting: on-premise
      scale: {commcare-hosting:mobile-users: 5000}
      answers:
        \(key):
          answer: {provider: ISP, download: 900 Mbps, upload: 900 Mbps, latency: 9 ms, limits: none}
          evidence: [{link: https://example.org/speed}]
      service-levels: {commcare-hosting:availability: {target: 99 %}}
      """)
    #expect(assessment.counts.answered == 1)
    #expect(assessment.counts.current == 1)
    #expect(assessment.project.targets["commcare-transition:availability"]?.isAnswered == true)
    // The configuration follows from the estimate, whichever guide's name it bears.
    #expect(assessment.configuration?.0.id == "small-cluster")
    let rules = assessment.findings.filter { $0.rule.hasPrefix("guide-rule.") }.map(\.rule)
    #expect(rules == ["guide-rule.commcare-transition:download-speed"])
  }

  @Test func refusesWhatIsAmbiguous() throws {
    try Cases("Composition/projects.txt").check { item in
      messages { _ = try Project(Source(name: "project.yaml", text: item.input), in: Self.own) }
    }
  }

  /// Guides of one's own that do and do not fit together.
  static let own: Files = {
    func guide(_ name: String, _ question: String) -> String {
      """
      guide: \(name)
      edition: "1"
      title: T
      system: {name: S}
      phases:
        - id: p
          number: "1"
          title: P
          sections:
            - id: s
              number: "1.1"
              title: S
              questions:
                - {title: Q, ask: What?, \(question)}

      """
    }
    let questions = [
      "one": "id: q, answer: line", "two": "id: r, answer: number, same-as: one:s.q",
      "three": "id: r, answer: line, same-as: one:s.gone",
      "four": "id: r, answer: line, same-as: s.gone",
      "five": "id: r, answer: line, same-as: six:s.r",
      "six": "id: r, answer: line, same-as: five:s.r",
    ]
    let texts = questions.map { ("guides/\($0.key).yaml", guide($0.key, $0.value)) }
    return Files(Dictionary(uniqueKeysWithValues: texts), today: .sample)
  }()

  /// Two guides may each say that they ask what the other asks: the first one's question stands.
  @Test func guidesMayPointAtEachOther() throws {
    let guide = try Guide.named(["five", "six"], in: Self.own)
    #expect(guide.questions.map(\.id) == ["five:s.r"])
    #expect(guide.place(of: "six:s.r") == .question(0))
    #expect(
      try Guide.named(["six", "five", "one"], in: Self.own).questions.map(\.id) == [
        "six:s.r", "one:s.q",
      ])
  }

  // MARK: What applies

  /// A question that two guides ask applies where one of them asks it.
  @Test(arguments: [
    ("enterprise-cloud", false, 10), ("local-cloud", true, 12), ("on-premise", true, 23),
  ])
  func aSharedQuestionAppliesWhereOneOfThemAsks(
    hosting: String, connection: Bool, applicable: Int
  ) throws {
    let assessment = try assessment("\(both)\nhosting: \(hosting)\n")
    let index = try #require(
      assessment.project.guide.questions.firstIndex {
        $0.id == "commcare-transition:data-center.internet-connection"
      })
    #expect(assessment.questions[index].applicability.isApplicable == connection)
    let phases = zip(assessment.project.guide.phases, assessment.phases)
    let count = phases.filter { ["A2", "B1"].contains($0.0.number) }
      .reduce(0) { $0 + $1.1.counts.applicable }
    #expect(count == applicable)
  }

  /// Each guide has gates of its own: a closed one does not hold the other guide's work up.
  @Test func gatesOfOneGuideDoNotCloseAnother() throws {
    let assessment = try assessment(
      """
      \(both)
      hosting: local-cloud
      checkpoints:
        commcare-transition:data-center.hosting-secured: {claimed: yes}
        commcare-hosting:stores.stores-covered: {claimed: yes}
      """)
    let past = assessment.findings.filter { $0.rule == "work-past-gate" }
    #expect(past.map(\.id) == ["commcare-transition:data-center.hosting-secured"])
    #expect(past.first?.message == "the checkpoint is claimed, but the gate of phase A1 is closed")
    // The phase on physical servers has nothing that applies.
    #expect(assessment.phases[6].gate == .open)
  }

  @Test func waiversAndSignsReachSharedAnswers() throws {
    let assessment = try assessment(
      """
      \(both)
      hosting: on-premise
      answers:
        commcare-hosting:network.redundant-lines: {answer: no}
      waivers:
        - {for: commcare-hosting:power.safe-shutdown, kind: accepted-gap, reason: R, decided-by: D}
        - {for: commcare-hosting:service-levels.recovery-point, kind: accepted-gap, reason: R, decided-by: D}
      """)
    #expect(
      assessment.counts.applicable == assessment.questions.count { $0.applicability.isApplicable })
    let guide = assessment.project.guide
    let question = try #require(
      guide.questions.firstIndex { $0.id == "commcare-transition:data-center.ups-shutdown" })
    #expect(assessment.questions[question].applicability.isWaived)
    let level = try #require(
      guide.serviceLevels.firstIndex { $0.id == "commcare-transition:recovery-point" })
    #expect(assessment.serviceLevels[level].isWaived)
    let signs = assessment.findings.filter { $0.rule.hasPrefix("decision-aid.") }
    #expect(signs.map(\.rule) == ["decision-aid.commcare-hosting:single-line"])
    #expect(signs.map(\.id) == ["commcare-hosting:network.redundant-lines"])
  }

  /// What a remedy says to write is taken.
  @Test func aServiceLevelIsWaivedAsTheRemedySays() throws {
    let before = try assessment(both)
    let level = try #require(before.project.guide.serviceLevels.first)
    #expect(level.identifier == "commcare-transition:service-levels.availability")
    let finding = try #require(before.findings.first { $0.id == level.identifier })
    #expect(finding.remedy.contains("'\(level.identifier)'"))
    let after = try assessment(
      "\(both)waivers: [{for: \(level.identifier), kind: accepted-gap, reason: R, decided-by: D}]\n"
    )
    #expect(after.serviceLevels[0].isWaived)
  }

  // MARK: What documents show

  @Test func theGuideForDocumentsHoldsBoth() {
    let record = Value.record(Guide.composed.record)
    func count(_ key: String) -> Int {
      if case .list(let items)? = record.asRecord?[key] { items.count } else { 0 }
    }
    #expect(count("responsibilities") == 15 + 6)
    #expect(count("components") == 12 + 12)
    #expect(count("skills") == 10 + 3)
    #expect(count("hosting_options") == 3)
    let passages = record.asRecord?["rfp"]
    // Both are about one system, so the first guide's passages speak for both.
    #expect(
      passages?.text("purpose")
        == Value.record(Guide.commcare.record).asRecord?["rfp"]?.text("purpose"))
  }

  @Test func guidesAboutTwoSystemsBothSpeak() throws {
    let guide = try Guide.named([Self.transition, "cht-hosting"], in: Files(today: .sample))
    let text = Value.record(guide.record).asRecord?["rfp"]?.text("purpose") ?? ""
    #expect(text.contains("managed service provider (MSP)"))
    #expect(text.contains("Community Health Toolkit"))
    #expect(guide.hostingOptions.count == 6)
  }
}

extension Value {
  fileprivate var asRecord: Record? { if case .record(let record) = self { record } else { nil } }
}
