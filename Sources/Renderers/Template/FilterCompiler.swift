import DocModel

/// Filters, tests and calls of functions as closures.
extension Compiler {
  func filter(
    _ base: Expression, _ name: Named, _ arguments: Expression.Arguments,
    _ expression: Expression, _ builder: FunctionBuilder
  ) -> (Evaluate, Shape) {
    let refusal = environment.options.escaping == .none ? nil : Filter.unescaped[name.name]
    guard refusal == nil, let filter = environment.filters[name.name] else {
      let near = nearest(to: name.name, among: environment.filters.keys.sorted())
      let hint = refusal ?? Filter.unsupported[name.name]
      report(
        hint == nil
          ? "unknown filter '\(name.name)'" : "the filter '\(name.name)' is not supported",
        at: name.at, in: builder.unit, hint: hint ?? near.map { "did you mean '\($0)'?" })
      return ({ (_) in .undefined }, .any)
    }
    let (value, shape) =
      filter.acceptsUndefined ? tolerant(base, builder) : self.expression(base, builder)
    guard
      let bound = bind(
        arguments, to: filter.parameters, acceptsUndefined: filter.acceptsUndefined,
        what: "the filter '\(name.name)'", at: name.at, builder)
    else { return ({ (_) in .undefined }, .any) }
    let site = Site(builder.unit.syntax.source, at: name.at, of: base)
    let acceptsUndefined = filter.acceptsUndefined
    let function = filter.function
    let evaluate: Evaluate = { (machine) throws(InvalidInput) in
      let input = try value(&machine)
      if !acceptsUndefined, case .undefined = input { throw site.undefined }
      let arguments = try bound(&machine)
      do throws(Problem) {
        let result = try function(input, arguments)
        try machine.count(result)
        return result
      } catch {
        throw site.failure(error)
      }
    }
    return (
      evaluate, Self.shapeKeepers.contains(name.name) ? shape : Self.element(name.name, shape)
    )
  }

  /// Filters whose result has the shape of what they are given.
  static let shapeKeepers: Set<String> = [
    "sort", "list", "reverse", "unique", "select", "reject", "selectattr", "rejectattr", "default",
    "d", "trim",
  ]

  private static func element(_ name: String, _ shape: Shape) -> Shape {
    ["first", "last", "random", "min", "max"].contains(name) ? shape.element ?? .any : .any
  }

  /// An expression that may lead through names that mean nothing, for `default` and `is defined`.
  func tolerant(_ expression: Expression, _ builder: FunctionBuilder) -> (Evaluate, Shape) {
    if case .name(let name) = expression.kind, resolve(name, in: builder) == nil {
      unknown(name, at: expression.at, builder)
      return ({ (_) in .undefined }, .any)
    }
    return self.expression(expression, builder)
  }

  func test(
    _ base: Expression, _ name: Named, _ arguments: Expression.Arguments, isNegated: Bool,
    _ expression: Expression, _ builder: FunctionBuilder
  ) -> Condition {
    guard let test = environment.tests[name.name] else {
      let near = nearest(to: name.name, among: environment.tests.keys.sorted())
      report(
        "unknown test '\(name.name)'", at: name.at, in: builder.unit,
        hint: near.map { "did you mean '\($0)'?" })
      return { (_) in false }
    }
    let (value, _) =
      test.acceptsUndefined ? tolerant(base, builder) : self.expression(base, builder)
    guard
      let bound = bind(
        arguments, to: test.parameters, what: "the test '\(name.name)'", at: name.at, builder)
    else { return { (_) in false } }
    let site = Site(builder.unit.syntax.source, at: name.at, of: base)
    let acceptsUndefined = test.acceptsUndefined
    let function = test.function
    return { (machine) throws(InvalidInput) in
      let input = try value(&machine)
      if !acceptsUndefined, case .undefined = input { throw site.undefined }
      let arguments = try bound(&machine)
      do throws(Problem) {
        return try function(input, arguments) != isNegated
      } catch {
        throw site.failure(error)
      }
    }
  }

