import DocModel

/// Turns syntax into closures, resolving names to slots and checking them against the shape.
///
/// It goes through each function once per variant: a macro used in a paragraph and in a table has
/// two. Problems are collected; whatever has one gets a body that does nothing.
final class Compiler {
  let environment: Environment
  /// The same, for what is handed on while a template runs.
  let sharedEnvironment: SharedEnvironment
  let library: Library
  /// What is known of the places of values; `nil` where nothing is escaped.
  let places: (any Places)?
  private(set) var problems: [Diagnostic] = []
  private var seenProblems: Set<Diagnostic> = []
  private var functions: [Function?] = []
  private(set) var siteCount = 0
  private var indices: [FunctionKey: Int] = [:]
  private var uses: [Template.Mention] = []
  /// The line that is compiled, and the work of the bodies that are: what an inner body needs of them
  /// stands behind what the one around it has.
  var lines = Lines()
  var steps: [Step] = []
  /// Whether anybody asks which names are used.
  private let notesUses: Bool

  /// Calls of functions that were compiled for another place, whose names are checked at the end.
  private var pendingChecks: [(function: Int, unit: Unit, at: Int, outside: (String) -> Shape?)] =
    []

  enum FunctionKey: Hashable {
    case unit(Int, variant: Int, isModule: Bool)
    case macro(ObjectIdentifier, at: Int, variant: Int)
    case block(chain: Int, name: String, level: Int, variant: Int)
  }

  private init(
    environment: Environment, library: Library, places: (any Places)?, notesUses: Bool = true
  ) {
    self.environment = environment
    self.notesUses = notesUses
    sharedEnvironment = SharedEnvironment(environment)
    self.library = library
    self.places = places
  }

  typealias Compiled = (program: Program, uses: [Template.Mention])

  static func compile(
    _ source: Source, environment: Environment, parents: [String: String] = [:]
  ) throws(InvalidInput) -> Compiled {
    let library = Library(environment: environment, parents: parents)
    let unit = try library.begin(source)
    if let compiled = withReadyPlaces(unit, environment.readyPlaces(in: library), library) {
      return compiled
    }
    let analysis = environment.analysis(of: library)
    return try Compiler(environment: environment, library: library, places: analysis)
      .compiled(unit)
  }

  /// Compiles several templates, with what they draw in read and followed once for all of them;
  /// `nil` where there is a problem or a limit was met, so that each has to be looked at alone.
  static func compile(_ names: [String], environment: Environment) -> [Compiled]? {
    let library = Library(environment: environment)
    let ready = environment.readyPlaces(in: library)
    let analysis = environment.analysis(of: library)
    var results: [Compiled] = []
    for name in names {
      guard let unit = library.unit(named: name) else { return nil }
      if let compiled = withReadyPlaces(unit, ready, library) {
        results.append(compiled)
        continue
      }
      let compiler = Compiler(environment: environment, library: library, places: analysis)
      guard let result = try? compiler.compiled(unit) else { return nil }
      results.append(result)
    }
    return analysis?.isCrowded == true ? nil : results
  }

  /// Compiles those of some templates whose places are ready, together: a macro that several of them
  /// call in the same kind of place is compiled once.
  static func compileCarried(
    _ names: [String], environment: Environment
  ) -> (programs: [Program?], compiler: Compiler) {
    let library = Library(environment: environment)
    let ready = environment.readyPlaces(in: library)
    let units = names.map { name in
      library.unit(named: name).flatMap { ready?.hold(for: $0) == true ? $0 : nil }
    }
    let compiler = Compiler(
      environment: environment, library: library, places: ready, notesUses: false)
    guard let ready, let programs = try? compiler.programs(of: units.compactMap(\.self)),
      !ready.isOutdated
    else { return (names.map { _ in nil }, compiler) }
    var rest = programs[...]
    return (units.map { $0 == nil ? nil : rest.popFirst() }, compiler)
  }

