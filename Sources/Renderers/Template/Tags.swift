import DocModel

/// The grammar of each tag; one entry of `tags` per tag.
extension Parser {
  typealias Reader = @Sendable (inout Parser, Int) throws(Failure) -> Statement.Kind?

  static let tags: [String: Reader] = [
    "if": { (parser, at) throws(Failure) in parser.ifTag(at) },
    "for": { (parser, at) throws(Failure) in parser.forTag(at) },
    "set": { (parser, at) throws(Failure) in try parser.setTag(at) },
    "with": { (parser, at) throws(Failure) in parser.withTag(at) },
    "filter": { (parser, at) throws(Failure) in parser.filterTag(at) },
    "macro": { (parser, at) throws(Failure) in parser.macroTag(at) },
    "call": { (parser, at) throws(Failure) in parser.callTag(at) },
    "include": { (parser, at) throws(Failure) in try parser.includeTag(at) },
    "import": { (parser, at) throws(Failure) in try parser.importTag(at) },
    "from": { (parser, at) throws(Failure) in try parser.fromTag(at) },
    "extends": { (parser, at) throws(Failure) in try parser.extendsTag(at) },
    "block": { (parser, at) throws(Failure) in parser.blockTag(at) },
  ]

  /// Tags that Jinja or its extensions have and this engine has not, with what to write instead.
  static let unsupported: [String: String] = [
    "autoescape": "every value is escaped for its place; to escape nothing, turn escaping off",
    "do": "a value does not change; make a new one, and give it a name with 'set'",
    "break": "filter the loop: '{% for x in items if … %}'",
    "continue": "filter the loop: '{% for x in items if … %}'",
    "debug": "output the value itself",
    "print": "use '{{ … }}'",
  ]

  mutating func ifTag(_ at: Int) -> Statement.Kind? {
    var branches: [(condition: Expression, body: [Statement])] = []
    var otherwise: [Statement]?
    var condition = header { (parser) throws(Failure) in try parser.tuple(withConditional: false) }
    while true {
      let (body, end) = body(
        of: "if", at: at, until: otherwise == nil ? ["elif", "else", "endif"] : ["endif"])
      if otherwise != nil {
        otherwise = body
      } else {
        branches.append((condition ?? Expression(.constant(.none), at: at), body))
      }
      switch end {
      case "elif":
        condition = header { (parser) throws(Failure) in try parser.tuple(withConditional: false) }
      case "else":
        closing()
        otherwise = []
      case "endif":
        closing()
        return .branches(branches, otherwise: otherwise)
      default: return .branches(branches, otherwise: otherwise)
      }
    }
  }

  mutating func forTag(_ at: Int) -> Statement.Kind? {
    let head = header {
      (parser) throws(Failure) -> (Statement.Target, Expression, Expression?, Bool) in
      let start = parser.current.start
      let target = try parser.target(allowsAttribute: false)
      if target.names.contains("loop") {
        throw parser.failure(
          "'loop' cannot be the name of an item", at: start, hint: "it names the loop itself")
      }
      try parser.expectWord("in")
      let items = try parser.tuple(withConditional: false, endWord: "recursive")
      let filter = parser.takeWord("if") ? try parser.expression() : nil
      return (target, items, filter, parser.takeWord("recursive"))
    }
    let (body, end) = body(of: "for", at: at, until: ["else", "endfor"])
    var otherwise: [Statement] = []
    if end == "else" {
      closing()
      let (rest, end) = self.body(of: "for", at: at, until: ["endfor"])
      otherwise = rest
      if end == "endfor" { closing() }
    } else if end == "endfor" {
      closing()
    }
    guard let (target, items, filter, isRecursive) = head else { return nil }
    return .loop(
      .init(
        target: target, items: items, filter: filter, isRecursive: isRecursive, body: body,
        otherwise: otherwise, usesState: uses("loop", body)))
  }

