private import Archives
internal import DocModel

/// A ZIP archive in memory: the parts of a workbook by their names.
struct ZipArchive {
  private let bytes: [UInt8]
  /// The names of its parts, in their order.
  let names: [String]
  /// How many bytes parts may still unpack to, all readings together.
  private var budget: Int

  /// How many parts an archive may have.
  private static let partLimit = 10_000

  /// Opens an archive whose parts may unpack to so many bytes.
  ///
  /// - Throws: `InvalidInput` where it is damaged, encrypted, or has a part twice.
  init(_ bytes: [UInt8], budget: Int) throws(InvalidInput) {
    var names: [String] = []
    try Self.eachPart(of: bytes) { name, archive throws(InvalidInput) in
      guard names.count < Self.partLimit else {
        throw InvalidInput(Diagnostic("it has more than \(Self.partLimit) parts"))
      }
      names.append(name)
      return true
    }
    var seen: Set<String> = []
    if let twice = names.first(where: { !seen.insert($0.lowercased()).inserted }) {
      throw InvalidInput(Diagnostic("the part '\(twice)' is in it twice"))
    }
    self.bytes = bytes
    self.names = names
    self.budget = budget
  }

  /// Reads one part, piece by piece; `false` where there is none of that name.
  ///
  /// - Throws: `InvalidInput` where the part is damaged or encrypted, or the budget is spent, and what
  ///   `take` throws.
  mutating func read(
    _ name: String, _ take: (UnsafeRawBufferPointer) throws(InvalidInput) -> Void
  ) throws(InvalidInput) -> Bool {
    var isFound = false
    var budget = budget
    try Self.eachPart(of: bytes) { part, archive throws(InvalidInput) in
      guard part == name else { return true }
      isFound = true
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
      defer { buffer.deallocate() }
      while true {
        let count = try Self.whole { () throws(InvalidInput) in try archive.read(into: buffer) }
        if count == 0 { return false }
        budget -= count
        guard budget >= 0 else {
          throw InvalidInput(
            Diagnostic(
              "it unpacks to more than a spreadsheet of answers ever holds",
              hint: "copy what was filled in to a fresh export"))
        }
        try take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      }
    }
    self.budget = budget
    return isFound
  }

  /// Goes through the parts until `body` says that it has seen enough.
  private static func eachPart(
    of bytes: [UInt8], _ body: (String, ArchiveReader) throws(InvalidInput) -> Bool
  ) throws(InvalidInput) {
    let outcome: Result<Void, InvalidInput> = bytes.withUnsafeBytes { buffer in
      Result { () throws(InvalidInput) in
        let archive = try whole { () throws(InvalidInput) in
          try ArchiveReader(zip: buffer)
        }
        while let entry = try whole({ () throws(InvalidInput) in try archive.next() }) {
          guard entry.isFile else { continue }
          if try !body(String(decoding: entry.path, as: UTF8.self), archive) { return }
        }
      }
    }
    try outcome.get()
  }

  /// Says of a failure to read what it means for whoever filled in the workbook.
  private static func whole<Outcome>(
    _ read: () throws(InvalidInput) -> Outcome
  ) throws(InvalidInput) -> Outcome {
    do throws(InvalidInput) {
      return try read()
    } catch {
      throw InvalidInput(
        error.diagnostics.map { problem in
          Diagnostic(
            "it is a damaged or encrypted archive: \(problem.message)",
            hint: "save it anew as an XLSX workbook without a password")
        })
    }
  }

  /// Puts parts into an archive; the same parts give the same bytes.
  ///
  /// - Throws: `InvalidInput` where memory is full.
  static func written(_ parts: [(name: String, bytes: [UInt8])]) throws(InvalidInput) -> [UInt8] {
    let written = Written()
    let archive = try ArchiveWriter(.zip) { written.bytes.append(contentsOf: $0) }
    for part in parts {
      try archive.begin(part.name, size: part.bytes.count)
      try part.bytes.withUnsafeBytes { bytes in
        Result { () throws(InvalidInput) in try archive.write(bytes) }
      }.get()
      try archive.end()
    }
    try archive.close()
    return written.bytes
  }

  private final class Written {
    var bytes: [UInt8] = []
  }
}
