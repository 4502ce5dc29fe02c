/// Blocks of HTML and where they end (CommonMark 0.30, section 4.6).
extension ScanState {
  struct HTML: Hashable {
    /// The number of the start condition (section 4.6).
    let kind: Int
    var tag: TagScanner?
    /// `script` or `style`, within which no value can stand.
    var raw: [UInt8] = []
    /// For the first start condition, what stands on the line since the last `<`, in lower case.
    var word: [UInt8] = []
    /// Whether the line holds a closing tag that ends what the first start condition began.
    var isClosed = false

    init(kind: Int) { self.kind = kind }

    /// Whether it ends with its line.
    var endsWithLine: Bool {
      kind <= 5 && tag == nil && raw.isEmpty && (kind > 1 || isClosed)
    }

    /// Looks for a closing tag by its bytes alone, as the first end condition does.
    mutating func note(_ byte: UInt8) {
      guard kind == 1, !isClosed else { return }
      if byte == UInt8(ascii: "<") {
        word = [byte]
      } else if !word.isEmpty {
        word.append(byte.isLetter ? byte | 0x20 : byte)
        isClosed = Self.closingTags.contains(word)
        if byte == UInt8(ascii: ">") || word.count > 11 { word = [] }
      }
    }

    private static let closingTags: Set<[UInt8]> = [
      Array("</pre>".utf8), Array("</script>".utf8), Array("</style>".utf8),
    ]
  }

  mutating func takeHTML(_ byte: UInt8, _ log: ScanLog) {
    guard case .html(var html) = leaf else { return }
    defer { leaf = .html(html) }
    html.note(byte)
    if html.word == Array("</textarea".utf8) { Self.refuseTextarea(log) }
    if var tag = html.tag {
      switch tag.step(byte) {
      case .open: html.tag = tag
      case .complete:
        html.tag = nil
        if ["script", "style"].contains(String(decoding: tag.name, as: UTF8.self)) {
          html.raw = tag.isClosing ? [] : tag.name
        }
      case .invalid: html.tag = tag.goOnMalformed() ? tag : nil
      }
    } else if byte == UInt8(ascii: "<") {
      html.tag = TagScanner()
    }
  }

  static func refuseTextarea(_ log: ScanLog) {
    log.refuse(
      Refusal(
        "readers disagree on where the HTML of '<textarea>' ends", "write '<pre>' or a fence"))
  }

  mutating func endHTMLLine(_ log: ScanLog) {
    guard case .html(var html) = leaf else { return }
    if html.endsWithLine { leaf = .none }
    if html.tag != nil { html.tag?.newLine() }
    if case .html = leaf { leaf = .html(html) }
  }
}

extension TagScanner {
  /// A line end counts as white space within a tag.
  mutating func newLine() { _ = step(.space) }
}
