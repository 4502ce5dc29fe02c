import DocModel

/// The syntax of templates that the program carries, read before it was built: one that has not changed
/// since need not be parsed.
enum ReadySyntax {
  /// The syntax of a template, where the form in `bytes` holds it under its name and the template is still
  /// the same.
  static func syntax(
    of source: Source, named name: String, in bytes: UnsafeBufferPointer<UInt8>
  ) -> Syntax? {
    var reader = ReadyReader(bytes)
    for _ in 0..<reader.number() {
      let (other, fingerprint, form) = (reader.slice(), reader.fingerprint(), reader.slice())
      guard other.elementsEqual(name.utf8) else { continue }
      guard fingerprint == Fingerprint(of: source.bytes) else { return nil }
      var reader = SyntaxReader(form)
      return reader.syntax(of: source)
    }
    return nil
  }

  /// The form of some templates; one that says something in another language is left out.
  static func form(of templates: [Syntax]) -> [UInt8] {
    let forms = templates.compactMap { syntax in
      SyntaxWriter.form(of: syntax).map { (source: syntax.source, bytes: $0) }
    }
    var writer = ReadyWriter()
    writer.write(forms.count)
    for form in forms {
      writer.write(form.source.name)
      writer.write(Fingerprint(of: form.source.bytes))
      writer.write(form.bytes)
    }
    return writer.bytes
  }
}

/// What an expression is, as a number; `SyntaxWriter` and `SyntaxReader` say what follows each.
enum ExpressionKind: Int {
  case constant, name, attribute, item, slice, call, filter, test, negate, plus, not, arithmetic
  case compare, and, or, conditional, concatenate, list, dictionary, captured
}

/// What a constant is, as a number.
enum ConstantKind: Int {
  case none, yes, no, int, double, text
}

/// What a statement is, as a number.
enum StatementKind: Int {
  case literal, output, branches, loop, set, setBlock, with, filter, macro, call, include
  case importAs, importNames, extends, block
}

/// What an assignment gives a value to, as a number.
enum TargetKind: Int {
  case name, tuple, attribute
}

/// Writes a syntax tree as numbers, each text once before them.
private struct SyntaxWriter {
  private var writer = ReadyWriter()
  private var texts = ReadyTexts()
  /// Whether everything could be written: what comes from a catalogue is not.
  private var isWhole = true

  static func form(of syntax: Syntax) -> [UInt8]? {
    var tree = SyntaxWriter()
    tree.write(syntax.count)
    tree.list(syntax.body) { $0.statement($1) }
    tree.list(syntax.mentions.names) { $0.write($1) }
    tree.list(syntax.mentions.templates) { $0.write($1) }
    let origins = syntax.origins.write(to: &tree.writer)
    guard tree.isWhole, origins, !syntax.isTranslated else { return nil }
    var form = ReadyWriter()
    tree.texts.write(to: &form)
    return form.bytes + tree.writer.bytes
  }

  // MARK: - Parts

  private mutating func write(_ number: Int) { writer.write(number) }

  private mutating func write(_ flag: Bool) { writer.write(flag ? 1 : 0) }

  private mutating func write(_ kind: some RawRepresentable<Int>) { write(kind.rawValue) }

  private mutating func write(_ text: String) { writer.write(texts.number(of: text)) }

  private mutating func write(_ name: Named) {
    write(name.name)
    write(name.at)
  }

  private mutating func list<Item>(_ items: [Item], _ item: (inout Self, Item) -> Void) {
    write(items.count)
    for each in items { item(&self, each) }
  }

  /// Something that may be left out, as a list of one or none.
  private mutating func optional<Item>(_ part: Item?, _ item: (inout Self, Item) -> Void) {
    list(part.map { [$0] } ?? [], item)
  }

  private mutating func expressions(_ parts: [Expression]) { list(parts) { $0.expression($1) } }

  private mutating func body(_ statements: [Statement]) { list(statements) { $0.statement($1) } }

  // MARK: - Expressions

  private mutating func expression(_ expression: Expression) {
    write(expression.at)
    write(expression.depth)
    switch expression.kind {
    case .constant(let value):
      write(ExpressionKind.constant)
      constant(value)
    case .name(let name):
      write(ExpressionKind.name)
      write(name)
    case .attribute(let base, let name):
      write(ExpressionKind.attribute)
      self.expression(base)
      write(name)
    case .item(let base, let index):
      write(ExpressionKind.item)
      self.expression(base)
      self.expression(index)
    case .slice(let base, let from, let to, let step):
      write(ExpressionKind.slice)
      self.expression(base)
      for bound in [from, to, step] { optional(bound) { $0.expression($1) } }
    case .call(let callee, let arguments):
      write(ExpressionKind.call)
      self.expression(callee)
      self.arguments(arguments)
    case .filter(let base, let name, let arguments):
      write(ExpressionKind.filter)
      self.expression(base)
      write(name)
      self.arguments(arguments)
    case .test(let base, let name, let arguments, let isNegated):
      write(ExpressionKind.test)
      self.expression(base)
      write(name)
      self.arguments(arguments)
      write(isNegated)
    case .negate(let base):
      write(ExpressionKind.negate)
      self.expression(base)
    case .plus(let base):
      write(ExpressionKind.plus)
      self.expression(base)
    case .not(let base):
      write(ExpressionKind.not)
      self.expression(base)
    case .arithmetic(let mark, let left, let right):
      write(ExpressionKind.arithmetic)
      write(mark.rawValue)
      self.expression(left)
      self.expression(right)
    case .compare(let first, let rest):
      write(ExpressionKind.compare)
      self.expression(first)
      list(rest) {
        $0.write($1.relation.rawValue)
        $0.expression($1.operand)
        $0.write($1.at)
      }
    case .and(let left, let right):
      write(ExpressionKind.and)
      self.expression(left)
      self.expression(right)
    case .or(let left, let right):
      write(ExpressionKind.or)
      self.expression(left)
      self.expression(right)
    case .conditional(let value, let condition, let otherwise):
      write(ExpressionKind.conditional)
      self.expression(value)
      self.expression(condition)
      optional(otherwise) { $0.expression($1) }
    case .concatenate(let parts):
      write(ExpressionKind.concatenate)
      expressions(parts)
    case .list(let items, let isTuple):
      write(ExpressionKind.list)
      expressions(items)
      write(isTuple)
    case .dictionary(let items):
      write(ExpressionKind.dictionary)
      list(items) {
        $0.expression($1.0)
        $0.expression($1.1)
      }
    case .captured: write(ExpressionKind.captured)
    case .pluralForm: isWhole = false
    }
  }

