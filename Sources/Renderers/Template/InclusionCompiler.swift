import DocModel

/// Includes, imports and blocks as closures.
extension Compiler {
  func include(
    _ name: Expression, ignoreMissing: Bool, withContext: Bool, _ statement: Statement,
    _ builder: FunctionBuilder
  ) -> Run? {
    let isPlain = environment.options.escaping == .none
    guard let names = constantNames(name) else {
      if isPlain {
        return includeLater(name, ignoreMissing: ignoreMissing, withContext: withContext, builder)
      }
      report(
        "the name of an included template has to be a constant text", at: name.at,
        in: builder.unit, hint: "write the names out, with 'if' between them")
      return nil
    }
    guard let unit = names.lazy.compactMap({ self.library.unit(named: $0) }).first else {
      if !ignoreMissing, !names.contains(where: library.isBroken) {
        let quoted = names.map { "'\($0)'" }.joined(separator: ", ")
        let message =
          names.count == 1
          ? "there is no template \(quoted)" : "there is none of the templates \(quoted)"
        if isPlain {
          // Jinja minds a missing template only where it is drawn in.
          let site = Site(builder.unit.syntax.source, at: name.at)
          return { (_) throws(InvalidInput) in throw site.failure(message) }
        }
        report(message, at: name.at, in: builder.unit)
      }
      return nil
    }
    let outside: (String) -> Shape? = { name in
      guard withContext else { return isPlain ? .any : nil }
      return self.visibleShape(name, in: builder)
    }
    let variant =
      places?.callee(builder.variant, builder.unit.index, statement.id) ?? 0
    let index = unitFunction(unit, variant: variant, isModule: false, outside: outside)
    checkLater(index, unit: builder.unit, at: name.at, outside: outside)
    // What a template that includes itself needs is known only when it is compiled.
    let given =
      withContext ? provide(freeNames(of: index) ?? mentionedNames(of: unit), from: builder) : [:]
    let site = Site(builder.unit.syntax.source, at: name.at)
    return { (machine) throws(InvalidInput) in
      try machine.call(index, given: given, site: site)
    }
  }

  /// The texts that an expression is made of, where it is a constant or a list of constants.
  func constantNames(_ expression: Expression) -> [String]? {
    switch expression.kind {
    case .constant(let value): return value.string.map { [$0] }
    case .list(let items, _):
      var names: [String] = []
      for item in items {
        guard case .constant(let value) = item.kind, let name = value.string else { return nil }
        names.append(name)
      }
      return names
    default: return nil
    }
  }

  func visibleShape(_ name: String, in builder: FunctionBuilder) -> Shape? {
    var current = builder
    while true {
      if let binding = current.find(name) { return binding.shape }
      guard let parent = current.parent else { return current.outside(name) }
      current = parent
    }
  }

  /// All names that a template or one that it includes or extends spells anywhere.
  ///
  /// They are in order, since the names that come from outside get their slots in it.
  func mentionedNames(of unit: Unit) -> [String] {
    if let known = mentioned[unit.index] { return known }
    var names: Set<String> = []
    var visited: Set<Int> = []
    var waiting = [unit]
    while let next = waiting.popLast() {
      guard visited.insert(next.index).inserted else { continue }
      names.formUnion(next.namespaces)
      names.formUnion(next.syntax.mentions.names)
      waiting += next.syntax.mentions.templates.compactMap { library.unit(named: $0) }
    }
    let sorted = names.sorted()
    mentioned[unit.index] = sorted
    return sorted
  }

  // MARK: - Imports

  typealias Bind = @Sendable (inout Machine, Value) throws(InvalidInput) -> Void

  func importModule(
    _ template: Expression, withContext: Bool, _ statement: Statement, _ builder: FunctionBuilder,
    bind: (FunctionBuilder) -> Bind?
  ) -> Run? {
    let isPlain = environment.options.escaping == .none
    guard case .constant(.text(let name)) = template.kind,
      !isPlain || library.unit(named: name) != nil
    else {
      if isPlain { return importLater(template, withContext: withContext, builder, bind: bind) }
      report(
        "the name of an imported template has to be a constant text", at: template.at,
        in: builder.unit, hint: "write the name in quotes")
      return nil
    }
    guard let unit = library.unit(named: name) else {
      if !library.isBroken(name) {
        report("there is no template '\(name)'", at: template.at, in: builder.unit)
      }
      return nil
    }
    let outside: (String) -> Shape? = { name in
      withContext ? self.visibleShape(name, in: builder) : isPlain ? .any : nil
    }
    let index = unitFunction(
      unit, variant: places?.fresh(.unit(unit.index)) ?? 0, isModule: true, outside: outside)
    let given = withContext ? provide(mentionedNames(of: unit), from: builder) : [:]
    guard let bind = bind(builder) else { return nil }
    noteImport(of: unit, statement)
    let hidden = builder.bindHidden("import \(name)")
    let site = Site(builder.unit.syntax.source, at: template.at)
    return { (machine) throws(InvalidInput) in
      let function = machine.program.functions[index]
      let moduleBase = machine.top
      let text = try machine.capture { (machine) throws(InvalidInput) in
        try machine.call(index, given: given, site: site)
      }
      machine.slots[machine.base &+ hidden] = .int(moduleBase)
      try bind(&machine, machine.module(function, base: moduleBase, text: text))
    }
  }

