import DocModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Joins texts; where one of them is Markdown the result is, and the plain ones are escaped in it.
///
/// - Throws: a problem where the result is larger than a limit, before it is.
func joined(
  _ values: [Value], escapes: Bool, limit: Int, by operation: String
) throws(Problem) -> Value {
  if escapes, let foreign = ForeignText.joined(values) { return .foreign(foreign) }
  guard escapes, values.contains(where: \.isMarkdown) else {
    var result = ""
    for value in values {
      let text = value.shownText(upTo: limit)
      guard text.utf8.count <= limit - result.utf8.count else {
        throw tooLarge(operation, limit: limit)
      }
      result += text
    }
    return .text(result)
  }
  var isRendered = true
  var result = Output(limit: limit)
  var place = Place(kind: .text)
  place.isLineStart = true
  place.isCalm = true
  place.right = .unknown
  for value in values {
    switch value {
    case .foreign(let foreign) where foreign.isProse:
      isRendered = false
      result.append(contentsOf: foreign.text.utf8)
    case .markdown(let text):
      isRendered = false
      result.append(contentsOf: text.utf8)
    case .rendered(let text): result.append(contentsOf: text.utf8)
    default: Escaper.text(value.shownText(upTo: limit), place, to: &result)
    }
    if result.isFull { throw tooLarge(operation, limit: limit) }
  }
  let text = result.text
  return isRendered ? .rendered(text) : .markdown(text)
}

/// The sum of two texts where nothing is escaped by its place: HTML that the filter `escape` has made
/// escapes what is added to it, as in Jinja.
func markupSum(_ left: Value, _ right: Value) -> Value {
  guard left.isMarkdown || right.isMarkdown else {
    return .text(left.shownText + right.shownText)
  }
  func markup(_ value: Value) -> String {
    value.isMarkdown ? value.shownText : Filter.htmlEscaped(value.shownText)
  }
  return .markdown(markup(left) + markup(right))
}

/// A real power as C computes it.
func realPower(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

/// A part of a list or a text as Python's slices take it.
func sliced(
  _ value: Value, from: Int?, to: Int?, step: Int?, escapes: Bool
) throws(Problem) -> Value {
  let step = step ?? 1
  guard step != 0 else { throw Problem("a slice cannot have the step 0") }
  if case .record(let record) = value, record.keys === Filter.groupKeys {
    return try sliced(.tuple(record.values), from: from, to: to, step: step, escapes: escapes)
  }
  guard let count = value.count, !value.isUndefined else {
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
  case .object(let object):
    guard let series = object as? Series, case .range(let first, _, let stride) = series.form
    else { throw Problem("\(value.typeName) cannot be sliced") }
    return .object(
      Series(
        .range(
          start: first &+ start &* stride, stop: first &+ stop &* stride, step: stride &* step),
        indices.map { series.items[$0] }))
  case .record: throw Problem("a record cannot be sliced")
  default:
    let scalars = Array((value.string ?? "").unicodeScalars)
    var result = String.UnicodeScalarView()
    for index in indices { result.append(scalars[index]) }
    return !escapes && value.isMarkdown ? .markdown(String(result)) : .text(String(result))
  }
}
