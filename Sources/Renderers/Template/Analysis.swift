import DocModel

/// What following every path through a template has shown about its places (design, 4.1).
///
/// With each output read as the word `x`, a scanner takes every path at once: at each point it
/// holds the set of states that some path leads to. A loop's body is followed until it leads to no
/// new state. A macro, include or block is followed for each set of states it is used in; what is
/// captured instead begins as a document of its own. The number of states and of variants is
/// bounded, so the time is linear in the template's size.
final class Analysis {
  enum Callable: Hashable {
    case unit(Int)
    case macro(unit: Int, at: Int)
    case loop(unit: Int, statement: Int)
    case caller(unit: Int, statement: Int)
    case block(chain: Int, name: String, level: Int)
  }

  struct Node: Hashable {
    let variant: Int
    let unit: Int
    let statement: Int
  }

  private struct Key: Hashable {
    let callable: Callable
    let entry: Set<ScanState>
  }

  private struct Variant {
    let callable: Callable
    var exit: Set<ScanState> = []
    /// The round in which it was followed last.
    var round = 0
  }

  private(set) var problems: [Diagnostic] = []
  private var seen: Set<Diagnostic> = []
  private let library: Library
  private let limits: Limits
  private let log = ScanLog()
  private var reported = 0
  private var places: [Node: Place] = [:]
  private var refused: Set<Node> = []
  private var callees: [Node: Int] = [:]
  private var marksByNode: [Node: [Mark]] = [:]
  private var variants: [Variant] = []
  private var indices: [Key: Int] = [:]
  private var byCallable: [Callable: [Int]] = [:]
  /// Values whose right neighbour is not known yet.
  private var depth = 0
  private var macros: [Callable: (macro: Statement.Macro, unit: Unit, chain: [Unit])] = [:]
  private var loops: [Callable: (loop: Statement.Loop, unit: Unit, chain: [Unit])] = [:]

  private struct Context {
    let unit: Unit
    let chain: [Unit]
    let level: Int
    let variant: Int
    var block: (name: String, level: Int)?
    /// The recursive loop around this point.
    var recursion: Callable?
  }

  private init(library: Library, limits: Limits) {
    self.library = library
    self.limits = limits
  }

  static func analyze(_ unit: Unit, library: Library, limits: Limits) -> Analysis {
    let analysis = Analysis(library: library, limits: limits)
    analysis.settle(.unit(unit.index))
    analysis.finish()
    return analysis
  }

  // MARK: - Results

  func place(_ variant: Int, _ unit: Int, _ statement: Int) -> Place? {
    places[Node(variant: variant, unit: unit, statement: statement)]
  }

  func callee(_ variant: Int, _ unit: Int, _ statement: Int) -> Int? {
    callees[Node(variant: variant, unit: unit, statement: statement)]
  }

  func marks(_ variant: Int, _ unit: Int, _ statement: Int) -> [Mark] {
    marksByNode[Node(variant: variant, unit: unit, statement: statement)] ?? []
  }

  /// The variants of a callable that some call uses.
  func variants(of callable: Callable) -> [Int] { byCallable[callable] ?? [] }

  /// The variant of a callable whose text stands on its own.
  func fresh(_ callable: Callable) -> Int {
    let key = Key(callable: callable, entry: [ScanState()])
    if let index = indices[key] { return index }
    settle(callable)
    finish()
    return indices[key] ?? 0
  }

  /// Follows a callable as a document of its own.
  private func followFresh(_ callable: Callable) {
    let open = openValues
    openValues = []
    _ = follow(callable, from: [ScanState()])
    openValues = open
  }

  private func finish() {
    marksByNode = [:]
    for (position, kind) in log.marks {
      let node = Node(
        variant: position.variant, unit: position.unit, statement: position.statement)
      marksByNode[node, default: []].append(Mark(offset: position.offset, kind: kind))
    }
    for node in marksByNode.keys {
      marksByNode[node]?.sort { $0.offset < $1.offset }
    }
    for (node, place) in places {
      var place = place
      if !place.right.isSubset(of: .lineEnd) {
        place.isAlone = false
        place.isBare = false
      }
      let loud: Place.Right =
        place.isCell ? [.emphasis, .unknown] : [.emphasis, .unknown, .lineEnd]
      if !place.right.isDisjoint(with: loud) { place.isCalm = false }
      places[node] = place
    }
  }

  // MARK: - Reports

  private func report(_ diagnostic: Diagnostic) {
    if seen.insert(diagnostic).inserted { problems.append(diagnostic) }
  }

  private func collect() {
    for (refusal, unit, at) in log.refusals[reported...] where problems.count < Parser.problemLimit
    {
      report(
        Diagnostic(
          refusal.message, at: library.units[unit].location(at), hint: refusal.hint))
    }
    reported = log.refusals.count
  }

