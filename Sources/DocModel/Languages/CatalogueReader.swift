/// Reads PO files as GNU gettext writes and reads them (its manual, "The Format of PO Files").
///
/// The time is linear in the file's size. After a problem, reading goes on at the next word, so that
/// all problems are reported.
struct CatalogueReader {
  struct Content {
    let source: Source
    var language = ""
    var plural = PluralRule.germanic
    var translations: [Catalogue.Message: Catalogue.Translation] = [:]
  }

  private typealias Text = Catalogue.Text

  private let source: Source
  private let bytes: [UInt8]
  private var position = 0
  private var problems: [Diagnostic] = []
  private var content: Content
  private var entry = Entry()
  private var isFuzzy = false
  private var places: [Catalogue.Message: Int] = [:]
  private var hasHeader = false

  /// What has been read of one message.
  private struct Entry {
    var at = 0
    var isFuzzy = false
    var context: Text?
    var id: Text?
    var plural: Text?
    var forms: [Text] = []
    /// Whether the last translation had a number in brackets.
    var isIndexed = false
  }

  private static let problemLimit = 100

  private init(_ source: Source) {
    self.source = source
    bytes = source.bytes
    content = Content(source: source)
    // A message with its translation takes some 90 bytes where both are short.
    let count = bytes.count / 90
    content.translations.reserveCapacity(count)
    places.reserveCapacity(count)
  }

  static func read(_ source: Source) throws(InvalidInput) -> Content {
    var reader = CatalogueReader(source)
    reader.run()
    guard reader.problems.isEmpty else { throw InvalidInput(reader.problems) }
    return reader.content
  }

