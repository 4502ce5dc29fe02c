internal import DocModel
private import Glibc

/// Something about a pack that is not as it was when it was made.
public struct PackDamage: Hashable, Sendable {
  /// What happened.
  public enum Kind: String, CaseIterable, Sendable {
    /// A file is not what the manifest says.
    case changed
    /// A file that the manifest names is not there.
    case missing
    /// There is a file that the manifest does not name.
    case extra
    /// There is something that is no plain file, or whose name leads out of the pack.
    case unsafe
    /// The bag's own files cannot be read, or contradict each other.
    case bag
    /// The manifest and the statement contradict each other.
    case statement
    /// A report is not what its data give.
    case report
    /// The archive cannot be read to its end.
    case archive
  }

  /// What happened.
  public let kind: Kind
  /// The path within the pack, or the pack itself.
  public let path: String
  /// What is wrong, in one sentence without a full stop; control characters in a path are replaced.
  public let message: String

  init(kind: Kind, path: String, message: String) {
    self.kind = kind
    self.path = path
    var shown = String.UnicodeScalarView()
    for scalar in message.unicodeScalars {
      shown.append(scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar)
    }
    self.message = String(shown)
  }
}

/// What a pack holds: every file with its digest, and the bytes of those that are read again.
struct PackContents {
  struct File: Hashable {
    let size: Int
    let digest: Digest
  }

  private(set) var files: [String: File] = [:]
  private(set) var kept: [String: [UInt8]] = [:]
  private(set) var damage: [PackDamage] = []

  /// The most that is kept of a pack beside its evidence, in bytes.
  private static let keptLimit = 512 << 20
  private var keptSize = 0

