import DocModel

/// Control tags and outputs as closures.
extension Compiler {
  func statements(_ body: [Statement], _ builder: FunctionBuilder) -> Run {
    let outer = lines.begin()
    defer { lines.end(outer) }
    let first = steps.count
    var begin = 0
    func endLine() {
      guard !lines.isEmpty else { return }
      let line = lines.finish(builder.unit.syntax.source, at: begin)
      steps.append(Step { (machine) throws(InvalidInput) in try line.write(to: &machine) })
    }
    for statement in body where !isExhausted {
      if lines.isEmpty { begin = statement.at }
      switch statement.kind {
      case .literal(let literal) where literal.bytes.isEmpty: break
      case .literal(let literal):
        lines.add(
          literal.bytes,
          marks: places?.marks(builder.variant, builder.unit.index, statement.id) ?? [])
      case .output(let value):
        if let run = directCall(value, statement, builder) {
          endLine()
          steps.append(Step(run))
        } else {
          let outlet = outlet(value, statement, builder)
          lines.add(outlet)
        }
      default:
        endLine()
        if let run = self.statement(statement, builder) { steps.append(Step(run)) }
      }
    }
    endLine()
    defer { steps.removeSubrange(first...) }
    return Self.sequence(steps[first...])
  }

  /// A piece of work as a field of its own type: in a list or an optional, a closure is wrapped in
  /// others that make it fit any type.
  struct Step: Sendable {
    let run: Run

    init(_ run: @escaping Run) { self.run = run }
  }

  /// Work done one after the other, as a balanced tree of pairs: a closure that another one holds is
  /// called without counting references, as one in an array is not.
  private static func sequence(_ steps: ArraySlice<Step>) -> Run {
    guard let first = steps.first else { return { _ in } }
    if steps.count == 1 { return first.run }
    let middle = (steps.startIndex + steps.endIndex) / 2
    let (before, after) = (sequence(steps[..<middle]), sequence(steps[middle...]))
    return { (machine) throws(InvalidInput) in
      try before(&machine)
      try after(&machine)
    }
  }

  private func statement(_ statement: Statement, _ builder: FunctionBuilder) -> Run? {
    switch statement.kind {
    case .literal, .output, .extends: return nil
    case .branches(let branches, let otherwise):
      return self.branches(branches, otherwise, builder)
    case .loop(let loop): return self.loop(loop, statement, builder)
    case .set(let target, let value):
      let mayNest = value.mayNest
      let site = Site(builder.unit.syntax.source, at: value.at)
      let (value, shape) = expression(value, builder)
      guard let assign = assign(target, shape: shape, builder) else { return nil }
      if mayNest {
        return { (machine) throws(InvalidInput) in
          let value = try value(&machine)
          guard !value.isDeeper(than: Limits.valueDepth) else {
            throw site.failure("the value has more than \(Limits.valueDepth) lists in each other")
          }
          try assign(&machine, value)
        }
      }
      return { (machine) throws(InvalidInput) in try assign(&machine, try value(&machine)) }
    case .setBlock(let target, let filters, let body):
      let value = captured(body, filters, statement, builder)
      guard let assign = assign(target, shape: .any, builder) else { return nil }
      return { (machine) throws(InvalidInput) in try assign(&machine, try value(&machine)) }
    case .filter(let filters, let body):
      let value = captured(body, filters, statement, builder)
      return write(value, statement, builder)
    case .with(let assignments, let body): return with(assignments, body, builder)
    case .macro(let macro): return define(macro, statement, builder)
    case .call(let macro, let call): return self.call(macro, call, statement, builder)
    case .include(let name, let ignoreMissing, let withContext):
      return include(
        name, ignoreMissing: ignoreMissing, withContext: withContext, statement, builder)
    case .importAs(let template, let name, let withContext):
      return importModule(template, withContext: withContext, statement, builder) { builder in
        guard let binding = builder.find(name) else { return nil }
        return { (machine, module) in machine.slots[machine.base &+ binding.slot] = module }
      }
    case .importNames(let template, let names, let withContext):
      return importNames(template, names, withContext: withContext, statement, builder)
    case .block(let block): return self.block(block, statement, builder)
    }
  }

  // MARK: - Text

