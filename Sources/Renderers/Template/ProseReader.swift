internal import CCMark

/// What libcmark makes of a piece of prose, as a flat row of events.
///
/// This is the one file of the template engine that speaks to libcmark; its nodes live only as long
/// as `read` runs.
enum ProseEvent: Equatable {
  case begin(Block)
  case end(Block)
  case open(Inline)
  case close(Inline)
  case text(String)
  case code(String)
  case html(String)
  case codeBlock(String, info: String)
  case htmlBlock(String)
  case rule
  case softBreak
  case hardBreak

  /// Whether a line of text begins or ends here.
  var isLineEdge: Bool {
    switch self {
    case .begin, .end, .softBreak, .hardBreak, .codeBlock, .htmlBlock, .rule: true
    default: false
    }
  }

  var isSoftBreak: Bool { if case .softBreak = self { true } else { false } }

  var endsParagraph: Bool { if case .end(.paragraph) = self { true } else { false } }

  /// Whether something is written for it within a line.
  var isWritten: Bool {
    switch self {
    case .begin, .end, .htmlBlock, .rule: false
    default: true
    }
  }

  var opensEmphasis: Bool {
    switch self {
    case .open(.emphasis), .open(.strong): true
    default: false
    }
  }

  var closesEmphasis: Bool {
    switch self {
    case .close(.emphasis), .close(.strong): true
    default: false
    }
  }

  var isEmphasis: Bool { opensEmphasis || closesEmphasis }

  /// Whether its text could be the row of marks below a table's head.
  var mayBeDelimiterRow: Bool {
    guard case .text(let text) = self else { return false }
    return text.utf8.contains(.dash) && text.utf8.allSatisfy { "|:- \t".utf8.contains($0) }
  }

  var isHTML: Bool {
    switch self {
    case .html, .htmlBlock: true
    default: false
    }
  }

  enum Block: Equatable {
    case paragraph
    case heading(Int)
    case quote
    case list(isOrdered: Bool, start: Int, isTight: Bool)
    case item
  }

  enum Inline: Equatable {
    case emphasis
    case strong
    case link(String, title: String)
    case image(String, title: String)
  }
}

enum ProseReader {
  /// How many brackets one piece of prose may have before libcmark would need quadratic time.
  private static let bracketLimit = 2_000

  /// Reads prose; the time is linear in its size.
  static func read(_ text: String) -> [ProseEvent] {
    if isPlain(text) { return [.begin(.paragraph), .text(text), .end(.paragraph)] }
    return parsed(text)
  }

  /// Whether a text is one line in which nothing means anything to Markdown, as most texts are.
  static func isPlain(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      guard let first = bytes.first, let last = bytes.last, last > 0x20, beginsText(first) else {
        return false
      }
      return bytes.allSatisfy { byte in
        switch byte {
        case 0..<0x20, UInt8(ascii: "\\"), UInt8(ascii: "`"), UInt8(ascii: "&"), UInt8(ascii: "<"),
          UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "["), UInt8(ascii: "]"):
          false
        default: true
        }
      }
    }
  }

  /// Whether a line that begins with a byte begins no block but a paragraph.
  private static func beginsText(_ byte: UInt8) -> Bool {
    switch byte {
    // A byte order mark, which libcmark leaves out, begins with 0xEF.
    case 0xEF: false
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 0x80...: true
    default: false
    }
  }

  /// Reads prose by libcmark, which takes its memory from an arena meanwhile.
  static func parsed(_ text: String) -> [ProseEvent] {
    var text = bounded(text)
    // Most prose is a line or two.
    var arena = rfpgen_arena(blocks: nil, block_size: 8 << 10)
    return withUnsafeMutablePointer(to: &arena) { arena in
      let previous = rfpgen_arena_enter(arena)
      defer {
        _ = rfpgen_arena_enter(previous)
        rfpgen_arena_reset(arena, 0)
      }
      let parser = rfpgen_arena_parser(CMARK_OPT_DEFAULT)
      text.withUTF8 { bytes in
        bytes.withMemoryRebound(to: CChar.self) { characters in
          cmark_parser_feed(parser, characters.baseAddress, characters.count)
        }
      }
      guard let document = cmark_parser_finish(parser) else { return [] }
      cmark_consolidate_text_nodes(document)
      return events(of: document)
    }
  }

  /// The text with brackets beyond the limit as plain characters, and without NUL.
  private static func bounded(_ text: String) -> String {
    guard text.utf8.count > bracketLimit else { return text }
    let brackets = text.utf8.count { $0 == UInt8(ascii: "[") }
    guard brackets > bracketLimit else { return text }
    var result: [UInt8] = []
    var left = bracketLimit
    var wasBackslash = false
    for byte in text.utf8 {
      if byte == UInt8(ascii: "["), !wasBackslash {
        left -= 1
        if left < 0 { result.append(.backslash) }
      }
      wasBackslash = byte == .backslash && !wasBackslash
      result.append(byte)
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func events(of document: OpaquePointer) -> [ProseEvent] {
    guard let iterator = cmark_iter_new(document) else { return [] }
    defer { cmark_iter_free(iterator) }
    var result: [ProseEvent] = []
    result.reserveCapacity(16)
    while true {
      let step = cmark_iter_next(iterator)
      if step == CMARK_EVENT_DONE { return result }
      guard let node = cmark_iter_get_node(iterator) else { return result }
      let isEntering = step == CMARK_EVENT_ENTER
      func literal() -> String { cmark_node_get_literal(node).map { String(cString: $0) } ?? "" }
      func block(_ block: ProseEvent.Block) {
        result.append(isEntering ? .begin(block) : .end(block))
      }
      func inline(_ inline: ProseEvent.Inline) {
        result.append(isEntering ? .open(inline) : .close(inline))
      }
      func address() -> String { cmark_node_get_url(node).map { String(cString: $0) } ?? "" }
      func title() -> String { cmark_node_get_title(node).map { String(cString: $0) } ?? "" }
      switch cmark_node_get_type(node) {
      case CMARK_NODE_PARAGRAPH: block(.paragraph)
      case CMARK_NODE_HEADING: block(.heading(Int(cmark_node_get_heading_level(node))))
      case CMARK_NODE_BLOCK_QUOTE: block(.quote)
      case CMARK_NODE_LIST:
        block(
          .list(
            isOrdered: cmark_node_get_list_type(node) == CMARK_ORDERED_LIST,
            start: Int(cmark_node_get_list_start(node)),
            isTight: cmark_node_get_list_tight(node) != 0))
      case CMARK_NODE_ITEM: block(.item)
      case CMARK_NODE_CODE_BLOCK:
        let info = cmark_node_get_fence_info(node).map { String(cString: $0) } ?? ""
        result.append(.codeBlock(literal(), info: info))
      case CMARK_NODE_HTML_BLOCK: result.append(.htmlBlock(literal()))
      case CMARK_NODE_THEMATIC_BREAK: result.append(.rule)
      case CMARK_NODE_TEXT: result.append(.text(literal()))
      case CMARK_NODE_CODE: result.append(.code(literal()))
      case CMARK_NODE_HTML_INLINE: result.append(.html(literal()))
      case CMARK_NODE_SOFTBREAK: result.append(.softBreak)
      case CMARK_NODE_LINEBREAK: result.append(.hardBreak)
      case CMARK_NODE_EMPH: inline(.emphasis)
      case CMARK_NODE_STRONG: inline(.strong)
      case CMARK_NODE_LINK: inline(.link(address(), title: title()))
      case CMARK_NODE_IMAGE: inline(.image(address(), title: title()))
      default: break
      }
    }
  }
}