  /// Arguments in the order of the parameters.
  func bind(
    _ arguments: Expression.Arguments, to parameters: [String], acceptsUndefined: Bool = false,
    what: @autoclosure () -> String, at: Int,
    _ builder: FunctionBuilder
  ) -> (@Sendable (inout Machine) throws(InvalidInput) -> Arguments)? {
    let binding: Filter.Binding
    switch Filter.bind(
      parameters, positional: arguments.positional.count, named: arguments.named.map(\.name),
      what: what())
    {
    case .success(let found): binding = found
    case .failure(let problem):
      report(problem, at: at, in: builder.unit)
      return nil
    }
    let environment = sharedEnvironment
    if arguments.positional.isEmpty, arguments.named.isEmpty {
      let none = Arguments([], environment: environment)
      return { (_) in none }
    }
    func argument(_ expression: Expression) -> Evaluate {
      acceptsUndefined ? tolerant(expression, builder).0 : defined(expression, builder)
    }
    let positional = arguments.positional.map(argument)
    let named = arguments.named.map { ($0.name, argument($0.value)) }
    return { (machine) throws(InvalidInput) in
      var values: [Value?] = []
      for slot in binding.slots {
        switch slot {
        case .positional(let index): values.append(try positional[index](&machine))
        case .named(let index): values.append(try named[index].1(&machine))
        case nil: values.append(nil)
        }
      }
      var rest: [Value] = []
      for index in binding.rest { rest.append(try positional[index](&machine)) }
      var more: [(name: String, value: Value)] = []
      for index in binding.more {
        more.append((named[index].0, try named[index].1(&machine)))
      }
      return Arguments(values, rest: rest, named: more, environment: environment)
    }
  }

  // MARK: - Calls

  func call(
    _ callee: Expression, _ arguments: Expression.Arguments, _ expression: Expression,
    _ builder: FunctionBuilder
  ) -> (Evaluate, Shape) {
    if let target = target(of: callee, builder) {
      let value = capturedCall(target, arguments, at: expression.at, builder)
      return (value ?? { (_) in .undefined }, .any)
    }
    if case .attribute(let object, let name) = callee.kind {
      if case .name("loop") = object.kind, let (access, binding, _) = resolve("loop", in: builder),
        binding.isLoop,
        let value = loopMethod(
          name, arguments.positional.map { self.expression($0, builder).0 }, evaluate(access),
          site: site(callee, builder))
      {
        return (value, .any)
      }
      if let value = method(name, of: object, arguments, expression, builder) { return value }
      if let hint = Method.unsupported[name], !isImported(object, builder) {
        report(
          "the method '\(name)' is not supported", at: callee.at, in: builder.unit, hint: hint)
        return ({ (_) in .undefined }, .any)
      }
    }
    if case .name(let name) = callee.kind {
      if resolve(name, in: builder) == nil || isGlobal(name, builder) {
        if let global = Self.globals[name] {
          return global(self, arguments, expression, builder)
        }
        if let signature = environment.functions[name] {
          return hostCall(signature, name, callee, arguments, expression, builder)
        }
        if let lookup = environment.lookups[name] {
          return lookedUp(lookup, name, arguments, expression, builder)
        }
        let near = nearest(
          to: name,
          among: knownNames(in: builder) + environment.functions.keys + environment.lookups.keys
            + Self.globals.keys)
        report(
          "'\(name)' is not known", at: callee.at, in: builder.unit,
          hint: near.map { "did you mean '\($0)'?" })
        return ({ (_) in .undefined }, .any)
      }
    }
    return (valueCall(callee, arguments, expression, builder), .any)
  }

  /// Whether an expression is the name of an imported template, whose macros have any names.
  private func isImported(_ expression: Expression, _ builder: FunctionBuilder) -> Bool {
    if case .name(let name) = expression.kind {
      builder.unit.borrowed.contains(name)
    } else {
      false
    }
  }

  /// Whether a name means the engine's or the host's function and nothing nearer.
  private func isGlobal(_ name: String, _ builder: FunctionBuilder) -> Bool {
    guard Self.globals[name] != nil || environment.functions[name] != nil else { return false }
    var current: FunctionBuilder? = builder
    while let here = current {
      if here.find(name) != nil { return false }
      current = here.parent
    }
    return true
  }

