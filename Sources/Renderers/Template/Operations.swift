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
    case .function, .object: true
    }
  }

  /// The characters of a value that is text of any kind.
  var string: String? {
    switch self {
    case .text(let text), .markdown(let text), .rendered(let text): text
    default: nil
    }
  }

  var isMarkdown: Bool {
    switch self {
    case .markdown, .rendered: true
    default: false
    }
  }

  var isUndefined: Bool {
    if case .undefined = self { true } else { false }
  }

  var isNone: Bool {
    if case .none = self { true } else { false }
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

  /// What is taken apart into names: as a loop goes through it, but for a group of `groupby`.
  var parts: [Value]? {
    if case .record(let record) = self, record.keys === Filter.groupKeys { return record.values }
    return elements
  }

  /// What a loop goes through: items, a record's keys or a text's characters.
  var elements: [Value]? {
    switch self {
    case .list(let items), .tuple(let items): items
    case .record(let record): record.keys.names.map(Value.text)
    case .text(let text), .markdown(let text), .rendered(let text):
      text.unicodeScalars.map { .text(String($0)) }
    default: nil
    }
  }

  /// How many elements there are.
  var count: Int? {
    switch self {
    case .list(let items), .tuple(let items): items.count
    case .record(let record): record.values.count
    case .text(let text), .markdown(let text), .rendered(let text): text.unicodeScalars.count
    default: nil
    }
  }

  /// What the value's type is called in messages.
  var typeName: String {
    switch self {
    case .undefined: "nothing"
    case .none: "none"
    case .bool: "a Boolean"
    case .int, .double: "a number"
    case .text, .markdown, .rendered: "text"
    case .list, .tuple: "a list"
    case .record: "a record"
    case .function: "a function"
    case .object(let object): "a \(object.kind)"
    }
  }

  // MARK: - Equality and order

  static func equal(_ left: Value, _ right: Value) -> Bool {
    if let a = left.string, let b = right.string { return a.utf8.elementsEqual(b.utf8) }
    if let a = left.integer, let b = right.integer { return a == b }
    if let a = left.number, let b = right.number { return a == b }
    switch (left, right) {
    case (.none, .none): return true
    case (.list(let a), .list(let b)), (.tuple(let a), .tuple(let b)):
      return a.count == b.count && zip(a, b).allSatisfy(equal)
    case (.record(let a), .record(let b)):
      return a.values.count == b.values.count
        && zip(a.keys.names, a.values).allSatisfy { name, value in
          b[name].map { equal(value, $0) } ?? false
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
    if let a = left.number, let b = right.number { return a < b ? -1 : a == b ? 0 : 1 }
    switch (left, right) {
    case (.list(let a), .list(let b)), (.tuple(let a), .tuple(let b)):
      for (x, y) in zip(a, b) where !equal(x, y) { return order(x, y) }
      return a.count < b.count ? -1 : a.count == b.count ? 0 : 1
    default: return nil
    }
  }

  /// Whether a container holds a value; `nil` where it is no container.
  static func contains(_ container: Value, _ item: Value) -> Bool? {
    switch container {
    case .list(let items), .tuple(let items): items.contains { equal($0, item) }
    case .record(let record): item.string.map { record[$0] != nil } ?? false
    case .text(let text), .markdown(let text), .rendered(let text):
      item.string.map { find(Array($0.utf8), in: Array(text.utf8)) }
    default: nil
    }
  }

  private static func find(_ needle: [UInt8], in hay: [UInt8]) -> Bool {
    guard !needle.isEmpty else { return true }
    return hay.firstRange(of: needle) != nil
  }

  // MARK: - Text

  /// The value as Python's `str` shows it.
  var shownText: String {
    if let string { return string }
    var result = ""
    appendText(to: &result)
    return result
  }

  private func appendText(to result: inout String) {
    switch self {
    case .text(let text), .markdown(let text), .rendered(let text): result += text
    default: appendRepresentation(to: &result, depth: 0)
    }
  }

  private func appendRepresentation(to result: inout String, depth: Int) {
    guard depth < 64 else {
      result += "..."
      return
    }
    switch self {
    case .undefined: break
    case .none: result += "None"
    case .bool(let value): result += value ? "True" : "False"
    case .int(let value): result += String(value)
    case .double(let value): result += pythonText(of: value)
    case .text(let text), .markdown(let text), .rendered(let text):
      appendQuoted(text, to: &result)
    case .list(let items):
      result += "["
      for (index, item) in items.enumerated() {
        if index > 0 { result += ", " }
        item.appendRepresentation(to: &result, depth: depth + 1)
      }
      result += "]"
    case .tuple(let items):
      result += "("
      for (index, item) in items.enumerated() {
        if index > 0 { result += ", " }
        item.appendRepresentation(to: &result, depth: depth + 1)
      }
      result += items.count == 1 ? ",)" : ")"
    case .record(let record) where record.keys === Filter.groupKeys:
      Value.tuple(record.values).appendRepresentation(to: &result, depth: depth)
    case .record(let record):
      result += "{"
      for (index, (name, value)) in zip(record.keys.names, record.values).enumerated() {
        if index > 0 { result += ", " }
        appendQuoted(name, to: &result)
        result += ": "
        value.appendRepresentation(to: &result, depth: depth + 1)
      }
      result += "}"
    case .function: result += "<function>"
    case .object(let object): result += "<\(object.kind)>"
    }
  }
}

/// A number as Python's `repr` shows it: the shortest digits that lead back to it.
func pythonText(of value: Double) -> String {
  if value.isNaN { return "nan" }
  if value.isInfinite { return value < 0 ? "-inf" : "inf" }
  let magnitude = abs(value)
  if magnitude >= 1e16, magnitude < 9_007_199_254_740_992 * 1024 {
    return exponential(value)
  }
  var text = value.description
  if let e = text.firstIndex(of: "e") {
    let exponent = Int(text[text.index(after: e)...]) ?? 0
    let mantissa = text[..<e].hasSuffix(".0") ? text[..<e].dropLast(2) : text[..<e]
    let digits = abs(exponent) < 10 ? "0\(abs(exponent))" : "\(abs(exponent))"
    text = "\(mantissa)e\(exponent < 0 ? "-" : "+")\(digits)"
  }
  return text
}

/// A number from 1e16 up that Swift may show without an exponent.
private func exponential(_ value: Double) -> String {
  let text = value.description
  guard !text.contains("e") else { return normalizedExponent(text) }
  let isNegative = text.hasPrefix("-")
  var digits = text.drop { $0 == "-" }
  if digits.hasSuffix(".0") { digits = digits.dropLast(2) }
  let exponent = digits.count - 1
  var rest = digits.dropFirst()
  while rest.last == "0" { rest = rest.dropLast() }
  let mantissa = rest.isEmpty ? "\(digits.prefix(1))" : "\(digits.prefix(1)).\(rest)"
  return "\(isNegative ? "-" : "")\(mantissa)e+\(exponent)"
}

private func normalizedExponent(_ text: String) -> String {
  guard let e = text.firstIndex(of: "e") else { return text }
  let mantissa = text[..<e].hasSuffix(".0") ? text[..<e].dropLast(2) : text[..<e]
  return "\(mantissa)\(text[e...])"
}

/// Appends text in quotes as Python's `repr` writes it.
private func appendQuoted(_ text: String, to result: inout String) {
  let quote: Unicode.Scalar =
    text.unicodeScalars.contains("'") && !text.unicodeScalars.contains("\"") ? "\"" : "'"
  result.unicodeScalars.append(quote)
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\\": result += "\\\\"
    case quote: result += "\\\(quote)"
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    default:
      let isHidden: Bool =
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
          .paragraphSeparator:
          true
        case .spaceSeparator: scalar != " "
        default: false
        }
      if isHidden {
        let hex = String(scalar.value, radix: 16)
        let (letter, width) =
          scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
        result += "\\\(letter)" + String(repeating: "0", count: width - hex.utf8.count) + hex
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
  }
  result.unicodeScalars.append(quote)
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
      return .success(joined([left, right], escapes: escapes))
    case (.add, .list(let a), .list(let b)): return .success(.list(a + b))
    case (.add, .tuple(let a), .tuple(let b)): return .success(.tuple(a + b))
    case (.multiply, _, _):
      if let count = right.integer { return repeated(left, count, limit: limit) }
      if let count = left.integer { return repeated(right, count, limit: limit) }
    case (.modulo, _, _):
      if let format = left.string { return formatted(format, right.items ?? [right]) }
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
      return b == 0 ? .failure(.divisionByZero) : .success(.double(Double(a) / Double(b)))
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
      if b < 0 {
        return a == 0 ? .failure(.divisionByZero) : .success(.double(power(Double(a), Double(b))))
      }
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

  private func doubles(_ a: Double, _ b: Double) -> Result<Value, Problem> {
    switch self {
    case .add: return .success(.double(a + b))
    case .subtract: return .success(.double(a - b))
    case .multiply: return .success(.double(a * b))
    case .divide: return b == 0 ? .failure(.divisionByZero) : .success(.double(a / b))
    case .floorDivide, .modulo:
      guard b != 0 else { return .failure(.divisionByZero) }
      var remainder = a.truncatingRemainder(dividingBy: b)
      if remainder != 0, (remainder < 0) != (b < 0) { remainder += b }
      return .success(.double(self == .modulo ? remainder : ((a - remainder) / b).rounded()))
    case .power: return .success(.double(power(a, b)))
    }
  }

  /// A power by repeated squaring for whole exponents and by the C library's way otherwise.
  private func power(_ base: Double, _ exponent: Double) -> Double {
    if exponent == 0.5 { return base.squareRoot() }
    guard exponent.rounded() == exponent, abs(exponent) < 1024 else {
      return realPower(base, exponent)
    }
    var result = 1.0
    var factor = base
    var left = Int(abs(exponent))
    while left > 0 {
      if left & 1 == 1 { result *= factor }
      factor *= factor
      left >>= 1
    }
    return exponent < 0 ? 1 / result : result
  }

  private func repeated(_ value: Value, _ count: Int, limit: Int) -> Result<Value, Problem> {
    let count = max(0, count)
    let size = value.length
    guard size.multipliedReportingOverflow(by: count).overflow == false, size * count <= limit
    else { return .failure(tooLarge("*", limit: limit)) }
    switch value {
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
