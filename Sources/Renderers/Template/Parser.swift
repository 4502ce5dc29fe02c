import DocModel

/// Makes statements from tokens: the part of the grammar that stands between `{%` and `%}`.
///
/// A tag that is wrong is reported and left out, and reading goes on behind it, so that one run
/// reports every problem. The recursion is bounded by `Limits.nesting`.
struct Parser {
  let source: Source
  let limits: Limits
  let language: Language
  var tokens: [Token]
  var index = 0
  var problems: [Diagnostic] = []
  var nextID = 0
  var nesting = 0
  /// Where the text of composed literals comes from.
  var origins: Origins
  /// What can be translated, in the order of the template; `nil` where nobody asks.
  var messages: [TemplateMessage]?
  /// Whether anything comes from a catalogue.
  var isTranslated = false
  /// The text of each comment.
  let comments: [Range<Int>]
  /// The words that the bodies around this point may end with.
  private var awaited: [[String]] = []
  /// How many expressions are being read inside each other.
  var expressionNesting = 0

  /// A problem that ends the reading of one tag.
  struct Failure: Error {
    let diagnostic: Diagnostic
  }

  /// Reads a whole template.
  ///
  /// - Throws: `InvalidInput` with everything that is wrong with its syntax.
  static func parse(
    _ source: Source, _ environment: Environment
  ) throws(InvalidInput) -> Syntax {
    var messages: [TemplateMessage]?
    return try parse(source, environment, messages: &messages)
  }

  /// Reads a whole template, and notes its messages where a list for them is given.
  ///
  /// - Throws: `InvalidInput` with everything that is wrong with its syntax.
  static func parse(
    _ source: Source, _ environment: Environment, messages: inout [TemplateMessage]?
  ) throws(InvalidInput) -> Syntax {
    var lexer = Lexer(source, options: environment.options)
    let tokens = lexer.run()
    var parser = Parser(
      source: source, limits: environment.limits, language: environment.language, tokens: tokens,
      origins: Origins(source), messages: messages, comments: lexer.comments)
    var body: [Statement] = []
    while true {
      body += parser.statements(until: [])
      guard let word = parser.endingWord else { break }
      parser.report("'\(word.name)' ends nothing here", at: word.at)
      parser.skipTag()
    }
    // What the lexer has reported a line for, the parser could only misunderstand.
    let lines = Set(lexer.problems.map { $0.location?.line })
    let problems = lexer.problems + parser.problems.filter { !lines.contains($0.location?.line) }
    guard problems.isEmpty else {
      throw InvalidInput(
        problems.sorted {
          ($0.location?.line ?? 0, $0.location?.column ?? 0)
            < ($1.location?.line ?? 0, $1.location?.column ?? 0)
        })
    }
    messages = parser.messages
    return Syntax(
      source: source, body: body, origins: parser.origins, isTranslated: parser.isTranslated,
      count: parser.nextID, mentions: Mentions(in: body))
  }

  // MARK: - Tokens

  var current: Token { tokens[min(index, tokens.count - 1)] }

  var next: Token { tokens[min(index + 1, tokens.count - 1)] }

  mutating func advance() { index += 1 }

  func isAt(_ mark: String) -> Bool {
    if case .mark(let found) = current.kind { found == mark } else { false }
  }

  func isAtWord(_ word: String) -> Bool {
    if case .name(let found) = current.kind { found == word } else { false }
  }

  mutating func take(_ mark: String) -> Bool {
    guard isAt(mark) else { return false }
    advance()
    return true
  }

  mutating func takeWord(_ word: String) -> Bool {
    guard isAtWord(word) else { return false }
    advance()
    return true
  }

  mutating func expect(_ mark: String) throws(Failure) {
    guard take(mark) else { throw unexpected("'\(mark)'") }
  }

  mutating func expectWord(_ word: String) throws(Failure) {
    guard takeWord(word) else { throw unexpected("'\(word)'") }
  }

  mutating func expectName(_ what: String) throws(Failure) -> Named {
    guard case .name(let name) = current.kind else { throw unexpected(what) }
    defer { advance() }
    return Named(name, at: current.start)
  }

  /// How many problems of one template are reported before reading ends.
  static let problemLimit = 100

  func unexpected(_ wanted: String, hint: String? = nil) -> Failure {
    failure("expected \(wanted), found \(Self.described(current.kind))", hint: hint)
  }

  func failure(_ message: String, at: Int? = nil, hint: String? = nil) -> Failure {
    Failure(
      diagnostic: Diagnostic(
        message, at: source.location(offset: at ?? current.start), hint: hint))
  }

  static func described(_ kind: Token.Kind) -> String {
    switch kind {
    case .data: "text"
    case .outputBegin: "'{{'"
    case .outputEnd: "'}}'"
    case .tagBegin: "'{%'"
    case .tagEnd: "'%}'"
    case .name(let name): "'\(name)'"
    case .string(let text): "the text '\(text)'"
    case .integer(let value): "'\(value)'"
    case .double(let value): "'\(value)'"
    case .mark(let mark): "'\(mark)'"
    case .end: "the end of the template"
    }
  }

  mutating func report(_ message: String, at: Int, hint: String? = nil) {
    problems.append(Diagnostic(message, at: source.location(offset: at), hint: hint))
  }

  /// Notes a problem and goes on behind the tag; after too many, ends.
  private mutating func fail(_ failure: Failure) {
    problems.append(failure.diagnostic)
    if problems.count >= Self.problemLimit { index = tokens.count - 1 } else { skipTag() }
  }

