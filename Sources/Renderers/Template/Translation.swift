import DocModel

/// `{% trans %}`, as Jinja's extension for gettext has it (with its `newstyle` on).
///
/// The message's translation takes the place of the body before anything else looks at it: its text
/// becomes template text and its names become outputs, so that all that is checked of a template is
/// checked of its translations. What has no translation stays as it is written.
extension Parser {
  /// What `{% trans … %}` says before its text.
  private struct Heading {
    var context: String?
    var values: [(name: String, value: Expression)] = []
    var isTrimmed = false
  }

  /// Reads a message from its `{% trans`, and gives the statements that take its place.
  mutating func transTag(_ at: Int, into body: inout Body) {
    advance()
    advance()
    do throws(Failure) {
      try message(at, into: &body)
    } catch {
      problems.append(error.diagnostic)
      skipMessage()
    }
  }

  /// Goes on behind the message in which something is wrong, where it has an end.
  private mutating func skipMessage() {
    guard
      let end = tokens.indices.dropFirst(index).first(where: {
        tokens[$0].kind == .tagBegin
          && tokens[min($0 + 1, tokens.count - 1)].kind
            == .name("endtrans")
      })
    else { return skipTag() }
    index = end
    skipTag()
  }

  private mutating func message(_ at: Int, into body: inout Body) throws(Failure) {
    var heading = try transHeading()
    var count = heading.values.first?.value
    guard let singular = try messageText(at, allowsPlural: true) else { return }
    var plural: MessageText?
    if isAtWord("pluralize") {
      advance()
      if case .name(let name) = current.kind {
        guard let value = heading.values.first(where: { $0.name == name })?.value else {
          throw failure(
            "'\(name)' is no value of this message",
            hint: "give it one: '{% trans \(name)=… %}'")
        }
        count = value
        advance()
      }
      try endTag()
      guard let text = try messageText(at, allowsPlural: false) else { return }
      plural = text
    }
    advance()
    try endTag()
    for part in singular.parts + (plural?.parts ?? []) {
      guard case .value(let name, .template(let at)) = part,
        !heading.values.contains(where: { $0.name == name })
      else { continue }
      heading.values.append((name, Expression(.name(name), at: at)))
    }
    if plural != nil {
      if count == nil { count = heading.values.first?.value }
      guard let count else {
        report(
          "'pluralize' needs a value that it goes by", at: at, hint: "write '{% trans count=… %}'")
        return
      }
      if !heading.values.contains(where: { $0.name == "num" }) {
        heading.values.append(("num", count))
      }
    }
    let message = TranslatedMessage(
      context: heading.context, text: heading.isTrimmed ? singular.trimmed : singular,
      plural: heading.isTrimmed ? plural?.trimmed : plural, count: count, at: at)
    note(message)
    write(message, values: heading.values, into: &body)
  }

  private mutating func transHeading() throws(Failure) -> Heading {
    var heading = Heading()
    var sawTrimmed = false
    if case .string(let context) = current.kind {
      heading.context = context
      advance()
    }
    while current.kind != .tagEnd {
      if !heading.values.isEmpty { try expect(",") }
      if take(":") { break }
      let name = try expectName("the name of a value")
      guard !heading.values.contains(where: { $0.name == name.name }) else {
        throw failure("'\(name.name)' is given a value twice", at: name.at)
      }
      if take("=") {
        heading.values.append((name.name, try expression()))
      } else if !sawTrimmed, name.name == "trimmed" || name.name == "notrimmed" {
        sawTrimmed = true
        heading.isTrimmed = name.name == "trimmed"
      } else {
        heading.values.append((name.name, Expression(.name(name.name), at: name.at)))
      }
    }
    try endTag()
    return heading
  }

  /// Reads text and names up to `pluralize` or `endtrans`; `nil` where that never comes.
  private mutating func messageText(
    _ at: Int, allowsPlural: Bool
  ) throws(Failure) -> MessageText? {
    var text = MessageText()
    while true {
      let token = current
      switch token.kind {
      case .data(let bytes):
        advance()
        text.parts.append(.text(.init(bytes: bytes[...], origin: .template(token.start))))
      case .outputBegin:
        advance()
        let name = try expectName("the name of a value")
        guard current.kind == .outputEnd else {
          throw unexpected(
            "'}}'", hint: "give the value a name: '{% trans \(name.name)=… %}{{ \(name.name) }}'")
        }
        advance()
        text.parts.append(.value(name: name.name, .template(name.at)))
      case .tagBegin:
        let word = endingWord
        if word?.name == "endtrans" || (word?.name == "pluralize" && allowsPlural) {
          advance()
          return text
        }
        advance()
        throw failure(
          word?.name == "pluralize"
            ? "a message has one 'pluralize' only" : "no tag can stand in a message",
          at: token.start,
          hint: word?.name == "trans"
            ? "end the message before with '{% endtrans %}'"
            : "end it with '{% endtrans %}', or give it a value: '{% trans name=… %}{{ name }}'")
      default:
        report("'trans' is never closed", at: at, hint: "end it with '{% endtrans %}'")
        return nil
      }
    }
  }

