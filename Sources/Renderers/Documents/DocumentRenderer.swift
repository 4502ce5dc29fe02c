public import DocModel

/// Turns the models of projects that follow one guide into documents.
///
///     let renderer = try DocumentRenderer([.rfp], for: project.guide, in: world)
///     let rfp = try renderer.render(.rfp, DocumentModel(assessment))
///     try rfp.page().html
///
/// All templates are compiled when it is made, so that what is wrong with one is known at once; then
/// it renders any number of projects, in any number of threads.
public struct DocumentRenderer: Sendable {
  /// Compiled templates by the names of their documents.
  private let templates: [String: Template]
  private let layout: Template
  private let language: Language

  /// Makes a renderer for projects of one guide.
  ///
  /// - Parameters:
  ///   - documents: The documents that it will make; a host may add some of its own.
  ///   - guide: The guide whose names the templates may use.
  ///   - language: The language of the documents' own words.
  ///   - world: Where templates come from: those in its folder `templates` take the place of those
  ///     that the library carries, which are used for all others.
  ///   - extend: Adds filters, tests and functions of the host.
  /// - Throws: `InvalidInput` with all that is wrong with the first template that has an error.
  public init(
    _ documents: [Document] = Document.all, for guide: Guide, language: Language = .english,
    in world: (any World)? = nil, extend: ((inout Environment) -> Void)? = nil
  ) throws(InvalidInput) {
    try self.init(
      documents, names: DocumentModel.names(for: guide), language: language, in: world,
      extend: extend)
  }

  /// Makes a renderer for documents whose templates may use some names.
  ///
  /// `names`: such as those of `TenderModel`, `BidModel` and `ComparisonModel`.
  /// - Throws: as `init(_:for:language:in:extend:)`.
  public init(
    _ documents: [Document], names: RecordShape, language: Language = .english,
    in world: (any World)? = nil, extend: ((inout Environment) -> Void)? = nil
  ) throws(InvalidInput) {
    let isCarried = extend == nil && language.isOriginal
    let carried = try CarriedTemplates(isCarried ? documents : [], in: world)
    try self.init(
      documents, names: names, language: language, in: world, carried, extend: extend)
  }

  /// Makes a renderer with what was compiled already.
  package init(
    _ documents: [Document], names: @autoclosure () -> RecordShape, language: Language,
    in world: (any World)?, _ carried: CarriedTemplates,
    extend: ((inout Environment) -> Void)? = nil
  ) throws(InvalidInput) {
    // What was compiled already is English.
    var templates = language.isOriginal ? carried.templates : [:]
    let rest = documents.filter { templates[$0.id] == nil }
    if !rest.isEmpty {
      var environment = Self.environment(names: .record(names()), language: language, in: world)
      extend?(&environment)
      let compiled = try environment.templates(named: rest.map(\.templateName))
      for (document, template) in zip(rest, compiled) { templates[document.id] = template }
    }
    self.templates = templates
    self.language = language
    layout = language.isOriginal ? carried.layout : try HTMLPage.layout(in: language)
  }

  /// The functions of documents' templates that look an identifier up.
  package static let lookups = ["answer": Lookup("answer", in: "answers")]

  /// What templates are compiled with.
  static func environment(
    names: Shape, language: Language = .english, in world: (any World)?
  ) -> Environment {
    var environment = Environment(names: names) { name throws(InvalidInput) in
      if let own = try world?.template(name) { return own }
      return try BuiltInTemplates.source(name)
    }
    environment.language = language
    environment.lookups = lookups
    environment.carried = BuiltInTemplates.carried
    return environment
  }

  /// Writes one document in Markdown.
  ///
  /// - Throws: `InvalidInput` where the renderer was not made for the document, or a value passes a
  ///   limit.
  public func render(
    _ document: Document, _ model: some DocumentSource
  ) throws(InvalidInput) -> RenderedDocument {
    guard let template = templates[document.id] else {
      throw InvalidInput(
        Diagnostic("the renderer does not know the document '\(document.id)'"))
    }
    return RenderedDocument(
      document: document,
      markdown: try template.render(model.values(for: document, in: language)),
      language: model.language, words: language,
      publisher: model.publisher, layout: layout)
  }
}

/// The templates of documents that are as the library carries them, compiled before it is known which
/// guide they will speak of: that they name only what every guide has is tested.
package struct CarriedTemplates: Sendable {
  /// Compiled templates by the names of their documents.
  let templates: [String: Template]
  let layout: Template
  /// What they were compiled from.
  ///
  /// To take it apart takes a tenth of the time to compile it, which a process that is about to end
  /// need not spend.
  private nonisolated(unsafe) let origin: AnyObject

  /// Compiles the templates of some documents; those that a world has templates of its own for are
  /// left out.
  package init(
    _ documents: [Document], in world: (any World)? = nil
  ) throws(InvalidInput) {
    layout = try HTMLPage.layout()
    let environment = DocumentRenderer.environment(names: .any, in: world)
    let carried = environment.carriedTemplates(named: documents.map(\.templateName))
    templates = Dictionary(
      zip(documents, carried.templates).compactMap { document, template in
        template.map { (document.id, $0) }
      }
    ) { first, _ in first }
    origin = carried.origin
  }
}

