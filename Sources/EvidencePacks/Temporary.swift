private import CLinux
internal import DocModel
private import Glibc

/// Something that is written beside its target under a hidden name, of which nobody takes it for whole.
///
/// Whoever writes it holds a lock on it: what a process that was killed left behind has none, and is
/// removed when the same target is written again.
struct Temporary {
  enum Mode { case file, folder }

  /// The file or folder, open and locked.
  let descriptor: Int32
  private let parent: Int32
  private let isFolder: Bool
  private let name: String

  /// Makes an empty file or folder beside a target.
  ///
  /// - Throws: `InvalidInput` where it cannot be made.
  init(for target: String, mode: Mode) throws(InvalidInput) {
    let plain = target.split(separator: "/").last.map(String.init) ?? target
    let parent = open(DiskFolder.folder(of: target), O_DIRECTORY | O_CLOEXEC)
    guard parent >= 0 else { throw systemFailure(target, "cannot be written") }
    Self.sweep(parent, leftOf: plain)
    // A name has at most 255 bytes.
    let name = ".\(String(decoding: plain.utf8.prefix(200), as: UTF8.self)).\(getpid()).part"
    let descriptor: Int32
    switch mode {
    case .file:
      descriptor = openat(
        parent, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
    case .folder:
      descriptor =
        mkdirat(parent, name, 0o777) == 0
        ? openat(parent, name, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1
    }
    guard descriptor >= 0 else {
      let failure = systemFailure(target, "cannot be written")
      close(parent)
      throw failure
    }
    flock(descriptor, LOCK_EX | LOCK_NB)
    self.parent = parent
    isFolder = mode == .folder
    self.descriptor = descriptor
    self.name = name
  }

  /// Brings what is in it to the disk; whether that succeeds is seen when it takes its name.
  func settle() { _ = syncfs(descriptor) }

  /// Gives it the target's name, unless something stands there by now.
  ///
  /// All of it is on the disk before, and the name behind: a power cut leaves the whole or nothing.
  /// - Throws: `InvalidInput` where that cannot be done.
  func take(_ target: String) throws(InvalidInput) {
    // One call for all files of a folder: to wait for each would take as long as writing them.
    guard (isFolder ? syncfs(descriptor) : fsync(descriptor)) == 0 else {
      throw systemFailure(target, "cannot be written")
    }
    let plain = target.split(separator: "/").last.map(String.init) ?? target
    // A second name is never put in another's place, and a folder only in that of an empty one.
    var status = linkat(parent, name, parent, plain, 0)
    if status == 0 {
      unlinkat(parent, name, 0)
    } else if errno != EEXIST {
      // A folder, or a file system without second names.
      status = renameat(parent, name, parent, plain)
    }
    guard status == 0 else { throw systemFailure(target, "cannot be written") }
    // Some file systems have no such call for folders.
    fsync(parent)
    close(descriptor)
    close(parent)
  }

  /// Takes it away with all that is in it.
  func remove() {
    Self.remove(name, in: parent)
    close(descriptor)
    close(parent)
  }

  /// Removes what others left behind of the same target.
  private static func sweep(_ parent: Int32, leftOf plain: String) {
    let start = ".\(String(decoding: plain.utf8.prefix(200), as: UTF8.self))."
    for name in names(in: parent) where name.hasPrefix(start) && name.hasSuffix(".part") {
      guard name.dropFirst(start.count).dropLast(5).allSatisfy(\.isNumber) else { continue }
      let left = openat(parent, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
      guard left >= 0 else { continue }
      if flock(left, LOCK_EX | LOCK_NB) == 0 { remove(name, in: parent) }
      close(left)
    }
  }

  private static func remove(_ name: String, in parent: Int32) {
    if unlinkat(parent, name, 0) == 0 { return }
    let folder = openat(parent, name, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard folder >= 0 else { return }
    for inner in names(in: folder) { remove(inner, in: folder) }
    close(folder)
    unlinkat(parent, name, AT_REMOVEDIR)
  }

  /// The names in a folder but for itself and the one above.
  private static func names(in folder: Int32) -> [String] {
    let copy = openat(folder, ".", O_DIRECTORY | O_CLOEXEC)
    guard copy >= 0, let stream = fdopendir(copy) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
