private import Glibc
private import Templates

/// The guides, document templates and page layout that the program carries.
public enum EmbeddedFiles {
  /// The bytes of a file by its path below `Templates`, or `nil` where there is none.
  public static func bytes(of path: String) -> [UInt8]? { buffer(of: path).map { Array($0) } }

  /// The bytes of a file where they stand in the program.
  package static func buffer(of path: String) -> UnsafeBufferPointer<UInt8>? {
    path.withCString { path in
      var next = rfpgen_embedded_files()
      while let file = next?.pointee, let name = file.path {
        if strcmp(name, path) == 0 {
          return UnsafeBufferPointer(start: file.bytes, count: file.size)
        }
        next = next?.advanced(by: 1)
      }
      return nil
    }
  }

  /// Whether bytes are those of the file at a path.
  package static func hold(_ bytes: [UInt8], at path: String) -> Bool {
    guard let own = buffer(of: path), own.count == bytes.count else { return false }
    return bytes.withUnsafeBytes { bytes in
      guard let mine = own.baseAddress, let theirs = bytes.baseAddress else { return true }
      return memcmp(mine, theirs, own.count) == 0
    }
  }

  /// The paths of the files in a folder below `Templates`, in order.
  public static func paths(in folder: String) -> [String] {
    var paths: [String] = []
    var next = rfpgen_embedded_files()
    while let name = next?.pointee.path {
      let path = String(cString: name)
      if path.hasPrefix(folder + "/") { paths.append(path) }
      next = next?.advanced(by: 1)
    }
    return paths
  }
}
