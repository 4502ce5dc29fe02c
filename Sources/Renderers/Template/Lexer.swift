import DocModel

/// A word, a mark or a stretch of text of a template.
struct Token: Sendable {
  enum Kind: Sendable, Equatable {
    case data([UInt8])
    case outputBegin
    case outputEnd
    case tagBegin
    case tagEnd
    case name(String)
    case string(String)
    case integer(Int)
    case double(Double)
    case mark(String)
    case end
  }

  let kind: Kind
  /// The first byte of the source that belongs to it.
  let start: Int
}

/// Cuts a template's source into tokens, applying whitespace control as Jinja does.
///
/// The time is linear in the source's size. Problems are collected: after one, reading goes on
/// behind the tag in which it was found.
struct Lexer {
  private let source: Source
  private let bytes: [UInt8]
  private let end: Int
  private let options: TemplateOptions
  private var position = 0
  private var tokens: [Token] = []
  private(set) var problems: [Diagnostic] = []
  /// The text of each comment.
  private(set) var comments: [Range<Int>] = []
  /// Whether the text so far ends where a line begins, as far as `lstrip_blocks` is concerned.
  private var isLineStart = true

  init(_ source: Source, options: TemplateOptions) {
    self.source = source
    self.options = options
    bytes = source.bytes
    var end = bytes.count
    if !options.keepsTrailingNewline, end > 0, bytes[end - 1] == .lineFeed {
      end -= 1
      if end > 0, bytes[end - 1] == .carriageReturn { end -= 1 }
    } else if !options.keepsTrailingNewline, end > 0, bytes[end - 1] == .carriageReturn {
      end -= 1
    }
    self.end = end
  }

  /// All tokens in order; the last one is `end`.
  mutating func run() -> [Token] {
    while position < end, problems.count < Parser.problemLimit {
      let start = position
      guard let open = nextOpening(from: start) else {
        appendData(start, end)
        position = end
        break
      }
      position = open + 2
      switch bytes[open + 1] {
      case UInt8(ascii: "#"): comment(from: start, open: open)
      case UInt8(ascii: "%"):
        if !raw(from: start, open: open) {
          textBefore(open, from: start, isOutput: false)
          tokens.append(Token(kind: .tagBegin, start: open))
          inside(.tagEnd, closing: UInt8(ascii: "%"), open: open)
        }
      default:
        textBefore(open, from: start, isOutput: true)
        tokens.append(Token(kind: .outputBegin, start: open))
        inside(.outputEnd, closing: UInt8(ascii: "}"), open: open)
      }
    }
    tokens.append(Token(kind: .end, start: end))
    return tokens
  }

  // MARK: - Text between tags

  private func nextOpening(from start: Int) -> Int? {
    var index = start
    while index + 1 < end {
      if bytes[index] == UInt8(ascii: "{") {
        switch bytes[index + 1] {
        case UInt8(ascii: "{"), UInt8(ascii: "%"), UInt8(ascii: "#"): return index
        default: break
        }
      }
      index += 1
    }
    return nil
  }

  /// Emits the text before an opening mark and reads the mark's `-` or `+`.
  private mutating func textBefore(_ open: Int, from start: Int, isOutput: Bool) {
    var stop = open
    let sign = position < end ? bytes[position] : 0
    if sign == UInt8(ascii: "-") {
      position += 1
      while stop > start, bytes[stop - 1].isSpace { stop -= 1 }
    } else if sign == UInt8(ascii: "+") {
      position += 1
    } else if options.lstripBlocks, !isOutput {
      var line = open
      while line > start, bytes[line - 1].isSpace, !bytes[line - 1].isLineEnd { line -= 1 }
      let beginsLine = line > start ? bytes[line - 1].isLineEnd : isLineStart
      if beginsLine { stop = line }
    }
    appendData(start, stop)
  }

  private mutating func appendData(_ start: Int, _ stop: Int) {
    guard start < stop else { return }
    var text: [UInt8] = []
    text.reserveCapacity(stop - start)
    var index = start
    while index < stop {
      let byte = bytes[index]
      if byte == .carriageReturn {
        text.append(.lineFeed)
        if index + 1 < bytes.count, bytes[index + 1] == .lineFeed { index += 1 }
      } else {
        text.append(byte)
      }
      index += 1
    }
    tokens.append(Token(kind: .data(text), start: start))
  }

