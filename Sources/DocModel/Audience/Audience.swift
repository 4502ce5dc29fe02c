/// Who a document or a pack is made for: each sees all that those before it see.
public enum Audience: String, CaseIterable, Comparable, Sendable {
  /// Everybody.
  case `public`
  /// Those who bid.
  case bidder
  /// Those who check the evidence.
  case auditor

  /// Orders audiences by how much they see.
  public static func < (left: Audience, right: Audience) -> Bool { left.height < right.height }

  private var height: Int {
    switch self {
    case .public: 0
    case .bidder: 1
    case .auditor: 2
    }
  }

  static let choices = [
    Shape.Choice("public", "Everybody."),
    Shape.Choice("bidder", "Those who bid, and auditors."),
    Shape.Choice("auditor", "Auditors alone."),
  ]

  /// The audience that a mapping of a file states.
  init?(of node: Node?) {
    guard let audience = node?["audience"]?.text.flatMap(Audience.init) else { return nil }
    self = audience
  }
}

/// What a copy of a project keeps from its audience of one answer, claim or waived item: digests, by which
/// what is disclosed later can be proven to be the same.
public struct Withheld: Sendable {
  /// The identifier of what it is about.
  public let subject: String
  /// How far the answer, or a checkpoint's own evidence, has got: the owner's word.
  public let rung: Rung?
  /// Whether it counts, where that depends on an answer that is withheld and the RFP tells it all the same.
  public let applies: Bool?
  /// The digest of the answer.
  public let answer: String?
  /// The digest of who answered when, the note and the review period.
  public let about: String?
  /// The digests of pieces of evidence, in no order of theirs.
  public let evidence: [String]
  /// The digests of waivers.
  public let waivers: [String]

  static let shape = RecordShape(
    "something withheld", "What a copy keeps from its audience of one item.",
    [
      .init("for", .text(.identifier), required: true, "The identifier of the item."),
      .init(
        "rung", .choice(Rung.allCases.map { .init($0.rawValue, $0.meaning) }),
        "How far the answer, or a checkpoint's own evidence, has got: the owner's word."),
      .init(
        "applies", .yesNo,
        "Whether it counts, where that depends on an answer that is withheld and the RFP tells it all "
          + "the same."),
      .init("answer", .text(.digest), "The salted digest of the answer."),
      .init(
        "about", .text(.digest),
        "The salted digest of who answered when, the note and the review period."),
      .init("evidence", .list(.text(.digest)), "The salted digests of pieces of evidence."),
      .init("waivers", .list(.text(.digest)), "The salted digests of waivers."),
    ])

  init(_ node: Node, _ guide: Guide) {
    subject = guide.local(node["for"]?.text ?? "")
    rung = node["rung"]?.text.flatMap(Rung.init)
    applies = node["applies"]?.isYes
    answer = node["answer"]?.text
    about = node["about"]?.text
    evidence = (node["evidence"]?.items ?? []).compactMap(\.text)
    waivers = (node["waivers"]?.items ?? []).compactMap(\.text)
  }

  /// How many things are withheld.
  public var count: Int {
    (answer == nil ? 0 : 1) + (about == nil ? 0 : 1) + evidence.count + waivers.count
  }
}

/// Something of a project's file that is kept from an audience, as what its digest is computed of.
public struct Sealed: Hashable, Sendable {
  /// What it is of its item.
  public enum Part: String, CaseIterable, Comparable, Sendable {
    /// The answer itself.
    case answer
    /// Who answered when, the note and the review period.
    case about
    /// A piece of evidence, with the digest of its file.
    case evidence
    /// A waiver.
    case waiver

    /// Orders parts as they are listed here.
    public static func < (left: Part, right: Part) -> Bool { left.position < right.position }

    private var position: Int { Self.allCases.firstIndex(of: self) ?? 0 }
  }

  /// The identifier of the item.
  public let subject: String
  /// What it is of the item.
  public let part: Part
  /// What stands in the file, as canonical JSON (RFC 8785) whose single values are all texts.
  public let bytes: [UInt8]
}

extension Rung {
  /// What it says, for lists of words.
  fileprivate var meaning: String {
    switch self {
    case .unanswered: "There is no answer, or none that counts."
    case .answered: "There is an answer."
    case .evidenced: "There is evidence that exists."
    case .current: "There is evidence that holds, or none is needed."
    case .reviewed: "Somebody has reviewed what holds."
    }
  }
}
