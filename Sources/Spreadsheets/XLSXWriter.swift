internal import DocModel

/// Writes matrices as a workbook in Office Open XML (ECMA-376), each as a sheet of its own.
///
/// Every text is written as a text, in cells formatted as text: nothing in it is a formula, and a
/// program makes no date or number of what is typed there.
struct XLSXWriter {
  /// How many empty rows follow where rows may be added.
  private static let furtherRows = 100
  /// The most rows of a sheet.
  private static let rowLimit = 1_048_576

  private static let head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
  private static let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
  private static let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
  private static let package = "http://schemas.openxmlformats.org/package/2006"

  /// The formats that cells have: their positions are those in `styles`.
  private enum Style {
    static let heading = 1
    static let locked = 2
    static let text = 3
    static let day = 4
    /// A number with so many decimals.
    static func number(_ decimals: Int) -> Int { 5 + decimals }
    /// A number with so many decimals that is only to be read.
    static func lockedNumber(_ decimals: Int) -> Int { 6 + XLSXText.decimalLimit + decimals }
  }

  /// Writes a workbook.
  ///
  /// - Throws: `InvalidInput` where a text is longer than a cell may be, or a sheet has too many rows.
  static func written(_ matrices: [Matrix]) throws(InvalidInput) -> [UInt8] {
    var parts: [(name: String, bytes: [UInt8])] = []
    func add(_ name: String, _ text: String) { parts.append((name, Array((head + text).utf8))) }
    add("[Content_Types].xml", contentTypes(matrices.count))
    add(
      "_rels/.rels",
      relationships([("officeDocument", "xl/workbook.xml")]))
    add("xl/workbook.xml", workbook(matrices))
    add(
      "xl/_rels/workbook.xml.rels",
      relationships(
        matrices.indices.map { ("worksheet", "worksheets/sheet\($0 + 1).xml") }
          + [("styles", "styles.xml")]))
    add("xl/styles.xml", styles)
    for (index, matrix) in matrices.enumerated() {
      add("xl/worksheets/sheet\(index + 1).xml", try sheet(matrix))
    }
    return try ZipArchive.written(parts)
  }

  private static func contentTypes(_ count: Int) -> String {
    let type = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    func part(_ name: String, _ kind: String) -> String {
      "<Override PartName=\"/xl/\(name).xml\" ContentType=\"\(type).\(kind)+xml\"/>"
    }
    let sheets = (1...max(count, 1)).map { part("worksheets/sheet\($0)", "worksheet") }
    return "<Types xmlns=\"\(package)/content-types\">"
      + "<Default Extension=\"rels\" "
      + "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
      + "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
      + part("workbook", "sheet.main") + part("styles", "styles") + sheets.joined() + "</Types>"
  }

  private static func relationships(_ targets: [(type: String, path: String)]) -> String {
    let items = targets.enumerated().map { index, target in
      "<Relationship Id=\"rId\(index + 1)\" Type=\"\(office)/\(target.type)\" "
        + "Target=\"\(target.path)\"/>"
    }
    return "<Relationships xmlns=\"\(package)/relationships\">\(items.joined())</Relationships>"
  }

  /// The name of a matrix's sheet; a program accepts no longer one.
  private static func name(_ matrix: Matrix) -> String { String(matrix.name.prefix(31)) }

  private static func workbook(_ matrices: [Matrix]) -> String {
    var sheets = ""
    var names = ""
    for (index, matrix) in matrices.enumerated() {
      let name = XLSXText.escaped(name(matrix))
      sheets += "<sheet name=\"\(name)\" sheetId=\"\(index + 1)\" r:id=\"rId\(index + 1)\"/>"
      let last = columnLetters(matrix.columns.count - 1)
      names +=
        "<definedName name=\"_xlnm._FilterDatabase\" localSheetId=\"\(index)\" hidden=\"1\">"
        + "'\(name)'!$A$1:$\(last)$\(lastRow(matrix))</definedName>"
      names +=
        "<definedName name=\"_xlnm.Print_Titles\" localSheetId=\"\(index)\">"
        + "'\(name)'!$1:$1</definedName>"
    }
    return
      "<workbook xmlns=\"\(main)\" xmlns:r=\"\(office)\"><bookViews><workbookView/></bookViews>"
      + "<sheets>\(sheets)</sheets><definedNames>\(names)</definedNames></workbook>"
  }

