internal import DocModel

/// A manifest of a BagIt bag: a digest for each path (RFC 8493, section 2.1.3).
struct Manifest {
  /// A line of it.
  enum Line {
    case file(String, Digest)
    case damage(PackDamage)
  }

  /// Goes through the lines of a manifest; those that are none are damage.
  static func read(
    _ bytes: [UInt8], _ algorithm: Digest.Algorithm, named name: String, _ take: (Line) -> Void
  ) {
    forEachLine(of: bytes) { number, line in
      if line.isEmpty { return }
      switch parts(of: line, algorithm) {
      case nil:
        take(
          damage(.bag, name, "line \(number) of '\(name)' holds no \(algorithm) digest with a path")
        )
      case (_, nil)?:
        take(damage(.unsafe, name, "line \(number) of '\(name)' names a path outside the pack"))
      case (let digest, let path?)?: take(.file(path, digest))
      }
    }
  }

  /// Goes through the lines of one of a bag's own files with their numbers from 1; they end with LF, CR or
  /// both (RFC 8493, section 2.1).
  static func forEachLine(of bytes: [UInt8], _ take: (Int, ArraySlice<UInt8>) -> Void) {
    var number = 0
    var start = 0
    while start < bytes.count {
      number += 1
      let end = bytes[start...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.count
      take(number, bytes[start..<end])
      let isPair = end + 1 < bytes.count && bytes[end] == 0x0D && bytes[end + 1] == 0x0A
      start = end + (isPair ? 2 : 1)
    }
  }

  private static func damage(_ kind: PackDamage.Kind, _ path: String, _ message: String) -> Line {
    .damage(PackDamage(kind: kind, path: path, message: message))
  }

  /// A line's digest and its path; without a path where that would lead out of the pack.
  private static func parts(
    of line: ArraySlice<UInt8>, _ algorithm: Digest.Algorithm
  ) -> (Digest, String?)? {
    let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
    guard let end = line.firstIndex(where: isSpace),
      let digest = Digest(digits: line[..<end], algorithm)
    else { return nil }
    var path = line[end...].drop(while: isSpace)
    // What other programs write before a path: that it was read as bytes, and that it begins here.
    if path.first == UInt8(ascii: "*") { path.removeFirst() }
    while path.starts(with: "./".utf8) { path.removeFirst(2) }
    return path.isEmpty ? nil : (digest, safePath(decoded(path)))
  }

  /// A path with its escapes `%0A`, `%0D` and `%25` resolved.
  private static func decoded(_ path: ArraySlice<UInt8>) -> [UInt8] {
    guard path.contains(0x25) else { return Array(path) }
    var decoded: [UInt8] = []
    var rest = path
    while let byte = rest.first {
      let code = byte == 0x25 ? String(decoding: rest.prefix(3), as: UTF8.self).uppercased() : ""
      switch code {
      case "%0A": decoded.append(0x0A)
      case "%0D": decoded.append(0x0D)
      case "%25": decoded.append(0x25)
      default:
        decoded.append(byte)
        rest = rest.dropFirst()
        continue
      }
      rest = rest.dropFirst(3)
    }
    return decoded
  }
}

/// A path within a pack as text, unless it is no text, absolute, or leads upwards.
///
/// It is taken apart as bytes: a mark behind a `/` makes another character of it, but no other path.
func safePath(_ bytes: [UInt8]) -> String? {
  // A folder's path may end in one.
  let path = bytes.count > 1 && bytes.last == 0x2F ? bytes.dropLast() : bytes[...]
  var start = path.startIndex
  while start <= path.endIndex {
    let end = path[start...].firstIndex(of: 0x2F) ?? path.endIndex
    switch end - start {
    case 0: return nil
    case 1 where path[start] == 0x2E: return nil
    case 2 where path[start] == 0x2E && path[start + 1] == 0x2E: return nil
    default: start = end + 1
    }
  }
  return String(validating: path, as: UTF8.self)
}
