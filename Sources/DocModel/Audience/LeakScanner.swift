/// Something that does not belong into what everybody may see.
public struct Leak: Hashable, Sendable {
  /// What it is.
  public enum Kind: String, CaseIterable, Sendable {
    /// An e-mail address.
    case email
    /// A telephone number.
    case phone
    /// An address of the internet protocol, version 4 or 6.
    case address
    /// The name of a host that only its own network knows.
    case host
    /// A key, a token or a password.
    case key

    /// What it is called in messages.
    public var title: String {
      switch self {
      case .email: "an e-mail address"
      case .phone: "a telephone number"
      case .address: "an IP address"
      case .host: "the name of an internal host"
      case .key: "a key or a password"
      }
    }
  }

  /// What it is.
  public let kind: Kind
  /// The text itself.
  public let text: String
  /// The line that it stands on, from 1.
  public let line: Int
  /// The column that it begins at, in bytes from 1.
  public let column: Int
}

/// Looks for leaks in text that comes one piece after another.
///
/// Each byte is looked at a bounded number of times, whatever the text is.
package struct LeakScanner {
  private var rest: [UInt8] = []
  private var line = 1
  /// How many bytes of a long line were looked at already.
  private var offset = 0
  /// What was found, in order.
  package private(set) var leaks: [Leak] = []

  /// The longest line that is looked at as a whole, in bytes; what is longer is looked at in parts that
  /// overlap, so that nothing is missed between two.
  private static let lineLimit = 1 << 16
  private static let overlap = 512
  /// How many leaks are told of one text.
  private static let leakLimit = 1000

  package init() {}

  /// Looks at the next piece.
  package mutating func feed(_ bytes: UnsafeRawBufferPointer) {
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 0x0A)
      rest.append(contentsOf: bytes[start..<(end ?? bytes.count)])
      start = end.map { $0 + 1 } ?? bytes.count
      if end != nil {
        look(isEnd: true)
      } else {
        while rest.count > Self.lineLimit { look(isEnd: false) }
      }
    }
  }

  /// Looks at what is left.
  package mutating func finish() { look(isEnd: true) }

  /// What there is in a whole text.
  package static func leaks(in text: String) -> [Leak] {
    var scanner = LeakScanner()
    var text = text
    text.withUTF8 { scanner.feed(UnsafeRawBufferPointer($0)) }
    scanner.finish()
    return scanner.leaks
  }

  private mutating func look(isEnd: Bool) {
    let isLong = rest.count > Self.lineLimit
    let part = isLong ? Array(rest[..<Self.lineLimit]) : rest
    var search = LeakSearch(part)
    search.run()
    for found in search.found where leaks.count < Self.leakLimit {
      let column = offset + found.range.lowerBound + 1
      // What lies in the overlap was told before.
      if let last = leaks.last, last.line == line, column < last.column + last.text.utf8.count {
        continue
      }
      leaks.append(
        Leak(
          kind: found.kind, text: String(decoding: search.bytes[found.range], as: UTF8.self),
          line: line, column: column))
    }
    if isLong {
      rest.removeFirst(Self.lineLimit - Self.overlap)
      offset += Self.lineLimit - Self.overlap
      if isEnd { look(isEnd: true) }
    } else if isEnd {
      rest.removeAll(keepingCapacity: true)
      line += 1
      offset = 0
    }
  }
}

/// Looks for leaks in one line.
struct LeakSearch {
  /// The line without what Markdown and the engine add to texts: backslashes before punctuation, stars that
  /// emphasise, and characters that nobody sees; with plain hyphens and spaces for those of typographers, and
  /// the `@` that an address escapes.
  let bytes: [UInt8]
  private(set) var found: [(kind: Leak.Kind, range: Range<Int>)] = []

  init(_ line: [UInt8]) {
    var plain: [UInt8] = []
    plain.reserveCapacity(line.count)
    var index = 0
    while index < line.count {
      let byte = line[index]
      if byte == 0x5C, index + 1 < line.count, line[index + 1].isPunctuation {
        index += 1
        plain.append(line[index])
      } else if byte == UInt8(ascii: "%"), line[index...].starts(with: "%40".utf8) {
        plain.append(UInt8(ascii: "@"))
        index += 2
      } else if byte == 0xE2, index + 2 < line.count, line[index + 1] == 0x81,
        (0xA0...0xAF).contains(line[index + 2])
      {
        // U+2060…U+206F: joiners and directional isolates.
        index += 2
      } else if byte == 0xC2, index + 1 < line.count, line[index + 1] == 0xA0 {
        plain.append(0x20)
        index += 1
      } else if byte == 0xE2, index + 2 < line.count, line[index + 1] == 0x80,
        let sign = Self.plainSign(line[index + 2])
      {
        plain.append(sign)
        index += 2
      } else if byte != UInt8(ascii: "*") {
        plain.append(byte)
      }
      index += 1
    }
    bytes = plain
  }

