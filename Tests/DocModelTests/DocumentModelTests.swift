import DocModel
import Foundation
import Testing

/// What the templates of documents find.
@Suite struct DocumentModelTests {
  /// A page's language decides its direction, so that no other word may stand there.
  @Test(arguments: [
    ("fr", "fr"), ("pt-BR", "pt-BR"), ("", nil), ("no language", nil), ("x\"", nil),
    ("English", nil), ("en_GB", nil),
  ])
  func onlyATagIsTheLanguage(stated: String, language: String?) throws {
    let change = try Change("-  currency: EUR\n+  currency: EUR\n+  language: '\(stated)'")
    #expect((try? change.assessment.project.language) == language)
  }

  /// Every value has the shape that templates are checked against.
  @Test(arguments: ["clean", "full of gaps", "example"])
  func valuesHaveTheDeclaredShape(project name: String) throws {
    let assessment =
      switch name {
      case "clean": try Change("").assessment
      case "full of gaps":
        Assessment(
          try Project(
            Source(name: "p.yaml", text: BlankFile.project(guide: .commcare, title: "T")),
            guide: .commcare),
          in: Files(today: .sample))
      default:
        Assessment(
          try Project(
            source(Folder.example.appendingPathComponent("project.yaml")), guide: .commcare),
          in: DiskFolder(Folder.example.path, today: .sample))
      }
    let model = DocumentModel(assessment)
    let names = DocumentModel.names(for: assessment.project.guide)
    for document in Document.all {
      let mismatches = Value.record(model.values(for: document)).mismatches(.record(names), "")
      #expect(mismatches == [], "\(document.id)")
    }
  }

  @Test func holesAreCountedOnce() throws {
    let clean = try Change("").assessment
    for document in Document.all {
      #expect(document.holes(clean.findings, clean).isEmpty, "\(document.id)")
    }
    let gaps = try Change(
      """
      -  uptime: {target: 99 %}
      +  uptime: {target: TBD}
      -    answer: sand
      +    answer: mud
      -  client: The village council
      -  clarifications-by: 2026-12-10
      -  hole.safe: {claimed: yes, evidence: [{file: protocol.pdf}]}
      +  hole.safe: {claimed: yes}
      """
    ).assessment
    let findings = gaps.findings
    func holes(_ id: String) throws -> [String] {
      try #require(Document.named(id)).holes(findings, gaps).map(\.id)
    }
    let fields = ["programme.client", "rfp.clarifications-by", "service-levels.uptime"]
    #expect(try holes("rfp") == fields + ["place.soil"])
    #expect(try holes("tender") == fields)
    #expect(try holes("sla-matrix") == ["service-levels.uptime"])
    #expect(try holes("skills-appendix") == [])
    #expect(try holes("checkpoint-matrix") == ["hole.safe"])
    // As long as the soil is not known, blasting is asked for.
    #expect(try holes("evidence-report") == ["place.blasting", "place.soil", "hole.safe"])
    #expect(Document.named("nothing") == nil)
  }

  @Test func titlesAreFound() throws {
    let assessment = try Change("").assessment
    for (id, title) in [
      ("plan", "Planning"), ("hole", "The hole"), ("place.soil", "Soil"),
      ("service-levels.uptime", "Uptime"), ("scale.people", "People"),
      ("rfp.closes", "the deadline for bids"),
      ("responsibilities.digging", "Digging"), ("place.found", "place.found"), ("what", "what"),
    ] {
      #expect(assessment.title(of: id).asText == title)
    }
  }
}

extension Value {
  /// The places where a value is not what a shape declares.
  fileprivate func mismatches(_ shape: Shape, _ path: String) -> [String] {
    switch (self, shape) {
    case (.none, _), (_, .any): return []
    case (_, .recursive(let shape)): return mismatches(shape(), path)
    case (.record(let record), .record(let shape)):
      if record.keys.names != shape.keys.names { return ["\(path): other keys than \(shape.name)"] }
      return zip(record.values, shape.fields).flatMap { value, field in
        value.mismatches(field.shape, "\(path).\(field.key)")
      }
    case (.record(let record), .table(_, let item)):
      return zip(record.keys.names, record.values).flatMap { $1.mismatches(item, "\(path).\($0)") }
    case (.record, .either(_, let shape)): return mismatches(.record(shape), path)
    case (_, .either(let single, _)): return mismatches(single, path)
    case (.list(let items), .list(let item)):
      return items.enumerated().flatMap { $1.mismatches(item, "\(path)[\($0)]") }
    case (.text, .text), (.text, .choice), (.markdown, .prose), (.foreign, .text),
      (.foreign, .prose), (.bool, .yesNo), (.int, .integer),
      (.int, .number), (.double, .number):
      return []
    default: return ["\(path): \(self) is no \(shape)"]
    }
  }
}
