import DocModel

/// What a template says, as it was written: the tree that the parser makes.
///
/// Every expression and statement knows the byte it begins at, so that whatever goes wrong with it
/// later can be shown with a caret.
struct Expression: Sendable {
  let kind: Kind
  /// The byte of the source at which a message about it points.
  let at: Int
  /// How many expressions stand in each other here; bounded, so that walking them is safe.
  let depth: Int

  init(_ kind: Kind, at: Int, around inner: [Expression] = []) {
    self.init(kind, at: at, depth: 1 + (inner.lazy.map(\.depth).max() ?? 0))
  }

  init(_ kind: Kind, at: Int, depth: Int) {
    self.kind = kind
    self.at = at
    self.depth = depth
  }

  indirect enum Kind: Sendable {
    case constant(Value)
    case name(String)
    case attribute(Expression, String)
    case item(Expression, Expression)
    case slice(Expression, Expression?, Expression?, Expression?)
    case call(Expression, Arguments)
    case filter(Expression, Named, Arguments)
    case test(Expression, Named, Arguments, isNegated: Bool)
    case negate(Expression)
    case plus(Expression)
    case not(Expression)
    case arithmetic(Operator, Expression, Expression)
    case compare(Expression, [Comparison])
    case and(Expression, Expression)
    case or(Expression, Expression)
    case conditional(Expression, condition: Expression, otherwise: Expression?)
    case concatenate([Expression])
    case list([Expression], isTuple: Bool)
    case dictionary([(Expression, Expression)])
    /// The number of the plural form that goes with a count.
    case pluralForm(Expression, PluralRule)
    /// What a `filter` or `set` block has captured.
    case captured
  }

  enum Operator: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case floorDivide = "//"
    case modulo = "%"
    case power = "**"
  }

  enum Relation: String, Sendable {
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case `in` = "in"
    case notIn = "not in"
  }

  struct Comparison: Sendable {
    let relation: Relation
    let operand: Expression
    let at: Int
  }

  struct Arguments: Sendable {
    var positional: [Expression] = []
    var named: [(name: String, value: Expression)] = []
  }
}

/// A name together with the byte at which it stands.
struct Named: Sendable {
  let name: String
  let at: Int

  init(_ name: String, at: Int) {
    self.name = name
    self.at = at
  }
}

/// One piece of a template's text: a literal, an output or a control tag with its bodies.
struct Statement: Sendable {
  let kind: Kind
  /// The number of the byte at which the tag or the text begins, as `Origins` counts.
  let at: Int
  /// A number that no other statement of the template has.
  let id: Int

  indirect enum Kind: Sendable {
    case literal(Literal)
    case output(Expression)
    case branches([(condition: Expression, body: [Statement])], otherwise: [Statement]?)
    case loop(Loop)
    case set(Target, Expression)
    case setBlock(Target, filters: Expression, body: [Statement])
    case with([(Target, Expression)], body: [Statement])
    case filter(Expression, body: [Statement])
    case macro(Macro)
    case call(Macro, Expression)
    case include(Expression, ignoreMissing: Bool, withContext: Bool)
    case importAs(Expression, String, withContext: Bool)
    case importNames(Expression, [(Named, as: String)], withContext: Bool)
    case extends(Expression)
    case block(Block)
  }

  /// Text that is written as it stands.
  struct Literal: Sendable {
    let bytes: [UInt8]
    /// The number of its first byte, by which `Origins` finds the place.
    let start: Int
  }

  struct Loop: Sendable {
    let target: Target
    let items: Expression
    let filter: Expression?
    let isRecursive: Bool
    let body: [Statement]
    let otherwise: [Statement]
    /// Whether its body asks where the loop stands.
    let usesState: Bool
  }

  struct Macro: Sendable {
    let name: String
    let parameters: [(name: String, standard: Expression?)]
    let body: [Statement]
    let at: Int
    /// Which of the names that every macro has its body uses: `caller`, `varargs`, `kwargs`.
    let ownNames: [String]

    init(
      name: String, parameters: [(name: String, standard: Expression?)], body: [Statement], at: Int
    ) {
      let ownNames = ["caller", "varargs", "kwargs"].filter { name in
        !parameters.contains { $0.name == name } && uses(name, body)
      }
      self.init(name: name, parameters: parameters, body: body, at: at, ownNames: ownNames)
    }

    init(
      name: String, parameters: [(name: String, standard: Expression?)], body: [Statement],
      at: Int, ownNames: [String]
    ) {
      self.name = name
      self.parameters = parameters
      self.body = body
      self.at = at
      self.ownNames = ownNames
    }
  }

  struct Block: Sendable {
    let name: String
    let isScoped: Bool
    let isRequired: Bool
    let body: [Statement]
  }

  indirect enum Target: Sendable {
    case name(String, at: Int)
    case tuple([Target])
    case attribute(String, String, at: Int)
  }
}

extension Statement.Target {
  /// The names that an assignment to this target gives a value.
  var names: [String] {
    switch self {
    case .name(let name, _): [name]
    case .tuple(let targets): targets.flatMap(\.names)
    case .attribute: []
    }
  }
}

extension Statement.Target {
  /// The names to whose attributes an assignment gives values.
  var objects: [String] {
    switch self {
    case .name: []
    case .tuple(let targets): targets.flatMap(\.objects)
    case .attribute(let object, _, _): [object]
    }
  }
}

extension Statement {
  /// Whether it writes something that can be seen.
  var isText: Bool {
    switch kind {
    case .literal: !isBlank
    case .output, .include, .call, .filter: true
    default: false
    }
  }

  /// Whether it is nothing but white space.
  var isBlank: Bool {
    if case .literal(let literal) = kind { literal.bytes.allSatisfy(\.isSpace) } else { false }
  }
}

/// A template as it was written, with the source it came from.
struct Syntax: Sendable {
  let source: Source
  let body: [Statement]
  /// The places of its text.
  let origins: Origins
  /// Whether anything in it comes from a catalogue.
  let isTranslated: Bool
  /// How many numbers were given to statements.
  let count: Int
  let mentions: Mentions
}

/// What a template spells: what another one may have to hand to it.
struct Mentions: Sendable {
  /// All names, in order.
  let names: [String]
  /// The templates that it draws in by constant names.
  let templates: [String]

  init(names: [String], templates: [String]) {
    self.names = names
    self.templates = templates
  }

  /// Looks through a template.
  init(in body: [Statement]) {
    var names: Set<String> = []
    var templates: [String] = []
    body.forEachExpression { expression in
      if case .name(let name) = expression.kind { names.insert(name) }
    } template: { template in
      templates += Analysis.constants(template) ?? []
    }
    self.init(names: names.sorted(), templates: templates)
  }
}
