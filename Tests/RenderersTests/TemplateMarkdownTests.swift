import DocModel
import Foundation
import Renderers
import Testing

/// Whole outputs and whole messages of templates with escaping on.
@Suite struct TemplateMarkdownTests {
  @Test(arguments: TemplateCase.all(in: "markdown") + TemplateCase.all(in: "errors"))
  func rendersAsExpected(_ made: TemplateCase) throws {
    let text = made.result
    #expect(text == made.expected ?? "")
  }

  /// With `RECORD_TEMPLATES=1` in the environment, writes what the engine gives into the fixtures.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["RECORD_TEMPLATES"] != nil))
  func record() throws {
    for part in ["markdown", "errors", "jinja"] {
      let isJinja = part == "jinja"
      let options = TemplateOptions(escaping: isJinja ? .none : .markdown)
      let folder = TemplateCase.folder.appending(path: part)
      for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
        let path = folder.appending(path: file)
        let text = try String(contentsOf: path, encoding: .utf8)
        try TemplateCase.recorded(text, file: String(file.dropLast(4)), onlyErrors: isJinja) {
          $0.result(options)
        }
        .write(to: path, atomically: true, encoding: .utf8)
      }
    }
    Issue.record("the fixtures were written anew: look at the difference and run the tests again")
  }

  /// The corpus is large, and a third of it are errors, each with its whole text.
  @Test func theCorpusIsLarge() {
    let all = ["markdown", "errors", "jinja"].flatMap { TemplateCase.all(in: $0) }
    let errors = all.filter { $0.expected?.contains(": error: ") == true }
    #expect(all.count >= 700, "\(all.count) cases")
    #expect(errors.count * 3 >= all.count, "\(errors.count) errors in \(all.count) cases")
    #expect(Set(all.map(\.name)).count == all.count, "a name comes twice")
  }
}
