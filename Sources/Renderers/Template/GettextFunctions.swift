import DocModel

/// `_()` and the other functions of gettext in expressions, as Jinja's extension has them.
///
/// Their texts are constants, so that they can be translated when a template is compiled. What they
/// give is plain text, escaped like any other where it is written.
extension Compiler {
  /// The functions, each with the names of its texts.
  static let gettextFunctions: [String: [GettextParameter]] = [
    "_": [.text],
    "gettext": [.text],
    "ngettext": [.text, .plural, .count],
    "pgettext": [.context, .text],
    "npgettext": [.context, .text, .plural, .count],
  ]

  enum GettextParameter {
    case context, text, plural, count
  }

  static func gettext(
    _ compiler: Compiler, _ arguments: Expression.Arguments, _ expression: Expression,
    _ builder: FunctionBuilder
  ) -> (Evaluate, Shape) {
    let nothing: (Evaluate, Shape) = ({ (_) in .undefined }, .any)
    let call = GettextCall(expression)
    guard let call, let message = call.message else {
      compiler.report(
        call?.problem ?? "this is no call of gettext", at: expression.at, in: builder.unit,
        hint: call?.hint)
      return nothing
    }
    var values = arguments.named
    if let count = message.count, !values.contains(where: { $0.name == "num" }) {
      values.append(("num", count))
    }
    let forms: [MessageText]
    do throws(Diagnostic) {
      forms = try message.forms(in: compiler.environment.language, names: values.map(\.name))
    } catch {
      compiler.report(error)
      return nothing
    }
    var result: Expression?
    for (index, form) in forms.enumerated().reversed() {
      var parts: [Expression] = [Expression(.constant(.text("")), at: expression.at)]
      for part in form.parts {
        switch part {
        case .text(let piece):
          let text = String(decoding: piece.bytes, as: UTF8.self)
          parts.append(Expression(.constant(.text(text)), at: expression.at))
        case .value(let name, _):
          guard let value = values.first(where: { $0.name == name })?.value else {
            compiler.report(
              "the message has no value '\(name)'", at: expression.at, in: builder.unit,
              hint: "give it one: '\(name)=…'")
            return nothing
          }
          parts.append(value)
        }
      }
      let text = Expression(.concatenate(parts), at: expression.at, around: parts)
      result =
        result.map { rest in
          let condition = message.condition(
            index, in: compiler.environment.language, at: expression.at)
          return Expression(
            .conditional(text, condition: condition, otherwise: rest), at: expression.at,
            around: [text, rest])
        } ?? text
    }
    return result.map { compiler.expression($0, builder) } ?? nothing
  }

  /// The number of a plural form.
  func pluralForm(
    _ count: Expression, _ rule: PluralRule, _ builder: FunctionBuilder
  ) -> Evaluate {
    let value = defined(count, builder)
    let site = site(count, builder)
    return { (machine) throws(InvalidInput) in
      let count = try value(&machine)
      guard
        let number = count.integer
          ?? count.number.flatMap({ Int(exactly: $0.rounded(.towardZero)) })
      else { throw site.failure("a plural needs a number, not \(count.typeName)") }
      return .int(rule.form(for: number))
    }
  }
}

/// A call of one of gettext's functions.
struct GettextCall {
  private(set) var message: TranslatedMessage?
  private(set) var problem: String?
  private(set) var hint: String?

  /// Takes a call apart; `nil` where it calls something else.
  init?(_ expression: Expression) {
    guard case .call(let callee, let arguments) = expression.kind,
      case .name(let name) = callee.kind,
      let parameters = Compiler.gettextFunctions[name]
    else { return nil }
    guard arguments.positional.count == parameters.count else {
      problem =
        "'\(name)' takes \(parameters.count == 1 ? "one text" : "\(parameters.count) values")"
      hint = "name the values that stand in it: '\(name)(\"Hello %(name)s\", name=…)'"
      return
    }
    var texts: [Compiler.GettextParameter: String] = [:]
    var count: Expression?
    for (parameter, argument) in zip(parameters, arguments.positional) {
      if parameter == .count {
        count = argument
      } else if case .constant(.text(let text)) = argument.kind {
        texts[parameter] = text
      } else {
        problem = "the texts of '\(name)' have to be constants, so that they can be translated"
        hint = "write the text between quotes, and its values as '%(name)s'"
        return
      }
    }
    func text(_ parameter: Compiler.GettextParameter) -> MessageText? {
      guard let text = texts[parameter] else { return nil }
      switch MessageText.parse(Array(text.utf8), origin: { _ in .template(expression.at) }) {
      case .success(let result): return result
      case .failure(let wrong):
        problem = wrong.message
        hint = wrong.hint
        return nil
      }
    }
    let plural = text(.plural)
    guard let singular = text(.text), problem == nil else { return }
    message = TranslatedMessage(
      context: texts[.context], text: singular, plural: plural, count: count, at: expression.at)
  }
}
