import DocModel

/// Macros, blocks, includes and imports: everything whose text is written somewhere else.
extension Compiler {
  /// A call whose function is known when compiling.
  struct Target {
    let callable: Analysis.Callable
    /// The function of a variant.
    let index: (Int) -> Int?
    let base: @Sendable (inout Machine) throws(InvalidInput) -> Int
    let kind: Kind

    /// A name that a path which leads to a call may not have given a value.
    struct Missing: Sendable {
      let name: String
      let source: Source
      let at: Int

      var problem: InvalidInput {
        Site(source, at: at).failure(
          "'\(name)' is undefined", hint: "import or define it on every path that leads here")
      }
    }

    enum Kind {
      case macro(Statement.Macro)
      case loop(depthSlot: Evaluate)
      case block([String: Evaluate])
    }
  }

  /// Finds out which macro, recursive loop or block a call runs; `nil` where only running can tell.
  func target(of callee: Expression, _ builder: FunctionBuilder) -> Target? {
    switch callee.kind {
    case .name("super"), .attribute(_, "super"):
      guard let steps = callee.superSteps, let (chain, name, level) = enclosingBlock(builder) else {
        return nil
      }
      return blockTarget(name, chain: chain, above: level, steps: steps, builder)
    case .name("loop"):
      guard let (access, binding, owner) = resolve("loop", in: builder), binding.isLoop,
        let recursion = owner.recursion, owner.scopes.count >= 2
      else { return nil }
      let (level, depthSlot) =
        switch access {
        case .slot: (0, recursion.depthSlot)
        case .outer(let level, _): (level, recursion.depthSlot)
        }
      guard let parent = owner.parent else { return nil }
      let callable = Analysis.Callable.loop(unit: owner.unit.index, statement: recursion.function)
      return Target(
        callable: callable,
        index: { variant in
          self.reserve(
            .macro(ObjectIdentifier(parent), at: -1 - recursion.function, variant: variant)
          ).index
        },
        base: { (machine) in machine.outerBase(level + 1) },
        kind: .loop(depthSlot: { (machine) in machine.slots[machine.outerBase(level) + depthSlot] })
      )
    case .name(let name):
      if let macro = builder.unit.macros[name], let (access, _, owner) = find(name, in: builder) {
        if owner.find(name) != nil { return macroTarget(macro, owner: owner, access) }
        guard owner.block != nil, let root = roots[builder.unit.index] else { return nil }
        return macroTargetInBlock(
          macro, root: root, evaluate(access), missing(name, at: callee.at, builder))
      }
      if let (file, original) = builder.unit.imported[name] {
        return importedTarget(
          original, from: file, missing(name, at: callee.at, builder), builder)
      }
    case .attribute(let object, let name):
      guard case .name(let module) = object.kind else { return nil }
      if module == "self", builder.find("self") == nil {
        guard let (chain, _) = enclosingChain(builder) else { return nil }
        return blockTarget(name, chain: chain, above: -1, builder)
      }
      if let file = builder.unit.modules[module] {
        return importedTarget(
          name, from: file, missing(module, at: object.at, builder), builder)
      }
    default: break
    }
    return nil
  }

  private func macroTarget(
    _ macro: Statement.Macro, owner: FunctionBuilder, _ access: Access
  ) -> Target {
    let base: @Sendable (inout Machine) throws(InvalidInput) -> Int =
      switch access {
      case .slot: { (machine) in machine.base }
      case .outer(let level, _): { (machine) in machine.outerBase(level) }
      }
    return Target(
      callable: .macro(unit: owner.unit.index, at: macro.at),
      index: { variant in self.index(of: macro, in: owner, variant: variant) },
      base: base, kind: .macro(macro))
  }