  /// Reads a pack whole, a piece at a time.
  ///
  /// `keeps`: whether the bytes of the file at a path are wanted; of evidence they never are.
  /// - Throws: `InvalidInput` where there is no pack at the path.
  init(
    of path: String, _ algorithm: Digest.Algorithm, keeps: @escaping (String) -> Bool,
    progress: @escaping (Int) -> Void
  ) throws(InvalidInput) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw systemFailure(path, "cannot be read") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw systemFailure(path, "cannot be read") }
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: BagWriter.pieceSize, alignment: 64)
    defer { buffer.deallocate() }
    var reading = Reading(
      algorithm: algorithm, buffer: buffer, keeps: keeps, progress: progress)
    switch status.st_mode & S_IFMT {
    case S_IFDIR: try read(folder: dup(descriptor), "", depth: 0, &reading)
    case S_IFREG:
      try read(archive: descriptor, named: path, size: Int(status.st_size), &reading)
    default:
      throw InvalidInput(Diagnostic("'\(path)' is neither a folder nor an archive"))
    }
  }

  private struct Reading {
    let algorithm: Digest.Algorithm
    let buffer: UnsafeMutableRawBufferPointer
    let keeps: (String) -> Bool
    let progress: (Int) -> Void
    var total = 0
  }

  // MARK: Folders

  private mutating func read(
    folder descriptor: Int32, _ prefix: String, depth: Int, _ reading: inout Reading
  ) throws(InvalidInput) {
    guard let stream = fdopendir(descriptor) else {
      close(descriptor)
      throw systemFailure(prefix, "cannot be read")
    }
    defer { closedir(stream) }
    for name in names(in: stream) {
      let text = String(decoding: name.map { UInt8(bitPattern: $0) }.dropLast(), as: UTF8.self)
      let path = prefix.isEmpty ? text : "\(prefix)/\(text)"
      var status = stat()
      guard fstatat(dirfd(stream), name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
      switch status.st_mode & S_IFMT {
      case S_IFDIR where depth < 64:
        let inner = openat(dirfd(stream), name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard inner >= 0 else {
          let failure = systemFailure(path, "cannot be read")
          add(.bag, path, failure.diagnostics[0].message)
          continue
        }
        try read(folder: inner, path, depth: depth + 1, &reading)
      case S_IFREG: read(file: name, in: dirfd(stream), path, &reading)
      default: add(.unsafe, path, "'\(path)' is not a plain file")
      }
    }
  }

  /// The names in a folder but for itself and the one above, in the order of their bytes.
  private func names(in stream: OpaquePointer) -> [[CChar]] {
    var names: [[CChar]] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: 256) { text in
          Array(UnsafeBufferPointer(start: text, count: strlen(text) + 1))
        }
      }
      if name != [0x2E, 0], name != [0x2E, 0x2E, 0] { names.append(name) }
    }
    return names.sorted {
      $0.lazy.map { UInt8(bitPattern: $0) }
        .lexicographicallyPrecedes($1.lazy.map { UInt8(bitPattern: $0) })
    }
  }

  private mutating func read(
    file name: [CChar], in folder: Int32, _ path: String, _ reading: inout Reading
  ) {
    let descriptor = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      add(.bag, path, systemFailure(path, "cannot be read").diagnostics[0].message)
      return
    }
    defer { close(descriptor) }
    do throws(InvalidInput) {
      try take(path, &reading) { buffer throws(InvalidInput) in
        while true {
          let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
          if count >= 0 { return count }
          if errno != EINTR { throw systemFailure(path, "cannot be read") }
        }
      }
    } catch {
      add(.bag, path, error.diagnostics[0].message)
    }
  }

  // MARK: Archives

  /// How many times its own size an archive may hold: deflate can't do more.
  private static let expansionLimit = 1_100

  private mutating func read(
    archive descriptor: Int32, named path: String, size: Int, _ reading: inout Reading
  ) throws(InvalidInput) {
    let reader: ArchiveReader
    do throws(InvalidInput) {
      reader = try ArchiveReader(from: descriptor)
    } catch {
      throw InvalidInput(
        error.diagnostics.map { Diagnostic("'\(path)' is no archive of a pack: \($0.message)") })
    }
    let limit = size.multipliedReportingOverflow(by: Self.expansionLimit)
    reading.total = 0
    var top: String?
    var isFirst = true
    do throws(InvalidInput) {
      while let entry = try reader.next() {
        isFirst = false
        guard let name = safePath(entry.path) else {
          let shown = String(decoding: entry.path, as: UTF8.self)
          add(.unsafe, shown, "'\(shown)' would lie outside the pack")
          continue
        }
        if entry.isFolder { continue }
        let parts = name.split(separator: "/", maxSplits: 1)
        let folder = parts.count == 2 ? String(parts[0]) : ""
        if top == nil { top = folder }
        guard folder == top, let inner = parts.last.map(String.init), parts.count == 2 else {
          add(.extra, name, "'\(name)' lies beside the pack's folder")
          continue
        }
        guard entry.isFile else {
          add(.unsafe, inner, "'\(inner)' is not a plain file")
          continue
        }
        guard files[inner] == nil else {
          add(.unsafe, inner, "'\(inner)' is in the archive twice")
          continue
        }
        try take(inner, &reading) { buffer throws(InvalidInput) in try reader.read(into: buffer) }
        guard limit.overflow || reading.total <= limit.partialValue + (1 << 26) else {
          add(.archive, path, "the archive holds more than any pack of its size")
          return
        }
      }
    } catch {
      if isFirst {
        throw InvalidInput(
          error.diagnostics.map { Diagnostic("'\(path)' is no archive of a pack: \($0.message)") })
      }
      add(.archive, path, "the archive breaks off: \(error.diagnostics[0].message)")
    }
  }

  // MARK: Both

  private mutating func take(
    _ path: String, _ reading: inout Reading,
    _ read: (UnsafeMutableRawBufferPointer) throws(InvalidInput) -> Int
  ) throws(InvalidInput) {
    var digester = Digester(reading.algorithm)
    var size = 0
    var bytes: [UInt8]? = reading.keeps(path) ? [] : nil
    while true {
      let count = try read(reading.buffer)
      if count == 0 { break }
      let piece = UnsafeRawBufferPointer(rebasing: reading.buffer[..<count])
      digester.update(piece)
      size += count
      reading.total += count
      if bytes != nil {
        bytes?.append(contentsOf: piece)
        if keptSize + size > Self.keptLimit { bytes = nil }
      }
      reading.progress(count)
    }
    files[path] = File(size: size, digest: digester.finish())
    if let bytes {
      kept[path] = bytes
      keptSize += size
    }
  }

  private mutating func add(_ kind: PackDamage.Kind, _ path: String, _ message: String) {
    damage.append(PackDamage(kind: kind, path: path, message: message))
  }
}