  /// What stands for one of U+2000…U+202F, known by its last byte; `nil` where it is neither a space nor a
  /// hyphen.
  private static func plainSign(_ last: UInt8) -> UInt8? {
    switch last {
    case 0x80...0x8A, 0xAF: 0x20
    case 0x90...0x93: UInt8(ascii: "-")
    default: nil
    }
  }

  /// Looks at each position from left to right; what is found is not looked at again.
  mutating func run() {
    var index = 0
    while index < bytes.count {
      if let (kind, range) = leak(at: index) {
        found.append((kind, range))
        index = max(range.upperBound, index + 1)
      } else {
        index += 1
      }
    }
  }

  private func leak(at index: Int) -> (Leak.Kind, Range<Int>)? {
    let byte = bytes[index]
    if byte == UInt8(ascii: "@"), let range = email(around: index) { return (.email, range) }
    if isWordStart(index) {
      if let end = key(at: index) { return (.key, index..<end) }
      if let end = host(at: index) { return (.host, index..<end) }
      if byte.isHexDigit, let end = address6(at: index) { return (.address, index..<end) }
    } else if before(index) == UInt8(ascii: "_"), let end = secret(at: index) {
      // As variables are called: `DB_PASSWORD`.
      return (.key, index..<end)
    }
    if byte == UInt8(ascii: "-"), let end = keyBlock(at: index) { return (.key, index..<end) }
    if byte.isDigit, !before(index).isDigit {
      if let end = address4(at: index) { return (.address, index..<end) }
    }
    if byte.isDigit || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "("),
      let end = phone(at: index)
    {
      return (.phone, index..<end)
    }
    return nil
  }

  /// The byte before a position; a space at the beginning.
  private func before(_ index: Int) -> UInt8 { index > 0 ? bytes[index - 1] : 0x20 }
  /// The byte at a position; a space at the end.
  private func at(_ index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0x20 }

  private func isWordStart(_ index: Int) -> Bool {
    (bytes[index].isLetterOrDigit) && !before(index).isLetterOrDigit
      && before(index) != UInt8(ascii: "_")
  }

  /// Where a run of bytes ends, at most `limit` further on.
  private func end(
    from index: Int, limit: Int, while condition: (UInt8) -> Bool
  ) -> Int {
    var end = index
    while end < bytes.count, end - index < limit, condition(bytes[end]) { end += 1 }
    return end
  }

  /// Whether some text stands at a position, in letters of either case.
  private func holds(_ text: StaticString, at index: Int, ignoringCase: Bool = false) -> Bool {
    let count = text.utf8CodeUnitCount
    guard index >= 0, index + count <= bytes.count else { return false }
    return text.withUTF8Buffer { wanted in
      for offset in 0..<count {
        let byte = bytes[index + offset]
        if byte != wanted[offset], !ignoringCase || byte.lowercased != wanted[offset] {
          return false
        }
      }
      return true
    }
  }
}

// MARK: - E-mail addresses

extension LeakSearch {
  /// An address as people write it (RFC 5321 allows at most 64 bytes before the `@`).
  private func email(around at: Int) -> Range<Int>? {
    var start = at
    while start > 0, at - start < 64, bytes[start - 1].isMailbox { start -= 1 }
    while start < at, !bytes[start].isLetterOrDigit { start += 1 }
    guard start < at, bytes[at - 1].isLetterOrDigit || bytes[at - 1] == UInt8(ascii: "_") else {
      return nil
    }
    guard let end = domain(at: at + 1) else { return nil }
    return start..<end
  }

  /// The end of a domain name with a point in it.
  private func domain(at start: Int) -> Int? {
    var end = end(from: start, limit: 253) { $0.isLetterOrDigit || $0 == 0x2D || $0 == 0x2E }
    while end > start, !bytes[end - 1].isLetterOrDigit { end -= 1 }
    let name = bytes[start..<end]
    guard let dot = name.lastIndex(of: 0x2E), dot > start, bytes[start] != 0x2E else { return nil }
    let top = name[(dot + 1)...]
    return top.count >= 2 && top.contains { $0.isLetter } ? end : nil
  }
}