  private mutating func run() {
    while skipToWord(), problems.count < Self.problemLimit { statement() }
    finish()
    if !hasHeader, problems.isEmpty {
      report(
        "the file has no header", at: 0,
        hint: #"begin it with 'msgid ""' and a 'msgstr' that holds "#
          + #""Content-Type: text/plain; charset=UTF-8\n""#)
    }
  }

  // MARK: - Words

  /// Goes on to the next word or quote; false at the end of the file.
  private mutating func skipToWord() -> Bool {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0D, 0x0B, 0x0C: position += 1
      case UInt8(ascii: "#"): comment()
      default: return true
      }
    }
    return false
  }

  private mutating func comment() {
    let start = position
    position = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
    guard start + 1 < position else { return }
    switch bytes[start + 1] {
    case UInt8(ascii: ","):
      let flags = bytes[(start + 2)..<position].split { $0 == UInt8(ascii: ",") || $0 <= 0x20 }
      if flags.contains(where: { $0.elementsEqual("fuzzy".utf8) }) { isFuzzy = true }
    // What is obsolete ends with its line, and so do marks on it.
    case UInt8(ascii: "~"): isFuzzy = false
    default: break
    }
  }

  private mutating func statement() {
    let start = position
    if bytes[start] == UInt8(ascii: "\"") {
      _ = texts()
      report(
        "a text stands where 'msgid' or 'msgctxt' is expected", at: start,
        hint: "write the word that it belongs to before it")
      return
    }
    while position < bytes.count, bytes[position] > 0x20, bytes[position] != UInt8(ascii: "\""),
      bytes[position] != UInt8(ascii: "["), bytes[position] != UInt8(ascii: "#")
    {
      position += 1
    }
    if position == start { position += 1 }
    switch String(decoding: bytes[start..<position], as: UTF8.self) {
    case "domain":
      report("'domain' is not supported", at: start, hint: "write one file a language")
      _ = skipToWord() ? texts() : nil
    case "msgctxt":
      begin(at: start, hasContext: false)
      entry.context = text(after: "msgctxt", at: start)
    case "msgid":
      begin(at: start, hasContext: true)
      entry.id = text(after: "msgid", at: start)
    case "msgid_plural":
      let text = text(after: "msgid_plural", at: start)
      if entry.id == nil || entry.plural != nil || !entry.forms.isEmpty {
        report("'msgid_plural' has to follow 'msgid'", at: start)
      }
      entry.plural = text
    case "msgstr": translation(at: start)
    case let word:
      let known = ["msgid", "msgstr", "msgctxt", "msgid_plural"]
      report(
        "'\(word.prefix(40))' is no word of a PO file", at: start,
        hint: nearest(to: word, among: known).map { "did you mean '\($0)'?" }
          ?? "the words are \(known.joined(separator: ", ")); a comment begins with '#'")
      position = bytes[position...].firstIndex(of: 0x0A) ?? bytes.count
    }
  }

  /// Ends the message before, where this word cannot be a part of it.
  private mutating func begin(at start: Int, hasContext: Bool) {
    if hasContext, entry.context != nil, entry.id == nil, entry.forms.isEmpty { return }
    finish()
    entry = Entry()
    entry.at = start
    entry.isFuzzy = isFuzzy
    isFuzzy = false
  }

  private mutating func translation(at start: Int) {
    var index: Int?
    if position < bytes.count, bytes[position] == UInt8(ascii: "[") {
      let end = bytes[position...].prefix(12).firstIndex(of: UInt8(ascii: "]"))
      index = end.flatMap { Int(String(decoding: bytes[(position + 1)..<$0], as: UTF8.self)) }
      guard let end, index != nil else {
        report("a number in brackets is expected", at: position, hint: "write 'msgstr[0]'")
        position = bytes[position...].firstIndex(of: 0x0A) ?? bytes.count
        return
      }
      position = end + 1
    }
    let text = text(after: "msgstr", at: start)
    guard entry.id != nil else {
      report("'msgstr' without a 'msgid' before it", at: start)
      return
    }
    let hasPlural = entry.plural != nil
    if hasPlural != (index != nil) {
      report(
        hasPlural
          ? "a message with 'msgid_plural' needs 'msgstr[0]' and so on"
          : "'msgstr[…]' belongs to a message with 'msgid_plural'", at: start)
    } else if let index, index != entry.forms.count {
      report("'msgstr[\(entry.forms.count)]' is expected here", at: start)
    } else if index == nil, !entry.forms.isEmpty {
      report("the message has two translations", at: start, hint: "remove one 'msgstr'")
    }
    if let text { entry.forms.append(text) }
  }

  // MARK: - Texts

  private mutating func text(after word: String, at start: Int) -> Text? {
    guard skipToText() else {
      report(
        "'\(word)' needs a text in quotes", at: start, hint: "write '\(word) \"\"' for an empty one"
      )
      return nil
    }
    return texts()
  }

  private mutating func skipToText() -> Bool {
    while position < bytes.count, bytes[position] <= 0x20 { position += 1 }
    return position < bytes.count && bytes[position] == UInt8(ascii: "\"")
  }

  /// One or more texts in quotes, put together.
  private mutating func texts() -> Text? {
    let start = position
    var result: [UInt8] = []
    var isSound = true
    repeat {
      var string = QuotedText(bytes, at: position)
      while let byte = string.next() { result.append(byte) }
      position = string.position
      if let problem = string.problem {
        report(problem.message, at: problem.at, hint: problem.hint)
        isSound = false
      }
    } while skipToText()
    guard isSound else { return nil }
    let hasNUL = result.contains(0)
    if hasNUL || (try? UTF8Span(validating: result.span)) == nil {
      report(
        hasNUL
          ? "the text holds a NUL, which no text holds"
          : "the escapes of this text do not make UTF-8", at: start,
        hint: "write the characters themselves")
      return nil
    }
    return Text(bytes: result, at: start)
  }

  /// The byte of the file that a byte of a text was read from.
  static func place(of text: Catalogue.Text, offset: Int, in source: Source) -> Int {
    let bytes = source.bytes
    var position = text.at
    var count = 0
    while position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
      var string = QuotedText(bytes, at: position)
      var at = string.position
      while string.next() != nil {
        if count == offset { return at }
        count += 1
        at = string.position
      }
      if count == offset { return at }
      position = string.position
      while position < bytes.count, bytes[position] <= 0x20 { position += 1 }
    }
    return text.at
  }

  // MARK: - Messages

  /// Takes the message that has been read.
  private mutating func finish() {
    guard let id = entry.id else {
      if let context = entry.context {
        report("'msgctxt' without a 'msgid' behind it", at: context.at)
      }
      return
    }
    let message = Catalogue.Message(context: entry.context?.string, text: id.string)
    if let first = places.updateValue(entry.at, forKey: message) {
      problems.append(
        Diagnostic(
          "the message comes twice", at: source.location(offset: entry.at),
          hint: "remove one of them",
          notes: [.init("it stands here first", at: source.location(offset: first))]))
    }
    guard !entry.forms.isEmpty else {
      if problems.isEmpty {
        report("the message has no 'msgstr'", at: entry.at, hint: "write 'msgstr \"\"'")
      }
      return
    }
    if message.context == nil, message.text.isEmpty {
      header(entry.forms[0])
    } else if !entry.isFuzzy, entry.forms.contains(where: { !$0.bytes.isEmpty }) {
      let isPlural = entry.plural != nil
      let count = content.plural.count
      if isPlural, entry.forms.count != count {
        report(
          "the message has \(entry.forms.count == 1 ? "one form" : "\(entry.forms.count) forms"), but the header says 'nplurals=\(count)'",
          at: entry.at, hint: "write msgstr[0] to msgstr[\(count - 1)]")
      } else if let empty = entry.forms.first(where: { $0.bytes.isEmpty }) {
        report("this form is empty while others are not", at: empty.at, hint: "translate it too")
      }
      content.translations[message] = Catalogue.Translation(forms: entry.forms, isPlural: isPlural)
    }
  }

  /// Reads the lines of the header: charset, language and plural forms.
  private mutating func header(_ text: Text) {
    hasHeader = true
    let source = source
    if places.count > 1 {
      report("the header has to be the first message", at: entry.at, hint: "move it to the top")
    }
    var offset = 0
    for line in text.bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      defer { offset += line.count + 1 }
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
      let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
      let start = line[(colon + 1)...].firstIndex { $0 > 0x20 } ?? line.endIndex
      let value = String(decoding: line[start...], as: UTF8.self)
      let position = offset + start - line.startIndex
      var at: Int { Self.place(of: text, offset: position, in: source) }
      switch name {
      case "content-type": charset(value, at: at)
      case "language": content.language = value.split(separator: " ").first.map(String.init) ?? ""
      case "plural-forms":
        do throws(Problem) {
          content.plural = try PluralRule(header: value)
        } catch {
          report(error.message, at: at, hint: error.hint)
        }
      default: break
      }
    }
  }

  private mutating func charset(_ value: String, at: @autoclosure () -> Int) {
    let charset = value.lowercased().split { $0 == ";" || $0 == " " }
      .compactMap { String($0).drop(prefix: "charset=") }.last
    guard let charset, !["utf-8", "utf8"].contains(charset) else { return }
    report(
      "the file is said to be '\(charset)'", at: at(),
      hint: "save it as UTF-8 and write 'charset=UTF-8'")
  }

  /// Why a part of a file cannot be used.
  struct Problem: Error {
    let message: String
    let hint: String?
  }

  private mutating func report(_ message: String, at: Int, hint: String? = nil) {
    problems.append(Diagnostic(message, at: source.location(offset: at), hint: hint))
  }
}

