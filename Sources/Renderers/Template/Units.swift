import DocModel

/// One template with what can be known about its names without running it.
final class Unit {
  let name: String
  let index: Int
  let syntax: Syntax
  /// Macros whose name means nothing else anywhere in the template, so that a call is known.
  private(set) var macros: [String: Statement.Macro] = [:]
  /// Imported templates by the name given to them.
  private(set) var modules: [String: String] = [:]
  /// Imported macros by the name given to them.
  private(set) var imported: [String: (template: String, name: String)] = [:]
  /// Blocks by name.
  private(set) var blocks: [String: Statement.Block] = [:]
  private(set) var parent: Expression?
  /// Problems with names that come twice.
  private(set) var problems: [Diagnostic] = []
  /// Where each template that this one names is named first.
  private(set) var references: [String: Int] = [:]
  /// The names whose attributes are given values.
  private(set) var namespaces: Set<String> = []
  /// The names that imports give, which others cannot import in turn.
  private(set) var borrowed: Set<String> = []
  /// How often each name is given a value.
  private var definitions: [String: Int] = [:]

  init(name: String, index: Int, syntax: Syntax, parent known: String? = nil) {
    self.name = name
    self.index = index
    self.syntax = syntax
    survey(syntax.body, depth: 0)
    if let known, let at = parent?.at { parent = Expression(.constant(.text(known)), at: at) }
    macros = macros.filter { definitions[$0.key] == 1 }
    modules = modules.filter { definitions[$0.key] == 1 }
    imported = imported.filter { definitions[$0.key] == 1 }
  }

  func location(_ at: Int) -> Location { syntax.origins.location(at) }

  private func refer(to template: Expression) {
    for name in Analysis.constants(template) ?? [] where references[name] == nil {
      references[name] = template.at
    }
  }

  private func define(_ name: String) { definitions[name, default: 0] += 1 }

  private func assign(_ target: Statement.Target) {
    target.names.forEach(define)
    namespaces.formUnion(target.objects)
  }

  private func survey(_ statements: [Statement], depth: Int) {
    for statement in statements { survey(statement, depth: depth) }
  }

  private func survey(_ statement: Statement, depth: Int) {
    switch statement.kind {
    case .literal, .output: break
    case .include(let template, _, _): refer(to: template)
    case .branches(let branches, let otherwise):
      for branch in branches { survey(branch.body, depth: depth + 1) }
      survey(otherwise ?? [], depth: depth + 1)
    case .loop(let loop):
      loop.target.names.forEach(define)
      survey(loop.body, depth: depth + 1)
      survey(loop.otherwise, depth: depth + 1)
    case .set(let target, _): assign(target)
    case .setBlock(let target, _, let body):
      assign(target)
      survey(body, depth: depth + 1)
    case .with(let assignments, let body):
      for (target, _) in assignments { target.names.forEach(define) }
      survey(body, depth: depth + 1)
    case .filter(_, let body): survey(body, depth: depth + 1)
    case .macro(let macro):
      define(macro.name)
      macros[macro.name] = macro
      macro.parameters.forEach { define($0.name) }
      survey(macro.body, depth: depth + 1)
    case .call(let macro, _):
      macro.parameters.forEach { define($0.name) }
      survey(macro.body, depth: depth + 1)
    case .importAs(let template, let name, _):
      define(name)
      borrowed.insert(name)
      refer(to: template)
      if case .constant(.text(let file)) = template.kind { modules[name] = file }
    case .importNames(let template, let names, _):
      refer(to: template)
      for (original, alias) in names {
        define(alias)
        borrowed.insert(alias)
        if case .constant(.text(let file)) = template.kind {
          imported[alias] = (file, original.name)
        }
      }
    case .extends(let template):
      refer(to: template)
      if parent != nil {
        problems.append(
          Diagnostic("a template extends one parent only", at: location(statement.at)))
      } else if depth > 0 {
        problems.append(
          Diagnostic(
            "'extends' inside another tag is not supported", at: location(statement.at),
            hint: "put it at the beginning of the template"))
      }
      parent = template
    case .block(let block):
      if blocks[block.name] != nil {
        problems.append(
          Diagnostic("the block '\(block.name)' is defined twice", at: location(statement.at)))
      }
      blocks[block.name] = block
      survey(block.body, depth: depth + 1)
    }
  }
}

extension [Unit] {
  /// The template of a chain that defines a block, some definitions above a level.
  func definition(of block: String, above level: Int, steps: Int = 1) -> Int? {
    let places = indices.filter { $0 > level && self[$0].blocks[block] != nil }
    return places.count >= steps ? places[steps - 1] : nil
  }
}

extension Expression {
  /// How many definitions up `super`, `super.super` and so on lead.
  var superSteps: Int? {
    switch kind {
    case .name("super"): 1
    case .attribute(let base, "super"): base.superSteps.map { $0 + 1 }
    default: nil
    }
  }
}

/// The templates that one template draws in, each read and parsed once.
final class Library {
  let environment: Environment
  /// The parents of templates that name them by a value, where rendering has told which.
  let parents: [String: String]
  private(set) var units: [Unit] = []
  private var indices: [String: Int] = [:]
  private var missing: Set<String> = []
  private var broken: Set<String> = []
  private(set) var problems: [Diagnostic] = []

  init(environment: Environment, parents: [String: String] = [:]) {
    self.environment = environment
    self.parents = parents
  }

  /// Takes the template that everything begins with.
  func begin(_ source: Source) throws(InvalidInput) -> Unit {
    try add(source, as: source.name)
  }

  /// The template of a name, or `nil` where there is none or it cannot be read; the reasons are
  /// collected.
  func unit(named name: String) -> Unit? {
    if let index = indices[name] { return units[index] }
    if missing.contains(name) { return nil }
    do throws(InvalidInput) {
      if let source = try environment.loader(name) { return try add(source, as: name) }
    } catch {
      let place = units.lazy.compactMap { unit in unit.references[name].map(unit.location) }.first
      problems += error.diagnostics.map { problem in
        problem.location != nil
          ? problem : Diagnostic(problem.message, at: place, hint: problem.hint)
      }
      broken.insert(name)
    }
    missing.insert(name)
    return nil
  }

  /// Whether a template was asked for that is not there or cannot be read.
  func isMissing(_ name: String) -> Bool { missing.contains(name) }

  /// Whether a template is there but cannot be read, which has been reported.
  func isBroken(_ name: String) -> Bool { broken.contains(name) }

  private func add(_ source: Source, as name: String) throws(InvalidInput) -> Unit {
    guard units.count < environment.limits.templates else {
      throw InvalidInput(
        Diagnostic(
          "a template draws in more than \(environment.limits.templates) others"))
    }
    let ready = environment.readySyntax(of: source, named: name)
    let syntax = if let ready { ready } else { try Parser.parse(source, environment) }
    let unit = Unit(
      name: name, index: units.count, syntax: syntax, parent: parents[name])
    problems += unit.problems
    indices[name] = units.count
    units.append(unit)
    return unit
  }

  /// A template with its parents, the child first; ends where a parent is missing or comes again.
  func chain(of unit: Unit) -> [Unit] {
    var result = [unit]
    while let parent = result[result.count - 1].parent,
      case .constant(.text(let name)) = parent.kind,
      let next = self.unit(named: name), !result.contains(where: { $0 === next })
    {
      result.append(next)
    }
    return result
  }
}
