import DocModel

/// Functions that every template has, and the methods of texts and records.
extension Compiler {
  typealias Global =
    @Sendable (Compiler, Expression.Arguments, Expression, FunctionBuilder) -> (Evaluate, Shape)

  static let globals: [String: Global] = [
    "range": range,
    "dict": dictionaryCall,
    "namespace": namespace,
    "_": gettext,
    "gettext": gettext,
    "ngettext": gettext,
    "pgettext": gettext,
    "npgettext": gettext,
    "cycler": cycle(isJoiner: false),
    "joiner": cycle(isJoiner: true),
    "lipsum": unsupportedGlobal("write the text itself"),
  ]

  private static func unsupportedGlobal(_ hint: String) -> Global {
    { (compiler, _, expression, builder) in
      compiler.report(
        "the function '\(expression.path.dropLast(3))' is not supported", at: expression.at,
        in: builder.unit, hint: hint)
      return ({ (_) in .undefined }, .any)
    }
  }

  private static func range(
    _ compiler: Compiler, _ arguments: Expression.Arguments, _ expression: Expression,
    _ builder: FunctionBuilder
  ) -> (Evaluate, Shape) {
    let site = compiler.site(expression, builder)
    guard (1...3).contains(arguments.positional.count), arguments.named.isEmpty else {
      compiler.report(
        "'range' takes one to three numbers", at: expression.at, in: builder.unit)
      return ({ (_) in .undefined }, .any)
    }
    let values = arguments.positional.map { compiler.defined($0, builder) }
    let limit = compiler.environment.limits.loopCount
    return (
      { (machine) throws(InvalidInput) in
        var numbers: [Int] = []
        for value in values {
          guard let number = try value(&machine).integer else {
            throw site.failure("'range' takes whole numbers")
          }
          numbers.append(number)
        }
        let start = numbers.count == 1 ? 0 : numbers[0]
        let stop = numbers.count == 1 ? numbers[0] : numbers[1]
        let step = numbers.count == 3 ? numbers[2] : 1
        guard step != 0 else { throw site.failure("'range' cannot have the step 0") }
        let span = Double(stop) - Double(start)
        guard span / Double(step) <= Double(limit) else {
          throw site.failure("'range' has more than \(limit) items")
        }
        let items = stride(from: start, to: stop, by: step).map(Value.int)
        machine.allowance.steps -= items.count
        guard machine.allowance.steps >= 0 else {
          throw site.failure("loops and calls take more than \(limit) steps")
        }
        return .object(Series(.range(start: start, stop: stop, step: step), items))
      }, .list(.any)
    )
  }

  private static func dictionaryCall(
    _ compiler: Compiler, _ arguments: Expression.Arguments, _ expression: Expression,
    _ builder: FunctionBuilder
  ) -> (Evaluate, Shape) {
    let base = arguments.positional.map { compiler.defined($0, builder) }
    let values = arguments.named.map { compiler.expression($0.value, builder).0 }
    let names = arguments.named.map(\.name)
    let site = compiler.site(expression, builder)
    return (
      { (machine) throws(InvalidInput) in
        var allNames: [String] = []
        var allValues: [Value] = []
        for value in base {
          let value = try value(&machine)
          if case .record(let record) = value {
            allNames += record.keys.names
            allValues += record.values
            continue
          }
          for pair in value.elements ?? [.none] {
            guard let parts = pair.elements, parts.count == 2, let name = parts[0].string else {
              throw site.failure("'dict' takes a record or pairs of a name and a value")
            }
            if let place = allNames.firstIndex(of: name) {
              allValues[place] = parts[1]
            } else {
              allNames.append(name)
              allValues.append(parts[1])
            }
          }
        }
        for (name, value) in zip(names, values) {
          let value = try value(&machine)
          if let place = allNames.firstIndex(of: name) {
            allValues[place] = value
          } else {
            allNames.append(name)
            allValues.append(value)
          }
        }
        return .record(Record(Keys(allNames), allValues))
      }, .any
    )
  }

  private static func namespace(
    _ compiler: Compiler, _ arguments: Expression.Arguments, _ expression: Expression,
    _ builder: FunctionBuilder
  ) -> (Evaluate, Shape) {
    let (initial, _) = dictionaryCall(compiler, arguments, expression, builder)
    return (
      { (machine) throws(InvalidInput) in
        guard case .record(let record) = try initial(&machine) else { return .undefined }
        machine.namespaces.append(
          zip(record.keys.names, record.values).map { (name: $0, value: $1) })
        return .object(NamespaceValue(index: machine.namespaces.count - 1))
      }, .any
    )
  }

  /// `cycler(…)`, which gives its values in turn, and `joiner(…)`, which gives nothing at first.
  private static func cycle(isJoiner: Bool) -> Global {
    { (compiler, arguments, expression, builder) in
      let site = compiler.site(expression, builder)
      let name = isJoiner ? "joiner" : "cycler"
      let isWrong =
        isJoiner
        ? arguments.positional.count + arguments.named.count > 1
          || arguments.named.contains { $0.name != "sep" }
        : arguments.positional.isEmpty || !arguments.named.isEmpty
      if isWrong {
        compiler.report(
          "'\(name)' takes \(isJoiner ? "one text" : "the values that it gives in turn")",
          at: expression.at, in: builder.unit)
      }
      let all = arguments.positional + arguments.named.map(\.value)
      let values = all.map { compiler.defined($0, builder) }
      return (
        { (machine) throws(InvalidInput) in
          guard machine.cycles.count < Limits.listSize else {
            throw site.failure("'\(name)' is called more than \(Limits.listSize) times")
          }
          var items: [Value] = []
          for value in values { items.append(try value(&machine)) }
          if isJoiner, items.isEmpty { items = [.text(", ")] }
          machine.cycles.append(0)
          return .object(CycleValue(items, isJoiner: isJoiner, index: machine.cycles.count - 1))
        }, .any
      )
    }
  }

  // MARK: - Methods

  func method(
    _ name: String, of object: Expression, _ arguments: Expression.Arguments,
    _ expression: Expression, _ builder: FunctionBuilder
  ) -> (Evaluate, Shape)? {
    guard let method = Method.all[name] else { return nil }
    let (value, shape) = self.expression(object, builder)
    switch shape {
    case .any, .text, .prose, .choice, .table: break
    default: if shape.member(name) != nil { return nil }
    }
    guard
      let bound = bind(
        arguments, to: method.parameters, what: "'\(name)'", at: expression.at, builder)
    else { return ({ (_) in .undefined }, .any) }
    let site = site(object, builder)
    let index = newSite()
    let isPlain = environment.options.escaping == .none
    return (
      { (machine) throws(InvalidInput) in
        let subject = try value(&machine)
        if case .undefined = subject { throw site.undefined }
        let own = try machine.member(name, of: subject, memory: index, site: site)
        let arguments = try bound(&machine)
        if case .object(let object) = own, let macro = object as? MacroValue {
          return try machine.call(
            macro, arguments.values.compactMap { $0 }, [], site: site, isPlain: isPlain)
        }
        do throws(Problem) {
          if let result = try method.call(subject, arguments) {
            try machine.count(result)
            return result
          }
        } catch {
          throw site.failure(error)
        }
        throw site.failure("\(subject.typeName) has no method '\(name)'")
      }, .any
    )
  }
}