  /// A macro at the top of a template as its blocks see it.
  private func macroTargetInBlock(
    _ macro: Statement.Macro, root: FunctionBuilder, _ value: @escaping Evaluate,
    _ missing: Target.Missing
  ) -> Target {
    Target(
      callable: .macro(unit: root.unit.index, at: macro.at),
      index: { variant in self.index(of: macro, in: root, variant: variant) },
      base: { (machine) throws(InvalidInput) in
        guard case .object(let object) = try value(&machine), let found = object as? MacroValue
        else { throw missing.problem }
        return found.base
      }, kind: .macro(macro))
  }

  private func importedTarget(
    _ name: String, from file: String, _ missing: Target.Missing, _ builder: FunctionBuilder
  ) -> Target? {
    guard let unit = library.unit(named: file), let macro = unit.macros[name],
      let owner = modules[unit.index],
      let (access, _, _) = resolveHidden("import \(file)", in: builder)
    else { return nil }
    let evaluate = evaluate(access)
    return Target(
      callable: .macro(unit: unit.index, at: macro.at),
      index: { variant in self.index(of: macro, in: owner, variant: variant) },
      base: { (machine) throws(InvalidInput) in
        guard case .int(let base) = try evaluate(&machine) else { throw missing.problem }
        return base
      }, kind: .macro(macro))
  }

  private func missing(_ name: String, at: Int, _ builder: FunctionBuilder) -> Target.Missing {
    Target.Missing(name: name, source: builder.unit.syntax.source, at: at)
  }

  /// A hidden name that only imports bind.
  private func resolveHidden(
    _ name: String, in builder: FunctionBuilder
  ) -> (Access, Binding, FunctionBuilder)? {
    var current: FunctionBuilder? = builder
    while let here = current {
      if here.find(name) != nil || here.block != nil && here.outside(name) != nil {
        return resolve(name, in: builder)
      }
      current = here.parent
    }
    return nil
  }

  private func enclosingBlock(
    _ builder: FunctionBuilder
  ) -> (chain: [Unit], name: String, level: Int)? {
    var current: FunctionBuilder? = builder
    while let here = current {
      if let block = here.block { return block }
      current = here.parent
    }
    return nil
  }

  private func enclosingChain(_ builder: FunctionBuilder) -> (chain: [Unit], level: Int)? {
    if let block = enclosingBlock(builder) { return (block.chain, block.level) }
    var current: FunctionBuilder? = builder
    while let here = current {
      if let chain = chains[ObjectIdentifier(here)] { return chain }
      current = here.parent
    }
    return nil
  }

  // MARK: - Calls