  private mutating func constant(_ value: Value) {
    switch value {
    case .none: write(ConstantKind.none)
    case .bool(let isTrue): write(isTrue ? ConstantKind.yes : .no)
    case .int(let number) where number >= 0:
      write(ConstantKind.int)
      write(number)
    case .double(let number):
      write(ConstantKind.double)
      write(number.description)
    case .text(let text):
      write(ConstantKind.text)
      write(text)
    default: isWhole = false
    }
  }

  private mutating func arguments(_ arguments: Expression.Arguments) {
    expressions(arguments.positional)
    list(arguments.named) {
      $0.write($1.name)
      $0.expression($1.value)
    }
  }

  // MARK: - Statements

  private mutating func statement(_ statement: Statement) {
    write(statement.at)
    write(statement.id)
    switch statement.kind {
    case .literal(let literal):
      write(StatementKind.literal)
      writer.write(literal.bytes)
      write(literal.start)
    case .output(let value):
      write(StatementKind.output)
      expression(value)
    case .branches(let branches, let otherwise):
      write(StatementKind.branches)
      list(branches) {
        $0.expression($1.condition)
        $0.body($1.body)
      }
      optional(otherwise) { $0.body($1) }
    case .loop(let loop):
      write(StatementKind.loop)
      target(loop.target)
      expression(loop.items)
      optional(loop.filter) { $0.expression($1) }
      write(loop.isRecursive)
      body(loop.body)
      body(loop.otherwise)
      write(loop.usesState)
    case .set(let target, let value):
      write(StatementKind.set)
      self.target(target)
      expression(value)
    case .setBlock(let target, let filters, let body):
      write(StatementKind.setBlock)
      self.target(target)
      expression(filters)
      self.body(body)
    case .with(let assignments, let body):
      write(StatementKind.with)
      list(assignments) {
        $0.target($1.0)
        $0.expression($1.1)
      }
      self.body(body)
    case .filter(let filters, let body):
      write(StatementKind.filter)
      expression(filters)
      self.body(body)
    case .macro(let macro):
      write(StatementKind.macro)
      self.macro(macro)
    case .call(let macro, let call):
      write(StatementKind.call)
      self.macro(macro)
      expression(call)
    case .include(let template, let ignoreMissing, let withContext):
      write(StatementKind.include)
      expression(template)
      write(ignoreMissing)
      write(withContext)
    case .importAs(let template, let name, let withContext):
      write(StatementKind.importAs)
      expression(template)
      write(name)
      write(withContext)
    case .importNames(let template, let names, let withContext):
      write(StatementKind.importNames)
      expression(template)
      list(names) {
        $0.write($1.0)
        $0.write($1.as)
      }
      write(withContext)
    case .extends(let template):
      write(StatementKind.extends)
      expression(template)
    case .block(let block):
      write(StatementKind.block)
      write(block.name)
      write(block.isScoped)
      write(block.isRequired)
      body(block.body)
    }
  }

  private mutating func macro(_ macro: Statement.Macro) {
    write(macro.name)
    list(macro.parameters) {
      $0.write($1.name)
      $0.optional($1.standard) { $0.expression($1) }
    }
    body(macro.body)
    write(macro.at)
    list(macro.ownNames) { $0.write($1) }
  }

  private mutating func target(_ target: Statement.Target) {
    switch target {
    case .name(let name, let at):
      write(TargetKind.name)
      write(name)
      write(at)
    case .tuple(let targets):
      write(TargetKind.tuple)
      list(targets) { $0.target($1) }
    case .attribute(let object, let name, let at):
      write(TargetKind.attribute)
      write(object)
      write(name)
      write(at)
    }
  }
}

extension Origins {
  /// Writes the places of composed literals; `false` where some come from a catalogue.
  fileprivate func write(to writer: inout ReadyWriter) -> Bool {
    writer.write(end)
    writer.write(runs.count)
    for run in runs {
      guard case .template(let offset) = run.origin else { return false }
      writer.write(run.start)
      writer.write(offset)
    }
    return true
  }
}
