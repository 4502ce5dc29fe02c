/// How the emphasis of a piece of prose is written so that it stays emphasis where it is put.
///
/// Marks open and close by what stands on both sides of them (CommonMark 0.30, section 6.2). Where
/// the neighbours would make a mark something else, U+2060 is put between: inside as a character,
/// which counts as a letter, and outside as a reference, which counts as punctuation.
struct Emphasis {
  /// What a mark needs beside it.
  struct Apart: OptionSet {
    let rawValue: UInt8
    static let inside = Apart(rawValue: 1)
    static let outside = Apart(rawValue: 2)
  }

  /// What each event needs beside it; empty where there is no emphasis.
  private var marks: [Apart] = []

  init() {}

  /// Looks at all marks; the time is linear in the number of events.
  ///
  /// - Parameters:
  ///   - events: What the prose is made of.
  ///   - leftOut: For which of them nothing is written.
  ///   - place: Where it is put.
  ///   - before: The byte to its left.
  ///   - isFlat: Whether it is written on the line that stands there already, so that its first
  ///     block begins and its last one ends in the middle of that line.
  init(
    _ events: [ProseEvent], leftOut: [Bool], place: Place, before: UInt8?, isFlat: Bool
  ) {
    guard events.contains(where: \.opensEmphasis) else { return }
    marks = Array(repeating: [], count: events.count)
    // What stands beside a mark is looked for from there, and each event is looked at once for either
    // side: most of them have no mark beside them.
    var left = Array(repeating: InlineState.Neighbor.space, count: events.count)
    var right = left
    var neighbor = Self.neighbor(before)
    var seen = isFlat ? events.firstIndex(where: \.isWritten) ?? 0 : 0
    for index in events.indices where events[index].isEmphasis {
      var nearest = index - 1
      while nearest >= seen {
        if !leftOut[nearest], let edge = Self.edge(events[nearest], isFirst: false) {
          neighbor = edge
          break
        }
        nearest -= 1
      }
      seen = max(seen, index)
      left[index] = neighbor
    }
    let calm: Place.Right = [.space, .lineEnd, .punctuation, .opening, .semicolon]
    neighbor = place.right.isSubset(of: calm) ? .space : .word
    seen = isFlat ? events.lastIndex(where: \.isWritten) ?? 0 : events.count - 1
    for index in events.indices.reversed() where events[index].isEmphasis {
      var nearest = index + 1
      while nearest <= seen {
        if !leftOut[nearest], let edge = Self.edge(events[nearest], isFirst: true) {
          neighbor = edge
          break
        }
        nearest += 1
      }
      seen = min(seen, index)
      right[index] = neighbor
    }
    // On a line of the template's, other emphasis may be open around this one.
    var depth = isFlat ? 1 : 0
    var isNested = Array(repeating: false, count: events.count)
    // What is put inside a mark stands outside of the one directly within it.
    var isApart = false
    for (index, event) in events.enumerated() where !leftOut[index] {
      if event.opensEmphasis {
        let outside = isApart ? .word : left[index]
        let mark = Self.apart(inside: right[index], outside: outside, isNested: depth > 0)
        marks[index] = mark
        isApart = mark.contains(.inside)
        depth += 1
      } else {
        isApart = false
        if event.closesEmphasis {
          depth -= 1
          isNested[index] = depth > 0
        }
      }
    }
    isApart = false
    for (index, event) in events.enumerated().reversed() where !leftOut[index] {
      guard event.closesEmphasis else {
        isApart = false
        continue
      }
      let mark = Self.apart(
        inside: left[index], outside: isApart ? .word : right[index],
        isNested: isNested[index])
      marks[index] = mark
      isApart = mark.contains(.inside)
    }
  }

  private static func apart(
    inside: InlineState.Neighbor, outside: InlineState.Neighbor, isNested: Bool
  ) -> Apart {
    var result: Apart = []
    if inside != .word, outside == .word || isNested || inside == .space { result.insert(.inside) }
    // Within other emphasis, a mark that could do both would meet those around it.
    if isNested, outside == .word { result.insert(.outside) }
    return result
  }

  /// What the mark at an event needs beside it.
  func apart(_ index: Int) -> Apart { marks.isEmpty ? [] : marks[index] }

  private static func neighbor(_ byte: UInt8?) -> InlineState.Neighbor {
    guard let byte else { return .space }
    // Marks of the template are kept apart by U+2060.
    return byte >= 0x80 || "*_~`]!".utf8.contains(byte)
      ? .word : InlineState.neighbor(Unicode.Scalar(byte))
  }

  /// What an event counts as beside a mark; `nil` where what follows it counts.
  private static func edge(_ event: ProseEvent, isFirst: Bool) -> InlineState.Neighbor? {
    switch event {
    case .text(let text):
      // An isolate is put around it, which counts as a letter.
      if Shown.isDirectional(text) { return .word }
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
