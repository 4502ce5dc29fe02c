private import Synchronization

/// A body of knowledge: phases, guiding questions, checkpoints, and the raw material of an RFP.
///
///     let guide = try Guide(Source(name: "guide.yaml", bytes: bytes))
///     guide.checkpoints.count
public final class Guide: Sendable {
  /// The guide's name, which is the prefix of its identifiers; of a composed guide all names.
  public let id: String
  /// The guides that it is composed of; itself where it is one guide.
  public let members: [Member]
  /// Which edition of the guide this is.
  public let edition: String
  /// The guide's title.
  public let title: String
  /// The phases in their order.
  public let phases: [Phase]
  /// The estimates of scale that a project states.
  public let scale: [Estimate]
  /// The configurations that carry a number of users, smallest first.
  public let configurations: [Configuration]
  /// The ways of hosting that a project chooses from.
  public let hostingOptions: [Shape.Choice]
  /// The service levels that an RFP may ask for.
  public let serviceLevels: [ServiceLevel]
  /// Signs in the answers that speak against a decision, where the guide names some.
  public let decisionAid: DecisionAid?
  /// Figures and orders that answers must respect.
  public let rules: [Rule]
  /// Everything in the file, as a template finds it.
  public let record: Record

  /// All sections in order.
  public let sections: [Section]
  /// All guiding questions in order.
  public let questions: [Question]
  /// All checkpoints in order.
  public let checkpoints: [Checkpoint]
  private let places: [String: Place]
  /// Identifiers that stand for others.
  let aliases: [String: String]
  /// The shape of projects, made when it is first asked for: it is as large as the guide.
  private let shapeOfProjects = Mutex<RecordShape?>(nil)

  /// Where something with an identifier is found in the guide.
  public enum Place: Hashable, Sendable {
    /// A phase, by its position.
    case phase(Int)
    /// A section, by its position among all sections.
    case section(Int)
    /// A guiding question, by its position among all questions.
    case question(Int)
    /// A checkpoint, by its position among all checkpoints.
    case checkpoint(Int)
    /// A service level, by its position.
    case serviceLevel(Int)
  }

  /// Reads a guide.
  ///
  /// - Throws: `InvalidInput` with all that is wrong: the file's form, unknown or repeated keys and
  ///   identifiers, and identifiers that lead nowhere.
  public convenience init(_ source: Source) throws(InvalidInput) {
    try self.init(GuideFile(source))
  }

  convenience init(_ file: GuideFile) throws(InvalidInput) {
    guard file.isWhole else {
      throw InvalidInput(
        Diagnostic(
          "the guide extends another one, which was not looked up",
          at: file.source.location(file.node["extends"]?.mark ?? .start),
          hint: "read it by its name, or with 'init(_:in:)'"))
    }
    try self.init(file.node, file.source, nil, isKnown: file.isKnown)
  }

  /// Reads a guide that is composed of several.
  convenience init(_ composition: Composition) throws(InvalidInput) {
    let name = composition.members.map(\.id).joined(separator: " + ")
    try self.init(composition.node, Source(name: name, bytes: []), composition)
  }

