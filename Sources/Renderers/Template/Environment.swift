public import DocModel

/// What a function such as `answer('sizing.diagram')` gives for an identifier.
///
/// The identifier is known when a template is compiled, and one that there is not is an error then.
public struct Lookup: Sendable {
  /// The name of the record that has what is looked up, by identifier.
  public let record: String
  /// What of it is given.
  public let member: String

  /// Looks up a member of what a record has.
  public init(_ member: String, in record: String) {
    self.record = record
    self.member = member
  }
}

/// Where templates come from, what they may name, and how they are compiled.
///
///     let environment = Environment(names: shape) { name in files[name] }
///     let template = try environment.template(named: "rfp.md.jinja")
///     let markdown = try template.render(["project": project])
///
/// An environment is a value: change its lists before templates are compiled with it.
public struct Environment: Sendable {
  /// Finds a template by its name; `nil` where there is none.
  public typealias Loader = @Sendable (String) throws(InvalidInput) -> Source?

  /// What templates may name, so that a misspelt name is found when a template is compiled.
  public var names: Shape
  /// Filters by name: Jinja's own, those of the field, and the host's.
  public var filters: [String: Filter] = Filter.builtIn
  /// Tests by name: Jinja's own and the host's.
  public var tests: [String: Test] = Test.builtIn
  /// Functions of the host, whose calls are checked when a template is compiled.
  public var functions: [String: FunctionSignature] = [:]
  /// Functions that look an identifier up, such as `answer('sizing.diagram')`, by their names.
  public var lookups: [String: Lookup] = [:]
  /// The language that templates are compiled for: their messages are replaced by its translations,
  /// and filters write dates and numbers in its way.
  public var language = Language.english
  /// How templates are read and what happens to values.
  public var options: TemplateOptions
  /// What one template may ask for.
  public var limits = Limits()
  let loader: Loader
  /// What is known already of the places in templates that the program carries.
  var carried: ReadyPlaces.Carried?

  /// Makes an environment whose templates are found by a function.
  public init(
    names: Shape = .any, options: TemplateOptions = TemplateOptions(), loader: @escaping Loader
  ) {
    self.names = names
    self.options = options
    self.loader = loader
  }

  /// Makes an environment without templates to draw in.
  public init(names: Shape = .any, options: TemplateOptions = TemplateOptions()) {
    self.init(names: names, options: options) { (_) throws(InvalidInput) -> Source? in nil }
  }

  /// Compiles the template of a name and all that it draws in.
  ///
  /// - Throws: `InvalidInput` with every problem found in it and in the templates it draws in.
  public func template(named name: String) throws(InvalidInput) -> Template {
    guard let source = try loader(name) else {
      throw InvalidInput(Diagnostic("there is no template '\(name)'"))
    }
    return try template(source)
  }

  /// Compiles the templates of some names; what several of them draw in is read only once.
  ///
  /// - Throws: `InvalidInput` with every problem found in the first template that has one.
  public func templates(named names: [String]) throws(InvalidInput) -> [Template] {
    if let compiled = Compiler.compile(names, environment: self) {
      return zip(names, compiled).map { Template(name: $0, program: $1.program, mentions: $1.uses) }
    }
    var templates: [Template] = []
    for name in names { templates.append(try template(named: name)) }
    return templates
  }

  /// Compiles those templates of some names that are as the program carries them, all together.
  ///
  /// Nobody asks what they use: their names are tested. What they were compiled from comes with them.
  func carriedTemplates(named names: [String]) -> (templates: [Template?], origin: AnyObject) {
    let (programs, compiler) = Compiler.compileCarried(names, environment: self)
    let templates = zip(names, programs).map { name, program in
      program.map { Template(name: name, program: $0, mentions: []) }
    }
    return (templates, compiler)
  }

  /// Compiles a template and all that it draws in.
  ///
  /// - Throws: `InvalidInput` with every problem found in it and in the templates it draws in.
  public func template(_ source: Source) throws(InvalidInput) -> Template {
    try Template(source, environment: self)
  }
}

/// A compiled template, which can be rendered many times and in many threads at once.
public struct Template: Sendable {
  /// The name of its source.
  public let name: String
  /// Each use of a name that comes from outside the template, in the order of compiling.
  public var uses: [Use] {
    var seen: Set<Use> = []
    return mentions.compactMap { mention in
      let use = Use(
        path: mention.expression.path, location: mention.source.location(offset: mention.at))
      return seen.insert(use).inserted ? use : nil
    }
  }
  let program: Program
  private let mentions: [Mention]

  /// A use that has not been put into words yet, nor its line and column counted.
  struct Mention: Sendable {
    let expression: Expression
    let source: Source
    let at: Int
  }

  /// One use of a name that comes from outside.
  public struct Use: Sendable, Hashable {
    /// The name with the attributes that follow it, such as `programme.client`.
    public let path: String
    /// Where it stands.
    public let location: Location
  }

  fileprivate init(name: String, program: Program, mentions: [Mention]) {
    self.name = name
    self.program = program
    self.mentions = mentions
  }

  init(_ source: Source, environment: Environment) throws(InvalidInput) {
    name = source.name
    let compiled = try Compiler.compile(source, environment: environment)
    program = compiled.program
    mentions = compiled.uses
  }

  /// Renders the template with values by name.
  ///
  /// - Throws: `InvalidInput` where a value does not fit what the template does with it, or a limit
  ///   is passed.
  public func render(_ values: Record) throws(InvalidInput) -> [UInt8] {
    var machine = Machine(program: program, values: values)
    try machine.run()
    return machine.output.bytes
  }

  /// Renders the template with values by name.
  ///
  /// - Throws: as `render(_:)` with a record.
  public func render(_ values: KeyValuePairs<String, Value>) throws(InvalidInput) -> String {
    let record = Record(Keys(values.map(\.key)), values.map(\.value))
    var machine = Machine(program: program, values: record)
    try machine.run()
    return machine.output.text
  }
}
