/// Which plural form a language uses for which count: the expression in C that stands in the header
/// of a PO file.
///
///     Plural-Forms: nplurals=2; plural=(n > 1);
///
/// Every count has a form: what would divide by zero, or give a form that there is none of, is
/// refused for counts up to 1000, as msgfmt does, and is the first form beyond.
public struct PluralRule: Sendable {
  /// How many forms there are.
  public let count: Int
  private let expression: Expression

  /// One form for one, another for all other counts.
  public static let germanic = PluralRule(
    count: 2, expression: .binary(.notEqual, .count, .number(1)))
  /// The same as GNU gettext writes it, which need not be tried with every count.
  private static let germanicHeader = "nplurals=2; plural=(n != 1);"

  private init(count: Int, expression: Expression) {
    self.count = count
    self.expression = expression
  }

  /// The form that goes with a count, from 0.
  public func form(for number: Int) -> Int {
    guard let form = expression.value(for: number), (0..<count).contains(form) else { return 0 }
    return form
  }

  /// Reads `nplurals=…; plural=…;`.
  init(header: String) throws(CatalogueReader.Problem) {
    if header == Self.germanicHeader {
      self = .germanic
      return
    }
    let hint = "write for example 'nplurals=2; plural=(n != 1);'"
    guard header.utf8.count <= Self.lengthLimit else {
      throw .init(message: "the rule for plurals is too long", hint: hint)
    }
    var count: Int?
    var rule: Substring?
    for part in header.split(separator: ";") {
      let words = part.split(separator: "=", maxSplits: 1)
      guard words.count == 2 else { continue }
      switch words[0].filter({ $0 != " " }) {
      case "nplurals": count = Int(words[1].filter { $0 != " " })
      case "plural": rule = words[1]
      default: break
      }
    }
    guard let count, (1...20).contains(count) else {
      throw .init(message: "'nplurals' has to be a number from 1 to 20", hint: hint)
    }
    guard let rule else { throw .init(message: "the rule for plurals is missing", hint: hint) }
    var parser = Parser(Array(rule.utf8))
    guard let expression = parser.parse() else {
      throw .init(
        message: "'\(rule.drop { $0 == " " })' is no expression over 'n' that C knows", hint: hint)
    }
    self.init(count: count, expression: expression)
    for number in 0...1000 {
      guard let form = expression.value(for: number) else {
        throw .init(message: "the rule for plurals divides by zero for \(number)", hint: hint)
      }
      guard (0..<count).contains(form) else {
        throw .init(
          message:
            "the rule for plurals gives the form \(form) for \(number), but 'nplurals' is \(count)",
          hint: hint)
      }
    }
  }

  private static let lengthLimit = 1000

  private enum Operator: Sendable {
    case or, and, equal, notEqual, less, greater, lessOrEqual, greaterOrEqual
    case add, subtract, multiply, divide, remainder
  }

  private indirect enum Expression: Sendable {
    case count
    case number(Int)
    case not(Expression)
    case binary(Operator, Expression, Expression)
    case choice(Expression, Expression, Expression)

    /// The value for a count; `nil` where it divides by zero.
    func value(for count: Int) -> Int? {
      switch self {
      case .count: return count
      case .number(let number): return number
      case .not(let inner): return inner.value(for: count).map { $0 == 0 ? 1 : 0 }
      case .choice(let test, let yes, let no):
        guard let holds = test.value(for: count) else { return nil }
        return (holds != 0 ? yes : no).value(for: count)
      case .binary(let mark, let first, let second):
        guard let left = first.value(for: count) else { return nil }
        if mark == .or, left != 0 { return 1 }
        if mark == .and, left == 0 { return 0 }
        guard let right = second.value(for: count) else { return nil }
        return Self.result(mark, left, right)
      }
    }

    private static func result(_ mark: Operator, _ left: Int, _ right: Int) -> Int? {
      switch mark {
      case .or, .and: right != 0 ? 1 : 0
      case .equal: left == right ? 1 : 0
      case .notEqual: left != right ? 1 : 0
      case .less: left < right ? 1 : 0
      case .greater: left > right ? 1 : 0
      case .lessOrEqual: left <= right ? 1 : 0
      case .greaterOrEqual: left >= right ? 1 : 0
      case .add: left &+ right
      case .subtract: left &- right
      case .multiply: left &* right
      case .divide: right == 0 ? nil : left.dividedReportingOverflow(by: right).partialValue
      case .remainder:
        right == 0 ? nil : left.remainderReportingOverflow(dividingBy: right).partialValue
      }
    }
  }

  /// The grammar of C for the operators that plural forms use, the weakest first.
  private struct Parser {
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0
    private static let depthLimit = 50

    private static let levels: [[(mark: String, kind: Operator)]] = [
      [("||", .or)],
      [("&&", .and)],
      [("==", .equal), ("!=", .notEqual)],
      [("<=", .lessOrEqual), (">=", .greaterOrEqual), ("<", .less), (">", .greater)],
      [("+", .add), ("-", .subtract)],
      [("*", .multiply), ("/", .divide), ("%", .remainder)],
    ]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The whole text as an expression, or `nil` where it is none.
    mutating func parse() -> Expression? {
      guard let result = choice() else { return nil }
      skip()
      return position == bytes.count ? result : nil
    }

    private mutating func skip() {
      while position < bytes.count, bytes[position] <= 0x20 { position += 1 }
    }

    private mutating func take(_ mark: String) -> Bool {
      skip()
      guard bytes[position...].starts(with: mark.utf8) else { return false }
      position += mark.utf8.count
      return true
    }

    private mutating func choice() -> Expression? {
      guard depth < Self.depthLimit else { return nil }
      depth += 1
      defer { depth -= 1 }
      guard let test = binary(0) else { return nil }
      guard take("?") else { return test }
      guard let yes = choice(), take(":"), let no = choice() else { return nil }
      return .choice(test, yes, no)
    }

    private mutating func binary(_ level: Int) -> Expression? {
      guard level < Self.levels.count else { return unary() }
      guard var left = binary(level + 1) else { return nil }
      var length = 0
      while let kind = Self.levels[level].first(where: { take($0.mark) })?.kind {
        length += 1
        guard length < Self.depthLimit, let right = binary(level + 1) else { return nil }
        left = .binary(kind, left, right)
      }
      return left
    }

    private mutating func unary() -> Expression? {
      guard depth < Self.depthLimit else { return nil }
      depth += 1
      defer { depth -= 1 }
      if take("!") { return unary().map(Expression.not) }
      if take("(") {
        guard let inner = choice(), take(")") else { return nil }
        return inner
      }
      if take("n") { return .count }
      var value: Int?
      while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
        value = min((value ?? 0) * 10 + Int(bytes[position] - 0x30), 1_000_000)
        position += 1
      }
      return value.map(Expression.number)
    }
  }
}
