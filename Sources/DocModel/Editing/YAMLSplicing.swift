extension Source {
  /// The file with some changes, all else of it byte for byte as it was: comments, order and layout.
  ///
  /// New text is put in at the places of values. What comes out is read again and compared with what it is
  /// to say.
  ///
  /// - Throws: `InvalidInput` where a change cannot be made so, with its place; then nothing is changed.
  public func changed(by changes: [FileChange]) throws(InvalidInput) -> ChangedSource {
    guard !name.lowercased().hasSuffix(".json") else {
      throw InvalidInput(
        Diagnostic("'\(name)' is JSON; only YAML files are changed", hint: "change it by hand"))
    }
    if changes.isEmpty { return ChangedSource(old: self, new: self, splices: []) }
    let node = try Node(self)
    let span = try YAMLSpan(self)
    if let result = try spliced(changes, node, span) { return result }
    // Look for the first change that cannot be made, by halves.
    var low = 0
    var high = changes.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if try spliced(Array(changes[..<middle]), node, span) == nil {
        high = middle
      } else {
        low = middle
      }
    }
    let place = changes[low].place
    throw InvalidInput(
      Diagnostic(
        "'\(place.words)' cannot be changed without changing something else",
        at: location(node.nearest(to: place).mark), hint: "change it by hand"))
  }

  /// The file with some changes; `nil` where it would not say what it is to say.
  private func spliced(
    _ changes: [FileChange], _ node: Node, _ span: YAMLSpan
  ) throws(InvalidInput) -> ChangedSource? {
    let edit = FileEdit(changes)
    var splicer = YAMLSplicer(bytes)
    guard splicer.edit(edit, node, span, YAMLSplicer.Place(indent: -2, isFlow: false)),
      let text = splicer.result
    else { return nil }
    let source: Source
    do throws(InvalidInput) {
      source = try Source(name: name, bytes: text)
      guard try Node(source).content.isSame(as: edit.applied(to: node)) else { return nil }
    } catch {
      return nil
    }
    return ChangedSource(old: self, new: source, splices: splicer.sorted)
  }
}

extension [Matrix.Step] {
  /// The place in words, such as `answers.sizing.scale.answer`.
  var words: String {
    map { step in
      switch step {
      case .key(let key): key
      case .item(let index): "\(index + 1)"
      case .named(let name): name
      }
    }.joined(separator: " → ")
  }
}

extension Node {
  /// The value at a place, or the last one on the way there.
  fileprivate func nearest(to place: [Matrix.Step]) -> Node {
    var node = self
    for step in place {
      switch step {
      case .key(let key):
        guard let next = node.entries.first(where: { $0.key == key })?.value else { return node }
        node = next
      case .item, .named:
        guard let index = FileEdit.index(of: step, in: node.items) else { return node }
        node = node.items[index]
      }
    }
    return node
  }
}

/// Finds where in a file new text has to be put.
private struct YAMLSplicer {
  /// Where a value stands: how far the key or the hyphen before it is set in, and whether in braces.
  struct Place {
    let indent: Int
    let isFlow: Bool
  }

