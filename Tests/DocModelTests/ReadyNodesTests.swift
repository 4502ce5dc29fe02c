import Testing

@testable import DocModel

/// The nodes of a guide that were read before are those that reading its file gives, and only while
/// the file is the same.
@Suite struct ReadyNodesTests {
  static let text = """
    guide: "1"
    empty:
    quoted: "null"
    list: [a, a, {b: c}, []]
    map:
      b: a
      prose: |
        Two lines,
        with ‘quotes’.
      deep: {x: {y: [{z: ""}]}}

    """

  static func source(_ text: String = text, name: String = "guides/a.yaml") throws -> Source {
    try Source(name: name, text: text)
  }

  static func node(of source: Source, in form: [UInt8]) -> Node? {
    form.withUnsafeBufferPointer { ReadyNodes.node(of: source, at: source.name, in: $0) }
  }

  @Test func theEmbeddedFormIsUpToDate() {
    #expect(
      EmbeddedFiles.bytes(of: ReadyNodes.path) == Guide.readyNodes(),
      "run 'sh dev ready': guides, or how they are read, have changed")
  }

  @Test(arguments: Guide.builtInNames)
  func embeddedNodesAreThoseOfTheFile(name: String) throws {
    let path = "guides/\(name).yaml"
    let source = try Source(name: path, bytes: #require(EmbeddedFiles.bytes(of: path)))
    let form = try #require(EmbeddedFiles.bytes(of: ReadyNodes.path))
    let ready = try #require(Self.node(of: source, in: form))
    #expect(try ready == Node(source))
    // What its parts say of each other is not looked at again.
    #expect(throws: Never.self) { try Guide(source) }
  }

  /// As a pack holds the guides that its reports were made from.
  @Test func aCopyOfAGuideIsKnownAsWell() throws {
    let name = "commcare-transition"
    let path = "guides/\(name).yaml"
    let bytes = try #require(EmbeddedFiles.bytes(of: path))
    var files = Files(today: .sample)
    files.texts[path] = String(decoding: bytes, as: UTF8.self)
    #expect(try GuideFile.named(name, in: files).isKnown)
    files.texts[path]?.append("\n")
    #expect(try !GuideFile.named(name, in: files).isKnown)
  }

  @Test func nodesSurviveTheirBytes() throws {
    let other = try Self.source("guide: other\n", name: "guides/b.yaml")
    let broken = try Self.source("guide: [\n", name: "guides/c.yaml")
    let source = try Self.source()
    let form = ReadyNodes.form(of: [other, broken, source])
    #expect(try Self.node(of: source, in: form) == Node(source))
    #expect(try Self.node(of: other, in: form) == Node(other))
    #expect(Self.node(of: broken, in: form) == nil)
  }

  @Test func anotherFileIsReadAnew() throws {
    let form = ReadyNodes.form(of: [try Self.source()])
    #expect(try Self.node(of: Self.source(Self.text + "\n"), in: form) == nil)
    #expect(try Self.node(of: Self.source(name: "guides/b.yaml"), in: form) == nil)
  }

  @Test func fingerprintsSeeEveryByte() {
    let text = Array("twenty-seven bytes are a lot".utf8)
    var seen: Set = [
      Fingerprint(of: text), Fingerprint(of: Array(text.dropLast())), Fingerprint(of: []),
    ]
    for index in text.indices {
      var edited = text
      edited[index] ^= 1
      seen.insert(Fingerprint(of: edited))
    }
    #expect(seen.count == 3 + text.count)
  }
}