// MARK: - Addresses and hosts

extension LeakSearch {
  /// An IPv4 address: four numbers up to 255 that are no version and no number of a section.
  private func address4(at start: Int) -> Int? {
    let previous = before(start)
    guard !previous.isLetterOrDigit, previous != 0x2E, previous != UInt8(ascii: "-"),
      previous != UInt8(ascii: "_")
    else { return nil }
    var numbers: [Int] = []
    var index = start
    while numbers.count < 4 {
      let end = end(from: index, limit: 4) { $0.isDigit }
      guard end > index, end - index <= 3, end - index == 1 || bytes[index] != 0x30 else {
        return nil
      }
      numbers.append(bytes[index..<end].reduce(0) { $0 * 10 + Int($1 - 0x30) })
      index = end
      if numbers.count < 4 {
        guard at(index) == 0x2E else { return nil }
        index += 1
      }
    }
    guard numbers.allSatisfy({ $0 <= 255 }), !at(index).isLetterOrDigit,
      at(index) != 0x2E || !at(index + 1).isDigit, at(index) != UInt8(ascii: "_"),
      at(index) != UInt8(ascii: "-")
    else { return nil }
    // What everybody's machine calls itself, and masks.
    return [0, 127, 255].contains(numbers[0]) || isNumbered(start) ? nil : index
  }

  /// Whether the word before a position says that a number follows: of a version or a section.
  private func isNumbered(_ start: Int) -> Bool {
    var end = start
    while end > 0, start - end < 4, " :#=".utf8.contains(bytes[end - 1]) { end -= 1 }
    let words: [StaticString] = [
      "version", "versions", "release", "edition", "section", "sections", "chapter", "clause",
      "firmware", "build", "level", "paragraph", "article", "annex", "ver.", "no.", "v",
    ]
    return words.contains { word in
      let begin = end - word.utf8CodeUnitCount
      return holds(word, at: begin, ignoringCase: true) && !before(max(begin, 0)).isLetterOrDigit
    } || end >= 2 && bytes[end - 2] == 0xC2 && bytes[end - 1] == 0xA7
  }

  /// An IPv6 address that hosts have: global, unique local or link-local.
  private func address6(at start: Int) -> Int? {
    let first = end(from: start, limit: 5) { $0.isHexDigit }
    guard first - start == 4, at(first) == UInt8(ascii: ":"), before(start) != UInt8(ascii: ":")
    else { return nil }
    let lead = (bytes[start].lowercased, bytes[start + 1].lowercased)
    let isHost =
      lead.0 == UInt8(ascii: "2") || lead.0 == UInt8(ascii: "3")
      || lead.0 == UInt8(ascii: "f")
        && [UInt8(ascii: "c"), UInt8(ascii: "d"), UInt8(ascii: "e")].contains(lead.1)
    guard isHost else { return nil }
    var end = end(from: start, limit: 46) { $0.isHexDigit || $0 == UInt8(ascii: ":") }
    let isCompressed = (start..<end - 1).contains {
      bytes[$0] == UInt8(ascii: ":") && bytes[$0 + 1] == UInt8(ascii: ":")
    }
    let groups = bytes[start..<end].split(separator: UInt8(ascii: ":"))
    guard groups.allSatisfy({ $0.count <= 4 }), isCompressed ? groups.count <= 7 : groups.count == 8
    else { return nil }
    while end > start, bytes[end - 1] == UInt8(ascii: ":"), bytes[end - 2] != UInt8(ascii: ":") {
      end -= 1
    }
    return at(end).isLetterOrDigit ? nil : end
  }

  /// The name of a host in a domain that no public name server knows, or behind a scheme without any.
  private func host(at start: Int) -> Int? {
    let previous = before(start)
    guard previous != 0x2E, previous != 0x2D, previous != UInt8(ascii: "@") else { return nil }
    var end = end(from: start, limit: 253) { $0.isLetterOrDigit || $0 == 0x2D || $0 == 0x2E }
    while end > start, !bytes[end - 1].isLetterOrDigit { end -= 1 }
    let name = bytes[start..<end]
    let isBehindScheme =
      start >= 3 && holds("://", at: start - 3)
      || start >= 2 && before(start) == UInt8(ascii: "\\") && bytes[start - 2] == UInt8(ascii: "\\")
    guard let dot = name.lastIndex(of: 0x2E) else {
      let isLocal = name.count == 9 && holds("localhost", at: start, ignoringCase: true)
      return isBehindScheme && !isLocal && name.contains { $0.isLetter } ? end : nil
    }
    let zones: [StaticString] = [
      "local", "internal", "intranet", "lan", "corp", "localdomain", "home.arpa", "private",
      "intra",
    ]
    return zones.contains { zone in
      let begin = end - zone.utf8CodeUnitCount
      return begin - 1 > start && bytes[begin - 1] == 0x2E && dot < end
        && holds(zone, at: begin, ignoringCase: true)
    } ? end : nil
  }
}

