internal import DocModel
private import Glibc

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
    let digests: [Digest]
  }

  private let sink: any CommittableSink
  let algorithms: [Digest.Algorithm]
  /// The paths of the payload, each below its folder, and all their digests in a row: there may be very
  /// many.
  private var payload: [String] = []
  private var payloadDigests: [Digest] = []
  private var payloadSize = 0
  private var tags: [Entry] = []
  /// For each algorithm the lines of as many files as were there when they were made.
  private var arranged: [Lines] = []
  private var arrangedCount = 0
  /// The payload file that was begun last.
  private var begun = (path: "", size: 0)

  static let payloadFolder = "data/"

  init(_ sink: any CommittableSink, algorithms: [Digest.Algorithm]) {
    self.sink = sink
    self.algorithms = algorithms
  }

  /// Begins a payload file of a known size.
  ///
  /// - Throws: `InvalidInput` where it cannot be written.
  mutating func begin(_ path: String, size: Int) throws(InvalidInput) {
    begun = (path, size)
    try sink.begin(Self.payloadFolder + path, size: size)
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
    note(begun.path, size: begun.size, digests)
  }

  /// Takes down a payload file that was written to the sink already.
  mutating func note(_ path: String, size: Int, _ digests: [Digest]) {
    payload.append(path)
    payloadDigests += digests
    payloadSize += size
  }

  /// A way to write small payload files from several threads, if the sink has one.
  var atOnce: WholeFiles? { sink.atOnce }

  /// Begins to bring what was written to the disk, while something else is done.
  func settle() { sink.settle() }

  /// Adds a payload file.
  ///
  /// - Throws: `InvalidInput` where it cannot be written.
  mutating func add(_ path: String, _ bytes: [UInt8]) throws(InvalidInput) {
    note(path, size: bytes.count, try write(Self.payloadFolder + path, bytes))
  }

  /// Makes the lines of manifests for what was taken down so far: while something else is done, it costs no time.
  mutating func arrange() {
    arrangedCount = payload.count
    let order = Self.order(of: payload)
    let pathSize = payload.reduce(0) { $0 + $1.utf8.count }
    arranged = algorithms.indices.map { index in
      let rest = algorithms[index].length + Self.payloadFolder.utf8.count + 3
      var lines = Lines(order: order)
      lines.bytes.reserveCapacity(pathSize + payload.count * rest)
      lines.ends.reserveCapacity(payload.count)
      for place in order {
        addLine(place, index, to: &lines.bytes)
        lines.ends.append(lines.bytes.count)
      }
      return lines
    }
  }

  /// A manifest of the lines that were made and those of what came since.
  private func manifest(_ algorithm: Digest.Algorithm, _ lines: Lines) -> [UInt8] {
    let late = (arrangedCount..<payload.count).sorted {
      ExactText(payload[$0]) < ExactText(payload[$1])
    }
    guard let index = algorithms.firstIndex(of: algorithm), !late.isEmpty else {
      return lines.bytes
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(lines.bytes.count + late.count * 256)
    var start = 0
    for place in late {
      let end = lines.end(before: payload[place], among: payload)
      bytes += lines.bytes[start..<end]
      addLine(place, index, to: &bytes)
      start = end
    }
    return bytes + lines.bytes[start...]
  }

  private func addLine(_ place: Int, _ algorithm: Int, to bytes: inout [UInt8]) {
    let digest = payloadDigests[place * algorithms.count + algorithm]
    Self.add(digest, Self.payloadFolder, payload[place], to: &bytes)
  }

  /// The lines of a manifest, where each of them ends, and whose they are.
  private struct Lines {
    let order: [Int]
    var bytes: [UInt8] = []
    var ends: [Int] = []

    init(order: [Int]) { self.order = order }

    /// Where the lines of paths end that stand before another one.
    func end(before path: String, among paths: [String]) -> Int {
      var range = order.startIndex..<order.endIndex
      while !range.isEmpty {
        let middle = range.lowerBound + range.count / 2
        range =
          ExactText(paths[order[middle]]) < ExactText(path)
          ? middle + 1..<range.upperBound : range.lowerBound..<middle
      }
      return range.lowerBound == 0 ? 0 : ends[range.lowerBound - 1]
    }
  }

  /// Writes what describes the bag; the declaration, without which a folder is no bag, comes last.
  ///
  /// - Throws: `InvalidInput` where it cannot be written.
  mutating func finish(_ info: BagInfo) throws(InvalidInput) {
    try addTag(BagInfo.fileName, info.bytes(size: "\(payloadSize).\(payload.count)"))
    if arranged.isEmpty { arrange() }
    for (algorithm, lines) in zip(algorithms, arranged) {
      try addTag("manifest-\(algorithm).txt", manifest(algorithm, lines))
    }
    let declaration = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    let bytes = Array(declaration.utf8)
    tags.append(Entry(path: "bagit.txt", digests: algorithms.map { Digest(of: bytes, $0) }))
    tags.sort { ExactText($0.path) < ExactText($1.path) }
    for (index, algorithm) in algorithms.enumerated() {
      var lines: [UInt8] = []
      for tag in tags { Self.add(tag.digests[index], "", tag.path, to: &lines) }
      try write("tagmanifest-\(algorithm).txt", lines)
    }
    try write("bagit.txt", bytes)
  }

  /// The places of paths in the order of their bytes: there may be very many, which are compared where they
  /// stand side by side.
  private static func order(of paths: [String]) -> [Int] {
    var ends = [0]
    ends.reserveCapacity(paths.count + 1)
    var bytes: [UInt8] = []
    for path in paths {
      bytes += path.utf8
      ends.append(bytes.count)
    }
    return bytes.withUnsafeBytes { bytes in
      ends.withUnsafeBufferPointer { ends in
        paths.indices.sorted { left, right in
          let (one, other) = (ends[left]..<ends[left + 1], ends[right]..<ends[right + 1])
          guard let base = bytes.baseAddress else { return false }
          let order = memcmp(
            base + one.lowerBound, base + other.lowerBound, min(one.count, other.count))
          return order == 0 ? one.count < other.count : order < 0
        }
      }
    }
  }

  private mutating func addTag(_ path: String, _ bytes: [UInt8]) throws(InvalidInput) {
    tags.append(Entry(path: path, digests: try write(path, bytes)))
  }

  /// How many bytes are worth being digested and written at the same time.
  private static let much = 1 << 20

  /// Writes a whole file and gives its digests.
  @discardableResult
  private func write(_ path: String, _ bytes: [UInt8]) throws(InvalidInput) -> [Digest] {
    let digests = Later(begins: bytes.count > Self.much) { [algorithms] in
      algorithms.map { Digest(of: bytes, $0) }
    }
    try sink.begin(path, size: bytes.count)
    try bytes.withUnsafeBytes { bytes in
      Result { () throws(InvalidInput) in try write(bytes) }
    }.get()
    try sink.end()
    return digests.result
  }

  /// Adds a line to a manifest.
  private static func add(
    _ digest: Digest, _ folder: String, _ path: String, to lines: inout [UInt8]
  ) {
    digest.append(to: &lines)
    lines.append(contentsOf: "  ".utf8)
    lines.append(contentsOf: folder.utf8)
    lines.append(contentsOf: path.utf8)
    lines.append(0x0A)
  }
}
