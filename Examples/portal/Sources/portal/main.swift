import DocModel
import Renderers

/// A programme's documents and what was noticed, made from nothing but its rows.
func publish(_ programme: String, with renderer: DocumentRenderer, on today: Day) throws -> String {
  let rows = Rows(of: programme, today: today)
  let project = try Project(in: rows)
  let assessment = Assessment(project, in: rows)
  let findings = assessment.findings(of: Checks.all + [TelephoneCheck()])
  let model = DocumentModel(assessment, findings: findings)

  let welcome = try renderer.render(.welcome, model)
  let rfp = try renderer.render(.rfp, model)
  let outline = try welcome.written(as: .outline)
  let isWhole = try rfp.page().html.hasSuffix("</html>\n")

  return """
    == \(programme)

    \(findings.map { "\($0.severity) \($0.id): \($0.message)" }.joined(separator: "\n"))

    \(String(decoding: welcome.markdown, as: UTF8.self))
    \(try page(welcome))

    \(String(decoding: outline, as: UTF8.self))
    The RFP is \(isWhole ? "a whole page" : "no page") as well.

    """
}

guard let today = Day("2026-11-21") else { fatalError("the day is written wrong") }
let rows = Rows(of: Rows.programmes[0], today: today)
let guide = try Guide.named("well", in: rows)

// Templates are compiled once, for all programmes that follow the guide.
let renderer = try DocumentRenderer([.rfp, .welcome], for: guide, in: rows) { environment in
  environment.filters["initials"] = .initials
}

// Every request is served on a thread of its own; all share the renderer.
let served = try await withThrowingTaskGroup(of: (Int, String).self) { group in
  for request in 0..<24 {
    group.addTask {
      let programme = Rows.programmes[request % Rows.programmes.count]
      return (request, try publish(programme, with: renderer, on: today))
    }
  }
  var served: [Int: String] = [:]
  for try await (request, text) in group { served[request] = text }
  return (0..<24).compactMap { served[$0] }
}

for text in served.prefix(Rows.programmes.count) { print(text) }
let alike = served.indices.filter { served[$0] == served[$0 % Rows.programmes.count] }
print("== \(alike.count) of \(served.count) requests served alike")

// What is wrong with somebody's file comes as values, each with its place and a remedy.
do throws(InvalidInput) {
  _ = try Project(
    Source(name: "upload.yaml", text: "guide: well\nprogramme: {titel: x}\n"), in: rows)
} catch {
  for problem in error.diagnostics {
    print("\(problem.location?.line ?? 0): \(problem.message); \(problem.hint ?? "")")
  }
}
