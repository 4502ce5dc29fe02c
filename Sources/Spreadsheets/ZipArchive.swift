private import CArchive
internal import DocModel

/// A ZIP archive in memory: the parts of a workbook by their names.
///
/// Everything of this module that touches libarchive is in this file.
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
      let size = 1 << 16
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
      defer { buffer.deallocate() }
      while true {
        let count = archive_read_data(archive, buffer.baseAddress, size)
        guard count >= 0 else { throw Self.failure(archive) }
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
    of bytes: [UInt8], _ body: (String, OpaquePointer) throws(InvalidInput) -> Bool
  ) throws(InvalidInput) {
    guard let archive = archive_read_new() else {
      throw InvalidInput(Diagnostic("there is not enough memory to read it"))
    }
    defer { archive_read_free(archive) }
    archive_read_support_format_zip(archive)
    let outcome: Result<Void, InvalidInput> = bytes.withUnsafeBytes { buffer in
      Result { () throws(InvalidInput) in
        guard archive_read_open_memory(archive, buffer.baseAddress, buffer.count) >= ARCHIVE_WARN
        else { throw Self.failure(archive) }
        while true {
          var entry: OpaquePointer?
          let status = archive_read_next_header(archive, &entry)
          if status == ARCHIVE_EOF { return }
          guard status >= ARCHIVE_WARN, let entry else { throw Self.failure(archive) }
          guard archive_entry_filetype(entry) == 0o100000 else { continue }
          guard let path = archive_entry_pathname_utf8(entry) ?? archive_entry_pathname(entry)
          else { continue }
          if try !body(String(cString: path), archive) { return }
        }
      }
    }
    try outcome.get()
  }

  /// Puts parts into an archive; the same parts give the same bytes.
  ///
  /// - Throws: `InvalidInput` where memory is full.
  static func written(_ parts: [(name: String, bytes: [UInt8])]) throws(InvalidInput) -> [UInt8] {
    guard let archive = archive_write_new() else {
      throw InvalidInput(Diagnostic("there is not enough memory to write a workbook"))
    }
    defer { archive_write_free(archive) }
    archive_write_set_format_zip(archive)
    // What cannot be made smaller takes a little more; each part is named twice.
    let capacity = parts.reduce(1 << 10) { sum, part in
      sum + part.bytes.count + part.bytes.count / 500 + 2 * part.name.utf8.count + 512
    }
    var used = 0
    var problem: InvalidInput?
    let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
      do throws(InvalidInput) {
        try check(
          archive_write_open_memory(archive, buffer.baseAddress, capacity, &used), archive)
        for part in parts { try write(part.name, part.bytes, to: archive) }
        try check(archive_write_close(archive), archive)
      } catch {
        problem = error
      }
      count = used
    }
    if let problem { throw problem }
    return bytes
  }

  private static func write(
    _ name: String, _ bytes: [UInt8], to archive: OpaquePointer
  ) throws(InvalidInput) {
    let entry = archive_entry_new()
    defer { archive_entry_free(entry) }
    archive_entry_set_pathname(entry, name)
    archive_entry_set_size(entry, Int64(bytes.count))
    // What archive_entry.h calls AE_IFREG; its macro has a cast that is not imported.
    archive_entry_set_filetype(entry, 0o100000)
    archive_entry_set_perm(entry, 0o644)
    // Without a time an entry bears the first day that ZIP knows.
    try check(archive_write_header(archive, entry), archive)
    let count = bytes.withUnsafeBytes { archive_write_data(archive, $0.baseAddress, $0.count) }
    guard count == bytes.count else { throw Self.failure(archive) }
  }

  private static func check(
    _ status: Int32, _ archive: OpaquePointer
  ) throws(InvalidInput) {
    if status < ARCHIVE_WARN { throw Self.failure(archive) }
  }

  private static func failure(_ archive: OpaquePointer) -> InvalidInput {
    let message = archive_error_string(archive).map { String(cString: $0) }
    return InvalidInput(
      Diagnostic(
        "it is a damaged or encrypted archive\(message.map { ": \($0)" } ?? "")",
        hint: "save it anew as an XLSX workbook without a password"))
  }
}
