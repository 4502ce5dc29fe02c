private import FoundationEssentials

/// Goes through a file beside its declared shape and collects all that is wrong with it.
struct Reading {
  let source: Source
  fileprivate(set) var problems: [Diagnostic] = []
  /// What is wrong with single values that are answers: findings, since the file is well-formed.
  fileprivate(set) var mismatches: [Node.Mark: Mismatch] = [:]
  /// Whether this is but a share of what several threads read.
  fileprivate var isShare = false
  /// How many problems are reported in full; of more there is but the number.
  private static let problemLimit = 500
  /// How many names are compared for suggestions, since a file may be wrong from end to end.
  private static let comparisonBudget = 200_000
  private var furtherProblems = 0
  private var comparisons = 0
  /// What stands at the top of the file.
  private let top: RecordShape
  private let acceptsPlaceholders: Bool
  /// Whether names may bear the name of the guide that they come from.
  private let isComposed: Bool
  /// Whether nothing is wrong with the file, which was found out when its nodes were made ready.
  private let isKnown: Bool
  private var isInAnswer = false
  /// The language of the file's texts, where documents are in another one.
  private let language: (tag: String, surrounding: String)?

  /// `shape`: what stands at the top of the file; `language`: that of its texts, where it is another
  /// than that of the documents that show them.
  init(
    _ source: Source, _ shape: RecordShape, isComposed: Bool = false, isKnown: Bool = false,
    language: (tag: String, surrounding: String)? = nil
  ) {
    self.source = source
    self.language = language
    self.isComposed = isComposed
    self.isKnown = isKnown
    top = shape
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
  mutating func value(of node: Node, as shape: Shape, called name: Name) -> Value {
    if node.isBlank { return .none }
    switch shape {
    case .any: return node.value
    case .recursive(let shape): return value(of: node, as: shape(), called: name)
    case .list(let item):
      guard case .sequence(let items) = node.content else {
        return wrongKind(
          node, name, "a list", hint: "begin each item on a line of its own with '- '")
      }
      let itemName = Name(text: name.text, isKey: name.isKey, depth: name.depth + 1)
      let values = shared(items.indices, { items[$0] }) { reading, share in
        share.map { reading.value(of: items[$0], as: item, called: itemName) }
      }
      return .list(values ?? items.map { value(of: $0, as: item, called: itemName) })
    case .oneOrMore(let item):
      if case .sequence = node.content { return value(of: node, as: .list(item), called: name) }
      return .list([value(of: node, as: item, called: name)])
    case .record(let shape):
      guard case .mapping(let entries) = node.content else {
        return wrongKind(node, name, "a mapping of keys", hint: keyHint(node, shape))
      }
      return record(entries, at: node.mark, as: shape)
    case .table(_, let item):
      guard case .mapping(let entries) = node.content else {
        return wrongKind(node, name, "a mapping of keys", hint: nil)
      }
      let keys = Keys(entries.map(\.key))
      let values = shared(entries.indices, { entries[$0].value }) { reading, share in
        share.map {
          reading.value(of: entries[$0].value, as: item, called: Name(key: entries[$0].key))
        }
      }
      return .record(
        Record(
          keys,
          values ?? entries.map { value(of: $0.value, as: item, called: Name(key: $0.key)) }))
    case .either(let single, let record):
      if case .mapping(let entries) = node.content {
        return self.record(entries, at: node.mark, as: record)
      }
      return value(of: node, as: single, called: name)
    default:
      if case .foreign(let foreign) = node.content { return .foreign(foreign) }
      guard case .scalar(let text, _) = node.content else {
        return wrongKind(node, name, "a single value", hint: bracketHint(node))
      }
      return scalar(text, at: node.mark, as: shape, called: name)
    }
  }

  /// What to do about a value that became a list or a mapping, mostly by its first sign.
  private func bracketHint(_ node: Node) -> String {
    let place = source.location(node.mark)
    guard let sign = place.excerpt.unicodeScalars.dropFirst(place.column - 1).first,
      sign == "[" || sign == "{"
    else { return "write one value behind the colon" }
    return "a text that begins with '\(sign)' stands in quotes"
  }

  /// What to do about a value that lacks its key: an answer is told under which one it belongs.
  private func keyHint(_ node: Node, _ shape: RecordShape) -> String {
    guard let text = node.text, !text.utf8.contains(0x0A),
      let answer = shape.fields.first(where: \.isAnswer)
    else { return "its keys are \(listed(shape, 4))" }
    return "write '\(answer.key): \(excerpt(text))' on an indented line below it"
  }

  private mutating func wrongKind(
    _ node: Node, _ name: Name, _ wanted: String, hint: String?
  ) -> Value {
    refuse("\(name) must be \(wanted), not \(node.kind)", at: node.mark, hint: hint)
    return .none
  }

  private mutating func record(
    _ entries: [Node.Entry], at mark: Node.Mark, as shape: RecordShape
  ) -> Value {
    var values = shape.blanks
    var given = Positions()
    var blanks: [(index: Int, mark: Node.Mark)] = []
    let read: [Value]? =
      shares(of: entries.indices, { entries[$0].value }) == nil
      ? nil
      : shared(entries.indices, { entries[$0].value }) { reading, share in
        var next = 0
        return share.map { position in
          guard let index = shape.index(of: entries[position].key, near: &next) else {
            return .none
          }
          return reading.value(at: position, of: entries, inField: index, of: shape)
        }
      }
    var next = 0
    for position in entries.indices {
      let mark = entries[position].mark
      guard let index = shape.index(of: entries[position].key, near: &next) else {
        let key = entries[position].key
        refuse(
          "unknown key '\(excerpt(key))' in \(shape.name)", at: mark,
          hint: suggestion(for: key, in: shape))
        continue
      }
      guard !given.contains(index) else {
        refuse(
          "'\(entries[position].key)' says the same as a key above it", at: mark,
          hint: "keep one of the two")
        continue
      }
      if entries[position].value.isBlank {
        blanks.append((index, mark))
        continue
      }
      given.insert(index)
      values[index] = read?[position] ?? value(at: position, of: entries, inField: index, of: shape)
    }
    for index in shape.required where !given.contains(index) {
      let field = shape.fields[index]
      // A key without a value shows where the value belongs.
      refuse(
        "'\(field.key)' is missing in \(shape.name)",
        at: blanks.first { $0.index == index }?.mark ?? mark, hint: field.summary)
    }
    return .record(Record(shape.keys, values))
  }

  /// The value of an entry in a field.
  ///
  /// Both are looked at where they stand: to hold all that they have would take longer than to read a
  /// short text.
  private mutating func value(
    at position: Int, of entries: [Node.Entry], inField index: Int, of shape: RecordShape
  ) -> Value {
    let wasInAnswer = isInAnswer
    isInAnswer = isInAnswer || shape.fields[index].isAnswer
    defer { isInAnswer = wasInAnswer }
    return value(
      of: entries[position].value, as: shape.fields[index].shape,
      called: Name(key: entries[position].key))
  }

  /// What to write instead of an unknown key.
  private mutating func suggestion(for key: String, in shape: RecordShape) -> String {
    if let place = place(of: key, besides: shape) { return "'\(key)' belongs \(place)" }
    comparisons += shape.fields.count
    if comparisons <= Self.comparisonBudget,
      let near = nearest(to: key, among: shape.fields.lazy.map(\.key))
    {
      return "did you mean '\(near)'?"
    }
    if key.lowercased() == "true", shape.index(of: "on") != nil {
      return "programs that read YAML 1.1 make 'true' of the key 'on': write 'on', in quotes"
    }
    if key.unicodeScalars.first.map({ $0.value > 0x7F && $0.properties.isWhitespace }) == true {
      return "the line begins with spaces that YAML takes for letters (such as U+00A0); "
        + "indent it with plain ones"
    }
    return "the keys are \(listed(shape, 16))"
  }

  /// Where a key belongs that stands at the top of the file or one step below it, and is known elsewhere
  /// there.
  private func place(of key: String, besides shape: RecordShape) -> String? {
    let sections = top.fields.compactMap { field -> (key: String, shape: RecordShape)? in
      if case .record(let section) = field.shape { (field.key, section) } else { nil }
    }
    guard shape === top || sections.contains(where: { $0.shape === shape }) else { return nil }
    if shape !== top, top.index(of: key) != nil { return "at the left margin" }
    let homes = sections.filter { $0.shape.index(of: key) != nil }.map { "under '\($0.key):'" }
    return homes.isEmpty ? nil : homes.joined(separator: " or ")
  }

  private func listed(_ shape: RecordShape, _ count: Int) -> String {
    let keys = shape.fields.prefix(count).map { "'\($0.key)'" }.joined(separator: ", ")
    return shape.fields.count > count ? keys + ", …" : keys
  }

  private mutating func scalar(
    _ text: String, at mark: Node.Mark, as shape: Shape, called name: Name
  ) -> Value {
    switch shape {
    case .prose: return text.isWhiteSpace ? .none : words(text, isProse: true)
    case .text(.line) where !text.holds(0x0A):
      return text.isWhiteSpace ? .none : words(text, isProse: false)
    case .text(.token) where !text.holds(0x0A):
      return text.isWhiteSpace ? .none : .text(text)
    case .text(.slug) where isComposed: return .text(text)
    case .text where isKnown: return .text(text)
    default: break
    }
    if let value = shape.parsed(text) { return value }
    if acceptsPlaceholders, Placeholder(in: text) != nil { return .none }
    let message =
      "\(name) must be \(shape.wanted), not '\(excerpt(text))'\(shape.doubt(about: text))"
    if isInAnswer {
      mismatches[mark] = Mismatch(mark: mark, message: message, remedy: shape.remedy(for: text))
    } else {
      refuse(message, at: mark, hint: shape.remedy(for: text))
    }
    return .none
  }
}

extension Reading {
  /// A text in the file's language.
  private func words(_ text: String, isProse: Bool) -> Value {
    guard let language, text.holdsWords else { return isProse ? .markdown(text) : .text(text) }
    return .foreign(
      ForeignText(text, isProse: isProse, language: language.tag, among: language.surrounding))
  }
}

extension String {
  /// Whether there is a letter in it, so that it can be in a language.
  var holdsWords: Bool {
    utf8.contains { byte in (0x61...0x7A).contains(byte | 0x20) || byte >= 0x80 }
  }
}

// MARK: - Long files

extension Reading {
  /// How many lines a share has at least.
  private static let shareLines = 1_000

