/// A phase of the guide; its gate opens when all its checkpoints are met or waived.
public struct Phase: Sendable {
  /// Its name.
  public let id: String
  /// Its number, for showing.
  public let number: String
  /// Its title.
  public let title: String
  /// Whether a project may leave it out.
  public let isOptional: Bool
  /// Its sections, as positions among all sections of the guide.
  public let sections: Range<Int>
  /// Everything the file says of it, as a template finds it.
  public let record: Record
}

/// A section of a phase.
public struct Section: Sendable {
  /// Its name, the prefix of its items' identifiers.
  public let id: String
  /// Its number, for showing.
  public let number: String
  /// Its title.
  public let title: String
  /// Whether a project may leave it out.
  public let isOptional: Bool
  /// The position of its phase.
  public let phase: Int
  /// When it applies; always, where there is none.
  public let condition: Condition?
  /// Its guiding questions, as positions among all questions of the guide.
  public let questions: Range<Int>
  /// Its checkpoints, as positions among all checkpoints of the guide.
  public let checkpoints: Range<Int>
  /// The guiding questions of other guides that it asks as well, by their identifiers.
  public let shared: [String]
  /// Everything the file says of it, as a template finds it.
  public let record: Record
}

/// Something to be answered.
///
/// A reference: it is looked at far more often than it is made.
public final class Question: Sendable {
  /// Whether an answer needs evidence.
  public enum EvidenceNeed: String, CaseIterable, Sendable {
    /// Without evidence the answer does not count as current.
    case required
    /// Evidence is welcome.
    case optional
    /// The answer speaks for itself.
    case none
  }

  /// Who carries something or answers it.
  public enum Party: String, CaseIterable, Sendable {
    /// The programme itself.
    case programme
    /// Its provider, who may be known only after the award.
    case provider
  }

  /// For what an answer is needed first.
  public enum Need: String, CaseIterable, Sendable {
    /// For publishing the RFP.
    case rfp
    /// For opening the gate of its phase.
    case gate
  }

  /// Its full identifier without the guide's prefix.
  public let id: String
  /// A short label.
  public let title: String
  /// What an answer must look like.
  public let type: AnswerType
  /// The shape that an answer has in a file and in a template.
  public let shape: Shape
  /// Whether evidence is needed.
  public let evidence: EvidenceNeed
  /// Who answers it.
  public let by: Party
  /// For what it is needed first.
  public let need: Need
  /// When it applies; always, where there is none.
  public let condition: Condition?
  /// The position of its section.
  public let section: Int
  /// The sections of other guides that ask for the same answer; it applies where one of them does.
  public let shares: [Share]
  /// Everything the file says of it, as a template finds it.
  public let record: Record
  let mark: Node.Mark

  /// A section that asks for an answer which is given elsewhere.
  public struct Share: Sendable {
    /// The section's name.
    public let section: String
    /// When it asks; always, where there is none.
    public let condition: Condition?
  }

  static let evidenceChoices = [
    Shape.Choice("required", "Without evidence the answer does not count."),
    Shape.Choice("optional", "Evidence is welcome."),
    Shape.Choice("none", "The answer speaks for itself."),
  ]
  static let answererChoices = [
    Shape.Choice("programme", "The programme itself."),
    Shape.Choice("provider", "Its provider, who may be known only after the award."),
  ]
  static let needChoices = [
    Shape.Choice("rfp", "For publishing the RFP."),
    Shape.Choice("gate", "For opening the gate of its phase."),
  ]

  init(
    _ node: Node, id: String, section: Int, shares: [Composition.Share], _ record: Record?,
    _ reading: inout Reading
  ) {
    self.id = id
    self.section = section
    self.shares = shares.map { share in
      Share(section: share.section, condition: share.condition.map { Condition($0, &reading) })
    }
    title = node["title"]?.text ?? ""
    type = AnswerType(node, &reading)
    shape = type.shape
    evidence = node["evidence"]?.text.flatMap(EvidenceNeed.init) ?? .optional
    by = node["by"]?.text.flatMap(Party.init) ?? .programme
    need = node["for"]?.text.flatMap(Need.init) ?? .gate
    condition = node["when"].map { Condition($0, &reading) }
    self.record = record ?? .empty
    mark = node["id"]?.mark ?? node.mark
  }
}

/// A statement that must hold before the next phase may start.
///
/// A reference: it is looked at far more often than it is made.
public final class Checkpoint: Sendable {
  /// Its full identifier without the guide's prefix.
  public let id: String
  /// What it relies on.
  public let reliesOn: Reliance
  /// When it applies; always, where there is none.
  public let condition: Condition?
  /// The position of its section.
  public let section: Int
  /// Everything the file says of it, as a template finds it.
  public let record: Record
  let mark: Node.Mark

  init(
    _ node: Node, id: String, section: Int, sectionID: String, _ record: Record?,
    _ reading: inout Reading
  ) {
    self.id = id
    self.section = section
    let parts = (node["relies-on"]?.items ?? []).map { Reliance($0, in: sectionID, &reading) }
    reliesOn = .all(parts.isEmpty ? [.ownEvidence] : parts)
    condition = node["when"].map { Condition($0, &reading) }
    self.record = record ?? .empty
    mark = node["id"]?.mark ?? node.mark
  }
}

