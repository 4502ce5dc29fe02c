import DocModel
import Synchronization

/// A value of the engine's own: what templates can do with it as they do with other values.
protocol EngineObject: Value.Object {
  /// What a template shows of it.
  var text: String { get }
  /// Whether a condition holds for it.
  var isTrue: Bool { get }
  /// What a loop goes through, or `nil` where there is nothing to go through.
  func elements() -> [Value]?
  /// How many items it has, or `nil` where it cannot tell.
  var count: Int? { get }
  /// The value of an attribute.
  func member(_ name: String, in machine: borrowing Machine) -> Value
  /// What calling one of its methods gives, or `nil` where it has no such method.
  func call(
    _ method: String?, _ arguments: [Value], in machine: inout Machine
  ) throws(Problem) -> Value?
}

extension EngineObject {
  var text: String { "<\(kind)>" }
  var isTrue: Bool { true }
  func elements() -> [Value]? { nil }
  var count: Int? { nil }
  func member(_ name: String, in machine: borrowing Machine) -> Value { .undefined }
  func call(
    _ method: String?, _ arguments: [Value], in machine: inout Machine
  ) throws(Problem) -> Value? { nil }
}

/// Items that Python makes one by one or shows as a view: what `range`, the methods `items`, `keys`
/// and `values` of a record, and filters such as `map` and `select` give.
///
/// A stream, as a filter gives it, can be gone through once and does not know its length.
final class Series: EngineObject {
  enum Form: Sendable, Equatable {
    case range(start: Int, stop: Int, step: Int)
    case keys
    case values
    case items
    case stream

    var isRange: Bool { if case .range = self { true } else { false } }
  }

  let form: Form
  /// What it consists of, whether or not it was gone through.
  let items: [Value]
  private let isUsed = Atomic(false)

  init(_ form: Form, _ items: [Value]) {
    self.form = form
    self.items = items
  }

  var kind: String {
    switch form {
    case .range: "range"
    case .keys, .values, .items: "view of a record"
    case .stream: "stream of items"
    }
  }

  var text: String {
    switch form {
    case .range(let start, let stop, let step):
      step == 1 ? "range(\(start), \(stop))" : "range(\(start), \(stop), \(step))"
    case .keys: "dict_keys(\(Value.list(items).shownText))"
    case .values: "dict_values(\(Value.list(items).shownText))"
    case .items: "dict_items(\(Value.list(items).shownText))"
    case .stream: "<generator>"
    }
  }

  var isTrue: Bool { form == .stream || !items.isEmpty }

  func elements() -> [Value]? {
    guard form == .stream else { return items }
    return isUsed.exchange(true, ordering: .relaxed) ? nil : items
  }

  var count: Int? { form == .stream ? nil : items.count }

  /// Whether it was gone through, so that nothing is left of it.
  var isSpent: Bool { isUsed.load(ordering: .relaxed) }

  static let spent = Problem(
    "these items were gone through before", hint: "write '|list' where they are made")
}

/// What an inline `if` without `else` gives when its condition does not hold: nothing at all, which
/// is shown as an empty text even where undefined names are errors.
final class Nothing: EngineObject {
  static let value = Value.object(Nothing())
  let kind = "missing value"
  var text: String { "" }
  var isTrue: Bool { false }
  func elements() -> [Value]? { [] }
  var count: Int? { 0 }
}

/// An argument that a call left out, for which the macro's default value is taken.
final class LeftOut: Value.Object {
  static let value = Value.object(LeftOut())
  let kind = "missing argument"
}

/// A macro as a value: its variants by the place it is called in, and the slots it may see.
final class MacroValue: EngineObject {
  let kind = "macro"
  let name: String
  /// The function for a call whose place is not known when compiling.
  let function: Int
  let base: Int
  /// The program that the function belongs to.
  let program: Program

  init(name: String, function: Int, base: Int, program: Program) {
    self.name = name
    self.function = function
    self.base = base
    self.program = program
  }

  var text: String { "<Macro '\(name)'>" }

  func member(_ name: String, in machine: borrowing Machine) -> Value {
    let function = program.functions[function]
    switch name {
    case "name": return .text(self.name)
    case "arguments": return .tuple(function.parameters.map { .text($0.name) })
    case "catch_varargs": return .bool(function.special.rest != nil)
    case "catch_kwargs": return .bool(function.special.named != nil)
    case "caller": return .bool(function.special.caller != nil)
    default: return .undefined
    }
  }
}

