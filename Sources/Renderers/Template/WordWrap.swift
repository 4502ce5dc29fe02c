import DocModel

/// Lines of a width, broken where Python's `textwrap` breaks them.
extension Filter {
  static func wordWrap(_ value: Value, _ arguments: Arguments) throws(Problem) -> Value {
    guard value.string != nil else { throw Problem("\(value.typeName) is not text") }
    try value.needParts()
    let width = try arguments.integer(0, 79)
    guard width > 0 else { throw Problem("the width has to be at least 1") }
    let breaksWords = arguments.flag(1, true)
    let separator = try arguments[2].flatMap { $0.isNone ? nil : $0 }.map {
      (_) throws(Problem) in try arguments.text(2)
    }
    let breaksHyphens = arguments.flag(3, true)
    let mark = separator ?? "\n"
    try checkSize(value.length, value.length, mark.utf8.count)
    return value.mapText { text in
      splitLines(text).map { line in
        wrap(line, width: width, breaksWords: breaksWords, breaksHyphens: breaksHyphens)
          .joined(separator: mark)
      }.joined(separator: mark)
    }
  }

  private static func wrap(
    _ line: String, width: Int, breaksWords: Bool, breaksHyphens: Bool
  ) -> [String] {
    var chunks: ArraySlice<ArraySlice<Unicode.Scalar>> =
      Chunks(Array(line.unicodeScalars), breaksHyphens: breaksHyphens).all[...]
    var lines: [String] = []
    while let first = chunks.first {
      var current: [ArraySlice<Unicode.Scalar>] = []
      var size = 0
      if !lines.isEmpty, first.allSatisfy(isWhite) { chunks.removeFirst() }
      while let chunk = chunks.first, size + chunk.count <= width {
        current.append(chunk)
        size += chunk.count
        chunks.removeFirst()
      }
      if let chunk = chunks.first, chunk.count > width {
        if breaksWords {
          var cut = chunk.startIndex + width - size
          if breaksHyphens, let hyphen = chunk[..<cut].lastIndex(of: "-"),
            chunk[..<hyphen].contains(where: { $0 != "-" })
          {
            cut = hyphen + 1
          }
          current.append(chunk[..<cut])
          chunks[chunks.startIndex] = chunk[cut...]
        } else if current.isEmpty {
          current.append(chunk)
          chunks.removeFirst()
        }
      }
      if let last = current.last, last.allSatisfy(isWhite) { current.removeLast() }
      if !current.isEmpty {
        lines.append(String(String.UnicodeScalarView(current.joined())))
      }
    }
    return lines
  }
}

/// The pieces of a line between which it may be broken: white space, words, and the parts of words
/// with hyphens and dashes in them.
private struct Chunks {
  private(set) var all: [ArraySlice<Unicode.Scalar>] = []
  private let line: [Unicode.Scalar]

  init(_ line: [Unicode.Scalar], breaksHyphens: Bool) {
    self.line = line
    var index = 0
    while index < line.count {
      let end =
        isSpace(index)
        ? run(from: index, while: isSpace)
        : breaksHyphens ? endOfPart(from: index) : run(from: index) { !isSpace($0) }
      all.append(line[index..<end])
      index = end
    }
  }

  /// White space that breaks a line: only that of ASCII.
  private func isSpace(_ index: Int) -> Bool {
    line[index] == " " || (line[index].value >= 0x09 && line[index].value <= 0x0D)
  }

  private func run(from start: Int, while holds: (Int) -> Bool) -> Int {
    var index = start
    while index < line.count, holds(index) { index += 1 }
    return index
  }

  private func isHyphen(_ index: Int) -> Bool { index < line.count && line[index] == "-" }

  private func isLetter(_ index: Int) -> Bool {
    line.indices.contains(index) && isWord(line[index])
      && line[index].properties.numericType != .decimal
  }

  /// Whether a dash may stand behind this: a word's character or its punctuation.
  private func endsWord(_ index: Int) -> Bool {
    line.indices.contains(index)
      && (isWord(line[index]) || ["!", "\"", "'", "&", ".", ",", "?"].contains(line[index]))
  }

  /// The end of a dash of several hyphens with a word behind it that begins here.
  private func dash(at start: Int) -> Int? {
    let end = run(from: start) { line[$0] == "-" }
    return end - start >= 2 && end < line.count && isWord(line[end]) ? end : nil
  }

  /// Where the word or the part of a word that begins here ends.
  private func endOfPart(from start: Int) -> Int {
    if endsWord(start - 1), let end = dash(at: start) { return end }
    var index = start + 1
    while index < line.count {
      if isSpace(index) { return index }
      if isHyphen(index), endsWord(index - 1), dash(at: index) != nil { return index }
      if isHyphen(index), isHyphenation(index) { return index + 1 }
      index += 1
    }
    return index
  }

  /// Whether a word may be broken behind the hyphen here: letters on both sides.
  private func isHyphenation(_ index: Int) -> Bool {
    let isBehindLetters =
      isLetter(index - 1)
      && (isLetter(index - 2) || isHyphen(index - 2) && isLetter(index - 3))
    let isBeforeLetters =
      isLetter(index + 1)
      && (isLetter(index + 2) || isHyphen(index + 2) && isLetter(index + 3))
    return isBehindLetters && isBeforeLetters && index >= 2
  }
}
