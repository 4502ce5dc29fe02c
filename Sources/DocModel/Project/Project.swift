/// A programme's private file: facts, answers, evidence, checkpoint states, service levels.
///
///     let project = try Project(in: DiskFolder("programme", today: day))
///     project.answers["system-sizing.scale"]?.isAnswered
public final class Project: Sendable {
  /// The guide that it follows.
  public let guide: Guide
  /// The answers that were given, by the question's identifier.
  public let answers: [String: Answer]
  /// The estimates of scale that were given, by their names.
  public let scale: [String: Answer]
  /// The service levels that are asked for, by their names.
  public let targets: [String: Answer]
  /// What is said about checkpoints, by their identifiers.
  public let claims: [String: Claim]
  /// The waivers in their order.
  public let waivers: [Waiver]
  /// The optional phases and sections that are taken up.
  public let taken: Set<String>
  /// The language of its documents as BCP 47 writes it; `en` where none is stated, or something that
  /// is no such tag.
  public let language: String
  /// The language of the file's own texts, where it is another than that of the documents.
  let ownLanguage: String?
  /// For whom the file is a copy of another; `nil` for a project's own file.
  public let audience: Audience?
  /// What such a copy keeps from its audience, in its order.
  public let withheld: [Withheld]
  private let withheldPositions: [String: Int]
  private let appliesPositions: [String: Int]
  /// Where the servers will stand, if that is known.
  public let hosting: String?
  /// Everything in the file, as a template finds it.
  public let record: Record
  /// The file that it was read from.
  public let source: Source
  /// The file's nodes, for checks that look at all of it; of answers, targets and claims, which are by
  /// far the most, only the values that hold a leftover.
  let node: Node

  /// The name of a project's file in its folder.
  public static let fileName = "project.yaml"

  /// Reads `project.yaml` against the guide that it names, as `init(_:in:)` does.
  ///
  /// - Throws: `InvalidInput` where there is no such file, or with all that is wrong with it.
  public convenience init(in world: some World) throws(InvalidInput) {
    guard let source = try world.source(of: Self.fileName) else {
      throw InvalidInput(
        Diagnostic(
          "there is no '\(Self.fileName)'",
          hint: "'rfpgen init DIR' writes a project file to start from"))
    }
    try self.init(source, in: world)
  }

  /// Reads a project file against the guides that it names: those in the world's folder `guides`, and
  /// those that the library carries.
  ///
  /// - Throws: `InvalidInput` with all that is wrong with the file's form: unknown or repeated keys
  ///   and identifiers, and values of the wrong kind. An answer of the wrong type is no such error:
  ///   a check finds it.
  public convenience init(_ source: Source, in world: some World) throws(InvalidInput) {
    try self.init(
      source,
      guide: { names, language throws(InvalidInput) in
        try Guide.named(names, in: world, language: language)
      })
  }

  /// Reads a project file against a guide.
  ///
  /// - Throws: as `init(_:in:)`.
  public convenience init(_ source: Source, guide: Guide) throws(InvalidInput) {
    try self.init(source, guide: { _, _ throws(InvalidInput) in guide })
  }

