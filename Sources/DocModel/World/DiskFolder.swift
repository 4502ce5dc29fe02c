private import Glibc

/// A folder on disk, beyond which nothing is looked at: neither by `..` nor through a link.
///
///     let folder = DiskFolder("programme", today: day)
///     let project = try Project(in: folder)
public struct DiskFolder: World {
  /// The folder as the user named it.
  public let path: String
  /// The day for which everything holds.
  public let today: Day
  /// The folder's path with all links resolved, as its bytes; `nil` where there is none.
  private let root: [UInt8]?

  /// Takes a folder by its path; a relative one begins at the process's current folder.
  public init(_ path: String, today: Day) {
    self.path = path
    self.today = today
    root = Self.resolved(path) { Array(Self.bytes(of: $0)) }
  }

  /// The file at a path below the folder, or `nil` where there is none.
  ///
  /// - Throws: `InvalidInput` where the path leads outside, to something that is no file, or to a
  ///   file that cannot be read or is no text in UTF-8.
  public func source(of path: String) throws(InvalidInput) -> Source? {
    let name = Self.join(self.path, path)
    switch state(of: path) {
    case .absent: return nil
    case .present: return try Source(name: name, bytes: Self.bytes(of: name))
    case .outside:
      throw InvalidInput(
        Diagnostic("'\(name)' lies outside the folder '\(self.path)'", hint: "copy it into it"))
    case .notAFile: throw Self.noFile(name)
    case .unreadable(let reason):
      throw InvalidInput(Diagnostic("'\(name)' cannot be read: \(reason)"))
    }
  }

  /// What is at a path below the folder.
  public func state(of path: String) -> FileState {
    if path.utf8.first == Self.slash || Self.climbs(path) { return .outside }
    // A folder that is not there holds nothing.
    guard root != nil else { return .absent }
    let state = Self.resolved(Self.join(self.path, path)) { real -> FileState in
      guard holds(Self.bytes(of: real)) else { return .outside }
      var status = stat()
      guard stat(real, &status) == 0 else { return .unreadable(systemMessage(errno)) }
      guard status.st_mode & S_IFMT == S_IFREG else { return .notAFile }
      guard access(real, R_OK) == 0 else { return .unreadable(systemMessage(errno)) }
      return .present(size: Int(status.st_size))
    }
    if let state { return state }
    let code = errno
    return code == ENOENT || code == ENOTDIR ? .absent : .unreadable(systemMessage(code))
  }

  /// Whether a path without links lies below the folder.
  ///
  /// Bytes are compared: two names that Unicode calls equivalent are two folders.
  package func holds(_ real: UnsafeRawBufferPointer) -> Bool {
    guard let root, real.count > root.count else { return false }
    let begins = root.withUnsafeBytes { root in
      guard let some = real.baseAddress, let others = root.baseAddress else { return root.isEmpty }
      return memcmp(some, others, root.count) == 0
    }
    return begins && (root.last == 0x2F || real[root.count] == 0x2F)
  }

  /// Whether a path leaves its folder by `..`.
  ///
  /// Its parts are bytes between slashes, as they are to the system.
  private static func climbs(_ path: String) -> Bool {
    var depth = 0
    for part in path.utf8.split(separator: slash) {
      switch Substring(part) {
      case ".": continue
      case "..": depth -= 1
      default: depth += 1
      }
      if depth < 0 { return true }
    }
    return false
  }

  private static let slash = UInt8(ascii: "/")
}

// MARK: - Paths and bytes, for the command as well

extension DiskFolder {
  /// The folder that a path's last part stands in.
  package static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: Self.slash) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// A path within a folder.
  package static func join(_ folder: String, _ name: String) -> String {
    folder == "." ? name : folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }

  /// What is made of a path with all links resolved, or `nil` where it leads nowhere.
  private static func resolved<Result>(
    _ path: String, _ body: (UnsafePointer<CChar>) -> Result
  ) -> Result? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return body(real)
  }

  private static func bytes(of text: UnsafePointer<CChar>) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: text, count: strlen(text))
  }

  /// The bytes of a regular file, at most `Source.sizeLimit`.
  ///
  /// `missing`: what to do where there is no such file.
  package static func bytes(
    of path: String, missing hint: String? = nil
  ) throws(InvalidInput) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      let code = errno
      throw InvalidInput(
        Diagnostic(
          "'\(path)' cannot be read: \(systemMessage(code))", hint: code == ENOENT ? hint : nil))
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw unreadable(path, errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw noFile(path)
    }
    if status.st_size > Source.sizeLimit { throw tooLarge(path) }
    return try bytes(from: descriptor, called: path, expected: Int(status.st_size))
  }

  /// All bytes that an open file or a pipe still gives, at most `Source.sizeLimit`.
  package static func bytes(
    from descriptor: Int32, called path: String, expected: Int = 1 << 16
  ) throws(InvalidInput) -> [UInt8] {
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
      if failure != 0 { throw unreadable(path, failure) }
      if isAtEnd { return bytes }
      bytes = bytes.isEmpty ? chunk : bytes + chunk
      if bytes.count > Source.sizeLimit { throw tooLarge(path) }
      capacity = 1 << 18
    }
  }

  private static func noFile(_ path: String) -> InvalidInput {
    InvalidInput(
      Diagnostic("'\(path)' is not a file", hint: "name a file, not a folder or a device"))
  }

  private static func unreadable(_ path: String, _ code: Int32) -> InvalidInput {
    InvalidInput(Diagnostic("'\(path)' cannot be read: \(systemMessage(code))"))
  }

  private static func tooLarge(_ path: String) -> InvalidInput {
    InvalidInput(
      Diagnostic(
        "'\(path)' is larger than \(Source.sizeLimit >> 20) MiB, the most that is read",
        hint: "keep large material in evidence files"))
  }
}

/// What to do about an error number that a file could not be written for.
package func writingHint(for number: Int32) -> String? {
  switch number {
  case ENOENT: "make the folder that it is to stand in first"
  case EACCES, EPERM, EROFS: "choose a place that you may write to, or ask its owner"
  case ENOSPC, EDQUOT: "free some space and try again; what was there is as it was"
  default: nil
  }
}

/// What the system says of an error number.
package func systemMessage(_ number: Int32) -> String {
  var buffer = [CChar](repeating: 0, count: 256)
  guard strerror_r(number, &buffer, buffer.count) == 0 else { return "error \(number)" }
  return buffer.withUnsafeBufferPointer { text in
    text.baseAddress.map { String(cString: $0) } ?? "error \(number)"
  }
}