  /// Compiles a template whose places are ready; `nil` where they are not, or something is wrong.
  private static func withReadyPlaces(
    _ unit: Unit, _ places: ReadyPlaces?, _ library: Library
  ) -> Compiled? {
    guard let places, places.hold(for: unit) else { return nil }
    let compiler = Compiler(environment: library.environment, library: library, places: places)
    let compiled = try? compiler.compiled(unit)
    return places.isOutdated ? nil : compiled
  }

  /// Whether a template compiles, which asks all that has to be known of its places.
  static func compiles(_ unit: Unit, with places: any Places, _ library: Library) -> Bool {
    let compiler = Compiler(environment: library.environment, library: library, places: places)
    return (try? compiler.compiled(unit)) != nil
  }

  private func compiled(_ unit: Unit) throws(InvalidInput) -> Compiled {
    (try programs(of: [unit])[0], uses)
  }

  /// Compiles some templates, whose programs share their functions.
  private func programs(of units: [Unit]) throws(InvalidInput) -> [Program] {
    let names = environment.names
    let roots = units.map { unit in
      unitFunction(unit, variant: places?.fresh(.unit(unit.index)) ?? 0, isModule: false) {
        names.member($0)
      }
    }
    compileCalled()
    checkPending()
    let found = library.problems + problems + (places?.problems ?? [])
    guard found.isEmpty else { throw InvalidInput(found) }
    let functions = functions.map { $0 ?? Function(name: "", size: 1) { _ in } }
    return zip(units, roots).map { unit, root in
      Program(
        functions: functions, root: root, siteCount: siteCount, environment: environment,
        source: unit.syntax.source)
    }
  }

  // MARK: - Functions

  /// A number for a function that is compiled now or later.
  func reserve(_ key: FunctionKey) -> (index: Int, isNew: Bool) {
    if let index = indices[key] { return (index, false) }
    indices[key] = functions.count
    functions.append(nil)
    return (functions.count - 1, true)
  }

  func reserveUnnamed() -> Int {
    functions.append(nil)
    return functions.count - 1
  }

  func define(_ index: Int, _ function: Function) { functions[index] = function }

  func isDefined(_ index: Int) -> Bool { functions[index] != nil }

  /// The names that a function takes from outside; `nil` where it is not compiled yet.
  func freeNames(of index: Int) -> [String]? { functions[index]?.free.map(\.name) }

  /// Macros of imported templates, which are compiled where something calls them.
  var imports = Imports()

  func newSite() -> Int {
    siteCount += 1
    return siteCount - 1
  }

  /// The function of a whole template; its parents are called at its end.
  func unitFunction(
    _ unit: Unit, variant: Int, isModule: Bool, outside: @escaping (String) -> Shape?
  ) -> Int {
    let (index, isNew) = reserve(.unit(unit.index, variant: variant, isModule: isModule))
    guard isNew else { return index }
    let chain = library.chain(of: unit)
    let builder = newBuilder(unit: unit, variant: variant, outside: outside)
    if isModule {
      modules[unit.index] = builder
      builder.isImported = unit.parent == nil
    }
    let body = rootBody(of: chain, level: 0, builder: builder)
    let finish = {
      self.define(
        index,
        Function(
          name: unit.name, size: builder.size, free: builder.free,
          exports: self.exports(of: builder), body: body))
    }
    // The macros of an imported template can ask for more names while they are compiled.
    if builder.isImported { imports.unfinished.append(finish) } else { finish() }
    return index
  }

  /// Makes a builder and keeps it, since functions are known by the builder around them.
  func newBuilder(
    unit: Unit, variant: Int, parent: FunctionBuilder? = nil,
    outside: @escaping (String) -> Shape?
  ) -> FunctionBuilder {
    let builder = FunctionBuilder(unit: unit, variant: variant, parent: parent, outside: outside)
    builders.append(builder)
    if builders.count == Self.functionLimit {
      report(
        "the template needs more than \(Self.functionLimit) variants of its macros", at: 0,
        in: unit,
        hint: "define macros at the top of a template, not within each other")
    }
    return builder
  }

  private var builders: [FunctionBuilder] = []

  private static let functionLimit = 10_000

  /// Whether there are too many functions to go on.
  var isExhausted: Bool { builders.count >= Self.functionLimit }

