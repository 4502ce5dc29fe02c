import DocModel

/// The grammar of expressions, with Jinja's precedence.
///
/// From loosest to tightest: conditional, `or`, `and`, `not`, comparison, `+ -`, `~`,
/// `* / // %`, `**` (from left to right), sign, then filters and tests.
extension Parser {
  typealias Node = Expression

  /// Makes an expression and refuses one that is too deep to walk.
  func node(_ kind: Node.Kind, at: Int, around inner: [Node] = []) throws(Failure) -> Node {
    let result = Node(kind, at: at, around: inner)
    guard result.depth <= limits.expressionDepth else {
      throw failure(
        "the expression has more than \(limits.expressionDepth) parts in each other", at: at,
        hint: "give parts of it names with 'set'")
    }
    return result
  }

  /// Reads one expression, or several with commas between them as a tuple.
  mutating func tuple(
    withConditional: Bool = true, endWord: String? = nil, isBracketed: Bool = false
  ) throws(Failure) -> Node {
    let at = current.start
    var items: [Node] = []
    var isTuple = false
    while true {
      if isTupleEnd(endWord) { break }
      items.append(withConditional ? try expression() : try orExpression())
      guard take(",") else { break }
      isTuple = true
    }
    if !isTuple {
      if let only = items.first { return only }
      guard isBracketed else { throw unexpected("an expression") }
    }
    return try node(.list(items, isTuple: true), at: at, around: items)
  }

  private func isTupleEnd(_ endWord: String?) -> Bool {
    switch current.kind {
    case .outputEnd, .tagEnd, .end, .mark(")"): true
    case .name(let name): name == endWord
    default: false
    }
  }

  mutating func expression() throws(Failure) -> Node {
    guard expressionNesting < limits.expressionDepth else {
      throw failure(
        "the expression has more than \(limits.expressionDepth) parts in each other",
        hint: "give parts of it names with 'set'")
    }
    expressionNesting += 1
    defer { expressionNesting -= 1 }
    var result = try orExpression()
    while isAtWord("if") {
      let at = result.at
      advance()
      let condition = try orExpression()
      let otherwise = takeWord("else") ? try expression() : nil
      result = try node(
        .conditional(result, condition: condition, otherwise: otherwise), at: at,
        around: [result, condition] + (otherwise.map { [$0] } ?? []))
    }
    return result
  }

  mutating func orExpression() throws(Failure) -> Node {
    var left = try andExpression()
    while takeWord("or") {
      let right = try andExpression()
      left = try node(.or(left, right), at: left.at, around: [left, right])
    }
    return left
  }

  private mutating func andExpression() throws(Failure) -> Node {
    var left = try notExpression()
    while takeWord("and") {
      let right = try notExpression()
      left = try node(.and(left, right), at: left.at, around: [left, right])
    }
    return left
  }

  private mutating func notExpression() throws(Failure) -> Node {
    var marks: [Int] = []
    while isAtWord("not"), next.kind != .name("in") {
      marks.append(current.start)
      advance()
    }
    var result = try comparison()
    for at in marks.reversed() { result = try node(.not(result), at: at, around: [result]) }
    return result
  }

  private mutating func comparison() throws(Failure) -> Node {
    let first = try sum()
    var rest: [Node.Comparison] = []
    while true {
      let at = current.start
      if case .mark(let mark) = current.kind, let relation = Node.Relation(rawValue: mark) {
        advance()
        rest.append(.init(relation: relation, operand: try sum(), at: at))
      } else if takeWord("in") {
        rest.append(.init(relation: .in, operand: try sum(), at: at))
      } else if isAtWord("not"), next.kind == .name("in") {
        advance()
        advance()
        rest.append(.init(relation: .notIn, operand: try sum(), at: at))
      } else {
        break
      }
    }
    if rest.isEmpty { return first }
    return try node(.compare(first, rest), at: first.at, around: [first] + rest.map(\.operand))
  }

  private mutating func sum() throws(Failure) -> Node {
    var left = try concatenation()
    while let (mark, at) = takeOperator([.add, .subtract]) {
      let right = try concatenation()
      left = try node(.arithmetic(mark, left, right), at: at, around: [left, right])
    }
    return left
  }

