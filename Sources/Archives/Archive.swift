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
  package convenience init(
    _ format: ArchiveFormat, time: Int = 0,
    to write: @escaping (UnsafeRawBufferPointer) throws(InvalidInput) -> Void
  ) {
    self.init(format, time: time, by: Deflater(), to: write)
  }

  init(
    _ format: ArchiveFormat, time: Int, by deflater: Deflater,
    to write: @escaping (UnsafeRawBufferPointer) throws(InvalidInput) -> Void
  ) {
    let output = Outflow(write)
    switch format {
    case .zip: kind = .zip(ZipWriter(output, deflater))
    case .tarGzip: kind = .tarGzip(TarWriter(GzipWriter(output, deflater), time: time))
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
    switch kind {
    case .zip(let zip): try zip.end()
    case .tarGzip(let tar): try tar.end()
    }
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

/// Reads an archive, one entry after another.
package final class ArchiveReader {
  private let archive: OpaquePointer

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
    try self.init(formats) { archive_read_open_fd($0, descriptor, 1 << 18) }
  }

  /// Opens an archive in memory that is there for as long as the reader.
  ///
  /// - Throws: `InvalidInput` where the bytes are no archive of one of the formats.
  package convenience init(
    _ formats: ArchiveFormat..., from bytes: UnsafeRawBufferPointer
  ) throws(InvalidInput) {
    try self.init(formats) { archive_read_open_memory($0, bytes.baseAddress, bytes.count) }
  }

  private init(
    _ formats: [ArchiveFormat], open: (OpaquePointer) -> Int32
  ) throws(InvalidInput) {
    guard let archive = archive_read_new() else {
      throw InvalidInput(Diagnostic("there is not enough memory to read an archive"))
    }
    for format in formats {
      switch format {
      case .zip: archive_read_support_format_zip(archive)
      case .tarGzip:
        archive_read_support_format_tar(archive)
        archive_read_support_filter_gzip(archive)
        // What stands behind an archive is looked at too.
        archive_read_set_format_option(archive, "tar", "read_concatenated_archives", "1")
      }
    }
    self.archive = archive
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
    if status == ARCHIVE_RETRY { throw archiveFailure(archive) }
    try check(status)
    guard let entry else { return nil }
    let path = archive_entry_pathname(entry) ?? archive_entry_pathname_utf8(entry)
    let kind = archive_entry_filetype(entry)
    let isLink = archive_entry_hardlink(entry) != nil || archive_entry_symlink(entry) != nil
    return Entry(
      path: path.map { Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) } ?? [],
      isFile: kind == 0o100000 && !isLink, isFolder: kind == 0o040000)
  }

  /// How many bytes of the file belong to what was read.
  package var length: Int { Int(archive_filter_bytes(archive, -1)) }

  /// Reads bytes of the current entry; 0 at its end.
  ///
  /// - Throws: `InvalidInput` where the archive is damaged.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(InvalidInput) -> Int {
    let count = archive_read_data(archive, buffer.baseAddress, buffer.count)
    guard count >= 0 else { throw archiveFailure(archive) }
    return count
  }

  private func check(_ status: Int32) throws(InvalidInput) {
    if status < ARCHIVE_WARN { throw archiveFailure(archive) }
  }
}

private func archiveFailure(_ archive: OpaquePointer) -> InvalidInput {
  let message = archive_error_string(archive).map { String(cString: $0) }
  return InvalidInput(Diagnostic(message ?? "the archive cannot be used"))
}
