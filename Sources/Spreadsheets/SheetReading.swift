public import DocModel
internal import FoundationEssentials

/// What a filled-in spreadsheet says of the rows of some matrices.
///
///     let reading = try SheetReading(bytes, named: "answers.xlsx", for: matrices)
///     reading.changes      // what it says beyond what the matrices hold
///     reading.rejected     // rows that cannot be taken in, each with its reason
///
/// Rows are known by their identifiers, whatever their order. An empty cell says nothing: it leaves what
/// a file has. A row in which one cell is wrong is rejected whole.
public struct SheetReading: Sendable {
  /// What is to change, in the order of the spreadsheet.
  public private(set) var changes: [FileChange] = []
  /// How many rows say something that fits.
  public private(set) var takenRows = 0
  /// How many of them say something new.
  public private(set) var changedRows = 0
  /// The rows that are not taken in.
  public private(set) var rejected: [RejectedRow] = []
  /// What is worth knowing besides, such as a column that no matrix has.
  public private(set) var notes: [Diagnostic] = []

  /// In how many rows from the top a heading is looked for.
  static let headingLimit = 20
  /// How many rows may be added to a matrix.
  private static let furtherLimit = 10_000
  /// How many ranges of merged cells a sheet may have.
  private static let mergedLimit = 10_000

  /// Reads a spreadsheet: CSV where the name ends in `.csv`, a workbook otherwise.
  ///
  /// - Throws: `InvalidInput` where the file cannot be read as a whole, or no sheet has the heading of
  ///   a matrix.
  public init(_ bytes: [UInt8], named name: String, for matrices: [Matrix]) throws(InvalidInput) {
    let headings = matrices.map(\.columns[0].key)
    let sheets: [Sheet]
    do throws(InvalidInput) {
      if name.lowercased().hasSuffix(".csv") {
        let source = try Source(name: name, bytes: bytes)
        sheets = [CSV.sheet(source) { field in headings.contains { $0.isHeading(field) } }]
      } else {
        sheets = try XLSXReader.sheets(bytes)
      }
    } catch {
      throw InvalidInput(
        error.diagnostics.map { problem in
          problem.location != nil
            ? Diagnostic(
              problem.message, at: problem.location,
              hint: "save the file as 'CSV UTF-8', or as a workbook")
            : Diagnostic("'\(name)' cannot be taken in: \(problem.message)", hint: problem.hint)
        })
    }
    var tables: [(table: Table, matrix: Int)] = []
    for sheet in sheets {
      if let found = Table.found(in: sheet, for: matrices, name, &notes) { tables.append(found) }
    }
    let refusals = notes.filter { $0.severity == .error }
    guard !tables.isEmpty || refusals.isEmpty else { throw InvalidInput(refusals) }
    guard !tables.isEmpty else {
      let names = headings.map { "'\($0)'" }.joined(separator: ", ")
      throw InvalidInput(
        notes + [
          Diagnostic(
            "'\(name)' cannot be taken in: none of its first \(Self.headingLimit) rows heads a "
              + "column \(headings.count == 1 ? "" : "by one of ")\(names)",
            hint: "begin with an export, and leave its headings as they are")
        ])
    }
    // A row that belongs to another one is looked at after it, wherever their sheets stand.
    var seen: [String: Set<String>] = [:]
    var added: [String: Set<String>] = [:]
    var parts: [Int: SheetReading] = [:]
    let order = tables.indices.sorted { tables[$0].matrix < tables[$1].matrix }
    for index in order {
      let matrix = matrices[tables[index].matrix]
      let parents = matrix.parent.map { parent in
        let known = matrices.first { $0.name == parent }?.rows.map(\.id) ?? []
        return added[parent, default: []].union(known)
      }
      var part = SheetReading()
      part.take(
        tables[index].table, matrix, parents, &seen[matrix.name, default: []],
        &added[matrix.name, default: []])
      parts[index] = part
    }
    for index in tables.indices {
      guard let part = parts[index] else { continue }
      changes += part.changes
      takenRows += part.takenRows
      changedRows += part.changedRows
      rejected += part.rejected
      notes += part.notes
    }
  }