  private mutating func concatenation() throws(Failure) -> Node {
    var parts = [try product()]
    while take("~") { parts.append(try product()) }
    if parts.count == 1 { return parts[0] }
    return try node(.concatenate(parts), at: parts[0].at, around: parts)
  }

  private mutating func product() throws(Failure) -> Node {
    var left = try power()
    while let (mark, at) = takeOperator([.multiply, .divide, .floorDivide, .modulo]) {
      let right = try power()
      left = try node(.arithmetic(mark, left, right), at: at, around: [left, right])
    }
    return left
  }

  private mutating func power() throws(Failure) -> Node {
    var left = try signed(withFilters: true)
    while let (mark, at) = takeOperator([.power]) {
      let right = try signed(withFilters: true)
      left = try node(.arithmetic(mark, left, right), at: at, around: [left, right])
    }
    return left
  }

  private mutating func takeOperator(_ marks: [Node.Operator]) -> (Node.Operator, Int)? {
    guard case .mark(let mark) = current.kind, let found = Node.Operator(rawValue: mark),
      marks.contains(found)
    else { return nil }
    defer { advance() }
    return (found, current.start)
  }

  private mutating func signed(withFilters: Bool) throws(Failure) -> Node {
    var signs: [(isMinus: Bool, at: Int)] = []
    while isAt("-") || isAt("+") {
      signs.append((isAt("-"), current.start))
      advance()
    }
    var result = try postfix(on: try primary())
    if signs.isEmpty { return withFilters ? try filtersAndTests(on: result) : result }
    for sign in signs.reversed() {
      result = try node(
        sign.isMinus ? .negate(result) : .plus(result), at: sign.at, around: [result])
    }
    result = try postfix(on: result)
    return withFilters ? try filtersAndTests(on: result) : result
  }

  // MARK: - Single terms

  mutating func primary() throws(Failure) -> Node {
    let at = current.start
    switch current.kind {
    case .name(let name):
      advance()
      switch name {
      case "true", "True": return Node(.constant(.bool(true)), at: at)
      case "false", "False": return Node(.constant(.bool(false)), at: at)
      case "none", "None": return Node(.constant(.none), at: at)
      default: return Node(.name(name), at: at)
      }
    case .string(var text):
      advance()
      while case .string(let more) = current.kind {
        text += more
        advance()
      }
      return Node(.constant(.text(text)), at: at)
    case .integer(let value):
      advance()
      return Node(.constant(.int(value)), at: at)
    case .double(let value):
      advance()
      return Node(.constant(.double(value)), at: at)
    case .mark("("):
      advance()
      let inner = try tuple(isBracketed: true)
      try expect(")")
      return inner
    case .mark("["):
      advance()
      var items: [Node] = []
      while !isAt("]") {
        if !items.isEmpty {
          try expect(",")
          if isAt("]") { break }
        }
        items.append(try expression())
      }
      advance()
      return try node(.list(items, isTuple: false), at: at, around: items)
    case .mark("{"):
      advance()
      var items: [(Node, Node)] = []
      while !isAt("}") {
        if !items.isEmpty {
          try expect(",")
          if isAt("}") { break }
        }
        let key = try expression()
        try expect(":")
        items.append((key, try expression()))
      }
      advance()
      return try node(.dictionary(items), at: at, around: items.flatMap { [$0, $1] })
    default: throw unexpected("an expression")
    }
  }

  /// Reads attributes, items and calls behind a term.
  private mutating func postfix(on base: Node) throws(Failure) -> Node {
    var result = base
    while true {
      let at = current.start
      if take(".") {
        let place = current.start
        switch current.kind {
        case .name(let name):
          result = try node(.attribute(result, name), at: place, around: [result])
        case .integer(let value):
          let index = Node(.constant(.int(value)), at: place)
          result = try node(.item(result, index), at: place, around: [result])
        default: throw unexpected("the name of an attribute")
        }
        advance()
      } else if take("[") {
        result = try subscripted(result, at: at)
      } else if isAt("(") {
        let arguments = try arguments()
        result = try node(
          .call(result, arguments), at: result.at,
          around: [result] + arguments.positional + arguments.named.map(\.value))
        noteMessage(result)
      } else {
        return result
      }
    }
  }

  /// Notes the message of a call of gettext for translators.
  private mutating func noteMessage(_ call: Node) {
    guard messages != nil, let message = GettextCall(call)?.message else { return }
    note(message)
  }

