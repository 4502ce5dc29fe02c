import DocModel
import Foundation
import Testing

/// Where files come from: memory, a folder on disk, a host's own storage.
@Suite struct WorldTests {
  static let project = "guide: well\nprogramme: {title: T}\n"

  /// The least that a host has to write.
  struct Rows: World {
    let rows: [String: String]
    let today = Day.sample

    func source(of path: String) throws(InvalidInput) -> Source? {
      guard let text = rows[path] else { return nil }
      return try Source(name: "row:\(path)", text: text)
    }
  }

  private func rows() throws -> [String: String] {
    ["project.yaml": Self.project, "guides/well.yaml": try Folder.fixture("guide.yaml")]
  }

  @Test(arguments: ["rows", "files", "disk"])
  func aProjectIsFoundWithItsGuide(kind: String) throws {
    let rows = try rows()
    let world: any World
    switch kind {
    case "rows": world = Rows(rows: rows)
    case "files": world = Files(rows, today: .sample)
    default:
      let folder = try Folder.temporary()
      for (path, text) in rows {
        let url = folder.appendingPathComponent(path)
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: url, atomically: true, encoding: .utf8)
      }
      world = DiskFolder(folder.path, today: .sample)
    }
    let project = try Project(in: world)
    #expect(project.guide.id == "well")
    #expect(Assessment(project, in: world).today == .sample)
    #expect(world.state(of: "project.yaml") == .present(size: Self.project.utf8.count))
    #expect(world.state(of: "none") == .absent)
  }

  /// A path where there is no file, and the one that was probably meant.
  static let neighbours: [(String, String?)] = [
    ("Evidence/Scan.PDF", "evidence/scan.pdf"), ("evidence/Scan.pdf", "evidence/scan.pdf"),
    ("EVIDENCE/scan.pdf", "evidence/scan.pdf"), ("./evidence/scna.pdf", "evidence/scan.pdf"),
    ("evidence/2026/MAP.png", "evidence/2026/map.png"), ("Scan.pdf", nil),
    ("evidence/scan.txt", nil), ("Evidence/2026", nil),
    ("evidence/2025/map.png", "evidence/2026/map.png"),
    ("Evidence/../evidence/Scan.pdf", nil), ("../Beside/scan.pdf", nil), ("Link/scan.pdf", nil),
    ("/etc/Passwd", nil), ("", nil),
  ]

  @Test("a path that is written nearly so is found below the folder", arguments: neighbours)
  func aNeighbourIsFound(path: String, near: String?) throws {
    let folder = try Folder.temporary()
    for name in [
      "p/evidence/scan.pdf", "p/evidence/2026/map.png", "p/evidence/2027/x", "beside/scan.pdf",
    ] {
      let url = folder.appendingPathComponent(name)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("x".utf8).write(to: url)
    }
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/p/link", withDestinationPath: "../beside")
    #expect(DiskFolder(folder.path + "/p", today: .sample).neighbour(of: path) == near)
  }

  @Test func whatIsMissingIsSaid() {
    let empty = Files(today: .sample)
    #expect(
      messages { _ = try Project(in: empty) } == """
        error: there is no 'project.yaml'
        help: 'rfpgen init DIR' writes a project file to start from

        """)
    let other = Files(["project.yaml": "guide: wel\n"], today: .sample)
    #expect(
      messages { _ = try Project(in: other) }.hasPrefix(
        "project.yaml:1:8: error: there is no guide 'wel'"))
  }

  /// What a file that cannot be used is called when only its state is asked for.
  @Test func aFileThatIsRefusedIsUnreadable() {
    let world = Rows(rows: ["a": "x\0"])
    #expect(world.state(of: "a") == .unreadable("byte 2 of the file is NUL, which no text holds"))
  }

  /// A name that a project gives its guide leads to no other folder.
  @Test(arguments: ["../secret", "/secret", "a/b", "..", "\"x\\0\""])
  func aGuideIsLookedForInItsFolderOnly(name: String) throws {
    final class Asked: World, @unchecked Sendable {
      let today = Day.sample
      var paths: [String] = []
      func source(of path: String) -> Source? {
        paths.append(path)
        return nil
      }
    }
    let world = Asked()
    _ = messages {
      _ = try Project(Source(name: "project.yaml", text: "guide: \(name)\n"), in: world)
    }
    #expect(world.paths == [])
  }

  @Test func nothingOutsideTheFolderIsSeen() throws {
    let outer = try Folder.temporary()
    let folder = outer.appendingPathComponent("p")
    let manager = FileManager.default
    try manager.createDirectory(
      at: folder.appendingPathComponent("sub"), withIntermediateDirectories: true)
    for name in ["secret", "p/inside", "p/sub/deep"] {
      try "text".write(
        to: outer.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }
    for (link, target) in [
      ("out", "../secret"), ("in", "sub/deep"), ("none", "gone"), ("me", "me"),
    ] {
      try manager.createSymbolicLink(
        atPath: folder.appendingPathComponent(link).path, withDestinationPath: target)
    }
    let world = DiskFolder(folder.path, today: .sample)
    let expected: [(String, FileState)] = [
      ("inside", .present(size: 4)), ("sub/../inside", .present(size: 4)),
      ("in", .present(size: 4)), ("./inside", .present(size: 4)),
      ("../secret", .outside), ("../p/inside", .outside), ("/etc/passwd", .outside),
      ("out", .outside), ("sub", .notAFile), ("none", .absent), ("inside/x", .absent),
      ("me", .unreadable("Too many levels of symbolic links")),
    ]
    for (path, state) in expected {
      #expect(world.state(of: path) == state, "\(path)")
      let text = try? world.source(of: path).map { String(decoding: $0.bytes, as: UTF8.self) }
      #expect((text == "text") == (state == .present(size: 4)), "\(path)")
    }
    // Whatever the system complained of before has nothing to do with it.
    let nowhere = DiskFolder("/nowhere/at/all", today: .sample)
    for path in ["x", "y"] {
      errno = 0
      #expect(nowhere.state(of: path) == .absent)
    }
  }

  /// Texts in the order of their bytes: Unicode calls the last two equal.
  static let names = ["", "A", "Z", "a", "a/b", "ab", "e\u{301}", "\u{E9}"]

  @Test("names are one only where their bytes are, and stand in the order of their bytes")
  func exactTexts() {
    for (first, left) in Self.names.enumerated() {
      for (second, right) in Self.names.enumerated() {
        #expect((ExactText(left) == ExactText(right)) == (first == second), "\(left) \(right)")
        #expect((ExactText(left) < ExactText(right)) == (first < second), "\(left) \(right)")
      }
    }
  }
}
