/// Writes a ready form: what is slow to work out from embedded files, as numbers and texts one after
/// the other.
///
/// A ready form is made while developing (`sh dev ready`) and embedded beside the files that it was
/// made from. It names their fingerprints: where a file has changed since, the form is not used.
package struct ReadyWriter {
  /// What was written.
  package private(set) var bytes: [UInt8] = []

  /// Begins an empty form.
  package init() {}

  /// Writes a number that is not negative; small ones take one byte.
  package mutating func write(_ number: Int) {
    var rest = UInt64(number)
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// Writes bytes with their number before them.
  package mutating func write(_ bytes: some Collection<UInt8>) {
    write(bytes.count)
    self.bytes += bytes
  }

  /// Writes a text.
  package mutating func write(_ text: String) { write(text.utf8) }

  /// Writes a fingerprint.
  package mutating func write(_ fingerprint: Fingerprint) {
    withUnsafeBytes(of: fingerprint.value.littleEndian) { bytes += $0 }
  }
}

/// Reads what a `ReadyWriter` wrote, in the same order.
///
/// A ready form is a part of the program: one that breaks off is a mistake of our own, and traps.
package struct ReadyReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var offset = 0

  /// Reads an embedded form.
  package init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// Reads a number; most take one byte.
  package mutating func number() -> Int {
    let first = byte()
    if first < 0x80 { return Int(first) }
    var result = UInt64(first & 0x7F)
    var shift: UInt64 = 7
    while true {
      let next = byte()
      result |= UInt64(next & 0x7F) << shift
      if next < 0x80 { return Int(truncatingIfNeeded: result) }
      shift += 7
    }
  }

  @inline(__always)
  private mutating func byte() -> UInt8 {
    precondition(offset < bytes.count, "the ready form is whole")
    defer { offset += 1 }
    return bytes[offset]
  }

  /// Reads bytes.
  package mutating func slice() -> UnsafeBufferPointer<UInt8> {
    let count = number()
    precondition(count >= 0 && count <= bytes.count - offset, "the ready form is whole")
    defer { offset += count }
    return UnsafeBufferPointer(rebasing: bytes[offset..<offset + count])
  }

  /// Reads a text.
  package mutating func text() -> String { String(decoding: slice(), as: UTF8.self) }

  /// Reads a fingerprint.
  package mutating func fingerprint() -> Fingerprint {
    precondition(bytes.count - offset >= 8, "the ready form is whole")
    defer { offset += 8 }
    let value = UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    return Fingerprint(value: UInt64(littleEndian: value))
  }
}

/// The texts of a ready form, each once, with the number it has.
package struct ReadyTexts {
  private var all: [String] = []
  private var numbers: [String: Int] = [:]

  /// Begins without any.
  package init() {}

  /// The number of a text, which is noted where it is new.
  package mutating func number(of text: String) -> Int {
    if let number = numbers[text] { return number }
    numbers[text] = all.count
    all.append(text)
    return all.count - 1
  }

  /// Writes the texts in the order of their numbers.
  package func write(to writer: inout ReadyWriter) {
    writer.write(all.count)
    for text in all { writer.write(text) }
  }

  /// Reads the texts that were written.
  package static func all(from reader: inout ReadyReader) -> [String] {
    let count = reader.number()
    var texts: [String] = []
    texts.reserveCapacity(count)
    for _ in 0..<count { texts.append(reader.text()) }
    return texts
  }
}

/// A number that follows from a file's bytes, by which an edit is noticed.
///
/// It guards against forgetting to make a ready form anew, not against anybody's intent.
package struct Fingerprint: Hashable, Sendable {
  /// The number itself.
  let value: UInt64

  init(value: UInt64) { self.value = value }

  /// Takes the fingerprint of a file.
  package init(of bytes: [UInt8]) {
    let prime: UInt64 = 0x9E37_79B9_7F4A_7C15
    value = bytes.withUnsafeBytes { raw in
      var hash = UInt64(raw.count) &* prime
      var offset = 0
      while offset + 8 <= raw.count {
        hash ^= UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        hash &*= prime
        hash ^= hash >> 29
        offset += 8
      }
      for byte in raw[offset...] { hash = (hash ^ UInt64(byte)) &* prime }
      return hash ^ hash >> 32
    }
  }
}
