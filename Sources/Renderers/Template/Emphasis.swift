/// Which emphasis of a piece of prose can be written as such where it is put.
///
/// Marks open and close by what stands on both sides of them (CommonMark 0.30, section 6.2). Where
/// the neighbours at the place would make them something else, they are left out: the text stays,
/// and no mark can join one of the template's.
struct Emphasis {
  private var kept: Set<Int> = []

  init() {}

  /// Looks at all marks; the time is linear in the number of events.
  init(_ events: [ProseEvent], place: Place, before: UInt8?) {
    var first: [InlineState.Neighbor] = []
    var last: [InlineState.Neighbor] = []
    var neighbor = Self.neighbor(before)
    for event in events {
      last.append(neighbor)
      neighbor = Self.edge(event, isFirst: false) ?? neighbor
    }
    let calm: Place.Right = [.space, .lineEnd, .punctuation, .opening, .semicolon]
    neighbor = place.right.isSubset(of: calm) ? .space : .word
    for event in events.reversed() {
      first.append(neighbor)
      neighbor = Self.edge(event, isFirst: true) ?? neighbor
    }
    first.reverse()
    var open: [Int] = []
    for (index, event) in events.enumerated() {
      switch event {
      case .open(.emphasis), .open(.strong): open.append(index)
      case .close(.emphasis), .close(.strong):
        guard let start = open.popLast() else { continue }
        let opens = first[start] != .space && (first[start] == .word || last[start] != .word)
        let closes = last[index] != .space && (last[index] == .word || first[index] != .word)
        if opens, closes { kept.formUnion([start, index]) }
      default: break
      }
    }
  }

  /// Whether the mark at an event is written.
  func isKept(_ index: Int) -> Bool { kept.contains(index) }

  private static func neighbor(_ byte: UInt8?) -> InlineState.Neighbor {
    guard let byte else { return .space }
    return byte >= 0x80 ? .word : InlineState.neighbor(Unicode.Scalar(byte))
  }

  /// What an event counts as beside a mark; `nil` where what follows it counts.
  private static func edge(_ event: ProseEvent, isFirst: Bool) -> InlineState.Neighbor? {
    switch event {
    case .text(let text):
      guard let scalar = isFirst ? text.unicodeScalars.first : text.unicodeScalars.last else {
        return nil
      }
      // White space beside a mark is written as a reference, which is punctuation.
      let neighbor = InlineState.neighbor(scalar)
      return neighbor == .space ? .punctuation : neighbor
    case .code, .html, .open(.link), .open(.image), .close(.link), .close(.image):
      return .punctuation
    case .open, .close: return nil
    default: return .space
    }
  }
}
