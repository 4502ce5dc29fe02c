import DocModel
import Foundation
import Testing

/// The guides that the program carries hold what their sources hold: counts, facts and links.
@Suite struct BuiltInGuideTests {
  /// Places of a guide's record, with how many items stand there.
  static let counts: [(SampleGuide, String, Int)] = [
    (.chtHosting, "phases", 3), (.chtHosting, "phases.sections", 9),
    (.chtHosting, "phases.sections.questions", 28),
    (.chtHosting, "phases.sections.checkpoints", 15),
    (.chtHosting, "hosting_options", 3), (.chtHosting, "scale", 4), (.chtHosting, "links", 7),
    // Seven considerations of the earlier edition, with ways of hosting, of growing and of running.
    (.chtHosting, "phases.sections.considerations", 10),
    (.chtHosting, "phases.sections.considerations.options", 4),
    (.chtHosting, "skills", 5), (.chtHosting, "skills.children", 8),
    (.chtHosting, "components", 8), (.chtHosting, "responsibilities", 13),
    (.chtHosting, "trade_offs", 5), (.chtHosting, "requirements", 4), (.chtHosting, "roles", 2),
    (.chtHosting, "deliverables", 3), (.chtHosting, "service_levels", 14),
    (.chtHosting, "notes", 10),
    (.commcareHosting, "phases", 2), (.commcareHosting, "phases.sections", 7),
    (.commcareHosting, "phases.sections.questions", 19),
    (.commcareHosting, "phases.sections.checkpoints", 7),
    (.commcareHosting, "hosting_options", 3), (.commcareHosting, "scale", 3),
    // Eight stores and brokers, four kinds of processes, six tools.
    (.commcareHosting, "components", 12), (.commcareHosting, "skills", 3),
    (.commcareHosting, "skills.children", 18), (.commcareHosting, "skills.children.children", 3),
    (.commcareHosting, "decision_aid.signs", 4), (.commcareHosting, "responsibilities", 6),
    (.commcareHosting, "service_levels", 6), (.commcareHosting, "notes", 5),
  ]

  @Test(arguments: counts)
  func eachPlaceHoldsSoManyItems(sample: SampleGuide, path: String, count: Int) {
    var values = [Value.record(sample.guide.record)]
    for name in path.split(separator: ".") {
      values = values.flatMap { value -> [Value] in
        guard case .record(let record) = value, let inner = record[String(name)] else { return [] }
        if case .list(let items) = inner { return items }
        return [inner]
      }
    }
    #expect(values.count == count)
  }

  /// What the sources state, by words that the guide has for it.
  static let facts: [(SampleGuide, [String])] = [
    (
      .chtHosting,
      [
        "single developer's laptop", "November 2023", "Kubernetes its standard", "4.x",
        "All hosting requirements have to be met", "development data be kept away from production",
        "become unavailable, leak to people who may not see it, or be altered",
        "warnings of the operating system", "power failure or an unplanned restart",
        "hard drive fails", "three copies", "two kinds of media", "flood", "on site",
        "hardware in use has to be upgraded", "many times a year", "trained to upgrade",
        "nobody reaches the server", "hard drive encrypted", "stolen", "passwords of community",
        "magic link", "sensitive medical information of patients", "lines of support",
        "Orchestration of containers", "Docker", "Kubernetes", "CouchDB", "PostgreSQL",
        "IP addresses", "SSL", "DNS", "Command line", "Deployment", "how many people may use",
        "how care continues", "has its price", "exists in one place only",
      ]
    ),
    (
      .commcareHosting,
      [
        "finds it hard", "goes on to the second phase", "online at every moment",
        "data sovereignty", "redundant lines", "One or two servers in an office",
        "some seconds too late", "smallest interruption", "data may be damaged", "Guards watch",
        "few trusted people", "take private information", "deleting all data",
        "An ordinary office is not safe enough", "Computers turn power into heat",
        "where the air is cold or a great body of water is near", "dozens of processes",
        "for scale rather than for simplicity", "even for a small deployment", "Automation",
        "PL/Proxy and sharding of CommCare's own", "pg_backup and streaming replication",
        "CouchDB", "Redis", "Riak and Riak CS, mandatory where there are several servers",
        "Elasticsearch", "Kafka, with ZooKeeper", "RabbitMQ", "Nginx", "Web workers", "Celery",
        "Pillowtop", "Formplayer", "Monit", "Supervisor", "Ansible", "Fabric", "EcryptFS",
        "(optional)", "bring it back from a bad state",
      ]
    ),
  ]

