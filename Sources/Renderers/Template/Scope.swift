import DocModel

/// What a name means at one point of a template.
struct Binding {
  /// The slot of its value.
  let slot: Int
  /// What is known about its value.
  var shape: Shape
  /// The loop whose state the name `loop` stands for: the slot of its position.
  var isLoop = false
}

/// A name with a number that is looked at first: names are compared some ten thousand times while a few
/// templates are compiled.
struct Label {
  let name: String
  /// A number that equal names have in common.
  let mark: UInt64

  init(_ name: String) {
    self.name = name
    var name = name
    mark = name.withUTF8 { bytes in
      var mark: UInt64 = 1
      for byte in bytes {
        // Equal names need not have equal bytes.
        if byte >= 0x80 { return 0 }
        mark = mark &* 0x100_0000_01B3 ^ UInt64(byte)
      }
      return mark
    }
  }
}

/// Names in the order in which they came.
///
/// Most lists of names are short, and a look through a number for each takes less than a hash.
struct Labels {
  private var labels: [Label] = []
  /// The positions of the names, once there are many.
  private var positions: [String: Int] = [:]
  private static let few = 64

  var count: Int { labels.count }

  var names: [String] { labels.map(\.name) }

  /// Where a name stands.
  func position(of label: Label) -> Int? {
    if labels.count > Self.few { return positions[label.name] }
    for position in labels.indices
    where labels[position].mark == label.mark && labels[position].name == label.name {
      return position
    }
    return nil
  }

  func contains(_ name: String) -> Bool { position(of: Label(name)) != nil }

  /// Adds a name, unless it is there.
  mutating func insert(_ label: Label) {
    if position(of: label) == nil { append(label) }
  }

  /// Adds a name that is new.
  mutating func append(_ label: Label) {
    if labels.count == Self.few {
      for (position, label) in labels.enumerated() { positions[label.name] = position }
    }
    if labels.count >= Self.few { positions[label.name] = labels.count }
    labels.append(label)
  }
}

/// The names of one scope with what they mean.
struct Scope {
  private var labels = Labels()
  private var bindings: [Binding] = []

  var names: [String] { labels.names }

  subscript(name: String) -> Binding? { bindings.isEmpty ? nil : self[Label(name)] }

  subscript(label: Label) -> Binding? {
    get { labels.position(of: label).map { bindings[$0] } }
    set {
      guard let newValue else { return }
      if let position = labels.position(of: label) {
        bindings[position] = newValue
      } else {
        labels.append(label)
        bindings.append(newValue)
      }
    }
  }
}

/// A function while it is compiled: its scopes, from the outermost to the innermost.
final class FunctionBuilder {
  /// Templates see names by a lookup when they begin; macros see the slots of what is around them.
  let parent: FunctionBuilder?
  let unit: Unit
  /// The place variant that is compiled.
  let variant: Int
  var scopes = [Scope()]
  /// Slot 0 leads to the slots of the surrounding function.
  private(set) var size = 1
  private(set) var free: [(name: String, slot: Int)] = []
  private var freeLabels = Labels()
  /// What a name from outside is known to be; `nil` where the name is not known.
  let outside: (String) -> Shape?
  var special = Function.Special()
  /// Slots that have been assigned, after which a second assignment makes a shape unknown.
  var assigned: Set<Int> = []
  /// Slots that a macro has under names of its own.
  var isMacro = false
  /// Whether it is an imported template, whose macros wait until they are called.
  var isImported = false
  /// The template that extends this one.
  var child: FunctionBuilder?
  /// The block whose body is compiled, for `super`.
  var block: (chain: [Unit], name: String, level: Int)?
  /// The slot of what a `filter` or `set` block has captured.
  var capturedSlot: Int?
  /// The recursive loop whose body is compiled: its function and the slot of its depth.
  var recursion: (function: Int, depthSlot: Int)?

  init(
    unit: Unit, variant: Int, parent: FunctionBuilder? = nil,
    outside: @escaping (String) -> Shape?
  ) {
    self.unit = unit
    self.variant = variant
    self.parent = parent
    self.outside = outside
  }

  func newSlot() -> Int {
    size += 1
    return size - 1
  }

  func bind(_ name: String, shape: Shape, isLoop: Bool = false) -> Int {
    let slot = newSlot()
    scopes[scopes.count - 1][Label(name)] = Binding(slot: slot, shape: shape, isLoop: isLoop)
    return slot
  }

  func find(_ name: String) -> Binding? { find(Label(name)) }

  func find(_ label: Label) -> Binding? {
    var level = scopes.count
    while level > 0 {
      level -= 1
      if let binding = scopes[level][label] { return binding }
    }
    return nil
  }

  /// The slot of a name that comes from outside.
  func freeSlot(_ name: String) -> Int { freeSlot(Label(name)) }

  func freeSlot(_ label: Label) -> Int {
    if let position = freeLabels.position(of: label) { return free[position].slot }
    let slot = newSlot()
    free.append((label.name, slot))
    freeLabels.append(label)
    return slot
  }
}