  /// Reads a project file against the guides that it names.
  ///
  /// `guide`: gives the guide of one name, or composes those of several, for a project in a language.
  /// - Throws: as `init(_:in:)`, and what `guide` throws.
  public init(
    _ source: Source,
    guide named: (_ names: [String], _ language: String) throws(InvalidInput) -> Guide
  ) throws(InvalidInput) {
    let node = try Node(source)
    let stated = node["programme"]?["language"]?.text
    let language = stated.flatMap { Language.isTag($0) ? $0 : nil } ?? "en"
    let writtenIn = node["programme"]?["written-in"]?.text
    let guide = try Self.guide(of: node, source) { names throws(InvalidInput) in
      try named(names, language)
    }
    let shape = Self.shape(for: guide)
    let isForeign = writtenIn.map { Language.isTag($0) && !Language.isSame($0, language) } ?? false
    var reading = Reading(
      source, shape, language: isForeign ? writtenIn.map { ($0, language) } : nil)
    let value = reading.value(of: node, as: .record(shape), called: Name("the project"))
    let references = IdentifierReferences(guide: guide)
    if let name = node["guide"], Self.guideNames(name) != guide.members.map(\.id) {
      reading.refuse(
        "the file follows the guide '\(Self.guideNames(name).joined(separator: " + "))', "
          + "not '\(guide.id)'", at: name.mark)
    }
    let audience = Audience(of: node)
    let withheld = (node[Self.withheld]?.items ?? []).map { Withheld($0, guide) }
    if audience == nil, let list = node[Self.withheld] {
      reading.refuse(
        "'withheld' stands only in a copy that was made for an audience", at: list.mark,
        hint: "take it out")
    }
    self.audience = audience
    self.withheld = withheld
    appliesPositions = Dictionary(
      withheld.enumerated().filter { $1.applies != nil }.map { ($1.subject, $0) },
      uniquingKeysWith: { first, _ in first })
    withheldPositions = Dictionary(
      withheld.enumerated().filter { $1.count > 0 }.map { ($1.subject, $0) },
      uniquingKeysWith: { first, _ in first })
    let waived = Set(withheld.filter { !$0.waivers.isEmpty }.map(\.subject))
    let waivers = (node["waivers"]?.items ?? []).map { Waiver($0, guide, withheld: waived) }
    references.check(waivers, &reading)
    taken = references.taken(node["taken"], &reading)
    try reading.finish()
    guard case .record(let record) = value else { throw Guide.blank(source) }

    self.source = source
    self.guide = guide
    self.language = language
    ownLanguage = isForeign ? writtenIn : nil
    self.record = record
    self.waivers = waivers
    hosting = node["hosting"]?.text.flatMap { name in
      guide.hostingOptions.contains { $0.id == name } ? name : nil
    }
    let mismatches = reading.mismatches
    answers = Self.answers(node["answers"], record["answers"], "answer", mismatches) { key in
      guard case .question(let index)? = guide.place(of: key) else { return nil }
      return (guide.questions[index].id, guide.questions[index].type)
    }
    targets = Self.answers(node["service-levels"], record["service_levels"], "target", mismatches) {
      key in
      guide.serviceLevel(of: key).map { (guide.serviceLevels[$0].id, guide.serviceLevels[$0].type) }
    }
    let estimates = Dictionary(uniqueKeysWithValues: guide.scale.map { ($0.id, $0.type) })
    let scaleRecord = record["scale"]?.asRecord
    scale = Dictionary(
      uniqueKeysWithValues: (node["scale"]?.entries ?? []).compactMap { entry in
        guard let id = shape["scale"]?.shape.key(of: entry.key), let type = estimates[id] else {
          return nil
        }
        let value = scaleRecord?[templateName(id)] ?? .none
        return (id, Answer(entry.value, value, type, extra: nil, mark: entry.mark, mismatches))
      })
    let claimed = node["checkpoints"]?.entries ?? []
    claims = Dictionary(
      uniqueKeysWithValues: inShares(
        of: claimed.indices, weighing: { claimed[$0].weight }
      ) { share in
        share.map { (guide.local(claimed[$0].key), Claim(claimed[$0])) }
      })
    let (answers, targets) = (answers, targets)
    self.node = node.mapEntries { top in
      switch top.key {
      case "answers":
        top.value.mapEntries { $0.value.leftovers("answer", answers[guide.local($0.key)]) }
      case "service-levels":
        top.value.mapEntries { $0.value.leftovers("target", targets[$0.key]) }
      case "checkpoints": top.value.mapEntries { $0.value.leftovers() }
      default: top.value
      }
    }
  }

  /// What a copy keeps from its audience of what an identifier names.
  public func withheld(of id: String) -> Withheld? {
    withheldPositions[id].map { withheld[$0] }
  }

  /// Whether something counts, as a copy says where that depends on what it withholds.
  func applies(_ id: String) -> Bool? {
    appliesPositions[id].flatMap { withheld[$0].applies }
  }

  /// A line of the file in its language; `none` where there is none.
  func line(_ text: String?) -> Value {
    guard let text, let ownLanguage, text.holdsWords else { return .text(text) }
    return .foreign(ForeignText(text, isProse: false, language: ownLanguage, among: language))
  }

  /// Prose of the file in its language; `none` where there is none.
  func prose(_ text: String?) -> Value {
    guard let text, let ownLanguage, text.holdsWords else { return .markdown(text) }
    return .foreign(ForeignText(text, isProse: true, language: ownLanguage, among: language))
  }

  /// The names under `guide:`, one or several.
  private static func guideNames(_ node: Node) -> [String] {
    node.text.map { [$0] } ?? node.items.compactMap(\.text)
  }

  private static func guide(
    of node: Node, _ source: Source, _ named: ([String]) throws(InvalidInput) -> Guide
  ) throws(InvalidInput) -> Guide {
    guard let name = node["guide"], !guideNames(name).isEmpty else {
      throw InvalidInput(
        Diagnostic(
          "the file names no guide", at: source.location(node.mark),
          hint: "write 'guide:' with a guide's name at the top; 'rfpgen guide list' names them"))
    }
    do throws(InvalidInput) {
      return try named(guideNames(name))
    } catch {
      // What is wrong with the name itself is shown where the name stands.
      throw InvalidInput(
        error.diagnostics.map { problem in
          problem.location != nil
            ? problem
            : Diagnostic(problem.message, at: source.location(name.mark), hint: problem.hint)
        })
    }
  }