  func importNames(
    _ template: Expression, _ names: [(Named, as: String)], withContext: Bool,
    _ statement: Statement, _ builder: FunctionBuilder
  ) -> Run? {
    importModule(template, withContext: withContext, statement, builder) { builder in
      var slots: [(String, Int)] = []
      for (name, alias) in names {
        guard let binding = builder.find(alias) else { continue }
        if environment.options.escaping == .markdown,
          case .constant(.text(let file)) = template.kind, let unit = library.unit(named: file),
          let module = modules[unit.index],
          module.scopes[0][name.name] == nil || unit.borrowed.contains(name.name)
        {
          let own = module.scopes[0].names.filter { !unit.borrowed.contains($0) }
          let near = nearest(to: name.name, among: own.sorted())
          report(
            "'\(file)' has no '\(name.name)'", at: name.at, in: builder.unit,
            hint: near.map { "did you mean '\($0)'?" })
        }
        slots.append((name.name, binding.slot))
      }
      let bound = slots
      return { (machine, module) in
        guard case .object(let object) = module, let module = object as? ModuleValue else { return }
        for (name, slot) in bound {
          machine.slots[machine.base &+ slot] = module.names[name] ?? .undefined
        }
      }
    }
  }

  // MARK: - Blocks

  func block(
    _ block: Statement.Block, _ statement: Statement, _ builder: FunctionBuilder
  ) -> Run? {
    guard let (chain, level) = chains[ObjectIdentifier(rootBuilder(builder))] else { return nil }
    // A template that extends another only defines its blocks; the base says where they stand.
    if chain[level].parent != nil, builder.block == nil { return nil }
    let given = provide(blockNames(block.name, chain), isScoped: block.isScoped, builder)
    guard let target = blockTarget(block.name, chain: chain, above: -1, builder, given: given)
    else {
      return nil
    }
    if block.isRequired, chain.first(where: { $0.blocks[block.name] != nil }) === chain[level] {
      report(
        "the block '\(block.name)' is required but not defined", at: statement.at, in: builder.unit)
      return nil
    }
    let variant = places?.callee(builder.variant, builder.unit.index, statement.id) ?? 0
    return call(target, variant: variant, .init(), at: statement.at, builder)
  }

  private func rootBuilder(_ builder: FunctionBuilder) -> FunctionBuilder {
    var current = builder
    while let parent = current.parent { current = parent }
    return current
  }

  private func blockNames(_ name: String, _ chain: [Unit]) -> Set<String> {
    var names: Set<String> = []
    for unit in chain {
      names.formUnion(mentionedNames(of: unit))
      names.formUnion(unit.modules.values.map { "import \($0)" })
      names.formUnion(unit.imported.values.map { "import \($0.template)" })
    }
    return names
  }

  private func provide(
    _ names: Set<String>, isScoped: Bool, _ builder: FunctionBuilder
  ) -> [String: Evaluate] {
    let root = rootBuilder(builder)
    let known = names.sorted().filter { name in
      if name.contains(" "), !root.bindsImport(name) { return false }
      if isScoped || builder.scopes.count == 1 { return visibleShape(name, in: builder) != nil }
      return root.scopes[0][name] != nil || root.outside(name) != nil
    }
    if isScoped || builder !== root { return provide(known, from: builder) }
    let saved = root.scopes
    root.scopes = [saved[0]]
    defer { root.scopes = saved }
    return provide(known, from: root)
  }

