internal import DocModel
internal import Glibc

/// Bytes of one or several files on their way from one thread to another.
///
/// Only the thread that holds it touches it.
final class Batch<Part>: @unchecked Sendable {
  private let buffer: UnsafeMutableRawBufferPointer
  private var used = 0
  /// What the bytes are, in order.
  private(set) var parts: [(what: Part, range: Range<Int>)] = []

  /// How many bytes one holds: one less than a file's buffer pays for the way to another thread.
  static var size: Int { 1 << 20 }
  private static var leastRoom: Int { 1 << 16 }
  private static var mostParts: Int { 1 << 12 }

  init() { buffer = .allocate(byteCount: Self.size, alignment: 64) }

  deinit { buffer.deallocate() }

  /// Whether there is so little room left that it had better be handed on.
  var isFull: Bool {
    buffer.count - used < Self.leastRoom || parts.count >= Self.mostParts
  }

  /// Where the next bytes go.
  var room: UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(rebasing: buffer[used...])
  }

  /// Says what the next bytes are, which stand in `room` already.
  func add(_ what: Part, _ count: Int = 0) {
    parts.append((what, used..<used + count))
    used += count
  }

  /// The bytes of a part.
  func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: buffer[range])
  }

  /// Forgets what it holds.
  func clear() {
    parts.removeAll(keepingCapacity: true)
    used = 0
  }
}

/// Batches that go round between a thread that fills them and one that empties them: as few as keep both
/// busy, so that memory stays the same however much goes through.
final class Carousel<Part>: Sendable {
  private let empty = Handover<Batch<Part>>()
  private let full = Handover<Batch<Part>>()
  private static var count: Int { 4 }

  init() { for _ in 0..<Self.count { empty.put(Batch()) } }

  /// Runs `fill` in a thread of its own and `drain` in this one, until one of them ends; where the system
  /// has no thread to give, both in this one by turns.
  ///
  /// `fill` is given a way to hand on a batch for an empty one, which is `nil` once nobody wants more.
  /// `begin` begins a thread.
  func run<Failure: Error>(
    filling fill:
      @escaping @Sendable (Batch<Part>, @escaping (Batch<Part>) -> Batch<Part>?) -> Batch<Part>?,
    draining drain: (Part, UnsafeRawBufferPointer) throws(Failure) -> Void,
    beginning begin: (@escaping @Sendable () -> Void) -> pthread_t? = Job.begin
  ) throws(Failure) {
    let thread = begin { [empty, full] in
      defer { full.close() }
      guard let first = empty.take() else { return }
      let last = fill(first) { batch in
        full.put(batch)
        return empty.take()
      }
      if let last { full.put(last) }
    }
    guard let thread else { return try takeTurns(fill, drain) }
    defer {
      empty.close()
      pthread_join(thread, nil)
    }
    while let batch = full.take() {
      try Self.empty(batch, drain)
      empty.put(batch)
    }
  }

  private func takeTurns<Failure: Error>(
    _ fill: (Batch<Part>, @escaping (Batch<Part>) -> Batch<Part>?) -> Batch<Part>?,
    _ drain: (Part, UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    var failure: Failure?
    let last = withoutActuallyEscaping(drain) { drain in
      fill(Batch()) { batch in
        do throws(Failure) {
          try Self.empty(batch, drain)
          return batch
        } catch {
          failure = error
          return nil
        }
      }
    }
    if let failure { throw failure }
    if let last { try Self.empty(last, drain) }
  }

  private static func empty<Failure: Error>(
    _ batch: Batch<Part>, _ drain: (Part, UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    for (what, range) in batch.parts { try drain(what, batch.bytes(range)) }
    batch.clear()
  }
}