/// An imported template as a value: the names that it defines.
final class ModuleValue: EngineObject {
  let kind = "imported template"
  let names: Record
  /// What the template wrote while it was imported.
  let text: String

  init(names: Record, text: String) {
    self.names = names
    self.text = text
  }

  func member(_ name: String, in machine: borrowing Machine) -> Value { names[name] ?? .undefined }
}

/// A namespace as a value; its attributes are kept by the machine.
final class NamespaceValue: EngineObject {
  let kind = "namespace"
  let index: Int

  init(index: Int) { self.index = index }

  func member(_ name: String, in machine: borrowing Machine) -> Value {
    machine.value(of: name, in: self)
  }
}

/// What `cycler(…)` and `joiner(…)` give; how often it was used is kept by the machine.
final class CycleValue: EngineObject {
  let items: [Value]
  /// Whether it is called itself and gives its text from the second time on.
  let isJoiner: Bool
  private let index: Int

  init(_ items: [Value], isJoiner: Bool, index: Int) {
    self.items = items
    self.isJoiner = isJoiner
    self.index = index
  }

  var kind: String { isJoiner ? "joiner" : "cycler" }

  func member(_ name: String, in machine: borrowing Machine) -> Value {
    !isJoiner && name == "current" ? items[machine.cycles[index] % items.count] : .undefined
  }

  func call(
    _ method: String?, _ arguments: [Value], in machine: inout Machine
  ) throws(Problem) -> Value? {
    let methods: [String?] = isJoiner ? [nil] : ["next", "reset"]
    guard methods.contains(method) else { return nil }
    guard arguments.isEmpty else { throw Problem("a \(kind) is called without arguments") }
    let count = machine.cycles[index]
    if index < machine.outside.cycles { machine.isEntangled = true }
    machine.cycles[index] = method == "reset" ? 0 : count + 1
    switch method {
    case "next": return items[count % items.count]
    case "reset": return Value.none
    default: return count == 0 ? .text("") : items[0]
    }
  }
}

/// `loop` as a value: where its loop stands, for as long as it runs.
final class LoopValue: EngineObject {
  let kind = "loop"
  let position: Int
  let number: Int
  let last: LoopState

  init(position: Int, _ state: LoopState) {
    self.position = position
    number = state.number
    last = state
  }

  var text: String { "<LoopContext \(last.index + 1)/\(last.items.count)>" }
  var isTrue: Bool { !last.items.isEmpty }
  var count: Int? { last.items.count }

  func member(_ name: String, in machine: borrowing Machine) -> Value {
    let isRunning =
      machine.loops.indices.contains(position) && machine.loops[position].number == number
    let state = isRunning ? machine.loops[position] : last
    return state.attribute(name) ?? .undefined
  }

  func call(
    _ method: String?, _ arguments: [Value], in machine: inout Machine
  ) throws(Problem) -> Value? {
    guard machine.loops.indices.contains(position), machine.loops[position].number == number
    else { throw Problem("the loop has ended") }
    switch method {
    case "cycle": return try machine.loops[position].cycle(arguments)
    case "changed": return .bool(machine.hasChanged(arguments, inLoop: position))
    default: return nil
    }
  }
}

extension LoopState {
  static let attributes = [
    "index", "index0", "revindex", "revindex0", "first", "last", "length", "depth", "depth0",
    "previtem", "nextitem", "cycle", "changed",
  ]

  /// What an attribute of `loop` is.
  func attribute(_ name: String) -> Value? {
    switch name {
    case "index": .int(index + 1)
    case "index0": .int(index)
    case "revindex": .int(items.count - index)
    case "revindex0": .int(items.count - index - 1)
    case "first": .bool(index == 0)
    case "last": .bool(index == items.count - 1)
    case "length": .int(items.count)
    case "depth": .int(depth + 1)
    case "depth0": .int(depth)
    case "previtem": index > 0 ? items[index - 1] : .undefined
    case "nextitem": index + 1 < items.count ? items[index + 1] : .undefined
    default: nil
    }
  }

  func cycle(_ values: [Value]) throws(Problem) -> Value {
    guard !values.isEmpty else { throw Problem("'loop.cycle' needs values") }
    return values[index % values.count]
  }

  mutating func hasChanged(_ values: [Value]) -> Bool {
    let before = changed
    changed = values
    return !(before.map { Value.equal(.list($0), .list(values)) } ?? false)
  }
}
