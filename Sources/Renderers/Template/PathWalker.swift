import DocModel

/// How each statement leads on from the states before it, and what place each value has.
extension Analysis {
  // MARK: - Statements

  func walk(
    _ body: [Statement], _ entry: StateSet, _ context: Context
  ) -> StateSet {
    var states = entry
    for (index, statement) in body.enumerated() {
      if index + 1 < body.count, case .literal(let next) = body[index + 1].kind {
        endsLine = next.bytes.first == .lineFeed
      } else {
        endsLine = false
      }
      // No path leads here as far as is known; a later round may find one.
      if states.isEmpty { return StateSet() }
      states = step(statement, states, context)
      if states.count > limits.states {
        refuseStates(before: statement.at, context)
        states = StateSet(states.first ?? 0)
      }
    }
    return states
  }

  func step(
    _ statement: Statement, _ states: StateSet, _ context: Context
  ) -> StateSet {
    switch statement.kind {
    case .literal(let literal):
      guard !literal.bytes.isEmpty else { return states }
      settleRight(literal.bytes)
      return stepped(statement, states, context) { next in
        at(statement, context, literal.start)
        next.take(literal.bytes, source: literal.start, log)
      }
    case .output(let value): return output(value, statement, states, context)
    case .branches(let branches, let otherwise):
      var paths: [Path] = []
      let open = openValues
      var after: Set<Node> = []
      for branch in branches {
        visit(branch.condition, context)
        openValues = open
        let exit = walk(branch.body, states, context)
        paths.append(Path(exit: exit, name: "this path", at: branch.condition.at))
        after.formUnion(openValues)
      }
      openValues = open
      if let otherwise {
        let exit = walk(otherwise, states, context)
        paths.append(
          Path(exit: exit, name: "the path of 'else'", at: otherwise.first?.at ?? statement.at))
      } else {
        paths.append(Path(exit: states, name: "the path that skips it", at: statement.at))
      }
      openValues.formUnion(after)
      return joined(paths, statement, context)
    case .loop(let loop):
      visit(loop.items, context)
      loop.filter.map { visit($0, context) }
      if loop.isRecursive {
        let callable = Callable.loop(unit: context.unit.index, statement: statement.id)
        loops[callable] = (loop, context.unit, context.chain)
        return inline(callable, statement, states, context)
      }
      let result = iterate(loop, states, statement.id, context)
      return joined(
        [
          Path(exit: states, name: "the path that skips it", at: statement.at),
          Path(exit: result, name: "the path through its body", at: loop.items.at),
        ], statement, context, includesFirst: false)
    case .set(_, let value):
      visit(value, context)
      return states
    case .setBlock(_, let filters, let body):
      visit(filters, context)
      captured(body, statement, context)
      return states
    case .filter(let filters, let body):
      visit(filters, context)
      captured(body, statement, context)
      return value(statement, statement.at, states, context)
    case .with(let assignments, let body):
      assignments.forEach { visit($0.1, context) }
      return walk(body, states, context)
    case .macro(let macro):
      macros[.macro(unit: context.unit.index, at: macro.at)] = (macro, context.unit, context.chain)
      return states
    case .call(let macro, let call):
      let caller = Callable.caller(unit: context.unit.index, statement: statement.id)
      macros[caller] = (macro, context.unit, context.chain)
      followFresh(caller)
      guard case .call(let callee, let arguments) = call.kind else { return states }
      (arguments.positional + arguments.named.map(\.value)).forEach { visit($0, context) }
      guard let target = target(of: callee, context) else { return states }
      return invoke(target, statement, states, context)
    case .include(let name, let ignoreMissing, _):
      guard let names = Self.constants(name),
        let unit = names.lazy.compactMap({ self.library.unit(named: $0) }).first
      else {
        _ = ignoreMissing
        return states
      }
      return inline(.unit(unit.index), statement, states, context)
    case .importAs(let template, _, _), .importNames(let template, _, _):
      if case .constant(.text(let name)) = template.kind, let unit = library.unit(named: name) {
        followFresh(.unit(unit.index))
      }
      return states
    case .extends: return states
    case .block(let block):
      if context.level < context.chain.count - 1, context.block == nil {
        return states
      }
      guard let level = context.chain.firstIndex(where: { $0.blocks[block.name] != nil }) else {
        return states
      }
      return inline(
        .block(chain: context.chain[0].index, name: block.name, level: level), statement, states,
        context)
    }
  }