  private static let styles = {
    let decimals = (1...XLSXText.decimalLimit).map { decimals in
      "<numFmt numFmtId=\"\(170 + decimals)\" "
        + "formatCode=\"0.\(String(repeating: "0", count: decimals))\"/>"
    }
    func format(
      _ number: Int, font: Int = 0, fill: Int = 0, isLocked: Bool = false, isWrapped: Bool = true
    ) -> String {
      "<xf numFmtId=\"\(number)\" fontId=\"\(font)\" fillId=\"\(fill)\" borderId=\"1\" xfId=\"0\" "
        + "applyNumberFormat=\"1\" applyFont=\"1\" applyFill=\"1\" applyBorder=\"1\" "
        + "applyAlignment=\"1\" applyProtection=\"1\"><alignment vertical=\"top\""
        + "\(isWrapped ? " wrapText=\"1\"" : "")/>"
        + "<protection locked=\"\(isLocked ? 1 : 0)\"/></xf>"
    }
    let numbers = [false, true].flatMap { isLocked in
      (0...XLSXText.decimalLimit).map { decimals in
        format(
          decimals == 0 ? 0 : 170 + decimals, fill: isLocked ? 3 : 0, isLocked: isLocked,
          isWrapped: false)
      }
    }
    let edge = "style=\"thin\"><color rgb=\"FFC4C9D0\"/>"
    func fill(_ colour: String) -> String {
      "<fill><patternFill patternType=\"solid\"><fgColor rgb=\"\(colour)\"/></patternFill></fill>"
    }
    return "<styleSheet xmlns=\"\(main)\"><numFmts count=\"\(decimals.count + 1)\">"
      + "<numFmt numFmtId=\"170\" formatCode=\"yyyy\\-mm\\-dd\"/>\(decimals.joined())</numFmts>"
      + "<fonts count=\"2\"><font><sz val=\"10\"/><name val=\"Arial\"/></font>"
      + "<font><b/><sz val=\"10\"/><name val=\"Arial\"/></font></fonts>"
      + "<fills count=\"4\"><fill><patternFill patternType=\"none\"/></fill>"
      + "<fill><patternFill patternType=\"gray125\"/></fill>\(fill("FFDCE6F2"))\(fill("FFF2F3F5"))"
      + "</fills><borders count=\"2\"><border><left/><right/><top/><bottom/><diagonal/></border>"
      + "<border><left \(edge)</left><right \(edge)</right><top \(edge)</top>"
      + "<bottom \(edge)</bottom><diagonal/></border></borders>"
      + "<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/>"
      + "</cellStyleXfs><cellXfs count=\"\(5 + numbers.count)\">"
      + "<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>"
      + format(49, font: 1, fill: 2, isLocked: true) + format(49, fill: 3, isLocked: true)
      + format(49) + format(170, isWrapped: false) + numbers.joined() + "</cellXfs>"
      + "<cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/>"
      + "</cellStyles></styleSheet>"
  }()

  private static func lastRow(_ matrix: Matrix) -> Int {
    1 + matrix.rows.count + (matrix.furtherRow == nil ? 0 : furtherRows)
  }

  private static func sheet(_ matrix: Matrix) throws(InvalidInput) -> String {
    guard lastRow(matrix) <= rowLimit else {
      throw InvalidInput(
        Diagnostic("'\(matrix.name)' has more rows than a sheet may have", hint: "write CSV"))
    }
    let last = columnLetters(matrix.columns.count - 1)
    let range = "A1:\(last)\(lastRow(matrix))"
    var validations = CellValidations()
    var rows = ""
    rows += "<row r=\"1\">"
    for (index, column) in matrix.columns.enumerated() {
      rows += try cell(index, 1, column.key, Style.heading)
    }
    rows += "</row>"
    for (index, row) in matrix.rows.enumerated() {
      rows += try self.row(row.id, row.cells, index + 2, matrix, &validations)
    }
    for index in matrix.rows.count + 2..<lastRow(matrix) + 1 {
      rows += try row(nil, matrix.blankCells, index, matrix, &validations)
    }
    var columns = ""
    for (index, column) in matrix.columns.enumerated() {
      columns +=
        "<col min=\"\(index + 1)\" max=\"\(index + 1)\" "
        + "width=\"\(column.shownWidth)\" customWidth=\"1\"/>"
    }
    return "<worksheet xmlns=\"\(main)\"><sheetPr><pageSetUpPr fitToPage=\"1\"/></sheetPr>"
      + "<dimension ref=\"\(range)\"/><sheetViews><sheetView workbookViewId=\"0\">"
      + "<pane xSplit=\"1\" ySplit=\"1\" topLeftCell=\"B2\" activePane=\"bottomRight\" "
      + "state=\"frozen\"/></sheetView></sheetViews><cols>\(columns)</cols>"
      + "<sheetData>\(rows)</sheetData>"
      + "<sheetProtection sheet=\"1\" formatCells=\"0\" formatColumns=\"0\" formatRows=\"0\" "
      + "sort=\"0\" autoFilter=\"0\"/><autoFilter ref=\"\(range)\"/>\(validations.xml)"
      + "<pageSetup orientation=\"landscape\" fitToHeight=\"0\"/></worksheet>"
  }

  /// Writes a row; one without an identifier is yet to be given one.
  private static func row(
    _ id: String?, _ cells: [Matrix.Cell], _ number: Int, _ matrix: Matrix,
    _ validations: inout CellValidations
  ) throws(InvalidInput) -> String {
    let texts = zip(matrix.columns, [id ?? ""] + cells.map(\.text))
    let lines = texts.map { column, text in text.lineCount(column.shownWidth) }.max() ?? 1
    // Without being fixed: a program makes the row higher where somebody writes more.
    let height = lines > 1 ? " ht=\"\(min(lines, 30) * 13 + 2)\"" : ""
    var text = "<row r=\"\(number)\"\(height)>"
    text += try cell(0, number, id ?? "", id == nil ? Style.text : Style.locked)
    for (index, content) in cells.enumerated() {
      let column = matrix.columns[index + 1]
      let isLocked = column.isLocked || content.place.isEmpty
      let shape = content.shape ?? column.shape
      let reference = "<c r=\"\(columnLetters(index + 1))\(number)\""
      if isLocked {
        if shape.isNumeric, let decimals = XLSXText.decimals(of: content.text) {
          let style = Style.lockedNumber(decimals)
          text += "\(reference) s=\"\(style)\"><v>\(content.text)</v></c>"
        } else {
          text += try cell(index + 1, number, content.text, Style.locked)
        }
        continue
      }
      validations.add(column, shape, index + 1, number)
      if case .text(.date) = shape {
        let day = Day(content.text).flatMap(Self.serial)
        if let day {
          text += "\(reference) s=\"\(Style.day)\"><v>\(day)</v></c>"
        } else {
          text += try cell(index + 1, number, content.text, Style.day)
        }
      } else if shape.isNumeric {
        if let decimals = XLSXText.decimals(of: content.text) {
          text += "\(reference) s=\"\(Style.number(decimals))\"><v>\(content.text)</v></c>"
        } else {
          text += try cell(index + 1, number, content.text, Style.number(0))
        }
      } else {
        text += try cell(index + 1, number, content.text, Style.text)
      }
    }
    return text + "</row>"
  }

  /// The number by which a workbook knows a day; `nil` for days before March 1900, since Lotus 1-2-3
  /// gave that year a leap day.
  private static func serial(_ day: Day) -> Int? {
    let serial = day.number - Day.workbookEpoch.number
    return serial > 60 ? serial : nil
  }

  private static func cell(
    _ column: Int, _ row: Int, _ text: String, _ style: Int
  ) throws(InvalidInput) -> String {
    let reference = "\(columnLetters(column))\(row)"
    if text.isEmpty { return "<c r=\"\(reference)\" s=\"\(style)\"/>" }
    guard text.utf16.count <= XLSXText.cellLimit else {
      throw InvalidInput(
        Diagnostic(
          "the text of cell \(reference) has \(text.utf16.count) characters; "
            + "a cell holds \(XLSXText.cellLimit)",
          hint: "shorten it, or write CSV"))
    }
    return "<c r=\"\(reference)\" s=\"\(style)\" t=\"inlineStr\"><is>"
      + "<t xml:space=\"preserve\">\(XLSXText.escaped(text))</t></is></c>"
  }
}

