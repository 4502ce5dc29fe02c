private import CArchive
package import DocModel
private import Glibc

/// The archives that can be written and read, known by how their names end.
package enum ArchiveFormat: String, CaseIterable, Sendable {
  /// ZIP, with Zip64 where it is needed.
  case zip = ".zip"
  /// A gzipped tar archive in pax form.
  case tarGzip = ".tar.gz"

  /// The format that a path's ending asks for, or `nil` for a folder.
  package init?(path: String) {
    let path = path.lowercased()
    if path.hasSuffix(".zip") {
      self = .zip
    } else if path.hasSuffix(".tar.gz") || path.hasSuffix(".tgz") {
      self = .tarGzip
    } else {
      return nil
    }
  }
}

/// Writes an archive, one file after another, deflated on as many threads as there are processors.
///
///     let archive = try ArchiveWriter(.zip) { bytes in … }
///     try archive.begin("a.txt", size: 1)
///     try archive.write(bytes)
///     try archive.end()
///     try archive.close()
///
/// The same files give the same bytes, whatever the machine: entries bear one time and no owner.
package final class ArchiveWriter {
  private enum Kind {
    case zip(ZipWriter)
    case tarGzip(TarWriter)
  }

  private let kind: Kind

  /// Begins an archive whose bytes go to `write`.
  ///
  /// - Parameters:
  ///   - format: The kind of archive.
  ///   - time: The time that entries of a tar archive bear, in seconds since 1970. ZIP's times are local
  ///     ones: its entries bear the first day that ZIP knows, in any zone.
  ///   - write: Takes the archive's bytes; what it throws ends the work.
  /// - Throws: `InvalidInput` where memory is full.
  package convenience init(
    _ format: ArchiveFormat, time: Int = 0,
    to write: @escaping (UnsafeRawBufferPointer) throws(InvalidInput) -> Void
  ) throws(InvalidInput) {
    try self.init(format, time: time, by: Deflater(), to: write)
  }

  init(
    _ format: ArchiveFormat, time: Int, by deflater: Deflater,
    to write: @escaping (UnsafeRawBufferPointer) throws(InvalidInput) -> Void
  ) throws(InvalidInput) {
    let output = Outflow(write)
    switch format {
    case .zip: kind = .zip(ZipWriter(output, deflater))
    case .tarGzip: kind = .tarGzip(try TarWriter(GzipWriter(output, deflater), time: time))
    }
  }

  /// Begins a file that will have so many bytes.
  ///
  /// - Throws: `InvalidInput` where the archive cannot be written.
  package func begin(_ path: String, size: Int) throws(InvalidInput) {
    switch kind {
    case .zip(let zip): zip.begin(path, size: size)
    case .tarGzip(let tar): try tar.begin(path, size: size)
    }
  }

  /// Writes bytes of the file that was begun last.
  ///
  /// - Throws: `InvalidInput` where the archive cannot be written.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(InvalidInput) {
    switch kind {
    case .zip(let zip): try zip.write(bytes)
    case .tarGzip(let tar): try tar.write(bytes)
    }
  }

  /// Ends the file that was begun last.
  ///
  /// - Throws: `InvalidInput` where the archive cannot be written.
  package func end() throws(InvalidInput) {
    if case .zip(let zip) = kind { try zip.end() }
  }

  /// Writes what belongs at the archive's end.
  ///
  /// - Throws: `InvalidInput` where the archive cannot be written.
  package func close() throws(InvalidInput) {
    switch kind {
    case .zip(let zip): try zip.close()
    case .tarGzip(let tar): try tar.close()
    }
  }
}

/// Writes a tar archive in pax form, which is gzipped.
private final class TarWriter {
  private let archive: OpaquePointer
  private let output: Output
  /// The time that every entry bears, in seconds since 1970.
  private let time: Int

  /// Where the archive's bytes go, and what stopped them.
  private final class Output {
    let gzip: GzipWriter
    var failure: InvalidInput?

    init(_ gzip: GzipWriter) { self.gzip = gzip }
  }

  init(_ gzip: GzipWriter, time: Int) throws(InvalidInput) {
    guard let archive = archive_write_new() else {
      throw InvalidInput(Diagnostic("there is not enough memory to write an archive"))
    }
    self.archive = archive
    output = Output(gzip)
    self.time = time
    archive_write_set_format_pax_restricted(archive)
    // Bytes go on as they come.
    archive_write_set_bytes_per_block(archive, 0)
    let status = archive_write_open2(
      archive, Unmanaged.passUnretained(output).toOpaque(), nil,
      { _, output, bytes, count in
        guard let output else { return -1 }
        let target = Unmanaged<Output>.fromOpaque(output).takeUnretainedValue()
        do throws(InvalidInput) {
          try target.gzip.write(UnsafeRawBufferPointer(start: bytes, count: count))
          return count
        } catch {
          target.failure = error
          return -1
        }
      }, nil, nil)
    try check(status)
  }

  deinit {
    // What was not closed is not wanted: nothing more is written.
    archive_write_fail(archive)
    archive_write_free(archive)
  }

  func begin(_ path: String, size: Int) throws(InvalidInput) {
    let entry = archive_entry_new()
    defer { archive_entry_free(entry) }
    archive_entry_set_pathname(entry, path)
    archive_entry_set_size(entry, Int64(size))
    // What archive_entry.h calls AE_IFREG; its macro has a cast that is not imported.
    archive_entry_set_filetype(entry, 0o100000)
    archive_entry_set_perm(entry, 0o644)
    archive_entry_set_mtime(entry, time, 0)
    try check(archive_write_header(archive, entry))
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(InvalidInput) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = UnsafeRawBufferPointer(rebasing: rest)
      let count = archive_write_data(archive, part.baseAddress, part.count)
      try check(count > 0 ? ARCHIVE_OK : ARCHIVE_FATAL)
      rest = rest.dropFirst(count)
    }
  }

  func close() throws(InvalidInput) {
    try check(archive_write_close(archive))
    try output.gzip.close()
  }

  private func check(_ status: Int32) throws(InvalidInput) {
    guard status < ARCHIVE_WARN else { return }
    throw output.failure ?? archiveFailure(archive)
  }
}

