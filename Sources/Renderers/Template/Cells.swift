import DocModel

/// A value where it lies: borrowed to be read, never copied, so that nothing is counted.
struct Cell: ~Copyable {
  let value: Value

  /// Whether a condition holds for it; `nil` where that is an error or takes more than a look.
  @inline(__always)
  var truth: Bool? {
    switch value {
    case .none: false
    case .bool(let value): value
    case .text(let text), .markdown(let text), .rendered(let text): !text.isEmpty
    case .list(let items): !items.isEmpty
    case .record(let record): !record.values.isEmpty
    default: nil
    }
  }

  /// Whether it is a text; `nil` where it is something else, which may mean the same.
  @inline(__always)
  func equals(_ text: ExactText) -> Bool? {
    if case .text(let own) = value { ExactText(own) == text } else { nil }
  }
}

/// The values of the names of all running functions, as one stack.
struct Slots: ~Copyable {
  private var start: UnsafeMutablePointer<Cell>
  private(set) var count = 0
  private var capacity = 64

  init() { start = .allocate(capacity: capacity) }

  deinit {
    start.deinitialize(count: count)
    start.deallocate()
  }

  subscript(index: Int) -> Value {
    get { self.cell(index).pointee.value }
    set {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "there is no such slot")
      start[index] = Cell(value: newValue)
    }
  }

  /// Where a value lies: until a slot is assigned or the stack grows.
  @inline(__always)
  func cell(_ index: Int) -> UnsafePointer<Cell> {
    precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "there is no such slot")
    return UnsafePointer(start + index)
  }

  /// Empties the slots from one on, with so many behind it.
  mutating func clear(from index: Int, count wanted: Int) {
    let end = index + wanted
    if end > capacity {
      let larger = UnsafeMutablePointer<Cell>.allocate(capacity: max(end, capacity * 2))
      larger.moveInitialize(from: start, count: count)
      start.deallocate()
      start = larger
      capacity = max(end, capacity * 2)
    }
    for place in index..<min(end, count) { start[place] = Cell(value: .undefined) }
    while count < end {
      (start + count).initialize(to: Cell(value: .undefined))
      count += 1
    }
  }
}

/// A fixed number of elements that are read where they lie.
struct Row<Element: ~Copyable>: ~Copyable {
  private let start: UnsafeMutablePointer<Element>
  let count: Int

  init(count: Int, _ element: (Int) -> Element) {
    start = .allocate(capacity: count)
    self.count = count
    for index in 0..<count { (start + index).initialize(to: element(index)) }
  }

  deinit {
    start.deinitialize(count: count)
    start.deallocate()
  }

  /// Takes bytes, with so many zeros behind them.
  init(_ bytes: UnsafeBufferPointer<UInt8>, room: Int) where Element == UInt8 {
    count = bytes.count + room
    start = .allocate(capacity: count)
    if let first = bytes.baseAddress { start.initialize(from: first, count: bytes.count) }
    (start + bytes.count).initialize(repeating: 0, count: room)
  }

  /// Lends the elements of a range to a closure.
  @inline(__always)
  func withElements<Result: ~Copyable>(
    _ range: Range<Int>, _ work: (UnsafePointer<Element>, Int) -> Result
  ) -> Result {
    precondition(range.upperBound <= count, "the row is shorter")
    return work(UnsafePointer(start + range.lowerBound), range.count)
  }

  @inline(__always)
  subscript(index: Int) -> Element {
    unsafeAddress {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "the row is shorter")
      return UnsafePointer(start + index)
    }
    nonmutating unsafeMutableAddress {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "the row is shorter")
      return start + index
    }
  }
}

/// Where an attribute of a template was found last: a record's names and the place among them.
///
/// Records of one shape share their names, so that the next one is most often the same. The names
/// are kept, so that no others can come to lie where they lay.
struct Memory: ~Copyable {
  let keys: Keys?
  let index: Int
}

