import DocModel

/// Values as Python shows them.
extension Value {
  /// The value as Python's `repr` shows it.
  var representation: String {
    var result = ""
    appendRepresentation(to: &result, depth: 0, limit: Limits.textSize)
    return result
  }

  /// The value as Python's `str` shows it.
  var shownText: String { shownText(upTo: Limits.textSize) }

  /// The value as Python's `str` shows it; of a list or a record that has more bytes than a limit
  /// only so much that it is larger.
  ///
  /// A list that holds another twice, and so on, is small and yet has a text without end.
  func shownText(upTo limit: Int) -> String {
    switch self {
    case .text(let text), .markdown(let text), .rendered(let text): return text
    case .undefined: return ""
    case .object(let object) where object is Nothing: return ""
    default:
      var result = ""
      appendRepresentation(to: &result, depth: 0, limit: limit)
      return result
    }
  }

  private func appendRepresentation(to result: inout String, depth: Int, limit: Int) {
    guard result.utf8.count <= limit else { return }
    guard depth < 64 else {
      result += "..."
      return
    }
    switch self {
    case .undefined: result += "Undefined"
    case .none: result += "None"
    case .bool(let value): result += value ? "True" : "False"
    case .int(let value): result += String(value)
    case .double(let value): result += pythonText(of: value)
    case .text(let text), .markdown(let text), .rendered(let text):
      appendQuoted(text, to: &result)
    case .list(let items):
      result += "["
      for (index, item) in items.enumerated() {
        if index > 0 { result += ", " }
        item.appendRepresentation(to: &result, depth: depth + 1, limit: limit)
      }
      result += "]"
    case .tuple(let items):
      result += "("
      for (index, item) in items.enumerated() {
        if index > 0 { result += ", " }
        item.appendRepresentation(to: &result, depth: depth + 1, limit: limit)
      }
      result += items.count == 1 ? ",)" : ")"
    case .record(let record) where record.keys === Filter.groupKeys:
      Value.tuple(record.values).appendRepresentation(to: &result, depth: depth, limit: limit)
    case .record(let record):
      result += "{"
      for (index, (name, value)) in zip(record.keys.names, record.values).enumerated() {
        if index > 0 { result += ", " }
        appendQuoted(name, to: &result)
        result += ": "
        value.appendRepresentation(to: &result, depth: depth + 1, limit: limit)
      }
      result += "}"
    case .function: result += "<function>"
    case .object(let object) where object is Nothing: result += "Undefined"
    case .object(let object):
      result += (object as? any EngineObject)?.text ?? "<\(object.kind)>"
    }
  }
}

/// A number as Python's `repr` shows it: the shortest digits that lead back to it.
func pythonText(of value: Double) -> String {
  if value.isNaN { return "nan" }
  if value.isInfinite { return value < 0 ? "-inf" : "inf" }
  let magnitude = abs(value)
  if magnitude >= 1e16, magnitude < 9_007_199_254_740_992 * 1024 {
    return exponential(value)
  }
  var text = value.description
  if let e = text.firstIndex(of: "e") {
    let exponent = Int(text[text.index(after: e)...]) ?? 0
    let mantissa = text[..<e].hasSuffix(".0") ? text[..<e].dropLast(2) : text[..<e]
    let digits = abs(exponent) < 10 ? "0\(abs(exponent))" : "\(abs(exponent))"
    text = "\(mantissa)e\(exponent < 0 ? "-" : "+")\(digits)"
  }
  return text
}

/// A number from 1e16 up that Swift may show without an exponent.
private func exponential(_ value: Double) -> String {
  let text = value.description
  guard !text.contains("e") else { return normalizedExponent(text) }
  let isNegative = text.hasPrefix("-")
  var digits = text.drop { $0 == "-" }
  if digits.hasSuffix(".0") { digits = digits.dropLast(2) }
  let exponent = digits.count - 1
  var rest = digits.dropFirst()
  while rest.last == "0" { rest = rest.dropLast() }
  let mantissa = rest.isEmpty ? "\(digits.prefix(1))" : "\(digits.prefix(1)).\(rest)"
  return "\(isNegative ? "-" : "")\(mantissa)e+\(exponent)"
}

private func normalizedExponent(_ text: String) -> String {
  guard let e = text.firstIndex(of: "e") else { return text }
  let mantissa = text[..<e].hasSuffix(".0") ? text[..<e].dropLast(2) : text[..<e]
  return "\(mantissa)\(text[e...])"
}

/// Appends text in quotes as Python's `repr` writes it.
private func appendQuoted(_ text: String, to result: inout String) {
  let quote: Unicode.Scalar =
    text.unicodeScalars.contains("'") && !text.unicodeScalars.contains("\"") ? "\"" : "'"
  result.unicodeScalars.append(quote)
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\\": result += "\\\\"
    case quote: result += "\\\(quote)"
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    default:
      let isHidden: Bool =
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
          .paragraphSeparator:
          true
        case .spaceSeparator: scalar != " "
        default: false
        }
      if isHidden {
        result += scalar.escape
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
  }
  result.unicodeScalars.append(quote)
}
