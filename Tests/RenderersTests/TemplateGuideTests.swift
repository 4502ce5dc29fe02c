import DocModel
import Foundation
import Renderers
import Testing

/// Each example of the page about templates gives what the page says.
@Suite struct TemplateGuideTests {
  struct Example: Sendable, CustomTestStringConvertible {
    let template: String
    let expected: String
    /// The templates that stand before it, by the names behind ```` ```jinja ````.
    let files: [String: String]
    let isEscaped: Bool
    var testDescription: String { String(template.prefix(40)) }
  }

  static let page: (values: String, examples: [Example]) = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "docs/templates.md")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    var values = ""
    var template = ""
    var isEscaped = true
    var files: [String: String] = [:]
    var examples: [Example] = []
    var block: (kind: String, lines: [String])?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if let open = block {
        if line == "```" {
          let body = open.lines.joined(separator: "\n") + "\n"
          switch open.kind {
          case "json": values = body
          // Commands are for the shell, and tried where the command is.
          case "sh": break
          case "jinja", "jinja --no-escape":
            template = body
            isEscaped = open.kind == "jinja"
          case let kind where kind.hasPrefix("jinja "): files[String(kind.dropFirst(6))] = body
          default:
            examples.append(
              Example(template: template, expected: body, files: files, isEscaped: isEscaped))
          }
          block = nil
        } else {
          block?.lines.append(line)
        }
      } else if line.hasPrefix("```") {
        block = (String(line.dropFirst(3)), [])
      }
    }
    return (values, examples)
  }()

  @Test func thePageHasExamples() { #expect(Self.page.examples.count >= 15) }

  @Test(arguments: page.examples)
  func theExampleIsTrue(_ example: Example) throws {
    var made = TemplateCase()
    made.context = Self.page.values
    made.template = example.template
    made.files = example.files
    let result = made.result(TemplateOptions(escaping: example.isEscaped ? .markdown : .none))
    #expect(result == example.expected || result + "\n" == example.expected)
  }
}
