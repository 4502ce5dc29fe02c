import DocModel

/// Loops as closures.
extension Compiler {
  func loop(
    _ loop: Statement.Loop, _ statement: Statement, _ builder: FunctionBuilder
  ) -> Run {
    let (items, shape) = expression(loop.items, builder)
    let site = site(loop.items, builder)
    if loop.isRecursive {
      return recursiveLoop(loop, statement, builder, items: items, shape: shape, site: site)
    }
    return iterate(loop, builder, items: items, depth: nil, shape: shape, site: site)
  }

  /// A loop whose body is a function, so that `loop(items)` can run it again.
  private func recursiveLoop(
    _ loop: Statement.Loop, _ statement: Statement, _ builder: FunctionBuilder,
    items: @escaping Evaluate, shape: Shape, site: Site
  ) -> Run {
    let callable = Analysis.Callable.loop(unit: builder.unit.index, statement: statement.id)
    let direct =
      places?.callee(builder.variant, builder.unit.index, statement.id)
      ?? 0
    var first = 0
    for variant in Set((places?.variants(of: callable) ?? []) + [direct]).sorted() {
      let (index, _) = reserve(
        .macro(ObjectIdentifier(builder), at: -1 - statement.id, variant: variant))
      if variant == direct { first = index }
      let inner = newBuilder(unit: builder.unit, variant: variant, parent: builder) { _ in nil }
      let itemsSlot = inner.newSlot()
      let depthSlot = inner.newSlot()
      inner.recursion = (statement.id, depthSlot)
      let run = iterate(
        loop, inner, items: { (machine) in machine.slots[machine.base &+ itemsSlot] },
        depth: depthSlot, shape: shape, site: site)
      define(
        index,
        Function(
          name: "loop", size: inner.size,
          parameters: [
            .init(name: "items", slot: itemsSlot, standard: nil),
            .init(name: "depth", slot: depthSlot, standard: nil),
          ], body: run))
    }
    let index = first
    return { (machine) throws(InvalidInput) in
      let function = machine.program.functions[index]
      let value = try items(&machine)
      try machine.call(function, base: machine.base, site: site) { (machine, newBase) in
        machine.slots[newBase + function.parameters[0].slot] = value
        machine.slots[newBase + function.parameters[1].slot] = .int(0)
      }
    }
  }

  private func iterate(
    _ loop: Statement.Loop, _ builder: FunctionBuilder, items: @escaping Evaluate, depth: Int?,
    shape: Shape, site: Site
  ) -> Run {
    let otherwise = loop.otherwise.isEmpty ? nil : scoped(loop.otherwise, builder)
    builder.scopes.append(Scope())
    defer { builder.scopes.removeLast() }
    let element = shape.element ?? .any
    for name in loop.target.names { _ = builder.bind(name, shape: .any) }
    let assign = assign(loop.target, shape: element, builder) ?? { (_, _) in }
    let filter = loop.filter.map { condition($0, builder) }
    let loopSlot = loop.usesState ? builder.bind("loop", shape: .any, isLoop: true) : nil
    let body = scoped(loop.body, builder)
    let limit = environment.limits.loopCount
    var single: Int?
    if case .name(let name, _) = loop.target { single = builder.find(name)?.slot }
    let bind = LoopBinding(slot: single, assign: assign)
    return { (machine) throws(InvalidInput) in
      let value = try items(&machine)
      if case .undefined = value { throw site.undefined }
      if let text = value.string, text.utf8.count > Limits.characters {
        throw site.failure("loops and calls take more than \(limit) steps")
      }
      guard var elements = value.elements else {
        if value.isSpent { throw site.failure(Series.spent) }
        throw site.failure("\(value.typeName) has no items to go through")
      }
      machine.allowance.steps -= elements.count
      guard machine.allowance.steps >= 0 else {
        throw site.failure("loops and calls take more than \(limit) steps")
      }
      if let filter {
        var kept: [Value] = []
        for element in elements {
          try bind.give(element, &machine)
          if try filter(&machine) { kept.append(element) }
        }
        elements = kept
      }
      if elements.isEmpty {
        try otherwise?(&machine)
        return
      }
      if let loopSlot {
        let position = machine.loops.count
        var level = 0
        if let depth, case .int(let value) = machine.slots[machine.base &+ depth] { level = value }
        machine.loopNumber += 1
        machine.loops.append(
          LoopState(items: elements, depth: level, number: machine.loopNumber))
        machine.slots[machine.base &+ loopSlot] = .int(position)
        defer { machine.loops.removeLast(machine.loops.count - position) }
        try machine.goThrough(
          LoopItems(elements, given: bind, to: body, loop: position))
      } else {
        try machine.goThrough(LoopItems(elements, given: bind, to: body, loop: nil))
      }
    }
  }