  /// The shares in which something long is read; `nil` where it is short, or long in one part only,
  /// which may then be shared.
  private func shares(of parts: Range<Int>, _ node: (Int) -> Node) -> [Range<Int>]? {
    guard parts.count > 1, !isShare, problems.isEmpty else { return nil }
    // What a guide adds to another one bears lines of its own file, so they need not rise.
    let first = Int(node(0).mark.line)
    let last = Int(node(parts.upperBound - 1).lastLine)
    guard last - first >= 2 * Self.shareLines else { return nil }
    let most = (last - first) / 2 + Self.shareLines
    var shares: [Range<Int>] = []
    var begin = (part: 0, line: first)
    for part in parts.dropFirst() {
      let line = Int(node(part).mark.line)
      guard line - begin.line >= Self.shareLines else { continue }
      if line - begin.line > most { return nil }
      shares.append(begin.part..<part)
      begin = (part, line)
    }
    if last - begin.line > most { return nil }
    return shares + [begin.part..<parts.upperBound]
  }

  /// What several threads make of the parts of something long, each of a share of them; `nil` where it
  /// is short, or where something is wrong in it: that is told in order by reading it once more.
  ///
  /// `node`: where a part stands.
  mutating func shared<Made: Sendable>(
    _ parts: Range<Int>, _ node: (Int) -> Node,
    _ read: @escaping @Sendable (inout Reading, Range<Int>) -> [Made]
  ) -> [Made]? {
    guard let shares = shares(of: parts, node) else { return nil }
    var fresh = self
    fresh.isShare = true
    fresh.mismatches = [:]
    let found = concurrently(Array(shares.indices)) { [fresh] number in
      var reading = fresh
      let values = read(&reading, shares[number])
      return (values, reading.problems.isEmpty, reading.mismatches)
    }
    guard found.allSatisfy({ $0.1 }) else { return nil }
    for (_, _, mismatches) in found { self.mismatches.merge(mismatches) { first, _ in first } }
    return found.flatMap { $0.0 }
  }
}

extension Node {
  /// The line on which the last of what stands in it begins.
  fileprivate var lastLine: UInt32 {
    switch content {
    case .sequence(let items): items.last?.lastLine ?? mark.line
    case .mapping(let entries): entries.last?.value.lastLine ?? mark.line
    case .scalar, .foreign: mark.line
    }
  }
}

extension RecordShape {
  /// The position of a key that mostly stands a little behind the one asked for before: then no table is
  /// asked.
  fileprivate func index(of key: String, near next: inout Int) -> Int? {
    // Keys stand in the order of the fields mostly, of which some are left out.
    for index in next..<min(next + 8, fields.count) where fields[index].key == key {
      next = index + 1
      return index
    }
    let index = index(of: key)
    if let index { next = index + 1 }
    return index
  }
}

/// Some positions among the fields of a record, each as a bit: one word holds those of most records.
private struct Positions {
  private var first: UInt64 = 0
  private var others: [UInt64] = []