  private mutating func subscripted(_ base: Node, at: Int) throws(Failure) -> Node {
    var bounds: [Node?] = []
    var bound: Node?
    while true {
      if take(":") {
        bounds.append(bound)
        bound = nil
      } else if isAt("]") {
        break
      } else if bound != nil {
        throw unexpected("']'")
      } else {
        bound = try expression()
        if isAt(",") {
          throw failure("several items at once are not supported", hint: "ask for one item")
        }
      }
    }
    advance()
    if bounds.isEmpty {
      guard let bound else { throw failure("the brackets name no item", at: at) }
      return try node(.item(base, bound), at: at + 1, around: [base, bound])
    }
    bounds.append(bound)
    guard bounds.count <= 3 else { throw failure("a slice has at most two ':'", at: at) }
    while bounds.count < 3 { bounds.append(nil) }
    return try node(
      .slice(base, bounds[0], bounds[1], bounds[2]), at: at,
      around: [base] + bounds.compactMap { $0 })
  }

  mutating func arguments() throws(Failure) -> Node.Arguments {
    var result = Node.Arguments()
    try expect("(")
    var isFirst = true
    while !isAt(")") {
      if !isFirst {
        try expect(",")
        if isAt(")") { break }
      }
      isFirst = false
      if isAt("*") || isAt("**") {
        throw failure(
          "'\(isAt("*") ? "*" : "**")' before an argument is not supported",
          hint: "name the arguments one by one")
      }
      if case .name(let name) = current.kind, next.kind == .mark("=") {
        let at = current.start
        advance()
        advance()
        guard !result.named.contains(where: { $0.name == name }) else {
          throw failure("the argument '\(name)' comes twice", at: at)
        }
        result.named.append((name, try expression()))
      } else if !result.named.isEmpty {
        throw failure("an argument without a name stands behind one with a name")
      } else {
        result.positional.append(try expression())
      }
    }
    advance()
    return result
  }

  // MARK: - Filters and tests

  private mutating func filtersAndTests(on base: Node) throws(Failure) -> Node {
    var result = base
    while true {
      if isAt("|") {
        result = try filters(on: result, count: 1)
      } else if isAtWord("is") {
        result = try test(on: result)
      } else if isAt("(") {
        let arguments = try arguments()
        result = try node(
          .call(result, arguments), at: result.at,
          around: [result] + arguments.positional + arguments.named.map(\.value))
        noteMessage(result)
      } else {
        return result
      }
    }
  }

  /// Reads `|name(arguments)` once or more often; `isInline` where the first has no `|`.
  mutating func filters(
    on base: Node, isInline: Bool = false, count: Int = .max
  ) throws(Failure) -> Node {
    var result = base
    var isFirst = isInline
    var left = count
    while left > 0, isFirst || isAt("|") {
      if !isFirst { advance() }
      isFirst = false
      left -= 1
      let name = try dottedName("the name of a filter")
      let arguments = isAt("(") ? try arguments() : Node.Arguments()
      result = try node(
        .filter(result, name, arguments), at: name.at,
        around: [result] + arguments.positional + arguments.named.map(\.value))
    }
    return result
  }

  private mutating func dottedName(_ what: String) throws(Failure) -> Named {
    let first = try expectName(what)
    var name = first.name
    while take(".") { name += "." + (try expectName(what)).name }
    return Named(name, at: first.at)
  }

  private mutating func test(on base: Node) throws(Failure) -> Node {
    advance()
    let isNegated = takeWord("not")
    let name = try dottedName("the name of a test")
    var arguments = Node.Arguments()
    if isAt("(") {
      arguments = try self.arguments()
    } else {
      let takesArgument: Bool =
        switch current.kind {
        case .name(let word): !["else", "or", "and"].contains(word)
        case .string, .integer, .double, .mark("["), .mark("{"): true
        default: false
        }
      if takesArgument {
        if isAtWord("is") {
          throw failure("tests cannot follow each other", hint: "join them with 'and'")
        }
        arguments.positional = [try postfix(on: try primary())]
      }
    }
    return try node(
      .test(base, name, arguments, isNegated: isNegated), at: name.at,
      around: [base] + arguments.positional + arguments.named.map(\.value))
  }
}