  private func outlet(
    _ value: Expression, _ statement: Statement, _ builder: FunctionBuilder
  ) -> Outlet {
    let place = place(of: statement, builder)
    if let (path, _) = path(to: value, builder) { return Outlet(.path(path), place: place) }
    return Outlet(.other(expression(value, builder).0, site(value, builder)), place: place)
  }

  /// The place that a statement's value stands in.
  private func place(of statement: Statement, _ builder: FunctionBuilder) -> Place {
    if let places {
      let (variant, unit) = (builder.variant, builder.unit.index)
      if let place = places.place(variant, unit, statement.id) { return place }
      // The paths were followed into what is called here, which is known only when it runs.
      if places.callee(variant, unit, statement.id) != nil {
        report(
          "what is called here is not known when compiling", at: statement.at, in: builder.unit,
          hint: "import it at the top of the template, or within the block")
      }
    }
    return (environment.options.escaping == .none ? .raw : Place(kind: .text))
  }

  /// Writes a value fitted to the place of its statement.
  func write(
    _ value: @escaping Evaluate, _ statement: Statement, _ builder: FunctionBuilder
  ) -> Run {
    let site = Site(builder.unit.syntax.source, at: statement.at)
    let outlet = Outlet(.other(value, site), place: place(of: statement, builder))
    return { (machine) throws(InvalidInput) in try outlet.write(to: &machine) }
  }

  /// The captured text of a body, passed through filters.
  func captured(
    _ body: [Statement], _ filters: Expression, _ statement: Statement, _ builder: FunctionBuilder
  ) -> Evaluate {
    let run = scoped(body, builder)
    let slot = builder.newSlot()
    let isPlain = environment.options.escaping == .none
    let saved = builder.capturedSlot
    builder.capturedSlot = slot
    let (value, _) = expression(filters, builder)
    builder.capturedSlot = saved
    return { (machine) throws(InvalidInput) in
      let text = try machine.capture(run)
      machine.slots[machine.base &+ slot] = isPlain ? .text(text) : .rendered(text)
      return try value(&machine)
    }
  }

  /// A body with a scope of its own.
  func scoped(_ body: [Statement], _ builder: FunctionBuilder) -> Run {
    let prologue = enterScope(body, builder)
    defer { builder.scopes.removeLast() }
    let run = statements(body, builder)
    guard let prologue else { return run }
    return { (machine) throws(InvalidInput) in
      try prologue(&machine)
      try run(&machine)
    }
  }

  /// Opens a scope; the result gives names that are assigned in it the values they have outside.
  private func enterScope(_ body: [Statement], _ builder: FunctionBuilder) -> Run? {
    var copies: [(from: Evaluate?, to: Int)] = []
    let assigned = assignedNames(in: body)
    let outer = assigned.map { name, _ -> Evaluate? in
      guard builder.findAround(name) else { return nil }
      return resolve(name, in: builder).map { evaluate($0.0) }
    }
    builder.scopes.append(Scope())
    for ((name, _), from) in zip(assigned, outer) {
      copies.append((from, builder.bind(name, shape: .any)))
    }
    if copies.isEmpty { return nil }
    let work = copies
    return { (machine) throws(InvalidInput) in
      for (from, to) in work {
        machine.slots[machine.base &+ to] = try from?(&machine) ?? .undefined
      }
    }
  }

  // MARK: - Conditions

  private func branches(
    _ branches: [(condition: Expression, body: [Statement])], _ otherwise: [Statement]?,
    _ builder: FunctionBuilder
  ) -> Run {
    struct Branch {
      let holds: Condition
      let body: Run
    }
    var compiled: [Branch] = []
    for branch in branches {
      compiled.append(
        Branch(
          holds: condition(branch.condition, builder), body: statements(branch.body, builder)))
    }
    let rest = statements(otherwise ?? [], builder)
    if compiled.count == 1 {
      let (holds, body) = (compiled[0].holds, compiled[0].body)
      return { (machine) throws(InvalidInput) in
        if try holds(&machine) { try body(&machine) } else { try rest(&machine) }
      }
    }
    let all = compiled
    return { (machine) throws(InvalidInput) in
      for branch in all where try branch.holds(&machine) { return try branch.body(&machine) }
      try rest(&machine)
    }
  }

