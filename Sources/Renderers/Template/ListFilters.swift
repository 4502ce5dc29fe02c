import DocModel

/// Filters that order, group and choose items.
extension Filter {
  /// The names of what `groupby` gives; such a record can also be taken apart into two names.
  static let groupKeys = Keys(["grouper", "list"])

  /// What an item is ordered by: values at paths, in lower case where case does not count.
  private static func key(
    _ item: Value, paths: [Value], isCaseSensitive: Bool, standard: Value? = nil
  ) throws(Problem) -> [Value] {
    func folded(_ value: Value) -> Value {
      guard !isCaseSensitive, let text = value.string else { return value }
      return .text(lowercased(text))
    }
    if paths.isEmpty { return [folded(item)] }
    var result: [Value] = []
    for path in paths {
      var part = try Self.part(of: item, path, standard: standard)
      if part.isUndefined {
        guard let standard else { throw Problem("an item has no '\(path.shownText)'") }
        part = standard
      }
      result.append(folded(part))
    }
    return result
  }

  /// The value at a path, or a standard one where the path leads nowhere.
  private static func part(
    of item: Value, _ path: Value, standard: Value?
  ) throws(Problem) -> Value {
    guard let standard, !standard.isNone else { return try item.at(path: path) }
    var value = item
    for name in path.shownText.utf8.split(separator: 0x2E, omittingEmptySubsequences: false) {
      value = try value.at(path: .text(String(decoding: name, as: UTF8.self)))
      if value.isUndefined { value = standard }
    }
    return value
  }

  private static func paths(_ value: Value?) -> [Value] {
    guard let value, !value.isNone else { return [] }
    guard let text = value.string else { return [value] }
    return text.utf8.split(separator: 0x2C).map { .text(String(decoding: $0, as: UTF8.self)) }
  }

  /// Sorts by keys, keeping the order of equals; the time is n log n.
  private static func sorted(
    _ items: [Value], isReversed: Bool, by key: (Value) throws(Problem) -> [Value]
  ) throws(Problem) -> [Value] {
    var keyed: [(key: [Value], item: Value)] = []
    for item in items { keyed.append((try key(item), item)) }
    var problem: Problem?
    func isBefore(_ a: [Value], _ b: [Value]) -> Bool {
      for (x, y) in zip(a, b) {
        guard let order = Value.order(x, y) else {
          problem = problem ?? Problem("\(x.typeName) and \(y.typeName) cannot be put in order")
          return false
        }
        if order != 0 { return order < 0 }
      }
      return false
    }
    if isReversed {
      keyed = keyed.reversed()
      keyed.sort { isBefore($0.key, $1.key) }
      keyed = keyed.reversed()
    } else {
      keyed.sort { isBefore($0.key, $1.key) }
    }
    if let problem { throw problem }
    return keyed.map(\.item)
  }

  static func sort(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    let paths = paths(arguments[2])
    let isCaseSensitive = arguments.flag(1)
    return .list(
      try sorted(try value.needElements(), isReversed: arguments.flag(0)) {
        (item) throws(Problem) in
        try key(item, paths: paths, isCaseSensitive: isCaseSensitive)
      })
  }

  static func sortRecord(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    guard case .record(let record) = value else {
      throw Problem("\(value.typeName) is not a record")
    }
    let by = try arguments.text(1, "key")
    guard by == "key" || by == "value" else {
      throw Problem("a record is sorted by 'key' or 'value', not by '\(by)'")
    }
    let pairs = zip(record.keys.names, record.values).map { Value.tuple([.text($0), $1]) }
    let isCaseSensitive = arguments.flag(0)
    return .list(
      try sorted(pairs, isReversed: arguments.flag(2)) { (pair) throws(Problem) in
        try key(pair, paths: [.int(by == "key" ? 0 : 1)], isCaseSensitive: isCaseSensitive)
      })
  }

  static func groupBy(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    let path = arguments[0] ?? .none
    let isCaseSensitive = arguments.flag(2)
    let standard = arguments[1]
    let items = try sorted(try value.needElements(), isReversed: false) {
      (item) throws(Problem) in
      try key(item, paths: [path], isCaseSensitive: isCaseSensitive, standard: standard)
    }
    var groups: [(key: Value, grouper: Value, items: [Value])] = []
    for item in items {
      let key = try key(item, paths: [path], isCaseSensitive: isCaseSensitive, standard: standard)
      if let last = groups.last, Value.equal(last.key, key[0]) {
        groups[groups.count - 1].items.append(item)
      } else {
        let grouper = try part(of: item, path, standard: standard)
        groups.append((key[0], grouper.isUndefined ? standard ?? .undefined : grouper, [item]))
      }
    }
    return .list(
      groups.map { .record(Record(groupKeys, [$0.grouper, .list($0.items)])) })
  }

  static func unique(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    let paths = paths(arguments[1])
    let isCaseSensitive = arguments.flag(0)
    var seen: Set<String> = []
    var result: [Value] = []
    for item in try value.needElements() {
      let key = try key(item, paths: paths, isCaseSensitive: isCaseSensitive)
      guard key.allSatisfy(\.isHashable) else {
        throw Problem("\(item.typeName) cannot be looked up", hint: "name an 'attribute'")
      }
      if seen.insert(key.map(identity).joined(separator: " ")).inserted { result.append(item) }
    }
    return .stream(result)
  }

