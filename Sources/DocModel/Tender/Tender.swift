public import FoundationEssentials
private import Synchronization

/// What a bidder has to answer, as a file that needs nothing beside it.
///
///     let tender = try Tender(Source(name: "tender.yaml", bytes: bytes))
///     tender.checkpoints.count
///
/// It is made from a project file (`init(of:)`) and holds of it only what an RFP publishes.
public final class Tender: Sendable {
  /// The reference number of the RFP, or the programme's title where there is none.
  public let reference: String
  /// Which edition of the tender this is.
  public let edition: String
  /// The digest that the file states; `nil` where it states none.
  public let digest: String?
  /// The programme's name.
  public let title: String
  /// Who issues the RFP.
  public let client: String?
  /// The language of the tender, as BCP 47 writes it.
  public let language: String
  /// The currency of bids, as ISO 4217 writes it.
  public let currency: String?
  /// The deadline for bids.
  public let closes: Moment?
  /// How long a bid must stay valid after closing.
  public let validity: TimeSpan?
  /// How many hosting providers a bid must offer.
  public let hostOptions: Int
  /// How many months the work may take; `nil` where the tender does not say.
  public let months: Decimal?
  /// The phases with their sections.
  public let phases: [Phase]
  /// The checkpoints to answer, in order.
  public let checkpoints: [Checkpoint]
  /// The service levels asked for.
  public let serviceLevels: [Level]
  /// What a bidder must show.
  public let requirements: [Requirement]
  /// The roles that a team fills.
  public let roles: [Role]
  /// The skills that no others stand below, in the order of the tree.
  public let skills: [Skill]
  /// How bids are weighed.
  public let criteria: [Criterion]
  /// Figures and orders that a bid must respect.
  public let rules: [Rule]
  /// Everything in the file, as a template finds it.
  public let record: Record
  /// The file that it was read from.
  public let source: Source
  private let places: [String: Place]
  /// The shape of bids, made when it is first asked for.
  private let shapeOfBids = Mutex<RecordShape?>(nil)

  /// The name under which a tender is written.
  public static let fileName = "tender.yaml"

  /// A phase of the guide.
  public struct Phase: Sendable {
    /// Its name.
    public let id: String
    /// Its number, for showing.
    public let number: String
    /// Its title.
    public let title: String
    /// Its sections.
    public let sections: [Section]
  }

  /// A section of a phase.
  public struct Section: Sendable {
    /// Its name.
    public let id: String
    /// Its number, for showing.
    public let number: String
    /// Its title.
    public let title: String
    /// Its checkpoints, as positions among all checkpoints.
    public let checkpoints: Range<Int>
  }

  /// A statement that must hold before the next phase.
  public struct Checkpoint: Sendable {
    /// Its full identifier.
    public let id: String
    /// A short label.
    public let title: String?
    /// What must hold, in CommonMark.
    public let statement: String
  }

  /// A service level with what is asked for.
  public struct Level: Sendable {
    /// The service level itself.
    public let level: ServiceLevel
    /// What is asked for; `nil` where the tender does not say.
    public let target: Answer?
    /// Which value is the better one.
    public let better: Direction
    /// What there is to know besides, in CommonMark.
    public let note: String?

    /// Its name.
    public var id: String { level.id }
    /// Its title.
    public var title: String { level.title }
  }

  /// Which value of a service level is the better one.
  public enum Direction: String, Sendable {
    /// A greater one.
    case higher
    /// A lesser one.
    case lower
    /// None: the values do not compare.
    case fixed
  }

  /// Something a bidder must show.
  public struct Requirement: Sendable {
    /// Its name.
    public let id: String
    /// Its title.
    public let title: String
    /// What is required, in CommonMark.
    public let text: String?
    /// How many are required at least.
    public let minimum: Int?
  }

  /// A role that a team fills.
  public struct Role: Sendable {
    /// Its name.
    public let id: String
    /// Its title.
    public let title: String
    /// Whether those who fill it count as engineers.
    public let isEngineering: Bool
  }

  /// A skill that no others stand below.
  public struct Skill: Sendable {
    /// Its name.
    public let id: String
    /// Its title.
    public let title: String
    /// The titles of what it stands below, the widest first.
    public let area: [String]
  }

  /// Something that bids are weighed by.
  public typealias Criterion = Project.Criterion

  /// Where something with an identifier is found.
  public enum Place: Hashable, Sendable {
    /// A checkpoint, by its position.
    case checkpoint(Int)
    /// A service level, by its position.
    case serviceLevel(Int)
    /// A requirement, by its position.
    case requirement(Int)
    /// A role, by its position.
    case role(Int)
    /// A skill, by its position.
    case skill(Int)
  }

