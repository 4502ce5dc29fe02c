/// A piece of a YAML file with the bytes that it takes up.
struct YAMLSpan {
  enum Kind {
    /// A single value; `isBlock` for one behind `|` or `>`.
    case scalar(isBlock: Bool)
    /// Something that stands elsewhere.
    case alias
    case sequence(isFlow: Bool, [YAMLSpan])
    case mapping(isFlow: Bool, [(key: String, keyStart: Int, value: YAMLSpan)])
  }

  let kind: Kind
  /// The first byte.
  let start: Int
  /// The byte behind the last one.
  let end: Int

  /// Where everything in a file stands.
  ///
  /// - Throws: `InvalidInput` where the file is not YAML.
  init(_ source: Source) throws(InvalidInput) {
    let pieces = try yamlPieces(source)
    var offsets = ByteOffsets(source.bytes)
    var next = 0
    self = Self.read(pieces, &next, &offsets)
  }

  private init(kind: Kind, start: Int, end: Int) {
    self.kind = kind
    self.start = start
    self.end = end
  }

  /// Reads one value; files are no deeper than `Node.depthLimit`, since they were read before.
  private static func read(
    _ pieces: [YAMLPiece], _ next: inout Int, _ offsets: inout ByteOffsets
  ) -> YAMLSpan {
    guard next < pieces.count else { return YAMLSpan(kind: .alias, start: 0, end: 0) }
    let piece = pieces[next]
    next += 1
    let start = offsets[piece.start]
    switch piece.kind {
    case .scalar(_, let isBlock):
      return YAMLSpan(kind: .scalar(isBlock: isBlock), start: start, end: offsets[piece.end])
    case .alias, .end: return YAMLSpan(kind: .alias, start: start, end: offsets[piece.end])
    case .sequence(let isFlow):
      var items: [YAMLSpan] = []
      while next < pieces.count, !pieces[next].isEnd { items.append(read(pieces, &next, &offsets)) }
      return YAMLSpan(
        kind: .sequence(isFlow: isFlow, items), start: start, end: end(pieces, &next, &offsets))
    case .mapping(let isFlow):
      var entries: [(key: String, keyStart: Int, value: YAMLSpan)] = []
      while next < pieces.count, !pieces[next].isEnd {
        let key = pieces[next]
        next += 1
        let keyStart = offsets[key.start]
        guard case .scalar(let text, _) = key.kind else { continue }
        entries.append((text, keyStart, read(pieces, &next, &offsets)))
      }
      return YAMLSpan(
        kind: .mapping(isFlow: isFlow, entries), start: start, end: end(pieces, &next, &offsets))
    }
  }

  private static func end(
    _ pieces: [YAMLPiece], _ next: inout Int, _ offsets: inout ByteOffsets
  ) -> Int {
    guard next < pieces.count else { return offsets[Int.max] }
    next += 1
    return offsets[pieces[next - 1].end]
  }
}

extension YAMLPiece {
  fileprivate var isEnd: Bool { if case .end = kind { true } else { false } }
}

/// Bytes by the number of scalars before them; steps from the last one asked for.
private struct ByteOffsets {
  private let bytes: [UInt8]
  private var scalars = 0
  private var offset = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  subscript(scalar: Int) -> Int {
    mutating get {
      while scalars < scalar, offset < bytes.count {
        offset += 1
        while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
        scalars += 1
      }
      while scalars > scalar {
        offset -= 1
        while bytes[offset] & 0xC0 == 0x80 { offset -= 1 }
        scalars -= 1
      }
      return offset
    }
  }
}