  mutating func insert(_ position: Int) {
    let (word, bit) = (position / 64 - 1, UInt64(1) << UInt64(position % 64))
    if word < 0 {
      first |= bit
    } else {
      while others.count <= word { others.append(0) }
      others[word] |= bit
    }
  }

  func contains(_ position: Int) -> Bool {
    let (word, bit) = (position / 64 - 1, UInt64(1) << UInt64(position % 64))
    return (word < 0 ? first : word < others.count ? others[word] : 0) & bit != 0
  }
}

/// What a message calls a value; put into words only where there is something to say.
struct Name: CustomStringConvertible {
  fileprivate let text: String
  fileprivate let isKey: Bool
  /// How many lists the value is an item of.
  fileprivate let depth: Int

  /// Names the value of a key.
  init(key: String) { self.init(text: key, isKey: true, depth: 0) }

  /// Names something by words of our own.
  init(_ words: String) { self.init(text: words, isKey: false, depth: 0) }

  fileprivate init(text: String, isKey: Bool, depth: Int) {
    self.text = text
    self.isKey = isKey
    self.depth = depth
  }

  var description: String {
    String(repeating: "an item of ", count: depth) + (isKey ? "'\(excerpt(text))'" : text)
  }
}

/// The beginning of a user's text, for a message.
private func excerpt(_ text: String) -> String {
  let start = String(text.unicodeScalars.prefix(60))
  return start.utf8.count < text.utf8.count ? start + "…" : start
}

extension Shape {
  /// What to write instead of a text that does not fit.
  fileprivate func remedy(for text: String) -> String? {
    switch self {
    case .text(let form): return form.remedy(for: text)
    case .integer, .number:
      if let quantity = Quantity(text), !quantity.unit.isEmpty {
        return parsed("\(quantity.number)") == nil
          ? nil : "write '\(quantity.number)' if that is meant, without a unit"
      }
      let number = text.drop { !$0.isNumber && $0 != "-" && $0 != "." }
      guard !number.isEmpty, number.utf8.count < text.utf8.count, parsed(String(number)) != nil
      else { return nil }
      return "write '\(number)' if that is meant, without what stands before it"
    default: return nil
    }
  }

