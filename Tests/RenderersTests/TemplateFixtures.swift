import DocModel
import Foundation
import Renderers

/// Cases written in plain files: `=== name`, then a context in JSON, `---`, a template, and what is
/// expected after another `---`; `--- file NAME` begins a template that the first one draws in.
///
/// What stands before the first case is the context of those that have none of their own.
struct TemplateCase: Sendable, CustomTestStringConvertible {
  var name = ""
  var context = ""
  /// Whether the context is that of the whole file.
  var isShared = false
  var template = ""
  var files: [String: String] = [:]
  var expected: String?

  var testDescription: String { name }

  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures/template")

  /// All cases of the files below a folder, by name of file and case.
  static func all(in part: String) -> [TemplateCase] {
    let folder = folder.appending(path: part)
    let files =
      (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?.sorted() ?? []
    return files.flatMap { file -> [TemplateCase] in
      guard file.hasSuffix(".txt"),
        let text = try? String(contentsOf: folder.appending(path: file), encoding: .utf8)
      else { return [] }
      return cases(in: text, file: String(file.dropLast(4)))
    }
  }

  static func cases(in text: String, file: String) -> [TemplateCase] {
    var result: [TemplateCase] = []
    var sections: [(head: String, lines: [String])] = []
    var name = ""
    let shared = Self.shared(text)
    func finish() {
      guard !name.isEmpty else { return }
      var made = TemplateCase(name: "\(file)/\(name)")
      var position = 0
      for (head, lines) in sections {
        let text = lines.joined(separator: "\n")
        if head.hasPrefix("file ") {
          made.files[String(head.dropFirst(5))] = text + "\n"
        } else {
          switch position {
          case 0:
            made.isShared = text.isEmpty && !shared.isEmpty
            made.context = made.isShared ? shared : text
          case 1: made.template = text
          default: made.expected = text
          }
          position += 1
        }
      }
      result.append(made)
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if line.hasPrefix("=== ") {
        trimLast()
        finish()
        name = String(line.dropFirst(4))
        sections = [("", [])]
      } else if line == "---" || line.hasPrefix("--- file ") {
        sections.append((line == "---" ? "" : String(line.dropFirst(4)), []))
      } else if !sections.isEmpty {
        sections[sections.count - 1].lines.append(line)
      }
    }
    /// The empty line before the next case belongs to the file, not to the case.
    func trimLast() {
      if let last = sections.indices.last, sections[last].lines.last == "" {
        sections[last].lines.removeLast()
      }
    }
    trimLast()
    finish()
    return result
  }

  /// The case's text, or all messages, with escaping on.
  var result: String { result(TemplateOptions()) }

  /// The case's text, or all messages.
  func result(_ options: TemplateOptions) -> String {
    switch rendered(options, names: name.hasPrefix("names/") ? Self.names : .any) {
    case .success(let output): output
    case .failure(let error): error.diagnostics.map(\.description).joined(separator: "\n")
    }
  }

  /// What the templates of the file `names` may name.
  static let names = Shape.record(
    RecordShape(
      "values", "What a template may name.",
      [
        .init(
          "programme",
          .record(
            RecordShape(
              "programme", "The programme.",
              [
                .init("title", .text(.line), "Its title."),
                .init(
                  "contact",
                  .record(
                    RecordShape("contact", "A person.", [.init("name", .text(.line), "The name.")])),
                  "Whom to ask."),
              ])), "The programme."),
        .init(
          "contacts",
          .list(
            .record(
              RecordShape(
                "contact", "A person.",
                [.init("name", .text(.line), "The name."), .init("email", .text(.email), "Mail.")])
            )), "People."),
        .init(
          "answers",
          .record(
            RecordShape(
              "answers", "The answers by their identifiers.",
              [
                .init(
                  "sizing.load-test",
                  .record(
                    RecordShape(
                      "answer", "An answer.", [.init("answer", .text(.line), "What it says.")])),
                  "How it went.")
              ])), "The answers."),
      ]))

  /// The context that stands before the first case of a file.
  private static func shared(_ text: String) -> String {
    guard !text.hasPrefix("=== "), let end = text.firstRange(of: "\n=== ") else { return "" }
    return text[..<end.lowerBound].trimmingCharacters(in: .newlines)
  }

  /// A file's text with what the engine gives as the expectation of each case, or of those that end
  /// in an error.
  static func recorded(
    _ text: String, file: String, onlyErrors: Bool = false, _ result: (TemplateCase) -> String
  ) -> String {
    let shared = shared(text)
    var written = shared.isEmpty ? "" : shared + "\n\n"
    for made in cases(in: text, file: file) {
      let context = made.isShared ? "" : made.context + "\n"
      written +=
        "=== \(made.name.dropFirst(file.utf8.count + 1))\n\(context)---\n\(made.template)\n"
      let result = result(made)
      if !onlyErrors || result.contains(": error: ") {
        written += "---\n\(result)\n"
      } else if let expected = made.expected {
        written += "---\n\(expected)\n"
      }
      for (name, file) in made.files.sorted(by: { $0.key < $1.key }) {
        written += "--- file \(name)\n\(file)"
      }
      written += "\n"
    }
    return String(written.dropLast())
  }

  var values: Record {
    var parser = JSONText(context.isEmpty ? "{}" : context)
    if case .record(let record) = parser.value() { return record }
    return Record(Keys([]), [])
  }

  func environment(
    _ options: TemplateOptions, names: Shape = .any
  ) throws(InvalidInput) -> Renderers.Environment {
    let files = files
    var environment = Renderers.Environment(names: names, options: options) {
      (name) throws(InvalidInput) -> Source? in
      guard let text = files[name] else { return nil }
      return try Source(name: name, text: text)
    }
    environment.language = try language
    environment.lookups = ["answer": Lookup("answer", in: "answers")]
    return environment
  }

  /// The language of a case that brings a catalogue.
  private var language: Language {
    get throws(InvalidInput) {
      guard let text = files["catalogue.po"] else { return .english }
      let own = try Catalogue(Source(name: "catalogue.po", text: text))
      return Language(tag: "x", catalogues: [own] + Language.english.catalogues)
    }
  }

  /// What the engine makes of the case: its text, or all its messages.
  func rendered(_ options: TemplateOptions, names: Shape = .any) -> Result<String, InvalidInput> {
    do throws(InvalidInput) {
      let source = try Source(name: "t.jinja", text: template)
      let template = try environment(options, names: names).template(source)
      return .success(String(decoding: try template.render(values), as: UTF8.self))
    } catch {
      return .failure(error)
    }
  }
}

import Testing

/// A JSON reader that keeps the order of keys.
struct JSONText {
  private let bytes: [UInt8]
  private var index = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  private mutating func skip() {
    while index < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[index]) { index += 1 }
  }

