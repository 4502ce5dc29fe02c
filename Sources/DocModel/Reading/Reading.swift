private import FoundationEssentials

/// Goes through a file beside its declared shape and collects all that is wrong with it.
struct Reading {
  let source: Source
  private(set) var problems: [Diagnostic] = []
  /// What is wrong with single values that are answers: findings, since the file is well-formed.
  private(set) var mismatches: [Node.Mark: String] = [:]
  /// How many problems are reported in full; of more there is but the number.
  private static let problemLimit = 500
  /// How many names are compared for suggestions, since a file may be wrong from end to end.
  private static let comparisonBudget = 200_000
  private var furtherProblems = 0
  private var comparisons = 0
  private let acceptsPlaceholders: Bool
  private var isInAnswer = false

  /// `shape`: what stands at the top of the file.
  init(_ source: Source, _ shape: RecordShape) {
    self.source = source
    acceptsPlaceholders = shape.isFilledIn
  }

  /// Ends the reading of a file: throws where something was wrong.
  func finish() throws(InvalidInput) {
    if problems.isEmpty { return }
    let more = Diagnostic("there are \(furtherProblems) further problems in '\(source.name)'")
    throw InvalidInput(problems + (furtherProblems > 0 ? [more] : []))
  }

  /// Notes that something is wrong at a place.
  mutating func refuse(_ message: String, at mark: Node.Mark, hint: String? = nil) {
    guard problems.count < Self.problemLimit else {
      furtherProblems += 1
      return
    }
    problems.append(Diagnostic(message, at: source.location(mark), hint: hint))
  }

  /// «Did you mean», where a name is near.
  ///
  /// A file that is wrong from end to end gets no more of them after the first, since each is a
  /// search through all names.
  func suggestion(_ nearest: () -> String?) -> String? {
    problems.count < 20 ? nearest().map { "did you mean '\($0)'?" } : nil
  }

  /// What a template finds for a node that has a shape; `none` where it was left blank or is wrong.
  ///
  /// In a file that is filled in step by step, a placeholder such as `TBD` counts as blank where a
  /// form is asked for: a check reports it.
  mutating func value(of node: Node, as shape: Shape, called name: String) -> Value {
    if node.isBlank { return .none }
    switch shape {
    case .any: return node.value
    case .recursive(let shape): return value(of: node, as: shape(), called: name)
    case .list(let item):
      guard case .sequence(let items) = node.content else {
        return wrongKind(
          node, name, "a list", hint: "begin each item on a line of its own with '- '")
      }
      return .list(items.map { value(of: $0, as: item, called: "an item of \(name)") })
    case .record(let shape):
      guard case .mapping(let entries) = node.content else {
        return wrongKind(node, name, "a mapping of keys", hint: "its keys are \(listed(shape, 4))")
      }
      return record(entries, at: node.mark, as: shape)
    case .table(_, let item):
      guard case .mapping(let entries) = node.content else {
        return wrongKind(node, name, "a mapping of keys", hint: nil)
      }
      return .record(
        Record(
          Keys(entries.map(\.key)),
          entries.map { value(of: $0.value, as: item, called: "'\($0.key)'") }))
    case .either(let single, let record):
      if case .mapping(let entries) = node.content {
        return self.record(entries, at: node.mark, as: record)
      }
      return value(of: node, as: single, called: name)
    default:
      guard case .scalar(let text, _) = node.content else {
        return wrongKind(node, name, "a single value", hint: nil)
      }
      return scalar(text, at: node.mark, as: shape, called: name)
    }
  }

  private mutating func wrongKind(
    _ node: Node, _ name: String, _ wanted: String, hint: String?
  ) -> Value {
    refuse("\(name) must be \(wanted), not \(node.kind)", at: node.mark, hint: hint)
    return .none
  }

