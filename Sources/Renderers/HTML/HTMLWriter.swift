/// Writes Markdown's events as HTML.
struct HTMLWriter {
  let options: HTMLFragment.Options
  var out: HTMLBytes
  var omissions = 0
  private var headings: [HTMLFragment.Heading] = []
  private var ids = HeadingIDs()
  /// Anchors that were written.
  var anchors: Set<String> = []

  /// The words of the heading or of the table's head that is open, without marks.
  var words: [UInt8] = []
  var collectsWords = false
  /// The same as HTML that marks their languages, for the list of contents.
  var markedWords = HTMLBytes()

  /// The marks of language that are open, the one that was closed last, and where it ended.
  var tongues: [Tongue] = []
  var lastTongue: Tongue?
  var tongueEnd = 0
  /// How many emphasised texts and links are open.
  var spanDepth = 0
  /// Where the open heading's attributes go.
  private var headingStart = 0
  /// The task whose text has yet to begin.
  private var awaitedTask: Bool?
  private var taskLabelIsOpen = false

  /// How many images are open: their content is text for an attribute.
  var imageDepth = 0
  /// How many links are open, of which HTML allows but one.
  var linkDepth = 0
  /// What each open link and image came out as.
  var links: [HTMLLink] = []

  var names = TableNames()
  /// Where the open table begins, what it is called, and the tag of the open cell.
  var tableStart = 0
  var caption: [UInt8] = []
  var cell = 0..<0
  var isInCell = false
  var isInBody = false
  /// What the columns of the open table are called, where each row may become a card.
  var labels: [String]?
  /// Where the last paragraph began and ended, in case it turns out to be a caption.
  var lastParagraph = 0..<0
  /// What the next table, or the one that is open, is drawn as beside.
  var chart: HTMLChart?

  /// The definition that is open, until its term is told.
  var definition = HTMLDefinition()
  /// The folded parts that are open, each with how many blocks it stands in.
  var folds: [Int] = []
  /// How many blocks that hold blocks are open.
  var depth = 0
  /// Where a line of a cell or strong text has just begun, so that a state may follow.
  var stateStart = -1
  var stateIsStrong = false
  /// Where the words of the open cell begin among those collected.
  var cellWords = 0
  /// Where the text begins after a title of its own.
  private var titleEnd = 0

  init(options: HTMLFragment.Options, anchorsIn text: [UInt8]) {
    self.options = options
    // Room that stays unused costs no memory; growing would hold all of it twice for a moment.
    out = HTMLBytes(capacity: text.count * 3)
    text.withUnsafeBufferPointer { text in
      var next = text.firstRange(of: Anchor.start)
      while let start = next {
        if let id = Anchor.id(in: text, at: start) { ids.reserve(id) }
        next = text.firstRange(of: Anchor.start, from: start + 1)
      }
    }
  }

  /// Hands over what was written, the headings, and where the text begins after its title.
  consuming func finish() -> (
    html: [UInt8], headings: [HTMLFragment.Heading], omissions: Int, titleEnd: Int
  ) {
    closeFolds(deeperThan: -1)
    return (out.finish(), headings, omissions, titleEnd)
  }
}

extension HTMLWriter: MarkdownEvents {
  var wantsNames: Bool { options.isEnriched }