  /// What a function that looks an identifier up gives: `answer('a.b-c')` is `answers['a.b_c'].answer`,
  /// and none where there is no `answers['a.b_c']`.
  private func lookedUp(
    _ lookup: Lookup, _ name: String, _ arguments: Expression.Arguments, _ expression: Expression,
    _ builder: FunctionBuilder
  ) -> (Evaluate, Shape) {
    let known = environment.names.member(lookup.record)?.memberNames ?? []
    guard arguments.named.isEmpty, arguments.positional.count == 1,
      case .constant(.text(let id)) = arguments.positional[0].kind
    else {
      report(
        "'\(name)' takes one identifier in quotes", at: expression.at, in: builder.unit,
        hint: known.first.map { "write for example \(name)('\($0)')" })
      return ({ (_) in .undefined }, .any)
    }
    let key = templateName(id)
    guard known.contains(key) else {
      report(
        "\(name)('\(id)') is not known", at: expression.at, in: builder.unit,
        hint: nearest(to: key, among: known).map { "did you mean \(name)('\($0)')?" })
      return ({ (_) in .undefined }, .any)
    }
    let at = expression.at
    let record = Expression(.name(lookup.record), at: at)
    let index = Expression(.constant(.text(key)), at: at)
    let item = Expression(.item(record, index), at: at, around: [record, index])
    let (entry, _) = self.expression(item, builder)
    let (value, shape) = self.expression(
      Expression(.attribute(item, lookup.member), at: at, around: [item]), builder)
    return (
      { (machine) throws(InvalidInput) in
        // Nothing has been said under this identifier.
        if case .none = try entry(&machine) { return .none }
        return try value(&machine)
      }, shape
    )
  }

  /// A call of a function that the host offers.
  private func hostCall(
    _ signature: FunctionSignature, _ name: String, _ callee: Expression,
    _ arguments: Expression.Arguments, _ expression: Expression, _ builder: FunctionBuilder
  ) -> (Evaluate, Shape) {
    guard arguments.named.isEmpty else {
      report("'\(name)' takes no named arguments", at: callee.at, in: builder.unit)
      return ({ (_) in .undefined }, .any)
    }
    let constants = arguments.positional.map { argument -> Value? in
      if case .constant(let value) = argument.kind { value } else { nil }
    }
    let shape: Shape
    do throws(Problem) {
      shape = try signature.check(constants)
    } catch {
      report(error, at: arguments.positional.first?.at ?? callee.at, in: builder.unit)
      return ({ (_) in .undefined }, .any)
    }
    var root = builder
    var level = 0
    while let parent = root.parent {
      root = parent
      level += 1
    }
    let slot = root.freeSlot(name)
    let function = evaluate(level == 0 ? .slot(slot) : .outer(level: level, slot: slot))
    let values = arguments.positional.map { defined($0, builder) }
    let site = site(callee, builder)
    return (
      { (machine) throws(InvalidInput) in
        guard case .function(let function) = try function(&machine) else {
          throw site.failure("the function '\(name)' was not given for this rendering")
        }
        var results: [Value] = []
        for value in values { results.append(try value(&machine)) }
        do throws(Diagnostic) {
          return try function.call(results)
        } catch {
          throw site.failure(error.message, hint: error.hint)
        }
      }, shape
    )
  }

