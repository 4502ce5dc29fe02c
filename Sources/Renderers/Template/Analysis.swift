import DocModel

/// What following every path through a template has shown about its places (design, 4.1).
///
/// With each output read as the word `x`, a scanner takes every path at once: at each point it
/// holds the set of states that some path leads to. A loop's body is followed until it leads to no
/// new state. A macro, include or block is followed for each set of states it is used in; what is
/// captured instead begins as a document of its own. The number of states, of variants and of rounds
/// that one loop's body is followed for is bounded, so the time is linear in the template's size.
final class Analysis {
  enum Callable: Hashable {
    case unit(Int)
    case macro(unit: Int, at: Int)
    case loop(unit: Int, statement: Int)
    case caller(unit: Int, statement: Int)
    case block(chain: Int, name: String, level: Int)
  }

  /// A statement as it stands in one variant of a callable.
  struct Node: Hashable {
    let variant: Int
    let unit: Int
    let statement: Int
  }

  struct Key: Hashable {
    let callable: Callable
    let entry: StateSet
  }

  struct Variant {
    let callable: Callable
    var exit = StateSet()
    /// The round in which it was followed last.
    var round = 0
    /// Whether it is being followed now.
    var isOpen = false
    /// Whether all that its paths lead to is known.
    var isComplete = false
  }

  /// A statement and a state before it.
  struct Step: Hashable {
    let node: Node
    let state: StateSet.Number
  }

  private(set) var problems: [Diagnostic] = []
  var seen: Set<Diagnostic> = []
  let library: Library
  let limits: Limits
  let log = ScanLog()
  let states = StateTable()
  var reported = 0
  /// Whether a callable was used in more places than the limit allows variants for.
  var isCrowded = false
  /// Whether there are more states or rounds than are followed; the templates are refused.
  var isOverfull = false
  /// How many rounds the body of each loop has been followed for.
  var rounds: [Node: Int] = [:]
  var places: [Node: Place] = [:]
  var refused: Set<Node> = []
  var callees: [Node: Int] = [:]
  /// The states in which each call, include or block was met.
  var entries: [Node: StateSet] = [:]
  /// The state behind each literal or value for each state before it.
  var steps: [Step: StateSet.Number] = [:]
  var variants: [Variant] = []
  /// Values whose right neighbour comes next.
  var openValues: Set<Node> = []
  var indices: [Key: Int] = [:]
  var byCallable: [Callable: [Int]] = [:]
  /// Whether the line ends behind the statement that is being followed.
  var endsLine = false
  /// How many callables are being followed inside each other.
  var depth = 0
  var macros: [Callable: (macro: Statement.Macro, unit: Unit, chain: [Unit])] = [:]
  var loops: [Callable: (loop: Statement.Loop, unit: Unit, chain: [Unit])] = [:]

  struct Context {
    let unit: Unit
    let chain: [Unit]
    let level: Int
    let variant: Int
    var block: (name: String, level: Int)?
    /// The recursive loop around this point.
    var recursion: Callable?
  }

  init(library: Library, limits: Limits) {
    self.library = library
    self.limits = limits
  }

  // MARK: - Results

  func place(_ variant: Int, _ unit: Int, _ statement: Int) -> Place? {
    guard var place = places[Node(variant: variant, unit: unit, statement: statement)] else {
      return nil
    }
    if place.isTitle || !place.right.isSubset(of: .lineEnd) {
      place.isAlone = false
      place.isBare = false
    }
    if !place.right.isDisjoint(with: [.emphasis, .unknown, .lineEnd]) { place.isCalm = false }
    return place
  }

  func callee(_ variant: Int, _ unit: Int, _ statement: Int) -> Int? {
    callees[Node(variant: variant, unit: unit, statement: statement)]
  }

  func marks(_ variant: Int, _ unit: Int, _ statement: Int) -> [Mark] {
    guard
      let marks = log.marks[Node(variant: variant, unit: unit, statement: statement)]
    else { return [] }
    return marks.map { Mark(offset: $0.key, kind: $0.value) }.sorted { $0.offset < $1.offset }
  }

  /// The variants of a callable that some call uses.
  func variants(of callable: Callable) -> [Int] { byCallable[callable] ?? [] }