  mutating func skipTag() {
    while current.kind != .end, current.kind != .tagEnd, current.kind != .outputEnd { advance() }
    if current.kind != .end { advance() }
  }

  mutating func endTag() throws(Failure) {
    guard current.kind == .tagEnd else { throw unexpected("'%}'") }
    advance()
  }

  // MARK: - Statements

  /// The word of the tag at which a body has ended, or `nil` at the end of the template.
  var endingWord: Named? {
    guard current.kind == .tagBegin, case .name(let name) = next.kind else { return nil }
    return Named(name, at: next.start)
  }

  static let endings: Set<String> = [
    "endfor", "endif", "else", "elif", "endset", "endmacro", "endcall", "endfilter", "endblock",
    "endwith", "endtrans", "pluralize",
  ]

  /// Reads statements up to a tag that ends a body; `until` names those that may.
  mutating func statements(until: [String]) -> [Statement] {
    var result = Body()
    while true {
      let token = current
      switch token.kind {
      case .end: return finished(&result)
      case .data(let bytes):
        advance()
        result.pieces.append(.init(bytes: bytes[...], origin: .template(token.start)))
      case .outputBegin:
        advance()
        do throws(Failure) {
          let value = try tuple()
          guard current.kind == .outputEnd else { throw unexpected("'}}'") }
          advance()
          add(.output(value), at: token.start, to: &result)
        } catch {
          fail(error)
        }
      case .tagBegin:
        if let word = endingWord, Self.endings.contains(word.name) {
          if until.contains(word.name) || until.isEmpty || nesting > 0 {
            return finished(&result)
          }
        }
        do throws(Failure) {
          if next.kind == .name("trans") {
            transTag(token.start, into: &result)
          } else if let kind = try statement() {
            add(kind, at: token.start, to: &result)
          }
        } catch {
          fail(error)
        }
      default: advance()
      }
    }
  }

  /// Statements that are being read, with the pieces of a literal that is not whole yet.
  struct Body {
    fileprivate(set) var statements: [Statement] = []
    var pieces: [Origins.Piece] = []
  }

  /// Takes a statement, behind the literal before it.
  mutating func add(_ kind: Statement.Kind, at: Int, to body: inout Body) {
    flush(&body)
    body.statements.append(Statement(kind: kind, at: at, id: nextID))
    nextID += 1
  }

  /// All statements of a body.
  mutating func finished(_ body: inout Body) -> [Statement] {
    flush(&body)
    return body.statements
  }

  /// Makes one literal of the pieces that follow each other.
  private mutating func flush(_ body: inout Body) {
    let pieces = body.pieces
    guard !pieces.isEmpty else { return }
    body.pieces = []
    let start = origins.place(pieces)
    let bytes = Array(pieces.map(\.bytes).joined())
    body.statements.append(
      Statement(kind: .literal(.init(bytes: bytes, start: start)), at: start, id: nextID))
    nextID += 1
  }

  /// Reads one tag with its bodies; the current token is its `{%`.
  mutating func statement() throws(Failure) -> Statement.Kind? {
    advance()
    let word = try expectName("the name of a tag")
    guard let read = Self.tags[word.name] else {
      if word.name.hasPrefix("end"), Self.unsupported[String(word.name.dropFirst(3))] != nil {
        // The tag that it ends was reported already.
        skipTag()
        return nil
      }
      if let hint = Self.unsupported[word.name] {
        throw failure("'\(word.name)' is not supported", at: word.at, hint: hint)
      }
      let near = nearest(
        to: word.name, among: Self.tags.keys.sorted() + ["trans"] + Self.endings.sorted())
      throw failure(
        "unknown tag '\(word.name)'", at: word.at, hint: near.map { "did you mean '\($0)'?" })
    }
    guard nesting < limits.nesting else {
      throw failure(
        "tags stand in each other more than \(limits.nesting) deep", at: word.at,
        hint: "move inner parts into macros or included templates")
    }
    nesting += 1
    defer { nesting -= 1 }
    return try read(&self, word.at)
  }

  /// Reads a body and the tag that ends it; the header's own trouble is reported but ends nothing.
  mutating func body(of tag: String, at: Int, until: [String]) -> (body: [Statement], end: String) {
    awaited.append(until)
    let body = statements(until: until)
    awaited.removeLast()
    guard let word = endingWord, until.contains(word.name) else {
      if let word = endingWord {
        problems.append(
          Diagnostic(
            "'\(word.name)' stands where '\(until[until.count - 1])' is expected",
            at: source.location(offset: word.at),
            notes: [.init("'\(tag)' begins here", at: source.location(offset: at))]))
        if !awaited.contains(where: { $0.contains(word.name) }) { skipTag() }
      } else {
        report(
          "'\(tag)' is never closed", at: at,
          hint: "end it with '{% \(until[until.count - 1]) %}'")
      }
      return (body, "")
    }
    advance()
    advance()
    return (body, word.name)
  }

  /// Reads a header; where it is wrong, reports that and goes on behind it.
  mutating func header<T>(_ read: (inout Parser) throws(Failure) -> T) -> T? {
    do throws(Failure) {
      let result = try read(&self)
      try endTag()
      return result
    } catch {
      fail(error)
      return nil
    }
  }

  /// Ends the tag that closes a body.
  mutating func closing() {
    _ = header { (_) throws(Failure) -> Void in }
  }
}

extension Statement.Kind {
  static let nothing = Statement.Kind.literal(.init(bytes: [], start: 0))
}
