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

  /// Its first 32 bytes, the first one uppermost in the first number, and those behind them: there may be
  /// very many digests of SHA-256, which has no more.
  private var words = InlineArray<4, UInt64>(repeating: 0)
  private var rest: [UInt64]
  private let algorithm: Algorithm

  /// The digest in lower-case hexadecimal digits.
  public var description: String {
    String(unsafeUninitializedCapacity: algorithm.length) { write(to: $0) }
  }

  /// Adds its digits to some bytes.
  func append(to bytes: inout [UInt8]) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: algorithm.length) { digits in
      _ = write(to: digits)
      bytes.append(contentsOf: digits)
    }
  }

  private func write(to digits: UnsafeMutableBufferPointer<UInt8>) -> Int {
    let room = UnsafeMutableRawBufferPointer(digits)
    for index in 0..<algorithm.length / 8 {
      let word = index < 8 ? words[index >> 1] : rest[index >> 1 - 4]
      let half = index & 1 == 0 ? word >> 32 : word & 0xFFFF_FFFF
      room.storeBytes(of: Self.digits(half).bigEndian, toByteOffset: 8 * index, as: UInt64.self)
    }
    return algorithm.length
  }

  /// The eight hexadecimal digits of a number, the first one uppermost.
  private static func digits(_ number: UInt64) -> UInt64 {
    // Four bits go to each byte; those above 9 are letters, which stand further on.
    var spread = number
    spread = (spread | spread << 16) & 0x0000_FFFF_0000_FFFF
    spread = (spread | spread << 8) & 0x00FF_00FF_00FF_00FF
    spread = (spread | spread << 4) & 0x0F0F_0F0F_0F0F_0F0F
    let letters = (spread &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
    return spread &+ 0x3030_3030_3030_3030 &+ letters &* 0x27
  }

  /// Begins with zeros.
  private init(_ algorithm: Algorithm) {
    self.algorithm = algorithm
    rest = algorithm == .sha256 ? [] : [0, 0, 0, 0]
  }

  /// Sets some bits of a number in which they are zero.
  private mutating func add(_ bits: UInt64, toWord index: Int) {
    if index < 4 { words[index] |= bits } else { rest[index - 4] |= bits }
  }

  /// Whether two digests are the same bytes by the same algorithm.
  public static func == (left: Digest, right: Digest) -> Bool {
    left.algorithm == right.algorithm
      && left.words.indices.allSatisfy { left.words[$0] == right.words[$0] }
      && left.rest == right.rest
  }

  /// Takes in its bytes, of which the first ones tell it apart.
  public func hash(into hasher: inout Hasher) { hasher.combine(words[0]) }

  /// Takes a digest that somebody wrote down, in digits of either case.
  ///
  /// Returns `nil` where the text is no digest of that algorithm.
  public init?(_ text: some StringProtocol, _ algorithm: Algorithm) {
    self.init(digits: text.utf8, algorithm)
  }

  /// Takes digits that are read from a file.
  init?(digits: some Collection<UInt8>, _ algorithm: Algorithm) {
    guard digits.count == algorithm.length else { return nil }
    self.init(algorithm)
    for (index, byte) in digits.enumerated() {
      let digit: UInt8
      switch byte {
      case 0x30...0x39: digit = byte - 0x30
      case 0x61...0x66: digit = byte - 0x57
      case 0x41...0x46: digit = byte - 0x37
      default: return nil
      }
      add(UInt64(digit) << (60 - 4 * (index & 15)), toWord: index >> 4)
    }
  }

  /// Takes the 32 bytes of a digest of SHA-256.
  init(bytes: [UInt8]) {
    precondition(bytes.count == 32, "a digest of SHA-256 has 32 bytes")
    self.init(.sha256) { $0?.update(from: bytes, count: 32) }
  }

  /// Has a function of the library write a digest's bytes.
  fileprivate init(_ algorithm: Algorithm, _ finish: (UnsafeMutablePointer<UInt8>?) -> Void) {
    self.init(algorithm)
    let count = algorithm.length / 2
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count) { bytes in
      finish(bytes.baseAddress)
      for index in 0..<count {
        add(UInt64(bytes[index]) << (56 - 8 * (index & 7)), toWord: index >> 3)
      }
    }
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
      return Digest(.sha256) { SHA256_Final($0, &context) }
    case .sha512(var context):
      return Digest(.sha512) { SHA512_Final($0, &context) }
    }
  }
}