/// What a checkpoint relies on: guiding questions, in groups of which all or any must hold.
public indirect enum Reliance: Sendable {
  /// A guiding question, by its full identifier.
  case question(String)
  /// Evidence that stands at the checkpoint itself.
  case ownEvidence
  /// All of these.
  case all([Reliance])
  /// Any one of these.
  case any([Reliance])

  /// The word that stands for evidence of its own in a file.
  static let ownEvidenceWord = "own-evidence"

  init(_ node: Node, in section: String, _ reading: inout Reading) {
    if node.text == Self.ownEvidenceWord {
      self = .ownEvidence
      return
    }
    if let id = node.text {
      self = .question(id.utf8.contains(UInt8(ascii: ".")) ? id : "\(section).\(id)")
      return
    }
    let all = node["all-of"]?.items ?? []
    let any = node["any-of"]?.items ?? []
    if all.isEmpty == any.isEmpty {
      reading.refuse(
        "a group needs either 'all-of' or 'any-of', with something in it", at: node.mark)
    }
    self =
      any.isEmpty
      ? .all(all.map { Reliance($0, in: section, &reading) })
      : .any(any.map { Reliance($0, in: section, &reading) })
  }

  /// All guiding questions that it names, in order.
  public var questions: [String] {
    switch self {
    case .question(let id): [id]
    case .ownEvidence: []
    case .all(let parts), .any(let parts): parts.flatMap(\.questions)
    }
  }
}

/// One estimate of scale that a project states.
public struct Estimate: Sendable {
  /// Its name.
  public let id: String
  /// Its title.
  public let title: String
  /// What it must look like.
  public let type: AnswerType

  init(_ node: Node, _ reading: inout Reading) {
    id = node["id"]?.text ?? ""
    title = node["title"]?.text ?? ""
    type = AnswerType(node, &reading)
  }
}

/// A configuration and the users it carries: more than `above`, and at most `upTo`.
public struct Configuration: Sendable {
  /// Its name.
  public let id: String
  /// Its title.
  public let title: String
  /// It is meant for more users than this.
  public let above: Int
  /// The most users it carries; `nil` where unbounded.
  public let upTo: Int?

  init(_ node: Node) {
    id = node["id"]?.text ?? ""
    title = node["title"]?.text ?? ""
    above = node["above"]?.wholeNumber ?? 0
    upTo = node["up-to"]?.wholeNumber
  }
}

extension Node {
  fileprivate var wholeNumber: Int? {
    if case .int(let number)? = text.flatMap(Shape.integer(Int.min...Int.max).parsed) {
      number
    } else {
      nil
    }
  }
}

/// A service level that an RFP may ask for.
public struct ServiceLevel: Sendable {
  /// Its name, as the project file writes it below `service-levels`.
  public let id: String
  /// Its title.
  public let title: String
  /// What a target must look like.
  public let type: AnswerType
  /// The shape that a target has in a file and in a template.
  public let shape: Shape
  /// The guiding questions and responsibilities that it comes from.
  public let origins: [String]
  /// When it applies; always, where there is none.
  public let condition: Condition?
  /// Everything the file says of it, as a template finds it.
  public let record: Record
  let mark: Node.Mark

  /// Its full identifier, such as `service-levels.availability` or, in a composed guide,
  /// `guide:service-levels.availability`.
  public var identifier: String {
    guard let colon = id.utf8.firstIndex(of: UInt8(ascii: ":")) else {
      return "service-levels.\(id)"
    }
    return "\(id[..<colon]):service-levels.\(id[id.index(after: colon)...])"
  }

  static let directionChoices = [
    Shape.Choice("higher", "A greater value is better."),
    Shape.Choice("lower", "A lesser value is better."),
    Shape.Choice("fixed", "The values do not compare."),
  ]

  init(_ node: Node, _ record: Record?, _ reading: inout Reading) {
    id = node["id"]?.text ?? ""
    title = node["title"]?.text ?? ""
    type = AnswerType(node, &reading)
    shape = type.shape
    condition = node["when"].map { Condition($0, &reading) }
    self.record = record ?? .empty
    origins = (node["from"]?.items ?? []).compactMap(\.text)
    mark = node["id"]?.mark ?? node.mark
  }
}

/// Signs in a project's answers that speak against a decision.
public struct DecisionAid: Sendable {
  /// One sign.
  public struct Sign: Sendable {
    /// Its name.
    public let id: String
    /// What is the case where it holds, in one sentence.
    public let text: String
    /// When it holds.
    public let condition: Condition
    /// What to do about it.
    public let advice: String
    /// How much it weighs.
    public let severity: Diagnostic.Severity
    let mark: Node.Mark

    init(_ node: Node, _ reading: inout Reading) {
      id = node["id"]?.text ?? ""
      text = node["sign"]?.text ?? ""
      advice = node["advice"]?.text ?? ""
      severity = node["severity"]?.text.flatMap(Diagnostic.Severity.init) ?? .warning
      mark = node["id"]?.mark ?? node.mark
      condition = node["when"].map { Condition($0, &reading) } ?? .any([])
    }
  }

  /// The signs in their order.
  public let signs: [Sign]
  /// Everything the file says of it, as a template finds it.
  public let record: Record

  init(_ node: Node, _ record: Record?, _ reading: inout Reading) {
    signs = (node["signs"]?.items ?? []).map { Sign($0, &reading) }
    self.record = record ?? .empty
  }
}