/// The names that a body gives values to in its own scope, each with how often.
func assignedNames(in body: [Statement]) -> [(name: String, count: Int)] {
  var order: [String] = []
  var counts: [String: Int] = [:]
  func add(_ name: String) {
    if counts[name] == nil { order.append(name) }
    counts[name, default: 0] += 1
  }
  func visit(_ statements: [Statement]) {
    for statement in statements {
      switch statement.kind {
      case .set(let target, _), .setBlock(let target, _, _): target.names.forEach(add)
      case .macro(let macro): add(macro.name)
      case .importAs(_, let name, _): add(name)
      case .importNames(_, let names, _): names.forEach { add($0.as) }
      case .branches(let branches, let otherwise):
        for branch in branches { visit(branch.body) }
        visit(otherwise ?? [])
      default: break
      }
    }
  }
  visit(body)
  return order.map { ($0, counts[$0] ?? 0) }
}

/// Whether a name is used anywhere in statements, by its spelling.
func uses(_ name: String, _ statements: [Statement]) -> Bool {
  statements.contains { statement in
    switch statement.kind {
    case .literal, .extends: false
    case .output(let value): uses(name, value)
    case .branches(let branches, let otherwise):
      branches.contains { uses(name, $0.condition) || uses(name, $0.body) }
        || uses(name, otherwise ?? [])
    case .loop(let loop):
      uses(name, loop.items) || loop.filter.map { uses(name, $0) } ?? false
        || uses(name, loop.body) || uses(name, loop.otherwise)
    case .set(let target, let value): uses(name, value) || mentions(name, target)
    case .setBlock(let target, let filters, let body):
      uses(name, filters) || uses(name, body) || mentions(name, target)
    case .with(let assignments, let body):
      assignments.contains { uses(name, $0.1) } || uses(name, body)
    case .filter(let filters, let body): uses(name, filters) || uses(name, body)
    case .macro(let macro):
      macro.parameters.contains { $0.standard.map { uses(name, $0) } ?? false }
        || uses(name, macro.body)
    case .call(let macro, let call): uses(name, call) || uses(name, macro.body)
    case .include: true
    case .importAs(let template, _, let withContext):
      withContext || uses(name, template)
    case .importNames(let template, _, let withContext): withContext || uses(name, template)
    case .block: true
    }
  }
}

private func mentions(_ name: String, _ target: Statement.Target) -> Bool {
  switch target {
  case .name: false
  case .tuple(let targets): targets.contains { mentions(name, $0) }
  case .attribute(let object, _, _): object == name
  }
}

/// Whether a name is used anywhere in an expression.
func uses(_ name: String, _ expression: Expression) -> Bool {
  switch expression.kind {
  case .name(let other): other == name
  case .constant, .captured: false
  case .attribute(let base, _): uses(name, base)
  case .compare(let first, let rest):
    uses(name, first) || rest.contains { uses(name, $0.operand) }
  default: expression.parts.contains { uses(name, $0) }
  }
}

extension Expression {
  /// The expressions that stand directly in this one.
  var parts: [Expression] {
    switch kind {
    case .constant, .name, .captured: []
    case .attribute(let base, _), .negate(let base), .plus(let base), .not(let base),
      .pluralForm(let base, _):
      [base]
    case .item(let base, let index): [base, index]
    case .slice(let base, let from, let to, let step):
      [base] + [from, to, step].compactMap { $0 }
    case .call(let base, let arguments), .filter(let base, _, let arguments),
      .test(let base, _, let arguments, _):
      [base] + arguments.positional + arguments.named.map(\.value)
    case .arithmetic(_, let left, let right), .and(let left, let right), .or(let left, let right):
      [left, right]
    case .compare(let first, let rest): [first] + rest.map(\.operand)
    case .conditional(let value, let condition, let otherwise):
      [value, condition] + (otherwise.map { [$0] } ?? [])
    case .concatenate(let items), .list(let items, _): items
    case .dictionary(let items): items.flatMap { [$0.0, $0.1] }
    }
  }

  /// Whether its value may put values into lists or records that were not in them before.
  var mayNest: Bool {
    switch kind {
    case .list, .dictionary: true
    case .call(let callee, _):
      if case .name = callee.kind { true } else { parts.contains(where: \.mayNest) }
    case .filter(_, let name, _):
      ["batch", "slice", "groupby", "items", "dictsort", "map"].contains(name.name)
        || parts.contains(where: \.mayNest)
    case .name(let name): name == "loop"
    default: parts.contains(where: \.mayNest)
    }
  }

  /// The expression in the template's own words where it is a name with attributes.
  var path: String {
    switch kind {
    case .name(let name): name
    case .attribute(let base, let name): base.path.isEmpty ? "" : "\(base.path).\(name)"
    case .item(let base, let index):
      switch index.kind {
      case .constant(.text(let text)): base.path.isEmpty ? "" : "\(base.path)['\(text)']"
      case .constant(.int(let number)): base.path.isEmpty ? "" : "\(base.path)[\(number)]"
      default: base.path.isEmpty ? "" : "\(base.path)[…]"
      }
    case .call(let base, _): base.path.isEmpty ? "" : "\(base.path)(…)"
    default: ""
    }
  }
}