  /// Reads a tender file.
  ///
  /// - Throws: `InvalidInput` with all that is wrong with it.
  public init(_ source: Source) throws(InvalidInput) {
    let node = try Node(source)
    var reading = Reading(source, Self.shape, isComposed: true)
    let value = reading.value(of: node, as: .record(Self.shape), called: Name("the tender"))
    try reading.finish()
    guard case .record(let record) = value else { throw Guide.blank(source) }
    self.source = source
    self.record = record
    reference = node["tender"]?.text ?? ""
    edition = node["edition"]?.text ?? ""
    digest = node["digest"]?.text
    title = node["title"]?.text ?? ""
    client = node["client"]?.text
    language = node["language"]?.text.flatMap { Language.isTag($0) ? $0 : nil } ?? "en"
    currency = node["currency"]?.text
    closes = node["closes"]?.text.flatMap { Moment($0) }
    validity = node["bids-valid-for"]?.text.flatMap { TimeSpan($0) }
    hostOptions = node["host-options"]?.text.flatMap { Int($0) } ?? 1
    months = node["period"]?.text.flatMap { TimeSpan.months($0) }

    var contents = Contents()
    phases = (node["phases"]?.items ?? []).map { contents.phase($0, &reading) }
    checkpoints = contents.checkpoints
    serviceLevels = contents.levels(
      node["service-levels"]?.items ?? [], record["service_levels"], &reading)
    requirements = (node["requirements"]?.items ?? []).enumerated().map { index, item in
      contents.register("requirements.", item, .requirement(index), &reading)
      return Requirement(
        id: item["id"]?.text ?? "", title: item["title"]?.text ?? "", text: item["text"]?.text,
        minimum: item["minimum"]?.text.flatMap { Int($0) })
    }
    roles = (node["roles"]?.items ?? []).enumerated().map { index, item in
      contents.register("roles.", item, .role(index), &reading)
      return Role(
        id: item["id"]?.text ?? "", title: item["title"]?.text ?? "",
        isEngineering: item["engineers"]?.isYes ?? false)
    }
    for item in node["skills"]?.items ?? [] { contents.skill(item, below: [], &reading) }
    skills = contents.skills
    criteria = (node["criteria"]?.items ?? []).map { Criterion($0) }
    rules = (node["rules"]?.items ?? []).map { Rule($0, [], &reading) }
    places = contents.places
    try reading.finish()
  }

  /// Where something stands, by its identifier: a checkpoint's own, or `service-levels.NAME`,
  /// `requirements.NAME`, `roles.NAME` and `skills.NAME`.
  public func place(of id: String) -> Place? { places[id] }

  /// The service level of a name, or `nil` where the tender asks for none.
  public func serviceLevel(_ name: String) -> Level? {
    guard case .serviceLevel(let index)? = places["service-levels.\(name)"] else { return nil }
    return serviceLevels[index]
  }

  /// The shape of a bid file against this tender; made once.
  var bidShape: RecordShape {
    shapeOfBids.withLock { made in
      let shape = made ?? Bid.madeShape(for: self)
      made = shape
      return shape
    }
  }

  /// What the digest is taken of: the content without the digest itself, as JSON without white space
  /// whose members stand in the order of the shape, in UTF-8.
  ///
  /// Comments, quotes and the order of keys in the file do not count.
  public var content: [UInt8] {
    guard case .object(let members) = JSON(.record(record), as: .record(Self.shape)) else {
      return []
    }
    return Array(JSON.object(members.filter { $0.key != "digest" }).compactText.utf8)
  }

  /// The file's text, with a digest of `content` that the caller has computed.
  public func text(digest: String) -> String {
    let index = Self.shape.index(of: "digest") ?? 0
    var values = record.values
    values[index] = .text(digest)
    return """
      # What bidders have to answer. 'rfpgen init --bid FILE DIR' begins a bid with it. It is not edited:
      # bids name its digest.

      """ + YAMLWriter.text(of: Record(record.keys, values), as: Self.shape)
  }
}

/// Goes through a tender's file and collects what stands in it.
private struct Contents {
  var checkpoints: [Tender.Checkpoint] = []
  var skills: [Tender.Skill] = []
  var places: [String: Tender.Place] = [:]

  /// Notes where an identifier stands; one that comes twice is refused.
  mutating func register(
    _ prefix: String, _ node: Node, _ place: Tender.Place, _ reading: inout Reading
  ) {
    let id = node["id"]?.text ?? ""
    if places.updateValue(place, forKey: prefix + id) != nil {
      reading.refuse("the identifier '\(id)' is used a second time", at: node.mark)
    }
  }

  mutating func phase(_ node: Node, _ reading: inout Reading) -> Tender.Phase {
    var sections: [Tender.Section] = []
    for item in node["sections"]?.items ?? [] {
      let first = checkpoints.count
      for checkpoint in item["checkpoints"]?.items ?? [] {
        register("", checkpoint, .checkpoint(checkpoints.count), &reading)
        checkpoints.append(
          Tender.Checkpoint(
            id: checkpoint["id"]?.text ?? "", title: checkpoint["title"]?.text,
            statement: checkpoint["statement"]?.text ?? ""))
      }
      sections.append(
        Tender.Section(
          id: item["id"]?.text ?? "", number: item["number"]?.text ?? "",
          title: item["title"]?.text ?? "", checkpoints: first..<checkpoints.count))
    }
    return Tender.Phase(
      id: node["id"]?.text ?? "", number: node["number"]?.text ?? "",
      title: node["title"]?.text ?? "", sections: sections)
  }

  mutating func levels(
    _ nodes: [Node], _ records: Value?, _ reading: inout Reading
  ) -> [Tender.Level] {
    nodes.enumerated().map { index, node in
      register("service-levels.", node, .serviceLevel(index), &reading)
      let level = ServiceLevel(node, records?.item(index), &reading)
      let target = node["target"].map { target in
        let value = reading.value(of: target, as: level.shape, called: Name(key: "target"))
        return Answer(target, value, level.type, extra: nil, mark: target.mark, [:])
      }
      return Tender.Level(
        level: level, target: target,
        better: node["better"]?.text.flatMap(Tender.Direction.init) ?? .fixed,
        note: node["note"]?.text)
    }
  }

  mutating func skill(_ node: Node, below area: [String], _ reading: inout Reading) {
    let title = node["title"]?.text ?? ""
    let children = node["children"]?.items ?? []
    if children.isEmpty {
      register("skills.", node, .skill(skills.count), &reading)
      skills.append(Tender.Skill(id: node["id"]?.text ?? "", title: title, area: area))
    }
    for child in children { skill(child, below: area + [title], &reading) }
  }
}
