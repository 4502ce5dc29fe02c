import DocModel
import EvidencePacks
import Foundation
import Renderers
import Testing

/// What a host does to make an audience's copy of a document, as docs/embedding.md says.
@Suite struct AudienceCopyTests {
  private static let day = Day(number: 20_778)

  private static func made(_ project: String) throws -> (document: String, problems: [String]) {
    let place = FileManager.default.temporaryDirectory.appending(
      path: "rfpgen-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: place) }
    try Data(Salt.made().text.utf8).write(to: place.appending(path: "project.salt"))
    let source = try Source(name: "project.yaml", text: project)
    let folder = DiskFolder(place.path, today: day)

    let copy = try AudienceCopy(source, in: folder, for: .public)
    let project = try Project(copy.source, in: copy.world)
    let attestations = try copy.attestations(of: project, in: folder)
    let assessment = Assessment(project, in: copy.world, attestations)
    let renderer = try DocumentRenderer([.evidenceReport], for: project.guide, in: copy.world)
    let report = try renderer.render(.evidenceReport, DocumentModel(assessment))
    let text = String(decoding: report.markdown, as: UTF8.self)
    let problems = copy.leakCheck?.problems(in: text, of: "evidence-report.md") ?? []
    return (text, problems.map(\.message))
  }

  @Test("a host makes a copy for everybody, and sees what does not belong there")
  func copy() throws {
    let (text, problems) = try Self.made(
      """
      guide: commcare-transition
      programme: {title: Small}
      answers:
        data-center.maintenance-plan: {answer: The night of Kilima}
        data-center.disk-growth: {answer: Ask ada@example.org., audience: public}
      """)
    #expect(text.contains("*withheld*") && !text.contains("Kilima"))
    #expect(problems == ["'ada@example.org' is an e-mail address, which everybody would see"])
  }

  @Test("what repeats something withheld is no copy")
  func repeated() throws {
    let error = try #require(throws: InvalidInput.self) {
      try Self.made(
        """
        guide: commcare-transition
        programme: {title: Small}
        answers:
          data-center.maintenance-plan: {answer: The night of Kilima}
          data-center.disk-growth: {answer: "In the night of Kilima, none.", audience: public}
        """)
    }
    #expect(
      error.diagnostics.map(\.message) == [
        "'The night of Kilima' is withheld from the audience 'public', but shown to it here"
      ])
  }
}
