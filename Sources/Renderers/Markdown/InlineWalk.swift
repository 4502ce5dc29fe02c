/// One walk over the text of a block: words, emphasis, links, and what libcmark doesn't know.
struct InlineWalk {
  /// The node whose children are told.
  private var root: CMarkNode?
  /// The text in which the block was written, and where: bare addresses are looked up there.
  private let source: LentBytes
  private let range: Range<Int>
  private let traits: MarkdownPiece.Traits
  /// Where the search for the next address begins, and how many bytes may still be searched through.
  private var searched: Int
  private var searchable: Int
  /// Whether anything in the source may be escaped; looked up when it is needed.
  private var mayEscape: Bool?

  init(
    _ root: CMarkNode?, source: LentBytes, range: Range<Int>, traits: MarkdownPiece.Traits
  ) {
    self.root = root
    self.source = source
    self.range = range
    self.traits = traits
    searched = range.lowerBound
    searchable = 8 * range.count + 1024
  }

  /// The same place in the source with the text of another node.
  func within(_ root: CMarkNode) -> Self {
    var walk = self
    walk.root = root
    return walk
  }

  /// Tells the nodes from `first` on, but for the first bytes of it.
  mutating func tell(from first: CMarkNode?, dropping: Int, to events: inout some MarkdownEvents) {
    var dropping = dropping
    var linkDepth = 0
    var strikes = traits.hasTildes ? StrikeMarks(first) : StrikeMarks()
    var node = first
    while let current = node {
      var entersChildren = false
      switch current.kind {
      case .text:
        let text = current.literal
        let marks = strikes[current]
        tellText(
          dropping == 0 ? text : text.lend(min(dropping, text.count)..<text.count),
          marks: marks, linksAllowed: linkDepth == 0, to: &events)
        dropping = 0
      case .softBreak: events.softBreak()
      case .lineBreak: events.lineBreak()
      case .code:
        pass(current.literal, behind: [.backtick, .space])
        traits.tildes.restoring(current.literal, verbatim: true) { events.code($0) }
      case .html: traits.tildes.restoring(current.literal, verbatim: true) { events.html($0) }
      case .emphasis:
        events.open(.emphasis)
        entersChildren = true
      case .strong:
        events.open(.strong)
        entersChildren = true
      case .link:
        restoring(current) { events.openLink(to: $0, title: $1) }
        linkDepth += 1
        entersChildren = true
      case .image:
        restoring(current) { events.openImage(of: $0, title: $1) }
        linkDepth += 1
        entersChildren = true
      default: break
      }
      if entersChildren, let child = current.firstChild {
        if traits.hasTildes { strikes.add(child) }
        node = child
        continue
      }
      if entersChildren { close(current, &linkDepth, &events) }
      node = following(current, &linkDepth, &events)
    }
  }

  /// The node after one that is told, once the spans that end with it are closed.
  private mutating func following(
    _ node: CMarkNode, _ linkDepth: inout Int, _ events: inout some MarkdownEvents
  ) -> CMarkNode? {
    var node = node
    while true {
      if let next = node.next { return next }
      guard let parent = node.parent, parent != root else { return nil }
      close(parent, &linkDepth, &events)
      node = parent
    }
  }

  private mutating func close(
    _ span: CMarkNode, _ linkDepth: inout Int, _ events: inout some MarkdownEvents
  ) {
    switch span.kind {
    case .emphasis: events.close(.emphasis)
    case .strong: events.close(.strong)
    case .link:
      linkDepth -= 1
      pass(span.url, behind: [.openingParenthesis, .less, .space])
      events.closeLink()
    case .image:
      linkDepth -= 1
      restoring(span) { events.closeImage(of: $0, title: $1) }
    default: break
    }
  }

  private func restoring(_ link: CMarkNode, _ body: (LentBytes, LentBytes) -> Void) {
    traits.tildes.restoring(link.url) { url in
      traits.tildes.restoring(link.title) { body(url, $0) }
    }
  }

  /// Tells a piece of running text with what is struck out in it and the addresses that are links.
  mutating func tellText(
    _ text: LentBytes, marks: [StrikeMarks.Mark], linksAllowed: Bool,
    to events: inout some MarkdownEvents
  ) {
    var start = 0
    for mark in marks {
      // A mark's place counts from the end, since the start may have been dropped.
      let place = text.count - mark.fromEnd
      tellLinked(text.lend(start..<place), linksAllowed, &events)
      if mark.opens { events.open(.strikethrough) } else { events.close(.strikethrough) }
      start = place + mark.length
    }
    tellLinked(start == 0 ? text : text.lend(start..<text.count), linksAllowed, &events)
  }

