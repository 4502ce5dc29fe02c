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

  /// The fixtures as the engine would write them; with `RECORD=1` in the environment they are written
  /// anew, and the test fails once.
  @Test(arguments: ["markdown", "errors", "jinja"])
  func theFixturesAreWhatIsRecorded(part: String) throws {
    let isJinja = part == "jinja"
    let options = TemplateOptions(escaping: isJinja ? .none : .markdown)
    let folder = TemplateCase.folder.appending(path: part)
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
      let path = folder.appending(path: name)
      let text = try String(contentsOf: path, encoding: .utf8)
      let now = TemplateCase.recorded(text, file: String(name.dropLast(4)), onlyErrors: isJinja) {
        $0.result(options)
      }
      if now == text { continue }
      guard ProcessInfo.processInfo.environment["RECORD"] == "1" else {
        Issue.record("'\(part)/\(name)' is not as recorded; RECORD=1 swift test writes it anew")
        continue
      }
      try now.write(to: path, atomically: true, encoding: .utf8)
      Issue.record("'\(part)/\(name)' was recorded; look at the difference, run without RECORD")
    }
  }
}
