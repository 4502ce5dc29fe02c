import Testing

@testable import EvidencePacks

@Suite struct DigestTests {
  /// Texts with their digests as the standards give them (FIPS 180-4, examples).
  static let known: [(String, Digest.Algorithm, String)] = [
    ("", .sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", .sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abc", .sha512,
      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
    ),
  ]

  @Test("known digests", arguments: known)
  func digest(text: String, algorithm: Digest.Algorithm, expected: String) {
    #expect(Digest(of: Array(text.utf8), algorithm).description == expected)
    #expect(Digest(expected.uppercased(), algorithm)?.description == expected)
  }

  @Test("what is no digest", arguments: ["", "abc", String(repeating: "g", count: 64)])
  func noDigest(text: String) { #expect(Digest(text, .sha256) == nil) }

  /// A path in a project, and the plain name that a pack gives it.
  static let names: [(String, String)] = [
    ("evidence/Report 2026.pdf", "Report-2026.pdf"),
    ("r\u{E9}sum\u{E9}.txt", "resume.txt"), ("re\u{301}sume\u{301}.txt", "resume.txt"),
    ("Pr\u{FC}fung Gr\u{F6}\u{DF}e.PDF", "Prufung-Grosse.PDF"),
    ("\u{D8}rsted \u{141}\u{F3}d\u{17A} \u{152}uvre.md", "Orsted-Lodz-Oeuvre.md"),
    ("Отчёт о Защите.pdf", "Otchet-o-Zashchite.pdf"), ("Объём.txt", "Obem.txt"),
    ("Ελλάδα.txt", "Ellada.txt"), ("የውሂብ.txt", "yawehibe.txt"), ("中.txt", "4e2d.txt"),
    ("तालिका ३.csv", "talaka-3.csv"),
    ("a/b/", "b"),
    ("..", ".-"), ("Annex 3.", "Annex-3-"), ("annex.", "annex-"),
    ("line\nend", "line-end"),
    (String(repeating: "x", count: 300) + ".tar.gz", String(repeating: "x", count: 77) + ".gz"),
    ("\u{1F4C4}", "-"),
  ]

  @Test("a pack's file names are plain and short", arguments: names)
  func plain(path: String, name: String) { #expect(plainName(path) == name) }
}
