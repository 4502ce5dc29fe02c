private import CCrypto

/// A digest of some bytes, by which they are known again.
public struct Digest: Hashable, Sendable, CustomStringConvertible {
  /// How a digest is computed, under the names that BagIt's manifests bear (RFC 8493, section 2.4).
  public enum Algorithm: String, CaseIterable, Sendable {
    /// SHA-256 (FIPS 180-4).
    case sha256
    /// SHA-512 (FIPS 180-4).
    case sha512

    /// How many hexadecimal digits a digest has.
    var length: Int { self == .sha256 ? 64 : 128 }
  }

  /// The digest in lower-case hexadecimal digits.
  public let description: String

  /// Takes a digest that somebody wrote down, in digits of either case.
  ///
  /// Returns `nil` where the text is no digest of that algorithm.
  public init?(_ text: some StringProtocol, _ algorithm: Algorithm) {
    let digits = text.lowercased()
    guard digits.utf8.count == algorithm.length,
      digits.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
    else { return nil }
    description = digits
  }

  init(bytes: some Sequence<UInt8>) {
    var digits: [UInt8] = []
    for byte in bytes {
      for digit in [byte >> 4, byte & 15] {
        digits.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
      }
    }
    description = String(decoding: digits, as: UTF8.self)
  }

  /// The digest of some bytes.
  public init(of bytes: [UInt8], _ algorithm: Algorithm = .sha256) {
    var digester = Digester(algorithm)
    bytes.withUnsafeBytes { digester.update($0) }
    self = digester.finish()
  }
}

/// Computes a digest of bytes that come one piece after another.
struct Digester {
  private var state: State

  private enum State {
    case sha256(SHA256_CTX)
    case sha512(SHA512_CTX)
  }

  init(_ algorithm: Digest.Algorithm) {
    switch algorithm {
    case .sha256:
      var context = SHA256_CTX()
      SHA256_Init(&context)
      state = .sha256(context)
    case .sha512:
      var context = SHA512_CTX()
      SHA512_Init(&context)
      state = .sha512(context)
    }
  }

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    switch state {
    case .sha256(var context):
      SHA256_Update(&context, bytes.baseAddress, bytes.count)
      state = .sha256(context)
    case .sha512(var context):
      SHA512_Update(&context, bytes.baseAddress, bytes.count)
      state = .sha512(context)
    }
  }

  mutating func finish() -> Digest {
    switch state {
    case .sha256(var context):
      var bytes = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
      SHA256_Final(&bytes, &context)
      return Digest(bytes: bytes)
    case .sha512(var context):
      var bytes = [UInt8](repeating: 0, count: Int(SHA512_DIGEST_LENGTH))
      SHA512_Final(&bytes, &context)
      return Digest(bytes: bytes)
    }
  }
}
