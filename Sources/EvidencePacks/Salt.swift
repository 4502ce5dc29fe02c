public import DocModel
private import Glibc

/// The secret of a project with which the digests of what is withheld are salted: without it nobody can
/// tell by trying whether a guess is right.
///
/// It stays with the owner, in a file beside the project file that is in no pack.
///
///     let salt = try Salt(of: source, in: folder)
///     salt?.seal(sealed)
public struct Salt: Sendable {
  private let bytes: [UInt8]
  /// The file that it was read from, whose content no pack may hold.
  let source: Source?

  private static let size = 32

  /// The name of the salt of a project file: `project.salt` for `project.yaml`.
  public static func fileName(for project: String) -> String {
    String(Lock.fileName(for: project).dropLast("lock".utf8.count)) + "salt"
  }

  /// Reads the salt of a project file, or `nil` where there is none.
  ///
  /// - Throws: `InvalidInput` where the file is no salt.
  public init?(of project: Source, in world: some World) throws(InvalidInput) {
    guard let source = try world.source(of: Self.fileName(for: project.name)) else { return nil }
    let isEmpty = source.bytes.allSatisfy { $0 <= 0x20 }
    guard !isEmpty, let text = try Node(source)["salt"]?.text,
      let bytes = Self.bytes(ofDigits: text),
      bytes.count == Self.size
    else {
      throw InvalidInput(
        Diagnostic(
          "'\(source.name)' holds no salt of \(2 * Self.size) hexadecimal digits",
          hint: "bring back the file as it was; without it nothing withheld before can be proven"))
    }
    self.bytes = bytes
    self.source = source
  }

  /// Makes a salt of random bytes.
  init(random bytes: [UInt8]) {
    precondition(bytes.count == Self.size, "a salt has \(Self.size) bytes")
    self.bytes = bytes
    source = nil
  }

  /// Makes a salt from the system's source of random bytes.
  ///
  /// - Throws: `InvalidInput` where the system has none to give.
  public static func made() throws(InvalidInput) -> Salt {
    var bytes = [UInt8](repeating: 0, count: size)
    guard getentropy(&bytes, bytes.count) == 0 else {
      throw systemFailure("the system's source of random bytes", "cannot be read")
    }
    return Salt(random: bytes)
  }

  /// The file that holds it.
  public var text: String {
    """
    # Keep this file, and keep it to yourself: with it, and only with it, what is withheld from an audience
    # can be guessed at, and what you disclose later be proven to be the same. It is in no pack.
    salt: \(Self.digits(of: bytes))

    """
  }

  /// The key that goes with something withheld: it depends on what that is and tells nothing of any other.
  func key(of sealed: Sealed) -> [UInt8] {
    HMAC.code(of: Array("\(sealed.part.rawValue)\n\(sealed.subject)\n".utf8) + sealed.bytes, bytes)
  }

  /// The salted digest of something withheld: HMAC-SHA-256 (RFC 2104) of its bytes, with its key.
  public func seal(_ sealed: Sealed) -> String {
    Self.digits(of: HMAC.code(of: sealed.bytes, key(of: sealed)))
  }

  static func digits(of bytes: [UInt8]) -> String { Digest(bytes: bytes).description }

  static func bytes(ofDigits text: String) -> [UInt8]? {
    let digits = Array(text.utf8)
    guard digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = digits[index].hexValue, let low = digits[index + 1].hexValue else {
        return nil
      }
      bytes.append(high << 4 | low)
    }
    return bytes
  }
}

/// Codes by which bytes are known to who has the key (RFC 2104).
enum HMAC {
  private static let blockSize = 64

  /// The code of some bytes with SHA-256; the key has at most 64 bytes.
  static func code(of bytes: [UInt8], _ key: [UInt8]) -> [UInt8] {
    let padded = key + [UInt8](repeating: 0, count: blockSize - key.count)
    return hash(padded.map { $0 ^ 0x5C }, hash(padded.map { $0 ^ 0x36 }, bytes))
  }

  private static func hash(_ first: [UInt8], _ second: [UInt8]) -> [UInt8] {
    Salt.bytes(ofDigits: Digest(of: first + second).description) ?? []
  }
}

extension UInt8 {
  fileprivate var hexValue: UInt8? {
    switch self {
    case 0x30...0x39: self - 0x30
    case 0x61...0x66: self - 0x57
    default: nil
    }
  }
}
