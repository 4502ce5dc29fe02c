import DocModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Text formatted as Python's `%` does it: `%s %r %a %c %d %i %u %x %X %o %e %f %g %%`, with flags,
/// widths and names in round brackets.
func formatted(
  _ value: Value, _ format: String, with argument: Value, escapes: Bool
) -> Result<Value, Problem> {
  var formatter = Formatter(argument, isMarkup: !escapes && value.isMarkdown)
  do throws(Problem) {
    let text = try formatter.run(Array(format.unicodeScalars))
    return .success(formatter.isMarkup ? .markdown(text) : .text(text))
  } catch {
    return .failure(error)
  }
}

private struct Formatter {
  /// Whether the text is HTML that knows to be escaped, so that what is put into it is as well.
  let isMarkup: Bool
  private let arguments: [Value]
  /// Whether all arguments have to be used.
  private let isStrict: Bool
  private let record: Record?
  private var next = 0
  private var result = String.UnicodeScalarView()

  init(_ argument: Value, isMarkup: Bool) {
    self.isMarkup = isMarkup
    record = if case .record(let record) = argument { record } else { nil }
    switch argument {
    case .tuple(let items):
      arguments = items
      isStrict = true
    case .list, .record, .object:
      arguments = [argument]
      isStrict = false
    default:
      arguments = [argument]
      isStrict = true
    }
  }

  private mutating func argument() throws(Problem) -> Value {
    guard next < arguments.count else {
      throw Problem("the format asks for more values than there are")
    }
    next += 1
    return arguments[next - 1]
  }

  private struct Directive {
    var flags: Set<Unicode.Scalar> = []
    var width = 0
    var precision: Int?
    var letter: Unicode.Scalar = "s"
  }

  mutating func run(_ format: [Unicode.Scalar]) throws(Problem) -> String {
    var index = 0
    while index < format.count {
      guard format[index] == "%" else {
        result.append(format[index])
        index += 1
        continue
      }
      index += 1
      var named: Value?
      if index < format.count, format[index] == "(" {
        guard let end = format[index...].firstIndex(of: ")") else {
          throw Problem("the name in the format is never closed")
        }
        let name = String(String.UnicodeScalarView(format[index + 1..<end]))
        guard let record else { throw Problem("the format needs a record with '\(name)'") }
        guard let value = record[name] else { throw Problem("there is no '\(name)' to format") }
        named = value
        index = end + 1
      }
      let directive = try self.directive(format, &index)
      if directive.letter == "%" {
        result.append("%")
        continue
      }
      let value = if let named { named } else { try argument() }
      try append(value, directive)
    }
    if isStrict, next < arguments.count, !arguments.isEmpty {
      throw Problem("the format asks for fewer values than there are")
    }
    return String(result)
  }

  private mutating func directive(
    _ format: [Unicode.Scalar], _ index: inout Int
  ) throws(Problem) -> Directive {
    var directive = Directive()
    while index < format.count, ["-", "+", " ", "0", "#"].contains(format[index]) {
      directive.flags.insert(format[index])
      index += 1
    }
    if let width = try number(format, &index) {
      directive.width = abs(width)
      if width < 0 { directive.flags.insert("-") }
    }
    if index < format.count, format[index] == "." {
      index += 1
      directive.precision = max(0, try number(format, &index) ?? 0)
    }
    if index < format.count, ["h", "l", "L"].contains(format[index]) { index += 1 }
    guard index < format.count else { throw Problem("the format ends behind a '%'") }
    directive.letter = format[index]
    index += 1
    return directive
  }

  private mutating func number(
    _ format: [Unicode.Scalar], _ index: inout Int
  ) throws(Problem) -> Int? {
    if index < format.count, format[index] == "*" {
      index += 1
      guard case .int(let value) = try argument() else {
        throw Problem("'*' in a format needs a whole number")
      }
      return min(max(value, -10_000), 10_000)
    }
    var value: Int?
    while index < format.count, ("0"..."9").contains(format[index]) {
      value = min((value ?? 0) * 10 + Int(format[index].value - 0x30), 10_000)
      index += 1
    }
    return value
  }