  private func at(_ statement: Statement, _ context: Context, _ offset: Int? = nil) {
    log.variant = context.variant
    log.unit = context.unit.index
    log.statement = statement.id
    log.at = offset ?? statement.at
    log.offset = 0
    log.isLineComplete = false
  }

  // MARK: - Functions

  /// Follows a callable from some states and gives those it ends in.
  ///
  /// Each variant is followed once in a round; a call that leads back to itself meets what earlier
  /// rounds have found. Rounds are repeated until none finds more.
  private func follow(_ callable: Callable, from entry: Set<ScanState>) -> Set<ScanState> {
    let key = Key(callable: callable, entry: entry)
    let index: Int
    if let found = indices[key] {
      if variants[found].round == round { return variants[found].exit }
      index = found
    } else {
      index = variants.count
      indices[key] = index
      variants.append(Variant(callable: callable))
      byCallable[callable, default: []].append(index)
    }
    guard depth < 60 else { return entry }
    depth += 1
    defer { depth -= 1 }
    variants[index].round = round
    let exit = body(of: callable, from: entry, variant: index)
    if !exit.isSubset(of: variants[index].exit) {
      variants[index].exit.formUnion(exit)
      hasGrown = true
    }
    return variants[index].exit
  }

  /// Follows a callable in rounds until nothing new is found.
  private func settle(_ callable: Callable) {
    for _ in 0..<20 {
      round += 1
      hasGrown = false
      loopMemory = [:]
      openValues = []
      _ = follow(callable, from: [ScanState()])
      if !hasGrown { return }
    }
  }

  private var round = 0
  private var hasGrown = false

  private struct LoopKey: Hashable {
    let node: Node
    let entry: Set<ScanState>
    let open: Set<Node>
  }

  /// What following a loop from some states has led to in this round.
  private var loopMemory: [LoopKey: (exit: Set<ScanState>, open: Set<Node>)] = [:]

  private func body(
    of callable: Callable, from entry: Set<ScanState>, variant: Int
  ) -> Set<ScanState> {
    let isFresh = entry == [ScanState()]
    var exit: Set<ScanState>
    switch callable {
    case .unit(let index):
      let chain = library.chain(of: library.units[index])
      exit = entry
      for (level, unit) in chain.enumerated() {
        let context = Context(unit: unit, chain: chain, level: level, variant: variant)
        if level < chain.count - 1 {
          _ = walk(unit.syntax.body, [ScanState()], context)
        } else {
          exit = walk(unit.syntax.body, entry, context)
        }
      }
    case .macro, .caller:
      guard let (macro, unit, chain) = macros[callable] else { return entry }
      let context = Context(unit: unit, chain: chain, level: 0, variant: variant)
      for (_, standard) in macro.parameters { standard.map { visit($0, context) } }
      exit = walk(macro.body, entry, context)
    case .loop:
      guard let (loop, unit, chain) = loops[callable] else { return entry }
      var context = Context(unit: unit, chain: chain, level: 0, variant: variant)
      context.recursion = callable
      exit = iterate(loop, entry, -1, context)
    case .block(let chainIndex, let name, let level):
      let chain = library.chain(of: library.units[chainIndex])
      guard chain.indices.contains(level), let block = chain[level].blocks[name] else {
        return entry
      }
      var context = Context(unit: chain[level], chain: chain, level: level, variant: variant)
      context.block = (name, level)
      exit = walk(block.body, entry, context)
    }
    if isFresh {
      for state in exit {
        var last = state
        last.end(log)
      }
      collect()
    }
    return exit
  }

  // MARK: - Statements

  private func walk(
    _ body: [Statement], _ entry: Set<ScanState>, _ context: Context
  ) -> Set<ScanState> {
    var states = entry
    for statement in body {
      // No path leads here as far as is known; a later round may find one.
      if states.isEmpty { return [] }
      states = step(statement, states, context)
      if states.count > limits.states {
        report(
          Diagnostic(
            "the Markdown before this point can be in more than \(limits.states) different states",
            at: context.unit.location(statement.at),
            hint: "let the branches before it end alike, or put parts into macros"))
        states = [states.first ?? ScanState()]
      }
    }
    return states
  }

