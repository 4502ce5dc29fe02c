internal import Archives
internal import DocModel
private import Glibc

/// A sink whose files appear together at the end, or not at all.
protocol CommittableSink: PackSink {
  /// A way to write small files from several threads; `nil` where files have to come one after another.
  var atOnce: WholeFiles? { get }
  /// Begins to bring what was written to the disk, while something else is done.
  func settle()
  /// Gives what was written its name.
  func commit() throws(InvalidInput)
  /// Takes away all that was written.
  func abandon()
}

/// A folder that is filled beside its target and takes its name at the end.
final class FolderSink: CommittableSink {
  private let target: String
  private let temporary: Temporary
  private var place: FolderPlace
  private var file: Int32 = -1
  private var settling: Later<Void>?

  /// Makes the folder that is filled.
  ///
  /// - Throws: `InvalidInput` where it cannot be made.
  init(_ target: String) throws(InvalidInput) {
    self.target = target
    temporary = try Temporary(for: target, mode: .folder)
    place = FolderPlace(temporary.descriptor, target)
  }

  var atOnce: WholeFiles? { WholeFiles(root: temporary.descriptor, target: target) }

  func begin(_ path: String, size: Int) throws(InvalidInput) { file = try place.create(path) }

  func write(_ bytes: UnsafeRawBufferPointer) throws(InvalidInput) {
    try writeAll(bytes, to: file, of: target)
  }

  func end() throws(InvalidInput) {
    let status = close(file)
    file = -1
    guard status == 0 else { throw systemFailure(target, "cannot be written") }
  }

  func settle() {
    settling = Later { [temporary] in temporary.settle() }
  }

  /// Gives the folder its name.
  func commit() throws(InvalidInput) {
    settling = nil
    place.leave()
    try temporary.take(target)
  }

  /// Takes away all that was written.
  func abandon() {
    settling = nil
    if file >= 0 { close(file) }
    place.leave()
    temporary.remove()
  }
}

/// Writes whole files into a folder that is filled; in any thread.
struct WholeFiles: Sendable {
  fileprivate let root: Int32
  fileprivate let target: String

  /// Runs what writes files one after another in one thread.
  func run<Result>(_ body: (inout Writer) -> Result) -> Result {
    var writer = Writer(place: FolderPlace(root, target), target: target)
    defer { writer.place.leave() }
    return body(&writer)
  }

  struct Writer {
    fileprivate var place: FolderPlace
    fileprivate let target: String

    /// Writes a file.
    mutating func add(_ path: String, _ bytes: UnsafeRawBufferPointer) throws(InvalidInput) {
      try add(path) { $0(bytes) }
    }

    /// Writes a file whose bytes are given piece by piece.
    mutating func add(
      _ path: String, _ give: (@escaping (UnsafeRawBufferPointer) -> Void) -> Void
    ) throws(InvalidInput) {
      let file = try place.create(path)
      var failure: InvalidInput?
      give { [target] bytes in
        guard failure == nil else { return }
        do throws(InvalidInput) {
          try writeAll(bytes, to: file, of: target)
        } catch {
          failure = error
        }
      }
      let status = close(file)
      if let failure { throw failure }
      guard status == 0 else { throw systemFailure(target, "cannot be written") }
    }
  }
}

/// Where in a folder files are made: they come folder by folder, and each is opened once.
private struct FolderPlace {
  private let target: String
  /// The folder itself and the one in it that was written to last.
  private let root: Int32
  private var folder: (path: Substring, descriptor: Int32)

  init(_ root: Int32, _ target: String) {
    self.root = root
    self.target = target
    folder = ("", root)
  }

  /// Makes a file for writing, with the folders before it.
  mutating func create(_ path: String) throws(InvalidInput) -> Int32 {
    let slash = path.utf8.lastIndex(of: 0x2F)
    try enter(path[..<(slash ?? path.startIndex)])
    // The name is what stands behind the last slash, up to the end of the same text.
    let start = slash.map { path.utf8.distance(from: path.startIndex, to: $0) + 1 } ?? 0
    let file = path.withCString { text in
      openat(
        folder.descriptor, text + start, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
        0o666)
    }
    guard file >= 0 else { throw systemFailure("\(target)/\(path)", "cannot be written") }
    return file
  }

  /// Opens a folder below, which is made where it is not there yet.
  private mutating func enter(_ path: Substring) throws(InvalidInput) {
    guard path != folder.path else { return }
    leave()
    for part in path.split(separator: "/") {
      let name = String(part)
      if mkdirat(folder.descriptor, name, 0o777) != 0, errno != EEXIST {
        throw systemFailure("\(target)/\(path)", "cannot be made")
      }
      let inner = openat(folder.descriptor, name, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      guard inner >= 0 else { throw systemFailure("\(target)/\(path)", "cannot be made") }
      leave()
      folder.descriptor = inner
    }
    folder.path = path
  }

  /// Closes what is open but for the folder itself.
  mutating func leave() {
    if folder.descriptor != root { close(folder.descriptor) }
    folder = ("", root)
  }
}

/// An archive that is written beside its target and takes its name at the end.
final class ArchiveSink: CommittableSink {
  private let target: String
  private let temporary: Temporary
  private let folder: String
  private let writer: ArchiveWriter

  /// Begins the archive: `target` is where it is to stand, `folder` the name of the one folder that it
  /// holds, `time` what every entry bears, in seconds since 1970.
  ///
  /// - Throws: `InvalidInput` where it cannot be written.
  init(
    _ target: String, _ format: ArchiveFormat, folder: String, time: Int
  ) throws(InvalidInput) {
    temporary = try Temporary(for: target, mode: .file)
    do throws(InvalidInput) {
      writer = try ArchiveWriter(format, time: time) {
        [descriptor = temporary.descriptor] bytes throws(InvalidInput) in
        try writeAll(bytes, to: descriptor, of: target)
      }
    } catch {
      temporary.remove()
      throw error
    }
    self.target = target
    self.folder = folder
  }

  var atOnce: WholeFiles? { nil }

  func settle() {}

  func begin(_ path: String, size: Int) throws(InvalidInput) {
    try writer.begin("\(folder)/\(path)", size: size)
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(InvalidInput) { try writer.write(bytes) }

  func end() throws(InvalidInput) { try writer.end() }

  func commit() throws(InvalidInput) {
    try writer.close()
    try temporary.take(target)
  }

  func abandon() { temporary.remove() }
}

/// Writes all of some bytes to an open file, which belongs to a target.
private func writeAll(
  _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, of target: String
) throws(InvalidInput) {
  var rest = bytes[...]
  while !rest.isEmpty {
    let part = UnsafeRawBufferPointer(rebasing: rest)
    let count = write(descriptor, part.baseAddress, part.count)
    if count >= 0 {
      rest = rest.dropFirst(count)
    } else if errno != EINTR {
      throw systemFailure(target, "cannot be written")
    }
  }
}

/// What the system says went wrong with a path, and what to do.
func systemFailure(_ path: String, _ what: String) -> InvalidInput {
  let code = errno
  return InvalidInput(
    Diagnostic(
      "'\(path)' \(what): \(systemMessage(code))",
      hint: what == "cannot be read"
        ? readingHint(for: code, at: path) : writingHint(for: code)))
}