  /// What an attribute of `loop` is.
  func loopAttribute(_ name: String, _ access: @escaping Evaluate) -> Evaluate? {
    func number(
      _ get: @escaping @Sendable (_ index: Int, _ count: Int) -> Value
    ) -> Evaluate {
      return { (machine) throws(InvalidInput) in
        guard case .int(let position) = try access(&machine),
          machine.loops.indices.contains(position)
        else { return .undefined }
        return get(machine.loops[position].index, machine.loops[position].items.count)
      }
    }
    func item(_ offset: Int) -> Evaluate {
      return { (machine) throws(InvalidInput) in
        guard case .int(let position) = try access(&machine),
          machine.loops.indices.contains(position)
        else { return .undefined }
        let index = machine.loops[position].index + offset
        let items = machine.loops[position].items
        return items.indices.contains(index) ? items[index] : .undefined
      }
    }
    switch name {
    case "index": return number { (index, _) in .int(index + 1) }
    case "index0": return number { (index, _) in .int(index) }
    case "revindex": return number { .int($1 - $0) }
    case "revindex0": return number { .int($1 - $0 - 1) }
    case "first": return number { (index, _) in .bool(index == 0) }
    case "last": return number { .bool($0 == $1 - 1) }
    case "length": return number { (_, count) in .int(count) }
    case "previtem": return item(-1)
    case "nextitem": return item(1)
    case "depth", "depth0":
      let first = name == "depth" ? 1 : 0
      return { (machine) throws(InvalidInput) in
        guard case .int(let position) = try access(&machine),
          machine.loops.indices.contains(position)
        else { return .undefined }
        return .int(machine.loops[position].depth + first)
      }
    default: return nil
    }
  }

  /// `loop.first` and `loop.last` as a condition.
  func loopEdge(_ expression: Expression, _ builder: FunctionBuilder) -> Condition? {
    guard case .attribute(let base, let name) = expression.kind, case .name("loop") = base.kind,
      case .slot(let slot)? = find("loop", in: builder)?.0, builder.find("loop")?.isLoop == true
    else { return nil }
    let isFirst = name == "first"
    return { (machine) in
      guard case .int(let position) = machine.slots[machine.base &+ slot],
        machine.loops.indices.contains(position)
      else { return false }
      let index = machine.loops[position].index
      return isFirst ? index == 0 : index == machine.loops[position].items.count - 1
    }
  }

  /// `loop` itself as a value.
  func loopValue(_ access: @escaping Evaluate) -> Evaluate {
    { (machine) throws(InvalidInput) in
      guard case .int(let position) = try access(&machine),
        machine.loops.indices.contains(position)
      else { return .undefined }
      return .object(LoopValue(position: position, machine.loops[position]))
    }
  }

  /// `loop.cycle(…)` and `loop.changed(…)`.
  func loopMethod(
    _ name: String, _ arguments: [Evaluate], _ access: @escaping Evaluate, site: Site
  ) -> Evaluate? {
    guard name == "cycle" || name == "changed" else { return nil }
    return { (machine) throws(InvalidInput) in
      var values: [Value] = []
      for argument in arguments { values.append(try argument(&machine)) }
      guard case .int(let position) = try access(&machine),
        machine.loops.indices.contains(position)
      else { return .undefined }
      if name == "changed" { return .bool(machine.hasChanged(values, inLoop: position)) }
      do throws(Problem) {
        return try machine.loops[position].cycle(values)
      } catch {
        throw site.failure(error)
      }
    }
  }
}
