import DocModel

/// Expressions as closures, with what is known about their values.
extension Compiler {
  func expression(
    _ expression: Expression, _ builder: FunctionBuilder
  ) -> (Evaluate, Shape) {
    switch expression.kind {
    case .constant(let value): return ({ (_) in value }, .any)
    case .captured:
      let slot = builder.capturedSlot ?? 0
      return ({ (machine) in machine.slots[machine.base &+ slot] }, .any)
    case .pluralForm(let count, let rule): return (pluralForm(count, rule, builder), .any)
    case .name(let name): return self.name(name, expression, builder)
    case .attribute(let base, let name):
      if let (path, shape) = path(to: expression, builder) {
        return ({ (machine) throws(InvalidInput) in try machine.value(of: path) }, shape)
      }
      return attribute(of: base, name, expression, builder)
    case .item(let base, let index): return item(of: base, index, expression, builder)
    case .slice(let base, let from, let to, let step):
      return slice(base, [from, to, step], expression, builder)
    case .call(let callee, let arguments):
      return call(callee, arguments, expression, builder)
    case .filter(let base, let name, let arguments):
      return filter(base, name, arguments, expression, builder)
    case .test, .not, .and, .or, .compare:
      if case .and(let left, let right) = expression.kind {
        return (either(left, right, stopsAt: false, builder), .any)
      }
      if case .or(let left, let right) = expression.kind {
        return (either(left, right, stopsAt: true, builder), .any)
      }
      let holds = condition(expression, builder)
      return ({ (machine) throws(InvalidInput) in .bool(try holds(&machine)) }, .any)
    case .negate(let base): return (sign(base, isMinus: true, expression, builder), .any)
    case .plus(let base): return (sign(base, isMinus: false, expression, builder), .any)
    case .arithmetic(let mark, let left, let right):
      return (arithmetic(mark, left, right, expression, builder), .any)
    case .conditional(let value, let test, let otherwise):
      let holds = condition(test, builder)
      let (yes, _) = self.expression(value, builder)
      guard let otherwise else {
        // Jinja gives nothing here even where undefined names are errors.
        return (
          { (machine) throws(InvalidInput) in
            try holds(&machine) ? try yes(&machine) : Nothing.value
          }, .any
        )
      }
      let (no, _) = self.expression(otherwise, builder)
      return (
        { (machine) throws(InvalidInput) in
          try holds(&machine) ? try yes(&machine) : try no(&machine)
        }, .any
      )
    case .concatenate(let parts):
      let values = parts.map { defined($0, builder) }
      let escapes = environment.options.escaping == .markdown
      let limit = environment.limits.outputSize
      let site = site(expression, builder)
      return (
        { (machine) throws(InvalidInput) in
          var results: [Value] = []
          for value in values { results.append(try value(&machine)) }
          do throws(Problem) {
            let result = try joined(results, escapes: escapes, limit: limit, by: "~")
            try machine.count(result)
            return result
          } catch {
            throw site.failure(error)
          }
        }, .any
      )
    case .list(let items, let isTuple):
      let values = items.map { self.expression($0, builder).0 }
      return (
        { (machine) throws(InvalidInput) in
          var results: [Value] = []
          results.reserveCapacity(values.count)
          for value in values { results.append(try value(&machine)) }
          return isTuple ? .tuple(results) : .list(results)
        }, .any
      )
    case .dictionary(let items): return (dictionary(items, expression, builder), .any)
    }
  }

  func site(_ expression: Expression, _ builder: FunctionBuilder) -> Site {
    Site(builder.unit.syntax.source, at: expression.at, of: expression)
  }

  /// A value that has to be defined.
  func defined(_ expression: Expression, _ builder: FunctionBuilder) -> Evaluate {
    if let (path, _) = path(to: expression, builder) {
      return { (machine) throws(InvalidInput) in try machine.definedValue(of: path) }
    }
    let (value, _) = self.expression(expression, builder)
    if case .constant = expression.kind { return value }
    let site = site(expression, builder)
    return { (machine) throws(InvalidInput) in
      let result = try value(&machine)
      if case .undefined = result { throw site.undefined }
      return result
    }
  }