  /// Goes on behind a closing mark: `-` takes all white space, a trimmed tag one line end.
  private mutating func afterClosing(strips: Bool, keeps: Bool, isTag: Bool) {
    isLineStart = false
    if strips {
      while position < end, bytes[position].isSpace {
        isLineStart = bytes[position].isLineEnd
        position += 1
      }
    } else if isTag, options.trimBlocks, !keeps, position < end, bytes[position].isLineEnd {
      let isPair = bytes[position] == .carriageReturn && position + 1 < end
      position += isPair && bytes[position + 1] == .lineFeed ? 2 : 1
      isLineStart = true
    }
  }

  private mutating func comment(from start: Int, open: Int) {
    textBefore(open, from: start, isOutput: false)
    var index = position
    while index + 1 < end,
      !(bytes[index] == UInt8(ascii: "#") && bytes[index + 1] == UInt8(ascii: "}"))
    {
      index += 1
    }
    guard index + 1 < end else {
      report("the comment is never closed", at: open, hint: "end it with '#}'")
      position = end
      return
    }
    let sign = index > position || index > open + 2 ? bytes[index - 1] : 0
    comments.append(open + 2..<index)
    position = index + 2
    afterClosing(
      strips: sign == UInt8(ascii: "-"), keeps: sign == UInt8(ascii: "+"), isTag: true)
  }

  /// Reads `{% raw %}…{% endraw %}` and tells whether it stood here.
  private mutating func raw(from start: Int, open: Int) -> Bool {
    guard let opening = rawTag("raw", at: open) else { return false }
    textBefore(open, from: start, isOutput: false)
    position = opening.end
    isLineStart = false
    if opening.strips { while position < end, bytes[position].isSpace { position += 1 } }
    let text = position
    var index = position
    while index + 1 < end {
      if bytes[index] == UInt8(ascii: "{"), bytes[index + 1] == UInt8(ascii: "%"),
        let closing = rawTag("endraw", at: index)
      {
        position = index + 2
        textBefore(index, from: text, isOutput: false)
        position = closing.end
        afterClosing(strips: closing.strips, keeps: closing.keeps, isTag: true)
        return true
      }
      index += 1
    }
    report("'raw' is never closed", at: open, hint: "end it with '{% endraw %}'")
    position = end
    return true
  }