  private init(
    _ node: Node, _ source: Source, _ composition: Composition?, isKnown: Bool = false
  ) throws(InvalidInput) {
    var reading = Reading(
      source, Self.shape, isComposed: composition != nil, isKnown: isKnown)
    let value = reading.value(of: node, as: .record(Self.shape), called: Name("the guide"))
    try reading.finish()
    guard case .record(let record) = value else { throw Self.blank(source) }
    self.record = record
    id = node["guide"]?.text ?? ""
    edition = node["edition"]?.text ?? ""
    title = node["title"]?.text ?? ""
    hostingOptions = (node["hosting-options"]?.items ?? []).map {
      Shape.Choice($0["id"]?.text ?? "", $0["title"]?.text ?? "")
    }
    scale = (node["scale"]?.items ?? []).map { Estimate($0, &reading) }
    let configurations = (node["sizing"]?["rows"]?.items ?? []).map { Configuration($0) }
    self.configurations = configurations
    serviceLevels = (node["service-levels"]?.items ?? []).enumerated().map { index, item in
      ServiceLevel(item, record["service_levels"]?.item(index), &reading)
    }
    decisionAid = node["decision-aid"].map { node in
      DecisionAid(node, record["decision_aid"]?.asRecord, &reading)
    }
    var comparisons: Set<Rule.Comparison> = []
    rules = (node["rules"]?.items ?? []).map { item in
      let own = item["id"]?.text.flatMap { composition?.configurations[$0] }
      return Rule(item, own ?? configurations, &reading)
    }.filter { composition == nil || comparisons.insert($0.comparison).inserted }
    members = composition?.members ?? [Member(record, letter: "")]
    aliases = composition?.aliases ?? [:]

    var contents = GuideContents(source: source, shares: composition?.shares ?? [:])
    contents.read(node["phases"]?.items ?? [], record["phases"], &reading)
    for (index, level) in serviceLevels.enumerated() {
      contents.register(
        "service-levels.\(level.id)", .serviceLevel(index), at: level.mark, &reading)
    }
    phases = contents.phases
    sections = contents.sections
    questions = contents.questions
    checkpoints = contents.checkpoints
    for (alias, id) in aliases { contents.places[alias] = contents.places[id] }
    places = contents.places
    // A project that follows a long guide wants its shape soon: another thread makes it meanwhile.
    let shape =
      contents.isLong && reading.problems.isEmpty ? Later { [self] in projectShape } : nil
    defer { _ = shape?.result }
    if !isKnown { checkReferences(node, sectionConditions: contents.conditions, &reading) }
    try reading.finish()
  }

  /// Refuses a file in which nothing is written but blanks.
  static func blank(_ source: Source) -> InvalidInput {
    InvalidInput(
      Diagnostic("'\(source.name)' is empty", hint: "'rfpgen init' writes a file to start from"))
  }

  /// The shape of a project file that follows this guide; made once.
  var projectShape: RecordShape {
    shapeOfProjects.withLock { made in
      let shape = made ?? Project.madeShape(for: self)
      made = shape
      return shape
    }
  }

  /// Where something stands, by its full identifier with or without the guide's prefix.
  public func place(of identifier: String) -> Place? {
    places[local(identifier)]
  }

  /// Whether it is composed of several guides, so that identifiers bear their guide's name.
  public var isComposed: Bool { members.count > 1 }

  /// An identifier as this guide has it: without the prefix of a single guide, and the one that
  /// stands for it where two guides ask the same.
  public func local(_ identifier: String) -> String {
    let hasPrefix = identifier.holds(UInt8(ascii: ":"))
    guard isComposed else {
      return hasPrefix ? identifier.drop(prefix: id + ":") ?? identifier : identifier
    }
    var identifier = identifier
    if let colon = identifier.firstIndex(of: ":"),
      let name = identifier[colon...].drop(prefix: ":service-levels.")
    {
      identifier = "service-levels.\(identifier[..<colon]):\(name)"
    }
    return aliases[identifier] ?? identifier
  }

  /// Keys of a project file that stand for others, below the key of a kind such as `scale.`.
  func keyAliases(_ kind: String) -> [String: String] {
    var keys: [String: String] = [:]
    for (alias, id) in aliases {
      let isOfKind =
        kind.isEmpty
        ? !alias.hasPrefix("scale.") && !alias.hasPrefix("service-levels.")
        : alias.hasPrefix(kind)
      if isOfKind { keys[String(alias.dropFirst(kind.count))] = String(id.dropFirst(kind.count)) }
    }
    return keys
  }

  /// The position of a service level by the key that it has in a project file.
  public func serviceLevel(of key: String) -> Int? {
    let name = isComposed ? key : local(key)
    guard case .serviceLevel(let index)? = place(of: "service-levels.\(name)") else { return nil }
    return index
  }