  // MARK: - Names, attributes and items

  private func name(
    _ name: String, _ expression: Expression, _ builder: FunctionBuilder
  ) -> (Evaluate, Shape) {
    let label = Label(name)
    imports.values.insert(label)
    guard let found = locate(label, in: builder) else {
      if Self.globals[name] != nil {
        report(
          "the function '\(name)' can only be called", at: expression.at, in: builder.unit)
      } else {
        unknown(name, at: expression.at, builder)
      }
      return ({ (_) in .undefined }, .any)
    }
    let read = evaluate(found.access)
    if found.binding.isLoop { return (loopValue(read), .any) }
    if found.isFree { note(expression, at: expression.at, in: builder.unit) }
    return (read, found.binding.shape)
  }

  func unknown(_ name: String, at: Int, _ builder: FunctionBuilder) {
    let known = knownNames(in: builder)
    report(
      "'\(name)' is not known", at: at, in: builder.unit,
      hint: nearest(to: name, among: known).map { "did you mean '\($0)'?" }
        ?? (known.isEmpty ? nil : "known here: \(known.prefix(16).joined(separator: ", "))"))
  }

  func attribute(
    of base: Expression, _ name: String, _ expression: Expression, _ builder: FunctionBuilder,
    compiled: (Evaluate, Shape)? = nil
  ) -> (Evaluate, Shape) {
    if case .name("loop") = base.kind, let (access, binding, _) = resolve("loop", in: builder),
      binding.isLoop
    {
      if let value = loopAttribute(name, evaluate(access)) { return (value, .any) }
      let near = nearest(to: name, among: LoopState.attributes)
      report(
        "'loop.\(name)' is not known", at: expression.at, in: builder.unit,
        hint: near.map { "did you mean 'loop.\($0)'?" })
      return ({ (_) in .undefined }, .any)
    }
    let (value, shape) = compiled ?? self.expression(base, builder)
    guard let member = member(name, of: base, shape, expression, builder) else {
      return ({ (_) in .undefined }, .any)
    }
    noteOutside(expression, builder)
    let site = site(base, builder)
    let index = newSite()
    return (
      { (machine) throws(InvalidInput) in
        try machine.member(name, of: try value(&machine), memory: index, site: site)
      }, member
    )
  }

  /// What is known of an attribute; `nil` where there is none of the name, which is reported.
  private func member(
    _ name: String, of base: Expression, _ shape: Shape, _ expression: Expression,
    _ builder: FunctionBuilder
  ) -> Shape? {
    if let member = shape.member(name) { return member }
    let known = shape.memberNames
    let path = base.path
    let whole = path.isEmpty ? name : "\(path).\(name)"
    let near = nearest(to: name, among: known).map { name in
      // A name with a point in it, such as an answer's identifier, stands in brackets.
      name.utf8.contains(UInt8(ascii: ".")) && !path.isEmpty
        ? "\(path)['\(name)']" : path.isEmpty ? name : "\(path).\(name)"
    }
    report(
      "'\(whole)' is not known", at: base.path.isEmpty ? expression.at : start(of: base),
      in: builder.unit,
      hint: near.map { "did you mean '\($0)'?" }
        ?? (known.isEmpty
          ? "'\(path)' is \(shape.kindName) and has no names in it"
          : "known there: \(known.prefix(12).joined(separator: ", "))"))
    return nil
  }

  /// The way to a value that a name with attributes stands for, and what is known of it; `nil` for any
  /// other expression, and for a name that means nothing.
  func path(to expression: Expression, _ builder: FunctionBuilder) -> (Path, Shape)? {
    var names: [String] = []
    guard let way = way(to: expression, &names, room: 0, builder) else { return nil }
    let memory = siteCount
    for _ in names { _ = newSite() }
    let (level, slot) =
      switch way.begin.access {
      case .slot(let slot): (0, slot)
      case .outer(let level, let slot): (level, slot)
      }
    let path = Path(
      level: level, slot: slot, names: names, memory: memory, site: site(expression, builder))
    return (path, way.shape ?? .any)
  }

