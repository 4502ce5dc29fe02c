public import DocModel

/// A fragment as a page of its own: one file that needs nothing else, on screen and on paper.
///
///     let layout = try HTMLPage.layout()
///     let text = try HTMLFragment(markdown: source, options: .init(isEnriched: true))
///     let page = try HTMLPage(text, layout: layout)
///
/// The page's words ("Contents", "Skip to content") and its looks are in `Templates/layout`.
public struct HTMLPage: Sendable {
  /// A size of paper.
  public enum Paper: String, CaseIterable, Sendable {
    /// 210 × 297 mm.
    case a4 = "A4"
    /// 8.5 × 11 inches.
    case letter
  }

  /// What a page says around its text.
  public struct Frame: Sendable {
    /// The title of the window and of the printed pages; the text's first heading where left out.
    public var title: String?
    /// The language of the text as a BCP 47 tag, from which its direction follows.
    public var language = "en"
    /// A line above the text, such as who publishes it; the title where left out.
    public var header: String?
    /// A line below the text, such as when and from what it was made.
    public var footer = ""
    /// The program that made the page.
    public var generator = "rfpgen"
    /// The paper it is printed on.
    public var paper = Paper.a4

    /// Makes a frame that says nothing of its own.
    public init() {}
  }

  /// The page as UTF-8.
  public let bytes: [UInt8]

  /// Puts a fragment, best an enriched one, into a page layout.
  ///
  /// - Parameters:
  ///   - fragment: The text.
  ///   - frame: What the page says around it.
  ///   - layout: A template with escaping off, such as `layout()`; its values are HTML already:
  ///     `language`, `direction`, `title`, `header`, `footer`, `generator`, `contents`,
  ///     `short_contents`, the text's `heading` and its `body`, and for the style sheet `css`,
  ///     `paper` and `running_title`.
  /// - Throws: `InvalidInput` where the layout can't be rendered or leaves the text out.
  public init(
    _ fragment: consuming HTMLFragment, frame: Frame = Frame(), layout: Template
  ) throws(InvalidInput) {
    let title = frame.title ?? fragment.title ?? frame.header ?? frame.generator
    let contents = fragment.headings.dropFirst(fragment.headings.first?.level == 1 ? 1 : 0)
    // The text and the style sheet are long: they are put in when all else is done, for bytes that no
    // other value holds.
    let values: KeyValuePairs<String, Value> = [
      "language": .text(Self.escaped(frame.language)),
      "direction": .text(Language.isRightToLeft(frame.language) ? "rtl" : "ltr"),
      "title": .text(Self.escaped(title)),
      "running_title": .text(Self.cssString(title)),
      "paper": .text(frame.paper.rawValue),
      "header": .text(Self.escaped(frame.header ?? title)),
      "footer": .text(Self.escaped(frame.footer)),
      "generator": .text(Self.escaped(frame.generator)),
      "css": .text("\u{2}"),
      "contents": .text(Self.contents(contents.filter { $0.level <= 3 })),
      "short_contents": .text(Self.contents(contents.filter { $0.level <= 2 })),
      "heading": .text("\u{1}"),
      "body": .text("\0"),
    ]
    let page = try layout.render(Record(Keys(values.map(\.key)), values.map(\.value)))
    var heading = HTMLBytes()
    if fragment.title == nil {
      heading.markup("<h1>")
      heading.text(title)
      heading.markup("</h1>\n")
    }
    let css = EmbeddedFiles.buffer(of: "layout/page.css")
    // The text stays where it is; what stands before and behind it is put around it.
    var parts: [[UInt8]] = [[]]
    var missing = ["heading", "body"]
    var rest = page[...]
    while let place = rest.firstIndex(where: { $0 < 3 }) {
      parts[parts.count - 1] += rest[..<place]
      switch rest[place] {
      case 0:
        parts.append([])
        missing.removeAll { $0 == "body" }
      case 1:
        parts[parts.count - 1] += heading.bytes
        parts[parts.count - 1] += fragment.bytes[..<fragment.titleEnd]
        missing.removeAll { $0 == "heading" }
      default:
        if let css { parts[parts.count - 1] += css }
      }
      rest = rest[(place + 1)...]
    }
    parts[parts.count - 1] += rest
    if let name = missing.first {
      throw InvalidInput(
        Diagnostic(
          "the layout '\(layout.name)' leaves the \(name) out",
          hint: "write '{{ \(name) }}' where it belongs"))
    }
    // A layout of one's own may show the text more than once.
    let text = parts.count > 2 ? fragment.bytes[fragment.titleEnd...] : []
    let end = Array(parts[1...].joined(separator: text))
    bytes = fragment.bytes(between: parts[0], and: end)
  }

  /// The layout that the program carries, compiled for a language; compile it once for many pages.
  ///
  /// - Throws: `InvalidInput` where the program was built with a layout that is no template.
  public static func layout(
    in language: Language = .english
  ) throws(InvalidInput) -> Template {
    var options = TemplateOptions(escaping: .none)
    options.keepsTrailingNewline = true
    let source = try Source(
      name: layoutPath, bytes: EmbeddedFiles.bytes(of: layoutPath) ?? [])
    var environment = Environment(options: options)
    environment.language = language
    return try environment.template(source)
  }

  /// The path of the layout below `Templates`.
  static let layoutPath = "layout/page.html.jinja"

  /// The page as text.
  public var html: String { String(decoding: bytes, as: UTF8.self) }

  private static func escaped(_ text: String) -> String {
    var html = HTMLBytes()
    let isClean = text.utf8.allSatisfy { $0 > 2 }
    html.text(
      isClean ? text : String(text.map { ("\0"..."\u{2}").contains($0) ? "\u{FFFD}" : $0 }))
    return String(decoding: html.bytes, as: UTF8.self)
  }

  /// Text between the quotes of a CSS string, in a style element or attribute.
  static func cssString(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      switch byte {
      case ...0x1F, 0x7F, .quote, UInt8(ascii: "'"), .backslash, .less, .greater, .ampersand: false
      default: true
      }
    }
    if isPlain { return text }
    var css = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\0": css += "\u{FFFD}"
      case "\"", "'", "\\", "<", ">", "&", "\u{1}"..."\u{1F}", "\u{7F}":
        css += "\\\(String(scalar.value, radix: 16)) "
      default: css.unicodeScalars.append(scalar)
      }
    }
    return css
  }

  /// Headings as a list of links; those of level 3 stand in a list below the one before them.
  private static func contents(_ headings: [HTMLFragment.Heading]) -> String {
    guard !headings.isEmpty else { return "" }
    var html = HTMLBytes()
    html.markup("<ul>\n")
    var isNested = false
    for (index, heading) in headings.enumerated() {
      let nests = heading.level > 2 && index > 0
      if nests, !isNested {
        html.markup("\n<ul>\n")
      } else if !nests, isNested {
        html.markup("</li>\n</ul>\n</li>\n")
      } else if index > 0 {
        html.markup("</li>\n")
      }
      isNested = nests
      html.markup("<li><a href=\"#")
      html.text(heading.id)
      html.markup("\">")
      // Bytes below 3 stand for what the layout leaves room for.
      html.append(
        heading.marked.allSatisfy { $0 > 2 }
          ? heading.marked : heading.marked.flatMap { $0 < 3 ? Array("\u{FFFD}".utf8) : [$0] })
      html.markup("</a>")
    }
    html.markup(isNested ? "</li>\n</ul>\n</li>\n</ul>" : "</li>\n</ul>")
    return String(decoding: html.bytes, as: UTF8.self)
  }
}
