#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The bytes that a rendering has written so far: a buffer of its own that grows up to a limit.
///
/// What would go beyond the limit is dropped and remembered, so that nothing a template does can
/// take more memory than that; whoever writes asks `isFull` and ends with an error.
struct Output: ~Copyable {
  private var start: UnsafeMutablePointer<UInt8>?
  private(set) var count = 0
  private var capacity = 0
  private let limit: Int
  /// Whether something was dropped because of the limit.
  private(set) var isFull = false
  /// Empty lines that were written in case something follows at once, from their line ends on.
  private var gaps: [Range<Int>] = []

  /// Makes an empty output.
  init(capacity: Int = 0, limit: Int = .max) {
    self.limit = max(0, limit)
    if capacity > 0 { _ = grow(by: min(capacity, self.limit)) }
  }

  deinit { free(start) }

  // MARK: - Growing

  @inline(never)
  private mutating func grow(by more: Int) -> Bool {
    guard more <= limit - count else {
      isFull = true
      return false
    }
    let wanted = min(max(count + more, capacity &* 2, 256), limit)
    guard let memory = realloc(start, wanted) else { fatalError("out of memory") }
    start = memory.assumingMemoryBound(to: UInt8.self)
    capacity = wanted
    return true
  }

  /// Lends room for so many bytes behind the last one; `work` says how many of them it has written.
  @inline(__always)
  mutating func append(
    upTo most: Int, _ work: (UnsafeMutablePointer<UInt8>) -> Int
  ) {
    if capacity &- count < most, !grow(by: most) { return }
    guard let start else { return }
    count &+= work(start + count)
  }

  @inline(__always)
  mutating func append(_ byte: UInt8) {
    append(upTo: 1) { room in
      room.pointee = byte
      return 1
    }
  }

  @inline(__always)
  mutating func append(_ bytes: UnsafePointer<UInt8>, count length: Int) {
    append(upTo: length) { room in
      memcpy(room, bytes, length)
      return length
    }
  }

  /// How many bytes can be read behind the beginning of a text that is appended as a short one.
  static let shortest = 16

  /// Appends a text that is most often short: up to `shortest` bytes are copied as one word.
  @inline(__always)
  mutating func append(short bytes: UnsafePointer<UInt8>, count length: Int) {
    if length <= Self.shortest, capacity &- count >= Self.shortest, let start {
      let word = UnsafeRawPointer(bytes).loadUnaligned(as: SIMD16<UInt8>.self)
      UnsafeMutableRawPointer(start + count).storeBytes(of: word, as: SIMD16<UInt8>.self)
      count &+= length
    } else {
      append(bytes, count: length)
    }
  }

  @inline(__always)
  mutating func append(contentsOf bytes: UnsafeBufferPointer<UInt8>) {
    if let start = bytes.baseAddress { append(start, count: bytes.count) }
  }

  mutating func append(_ text: StaticString) {
    append(text.utf8Start, count: text.utf8CodeUnitCount)
  }

  @inline(__always)
  mutating func append(contentsOf bytes: Slice<UnsafeBufferPointer<UInt8>>) {
    append(contentsOf: UnsafeBufferPointer(rebasing: bytes))
  }

  mutating func append(contentsOf bytes: some Sequence<UInt8>) {
    let isDone: Void? = bytes.withContiguousStorageIfAvailable { append(contentsOf: $0) }
    if isDone == nil { for byte in bytes { append(byte) } }
  }

  /// Appends what another output holds from a byte on, its empty lines included.
  mutating func append(_ other: borrowing Output, from first: Int) {
    let shift = count - first
    other.withBytes { append(contentsOf: $0[first...]) }
    for gap in other.gaps where gap.lowerBound >= first {
      gaps.append((gap.lowerBound + shift)..<(gap.upperBound + shift))
    }
  }

  /// Writes a number that is not negative in digits.
  mutating func append(decimal number: Int) {
    var length = 1
    var rest = number
    while rest >= 10 {
      rest /= 10
      length += 1
    }
    rest = number
    append(upTo: length) { room in
      for place in stride(from: length - 1, through: 0, by: -1) {
        room[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
      }
      return length
    }
  }

  // MARK: - What is there

  /// The bytes, lent to a closure.
  @inline(__always)
  func withBytes<Result: ~Copyable>(_ work: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    work(UnsafeBufferPointer(start: start, count: count))
  }

  @inline(__always)
  var last: UInt8? {
    guard count > 0, let start else { return nil }
    return start[count - 1]
  }

  subscript(index: Int) -> UInt8 {
    withBytes { bytes in
      precondition(bytes.indices.contains(index), "the output has no byte there")
      return bytes[index]
    }
  }

  /// How many bytes may still be written.
  var room: Int { limit - count }

  var bytes: [UInt8] { withBytes { Array($0) } }

  var text: String { withBytes { String(decoding: $0, as: UTF8.self) } }

  // MARK: - Mending

  mutating func removeLast(_ number: Int = 1) {
    precondition(number <= count, "the output is shorter than that")
    count -= number
    while let gap = gaps.last, gap.upperBound > count { gaps.removeLast() }
  }

  /// Writes an empty line within containers, in case something follows on the next one.
  mutating func appendGap(_ prefix: ArraySlice<UInt8>) {
    let start = count
    append(.lineFeed)
    append(contentsOf: prefix)
    gaps.append(start..<count)
  }

  /// Takes those empty lines away behind which another one, or nothing, follows.
  mutating func settleGaps() {
    guard let start, !gaps.isEmpty else { return }
    var end = gaps[0].lowerBound
    for (index, gap) in gaps.enumerated() {
      let next = index + 1 < gaps.count ? gaps[index + 1].lowerBound : count
      let kept = isNeeded(gap) ? gap.lowerBound..<next : gap.upperBound..<next
      memmove(start + end, start + kept.lowerBound, kept.count)
      end += kept.count
    }
    count = end
    gaps = []
  }

  private func isNeeded(_ gap: Range<Int>) -> Bool {
    withBytes { bytes in
      guard gap.upperBound + 1 < count, bytes[gap.upperBound] == .lineFeed else {
        return gap.upperBound + 1 < count
      }
      let line = bytes[(gap.upperBound + 1)...].prefix { $0 != .lineFeed }
      let prefix = bytes[(gap.lowerBound + 1)..<gap.upperBound]
      let text = line.drop(while: \.isBlank)
      return
        !(text.isEmpty
        || line.starts(with: prefix) && line.dropFirst(prefix.count).allSatisfy(\.isBlank))
    }
  }

  /// Takes white space at the end away.
  mutating func removeTrailingBlanks() {
    while last?.isBlank == true { removeLast() }
  }

  mutating func insert(_ text: StaticString, at index: Int) {
    text.withUTF8Buffer { insert(contentsOf: $0, at: index) }
  }

  mutating func insert(contentsOf bytes: some Collection<UInt8>, at index: Int) {
    precondition(index <= count, "the output ends before that")
    let moved = count - index
    for place in gaps.indices.reversed() {
      guard gaps[place].lowerBound >= index else { break }
      gaps[place] =
        (gaps[place].lowerBound + bytes.count)..<(gaps[place].upperBound + bytes.count)
    }
    append(upTo: bytes.count) { room in
      let place = room - moved
      memmove(place + bytes.count, place, moved)
      for (offset, byte) in bytes.enumerated() { place[offset] = byte }
      return bytes.count
    }
  }
}