  private func step(
    _ statement: Statement, _ states: Set<ScanState>, _ context: Context
  ) -> Set<ScanState> {
    switch statement.kind {
    case .literal(let literal):
      guard !literal.bytes.isEmpty else { return states }
      at(statement, context)
      settleRight(literal.bytes)
      var result: Set<ScanState> = []
      for state in states {
        var next = state
        at(statement, context, literal.start)
        next.take(literal.bytes, source: literal.start, log)
        result.insert(next)
      }
      collect()
      return result
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
      captured(body, context)
      return states
    case .filter(let filters, let body):
      visit(filters, context)
      captured(body, context)
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

  private func iterate(
    _ loop: Statement.Loop, _ entry: Set<ScanState>, _ statement: Int, _ context: Context
  ) -> Set<ScanState> {
    let open = openValues
    let key = LoopKey(
      node: Node(variant: context.variant, unit: context.unit.index, statement: statement),
      entry: entry, open: open)
    if let known = loopMemory[key] {
      openValues = known.open
      return known.exit
    }
    var reached = entry
    var after: Set<ScanState> = []
    while true {
      openValues.formUnion(open)
      let exit = walk(loop.body, reached, context)
      after.formUnion(exit)
      let next = reached.union(exit)
      if next == reached { break }
      if next.count > limits.states { break }
      reached = next
    }
    let ends = openValues
    openValues = open
    let rest = loop.otherwise.isEmpty ? entry : walk(loop.otherwise, entry, context)
    openValues.formUnion(ends)
    loopMemory[key] = (after.union(rest), openValues)
    return after.union(rest)
  }

  /// A body whose text becomes a value: it begins as a document of its own.
  private func captured(_ body: [Statement], _ context: Context) {
    let open = openValues
    openValues = []
    for state in walk(body, [ScanState()], context) {
      var last = state
      last.end(log)
    }
    collect()
    for node in openValues { places[node]?.right.insert(.lineEnd) }
    openValues = open
  }

  // MARK: - Values

  /// Values whose right neighbour comes next.
  private var openValues: Set<Node> = []

  private func settleRight(_ bytes: [UInt8]) {
    guard !openValues.isEmpty, let byte = bytes.first else { return }
    let right: Place.Right =
      switch byte {
      case .lineFeed: .lineEnd
      case 0x20, 0x09: .space
      case UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "~"), .backtick: .emphasis
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): .opening
      case UInt8(ascii: ";"): .semicolon
      default: byte.isPunctuation ? .punctuation : .word
      }
    let needsGap = byte == .lineFeed && !(bytes.count > 1 && bytes[1] == .lineFeed)
    for node in openValues {
      places[node]?.right.formUnion(right)
      if needsGap { places[node]?.needsGap = true }
    }
    openValues = []
  }

  private func output(
    _ expression: Expression, _ statement: Statement, _ states: Set<ScanState>, _ context: Context
  ) -> Set<ScanState> {
    if case .call(let callee, let arguments) = expression.kind,
      let target = target(of: callee, context)
    {
      (arguments.positional + arguments.named.map(\.value)).forEach { visit($0, context) }
      return invoke(target, statement, states, context)
    }
    visit(expression, context)
    return value(statement, expression.at, states, context)
  }

  /// Notes the place of a value.
  private func value(
    _ statement: Statement, _ offset: Int, _ states: Set<ScanState>, _ context: Context
  ) -> Set<ScanState> {
    let node = Node(
      variant: context.variant, unit: context.unit.index, statement: statement.id)
    for other in openValues { places[other]?.right.insert(.unknown) }
    var result: Set<ScanState> = []
    for state in states {
      var next = state
      at(statement, context, offset)
      let place = next.takeValue(log)
      result.insert(next)
      guard let place else { continue }
      if let known = places[node] {
        guard let merged = known.merged(with: place) else {
          if refused.insert(node).inserted {
            report(
              Diagnostic(
                "the value stands \(known.description) on one path and \(place.description) on another",
                at: context.unit.location(offset),
                hint: "let all paths before it end alike"))
          }
          continue
        }
        places[node] = merged
      } else {
        places[node] = place
      }
    }
    collect()
    openValues = [node]
    return result
  }

  /// Calls a target where its text can take part in the line, or captures it.
  private func invoke(
    _ target: Callable, _ statement: Statement, _ states: Set<ScanState>, _ context: Context
  ) -> Set<ScanState> {
    let canBeInline = states.allSatisfy { state in
      if case .start(let pending) = state.phase { return pending.isEmpty }
      return true
    }
    let node = Node(
      variant: context.variant, unit: context.unit.index, statement: statement.id)
    guard canBeInline, (byCallable[target]?.count ?? 0) < limits.specializations else {
      callees[node] = nil
      followFresh(target)
      return value(statement, statement.at, states, context)
    }
    return inline(target, statement, states, context)
  }

  private func inline(
    _ target: Callable, _ statement: Statement, _ states: Set<ScanState>, _ context: Context
  ) -> Set<ScanState> {
    let node = Node(
      variant: context.variant, unit: context.unit.index, statement: statement.id)
    for other in openValues { places[other]?.right.insert(.unknown) }
    openValues = []
    let exit = follow(target, from: states)
    callees[node] = indices[Key(callable: target, entry: states)]
    for other in openValues { places[other]?.right.insert(.unknown) }
    openValues = []
    return exit
  }

