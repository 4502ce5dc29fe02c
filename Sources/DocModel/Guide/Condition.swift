/// When something applies: a statement about facts and choices, decided for each project.
public indirect enum Condition: Sendable {
  /// A named fact has this value.
  case equals(name: String, value: String)
  /// All of these hold.
  case all([Condition])
  /// One of these holds.
  case any([Condition])
  /// This does not hold.
  case not(Condition)

  init(_ node: Node, _ reading: inout Reading) {
    var parts: [Condition] = []
    for entry in node.entries {
      switch entry.key {
      case "equals":
        parts += entry.value.entries.map { .equals(name: $0.key, value: $0.value.text ?? "") }
      case "all": parts.append(.all(entry.value.items.map { Condition($0, &reading) }))
      case "any": parts.append(.any(entry.value.items.map { Condition($0, &reading) }))
      default: parts.append(.not(Condition(entry.value, &reading)))
      }
    }
    if parts.isEmpty {
      reading.refuse(
        "a condition says nothing", at: node.mark,
        hint: "write 'equals', 'all', 'any' or 'not' below it")
    }
    self = parts.count == 1 ? parts[0] : .all(parts)
  }

  /// The facts that it names, in order.
  public var names: [String] {
    switch self {
    case .equals(let name, _): [name]
    case .all(let parts), .any(let parts): parts.flatMap(\.names)
    case .not(let part): part.names
    }
  }

  /// Whether it may hold: a fact that is not known yet rules nothing out.
  ///
  /// `fact`: gives a named fact's value, or `nil` where it is not known.
  public func mayHold(_ fact: (String) -> String?) -> Bool {
    truth(fact) != false
  }

  /// Whether it holds; `nil` where the facts that are known do not say.
  ///
  /// `fact`: gives a named fact's value, or `nil` where it is not known.
  public func truth(_ fact: (String) -> String?) -> Bool? {
    switch self {
    case .equals(let name, let value): return fact(name).map { $0 == value }
    case .not(let part): return part.truth(fact).map { !$0 }
    case .all(let parts):
      let truths = parts.map { $0.truth(fact) }
      if truths.contains(false) { return false }
      return truths.contains(nil) ? nil : true
    case .any(let parts):
      let truths = parts.map { $0.truth(fact) }
      if truths.contains(true) { return true }
      return truths.contains(nil) ? nil : false
    }
  }
}