  private func with(
    _ assignments: [(Statement.Target, Expression)], _ body: [Statement],
    _ builder: FunctionBuilder
  ) -> Run {
    var values: [(Evaluate, Shape)] = []
    for (_, value) in assignments { values.append(expression(value, builder)) }
    builder.scopes.append(Scope())
    var assigns: [(Assign, Evaluate)] = []
    for ((target, _), (value, shape)) in zip(assignments, values) {
      for name in target.names { _ = builder.bind(name, shape: .any) }
      if let assign = assign(target, shape: shape, builder) { assigns.append((assign, value)) }
    }
    let run = scoped(body, builder)
    builder.scopes.removeLast()
    let work = assigns
    return { (machine) throws(InvalidInput) in
      var results: [Value] = []
      for (_, value) in work { results.append(try value(&machine)) }
      for ((assign, _), result) in zip(work, results) { try assign(&machine, result) }
      try run(&machine)
    }
  }

  // MARK: - Assignment

  typealias Assign = @Sendable (inout Machine, Value) throws(InvalidInput) -> Void

  /// Work that gives a value to names that are bound in the innermost scope.
  func assign(
    _ target: Statement.Target, shape: Shape, _ builder: FunctionBuilder
  ) -> Assign? {
    switch target {
    case .name(let name, _):
      guard let binding = builder.find(name) else { return nil }
      builder.learn(shape, about: name)
      let slot = binding.slot
      return { (machine, value) in machine.slots[machine.base &+ slot] = value }
    case .tuple(let targets):
      var assigns: [Assign] = []
      for target in targets {
        guard let assign = assign(target, shape: .any, builder) else { return nil }
        assigns.append(assign)
      }
      let all = assigns
      let site = Site(builder.unit.syntax.source, at: targets.first?.at ?? 0)
      return { (machine, value) throws(InvalidInput) in
        guard let items = value.elements else {
          throw site.failure("\(value.typeName) cannot be taken apart into \(all.count) names")
        }
        guard items.count == all.count else {
          throw site.failure(
            "\(items.count) values cannot be given to \(all.count) names")
        }
        for (assign, item) in zip(all, items) { try assign(&machine, item) }
      }
    case .attribute(let object, let name, let at):
      guard let (access, _, _) = resolve(object, in: builder) else {
        report("'\(object)' is not known", at: at, in: builder.unit)
        return nil
      }
      let evaluate = evaluate(access)
      let site = Site(builder.unit.syntax.source, at: at)
      return { (machine, value) throws(InvalidInput) in
        guard case .object(let object) = try evaluate(&machine),
          let namespace = object as? NamespaceValue
        else {
          throw site.failure(
            "attributes can be set on a namespace only",
            hint: "make one with '{% set … = namespace() %}'")
        }
        machine.set(name, of: namespace, to: value)
      }
    }
  }
}

extension Statement.Target {
  /// The byte at which the target begins.
  var at: Int {
    switch self {
    case .name(_, let at), .attribute(_, _, let at): at
    case .tuple(let targets): targets.first?.at ?? 0
    }
  }
}

extension FunctionBuilder {
  /// Whether a name is bound here or in a function around this one.
  func findAround(_ name: String) -> Bool {
    find(name) != nil || outside(name) != nil || parent?.findAround(name) ?? false
  }

  /// Notes what a name's value is known to be; a second assignment makes that unknown.
  func learn(_ shape: Shape, about name: String) {
    let label = Label(name)
    for index in scopes.indices.reversed() {
      guard var binding = scopes[index][label] else { continue }
      binding.shape = assigned.insert(binding.slot).inserted ? shape : .any
      scopes[index][label] = binding
      return
    }
  }
}

extension Machine {
  mutating func set(_ name: String, of namespace: NamespaceValue, to value: Value) {
    guard namespaces.indices.contains(namespace.index) else { return }
    if namespace.index < outside.namespaces { isEntangled = true }
    if let place = namespaces[namespace.index].firstIndex(where: { $0.name == name }) {
      namespaces[namespace.index][place].value = value
    } else {
      namespaces[namespace.index].append((name, value))
    }
  }

  func value(of name: String, in namespace: NamespaceValue) -> Value {
    guard namespaces.indices.contains(namespace.index) else { return .undefined }
    return namespaces[namespace.index].first { $0.name == name }?.value ?? .undefined
  }
}
