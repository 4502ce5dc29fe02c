private import CLinux
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
  private let root: OpenFolder

  /// Takes a folder by its path; a relative one begins at the process's current folder.
  public init(_ path: String, today: Day) {
    self.path = path
    self.today = today
    root = OpenFolder(path)
  }

  /// The file at a path below the folder, or `nil` where there is none.
  ///
  /// - Throws: `InvalidInput` where the path leads outside, to something that is no file, to a file that
  ///   cannot be read or is no text in UTF-8, or through a link to nothing.
  public func source(of path: String) throws(InvalidInput) -> Source? {
    let name = Self.join(self.path, path)
    switch opened(path) {
    case .file(let descriptor, let size):
      defer { close(descriptor) }
      if size > Source.sizeLimit { throw Self.tooLarge(name) }
      return try Source(
        name: name, bytes: Self.bytes(from: descriptor, called: name, expected: size))
    case .none(.outside):
      throw InvalidInput(
        Diagnostic("'\(name)' lies outside the folder '\(self.path)'", hint: "copy it into it"))
    case .none(.notAFile): throw Self.noFile(name)
    case .none(.unreadable(let reason)):
      throw InvalidInput(
        Diagnostic(
          "'\(name)' cannot be read: \(reason)", hint: readingHint(for: EACCES, at: name)))
    case .none:
      // Somebody wants something to be there.
      var status = stat()
      guard lstat(name, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else { return nil }
      throw InvalidInput(
        Diagnostic(
          "'\(name)' is a link that leads nowhere",
          hint: "bring back what it leads to, or remove the link"))
    }
  }

  /// What is at a path below the folder.
  public func state(of path: String) -> FileState {
    switch opened(path) {
    case .file(let descriptor, let size):
      close(descriptor)
      return .present(size: size)
    case .none(let state): return state
    }
  }

  /// The path of a file below the folder that is written nearly as a path where there is none, with other
  /// folders or without.
  public func neighbour(of path: String) -> String? {
    if path.utf8.first == Self.slash { return nil }
    let parts = path.split(separator: "/").map(String.init).filter { $0 != "." }
    var found = "."
    for (index, part) in parts.enumerated() {
      guard part != "..", let names = root.names(in: found) else { return nil }
      let near =
        names.contains(part)
        ? part
        : index == parts.count - 1
          ? fileName(near: part, in: names) : nearest(to: part, among: names)
      guard let near else { return nil }
      found = Self.join(found, near)
    }
    guard case .file(let descriptor, _) = opened(found) else { return nil }
    close(descriptor)
    return found
  }

  /// What comes of opening a path.
  package enum Opened {
    /// A plain file with so many bytes, which whoever asked is to close.
    case file(Int32, size: Int)
    /// None that could be read.
    case none(FileState)
  }

  /// Opens the plain file at a path below the folder for reading.
  ///
  /// What counts is where the file lies that was opened, whatever a link names a moment before or after.
  package func opened(_ path: String) -> Opened {
    if path.utf8.first == Self.slash || Self.climbs(path) { return .none(.outside) }
    let descriptor = root.open(path)
    if descriptor >= 0 { return Self.plain(descriptor) }
    switch errno {
    case ENOENT, ENOTDIR: return .none(.absent)
    case EACCES: return .none(.unreadable(systemMessage(EACCES)))
    // A socket.
    case ENXIO: return .none(.notAFile)
    // A link that the system does not follow may lead to something within all the same, and an old system
    // does not know how to open a file below a folder.
    default: return openedByName(path)
    }
  }

  /// What is open, if it is a plain file; anything else is closed.
  private static func plain(_ descriptor: Int32) -> Opened {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      return .none(.notAFile)
    }
    return .file(descriptor, size: Int(status.st_size))
  }

  /// Opens a path whose links are resolved first, and asks the system afterwards where that lies which was
  /// opened.
  private func openedByName(_ path: String) -> Opened {
    // A folder that is not there holds nothing.
    guard let root = realpath(self.path, nil) else { return .none(.absent) }
    defer { free(root) }
    guard let real = realpath(Self.join(self.path, path), nil) else {
      let code = errno
      return .none(
        code == ENOENT || code == ENOTDIR ? .absent : .unreadable(systemMessage(code)))
    }
    defer { free(real) }
    guard Self.holds(root, real) else { return .none(.outside) }
    let descriptor = open(real, OpenFolder.readingFlags | O_NOFOLLOW)
    guard descriptor >= 0 else { return .none(.unreadable(systemMessage(errno))) }
    let isWithin = withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX) + 1) {
      room in
      guard let text = room.baseAddress else { return false }
      let count = readlink("/proc/self/fd/\(descriptor)", text, Int(PATH_MAX))
      text[max(0, count)] = 0
      return count > 0 && Self.holds(root, text)
    }
    if isWithin { return Self.plain(descriptor) }
    close(descriptor)
    return .none(.outside)
  }

  /// Whether a path without links lies below another one.
  ///
  /// Bytes are compared: two names that Unicode calls equivalent are two folders.
  private static func holds(_ root: UnsafePointer<CChar>, _ real: UnsafePointer<CChar>) -> Bool {
    let count = strlen(root)
    guard strncmp(root, real, count) == 0, strlen(real) > count else { return false }
    let slash = CChar(Self.slash)
    return count > 0 && root[count - 1] == slash || real[count] == slash
  }

  /// Whether a path leaves its folder by `..`.
  ///
  /// Its parts are bytes between slashes, as they are to the system.
  private static func climbs(_ path: String) -> Bool {
    // Hardly any path holds two dots in a row, and there may be very many paths.
    guard zip(path.utf8, path.utf8.dropFirst()).contains(where: { $0 == dot && $1 == dot }) else {
      return false
    }
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
  private static let dot = UInt8(ascii: ".")
}

