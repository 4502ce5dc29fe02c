import DocModel

/// What the compiler asks about the places in templates, by the numbers of variants, templates and
/// statements.
///
/// `Analysis` finds it out by following every path; `ReadyPlaces` holds what was found out before.
protocol Places: AnyObject {
  /// What is wrong with the places.
  var problems: [Diagnostic] { get }
  /// The place of a value.
  func place(_ variant: Int, _ unit: Int, _ statement: Int) -> Place?
  /// The variant that a call, include or block runs; `nil` where its text is captured.
  func callee(_ variant: Int, _ unit: Int, _ statement: Int) -> Int?
  /// The marks in a literal.
  func marks(_ variant: Int, _ unit: Int, _ statement: Int) -> [Mark]
  /// The variants of a callable that some call uses.
  func variants(of callable: Analysis.Callable) -> [Int]
  /// The variant of a callable whose text stands on its own.
  func fresh(_ callable: Analysis.Callable) -> Int
}

extension Analysis: Places {}

/// The places in templates that the program carries, found out before it was built.
///
/// They hold for a template when it and all that it draws in are the bytes they were made from.
final class ReadyPlaces: Places {
  /// What the program carries: the templates, and what is known of their places.
  struct Carried: Sendable {
    let form: Form
    /// Whether bytes are those of the template of a name.
    let isTemplate: @Sendable (_ name: String, _ bytes: [UInt8]) -> Bool
    /// The syntax of a template, where that is known too.
    var syntax: @Sendable (Source, _ name: String) -> Syntax? = { _, _ in nil }
  }

  let problems: [Diagnostic] = []
  /// Whether something was asked for that is not here: what asks has changed since.
  private(set) var isOutdated = false

  private let form: Form
  private let carried: Carried
  private let library: Library
  private let byCallable: [Analysis.Callable: [Int]]
  /// The form's number of each template of the library that was looked at, or `nil` where it is not
  /// one that the form was made from.
  private var numbers: [Int??] = []

  init(_ carried: Carried, in library: Library) {
    form = carried.form
    self.carried = carried
    self.library = library
    let variants = form.variants
    byCallable = Dictionary(grouping: variants.indices) { variants[$0].callable }
  }

  /// Whether a template and all that it draws in are what the form was made from.
  func hold(for root: Unit) -> Bool {
    var visited: Set = [root.index]
    var waiting = [root]
    while let unit = waiting.popLast() {
      let number = looked(unit.index) ?? number(of: unit)
      while numbers.count <= unit.index { numbers.append(nil) }
      numbers[unit.index] = number
      if number == nil { return false }
      // A template that was missing then and is there now is none of the form's, either.
      for name in unit.references.keys {
        if let next = library.unit(named: name), visited.insert(next.index).inserted {
          waiting.append(next)
        }
      }
    }
    return true
  }

  /// What is known of a template of the library; `nil` where it was not looked at.
  private func looked(_ unit: Int) -> Int?? { unit < numbers.count ? numbers[unit] : nil }

  private func number(of unit: Unit) -> Int? {
    let bytes = unit.syntax.source.bytes
    // A translation has places of its own.
    guard !unit.syntax.isTranslated,
      let number = form.units.firstIndex(where: { $0.name == unit.name }),
      form.units[number].fingerprint == Fingerprint(of: bytes),
      carried.isTemplate(unit.name, bytes)
    else { return nil }
    return number
  }

  // MARK: - Answers

  func place(_ variant: Int, _ unit: Int, _ statement: Int) -> Place? {
    entry(variant, unit, statement)?.place.map { form.places[$0] }
  }

  func callee(_ variant: Int, _ unit: Int, _ statement: Int) -> Int? {
    entry(variant, unit, statement)?.callee
  }

  func marks(_ variant: Int, _ unit: Int, _ statement: Int) -> [Mark] {
    entry(variant, unit, statement)?.marks.map { form.marks[$0] } ?? []
  }

  func variants(of callable: Analysis.Callable) -> [Int] {
    number(callable).flatMap { byCallable[$0] } ?? []
  }

  func fresh(_ callable: Analysis.Callable) -> Int {
    if let fresh = variants(of: callable).first(where: { form.variants[$0].isFresh }) {
      return fresh
    }
    isOutdated = true
    return 0
  }

  private func entry(_ variant: Int, _ unit: Int, _ statement: Int) -> Form.Entry? {
    guard let unit = looked(unit) ?? nil, form.variants.indices.contains(variant) else {
      return nil
    }
    let entries = form.variants[variant].entries
    var low = entries.startIndex
    var high = entries.endIndex
    while low < high {
      let middle = (low + high) / 2
      let entry = entries[middle]
      if (entry.unit, entry.statement) < (unit, statement) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    guard low < entries.endIndex, entries[low].unit == unit, entries[low].statement == statement
    else { return nil }
    return entries[low]
  }

  /// A callable by the form's numbers of templates.
  private func number(_ callable: Analysis.Callable) -> Analysis.Callable? {
    func number(_ unit: Int) -> Int? { looked(unit) ?? nil }
    switch callable {
    case .unit(let unit): return number(unit).map { .unit($0) }
    case .macro(let unit, let at): return number(unit).map { .macro(unit: $0, at: at) }
    case .loop(let unit, let statement):
      return number(unit).map { .loop(unit: $0, statement: statement) }
    case .caller(let unit, let statement):
      return number(unit).map { .caller(unit: $0, statement: statement) }
    case .block(let chain, let name, let level):
      return number(chain).map { .block(chain: $0, name: name, level: level) }
    }
  }
}

extension Environment {
  /// What is known already of the places in a library's templates; `nil` where nothing is, or where
  /// other options, limits or words than usual could lead to other places.
  func readyPlaces(in library: Library) -> ReadyPlaces? {
    carriedAsUsual.map { ReadyPlaces($0, in: library) }
  }

  /// The syntax of a template that is as the program carries it, where it is known already.
  func readySyntax(of source: Source, named name: String) -> Syntax? {
    guard let carried = carriedAsUsual, carried.isTemplate(name, source.bytes) else { return nil }
    return carried.syntax(source, name)
  }

  /// What is known already, where options, limits and words are those that it was found out with.
  private var carriedAsUsual: ReadyPlaces.Carried? {
    options == TemplateOptions() && limits == Limits() && language.isOriginal ? carried : nil
  }

  /// What follows the paths through a library's templates; `nil` where nothing is escaped.
  func analysis(of library: Library) -> Analysis? {
    options.escaping == .markdown ? Analysis(library: library, limits: limits) : nil
  }
}
