/// A page in Markdown with every key of a file: what may stand there and what it means.
public enum Reference {
  /// Writes the page of a file from the shape of what stands at its top.
  ///
  /// `title`: the page's heading, such as `project.yaml`.
  public static func page(of shape: RecordShape, title: String) -> String {
    var writer = ReferenceWriter()
    writer.page(shape, title)
    return writer.text
  }
}

/// Writes one table for each record, nested ones after those that hold them.
private struct ReferenceWriter {
  private(set) var text = ""
  private var headings: [ObjectIdentifier: String] = [:]
  private var anchors: [String: Int] = [:]
  private var waiting: [RecordShape] = []
  /// Records that hold an answer differ in its type only: they share one table by their name.
  private var answerRecords: [String: String] = [:]
  private var forms: Set<Shape.TextForm> = []

  mutating func page(_ shape: RecordShape, _ title: String) {
    text = "# \(title)\n\n\(escaped(shape.summary))\n"
    table(shape)
    var position = 0
    while position < waiting.count {
      let record = waiting[position]
      position += 1
      text += "\n## \(headings[ObjectIdentifier(record.keys)] ?? record.title)\n\n"
      text += "\(escaped(record.summary))\n"
      if !record.prefix.isEmpty {
        text += "\nThe keys may begin with `\(record.prefix)`.\n"
      }
      table(record)
    }
    guard !forms.isEmpty else { return }
    text += "\n## Forms of text\n\n| Form | What it is |\n| --- | --- |\n"
    for form in Shape.TextForm.allCases where forms.contains(form) {
      text += "| \(form.title) | \(escaped(form.wanted)) |\n"
    }
  }

  private mutating func table(_ record: RecordShape) {
    text += "\n| Key | What stands there | Needed | Meaning |\n| --- | --- | --- | --- |\n"
    for field in record.fields {
      let kind = field.isAnswer && record.hasSharedTable ? "as asked for" : words(for: field.shape)
      let example = field.example.map { " Example: `\($0)`." } ?? ""
      text +=
        "| `\(field.key)` | \(kind) | \(field.isRequired ? "yes" : "") | "
        + "\(escaped(field.summary))\(example) |\n"
    }
    for field in record.fields {
      guard let choices = field.shape.choices, !(field.isAnswer && record.hasSharedTable) else {
        continue
      }
      text += "\nThe words of `\(field.key)`:\n\n"
      for choice in choices { text += "- `\(choice.id)`: \(escaped(choice.title))\n" }
    }
  }

  private mutating func words(for shape: Shape) -> String {
    switch shape {
    case .any: return "anything"
    case .prose: return "prose in Markdown"
    case .text(let form):
      forms.insert(form)
      return form.title
    case .integer, .number, .yesNo: return escaped(shape.wanted)
    case .choice: return "one of the words below"
    case .list(let item): return "a list: \(words(for: item))"
    case .oneOrMore(let item): return "\(words(for: item)), or a list: \(words(for: item))"
    case .table(let keys, let item): return "\(words(for: item)), each by \(keys)"
    case .recursive(let shape): return words(for: shape())
    case .either(let single, let record): return "\(words(for: single)), or \(link(record))"
    case .record(let record):
      let answer = record.hasSharedTable ? record.fields.first(where: \.isAnswer) : nil
      return link(record) + (answer.map { ": \(answerWords(for: $0.shape))" } ?? "")
    }
  }

  /// What an answer must look like, all of it in one cell.
  private mutating func answerWords(for shape: Shape) -> String {
    switch shape {
    case .choice(let choices):
      return choices.map { "`\($0.id)`" }.joined(separator: " or ")
    case .list(let item): return "a list: \(answerWords(for: item))"
    case .record(let record):
      var parts: [String] = []
      for field in record.fields {
        parts.append("`\(field.key)`, \(answerWords(for: field.shape))")
      }
      return parts.joined(separator: "; ")
    default: return words(for: shape)
    }
  }

  /// Links to a record's table, which is written later where it was not yet.
  private mutating func link(_ record: RecordShape) -> String {
    let id = ObjectIdentifier(record.keys)
    if headings[id] == nil {
      if record.hasSharedTable, let known = answerRecords[record.name] {
        headings[id] = known
      } else {
        let title = record.title.prefix(1).uppercased() + record.title.dropFirst()
        let count = anchors[title, default: 0] + 1
        anchors[title] = count
        headings[id] = count == 1 ? title : "\(title) (\(count))"
        if record.hasSharedTable { answerRecords[record.name] = headings[id] }
        waiting.append(record)
      }
    }
    return "[\(record.name)](#\(anchor(headings[id] ?? "")))"
  }

  /// The fragment that GitHub and GitLab give a heading.
  private func anchor(_ heading: String) -> String {
    String(
      heading.lowercased().compactMap { character in
        switch character {
        case " ": "-"
        case "-", "_": character
        default: character.isLetter || character.isNumber ? character : nil
        }
      })
  }

  private func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text {
      if "|<>*_[]`\\".contains(character) { escaped += "\\" }
      escaped.append(character)
    }
    return escaped
  }
}

extension RecordShape {
  /// Whether it differs from others of its name in the type of one answer only.
  fileprivate var hasSharedTable: Bool { fields.count > 1 && fields.count(where: \.isAnswer) == 1 }
}

extension Shape {
  /// The words of a choice, or of a list of choices.
  fileprivate var choices: [Choice]? {
    switch self {
    case .choice(let choices): choices
    case .list(let item): item.choices
    default: nil
    }
  }
}
