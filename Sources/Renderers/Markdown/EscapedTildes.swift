/// Tells tildes that were escaped from those that strike out.
///
/// libcmark forgets which characters were escaped. `\~` is therefore replaced before it reads the text,
/// by a punctuation mark that the text doesn't hold, and put back in what it found.
struct EscapedTildes {
  /// What stands for `\~`, four bytes; zero where nothing does.
  private var mark: UInt32 = 0

  /// Marks of an old script, in which no tender is written; any of them will do.
  private static let candidates = ["\u{12470}", "\u{12471}", "\u{12472}", "\u{12473}", "\u{10A7F}"]

  var isEmpty: Bool { mark == 0 }

  /// A text with its escaped tildes replaced; `nil` where it has none.
  static func marking(_ text: [UInt8]) -> (bytes: [UInt8], tildes: Self)? {
    text.withUnsafeBufferPointer { text in
      guard text.firstRange(of: #"\~"#) != nil else { return nil }
      let free = candidates.first { candidate in
        Array(candidate.utf8).withUnsafeBufferPointer { text.firstRange(of: $0) == nil }
      }
      guard let free else { return nil }
      let mark = Array(free.utf8)
      let tildes = Self(mark: mark.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) })
      var bytes: [UInt8] = []
      bytes.reserveCapacity(text.count + text.count / 8)
      var backslashes = 0
      for byte in text {
        if byte == .tilde, backslashes % 2 == 1 {
          bytes[(bytes.count - 1)...] = mark[...]
        } else {
          bytes.append(byte)
        }
        backslashes = byte == .backslash ? backslashes + 1 : 0
      }
      return (bytes, tildes)
    }
  }

  /// Calls `body` with the text as it was meant: `~`, or `\~` where backslashes mean themselves.
  @inline(__always)
  func restoring(_ bytes: LentBytes, verbatim: Bool = false, _ body: (LentBytes) -> Void) {
    if isEmpty { body(bytes) } else { restoreSlowly(bytes, verbatim, body) }
  }

  private func restoreSlowly(_ bytes: LentBytes, _ verbatim: Bool, _ body: (LentBytes) -> Void) {
    withUnsafeBytes(of: mark) { mark in
      let mark = mark.bindMemory(to: UInt8.self)
      guard var next = bytes.firstRange(of: mark) else { return body(bytes) }
      var restored: [UInt8] = []
      var done = 0
      repeat {
        restored += bytes[done..<next]
        restored += verbatim ? [.backslash, .tilde] : [.tilde]
        done = next + mark.count
        next = bytes.firstRange(of: mark, from: done) ?? bytes.count
      } while next < bytes.count
      restored += bytes[done...]
      restored.withUnsafeBufferPointer(body)
    }
  }

  init() {}

  private init(mark: UInt32) { self.mark = mark }
}