  private init() {}

  /// Takes in the rows of one sheet.
  ///
  /// `parents`: the rows to which further ones may belong, where they have to.
  private mutating func take(
    _ table: Table, _ matrix: Matrix, _ parents: Set<String>?, _ seen: inout Set<String>,
    _ added: inout Set<String>
  ) {
    let known = Dictionary(matrix.rows.map { ($0.id, $0) }) { first, _ in first }
    let repeated = table.repeatedIdentifiers
    guard table.sheet.merged.count <= Self.mergedLimit else {
      return reject(
        table, nil, nil, "has more than \(Self.mergedLimit) merged cells", "unmerge them")
    }
    for row in table.rows {
      if let damage = row.damage {
        reject(
          table, row, nil, damage,
          "put fields with quotes, separators or line ends in quotes, and double the quotes within")
        continue
      }
      guard table.saysSomething(row) else { continue }
      if let merged = table.mergedCells(at: row) {
        reject(table, row, merged.columns.lowerBound, "cells are merged", "unmerge them")
        continue
      }
      let id: String
      do throws(InvalidInput) {
        id = String(try table.text(row, 0, .text(.line))[...].trimmingWhiteSpace)
      } catch {
        reject(table, row, table.columns[0].position, error)
        continue
      }
      let own = table.columns[0].position
      if id.isEmpty {
        reject(
          table, row, own, "the row has no \(matrix.columns[0].key)", "say which one it answers")
      } else if repeated.contains(id) || seen.contains(id) {
        reject(table, row, own, "'\(id)' is there more than once", "keep one of these rows")
      } else if let place = known[id] {
        seen.insert(id)
        _ = take(row, of: table, place.cells)
      } else if let furtherRow = matrix.furtherRow {
        seen.insert(id)
        guard added.count < Self.furtherLimit else {
          reject(
            table, row, own, "\(Self.furtherLimit) rows are added already",
            "take the others in with another import")
          continue
        }
        let parent = String(id.prefix { $0 != "." })
        if let cells = furtherRow(id) {
          if let parents, !parents.contains(parent) {
            reject(
              table, row, own, "there is no \(matrix.parent ?? "") row '\(parent)'",
              "add '\(parent)' to the sheet '\(matrix.parent ?? "")', and import it first")
          } else if take(row, of: table, cells) {
            added.insert(id)
          }
        } else {
          reject(
            table, row, own, "'\(id)' cannot name a row",
            "write a name such as '\(parents == nil ? "" : "first-host.")servers-1'")
        }
      } else {
        let near = rejected.count < 20 ? nearest(to: id, among: known.keys.sorted()) : nil
        reject(
          table, row, own, "there is no \(matrix.columns[0].key) '\(id)'",
          near.map { "did you mean '\($0)'?" } ?? "identifiers stay as they are in the export")
      }
    }
  }

  /// Takes in the cells of one row, all or none; says whether it did.
  private mutating func take(
    _ row: Sheet.Row, of table: Table, _ cells: [Matrix.Cell]
  ) -> Bool {
    var changes: [FileChange] = []
    var own: [Diagnostic] = []
    /// The places at which the file has something, once the row is taken in.
    var filled = cells.filter { !$0.text.isEmpty }.map(\.place)
    for (index, column) in table.columns.enumerated().dropFirst() {
      let cell = cells[column.index - 1]
      guard !cell.place.isEmpty, !column.isLocked else { continue }
      let shape = cell.shape ?? column.shape
      do throws(InvalidInput) {
        let text = try table.text(row, index, shape)
        if text.trimmed.isEmpty || text == cell.text { continue }
        let content = try shape.content(ofCell: text)
        if !cell.text.isEmpty, let old = try? shape.content(ofCell: cell.text),
          old.isSame(as: content)
        {
          continue
        }
        changes.append(FileChange(cell.place, content, isAddition: shape.isEvidence))
        filled.append(cell.place)
        if shape.isFraction(text) {
          own.append(
            Diagnostic(
              "\(table.place(row, column.position)): '\(text)' is taken as less than one percent",
              severity: .warning, hint: "a half is 50 %, not 0.5"))
        }
        if text.looksLikeMangledDate {
          own.append(
            Diagnostic(
              "\(table.place(row, column.position)): a spreadsheet program may have made '\(text)' "
                + "of something else", severity: .warning, hint: "look at it in the file"))
        }
      } catch {
        reject(table, row, column.position, error)
        return false
      }
    }
    if !changes.isEmpty {
      for (cell, column) in zip(cells, table.matrix.columns.dropFirst()) where column.isRequired {
        let record = cell.place.dropLast()
        guard !record.isEmpty, !filled.contains(cell.place),
          filled.contains(where: { $0.starts(with: record) })
        else { continue }
        let position = table.columns.first { $0.key == column.key }?.position
        reject(table, row, position, "'\(column.key)' is missing", "what stands beside it needs it")
        return false
      }
      changedRows += 1
    }
    takenRows += 1
    notes += own
    self.changes += changes
    return true
  }

