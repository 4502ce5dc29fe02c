internal import DocModel
private import Glibc

/// The files of this machine.
enum Disk {
  /// The name under which standard input is asked for.
  static let standardInput = "-"

  /// Reads a whole file, or standard input for `-`.
  static func source(_ path: String) throws(Failure) -> Source {
    let isInput = path == standardInput
    let name = isInput ? "<standard input>" : path
    return try attempt { () throws(InvalidInput) in
      try Source(
        name: name,
        bytes: isInput
          ? DiskFolder.bytes(from: STDIN_FILENO, called: name)
          : DiskFolder.bytes(of: path, missing: hint(forMissing: path)))
    }
  }

  private static func hint(forMissing path: String) -> String? {
    path.hasSuffix(".yaml") || path.hasSuffix(".yml")
      ? "'rfpgen init DIR' writes a project file to start from" : nil
  }

  /// Whether something stands at a path.
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// The folder that a path's last part stands in.
  static func folder(of path: String) -> String { DiskFolder.folder(of: path) }

  /// A path within a folder.
  static func join(_ folder: String, _ name: String) -> String { DiskFolder.join(folder, name) }

  /// Makes a folder and those above it.
  static func makeFolder(_ path: String) throws(Failure) {
    if path.isEmpty || path == "." || path == "/" { return }
    if mkdir(path, 0o777) == 0 { return }
    let code = errno
    if code == ENOENT {
      try makeFolder(folder(of: path))
      if mkdir(path, 0o777) == 0 || errno == EEXIST { return }
      throw Failure("the folder '\(path)' cannot be made: \(systemMessage(errno))")
    }
    var status = stat()
    guard code == EEXIST, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw Failure(
        "the folder '\(path)' cannot be made: "
          + (code == EEXIST ? "a file of that name is there" : systemMessage(code)))
    }
  }

  /// The current day where this machine stands.
  static func today() -> Day {
    var now = time(nil)
    var local = tm()
    localtime_r(&now, &local)
    return Day(number: (now + local.tm_gmtoff) / 86_400)
  }
}

/// Files that are written together: all beside their targets first, then renamed over them.
struct Outputs {
  private var files: [(path: String, bytes: [UInt8])] = []

  /// The paths in order.
  var paths: [String] { files.map(\.path) }

  /// Adds a file; nothing is written yet.
  mutating func add(_ path: String, _ bytes: [UInt8]) { files.append((path, bytes)) }

  /// Writes all files.
  ///
  /// A failure leaves every target as it was, or wholly new.
  func write() throws(Failure) {
    var written: [(temporary: String, path: String)] = []
    do throws(Failure) {
      for (path, bytes) in files {
        try Disk.makeFolder(Disk.folder(of: path))
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let temporary = Disk.join(Disk.folder(of: path), ".\(name).\(getpid()).part")
        written.append((temporary, path))
        try Self.write(bytes, to: temporary, for: path)
      }
      for (temporary, path) in written where rename(temporary, path) != 0 {
        throw Failure("'\(path)' cannot be written: \(systemMessage(errno))")
      }
    } catch {
      for (temporary, _) in written { unlink(temporary) }
      throw error
    }
  }

  private static func write(
    _ bytes: [UInt8], to temporary: String, for path: String
  ) throws(Failure) {
    unlink(temporary)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw Failure("'\(path)' cannot be written: \(systemMessage(errno))")
    }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        let code = errno
        close(descriptor)
        throw Failure("'\(path)' cannot be written: \(systemMessage(code))")
      }
    }
    guard close(descriptor) == 0 else {
      throw Failure("'\(path)' cannot be written: \(systemMessage(errno))")
    }
  }
}
