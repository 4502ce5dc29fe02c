/// Changes of a file put together to a tree, so that what comes to stand below one new key is written
/// once.
struct FileEdit {
  /// What is to stand here; `nil` where only something below changes.
  private(set) var content: Node.Content?
  /// Whether items join those that stand here.
  private(set) var isAddition = false
  /// What changes below; items that are counted come in their order, whichever was named first.
  var parts: [Part] {
    steps.enumerated().sorted { left, right in
      if case (.item(let first), .item(let second)) = (left.element.step, right.element.step) {
        return first < second
      }
      return left.offset < right.offset
    }.map(\.element)
  }
  private var steps: [Part] = []
  private var positions: [Matrix.Step: Int] = [:]

  /// What changes at one step further.
  struct Part {
    let step: Matrix.Step
    fileprivate(set) var edit: FileEdit

    /// A new item of a list.
    var wholeItem: Node.Content {
      guard case .named(let name) = step, case .mapping(let entries) = edit.whole else {
        return edit.whole
      }
      let others = entries.filter { $0.key != "id" }
      return .record([("id", .text(name))] + others.map { ($0.key, $0.value.content) })
    }

    /// What joins the items of a list; nothing where one that is only counted is there already.
    func newItem(in items: [Node]) -> Node.Content? {
      let item = wholeItem
      if case .item = step, items.contains(where: { $0.content.isSame(as: item) }) { return nil }
      return item
    }
  }

  init(_ changes: some Sequence<FileChange>) {
    for change in changes { add(change, change.place[...]) }
  }

  private init() {}

  private mutating func add(_ change: FileChange, _ place: ArraySlice<Matrix.Step>) {
    guard let step = place.first else {
      content = change.content
      isAddition = change.isAddition
      return
    }
    let position = positions[step] ?? steps.count
    if position == steps.count {
      positions[step] = position
      steps.append(Part(step: step, edit: FileEdit()))
    }
    steps[position].edit.add(change, place.dropFirst())
  }

  /// What a file holds where nothing stood before.
  var whole: Node.Content {
    if let content { return content }
    let parts = parts
    if case .key? = parts.first?.step {
      return .record(
        parts.compactMap { part in
          if case .key(let key) = part.step { (key, part.edit.whole) } else { nil }
        })
    }
    return .list(parts.map(\.wholeItem))
  }

  /// What a file holds that held this before.
  func applied(to node: Node) -> Node.Content {
    if let content {
      guard isAddition, case .sequence(let old) = node.content,
        case .sequence(let new) = content
      else { return content }
      return .sequence(old + Self.missing(new, in: old))
    }
    switch node.content {
    case .mapping(let entries):
      var result = entries.map { ($0.key, $0.value.content) }
      for part in parts {
        guard case .key(let key) = part.step else { continue }
        let edit = part.edit
        if let index = entries.firstIndex(where: { $0.key == key }) {
          result[index].1 = edit.applied(to: entries[index].value)
        } else {
          result.append((key, edit.whole))
        }
      }
      return .record(result)
    case .sequence(let items):
      var result = items.map(\.content)
      for part in parts {
        if let index = Self.index(of: part.step, in: items) {
          result[index] = part.edit.applied(to: items[index])
        } else if let item = part.newItem(in: items) {
          result.append(item)
        }
      }
      return .list(result)
    case .scalar, .foreign: return whole
    }
  }

  /// The position of the item that a step leads to.
  static func index(of step: Matrix.Step, in items: [Node]) -> Int? {
    switch step {
    case .item(let index): items.indices.contains(index) ? index : nil
    case .named(let name): items.firstIndex { $0["id"]?.text == name }
    case .key: nil
    }
  }

  /// The items that are not among others yet.
  static func missing(_ items: [Node], in old: [Node]) -> [Node] {
    items.filter { item in
      !old.contains { other in
        item.entries.allSatisfy { entry in other[entry.key]?.text == entry.value.text }
          && !item.entries.isEmpty || other.content.isSame(as: item.content)
      }
    }
  }
}

extension Node.Content {
  /// Whether a file that holds it says the same as one that holds another.
  package func isSame(as other: Node.Content) -> Bool {
    switch (self, other) {
    case (.scalar(let own, let isPlain), .scalar(let text, let isOtherPlain)):
      Node(content: .scalar(own, isPlain: isPlain), mark: .nowhere).isBlank
        ? Node(content: .scalar(text, isPlain: isOtherPlain), mark: .nowhere).isBlank : own == text
    case (.sequence(let own), .sequence(let items)):
      own.count == items.count && zip(own, items).allSatisfy { $0.content.isSame(as: $1.content) }
    case (.mapping(let own), .mapping(let entries)):
      own.count == entries.count
        && zip(own, entries).allSatisfy {
          $0.key == $1.key && $0.value.content.isSame(as: $1.value.content)
        }
    default: false
    }
  }
}
