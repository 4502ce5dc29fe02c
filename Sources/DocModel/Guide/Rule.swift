public import FoundationEssentials

/// A figure or an order that answers must respect, stated by a guide.
public struct Rule: Sendable {
  /// What is compared.
  public enum Comparison: Hashable, Sendable {
    /// The subject is at least `least` and at most `most`, in `unit`.
    case range(subject: ValuePath, least: Decimal?, most: Decimal?, unit: String?)
    /// The first is not greater than the second.
    case ordered(lesser: ValuePath, greater: ValuePath)
    /// The planned downtime per month fits into what the availability in percent leaves.
    case availabilityAllows(availability: ValuePath, downtime: ValuePath)
    /// The chosen configuration carries the users.
    case sizing(users: ValuePath, configuration: ValuePath)
    /// The version stated is not below `least`, from a day on where there is one.
    case version(subject: ValuePath, least: VersionNumber, since: Day?)
    /// Each piece of evidence of an answer says until when it holds.
    case evidenceExpires(subject: ValuePath)
  }

  /// Whose file a rule applies to.
  public enum Target: String, CaseIterable, Sendable {
    /// The programme's project file.
    case project
    /// A bidder's bid file.
    case bid
  }

  /// The rule's name.
  public let id: String
  /// Whose files it applies to.
  public let targets: Set<Target>
  /// How much a breach weighs.
  public let severity: Diagnostic.Severity
  /// What is wrong, in one sentence.
  public let message: String
  /// What to do about it.
  public let remedy: String
  /// What is compared.
  public let comparison: Comparison
  /// The configurations that a rule of sizing chooses from, smallest first.
  public let configurations: [Configuration]
  let mark: Node.Mark

  static let kinds = [
    Shape.Choice("minimum", "The subject is at least the value."),
    Shape.Choice("maximum", "The subject is at most the value."),
    Shape.Choice("range", "The subject lies between two values."),
    Shape.Choice("ordered", "One value is not greater than another."),
    Shape.Choice("availability-allows", "An availability leaves room for planned downtime."),
    Shape.Choice("sizing", "The chosen configuration carries the users."),
    Shape.Choice("minimum-version", "The version stated is at least this one."),
    Shape.Choice("evidence-expires", "The evidence says until when it holds."),
  ]
  static let targets = [
    Shape.Choice("project", "The programme's project file."),
    Shape.Choice("bid", "A bidder's bid file."),
    Shape.Choice("both", "Both of them."),
  ]
  static let severities = [
    Shape.Choice("error", "It must be put right."),
    Shape.Choice("warning", "It should be looked at."),
    Shape.Choice("note", "It is worth knowing."),
  ]

  /// The keys that say where values stand.
  static let pathKeys = [
    "subject", "lesser", "greater", "availability", "downtime", "users", "configuration",
  ]

  init(_ node: Node, _ configurations: [Configuration], _ reading: inout Reading) {
    id = node["id"]?.text ?? ""
    self.configurations = configurations
    targets = node["applies-to"]?.text.flatMap(Target.init).map { [$0] } ?? Set(Target.allCases)
    severity = node["severity"]?.text.flatMap(Diagnostic.Severity.init) ?? .error
    message = node["message"]?.text ?? ""
    remedy = node["remedy"]?.text ?? ""
    let mark = node["id"]?.mark ?? node.mark
    self.mark = mark
    func text(_ key: String) -> String {
      guard let text = node[key]?.text else {
        reading.refuse("a rule of this kind needs '\(key)'", at: mark)
        return ""
      }
      return text
    }
    func path(_ key: String) -> ValuePath { ValuePath(text(key)) }
    func number(_ key: String) -> Decimal? { decimal(text(key)) }
    func version() -> VersionNumber {
      let written = text("version")
      if let version = VersionNumber(written) { return version }
      if !written.isEmpty {
        reading.refuse(
          "'version' must be a version such as 4.0, not '\(written)'",
          at: node["version"]?.mark ?? mark)
      }
      return .zero
    }
    let unit = node["unit"]?.text
    comparison =
      switch node["kind"]?.text {
      case "minimum":
        .range(subject: path("subject"), least: number("value"), most: nil, unit: unit)
      case "maximum":
        .range(subject: path("subject"), least: nil, most: number("value"), unit: unit)
      case "range":
        .range(subject: path("subject"), least: number("from"), most: number("to"), unit: unit)
      case "ordered": .ordered(lesser: path("lesser"), greater: path("greater"))
      case "availability-allows":
        .availabilityAllows(availability: path("availability"), downtime: path("downtime"))
      case "minimum-version":
        .version(
          subject: path("subject"), least: version(), since: node["since"]?.text.flatMap { Day($0) }
        )
      case "evidence-expires": .evidenceExpires(subject: path("subject"))
      default: .sizing(users: path("users"), configuration: path("configuration"))
      }
  }

  /// The values that it looks at.
  public var paths: [ValuePath] {
    switch comparison {
    case .range(let subject, _, _, _): [subject]
    case .ordered(let lesser, let greater): [lesser, greater]
    case .availabilityAllows(let availability, let downtime): [availability, downtime]
    case .sizing(let users, let configuration): [users, configuration]
    case .version(let subject, _, _), .evidenceExpires(let subject): [subject]
    }
  }
}

/// Where a value stands that a rule looks at.
public struct ValuePath: Hashable, Sendable {
  /// The kinds of places there are.
  public enum Place: Hashable, Sendable {
    /// An answer, or one part of it.
    case answer(question: String, part: String?)
    /// A service level's target, or one part of it.
    case serviceLevel(String, part: String?)
    /// An estimate of scale.
    case scale(String)
    /// Something that a bid states.
    case bid(String)
  }

  /// The path as it was written.
  public let text: String
  /// The place, or `nil` where the path is of no known form.
  public let place: Place?

  init(_ text: String) {
    self.text = text
    var bytes = text
    let parts = bytes.withUTF8 { bytes in
      bytes.split(separator: UInt8(ascii: ".")).map { String(decoding: $0, as: UTF8.self) }
    }
    place =
      switch (parts.first, parts.count) {
      case ("answers", 3): .answer(question: "\(parts[1]).\(parts[2])", part: nil)
      case ("answers", 4): .answer(question: "\(parts[1]).\(parts[2])", part: parts[3])
      case ("service-levels", 2): .serviceLevel(parts[1], part: nil)
      case ("service-levels", 3): .serviceLevel(parts[1], part: parts[2])
      case ("scale", 2): .scale(parts[1])
      case ("team", 2), ("references", 2), ("costs", 2): .bid(text)
      default: nil
      }
  }

  /// Whether a guide has what the path names.
  func isKnown(in guide: Guide) -> Bool {
    if case .bid? = place { true } else { type(in: guide) != nil }
  }

  /// What the value must look like; `nil` for what a bid states, and for what does not exist.
  func type(in guide: Guide) -> AnswerType? {
    func part(_ name: String?, of type: AnswerType) -> AnswerType? {
      guard let name else { return type }
      return type.kind == .parts ? type.parts.first { $0.id == name }?.type : nil
    }
    switch place {
    case .answer(let id, let name):
      guard case .question(let index)? = guide.place(of: id) else { return nil }
      return part(name, of: guide.questions[index].type)
    case .serviceLevel(let id, let name):
      return guide.serviceLevels.first { $0.id == id }.flatMap { part(name, of: $0.type) }
    case .scale(let id): return guide.scale.first { $0.id == id }?.type
    case .bid, nil: return nil
    }
  }
}