  /// The names that each template spells, once they were asked for.
  var mentioned: [Int: [String]] = [:]

  /// The builders of imported templates, through which their macros are called.
  var modules: [Int: FunctionBuilder] = [:]

  private func exports(of builder: FunctionBuilder) -> [(name: String, slot: Int)] {
    let scope = builder.scopes[0]
    return scope.names.compactMap { name in
      let isOwn = !name.hasPrefix("_") && !builder.unit.borrowed.contains(name)
      return isOwn ? scope[name].map { (name: name, slot: $0.slot) } : nil
    }.sorted { $0.slot < $1.slot }
  }

  /// The statements of one template of a chain, and then those of its parent.
  private func rootBody(of chain: [Unit], level: Int, builder: FunctionBuilder) -> Run {
    let unit = chain[level]
    declare(unit.syntax.body, in: builder)
    chains[ObjectIdentifier(builder)] = (chain, level)
    roots[unit.index] = builder
    guard let parent = unit.parent else { return statements(unit.syntax.body, builder) }
    let isPlain = environment.options.escaping == .none
    let place = unit.syntax.body.firstIndex { if case .extends = $0.kind { true } else { false } }
    let (head, tail) = (unit.syntax.body[..<(place ?? 0)], unit.syntax.body[(place ?? 0)...])
    guard case .constant(.text(let name)) = parent.kind else {
      if isPlain {
        return extendLater(chain, before: statements(Array(head), builder), parent, builder)
      }
      report(
        "the name of a parent has to be a constant text", at: parent.at, in: unit,
        hint: "write the name in quotes")
      return { _ in }
    }
    if !isPlain, let text = head.first(where: { $0.isText }) {
      report(
        "text before 'extends' would stand before all that the parent writes", at: text.at,
        in: unit,
        hint: "put it into a block, or behind 'extends', where it is left out")
    }
    guard level + 1 < chain.count else {
      let isCycle = !library.isMissing(name)
      if library.isBroken(name) { return { _ in } }
      report(
        isCycle
          ? "the template extends itself by way of '\(name)'" : "there is no template '\(name)'",
        at: parent.at, in: unit)
      return { _ in }
    }
    let before = statements(Array(head), builder)
    let after = statements(Array(tail), builder)
    let next = newBuilder(unit: chain[level + 1], variant: builder.variant) { name in
      builder.find(name)?.shape ?? builder.outside(name)
    }
    next.child = builder
    let body = rootBody(of: chain, level: level + 1, builder: next)
    let index = reserveUnnamed()
    define(
      index, Function(name: chain[level + 1].name, size: next.size, free: next.free, body: body))
    let given = provide(next.free.map(\.name), from: builder)
    let site = Site(unit.syntax.source, at: parent.at)
    return { (machine) throws(InvalidInput) in
      if isPlain { try before(&machine) } else { _ = try machine.capture(before) }
      _ = try machine.capture(after)
      try machine.call(index, given: given, site: site)
    }
  }

  /// The builder of each template's own statements.
  var roots: [Int: FunctionBuilder] = [:]

  /// The chain of templates that a root function belongs to, and its place in it.
  var chains: [ObjectIdentifier: (chain: [Unit], level: Int)] = [:]

  /// Gives the names that a body assigns slots in the outermost scope of a function.
  ///
  /// A name that means something outside already keeps that value until it is assigned.
  func declare(_ body: [Statement], in builder: FunctionBuilder) {
    for (name, _) in assignedNames(in: body) where builder.scopes[0][name] == nil {
      if builder.parent == nil, builder.outside(name) != nil {
        let slot = builder.freeSlot(name)
        builder.scopes[0][Label(name)] = Binding(slot: slot, shape: .any)
        builder.assigned.insert(slot)
      } else {
        _ = builder.bind(name, shape: .any)
      }
    }
  }

  // MARK: - Names

  enum Access {
    case slot(Int)
    case outer(level: Int, slot: Int)
  }

  /// Where a name's value is found, and what is known about it; `nil` where it is not known.
  func resolve(_ name: String, in builder: FunctionBuilder) -> (Access, Binding, FunctionBuilder)? {
    imports.values.insert(Label(name))
    return find(name, in: builder)
  }