/// The way to a value that a name with attributes stands for, such as `item.title`.
final class Path: Sendable {
  let route: Route
  /// The attributes in order.
  let names: [String]
  /// What messages speak of.
  let site: Site

  /// What it takes to go there where all attributes are remembered.
  struct Route: BitwiseCopyable {
    /// How many functions further out the name is bound.
    let level: Int
    let slot: Int
    /// How many attributes follow.
    let count: Int
    /// The memory of the first attribute; those of the others follow it.
    let memory: Int
  }

  init(level: Int, slot: Int, names: [String], memory: Int, site: Site) {
    route = Route(level: level, slot: slot, count: names.count, memory: memory)
    self.names = names
    self.site = site
  }
}

extension Machine {
  /// The place of a name among a record's values; `nil` where the record does not have it.
  func index(of name: String, in record: Record, memory: Int) -> Int? {
    if memories[memory].keys === record.keys { return memories[memory].index }
    guard let index = record.keys.index(of: name) else { return nil }
    memories[memory] = Memory(keys: record.keys, index: index)
    return index
  }

  /// Where the value of a path lies; `nil` where it has to be worked out, or there is none.
  ///
  /// It lies there until the template assigns a name or calls something.
  @inline(__always)
  func locate(_ path: Path) -> UnsafePointer<Cell>? {
    locate(path.route) ?? search(path)
  }

  /// The same where all attributes are remembered; `nil` where one is not.
  @inline(__always)
  func locate(_ route: Path.Route) -> UnsafePointer<Cell>? {
    let base = route.level == 0 ? base : outerBase(route.level)
    var cell = slots.cell(base &+ route.slot)
    for step in 0..<route.count {
      guard let next = cell.pointee.member(memories[route.memory &+ step]) else { return nil }
      cell = next
    }
    return cell
  }

  /// The value of a path, wherever it lies and whatever it takes to know it.
  mutating func value(of path: Path) throws(InvalidInput) -> Value {
    if let cell = locate(path) { return cell.pointee.value }
    let base = path.route.level == 0 ? base : outerBase(path.route.level)
    var value = slots[base &+ path.route.slot]
    for (step, name) in path.names.enumerated() {
      value = try member(
        name, of: value, memory: path.route.memory + step,
        site: path.site.base(path.names.count - step))
    }
    return value
  }

  /// The same where the value has to be there.
  mutating func definedValue(of path: Path) throws(InvalidInput) -> Value {
    let value = try value(of: path)
    if case .undefined = value { throw path.site.undefined }
    return value
  }

  /// The same with attributes that are not remembered yet.
  @inline(never)
  func search(_ path: Path) -> UnsafePointer<Cell>? {
    let base = path.route.level == 0 ? base : outerBase(path.route.level)
    var cell = slots.cell(base &+ path.route.slot)
    for (step, name) in path.names.enumerated() {
      guard case .record(let record) = cell.pointee.value,
        let index = index(of: name, in: record, memory: path.route.memory + step)
      else { return nil }
      cell = record.cell(index)
    }
    return cell
  }
}

extension Cell {
  /// Where the value of a remembered attribute lies.
  @inline(__always)
  fileprivate func member(_ memory: borrowing Memory) -> UnsafePointer<Cell>? {
    guard case .record(let record) = value, memory.keys === record.keys else { return nil }
    return record.cell(memory.index)
  }
}

extension Record {
  /// Where a value lies, for as long as the record is there.
  @inline(__always)
  fileprivate func cell(_ index: Int) -> UnsafePointer<Cell> {
    values.withUnsafeBufferPointer { values in
      precondition(values.indices.contains(index), "the record has no such value")
      // A structure with one field lies in memory as the field does.
      return UnsafeRawPointer(values.baseAddress.unsafelyUnwrapped + index)
        .assumingMemoryBound(to: Cell.self)
    }
  }
}