/// What a program lets somebody choose or type in cells, and what it tells them.
private struct CellValidations {
  private var order: [String] = []
  private var ranges: [String: [(column: Int, rows: ClosedRange<Int>)]] = [:]

  mutating func add(_ column: Matrix.Column, _ shape: Shape, _ index: Int, _ row: Int) {
    guard let rule = rule(column, shape) else { return }
    if ranges[rule] == nil { order.append(rule) }
    var own = ranges[rule] ?? []
    if let last = own.last, last.column == index, last.rows.upperBound == row - 1 {
      own[own.count - 1].rows = last.rows.lowerBound...row
    } else if let near = own.lastIndex(where: { $0.column == index }),
      own[near].rows.upperBound == row - 1
    {
      own[near].rows = own[near].rows.lowerBound...row
    } else {
      own.append((index, row...row))
    }
    ranges[rule] = own
  }

  var xml: String {
    if order.isEmpty { return "" }
    let rules = order.map { rule in
      let cells = (ranges[rule] ?? []).map { column, rows in
        let letters = columnLetters(column)
        return rows.count == 1
          ? "\(letters)\(rows.lowerBound)"
          : "\(letters)\(rows.lowerBound):\(letters)\(rows.upperBound)"
      }
      return rule.replacing("§", with: cells.joined(separator: " "), maxReplacements: 1)
    }
    return "<dataValidations count=\"\(rules.count)\">\(rules.joined())</dataValidations>"
  }

