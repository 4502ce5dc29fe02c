private import Glibc

/// A piece of a YAML or JSON file, with the place where it stands.
public struct Node: Equatable, Sendable {
  /// What stands there.
  public enum Content: Equatable, Sendable {
    /// One value as it was written; `isPlain` where no quotes or block style say it is text.
    case scalar(String, isPlain: Bool)
    /// A guide's text that is in another language than the document that shows it.
    case foreign(ForeignText)
    /// Items in order.
    case sequence([Node])
    /// Values by key, in order; no key comes twice.
    case mapping([Entry])
  }

  /// A key with its value.
  public struct Entry: Equatable, Sendable {
    /// The key's text.
    public let key: String
    /// Where the key stands.
    public let mark: Mark
    /// What stands under it.
    public let value: Node
  }

  /// A line and a column in a file, both counted from 1.
  public struct Mark: Hashable, Sendable {
    /// The line.
    public let line: UInt32
    /// The column, in Unicode scalars.
    public let column: UInt32

    /// Names a line and a column.
    public init(line: Int, column: Int) {
      self.line = UInt32(clamping: line)
      self.column = UInt32(clamping: column)
    }
  }

  /// What stands there.
  public let content: Content
  /// Where it begins.
  public let mark: Mark
}

extension Node {
  /// How deep sequences and mappings may be nested in a file.
  public static let depthLimit = 64

  /// Reads a file: JSON where its name ends in `.json`, YAML otherwise.
  ///
  /// - Throws: `InvalidInput` with the place where the file is not well-formed, repeats a key, is
  ///   nested deeper than `depthLimit`, or grows beyond bounds through aliases.
  public init(_ source: Source) throws(InvalidInput) {
    self = source.name.hasSuffix(".json") ? try readJSON(source) : try readYAML(source)
  }

  /// Reads an object of a JSON file whose other members than these are of no interest.
  ///
  /// `given`: the key of a list among them that is too long to be held: its items are given away one by
  /// one, and the node has none.
  /// - Throws: `InvalidInput` with the place where the file is not well-formed.
  package init(
    _ source: Source, members: Set<String>, given: String? = nil,
    to take: @escaping (Node) -> Void = { _ in }
  ) throws(InvalidInput) {
    self = try readJSON(source, members: members, given: given, to: take)
  }

  /// The entries of a mapping; empty for anything else.
  public var entries: [Entry] {
    if case .mapping(let entries) = content { entries } else { [] }
  }

  /// The items of a sequence; empty for anything else.
  public var items: [Node] {
    if case .sequence(let items) = content { items } else { [] }
  }

  /// The text of a scalar that is not blank, not even in quotes; `nil` for anything else.
  public var text: String? {
    switch content {
    case .scalar(let text, _): isBlank || text.isWhiteSpace ? nil : text
    case .foreign(let foreign): foreign.text
    case .sequence, .mapping: nil
    }
  }

  /// The value under a key of a mapping, unless it was left blank.
  public subscript(key: String) -> Node? {
    guard case .mapping(let entries) = content else { return nil }
    for entry in entries where entry.key == key {
      return entry.value.isBlank ? nil : entry.value
    }
    return nil
  }

  /// Whether nothing was written: an empty plain scalar, `~` or `null`.
  public var isBlank: Bool {
    switch content {
    case .scalar(let text, isPlain: true) where text.utf8.count <= 4:
      text.isEmpty || text == "~" || text == "null" || text == "Null" || text == "NULL"
    default: false
    }
  }

  /// What a file calls this kind of thing in a message.
  var kind: String {
    switch content {
    case .scalar, .foreign: isBlank ? "nothing" : "a single value"
    case .sequence: "a list"
    case .mapping: "a mapping of keys"
    }
  }

  /// The value that YAML's core schema (or JSON) gives it, for data without a declared shape.
  public var value: Value { value(Layout()) }

  /// The names that mappings at one place of the data had last, so that those that have them too
  /// share them: a template finds an attribute of the next record where it was in the last one.
  private final class Layout {
    var keys: Keys?
    private var parts: [Layout?] = []

    /// What stands in a list, or at a place of a mapping.
    subscript(part: Int) -> Layout {
      while parts.count <= part { parts.append(nil) }
      if let layout = parts[part] { return layout }
      let layout = Layout()
      parts[part] = layout
      return layout
    }

    /// The names of a mapping.
    func keys(of entries: [Entry]) -> Keys {
      if let keys, keys.names.count == entries.count,
        zip(keys.names, entries).allSatisfy({ $0 == $1.key })
      {
        return keys
      }
      let own = Keys(entries.map(\.key))
      keys = own
      parts = []
      return own
    }
  }

  private func value(_ layout: @autoclosure () -> Layout) -> Value {
    switch content {
    case .scalar(let text, let isPlain):
      return isPlain ? Self.resolved(text, isBlank: isBlank) : .text(text)
    case .foreign(let foreign): return .foreign(foreign)
    case .sequence(let items):
      let layout = layout()
      return .list(items.map { $0.value(layout[0]) })
    case .mapping(let entries):
      let layout = layout()
      let keys = layout.keys(of: entries)
      return .record(Record(keys, entries.indices.map { entries[$0].value.value(layout[$0]) }))
    }
  }

  /// Resolves a plain scalar as YAML 1.2's core schema does (section 10.3.2).
  private static func resolved(_ text: String, isBlank: Bool) -> Value {
    if isBlank { return .none }
    switch text {
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    default: break
    }
    guard let first = text.utf8.first, first <= 0x39 else { return .text(text) }
    if let number = Int(text) { return .int(number) }
    if text.hasPrefix("0x"), let number = Int(text.dropFirst(2), radix: 16) { return .int(number) }
    if text.hasPrefix("0o"), let number = Int(text.dropFirst(2), radix: 8) { return .int(number) }
    let isDecimal = text.utf8.allSatisfy { "+-.eE0123456789".utf8.contains($0) }
    if isDecimal, let number = Double(text) { return .double(number) }
    return .text(text)
  }
}

/// Refuses a mapping that repeats a key, with both places.
func checkUniqueKeys(_ entries: [Node.Entry], _ source: Source) throws(InvalidInput) {
  // A table costs more than it saves where there are few keys, as nearly everywhere.
  if entries.count <= 8 {
    let isUnique = entries.indices.allSatisfy { index in
      !entries[..<index].contains { $0.key == entries[index].key }
    }
    if isUnique { return }
  }
  var first: [String: Node.Mark] = [:]
  first.reserveCapacity(entries.count)
  for entry in entries {
    if let earlier = first.updateValue(entry.mark, forKey: entry.key) {
      throw InvalidInput(
        Diagnostic(
          "the key '\(entry.key)' is here a second time", at: source.location(entry.mark),
          hint: "keep one of the two",
          notes: [Diagnostic.Note("it stands here first", at: source.location(earlier))]))
    }
  }
}

extension Source {
  /// The place of a mark.
  public func location(_ mark: Node.Mark) -> Location {
    location(line: Int(mark.line), column: Int(mark.column))
  }
}

extension String {
  /// Whether there is nothing but white space, or nothing at all.
  var isWhiteSpace: Bool { utf8.allSatisfy { $0 <= 0x20 } }

  /// Whether a byte of ASCII stands in it.
  func holds(_ byte: UInt8) -> Bool {
    utf8.withContiguousStorageIfAvailable { bytes in
      bytes.baseAddress.map { memchr($0, Int32(byte), bytes.count) != nil } ?? false
    } ?? utf8.contains(byte)
  }
}