  /// A call of something that only rendering can tell.
  func valueCall(
    _ callee: Expression, _ arguments: Expression.Arguments, _ expression: Expression,
    _ builder: FunctionBuilder, caller: Evaluate? = nil
  ) -> Evaluate {
    var object: (value: Evaluate, method: String)?
    let function: Evaluate
    if case .attribute(let base, let name) = callee.kind {
      let compiled = self.expression(base, builder)
      object = (compiled.0, name)
      function = attribute(of: base, name, callee, builder, compiled: compiled).0
    } else {
      function = self.expression(callee, builder).0
    }
    let positional = arguments.positional.map { self.expression($0, builder).0 }
    let named = arguments.named.map { ($0.name, self.expression($0.value, builder).0) }
    let site = site(callee, builder)
    let isPlain = environment.options.escaping == .none
    let subject = object
    return { (machine) throws(InvalidInput) in
      var target: Value
      var method: String?
      if let subject, case .object(let own) = try subject.value(&machine), own is any EngineObject,
        !(own is ModuleValue), !(own is NamespaceValue)
      {
        target = .object(own)
        method = subject.method
      } else {
        target = try function(&machine)
      }
      if case .undefined = target { throw site.undefined }
      var values: [Value] = []
      for value in positional { values.append(try value(&machine)) }
      switch target {
      case .function(let function):
        guard named.isEmpty else { throw site.failure("the function takes no named arguments") }
        do throws(Diagnostic) {
          return try function.call(values)
        } catch {
          throw site.failure(error.message, hint: error.hint)
        }
      case .object(let object):
        if let macro = object as? MacroValue, method == nil {
          var more: [(String, Value)] = []
          for (name, value) in named { more.append((name, try value(&machine))) }
          return try machine.call(
            macro, values, more, caller: try caller?(&machine), site: site, isPlain: isPlain)
        }
        do throws(Problem) {
          if named.isEmpty,
            let result = try (object as? any EngineObject)?.call(method, values, in: &machine)
          {
            return result
          }
        } catch {
          throw site.failure(error)
        }
        if let method { throw site.failure("\(target.typeName) has no method '\(method)'") }
      default: break
      }
      if case .object(let object) = target, object is LoopValue {
        throw site.failure(
          "a loop is called by the name 'loop' only",
          hint: "write a macro that calls itself for the items below")
      }
      throw site.failure("\(target.typeName) cannot be called")
    }
  }
}

extension Machine {
  /// Calls a macro that is known as a value only.
  mutating func call(
    _ macro: MacroValue, _ positional: [Value], _ named: [(String, Value)], caller: Value? = nil,
    site: Site, isPlain: Bool
  ) throws(InvalidInput) -> Value {
    let function = macro.program.functions[macro.function]
    let binding: Filter.Binding
    switch Filter.bind(
      function.parameters.map { $0.name + "=" } + (function.special.rest == nil ? [] : ["*"])
        + (function.special.named == nil ? [] : ["**"]),
      positional: positional.count, named: named.map(\.0), what: "'\(macro.name)'")
    {
    case .success(let found): binding = found
    case .failure(let problem): throw site.failure(problem)
    }
    let callerSlot =
      function.special.caller ?? function.parameters.first { $0.name == "caller" }?.slot
    if caller != nil, callerSlot == nil {
      throw site.failure(
        "'\(macro.name)' does not use 'caller', so that the body of 'call' would be lost")
    }
    let run: Run = { (machine) throws(InvalidInput) in
      try machine.call(function, base: macro.base, site: site) { (machine, newBase) in
        for (place, slot) in binding.slots.enumerated() {
          let parameter = function.parameters[place]
          switch slot {
          case .positional(let index):
            machine.slots[newBase + parameter.slot] = positional[index]
          case .named(let index): machine.slots[newBase + parameter.slot] = named[index].1
          case nil where parameter.standard != nil:
            machine.slots[newBase + parameter.slot] = LeftOut.value
          case nil: break
          }
        }
        if let caller, let callerSlot { machine.slots[newBase + callerSlot] = caller }
        if let slot = function.special.rest {
          machine.slots[newBase + slot] = .tuple(binding.rest.map { positional[$0] })
        }
        if let slot = function.special.named {
          let more = binding.more.map { named[$0] }
          machine.slots[newBase + slot] = .record(Record(Keys(more.map(\.0)), more.map(\.1)))
        }
      }
    }
    let program = macro.program
    let text = try capture { (machine) throws(InvalidInput) in
      try machine.within(program) { (machine) throws(InvalidInput) in try run(&machine) }
    }
    return isPlain ? .text(text) : .rendered(text)
  }
}
