public import DocModel
private import Glibc

/// A world whose evidence can be read, piece by piece.
public protocol EvidenceSource: World {
  /// Opens the file at a path.
  ///
  /// - Throws: `InvalidInput` where there is no such file, or it belongs to somebody else.
  func evidence(at path: String) throws(InvalidInput) -> any EvidenceStream
}

/// An open evidence file.
public protocol EvidenceStream {
  /// How many bytes it held when it was opened.
  var size: Int { get }

  /// Reads the next bytes; 0 at the end.
  ///
  /// - Throws: `InvalidInput` where they cannot be read.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(InvalidInput) -> Int
}

extension DiskFolder: EvidenceSource {
  /// Opens a file below the folder.
  ///
  /// What counts is the file that was opened, not the one that a link named a moment before: its path
  /// is asked of the system once it is open.
  ///
  /// - Throws: `InvalidInput` where it lies outside, is no plain file, or cannot be opened.
  public func evidence(at path: String) throws(InvalidInput) -> any EvidenceStream {
    let file = try DiskFile(DiskFolder.join(self.path, path))
    guard file.isAt(holds) else {
      throw InvalidInput(
        Diagnostic(
          "'\(path)' leads outside the project's folder",
          hint: "copy the file into the project's folder"))
    }
    return file
  }
}

/// A plain file that is open for reading.
private final class DiskFile: EvidenceStream {
  let size: Int
  private let descriptor: Int32
  private let name: String
  private static let pieceSize = 1 << 17

  init(_ name: String) throws(InvalidInput) {
    let descriptor = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw systemFailure(name, "cannot be read") }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw InvalidInput(Diagnostic("'\(name)' is not a file"))
    }
    self.descriptor = descriptor
    self.name = name
    size = Int(status.st_size)
    // Not worth a call for a file that is read in one piece.
    if size > Self.pieceSize { posix_fadvise(descriptor, 0, 0, Int32(POSIX_FADV_SEQUENTIAL)) }
  }

  deinit { close(descriptor) }

  /// Whether something holds of where the open file lies, as the system knows it.
  func isAt(_ isRight: (UnsafeRawBufferPointer) -> Bool) -> Bool {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { room in
      guard let text = room.baseAddress else { return false }
      let count = readlink("/proc/self/fd/\(descriptor)", text, room.count)
      return count > 0 && isRight(UnsafeRawBufferPointer(start: text, count: count))
    }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(InvalidInput) -> Int {
    while true {
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      if errno != EINTR { throw systemFailure(name, "cannot be read") }
    }
  }
}
