extension Node {
  /// A file that says what stands here and nothing else: no comments, and no layout of its own.
  ///
  /// - Throws: `InvalidInput` where the file would be too large, or say something else.
  func written(as name: String) throws(InvalidInput) -> Source {
    var text = ""
    if name.hasSuffix(".json") { text = json.text } else { write(0, into: &text) }
    let source = try Source(name: name, text: text)
    guard try Node(source).content.isSame(as: content) else {
      throw InvalidInput(Diagnostic("'\(name)' holds something that cannot be copied"))
    }
    return source
  }

  private var json: JSON {
    switch content {
    case .scalar(let text, _): isBlank ? .null : .string(text)
    case .foreign(let foreign): .string(foreign.text)
    case .sequence(let items): .array(items.map(\.json))
    case .mapping(let entries): .object(entries.map { .init($0.key, $0.value.json) })
    }
  }

  /// Writes a mapping at the beginning of lines.
  private func write(_ indent: Int, into text: inout String) {
    for entry in entries {
      text += "\(String(repeating: " ", count: indent))\(YAMLText.exact(entry.key)):"
      entry.value.writeBehind(indent + 2, into: &text)
    }
  }

  /// Writes a value behind a key and its colon, or behind an item's hyphen.
  private func writeBehind(_ indent: Int, into text: inout String) {
    switch content {
    case .scalar where isBlank: text += "\n"
    case .scalar(let words, let isPlain):
      // A number or a word such as 'yes' needs no quotes where it had none.
      let isWord = isPlain && words.utf8.allSatisfy(\.isLetterOrDigit)
      text += " "
      text += isWord ? words : YAMLText.block(words, indent) ?? YAMLText.exact(words)
      text += "\n"
    case .foreign(let foreign): text += " \(YAMLText.exact(foreign.text))\n"
    case .sequence(let items) where items.isEmpty: text += " []\n"
    case .mapping(let entries) where entries.isEmpty: text += " {}\n"
    case .mapping:
      text += "\n"
      write(indent, into: &text)
    case .sequence(let items):
      text += "\n"
      let margin = String(repeating: " ", count: indent)
      let lead = "\n\(margin)  "
      for item in items {
        // The first key of a mapping stands behind the hyphen.
        var inner = ""
        item.writeBehind(indent + 2, into: &inner)
        let isMapping = if case .mapping = item.content { inner.hasPrefix(lead) } else { false }
        text += "\(margin)-"
        text += isMapping ? " \(inner.dropFirst(lead.count))" : inner
      }
    }
  }
}

extension UInt8 {
  fileprivate var isLetterOrDigit: Bool {
    switch self {
    case 0x2E, 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: false
    }
  }
}
