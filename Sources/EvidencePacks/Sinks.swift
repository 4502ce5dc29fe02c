internal import DocModel
private import Glibc

/// A sink whose files appear together at the end, or not at all.
protocol CommittableSink: PackSink {
  /// Gives what was written its name.
  func commit() throws(InvalidInput)
  /// Takes away all that was written.
  func abandon()
}

/// A folder that is filled beside its target and takes its name at the end.
final class FolderSink: CommittableSink {
  private let target: String
  private let temporary: String
  private var folders: [String] = []
  private var known: Set<String> = []
  private var files: [String] = []
  private var descriptor: Int32 = -1

  /// Makes the folder that is filled.
  ///
  /// - Throws: `InvalidInput` where it cannot be made.
  init(_ target: String) throws(InvalidInput) {
    self.target = target
    temporary = temporaryPath(for: target)
    guard mkdir(temporary, 0o777) == 0 else { throw systemFailure(target, "cannot be written") }
    folders = [temporary]
  }

  func begin(_ path: String, size: Int) throws(InvalidInput) {
    try makeFolder(of: path)
    let full = "\(temporary)/\(path)"
    descriptor = open(full, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
    guard descriptor >= 0 else { throw systemFailure("\(target)/\(path)", "cannot be written") }
    files.append(full)
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(InvalidInput) {
    try writeAll(bytes, to: descriptor, target)
  }

  func end() throws(InvalidInput) {
    let status = close(descriptor)
    descriptor = -1
    guard status == 0 else { throw systemFailure(target, "cannot be written") }
  }

  /// Gives the folder its name.
  func commit() throws(InvalidInput) {
    guard rename(temporary, target) == 0 else { throw systemFailure(target, "cannot be written") }
  }

  /// Takes away all that was written.
  func abandon() {
    if descriptor >= 0 { close(descriptor) }
    for file in files.reversed() { unlink(file) }
    for folder in folders.reversed() { rmdir(folder) }
  }

  private func makeFolder(of path: String) throws(InvalidInput) {
    guard let slash = path.lastIndex(of: "/") else { return }
    let folder = String(path[..<slash])
    guard known.insert(folder).inserted else { return }
    try makeFolder(of: folder)
    let full = "\(temporary)/\(folder)"
    guard mkdir(full, 0o777) == 0 else {
      throw systemFailure("\(target)/\(folder)", "cannot be made")
    }
    folders.append(full)
  }
}

/// An archive that is written beside its target and takes its name at the end.
final class ArchiveSink: CommittableSink {
  private let target: String
  private let temporary: String
  private let descriptor: Int32
  private let folder: String
  private let writer: ArchiveWriter

  /// Begins the archive: `target` is where it is to stand, `folder` the name of the one folder that it
  /// holds, `time` what every entry bears, in seconds since 1970.
  ///
  /// - Throws: `InvalidInput` where it cannot be written.
  init(
    _ target: String, _ format: ArchiveFormat, folder: String, time: Int
  ) throws(InvalidInput) {
    let temporary = temporaryPath(for: target)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
    guard descriptor >= 0 else { throw systemFailure(target, "cannot be written") }
    do throws(InvalidInput) {
      writer = try ArchiveWriter(to: descriptor, format: format, time: time)
    } catch {
      close(descriptor)
      unlink(temporary)
      throw error
    }
    self.target = target
    self.temporary = temporary
    self.descriptor = descriptor
    self.folder = folder
  }

  func begin(_ path: String, size: Int) throws(InvalidInput) {
    try naming { () throws(InvalidInput) in try writer.begin("\(folder)/\(path)", size: size) }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(InvalidInput) {
    try naming { () throws(InvalidInput) in try writer.write(bytes) }
  }

  func end() {}

  func commit() throws(InvalidInput) {
    try naming { () throws(InvalidInput) in try writer.close() }
    guard close(descriptor) == 0, rename(temporary, target) == 0 else {
      throw systemFailure(target, "cannot be written")
    }
  }

  func abandon() {
    close(descriptor)
    unlink(temporary)
  }

  /// Says which file a failure of the library is about.
  private func naming(_ body: () throws(InvalidInput) -> Void) throws(InvalidInput) {
    do throws(InvalidInput) {
      try body()
    } catch {
      throw InvalidInput(
        error.diagnostics.map { Diagnostic("'\(target)' cannot be written: \($0.message)") })
    }
  }
}

/// A hidden name beside a target, of which nobody takes what it names for a whole pack.
private func temporaryPath(for target: String) -> String {
  let parts = target.split(separator: "/", omittingEmptySubsequences: false)
  let name = parts.last.map(String.init) ?? target
  return (parts.dropLast().map(String.init) + [".\(name).\(getpid()).part"]).joined(separator: "/")
}

private func writeAll(
  _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, _ target: String
) throws(InvalidInput) {
  var rest = bytes[...]
  while !rest.isEmpty {
    let part = UnsafeRawBufferPointer(rebasing: rest)
    let count = Glibc.write(descriptor, part.baseAddress, part.count)
    if count >= 0 {
      rest = rest.dropFirst(count)
    } else if errno != EINTR {
      throw systemFailure(target, "cannot be written")
    }
  }
}

/// What the system says went wrong with a path.
func systemFailure(_ path: String, _ what: String) -> InvalidInput {
  InvalidInput(Diagnostic("'\(path)' \(what): \(systemMessage(errno))"))
}
