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
///
/// Paths are compared by their bytes: a name that Unicode calls equivalent to another is another one.
struct PackContents {
  struct File {
    let path: String
    let size: Int
    let digest: Digest
  }

  private(set) var files: [File] = []
  /// Where a file stands among them: there may be very many, and a table of files would have much room
  /// for nothing.
  private var places: [ExactText: Int32] = [:]
  private(set) var kept: [ExactText: [UInt8]] = [:]
  private(set) var damage: [PackDamage] = []
  /// How many files the payload has, and how many bytes they have.
  private(set) var payload = (count: 0, size: 0)

  /// The most that is kept of a pack, in bytes: a project with all its guides and templates is smaller.
  static let keptLimit = 512 << 20
  private var keptSize = 0
  /// The most files that a pack has: no project file can name as many.
  static let countLimit = 1 << 22

  /// What to do where something is no pack.
  static let remedy = "name the folder or archive that 'rfpgen pack' wrote"

  /// Reads a pack whole, a piece at a time.
  ///
  /// `keeps`: whether the bytes of the file at a path are wanted. `progress` is told how many bytes were
  /// read since it was told last, and how many there are. `show` is shown what is kept, as soon as all of it
  /// was read, and may take some of it out.
  /// - Throws: `InvalidInput` where there is no pack at the path.
  init(
    of path: String, _ algorithm: Digest.Algorithm, keeps: (String) -> Bool,
    progress: @escaping @Sendable (Int, Int) -> Void,
    show: (inout [ExactText: [UInt8]]) -> Void = { _ in }
  ) throws(InvalidInput) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw systemFailure(path, "cannot be read") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw systemFailure(path, "cannot be read") }
    switch status.st_mode & S_IFMT {
    case S_IFDIR:
      let folder = PackFolder(descriptor)
      damage = folder.damage
      folder.read(algorithm, keeps: keeps, progress: progress) { shares, isKept in
        for share in shares { for found in share { take(found) } }
        if isKept { show(&kept) }
      }
    case S_IFREG:
      let archive = PackArchive(descriptor, named: path, size: Int(status.st_size), progress)
      try archive.read(algorithm, keeps: keeps) { take($0) }
      show(&kept)
    default:
      throw InvalidInput(
        Diagnostic("'\(path)' is neither a folder nor an archive", hint: Self.remedy))
    }
  }

  /// What is found in a pack.
  enum Found: Sendable {
    /// A file with its digest and, where they are wanted, its bytes.
    case file(path: String, size: Int, digest: Digest, bytes: [UInt8]?)
    case damage(PackDamage)
  }

  private mutating func take(_ found: Found) {
    switch found {
    case .damage(let item): damage.append(item)
    case .file(let path, let size, let digest, let bytes):
      places[ExactText(path)] = Int32(files.count)
      files.append(File(path: path, size: size, digest: digest))
      if path.hasPrefix("data/") {
        payload.count += 1
        payload.size += size
      }
      guard let bytes, keptSize + bytes.count <= Self.keptLimit else { return }
      kept[ExactText(path)] = bytes
      keptSize += bytes.count
    }
  }

  /// Where the file at a path stands among all, if there is one.
  func place(of path: String) -> Int? { places[ExactText(path)].map(Int.init) }

  /// The bytes of the file at a path, unless they were not wanted.
  func bytes(of path: String) -> [UInt8]? { kept[ExactText(path)] }
}

/// The bytes of a file as they come: their digest and, where they are wanted, themselves.
struct FileTaking {
  let path: String
  private var digester: Digester
  private var bytes: [UInt8]?
  private var size = 0

  /// `size`: how many bytes it probably has.
  init(_ path: String, _ algorithm: Digest.Algorithm, keeps: Bool, size: Int = 0) {
    self.path = path
    digester = Digester(algorithm)
    bytes = keeps ? [] : nil
    bytes?.reserveCapacity(min(size, PackContents.keptLimit))
  }

  mutating func take(_ piece: UnsafeRawBufferPointer) {
    digester.update(piece)
    size += piece.count
    if size > PackContents.keptLimit { bytes = nil }
    bytes?.append(contentsOf: piece)
  }

  consuming func end() -> PackContents.Found {
    .file(path: path, size: size, digest: digester.finish(), bytes: bytes)
  }
}