  /// A name with the attributes that were followed from it.
  private struct Way {
    let begin: Finding
    let at: Int
    /// What is known of the value at its end; `nil` behind an attribute that there is not.
    var shape: Shape?
  }

  /// Follows the attributes of a name and collects theirs, with room for those that the caller adds.
  private func way(
    to expression: Expression, _ names: inout [String], room: Int, _ builder: FunctionBuilder
  ) -> Way? {
    switch expression.kind {
    case .name(let name):
      let label = Label(name)
      guard let found = locate(label, in: builder), !found.binding.isLoop else { return nil }
      imports.values.insert(label)
      if found.isFree { note(expression, at: expression.at, in: builder.unit) }
      names.reserveCapacity(room)
      return Way(begin: found, at: expression.at, shape: found.binding.shape)
    case .attribute(let base, let name):
      guard var way = way(to: base, &names, room: room + 1, builder) else { return nil }
      names.append(name)
      guard let shape = way.shape else { return way }
      way.shape = member(name, of: base, shape, expression, builder)
      if way.begin.isFree, way.shape != nil { note(expression, at: way.at, in: builder.unit) }
      return way
    default: return nil
    }
  }

  private func start(of expression: Expression) -> Int {
    switch expression.kind {
    case .attribute(let base, _), .item(let base, _), .call(let base, _): start(of: base)
    default: expression.at
    }
  }

  /// Notes a path that begins with a name from outside.
  private func noteOutside(_ expression: Expression, _ builder: FunctionBuilder) {
    var base = expression
    while case .attribute(let inner, _) = base.kind { base = inner }
    guard case .name(let name) = base.kind, let found = locate(Label(name), in: builder),
      found.isFree
    else { return }
    note(expression, at: base.at, in: builder.unit)
  }

  private func item(
    of base: Expression, _ index: Expression, _ expression: Expression, _ builder: FunctionBuilder
  ) -> (Evaluate, Shape) {
    let (value, shape) = self.expression(base, builder)
    let (key, _) = self.expression(index, builder)
    var member: Shape = .any
    if case .constant(.text(let name)) = index.kind {
      if case .record = shape {
        return attribute(of: base, name, expression, builder, compiled: (value, shape))
      }
      member = shape.member(name) ?? .any
    } else {
      switch shape {
      case .table(_, let item): member = item
      case .list(let item): member = item
      default: break
      }
    }
    let site = site(base, builder)
    let keySite = self.site(index, builder)
    return (
      { (machine) throws(InvalidInput) in
        let container = try value(&machine)
        let index = try key(&machine)
        if case .undefined = container { throw site.undefined }
        if case .undefined = index { throw keySite.undefined }
        return machine.item(index, of: container)
      }, member
    )
  }

  private func slice(
    _ base: Expression, _ bounds: [Expression?], _ expression: Expression,
    _ builder: FunctionBuilder
  ) -> (Evaluate, Shape) {
    let (value, shape) = self.expression(base, builder)
    let baseSite = self.site(base, builder)
    let numbers = bounds.map { $0.map { defined($0, builder) } }
    let site = site(expression, builder)
    let escapes = environment.options.escaping == .markdown
    let evaluate: Evaluate = { (machine) throws(InvalidInput) in
      let whole = try value(&machine)
      if case .undefined = whole { throw baseSite.undefined }
      var limits: [Int?] = []
      for number in numbers {
        guard let number else {
          limits.append(nil)
          continue
        }
        let bound = try number(&machine)
        if case .none = bound {
          limits.append(nil)
        } else if let bound = bound.integer {
          limits.append(bound)
        } else {
          throw site.failure("a slice needs whole numbers, not \(bound.typeName)")
        }
      }
      do throws(Problem) {
        let result = try sliced(
          whole, from: limits[0], to: limits[1], step: limits[2], escapes: escapes)
        try machine.count(result)
        return result
      } catch {
        throw site.failure(error)
      }
    }
    return (evaluate, shape)
  }

