import Foundation
import Testing

/// Inputs made from a corpus, the same ones in each build: libFuzzer's own choice changes with
/// every line of the program, so that it searches, where a test has to repeat.
struct Brief {
  private let target: Target
  private let corpus: [[UInt8]]
  /// SplitMix64.
  private var state: UInt64 = 1

  private static let package = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Where the input stands that is being tried.
  private static func file(_ target: Target) -> URL {
    package.appending(path: ".build/fuzz/\(target.rawValue)-last")
  }

  /// What was tried last, and where it stands.
  static func last(_ target: Target) -> String {
    let bytes = (try? Data(contentsOf: file(target))) ?? Data()
    return "\(file(target).path): \(String(decoding: bytes, as: UTF8.self).debugDescription)"
  }

  /// Reads the target's corpus.
  init(_ target: Target) throws {
    self.target = target
    let folder = Self.package.appending(path: "Tests/fuzz/corpus/\(target.rawValue)")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    corpus = try names.map { Array(try Data(contentsOf: folder.appending(path: $0))) }
    try #require(!corpus.isEmpty, "there is nothing in \(folder.path)")
    try FileManager.default.createDirectory(
      at: Self.file(target).deletingLastPathComponent(), withIntermediateDirectories: true)
  }

  /// Tries the corpus, and then inputs that differ from it; ends at what is wrong.
  mutating func run() throws {
    for bytes in corpus { try attempt(bytes) }
    // What is dear to try is tried less often.
    let count = target == .render || target == .xlsx ? 500 : 2_000
    for _ in 0..<count { try attempt(changed()) }
  }

  private func attempt(_ bytes: [UInt8]) throws {
    // What traps is to be found as it is by libFuzzer: as a file that shows it again.
    try Data(bytes).write(to: Self.file(target))
    let problem = target.problem(bytes)
    try #require(problem == nil, "\(Self.file(target).path): \(problem ?? "")")
  }

  private mutating func next(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((bits ^ (bits >> 31)) % UInt64(bound))
  }

  private static let marks = Array(
    "{{ v }}\n\n- > # ``` ~~~ | --- | <a href=\"\"> </a> [x](y) ![ ]: **_*`\\&lt;\t\"'{%--%},:#\r\u{2028}é"
      .utf8)

  /// A file of the corpus after one to four changes.
  private mutating func changed() -> [UInt8] {
    var bytes = corpus[next(corpus.count)]
    for _ in 0...next(4) {
      let place = next(bytes.count + 1)
      let end = place + next(min(bytes.count - place, 24) + 1)
      switch next(6) {
      case 0: bytes.removeSubrange(place..<end)
      case 1: bytes.insert(contentsOf: bytes[place..<end], at: next(bytes.count + 1))
      case 2: bytes.insert(Self.marks[next(Self.marks.count)], at: place)
      case 3:
        let start = next(Self.marks.count)
        bytes.insert(contentsOf: Self.marks[start...].prefix(1 + next(8)), at: place)
      case 4:
        let other = corpus[next(corpus.count)]
        let start = next(other.count + 1)
        bytes.replaceSubrange(place..<end, with: other[start...].prefix(next(24) + 1))
      default: if place < bytes.count { bytes[place] = UInt8(next(256)) }
      }
    }
    return bytes
  }
}
