/// What each of the 256 bytes means at some place, so that a text is judged in one pass.
///
/// Most texts need no escape at all: one look at a byte's class tells so.
struct ByteTable: @unchecked Sendable {
  /// 256 classes that stay for as long as the program runs.
  private let classes: UnsafePointer<UInt8>

  /// Within a text it may need an escape, or begins a character that must not be seen.
  private static let inside: UInt8 = 1
  /// At the beginning it has to be looked at together with what stands before it.
  private static let first: UInt8 = 2
  /// At the end it has to be looked at.
  private static let last: UInt8 = 4

  init(
    inside: (UInt8) -> Bool, first: (UInt8) -> Bool = { _ in false },
    last: (UInt8) -> Bool = { _ in false }
  ) {
    let classes = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)
    for byte in UInt8.min...UInt8.max {
      (classes + Int(byte)).initialize(
        to: (inside(byte) ? Self.inside : 0) | (first(byte) ? Self.first : 0)
          | (last(byte) ? Self.last : 0))
    }
    self.classes = UnsafePointer(classes)
  }

  /// The first byte that may need an escape at or after an offset; the count where there is none.
  @inline(__always)
  func firstMark(in bytes: UnsafeBufferPointer<UInt8>, from offset: Int = 0) -> Int {
    guard let start = bytes.baseAddress else { return 0 }
    let (end, classes) = (bytes.count, classes)
    var index = offset
    while index &+ 8 <= end {
      let place = start + index
      let (a, b) = (classes[Int(place[0])], classes[Int(place[1])])
      let (c, d) = (classes[Int(place[2])], classes[Int(place[3])])
      let (e, f) = (classes[Int(place[4])], classes[Int(place[5])])
      let (g, h) = (classes[Int(place[6])], classes[Int(place[7])])
      if (a | b | c | d | e | f | g | h) & Self.inside != 0 { break }
      index &+= 8
    }
    while index < end, classes[Int(start[index])] & Self.inside == 0 { index &+= 1 }
    return index
  }

  /// Whether the edges of a text, which is not empty, can be written as they are.
  @inline(__always)
  func isCalm(atEdgesOf bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let start = bytes.baseAddress, bytes.count > 0 else { return false }
    return classes[Int(start[0])] & Self.first | classes[Int(start[bytes.count - 1])] & Self.last
      == 0
  }

  // MARK: - Tables

  private static func isMark(_ byte: UInt8, _ marks: StaticString) -> Bool {
    Shown.needsLook(byte) || marks.withUTF8Buffer { $0.contains(byte) }
  }

  private static func isTextMark(_ byte: UInt8) -> Bool { isMark(byte, "!#&*.:<[\\]_`|~") }

  private static func isEnd(_ byte: UInt8) -> Bool { byte <= 0x20 || byte >= 0x80 }

  /// Text whose line is text already.
  static let text = ByteTable(inside: isTextMark, first: { !$0.isAlphanumeric }, last: isEnd)
  /// Text that may begin a line.
  static let lineStart = ByteTable(inside: isTextMark, first: { !$0.isLetter }, last: isEnd)
  static let code = ByteTable(
    inside: { isMark($0, "|`") }, first: { $0 == 0x20 }, last: { $0 == 0x20 })
  static let html = ByteTable(inside: { isMark($0, "&<>\"'|") }, first: { $0 <= 0x20 })
  static let destination = ByteTable(inside: { byte in
    byte >= 0x80 || isMark(byte, " <>()\\\"`|[]{}^&")
  })
  /// A place where every text is looked at as a whole.
  static let everything = ByteTable(inside: { _ in true }, first: { _ in true })
  /// A place where nothing is escaped.
  static let nothing = ByteTable(inside: { _ in false })
}

extension Place {
  /// What single bytes mean here.
  var table: ByteTable {
    switch kind {
    case .raw: .nothing
    case .text: isLineStart ? .lineStart : .text
    case .code: .code
    case .html, .attribute: .html
    case .destination: .destination
    case .fence, .info, .title, .comment: .everything
    }
  }
}
