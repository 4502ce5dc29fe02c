/// The translations of one language, as a gettext PO file holds them.
///
///     let catalogue = try Catalogue(Source(name: "fr.po", bytes: bytes))
///     catalogue[Message(text: "Contents")]?.forms[0]  // "Table des matières"
///
/// What is marked as fuzzy or has no translation yet counts as not translated.
public struct Catalogue: Sendable {
  /// The file that it was read from.
  public let source: Source
  /// The language that the file's header names; empty where it names none.
  public let language: String
  /// Which form goes with which count.
  public let plural: PluralRule
  private let translations: [Message: Translation]

  /// Reads a PO file in one pass.
  ///
  /// - Throws: `InvalidInput` with everything that makes it no PO file of UTF-8.
  public init(_ source: Source) throws(InvalidInput) {
    self.init(try CatalogueReader.read(source))
  }

  init(_ content: CatalogueReader.Content) {
    source = content.source
    language = content.language
    plural = content.plural
    translations = content.translations
  }

  /// The translation of a message, or `nil` where there is none.
  public subscript(message: Message) -> Translation? { translations[message] }

  /// All messages that are translated, in no order.
  public var messages: some Collection<Message> { translations.keys }

  /// The place of a byte of a translated text.
  public func location(of text: Text, offset: Int) -> Location {
    source.location(offset: CatalogueReader.place(of: text, offset: offset, in: source))
  }

  /// What is translated: a text, with a word on its context where the same text means two things.
  public struct Message: Hashable, Sendable {
    /// The context, or `nil` where none is given.
    public let context: String?
    /// The text that stands in the original.
    public let text: String

    /// Names a message.
    public init(context: String? = nil, text: String) {
      self.context = context
      self.text = text
    }
  }

  /// A message in another language.
  public struct Translation: Sendable {
    /// One text, or as many as the language has plural forms.
    public let forms: [Text]
    /// Whether it has plural forms.
    public let isPlural: Bool
  }

  /// A text with the place at which it stands.
  public struct Text: Sendable {
    /// The text as UTF-8, its escapes resolved.
    public let bytes: [UInt8]
    /// The byte of the file at which its first quote stands.
    public let at: Int

    /// The text.
    public var string: String { String(decoding: bytes, as: UTF8.self) }
  }
}
