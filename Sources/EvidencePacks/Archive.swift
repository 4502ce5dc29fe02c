private import CArchive
internal import DocModel
private import Glibc

/// The archives that a pack can be, known by how their names end.
enum ArchiveFormat: String, CaseIterable, Sendable {
  /// ZIP, with Zip64 where it is needed.
  case zip = ".zip"
  /// A gzipped tar archive in pax form.
  case tarGzip = ".tar.gz"

  /// The format that a path's ending asks for, or `nil` for a folder.
  init?(path: String) {
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

/// Writes an archive, one file after another.
struct ArchiveWriter: ~Copyable {
  private let archive: OpaquePointer
  private let format: ArchiveFormat
  /// The time that every entry bears, in seconds since 1970.
  private let time: Int

  /// Begins an archive in an open file, which stays the caller's.
  ///
  /// The same files give the same bytes: entries bear one time and no owner.
  ///
  /// - Throws: `InvalidInput` where the file cannot be written.
  init(to descriptor: Int32, format: ArchiveFormat, time: Int) throws(InvalidInput) {
    guard let archive = archive_write_new() else {
      throw InvalidInput(Diagnostic("there is not enough memory to write an archive"))
    }
    switch format {
    case .zip:
      archive_write_set_format_zip(archive)
    case .tarGzip:
      archive_write_set_format_pax_restricted(archive)
      archive_write_add_filter_gzip(archive)
      archive_write_set_filter_option(archive, "gzip", "timestamp", nil)
    }
    guard archive_write_open_fd(archive, descriptor) >= ARCHIVE_WARN else {
      let failure = archiveFailure(archive)
      archive_write_free(archive)
      throw failure
    }
    self.archive = archive
    self.format = format
    self.time = time
  }

  deinit { archive_write_free(archive) }

  /// Begins a file of a known size; `path` is plain ASCII.
  ///
  /// - Throws: `InvalidInput` where the archive cannot be written.
  func begin(_ path: String, size: Int) throws(InvalidInput) {
    let entry = archive_entry_new()
    defer { archive_entry_free(entry) }
    archive_entry_set_pathname(entry, path)
    archive_entry_set_size(entry, Int64(size))
    // What archive_entry.h calls AE_IFREG; its macro has a cast that is not imported.
    archive_entry_set_filetype(entry, 0o100000)
    archive_entry_set_perm(entry, 0o644)
    // ZIP's times are local ones. Without a time an entry bears the first day that ZIP knows, in any zone.
    if format == .tarGzip { archive_entry_set_mtime(entry, time, 0) }
    try check(archive_write_header(archive, entry))
  }

  /// Writes bytes of the file that was begun last.
  ///
  /// - Throws: `InvalidInput` where the archive cannot be written.
  func write(_ bytes: UnsafeRawBufferPointer) throws(InvalidInput) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = UnsafeRawBufferPointer(rebasing: rest)
      let count = archive_write_data(archive, part.baseAddress, part.count)
      guard count > 0 else { throw archiveFailure(archive) }
      rest = rest.dropFirst(count)
    }
  }

  /// Writes what belongs at the archive's end.
  ///
  /// - Throws: `InvalidInput` where the archive cannot be written.
  func close() throws(InvalidInput) { try check(archive_write_close(archive)) }

  private func check(_ status: Int32) throws(InvalidInput) {
    if status < ARCHIVE_WARN { throw archiveFailure(archive) }
  }
}

/// Reads an archive, one entry after another.
final class ArchiveReader {
  private let archive: OpaquePointer

  /// An entry as the archive names it.
  struct Entry {
    /// Its path as the archive has it.
    let path: [UInt8]
    let isFile: Bool
    let isFolder: Bool
  }

  /// Opens an archive in an open file, which stays the caller's.
  ///
  /// - Throws: `InvalidInput` where the file is neither ZIP nor a gzipped tar archive.
  init(from descriptor: Int32) throws(InvalidInput) {
    guard let archive = archive_read_new() else {
      throw InvalidInput(Diagnostic("there is not enough memory to read an archive"))
    }
    archive_read_support_format_zip(archive)
    archive_read_support_format_tar(archive)
    archive_read_support_filter_gzip(archive)
    // What stands behind an archive is looked at too.
    archive_read_set_format_option(archive, "tar", "read_concatenated_archives", "1")
    guard archive_read_open_fd(archive, descriptor, 1 << 18) >= ARCHIVE_WARN else {
      let failure = archiveFailure(archive)
      archive_read_free(archive)
      throw failure
    }
    self.archive = archive
  }

  deinit { archive_read_free(archive) }

  /// The next entry, or `nil` at the end.
  ///
  /// - Throws: `InvalidInput` where the archive is damaged.
  func next() throws(InvalidInput) -> Entry? {
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
      path: path.map { text in Array(UnsafeRawBufferPointer(start: text, count: length(of: text))) }
        ?? [],
      isFile: kind == 0o100000 && !isLink, isFolder: kind == 0o040000)
  }

  /// How many bytes of the file belong to what was read.
  var length: Int { Int(archive_filter_bytes(archive, -1)) }

  /// Reads bytes of the current entry; 0 at its end.
  ///
  /// - Throws: `InvalidInput` where the archive is damaged.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(InvalidInput) -> Int {
    let count = archive_read_data(archive, buffer.baseAddress, buffer.count)
    guard count >= 0 else { throw archiveFailure(archive) }
    return count
  }

  private func check(_ status: Int32) throws(InvalidInput) {
    if status < ARCHIVE_WARN { throw archiveFailure(archive) }
  }

  private func length(of text: UnsafePointer<CChar>) -> Int {
    var count = 0
    while text[count] != 0 { count += 1 }
    return count
  }
}

private func archiveFailure(_ archive: OpaquePointer) -> InvalidInput {
  let code = archive_errno(archive)
  // What the system said of a write is worth more than that it failed.
  if [ENOSPC, EIO, EDQUOT, EFBIG, EROFS].contains(code) {
    return InvalidInput(Diagnostic(systemMessage(code)))
  }
  let message = archive_error_string(archive).map { String(cString: $0) }
  return InvalidInput(Diagnostic(message ?? "the archive cannot be used"))
}