  private func dictionary(
    _ items: [(Expression, Expression)], _ expression: Expression, _ builder: FunctionBuilder
  ) -> Evaluate {
    let pairs = items.map { (defined($0.0, builder), self.expression($0.1, builder).0) }
    let site = site(expression, builder)
    return { (machine) throws(InvalidInput) in
      var names: [String] = []
      var values: [Value] = []
      for (key, value) in pairs {
        let key = try key(&machine)
        guard let name = key.string else {
          throw site.failure(
            "\(key.typeName) as a key is not supported", hint: "use text as keys")
        }
        let value = try value(&machine)
        if let place = names.firstIndex(of: name) {
          values[place] = value
        } else {
          names.append(name)
          values.append(value)
        }
      }
      return .record(Record(Keys(names), values))
    }
  }

  // MARK: - Operators

  private func sign(
    _ base: Expression, isMinus: Bool, _ expression: Expression, _ builder: FunctionBuilder
  ) -> Evaluate {
    let value = defined(base, builder)
    let site = site(expression, builder)
    return { (machine) throws(InvalidInput) in
      let result = try value(&machine)
      if let number = result.integer {
        guard number != .min || !isMinus else {
          throw site.failure("the result of '-' does not fit 64 bits")
        }
        return .int(isMinus ? -number : number)
      }
      if case .double(let number) = result { return .double(isMinus ? -number : number) }
      throw site.failure("'\(isMinus ? "-" : "+")' does not work on \(result.typeName)")
    }
  }

  private func arithmetic(
    _ mark: Expression.Operator, _ left: Expression, _ right: Expression,
    _ expression: Expression, _ builder: FunctionBuilder
  ) -> Evaluate {
    let first = defined(left, builder)
    let second = defined(right, builder)
    let site = site(expression, builder)
    let limit = environment.limits.outputSize
    let escapes = environment.options.escaping == .markdown
    return { (machine) throws(InvalidInput) in
      let a = try first(&machine)
      let b = try second(&machine)
      do throws(Problem) {
        let result = try mark.apply(a, b, limit: limit, escapes: escapes).get()
        try machine.count(result)
        return result
      } catch {
        throw site.failure(error)
      }
    }
  }

  /// `and` and `or`, which give the operand that decides.
  private func either(
    _ left: Expression, _ right: Expression, stopsAt: Bool, _ builder: FunctionBuilder
  ) -> Evaluate {
    let first = defined(left, builder)
    let second = self.expression(right, builder).0
    return { (machine) throws(InvalidInput) in
      let value = try first(&machine)
      return value.isTrue == stopsAt ? value : try second(&machine)
    }
  }
}

extension Shape {
  /// What a value of this shape is called in messages.
  var kindName: String {
    switch self {
    case .text, .choice, .either: "text"
    case .prose: "prose"
    case .integer, .number: "a number"
    case .yesNo: "a Boolean"
    case .list, .oneOrMore: "a list"
    case .record: "a record"
    case .table: "a table"
    case .recursive(let shape): shape().kindName
    case .any: "anything"
    }
  }
}

extension Machine {
  func member(
    _ name: String, of value: Value, memory: Int, site: @autoclosure () -> Site
  ) throws(InvalidInput) -> Value {
    switch value {
    case .record(let record):
      return index(of: name, in: record, memory: memory).map { record.values[$0] } ?? .undefined
    case .undefined: throw site().undefined
    case .object(let object):
      if object is Nothing { throw site().failure("there is nothing that could have '\(name)'") }
      return (object as? any EngineObject)?.member(name, in: self) ?? .undefined
    default: return .undefined
    }
  }

  func item(_ index: Value, of container: Value) -> Value {
    if case .object(let object) = container, let name = index.string {
      return (object as? any EngineObject)?.member(name, in: self) ?? .undefined
    }
    return container.item(index)
  }
}