  mutating func value() -> Value {
    skip()
    guard index < bytes.count else { return .none }
    switch bytes[index] {
    case UInt8(ascii: "{"):
      index += 1
      var names: [String] = []
      var values: [Value] = []
      while true {
        skip()
        if index >= bytes.count || bytes[index] == UInt8(ascii: "}") { break }
        if bytes[index] == UInt8(ascii: ",") {
          index += 1
          continue
        }
        let key = string()
        skip()
        index += 1
        names.append(key)
        values.append(value())
      }
      index += 1
      if names == ["$markdown"], case .text(let text) = values[0] { return .markdown(text) }
      return .record(Record(Keys(names), values))
    case UInt8(ascii: "["):
      index += 1
      var values: [Value] = []
      while true {
        skip()
        if index >= bytes.count || bytes[index] == UInt8(ascii: "]") { break }
        if bytes[index] == UInt8(ascii: ",") {
          index += 1
          continue
        }
        values.append(value())
      }
      index += 1
      return .list(values)
    case UInt8(ascii: "\""): return .text(string())
    default:
      let start = index
      while index < bytes.count, !Array(",]} \n\t\r".utf8).contains(bytes[index]) { index += 1 }
      let word = String(decoding: bytes[start..<index], as: UTF8.self)
      switch word {
      case "true": return .bool(true)
      case "false": return .bool(false)
      case "null": return .none
      default: return Int(word).map(Value.int) ?? .double(Double(word) ?? 0)
      }
    }
  }

  private mutating func string() -> String {
    index += 1
    var units: [UInt16] = []
    var plain: [UInt8] = []
    func flush() {
      units += Array(String(decoding: plain, as: UTF8.self).utf16)
      plain = []
    }
    while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
      if bytes[index] == UInt8(ascii: "\\") {
        flush()
        index += 1
        let escapes: [UInt8: UInt16] = [0x6E: 10, 0x74: 9, 0x72: 13, 0x62: 8, 0x66: 12]
        if bytes[index] == UInt8(ascii: "u") {
          units.append(
            UInt16(String(decoding: bytes[index + 1...index + 4], as: UTF8.self), radix: 16) ?? 0)
          index += 4
        } else {
          units.append(escapes[bytes[index]] ?? UInt16(bytes[index]))
        }
      } else {
        plain.append(bytes[index])
      }
      index += 1
    }
    flush()
    index += 1
    return String(decoding: units, as: UTF16.self)
  }
}
