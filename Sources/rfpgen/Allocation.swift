private import CMalloc

/// How this program takes memory from the system.
enum Allocation {
  /// Asks for memory in large steps, and keeps what was freed for what comes next.
  ///
  /// A thread's share would otherwise grow page by page, with a system call for each (some 600 for a
  /// small project), and each of them would make the other threads wait. Pages that nothing is written
  /// to cost nothing. Large blocks, which are few, go back to the system when they are freed.
  static func takeLargeSteps() {
    mallopt(M_TOP_PAD, 4 << 20)
    mallopt(M_MMAP_THRESHOLD, 128 << 10)
  }

  /// Keeps something until the program ends: to free it piece by piece may take long, while the system takes
  /// all memory back at once.
  static func keep(_ value: some Any) { _ = Unmanaged.passRetained(Kept(value)) }

  private final class Kept {
    private let value: Any

    init(_ value: some Any) { self.value = value }
  }
}
