@testable import DocModel
@testable import Renderers

/// What is fuzzed.
enum Target: String, CaseIterable, Codable {
  /// The YAML reader.
  case yaml
  /// The JSON reader.
  case json
  /// A template as it stands, and a value.
  case template
  /// A template put together by the tests' generator, and a value.
  case render
  /// Markdown on its way to HTML.
  case markdown
  /// A CSV file, and a text that is to come back from one.
  case csv
  /// The parts of a workbook, and a text that is to come back from one.
  case xlsx

  /// Tries one input; tells what is wrong, where it does not trap.
  func problem(_ bytes: [UInt8]) -> String? {
    switch self {
    case .yaml:
      if let source = try? Source(name: "f.yaml", bytes: bytes) { _ = try? readYAML(source) }
      return nil
    case .json:
      if let source = try? Source(name: "f.json", bytes: bytes) { _ = try? readJSON(source) }
      return nil
    case .template: return template(bytes)
    case .render: return render(bytes)
    case .markdown: return markdown(bytes)
    case .csv, .xlsx: return spreadsheet(bytes)
    }
  }

  /// A template as it stands, up to a NUL; behind that the value.
  private func template(_ bytes: [UInt8]) -> String? {
    let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    let text = String(decoding: parts[0], as: UTF8.self)
    let value = parts.count > 1 ? String(decoding: parts[1], as: UTF8.self) : "*"
    return judged(["t": text], value)
  }

  /// A template put together as the first bytes say; the last part is the value.
  private func render(_ bytes: [UInt8]) -> String? {
    let parts = bytes.split(separator: 0xFF, maxSplits: 1, omittingEmptySubsequences: false)
    var choices = parts[0].makeIterator()
    let result = TemplateGenerator.make { count in Int(choices.next() ?? 0) % count }
    let value = parts.count > 1 ? String(decoding: parts[1], as: UTF8.self) : "*"
    return judged(result.files, value)
  }

  /// Markdown, of which nothing that could run may be left.
  private func markdown(_ bytes: [UInt8]) -> String? {
    guard let source = try? Source(name: "f.md", bytes: bytes) else { return nil }
    for isEnriched in [false, true] {
      let options = HTMLFragment.Options(isEnriched: isEnriched)
      guard let html = try? HTMLFragment(markdown: source, options: options).html.lowercased()
      else { continue }
      for wrong in ["<script", "<iframe", "<style", "<object", "<embed", "=\"javascript:"]
      where html.contains(wrong) {
        return "\(wrong) in \(html)"
      }
    }
    return nil
  }
}
