public import DocModel

/// A format that documents are written in.
///
/// To add one, write a function and a line in `all`.
public struct OutputFormat: Sendable {
  /// Its name on the command line.
  public let id: String
  /// What its files' names end in, without a dot.
  public let fileExtension: String
  /// Writes a document.
  public let write: @Sendable (RenderedDocument) throws(InvalidInput) -> [UInt8]

  /// Declares a format.
  public init(
    id: String, fileExtension: String,
    write: @escaping @Sendable (RenderedDocument) throws(InvalidInput) -> [UInt8]
  ) {
    self.id = id
    self.fileExtension = fileExtension
    self.write = write
  }

  /// The Markdown itself.
  public static let markdown = OutputFormat(id: "markdown", fileExtension: "md") {
    document throws(InvalidInput) in document.markdown
  }

  /// One page that needs nothing else.
  public static let html = OutputFormat(id: "html", fileExtension: "html") {
    document throws(InvalidInput) in try document.page().bytes
  }

  /// All formats that the library writes.
  public static let all = [markdown, html]
}