  private mutating func reject(
    _ table: Table, _ row: Sheet.Row, _ column: Int, _ problem: InvalidInput
  ) {
    let first = problem.diagnostics[0]
    reject(table, row, column, first.message, first.hint ?? "mend the cell, and import it again")
  }

  private mutating func reject(
    _ table: Table, _ row: Sheet.Row?, _ column: Int?, _ message: String, _ remedy: String
  ) {
    rejected.append(
      RejectedRow(
        sheet: table.sheet.name, row: row?.number ?? 1,
        column: column.map { position in
          let heading = table.columns.first { $0.position == position }?.key
          return columnLetters(position) + (heading.map { " '\($0)'" } ?? "")
        }, message: message, remedy: remedy))
  }
}

/// A row of a spreadsheet that is not taken in.
public struct RejectedRow: Hashable, Sendable, CustomStringConvertible {
  /// The sheet's name; `nil` where the file has no sheets.
  public let sheet: String?
  /// The row's number, from 1.
  public let row: Int
  /// The column's letters and its heading, where one cell is at fault.
  public let column: String?
  /// What is wrong.
  public let message: String
  /// What to do about it.
  public let remedy: String

  /// The place and the reason, such as `sheet 'checkpoints', row 12, column D 'confirm': …`.
  public var description: String {
    (sheet.map { "sheet '\($0)', " } ?? "") + "row \(row)" + (column.map { ", column \($0)" } ?? "")
      + ": \(message)"
  }
}

/// A sheet of which it is known what its columns mean.
private struct Table {
  struct Column {
    /// Its position in the sheet, from 0.
    let position: Int
    /// Its position in the matrix.
    let index: Int
    let key: String
    let shape: Shape
    let isLocked: Bool
  }

  let sheet: Sheet
  let matrix: Matrix
  /// The columns that are known, the identifiers' first.
  let columns: [Column]
  /// The rows below the heading.
  let rows: ArraySlice<Sheet.Row>
  let file: String

  /// Finds the heading of a matrix in the first rows of a sheet.
  static func found(
    in sheet: Sheet, for matrices: [Matrix], _ file: String, _ notes: inout [Diagnostic]
  ) -> (table: Table, matrix: Int)? {
    for (index, row) in sheet.rows.enumerated() where row.number <= SheetReading.headingLimit {
      let headings = row.cells.compactMapValues { cell in
        if case .text(let text) = cell { text } else { nil }
      }
      guard
        let found = matrices.firstIndex(where: { matrix in
          headings.values.contains { matrix.columns[0].key.isHeading($0) }
        })
      else { continue }
      let matrix = matrices[found]
      let place = (sheet.name.map { "sheet '\($0)', " } ?? "") + "row \(row.number)"
      var columns: [Column] = []
      for (position, heading) in headings.sorted(by: { $0.key < $1.key }) {
        guard let own = matrix.columns.firstIndex(where: { $0.key.isHeading(heading) }) else {
          // A sheet that is only to be read loses nothing.
          if matrix.columns.allSatisfy(\.isLocked) { continue }
          let near = nearest(to: heading.trimmed, among: matrix.columns.map(\.key))
          notes.append(
            Diagnostic(
              "\(place): column \(columnLetters(position)) '\(heading.trimmed)' is left out: "
                + "no column of '\(matrix.name)' has that heading", severity: .warning,
              hint: near.map { "did you mean '\($0)'?" }))
          continue
        }
        let column = matrix.columns[own]
        guard !columns.contains(where: { $0.index == own }) else {
          notes.append(
            Diagnostic(
              "\(place): '\(column.key)' heads two columns, so that the sheet is left out",
              severity: .error, hint: "keep one of them"))
          return nil
        }
        columns.append(
          Column(
            position: position, index: own, key: column.key, shape: column.shape,
            isLocked: column.isLocked))
      }
      columns.sort { $0.index < $1.index }
      let table = Table(
        sheet: sheet, matrix: matrix, columns: columns, rows: sheet.rows[(index + 1)...],
        file: file)
      return (table, found)
    }
    if let name = sheet.name, !sheet.rows.isEmpty {
      notes.append(
        Diagnostic(
          "sheet '\(name)' is left out: none of its first rows is a heading", severity: .warning))
    }
    return nil
  }