/// The bytes that a text between quotes stands for, one after the other.
private struct QuotedText {
  private let bytes: [UInt8]
  /// The byte of the file that comes next; behind the closing quote at the end.
  private(set) var position: Int
  private(set) var problem: (message: String, hint: String?, at: Int)?
  private let start: Int
  private var isOver = false

  init(_ bytes: [UInt8], at start: Int) {
    self.bytes = bytes
    self.start = start
    position = start + 1
  }

  /// The next byte, or `nil` at the end of the text.
  mutating func next() -> UInt8? {
    guard !isOver else { return nil }
    guard position < bytes.count, bytes[position] != 0x0A else {
      return fail("the text is not closed on its line", "end it with a quote", at: start)
    }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""):
      isOver = true
      return nil
    case UInt8(ascii: "\\"): return escape()
    default: return byte
    }
  }

  private mutating func escape() -> UInt8? {
    let at = position - 1
    guard position < bytes.count else { return next() }
    let letter = bytes[position]
    position += 1
    switch letter {
    case UInt8(ascii: "n"): return 0x0A
    case UInt8(ascii: "t"): return 0x09
    case UInt8(ascii: "r"): return 0x0D
    case UInt8(ascii: "a"): return 0x07
    case UInt8(ascii: "b"): return 0x08
    case UInt8(ascii: "f"): return 0x0C
    case UInt8(ascii: "v"): return 0x0B
    case UInt8(ascii: "\\"), UInt8(ascii: "\""): return letter
    case UInt8(ascii: "0")...UInt8(ascii: "7"):
      position -= 1
      return number(radix: 8, digits: 3)
    case UInt8(ascii: "x"):
      if let value = number(radix: 16, digits: 2) { return value }
      return fail("'\\x' needs two hexadecimal digits", nil, at: at)
    default:
      if letter == 0x0A { position -= 1 }
      return fail(
        "no such escape", "write '\\\\' for a backslash, '\\\"' for a quote", at: at)
    }
  }

  private mutating func number(radix: Int, digits: Int) -> UInt8? {
    var value: Int?
    for _ in 0..<digits {
      guard position < bytes.count,
        let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue, digit < radix
      else { break }
      value = (value ?? 0) * radix + digit
      position += 1
    }
    return value.map { UInt8(truncatingIfNeeded: $0) }
  }

  /// Notes a problem and goes on behind the closing quote, or at the end of the line.
  private mutating func fail(_ message: String, _ hint: String?, at: Int) -> UInt8? {
    problem = (message, hint, at)
    isOver = true
    while position < bytes.count, bytes[position] != 0x0A {
      if bytes[position] == UInt8(ascii: "\\") {
        position += 1
      } else if bytes[position] == UInt8(ascii: "\"") {
        position += 1
        break
      }
      if position < bytes.count, bytes[position] != 0x0A { position += 1 }
    }
    return nil
  }
}