  private mutating func tellLinked(
    _ text: LentBytes, _ linksAllowed: Bool, _ events: inout some MarkdownEvents
  ) {
    var start = 0
    if linksAllowed {
      var index = 0
      while let trigger = traits.addresses.next(text, from: index) {
        index = trigger + 1
        guard let address = BareAddress(text, trigger: trigger, after: start) else { continue }
        index = max(index, address.range.upperBound)
        guard isVerbatim(text.lend(address.range)) else { continue }
        plain(text.lend(start..<address.range.lowerBound), &events)
        address.withDestination(text) { destination in
          events.openLink(to: destination, title: LentBytes(start: nil, count: 0))
        }
        plain(text.lend(address.range), &events)
        events.closeLink()
        start = address.range.upperBound
      }
    }
    plain(start == 0 ? text : text.lend(start..<text.count), &events)
  }

  @inline(__always)
  private func plain(_ text: LentBytes, _ events: inout some MarkdownEvents) {
    if text.isEmpty { return }
    traits.tildes.restoring(text) { events.text($0) }
  }

  /// Whether an address stands in the source as it is read: one with escapes in it was meant as text.
  ///
  /// The search goes forward in the source, as the text does. What is searched in vain is limited, so
  /// that a text full of what can't be found takes no longer than its length allows.
  private mutating func isVerbatim(_ address: LentBytes) -> Bool {
    guard mayHoldEscapes() else { return true }
    guard let first = address.first, address.count <= 4096 else { return false }
    let end = min(range.upperBound, searched + max(searchable, 0))
    let source = source.lend(0..<end)
    var next = source.firstIndex(of: first, from: searched)
    while let start = next {
      if let written = WrittenAddress(address, in: source, at: start) {
        searched = written.end
        return !written.isEscaped
      }
      searchable -= 1
      next = source.firstIndex(of: first, from: start + 1)
    }
    searchable -= end - searched
    return false
  }

  private mutating func mayHoldEscapes() -> Bool {
    if let mayEscape { return mayEscape }
    let source = source.lend(range)
    let found =
      source.firstIndex(of: .backslash, from: 0) ?? source.firstIndex(of: .ampersand, from: 0)
    mayEscape = found != nil
    return found != nil
  }

  /// Goes on behind what is no running text: a link's destination, or code.
  private mutating func pass(_ bytes: LentBytes, behind marks: [UInt8]) {
    guard !bytes.isEmpty, searchable > 0, traits.addresses.mayOccur, mayHoldEscapes() else {
      return
    }
    let end = min(range.upperBound, searched + searchable)
    guard let found = source.lend(0..<end).firstRange(of: bytes, from: searched) else {
      searchable -= end - searched
      return
    }
    if found > 0, marks.contains(source[found - 1]) { searched = found + bytes.count }
  }
}

/// How an address was written in the source: as it is read, or with escapes.
private struct WrittenAddress {
  private(set) var end: Int
  /// Whether a character of it was escaped; an ampersand may be written `&amp;`.
  private(set) var isEscaped = false

  init?(_ address: LentBytes, in source: LentBytes, at start: Int) {
    end = start
    for byte in address {
      guard end < source.count else { return nil }
      if source[end] == .ampersand, let length = Self.entityLength(source, at: end) {
        if byte != .ampersand || !source.has("&amp;", at: end) { isEscaped = true }
        end += length
        continue
      }
      if source[end] == .backslash, byte != .backslash, byte.isPunctuation {
        isEscaped = true
        end += 1
      }
      guard end < source.count, source[end] == byte else { return nil }
      end += 1
    }
  }

  private static func entityLength(_ source: LentBytes, at start: Int) -> Int? {
    var end = start + 1
    if end < source.count, source[end] == .hash { end += 1 }
    let name = end
    while end < source.count, end - name < 32, source[end].isAlphanumeric { end += 1 }
    guard end > name, end < source.count, source[end] == .semicolon else { return nil }
    return end + 1 - start
  }
}

