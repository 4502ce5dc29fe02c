import DocModel

/// How deep lists and records stand in each other: bounded, so that they can be walked and let go.
extension Value {
  /// Whether more lists and records stand in each other than a limit allows.
  ///
  /// Each is looked into once, also where it stands in many others.
  func isDeeper(than limit: Int) -> Bool {
    var known: [UInt: Int] = [:]
    return depth(limit, &known) > limit
  }

  private func depth(_ limit: Int, _ known: inout [UInt: Int]) -> Int {
    guard let inner, !inner.isEmpty else { return 1 }
    if limit < 0 { return 1 }
    let key = inner.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
    if let depth = known[key] { return depth }
    var deepest = 0
    for item in inner where item.inner != nil {
      deepest = max(deepest, item.depth(limit - 1, &known))
      if deepest > limit { break }
    }
    known[key] = deepest + 1
    return deepest + 1
  }

  /// What stands in a list, a record or an object that holds values.
  private var inner: [Value]? {
    switch self {
    case .list(let items), .tuple(let items): items
    case .record(let record): record.values
    case .object(let object):
      switch object {
      case let series as Series: series.items
      case let cycle as CycleValue: cycle.items
      case let loop as LoopValue: loop.last.items
      case let module as ModuleValue: module.names.values
      default: nil
      }
    default: nil
    }
  }
}
