internal import DocModel
private import Glibc

/// A pack that is a folder.
struct PackFolder {
  private let root: Int32
  /// The plain files below, in the order of their paths.
  private var files: [File] = []
  /// What is there besides plain files.
  private(set) var damage: [PackDamage] = []

  private typealias File = (path: String, size: Int)

  private static let depthLimit = 64
  /// How much is read at a time, in bytes.
  private static let pieceSize = 1 << 20
  /// How many files a thread takes at a time, and how many bytes are enough for fewer.
  private static let share = (files: 64, bytes: 1 << 22)

  /// Looks which files there are in an open folder, which stays the caller's.
  init(_ descriptor: Int32) {
    root = descriptor
    list(openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), "", depth: 0)
  }

  private mutating func add(_ kind: PackDamage.Kind, _ path: String, _ message: String) {
    damage.append(PackDamage(kind: kind, path: path, message: message))
  }

  private mutating func list(_ descriptor: Int32, _ path: String, depth: Int) {
    guard descriptor >= 0, let stream = fdopendir(descriptor) else {
      return add(.bag, path, systemFailure(path, "cannot be read").diagnostics[0].message)
    }
    defer { closedir(stream) }
    for name in Self.names(in: stream) {
      guard files.count < PackContents.countLimit else {
        return add(.bag, path, "the folder holds more files than any pack")
      }
      let text = String(decoding: name.map { UInt8(bitPattern: $0) }.dropLast(), as: UTF8.self)
      let inner = path.isEmpty ? text : "\(path)/\(text)"
      var status = stat()
      guard fstatat(dirfd(stream), name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
      guard text.utf8.elementsEqual(name.dropLast().lazy.map { UInt8(bitPattern: $0) }) else {
        add(.extra, inner, "the name of '\(inner)' is not UTF-8")
        continue
      }
      switch status.st_mode & S_IFMT {
      case S_IFDIR where depth >= Self.depthLimit:
        add(.unsafe, inner, "'\(inner)' lies deeper than anything in a pack")
      case S_IFDIR:
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        list(openat(dirfd(stream), name, flags), inner, depth: depth + 1)
      case S_IFREG: files.append((inner, Int(status.st_size)))
      default: add(.unsafe, inner, "'\(inner)' is not a plain file")
      }
    }
  }

  /// The names in a folder but for itself and the one above, in the order of their bytes.
  private static func names(in stream: OpaquePointer) -> [[CChar]] {
    var names: [[CChar]] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: 256) { text in
          Array(UnsafeBufferPointer(start: text, count: strlen(text) + 1))
        }
      }
      if name != [0x2E, 0], name != [0x2E, 0x2E, 0] { names.append(name) }
    }
    return names.sorted { strcmp($0, $1) < 0 }
  }

  /// Reads all files, each once, on as many threads as there are processors: first those whose bytes are
  /// kept.
  ///
  /// `take` takes what is found, and whether it is that which is kept.
  func read(
    _ algorithm: Digest.Algorithm, keeps: (String) -> Bool,
    progress: @escaping @Sendable (Int, Int) -> Void,
    take: ([[PackContents.Found]], _ isKept: Bool) -> Void
  ) {
    let total = files.reduce(0) { $0 + $1.size }
    var parts = (kept: [File](), others: [File]())
    for file in files {
      if keeps(file.path) { parts.kept.append(file) } else { parts.others.append(file) }
    }
    for (files, isKept) in [(parts.kept, true), (parts.others, false)] {
      take(read(files, algorithm, keeps: isKept) { progress($0, total) }, isKept)
    }
  }

  private func read(
    _ files: [File], _ algorithm: Digest.Algorithm, keeps: Bool,
    progress: @escaping @Sendable (Int) -> Void
  ) -> [[PackContents.Found]] {
    let shares = Self.shares(of: files)
    return concurrently(Array(shares.indices)) { [self] number in
      let buffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: Self.pieceSize, alignment: 64)
      defer { buffer.deallocate() }
      return shares[number].map { index -> PackContents.Found in
        let (path, size) = files[index]
        var taking = FileTaking(path, algorithm, keeps: keeps, size: size)
        do throws(InvalidInput) {
          try read(path, buffer) { piece in
            taking.take(piece)
            progress(piece.count)
          }
        } catch {
          return .damage(
            PackDamage(kind: .bag, path: path, message: error.diagnostics[0].message))
        }
        return taking.end()
      }
    }
  }

  /// The files in runs that are worth a thread's while.
  private static func shares(of files: [File]) -> [Range<Int>] {
    var shares: [Range<Int>] = []
    var start = 0
    var size = 0
    for index in files.indices {
      size += files[index].size
      if index + 1 - start == share.files || size >= share.bytes {
        shares.append(start..<index + 1)
        start = index + 1
        size = 0
      }
    }
    if start < files.count { shares.append(start..<files.count) }
    return shares
  }

  private func read(
    _ path: String, _ buffer: UnsafeMutableRawBufferPointer,
    _ take: (UnsafeRawBufferPointer) -> Void
  ) throws(InvalidInput) {
    let descriptor = openat(root, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    guard descriptor >= 0 else { throw systemFailure(path, "cannot be read") }
    defer { close(descriptor) }
    while true {
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count == 0 { return }
      if count > 0 {
        take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      } else if errno != EINTR {
        throw systemFailure(path, "cannot be read")
      }
    }
  }
}