  func iterate(
    _ loop: Statement.Loop, _ entry: StateSet, _ statement: Int, _ context: Context
  ) -> StateSet {
    let open = openValues
    let node = Node(variant: context.variant, unit: context.unit.index, statement: statement)
    let key = LoopKey(node: node, entry: entry, open: open)
    if let known = loopMemory[key] {
      openValues = known.open
      return known.exit
    }
    var reached = entry
    var after = StateSet()
    var frontier = entry
    while true {
      // Values at the end of the body have its beginning to their right in the next iteration.
      let before = openValues.union(open)
      openValues = before
      let exit = walk(loop.body, frontier, context)
      after.formUnion(exit)
      frontier = exit.subtracting(reached)
      reached.formUnion(exit)
      rounds[node, default: 0] += 1
      // A loop within others is begun anew for each state that those lead to.
      if rounds[node, default: 0] > 16 * limits.states {
        refuseStates(before: loop.items.at, context)
      }
      if isOverfull || reached.count > limits.states { break }
      if frontier.isEmpty {
        if openValues.isSubset(of: before) { break }
        frontier = entry
      }
    }
    let ends = openValues
    openValues = open
    let rest = loop.otherwise.isEmpty ? entry : walk(loop.otherwise, entry, context)
    openValues.formUnion(ends)
    loopMemory[key] = (after.union(rest), openValues)
    return after.union(rest)
  }

  /// Says that too many paths lead to a place; what is left is followed once, for what else is wrong.
  private func refuseStates(before place: Int, _ context: Context) {
    isOverfull = true
    report(
      Diagnostic(
        "the Markdown before this point can be in more than \(limits.states) different states",
        at: context.unit.location(place),
        hint: "let the branches before it end alike, or put parts into macros"))
  }

  /// Leads each state over a literal or a value, once in the whole analysis.
  private func stepped(
    _ statement: Statement, _ entry: StateSet, _ context: Context,
    _ change: (inout ScanState) -> Void
  ) -> StateSet {
    let node = Node(
      variant: context.variant, unit: context.unit.index, statement: statement.id)
    var result = StateSet()
    for number in entry.numbers {
      let step = Step(node: node, state: number)
      if let known = steps[step] {
        result.insert(known)
        continue
      }
      var next = states[number]
      change(&next)
      let reached = states.number(of: next)
      steps[step] = reached
      result.insert(reached)
    }
    collect()
    return result
  }

  /// A body whose text becomes a value: it begins as a document of its own.
  func captured(_ body: [Statement], _ statement: Statement, _ context: Context) {
    let open = openValues
    openValues = []
    end(walk(body, .fresh, context), capturedAt: context.unit.location(statement.at))
    for node in openValues { places[node]?.right.insert(.lineEnd) }
    openValues = open
  }

  // MARK: - Values

