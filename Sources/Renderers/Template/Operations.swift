import DocModel

/// What Python does with values: truth, equality, order, text and arithmetic.
extension Value {
  /// Whether a condition holds for it.
  var isTrue: Bool {
    switch self {
    case .undefined, .none: false
    case .bool(let value): value
    case .int(let value): value != 0
    case .double(let value): value != 0
    case .text(let text), .markdown(let text), .rendered(let text): !text.isEmpty
    case .list(let items), .tuple(let items): !items.isEmpty
    case .record(let record): !record.values.isEmpty
    case .function: true
    case .foreign(let foreign): !foreign.text.isEmpty
    case .object(let object): (object as? any EngineObject)?.isTrue ?? true
    }
  }

  /// The characters of a value that is text of any kind.
  var string: String? {
    switch self {
    case .text(let text), .markdown(let text), .rendered(let text): text
    case .foreign(let foreign): foreign.text
    default: nil
    }
  }

  var isMarkdown: Bool {
    switch self {
    case .markdown, .rendered: true
    case .foreign(let foreign): foreign.isProse
    default: false
    }
  }

  /// Whether it is no value: an undefined one, or that of an inline `if` without `else`.
  var isUndefined: Bool {
    switch self {
    case .undefined: true
    case .object(let object): object is Nothing
    default: false
    }
  }

  var isNone: Bool {
    if case .none = self { true } else { false }
  }

  /// Whether it is a stream of items, as filters such as `map` give it.
  var isStream: Bool {
    if case .object(let object) = self { (object as? Series)?.form == .stream } else { false }
  }

  /// Whether it is a stream of items that was gone through before.
  var isSpent: Bool {
    if case .object(let object) = self { (object as? Series)?.isSpent ?? false } else { false }
  }

  /// A whole number, where it is one or a Boolean.
  var integer: Int? {
    switch self {
    case .int(let value): value
    case .bool(let value): value ? 1 : 0
    default: nil
    }
  }

  /// A number of any kind.
  var number: Double? {
    switch self {
    case .double(let value): value
    default: integer.map(Double.init)
    }
  }

  /// The items of a list or a tuple.
  var items: [Value]? {
    switch self {
    case .list(let items), .tuple(let items): items
    default: nil
    }
  }

  /// What a loop goes through: items, a record's keys or a text's characters.
  var elements: [Value]? {
    switch self {
    case .list(let items), .tuple(let items): items
    case .record(let record):
      record.keys === Filter.groupKeys ? record.values : record.keys.names.map(Value.text)
    case .text(let text), .markdown(let text), .rendered(let text):
      text.unicodeScalars.map { .text(String($0)) }
    case .foreign(let foreign): foreign.unmarked.elements
    case .object(let object): (object as? any EngineObject)?.elements()
    default: nil
    }
  }

  /// How many elements there are.
  var count: Int? {
    switch self {
    case .list(let items), .tuple(let items): items.count
    case .record(let record): record.values.count
    case .text(let text), .markdown(let text), .rendered(let text): text.unicodeScalars.count
    case .foreign(let foreign): foreign.text.unicodeScalars.count
    case .object(let object): (object as? any EngineObject)?.count
    default: nil
    }
  }

  /// What the value's type is called in messages.
  var typeName: String {
    switch self {
    case .undefined: "an undefined value"
    case .none: "none"
    case .bool: "a Boolean"
    case .int: "a number"
    case .double: "a number with a fraction"
    case .text, .markdown, .rendered, .foreign: "text"
    case .list: "a list"
    case .tuple: "a tuple"
    case .record: "a record"
    case .function: "a function"
    case .object(let object): "a \(object.kind)"
    }
  }

  // MARK: - Equality and order

  static func equal(_ left: Value, _ right: Value) -> Bool {
    // By far the most that are compared are plain text.
    if case .text(let a) = left, case .text(let b) = right {
      return ExactText(a) == ExactText(b)
    }
    var known: Set<Pair> = []
    return equal(left, right, depth: 0, &known)
  }

  /// Two lists or records that were found equal, by where they lie.
  private struct Pair: Hashable {
    let left: UInt
    let right: UInt

