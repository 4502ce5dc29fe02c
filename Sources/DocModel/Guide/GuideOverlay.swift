/// Lays a guide over the one that it extends: adds, replaces and drops.
///
/// Mappings are joined key by key, and lists whose items have an `id` item by item; everything else that
/// the guide states takes the place of what it extends. Places are those of the guide's own file: what is
/// wrong with the rest is shown where it says what it extends.
struct GuideOverlay {
  private let source: Source
  private let own: Node
  private let base: Node
  private let baseName: String
  private var problems: [Diagnostic] = []

  /// Lays `own` over `base`, the nodes of the guide `name`.
  static func joined(
    _ own: GuideFile, over base: Node, called name: String, at mark: Node.Mark
  ) throws(InvalidInput) -> Node {
    var overlay = GuideOverlay(
      source: own.source, own: own.node, base: base.moved(to: mark), baseName: name)
    let node = overlay.joined()
    if !overlay.problems.isEmpty { throw InvalidInput(overlay.problems) }
    return node
  }

  private init(source: Source, own: Node, base: Node, baseName: String) {
    self.source = source
    self.own = own
    self.base = base
    self.baseName = baseName
  }

  private mutating func joined() -> Node {
    let dropped = dropped()
    let rest = without(dropped, in: base)
    let changes = own.setting("drop", to: nil)
    let node = record(rest, changes, Guide.shape)
    return withoutReferences(to: dropped, in: node)
  }

  // MARK: Adding and replacing

  private mutating func record(_ base: Node, _ own: Node, _ shape: RecordShape) -> Node {
    var entries = base.entries
    var positions: [String: Int] = [:]
    for (index, entry) in entries.enumerated() { positions[entry.key] = index }
    for entry in own.entries where !entry.value.isBlank {
      guard let position = positions[entry.key] else {
        entries.append(entry)
        continue
      }
      entries[position] = Node.Entry(
        key: entry.key, mark: entry.mark,
        value: value(entries[position].value, entry.value, shape[entry.key]?.shape ?? .any))
    }
    return Node(content: .mapping(entries), mark: own.mark)
  }

  private mutating func value(_ base: Node, _ own: Node, _ shape: Shape) -> Node {
    switch shape {
    case .recursive(let shape): return value(base, own, shape())
    case .record(let record) where !own.entries.isEmpty && record["equals"] == nil:
      return self.record(base, own, record)
    case .list(let item):
      guard let record = item.record, record["id"] != nil, !own.items.isEmpty else { return own }
      return list(base, own, record)
    default: return own
    }
  }

  private mutating func list(_ base: Node, _ own: Node, _ shape: RecordShape) -> Node {
    var items = base.items
    var positions: [String: Int] = [:]
    for (index, item) in items.enumerated() { positions[item["id"]?.text ?? ""] = index }
    for item in own.items {
      let id = item["id"]?.text ?? ""
      if let position = positions[id] {
        items[position] = record(items[position], item, shape)
      } else {
        checkIsWhole(item, shape, among: Array(positions.keys))
        items.append(item)
      }
    }
    return Node(content: .sequence(items), mark: own.mark)
  }

  /// Refuses an item that is neither there to be changed nor complete.
  private mutating func checkIsWhole(_ item: Node, _ shape: RecordShape, among known: [String]) {
    let missing = shape.fields.filter { $0.isRequired && item[$0.key] == nil }.map(\.key)
    guard let id = item["id"], let name = id.text, !missing.isEmpty else { return }
    let near = nearest(to: name, among: known.sorted())
    problems.append(
      Diagnostic(
        "'\(baseName)' has no '\(name)' to change, and \(shape.name) of one's own needs "
          + listed(missing), at: source.location(id.mark),
        hint: near.map { "did you mean '\($0)'?" } ?? "add what is missing, or correct the name"))
  }

  // MARK: Dropping

  /// The identifiers under `drop`, each of which must be there.
  private mutating func dropped() -> Set<String> {
    let known = droppable
    var dropped: Set<String> = []
    for item in own["drop"]?.items ?? [] {
      guard let written = item.text else { continue }
      let id = written.drop(prefix: baseName + ":") ?? written
      if known.contains(id) {
        dropped.insert(id)
      } else {
        problems.append(
          Diagnostic(
            "'\(baseName)' has no '\(written)' to drop", at: source.location(item.mark),
            hint: nearest(to: id, among: known.sorted()).map { "did you mean '\($0)'?" }
              ?? "name a phase, a section, 'section.item', or 'key.item' of another list"))
      }
    }
    return dropped
  }

  private static let sectionLists = ["considerations", "questions", "checkpoints"]

  private var droppable: Set<String> {
    var known: Set<String> = []
    for entry in base.entries {
      for item in entry.value.items {
        guard let id = item["id"]?.text else { continue }
        known.insert(entry.key == "phases" ? id : "\(entry.key).\(id)")
      }
    }
    for section in (base["phases"]?.items ?? []).flatMap({ $0["sections"]?.items ?? [] }) {
      let id = section["id"]?.text ?? ""
      known.insert(id)
      for list in Self.sectionLists {
        for item in section[list]?.items ?? [] { known.insert("\(id).\(item["id"]?.text ?? "")") }
      }
    }
    return known
  }

  private func without(_ dropped: Set<String>, in guide: Node) -> Node {
    if dropped.isEmpty { return guide }
    var result = guide
    for entry in guide.entries where entry.value.items.contains(where: { $0["id"] != nil }) {
      let prefix = entry.key == "phases" ? "" : "\(entry.key)."
      var items = entry.value.items.filter { !dropped.contains(prefix + ($0["id"]?.text ?? "")) }
      if entry.key == "phases" { items = items.map { phase($0, without: dropped) } }
      result = result.setting(
        entry.key, to: Node(content: .sequence(items), mark: entry.value.mark))
    }
    return result
  }

