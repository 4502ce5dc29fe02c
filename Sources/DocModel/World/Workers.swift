package import Glibc
private import Synchronization

/// Does the same work for each of some numbers, on as many threads as the machine has processors.
///
/// It is begun in the order in which the numbers are given; the results stand from the least number to
/// the greatest, whichever was ready first.
package func concurrently<Result: Sendable>(
  _ numbers: [Int], _ work: @escaping @Sendable (Int) -> Result
) -> [Result] {
  let crew = Crew(numbers: numbers, work: work)
  let helpers = min(numbers.count, max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))) - 1
  let threads = (0..<max(0, helpers)).compactMap { _ in Job.begin { crew.run() } }
  crew.run()
  for thread in threads { Job.wait(for: thread) }
  return crew.results
}

/// Does some work for each share of what stands in a row, on as many threads as the machine has
/// processors; what is short is one share, for which no thread is begun.
///
/// `weigh`: how many times as much as another there is to do at a place. The results stand in the row's order.
package func inShares<Result: Sendable>(
  of row: Range<Int>, weighing weigh: (Int) -> Int = { _ in 1 },
  _ work: @escaping @Sendable (Range<Int>) -> [Result]
) -> [Result] {
  var shares: [Range<Int>] = []
  var start = row.lowerBound
  var weight = 0
  for place in row {
    if weight >= 256 {
      shares.append(start..<place)
      start = place
      weight = 0
    }
    weight += weigh(place)
  }
  if shares.isEmpty { return work(row) }
  shares.append(start..<row.upperBound)
  return concurrently(Array(shares.indices)) { [shares] in work(shares[$0]) }.flatMap(\.self)
}

/// Work that goes on while something else is done; its result is waited for where it is needed.
package final class Later<Result: Sendable> {
  private let work: @Sendable () -> Result
  private let found = Found<Result>()
  private var thread: pthread_t?

  /// Begins the work, at once or when it is told to.
  package init(begins: Bool = true, _ work: @escaping @Sendable () -> Result) {
    self.work = work
    if begins { begin() }
  }

  /// Begins the work; to be called once.
  package func begin() {
    let (work, found) = (work, found)
    thread = Job.begin { found.set(work()) }
  }

  deinit { wait() }

  /// The result, once the work is done.
  package var result: Result {
    wait()
    return found.get() ?? work()
  }

  private func wait() {
    if let running = thread { Job.wait(for: running) }
    thread = nil
  }
}

/// A result that one thread leaves for another.
private final class Found<Result: Sendable>: Sendable {
  private let result = Mutex<Result?>(nil)

  func set(_ value: Result) { result.withLock { $0 = value } }

  func get() -> Result? { result.withLock { $0 } }
}

/// What a thread does.
package final class Job: Sendable {
  private let work: @Sendable () -> Void

  private init(_ work: @escaping @Sendable () -> Void) { self.work = work }

  /// Begins a thread; `nil` where the system has none to give.
  ///
  /// Signals are the business of the thread that begins others: none is delivered to this one.
  package static func begin(_ work: @escaping @Sendable () -> Void) -> pthread_t? {
    let job = Unmanaged.passRetained(Job(work))
    var thread = pthread_t()
    var all = sigset_t()
    var mask = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &mask)
    defer { pthread_sigmask(SIG_SETMASK, &mask, nil) }
    let status = pthread_create(
      &thread, nil,
      { job in
        if let job { Unmanaged<Job>.fromOpaque(job).takeRetainedValue().work() }
        return nil
      }, job.toOpaque())
    if status == 0 { return thread }
    job.release()
    return nil
  }

  /// Waits until a thread has ended.
  package static func wait(for thread: pthread_t) { pthread_join(thread, nil) }
}

/// Threads that take one number after the other until none is left.
private final class Crew<Result: Sendable>: Sendable {
  private let numbers: [Int]
  private let work: @Sendable (Int) -> Result
  private let next = Atomic(0)
  private let found: Mutex<[(number: Int, result: Result)]> = Mutex([])

  init(numbers: [Int], work: @escaping @Sendable (Int) -> Result) {
    self.numbers = numbers
    self.work = work
  }

  func run() {
    while true {
      let position = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard position < numbers.count else { return }
      let number = numbers[position]
      let result = work(number)
      found.withLock { $0.append((number, result)) }
    }
  }

  var results: [Result] {
    found.withLock { found in
      // A key path of a generic type is put together while the program runs.
      found.sorted { $0.number < $1.number }.map { $0.result }
    }
  }
}
