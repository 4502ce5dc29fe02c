/// A table with identified rows that is handed out as a spreadsheet, filled in, and read back.
///
///     Matrix(
///       name: "checkpoints", title: "Checkpoints",
///       columns: [
///         .init("checkpoint", .text(.identifier), isLocked: true),
///         .init("confirm", .choice(confirmations), "Whether it is confirmed."),
///       ],
///       rows: [
///         .init("sizing.diagram-created", [
///           .init("yes", at: [.key("checkpoints"), .key("sizing.diagram-created"), .key("confirm")])
///         ])
///       ])
///
/// A cell with a place stands for what a file has there, and an import writes it back to that place; one
/// without is there to be read. Rows are known by their identifier, whatever their order.
public struct Matrix: Sendable {
  /// Its name as a slug: what its sheet is called, and what the name of its CSV file ends in.
  public let name: String
  /// What it is, in a few words.
  public let title: String
  /// The columns; the first one holds the rows' identifiers, and no other matrix of the same file has a
  /// first column of that key.
  public let columns: [Column]
  /// The rows, each with a cell for every column but the first.
  public let rows: [Row]
  /// Makes the empty cells of a row that is not there yet from the identifier that somebody gives it, or
  /// `nil` where that cannot name one; `nil` itself where there are no rows but those given.
  public let furtherRow: (@Sendable (_ id: String) -> [Cell]?)?
  /// The name of the matrix to a row of which each further row belongs: to that which is named before the
  /// first dot of its identifier.
  public let parent: String?

  /// Puts a matrix together.
  public init(
    name: String, title: String, columns: [Column], rows: [Row],
    furtherRow: (@Sendable (_ id: String) -> [Cell]?)? = nil, parent: String? = nil
  ) {
    precondition(
      rows.allSatisfy { $0.cells.count == columns.count - 1 },
      "a row has a cell for every column but the first")
    self.name = name
    self.title = title
    self.columns = columns
    self.rows = rows
    self.furtherRow = furtherRow
    self.parent = parent
  }

  /// One column.
  public struct Column: Sendable {
    /// Its heading: the key under which a file has such a thing.
    public let key: String
    /// What stands in it; cells may have a shape of their own.
    public let shape: Shape
    /// Whether it is only to be read.
    public let isLocked: Bool
    /// Whether a file that has any of what stands beside it there must have this.
    public let isRequired: Bool
    /// How many characters wide it is shown; by its shape where this is `nil`.
    public let width: Int?
    /// One sentence that says what belongs there; empty where the heading does.
    public let summary: String

    /// Declares a column.
    public init(
      _ key: String, _ shape: Shape, isLocked: Bool = false, isRequired: Bool = false,
      width: Int? = nil, _ summary: String = ""
    ) {
      self.key = key
      self.shape = shape
      self.isLocked = isLocked
      self.isRequired = isRequired
      self.width = width
      self.summary = summary
    }

    /// Declares a column for a field of a file, under its key or another one.
    public init(_ field: RecordShape.Field, key: String? = nil, width: Int? = nil) {
      self.init(
        key ?? field.key, field.shape, isRequired: field.isRequired, width: width, field.summary)
    }
  }

  /// One row.
  public struct Row: Sendable {
    /// What it is known by.
    public let id: String
    /// Its cells, for every column but the first.
    public let cells: [Cell]

    /// Puts a row together.
    public init(_ id: String, _ cells: [Cell]) {
      self.id = id
      self.cells = cells
    }
  }

  /// One cell.
  public struct Cell: Sendable {
    /// What it says; empty where nothing was filled in.
    public let text: String
    /// What may stand there, where that is not as the column says.
    public let shape: Shape?
    /// Where a file has it; empty for what is only to be read.
    public let place: [Step]

    /// Makes a cell.
    public init(_ text: String, _ shape: Shape? = nil, at place: [Step] = []) {
      self.text = text
      self.shape = shape
      self.place = place
    }
  }

  /// One step on the way from the top of a file to a value.
  public enum Step: Hashable, Sendable {
    /// To what stands under a key.
    case key(String)
    /// To an item of a list, counted from 0.
    case item(Int)
    /// To the item of a list whose `id` is this.
    case named(String)
  }
}