  /// The value of a single value's text in this shape, or `nil` where it does not fit.
  func parsed(_ text: String) -> Value? {
    switch self {
    case .prose: return .markdown(text)
    case .text(let form): return form.accepts(text) ? .text(text) : nil
    case .integer(let range):
      guard let whole = wholeNumber(text) ?? decimal(text).flatMap({ Int($0.description) }),
        range.contains(whole)
      else { return nil }
      return .int(whole)
    case .number(let range, _):
      let plain = text.utf8.contains(UInt8(ascii: ",")) ? text.replacing(",", with: "") : text
      guard decimal(text) != nil, let number = Double(plain), range.contains(number),
        range.upperBound < .infinity || countWithPoint(text) == nil
      else { return nil }
      return (Int(plain) ?? Int(exactly: number)).map(Value.int) ?? .double(number)
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
  package var wanted: String {
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

/// Both meanings of a count such as `12.000`, whose point separates thousands in many countries.
///
/// `nil` for all else: no program writes three decimals of which the last one is zero.
private func countWithPoint(_ text: String) -> (less: String, more: String)? {
  let halves = text.split(separator: ".", omittingEmptySubsequences: false)
  guard halves.count == 2, (1...3).contains(halves[0].count), halves[0].first != "0",
    halves[1].count == 3, halves[1].last == "0", let number = decimal(text)
  else { return nil }
  return ("\(number)", "\(halves[0])\(halves[1])")
}

/// How a number is written here whose thousands stand apart, as in `12 000` or `12'000`, or whose
/// fraction follows a comma.
///
/// `nil` for all else.
private func numberWrittenElsewhere(_ text: String) -> String? {
  let halves = text.split(omittingEmptySubsequences: false, whereSeparator: { ",.".contains($0) })
  let groups = halves[0].split(
    omittingEmptySubsequences: false, whereSeparator: { " \u{A0}\u{202F}'’_".contains($0) })
  let isDigits = { (part: Substring) in
    !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }
  guard halves.count <= 2, groups.allSatisfy(isDigits), halves.dropFirst().allSatisfy(isDigits),
    groups.count == 1 || groups[0].count <= 3 && groups.dropFirst().allSatisfy({ $0.count == 3 })
  else { return nil }
  let number = ([groups.joined()] + halves.dropFirst().map(String.init)).joined(separator: ".")
  return number == text ? nil : number
}

extension Shape {
  /// What a message adds where a number was refused that has two meanings, or is written otherwise here.
  func doubt(about text: String) -> String {
    switch self {
    case .number:
      if let count = countWithPoint(text) {
        return ", which is \(count.less) to some readers and \(count.more) to others"
      }
    case .integer: break
    default: return ""
    }
    guard let number = numberWrittenElsewhere(text), parsed(number) != nil else { return "" }
    return ", which is written '\(number)'"
  }
}

/// A number as a person writes it: without a fraction where it has none, and without an exponent.
func plain(_ number: Double) -> String {
  if let whole = Int(exactly: number) { return String(whole) }
  let text = "\(number)"
  // A decimal number has room for so much.
  guard text.contains("e"), (1e-100...1e100).contains(abs(number)) else { return text }
  return Decimal(string: text).map { "\($0)" } ?? text
}
