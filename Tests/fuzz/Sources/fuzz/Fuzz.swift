import CFuzz

@testable import DocModel
@testable import Renderers

/// What is fuzzed.
enum Target: String {
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

  /// The one that the first argument names.
  static let chosen: Target = {
    guard CommandLine.arguments.count > 1, let target = Target(rawValue: CommandLine.arguments[1])
    else { fatalError("name what is fuzzed: yaml, json, template, render, markdown, csv or xlsx") }
    return target
  }()

  /// Tries one input; traps where something is wrong.
  func run(_ bytes: [UInt8]) {
    switch self {
    case .yaml:
      if let source = try? Source(name: "f.yaml", bytes: bytes) { _ = try? readYAML(source) }
    case .json:
      if let source = try? Source(name: "f.json", bytes: bytes) { _ = try? readJSON(source) }
    case .template: template(bytes)
    case .render: render(bytes)
    case .markdown: markdown(bytes)
    case .csv, .xlsx: spreadsheet(bytes)
    }
  }

  /// A template as it stands, up to a NUL; behind that the value.
  private func template(_ bytes: [UInt8]) {
    let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    let text = String(decoding: parts[0], as: UTF8.self)
    let value = parts.count > 1 ? String(decoding: parts[1], as: UTF8.self) : "*"
    judge(["t": text], value)
  }

  /// A template put together as the first bytes say; the last part is the value.
  private func render(_ bytes: [UInt8]) {
    let parts = bytes.split(separator: 0xFF, maxSplits: 1, omittingEmptySubsequences: false)
    var choices = parts[0].makeIterator()
    let result = TemplateGenerator.make { count in Int(choices.next() ?? 0) % count }
    let value = parts.count > 1 ? String(decoding: parts[1], as: UTF8.self) : "*"
    judge(result.files, value)
  }

  /// Markdown, of which nothing that could run may be left.
  private func markdown(_ bytes: [UInt8]) {
    guard let source = try? Source(name: "f.md", bytes: bytes) else { return }
    for isEnriched in [false, true] {
      let options = HTMLFragment.Options(isEnriched: isEnriched)
      guard let html = try? HTMLFragment(markdown: source, options: options).html.lowercased()
      else { continue }
      for wrong in ["<script", "<iframe", "<style", "<object", "<embed", "=\"javascript:"]
      where html.contains(wrong) {
        fatalError("\(wrong) in \(html)")
      }
    }
  }
}

@main
struct Fuzz {
  /// Takes the target's name, and then what libFuzzer takes; or `brief`, how many inputs, and a
  /// folder with a corpus.
  static func main() throws {
    if CommandLine.arguments.count == 5, CommandLine.arguments[2] == "brief" {
      guard let count = Int(CommandLine.arguments[3]) else { fatalError("name how many inputs") }
      var brief = try Brief(corpus: CommandLine.arguments[4])
      brief.run(Target.chosen, count: count)
      return
    }
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
    var count = CommandLine.argc
    _ = Target.chosen
    // The target's name is not for libFuzzer.
    arguments?[1] = arguments?[0]
    arguments = arguments?.advanced(by: 1)
    count -= 1
    LLVMFuzzerRunDriver(&count, &arguments) { data, count in
      Target.chosen.run(Array(UnsafeBufferPointer(start: data, count: count)))
      return 0
    }
  }
}
