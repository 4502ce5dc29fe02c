/// Writes values that have a shape as the YAML file that the shape describes; what is blank is left
/// out, and what is read from the file again is the same.
enum YAMLWriter {
  /// The text of a file.
  static func text(of record: Record, as shape: RecordShape) -> String {
    var text = ""
    write(record, shape, 0, into: &text)
    return text
  }

  private static func write(
    _ record: Record, _ shape: RecordShape, _ indent: Int, into text: inout String
  ) {
    for (field, value) in zip(shape.fields, record.values) where !value.isBlank {
      text += "\(String(repeating: " ", count: indent))\(field.key):"
      write(value, field.shape, indent + 2, into: &text)
    }
  }

  /// Writes a value behind a key and its colon, or behind an item's hyphen.
  private static func write(
    _ value: Value, _ shape: Shape, _ indent: Int, into text: inout String
  ) {
    let margin = String(repeating: " ", count: indent)
    switch (value, shape) {
    case (_, .recursive(let shape)): write(value, shape(), indent, into: &text)
    case (.list(let items), _):
      text += "\n"
      for item in items {
        text += "\(margin)-"
        // The first key of a record stands behind the hyphen.
        var inner = ""
        write(item, shape.element ?? .any, indent + 2, into: &inner)
        let lead = "\n" + margin + "  "
        text += inner.hasPrefix(lead) ? " " + inner.dropFirst(lead.count) : inner
      }
    case (.record(let record), .record(let shape)):
      text += "\n"
      write(record, shape, indent, into: &text)
    case (.record(let record), _):
      text += "\n"
      for (key, value) in zip(record.keys.names, record.values) {
        text += "\(margin)\(YAMLText.exact(key)):"
        write(value, .any, indent + 2, into: &text)
      }
    default: text += " " + scalar(value, indent) + "\n"
    }
  }

  private static func scalar(_ value: Value, _ indent: Int) -> String {
    switch value {
    case .bool(let isTrue): isTrue ? "yes" : "no"
    case .int(let number): String(number)
    case .double(let number): plain(number)
    default: value.asText.map { YAMLText.block($0, indent) ?? YAMLText.exact($0) } ?? "~"
    }
  }
}

extension Value {
  /// Whether there is nothing to write.
  fileprivate var isBlank: Bool {
    if case .list(let items) = self { items.isEmpty } else { !isPresent }
  }
}

extension YAMLText {
  /// A text on one line, without quotes where that means the same, in double quotes otherwise.
  static func exact(_ text: String) -> String {
    let isWord =
      isPlain(text) && Double(text) == nil
      && (text.utf8.count > longestWord || !words.contains(text.lowercased()))
    return isWord ? text : doubleQuoted(text)
  }

  /// Words that readers of YAML take for something else than text.
  private static let words: Set<String> = ["null", "true", "false", "yes", "no", "on", "off"]
  private static let longestWord = 5

  /// A text of several lines below a `|`, or `nil` where it has one line, or something that YAML
  /// can hold in quotes only.
  static func block(_ text: String, _ indent: Int) -> String? {
    guard text.utf8.contains(0x0A), let first = text.utf8.first, first != 0x0A, first != 0x20,
      !text.unicodeScalars.contains(where: { $0 != "\n" && !isPrintable($0) }),
      !text.hasSuffix("\n\n")
    else { return nil }
    let ends = text.hasSuffix("\n")
    let margin = String(repeating: " ", count: indent)
    let lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
    let body = (ends ? lines.dropLast() : lines[...]).map {
      $0.isEmpty ? "" : margin + Substring($0)
    }
    return (ends ? "|\n" : "|-\n") + body.joined(separator: "\n")
  }
}