    init(_ left: [Value], _ right: [Value]) {
      self.left = left.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
      self.right = right.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
    }
  }

  /// Compares items one by one; lists that stand deep in others and in several of them only once.
  private static func equal(
    _ left: [Value], _ right: [Value], depth: Int, _ known: inout Set<Pair>
  ) -> Bool {
    guard left.count == right.count else { return false }
    if left.isEmpty { return true }
    if depth > 8, known.contains(Pair(left, right)) { return true }
    for (a, b) in zip(left, right) where !equal(a, b, depth: depth + 1, &known) { return false }
    if depth > 8 { known.insert(Pair(left, right)) }
    return true
  }

  private static func equal(
    _ left: Value, _ right: Value, depth: Int, _ known: inout Set<Pair>
  ) -> Bool {
    if let a = left.string, let b = right.string {
      return ExactText(a) == ExactText(b)
    }
    if let a = left.integer, let b = right.integer { return a == b }
    if left.number != nil, right.number != nil { return order(left, right) == 0 }
    switch (left, right) {
    case (.none, .none): return true
    case (.list(let a), .list(let b)), (.tuple(let a), .tuple(let b)):
      return equal(a, b, depth: depth, &known)
    case (.record(let a), .record(let b)):
      guard a.values.count == b.values.count else { return false }
      if depth > 8, known.contains(Pair(a.values, b.values)) { return true }
      for (name, value) in zip(a.keys.names, a.values) {
        guard let other = b[name], equal(value, other, depth: depth + 1, &known) else {
          return false
        }
      }
      if depth > 8 { known.insert(Pair(a.values, b.values)) }
      return true
    case (.object(let a), .object(let b)):
      if a === b || a is Nothing && b is Nothing { return true }
      guard let a = a as? Series, let b = b as? Series else { return false }
      switch (a.form, b.form) {
      case (.range, .range): return equal(.list(a.items), .list(b.items))
      case (.keys, .keys), (.items, .items):
        return a.items.count == b.items.count
          && a.items.allSatisfy { item in b.items.contains { equal(item, $0) } }
      default: return false
      }
    default: return false
    }
  }

  /// Negative, zero or positive as `left` comes before, with or after `right`; `nil` where they
  /// have no order.
  static func order(_ left: Value, _ right: Value) -> Int? {
    if let a = left.string, let b = right.string {
      var theirs = b.utf8.makeIterator()
      for byte in a.utf8 {
        guard let other = theirs.next() else { return 1 }
        if byte != other { return byte < other ? -1 : 1 }
      }
      return theirs.next() == nil ? 0 : -1
    }
    if let a = left.integer, let b = right.integer { return a < b ? -1 : a == b ? 0 : 1 }
    if let a = left.integer, case .double(let b) = right { return order(a, b) }
    if case .double(let a) = left, let b = right.integer { return -order(b, a) }
    if case .double(let a) = left, case .double(let b) = right {
      return a < b ? -1 : a == b ? 0 : 1
    }
    switch (left, right) {
    case (.list(let a), .list(let b)), (.tuple(let a), .tuple(let b)):
      for (x, y) in zip(a, b) where !equal(x, y) { return order(x, y) }
      return a.count < b.count ? -1 : a.count == b.count ? 0 : 1
    default: return nil
    }
  }

  /// Whether two values stand in a relation of order; `nil` where they have none.
  static func holds(_ relation: Expression.Relation, _ left: Value, _ right: Value) -> Bool? {
    guard let order = order(left, right) else { return nil }
    if left.isNotANumber || right.isNotANumber { return false }
    return switch relation {
    case .less: order < 0
    case .lessOrEqual: order <= 0
    case .greater: order > 0
    default: order >= 0
    }
  }

  private var isNotANumber: Bool {
    if case .double(let value) = self { value.isNaN } else { false }
  }

  /// Whether Python could look it up: neither a list nor a record, nor a tuple with one in it.
  var isHashable: Bool {
    var known: Set<Pair> = []
    return isHashable(depth: 0, &known)
  }

