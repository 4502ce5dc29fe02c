internal import DocModel
private import Glibc

/// The files of this machine.
enum Disk {
  /// The name under which standard input is asked for.
  static let standardInput = "-"

  /// Reads a whole file, or standard input for `-`.
  static func source(_ path: String, named name: String? = nil) throws(Failure) -> Source {
    let bytes = try bytes(path)
    let name = name ?? (path == standardInput ? "<standard input>" : path)
    return try attempt { () throws(InvalidInput) in try Source(name: name, bytes: bytes) }
  }

  /// The bytes of a regular file or of standard input, at most `Source.sizeLimit` and one more.
  static func bytes(_ path: String) throws(Failure) -> [UInt8] {
    let isInput = path == standardInput
    let descriptor = isInput ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      let code = errno
      throw Failure(
        "'\(path)' cannot be read: \(systemMessage(code))",
        hint: code == ENOENT ? hint(forMissing: path) : nil)
    }
    defer { if !isInput { close(descriptor) } }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw Failure("'\(path)' cannot be read: \(systemMessage(errno))")
    }
    let isFile = status.st_mode & S_IFMT == S_IFREG
    guard isInput || isFile else { throw Failure("'\(path)' is not a file") }
    if isFile, status.st_size > Source.sizeLimit { throw tooLarge(path, Int(status.st_size)) }
    return try readAll(descriptor, path, expected: isFile ? Int(status.st_size) : 1 << 16)
  }

  private static func readAll(
    _ descriptor: Int32, _ path: String, expected: Int
  ) throws(Failure) -> [UInt8] {
    var bytes: [UInt8] = []
    var capacity = max(expected, 1) + 1
    while true {
      var failure: Int32 = 0
      var isAtEnd = false
      let chunk = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
        let got = read(descriptor, buffer.baseAddress, buffer.count)
        if got < 0 { failure = errno }
        isAtEnd = got == 0
        count = max(0, got)
      }
      if failure == EINTR { continue }
      if failure != 0 { throw Failure("'\(path)' cannot be read: \(systemMessage(failure))") }
      if isAtEnd { return bytes }
      bytes = bytes.isEmpty ? chunk : bytes + chunk
      if bytes.count > Source.sizeLimit { throw tooLarge(path, bytes.count) }
      capacity = 1 << 18
    }
  }

  private static func tooLarge(_ path: String, _ size: Int) -> Failure {
    Failure(
      "'\(path)' is larger than \(Source.sizeLimit >> 20) MiB, the most that is read",
      hint: "keep large material in evidence files")
  }

  private static func hint(forMissing path: String) -> String? {
    path.hasSuffix(".yaml") || path.hasSuffix(".yml")
      ? "'rfpgen init DIR' writes a project file to start from" : nil
  }

  /// Whether something stands at a path.
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// The folder that a path's last part stands in.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// A path within a folder.
  static func join(_ folder: String, _ name: String) -> String {
    folder == "." ? name : folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }

  /// A path with all links resolved, or `nil` where it leads nowhere.
  static func resolved(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

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

/// A project's folder on disk, beyond which no evidence is looked at.
struct DiskFolder: EvidenceFolder {
  private let path: String
  private let root: [Substring]?

  init(_ path: String) {
    self.path = path
    root = Disk.resolved(path).map { $0.split(separator: "/") }
  }

  func state(of path: String) -> FileState {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    if path.hasPrefix("/") || Self.climbs(parts) { return .outside }
    let full = Disk.join(self.path, path)
    guard let root, let real = Disk.resolved(full) else {
      return errno == ENOENT || errno == ENOTDIR ? .absent : .unreadable(systemMessage(errno))
    }
    guard real.split(separator: "/").starts(with: root) else { return .outside }
    var status = stat()
    guard stat(real, &status) == 0 else { return .unreadable(systemMessage(errno)) }
    guard status.st_mode & S_IFMT == S_IFREG else { return .notAFile }
    guard access(real, R_OK) == 0 else { return .unreadable(systemMessage(errno)) }
    return .present(size: Int(status.st_size))
  }

  /// Whether a path leaves its folder by `..`.
  private static func climbs(_ parts: [Substring]) -> Bool {
    var depth = 0
    for part in parts {
      switch part {
      case "", ".": continue
      case "..": depth -= 1
      default: depth += 1
      }
      if depth < 0 { return true }
    }
    return false
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