  mutating func open(_ element: MarkdownElement) {
    switch element {
    case .paragraph(let isTight):
      if definition.awaitsTerm {
        definition.isTight = isTight
      } else if !isTight {
        out.freshLine()
        lastParagraph = out.count..<out.count
        out.markup("<p>")
      }
      if let isDone = awaitedTask { openTaskLabel(isDone) }
    case .heading(let level):
      out.freshLine()
      switch level {
      case 1: out.markup("<h1>")
      case 2: out.markup("<h2>")
      case 3: out.markup("<h3>")
      case 4: out.markup("<h4>")
      case 5: out.markup("<h5>")
      default: out.markup("<h6>")
      }
      headingStart = out.count - 1
      collectWords()
    case .blockQuote: openBlock("<blockquote>\n")
    case .alert(let alert): openAlert(alert)
    case .list(nil): openBlock("<ul>\n")
    case .list(1): openBlock("<ol>\n")
    case .list(let start?):
      openBlock("<ol start=\"")
      out.text(String(start))
      out.markup("\">\n")
    case .item: openBlock("<li>")
    case .task(let isDone): openTask(isDone)
    case .definitions: openBlock("<dl>\n")
    case .definition: openDefinition()
    case .table(let table): openTable(table)
    case .tableHead: line("<thead>\n")
    case .tableBody:
      line("<tbody>\n")
      isInBody = true
    case .tableRow: line("<tr>\n")
    case .tableCell(let cell): open(cell)
    case .emphasis:
      spanDepth += 1
      span("<em>")
    case .strong:
      spanDepth += 1
      openStrong()
    case .strikethrough:
      spanDepth += 1
      span("<del>")
    }
  }

  mutating func close(_ element: MarkdownElement) {
    switch element {
    case .paragraph(let isTight):
      settleTongues(from: isTight ? -1 : lastParagraph.lowerBound + 3)
      if taskLabelIsOpen { out.markup("</label>") }
      taskLabelIsOpen = false
      if definition.isInFirstParagraph {
        closeDefinedParagraph()
      } else if !isTight {
        out.markup("</p>\n")
        lastParagraph = lastParagraph.lowerBound..<out.count
      }
    case .heading(let level): closeHeading(level)
    case .blockQuote: closeBlock("</blockquote>\n")
    case .alert: closeBlock("</aside>\n")
    case .list(nil): closeBlock("</ul>\n")
    case .list: closeBlock("</ol>\n")
    case .item, .task: closeItem("</li>\n")
    case .definitions: closeBlock("</dl>\n")
    case .definition: closeItem("</dd>\n</div>\n")
    case .table: closeTable()
    case .tableHead:
      out.markup("</thead>\n")
      nameTable()
    case .tableBody:
      out.markup("</tbody>\n")
      isInBody = false
    case .tableRow: out.markup("</tr>\n")
    case .tableCell(let cell): close(cell)
    case .emphasis:
      closeSpan()
      span("</em>")
    case .strong:
      closeSpan()
      closeStrong()
    case .strikethrough:
      closeSpan()
      span("</del>")
    }
  }

  mutating func text(_ bytes: LentBytes) {
    if out.count == stateStart {
      let end = takeState(bytes)
      if end > 0 {
        out.text(bytes.lend(end..<bytes.count))
        return collect(bytes)
      }
    }
    if definition.hasJustBegun, bytes.first == .space {
      definition.hasJustBegun = false
      return text(bytes.lend(1..<bytes.count))
    }
    definition.hasJustBegun = false
    out.text(bytes)
    collect(bytes)
  }

  mutating func code(_ bytes: LentBytes) {
    span("<code>")
    if isInCell, options.isEnriched { out.breakable(bytes) } else { out.text(bytes) }
    span("</code>")
    collect(bytes)
  }

  mutating func codeBlock(_ bytes: LentBytes, info: LentBytes) {
    out.freshLine()
    let language = info.prefix { !$0.isMarkdownSpace }
    if language.isEmpty {
      out.markup(options.isEnriched ? "<pre tabindex=\"0\"><code>" : "<pre><code>")
    } else {
      out.markup(options.isEnriched ? "<pre tabindex=\"0\"><code" : "<pre><code")
      out.markup(" class=\"language-")
      out.text(UnsafeBufferPointer(rebasing: language))
      out.markup("\">")
    }
    out.text(bytes)
    out.markup("</code></pre>\n")
  }

  mutating func softBreak() {
    if imageDepth > 0 { out.markup(" ") } else { out.markup("\n") }
    if collectsWords { collectSpace() }
  }