  private func isHashable(depth: Int, _ known: inout Set<Pair>) -> Bool {
    switch self {
    case .list, .record: return false
    case .tuple(let items):
      if depth > 8, known.contains(Pair(items, items)) { return true }
      for item in items where !item.isHashable(depth: depth + 1, &known) { return false }
      if depth > 8 { known.insert(Pair(items, items)) }
      return true
    default: return true
    }
  }

  /// Compares exactly, also where the whole number has more digits than a double can hold.
  private static func order(_ whole: Int, _ double: Double) -> Int {
    if double.isNaN { return 1 }
    if double >= 0x1p63 { return -1 }
    if double < -0x1p63 { return 1 }
    let floor = double.rounded(.down)
    let other = Int(floor)
    return whole < other ? -1 : whole > other ? 1 : double > floor ? -1 : 0
  }

  /// Whether a container holds a value; `nil` where it is no container.
  static func contains(_ container: Value, _ item: Value) -> Bool? {
    switch container {
    case .list(let items), .tuple(let items): items.contains { equal($0, item) }
    case .record(let record):
      item.string.map { record[$0] != nil } ?? (item.isHashable ? false : nil)
    case .object:
      container.elements.map { $0.contains { equal($0, item) } }
    case .text(let text), .markdown(let text), .rendered(let text):
      item.string.map { Search.contains($0, in: text) }
    case .foreign(let foreign): contains(foreign.unmarked, item)
    default: nil
    }
  }
}

// MARK: - Arithmetic

extension Expression.Operator {
  /// The result, or a sentence that says why there is none.
  func apply(
    _ left: Value, _ right: Value, limit: Int, escapes: Bool
  ) -> Result<Value, Problem> {
    if let a = left.integer, let b = right.integer { return integers(a, b) }
    if let a = left.number, let b = right.number { return doubles(a, b) }
    switch (self, left, right) {
    case (.add, _, _) where left.length + right.length > limit:
      return .failure(tooLarge("+", limit: limit))
    case (.add, _, _) where left.string != nil && right.string != nil:
      guard escapes else { return .success(markupSum(left, right)) }
      do throws(Problem) {
        return .success(try joined([left, right], escapes: true, limit: limit, by: "+"))
      } catch {
        return .failure(error)
      }
    case (.add, _, _) where left.items != nil && left.length + right.length > Limits.listSize:
      return .failure(tooLarge("+", limit: Limits.listSize))
    case (.add, .list(let a), .list(let b)): return .success(.list(a + b))
    case (.add, .tuple(let a), .tuple(let b)): return .success(.tuple(a + b))
    case (.multiply, _, _):
      if let count = right.integer { return repeated(left, count, limit: limit) }
      if let count = left.integer { return repeated(right, count, limit: limit) }
    case (.modulo, _, _):
      if let format = left.string { return formatted(left, format, with: right, escapes: escapes) }
    default: break
    }
    return .failure(
      Problem("'\(rawValue)' does not work on \(left.typeName) and \(right.typeName)"))
  }

  private func integers(_ a: Int, _ b: Int) -> Result<Value, Problem> {
    let tooLarge = Problem("the result of '\(rawValue)' does not fit 64 bits")
    func checked(_ result: (partialValue: Int, overflow: Bool)) -> Result<Value, Problem> {
      result.overflow ? .failure(tooLarge) : .success(.int(result.partialValue))
    }
    switch self {
    case .add: return checked(a.addingReportingOverflow(b))
    case .subtract: return checked(a.subtractingReportingOverflow(b))
    case .multiply: return checked(a.multipliedReportingOverflow(by: b))
    case .divide:
      return b == 0 ? .failure(.divisionByZero) : .success(.double(quotient(a, b)))
    case .floorDivide, .modulo:
      guard b != 0 else { return .failure(.divisionByZero) }
      if b == -1 {
        return self == .modulo ? .success(.int(0)) : checked(0.subtractingReportingOverflow(a))
      }
      let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
      let isOff = remainder != 0 && (remainder < 0) != (b < 0)
      if self == .modulo { return .success(.int(isOff ? remainder + b : remainder)) }
      return .success(.int(isOff ? quotient - 1 : quotient))
    case .power:
      if b < 0 { return realPowers(Double(a), Double(b)) }
      var result = 1
      var base = a
      var exponent = b
      while exponent > 0 {
        if exponent & 1 == 1 {
          let next = result.multipliedReportingOverflow(by: base)
          if next.overflow { return .failure(tooLarge) }
          result = next.partialValue
        }
        exponent >>= 1
        if exponent > 0 {
          let next = base.multipliedReportingOverflow(by: base)
          if next.overflow { return .failure(tooLarge) }
          base = next.partialValue
        }
      }
      return .success(.int(result))
    }
  }

