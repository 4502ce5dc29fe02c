/// A leftover that stands where an answer should, such as `TBD` or `[Number of users]`.
struct Placeholder: Equatable {
  /// The leftover as it was written.
  let text: String

  /// Finds the first leftover in a text.
  ///
  /// `nil` where there is none. Each byte is looked at once.
  init?(in text: String) {
    var text = text
    let found = text.withUTF8 { bytes in
      var search = Search(bytes)
      return (search.dots() ?? search.first()).map { String(decoding: bytes[$0], as: UTF8.self) }
    }
    guard let found else { return nil }
    self.text = String(found.prefix(60))
  }

  /// Words that nobody writes into a finished answer, in capitals or as they are usually typed.
  static let words: Set<String> = [
    "TBD", "TBC", "TBA", "TODO", "FIXME", "tbd", "tbc", "tba", "Tbd", "Tbc", "Tba",
  ]

  /// What a finished answer says only within a sentence, in small letters without accents: it is left
  /// over where it stands alone.
  static let phrases = [
    "todo", "xxx", "n/a yet", "fill in", "fill this in", "fill me in", "please fill in",
    "to be added", "to be agreed", "to be announced", "to be completed", "to be confirmed",
    "to be decided", "to be defined", "to be determined", "to be filled in", "to be provided",
    "to be specified",
    "a completer", "a confirmer", "a definir", "a determiner", "a preciser", "a remplir",
    "a renseigner", "a completar", "a confirmar", "a determinar", "a preencher", "por completar",
    "por confirmar", "por definir", "por determinar", "por preencher",
  ]
}

extension Placeholder {
  /// A search through one text.
  private struct Search {
    private let bytes: UnsafeBufferPointer<UInt8>
    /// The last backtick, once it was looked for; -1 where there is none.
    private var lastBacktick: Int?
    private var backticks = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// Dots, where there is nothing else: `...` or an ellipsis.
    func dots() -> Range<Int>? {
      let blanks = " \t\r\n".utf8
      guard let start = bytes.firstIndex(where: { !blanks.contains($0) }),
        bytes[start] == UInt8(ascii: ".") || bytes[start] == 0xE2,
        let last = bytes.lastIndex(where: { !blanks.contains($0) })
      else { return nil }
      let text = bytes[start...last]
      let isDots = text.count > 1 && text.allSatisfy { $0 == UInt8(ascii: ".") }
      return isDots || text.elementsEqual("\u{2026}".utf8) ? start..<last + 1 : nil
    }

    mutating func first() -> Range<Int>? {
      var wordStart: Int?
      var open: Int?
      // Whether nothing but spaces stands between the place and what may stand before something alone.
      var isFree = true
      var isFreeWord = false
      var index = 0
      while index < bytes.count {
        let byte = bytes[index]
        if Self.isWordByte(byte) {
          if wordStart == nil {
            wordStart = index
            isFreeWord = isFree
            isFree = false
          }
          index += 1
          continue
        }
        if let start = wordStart {
          wordStart = nil
          if let found = leftover(start..<index, isFree: isFreeWord) { return found }
          isFree = isDash(start..<index)
        }
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\t"): break
        case UInt8(ascii: "`"):
          backticks += 1
          isFree = false
        case UInt8(ascii: "?"):
          if let found = marks(at: index, atLeast: 3, isFree: isFree) { return found }
          isFree = false
        case UInt8(ascii: "_"):
          if let found = marks(at: index, atLeast: 4, isFree: false), !isBreak(found) {
            return found
          }
          isFree = !isGlued(index)
        case UInt8(ascii: "["), UInt8(ascii: "<"), UInt8(ascii: "{"):
          open = index
          isFree = byte == UInt8(ascii: "[")
        case UInt8(ascii: "]"), UInt8(ascii: ">"), UInt8(ascii: "}"):
          if let start = open, let found = blank(start, index), !isInCode(found) { return found }
          open = nil
          isFree = false
        case 0x0A, 0x0D, UInt8(ascii: ":"), UInt8(ascii: "("), UInt8(ascii: "|"),
          UInt8(ascii: "*"):
          isFree = true
        case UInt8(ascii: "-"): isFree = !isGlued(index)
        default: isFree = false
        }
        index += 1
      }
      return wordStart.flatMap { leftover($0..<bytes.count, isFree: isFreeWord) }
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
      (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte >= 0x80
    }

    /// Whether a word is nothing but an en dash or an em dash.
    private func isDash(_ word: Range<Int>) -> Bool {
      let start = word.lowerBound
      return word.count == 3 && bytes[start] == 0xE2 && bytes[start + 1] == 0x80
        && (0x93...0x94).contains(bytes[start + 2])
    }

    /// The leftover that a word is or begins.
    private func leftover(_ word: Range<Int>, isFree: Bool) -> Range<Int>? {
      if isFree, let found = phrase(at: word.lowerBound) { return found }
      guard word.count >= 3 else { return nil }
      // `XXX` alone or grown onto its neighbour, as in `XXXClientXXX`.
      let x = UInt8(ascii: "X")
      if bytes[word.lowerBound] == x, bytes[word.lowerBound + 1] == x,
        bytes[word.lowerBound + 2] == x
      {
        return word
      }
      if bytes[word.upperBound - 1] == x, bytes[word.upperBound - 2] == x,
        bytes[word.upperBound - 3] == x
      {
        return word
      }
      switch bytes[word.lowerBound] | 0x20 {
      case UInt8(ascii: "t"), UInt8(ascii: "f"):
        // The second letters of all of them: most words are none of them, and this is asked of each.
        switch bytes[word.lowerBound + 1] | 0x20 {
        case UInt8(ascii: "b"), UInt8(ascii: "o"), UInt8(ascii: "i"):
          let isShort = word.count <= 5
          return isShort && words.contains(String(decoding: bytes[word], as: UTF8.self))
            ? word : nil
        default: return nil
        }
      case UInt8(ascii: "l"):
        return end(of: "lorem ipsum", from: word.lowerBound).map { word.lowerBound..<$0 }
      default: return nil
      }
    }