  func settleRight(_ bytes: [UInt8]) {
    guard !openValues.isEmpty, let byte = bytes.first else { return }
    var right: Place.Right =
      switch byte {
      case .lineFeed: .lineEnd
      case 0x20, 0x09: .space
      case UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "~"), .backtick: .emphasis
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): .opening
      case UInt8(ascii: ";"): .semicolon
      default: byte.isPunctuation ? .punctuation : .word
      }
    if byte.isBlank, bytes.first(where: { !$0.isBlank }) == .lineFeed { right.insert(.lineEnd) }
    // The next line is empty but for the marks of quotes.
    let next = bytes.dropFirst().first { !$0.isBlank && $0 != UInt8(ascii: ">") }
    let needsGap = byte == .lineFeed && next != .lineFeed
    let isTitle = byte == .lineFeed && Self.isUnderline(bytes.dropFirst())
    for node in openValues {
      places[node]?.right.formUnion(right)
      if needsGap { places[node]?.needsGap = true }
      if isTitle { places[node]?.isTitle = true }
    }
    openValues = []
  }

  /// Whether a line makes the one before it a heading (CommonMark 0.30, section 4.3).
  private static func isUnderline(_ bytes: ArraySlice<UInt8>) -> Bool {
    let line = bytes.prefix { $0 != .lineFeed }.drop { $0.isBlank || $0 == UInt8(ascii: ">") }
    guard let mark = line.first, mark == UInt8(ascii: "=") || mark == UInt8(ascii: "-") else {
      return false
    }
    return line.drop { $0 == mark }.allSatisfy(\.isBlank)
  }

  func output(
    _ expression: Expression, _ statement: Statement, _ states: StateSet, _ context: Context
  ) -> StateSet {
    if case .call(let callee, let arguments) = expression.kind,
      let target = target(of: callee, context)
    {
      (arguments.positional + arguments.named.map(\.value)).forEach { visit($0, context) }
      return invoke(target, statement, states, context)
    }
    visit(expression, context)
    // What a translation puts somewhere else is wrong there.
    let isMoved = context.unit.syntax.origins.isComposed(statement.at)
    return value(statement, isMoved ? statement.at : expression.at, states, context)
  }

  /// Notes the place of a value.
  func value(
    _ statement: Statement, _ offset: Int, _ states: StateSet, _ context: Context
  ) -> StateSet {
    let node = Node(
      variant: context.variant, unit: context.unit.index, statement: statement.id)
    for other in openValues { places[other]?.right.insert(.unknown) }
    let result = stepped(statement, states, context) { next in
      at(statement, context, offset)
      guard let place = next.takeValue(log) else { return }
      guard let known = places[node] else {
        places[node] = place
        return
      }
      if let merged = known.merged(with: place) {
        places[node] = merged
      } else if refused.insert(node).inserted {
        report(
          Diagnostic(
            "the value stands \(known.description) on one path and \(place.description) on another",
            at: context.unit.location(offset),
            hint: "let all paths before it end alike"))
      }
    }
    openValues = [node]
    return result
  }

  /// Calls a target where its text can take part in the line, or captures it.
  func invoke(
    _ target: Callable, _ statement: Statement, _ states: StateSet, _ context: Context
  ) -> StateSet {
    let node = Node(
      variant: context.variant, unit: context.unit.index, statement: statement.id)
    let all = states.union(entries[node] ?? StateSet())
    // Alone on an indented or quoted line, the text is captured, so that all of it can be indented.
    let isAlone = endsLine && all.numbers.contains { self.states[$0].isNested(log) }
    let isKnown = indices[Key(callable: target, entry: self.states.kinds(of: all))] != nil
    guard !isAlone, isKnown || (byCallable[target]?.count ?? 0) < limits.specializations else {
      if !isAlone { isCrowded = true }
      entries[node] = all
      callees[node] = nil
      followFresh(target)
      return value(statement, statement.at, all, context)
    }
    return inline(target, statement, states, context)
  }

  /// Follows a target from all states in which this statement was met so far, since one variant has
  /// to be right for all of them.
  func inline(
    _ target: Callable, _ statement: Statement, _ states: StateSet, _ context: Context
  ) -> StateSet {
    let node = Node(
      variant: context.variant, unit: context.unit.index, statement: statement.id)
    for other in openValues { places[other]?.right.insert(.unknown) }
    openValues = []
    let all = states.union(entries[node] ?? StateSet())
    entries[node] = all
    let exit = follow(target, from: all)
    callees[node] = indices[Key(callable: target, entry: self.states.kinds(of: all))]
    for other in openValues { places[other]?.right.insert(.unknown) }
    openValues = []
    return exit
  }

  // MARK: - Calls within expressions

  /// The macro, recursive loop or block that a call runs, where that is known.
  func target(of callee: Expression, _ context: Context) -> Callable? {
    switch callee.kind {
    case .name("super"), .attribute(_, "super"):
      guard let steps = callee.superSteps, let block = context.block else { return nil }
      return blockTarget(block.name, above: block.level, steps: steps, context)
    case .name("loop"): return context.recursion
    case .name(let name):
      if let macro = context.unit.macros[name] {
        return registered(macro, context.unit, context.chain)
      }
      if let (file, original) = context.unit.imported[name], let unit = library.unit(named: file),
        let macro = unit.macros[original]
      {
        return registered(macro, unit, library.chain(of: unit))
      }
    case .attribute(let object, let name):
      guard case .name(let module) = object.kind else { return nil }
      if module == "self" { return blockTarget(name, above: -1, context) }
      if let file = context.unit.modules[module], let unit = library.unit(named: file),
        let macro = unit.macros[name]
      {
        return registered(macro, unit, library.chain(of: unit))
      }
    default: break
    }
    return nil
  }

  func registered(_ macro: Statement.Macro, _ unit: Unit, _ chain: [Unit]) -> Callable {
    let callable = Callable.macro(unit: unit.index, at: macro.at)
    macros[callable] = (macro, unit, chain)
    return callable
  }

  func blockTarget(
    _ name: String, above level: Int, steps: Int = 1, _ context: Context
  ) -> Callable? {
    guard let place = context.chain.definition(of: name, above: level, steps: steps) else {
      return nil
    }
    return .block(chain: context.chain[0].index, name: name, level: place)
  }

  /// Follows what an expression captures: calls within it, and macros used as values.
  func visit(_ expression: Expression, _ context: Context) {
    switch expression.kind {
    case .call(let callee, let arguments):
      if let target = target(of: callee, context) {
        followFresh(target)
      } else {
        visit(callee, context)
      }
      (arguments.positional + arguments.named.map(\.value)).forEach { visit($0, context) }
    case .name(let name):
      if let macro = context.unit.macros[name] {
        followFresh(registered(macro, context.unit, context.chain))
      }
    default: expression.parts.forEach { visit($0, context) }
    }
  }

  static func constants(_ expression: Expression) -> [String]? {
    switch expression.kind {
    case .constant(let value): return value.string.map { [$0] }
    case .list(let items, _):
      let names = items.compactMap { item -> String? in
        if case .constant(let value) = item.kind { value.string } else { nil }
      }
      return names.count == items.count ? names : nil
    default: return nil
    }
  }

  // MARK: - Joins

  /// One way through a tag and the states it ends in.
  struct Path {
    let exit: StateSet
    let name: String
    let at: Int
  }

  /// The states in which paths meet.
  ///
  /// Where no later text could mean the same in all of them, says so and goes on with those of the
  /// first path.
  func joined(
    _ paths: [Path], _ statement: Statement, _ context: Context, includesFirst: Bool = true
  ) -> StateSet {
    var all = StateSet()
    for path in paths.dropFirst(includesFirst ? 0 : 1) { all.formUnion(path.exit) }
    var kinds: [(standing: String, path: Path)] = []
    for path in paths {
      for number in path.exit.numbers {
        let standing = states.standing(number)
        if !kinds.contains(where: { $0.standing == standing }) { kinds.append((standing, path)) }
      }
    }
    guard kinds.count > 1 else { return all }
    report(
      Diagnostic(
        "the paths through this tag end differently", at: context.unit.location(statement.at),
        hint: "open and close it on the same path",
        notes: kinds.prefix(2).map {
          .init("\($0.path.name) ends \($0.standing)", at: context.unit.location($0.path.at))
        }))
    let kept = all.filter { states.standing($0) == kinds[0].standing }
    return kept.isEmpty ? all : kept
  }
}

