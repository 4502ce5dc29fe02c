import DocModel
import Foundation
import Testing

@testable import EvidencePacks

/// Evidence that does not hold what it promised.
@Suite struct EvidenceReaderTests {
  /// A world whose one evidence file gives so many bytes and then ends or fails.
  private struct Fickle: EvidenceSource {
    let promised: Int
    let given: Int
    let fails: Bool
    let texts: Files

    var today: Day { texts.today }
    func source(of path: String) throws(InvalidInput) -> Source? { try texts.source(of: path) }
    func state(of path: String) -> FileState { .present(size: promised) }
    func evidence(at path: String) -> FoundEvidence {
      .file(Stream(size: promised, left: given, fails: fails))
    }
  }

  private final class Stream: EvidenceStream {
    let size: Int
    private var left: Int
    private let fails: Bool

    init(size: Int, left: Int, fails: Bool) {
      self.size = size
      self.left = left
      self.fails = fails
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(InvalidInput) -> Int {
      if left == 0, fails { throw InvalidInput(Diagnostic("the disk is on fire")) }
      let count = min(left, buffer.count, 100_000)
      buffer[..<count].initializeMemory(as: UInt8.self, repeating: 7)
      left -= count
      return count
    }
  }

  /// A name, how many bytes are promised and given, whether reading fails then, and what is said.
  static let cases: [(String, Int, Int, Bool, String?)] = [
    ("as promised", 3_000_000, 3_000_000, false, nil),
    ("nothing", 0, 0, false, nil),
    ("grown", 1000, 1001, false, "'a.bin' changed while it was packed"),
    ("grown without end", 1000, Int.max, false, "'a.bin' changed while it was packed"),
    ("shrunk", 3_000_000, 2_999_999, false, "'a.bin' changed while it was packed"),
    ("emptied", 1000, 0, false, "'a.bin' changed while it was packed"),
    ("unreadable in the middle", 3_000_000, 2_000_000, true, "the disk is on fire"),
  ]

  /// One file is read ahead of what writes it, several small ones by several threads.
  @Test("a file is packed as it was promised, or nothing is", arguments: cases, [1, 3])
  func read(file: (String, Int, Int, Bool, String?), count: Int) throws {
    let (_, promised, given, fails, said) = file
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "rfpgen-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let day = try #require(Day("2026-11-21"))
    let project = """
      guide: commcare-transition
      programme: {title: Small}
      answers:
        system-assessment.architecture-diagram:
          answer: https://example.org
          evidence: [\(["a", "b", "c"].prefix(count).map { "{file: \($0).bin}" }.joined(separator: ", "))]
      """
    let world = Fickle(promised: promised, given: given, fails: fails, texts: Files(today: day))
    let program = Program(name: "test", version: "1")
    let pack = try EvidencePack(Source(name: "project.yaml", text: project), in: world, by: program)
    for target in ["pack", "pack.zip", "pack.tar.gz"].map({ folder.appending(path: $0).path }) {
      do throws(InvalidInput) {
        let summary = try pack.write(to: target)
        #expect(said == nil)
        #expect(summary.bytes == count * promised)
        let verification = try PackVerification(of: target, by: program)
        #expect(verification.damage == [])
        #expect(verification.comparesReports)
      } catch {
        #expect(error.diagnostics.map(\.message) == [said])
      }
    }
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(left.sorted() == (said == nil ? ["pack", "pack.tar.gz", "pack.zip"] : []))
  }

  @Test("a statement may be larger than what a person's file may be")
  func largeStatement() throws {
    var text = Array(
      """
      {"format": "rfpgen-evidence-pack-1", "program": {"name": "a", "version": "1"},
       "today": "2026-11-21", "project-file": "project.yaml", "files": [], "findings": []}
      """.utf8)
    text += [UInt8](repeating: 0x20, count: Source.sizeLimit)
    #expect(try PackStatement.Claims(text).file == "project.yaml")
  }
}