    /// The phrase that begins at a place where it may stand alone, if it does.
    private func phrase(at start: Int) -> Range<Int>? {
      // The first letters of all of them.
      switch Self.plain(bytes[start]) {
      case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "p"),
        UInt8(ascii: "a"), UInt8(ascii: "x"), 0xC3:
        break
      default: return nil
      }
      for phrase in phrases {
        if let end = end(of: phrase, from: start), isAlone(before: end) { return start..<end }
      }
      return nil
    }

    /// Where a phrase that begins at a place ends, whatever its letters' case and accents are.
    private func end(of phrase: String, from start: Int) -> Int? {
      var place = start
      for wanted in phrase.utf8 {
        guard place < bytes.count else { return nil }
        var byte = Self.plain(bytes[place])
        if byte == 0xC3, place + 1 < bytes.count {
          place += 1
          // Capitals stand 0x20 before small letters here, too.
          switch bytes[place] | 0x20 {
          case 0xA0, 0xA2: byte = UInt8(ascii: "a")
          case 0xA8...0xAA: byte = UInt8(ascii: "e")
          default: return nil
          }
        }
        guard byte == wanted else { return nil }
        place += 1
      }
      return place
    }

    private static func plain(_ byte: UInt8) -> UInt8 {
      (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }

    /// Whether what ends before a place stands alone there.
    private func isAlone(before end: Int) -> Bool {
      var place = end
      while place < bytes.count, bytes[place] == 0x20 || bytes[place] == 0x09 { place += 1 }
      guard place < bytes.count else { return true }
      return bytes[place] == 0x0A || bytes[place] == 0x0D
        || ")]|*_.!".utf8.contains(bytes[place])
    }

    /// Marks of one kind, side by side: so many, or fewer that stand alone.
    private func marks(at start: Int, atLeast least: Int, isFree: Bool) -> Range<Int>? {
      let mark = bytes[start]
      if start > 0, bytes[start - 1] == mark || Self.isWordByte(bytes[start - 1]) { return nil }
      var end = start
      while end < bytes.count, bytes[end] == mark { end += 1 }
      return end - start >= least || isFree && isAlone(before: end) ? start..<end : nil
    }

    /// Whether underscores are a line between others, which Markdown draws across the page.
    private func isBreak(_ marks: Range<Int>) -> Bool {
      let begins = marks.lowerBound == 0 || bytes[marks.lowerBound - 1] == 0x0A
      let ends = marks.upperBound == bytes.count || bytes[marks.upperBound] == 0x0A
      return begins && ends && marks.count < bytes.count
    }

    /// The blank to fill that brackets enclose: `[Capitalised words]` that are no link, `<Client name>`,
    /// `<insert …>`, `{{ client }}`.
    ///
    /// `start` is where the inmost opening bracket stands, `end` where the first closing one behind it does.
    private func blank(_ start: Int, _ end: Int) -> Range<Int>? {
      let inner = bytes[start + 1..<end]
      guard let first = inner.first, inner.count < 200 else { return nil }
      let follower = end + 1 < bytes.count ? bytes[end + 1] : 0x20
      switch (bytes[start], bytes[end]) {
      case (UInt8(ascii: "["), UInt8(ascii: "]")):
        let text = String(decoding: inner, as: UTF8.self)
        let isBlank =
          text.count > 1 && text.first?.isUppercase == true && !"([:".utf8.contains(follower)
        return isBlank ? start..<end + 1 : nil
      case (UInt8(ascii: "<"), UInt8(ascii: ">")):
        let isWord = (0x41...0x5A).contains(first) && isName(inner) && !isGlued(start)
        let isAsked = ["insert ", "your "].contains { self.end(of: $0, from: start + 1) != nil }
        return isWord || isAsked ? start..<end + 1 : nil
      case (UInt8(ascii: "{"), UInt8(ascii: "}")):
        guard start > 0, bytes[start - 1] == bytes[start], follower == bytes[end],
          !inner.contains(0x0A), inner.contains(where: Self.isWordByte)
        else { return nil }
        return start - 1..<end + 2
      default: return nil
      }
    }

    /// Whether something follows on a word without a space, as in `List<Text>`.
    private func isGlued(_ place: Int) -> Bool {
      place > 0 && Self.isWordByte(bytes[place - 1])
    }

    /// Whether words are such as a blank is named by, and no element of HTML: with a small letter or a
    /// space, and without any other sign.
    private func isName(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
      text.last.map(Self.isWordByte) == true
        && text.allSatisfy { Self.isWordByte($0) || " -_'".utf8.contains($0) }
        && text.contains { $0 == 0x20 || $0 >= 0x61 }
    }

    /// Whether something stands between backticks: code has brackets of its own.
    private mutating func isInCode(_ place: Range<Int>) -> Bool {
      guard !backticks.isMultiple(of: 2) else { return false }
      let last = lastBacktick ?? bytes.lastIndex(of: UInt8(ascii: "`")) ?? -1
      lastBacktick = last
      return last > place.lowerBound
    }
  }
}
