internal import DocModel

/// Where the files of a pack go, one after another.
protocol PackSink: AnyObject {
  /// Begins a file; `path` is plain ASCII, `size` is in bytes.
  func begin(_ path: String, size: Int) throws(InvalidInput)
  /// Writes bytes of the file that was begun last.
  func write(_ bytes: UnsafeRawBufferPointer) throws(InvalidInput)
  /// Ends the file that was begun last.
  func end() throws(InvalidInput)
}

/// Writes a BagIt bag (RFC 8493, version 1.0) whose payload comes as streams; each byte is seen once.
struct BagWriter {
  /// What is written about one file.
  struct Entry {
    let path: String
    let size: Int
    let digests: [Digest]
  }

  private let sink: any PackSink
  let algorithms: [Digest.Algorithm]
  private var payload: [Entry] = []
  private var tags: [Entry] = []
  /// The payload file that was begun last.
  private var begun = (path: "", size: 0)

  init(_ sink: any PackSink, algorithms: [Digest.Algorithm]) {
    self.sink = sink
    self.algorithms = algorithms
  }

  /// Begins a payload file of a known size.
  ///
  /// - Throws: `InvalidInput` where it cannot be written.
  mutating func begin(_ path: String, size: Int) throws(InvalidInput) {
    begun = ("data/\(path)", size)
    try sink.begin(begun.path, size: size)
  }

  /// Writes bytes of the payload file that was begun last.
  ///
  /// - Throws: `InvalidInput` where they cannot be written.
  func write(_ bytes: UnsafeRawBufferPointer) throws(InvalidInput) { try sink.write(bytes) }

  /// Ends the payload file that was begun last; its digests are in the order of the algorithms.
  ///
  /// - Throws: `InvalidInput` where it cannot be written.
  mutating func end(_ digests: [Digest]) throws(InvalidInput) {
    try sink.end()
    payload.append(Entry(path: begun.path, size: begun.size, digests: digests))
  }

  /// Adds a payload file.
  ///
  /// - Throws: `InvalidInput` where it cannot be written.
  mutating func add(_ path: String, _ bytes: [UInt8]) throws(InvalidInput) {
    payload.append(try write("data/\(path)", bytes))
  }

  /// Writes what describes the bag; the declaration, without which a folder is no bag, comes last.
  ///
  /// - Throws: `InvalidInput` where it cannot be written.
  mutating func finish(info: KeyValuePairs<String, String>) throws(InvalidInput) {
    let size = payload.reduce(0) { $0 + $1.size }
    var lines = info.map { "\($0): \(oneLine($1))\n" }
    lines.append("Payload-Oxum: \(size).\(payload.count)\n")
    try addTag("bag-info.txt", Array(lines.joined().utf8))
    for (index, algorithm) in algorithms.enumerated() {
      try addTag("manifest-\(algorithm).txt", Self.manifest(payload, index))
    }
    let declaration = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    tags.append(entry("bagit.txt", Array(declaration.utf8)))
    for (index, algorithm) in algorithms.enumerated() {
      _ = try write("tagmanifest-\(algorithm).txt", Self.manifest(tags, index))
    }
    _ = try write("bagit.txt", Array(declaration.utf8))
  }

  private mutating func addTag(_ path: String, _ bytes: [UInt8]) throws(InvalidInput) {
    tags.append(try write(path, bytes))
  }

  private func write(_ path: String, _ bytes: [UInt8]) throws(InvalidInput) -> Entry {
    try sink.begin(path, size: bytes.count)
    try bytes.withUnsafeBytes { bytes in
      Result { () throws(InvalidInput) in try sink.write(bytes) }
    }.get()
    try sink.end()
    return entry(path, bytes)
  }

  private func entry(_ path: String, _ bytes: [UInt8]) -> Entry {
    Entry(path: path, size: bytes.count, digests: algorithms.map { Digest(of: bytes, $0) })
  }

  /// The lines of a manifest in the order of their paths.
  private static func manifest(_ entries: [Entry], _ index: Int) -> [UInt8] {
    var lines: [UInt8] = []
    for entry in entries.sorted(by: { ExactText($0.path) < ExactText($1.path) }) {
      lines.append(contentsOf: entry.digests[index].description.utf8)
      lines.append(contentsOf: "  ".utf8)
      lines.append(contentsOf: entry.path.utf8)
      lines.append(0x0A)
    }
    return lines
  }

  private func oneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).joined(separator: " ")
  }
}
