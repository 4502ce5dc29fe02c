/// Conditions that depend on each other in a ring: nobody could say when they hold.
///
/// A guiding question depends on what its condition names and on its section; a section depends on what
/// its condition names.
struct ConditionCycles {
  private let guide: Guide
  private var edges: [[Int]]

  init(_ guide: Guide) {
    self.guide = guide
    let sections = guide.sections.count
    edges = Array(repeating: [], count: sections + guide.questions.count)
    for (index, section) in guide.sections.enumerated() {
      edges[index] = Self.positions(section.condition, guide)
    }
    for (index, question) in guide.questions.enumerated() {
      edges[sections + index] = [question.section] + Self.positions(question.condition, guide)
    }
  }

  private static func positions(_ condition: Condition?, _ guide: Guide) -> [Int] {
    (condition?.names ?? []).compactMap { name in
      let id = partName(name)?.question ?? name
      guard case .question(let index)? = guide.place(of: id) else { return nil }
      return guide.sections.count + index
    }
  }

  /// One ring of identifiers for each group that depends on itself, in the guide's order.
  var rings: [[String]] {
    var state = Array(repeating: State.new, count: edges.count)
    var rings: [[String]] = []
    // Without recursion: a chain may be as long as the guide.
    for start in edges.indices where state[start] == .new {
      var path = [(node: start, next: 0)]
      state[start] = .open
      while let (node, next) = path.last {
        guard next < edges[node].count else {
          state[node] = .done
          path.removeLast()
          continue
        }
        path[path.count - 1].next += 1
        let other = edges[node][next]
        switch state[other] {
        case .new:
          state[other] = .open
          path.append((other, 0))
        case .open:
          let ring = path.map(\.node).drop { $0 != other }
          rings.append(ring.map(identifier))
        case .done: break
        }
      }
    }
    return rings
  }

  private enum State { case new, open, done }

  private func identifier(_ node: Int) -> String {
    node < guide.sections.count
      ? guide.sections[node].id : guide.questions[node - guide.sections.count].id
  }
}