  // MARK: - What takes its place

  private mutating func write(
    _ message: TranslatedMessage, values: [(name: String, value: Expression)],
    into body: inout Body
  ) {
    let forms: [MessageText]
    do throws(Diagnostic) {
      forms = try message.forms(in: language, names: values.map(\.name))
    } catch {
      problems.append(error)
      return
    }
    if case .catalogue? = forms[0].start { isTranslated = true }
    if forms.count == 1 { return write(forms[0], values: values, into: &body) }
    var branches: [(condition: Expression, body: [Statement])] = []
    for (index, form) in forms.enumerated() {
      var inner = Body()
      write(form, values: values, into: &inner)
      let first = origins.place([.init(bytes: [0], origin: form.start ?? .template(message.at))])
      branches.append((message.condition(index, in: language, at: first), finished(&inner)))
    }
    let otherwise = branches.removeLast().body
    add(.branches(branches, otherwise: otherwise), at: message.at, to: &body)
  }

  private mutating func write(
    _ text: MessageText, values: [(name: String, value: Expression)], into body: inout Body
  ) {
    for part in text.parts {
      switch part {
      case .text(let piece): body.pieces.append(piece)
      case .value(let name, let origin):
        guard let value = values.first(where: { $0.name == name })?.value else { continue }
        let at = origins.place([.init(bytes: [0], origin: origin)])
        add(.output(value), at: at, to: &body)
      }
    }
  }

  // MARK: - Messages for translators

  /// Notes a message with the comment that stands before it.
  mutating func note(_ message: TranslatedMessage) {
    guard messages != nil else { return }
    let comment = comment(before: message.at)
    messages?.append(
      TemplateMessage(
        message: message.key, plural: message.plural?.key, comment: comment,
        location: source.location(offset: message.at)))
  }

  private func comment(before at: Int) -> String {
    guard let index = comments.lastIndex(where: { $0.upperBound <= at }) else { return "" }
    let range = comments[index]
    let between = source.bytes[range.upperBound..<at]
    let mark = "Translators:"
    let text = trimmed(String(decoding: source.bytes[range], as: UTF8.self))
    guard text.hasPrefix(mark), between.count(where: { $0 == .lineFeed }) <= 1 else { return "" }
    return text.dropFirst(mark.count).split(separator: "\n").map { trimmed(String($0)) }
      .joined(separator: "\n")
  }
}

/// A message as a template holds it, with the count that its plural goes by.
struct TranslatedMessage {
  let context: String?
  let text: MessageText
  let plural: MessageText?
  let count: Expression?
  /// Where the message begins in the template.
  let at: Int

  var key: Catalogue.Message { .init(context: context, text: text.key) }

  /// The texts that a language has for it: one, or as many as it has plural forms.
  ///
  /// - Throws: what is wrong with the translation, at its place.
  func forms(in language: Language, names: [String]) throws(Diagnostic) -> [MessageText] {
    guard !language.isOriginal,
      let (translation, catalogue) = language.translation(of: key, isPlural: plural != nil)
    else { return [text] + (plural.map { [$0] } ?? []) }
    var forms: [MessageText] = []
    for text in translation.forms {
      func problem(_ message: String, at offset: Int, hint: String?) -> Diagnostic {
        Diagnostic(message, at: catalogue.location(of: text, offset: offset), hint: hint)
      }
      switch MessageText.parse(
        text.bytes, origin: { .catalogue(catalogue, text, offset: $0) })
      {
      case .success(let form):
        for case .value(let name, .catalogue(_, _, let offset)) in form.parts
        where !names.contains(name) {
          throw problem(
            "the message has no value '\(name)'", at: offset,
            hint: nearest(to: name, among: names).map { "did you mean '\($0)'?" }
              ?? (names.isEmpty ? nil : "its values are \(names.joined(separator: ", "))"))
        }
        forms.append(form)
      case .failure(let wrong): throw problem(wrong.message, at: wrong.offset, hint: wrong.hint)
      }
    }
    return forms
  }

  /// Whether a form is the one that goes with the count.
  func condition(_ form: Int, in language: Language, at: Int) -> Expression {
    let count = count ?? Expression(.constant(.int(1)), at: at)
    let translated =
      language.isOriginal ? nil : language.translation(of: key, isPlural: true)
    // What is written in the template is English, of which the first form stands for one.
    let choice = translated.map { Expression.Kind.pluralForm(count, $0.catalogue.plural) }
    return Expression(
      .compare(
        choice.map { Expression($0, at: at, around: [count]) } ?? count,
        [
          .init(
            relation: .equal,
            operand: Expression(.constant(.int(translated == nil ? 1 : form)), at: at), at: count.at
          )
        ]), at: at, around: [count])
  }
}

extension MessageText {
  /// Where the text begins.
  var start: Origins.Origin? {
    switch parts.first {
    case .text(let piece)?: piece.origin
    case .value(_, let origin)?: origin
    case nil: nil
    }
  }
}