  @Test(arguments: facts)
  func eachFactIsStated(sample: SampleGuide, facts: [String]) {
    let text = Value.record(sample.guide.record).texts.joined(separator: "\n")
      .replacing("\n", with: " ").replacing(#/ +/#, with: " ")
    for fact in facts { #expect(text.contains(fact), "\(sample): \(fact)") }
  }

  static let links: [(SampleGuide, [String])] = [
    (
      .chtHosting,
      [
        "hosting/", "hosting/requirements/", "hosting/3.x/", "hosting/4.x/",
        "hosting/4.x/app-developer/", "hosting/kubernetes-vs-docker/", "hosting/4.x/self-hosting/",
        "hosting/vertical-vs-horizontal/", "hosting/monitoring/",
        "hosting/monitoring/introduction/", "hosting/4.x/backups/",
        "building/concepts/access/#magic-links-for-logging-in-token-login",
      ].map { "https://docs.communityhealthtoolkit.org/\($0)" }
        + ["https://en.wikipedia.org/wiki/Backup#Storage"]
    ),
    (
      .commcareHosting,
      [
        "https://en.wikipedia.org/wiki/Extract,_transform,_load",
        "https://en.wikipedia.org/wiki/Logical_Volume_Manager_%28Linux%29",
        "https://commcare-cloud.readthedocs.io/en/latest/index.html",
      ]
    ),
  ]

  @Test(arguments: links)
  func eachLinkIsThere(sample: SampleGuide, links: [String]) {
    let texts = Value.record(sample.guide.record).texts
    for link in links {
      #expect(texts.contains { $0 == link || $0.contains("(\(link))") }, "\(sample): \(link)")
    }
  }

  /// What the sources do not have is marked: where a source has no phases, everything about them.
  @Test(arguments: [SampleGuide.chtHosting, .commcareHosting])
  func phasesAndCheckpointsAreMarkedAsOurs(sample: SampleGuide) {
    let guide = sample.guide
    func isOurs(_ record: Record) -> Bool {
      if case .bool(true)? = record["ours"] { true } else { false }
    }
    #expect(guide.phases.allSatisfy { isOurs($0.record) })
    #expect(guide.checkpoints.allSatisfy { isOurs($0.record) })
    #expect(guide.serviceLevels.allSatisfy { isOurs($0.record) })
  }

  /// A share of all time, or of all hosts, that is more than all of it: `995 %` lacks its point.
  @Test(arguments: [
    (Guide.commcare, "service-levels: {availability: {target: LEVEL}}"),
    (.commcare, "service-levels: {monitoring: {target: {coverage: LEVEL}}}"),
    (.chtHosting, "service-levels: {availability: {target: LEVEL}}"),
    (.commcareHosting, "service-levels: {availability: {target: LEVEL}}"),
    (.commcareHosting, "hosting: on-premise\nservice-levels: {line-uptime: {target: LEVEL}}"),
    (.commcareHosting, "hosting: on-premise\nanswers: {network.measured-uptime: {answer: LEVEL}}"),
  ])
  func noShareIsMoreThanAll(guide: Guide, text: String) throws {
    func isFound(_ level: String) throws -> Bool {
      let changed = text.replacing("LEVEL", with: level)
      let text = "guide: \(guide.id)\nprogramme: {title: T}\n\(changed)"
      let project = try Project(Source(name: "p.yaml", text: text), guide: guide)
      return Assessment(project, in: Files(today: .sample)).findings.contains {
        $0.rule.hasSuffix("-within-all") && $0.severity == .error
      }
    }
    #expect(try isFound("995 %"))
    #expect(try !isFound("100 %"))
  }

  /// The version that a project declares, and what is found about it.
  @Test(arguments: [
    ("3.17.2", true), ("v3.9", true), ("3.x", true), ("CHT 3.15.0", true), ("4.0", false),
    ("4.0.0", false), ("4.15.0-beta.1", false), ("10.1", false), ("the newest", false),
  ])
  func aVersionAtItsEndOfLifeIsFound(version: String, isFound: Bool) throws {
    let text = """
      guide: cht-hosting
      programme: {title: T}
      answers: {hosting-type.cht-version: {answer: "\(version)"}}
      """
    let project = try Project(Source(name: "p.yaml", text: text), guide: .chtHosting)
    func rules(_ day: String) throws -> [String] {
      let today = try #require(Day(day))
      return Assessment(project, in: Files(today: today)).findings.map(\.rule)
    }
    #expect(try rules("2026-11-21").contains("guide-rule.end-of-life") == isFound)
    #expect(try !rules("2023-10-31").contains("guide-rule.end-of-life"))
  }

  /// Copies, kinds of media and copies elsewhere, with the rules that they break.
  @Test(arguments: [
    (3, 2, 1, []), (2, 2, 1, ["three-copies"]), (3, 1, 1, ["two-media"]),
    (3, 2, 0, ["one-elsewhere"]), (1, 1, 0, ["three-copies", "two-media", "one-elsewhere"]),
  ])
  func backupsAreChecked(copies: Int, media: Int, elsewhere: Int, rules: [String]) throws {
    let text = """
      guide: cht-hosting
      programme: {title: T}
      answers:
        continuity.backup-strategy:
          answer: {copies: \(copies), media: \(media), elsewhere: \(elsewhere), interval: 12 h}
      """
    let project = try Project(Source(name: "p.yaml", text: text), guide: .chtHosting)
    let found = Assessment(project, in: Files(today: .sample)).findings.map(\.rule)
    #expect(
      found.filter { $0.hasPrefix("guide-rule.") } == rules.map { "guide-rule.\($0)" })
  }

  /// A sign counts for hardware of one's own only, and only where the answers say so.
  @Test(arguments: [
    ("on-premise", "no", true), ("on-premise", "yes", false), ("local-cloud", "no", false),
    ("", "no", nil),
  ])
  func signsSpeakAgainstOwningHardware(
    hosting: String, answer: String, holds: Bool?
  ) throws {
    let text = """
      guide: commcare-hosting
      programme: {title: T}
      hosting: \(hosting)
      answers: {power.backup-power: {answer: {batteries: 20 min, generator: \(answer)}}}
      """
    let project = try Project(Source(name: "p.yaml", text: text), guide: .commcareHosting)
    let assessment = Assessment(project, in: Files(today: .sample))
    let index = try #require(
      assessment.project.guide.decisionAid?.signs.firstIndex { $0.id == "no-generator" })
    #expect(assessment.signs[index] == holds)
    #expect(
      assessment.findings.contains { $0.rule == "decision-aid.no-generator" } == (holds == true))
  }
}

extension Value {
  /// All texts below, in order.
  fileprivate var texts: [String] {
    switch self {
    case .text(let text), .markdown(let text): [text]
    case .list(let items): items.flatMap(\.texts)
    case .record(let record): record.values.flatMap(\.texts)
    default: []
    }
  }
}
