public import DocModel

/// What a Markdown text means in HTML, without a page around it.
///
///     let fragment = try HTMLFragment(markdown: "# Scope\n\nTwo sites.")
///     print(fragment.html)     // <h1 id="scope">Scope</h1> …
///
/// The text is GitHub Flavored Markdown: CommonMark 0.30 with pipe tables, task lists, strikethrough,
/// alerts and bare addresses. Time and memory grow with its length only.
public struct HTMLFragment: Sendable {
  /// A heading with the identifier that links lead to.
  public struct Heading: Hashable, Sendable {
    /// Its level, from 1 to 6.
    public let level: Int
    /// Its identifier, unique in the fragment.
    public let id: String
    /// Its words without any marks.
    public let text: String
    /// Its words as HTML that marks nothing but their language.
    let marked: [UInt8]
  }

  /// How a text becomes HTML.
  public struct Options: Sendable {
    /// Passes raw HTML and any address through, for text whose author is trusted.
    ///
    /// Otherwise raw HTML is left out, but for `<a id="…"></a>`, `<br>` and folded parts (`<details>`
    /// with a `<summary>`); an address that could run a script or read a file is no link; and an image
    /// from elsewhere is a link, so that nothing is fetched.
    public var isUnsafe = false
    /// Adds what makes a page pleasant: tables in regions of their own that scroll and have a name,
    /// with named rows and classes, and charts drawn from them; lists of terms as definitions; states
    /// that are seen at a glance; boxes of tasks that have labels.
    ///
    /// `docs/templates.md` says how each of them is written.
    /// Without it the HTML is what the specifications of CommonMark and GitHub print.
    public var isEnriched = false
    /// The labels of alerts, where they are others than those of the language.
    public var alertTitles: [MarkdownAlert: String] = [:]
    /// The language of labels; English where none is given, which is read only when it is needed.
    private let language: Language?

    /// Makes options that are safe and plain; the labels are those of a language.
    ///
    /// Without a language they are English.
    public init(isUnsafe: Bool = false, isEnriched: Bool = false, language: Language? = nil) {
      self.isUnsafe = isUnsafe
      self.isEnriched = isEnriched
      self.language = language
    }

    /// The label of an alert.
    func title(of alert: MarkdownAlert) -> String {
      alertTitles[alert] ?? (language ?? .english).word("alert", alert.rawValue)
    }
  }

  /// The HTML as UTF-8.
  public private(set) var bytes: [UInt8]
  /// All headings in their order.
  public let headings: [Heading]
  /// How many pieces of raw HTML, unsafe addresses and images from elsewhere were left out.
  public let omissions: Int
  /// Where the text begins after its title: 0 where it doesn't begin with a heading of level 1.
  let titleEnd: Int

  /// Reads a Markdown file; another thread helps with one of more than some 100 KB.
  ///
  /// - Throws: `InvalidInput` with the place where the text is built so that reading it would take
  ///   time out of proportion: 1,000 unfinished images in a paragraph, 200 nested quotes or lists.
  public init(markdown source: Source, options: Options = Options()) throws(InvalidInput) {
    var writer = HTMLWriter(options: options, anchorsIn: source.bytes)
    try MarkdownReader().read(source, into: &writer)
    (bytes, headings, omissions, titleEnd) = writer.finish()
  }

  /// Reads a Markdown text.
  ///
  /// - Throws: `InvalidInput` as for a file, or where the text is too large or holds a NUL.
  public init(markdown text: String, options: Options = Options()) throws(InvalidInput) {
    try self.init(markdown: Source(name: "markdown", text: text), options: options)
  }

  /// Puts HTML around the text behind its title, in place of the title, and hands all of it over.
  consuming func bytes(between start: [UInt8], and end: [UInt8]) -> [UInt8] {
    var bytes = bytes
    self.bytes = []
    bytes.replaceSubrange(..<titleEnd, with: start)
    bytes += end
    return bytes
  }

  /// The HTML as text.
  public var html: String { String(decoding: bytes, as: UTF8.self) }

  /// The words of the first heading of level 1.
  public var title: String? { headings.first { $0.level == 1 }?.text }
}