// MARK: - Telephone numbers

extension LeakSearch {
  private func phone(at start: Int) -> Int? {
    let previous = before(start)
    guard !previous.isLetterOrDigit, previous != UInt8(ascii: "_"), previous != 0x2E,
      previous != 0x2D, previous != 0x2F, previous != UInt8(ascii: "#"),
      previous != UInt8(ascii: "="), previous != UInt8(ascii: ",")
    else { return nil }
    var digits: [UInt8] = []
    var groups: [Int] = []
    var end = start
    var index = start
    var separators: [UInt8] = []
    if at(index) == UInt8(ascii: "+") { index += 1 }
    var count = 0
    while index < bytes.count, index - start < 40 {
      let byte = bytes[index]
      if byte.isDigit {
        digits.append(byte)
        count += 1
        end = index + 1
      } else if byte == 0x20 || byte == 0x2D || byte == 0x2E || byte == 0x2F
        || byte == UInt8(ascii: "(") || byte == UInt8(ascii: ")")
      {
        // Two signs in a row only around brackets.
        if index > start, [0x2D, 0x2E, 0x2F].contains(byte), !bytes[index - 1].isDigit { break }
        if byte == 0x20, before(index) == 0x20 { break }
        if count > 0 { groups.append(count) }
        count = 0
        separators.append(byte)
      } else {
        break
      }
      index += 1
    }
    if count > 0 { groups.append(count) }
    // A sign behind the last digit belongs to what follows.
    guard end > start, !at(end).isLetterOrDigit, at(end) != UInt8(ascii: "%") else { return nil }
    let isInternational =
      bytes[start] == UInt8(ascii: "+") && (8...15).contains(digits.count)
      && (at(start + 1).isDigit || at(start + 1) == UInt8(ascii: "("))
    if isInternational { return end }
    if bytes[start] == UInt8(ascii: "+") { return nil }
    if isCalled(start), (6...15).contains(digits.count) { return end }
    let isSeparated = groups.count >= 2
    if holds("00", at: start), at(start + 2) != 0x30, isSeparated, (10...17).contains(digits.count)
    {
      return end
    }
    // With an area code that begins with 0, or as North America writes numbers; not the end of a number
    // whose thousands stand apart.
    let first = groups.first ?? 0
    let isThousands =
      groups.allSatisfy { $0 == 3 } && previous == 0x20 && start > 1 && bytes[start - 2].isDigit
    if digits.first == 0x30, !isThousands, (3...5).contains(first), isSeparated,
      (9...11).contains(digits.count), groups.dropFirst().allSatisfy({ $0 >= 2 }),
      !separators.contains(0x2E)
    {
      return end
    }
    return groups == [3, 3, 4] && separators.contains { $0 != 0x20 && $0 != 0x2F } ? end : nil
  }

  /// Whether the word before a position says that a telephone number follows.
  private func isCalled(_ start: Int) -> Bool {
    var end = start
    while end > 0, start - end < 4, " :.(".utf8.contains(bytes[end - 1]) { end -= 1 }
    let words: [StaticString] = [
      "tel", "phone", "telephone", "mobile", "cell", "fax", "whatsapp", "hotline", "call", "dial",
    ]
    return words.contains { word in
      let begin = end - word.utf8CodeUnitCount
      return holds(word, at: begin, ignoringCase: true) && !before(max(begin, 0)).isLetterOrDigit
    }
  }
}

// MARK: - Keys

extension LeakSearch {
  /// The forms that tokens of well-known services have: how they begin, and how many signs follow at least.
  private static let tokens: [(lead: StaticString, least: Int)] = [
    ("AKIA", 16), ("ASIA", 16), ("ghp_", 30), ("gho_", 30), ("ghu_", 30), ("ghs_", 30),
    ("ghr_", 30),
    ("github_pat_", 22), ("glpat-", 20), ("xoxb-", 10), ("xoxp-", 10), ("xoxa-", 10), ("xoxr-", 10),
    ("xoxs-", 10), ("sk_live_", 16), ("rk_live_", 16), ("sk_test_", 16), ("AIza", 35), ("sk-", 20),
    ("SG.", 40), ("npm_", 30), ("pypi-", 40), ("dckr_pat_", 20), ("hvs.", 20),
    ("AGE-SECRET-KEY-1", 20),
    ("eyJ", 40),
  ]