  private mutating func append(_ value: Value, _ directive: Directive) throws(Problem) {
    var prefix = ""
    var text: String
    let letter = directive.letter
    switch letter {
    case "s", "r", "a":
      if case .undefined = value { throw Problem("a value to format is undefined") }
      text = letter == "s" ? value.shownText : value.representation
      if letter == "a" { text = Self.ascii(text) }
      if isMarkup, !(letter == "s" && value.isMarkdown) { text = Filter.htmlEscaped(text) }
      if let precision = directive.precision {
        text = String(String.UnicodeScalarView(text.unicodeScalars.prefix(precision)))
      }
    case "c":
      if let code = value.integer, let scalar = UInt32(exactly: code).flatMap(Unicode.Scalar.init) {
        text = String(Character(scalar))
      } else if let one = value.string, one.unicodeScalars.count == 1 {
        text = one
      } else {
        throw Problem("'%c' needs one character, not \(value.typeName)")
      }
    case "d", "i", "u", "x", "X", "o":
      (prefix, text) = try Self.whole(value, directive)
    case "e", "E", "f", "F", "g", "G":
      guard let number = value.number else {
        throw Problem("'%\(letter)' needs a number, not \(value.typeName)")
      }
      text = printed(
        abs(number), letter, directive.precision ?? 6, isAlternate: directive.flags.contains("#"))
      prefix = Self.sign(isNegative: number.sign == .minus, directive.flags)
    default: throw Problem("'%\(letter)' is not supported in a format")
    }
    let missing = directive.width - text.unicodeScalars.count - prefix.unicodeScalars.count
    let fill = String(repeating: " ", count: max(0, missing))
    if directive.flags.contains("-") {
      text = prefix + text + fill
    } else if directive.flags.contains("0"), !["s", "r", "a", "c"].contains(letter) {
      text = prefix + String(repeating: "0", count: max(0, missing)) + text
    } else {
      text = fill + prefix + text
    }
    guard text.utf8.count <= Limits.textSize - String(result).utf8.count else {
      throw tooLarge("%", limit: Limits.textSize)
    }
    result.append(contentsOf: text.unicodeScalars)
  }

  private static func whole(
    _ value: Value, _ directive: Directive
  ) throws(Problem) -> (prefix: String, text: String) {
    let letter = directive.letter
    let isDecimal = ["d", "i", "u"].contains(letter)
    var number = value.integer
    if number == nil, isDecimal, case .double(let double) = value {
      number = Int(exactly: double.rounded(.towardZero))
    }
    guard let number else {
      throw Problem("'%\(letter)' needs a whole number, not \(value.typeName)")
    }
    let radix = isDecimal ? 10 : letter == "o" ? 8 : 16
    var text = String(number.magnitude, radix: radix, uppercase: letter == "X")
    if let precision = directive.precision, text.utf8.count < precision {
      text = String(repeating: "0", count: precision - text.utf8.count) + text
    }
    var prefix = sign(isNegative: number < 0, directive.flags)
    if directive.flags.contains("#"), !isDecimal { prefix += "0\(letter)" }
    return (prefix, text)
  }

  private static func sign(isNegative: Bool, _ flags: Set<Unicode.Scalar>) -> String {
    isNegative ? "-" : flags.contains("+") ? "+" : flags.contains(" ") ? " " : ""
  }

  private static func ascii(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if scalar.isASCII {
        result.unicodeScalars.append(scalar)
      } else {
        result += scalar.escape
      }
    }
    return result
  }
}

extension Unicode.Scalar {
  /// The scalar as Python writes it with a backslash.
  var escape: String {
    let hex = String(value, radix: 16)
    let (letter, width) = value < 0x100 ? ("x", 2) : value < 0x10000 ? ("u", 4) : ("U", 8)
    return "\\\(letter)" + String(repeating: "0", count: width - hex.utf8.count) + hex
  }
}

/// A number with a fixed count of decimals, rounded exactly as C does it.
func fixed(_ value: Double, _ decimals: Int) -> String {
  printed(value, "f", min(max(decimals, 0), 300), isAlternate: false)
}

/// A number as C prints it with `%e`, `%f` or `%g`.
private func printed(
  _ value: Double, _ letter: Unicode.Scalar, _ precision: Int, isAlternate: Bool
) -> String {
  let precision = min(precision, 1_000)
  return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1_500) { buffer in
    let count = withVaList([value]) {
      vsnprintf(
        buffer.baseAddress, buffer.count, "%\(isAlternate ? "#" : "").\(precision)\(letter)", $0)
    }
    return String(
      decoding: buffer.prefix(max(0, Int(count))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
