/// A point of a literal at which something is completed while rendering: a code span or a fence
/// around values, whose marks grow where a value holds the same.
struct Mark: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case codeOpen(Int)
    case codeClose(Int)
    case fenceOpen(Int, UInt8)
    case fenceClose(UInt8)
  }

  let offset: Int
  let kind: Kind
}

extension Mark {
  /// Whether the literal that holds the mark has a space inside the backticks.
  func isSpaced(in bytes: [UInt8]) -> Bool {
    switch kind {
    case .codeOpen(let length), .fenceOpen(let length, _):
      let next = offset + length
      return next < bytes.count && bytes[next] == .space
    case .codeClose: return offset > 0 && bytes[offset - 1] == .space
    case .fenceClose: return false
    }
  }
}

extension Machine {
  /// Begins or completes what a mark stands for.
  mutating func reach(_ mark: Mark.Kind, isSpaced: Bool) {
    switch mark {
    case .codeOpen(let length), .fenceOpen(let length, _):
      openings.append(Opening(start: output.count, length: length, isSpaced: isSpaced))
    case .codeClose(let length): closeCode(length, isSpaced: isSpaced)
    case .fenceClose(let mark): closeFence(mark)
    }
  }

  /// Makes the backticks around a code span more than any within it.
  private mutating func closeCode(_ length: Int, isSpaced: Bool) {
    guard let opening = openings.popLast(), opening.start + opening.length <= output.count else {
      return
    }
    let content = opening.start + opening.length
    let (wanted, needsSpaces, isBlank) = output.withBytes { bytes in
      let text = bytes[content...]
      var wanted = length
      if text.contains(.backtick) {
        var runs: Set<Int> = []
        var run = 0
        for byte in text {
          if byte == .backtick {
            run += 1
          } else if run > 0 {
            runs.insert(run)
            run = 0
          }
        }
        if run > 0 { runs.insert(run) }
        while runs.contains(wanted) { wanted += 1 }
      }
      // Where the literal has spaces inside its backticks already, they are the ones left out.
      let (first, last) = (text.first ?? 0, bytes.last)
      let isBlank = first == .space && last == .space && text.allSatisfy { $0 == .space }
      let isPadded = first == .space && last == .space && !isBlank
      return (wanted, first == .backtick || last == .backtick || isPadded, isBlank)
    }
    // Spaces alone keep all of them, also those that are left out beside other text.
    if isBlank, opening.isSpaced, isSpaced {
      output.insert(Shown.filler, at: content + 1)
    }
    if needsSpaces, !(opening.isSpaced && isSpaced) {
      output.append(.space)
      output.insert(contentsOf: [.space], at: content)
    }
    if wanted > length {
      let more = Array(repeating: UInt8.backtick, count: wanted - length)
      output.insert(contentsOf: more, at: opening.start)
      // The literal goes on with the marks that were written for the shorter fence.
      output.append(contentsOf: more)
    }
  }

  /// Makes the lines around a fence longer than any run of their mark within it.
  private mutating func closeFence(_ mark: UInt8) {
    guard let opening = openings.popLast() else { return }
    var longest = 0
    var run = 0
    var isClosing = true
    // The opening run itself comes first and is not counted.
    output.withBytes { bytes in
      for byte in bytes[min(opening.start + opening.length, bytes.count)...] {
        if byte == mark {
          run += 1
          longest = max(longest, run)
        } else {
          run = 0
        }
        isClosing = false
      }
    }
    if isClosing || longest < opening.length { return }
    let more = Array(repeating: mark, count: longest + 1 - opening.length)
    output.insert(contentsOf: more, at: opening.start)
    output.append(contentsOf: more)
  }
}
