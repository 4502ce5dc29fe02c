internal import DocModel
private import Glibc
private import Synchronization

/// The files of this machine.
enum Disk {
  /// The name under which standard input is asked for.
  static let standardInput = "-"

  /// Reads a whole file, or standard input for `-`.
  ///
  /// `missing`: what to do where it is not there.
  static func source(_ path: String, missing hint: String? = nil) throws(Failure) -> Source {
    let isInput = path == standardInput
    let name = isInput ? "<standard input>" : path
    if !isInput { try refuseFolder(path) }
    return try attempt { () throws(InvalidInput) in
      try Source(
        name: name,
        bytes: isInput
          ? DiskFolder.bytes(from: STDIN_FILENO, called: name)
          : DiskFolder.bytes(of: path, missing: hint))
    }
  }

  /// Whether a path stands for what somebody types at a terminal.
  static func isTyped(_ path: String) -> Bool {
    path == standardInput && isatty(STDIN_FILENO) == 1
  }

  /// Refuses a folder where a file is needed, and names the file in it that may be meant.
  static func refuseFolder(_ path: String) throws(Failure) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return }
    let inner = [Project.fileName, Bid.fileName].map { join(path, $0) }.first(where: exists)
    throw Failure(
      "'\(path)' is a folder",
      hint: "name a file in it" + (inner.map { ", such as '\($0)'" } ?? ""))
  }

  /// Whether something stands at a path.
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// The folder that a path's last part stands in.
  static func folder(of path: String) -> String { DiskFolder.folder(of: path) }

  /// A path within a folder.
  static func join(_ folder: String, _ name: String) -> String { DiskFolder.join(folder, name) }

  /// The path that links lead to from a path, or the path itself where nothing is there.
  static func target(of path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  /// Makes a folder and those above it; gives the paths of those that were not there, the uppermost first.
  @discardableResult static func makeFolder(_ path: String) throws(Failure) -> [String] {
    if path.isEmpty || path == "." || path == "/" { return [] }
    if path == standardInput {
      throw Failure("'-' is standard output, where a folder is needed", hint: "name a folder")
    }
    if mkdir(path, 0o777) == 0 { return [path] }
    let code = errno
    if code == ENOENT {
      let above = try makeFolder(folder(of: path))
      if mkdir(path, 0o777) == 0 { return above + [path] }
      if errno == EEXIST { return above }
      throw unmakable(path, errno)
    }
    var status = stat()
    guard code == EEXIST, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw unmakable(path, code)
    }
    return []
  }

  private static func unmakable(_ path: String, _ code: Int32) -> Failure {
    Failure(
      "the folder '\(path)' cannot be made: "
        + (code == EEXIST ? "a file of that name is there" : systemMessage(code)),
      hint: writingHint(for: code))
  }

  /// A run's turn to change files of a folder; others that ask for it wait.
  struct Turn {
    private let descriptor: Int32

    /// Waits for the folder.
    init(in folder: String) throws(Failure) {
      descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      guard descriptor >= 0 else {
        let code = errno
        throw Failure(
          "the folder '\(folder)' cannot be read: \(systemMessage(code))",
          hint: readingHint(for: code, at: folder))
      }
      // Where a file system knows no locks, there is nothing to wait for.
      _ = flock(descriptor, LOCK_EX)
    }

    /// Lets others take their turn.
    func end() { close(descriptor) }
  }

  /// The current day where this machine stands.
  static func today() -> Day {
    var now = time(nil)
    var local = tm()
    localtime_r(&now, &local)
    return Day(number: (now + local.tm_gmtoff) / 86_400)
  }
}

/// Files that are written together: each beside its target at once, so that it need not be kept in
/// memory, and in the end all renamed over their targets.
///
/// A target that holds just those bytes is left as it is: its date goes on saying since when, what
/// copies or builds by dates has nothing to do, and the file system need not put the same on the disk again.
final class Outputs: Sendable {
  private let waiting = Mutex<[(temporary: String, path: String)]>([])
  /// The folders that were made for them.
  private let made = Mutex<[String]>([])

  deinit {
    waiting.withLock { waiting in
      for (temporary, _) in waiting { unlink(temporary) }
    }
    // Those that hold something stay.
    made.withLock { made in
      for folder in made.reversed() { rmdir(folder) }
    }
  }

  /// Writes a file beside its target; may be called in any thread.
  ///
  /// `isSecret`: whether only the owner may read it.
  func add(_ path: String, _ bytes: [UInt8], isSecret: Bool = false) throws(Failure) {
    if !isSecret, Self.holds(path, bytes) { return }
    let name = path.utf8.split(separator: UInt8(ascii: "/")).last.flatMap { String($0) } ?? path
    let folder = Disk.folder(of: path)
    let temporary = Disk.join(folder, ".\(name).\(getpid()).part")
    var descriptor = Self.begin(temporary)
    if descriptor < 0, errno == ENOENT || errno == ENOTDIR {
      let folders = try Disk.makeFolder(folder)
      made.withLock { $0 += folders }
      descriptor = Self.begin(temporary)
    } else if descriptor < 0, errno == EEXIST {
      unlink(temporary)
      descriptor = Self.begin(temporary)
    }
    guard descriptor >= 0 else { throw Self.failure(path, errno) }
    // A file that only its owner may read stays so.
    var status = stat()
    if isSecret {
      fchmod(descriptor, 0o600)
    } else if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG {
      fchmod(descriptor, status.st_mode & 0o777)
    }
    waiting.withLock { $0.append((temporary, path)) }
    try Self.write(bytes, to: descriptor, for: path)
  }

  /// Puts the files in their places.
  ///
  /// A failure, or leaving this out, leaves every target as it was, or wholly new.
  func finish() throws(Failure) {
    let failed = waiting.withLock { waiting -> (path: String, code: Int32)? in
      while let (temporary, path) = waiting.first {
        if rename(temporary, path) != 0 { return (path, errno) }
        waiting.removeFirst()
      }
      return nil
    }
    if let failed { throw Self.failure(failed.path, failed.code) }
  }

  /// Whether a plain file holds these bytes and no others.
  private static func holds(_ path: String, _ bytes: [UInt8]) -> Bool {
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_size == bytes.count
    else { return false }
    return withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 1) { buffer in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = read(descriptor, buffer.baseAddress, min(buffer.count, rest.count))
        if count < 0, errno == EINTR { continue }
        let isSame = rest.withUnsafeBytes { wanted in
          guard count > 0, let wanted = wanted.baseAddress, let found = buffer.baseAddress else {
            return false
          }
          return memcmp(wanted, found, count) == 0
        }
        guard isSame else { return false }
        rest = rest.dropFirst(count)
      }
      return true
    }
  }

  private static func begin(_ temporary: String) -> Int32 {
    open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
  }

  private static func failure(_ path: String, _ code: Int32) -> Failure {
    Failure(
      "'\(path)' cannot be written: \(systemMessage(code))", hint: writingHint(for: code))
  }

  private static func write(
    _ bytes: [UInt8], to descriptor: Int32, for path: String
  ) throws(Failure) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        let code = errno
        close(descriptor)
        throw failure(path, code)
      }
    }
    guard close(descriptor) == 0 else { throw failure(path, errno) }
  }
}