/// The tildes that begin and end what is struck out, found among the spans of one parent.
///
/// One or two tildes strike out, as GitHub has it; both ends have the same number.
struct StrikeMarks {
  struct Mark {
    /// How many bytes lie between the mark's start and the text's end.
    let fromEnd: Int
    let length: Int
    let opens: Bool
  }

  private struct Run {
    let node: CMarkNode
    let fromEnd: Int
    let length: Int
    let canOpen: Bool
    let canClose: Bool

    func mark(opens: Bool) -> Mark { Mark(fromEnd: fromEnd, length: length, opens: opens) }

    /// Whether this run may end what another began.
    func closes(_ opener: Run) -> Bool {
      !(canOpen || opener.canClose) || length % 3 == 0 || (opener.length + length) % 3 != 0
    }
  }

  private var marks: [CMarkNode: [Mark]] = [:]

  init() {}

  init(_ first: CMarkNode?) {
    if let first { add(first) }
  }

  /// The marks in a text, in order.
  subscript(node: CMarkNode) -> [Mark] { marks.isEmpty ? [] : marks[node] ?? [] }

  /// Finds the marks in a node and those that follow it.
  mutating func add(_ first: CMarkNode) {
    var found: [CMarkNode: [Mark]] = [:]
    var open: [Run] = []
    // How many of the open runs are known to fit none of a kind of closing runs.
    var unfit: [Bool: [Int: Int]] = [:]
    var node: CMarkNode? = first
    while let current = node {
      defer { node = current.next }
      guard current.kind == .text else { continue }
      for run in runs(in: current) {
        let tried = min(unfit[run.canOpen]?[run.length] ?? 0, open.count)
        if run.canClose, let index = open[tried...].lastIndex(where: run.closes) {
          let opener = open[index]
          open.removeSubrange(index...)
          if opener.length == run.length {
            found[opener.node, default: []].append(opener.mark(opens: true))
            found[run.node, default: []].append(run.mark(opens: false))
          }
          continue
        }
        if run.canClose { unfit[run.canOpen, default: [:]][run.length] = open.count }
        if run.canOpen { open.append(run) }
      }
    }
    // A text belongs to one parent only, so that no marks of an earlier call are replaced.
    for (node, unsorted) in found { marks[node] = unsorted.sorted { $0.fromEnd > $1.fromEnd } }
  }

  private func runs(in node: CMarkNode) -> [Run] {
    let text = node.literal
    var runs: [Run] = []
    var next = text.firstIndex(of: .tilde, from: 0)
    while let start = next {
      var end = start
      while end < text.count, text[end] == .tilde { end += 1 }
      next = text.firstIndex(of: .tilde, from: end)
      guard end - start <= 2 else { continue }
      let before = start > 0 ? Neighbour(text, endingAt: start) : Neighbour(node.previous)
      let after = end < text.count ? Neighbour(text, at: end) : Neighbour(node.next)
      let isLeft = after != .space && (after != .punctuation || before != .letter)
      let isRight = before != .space && (before != .punctuation || after != .letter)
      guard isLeft || isRight else { continue }
      runs.append(
        Run(
          node: node, fromEnd: text.count - start, length: end - start, canOpen: isLeft,
          canClose: isRight))
    }
    return runs
  }

  /// What stands beside a mark.
  private enum Neighbour {
    case space, punctuation, letter

    /// A span beside the text, which begins and ends with a mark of its own.
    init(_ node: CMarkNode?) {
      switch node?.kind {
      case nil, .softBreak, .lineBreak: self = .space
      default: self = .punctuation
      }
    }

    init(_ text: LentBytes, endingAt end: Int) {
      var start = end - 1
      while start > 0, text[start] & 0xC0 == 0x80 { start -= 1 }
      self.init(text, at: start)
    }

    init(_ text: LentBytes, at start: Int) {
      let byte = text[start]
      if byte < 0x80 {
        self = byte.isMarkdownSpace ? .space : byte.isPunctuation ? .punctuation : .letter
        return
      }
      var end = start + 1
      while end < text.count, text[end] & 0xC0 == 0x80 { end += 1 }
      let scalar = String(decoding: text[start..<end], as: UTF8.self).unicodeScalars.first
      switch scalar?.properties.generalCategory {
      case .spaceSeparator: self = .space
      case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
        .initialPunctuation, .finalPunctuation, .otherPunctuation:
        self = .punctuation
      default: self = .letter
      }
    }
  }
}
