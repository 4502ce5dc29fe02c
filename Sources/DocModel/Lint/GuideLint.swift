/// What can be better in a guide's file, for whoever writes it.
///
///     let lint = try GuideLint("guides/well.yaml", in: world)
///     lint.findings.filter { $0.severity == .error }
public struct GuideLint: Sendable {
  /// The guide's name, or an empty text where the file says none.
  public let guide: String
  /// The file that was looked at.
  public let file: String
  /// What was noticed, in the order of the file for each rule.
  public let findings: [Finding]
  /// What was noticed and is accepted by one of the guide's notes.
  public let accepted: [Finding]

  /// The rules there are.
  ///
  /// To add one, write a file in this folder and a line in this list.
  static let all: [any LintCheck] = [
    NumberLint(), RelianceLint(), ConditionLint(), PlaceholderLint(), SourceLint(),
    ReferenceLint(), AskLint(),
  ]

  /// All rules that findings may bear.
  public static var rules: [FindingRule] {
    [invalid] + all.flatMap(\.rules) + [idle]
  }

  private static let invalid = FindingRule(
    id: "guide-invalid", summary: "The reader refuses the guide.")
  private static let idle = FindingRule(
    id: "acceptance-idle", summary: "A note accepts what is not found.")

  /// Looks at a guide's file; what it extends is looked up in `world`.
  ///
  /// - Throws: never for what is wrong with the guide, which is a finding.
  public init(_ source: Source, in world: some World) {
    file = source.name
    do throws(InvalidInput) {
      let read = try GuideFile(source).whole(in: world)
      let subject = LintSubject(guide: try Guide(read), node: read.node, source: source)
      let all = Self.all.flatMap { $0.findings(subject) }
      let acceptance = Acceptance(read.node)
      guide = subject.guide.id
      accepted = all.filter { acceptance.accepts($0) }
      let idle = acceptance.idle(all).map { note, rule in
        subject.finding(
          Self.idle, .warning, "notes.\(note["id"]?.text ?? "")",
          "the note accepts findings of '\(rule)', of which there are none",
          "take '\(rule)' out of 'accepts:'", at: note.mark)
      }
      findings = all.filter { !acceptance.accepts($0) } + idle
    } catch {
      guide = ""
      accepted = []
      findings = error.diagnostics.map { problem in
        Finding(
          rule: Self.invalid.id, severity: problem.severity, id: "guide",
          message: problem.message, remedy: problem.hint ?? "correct it",
          location: problem.location ?? source.location(.start), phase: nil, concernsRFP: false)
      }
    }
  }

  /// How many findings are of a severity.
  public func count(_ severity: Diagnostic.Severity) -> Int {
    findings.count { $0.severity == severity }
  }

  /// Everything as one JSON object.
  public var json: JSON {
    .object([
      .init("guide", .string(guide)),
      .init("file", .string(file)),
      .init(
        "summary",
        .object([
          .init("errors", .int(count(.error))), .init("warnings", .int(count(.warning))),
          .init("accepted", .int(accepted.count)),
        ])),
      .init("findings", .array(findings.map(\.json))),
    ])
  }
}

/// Something that looks at a guide's file and notices what can be better.
protocol LintCheck: Sendable {
  /// The rules that its findings bear.
  var rules: [FindingRule] { get }
  /// Notices what can be better, in the order of the file.
  func findings(_ subject: LintSubject) -> [Finding]
}

/// A guide with the nodes of its file.
struct LintSubject {
  let guide: Guide
  let node: Node
  let source: Source

  func finding(
    _ rule: FindingRule, _ severity: Diagnostic.Severity, _ id: String, _ message: String,
    _ remedy: String, at mark: Node.Mark
  ) -> Finding {
    Finding(
      rule: rule.id, severity: severity, id: id, message: message, remedy: remedy,
      location: source.location(mark), phase: nil, concernsRFP: false)
  }

  var phases: [Node] { node["phases"]?.items ?? [] }
  var sections: [Node] { phases.flatMap { $0["sections"]?.items ?? [] } }

  /// The items of a list in all sections, with their full identifiers.
  func items(_ key: String) -> [(id: String, node: Node)] {
    sections.flatMap { section in
      (section[key]?.items ?? []).map { ("\(section.name).\($0.name)", $0) }
    }
  }
}

extension Node {
  /// The `id` of an item.
  var name: String { self["id"]?.text ?? "" }
}

/// What the guide's notes accept: `accepts` names rules, `about` what they are accepted for.
private struct Acceptance {
  private let notes: [Node]
  private let accepted: Set<[String]>

  init(_ guide: Node) {
    notes = (guide["notes"]?.items ?? []).filter { $0["accepts"] != nil }
    accepted = Set(
      notes.flatMap { note in
        Self.texts(note, "about").flatMap { id in
          Self.texts(note, "accepts").map { [id, $0] }
        }
      })
  }

  private static func texts(_ note: Node, _ key: String) -> [String] {
    (note[key]?.items ?? []).compactMap(\.text)
  }

  func accepts(_ finding: Finding) -> Bool { accepted.contains([finding.id, finding.rule]) }

  /// Notes with a rule that they accept although nothing of it is found.
  func idle(_ findings: [Finding]) -> [(Node, String)] {
    let found = Set(findings.map { [$0.id, $0.rule] })
    return notes.flatMap { note in
      Self.texts(note, "accepts").filter { rule in
        !Self.texts(note, "about").contains { found.contains([$0, rule]) }
      }.map { (note, $0) }
    }
  }
}
