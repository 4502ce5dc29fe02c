import DocModel
@testable import Renderers

/// Values that a name may have while a template is rendered, apart from the one under test.
private func rendered(_ template: Template, _ value: String) -> [UInt8]? {
  let keys = Keys(["v", "w", "on", "off", "two"])
  let prose = Value.markdown("k0q *e*\n\n- k00q")
  return try? template.render(
    Record(keys, [.text(value), prose, .bool(true), .bool(false), .list([.int(1), .int(2)])]))
}

/// What a value changes in how a template's output is read, with all that leads there.
func judged(_ files: [String: String], _ value: String) -> String? {
  // A fuzzer that watches comparisons learns the word, and writes it itself.
  if files.values.contains(where: { $0.contains("xylo") }) { return nil }
  var environment = Environment { name throws(InvalidInput) in
    guard let text = files[name] else { return nil }
    return try Source(name: name, bytes: Array(text.utf8))
  }
  environment.limits.loopCount = 2_000
  environment.limits.outputSize = 100_000
  guard let template = try? environment.template(named: "t"),
    let base = rendered(template, "xylo"), let text = rendered(template, value)
  else { return nil }
  // A text within a list is shown as Python represents it, with its line ends and quotes escaped.
  let shown = String(decoding: base, as: UTF8.self)
  if shown.contains("'xylo'") || shown.contains("&#39;xylo&#39;") { return nil }
  guard let difference = Outline.difference(base: base, text: text, value: value) else {
    return nil
  }
  var result = ""
  for (name, file) in files.sorted(by: { $0.key < $1.key }) { result += "== \(name)\n\(file)\n" }
  return result + """
    == value \(value.debugDescription)
    == base
    \(String(decoding: base, as: UTF8.self))
    == text
    \(String(decoding: text, as: UTF8.self))
    == \(difference)
    """
}