  private func phase(_ node: Node, without dropped: Set<String>) -> Node {
    let sections = (node["sections"]?.items ?? []).compactMap { section -> Node? in
      let id = section["id"]?.text ?? ""
      if dropped.contains(id) { return nil }
      return Self.sectionLists.reduce(section) { section, list in
        guard let items = section[list]?.items else { return section }
        let rest = items.filter { !dropped.contains("\(id).\($0["id"]?.text ?? "")") }
        return section.setting(list, to: .sequence(rest))
      }
    }
    return node.setting("sections", to: .sequence(sections))
  }

  // MARK: References to what was dropped

  /// Takes away what refers to dropped things: rules, signs, origins of service levels, and single
  /// things that a checkpoint relies on among others.
  private mutating func withoutReferences(to dropped: Set<String>, in guide: Node) -> Node {
    if dropped.isEmpty { return guide }
    var gone = dropped
    for phase in base["phases"]?.items ?? [] where dropped.contains(phase["id"]?.text ?? "") {
      gone.formUnion((phase["sections"]?.items ?? []).compactMap { $0["id"]?.text })
    }
    let isDropped = { [gone] (id: String) -> Bool in
      gone.contains(id) || gone.contains(String(id.prefix { $0 != "." }))
    }
    var result = guide
    if let rules = guide["rules"] {
      result = result.setting(
        "rules",
        to: .sequence(
          rules.items.filter { rule in
            !Rule.pathKeys.contains { key in
              let parts = (rule[key]?.text ?? "").split(separator: ".").map(String.init)
              guard parts.count > 1 else { return false }
              return parts[0] == "answers"
                ? isDropped(parts[1...].prefix(2).joined(separator: "."))
                : dropped.contains("\(parts[0]).\(parts[1])")
            }
          }))
    }
    if let levels = guide["service-levels"] {
      result = result.setting(
        "service-levels",
        to: .sequence(
          levels.items.map { level in
            guard let origins = level["from"] else { return level }
            let rest = origins.items.filter { !isDropped($0.text ?? "") }
            return level.setting("from", to: .sequence(rest))
          }))
    }
    if let aid = guide["decision-aid"] {
      let signs = (aid["signs"]?.items ?? []).filter { sign in
        !(sign["when"]?.factNames ?? []).contains {
          isDropped(partName($0)?.question ?? $0)
        }
      }
      result = result.setting("decision-aid", to: aid.setting("signs", to: .sequence(signs)))
    }
    let phases = (result["phases"]?.items ?? []).map { phase in
      phase.setting(
        "sections",
        to: .sequence(
          (phase["sections"]?.items ?? []).map { self.section($0, isDropped) }))
    }
    return result.setting("phases", to: .sequence(phases))
  }

  private mutating func section(_ node: Node, _ isDropped: (String) -> Bool) -> Node {
    let id = node["id"]?.text ?? ""
    guard let checkpoints = node["checkpoints"] else { return node }
    var rest: [Node] = []
    for checkpoint in checkpoints.items {
      guard let reliance = checkpoint["relies-on"], !reliance.items.isEmpty else {
        rest.append(checkpoint)
        continue
      }
      let items = reliance.items.compactMap { self.reliance($0, in: id, isDropped) }
      if items.isEmpty {
        let name = "\(id).\(checkpoint["id"]?.text ?? "")"
        problems.append(
          Diagnostic(
            "nothing is left that the checkpoint '\(name)' relies on",
            at: source.location(own["drop"]?.mark ?? own.mark),
            hint: "drop '\(name)' as well, or give it another 'relies-on'"))
      }
      rest.append(checkpoint.setting("relies-on", to: .sequence(items)))
    }
    return node.setting("checkpoints", to: .sequence(rest))
  }

  private func reliance(
    _ node: Node, in section: String, _ isDropped: (String) -> Bool
  ) -> Node? {
    if let text = node.text {
      if text == Reliance.ownEvidenceWord { return node }
      return isDropped(text.contains(".") ? text : "\(section).\(text)") ? nil : node
    }
    var entries: [(String, Node)] = []
    for entry in node.entries {
      let items = entry.value.items.compactMap { reliance($0, in: section, isDropped) }
      if !items.isEmpty { entries.append((entry.key, .sequence(items))) }
    }
    return entries.isEmpty ? nil : .mapping(entries)
  }
}

extension Shape {
  fileprivate var record: RecordShape? {
    switch self {
    case .record(let record): record
    case .recursive(let shape): shape().record
    default: nil
    }
  }
}

extension Node {
  /// The same with one place for all of it.
  fileprivate func moved(to mark: Mark) -> Node {
    switch content {
    case .scalar, .foreign: Node(content: content, mark: mark)
    case .sequence(let items):
      Node(content: .sequence(items.map { $0.moved(to: mark) }), mark: mark)
    case .mapping(let entries):
      Node(
        content: .mapping(
          entries.map { Entry(key: $0.key, mark: mark, value: $0.value.moved(to: mark)) }),
        mark: mark)
    }
  }

  /// The facts that a condition names.
  fileprivate var factNames: [String] {
    entries.flatMap { entry in
      switch entry.key {
      case "equals": entry.value.entries.map(\.key)
      case "not": entry.value.factNames
      default: entry.value.items.flatMap(\.factNames)
      }
    }
  }
}