/// A folder that is open, so that files are found below it wherever it is moved to.
private final class OpenFolder: Sendable {
  /// The folder; -1 where there is none.
  private let descriptor: Int32

  /// How a file is opened that may turn out to be a pipe or a device.
  static let readingFlags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY

  init(_ path: String) { descriptor = open_folder(path) }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Opens a file below the folder, to which links may lead that stay within; -1 with `errno`.
  func open(_ path: String) -> Int32 {
    guard descriptor >= 0 else {
      errno = ENOENT
      return -1
    }
    return open_beneath(descriptor, path, Self.readingFlags)
  }

  /// What stands in a folder below the folder, unless there is none.
  func names(in path: String) -> [String]? {
    let folder = open(path)
    guard folder >= 0 else { return nil }
    guard let stream = fdopendir(folder) else {
      close(folder)
      return nil
    }
    defer { closedir(stream) }
    return DocModel.names(in: stream)
  }
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

  /// The bytes of a regular file, at most `Source.sizeLimit`.
  ///
  /// `missing`: what to do where there is no such file, nor one of a similar name.
  package static func bytes(
    of path: String, missing hint: String? = nil
  ) throws(InvalidInput) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw unreadable(path, errno, missing: hint) }
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

  private static func unreadable(
    _ path: String, _ code: Int32, missing hint: String? = nil
  ) -> InvalidInput {
    InvalidInput(
      Diagnostic(
        "'\(path)' cannot be read: \(systemMessage(code))",
        hint: readingHint(for: code, at: path, missing: hint)))
  }

  private static func tooLarge(_ path: String) -> InvalidInput {
    InvalidInput(
      Diagnostic(
        "'\(path)' is larger than \(Source.sizeLimit >> 20) MiB, the most that is read",
        hint: "keep large material in evidence files"))
  }
}

/// What to do about an error number that something could not be written for.
package func writingHint(for number: Int32) -> String {
  switch number {
  case ENOENT: "make the folder that it is to stand in first"
  case EACCES, EPERM, EROFS: "choose a place that you may write to, or ask its owner"
  case ENOSPC, EDQUOT: "free some space and try again; what was there is as it was"
  case EEXIST, ENOTDIR, EISDIR, ELOOP, ENAMETOOLONG: "choose another name or another place for it"
  default: "choose another place for it; what was there is as it was"
  }
}

/// What to do about an error number that something at a path could not be read for.
///
/// `missing`: what to do where nothing is there, and the folder holds no similar name either.
package func readingHint(for number: Int32, at path: String, missing: String? = nil) -> String {
  switch number {
  case ENOENT:
    return neighbour(of: path).map { "did you mean '\($0)'?" } ?? missing
      ?? "name what is there; a path begins at the current folder"
  case EACCES, EPERM: return "make it readable, or ask its owner"
  case ENOTDIR, ELOOP, ENAMETOOLONG: return "look whether its path is right"
  default: return "look whether the disk that it is on is in order, or take a copy of it"
  }
}

/// The path beside one that is not there whose name was probably meant.
private func neighbour(of path: String) -> String? {
  let folder = DiskFolder.folder(of: path)
  guard let stream = opendir(folder) else { return nil }
  defer { closedir(stream) }
  let name = path.split(separator: "/").last.map(String.init) ?? path
  return fileName(near: name, in: names(in: stream)).map { DiskFolder.join(folder, $0) }
}

/// The names in an open folder, in order.
private func names(in stream: OpaquePointer) -> [String] {
  var names: [String] = []
  // A folder may hold any number.
  while names.count < 10_000, let entry = readdir(stream) {
    let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    // The folder itself and the one above bear names of one sign, which are near to any short one.
    if name != ".", name != ".." { names.append(name) }
  }
  return names.sorted()
}

/// The name of a file that was probably meant by another, among some.
private func fileName(near name: String, in names: [String]) -> String? {
  // A name may be misspelt before its ending; the endings of one kind of file stand for each other.
  func parts(_ name: String) -> (stem: String, kind: String) {
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return (name, "") }
    let ending = name[dot...].lowercased()
    return (String(name[..<dot]), [".yml", ".json"].contains(ending) ? ".yaml" : ending)
  }
  let wanted = parts(name)
  let others = names.filter { parts($0).kind == wanted.kind }
  let stems = others.map { parts($0).stem }
  guard let near = nearest(to: wanted.stem, among: stems), let index = stems.firstIndex(of: near)
  else { return nil }
  return others[index]
}

/// What the system says of an error number.
package func systemMessage(_ number: Int32) -> String {
  var buffer = [CChar](repeating: 0, count: 256)
  guard strerror_r(number, &buffer, buffer.count) == 0 else { return "error \(number)" }
  return buffer.withUnsafeBufferPointer { text in
    text.baseAddress.map { String(cString: $0) } ?? "error \(number)"
  }
}
