import DocModel

/// The built-in tests, by name: those of Jinja.
extension Test {
  static let builtIn: [String: Test] = [
    "boolean": type { if case .bool = $0 { true } else { false } },
    "callable": type { value in
      switch value {
      case .function, .undefined: true
      case .object(let object): object is MacroValue || object is CycleValue || object is Nothing
      default: false
      }
    },
    "defined": type { !$0.isUndefined },
    "divisibleby": Test(["num"]) { (value, arguments) throws(Problem) in
      Value.equal(try remainder(value, by: arguments[0] ?? .none), .int(0))
    },
    "eq": equal,
    "equalto": equal,
    "==": equal,
    "escaped": type { $0.isMarkdown },
    "even": Test { (value, _) throws(Problem) in
      Value.equal(try remainder(value, by: .int(2)), .int(0))
    },
    "false": type { if case .bool(false) = $0 { true } else { false } },
    "filter": Test { (value, arguments) in
      value.string.map { arguments.environment?.value.filters[$0] != nil } ?? false
    },
    "float": type { if case .double = $0 { true } else { false } },
    "ge": order(.greaterOrEqual),
    ">=": order(.greaterOrEqual),
    "greaterthan": order(.greater),
    "gt": order(.greater),
    ">": order(.greater),
    "in": Test(["seq"]) { (value, arguments) throws(Problem) in
      guard let result = Value.contains(arguments[0] ?? .none, value) else {
        throw Problem("'in' does not work on \((arguments[0] ?? .none).typeName)")
      }
      return result
    },
    "integer": type { if case .int = $0 { true } else { false } },
    "iterable": Test { (value, _) in
      switch value {
      case .object(let object): object is Series || object is Nothing
      default: value.count != nil
      }
    },
    "le": order(.lessOrEqual),
    "<=": order(.lessOrEqual),
    "lessthan": order(.less),
    "lower": Test { (value, _) in isCased(value) { lowercased($0) } },
    "lt": order(.less),
    "<": order(.less),
    "mapping": type { if case .record = $0 { true } else { false } },
    "ne": unequal,
    "!=": unequal,
    "none": type { $0.isNone },
    "number": type { $0.number != nil },
    "odd": Test { (value, _) throws(Problem) in
      Value.equal(try remainder(value, by: .int(2)), .int(1))
    },
    "sameas": Test(["other"], acceptsUndefined: true) { (value, arguments) in
      arguments[0].map { isSame(value, $0) } ?? false
    },
    "sequence": type { value in
      switch value {
      case .object(let object): (object as? Series).map { $0.form.isRange } ?? false
      default: value.count != nil
      }
    },
    "string": type { $0.string != nil },
    "test": Test { (value, arguments) in
      value.string.map { arguments.environment?.value.tests[$0] != nil } ?? false
    },
    "true": type { if case .bool(true) = $0 { true } else { false } },
    "undefined": type { $0.isUndefined },
    "upper": Test { (value, _) in isCased(value) { $0.uppercased() } },
  ]

  /// Whether two values are one and the same, as Python's `is` sees it.
  private static func isSame(_ value: Value, _ other: Value) -> Bool {
    switch (value, other) {
    case (.bool(let a), .bool(let b)): a == b
    case (.none, .none): true
    case (.int(let a), .int(let b)): a == b
    case (.text(let a), .text(let b)): a == b
    case (.record(let a), .record(let b)): a === b
    case (.object(let a), .object(let b)): a === b
    case (.list(let a), .list(let b)), (.tuple(let a), .tuple(let b)):
      a.count == b.count
        && a.withUnsafeBufferPointer { a in
          b.withUnsafeBufferPointer { a.baseAddress == $0.baseAddress }
        }
    default: false
    }
  }

  private static let equal = Test(["other"]) { (value, arguments) in
    Value.equal(value, arguments[0] ?? .none)
  }

  private static let unequal = Test(["other"]) { (value, arguments) in
    !Value.equal(value, arguments[0] ?? .none)
  }

  private static func order(_ relation: Expression.Relation) -> Test {
    Test(["other"]) { (value, arguments) throws(Problem) in
      let other = arguments[0] ?? .none
      guard let holds = Value.holds(relation, value, other) else {
        throw Problem("\(value.typeName) and \(other.typeName) cannot be put in order")
      }
      return holds
    }
  }

  /// A question about a value's type, which may be asked of an undefined value as well.
  private static func type(_ holds: @escaping @Sendable (Value) -> Bool) -> Test {
    Test([], acceptsUndefined: true) { (value, _) in holds(value) }
  }

  /// What is left of a number divided by another.
  private static func remainder(_ value: Value, by divisor: Value) throws(Problem) -> Value {
    try Expression.Operator.modulo.apply(value, divisor, limit: 0, escapes: false).get()
  }

  /// Whether a text has letters with case and all of them have the one asked for.
  static func isCased(_ value: Value, _ change: (String) -> String) -> Bool {
    let text = value.shownText
    return change(text) == text && text.unicodeScalars.contains { $0.properties.isCased }
  }
}
