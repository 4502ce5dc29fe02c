/// What the cells of spreadsheets say for what files hold, and back.
extension Shape {
  /// The text of a cell for what a file holds; empty where it holds nothing, `nil` where no cell can say
  /// it.
  ///
  /// A list has an item on each line, behind `- `; evidence has its file or its link on each line.
  package func cellText(of node: Node?) -> String? {
    guard let node, !node.isBlank else { return "" }
    switch self {
    case .list(.record(let record)) where record.isEvidence:
      let names = node.items.map { $0["file"]?.text ?? $0["link"]?.text ?? "" }
      return names.filter { !$0.isEmpty }.joined(separator: "\n")
    case .list(let item), .oneOrMore(let item):
      guard item.isScalar else { return nil }
      let items = node.text.map { [$0] } ?? node.items.compactMap(\.text)
      return items.map { "- " + $0.replacing("\n", with: "\n  ") }.joined(separator: "\n")
    default:
      guard isScalar, case .scalar(let text, _) = node.content else { return nil }
      return text
    }
  }

  /// What a file holds for the text of a cell, which is not empty.
  ///
  /// - Throws: `InvalidInput` with what the text must be instead.
  package func content(ofCell text: String) throws(InvalidInput) -> Node.Content {
    switch self {
    case .list(.record(let record)) where record.isEvidence:
      var items: [Node.Content] = []
      for line in text.split(separator: "\n") {
        let name = String(line.trimmingWhiteSpace)
        if name.isEmpty { continue }
        let isLink = Shape.text(.link).parsed(name) != nil
        guard isLink || Shape.text(.path).parsed(name) != nil else {
          throw mismatch(name, "a file or a link on each line")
        }
        items.append(.record([(isLink ? "link" : "file", .text(name))]))
      }
      return .list(items)
    case .list(let item), .oneOrMore(let item):
      var items: [Node.Content] = []
      for part in Self.items(of: text) { items.append(try item.content(ofCell: part)) }
      return .list(items)
    default:
      let trimmed = String(text[...].trimmingWhiteSpace)
      guard
        let fitting = [text, trimmed, withoutUnit(trimmed)].first(where: { parsed($0) != nil })
          ?? choice(trimmed)
      else { throw mismatch(trimmed, wanted) }
      switch self {
      case .integer, .number, .yesNo, .choice, .text(.date), .text(.dateTime), .text(.slug):
        return .scalar(fitting, isPlain: true)
      default: return .text(fitting)
      }
    }
  }

  private func mismatch(_ text: String, _ wanted: String) -> InvalidInput {
    let start = String(text.unicodeScalars.prefix(60))
    let shown = start == text ? text : start + "…"
    return InvalidInput(
      Diagnostic(
        "it must be \(wanted), not '\(shown)'\(doubt(about: text))", hint: suggestion(for: text)))
  }

  private func suggestion(for text: String) -> String? {
    guard case .choice(let choices) = self else { return nil }
    return nearest(to: text, among: choices.map(\.id)).map { "did you mean '\($0)'?" }
  }

  /// A number without the unit that is meant in any case.
  private func withoutUnit(_ text: String) -> String {
    guard case .number(_, let unit?) = self, text.hasSuffix(unit) else { return text }
    return String(text.dropLast(unit.count)[...].trimmingWhiteSpace)
  }

  /// The word that somebody meant who wrote it in other letters, or wrote what it means.
  private func choice(_ text: String) -> String? {
    let text = text.lowercased()
    switch self {
    case .choice(let choices):
      return choices.first { $0.id == text || $0.title.lowercased() == text }?.id
    case .yesNo: return parsed(text) == nil ? nil : text
    default: return nil
    }
  }

  /// The items of a list: each behind `- ` with lines that are set in, or each on a line.
  private static func items(of text: String) -> [String] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard text.hasPrefix("- ") else {
      return lines.map { String($0.trimmingWhiteSpace) }.filter { !$0.isEmpty }
    }
    var items: [String] = []
    for line in lines {
      if line.hasPrefix("- ") {
        items.append(String(line.dropFirst(2)))
      } else {
        items[items.count - 1] += "\n" + (line.hasPrefix("  ") ? line.dropFirst(2) : line)
      }
    }
    return items.filter { !$0.isWhiteSpace }
  }

  /// Whether the text of a single value fits.
  package func accepts(_ text: String) -> Bool { parsed(text) != nil }

  /// Whether a single value stands there.
  package var isScalar: Bool {
    switch self {
    case .text, .prose, .integer, .number, .yesNo, .choice: true
    case .list, .oneOrMore, .record, .table, .either, .recursive, .any: false
    }
  }
}

extension RecordShape {
  /// Whether such a record names a file or a link.
  var isEvidence: Bool { self["file"] != nil && self["link"] != nil }
}

extension Node.Content {
  /// A text that was given, whatever it looks like.
  package static func text(_ text: String) -> Self { .scalar(text, isPlain: false) }

  /// A list of what has no place yet.
  package static func list(_ items: [Self]) -> Self {
    .sequence(items.map { Node(content: $0, mark: .nowhere) })
  }

  /// A mapping of what has no place yet.
  package static func record(_ entries: [(key: String, content: Self)]) -> Self {
    .mapping(
      entries.map {
        Node.Entry(
          key: $0.key, mark: .nowhere, value: Node(content: $0.content, mark: .nowhere))
      })
  }
}

extension Node.Mark {
  /// The place of what stands in no file yet.
  static let nowhere = Self(line: 0, column: 0)
}

extension Substring {
  /// The text without white space around it.
  package var trimmingWhiteSpace: Substring {
    var rest = self
    while rest.first?.isWhitespace ?? false { rest.removeFirst() }
    while rest.last?.isWhitespace ?? false { rest.removeLast() }
    return rest
  }
}
