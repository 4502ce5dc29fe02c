import CCMark

@testable import Renderers

/// What libcmark makes of a text, as a flat list that can be compared.
struct Outline {
  struct Piece: Equatable {
    let kind: String
    var text: [UInt8]
    var details: [[UInt8]] = []
  }

  static let word = Array("xylo".utf8)

  private(set) var pieces: [Piece] = []

  init(_ text: [UInt8]) {
    let document = text.withUnsafeBytes { bytes in
      cmark_parse_document(
        bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, CMARK_OPT_DEFAULT)
    }
    guard let document else { return }
    defer { cmark_node_free(document) }
    let iterator = cmark_iter_new(document)
    defer { cmark_iter_free(iterator) }
    while true {
      let step = cmark_iter_next(iterator)
      if step == CMARK_EVENT_DONE { return }
      guard let node = cmark_iter_get_node(iterator) else { return }
      add(node, isEntering: step == CMARK_EVENT_ENTER)
    }
  }

  private mutating func add(_ node: OpaquePointer, isEntering: Bool) {
    func bytes(_ text: UnsafePointer<CChar>?) -> [UInt8] {
      text.map { Array(String(cString: $0).utf8) } ?? []
    }
    let name = String(cString: cmark_node_get_type_string(node))
    guard isEntering else {
      pieces.append(Piece(kind: "/" + name, text: []))
      return
    }
    var piece = Piece(kind: name, text: bytes(cmark_node_get_literal(node)))
    switch cmark_node_get_type(node) {
    case CMARK_NODE_TEXT:
      if piece.text.isEmpty { return }
      if let last = pieces.last, last.kind == name {
        pieces[pieces.count - 1].text += piece.text
        return
      }
    case CMARK_NODE_LINK, CMARK_NODE_IMAGE:
      // What an address is made of is another test's matter; here only that it stays one.
      piece.details = [bytes(cmark_node_get_title(node))]
    case CMARK_NODE_CODE_BLOCK: piece.details = [bytes(cmark_node_get_fence_info(node))]
    case CMARK_NODE_HEADING: piece.details = [[UInt8(cmark_node_get_heading_level(node))]]
    case CMARK_NODE_LIST:
      piece.details = [
        [UInt8(cmark_node_get_list_type(node).rawValue)],
        Array("\(cmark_node_get_list_start(node))".utf8),
      ]
    default: break
    }
    pieces.append(piece)
  }

  /// Where a text with a value in it is read differently from the one with the word.
  static func difference(base: [UInt8], text: [UInt8], value: String) -> String? {
    let wanted = Outline(base).pieces
    let found = Outline(text).pieces
    var value = value
    let (line, lines) = value.withUTF8 { bytes in
      (seen(Shown.line(bytes)), seen(Array(Shown.lines(bytes).joined(separator: [0x0A]))))
    }
    var left = found.filter { $0.kind != "text" || !plain($0).text.isEmpty }[...]
    for piece in wanted.map(plain) where piece.kind != "text" || !put(line, in: piece).text.isEmpty
    {
      guard let other = left.popFirst().map(plain) else { return "ends before \(show(piece))" }
      // What is captured and put behind a fence, or in one line, has been made one line before.
      let isCode = piece.kind == "code_block" || piece.kind == "code"
      let isEqual =
        put(line, in: piece) == other
        || isCode
          && lacksSpace(put(lines, in: piece, line)) == lacksSpace(other)
      if !isEqual {
        return "wanted \(show(put(line, in: piece))), found \(show(other))"
      }
    }
    return left.first.map { "goes on with \(show($0))" }
  }

  private static func lacksSpace(_ piece: Piece) -> Piece {
    Piece(
      kind: piece.kind, text: piece.text.filter { $0 != 0x20 && $0 != 0x0A },
      details: piece.details)
  }

  private static func show(_ piece: Piece) -> String {
    ([piece.kind, String(decoding: piece.text, as: UTF8.self).debugDescription]
      + piece.details.map { String(decoding: $0, as: UTF8.self).debugDescription })
      .joined(separator: " ")
  }

  private static func put(_ value: [UInt8], in piece: Piece, _ detail: [UInt8]? = nil) -> Piece {
    let piece = Piece(
      kind: piece.kind, text: piece.text.replacing(word, with: value),
      details: piece.details.map { $0.replacing(word, with: detail ?? value) })
    guard piece.kind == "html_block" || piece.kind == "html_inline" else { return plain(piece) }
    return Piece(kind: piece.kind, text: withoutEscapes(piece.text))
  }

  /// A piece without what nobody sees, and with what can be written in several ways in one of them.
  private static func plain(_ piece: Piece) -> Piece {
    var piece = piece
    piece.text = seen(piece.text)
    piece.details = piece.details.map(seen)
    switch piece.kind {
    case "code": piece.text = withoutEscapes(piece.text)
    case "html_block", "html_inline": piece.text = withoutEscapes(unescaped(piece.text))
    case "code_block":
      piece.details = piece.details.map { $0.filter { $0 != 0x20 && $0 != 0x09 } }
    default: break
    }
    return piece
  }

  /// A text without the backslashes that a cell needs before `|`, which a parser without tables keeps.
  private static func withoutEscapes(_ text: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    for byte in text {
      if byte == UInt8(ascii: "|") {
        while result.last == UInt8(ascii: "\\") { result.removeLast() }
      }
      result.append(byte)
    }
    return result
  }

  /// A text without the filler and without isolates, which surround a value each time it is written.
  private static func seen(_ text: [UInt8]) -> [UInt8] {
    var result = text
    for mark in ["\u{2060}", "\u{2068}", "\u{2069}"] where text.contains(0xE2) {
      result = result.replacing(Array(mark.utf8), with: [])
    }
    return result
  }

  private static let references = [
    ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#124;", "|"),
    ("&#32;", " "), ("&#9;", "\t"), ("&amp;", "&"),
  ].map { (Array($0.0.utf8), Array($0.1.utf8)) }

  /// HTML with the references that values are written with as characters; within a comment they
  /// mean themselves.
  private static func unescaped(_ text: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var rest = text[...]
    while let byte = rest.first {
      if rest.starts(with: Array("<!--".utf8)) {
        let end = rest.firstRange(of: Array("-->".utf8))?.upperBound ?? rest.endIndex
        result += rest[..<end]
        rest = rest[end...]
        continue
      }
      if let (reference, character) = references.first(where: { rest.starts(with: $0.0) }) {
        result += character
        rest = rest.dropFirst(reference.count)
      } else {
        result.append(byte)
        rest = rest.dropFirst()
      }
    }
    return result
  }
}
