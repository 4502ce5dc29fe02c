public import DocModel
private import Glibc

/// A world whose evidence can be read, piece by piece.
public protocol EvidenceSource: World {
  /// Opens the file at a path, or says why there is none that could be read; in any thread.
  func evidence(at path: String) -> FoundEvidence
}

/// What is found where evidence should be.
public enum FoundEvidence {
  /// A file that is open.
  case file(any EvidenceStream)
  /// No file that could be read.
  case none(FileState)
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
  public func evidence(at path: String) -> FoundEvidence {
    switch opened(path) {
    case .file(let descriptor, let size):
      .file(DiskFile(descriptor, in: self.path, at: path, size: size))
    case .none(let state): .none(state)
    }
  }
}

/// A plain file that is open for reading.
private final class DiskFile: EvidenceStream {
  let size: Int
  private let descriptor: Int32
  private let folder: String
  private let path: String
  private var done = 0
  private var isAtEnd = false
  private static let pieceSize = 1 << 17

  /// Takes over an open file.
  init(_ descriptor: Int32, in folder: String, at path: String, size: Int) {
    self.descriptor = descriptor
    self.folder = folder
    self.path = path
    self.size = size
    // Not worth a call for a file that is read in one piece.
    if size > Self.pieceSize { posix_fadvise(descriptor, 0, 0, Int32(POSIX_FADV_SEQUENTIAL)) }
  }

  deinit { close(descriptor) }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(InvalidInput) -> Int {
    if isAtEnd { return 0 }
    while true {
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 {
        done += count
        // A file that gives less than was asked for has no more: to ask again would take as long.
        isAtEnd = count < buffer.count && done >= size
        return count
      }
      if errno != EINTR {
        throw systemFailure(DiskFolder.join(folder, path), "cannot be read")
      }
    }
  }
}