  /// What a division gives, also where the numbers have more digits than a double can hold.
  private func quotient(_ a: Int, _ b: Int) -> Double {
    let isExact = max(a.magnitude, b.magnitude) <= 1 << 53 || b == -1
    if isExact { return Double(a) / Double(b) }
    let (whole, rest) = a.quotientAndRemainder(dividingBy: b)
    return rest == 0 ? Double(whole) : Double(whole) + Double(rest) / Double(b)
  }

  private func doubles(_ a: Double, _ b: Double) -> Result<Value, Problem> {
    switch self {
    case .add: return .success(.double(a + b))
    case .subtract: return .success(.double(a - b))
    case .multiply: return .success(.double(a * b))
    case .divide: return b == 0 ? .failure(.divisionByZero) : .success(.double(a / b))
    case .floorDivide, .modulo:
      guard b != 0 else { return .failure(.divisionByZero) }
      var remainder = a.truncatingRemainder(dividingBy: b)
      var quotient = (a - remainder) / b
      if remainder == 0 {
        remainder = Double(signOf: b, magnitudeOf: 0)
      } else if (remainder < 0) != (b < 0) {
        remainder += b
        quotient -= 1
      }
      if self == .modulo { return .success(.double(remainder)) }
      guard quotient != 0 else { return .success(.double(Double(signOf: a / b, magnitudeOf: 0))) }
      let floor = quotient.rounded(.down)
      return .success(.double(quotient - floor > 0.5 ? floor + 1 : floor))
    case .power: return realPowers(a, b)
    }
  }

  private func realPowers(_ a: Double, _ b: Double) -> Result<Value, Problem> {
    if a == 0, b < 0 { return .failure(.divisionByZero) }
    let result = realPower(a, b)
    if result.isNaN, !a.isNaN, !b.isNaN {
      return .failure(Problem("the result of '**' is not a real number"))
    }
    if result.isInfinite, a.isFinite, b.isFinite {
      return .failure(Problem("the result of '**' is too large"))
    }
    return .success(.double(result))
  }

  private func repeated(_ value: Value, _ count: Int, limit: Int) -> Result<Value, Problem> {
    let count = max(0, count)
    let size = value.length
    let limit = value.items == nil ? limit : min(limit, Limits.listSize)
    guard size.multipliedReportingOverflow(by: count).overflow == false, size * count <= limit
    else { return .failure(tooLarge("*", limit: limit)) }
    switch value {
    case .foreign(let foreign): return repeated(foreign.unmarked, count, limit: limit)
    case .text(let text): return .success(.text(String(repeating: text, count: count)))
    case .markdown(let text): return .success(.markdown(String(repeating: text, count: count)))
    case .rendered(let text): return .success(.rendered(String(repeating: text, count: count)))
    case .list(let items):
      return .success(.list(Array(repeatElement(items, count: count).joined())))
    case .tuple(let items):
      return .success(.tuple(Array(repeatElement(items, count: count).joined())))
    default: return .failure(Problem("'*' does not work on \(value.typeName) and a number"))
    }
  }
}

/// Why a result is refused that would take more memory than a whole output may.
func tooLarge(_ operation: String, limit: Int) -> Problem {
  Problem("the result of '\(operation)' is larger than the limit of \(limit)")
}

extension Value {
  /// The bytes of a text or the items of a list; 0 for anything else.
  var length: Int { string?.utf8.count ?? items?.count ?? 0 }
}