  /// A token by its form, or what stands behind a word that says it is secret.
  private func key(at start: Int) -> Int? {
    for (lead, least) in Self.tokens where holds(lead, at: start) {
      let from = start + lead.utf8CodeUnitCount
      let end = end(from: from, limit: 512) { $0.isToken }
      let rest = bytes[from..<end]
      // Words of a language and identifiers are none: they have hyphens, or are short.
      guard end - from >= least,
        rest.contains(where: \.isDigit) || rest.contains(where: \.isUpper)
          || rest.allSatisfy(\.isLetter)
      else { continue }
      if holds("eyJ", at: start), rest.filter({ $0 == 0x2E }).count < 2 { continue }
      return end
    }
    if holds("PuTTY-User-Key-File", at: start) { return start + 19 }
    return secret(at: start) ?? credentials(at: start)
  }

  /// `password: …` and the like, with what stands behind it.
  private func secret(at start: Int) -> Int? {
    let words: [StaticString] = [
      "password", "passwd", "pwd", "passphrase", "secret", "token", "api_key", "api-key", "apikey",
      "access_key", "secret_key", "private_key", "bearer",
    ]
    guard
      let word = words.first(where: {
        holds($0, at: start, ignoringCase: true)
          && !at(start + $0.utf8CodeUnitCount).isLetterOrDigit
          && at(start + $0.utf8CodeUnitCount) != UInt8(ascii: "_")
      })
    else { return nil }
    let behind = start + word.utf8CodeUnitCount
    let from = end(from: behind, limit: 4) { " :=\"'`".utf8.contains($0) }
    let isStated = bytes[behind..<from].contains {
      $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "=")
    }
    let isBearer = holds("bearer", at: start, ignoringCase: true)
    guard isStated || isBearer else { return nil }
    let end = end(from: from, limit: 512) { $0 > 0x20 && !"\"'`,;|<>".utf8.contains($0) }
    let value = bytes[from..<end]
    let isMixed = value.contains { $0.isDigit } && value.contains { $0.isLetter }
    return isMixed && value.count >= (isBearer ? 20 : 8) ? end : nil
  }

  /// A name and a password within an address: `https://name:password@host`.
  private func credentials(at start: Int) -> Int? {
    guard start >= 3, holds("://", at: start - 3) else { return nil }
    let end = end(from: start, limit: 300) {
      $0 > 0x20 && $0 != 0x2F && $0 != UInt8(ascii: "@") && $0 != UInt8(ascii: "?")
    }
    guard at(end) == UInt8(ascii: "@"), let colon = bytes[start..<end].firstIndex(of: 0x3A),
      colon > start, colon + 1 < end
    else { return nil }
    return end
  }

  /// The line with which a private key begins.
  private func keyBlock(at start: Int) -> Int? {
    guard before(start) != UInt8(ascii: "-"), holds("-----BEGIN ", at: start) else { return nil }
    let end = end(from: start + 11, limit: 60) { $0 != UInt8(ascii: "-") }
    let name = bytes[(start + 11)..<end]
    let wanted = Array("PRIVATE KEY".utf8)
    let isPrivate = name.indices.contains { name[$0...].starts(with: wanted) }
    return isPrivate && holds("-----", at: end) ? end + 5 : nil
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { (0x30...0x39).contains(self) }
  fileprivate var isUpper: Bool { (0x41...0x5A).contains(self) }
  fileprivate var isLetter: Bool { (0x61...0x7A).contains(self | 0x20) || self >= 0x80 }
  fileprivate var isLetterOrDigit: Bool { isDigit || isLetter }
  fileprivate var isHexDigit: Bool { isDigit || (0x61...0x66).contains(self | 0x20) }
  fileprivate var lowercased: UInt8 { isUpper ? self | 0x20 : self }
  fileprivate var isPunctuation: Bool {
    (0x21...0x2F).contains(self) || (0x3A...0x40).contains(self) || (0x5B...0x60).contains(self)
      || (0x7B...0x7E).contains(self)
  }
  fileprivate var isMailbox: Bool { isLetterOrDigit || "._%+-'!#$^{}~".utf8.contains(self) }
  fileprivate var isToken: Bool {
    isDigit || isUpper || (0x61...0x7A).contains(self) || "_-.".utf8.contains(self)
  }
}
