import DocModel

/// Includes, imports and parents whose names only rendering can tell.
///
/// They work where nothing is escaped, as in Jinja; where values are fitted to their places, the
/// places have to be known when the template is compiled.
extension Compiler {
  /// An include of a template that is compiled when it is drawn in first.
  func includeLater(
    _ name: Expression, ignoreMissing: Bool, withContext: Bool, _ builder: FunctionBuilder
  ) -> Run {
    let value = defined(name, builder)
    let site = Site(builder.unit.syntax.source, at: name.at)
    let given = withContext ? everything(visibleIn: builder) : [:]
    return { (machine) throws(InvalidInput) in
      let value = try value(&machine)
      guard let program = try machine.program(named: value, site, ignoreMissing: ignoreMissing)
      else { return }
      try machine.include(program, given: given, withContext: withContext, site)
    }
  }

  /// An import of a template that is compiled when it is drawn in first.
  func importLater(
    _ name: Expression, withContext: Bool, _ builder: FunctionBuilder,
    bind: (FunctionBuilder) -> Bind?
  ) -> Run? {
    let value = defined(name, builder)
    let site = Site(builder.unit.syntax.source, at: name.at)
    let given = withContext ? everything(visibleIn: builder) : [:]
    guard let bind = bind(builder) else { return nil }
    return { (machine) throws(InvalidInput) in
      let value = try value(&machine)
      guard let program = try machine.program(named: value, site, ignoreMissing: false) else {
        return
      }
      let base = machine.top
      let text = try machine.capture { (machine) throws(InvalidInput) in
        try machine.include(program, given: given, withContext: withContext, site)
      }
      try bind(&machine, machine.module(program.root, base: base, text: text))
    }
  }

  /// A template with a parent whose name only rendering can tell: it is compiled anew as the child
  /// of that parent, and does its work from the beginning.
  func extendLater(
    _ chain: [Unit], before: @escaping Run, _ parent: Expression, _ builder: FunctionBuilder
  ) -> Run {
    let value = defined(parent, builder)
    let unit = builder.unit
    let unitName = unit.name
    let site = Site(unit.syntax.source, at: parent.at)
    let own = Set(builder.scopes[0].names)
    let names = chain.reduce(into: Set<String>()) { $0.formUnion(mentionedNames(of: $1)) }
    let given = provide(names.subtracting(own).sorted(), from: builder)
    let source = chain[0].syntax.source
    let parents = library.parents
    return { (machine) throws(InvalidInput) in
      _ = try machine.capture(before)
      let value = try value(&machine)
      guard let name = value.string else {
        throw site.failure("\(value.typeName) is not the name of a template")
      }
      let program = try machine.program(
        source, parents: parents.merging([unitName: name]) { $1 }, site)
      try machine.include(program, given: given, withContext: true, site)
    }
  }

  private func everything(visibleIn builder: FunctionBuilder) -> [String: Evaluate] {
    var visible: Set<String> = []
    var current: FunctionBuilder? = builder
    while let here = current {
      for scope in here.scopes { visible.formUnion(scope.names) }
      visible.formUnion(here.free.map(\.name))
      current = here.parent
    }
    for name in visible { imports.values.insert(Label(name)) }
    return provide(visible.filter { !$0.contains(" ") }.sorted(), from: builder)
  }
}

extension Machine {
  /// The program of the first template there is of some names.
  mutating func program(
    named value: Value, _ site: Site, ignoreMissing: Bool
  ) throws(InvalidInput) -> Program? {
    let names = (value.items ?? [value])
    for name in names {
      guard let name = name.string else {
        throw site.failure("\(name.typeName) is not the name of a template")
      }
      if let known = drawnIn[name] { return known }
      if let source = try program.environment.loader(name) {
        let program = try program(source, parents: [:], site)
        drawnIn[name] = program
        return program
      }
    }
    if ignoreMissing { return nil }
    let quoted = names.map { "'\($0.shownText)'" }.joined(separator: ", ")
    throw site.failure("there is no template \(quoted)")
  }

  /// The program of a template, whose parents are named by what rendering has told.
  mutating func program(
    _ source: Source, parents: [String: String], _ site: Site
  ) throws(InvalidInput) -> Program {
    let key = parents.isEmpty ? "" : "\(source.name)\u{0}\(parents.sorted { $0.key < $1.key })"
    if let known = drawnIn[key], !parents.isEmpty { return known }
    let environment = program.environment
    guard drawnIn.count < environment.limits.templates else {
      throw site.failure("a template draws in more than \(environment.limits.templates) others")
    }
    let compiled = try Compiler.compile(source, environment: environment, parents: parents)
    if !parents.isEmpty { drawnIn[key] = compiled.program }
    return compiled.program
  }

  /// Runs the template of another program here; with context it sees the names given to it and
  /// those of the rendering.
  mutating func include(
    _ other: Program, given: [String: Evaluate], withContext: Bool, _ site: Site
  ) throws(InvalidInput) {
    let function = other.root
    var values: [(slot: Int, value: Value)] = []
    for (name, slot) in function.free where withContext {
      if let value = try given[name]?(&self) ?? self.values[name] { values.append((slot, value)) }
    }
    let filled = values
    try within(other) { (machine) throws(InvalidInput) in
      try machine.call(function, base: machine.base, site: site) { (machine, newBase) in
        for (slot, value) in filled { machine.slots[newBase + slot] = value }
      }
    }
  }

  /// What an imported template defines, whose slots stay as long as those of the function that
  /// imports it.
  mutating func module(_ function: Function, base: Int, text: String) -> Value {
    top = max(top, base + function.size)
    let names = function.exports
    let values = names.map { slots[base + $0.slot] }
    return .object(
      ModuleValue(
        names: Record(Keys(names.map(\.name)), values), text: text))
  }
}