  private func rawTag(_ word: String, at open: Int) -> (end: Int, strips: Bool, keeps: Bool)? {
    var index = open + 2
    if index < end, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
      index += 1
    }
    while index < end, bytes[index].isSpace { index += 1 }
    for byte in word.utf8 {
      guard index < end, bytes[index] == byte else { return nil }
      index += 1
    }
    while index < end, bytes[index].isSpace { index += 1 }
    let sign = index < end ? bytes[index] : 0
    if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { index += 1 }
    guard index + 1 < end, bytes[index] == UInt8(ascii: "%"),
      bytes[index + 1] == UInt8(ascii: "}")
    else { return nil }
    return (index + 2, sign == UInt8(ascii: "-"), sign == UInt8(ascii: "+"))
  }

  // MARK: - Inside a tag

  private mutating func inside(_ closingKind: Token.Kind, closing: UInt8, open: Int) {
    var brackets: [UInt8] = []
    while position < end {
      let byte = bytes[position]
      if byte.isSpace {
        position += 1
        continue
      }
      if brackets.isEmpty {
        let isSigned = byte == UInt8(ascii: "-") || (byte == UInt8(ascii: "+") && closing != 0x7D)
        let mark = isSigned ? position + 1 : position
        if mark + 1 < end, bytes[mark] == closing, bytes[mark + 1] == UInt8(ascii: "}") {
          tokens.append(Token(kind: closingKind, start: position))
          position = mark + 2
          afterClosing(
            strips: byte == UInt8(ascii: "-"), keeps: byte == UInt8(ascii: "+"),
            isTag: closingKind == .tagEnd)
          return
        }
      }
      guard word(&brackets) else {
        skipTag(closing)
        tokens.append(Token(kind: closingKind, start: position))
        return
      }
    }
    let what = closingKind == .tagEnd ? "tag" : "output"
    let mark = closingKind == .tagEnd ? "%}" : "}}"
    report("the \(what) is never closed", at: open, hint: "end it with '\(mark)'")
    tokens.append(Token(kind: closingKind, start: end))
  }

  private mutating func skipTag(_ closing: UInt8) {
    while position + 1 < end, !(bytes[position] == closing && bytes[position + 1] == 0x7D) {
      position += 1
    }
    position = min(end, position + 2)
  }

  /// Reads one word or mark; false where there is none.
  private mutating func word(_ brackets: inout [UInt8]) -> Bool {
    let start = position
    let byte = bytes[start]
    switch byte {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return string(byte)
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return number()
    case _ where byte.isNamePart:
      while position < end, bytes[position].isNamePart { position += 1 }
      tokens.append(Token(kind: .name(text(start, position)), start: start))
      return true
    default: break
    }
    if start + 1 < end, Self.isPair(byte, bytes[start + 1]) {
      tokens.append(Token(kind: .mark(text(start, start + 2)), start: start))
      position += 2
      return true
    }
    switch byte {
    case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): brackets.append(byte)
    case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
      guard let last = brackets.popLast() else {
        report("'\(text(start, start + 1))' closes nothing", at: start)
        return false
      }
      let wanted: UInt8 = last == 0x28 ? 0x29 : last + 2
      if wanted != byte {
        report(
          "'\(text(start, start + 1))' stands where '\(Character(Unicode.Scalar(wanted)))' is expected",
          at: start)
        return false
      }
    case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: "*"),
      UInt8(ascii: "%"), UInt8(ascii: "~"), UInt8(ascii: "="), UInt8(ascii: "."),
      UInt8(ascii: ":"), UInt8(ascii: "|"), UInt8(ascii: ","), UInt8(ascii: "<"),
      UInt8(ascii: ">"), UInt8(ascii: ";"):
      break
    default:
      var stop = start + 1
      while stop < end, bytes[stop] & 0xC0 == 0x80 { stop += 1 }
      report("'\(text(start, stop))' means nothing in a tag", at: start)
      return false
    }
    tokens.append(Token(kind: .mark(text(start, start + 1)), start: start))
    position += 1
    return true
  }

  /// Whether two bytes are one mark.
  private static func isPair(_ first: UInt8, _ second: UInt8) -> Bool {
    switch first {
    case UInt8(ascii: "*"), UInt8(ascii: "/"): second == first
    case UInt8(ascii: "="), UInt8(ascii: "!"), UInt8(ascii: ">"), UInt8(ascii: "<"):
      second == UInt8(ascii: "=")
    default: false
    }
  }

  private mutating func number() -> Bool {
    let start = position
    if let (radix, end) = prefixedNumber() {
      position = end
      return whole(text(start + 2, end).filter { $0 != "_" }, radix: radix, start)
    }
    func isDigit(_ index: Int) -> Bool { index < end && bytes[index].isDigit }
    func digits(_ index: Int) -> Int {
      var index = index
      while index < end, bytes[index].isDigit || (bytes[index] == 0x5F && isDigit(index + 1)) {
        index += 1
      }
      return index
    }
    // Behind a point there are whole numbers only, so that 'items.0.1' asks for two items.
    let isMember = tokens.last?.kind == .mark(".")
    var isDouble = false
    position = digits(position)
    if !isMember, position < end, bytes[position] == UInt8(ascii: "."), isDigit(position + 1) {
      isDouble = true
      position = digits(position + 1)
    }
    if !isMember, position < end, bytes[position] | 0x20 == UInt8(ascii: "e") {
      var exponent = position + 1
      if exponent < end, bytes[exponent] == 0x2B || bytes[exponent] == 0x2D { exponent += 1 }
      if isDigit(exponent) {
        isDouble = true
        position = digits(exponent)
      }
    }
    let written = text(start, position).filter { $0 != "_" }
    if isDouble {
      tokens.append(Token(kind: .double(Double(written) ?? 0), start: start))
      return true
    }
    if bytes[start] == 0x30, !written.utf8.allSatisfy({ $0 == 0x30 }) {
      report(
        "a whole number does not begin with 0", at: start,
        hint: "write '0o' before digits to the base of eight")
      return false
    }
    return whole(written, radix: 10, start)
  }

  /// The base and the end of a number such as `0xFF` that begins here.
  private func prefixedNumber() -> (radix: Int, end: Int)? {
    guard bytes[position] == 0x30, position + 1 < end else { return nil }
    let radices: [UInt8: Int] = [0x78: 16, 0x6F: 8, 0x62: 2]
    guard let radix = radices[bytes[position + 1] | 0x20] else { return nil }
    func isDigit(_ index: Int) -> Bool {
      guard index < end, bytes[index] < 0x80 else { return false }
      return (Character(Unicode.Scalar(bytes[index])).hexDigitValue ?? 16) < radix
    }
    var index = position + 2
    while isDigit(index) || (index < end && bytes[index] == 0x5F && isDigit(index + 1)) {
      index += 1
    }
    return index > position + 2 ? (radix, index) : nil
  }

  private mutating func whole(_ digits: String, radix: Int, _ start: Int) -> Bool {
    guard let value = Int(digits, radix: radix) else {
      report("'\(text(start, position))' is not a number that fits 64 bits", at: start)
      return false
    }
    tokens.append(Token(kind: .integer(value), start: start))
    return true
  }

  private mutating func string(_ quote: UInt8) -> Bool {
    let start = position
    var index = start + 1
    var hasEscapes = false
    while index < end, bytes[index] != quote {
      if bytes[index] == UInt8(ascii: "\\") {
        hasEscapes = true
        index += 1
      }
      index += 1
    }
    guard index < end else {
      report("the text is never closed", at: start, hint: "end it with the quote it began with")
      position = end
      return false
    }
    position = index + 1
    let inner = text(start + 1, index)
    if hasEscapes, let wrong = Self.wrongEscape(Array(bytes[start + 1..<index])) {
      report(
        "the escape '\\\(wrong.word)' is not complete or not supported", at: start + 1 + wrong.at,
        hint: "write the character itself, or '\\\\' for a backslash")
      return false
    }
    tokens.append(Token(kind: .string(hasEscapes ? unescaped(inner) : inner), start: start))
    return true
  }

  /// The first escape that Python would not accept, or that names a character.
  private static func wrongEscape(_ inner: [UInt8]) -> (word: String, at: Int)? {
    var index = 0
    while index + 1 < inner.count {
      guard inner[index] == UInt8(ascii: "\\") else {
        index += 1
        continue
      }
      let widths: [UInt8: Int] = [0x78: 2, 0x75: 4, 0x55: 8, 0x4E: 0]
      if let width = widths[inner[index + 1]] {
        let digits = inner.dropFirst(index + 2).prefix(width)
        let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        if width == 0 || digits.count < width || code.flatMap(Unicode.Scalar.init) == nil {
          return (
            String(decoding: inner.dropFirst(index + 1).prefix(1 + width), as: UTF8.self), index
          )
        }
      }
      index += 2
    }
    return nil
  }

  /// Resolves the escapes that Python has in texts.
  private func unescaped(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    let scalars = Array(text.unicodeScalars)
    let single: [Unicode.Scalar: Unicode.Scalar] = [
      "n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", "\"": "\"", "a": "\u{07}",
      "b": "\u{08}", "f": "\u{0C}", "v": "\u{0B}",
    ]
    var index = 0
    while index < scalars.count {
      guard scalars[index] == "\\", index + 1 < scalars.count else {
        result.append(scalars[index])
        index += 1
        continue
      }
      let letter = scalars[index + 1]
      if let plain = single[letter] {
        result.append(plain)
        index += 2
      } else if letter == "\n" {
        index += 2
      } else if let width = ["x": 2, "u": 4, "U": 8][letter], index + 2 + width <= scalars.count,
        let value = UInt32(
          String(String.UnicodeScalarView(scalars[index + 2..<index + 2 + width])), radix: 16),
        let scalar = Unicode.Scalar(value)
      {
        result.append(scalar)
        index += 2 + width
      } else if ("0"..."7").contains(letter) {
        var value: UInt32 = 0
        var count = 0
        while count < 3, index + 1 + count < scalars.count,
          ("0"..."7").contains(scalars[index + 1 + count])
        {
          value = value * 8 + scalars[index + 1 + count].value - 0x30
          count += 1
        }
        result.append(Unicode.Scalar(value) ?? "\u{FFFD}")
        index += 1 + count
      } else {
        result.append("\\")
        index += 1
      }
    }
    return String(result)
  }

  // MARK: - Helpers

  private func text(_ start: Int, _ stop: Int) -> String {
    String(decoding: bytes[start..<stop], as: UTF8.self)
  }

  private mutating func report(_ message: String, at offset: Int, hint: String? = nil) {
    problems.append(Diagnostic(message, at: source.location(offset: offset), hint: hint))
  }
}