  /// The variant of a callable whose text stands on its own.
  func fresh(_ callable: Callable) -> Int {
    let key = Key(callable: callable, entry: .fresh)
    if let index = indices[key], variants[index].isComplete { return index }
    settle(callable)
    return indices[key] ?? 0
  }

  /// Follows a callable as a document of its own.
  func followFresh(_ callable: Callable) {
    let open = openValues
    openValues = []
    _ = follow(callable, from: .fresh)
    openValues = open
  }

  // MARK: - Reports

  func report(_ diagnostic: Diagnostic) {
    if seen.insert(diagnostic).inserted { problems.append(diagnostic) }
  }

  func collect() {
    if reported == log.refusals.count { return }
    for (refusal, unit, at) in log.refusals[reported...] where problems.count < Parser.problemLimit
    {
      report(
        Diagnostic(
          refusal.message, at: library.units[unit].location(at), hint: refusal.hint))
    }
    reported = log.refusals.count
  }

  func at(_ statement: Statement, _ context: Context, _ offset: Int? = nil) {
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
  /// rounds have found. Where there is such a call, rounds are repeated until none finds more.
  func follow(_ callable: Callable, from entry: StateSet) -> StateSet {
    let key = Key(callable: callable, entry: states.kinds(of: entry))
    let index: Int
    if let found = indices[key] {
      let known = variants[found]
      if known.isOpen { leadsBack = true }
      if known.isComplete || known.round == round { return known.exit }
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
    variants[index].isOpen = true
    let exit = body(of: callable, from: entry, variant: index)
    variants[index].isOpen = false
    if !exit.isSubset(of: variants[index].exit) {
      variants[index].exit.formUnion(exit)
      hasGrown = true
    }
    return variants[index].exit
  }

  /// Follows a callable in rounds until nothing new is found.
  func settle(_ callable: Callable) {
    for _ in 0..<20 {
      round += 1
      hasGrown = false
      leadsBack = false
      loopMemory = [:]
      openValues = []
      _ = follow(callable, from: .fresh)
      if !hasGrown || !leadsBack { break }
    }
    for index in variants.indices where variants[index].round == round {
      variants[index].isComplete = true
    }
  }

  var round = 0
  var hasGrown = false
  /// Whether a callable was met within itself in this round.
  var leadsBack = false

  struct LoopKey: Hashable {
    let node: Node
    let entry: StateSet
    let open: Set<Node>
  }

  /// What following a loop from some states has led to in this round.
  var loopMemory: [LoopKey: (exit: StateSet, open: Set<Node>)] = [:]

  /// Ends the text in each of some states.
  ///
  /// A text that is captured is written where other text follows, so that all has to be closed.
  func end(_ exit: StateSet, capturedAt place: Location? = nil) {
    for number in exit.numbers {
      var last = states[number]
      let known = log.refusals.count
      last.endLastLine(log)
      if let place, log.refusals.count == known, let open = last.standingOpen {
        report(
          Diagnostic(
            "the text that is captured here ends \(open)", at: place,
            hint: "end it before, or write a backslash before a mark that is text"))
      }
      last.endLeaf(log)
    }
    collect()
  }

  func body(
    of callable: Callable, from entry: StateSet, variant: Int
  ) -> StateSet {
    let isFresh = entry == .fresh
    var exit: StateSet
    switch callable {
    case .unit(let index):
      let chain = library.chain(of: library.units[index])
      exit = entry
      for (level, unit) in chain.enumerated() {
        let context = Context(unit: unit, chain: chain, level: level, variant: variant)
        if level < chain.count - 1 {
          _ = walk(unit.syntax.body, .fresh, context)
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
    if isFresh { end(exit, capturedAt: captureLocation(of: callable)) }
    return exit
  }

  /// Where the text begins that a callable gives where its text is captured; `nil` for a file, whose
  /// text never is.
  private func captureLocation(of callable: Callable) -> Location? {
    switch callable {
    case .unit: nil
    case .macro, .caller: macros[callable].map { $0.unit.location($0.macro.at) }
    case .loop: loops[callable].map { $0.unit.location($0.loop.items.at) }
    case .block(let chainIndex, let name, let level):
      blockLocation(of: name, in: library.chain(of: library.units[chainIndex])[level])
    }
  }

  private func blockLocation(of name: String, in unit: Unit) -> Location? {
    unit.blocks[name]?.body.first.map { unit.location($0.at) }
  }
}