extension World {
  /// A template of a name in the folder `templates`, out of which no name leads.
  fileprivate func template(_ name: String) throws(InvalidInput) -> Source? {
    let slash = UInt8(ascii: "/")
    let isWithin =
      name.utf8.first != slash
      && !name.utf8.split(separator: slash).contains { $0.elementsEqual("..".utf8) }
    return isWithin ? try source(of: "templates/\(name)") : nil
  }
}

/// A document as Markdown, from which every output format is made.
public struct RenderedDocument: Sendable {
  /// Which document it is.
  public let document: Document
  /// Its text as UTF-8.
  public let markdown: [UInt8]
  /// The language it is written in, as BCP 47 writes it.
  public let language: String
  /// The language of the words that its template and its page say.
  public let words: Language
  /// Who publishes it; `nil` where that is not stated.
  public let publisher: String?
  /// The paper that its pages are printed on.
  public var paper = HTMLPage.Paper.a4
  /// The page that it is put into where a format has pages.
  public let layout: Template

  /// What the document means in HTML, for a page that has a layout of its own.
  ///
  /// - Throws: `InvalidInput` as `HTMLFragment` does.
  public func fragment() throws(InvalidInput) -> HTMLFragment {
    let source = Source(name: "\(document.id).md", trusted: markdown)
    return try HTMLFragment(markdown: source, options: .init(isEnriched: true, language: words))
  }

  /// The document as a page that needs nothing else.
  ///
  /// - Throws: `InvalidInput` as `HTMLPage` does.
  public func page() throws(InvalidInput) -> HTMLPage {
    var frame = HTMLPage.Frame()
    frame.language = language
    frame.header = publisher
    frame.paper = paper
    return try HTMLPage(fragment(), frame: frame, layout: layout)
  }

  /// The document in a format.
  ///
  /// - Throws: `InvalidInput` where the format can't write it.
  public func written(as format: OutputFormat) throws(InvalidInput) -> [UInt8] {
    try format.write(self)
  }
}

/// The templates that the program carries.
public enum BuiltInTemplates {
  /// Their names in order; those that begin with `_` are parts of others.
  public static var names: [String] {
    EmbeddedFiles.paths(in: "documents").map { String($0.dropFirst("documents/".utf8.count)) }
  }

  /// A template of a name, or `nil` where there is none.
  ///
  /// - Throws: never for the templates that are carried; the type is that of a template loader.
  public static func source(_ name: String) throws(InvalidInput) -> Source? {
    EmbeddedFiles.bytes(of: "documents/\(name)").map { Source(name: name, trusted: $0) }
  }

  /// Everything that can be translated: what these templates and the page layout say, and the words
  /// that have a name.
  ///
  /// - Throws: never for the templates that are carried.
  public static func messages() throws(InvalidInput) -> MessageList {
    var list = MessageList()
    let paths = [HTMLPage.layoutPath] + EmbeddedFiles.paths(in: "documents")
    for path in paths {
      guard let bytes = EmbeddedFiles.bytes(of: path) else { continue }
      try list.add(Source(name: path, bytes: bytes))
    }
    list.addWords()
    return list
  }

  /// The path below `Templates` of what is known already of the places in these templates.
  static let placesPath = "ready/documents.places"

  static var carried: ReadyPlaces.Carried? {
    guard let bytes = EmbeddedFiles.buffer(of: placesPath) else { return nil }
    var reader = ReadyReader(bytes)
    return ReadyPlaces.Carried(
      form: ReadyPlaces.Form(&reader),
      isTemplate: { EmbeddedFiles.hold($1, at: "documents/\($0)") },
      syntax: { source, name in
        EmbeddedFiles.buffer(of: syntaxPath).flatMap {
          ReadySyntax.syntax(of: source, named: name, in: $0)
        }
      })
  }

  /// The path below `Templates` of the syntax of these templates.
  static let syntaxPath = "ready/documents.syntax"

  /// Reads these templates, and gives their syntax in the form in which the program carries it.
  package static func readySyntax() -> [UInt8] {
    let environment = Environment()
    return ReadySyntax.form(
      of: names.compactMap { name in
        (try? source(name)).flatMap(\.self).flatMap { try? Parser.parse($0, environment) }
      })
  }

  /// Finds out the places in these templates, in the form in which the program carries them.
  package static func readyPlaces() -> [UInt8] {
    let environment = Environment { name throws(InvalidInput) in try source(name) }
    let form = ReadyPlaces.Form(
      following: names.filter { !$0.hasPrefix("_") }, environment: environment)
    var writer = ReadyWriter()
    form.write(to: &writer)
    return writer.bytes
  }
}
