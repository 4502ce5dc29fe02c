/// Several guides as one: the nodes of a guide in which every identifier bears its guide's name.
///
/// What two guides ask alike (`same-as`) stands once, in the guide that is pointed at. Phases and
/// sections keep their numbers, with a letter before them that tells the guides apart.
struct Composition {
  /// The guide's nodes, with what is asked once left out elsewhere.
  private(set) var node = Node(content: .mapping([]), mark: .start)
  /// The guides in their order.
  let members: [Guide.Member]
  /// Identifiers of what is asked elsewhere, with the identifiers that stand for them.
  let aliases: [String: String]
  /// Where the questions that stand for others are asked besides, by their identifiers.
  private(set) var shares: [String: [Share]] = [:]
  /// The configurations that the rules of each guide choose from, by the rule's name.
  private(set) var configurations: [String: [Configuration]] = [:]

  /// A section that asks for an answer which is given elsewhere.
  struct Share {
    let section: String
    let condition: Node?
  }

  /// How many guides there may be: a letter for each.
  static let limit = 26

  /// Joins guides that are valid each by itself.
  ///
  /// - Throws: `InvalidInput` where a guide comes twice, there are too many, or something is said to
  ///   be the same as something of another kind.
  init(_ guides: [(guide: Guide, file: GuideFile)]) throws(InvalidInput) {
    var problems: [Diagnostic] = []
    for (index, item) in guides.enumerated()
    where guides[..<index].contains(where: { $0.guide.id == item.guide.id }) {
      problems.append(
        Diagnostic("the guide '\(item.guide.id)' is named twice", hint: "name it once"))
    }
    if guides.count > Self.limit {
      problems.append(
        Diagnostic(
          "\(guides.count) guides are named; \(Self.limit) are the most",
          hint: "let a guide of your own extend one of them"))
    }
    if !problems.isEmpty { throw InvalidInput(problems) }
    members = guides.enumerated().map { index, item in
      let letter = Unicode.Scalar(UInt8(0x41 + index))
      return Guide.Member(item.guide, letter: String(Character(letter)))
    }
    var matcher = SameAs(guides.map(\.guide))
    aliases = matcher.aliases(guides.map(\.file))
    if !matcher.problems.isEmpty { throw InvalidInput(matcher.problems) }

    let parts = zip(guides, members).map { item, member in
      var nodes = MemberNodes(member, aliases: aliases)
      let node = nodes.prefixed(item.file.node)
      for (id, share) in nodes.shares { shares[id, default: []].append(share) }
      for rule in item.guide.rules {
        configurations["\(member.id):\(rule.id)"] = item.guide.configurations
      }
      return node
    }
    node = Self.joined(parts, members)
    widenConditions(of: zip(guides, members).map { ($0.file.node, $1) })
  }

  /// The guide's own texts, the first guide's or all in turn, and all lists one behind the other.
  private static func joined(_ parts: [Node], _ members: [Guide.Member]) -> Node {
    var keys: [String] = []
    for part in parts {
      for entry in part.entries where !keys.contains(entry.key) { keys.append(entry.key) }
    }
    let ids = members.map(\.id).joined(separator: " + ")
    return .mapping(
      keys.compactMap { key in
        let values = parts.map { $0[key] }
        let given = values.compactMap { $0 }
        switch key {
        case "guide": return (key, .text(ids))
        case "title": return (key, .joined(given, by: "; "))
        case "summary": return (key, Node.prose(given))
        case "rfp": return (key, passages(parts))
        case "decision-aid": return (key, decisionAid(given))
        case "sizing": return (key, sizing(given))
        case "links", "hosting-options": return (key, .sequence(distinct(given.flatMap(\.items))))
        default:
          if given.allSatisfy({ !$0.items.isEmpty }) {
            return (key, .sequence(given.flatMap(\.items)))
          }
          return given.first.map { (key, $0) }
        }
      })
  }

  /// Items of which no two have the same `id` or `url`.
  private static func distinct(_ items: [Node]) -> [Node] {
    var seen: Set<String> = []
    return items.filter { seen.insert($0["id"]?.text ?? $0["url"]?.text ?? "").inserted }
  }