  mutating func setTag(_ at: Int) throws(Failure) -> Statement.Kind? {
    let target = try target(allowsAttribute: true)
    if take("=") {
      let value = try tuple()
      try endTag()
      return .set(target, value)
    }
    let filters = header { (parser) throws(Failure) in
      try parser.filters(on: Expression(.captured, at: at))
    }
    let (body, end) = body(of: "set", at: at, until: ["endset"])
    if end == "endset" { closing() }
    return .setBlock(target, filters: filters ?? Expression(.captured, at: at), body: body)
  }

  mutating func withTag(_ at: Int) -> Statement.Kind? {
    let assignments = header { (parser) throws(Failure) -> [(Statement.Target, Expression)] in
      var result: [(Statement.Target, Expression)] = []
      while parser.current.kind != .tagEnd {
        if !result.isEmpty { try parser.expect(",") }
        let target = try parser.target(allowsAttribute: false)
        try parser.expect("=")
        result.append((target, try parser.expression()))
      }
      return result
    }
    let (body, end) = body(of: "with", at: at, until: ["endwith"])
    if end == "endwith" { closing() }
    return .with(assignments ?? [], body: body)
  }

  mutating func filterTag(_ at: Int) -> Statement.Kind? {
    let filters = header { (parser) throws(Failure) in
      try parser.filters(on: Expression(.captured, at: at), isInline: true)
    }
    let (body, end) = body(of: "filter", at: at, until: ["endfilter"])
    if end == "endfilter" { closing() }
    return .filter(filters ?? Expression(.captured, at: at), body: body)
  }

  mutating func macroTag(_ at: Int) -> Statement.Kind? {
    let head = header {
      (parser) throws(Failure) -> (Named, [(name: String, standard: Expression?)]) in
      let name = try parser.expectName("the macro's name")
      return (name, try parser.parameters())
    }
    let (body, end) = body(of: "macro", at: at, until: ["endmacro"])
    if end == "endmacro" { closing() }
    guard let (name, parameters) = head else { return nil }
    return .macro(.init(name: name.name, parameters: parameters, body: body, at: name.at))
  }

  mutating func callTag(_ at: Int) -> Statement.Kind? {
    let head = header {
      (parser) throws(Failure) -> ([(name: String, standard: Expression?)], Expression) in
      let parameters = parser.isAt("(") ? try parser.parameters() : []
      let call = try parser.expression()
      guard case .call = call.kind else {
        throw parser.failure("'call' needs a call, as in 'call note(text)'", at: call.at)
      }
      return (parameters, call)
    }
    let (body, end) = body(of: "call", at: at, until: ["endcall"])
    if end == "endcall" { closing() }
    guard let (parameters, call) = head else { return nil }
    return .call(.init(name: "caller", parameters: parameters, body: body, at: at), call)
  }

  /// Reads `(a, b=1)` after the name of a macro.
  mutating func parameters() throws(Failure) -> [(name: String, standard: Expression?)] {
    var result: [(name: String, standard: Expression?)] = []
    try expect("(")
    while !isAt(")") {
      if !result.isEmpty {
        try expect(",")
        if isAt(")") { break }
      }
      let name = try expectName("a parameter's name")
      if result.contains(where: { $0.name == name.name }) {
        throw failure("the parameter '\(name.name)' comes twice", at: name.at)
      }
      if take("=") {
        result.append((name.name, try expression()))
      } else if result.last?.standard != nil {
        throw failure(
          "the parameter '\(name.name)' needs a default value, as the one before it has one",
          at: name.at)
      } else {
        result.append((name.name, nil))
      }
    }
    try expect(")")
    return result
  }

  private mutating func context(otherwise standard: Bool) -> Bool {
    guard isAtWord("with") || isAtWord("without"), next.kind == .name("context") else {
      return standard
    }
    defer {
      advance()
      advance()
    }
    return isAtWord("with")
  }

  mutating func includeTag(_ at: Int) throws(Failure) -> Statement.Kind? {
    let name = try expression()
    var ignoreMissing = false
    if isAtWord("ignore"), next.kind == .name("missing") {
      ignoreMissing = true
      advance()
      advance()
    }
    let withContext = context(otherwise: true)
    try endTag()
    return .include(name, ignoreMissing: ignoreMissing, withContext: withContext)
  }