/// Reads an archive, one entry after another.
package final class ArchiveReader {
  private let archive: OpaquePointer
  private let descriptor: Int32?
  /// What inflates the file, where it is gzipped.
  private let gzip: Inflated?

  /// What is gzipped, with what is found out on its way.
  private final class Inflated {
    let reader: GzipReader
    var headers = TarHeaders()

    init(_ reader: GzipReader) { self.reader = reader }
  }

  /// An entry as the archive names it.
  package struct Entry {
    /// Its path as the archive has it.
    package let path: [UInt8]
    /// Whether it is a plain file.
    package let isFile: Bool
    /// Whether it is a folder.
    package let isFolder: Bool
  }

  /// Opens an archive in an open file, which stays the caller's.
  ///
  /// - Throws: `InvalidInput` where the file is no archive of one of the formats.
  package convenience init(_ formats: ArchiveFormat..., from descriptor: Int32) throws(InvalidInput)
  {
    let gzip = formats.contains(.tarGzip) ? GzipReader(descriptor).map(Inflated.init) : nil
    try self.init(formats, descriptor, gzip) { archive in
      guard let gzip else { return archive_read_open_fd(archive, descriptor, 1 << 18) }
      return archive_read_open(
        archive, Unmanaged.passUnretained(gzip).toOpaque(), nil,
        { _, gzip, bytes in
          guard let gzip, let bytes else { return -1 }
          let inflated = Unmanaged<Inflated>.fromOpaque(gzip).takeUnretainedValue()
          guard let next = inflated.reader.next() else { return -1 }
          inflated.headers.take(next)
          bytes.pointee = next.baseAddress
          return next.count
        }, nil)
    }
  }

  /// Opens a ZIP archive in memory that is there for as long as the reader.
  ///
  /// - Throws: `InvalidInput` where the bytes are no such archive.
  package convenience init(zip bytes: UnsafeRawBufferPointer) throws(InvalidInput) {
    try self.init([.zip], nil, nil) { archive_read_open_memory($0, bytes.baseAddress, bytes.count) }
  }

  private init(
    _ formats: [ArchiveFormat], _ descriptor: Int32?, _ gzip: Inflated?,
    open: (OpaquePointer) -> Int32
  ) throws(InvalidInput) {
    guard let archive = archive_read_new() else {
      throw InvalidInput(Diagnostic("there is not enough memory to read an archive"))
    }
    for format in formats {
      switch format {
      case .zip: archive_read_support_format_zip(archive)
      case .tarGzip:
        archive_read_support_format_tar(archive)
        // What stands behind an archive is looked at too.
        archive_read_set_format_option(archive, "tar", "read_concatenated_archives", "1")
      }
    }
    self.archive = archive
    self.descriptor = descriptor
    self.gzip = gzip
    try check(open(archive))
  }

  deinit { archive_read_free(archive) }

  /// The next entry, or `nil` at the end.
  ///
  /// - Throws: `InvalidInput` where the archive is damaged.
  package func next() throws(InvalidInput) -> Entry? {
    var entry: OpaquePointer?
    let status = archive_read_next_header(archive, &entry)
    if status == ARCHIVE_EOF { return nil }
    // The library would look for a place where it can go on.
    if status == ARCHIVE_RETRY { throw failure }
    try check(status)
    guard let entry else { return nil }
    let path = archive_entry_pathname(entry) ?? archive_entry_pathname_utf8(entry)
    let kind = archive_entry_filetype(entry)
    let isLink = archive_entry_hardlink(entry) != nil || archive_entry_symlink(entry) != nil
    return Entry(
      path: path.map { Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) } ?? [],
      isFile: kind == 0o100000 && !isLink, isFolder: kind == 0o040000)
  }

  /// Whether it is a ZIP archive, as far as it was read.
  package var isZip: Bool {
    archive_format(archive) & ARCHIVE_FORMAT_BASE_MASK == ARCHIVE_FORMAT_ZIP
  }

  /// How many bytes of the file belong to what was read.
  package var length: Int { gzip?.reader.length ?? Int(archive_filter_bytes(archive, -1)) }

  /// Why other programs may unpack something else of a tar archive that was read to its end.
  ///
  /// libarchive passes over headers that others follow.
  package var tarFault: TarHeaders.Fault? {
    var headers = gzip?.headers ?? TarHeaders()
    if gzip != nil { headers.end() } else if let descriptor { headers.read(descriptor) }
    return headers.fault
  }

  /// Reads bytes of the current entry; 0 at its end.
  ///
  /// - Throws: `InvalidInput` where the archive is damaged.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(InvalidInput) -> Int {
    let count = archive_read_data(archive, buffer.baseAddress, buffer.count)
    guard count >= 0 else { throw failure }
    return count
  }

  private func check(_ status: Int32) throws(InvalidInput) {
    if status < ARCHIVE_WARN { throw failure }
  }

  private var failure: InvalidInput { gzip?.reader.failure ?? archiveFailure(archive) }
}

private func archiveFailure(_ archive: OpaquePointer) -> InvalidInput {
  let message = archive_error_string(archive).map { String(cString: $0) }
  return InvalidInput(Diagnostic(message ?? "the archive cannot be used"))
}