  mutating func lineBreak() {
    if imageDepth > 0 {
      out.markup(" ")
    } else {
      out.markup(options.isEnriched ? "<br>\n" : "<br />\n")
      if isInBody { awaitState(isStrong: false) }
    }
    if collectsWords { collectSpace() }
  }

  mutating func thematicBreak() { line(options.isEnriched ? "<hr>\n" : "<hr />\n") }

  // MARK: Parts

  @inline(__always)
  mutating func line(_ html: StaticString) {
    out.freshLine()
    out.markup(html)
  }

  /// Marks of running text, which an image's description does without.
  @inline(__always)
  mutating func span(_ html: StaticString) {
    if imageDepth == 0 { out.markup(html) }
  }

  private mutating func collect(_ bytes: LentBytes) {
    guard collectsWords, imageDepth == 0 else { return }
    words += bytes
    markedWords.text(bytes)
  }

  private mutating func collectSpace() {
    words.append(.space)
    markedWords.markup(" ")
  }

  /// Ends the marks of language in a span that ends.
  mutating func closeSpan() {
    closeTongues(from: spanDepth)
    spanDepth -= 1
  }

  /// Begins a block that holds blocks.
  mutating func openBlock(_ html: StaticString) {
    depth += 1
    line(html)
  }

  /// Ends a block that holds blocks, and what is folded in it.
  mutating func closeBlock(_ html: StaticString) {
    closeFolds(deeperThan: depth - 1)
    depth -= 1
    line(html)
  }

  /// Ends an item on the line where its text ends.
  private mutating func closeItem(_ html: StaticString) {
    closeFolds(deeperThan: depth - 1)
    depth -= 1
    out.markup(html)
  }

  mutating func collectWords() {
    words.removeAll(keepingCapacity: true)
    markedWords = HTMLBytes()
    collectsWords = true
  }

  private mutating func closeHeading(_ level: Int) {
    settleTongues(from: headingStart + 1)
    switch level {
    case 1: out.markup("</h1>\n")
    case 2: out.markup("</h2>\n")
    case 3: out.markup("</h3>\n")
    case 4: out.markup("</h4>\n")
    case 5: out.markup("</h5>\n")
    default: out.markup("</h6>\n")
    }
    collectsWords = false
    chart = nil
    let text = String(decoding: words, as: UTF8.self)
    let id = ids.next(for: text)
    headings.append(
      HTMLFragment.Heading(level: level, id: id, text: text, marked: markedWords.bytes))
    if options.isEnriched { names.enter(heading: text, level: level) }
    var attribute = HTMLBytes()
    attribute.markup(" id=\"")
    attribute.text(id)
    attribute.markup("\"")
    out.insert(attribute, at: headingStart)
    if level == 1, headings.count == 1, headingStart == 3 { titleEnd = out.count }
  }

  private mutating func openAlert(_ alert: MarkdownAlert) {
    openBlock("<aside class=\"alert ")
    out.text(alert.rawValue)
    out.markup("\" role=\"note\">\n<p class=\"alert-title\">")
    out.text(options.title(of: alert))
    out.markup("</p>\n")
  }

  // MARK: Tasks

  private mutating func openTask(_ isDone: Bool) {
    if options.isEnriched {
      openBlock(isDone ? "<li class=\"task done\">" : "<li class=\"task\">")
      awaitedTask = isDone
    } else {
      openBlock(isDone ? "<li><input checked=\"\" disabled" : "<li><input disabled")
      out.markup("=\"\" type=\"checkbox\"> ")
    }
  }

  private mutating func openTaskLabel(_ isDone: Bool) {
    out.markup("<label><input type=\"checkbox\" disabled")
    out.markup(isDone ? " checked> " : "> ")
    awaitedTask = nil
    taskLabelIsOpen = true
  }
}
