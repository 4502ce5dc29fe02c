private import Glibc
private import Synchronization

/// Things that one thread puts in and another takes out, in order.
package final class Handover<Item: Sendable>: Sendable {
  private let waiting = Mutex<[Item]>([])
  private let count = Counter()

  package init() {}

  /// Adds something behind what waits already.
  package func put(_ item: Item) {
    waiting.withLock { $0.append(item) }
    count.raise()
  }

  /// What waits first, as soon as there is something; `nil` once it is closed and nothing waits.
  package func take() -> Item? {
    count.lower()
    if let item = waiting.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { return item }
    // Whoever asks again is not to wait.
    count.raise()
    return nil
  }

  /// Says that nothing more comes.
  package func close() { count.raise() }
}

/// A number that never falls below zero: who would lower it waits until somebody raises it.
private final class Counter: @unchecked Sendable {
  // A semaphore must not move.
  private let semaphore: UnsafeMutablePointer<sem_t>

  init() {
    semaphore = .allocate(capacity: 1)
    sem_init(semaphore, 0, 0)
  }

  deinit {
    sem_destroy(semaphore)
    semaphore.deallocate()
  }

  func raise() { sem_post(semaphore) }

  func lower() { while sem_wait(semaphore) != 0 && errno == EINTR {} }
}