  /// The element for a cell, with `§` where its cells belong; `nil` where there is nothing to say.
  private func rule(_ column: Matrix.Column, _ shape: Shape) -> String? {
    var attributes = "sqref=\"§\" allowBlank=\"1\""
    if !column.summary.isEmpty {
      attributes += " showInputMessage=\"1\" promptTitle=\"\(text(column.key, 32))\""
      attributes += " prompt=\"\(text(column.summary, 255))\""
    }
    var formulas = ""
    let words = shape.words
    // A list within the element has at most 255 characters.
    if let words, words.joined(separator: ",").utf16.count <= 255 {
      attributes += " type=\"list\""
      formulas = "<formula1>\"\(text(words.joined(separator: ","), 255))\"</formula1>"
    } else if case .text(.date) = shape {
      attributes += " type=\"date\" operator=\"greaterThanOrEqual\""
      formulas = "<formula1>61</formula1>"
    } else if case .integer(let range) = shape {
      attributes += " type=\"whole\" operator=\"greaterThanOrEqual\""
      formulas = "<formula1>\(range.lowerBound)</formula1>"
    } else if case .number(let range, _) = shape, range.lowerBound.isFinite {
      attributes += " type=\"decimal\" operator=\"greaterThanOrEqual\""
      formulas =
        "<formula1>\(XLSXText.number(range.lowerBound, decimals: 0))</formula1>"
    } else if column.summary.isEmpty {
      return nil
    }
    if !formulas.isEmpty {
      attributes += " showErrorMessage=\"1\" errorTitle=\"\(text(column.key, 32))\""
      attributes += " error=\"\(text(shape.wanted, 224))\""
    }
    return "<dataValidation \(attributes)>\(formulas)</dataValidation>"
  }

  private func text(_ text: String, _ limit: Int) -> String {
    XLSXText.escaped(
      text.utf16.count <= limit ? text : String(text.unicodeScalars.prefix(limit - 1)) + "…")
  }
}

extension Shape {
  /// The words of which one must stand in a cell, or `nil` where that is free.
  var words: [String]? {
    switch self {
    case .yesNo: ["yes", "no"]
    case .choice(let choices): choices.map(\.id)
    default: nil
    }
  }

  /// How many characters wide a column of such cells is shown.
  fileprivate var columnWidth: Int {
    switch self {
    case .prose, .list, .oneOrMore: 60
    case .text(.identifier), .text(.line), .text(.link), .text(.path): 36
    case .text(.email): 28
    case .text(.date), .yesNo, .integer, .number: 14
    default: 20
    }
  }
}

extension Matrix.Column {
  /// How many characters wide it is shown.
  fileprivate var shownWidth: Int { width ?? shape.columnWidth }
}

extension String {
  /// How many lines a text takes in a column of so many characters, about.
  fileprivate func lineCount(_ width: Int) -> Int {
    split(separator: "\n", omittingEmptySubsequences: false).reduce(0) { sum, line in
      sum + max(1, (line.utf16.count + width - 1) / width)
    }
  }
}

extension Matrix {
  /// The cells of a row that is not there yet.
  fileprivate var blankCells: [Cell] {
    columns.dropFirst().map { Cell("", at: $0.isLocked ? [] : [.key($0.key)]) }
  }
}

extension Day {
  /// The day from which workbooks count; from 1904-01-01 those that say so.
  static let workbookEpoch = Day(number: -25_569)
  static let earlyMacEpoch = Day(number: -24_107)
}