  private let bytes: [UInt8]
  private var splices: [ChangedSource.Splice] = []
  /// How far a comment is set in that follows what is being put in; 0 where none does.
  private var commentIndent = 0
  /// What ends a line in this file.
  private let lineEnd: String

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    let first = bytes.firstIndex(of: 0x0A) ?? 0
    lineEnd = first > 0 && bytes[first - 1] == 0x0D ? "\r\n" : "\n"
  }

  /// What is put in, in the order of the file.
  var sorted: [ChangedSource.Splice] {
    splices.enumerated().sorted { left, right in
      (left.element.range.lowerBound, left.element.range.upperBound, left.offset)
        < (right.element.range.lowerBound, right.element.range.upperBound, right.offset)
    }.map(\.element)
  }

  /// The file with all that was put in; `nil` where two changes meet.
  var result: [UInt8]? {
    var result: [UInt8] = []
    var position = 0
    for splice in sorted {
      guard splice.range.lowerBound >= position else { return nil }
      result += bytes[position..<splice.range.lowerBound]
      result += splice.text.utf8
      position = splice.range.upperBound
    }
    return result + bytes[position...]
  }

  private mutating func put(_ text: String, at range: Range<Int>) {
    splices.append(ChangedSource.Splice(range: range, text: text))
  }

  // MARK: - Values

  /// Changes a value; `false` where that cannot be done.
  mutating func edit(_ edit: FileEdit, _ node: Node, _ span: YAMLSpan, _ place: Place) -> Bool {
    switch (span.kind, node.content) {
    case (.alias, _): return false
    case (.scalar, _): return replace(span, with: edit.whole, place)
    case (.mapping(let isFlow, let entries), .mapping(let nodes)):
      return edit.content == nil
        && self.edit(
          edit, entries, nodes, span, Place(indent: place.indent, isFlow: isFlow || place.isFlow))
    case (.sequence(let isFlow, let items), .sequence(let nodes)):
      let inner = Place(indent: place.indent, isFlow: isFlow || place.isFlow)
      guard let content = edit.content else { return self.edit(edit, items, nodes, span, inner) }
      guard case .sequence(let new) = content else { return false }
      if edit.isAddition {
        let missing = FileEdit.missing(new, in: nodes).map(\.content)
        return add(missing, behind: items, span, inner)
      }
      return replace(items, nodes, with: new, span, inner)
    default: return false
    }
  }

  private mutating func edit(
    _ edit: FileEdit, _ entries: [(key: String, keyStart: Int, value: YAMLSpan)],
    _ nodes: [Node.Entry], _ span: YAMLSpan, _ place: Place
  ) -> Bool {
    guard entries.count == nodes.count else { return false }
    let indent = entries.first.map { column($0.keyStart) } ?? place.indent + 2
    let inner = Place(indent: indent, isFlow: place.isFlow)
    var positions: [String: Int] = [:]
    for (index, entry) in entries.enumerated() { positions[entry.key] = index }
    var new: [(key: String, content: Node.Content)] = []
    for part in edit.parts {
      guard case .key(let key) = part.step else { return false }
      if let index = positions[key] {
        guard self.edit(part.edit, nodes[index].value, entries[index].value, inner) else {
          return false
        }
      } else {
        new.append((key, part.edit.whole))
      }
    }
    if new.isEmpty { return true }
    if place.isFlow {
      let texts = new.map { "\(key($0.key)): \(flow($0.content))" }
      addFlow(texts, behind: entries.last?.value, span)
      return true
    }
    guard let last = entries.last else { return false }
    let margin = String(repeating: " ", count: indent)
    let end = contentEnd(last.value)
    lookBehind(end)
    let lines = new.map {
      lineEnd + margin + key($0.key) + ":" + block($0.content, indent)
    }
    put(lines.joined(), at: end..<end)
    return true
  }

  private mutating func edit(
    _ edit: FileEdit, _ items: [YAMLSpan], _ nodes: [Node], _ span: YAMLSpan, _ place: Place
  ) -> Bool {
    guard items.count == nodes.count else { return false }
    let inner = Place(
      indent: place.isFlow ? place.indent : column(span.start), isFlow: place.isFlow)
    var new: [Node.Content] = []
    for part in edit.parts {
      if let index = FileEdit.index(of: part.step, in: nodes) {
        guard self.edit(part.edit, nodes[index], items[index], inner) else { return false }
      } else if let item = part.newItem(in: nodes) {
        new.append(item)
      }
    }
    return add(new, behind: items, span, place)
  }

  // MARK: - Lists

  private mutating func add(
    _ new: [Node.Content], behind items: [YAMLSpan], _ span: YAMLSpan, _ place: Place
  ) -> Bool {
    if new.isEmpty { return true }
    if place.isFlow {
      addFlow(new.map(flow), behind: items.last, span)
      return true
    }
    guard let last = items.last else { return false }
    let indent = column(span.start)
    let end = contentEnd(last)
    lookBehind(end)
    put(new.map { lineEnd + item($0, indent) }.joined(), at: end..<end)
    return true
  }

  /// Replaces the items that differ, adds those that are new, and takes away what is left over where no
  /// comment would go with it.
  private mutating func replace(
    _ items: [YAMLSpan], _ nodes: [Node], with new: [Node], _ span: YAMLSpan, _ place: Place
  ) -> Bool {
    let common = min(items.count, new.count)
    let inner = Place(
      indent: place.isFlow ? place.indent : column(span.start), isFlow: place.isFlow)
    for index in 0..<common where !nodes[index].content.isSame(as: new[index].content) {
      guard case .scalar = items[index].kind else { return false }
      guard replace(items[index], with: new[index].content, inner) else { return false }
    }
    if new.count >= items.count {
      return add(new[common...].map(\.content), behind: items, span, place)
    }
    guard common > 0 else { return false }
    let start = place.isFlow ? items[common - 1].end : contentEnd(items[common - 1])
    let end = place.isFlow ? items[items.count - 1].end : contentEnd(items[items.count - 1])
    guard start <= end, !bytes[start..<end].contains(UInt8(ascii: "#")) else { return false }
    put("", at: start..<end)
    return true
  }

  private mutating func addFlow(_ texts: [String], behind last: YAMLSpan?, _ span: YAMLSpan) {
    let text = texts.joined(separator: ", ")
    if let last {
      put(", " + text, at: last.end..<last.end)
    } else {
      put(text, at: span.end - 1..<span.end - 1)
    }
  }

  // MARK: - Scalars

  /// Puts something in the place of a single value, or of nothing.
  private mutating func replace(
    _ span: YAMLSpan, with content: Node.Content, _ place: Place
  ) -> Bool {
    guard case .scalar(let isBlock) = span.kind else { return false }
    let isMissing = span.start == span.end
    if place.isFlow {
      put((isMissing ? " " : "") + flow(content), at: span.start..<span.end)
      return true
    }
    // What follows the value on its line, such as a comment, stays there.
    lookBehind(isBlock ? contentEnd(span) : endOfLine(span.end))
    var text = block(content, place.indent)
    if !isMissing, text.first == " " { text.removeFirst() }
    let head = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
    let first = String(head[0].last == "\r" ? head[0].dropLast() : head[0])
    let rest = head.count > 1 ? lineEnd + head[1] : ""
    if isBlock {
      let headerEnd = bytes[span.start..<span.end].firstIndex { $0 <= 0x20 } ?? span.end
      let firstEnd = endOfLine(span.start)
      let end = contentEnd(span)
      guard headerEnd <= firstEnd, firstEnd <= end else { return false }
      put(first, at: span.start..<headerEnd)
      put(rest, at: firstEnd..<end)
    } else {
      put(first, at: span.start..<span.end)
      let end = endOfLine(span.end)
      if !rest.isEmpty { put(rest, at: end..<end) }
    }
    return true
  }

  // MARK: - Text

  /// A key; those of our files are written without quotes.
  private func key(_ key: String) -> String {
    key == "null" ? YAMLText.exact(key) : YAMLText.scalar(key)
  }

  /// A value as it stands behind a key and its colon, with a space or a line end before it.
  private func block(_ content: Node.Content, _ indent: Int) -> String {
    switch content {
    case .scalar(let text, let isPlain):
      if isPlain { return " " + YAMLText.scalar(text) }
      // A comment that is set in as far would become part of a block of text.
      guard indent + 2 > commentIndent, let block = YAMLText.block(text, indent + 2) else {
        return " " + YAMLText.exact(text)
      }
      return " " + (lineEnd == "\n" ? block : block.replacing("\n", with: lineEnd))
    case .foreign(let text): return block(.text(text.text), indent)
    case .sequence(let items):
      if items.isEmpty { return " []" }
      return items.map { lineEnd + item($0.content, indent + 2) }.joined()
    case .mapping(let entries):
      if entries.isEmpty { return " {}" }
      let margin = String(repeating: " ", count: indent + 2)
      return entries.map {
        lineEnd + margin + key($0.key) + ":" + block($0.value.content, indent + 2)
      }.joined()
    }
  }

  /// An item with its hyphen.
  private func item(_ content: Node.Content, _ indent: Int) -> String {
    let margin = String(repeating: " ", count: indent)
    guard case .mapping = content else { return margin + "-" + block(content, indent) }
    // The first key stands behind the hyphen.
    let lines = block(content, indent)
    return margin + "- " + lines.dropFirst(lineEnd.count + indent + 2)
  }

  /// A value on one line, as it may stand in braces and brackets.
  private func flow(_ content: Node.Content) -> String {
    switch content {
    case .scalar(let text, let isPlain): isPlain ? YAMLText.scalar(text) : YAMLText.exact(text)
    case .foreign(let text): flow(.text(text.text))
    case .sequence(let items): "[\(items.map { flow($0.content) }.joined(separator: ", "))]"
    case .mapping(let entries):
      "{"
        + entries.map { "\(key($0.key)): \(flow($0.value.content))" }
        .joined(separator: ", ") + "}"
    }
  }

  // MARK: - Places

  /// How far a byte is from the beginning of its line.
  private func column(_ offset: Int) -> Int {
    var start = offset
    while start > 0, bytes[start - 1] != 0x0A { start -= 1 }
    return offset - start
  }

  /// Where the line of a byte ends, before its line end.
  private func endOfLine(_ offset: Int) -> Int {
    let end = bytes[offset...].firstIndex(of: 0x0A) ?? bytes.count
    return end > offset && bytes[end - 1] == 0x0D ? end - 1 : end
  }

  /// Looks for the comment that follows the line which ends at a byte.
  private mutating func lookBehind(_ end: Int) {
    var position = end
    commentIndent = 0
    while position < bytes.count {
      let start = position
      position += 1
      switch bytes[start] {
      case 0x0A: commentIndent = 0
      case 0x20: commentIndent += 1
      case UInt8(ascii: "#"): return
      case 0x0D: continue
      default:
        commentIndent = 0
        return
      }
    }
    commentIndent = 0
  }

  /// Where the last line of a value ends.
  private func contentEnd(_ span: YAMLSpan) -> Int {
    switch span.kind {
    case .sequence(isFlow: false, let items):
      return items.last.map(contentEnd) ?? endOfLine(span.end)
    case .mapping(isFlow: false, let entries):
      return entries.last.map { contentEnd($0.value) } ?? endOfLine(span.end)
    case .scalar(isBlock: true):
      // The lines end before empty ones, but where a `+` makes these part of the value.
      let header = bytes[span.start..<span.end].prefix { $0 > 0x20 }
      let isKept = header.contains(UInt8(ascii: "+"))
      var end = span.end
      if isKept {
        if end > span.start, bytes[end - 1] == 0x0A { end -= 1 }
      } else {
        while end > span.start, bytes[end - 1] <= 0x20 { end -= 1 }
        end = endOfLine(end)
      }
      return end > span.start && bytes[end - 1] == 0x0D ? end - 1 : end
    default: return endOfLine(span.end)
    }
  }
}