extension ScanState {
  /// What is still open at the end of a text, in words, if its last line has been ended.
  var standingOpen: String? {
    switch leaf {
    case .fence: return "within a fenced code block"
    case .html(let html) where html.kind <= 5: return "within HTML"
    default: break
    }
    if inline.code != nil { return "within a code span" }
    if inline.isDefinition || inline.isAfterDefinition {
      return "with the definition of a link, which the next line could go on with"
    }
    if inline.brackets.contains(where: \.isActive) { return "within a bracket" }
    return inline.emphasis.last.map {
      "within emphasis that begins with '\(Character(Unicode.Scalar($0.mark)))'"
    }
  }

  /// What is open here, in words; two paths that meet have to agree on it.
  var standing: String {
    switch leaf {
    case .fence: return "within a fenced code block"
    case .html(let html): return html.tag == nil ? "within HTML" : "within an HTML tag"
    default: break
    }
    if inline.isWithinCode { return "within a code span" }
    if inline.link != nil { return "within the address of a link" }
    if inline.angle != nil { return "within an HTML tag" }
    let brackets = inline.brackets.filter(\.isActive).count
    if brackets > 0 { return "within \(brackets == 1 ? "a bracket" : "\(brackets) brackets")" }
    if case .heading = phase { return "within a heading" }
    return "in plain text"
  }
}
