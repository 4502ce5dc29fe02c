import DocModel

/// The items of a loop that are still to come, in pieces that several threads write at the same time.
///
/// Each piece is written by a machine that knows what was known where the pieces begin. What they wrote
/// is taken only where the same would have been written one item after the other: where a piece ends
/// with an error, meets a limit or changes what lies outside the loop, nothing is taken, and the loop
/// goes on as if there had been no pieces.
extension Machine {
  /// How much a loop must still have to write, by what it has written so far, to be worth threads.
  private static let leastDivided = 1 << 20
  /// How many pieces there are at most: more than threads, since one takes longer than another.
  private static let mostPieces = 16

  /// Writes all items of a loop.
  mutating func goThrough(_ items: LoopItems) throws(InvalidInput) {
    let start = output.count
    var done = 0
    // What is left to do is judged anew each time that twice as much is done.
    while done < items.count {
      let next = min(items.count, max(1, done * 2))
      try items.write(done..<next, to: &self)
      done = next
      let left = items.count - done
      if left > 1, (output.count - start) / done * left >= Self.leastDivided,
        divide(items, from: done)
      {
        return
      }
    }
  }

  /// Writes the items from one on in pieces; false where nothing was written, and they come in turn.
  private mutating func divide(_ items: LoopItems, from first: Int) -> Bool {
    // A piece knows nothing of the line that it begins on, so there must be nothing to know.
    guard isDividing, openings.isEmpty, output.last == .lineFeed,
      !(0..<top).contains(where: { slots.cell($0).pointee.value.isStream })
    else { return false }
    let left = items.count - first
    let count = min(left, Self.mostPieces)
    let standpoint = Standpoint(self, pieces: count)
    let pieces = concurrently(Array(0..<count)) { number in
      Piece(
        items, (first + left * number / count)..<(first + left * (number + 1) / count),
        from: standpoint)
    }
    isDividing = take(pieces.compactMap(\.self), of: count)
    return isDividing
  }

  /// Whether values differ from those that a loop was asked about last.
  mutating func hasChanged(_ values: [Value], inLoop position: Int) -> Bool {
    if position < outside.loops { isEntangled = true }
    return loops[position].hasChanged(values)
  }

  /// Takes what all pieces have written, unless that goes beyond a limit.
  private mutating func take(_ pieces: [Piece], of count: Int) -> Bool {
    guard pieces.count == count else { return false }
    let spent = pieces.reduce(Allowance()) { $0 + $1.spent }
    guard allowance.covers(spent), pieces.reduce(0, { $0 + $1.size }) <= output.room else {
      return false
    }
    allowance = allowance - spent
    for piece in pieces { piece.append(to: &output) }
    return true
  }
}

/// The items of a loop that runs, and what is written for each.
struct LoopItems: Sendable {
  private let items: [Value]
  private let binding: LoopBinding
  private let body: Run
  /// Where the loop's state stands, where the body asks for it.
  private let position: Int?

  init(_ items: [Value], given binding: LoopBinding, to body: @escaping Run, loop position: Int?) {
    self.items = items
    self.binding = binding
    self.body = body
    self.position = position
  }

  var count: Int { items.count }

  func write(_ range: Range<Int>, to machine: inout Machine) throws(InvalidInput) {
    for index in range {
      if let position { machine.loops[position].index = index }
      try binding.give(items[index], &machine)
      try body(&machine)
    }
  }
}

/// The names that a loop gives each item to.
struct LoopBinding: Sendable {
  /// The slot, where there is only one name.
  let slot: Int?
  let assign: Compiler.Assign

  @inline(__always)
  func give(_ item: Value, _ machine: inout Machine) throws(InvalidInput) {
    if let slot {
      machine.slots[machine.base &+ slot] = item
    } else {
      try assign(&machine, item)
    }
  }
}

/// What one rendering may still do.
struct Allowance: Sendable {
  /// How many items loops may go through, and calls may be made.
  var steps = 0
  /// How many bytes of values may be made.
  var valueBytes = 0

  static func + (one: Allowance, other: Allowance) -> Allowance {
    Allowance(steps: one.steps + other.steps, valueBytes: one.valueBytes + other.valueBytes)
  }

  static func - (one: Allowance, other: Allowance) -> Allowance {
    Allowance(steps: one.steps - other.steps, valueBytes: one.valueBytes - other.valueBytes)
  }

  func covers(_ spent: Allowance) -> Bool {
    steps >= spent.steps && valueBytes >= spent.valueBytes
  }
}

/// What a machine knows where the pieces of a loop begin.
struct Standpoint: Sendable {
  let program: Program
  let values: Record
  let slots: [Value]
  let base: Int
  let loops: [LoopState]
  let loopNumber: Int
  let namespaces: [[(name: String, value: Value)]]
  let cycles: [Int]
  let drawnIn: [String: Program]
  let callsLeft: Int
  let allowance: Allowance
  /// How many bytes a piece may write: twice its share, so that all of them can't fill the memory.
  let room: Int

  init(_ machine: borrowing Machine, pieces: Int) {
    program = machine.program
    values = machine.values
    slots = (0..<machine.top).map { machine.slots[$0] }
    base = machine.base
    loops = machine.loops
    loopNumber = machine.loopNumber
    namespaces = machine.namespaces
    cycles = machine.cycles
    drawnIn = machine.drawnIn
    callsLeft = machine.callsLeft
    allowance = machine.allowance
    room = machine.output.room / pieces * 2
  }
}

/// What was written for some of a loop's items.
private final class Piece: Sendable {
  private nonisolated(unsafe) let output: Output
  /// What of the limits it took.
  let spent: Allowance

  /// Writes the items; `nil` where they have to be written in turn with the others.
  init?(_ items: LoopItems, _ range: Range<Int>, from standpoint: Standpoint) {
    var machine = Machine(from: standpoint)
    do throws(InvalidInput) {
      for index in range {
        try items.write(index..<(index + 1), to: &machine)
        if machine.isEntangled { return nil }
      }
    } catch {
      return nil
    }
    guard machine.output.last == .lineFeed else { return nil }
    spent = standpoint.allowance - machine.allowance
    output = machine.end()
  }

  /// How many bytes it has written.
  var size: Int { output.count - Machine.lineBefore.utf8CodeUnitCount }

  func append(to other: inout Output) {
    other.append(output, from: Machine.lineBefore.utf8CodeUnitCount)
  }
}
