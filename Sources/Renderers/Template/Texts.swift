import DocModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Joins texts; where one of them is Markdown the result is, and the plain ones are escaped in it.
func joined(_ values: [Value], escapes: Bool) -> Value {
  guard escapes, values.contains(where: \.isMarkdown) else {
    var result = ""
    for value in values { result += value.shownText }
    return .text(result)
  }
  var isRendered = true
  var result = Output()
  var place = Place(kind: .text)
  place.isLineStart = true
  place.isCalm = true
  place.right = .unknown
  for value in values {
    switch value {
    case .markdown(let text):
      isRendered = false
      result.append(contentsOf: text.utf8)
    case .rendered(let text): result.append(contentsOf: text.utf8)
    default: Escaper.text(value.shownText, place, to: &result)
    }
  }
  let text = result.text
  return isRendered ? .rendered(text) : .markdown(text)
}

/// A real power as C computes it.
func realPower(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

/// A part of a list or a text as Python's slices take it.
func sliced(_ value: Value, from: Int?, to: Int?, step: Int?) throws(Problem) -> Value {
  let step = step ?? 1
  guard step != 0 else { throw Problem("a slice cannot have the step 0") }
  guard let count = value.count else {
    throw Problem("\(value.typeName) cannot be sliced")
  }
  func clamped(_ bound: Int?, _ standard: Int) -> Int {
    guard let bound else { return standard }
    let absolute = bound < 0 ? (bound &+ count) : bound
    return step > 0 ? min(max(absolute, 0), count) : min(max(absolute, -1), count - 1)
  }
  let start = clamped(from, step > 0 ? 0 : count - 1)
  let stop = clamped(to, step > 0 ? count : -1)
  var indices: [Int] = []
  var index = start
  while step > 0 ? index < stop : index > stop {
    indices.append(index)
    let next = index.addingReportingOverflow(step)
    if next.overflow { break }
    index = next.partialValue
  }
  switch value {
  case .list(let items): return .list(indices.map { items[$0] })
  case .tuple(let items): return .tuple(indices.map { items[$0] })
  case .record: throw Problem("a record cannot be sliced")
  default:
    let scalars = Array((value.string ?? "").unicodeScalars)
    var result = String.UnicodeScalarView()
    for index in indices { result.append(scalars[index]) }
    return .text(String(result))
  }
}

/// Text formatted as Python's `%` does it, for `%s %r %d %i %x %o %f %e %g %%` with flags.
func formatted(_ format: String, _ arguments: [Value]) -> Result<Value, Problem> {
  let scalars = Array(format.unicodeScalars)
  var result = String.UnicodeScalarView()
  var next = 0
  var index = 0
  while index < scalars.count {
    guard scalars[index] == "%" else {
      result.append(scalars[index])
      index += 1
      continue
    }
    index += 1
    var flags: Set<Unicode.Scalar> = []
    while index < scalars.count, ["-", "+", " ", "0", "#"].contains(scalars[index]) {
      flags.insert(scalars[index])
      index += 1
    }
    func digits() -> Int? {
      var value: Int?
      while index < scalars.count, ("0"..."9").contains(scalars[index]) {
        value = min((value ?? 0) * 10 + Int(scalars[index].value - 0x30), 10_000)
        index += 1
      }
      return value
    }
    let width = digits() ?? 0
    var precision: Int?
    if index < scalars.count, scalars[index] == "." {
      index += 1
      precision = digits() ?? 0
    }
    guard index < scalars.count else { return .failure(Problem("the format ends behind a '%'")) }
    let letter = scalars[index]
    index += 1
    if letter == "%" {
      result.append("%")
      continue
    }
    guard next < arguments.count else {
      return .failure(Problem("the format asks for more values than there are"))
    }
    let value = arguments[next]
    next += 1
    var text: String
    switch letter {
    case "s": text = precision.map { String(value.shownText.prefix($0)) } ?? value.shownText
    case "r": text = Value.list([value]).shownText.dropFirst().dropLast().description
    case "d", "i", "u", "x", "X", "o":
      guard
        let number = value.integer
          ?? value.number.flatMap({ Int(exactly: $0.rounded(.towardZero)) })
      else { return .failure(Problem("'%\(letter)' needs a number, not \(value.typeName)")) }
      let radix = letter == "o" ? 8 : letter == "x" || letter == "X" ? 16 : 10
      text = String(number.magnitude, radix: radix, uppercase: letter == "X")
      if let precision, text.utf8.count < precision {
        text = String(repeating: "0", count: precision - text.utf8.count) + text
      }
      text = signed(text, isNegative: number < 0, flags)
    case "f", "F", "e", "E", "g", "G":
      guard let number = value.number else {
        return .failure(Problem("'%\(letter)' needs a number, not \(value.typeName)"))
      }
      guard letter == "f" || letter == "F" else {
        return .failure(Problem("'%\(letter)' is not supported", hint: "use '%f'"))
      }
      text = signed(
        fixed(abs(number), precision ?? 6), isNegative: number.sign == .minus, flags)
    default: return .failure(Problem("'%\(letter)' is not supported in a format"))
    }
    let missing = width - text.unicodeScalars.count
    if missing > 0 {
      if flags.contains("-") {
        text += String(repeating: " ", count: missing)
      } else if flags.contains("0"), letter != "s", letter != "r" {
        let sign = text.prefix { $0 == "-" || $0 == "+" || $0 == " " }
        text = sign + String(repeating: "0", count: missing) + text.dropFirst(sign.count)
      } else {
        text = String(repeating: " ", count: missing) + text
      }
    }
    result.append(contentsOf: text.unicodeScalars)
  }
  guard next == arguments.count else {
    return .failure(Problem("the format asks for fewer values than there are"))
  }
  return .success(.text(String(result)))
}

private func signed(_ text: String, isNegative: Bool, _ flags: Set<Unicode.Scalar>) -> String {
  (isNegative ? "-" : flags.contains("+") ? "+" : flags.contains(" ") ? " " : "") + text
}

/// A number with a fixed count of decimals, rounded exactly as C does it.
func fixed(_ value: Double, _ decimals: Int) -> String {
  let decimals = min(max(decimals, 0), 300)
  return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 700) { buffer in
    let count = withVaList([value]) {
      vsnprintf(buffer.baseAddress, buffer.count, "%.\(decimals)f", $0)
    }
    return String(
      decoding: buffer.prefix(max(0, Int(count))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
