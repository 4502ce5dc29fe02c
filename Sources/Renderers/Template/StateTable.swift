/// States of a scanner by their numbers in a table, in rising order.
struct StateSet: Hashable {
  typealias Number = Int32

  private(set) var numbers: [Number] = []

  init() {}

  init(_ number: Number) { numbers = [number] }

  /// The state in which a text begins, alone.
  static let fresh = StateSet(0)

  var isEmpty: Bool { numbers.isEmpty }
  var count: Int { numbers.count }
  var first: Number? { numbers.first }

  mutating func insert(_ number: Number) {
    guard let last = numbers.last, last >= number else {
      numbers.append(number)
      return
    }
    let place = numbers.firstIndex { $0 >= number } ?? numbers.count
    if numbers[place] != number { numbers.insert(number, at: place) }
  }

  mutating func formUnion(_ other: StateSet) {
    if numbers.isEmpty { numbers = other.numbers }
    if numbers == other.numbers { return }
    for number in other.numbers { insert(number) }
  }

  func union(_ other: StateSet) -> StateSet {
    var result = self
    result.formUnion(other)
    return result
  }

  func isSubset(of other: StateSet) -> Bool {
    numbers == other.numbers || numbers.allSatisfy(other.numbers.contains)
  }

  func subtracting(_ other: StateSet) -> StateSet { filter { !other.numbers.contains($0) } }

  func filter(_ isKept: (Number) -> Bool) -> StateSet {
    var result = self
    result.numbers.removeAll { !isKept($0) }
    return result
  }
}

/// Every state that the paths through some templates lead to, each with a number.
///
/// Two states of one kind differ at most in where a code span or a fence that is still open began.
final class StateTable {
  private var states: [ScanState] = []
  private var openings: [ScanState.Openings] = []
  /// The first state of the same kind.
  private var kinds: [StateSet.Number] = []
  private var standings: [String?] = []
  /// The states of each kind, the first of them as the key.
  private var numbers: [ScanState: [StateSet.Number]] = [:]

  init() { _ = number(of: ScanState()) }

  subscript(number: StateSet.Number) -> ScanState { states[Int(number)] }

  func number(of state: ScanState) -> StateSet.Number {
    let opening = state.openings
    let known = numbers[state] ?? []
    for number in known where openings[Int(number)] == opening { return number }
    let number = StateSet.Number(states.count)
    states.append(state)
    openings.append(opening)
    // What a call writes into an open code span or fence belongs to the one that began there: it may
    // have to be lengthened. So each of these is a kind of its own.
    kinds.append(opening == ScanState.Openings() ? known.first ?? number : number)
    standings.append(nil)
    numbers[state, default: []].append(number)
    return number
  }

  /// The first states of the kinds that some states are of.
  func kinds(of set: StateSet) -> StateSet {
    var result = StateSet()
    for number in set.numbers { result.insert(kinds[Int(number)]) }
    return result
  }

  /// What is open in a state, in words.
  func standing(_ number: StateSet.Number) -> String {
    if let known = standings[Int(number)] { return known }
    let standing = states[Int(number)].standing
    standings[Int(number)] = standing
    return standing
  }
}

extension ScanState {
  /// Where what is open began, as far as that matters to what comes.
  struct Openings: Equatable {
    var code: ScanLog.Position?
    var run: ScanLog.Position?
    var fence: ScanLog.Position?
    var line: ScanLog.Position?
  }

  var openings: Openings {
    var result = Openings()
    if let code = inline.code { result.code = code.position.content }
    if let run = inline.run, run.mark == .backtick { result.run = run.position.content }
    if case .fence(let fence) = leaf { result.fence = fence.position.content }
    if case .start(let pending) = phase, pending.contains(where: { $0 == .backtick || $0 == 0x7E })
    {
      result.line = origin.content
    }
    return result
  }
}