  /// Work that calls a target and leaves its text in the output.
  func call(
    _ target: Target, variant: Int, _ arguments: Expression.Arguments, at: Int,
    caller: Evaluate? = nil, _ builder: FunctionBuilder
  ) -> Run? {
    guard let index = target.index(variant) else { return nil }
    let site = Site(builder.unit.syntax.source, at: at)
    let base = target.base
    switch target.kind {
    case .macro(let macro):
      let usesRest = macro.ownNames.contains("varargs")
      let usesNamed = macro.ownNames.contains("kwargs")
      let parameters =
        macro.parameters.map { $0.name + "=" } + (usesRest ? ["*"] : [])
        + (usesNamed ? ["**"] : [])
      let binding: Filter.Binding
      switch Filter.bind(
        parameters, positional: arguments.positional.count, named: arguments.named.map(\.name),
        what: "'\(macro.name)'")
      {
      case .success(let found): binding = found
      case .failure(let problem):
        report(problem, at: at, in: builder.unit)
        return nil
      }
      if caller != nil, !macro.ownNames.contains("caller"),
        !macro.parameters.contains(where: { $0.name == "caller" })
      {
        report(
          "'\(macro.name)' does not use 'caller', so that the body of 'call' would be lost", at: at,
          in: builder.unit)
      }
      let positional = arguments.positional.map { expression($0, builder).0 }
      let named = arguments.named.map { expression($0.value, builder).0 }
      let names = arguments.named.map(\.name)
      let given = binding.slots.enumerated().compactMap { place, slot -> (Int, Evaluate)? in
        switch slot {
        case .positional(let index): (place, positional[index])
        case .named(let index): (place, named[index])
        case nil: nil
        }
      }
      let leftOut = macro.parameters.indices.filter {
        macro.parameters[$0].standard != nil && binding.slots[$0] == nil
      }
      let callerPlace =
        caller == nil ? nil : macro.parameters.firstIndex { $0.name == "caller" }
      let rest = binding.rest.map { positional[$0] }
      let more = binding.more.map { (names[$0], named[$0]) }
      return { (machine) throws(InvalidInput) in
        let function = machine.program.functions[index]
        let outer = try base(&machine)
        try machine.call(function, base: outer, site: site) {
          (machine, newBase) throws(InvalidInput) in
          for (place, value) in given {
            let result = try value(&machine)
            machine.slots[newBase + function.parameters[place].slot] = result
          }
          for place in leftOut {
            machine.slots[newBase + function.parameters[place].slot] = LeftOut.value
          }
          if let slot = function.special.caller
            ?? callerPlace.map({ function.parameters[$0].slot })
          {
            let value = try caller?(&machine) ?? .undefined
            machine.slots[newBase + slot] = value
          }
          if let slot = function.special.rest {
            var values: [Value] = []
            for value in rest { values.append(try value(&machine)) }
            machine.slots[newBase + slot] = .tuple(values)
          }
          if let slot = function.special.named {
            var values: [Value] = []
            for (_, value) in more { values.append(try value(&machine)) }
            machine.slots[newBase + slot] = .record(Record(Keys(more.map(\.0)), values))
          }
        }
      }
    case .loop(let depth):
      guard arguments.positional.count == 1, arguments.named.isEmpty else {
        report("'loop' takes the items to go through", at: at, in: builder.unit)
        return nil
      }
      let items = expression(arguments.positional[0], builder).0
      return { (machine) throws(InvalidInput) in
        let function = machine.program.functions[index]
        let value = try items(&machine)
        let outer = try base(&machine)
        var level = 0
        if case .int(let now) = try depth(&machine) { level = now + 1 }
        try machine.call(function, base: outer, site: site) { (machine, newBase) in
          machine.slots[newBase + function.parameters[0].slot] = value
          machine.slots[newBase + function.parameters[1].slot] = .int(level)
        }
      }
    case .block(let given):
      return { (machine) throws(InvalidInput) in
        try machine.call(index, given: given, site: site)
      }
    }
  }

  /// An output that is nothing but a call: its text goes straight into the output.
  func directCall(
    _ value: Expression, _ statement: Statement, _ builder: FunctionBuilder
  ) -> Run? {
    guard case .call(let callee, let arguments) = value.kind,
      let target = target(of: callee, builder)
    else { return nil }
    let variant: Int
    if let places {
      guard
        let found = places.callee(builder.variant, builder.unit.index, statement.id)
      else { return nil }
      variant = found
    } else {
      variant = 0
    }
    return call(target, variant: variant, arguments, at: value.at, builder) ?? { _ in }
  }

  /// A call as a value: its text is captured.
  func capturedCall(
    _ target: Target, _ arguments: Expression.Arguments, at: Int, caller: Evaluate? = nil,
    _ builder: FunctionBuilder
  ) -> Evaluate? {
    let variant = places?.fresh(target.callable) ?? 0
    guard let run = call(target, variant: variant, arguments, at: at, caller: caller, builder)
    else { return nil }
    let isPlain = environment.options.escaping == .none
    return { (machine) throws(InvalidInput) in
      let text = try machine.capture(run)
      return isPlain ? .text(text) : .rendered(text)
    }
  }

  // MARK: - Macros