  /// Gives the names that a block assigns slots of their own, which begin with what the names mean
  /// around the block, since that is what `super()` sees.
  private func own(
    _ body: [Statement], in builder: FunctionBuilder
  ) -> [(from: Int, to: Int)] {
    var copies: [(from: Int, to: Int)] = []
    for (name, _) in assignedNames(in: body) where builder.scopes[0][name] == nil {
      let outer = builder.outside(name).map { _ in builder.freeSlot(name) }
      let slot = builder.bind(name, shape: .any)
      if let outer { copies.append((outer, slot)) }
    }
    return copies
  }

  /// What names mean around the block that calls another, or where there is none, at this point.
  private func surroundings(
    of names: Set<String>, _ builder: FunctionBuilder
  ) -> [String: Evaluate] {
    var block = builder
    var level = 0
    while block.block == nil, let parent = block.parent {
      block = parent
      level += 1
    }
    guard block.block != nil else { return provide(names, isScoped: false, builder) }
    var result: [String: Evaluate] = [:]
    for name in names.sorted() where block.outside(name) != nil {
      let slot = block.freeSlot(name)
      result[name] = evaluate(level == 0 ? .slot(slot) : .outer(level: level, slot: slot))
    }
    return result
  }

  /// The most derived definition of a block above a level of the chain.
  func blockTarget(
    _ name: String, chain: [Unit], above level: Int, steps: Int = 1, _ builder: FunctionBuilder,
    given: [String: Evaluate]? = nil
  ) -> Target? {
    guard let place = chain.definition(of: name, above: level, steps: steps),
      let block = chain[place].blocks[name]
    else { return nil }
    let unit = chain[place]
    let names = given ?? surroundings(of: blockNames(name, chain), builder)
    return Target(
      callable: .block(chain: chain[0].index, name: name, level: place),
      index: { variant in
        let (index, isNew) = self.reserve(
          .block(chain: chain[0].index, name: name, level: place, variant: variant))
        guard isNew else { return index }
        let inner = self.newBuilder(unit: unit, variant: variant) { name in
          names[name] == nil ? nil : self.visibleShape(name, in: builder) ?? .any
        }
        inner.block = (chain, name, place)
        self.chains[ObjectIdentifier(inner)] = (chain, place)
        let own = self.own(block.body, in: inner)
        let body = self.statements(block.body, inner)
        let run: Run = { (machine) throws(InvalidInput) in
          for (from, to) in own {
            machine.slots[machine.base &+ to] = machine.slots[machine.base &+ from]
          }
          try body(&machine)
        }
        self.define(
          index,
          Function(
            name: name, size: inner.size, free: inner.free, body: own.isEmpty ? body : run))
        return index
      }, base: { (machine) in machine.base }, kind: .block(names))
  }
}

extension FunctionBuilder {
  /// Whether this template or one that extends it has imported another by now.
  func bindsImport(_ name: String) -> Bool {
    scopes[0][name] != nil || child?.bindsImport(name) ?? false
  }

  /// A slot for what no template can name.
  func bindHidden(_ name: String) -> Int {
    if let binding = find(name) { return binding.slot }
    return bind(name, shape: .any)
  }
}

extension [Statement] {
  /// Visits every expression of a body, and the names of the templates it draws in.
  func forEachExpression(
    _ visit: (Expression) -> Void, template: (Expression) -> Void
  ) {
    func walk(_ expression: Expression) {
      visit(expression)
      expression.parts.forEach(walk)
    }
    for statement in self {
      switch statement.kind {
      case .literal: break
      case .output(let value), .set(_, let value): walk(value)
      case .branches(let branches, let otherwise):
        for branch in branches {
          walk(branch.condition)
          branch.body.forEachExpression(visit, template: template)
        }
        otherwise?.forEachExpression(visit, template: template)
      case .loop(let loop):
        walk(loop.items)
        loop.filter.map(walk)
        loop.body.forEachExpression(visit, template: template)
        loop.otherwise.forEachExpression(visit, template: template)
      case .setBlock(_, let filters, let body), .filter(let filters, let body):
        walk(filters)
        body.forEachExpression(visit, template: template)
      case .with(let assignments, let body):
        assignments.forEach { walk($0.1) }
        body.forEachExpression(visit, template: template)
      case .macro(let macro):
        macro.parameters.forEach { $0.standard.map(walk) }
        macro.body.forEachExpression(visit, template: template)
      case .call(let macro, let call):
        walk(call)
        macro.parameters.forEach { $0.standard.map(walk) }
        macro.body.forEachExpression(visit, template: template)
      case .include(let name, _, _), .importAs(let name, _, _), .importNames(let name, _, _),
        .extends(let name):
        walk(name)
        template(name)
      case .block(let block): block.body.forEachExpression(visit, template: template)
      }
    }
  }
}
