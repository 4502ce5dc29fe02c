import DocModel
import Renderers
import Testing

/// Templates made at random from the whole grammar give what Jinja2 gives, to the byte.
///
/// `Tests/tools/jinja-differences.py SEED COUNT` tries more, and makes what differs smaller.
@Suite struct TemplateDifferenceTests {
  struct Wish: Encodable {
    let seed: Int
    let count: Int
  }

  struct Answer: Decodable {
    struct Case: Decodable {
      let template: String
      let text: String?
      let error: String?
    }
    let context: String
    let files: [String: String]
    let leftOut: [String]
    let cases: [Case]
  }

  @Test func generatedTemplatesGiveTheSame() throws {
    let count = 2_000
    let answer = try Referee.run(
      "generated.py", Wish(seed: 2026, count: count), as: Answer.self)
    var made = TemplateCase()
    made.context = answer.context
    let values = made.values
    let files = answer.files
    let environment = Environment(options: TemplateOptions(escaping: .none)) {
      (name) throws(InvalidInput) -> Source? in
      guard let text = files[name] else { return nil }
      return try Source(name: name, text: text)
    }
    var (different, texts) = (0, 0)
    for theirs in answer.cases {
      var ours: Result<String, InvalidInput>
      do throws(InvalidInput) {
        let template = try environment.template(try Source(name: "t.jinja", text: theirs.template))
        ours = .success(String(decoding: try template.render(values), as: UTF8.self))
      } catch {
        ours = .failure(error)
      }
      let isSame: Bool
      switch ours {
      case .success(let text):
        texts += 1
        isSame = text == theirs.text
      case .failure(let error):
        let message = error.diagnostics.map(\.message).joined()
        isSame = theirs.text == nil || answer.leftOut.contains { message.contains($0) }
      }
      if isSame { continue }
      different += 1
      if different <= 10 {
        Issue.record(
          "\(theirs.template)\n--- Jinja2: \(theirs.text ?? theirs.error ?? "")\n--- ours: \(ours)")
      }
    }
    #expect(different == 0, "\(different) of \(count) differ")
    #expect(texts * 2 > count, "only \(texts) of \(count) templates give a text")
  }
}