  mutating func importTag(_ at: Int) throws(Failure) -> Statement.Kind? {
    let template = try expression()
    try expectWord("as")
    let name = try expectName("a name for the import")
    let withContext = context(otherwise: false)
    try endTag()
    return .importAs(template, name.name, withContext: withContext)
  }

  mutating func fromTag(_ at: Int) throws(Failure) -> Statement.Kind? {
    let template = try expression()
    try expectWord("import")
    var names: [(Named, as: String)] = []
    var withContext = false
    while current.kind != .tagEnd {
      if !names.isEmpty {
        let before = index
        withContext = context(otherwise: false)
        if index != before { break }
        try expect(",")
        if current.kind == .tagEnd { break }
      }
      let before = index
      withContext = context(otherwise: false)
      if index != before { break }
      let name = try expectName("a name to import")
      guard !name.name.hasPrefix("_") else {
        throw failure(
          "'\(name.name)' cannot be imported: a name that begins with '_' is its template's own",
          at: name.at)
      }
      names.append((name, takeWord("as") ? try expectName("a name").name : name.name))
    }
    guard !names.isEmpty else { throw unexpected("a name to import") }
    try endTag()
    return .importNames(template, names, withContext: withContext)
  }

  mutating func extendsTag(_ at: Int) throws(Failure) -> Statement.Kind? {
    let name = try expression()
    try endTag()
    return .extends(name)
  }

  mutating func blockTag(_ at: Int) -> Statement.Kind? {
    let head = header { (parser) throws(Failure) -> (Named, Bool, Bool) in
      let name = try parser.expectName("the block's name")
      if parser.isAt("-") {
        throw parser.failure("a block's name has no '-'", hint: "write '_' between its words")
      }
      let isScoped = parser.takeWord("scoped")
      return (name, isScoped, parser.takeWord("required"))
    }
    let (body, end) = body(of: "block", at: at, until: ["endblock"])
    if end == "endblock" {
      _ = header { (parser) throws(Failure) in
        if case .name(let name) = parser.current.kind {
          guard name == head?.0.name else {
            throw parser.failure("'\(name)' is not the block that ends here")
          }
          parser.advance()
        }
      }
    }
    guard let (name, isScoped, isRequired) = head else { return nil }
    if isRequired, let first = body.first(where: { !$0.isBlank }) {
      report("a required block holds nothing but comments", at: first.at)
    }
    return .block(
      .init(name: name.name, isScoped: isScoped, isRequired: isRequired, body: body))
  }

  // MARK: - Targets

  static let reserved: Set<String> = [
    "true", "false", "none", "True", "False", "None", "and", "or", "not", "in", "is", "if", "else",
    "for", "elif", "recursive",
  ]

  /// Reads what stands before `=` or `in`: a name, an attribute of a namespace, or several names.
  mutating func target(allowsAttribute: Bool) throws(Failure) -> Statement.Target {
    var targets = [try oneTarget(allowsAttribute: allowsAttribute)]
    var isTuple = false
    while take(",") {
      isTuple = true
      if isAtWord("in") || isAt("=") || isAt(")") || current.kind == .tagEnd { break }
      targets.append(try oneTarget(allowsAttribute: allowsAttribute))
    }
    return isTuple ? .tuple(targets) : targets[0]
  }

  mutating func oneTarget(allowsAttribute: Bool) throws(Failure) -> Statement.Target {
    if take("(") {
      guard expressionNesting < limits.nesting else {
        throw failure("brackets are nested too deep")
      }
      expressionNesting += 1
      defer { expressionNesting -= 1 }
      let inner = try target(allowsAttribute: allowsAttribute)
      try expect(")")
      return inner
    }
    let name = try expectName("a name")
    guard !Self.reserved.contains(name.name) else {
      throw failure("'\(name.name)' cannot be given a value", at: name.at)
    }
    if allowsAttribute, take(".") {
      let attribute = try expectName("the name of an attribute")
      return .attribute(name.name, attribute.name, at: name.at)
    }
    return .name(name.name, at: name.at)
  }
}
