/// Gives a guide's nodes the identifiers and numbers that they have in a composed guide.
struct MemberNodes {
  private let member: Guide.Member
  private let aliases: [String: String]
  /// Where questions that stand elsewhere are asked besides, by the identifiers that they have there.
  private(set) var shares: [(id: String, share: Composition.Share)] = []

  init(_ member: Guide.Member, aliases: [String: String]) {
    self.member = member
    self.aliases = aliases
  }

  /// The guide's nodes without what stands elsewhere.
  mutating func prefixed(_ guide: Node) -> Node {
    var entries: [(String, Node)] = []
    for entry in guide.entries where !entry.value.isBlank {
      let items = entry.value.items
      let value: Node
      switch entry.key {
      case "phases": value = .sequence(phases(items))
      case "scale":
        value = .sequence(items.compactMap { isElsewhere("scale.", $0) ? nil : named($0) })
      case "service-levels":
        value = .sequence(
          items.compactMap { isElsewhere("service-levels.", $0) ? nil : serviceLevel($0) })
      case "responsibilities": value = .sequence(items.map { numbered(named($0)) })
      case "components", "trade-offs", "requirements", "roles", "deliverables", "notes":
        value = .sequence(items.map(named))
      case "skills": value = .sequence(items.map(skill))
      case "rules": value = .sequence(items.map(rule))
      case "decision-aid":
        let signs = entry.value["signs"]?.items ?? []
        value = entry.value.setting(
          "signs", to: .sequence(signs.map { conditional(named($0)) }))
      default: value = entry.value
      }
      entries.append((entry.key, value))
    }
    return .mapping(entries)
  }

  /// A service level under its name in a composed guide.
  func serviceLevel(_ node: Node) -> Node {
    let origins = (node["from"]?.items ?? []).map { item -> Node in
      let text = item.text ?? ""
      if let name = text.drop(prefix: "responsibilities.") {
        return .text("responsibilities.\(member.id):\(name)")
      }
      return .text(question(text))
    }
    return conditional(named(node)).setting("from", to: .sequence(origins))
  }

  // MARK: Phases

  private mutating func phases(_ phases: [Node]) -> [Node] {
    var result: [Node] = []
    for phase in phases {
      var sections: [Node] = []
      for section in phase["sections"]?.items ?? [] { sections.append(self.section(section)) }
      result.append(numbered(named(phase)).setting("sections", to: .sequence(sections)))
    }
    return result
  }

  private mutating func section(_ node: Node) -> Node {
    let local = node["id"]?.text ?? ""
    let id = "\(member.id):\(local)"
    var questions: [Node] = []
    for item in node["questions"]?.items ?? [] {
      let full = "\(id).\(item["id"]?.text ?? "")"
      if let other = aliases[full] {
        shares.append((other, .init(section: id, condition: item["when"].map(condition))))
      } else {
        questions.append(conditional(item))
      }
    }
    let checkpoints = (node["checkpoints"]?.items ?? []).map { item in
      let reliance = item["relies-on"].map { list in
        Node.sequence(list.items.map { self.reliance($0, in: local) })
      }
      return conditional(item).setting("relies-on", to: reliance)
    }
    return conditional(numbered(named(node)))
      .setting("questions", to: .sequence(questions))
      .setting("checkpoints", to: .sequence(checkpoints))
  }

  private func reliance(_ node: Node, in section: String) -> Node {
    if let text = node.text {
      if text == Reliance.ownEvidenceWord { return node }
      return .text(question(text.contains(".") ? text : "\(section).\(text)"))
    }
    return .mapping(
      node.entries.map { entry in
        (entry.key, .sequence(entry.value.items.map { reliance($0, in: section) }))
      })
  }

  // MARK: Names

  private func isElsewhere(_ kind: String, _ node: Node) -> Bool {
    aliases["\(kind)\(member.id):\(node["id"]?.text ?? "")"] != nil
  }

  private func named(_ node: Node) -> Node {
    node.setting("id", to: .text("\(member.id):\(node["id"]?.text ?? "")"))
  }

  private func numbered(_ node: Node) -> Node {
    guard let number = node["number"]?.text else { return node }
    return node.setting("number", to: .text(member.letter + number))
  }

