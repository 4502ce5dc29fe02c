/// Text that a call lends: valid until the call that was given it returns.
package typealias LentBytes = UnsafeBufferPointer<UInt8>

/// What a Markdown document is made of, told in the order of its text.
///
/// `MarkdownReader` calls these; every output format is one conforming type. What is opened is closed
/// in the reverse order. Bytes are UTF-8, without escapes and entities of Markdown, not escaped for
/// anything.
package protocol MarkdownEvents {
  /// Whether to find out what is written as rows and lists but names things: a table's first column,
  /// a list of terms.
  var wantsNames: Bool { get }
  /// A block or a span begins.
  mutating func open(_ element: MarkdownElement)
  /// A block or a span ends.
  mutating func close(_ element: MarkdownElement)
  /// A link begins; it ends with `closeLink()`. Links don't nest.
  mutating func openLink(to destination: LentBytes, title: LentBytes)
  /// A link ends.
  mutating func closeLink()
  /// An image begins; what follows until `closeImage` describes it.
  mutating func openImage(of destination: LentBytes, title: LentBytes)
  /// An image's description ends; destination and title are told again.
  mutating func closeImage(of destination: LentBytes, title: LentBytes)
  /// A piece of running text without line ends.
  mutating func text(_ bytes: LentBytes)
  /// A code span.
  mutating func code(_ bytes: LentBytes)
  /// A code block, with what stands behind its fence.
  mutating func codeBlock(_ bytes: LentBytes, info: LentBytes)
  /// HTML between the words of a paragraph: one tag, comment or the like.
  mutating func html(_ bytes: LentBytes)
  /// HTML that stands for itself.
  mutating func htmlBlock(_ bytes: LentBytes)
  /// A line end that means a space.
  mutating func softBreak()
  /// A line end that was asked for.
  mutating func lineBreak()
  /// A line between two parts of the text.
  mutating func thematicBreak()
}

/// A part of a document that holds other parts.
package enum MarkdownElement: Equatable, Sendable {
  /// A paragraph; a tight one belongs to a list without space between its items.
  case paragraph(isTight: Bool)
  /// A heading of level 1 to 6.
  case heading(Int)
  case blockQuote
  case alert(MarkdownAlert)
  /// A list; an ordered one has the number that it starts with.
  case list(start: Int?)
  case item
  /// A list item with a box, ticked or not.
  case task(isDone: Bool)
  /// A list each of whose items begins with a term: strong text that ends with a colon.
  case definitions
  /// An item of such a list.
  case definition
  case table(MarkdownTable)
  case tableHead
  case tableBody
  case tableRow
  case tableCell(MarkdownTable.Cell)
  case emphasis
  case strong
  case strikethrough
}

/// The five kinds of block quotes that are labelled, `> [!NOTE]` and its like.
public enum MarkdownAlert: String, CaseIterable, Sendable {
  /// Something worth knowing.
  case note
  /// Something that helps.
  case tip
  /// Something that has to be known.
  case important
  /// Something that goes wrong otherwise.
  case warning
  /// Something with a risk.
  case caution
}

/// What is known of a table before its first cell.
package struct MarkdownTable: Equatable, Sendable {
  /// How a column is set.
  package enum Alignment: UInt8, Equatable, Sendable {
    case none, left, center, right
  }

  /// Where a cell stands.
  package struct Cell: Equatable, Sendable {
    package var alignment: Alignment
    package var isHeading: Bool
    /// Whether it is the first of its row.
    package var isFirst: Bool
    /// Whether it names its row.
    package var namesRow: Bool
  }

  /// How many columns it has.
  package var columns: Int
  /// Whether the cells of the first column name their rows: none is empty or just a number, and no two
  /// are the same.
  package var firstColumnNamesRows: Bool
  /// Whether its rows are read one by one, word for word, rather than its columns down.
  package var isWordy: Bool
}
