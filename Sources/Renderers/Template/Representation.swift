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
    case .foreign(let foreign): return foreign.text
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
    case .text(let text), .rendered(let text): appendQuoted(text, to: &result)
    case .foreign(let foreign):
      foreign.unmarked.appendRepresentation(to: &result, depth: depth, limit: limit)
    case .markdown(let text):
      result += "Markup("
      appendQuoted(text, to: &result)
      result += ")"
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

/// A number as Python's `repr` shows it: the shortest digits that lead back to it, with an exponent
/// below 1e-4 and from 1e16 on.
func pythonText(of value: Double) -> String {
  if value.isNaN { return "nan" }
  if value.isInfinite { return value < 0 ? "-inf" : "inf" }
  if value == 0 { return value.sign == .minus ? "-0.0" : "0.0" }
  let parts = value.magnitude.description.split(separator: "e")
  let written = parts[0].split(separator: ".")
  var exponent = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) + written[0].utf8.count - 1
  var digits = Array(written[0].utf8) + (written.count > 1 ? Array(written[1].utf8) : [])
  while digits.count > 1, digits[0] == 0x30 {
    digits.removeFirst()
    exponent -= 1
  }
  while digits.count > 1, digits.last == 0x30 { digits.removeLast() }
  func text(_ bytes: some Sequence<UInt8>) -> String {
    String(decoding: Array(bytes), as: UTF8.self)
  }
  let sign = value < 0 ? "-" : ""
  if exponent < -4 || exponent >= 16 {
    let mantissa = digits.count > 1 ? "\(text(digits[..<1])).\(text(digits[1...]))" : text(digits)
    let size = abs(exponent)
    return "\(sign)\(mantissa)e\(exponent < 0 ? "-" : "+")\(size < 10 ? "0" : "")\(size)"
  }
  if exponent < 0 {
    return "\(sign)0.\(String(repeating: "0", count: -exponent - 1))\(text(digits))"
  }
  let count = exponent + 1
  if digits.count <= count {
    return "\(sign)\(text(digits))\(String(repeating: "0", count: count - digits.count)).0"
  }
  return "\(sign)\(text(digits[..<count])).\(text(digits[count...]))"
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