  /// Compiles a macro for each place it is used in, and gives its name its value.
  func define(
    _ macro: Statement.Macro, _ statement: Statement, _ builder: FunctionBuilder
  ) -> Run? {
    guard let binding = builder.find(macro.name) else { return nil }
    let generic: Int
    if builder.isImported, builder.scopes.count == 1 {
      generic = postpone(macro, builder)
    } else {
      let callable = Analysis.Callable.macro(unit: builder.unit.index, at: macro.at)
      let fresh = places?.fresh(callable) ?? 0
      for variant in Set((places?.variants(of: callable) ?? []) + [fresh]).sorted() {
        let (index, _) = reserve(
          .macro(ObjectIdentifier(builder), at: macro.at, variant: variant))
        define(index, function(of: macro, variant: variant, builder))
      }
      generic = reserve(.macro(ObjectIdentifier(builder), at: macro.at, variant: fresh)).index
    }
    let slot = binding.slot
    let name = macro.name
    return { (machine) in
      machine.slots[machine.base &+ slot] = .object(
        MacroValue(name: name, function: generic, base: machine.base, program: machine.program))
    }
  }

  func function(
    of macro: Statement.Macro, variant: Int, _ builder: FunctionBuilder
  ) -> Function {
    let inner = newBuilder(unit: builder.unit, variant: variant, parent: builder) { _ in nil }
    inner.isMacro = true
    var parameters: [Function.Parameter] = []
    for (name, standard) in macro.parameters {
      let value = standard.map { expression($0, inner).0 }
      parameters.append(.init(name: name, slot: inner.bind(name, shape: .any), standard: value))
    }
    if macro.ownNames.contains("caller") {
      inner.special.caller = inner.bind("caller", shape: .any)
    }
    if macro.ownNames.contains("varargs") {
      inner.special.rest = inner.bind("varargs", shape: .any)
    }
    if macro.ownNames.contains("kwargs") { inner.special.named = inner.bind("kwargs", shape: .any) }
    let body = scoped(macro.body, inner)
    let standards = parameters.filter { $0.standard != nil }
    let run: Run = { (machine) throws(InvalidInput) in
      for parameter in standards {
        if case .object(let object) = machine.slots[machine.base &+ parameter.slot],
          object is LeftOut, let standard = parameter.standard
        {
          let value = try standard(&machine)
          machine.slots[machine.base &+ parameter.slot] = value
        }
      }
      try body(&machine)
    }
    return Function(
      name: macro.name, size: inner.size, parameters: parameters, special: inner.special,
      body: standards.isEmpty ? body : run)
  }

  /// `{% call %}`: its body becomes a macro named `caller`.
  func call(
    _ macro: Statement.Macro, _ call: Expression, _ statement: Statement,
    _ builder: FunctionBuilder
  ) -> Run? {
    guard case .call(let callee, let arguments) = call.kind else { return nil }
    let callable = Analysis.Callable.caller(unit: builder.unit.index, statement: statement.id)
    let index = reserve(
      .macro(
        ObjectIdentifier(builder), at: -1_000_000 - statement.id,
        variant: places?.fresh(callable) ?? 0)
    ).index
    define(index, function(of: macro, variant: places?.fresh(callable) ?? 0, builder))
    let caller: Evaluate = { (machine) in
      .object(
        MacroValue(name: "caller", function: index, base: machine.base, program: machine.program))
    }
    guard let target = target(of: callee, builder) else {
      if environment.options.escaping == .none {
        return write(
          valueCall(callee, arguments, call, builder, caller: caller), statement, builder)
      }
      report(
        "'call' needs a macro that is known by its name", at: call.at, in: builder.unit,
        hint: "define the macro in this template, or import it")
      return nil
    }
    let variant: Int
    if let places {
      guard let found = places.callee(builder.variant, builder.unit.index, statement.id) else {
        return capturedCall(target, arguments, at: call.at, caller: caller, builder).map {
          write($0, statement, builder)
        }
      }
      variant = found
    } else {
      variant = 0
    }
    return self.call(target, variant: variant, arguments, at: call.at, caller: caller, builder)
  }
}
