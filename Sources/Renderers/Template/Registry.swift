public import DocModel

/// Why a filter, a test or a function has no result; the engine adds the place.
public struct Problem: Error, Sendable {
  /// What is wrong: lower case, no full stop.
  public let message: String
  /// What to write instead, where the message does not say it.
  public let hint: String?

  /// Names a problem.
  public init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }

  static let divisionByZero = Problem("division by zero")
}

/// The arguments of a filter, test or function, in the order of its parameters.
public struct Arguments: Sendable {
  /// One value for each parameter; `nil` where it was left out.
  public let values: [Value?]
  /// What was given beyond the parameters, where a parameter `*` allows that.
  public let rest: [Value]
  /// Named arguments beyond the parameters, where a parameter `**` allows that.
  public let named: [(name: String, value: Value)]
  /// The filters and tests there are, for those that apply others.
  let environment: SharedEnvironment?

  init(
    _ values: [Value?], rest: [Value] = [], named: [(name: String, value: Value)] = [],
    environment: SharedEnvironment? = nil
  ) {
    self.values = values
    self.rest = rest
    self.named = named
    self.environment = environment
  }

  /// Whether values are fitted to their places in the Markdown.
  var escapes: Bool { environment?.value.options.escaping != TemplateOptions.Escaping.none }

  /// How many bytes a text may have.
  var textLimit: Int { environment?.value.limits.outputSize ?? Limits().outputSize }

  /// The argument of a parameter, or `nil` where it was left out.
  public subscript(index: Int) -> Value? {
    index < values.count ? values[index] : nil
  }

  /// A text argument, or a standard one where it was left out.
  public func text(_ index: Int, _ standard: String = "") throws(Problem) -> String {
    guard let value = self[index] else { return standard }
    guard let text = value.string else {
      throw Problem("argument \(index + 1) is \(value.typeName), but text is needed")
    }
    return text
  }

  /// A whole number as argument, or a standard one where it was left out.
  public func integer(_ index: Int, _ standard: Int = 0) throws(Problem) -> Int {
    guard let value = self[index] else { return standard }
    guard let number = value.integer else {
      throw Problem("argument \(index + 1) is \(value.typeName), but a whole number is needed")
    }
    return number
  }

  /// A Boolean as argument, or a standard one where it was left out.
  public func flag(_ index: Int, _ standard: Bool = false) -> Bool {
    self[index]?.isTrue ?? standard
  }
}

/// What stands behind `|` in a template: a function from a value to a value.
///
///     environment.filters["shout"] = Filter(["mark="]) { value, arguments throws(Problem) in
///       .text(value.shown.uppercased() + (try arguments.text(0, "!")))
///     }
public struct Filter: Sendable {
  /// The work that a filter does.
  public typealias Function = @Sendable (Value, Arguments) throws(Problem) -> Value

  /// The names of its parameters in order; one that ends in `=` may be left out, `*` takes any
  /// further arguments and `**` any further named ones.
  public let parameters: [String]
  /// Whether it also works on a name that means nothing.
  public let acceptsUndefined: Bool
  let function: Function

  /// Declares a filter without parameters.
  public init(_ function: @escaping Function) { self.init([], function) }

  /// Declares a filter.
  public init(
    _ parameters: [String], acceptsUndefined: Bool = false, _ function: @escaping Function
  ) {
    self.parameters = parameters
    self.acceptsUndefined = acceptsUndefined
    self.function = function
  }
}

/// What stands behind `is` in a template: a question about a value.
public struct Test: Sendable {
  /// The work that a test does.
  public typealias Function = @Sendable (Value, Arguments) throws(Problem) -> Bool

  /// The names of its parameters in order, as for a filter.
  public let parameters: [String]
  /// Whether it may be asked of a name that means nothing.
  public let acceptsUndefined: Bool
  let function: Function

  /// Declares a test without parameters.
  public init(_ function: @escaping Function) { self.init([], function) }

  /// Declares a test.
  public init(
    _ parameters: [String], acceptsUndefined: Bool = false, _ function: @escaping Function
  ) {
    self.parameters = parameters
    self.acceptsUndefined = acceptsUndefined
    self.function = function
  }
}

/// A function that the host offers to templates and whose calls are checked when they are compiled.
///
/// The work itself comes with the values of a rendering, as `Value.function` under the same name.
public struct FunctionSignature: Sendable {
  /// What a call gives, judged by its arguments; `nil` stands for one that is not constant.
  public typealias Check = @Sendable ([Value?]) throws(Problem) -> Shape

  let check: Check

  /// Declares a function by the check that its calls go through.
  public init(_ check: @escaping Check) { self.check = check }
}

extension Value {
  /// The value as a template shows it where nothing is escaped.
  public var shown: String { shownText }
}

extension Filter {
  /// The names of a filter's parameters without the marks.
  static func name(of parameter: String) -> String {
    parameter.hasSuffix("=") ? String(parameter.dropLast()) : parameter
  }

  /// Puts a call's arguments into the order of the parameters, or says what does not fit.
  static func bind(
    _ parameters: [String], positional: Int, named: [String], what: @autoclosure () -> String
  ) -> Result<Binding, Problem> {
    let fixed = parameters.filter { !$0.hasPrefix("*") }
    var slots: [Binding.Slot?] = Array(repeating: nil, count: fixed.count)
    var rest: [Int] = []
    var more: [Int] = []
    for index in 0..<positional {
      if index < fixed.count {
        slots[index] = .positional(index)
      } else if parameters.contains("*") {
        rest.append(index)
      } else {
        let most = fixed.count == 1 ? "one argument" : "\(fixed.count) arguments"
        return .failure(
          Problem("\(what()) takes \(fixed.isEmpty ? "no arguments" : "at most \(most)")"))
      }
    }
    for (index, name) in named.enumerated() {
      if let place = fixed.firstIndex(where: { Filter.name(of: $0) == name }) {
        guard slots[place] == nil else {
          return .failure(Problem("\(what()) is given '\(name)' twice"))
        }
        slots[place] = .named(index)
      } else if parameters.contains("**") {
        more.append(index)
      } else {
        let near = nearest(to: name, among: fixed.map(Filter.name))
        return .failure(
          Problem(
            "\(what()) has no argument '\(name)'", hint: near.map { "did you mean '\($0)'?" }))
      }
    }
    for (place, slot) in slots.enumerated() where slot == nil && !fixed[place].hasSuffix("=") {
      return .failure(Problem("\(what()) needs the argument '\(fixed[place])'"))
    }
    return .success(Binding(slots: slots, rest: rest, more: more))
  }

  /// Where each parameter's value comes from in a call.
  struct Binding: Sendable {
    enum Slot: Sendable {
      case positional(Int)
      case named(Int)
    }
    let slots: [Slot?]
    let rest: [Int]
    let more: [Int]
  }
}

/// An environment by reference: it is large, and each call of a filter hands it on.
final class SharedEnvironment: Sendable {
  let value: Environment

  init(_ value: Environment) { self.value = value }
}