  /// The guide that a phase belongs to, by its position among `members`.
  public func member(ofPhase phase: Int) -> Int {
    guard isComposed else { return 0 }
    return members.firstIndex { phases[phase].id.hasPrefix("\($0.id):") } ?? 0
  }

  /// The nearest identifier of the guide among those that fit, for «did you mean».
  public func nearestIdentifier(
    to identifier: String, where fits: (Place) -> Bool
  ) -> String? {
    let wanted = local(identifier)
    let known = places.filter { fits($0.value) }.map(\.key).sorted()
    let item = wanted.split(separator: ".").last.map { ".\($0)" } ?? wanted
    return nearest(to: wanted, among: known) ?? known.first { $0.hasSuffix(item) }
  }
}

/// Goes through a guide's phases and collects what stands in them.
private struct GuideContents {
  let source: Source
  let shares: [String: [Composition.Share]]
  /// The questions that sections ask although they stand elsewhere.
  private let shared: [String: [String]]
  var phases: [Phase] = []
  var sections: [Section] = []
  var questions: [Question] = []
  var checkpoints: [Checkpoint] = []
  var places: [String: Guide.Place] = [:]
  /// When sections apply, with the places that say so.
  var conditions: [(Condition, Node.Mark)] = []
  private var marks: [String: Node.Mark] = [:]
  /// What stands in each section of a long guide in which nothing is wrong with what was read ahead.
  private var ahead: [(questions: [Question], checkpoints: [Checkpoint])]?

  /// Whether it was worth it to read ahead.
  var isLong: Bool { ahead != nil }

  init(source: Source, shares: [String: [Composition.Share]]) {
    self.source = source
    self.shares = shares
    var shared: [String: [String]] = [:]
    for (id, list) in shares.sorted(by: { $0.key < $1.key }) {
      for share in list { shared[share.section, default: []].append(id) }
    }
    self.shared = shared
  }

  mutating func read(_ nodes: [Node], _ values: Value?, _ reading: inout Reading) {
    readAhead(nodes, values, &reading)
    for (index, node) in nodes.enumerated() {
      let firstSection = sections.count
      let id = node["id"]?.text ?? ""
      register(id, .phase(index), at: node["id"]?.mark ?? node.mark, &reading)
      let record = values?.item(index)
      for (position, section) in (node["sections"]?.items ?? []).enumerated() {
        read(section, record?["sections"]?.item(position), phase: index, &reading)
      }
      phases.append(
        Phase(
          id: id, number: node["number"]?.text ?? "", title: node["title"]?.text ?? "",
          isOptional: node["optional"]?.isYes ?? false,
          sections: firstSection..<sections.count, record: record ?? Record.empty))
    }
  }

  /// Reads the items of a long guide's sections in several threads; what is wrong with one is told in its
  /// turn.
  private mutating func readAhead(
    _ nodes: [Node], _ values: Value?, _ reading: inout Reading
  ) {
    let sections = nodes.enumerated().flatMap { index, node in
      (node["sections"]?.items ?? []).enumerated().map { position, section in
        (section, values?.item(index)?["sections"]?.item(position))
      }
    }
    ahead = reading.shared(sections.indices, { sections[$0].0 }) { [self] reading, share in
      share.map { index in
        let (node, record) = sections[index]
        let id = node["id"]?.text ?? ""
        return (
          questions: (node["questions"]?.items ?? []).enumerated().map { position, item in
            question(item, record?["questions"]?.item(position), in: id, index, &reading)
          },
          checkpoints: (node["checkpoints"]?.items ?? []).enumerated().map { position, item in
            checkpoint(item, record?["checkpoints"]?.item(position), in: id, index, &reading)
          }
        )
      }
    }
    places.reserveCapacity(
      ahead?.reduce(0) { $0 + 1 + $1.questions.count + $1.checkpoints.count } ?? 0)
    marks.reserveCapacity(places.capacity)
  }