  /// The passages of the RFP: of guides about one system the first one's, and all lists.
  private static func passages(_ parts: [Node]) -> Node {
    var systems: Set<String> = []
    var values: [(key: String, value: Node)] = []
    for part in parts {
      let isNew = systems.insert(part["system"]?["name"]?.text ?? "").inserted
      for entry in part["rfp"]?.entries ?? [] where !entry.value.isBlank {
        let position = values.firstIndex { $0.key == entry.key }
        if !entry.value.items.isEmpty {
          let items = position.map { values[$0].value.items } ?? []
          var seen = Set(items.map { $0["url"]?.text ?? $0.text })
          let further = entry.value.items.filter {
            seen.insert($0["url"]?.text ?? $0.text).inserted
          }
          let joined = Node.sequence(items + further)
          if let position {
            values[position].value = joined
          } else {
            values.append((entry.key, joined))
          }
        } else if let position, isNew {
          values[position].value = Node.prose([values[position].value, entry.value])
        } else if position == nil {
          values.append((entry.key, entry.value))
        }
      }
    }
    return .mapping(values)
  }

  private static func decisionAid(_ aids: [Node]) -> Node {
    .mapping([
      ("title", .joined(aids.compactMap { $0["title"] }, by: "; ")),
      ("text", Node.prose(aids.compactMap { $0["text"] })),
      ("signs", .sequence(aids.flatMap { $0["signs"]?.items ?? [] })),
    ])
  }

  private static func sizing(_ tables: [Node]) -> Node {
    let model = tables.lazy.compactMap { $0["model"] }.first
    return .mapping(
      [
        ("summary", Node.prose(tables.compactMap { $0["summary"] })),
        ("rows", .sequence(tables.flatMap { $0["rows"]?.items ?? [] })),
      ] + (model.map { [("model", $0)] } ?? []))
  }

  /// A service level that stands for others applies where any of them does, and comes from what all
  /// of them come from.
  private mutating func widenConditions(of files: [(node: Node, member: Guide.Member)]) {
    var further: [String: [Node]] = [:]
    for (file, member) in files {
      let nodes = MemberNodes(member, aliases: aliases)
      for level in file["service-levels"]?.items ?? [] {
        let own = "service-levels.\(member.id):\(level["id"]?.text ?? "")"
        guard let id = aliases[own] else { continue }
        further[id, default: []].append(nodes.serviceLevel(level))
      }
    }
    guard !further.isEmpty, let levels = node["service-levels"]?.items else { return }
    let widened = levels.map { level in
      guard let others = further["service-levels.\(level["id"]?.text ?? "")"] else { return level }
      let all = [level] + others
      let conditions = all.compactMap { $0["when"] }
      var seen: Set<String> = []
      let origins = all.flatMap { $0["from"]?.items ?? [] }.filter {
        seen.insert($0.text ?? "").inserted
      }
      return level.setting("from", to: .sequence(origins))
        .setting(
          "when",
          to: conditions.count == all.count
            ? .mapping([("any", .sequence(conditions))]) : nil)
    }
    node = node.setting("service-levels", to: .sequence(widened))
  }
}

/// Finds what guides say is the same as something in another one.
private struct SameAs {
  private let guides: [Guide]
  private(set) var problems: [Diagnostic] = []

  init(_ guides: [Guide]) { self.guides = guides }

  /// What can be answered once for several guides.
  private struct Asked {
    /// The full identifier: `guide:section.item`, `scale.guide:item`, `service-levels.guide:item`.
    let id: String
    let type: AnswerType
  }

  /// Identifiers of what is asked elsewhere, with the identifiers that stand for them.
  mutating func aliases(_ files: [GuideFile]) -> [String: String] {
    var links: [String: String] = [:]
    var order: [String] = []
    for (guide, file) in zip(guides, files) {
      for (asked, node) in declarations(guide, file.node) {
        guard let target = target(of: asked, node, file.source) else { continue }
        links[asked.id] = target
        order.append(asked.id)
      }
    }
    var aliases: [String: String] = [:]
    for id in order {
      // Where several point at each other in a ring, the first of them stands for all.
      var path = [id]
      var end = id
      while let next = links[end] {
        if let start = path.firstIndex(of: next) {
          end = path[start...].min { position($0) < position($1) } ?? next
          break
        }
        path.append(next)
        end = next
      }
      if end != id { aliases[id] = end }
    }
    return aliases
  }

