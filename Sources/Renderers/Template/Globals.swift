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
    "cycler": unsupportedGlobal("use 'loop.cycle(…)'"),
    "joiner": unsupportedGlobal("use '{% if not loop.first %}, {% endif %}' or the filter 'join'"),
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
        return .list(stride(from: start, to: stop, by: step).map(Value.int))
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
          guard case .record(let record) = try value(&machine) else {
            throw site.failure("'dict' takes a record and named values")
          }
          allNames += record.keys.names
          allValues += record.values
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

  // MARK: - Methods

  /// Methods of texts and records that templates use as they do in Python.
  static let methods:
    [String: (parameters: [String], call: @Sendable (Value, Arguments) throws(Problem) -> Value?)] =
      [
        "items": (
          [],
          { (value, arguments) throws(Problem) in
            guard case .record(let record) = value else { return nil }
            return .list(zip(record.keys.names, record.values).map { .tuple([.text($0), $1]) })
          }
        ),
        "keys": (
          [],
          { (value, arguments) throws(Problem) in
            guard case .record(let record) = value else { return nil }
            return .list(record.keys.names.map(Value.text))
          }
        ),
        "values": (
          [],
          { (value, arguments) throws(Problem) in
            guard case .record(let record) = value else { return nil }
            return .list(record.values)
          }
        ),
        "get": (
          ["key", "default="],
          { (value, arguments) throws(Problem) in
            guard case .record(let record) = value else { return nil }
            return (arguments[0]?.string).flatMap { record[$0] } ?? arguments[1] ?? Value.none
          }
        ),
        "upper": (
          [],
          { (value, _) throws(Problem) in
            value.string == nil ? nil : value.mapText { $0.uppercased() }
          }
        ),
        "lower": (
          [],
          { (value, _) throws(Problem) in
            value.string == nil ? nil : value.mapText { $0.lowercased() }
          }
        ),
        "title": (
          [],
          { (value, arguments) throws(Problem) in
            value.string == nil ? nil : try Filter.title(value, arguments)
          }
        ),
        "capitalize": (
          [],
          { (value, arguments) throws(Problem) in
            value.string == nil ? nil : try Filter.capitalize(value, arguments)
          }
        ),
        "strip": (
          ["chars="],
          { (value, arguments) throws(Problem) in
            value.string == nil ? nil : try Filter.trim(value, arguments)
          }
        ),
        "replace": (
          ["old", "new", "count="],
          { (value, arguments) throws(Problem) in
            value.string == nil ? nil : try Filter.replace(value, arguments)
          }
        ),
        "startswith": (
          ["prefix"],
          { (value, arguments) throws(Problem) in
            guard let text = value.string else { return nil }
            return .bool(text.utf8.starts(with: try arguments.text(0).utf8))
          }
        ),
        "endswith": (
          ["suffix"],
          { (value, arguments) throws(Problem) in
            guard let text = value.string else { return nil }
            return .bool(text.utf8.reversed().starts(with: try arguments.text(0).utf8.reversed()))
          }
        ),
        "split": (
          ["sep=", "maxsplit="],
          { (value, arguments) throws(Problem) in
            guard let text = value.string else { return nil }
            return .list(try split(text, arguments))
          }
        ),
        "splitlines": (
          [],
          { (value, arguments) throws(Problem) in
            value.string.map { .list(Filter.splitLines($0).map(Value.text)) }
          }
        ),
        "join": (
          ["items"],
          { (value, arguments) throws(Problem) in
            guard value.string != nil else { return nil }
            return try Filter.builtIn["join"]?.function(
              arguments[0] ?? .none, Arguments([value], environment: arguments.environment))
          }
        ),
      ]

  private static func split(_ text: String, _ arguments: Arguments) throws(Problem) -> [Value] {
    let most = try arguments.integer(1, -1)
    let scalars = text.unicodeScalars
    if let separator = arguments[0], !separator.isNone {
      let mark = separator.shownText
      guard !mark.isEmpty else { throw Problem("the separator is empty") }
      var parts: [Value] = []
      var rest = text[...]
      while most < 0 || parts.count < most, let found = rest.firstRange(of: mark) {
        parts.append(.text(String(rest[..<found.lowerBound])))
        rest = rest[found.upperBound...]
      }
      return parts + [.text(String(rest))]
    }
    return scalars.split(maxSplits: most < 0 ? .max : most, whereSeparator: isWhite)
      .map { .text(String(String.UnicodeScalarView($0))) }
  }

  func method(
    _ name: String, of object: Expression, _ arguments: Expression.Arguments,
    _ expression: Expression, _ builder: FunctionBuilder
  ) -> (Evaluate, Shape)? {
    guard let method = Self.methods[name] else { return nil }
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
    let call = method.call
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
          if let result = try call(subject, arguments) { return result }
        } catch {
          throw site.failure(error)
        }
        throw site.failure("\(subject.typeName) has no method '\(name)'")
      }, .any
    )
  }
}