  private func skill(_ node: Node) -> Node {
    guard let children = node["children"] else { return named(node) }
    return named(node).setting("children", to: .sequence(children.items.map(skill)))
  }

  private func conditional(_ node: Node) -> Node {
    node["when"].map { node.setting("when", to: condition($0)) } ?? node
  }

  private func condition(_ node: Node) -> Node {
    .mapping(
      node.entries.map { entry in
        switch entry.key {
        case "equals":
          (entry.key, .mapping(entry.value.entries.map { (fact($0.key), $0.value) }))
        case "not": (entry.key, condition(entry.value))
        default: (entry.key, .sequence(entry.value.items.map(condition)))
        }
      })
  }

  private func fact(_ name: String) -> String {
    if name == "hosting" { return name }
    if let local = name.drop(prefix: "scale.") { return stated("scale.", local) }
    if let local = name.drop(prefix: "taken.") { return "taken.\(member.id):\(local)" }
    if let (id, part) = partName(name) { return "\(question(id)).\(part)" }
    return question(name)
  }

  /// The identifier of a guiding question of this guide in the composed one.
  private func question(_ id: String) -> String {
    let local = id.drop(prefix: "\(member.id):") ?? id
    return aliases["\(member.id):\(local)"] ?? "\(member.id):\(local)"
  }

  private func stated(_ kind: String, _ local: String) -> String {
    aliases["\(kind)\(member.id):\(local)"] ?? "\(kind)\(member.id):\(local)"
  }

  private func rule(_ node: Node) -> Node {
    var result = named(node)
    for key in Rule.pathKeys {
      if let path = node[key]?.text { result = result.setting(key, to: .text(self.path(path))) }
    }
    return result
  }

  private func path(_ text: String) -> String {
    let parts = text.split(separator: ".").map(String.init)
    let rest = { (count: Int) in parts.dropFirst(count).map { ".\($0)" }.joined() }
    switch parts.first {
    case "answers" where parts.count > 2:
      return "answers.\(question("\(parts[1]).\(parts[2])"))\(rest(3))"
    case "service-levels" where parts.count > 1:
      return stated("service-levels.", parts[1]) + rest(2)
    case "scale" where parts.count > 1: return stated("scale.", parts[1])
    default: return text
    }
  }
}

extension Node {
  /// A text that was written nowhere.
  static func text(_ text: String) -> Node {
    Node(content: .scalar(text, isPlain: false), mark: .start)
  }

  /// Items that were put together here.
  static func sequence(_ items: [Node]) -> Node {
    Node(content: .sequence(items), mark: items.first?.mark ?? .start)
  }

  /// A mapping that was put together here.
  static func mapping(_ entries: [(key: String, value: Node)]) -> Node {
    Node(
      content: .mapping(
        entries.map { Entry(key: $0.key, mark: $0.value.mark, value: $0.value) }),
      mark: entries.first?.value.mark ?? .start)
  }

  /// Texts as paragraphs of one.
  static func prose(_ texts: [Node]) -> Node { joined(texts, by: "\n\n") }

  /// Texts as one; in a language where all of them are in it.
  static func joined(_ texts: [Node], by separator: String) -> Node {
    let text = texts.compactMap(\.text).joined(separator: separator)
    guard case .foreign(let first)? = texts.first?.content,
      texts.allSatisfy({
        if case .foreign(let other) = $0.content { other.language == first.language } else { false }
      })
    else { return .text(text) }
    return Node(content: .foreign(first.with(text)), mark: .start)
  }

  /// The mapping with another value under a key; without the key for `nil`.
  func setting(_ key: String, to value: Node?) -> Node {
    var entries = self.entries
    let position = entries.firstIndex { $0.key == key }
    switch (position, value) {
    case (let position?, let value?):
      entries[position] = Entry(key: key, mark: entries[position].mark, value: value)
    case (let position?, nil): entries.remove(at: position)
    case (nil, let value?): entries.append(Entry(key: key, mark: value.mark, value: value))
    case (nil, nil): break
    }
    return Node(content: .mapping(entries), mark: mark)
  }
}

extension Node.Mark {
  /// The beginning of a file.
  static let start = Node.Mark(line: 1, column: 1)
}