  private func position(_ id: String) -> Int {
    guides.firstIndex { id.hasPrefix("\($0.id):") || id.contains(".\($0.id):") } ?? guides.count
  }

  /// Everything of a guide that says it is the same as something else.
  private func declarations(_ guide: Guide, _ node: Node) -> [(Asked, Node)] {
    var found: [(Asked, Node)] = []
    for section in (node["phases"]?.items ?? []).flatMap({ $0["sections"]?.items ?? [] }) {
      for item in section["questions"]?.items ?? [] where item["same-as"] != nil {
        let id = "\(section["id"]?.text ?? "").\(item["id"]?.text ?? "")"
        guard case .question(let index)? = guide.place(of: id) else { continue }
        found.append((Asked(id: "\(guide.id):\(id)", type: guide.questions[index].type), item))
      }
    }
    for item in node["scale"]?.items ?? [] where item["same-as"] != nil {
      guard let own = guide.scale.first(where: { $0.id == item["id"]?.text }) else { continue }
      found.append((Asked(id: "scale.\(guide.id):\(own.id)", type: own.type), item))
    }
    for item in node["service-levels"]?.items ?? [] where item["same-as"] != nil {
      guard let own = guide.serviceLevels.first(where: { $0.id == item["id"]?.text }) else {
        continue
      }
      found.append((Asked(id: "service-levels.\(guide.id):\(own.id)", type: own.type), item))
    }
    return found
  }

  /// The identifier that something points at, where its guide is among these.
  private mutating func target(of asked: Asked, _ node: Node, _ source: Source) -> String? {
    guard let said = node["same-as"], let text = said.text, let colon = text.firstIndex(of: ":"),
      let guide = guides.first(where: { $0.id == text[..<colon] })
    else { return nil }
    let name = String(text[text.index(after: colon)...])
    let kind = asked.id.prefix { $0 != "." && $0 != ":" }
    let found: Asked?
    switch kind {
    case "scale":
      found = guide.scale.first { $0.id == name }.map {
        Asked(id: "scale.\(guide.id):\(name)", type: $0.type)
      }
    case "service-levels":
      found = guide.serviceLevels.first { $0.id == name }.map {
        Asked(id: "service-levels.\(guide.id):\(name)", type: $0.type)
      }
    default:
      found =
        if case .question(let index)? = guide.place(of: name) {
          Asked(id: "\(guide.id):\(name)", type: guide.questions[index].type)
        } else { nil }
    }
    guard let found else {
      problems.append(
        Diagnostic(
          "'\(text)' is said to be the same, but the guide '\(guide.id)' has no such thing",
          at: source.location(said.mark),
          hint: guide.nearestIdentifier(to: name) { _ in true }.map { "did you mean '\($0)'?" }))
      return nil
    }
    if let difference = found.type.difference(from: asked.type) {
      problems.append(
        Diagnostic(
          "'\(text)' is said to be the same, but \(difference)", at: source.location(said.mark),
          hint: "let both take the same answer, or take 'same-as' away"))
      return nil
    }
    return found.id
  }
}

extension AnswerType {
  /// What an answer of this type cannot say that one of another type says; `nil` where it says all.
  fileprivate func difference(from other: AnswerType) -> String? {
    if kind != other.kind { return "it takes \(kind.title), and this takes \(other.kind.title)" }
    if kind == .number || kind == .quantity, unit != other.unit {
      return "it is stated in '\(unit ?? "")', and this in '\(other.unit ?? "")'"
    }
    if let missing = other.choices.first(where: { !choices.map(\.id).contains($0.id) }) {
      return "it has no word '\(missing.id)'"
    }
    for part in other.parts {
      guard let own = parts.first(where: { $0.id == part.id }) else {
        return "it has no part '\(part.id)'"
      }
      if let difference = own.type.difference(from: part.type) {
        return "of the part '\(part.id)', \(difference)"
      }
    }
    return nil
  }
}
