/// What the cells of matrices say for the nodes of a file.
struct MatrixCells {
  /// What stands at the top of the file; `nil` where there is none yet.
  let top: Node?

  /// The cell for a value at a place: one that cannot be said in a cell is left to the file.
  func cell(_ shape: Shape, at place: [Matrix.Step], isOwn: Bool = false) -> Matrix.Cell {
    let node = top?.value(at: place)
    guard let text = shape.cellText(of: node) else { return .none }
    return Matrix.Cell(text, isOwn ? shape : nil, at: place)
  }

  /// The cells for the fields of a record at a place.
  func cells(_ fields: [RecordShape.Field], at place: [Matrix.Step]) -> [Matrix.Cell] {
    fields.map { cell($0.shape, at: place + [.key($0.key)]) }
  }

  /// The key under which a file has what an identifier names, or the identifier itself.
  func key(of id: String, below place: String, _ local: (String) -> String) -> Matrix.Step {
    let entries = top?[place]?.entries ?? []
    if entries.contains(where: { $0.key == id }) { return .key(id) }
    return .key(entries.first { local($0.key) == id }?.key ?? id)
  }

  /// The rows for values that have one type, several side by side in columns.
  ///
  /// An answer of several parts has a row for each of them, `question#part`; a list of such answers one for
  /// each part of each item, and of some items more.
  func rows(
    _ id: String, _ type: AnswerType, at places: [[Matrix.Step]],
    _ row: (_ leaf: AnswerLeaf, _ isFirst: Bool, _ values: [Matrix.Cell]) -> [Matrix.Cell]
  ) -> [Matrix.Row] {
    let counts = places.map { top?.value(at: $0)?.items.count ?? 0 }
    return type.leaves(itemCount: counts.max() ?? 0).enumerated().map { index, leaf in
      let cells = places.map { cell(leaf.shape, at: $0 + leaf.steps, isOwn: true) }
      let suffix = leaf.names.joined(separator: ".")
      return Matrix.Row(suffix.isEmpty ? id : "\(id)#\(suffix)", row(leaf, index == 0, cells))
    }
  }
}

extension Matrix.Cell {
  /// A cell in which nothing can be said.
  static let none = Matrix.Cell("")
}

/// A part of an answer that a cell can say.
struct AnswerLeaf {
  /// The names of the part and of what it is part of; none for a whole answer.
  var names: [String] = []
  /// Its title; empty for a whole answer.
  var title = ""
  let type: AnswerType
  let shape: Shape
  /// The way to it from the answer.
  var steps: [Matrix.Step] = []
}

extension AnswerType {
  /// How many empty items a list of answers with parts has at least.
  private static let emptyItems = 3

  /// The parts that cells can say, in order.
  ///
  /// `itemCount`: how many items a list has.
  func leaves(itemCount: Int) -> [AnswerLeaf] {
    switch kind {
    case .person:
      return Self.person.fields.map { field in
        AnswerLeaf(
          names: [field.key], title: field.summary, type: self, shape: field.shape,
          steps: [.key(field.key)])
      }
    case .parts: return partLeaves
    case .list where !parts.isEmpty:
      let count = max(itemCount + 1, Self.emptyItems)
      return (0..<count).flatMap { index in
        partLeaves.map { leaf in
          AnswerLeaf(
            names: ["\(index + 1)"] + leaf.names, title: "\(index + 1): \(leaf.title)",
            type: leaf.type, shape: leaf.shape, steps: [.item(index)] + leaf.steps)
        }
      }
    default: return [AnswerLeaf(type: self, shape: shape)]
    }
  }

  private var partLeaves: [AnswerLeaf] {
    parts.flatMap { part in
      part.type.leaves(itemCount: 0).map { leaf in
        AnswerLeaf(
          names: [part.id] + leaf.names,
          title: leaf.title.isEmpty ? part.title : "\(part.title), \(leaf.title)",
          type: leaf.type, shape: leaf.shape, steps: [.key(part.id)] + leaf.steps)
      }
    }
  }
}

extension Node {
  /// What stands at a place, or `nil` where nothing does.
  func value(at place: [Matrix.Step]) -> Node? {
    var node = self
    for step in place {
      switch step {
      case .key(let key):
        guard let next = node[key] else { return nil }
        node = next
      case .item, .named:
        guard let index = FileEdit.index(of: step, in: node.items) else { return nil }
        node = node.items[index]
      }
    }
    return node
  }
}
