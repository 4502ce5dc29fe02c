import DocModel
import Testing

@testable import EvidencePacks

/// Bytes on their way from one thread to another, or by turns in one where there is no other.
@Suite struct CarouselTests {
  private struct Full: Error {}

  /// Takes numbers from a carousel that gives away a batch for each, up to one that is refused.
  private static func numbers(
    upTo refused: Int, hasThread: Bool
  ) -> (taken: [Int], isRefused: Bool) {
    var taken: [Int] = []
    let drain = { (number: Int, bytes: UnsafeRawBufferPointer) throws(Full) in
      if number == refused { throw Full() }
      taken.append(number + bytes.count)
    }
    let fill = {
      @Sendable (first: Batch<Int>, handOn: @escaping (Batch<Int>) -> Batch<Int>?) -> Batch<Int>? in
      var batch = first
      for number in 0..<20 {
        batch.add(number)
        guard let next = handOn(batch) else { return nil }
        batch = next
      }
      return batch
    }
    do throws(Full) {
      if hasThread {
        try Carousel<Int>().run(filling: fill, draining: drain)
      } else {
        // What the system says where there are too many threads.
        try Carousel<Int>().run(filling: fill, draining: drain, beginning: { _ in nil })
      }
      return (taken, false)
    } catch {
      return (taken, true)
    }
  }

  @Test("all comes through in order, and nothing hangs", arguments: [true, false])
  func order(hasThread: Bool) {
    let all = Self.numbers(upTo: 20, hasThread: hasThread)
    #expect(all.taken == Array(0..<20) && !all.isRefused)
    let some = Self.numbers(upTo: 7, hasThread: hasThread)
    #expect(some.taken == Array(0..<7) && some.isRefused)
  }
}
