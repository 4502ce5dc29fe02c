import DocModel

/// Macros of imported templates: each is compiled only for the places it is called in, so that a
/// large collection of macros costs little where a few of them are used.
struct Imports {
  /// Functions that were asked for, in order; those before `done` are compiled.
  var called: [(index: Int, macro: Statement.Macro, variant: Int, builder: FunctionBuilder)] = []
  var done = 0
  /// Macros that are also values, which could be called anywhere.
  var postponed: [(index: Int, macro: Statement.Macro, builder: FunctionBuilder)] = []
  /// Names whose value is used, other than to call a macro that is known.
  var values = Labels()
  /// The names that imports give to others' names; `nil` for all names of a template.
  var aliases: [(unit: Int, name: String?, alias: String)] = []
  /// What completes imported templates, when all their macros are compiled.
  var unfinished: [() -> Void] = []
}

extension Compiler {
  /// The function of a macro that is called in a place.
  func index(of macro: Statement.Macro, in owner: FunctionBuilder, variant: Int) -> Int {
    let (index, isNew) = reserve(
      .macro(ObjectIdentifier(owner), at: macro.at, variant: variant))
    if isNew, owner.isImported { imports.called.append((index, macro, variant, owner)) }
    return index
  }

  /// The function of a macro as a value, which is compiled only if that value is used.
  func postpone(_ macro: Statement.Macro, _ builder: FunctionBuilder) -> Int {
    let index = reserveUnnamed()
    imports.postponed.append((index, macro, builder))
    return index
  }

  /// Notes the names that an import gives.
  func noteImport(of unit: Unit, _ statement: Statement) {
    switch statement.kind {
    case .importAs(_, let alias, _): imports.aliases.append((unit.index, nil, alias))
    case .importNames(_, let names, _):
      for (name, alias) in names { imports.aliases.append((unit.index, name.name, alias)) }
    default: break
    }
  }

  /// Compiles the imported macros that are called or used as values, and completes their templates.
  func compileCalled() {
    repeat {
      while imports.done < imports.called.count {
        let next = imports.called[imports.done]
        imports.done += 1
        if isExhausted || isDefined(next.index) { continue }
        define(next.index, function(of: next.macro, variant: next.variant, next.builder))
      }
    } while compileValues()
    for finish in imports.unfinished { finish() }
    imports.unfinished = []
  }

  /// Compiles the macros whose value is used by some name; false where there are no further ones.
  private func compileValues() -> Bool {
    var count = -1
    while count != imports.values.count {
      count = imports.values.count
      for (unit, name, alias) in imports.aliases where imports.values.contains(alias) {
        if let name {
          imports.values.insert(Label(name))
        } else {
          for name in modules[unit]?.scopes[0].names ?? [] { imports.values.insert(Label(name)) }
        }
      }
    }
    let values = imports.values
    let used = imports.postponed.filter { values.contains($0.macro.name) }
    imports.postponed.removeAll { values.contains($0.macro.name) }
    for (index, macro, builder) in used where !isExhausted {
      let callable = Analysis.Callable.macro(unit: builder.unit.index, at: macro.at)
      define(index, function(of: macro, variant: places?.fresh(callable) ?? 0, builder))
    }
    return !used.isEmpty
  }
}
