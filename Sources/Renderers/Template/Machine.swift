import DocModel
import Synchronization

typealias Evaluate = @Sendable (inout Machine) throws(InvalidInput) -> Value
typealias Run = @Sendable (inout Machine) throws(InvalidInput) -> Void

/// A place of a source from which a message can be made.
final class Site: Sendable {
  let source: Source
  let at: Int
  /// The expression that messages speak of.
  private let expression: Expression?

  init(_ source: Source, at: Int, of expression: Expression? = nil) {
    self.source = source
    self.at = at
    self.expression = expression
  }

  /// The site of that of which the expression is an attribute, so many attributes up.
  func base(_ steps: Int) -> Site {
    var base = expression
    for _ in 0..<steps {
      guard case .attribute(let inner, _) = base?.kind else { break }
      base = inner
    }
    return Site(source, at: base?.at ?? at, of: base)
  }

  func failure(_ message: String, hint: String? = nil) -> InvalidInput {
    InvalidInput(Diagnostic(message, at: source.location(offset: at), hint: hint))
  }

  func failure(_ problem: Problem) -> InvalidInput {
    failure(problem.message, hint: problem.hint)
  }

  var undefined: InvalidInput {
    let text = expression?.path ?? ""
    return failure(
      text.isEmpty ? "the value is undefined" : "'\(text)' is undefined",
      hint: "ask 'is defined' first, or give a default with '|default(…)'")
  }
}

/// The body of a template, macro or block, compiled for one place.
final class Function: Sendable {
  let name: String
  /// How many slots a call needs; slot 0 holds where the surrounding function's slots begin.
  let size: Int
  /// Names that come from outside, each with the slot it is put into.
  let free: [(name: String, slot: Int)]
  let parameters: [Parameter]
  /// Slots for `caller`, `varargs` and `kwargs`, where the body uses them.
  let special: Special
  let body: Run
  /// Top-level names that others may import or see in blocks.
  let exports: [(name: String, slot: Int)]

  struct Parameter: Sendable {
    let name: String
    let slot: Int
    let standard: Evaluate?
  }

  struct Special: Sendable {
    var caller: Int?
    var rest: Int?
    var named: Int?
  }

  init(
    name: String, size: Int, free: [(name: String, slot: Int)] = [],
    parameters: [Parameter] = [], special: Special = Special(),
    exports: [(name: String, slot: Int)] = [], body: @escaping Run
  ) {
    self.name = name
    self.size = size
    self.free = free
    self.parameters = parameters
    self.special = special
    self.exports = exports
    self.body = body
  }
}

/// All functions of one compiled template, or of several that were compiled together.
final class Program: Sendable {
  let functions: [Function]
  /// The position of the template's own function.
  private let rootIndex: Int
  /// How many attribute accesses remember where they found their name last.
  let siteCount: Int
  let environment: Environment
  let source: Source
  /// How large the last output was, so that the next one finds room at once.
  let lastSize = Atomic<Int>(0)

  init(
    functions: [Function], root: Int, siteCount: Int, environment: Environment, source: Source
  ) {
    self.functions = functions
    rootIndex = root
    self.siteCount = siteCount
    self.environment = environment
    self.source = source
  }

  /// The template's own function.
  var root: Function { functions[rootIndex] }
}

/// What one rendering knows: the text written so far, the values of names, and what is left of
/// the limits.
struct Machine: ~Copyable {
  private(set) var program: Program
  let values: Record
  var output: Output
  var slots = Slots()
  /// Where the running function's slots begin and where the next one's may begin.
  var base = 0
  var top = 0
  var loops: [LoopState] = []
  /// How many loops have begun.
  var loopNumber = 0
  var namespaces: [[(name: String, value: Value)]] = []
  /// How often each `cycler` and `joiner` was used.
  var cycles: [Int] = []
  /// Templates whose names only this rendering could tell, by name.
  var drawnIn: [String: Program] = [:]
  private(set) var memories: Row<Memory>
  var callsLeft: Int
  var allowance: Allowance
  /// How many bytes this output and all that were begun before it may hold together.
  private var outputLimit: Int
  /// Where the code span or fence began that is being written.
  var openings: [Opening] = []
  /// Whether long loops may still be written in pieces.
  var isDividing = true
  /// How many namespaces, cycles and loops lie outside the piece of a loop that is being written.
  private(set) var outside = (namespaces: 0, cycles: 0, loops: 0)
  /// Whether the piece has changed one of them, so that the pieces are not independent.
  var isEntangled = false

  struct Opening {
    let start: Int
    let length: Int
    let isSpaced: Bool
  }

  /// How many values of names there may be at once.
  private static let slotLimit = 1 << 22

  init(program: Program, values: Record) {
    self.program = program
    self.values = values
    let limits = program.environment.limits
    callsLeft = limits.callDepth
    allowance = Allowance(steps: limits.loopCount, valueBytes: limits.valueSize)
    outputLimit = limits.outputSize
    memories = Row(count: program.siteCount) { _ in Memory(keys: nil, index: 0) }
    output = Output(capacity: program.lastSize.load(ordering: .relaxed), limit: outputLimit)
  }

