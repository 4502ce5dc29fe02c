public import DocModel

/// Turns the model of a project into documents.
///
///     let renderer = try DocumentRenderer(guide: project.guide)
///     let rfp = try renderer.render(.rfp, DocumentModel(assessment))
///     try OutputFormat.html.write(rfp)
public struct DocumentRenderer: Sendable {
  /// The templates that documents are written in; a host may add filters and tests of its own.
  public var environment: Environment {
    didSet { prepared = [:] }
  }
  /// Compiled templates by name.
  private var prepared: [String: Template] = [:]
  private let layout: Template

  /// Makes a renderer for projects of one guide.
  ///
  /// `templates`: gives a template of a name that takes the place of the built-in one, or
  ///   `nil` for those that are not replaced.
  ///
  /// - Throws: `InvalidInput` where the page layout is no template.
  public init(
    guide: Guide, templates: @escaping Environment.Loader = { (_) throws(InvalidInput) in nil }
  ) throws(InvalidInput) {
    layout = try HTMLPage.layout()
    environment = Environment(names: .record(DocumentModel.names(for: guide))) {
      name throws(InvalidInput) in
      if let own = try templates(name) { return own }
      return try BuiltInTemplates.source(name)
    }
    environment.carried = BuiltInTemplates.carried
  }

  /// Compiles the templates of some documents together, which is faster than one by one.
  ///
  /// - Throws: `InvalidInput` with all that is wrong with the first template that has an error.
  public mutating func prepare(_ documents: [Document]) throws(InvalidInput) {
    let names = documents.map(\.templateName)
    for (name, template) in zip(names, try environment.templates(named: names)) {
      prepared[name] = template
    }
  }

  /// Writes one document in Markdown.
  ///
  /// - Throws: `InvalidInput` with all that is wrong with its template.
  public func render(
    _ document: Document, _ model: DocumentModel
  ) throws(InvalidInput) -> RenderedDocument {
    let name = document.templateName
    let template: Template
    if let ready = prepared[name] {
      template = ready
    } else {
      template = try environment.template(named: name)
    }
    return RenderedDocument(
      document: document, markdown: try template.render(model.values(for: document)),
      language: model.language, layout: layout)
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
  /// The page that it is put into where a format has pages.
  public let layout: Template
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
    guard let bytes = EmbeddedFiles.bytes(of: "documents/\(name)") else { return nil }
    return try Source(name: name, bytes: bytes)
  }

  /// The path below `Templates` of what is known already of the places in these templates.
  static let placesPath = "ready/documents.places"

  static var carried: ReadyPlaces.Carried? {
    guard let bytes = EmbeddedFiles.buffer(of: placesPath) else { return nil }
    var reader = ReadyReader(bytes)
    return ReadyPlaces.Carried(form: ReadyPlaces.Form(&reader)) {
      EmbeddedFiles.hold($1, at: "documents/\($0)")
    }
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