  private func question(
    _ node: Node, _ record: Record?, in id: String, _ section: Int, _ reading: inout Reading
  ) -> Question {
    let full = "\(id).\(node["id"]?.text ?? "")"
    return Question(
      node, id: full, section: section, shares: shares[full] ?? [], record, &reading)
  }

  private func checkpoint(
    _ node: Node, _ record: Record?, in id: String, _ section: Int, _ reading: inout Reading
  ) -> Checkpoint {
    Checkpoint(
      node, id: "\(id).\(node["id"]?.text ?? "")", section: section, sectionID: id, record, &reading
    )
  }

  private mutating func read(
    _ node: Node, _ record: Record?, phase: Int, _ reading: inout Reading
  ) {
    let id = node["id"]?.text ?? ""
    let index = sections.count
    register(id, .section(index), at: node["id"]?.mark ?? node.mark, &reading)
    let firstQuestion = questions.count
    for (position, item) in (node["questions"]?.items ?? []).enumerated() {
      let made = ahead?[index].questions[position]
      register(
        made?.id ?? "\(id).\(item["id"]?.text ?? "")", .question(questions.count),
        at: item["id"]?.mark ?? item.mark, &reading)
      questions.append(
        made ?? question(item, record?["questions"]?.item(position), in: id, index, &reading))
    }
    let firstCheckpoint = checkpoints.count
    for (position, item) in (node["checkpoints"]?.items ?? []).enumerated() {
      let made = ahead?[index].checkpoints[position]
      register(
        made?.id ?? "\(id).\(item["id"]?.text ?? "")", .checkpoint(checkpoints.count),
        at: item["id"]?.mark ?? item.mark, &reading)
      checkpoints.append(
        made ?? checkpoint(item, record?["checkpoints"]?.item(position), in: id, index, &reading))
    }
    let condition = node["when"].map { Condition($0, &reading) }
    if let condition { conditions.append((condition, node["when"]?.mark ?? node.mark)) }
    sections.append(
      Section(
        id: id, number: node["number"]?.text ?? "", title: node["title"]?.text ?? "",
        isOptional: node["optional"]?.isYes ?? false, phase: phase,
        condition: condition,
        questions: firstQuestion..<questions.count,
        checkpoints: firstCheckpoint..<checkpoints.count,
        shared: shared[id] ?? [],
        record: record ?? Record.empty))
  }

  /// Notes where an identifier stands; one that comes twice is refused.
  mutating func register(
    _ id: String, _ place: Guide.Place, at mark: Node.Mark, _ reading: inout Reading
  ) {
    if let earlier = marks.updateValue(mark, forKey: id) {
      reading.refuse(
        "the identifier '\(id)' is used a second time", at: mark,
        hint: "its first use is at line \(earlier.line); rename one of the two")
      return
    }
    places[id] = place
  }
}

extension Guide {
  /// One of the guides that a guide is composed of.
  public struct Member: Sendable {
    /// Its name.
    public let id: String
    /// Which edition of it this is.
    public let edition: String
    /// Its title.
    public let title: String
    /// The letter before its numbers; empty where there is one guide only.
    public let letter: String
    /// Everything in its file, as a template finds it.
    public let record: Record

    init(_ guide: Guide, letter: String) { self.init(guide.record, letter: letter) }

    fileprivate init(_ record: Record, letter: String) {
      id = record["guide"]?.asText ?? ""
      edition = record["edition"]?.asText ?? ""
      title = record["title"]?.asText ?? ""
      self.letter = letter
      self.record = record
    }
  }
}

extension StringProtocol {
  /// The rest of a text after a prefix, or `nil` where it does not begin with it.
  package func drop(prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}

extension Value {
  /// The record at a position of a list.
  func item(_ index: Int) -> Record? {
    guard case .list(let items) = self, items.indices.contains(index),
      case .record(let record) = items[index]
    else { return nil }
    return record
  }
}

extension Record {
  /// A record without fields.
  static let empty = Record(Keys([]), [])
}
