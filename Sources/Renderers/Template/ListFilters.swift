import DocModel

/// Filters that order, group and choose items.
extension Filter {
  /// The names of what `groupby` gives; such a record can also be taken apart into two names.
  static let groupKeys = Keys(["grouper", "list"])

  /// What an item is ordered by: values at paths, in lower case where case does not count.
  private static func key(
    _ item: Value, paths: [String], isCaseSensitive: Bool, standard: Value? = nil
  ) throws(Problem) -> [Value] {
    func folded(_ value: Value) -> Value {
      guard !isCaseSensitive, let text = value.string else { return value }
      return .text(text.lowercased())
    }
    if paths.isEmpty { return [folded(item)] }
    var result: [Value] = []
    for path in paths {
      var part = item.at(path: path)
      if case .undefined = part {
        guard let standard else { throw Problem("an item has no '\(path)'") }
        part = standard
      }
      result.append(folded(part))
    }
    return result
  }

  private static func paths(_ value: Value?) -> [String] {
    guard let value, !value.isNone else { return [] }
    return value.shownText.split(separator: ",").map { trimmed(String($0)) }
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
        try key(pair, paths: [by == "key" ? "0" : "1"], isCaseSensitive: isCaseSensitive)
      })
  }

  static func groupBy(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    let path = arguments[0].map { $0.shownText } ?? ""
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
        let grouper = item.at(path: path)
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
      let number = key[0].number.map { "n\($0)" }
      if seen.insert(number ?? Value.list(key).shownText).inserted { result.append(item) }
    }
    return .list(result)
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
    if let path = arguments.named.first(where: { $0.name == "attribute" })?.value {
      let standard = arguments.named.first { $0.name == "default" }?.value
      for item in try value.needElements() {
        let part = item.at(path: path.shownText)
        result.append(part.isUndefined ? standard ?? .undefined : part)
      }
      return .list(result)
    }
    guard let name = arguments.rest.first?.string else {
      throw Problem("'map' needs the name of a filter or an 'attribute'")
    }
    guard let filter = arguments.environment?.filters[name] else {
      let near = nearest(to: name, among: (arguments.environment?.filters ?? [:]).keys.sorted())
      throw Problem("unknown filter '\(name)'", hint: near.map { "did you mean '\($0)'?" })
    }
    let given = try bound(
      filter.parameters, rest: Array(arguments.rest.dropFirst()), named: arguments.named,
      what: "the filter '\(name)'", environment: arguments.environment)
    for item in try value.needElements() { result.append(try filter.function(item, given)) }
    return .list(result)
  }

  private static func bound(
    _ parameters: [String], rest: [Value], named: [(name: String, value: Value)], what: String,
    environment: Environment?
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
    var path: String?
    if byAttribute {
      guard !rest.isEmpty else { throw Problem("the name of an attribute is needed") }
      path = rest.removeFirst().shownText
    }
    var test: Test?
    var given = Arguments([])
    if let name = rest.first?.shownText {
      guard let found = arguments.environment?.tests[name] else {
        let near = nearest(to: name, among: (arguments.environment?.tests ?? [:]).keys.sorted())
        throw Problem("unknown test '\(name)'", hint: near.map { "did you mean '\($0)'?" })
      }
      test = found
      given = try bound(
        found.parameters, rest: Array(rest.dropFirst()), named: [], what: "the test '\(name)'",
        environment: arguments.environment)
    }
    var result: [Value] = []
    for item in try value.needElements() {
      let subject = path.map { item.at(path: $0) } ?? item
      let holds: Bool
      if let test {
        if subject.isUndefined, !test.acceptsUndefined {
          throw Problem("an item has no '\(path ?? "")'")
        }
        holds = try test.function(subject, given)
      } else {
        if subject.isUndefined { throw Problem("an item has no '\(path ?? "")'") }
        holds = subject.isTrue
      }
      if holds == keeps { result.append(item) }
    }
    return .list(result)
  }
}
