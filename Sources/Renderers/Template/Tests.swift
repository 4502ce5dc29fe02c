import DocModel

/// The built-in tests, by name: those of Jinja.
extension Test {
  static let builtIn: [String: Test] = [
    "boolean": Test { (value, _) in if case .bool = value { true } else { false } },
    "callable": Test { (value, _) in
      switch value {
      case .function: true
      case .object(let object): object is MacroValue
      default: false
      }
    },
    "defined": Test([], acceptsUndefined: true) { (value, _) in !value.isUndefined },
    "divisibleby": Test(["num"]) { (value, arguments) throws(Problem) in
      let divisor = try arguments.integer(0)
      guard divisor != 0 else { throw Problem.divisionByZero }
      return try value.needInteger().quotientAndRemainder(dividingBy: divisor).remainder == 0
    },
    "eq": relation { $0 == 0 },
    "equalto": relation { $0 == 0 },
    "==": relation { $0 == 0 },
    "even": Test { (value, _) throws(Problem) in try value.needInteger() & 1 == 0 },
    "false": Test { (value, _) in if case .bool(false) = value { true } else { false } },
    "filter": Test { (value, arguments) in
      value.string.map { arguments.environment?.filters[$0] != nil } ?? false
    },
    "float": Test { (value, _) in if case .double = value { true } else { false } },
    "ge": relation { $0 >= 0 },
    ">=": relation { $0 >= 0 },
    "greaterthan": relation { $0 > 0 },
    "gt": relation { $0 > 0 },
    ">": relation { $0 > 0 },
    "in": Test(["seq"]) { (value, arguments) throws(Problem) in
      guard let result = Value.contains(arguments[0] ?? .none, value) else {
        throw Problem("'in' does not work on \((arguments[0] ?? .none).typeName)")
      }
      return result
    },
    "integer": Test { (value, _) in if case .int = value { true } else { false } },
    "iterable": Test { (value, _) in value.elements != nil },
    "le": relation { $0 <= 0 },
    "<=": relation { $0 <= 0 },
    "lessthan": relation { $0 < 0 },
    "lower": Test { (value, _) in isCased(value) { $0.lowercased() } },
    "lt": relation { $0 < 0 },
    "<": relation { $0 < 0 },
    "mapping": Test { (value, _) in if case .record = value { true } else { false } },
    "ne": Test(["other"]) { (value, arguments) in !Value.equal(value, arguments[0] ?? .none) },
    "!=": Test(["other"]) { (value, arguments) in !Value.equal(value, arguments[0] ?? .none) },
    "none": Test { (value, _) in value.isNone },
    "number": Test { (value, _) in value.number != nil },
    "odd": Test { (value, _) throws(Problem) in try value.needInteger() & 1 == 1 },
    "sameas": Test(["other"]) { (value, arguments) in
      guard let other = arguments[0] else { return false }
      switch (value, other) {
      case (.bool(let a), .bool(let b)): return a == b
      case (.none, .none): return true
      case (.int(let a), .int(let b)): return a == b
      case (.record(let a), .record(let b)): return a === b
      case (.text(let a), .text(let b)): return a == b
      default: return false
      }
    },
    "sequence": Test { (value, _) in value.count != nil },
    "string": Test { (value, _) in value.string != nil },
    "test": Test { (value, arguments) in
      value.string.map { arguments.environment?.tests[$0] != nil } ?? false
    },
    "true": Test { (value, _) in if case .bool(true) = value { true } else { false } },
    "undefined": Test([], acceptsUndefined: true) { (value, _) in value.isUndefined },
    "upper": Test { (value, _) in isCased(value) { $0.uppercased() } },
  ]

  private static func relation(_ holds: @escaping @Sendable (Int) -> Bool) -> Test {
    let isEquality = holds(0) && !holds(1) && !holds(-1)
    return Test(["other"]) { (value, arguments) throws(Problem) in
      let other = arguments[0] ?? .none
      if isEquality { return Value.equal(value, other) }
      guard let order = Value.order(value, other) else {
        throw Problem("\(value.typeName) and \(other.typeName) cannot be put in order")
      }
      return holds(order)
    }
  }

  /// Whether a text has letters with case and all of them have the one asked for.
  private static func isCased(_ value: Value, _ change: (String) -> String) -> Bool {
    let text = value.shownText
    return change(text) == text && text.unicodeScalars.contains { $0.properties.isCased }
  }
}

extension Value {
  fileprivate func needInteger() throws(Problem) -> Int {
    guard let integer else { throw Problem("\(typeName) is not a whole number") }
    return integer
  }
}
