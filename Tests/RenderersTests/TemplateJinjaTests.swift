import DocModel
import Renderers
import Testing

/// With escaping off the engine gives what Jinja2 gives, to the byte.
@Suite struct TemplateJinjaTests {
  struct Question: Encodable {
    let context: String
    let template: String
    let files: [String: String]
  }

  struct Answer: Decodable {
    let text: String?
    let error: String?
  }

  @Test func sameAsJinja() throws {
    let cases = TemplateCase.all(in: "jinja")
    let answers = try Referee.run(
      "jinja.py",
      cases.map { Question(context: $0.context, template: $0.template, files: $0.files) },
      as: [Answer].self)
    #expect(answers.count == cases.count)
    for (made, answer) in zip(cases, answers) {
      switch (made.rendered(TemplateOptions(escaping: .none)), answer.text) {
      case (.success(let ours), let theirs?):
        #expect(ours == theirs, "\(made.name)")
        if let expected = made.expected { #expect(ours == expected, "\(made.name)") }
      case (.failure(let error), let theirs?):
        Issue.record(
          "\(made.name): Jinja2 gives '\(theirs)', but: \(error.diagnostics[0].description)")
      case (.success(let ours), nil):
        Issue.record("\(made.name): '\(ours)', but Jinja2 says \(answer.error ?? "")")
      case (.failure(let error), nil):
        let message = error.diagnostics.map(\.description).joined(separator: "\n")
        #expect(message == made.expected ?? "", "\(made.name)")
      }
    }
  }
}
