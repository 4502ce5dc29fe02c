// The only file that knows libcmark.

private import CCMark

/// Markdown as libcmark understands it: a tree whose nodes are read in place.
///
/// One arena holds one tree after the other; a node must not outlive the next parse.
struct CMarkTree: ~Copyable {
  private let arena: UnsafeMutablePointer<rfpgen_arena>

  init() {
    arena = .allocate(capacity: 1)
    arena.initialize(to: rfpgen_arena(blocks: nil, block_size: 1 << 20))
  }

  deinit {
    rfpgen_arena_reset(arena, 0)
    arena.deallocate()
  }

  /// Parses what `feed` hands over, piece by piece, and returns the root.
  ///
  /// The tree before it is gone.
  mutating func parse(_ feed: ((LentBytes) -> Void) -> Void) -> CMarkNode? {
    rfpgen_arena_reset(arena, 1)
    let previous = rfpgen_arena_enter(arena)
    defer { _ = rfpgen_arena_enter(previous) }
    let parser = rfpgen_arena_parser(CMARK_OPT_DEFAULT)
    feed { piece in
      piece.withMemoryRebound(to: CChar.self) { piece in
        cmark_parser_feed(parser, piece.baseAddress, piece.count)
      }
    }
    let root = cmark_parser_finish(parser)
    cmark_parser_free(parser)
    return root.map(CMarkNode.init)
  }
}

/// A node of libcmark's tree, lent by the tree.
struct CMarkNode: Hashable {
  enum Kind {
    case document, blockQuote, list, item, codeBlock, htmlBlock, paragraph, heading, thematicBreak
    case text, softBreak, lineBreak, code, html, emphasis, strong, link, image
    case other
  }

  fileprivate let pointer: OpaquePointer

  fileprivate init(_ pointer: OpaquePointer) { self.pointer = pointer }

  var kind: Kind {
    switch cmark_node_get_type(pointer) {
    case CMARK_NODE_DOCUMENT: .document
    case CMARK_NODE_BLOCK_QUOTE: .blockQuote
    case CMARK_NODE_LIST: .list
    case CMARK_NODE_ITEM: .item
    case CMARK_NODE_CODE_BLOCK: .codeBlock
    case CMARK_NODE_HTML_BLOCK: .htmlBlock
    case CMARK_NODE_PARAGRAPH: .paragraph
    case CMARK_NODE_HEADING: .heading
    case CMARK_NODE_THEMATIC_BREAK: .thematicBreak
    case CMARK_NODE_TEXT: .text
    case CMARK_NODE_SOFTBREAK: .softBreak
    case CMARK_NODE_LINEBREAK: .lineBreak
    case CMARK_NODE_CODE: .code
    case CMARK_NODE_HTML_INLINE: .html
    case CMARK_NODE_EMPH: .emphasis
    case CMARK_NODE_STRONG: .strong
    case CMARK_NODE_LINK: .link
    case CMARK_NODE_IMAGE: .image
    default: .other
    }
  }

  var parent: CMarkNode? { cmark_node_parent(pointer).map(CMarkNode.init) }
  var next: CMarkNode? { cmark_node_next(pointer).map(CMarkNode.init) }
  var previous: CMarkNode? { cmark_node_previous(pointer).map(CMarkNode.init) }
  var firstChild: CMarkNode? { cmark_node_first_child(pointer).map(CMarkNode.init) }
  var lastChild: CMarkNode? { cmark_node_last_child(pointer).map(CMarkNode.init) }

  /// The lines and the column at which the node stands, counted from 1; columns in bytes.
  var startLine: Int { Int(cmark_node_get_start_line(pointer)) }
  var endLine: Int { Int(cmark_node_get_end_line(pointer)) }
  var startColumn: Int { Int(cmark_node_get_start_column(pointer)) }

  var headingLevel: Int { Int(cmark_node_get_heading_level(pointer)) }
  /// The first number of an ordered list, `nil` for a bullet list.
  var listStart: Int? {
    cmark_node_get_list_type(pointer) == CMARK_ORDERED_LIST
      ? Int(cmark_node_get_list_start(pointer)) : nil
  }
  var isTight: Bool { cmark_node_get_list_tight(pointer) != 0 }

  var literal: LentBytes { Self.bytes(cmark_node_get_literal(pointer)) }
  var fenceInfo: LentBytes { Self.bytes(cmark_node_get_fence_info(pointer)) }
  var url: LentBytes { Self.bytes(cmark_node_get_url(pointer)) }
  var title: LentBytes { Self.bytes(cmark_node_get_title(pointer)) }

  /// A C string as bytes.
  private static func bytes(_ text: UnsafePointer<CChar>?) -> LentBytes {
    guard let text else { return LentBytes(start: nil, count: 0) }
    let count = strlen(text)
    return UnsafeRawBufferPointer(start: text, count: count).bindMemory(to: UInt8.self)
  }
}