  /// The same as `resolve` for a name of which the value itself is not used.
  func find(_ name: String, in builder: FunctionBuilder) -> (Access, Binding, FunctionBuilder)? {
    locate(Label(name), in: builder).map { ($0.access, $0.binding, $0.owner) }
  }

  /// Where a name's value is found.
  struct Finding {
    let access: Access
    let binding: Binding
    /// The function that has a slot for it.
    let owner: FunctionBuilder
    /// Whether the value comes from outside the template.
    let isFree: Bool
  }

  func locate(_ label: Label, in builder: FunctionBuilder) -> Finding? {
    var level = 0
    var current = builder
    while true {
      if let binding = current.find(label) {
        return Finding(
          access: level == 0 ? .slot(binding.slot) : .outer(level: level, slot: binding.slot),
          binding: binding, owner: current, isFree: false)
      }
      guard let parent = current.parent else { break }
      current = parent
      level += 1
    }
    guard let shape = current.outside(label.name) else { return nil }
    let slot = current.freeSlot(label)
    return Finding(
      access: level == 0 ? .slot(slot) : .outer(level: level, slot: slot),
      binding: Binding(slot: slot, shape: shape), owner: current, isFree: true)
  }

  /// The names that may be used at one point, for suggestions.
  func knownNames(in builder: FunctionBuilder) -> [String] {
    var result: [String] = []
    var current: FunctionBuilder? = builder
    while let here = current {
      for scope in here.scopes { result += scope.names.sorted() }
      current = here.parent
    }
    return result + environment.names.memberNames
  }

  func evaluate(_ access: Access) -> Evaluate {
    switch access {
    case .slot(let slot): return { (machine) in machine.slots[machine.base &+ slot] }
    case .outer(let level, let slot):
      return { (machine) in machine.slots[machine.outerBase(level) &+ slot] }
    }
  }

  /// The values that a called template or block sees, by their names.
  func provide(_ names: [String], from builder: FunctionBuilder) -> [String: Evaluate] {
    var result: [String: Evaluate] = [:]
    for name in names {
      if let (access, binding, _) = find(name, in: builder) {
        result[name] = binding.isLoop ? loopValue(evaluate(access)) : evaluate(access)
      }
    }
    return result
  }

  // MARK: - Reports

  func report(_ message: String, at: Int, in unit: Unit, hint: String? = nil) {
    guard problems.count < Parser.problemLimit else { return }
    report(Diagnostic(message, at: unit.location(at), hint: hint))
  }

  func report(_ diagnostic: Diagnostic) {
    guard problems.count < Parser.problemLimit else { return }
    if seenProblems.insert(diagnostic).inserted { problems.append(diagnostic) }
  }

  func report(_ problem: Problem, at: Int, in unit: Unit) {
    report(problem.message, at: at, in: unit, hint: problem.hint)
  }

  /// Notes a name from outside with the attributes that follow it.
  func note(_ expression: Expression, at: Int, in unit: Unit) {
    if notesUses { uses.append(.init(expression: expression, source: unit.syntax.source, at: at)) }
  }

  func checkLater(
    _ function: Int, unit: Unit, at: Int, outside: @escaping (String) -> Shape?
  ) {
    pendingChecks.append((function, unit, at, outside))
  }

  private func checkPending() {
    for check in pendingChecks {
      guard let function = functions[check.function] else { continue }
      for (name, _) in function.free where check.outside(name) == nil {
        report(
          "'\(name)', which '\(function.name)' uses, is not known here", at: check.at,
          in: check.unit)
      }
    }
  }
}

extension Machine {
  /// Calls a function that sees the given names.
  mutating func call(
    _ index: Int, given: [String: Evaluate], site: Site?
  ) throws(InvalidInput) {
    let function = program.functions[index]
    try call(function, base: base, site: site) { (machine, newBase) throws(InvalidInput) in
      for (name, slot) in function.free {
        if let value = given[name] { machine.slots[newBase + slot] = try value(&machine) }
      }
    }
  }
}
