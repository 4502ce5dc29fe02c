import DocModel

/// Reads what `SyntaxWriter` wrote, in the same order.
struct SyntaxReader {
  private var reader: ReadyReader
  private let texts: [String]

  init(_ form: UnsafeBufferPointer<UInt8>) {
    reader = ReadyReader(form)
    texts = ReadyTexts.all(from: &reader)
  }

  mutating func syntax(of source: Source) -> Syntax {
    let count = number()
    let body = body()
    let mentions = Mentions(names: list { $0.text() }, templates: list { $0.text() })
    return Syntax(
      source: source, body: body, origins: Origins(source, from: &reader), isTranslated: false,
      count: count, mentions: mentions)
  }

  // MARK: - Parts

  private mutating func number() -> Int { reader.number() }

  private mutating func flag() -> Bool { reader.number() == 1 }

  private mutating func text() -> String { texts[reader.number()] }

  private mutating func named() -> Named { Named(text(), at: number()) }

  private mutating func list<Item>(_ item: (inout Self) -> Item) -> [Item] {
    let count = number()
    var items: [Item] = []
    items.reserveCapacity(count)
    for _ in 0..<count { items.append(item(&self)) }
    return items
  }

  private mutating func optional<Item>(_ item: (inout Self) -> Item) -> Item? {
    number() == 0 ? nil : item(&self)
  }

  private mutating func expressions() -> [Expression] { list { $0.expression() } }

  private mutating func body() -> [Statement] { list { $0.statement() } }

  /// A kind by its number.
  private mutating func kind<Kind: RawRepresentable<Int>>(_: Kind.Type) -> Kind {
    guard let kind = Kind(rawValue: number()) else {
      preconditionFailure("the ready form names a kind of \(Kind.self)")
    }
    return kind
  }

  /// A mark by the way it is written.
  private mutating func mark<Mark: RawRepresentable<String>>(_: Mark.Type) -> Mark {
    guard let mark = Mark(rawValue: text()) else {
      preconditionFailure("the ready form names a mark of \(Mark.self)")
    }
    return mark
  }

  // MARK: - Expressions

  private mutating func expression() -> Expression {
    let (at, depth) = (number(), number())
    return Expression(expressionKind(), at: at, depth: depth)
  }

  private mutating func expressionKind() -> Expression.Kind {
    switch kind(ExpressionKind.self) {
    case .constant: .constant(constant())
    case .name: .name(text())
    case .attribute: .attribute(expression(), text())
    case .item: .item(expression(), expression())
    case .slice:
      .slice(
        expression(), optional { $0.expression() }, optional { $0.expression() },
        optional { $0.expression() })
    case .call: .call(expression(), arguments())
    case .filter: .filter(expression(), named(), arguments())
    case .test: .test(expression(), named(), arguments(), isNegated: flag())
    case .negate: .negate(expression())
    case .plus: .plus(expression())
    case .not: .not(expression())
    case .arithmetic: .arithmetic(mark(Expression.Operator.self), expression(), expression())
    case .compare:
      .compare(
        expression(),
        list {
          Expression.Comparison(
            relation: $0.mark(Expression.Relation.self), operand: $0.expression(), at: $0.number())
        })
    case .and: .and(expression(), expression())
    case .or: .or(expression(), expression())
    case .conditional:
      .conditional(
        expression(), condition: expression(), otherwise: optional { $0.expression() })
    case .concatenate: .concatenate(expressions())
    case .list: .list(expressions(), isTuple: flag())
    case .dictionary: .dictionary(list { ($0.expression(), $0.expression()) })
    case .captured: .captured
    }
  }

  private mutating func constant() -> Value {
    switch kind(ConstantKind.self) {
    case .none: .none
    case .yes: .bool(true)
    case .no: .bool(false)
    case .int: .int(number())
    case .double: .double(Double(text()) ?? .nan)
    case .text: .text(text())
    }
  }

  private mutating func arguments() -> Expression.Arguments {
    Expression.Arguments(
      positional: expressions(), named: list { (name: $0.text(), value: $0.expression()) })
  }

  // MARK: - Statements

  private mutating func statement() -> Statement {
    let (at, id) = (number(), number())
    return Statement(kind: statementKind(), at: at, id: id)
  }

  private mutating func statementKind() -> Statement.Kind {
    switch kind(StatementKind.self) {
    case .literal: .literal(.init(bytes: Array(reader.slice()), start: number()))
    case .output: .output(expression())
    case .branches:
      .branches(
        list { (condition: $0.expression(), body: $0.body()) }, otherwise: optional { $0.body() })
    case .loop:
      .loop(
        .init(
          target: target(), items: expression(), filter: optional { $0.expression() },
          isRecursive: flag(), body: body(), otherwise: body(), usesState: flag()))
    case .set: .set(target(), expression())
    case .setBlock: .setBlock(target(), filters: expression(), body: body())
    case .with: .with(list { ($0.target(), $0.expression()) }, body: body())
    case .filter: .filter(expression(), body: body())
    case .macro: .macro(macro())
    case .call: .call(macro(), expression())
    case .include: .include(expression(), ignoreMissing: flag(), withContext: flag())
    case .importAs: .importAs(expression(), text(), withContext: flag())
    case .importNames:
      .importNames(expression(), list { ($0.named(), as: $0.text()) }, withContext: flag())
    case .extends: .extends(expression())
    case .block:
      .block(.init(name: text(), isScoped: flag(), isRequired: flag(), body: body()))
    }
  }

  private mutating func macro() -> Statement.Macro {
    Statement.Macro(
      name: text(),
      parameters: list { (name: $0.text(), standard: $0.optional { $0.expression() }) },
      body: body(), at: number(), ownNames: list { $0.text() })
  }

  private mutating func target() -> Statement.Target {
    switch kind(TargetKind.self) {
    case .name: .name(text(), at: number())
    case .tuple: .tuple(list { $0.target() })
    case .attribute: .attribute(text(), text(), at: number())
    }
  }
}

extension Origins {
  fileprivate init(_ source: Source, from reader: inout ReadyReader) {
    let end = reader.number()
    var runs: [(start: Int, origin: Origin)] = []
    for _ in 0..<reader.number() {
      runs.append((start: reader.number(), origin: .template(reader.number())))
    }
    self.init(source, runs: runs, end: end)
  }
}
