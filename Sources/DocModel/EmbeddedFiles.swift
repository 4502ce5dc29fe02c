private import Templates

/// The guides, document templates and page layout that the program carries.
public enum EmbeddedFiles {
  /// The bytes of a file by its path below `Templates`, or `nil` where there is none.
  public static func bytes(of path: String) -> [UInt8]? {
    all.first { $0.path == path }.map { Array($0.bytes) }
  }

  /// The paths of the files in a folder below `Templates`, in order.
  public static func paths(in folder: String) -> [String] {
    all.map(\.path).filter { $0.hasPrefix(folder + "/") }
  }

  private static var all: [(path: String, bytes: UnsafeBufferPointer<UInt8>)] {
    var files: [(path: String, bytes: UnsafeBufferPointer<UInt8>)] = []
    var next = rfpgen_embedded_files()
    while let file = next?.pointee, let path = file.path {
      let bytes = UnsafeBufferPointer(start: file.bytes, count: file.size)
      files.append((String(cString: path), bytes))
      next = next?.advanced(by: 1)
    }
    return files
  }
}