  /// A text that two values have in common when they are equal.
  private static func identity(_ value: Value) -> String {
    switch value {
    case .text(let text), .rendered(let text): return "'\(text.utf8.count) \(text)"
    case .foreign(let foreign): return identity(foreign.unmarked)
    default: break
    }
    if let whole = value.integer { return String(whole) }
    if case .double(let number) = value {
      return Int(exactly: number).map { String($0) } ?? pythonText(of: number)
    }
    if case .tuple(let items) = value { return "(\(items.map(identity).joined(separator: ",")))" }
    return value.representation
  }

  static func extreme(
    _ value: Value, _ arguments: Arguments, sign: Int
  ) throws(Problem) -> Value {
    let paths = paths(arguments[1])
    let isCaseSensitive = arguments.flag(0)
    var best: (key: Value, item: Value)?
    for item in try value.needElements() {
      let key = try key(item, paths: paths, isCaseSensitive: isCaseSensitive)[0]
      guard let current = best else {
        best = (key, item)
        continue
      }
      guard let order = Value.order(key, current.key) else {
        throw Problem("\(key.typeName) and \(current.key.typeName) cannot be put in order")
      }
      if order * sign > 0 { best = (key, item) }
    }
    return best?.item ?? .undefined
  }

  // MARK: - Filters and tests by name

  static func map(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    var result: [Value] = []
    if arguments.rest.isEmpty,
      let path = arguments.named.first(where: { $0.name == "attribute" })?.value
    {
      let standard = arguments.named.first { $0.name == "default" }?.value
      if let other = arguments.named.first(where: { !["attribute", "default"].contains($0.name) }) {
        throw Problem("'map' with an attribute has no argument '\(other.name)'")
      }
      for item in try value.needElements() {
        let part = try part(of: item, path, standard: standard)
        result.append(part.isUndefined ? standard ?? .undefined : part)
      }
      return .stream(result)
    }
    guard let name = arguments.rest.first?.string else {
      throw Problem("'map' needs the name of a filter or an 'attribute'")
    }
    guard let filter = arguments.environment?.value.filters[name] else {
      let near = nearest(
        to: name, among: (arguments.environment?.value.filters ?? [:]).keys.sorted())
      throw Problem("unknown filter '\(name)'", hint: near.map { "did you mean '\($0)'?" })
    }
    let given = try bound(
      filter.parameters, rest: Array(arguments.rest.dropFirst()), named: arguments.named,
      what: "the filter '\(name)'", environment: arguments.environment)
    for item in try value.needElements() {
      if case .undefined = item, !filter.acceptsUndefined { throw Problem("an item is undefined") }
      result.append(try filter.function(item, given))
    }
    return .stream(result)
  }

  private static func bound(
    _ parameters: [String], rest: [Value], named: [(name: String, value: Value)], what: String,
    environment: SharedEnvironment?
  ) throws(Problem) -> Arguments {
    let binding = try Filter.bind(
      parameters, positional: rest.count, named: named.map(\.name), what: what
    ).get()
    let values = binding.slots.map { slot -> Value? in
      switch slot {
      case .positional(let index): rest[index]
      case .named(let index): named[index].value
      case nil: nil
      }
    }
    return Arguments(
      values, rest: binding.rest.map { rest[$0] }, named: binding.more.map { named[$0] },
      environment: environment)
  }

  static func choose(
    _ value: Value, _ arguments: Arguments, keeps: Bool, byAttribute: Bool
  ) throws(Problem) -> Value {
    var rest = arguments.rest
    var path: Value?
    if byAttribute {
      guard !rest.isEmpty else { throw Problem("the name of an attribute is needed") }
      path = rest.removeFirst()
    }
    var test: Test?
    var given = Arguments([])
    if let name = rest.first?.shownText {
      guard let found = arguments.environment?.value.tests[name] else {
        let near = nearest(
          to: name, among: (arguments.environment?.value.tests ?? [:]).keys.sorted())
        throw Problem("unknown test '\(name)'", hint: near.map { "did you mean '\($0)'?" })
      }
      test = found
      given = try bound(
        found.parameters, rest: Array(rest.dropFirst()), named: arguments.named,
        what: "the test '\(name)'",
        environment: arguments.environment)
    }
    var result: [Value] = []
    for item in try value.needElements() {
      let subject = try path.map { (path) throws(Problem) in try item.at(path: path) } ?? item
      let holds: Bool
      if let test {
        if subject.isUndefined, !test.acceptsUndefined {
          throw Problem(path.map { "an item has no '\($0.shownText)'" } ?? "an item is undefined")
        }
        holds = try test.function(subject, given)
      } else {
        if subject.isUndefined {
          throw Problem(path.map { "an item has no '\($0.shownText)'" } ?? "an item is undefined")
        }
        holds = subject.isTrue
      }
      if holds == keeps { result.append(item) }
    }
    return .stream(result)
  }
}
