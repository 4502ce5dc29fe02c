internal import DocModel
internal import Renderers

extension Command {
  static let html = Command(
    name: "html", summary: "write any Markdown as an HTML page, as documents are written",
    operands: [Operand("FILE.md", .file(["md", "markdown"]))],
    details: """
      The text is GitHub Flavored Markdown: CommonMark with tables, tasks, strikethrough, alerts and
      bare addresses. Raw HTML and dangerous addresses are left out, unless --unsafe is given.
      """,
    options: [
      Option("fragment", "write what stands in the page only, as the specifications print it"),
      Option("unsafe", "pass raw HTML and any address through"),
      Option(
        "language", value: "TAG", "the language of the text, as BCP 47 writes it; en when left out"),
    ],
    examples: [
      ("rfpgen html notes.md > notes.html", "a page that needs nothing else"),
      ("rfpgen html - --fragment < notes.md", "a fragment for a page of one's own"),
    ]
  ) { invocation, terminal throws(Failure) in
    let isFragment = invocation.has("fragment")
    if let tag = invocation["language"], !Language.isTag(tag) {
      throw Failure(
        "'--language' must be the tag of a language, not '\(tag)'",
        hint: "write it as BCP 47 does, such as en, fr, pt-BR or sw")
    }
    let source = try Disk.source(invocation.operands[0])
    let bytes = try attempt { () throws(InvalidInput) -> [UInt8] in
      let fragment = try HTMLFragment(
        markdown: source,
        options: .init(isUnsafe: invocation.has("unsafe"), isEnriched: !isFragment))
      if isFragment { return fragment.bytes }
      var frame = HTMLPage.Frame()
      frame.title = fragment.title ?? source.name
      frame.language = invocation["language"] ?? frame.language
      return try HTMLPage(fragment, frame: frame, layout: HTMLPage.layout()).bytes
    }
    terminal.write(bytes)
    return .success
  }
}