  /// A machine for a piece of a loop, which begins on a new line.
  init(from standpoint: Standpoint) {
    program = standpoint.program
    values = standpoint.values
    base = standpoint.base
    top = standpoint.slots.count
    loops = standpoint.loops
    loopNumber = standpoint.loopNumber
    namespaces = standpoint.namespaces
    cycles = standpoint.cycles
    drawnIn = standpoint.drawnIn
    callsLeft = standpoint.callsLeft
    allowance = standpoint.allowance
    outputLimit = standpoint.room
    memories = Row(count: standpoint.program.siteCount) { _ in Memory(keys: nil, index: 0) }
    output = Output(limit: outputLimit)
    output.append(Self.lineBefore)
    isDividing = false
    outside = (namespaces.count, cycles.count, loops.count)
    slots.clear(from: 0, count: top)
    for (place, value) in standpoint.slots.enumerated() { slots[place] = value }
  }

  /// What the output of a piece begins with in place of the line before it.
  static let lineBefore: StaticString = "\n"

  /// What was written, with which the machine ends.
  consuming func end() -> Output { output }

  mutating func run() throws(InvalidInput) {
    let function = program.root
    try call(function, base: 0, site: nil) { (machine, base) in
      for (name, slot) in function.free {
        if let value = machine.values[name] { machine.slots[base + slot] = value }
      }
    }
    output.settleGaps()
    if output.isFull { throw outputFailure(nil) }
    program.lastSize.store(output.count, ordering: .relaxed)
  }

  /// Gives a function fresh slots, lets `prepare` fill them, and runs its body.
  mutating func call(
    _ function: Function, base outer: Int, site: Site?,
    prepare: (inout Machine, Int) throws(InvalidInput) -> Void
  ) throws(InvalidInput) {
    guard callsLeft > 0 else {
      let limit = program.environment.limits.callDepth
      let message = "macros, includes and loops call each other more than \(limit) deep"
      throw site?.failure(message, hint: "a call that leads back to itself needs an end")
        ?? InvalidInput(Diagnostic(message))
    }
    allowance.steps -= 1
    guard allowance.steps >= 0 else {
      let limit = program.environment.limits.loopCount
      let message = "loops and calls take more than \(limit) steps"
      throw site?.failure(message) ?? InvalidInput(Diagnostic(message))
    }
    let savedBase = base
    let savedTop = top
    let newBase = top
    top = newBase + function.size
    guard top <= Self.slotLimit else {
      top = savedTop
      throw site?.failure("the names of all running macros and imported templates are too many")
        ?? InvalidInput(Diagnostic("the template has too many names"))
    }
    slots.clear(from: newBase, count: function.size)
    slots[newBase] = .int(outer)
    callsLeft -= 1
    defer {
      callsLeft += 1
      base = savedBase
      top = savedTop
    }
    try prepare(&self, newBase)
    base = newBase
    try function.body(&self)
  }

  /// Does some work within another program, whose functions see the same slots and limits.
  mutating func within(
    _ other: Program, _ work: (inout Machine) throws(InvalidInput) -> Void
  ) throws(InvalidInput) {
    if other === program { return try work(&self) }
    let own = program
    var remembered = Row(count: other.siteCount) { _ in Memory(keys: nil, index: 0) }
    swap(&memories, &remembered)
    program = other
    defer {
      program = own
      swap(&memories, &remembered)
    }
    try work(&self)
  }

  /// Counts a value that was made by what it takes, so that neither many nor large ones fill the
  /// memory.
  mutating func count(_ value: Value) throws(Problem) {
    let size =
      switch value {
      case .text(let text), .markdown(let text), .rendered(let text): text.utf8.count
      case .foreign(let foreign): foreign.text.utf8.count
      case .list(let items), .tuple(let items): items.count &* 8
      default: 0
      }
    allowance.valueBytes -= size
    let limits = program.environment.limits
    guard size <= limits.outputSize else {
      throw Problem("the value is larger than the limit of \(limits.outputSize) bytes")
    }
    guard allowance.valueBytes >= 0 else {
      throw Problem(
        "the values that the template makes are larger than \(limits.valueSize) bytes together")
    }
  }

  func outputFailure(_ site: Site?) -> InvalidInput {
    let limit = program.environment.limits.outputSize
    let message = "the output is larger than the limit of \(limit) bytes"
    return site?.failure(message) ?? InvalidInput(Diagnostic(message))
  }

  /// Runs a body and gives what it wrote instead of writing it.
  mutating func capture(_ body: Run) throws(InvalidInput) -> String {
    let limit = outputLimit
    outputLimit -= output.count
    var other = Output(limit: outputLimit)
    swap(&other, &output)
    defer {
      swap(&other, &output)
      outputLimit = limit
    }
    try body(&self)
    output.settleGaps()
    if output.isFull { throw outputFailure(nil) }
    let text = output.text
    do throws(Problem) {
      try count(.text(text))
    } catch {
      throw InvalidInput(Diagnostic(error.message))
    }
    return text
  }

  /// The slots of the function around the running one, `level` steps out.
  func outerBase(_ level: Int) -> Int {
    var result = base
    for _ in 0..<level {
      guard case .int(let next) = slots[result] else { return result }
      result = next
    }
    return result
  }
}

/// Where a running loop stands.
struct LoopState {
  var index = 0
  let items: [Value]
  let depth: Int
  /// The number of the loop among all that have begun.
  let number: Int
  var changed: [Value]?
}
