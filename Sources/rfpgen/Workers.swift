private import Glibc
private import Synchronization

/// Does the same work for each of some numbers, on as many threads as the machine has processors.
///
/// The results stand in the order of the numbers, whichever was ready first.
func concurrently<Result: Sendable>(
  _ count: Int, _ work: @escaping @Sendable (Int) -> Result
) -> [Result] {
  let team = Team(count: count, work: work)
  let helpers = min(count, max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))) - 1
  var threads: [pthread_t] = []
  for _ in 0..<max(0, helpers) {
    var thread = pthread_t()
    let baton = Unmanaged.passRetained(team as any Runnable as AnyObject)
    let begun = pthread_create(
      &thread, nil,
      { baton in
        guard let baton else { return nil }
        let object = Unmanaged<AnyObject>.fromOpaque(baton).takeRetainedValue()
        (object as? any Runnable)?.run()
        return nil
      }, baton.toOpaque())
    if begun == 0 { threads.append(thread) } else { baton.release() }
  }
  team.run()
  for thread in threads { pthread_join(thread, nil) }
  return team.results
}

private protocol Runnable: AnyObject, Sendable {
  func run()
}

/// Threads that take one number after the other until none is left.
private final class Team<Result: Sendable>: Runnable {
  private let count: Int
  private let work: @Sendable (Int) -> Result
  private let next = Atomic(0)
  private let found: Mutex<[Int: Result]> = Mutex([:])

  init(count: Int, work: @escaping @Sendable (Int) -> Result) {
    self.count = count
    self.work = work
  }

  func run() {
    while true {
      let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard number < count else { return }
      let result = work(number)
      found.withLock { $0[number] = result }
    }
  }

  var results: [Result] {
    found.withLock { found in (0..<count).compactMap { found[$0] } }
  }
}