  private mutating func record(
    _ entries: [Node.Entry], at mark: Node.Mark, as shape: RecordShape
  ) -> Value {
    var values = shape.blanks
    var isGiven = Array(repeating: false, count: shape.fields.count)
    for entry in entries {
      guard let index = shape.index(of: entry.key) else {
        refuse(
          "unknown key '\(excerpt(entry.key))' in \(shape.name)", at: entry.mark,
          hint: suggestion(for: entry.key, in: shape))
        continue
      }
      guard !isGiven[index] else {
        refuse("'\(entry.key)' says the same as a key above it", at: entry.mark)
        continue
      }
      if entry.value.isBlank { continue }
      isGiven[index] = true
      let wasInAnswer = isInAnswer
      isInAnswer = isInAnswer || shape.fields[index].isAnswer
      values[index] = value(
        of: entry.value, as: shape.fields[index].shape, called: "'\(entry.key)'")
      isInAnswer = wasInAnswer
    }
    for (field, isGiven) in zip(shape.fields, isGiven) where field.isRequired && !isGiven {
      refuse("'\(field.key)' is missing in \(shape.name)", at: mark, hint: field.summary)
    }
    return .record(Record(shape.keys, values))
  }

  /// What to write instead of an unknown key.
  private mutating func suggestion(for key: String, in shape: RecordShape) -> String {
    comparisons += shape.fields.count
    if comparisons <= Self.comparisonBudget,
      let near = nearest(to: key, among: shape.fields.lazy.map(\.key))
    {
      return "did you mean '\(near)'?"
    }
    return "the keys are \(listed(shape, 16))"
  }

  private func listed(_ shape: RecordShape, _ count: Int) -> String {
    let keys = shape.fields.prefix(count).map { "'\($0.key)'" }.joined(separator: ", ")
    return shape.fields.count > count ? keys + ", …" : keys
  }

  private mutating func scalar(
    _ text: String, at mark: Node.Mark, as shape: Shape, called name: String
  ) -> Value {
    switch shape {
    case .prose: return text.isWhiteSpace ? .none : .markdown(text)
    case .text(.line) where !text.utf8.contains(0x0A):
      return text.isWhiteSpace ? .none : .text(text)
    default: break
    }
    if let value = shape.parsed(text) { return value }
    if acceptsPlaceholders, Placeholder(in: text) != nil { return .none }
    let message = "\(name) must be \(shape.wanted), not '\(excerpt(text))'"
    if isInAnswer { mismatches[mark] = message } else { refuse(message, at: mark) }
    return .none
  }
}

/// The beginning of a user's text, for a message.
private func excerpt(_ text: String) -> String {
  let start = String(text.unicodeScalars.prefix(60))
  return start.utf8.count < text.utf8.count ? start + "…" : start
}

extension Shape {
  /// The value of a single value's text in this shape, or `nil` where it does not fit.
  func parsed(_ text: String) -> Value? {
    switch self {
    case .prose: return .markdown(text)
    case .text(let form): return form.accepts(text) ? .text(text) : nil
    case .integer(let range):
      guard let number = decimal(text), let whole = Int(number.description),
        range.contains(whole)
      else { return nil }
      return .int(whole)
    case .number(let range, _):
      guard decimal(text) != nil, let number = Double(text.replacing(",", with: "")),
        range.contains(number)
      else { return nil }
      return Int(exactly: number).map(Value.int) ?? .double(number)
    case .yesNo:
      switch text {
      case "yes", "Yes", "YES", "true", "True", "TRUE": return .bool(true)
      case "no", "No", "NO", "false", "False", "FALSE": return .bool(false)
      default: return nil
      }
    case .choice(let choices):
      return choices.contains { $0.id == text } ? .text(text) : nil
    default: return nil
    }
  }

  /// What a single value must be, for messages.
  var wanted: String {
    switch self {
    case .text(let form): form.wanted
    case .integer(let range):
      range.upperBound == .max
        ? "a whole number of at least \(range.lowerBound)"
        : "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .number(let range, let unit):
      (range.lowerBound == -.infinity
        ? "a number"
        : range.upperBound == .infinity
          ? "a number of at least \(plain(range.lowerBound))"
          : "a number from \(plain(range.lowerBound)) to \(plain(range.upperBound))")
        + (unit.map { " (\($0))" } ?? "")
    case .yesNo: "'yes' or 'no'"
    case .choice(let choices):
      "one of " + choices.map { "'\($0.id)'" }.joined(separator: ", ")
    case .list: "a list"
    default: "text"
    }
  }
}

