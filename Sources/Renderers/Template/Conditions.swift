import DocModel

/// Expressions whose truth alone is asked for, as closures.
extension Compiler {
  typealias Condition = @Sendable (inout Machine) throws(InvalidInput) -> Bool

  /// An expression whose truth alone is asked for.
  func condition(_ expression: Expression, _ builder: FunctionBuilder) -> Condition {
    switch expression.kind {
    case .not(let inner):
      let holds = condition(inner, builder)
      return { (machine) throws(InvalidInput) in !(try holds(&machine)) }
    case .and(let left, let right):
      let (first, second) = (condition(left, builder), condition(right, builder))
      return { (machine) throws(InvalidInput) in try first(&machine) ? try second(&machine) : false
      }
    case .or(let left, let right):
      let (first, second) = (condition(left, builder), condition(right, builder))
      return { (machine) throws(InvalidInput) in try first(&machine) ? true : try second(&machine) }
    case .test(let base, let name, let arguments, let isNegated):
      return test(base, name, arguments, isNegated: isNegated, expression, builder)
    case .compare(let first, let rest): return compare(first, rest, builder)
    case .attribute(let base, "last"), .attribute(let base, "first"):
      guard case .name("loop") = base.kind, let holds = loopEdge(expression, builder) else {
        return truth(expression, builder)
      }
      return holds
    default: return truth(expression, builder)
    }
  }

  /// Whether the value of an expression counts as true.
  private func truth(_ expression: Expression, _ builder: FunctionBuilder) -> Condition {
    if let (path, _) = path(to: expression, builder) {
      return { (machine) throws(InvalidInput) in
        if let holds = machine.locate(path)?.pointee.truth { return holds }
        return try machine.definedValue(of: path).isTrue
      }
    }
    let value = defined(expression, builder)
    return { (machine) throws(InvalidInput) in try value(&machine).isTrue }
  }

  private func compare(
    _ first: Expression, _ rest: [Expression.Comparison], _ builder: FunctionBuilder
  ) -> Condition {
    if rest.count == 1, rest[0].relation == .equal || rest[0].relation == .notEqual,
      case .constant(.text(let text)) = rest[0].operand.kind,
      let (path, _) = path(to: first, builder)
    {
      let (wanted, isEqual) = (ExactText(text), rest[0].relation == .equal)
      return { (machine) throws(InvalidInput) in
        if let holds = machine.locate(path)?.pointee.equals(wanted) { return holds == isEqual }
        return Value.equal(try machine.definedValue(of: path), .text(wanted.text)) == isEqual
      }
    }
    let start = defined(first, builder)
    let links = rest.map {
      ($0.relation, defined($0.operand, builder), Site(builder.unit.syntax.source, at: $0.at))
    }
    if rest.count == 1, rest[0].relation == .equal || rest[0].relation == .notEqual {
      let (operand, isEqual) = (links[0].1, rest[0].relation == .equal)
      return { (machine) throws(InvalidInput) in
        Value.equal(try start(&machine), try operand(&machine)) == isEqual
      }
    }
    return { (machine) throws(InvalidInput) in
      var left = try start(&machine)
      for (relation, operand, site) in links {
        let right = try operand(&machine)
        let holds: Bool
        switch relation {
        case .equal: holds = Value.equal(left, right)
        case .notEqual: holds = !Value.equal(left, right)
        case .in, .notIn:
          guard let contains = Value.contains(right, left) else {
            throw site.failure(
              "'in' does not look for \(left.typeName) in \(right.typeName)")
          }
          holds = contains == (relation == .in)
        default:
          guard let isTrue = Value.holds(relation, left, right) else {
            throw site.failure(
              "'\(relation.rawValue)' does not work on \(left.typeName) and \(right.typeName)")
          }
          holds = isTrue
        }
        if !holds { return false }
        left = right
      }
      return true
    }
  }
}