  private static func answers(
    _ node: Node?, _ value: Value?, _ key: String, _ mismatches: [Node.Mark: Mismatch],
    type: @escaping @Sendable (String) -> (id: String, type: AnswerType)?
  ) -> [String: Answer] {
    guard let entries = node?.entries, case .record(let record)? = value else { return [:] }
    let made = inShares(of: entries.indices, weighing: { entries[$0].weight }) { share in
      share.compactMap { position -> (id: String, answer: Answer)? in
        let entry = entries[position]
        guard let (id, type) = type(entry.key) else { return nil }
        let fields = record[templateName(id)]?.asRecord
        let answer = Answer(
          entry.value[key], fields?[key] ?? .none, type, extra: entry.value, mark: entry.mark,
          mismatches)
        return (id, answer)
      }
    }
    var answers: [String: Answer] = [:]
    answers.reserveCapacity(entries.count)
    for (id, answer) in made { answers[id] = answer }
    return answers
  }
}

/// Looks up the identifiers that a project names outside its keys.
private struct IdentifierReferences {
  let guide: Guide

  func check(_ waivers: [Waiver], _ reading: inout Reading) {
    for waiver in waivers where guide.place(of: waiver.subject) == nil && !waiver.subject.isEmpty {
      reading.refuse(
        "the guide has no '\(waiver.subject)' to waive", at: waiver.mark,
        hint: reading.suggestion { guide.nearestIdentifier(to: waiver.subject) { _ in true } }
          ?? "name a phase, section, question, checkpoint or service level as the guide does")
    }
  }

  func taken(_ node: Node?, _ reading: inout Reading) -> Set<String> {
    var taken: Set<String> = []
    for item in node?.items ?? [] {
      guard let id = item.text else { continue }
      let isOptional =
        switch guide.place(of: id) {
        case .phase(let index)?: guide.phases[index].isOptional
        case .section(let index)?: guide.sections[index].isOptional
        default: false
        }
      if isOptional {
        taken.insert(guide.local(id))
      } else {
        let optional =
          (guide.phases.filter(\.isOptional).map(\.id)
            + guide.sections.filter(\.isOptional).map(\.id))
        reading.refuse(
          "the guide has no optional phase or section '\(id)'", at: item.mark,
          hint: reading.suggestion { nearest(to: id, among: optional) }
            ?? "the optional ones are \(listed(optional, atMost: 8))")
      }
    }
    return taken
  }
}

extension Value {
  /// The record, where it is one.
  public var asRecord: Record? { if case .record(let record) = self { record } else { nil } }
  /// The values in order, where it is a list.
  public var asList: [Value]? { if case .list(let items) = self { items } else { nil } }
  /// The text, where it is plain text or prose.
  public var asText: String? {
    switch self {
    case .text(let text), .markdown(let text): text
    case .foreign(let foreign): foreign.text
    default: nil
    }
  }
  /// Whether there is a value.
  public var isPresent: Bool {
    switch self {
    case .none, .undefined: false
    default: true
    }
  }
}

extension Node.Entry {
  /// How much there is to do for an answer or a claim, of which evidence takes the most.
  fileprivate var weight: Int { 1 + (value["evidence"]?.items.count ?? 0) }
}

extension Node {
  /// The mapping with other values under its keys; those that come to nothing are left out.
  fileprivate func mapEntries(_ change: @escaping @Sendable (Entry) -> Node?) -> Node {
    let entries = entries
    let changed = inShares(of: entries.indices, weighing: { entries[$0].weight }) { share in
      share.compactMap { index in
        let entry = entries[index]
        return change(entry).map { Entry(key: entry.key, mark: entry.mark, value: $0) }
      }
    }
    return Node(content: .mapping(changed), mark: mark)
  }

  /// The values here and below that hold a leftover such as `TBD`, or `nil` where none does.
  ///
  /// `key`: what stands under it was searched already, and `answer` says whether with success.
  fileprivate func leftovers(_ key: String = "", _ answer: Answer? = nil) -> Node? {
    var found: [Node] = []
    func search(_ node: Node) {
      node.forEachScalar { text, mark in
        guard Placeholder(in: text) != nil else { return }
        found.append(Node(content: .scalar(text, isPlain: false), mark: mark))
      }
    }
    if case .mapping(let entries) = content {
      for entry in entries {
        let isClean = entry.key == key && answer.map { $0.placeholder == nil } ?? false
        if !isClean { search(entry.value) }
      }
    } else {
      search(self)
    }
    return found.isEmpty ? nil : Node(content: .sequence(found), mark: mark)
  }
}