/// A number as a person writes it: without a fraction where it has none.
func plain(_ number: Double) -> String {
  Int(exactly: number).map(String.init) ?? "\(number)"
}

extension Shape.TextForm {
  /// Whether one line of text has this form.
  func accepts(_ text: String) -> Bool {
    if text.utf8.contains(0x0A) { return false }
    switch self {
    case .line: return true
    case .slug: return Self.isSlug(text.utf8[...])
    case .identifier:
      let local = text.utf8.firstIndex(of: UInt8(ascii: ":")).map { index in
        Self.isSlug(text.utf8[..<index])
          ? text.utf8[text.utf8.index(after: index)...] : text.utf8.prefix(0)
      }
      let parts = (local ?? text.utf8[...]).split(
        separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      return parts.count <= 2 && parts.allSatisfy(Self.isSlug)
    case .link: return Self.isLink(text)
    case .email: return Self.isEmail(text.utf8[...])
    case .date: return Day(text) != nil
    case .dateTime: return Moment(text) != nil
    case .duration: return TimeSpan(text) != nil
    case .quantity: return Quantity(text).map { !$0.unit.isEmpty } ?? false
    case .path: return !text.isEmpty && !text.utf8.contains(0)
    }
  }

  /// What the text must be, for messages.
  var wanted: String {
    switch self {
    case .line: "one line of text"
    case .slug: "lower-case letters, digits and single hyphens"
    case .identifier: "an identifier such as 'section.item'"
    case .link: "an address that begins with 'https://', 'http://' or 'mailto:'"
    case .email: "an e-mail address"
    case .date: "a date such as 2026-12-31"
    case .dateTime:
      "a date such as 2026-12-31, or a time with its offset such as "
        + "2026-12-31T17:00+03:00"
    case .duration: "a length of time such as '15 min', '4 h', '1 business day' or '90 days'"
    case .quantity: "a number with its unit, such as '940 Mbps'"
    case .path: "a path below this file's folder"
    }
  }

  private static func isSlug(_ bytes: Substring.UTF8View) -> Bool {
    let parts = bytes.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    return parts.allSatisfy { part in
      !part.isEmpty && part.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
    }
  }

  // Addresses are judged byte by byte: a combining mark would hide a character from comparison.

  private static func isLink(_ text: String) -> Bool {
    let bytes = text.utf8
    guard bytes.allSatisfy(mayStandInLink) else { return false }
    if let rest = bytes.drop(scheme: "mailto:") { return isEmail(rest) }
    guard let rest = bytes.drop(scheme: "https://") ?? bytes.drop(scheme: "http://") else {
      return false
    }
    let host = rest.prefix { !"/?#".utf8.contains($0) }
    return !host.isEmpty && host.first != UInt8(ascii: ":") && !host.contains(UInt8(ascii: "@"))
  }

  private static func isEmail(_ bytes: Substring.UTF8View) -> Bool {
    let halves = bytes.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    guard halves.count == 2, !halves[0].isEmpty, bytes.count <= 254,
      bytes.allSatisfy({ isVisible($0) && !"()<>[],;:\\\"".utf8.contains($0) })
    else { return false }
    let labels = halves[1].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return labels.count > 1 && labels.allSatisfy { !$0.isEmpty }
  }

  private static func mayStandInLink(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "\\"),
      UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"),
      UInt8(ascii: "}"):
      false
    default: isVisible(byte)
    }
  }

  private static func isVisible(_ byte: UInt8) -> Bool { byte > 0x20 && byte != 0x7F }
}

extension String.UTF8View {
  /// The bytes after a scheme in either case, or `nil` where they do not begin with it.
  fileprivate func drop(scheme: String) -> Substring.UTF8View? {
    var rest = self[...]
    for byte in scheme.utf8 {
      guard let first = rest.popFirst() else { return nil }
      let lower = (0x41...0x5A).contains(first) ? first | 0x20 : first
      if lower != byte { return nil }
    }
    return rest
  }
}