  // MARK: - Calls within expressions

  /// The macro, recursive loop or block that a call runs, where that is known.
  private func target(of callee: Expression, _ context: Context) -> Callable? {
    switch callee.kind {
    case .name("super"):
      guard let block = context.block else { return nil }
      return blockTarget(block.name, above: block.level, context)
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

  private func registered(_ macro: Statement.Macro, _ unit: Unit, _ chain: [Unit]) -> Callable {
    let callable = Callable.macro(unit: unit.index, at: macro.at)
    macros[callable] = (macro, unit, chain)
    return callable
  }

  private func blockTarget(_ name: String, above level: Int, _ context: Context) -> Callable? {
    guard
      let place = context.chain.indices.first(where: {
        $0 > level && context.chain[$0].blocks[name] != nil
      })
    else { return nil }
    return .block(chain: context.chain[0].index, name: name, level: place)
  }

  /// Follows what an expression captures: calls within it, and macros used as values.
  private func visit(_ expression: Expression, _ context: Context) {
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
  private struct Path {
    let exit: Set<ScanState>
    let name: String
    let at: Int
  }

  /// The states in which paths meet.
  ///
  /// Where no later text could mean the same in all of them, says so and goes on with those of
  /// the first path.
  private func joined(
    _ paths: [Path], _ statement: Statement, _ context: Context, includesFirst: Bool = true
  ) -> Set<ScanState> {
    var kinds: [(standing: String, path: Path)] = []
    for path in paths {
      for state in path.exit where !kinds.contains(where: { $0.standing == state.standing }) {
        kinds.append((state.standing, path))
      }
    }
    let all = paths.dropFirst(includesFirst ? 0 : 1).reduce(into: Set<ScanState>()) {
      $0.formUnion($1.exit)
    }
    guard kinds.count > 1 else { return all }
    report(
      Diagnostic(
        "the paths through this tag end differently", at: context.unit.location(statement.at),
        hint: "open and close it on the same path",
        notes: kinds.prefix(2).map {
          .init("\($0.path.name) ends \($0.standing)", at: context.unit.location($0.path.at))
        }))
    let kept = all.filter { $0.standing == kinds[0].standing }
    return kept.isEmpty ? all : kept
  }
}

extension ScanState {
  /// What is open here, in words; two paths that meet have to agree on it.
  var standing: String {
    switch leaf {
    case .fence: return "within a fenced code block"
    case .html(let html): return html.tag == nil ? "within HTML" : "within an HTML tag"
    default: break
    }
    if inline.isWithinCode { return "within a code span" }
    if inline.link != nil { return "within the address of a link" }
    if inline.tag != nil { return "within an HTML tag" }
    let brackets = inline.brackets.filter(\.isActive).count
    if brackets > 0 { return "within \(brackets == 1 ? "a bracket" : "\(brackets) brackets")" }
    if case .heading = phase { return "within a heading" }
    return "in plain text"
  }
}

extension Place: CustomStringConvertible {
  /// The place in words.
  var description: String {
    switch kind {
    case .raw: "unescaped"
    case .text: "in text"
    case .code: "in a code span"
    case .fence: "in a fenced code block"
    case .info: "behind the fence of a code block"
    case .destination: "in the address of a link"
    case .title: "in the title of a link"
    case .html: "in HTML"
    case .attribute: "in an attribute of an HTML tag"
    case .comment: "in an HTML comment"
    }
  }

  /// The place that is safe for both, or `nil` where there is none.
  func merged(with other: Place) -> Place? {
    guard kind == other.kind, quote == other.quote else { return nil }
    var result = self
    result.isCell = isCell || other.isCell
    result.isHeading = isHeading || other.isHeading
    result.isLineStart = isLineStart || other.isLineStart
    result.isAlone = isAlone && other.isAlone
    result.isBare = isBare && other.isBare
    result.isAlert = isAlert || other.isAlert
    result.needsGap = needsGap || other.needsGap
    result.isLinkText = isLinkText || other.isLinkText
    result.isSchemeOpen = isSchemeOpen || other.isSchemeOpen
    result.isRowOpen = isRowOpen || other.isRowOpen
    result.isPointy = isPointy || other.isPointy
    result.right = right.union(other.right)
    result.isCalm = isCalm && other.isCalm
    result.headingLevel = max(headingLevel, other.headingLevel)
    if prefix != other.prefix {
      if kind == .fence { return nil }
      result.isAlone = false
      result.isBare = false
    }
    return result
  }
}