  /// Identifiers that stand in more than one row.
  var repeatedIdentifiers: Set<String> {
    var seen: Set<String> = []
    var repeated: Set<String> = []
    for row in rows {
      guard case .text(let text)? = row.cells[columns[0].position], saysSomething(row) else {
        continue
      }
      if !seen.insert(text.trimmed).inserted { repeated.insert(text.trimmed) }
    }
    return repeated
  }

  /// Whether a row has something to take in.
  func saysSomething(_ row: Sheet.Row) -> Bool {
    columns.dropFirst().contains { column in
      guard !column.isLocked, let cell = row.cells[column.position] else { return false }
      if case .text(let text) = cell { return !text.trimmed.isEmpty }
      return true
    }
  }

  /// A range of merged cells that touches what is known of a row.
  func mergedCells(at row: Sheet.Row) -> Sheet.Range? {
    sheet.merged.first { range in
      range.rows.contains(row.number)
        && columns.contains {
          !$0.isLocked || $0.index == 0 ? range.columns.contains($0.position) : false
        }
    }
  }

  /// The place of a cell in words.
  func place(_ row: Sheet.Row, _ position: Int) -> String {
    let heading = columns.first { $0.position == position }.map { " '\($0.key)'" } ?? ""
    return (sheet.name.map { "sheet '\($0)', " } ?? "")
      + "row \(row.number), column \(columnLetters(position))\(heading)"
  }

  /// The text of a cell as it stands for a shape; empty where nothing stands there.
  func text(_ row: Sheet.Row, _ column: Int, _ shape: Shape) throws(InvalidInput) -> String {
    guard let cell = row.cells[columns[column].position] else { return "" }
    return try cell.text(for: shape)
  }
}

extension String {
  /// Whether a heading names the column of this key.
  fileprivate func isHeading(_ text: String) -> Bool {
    self == text || lowercased() == text.trimmed.lowercased()
  }

  /// Whether it is what spreadsheet programs make of versions, ranges and long numbers.
  fileprivate var looksLikeMangledDate: Bool {
    let months = "jan feb mar apr may jun jul aug sep oct nov dec".split(separator: " ")
    let parts = lowercased().split(separator: "-", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count),
      parts.allSatisfy({ part in
        months.contains(part) || (1...4).contains(part.utf8.count) && Int(part) != nil
      })
    else { return false }
    return parts.count { months.contains($0) } == 1
  }
}

extension Shape {
  /// Whether a text says less than one percent, which is rarely what is meant.
  fileprivate func isFraction(_ text: String) -> Bool {
    let isPercent = if case .number(_, unit: "%") = self { true } else { false }
    guard isPercent || text.trimmed.hasSuffix("%") else { return false }
    let number = text.trimmed.filter { $0 != "%" && $0 != " " }
    return decimal(number).map { $0 > 0 && $0 < 1 } ?? false
  }

  /// Whether cells hold files and links.
  fileprivate var isEvidence: Bool {
    if case .list(.record) = self { true } else { false }
  }
}
