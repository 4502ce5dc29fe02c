import DocModel
import Foundation
import Testing

@testable import Spreadsheets

@Suite struct SheetFormatTests {
  /// Texts that programs like to take for something else.
  static let texts = [
    "plain", "=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\n=1", "'", "'=1", "''+2", "'quoted'", "-",
    "\u{FF1D}1",
    "a,b", "a;b", "\"quoted\"", "two\nlines", " spaces ", "3-Jan", "007", "1e5", "12.50", "TRUE",
    "_x000D_", "_x005F_", "a\u{7}b", "<&>", "]]>", "\u{1F600} \u{202E}x", "e\u{301}", "#REF!",
    "https://example.org/?a=1&b=2", "x\u{2028}y", "yes",
  ]

  /// A matrix with a row for each text; blank where it is to be filled in.
  static func texts(isFilled: Bool) -> Matrix {
    Matrix(
      name: "texts", title: "Texts",
      columns: [.init("row", .text(.identifier), isLocked: true), .init("text", .prose)],
      rows: texts.enumerated().map { index, text in
        .init(
          "row.r\(index)",
          [.init(isFilled ? text : "", at: [.key("texts"), .key("r\(index)")])])
      })
  }

  /// What an import into blanks says of each row.
  static func taken(_ bytes: [UInt8], _ name: String) throws -> [String: String] {
    let reading = try SheetReading(bytes, named: name, for: [texts(isFilled: false)])
    #expect(reading.rejected.isEmpty)
    return Dictionary(
      uniqueKeysWithValues: reading.changes.map { change in
        guard case .key(let key)? = change.place.last, case .scalar(let text, _) = change.content
        else { return ("", "") }
        return (key, text)
      })
  }

  static let expected = Dictionary(
    uniqueKeysWithValues: texts.enumerated().map { ("r\($0)", $1) })

  @Test("every text comes back", arguments: SheetFormat.all.map(\.id))
  func roundTrip(id: String) throws {
    let format = try #require(SheetFormat.all.first { $0.id == id })
    let files = try format.files([Self.texts(isFilled: true)], named: "texts")
    #expect(files.map(\.name) == ["texts.\(id)"])
    #expect(try Self.taken(files[0].bytes, files[0].name) == Self.expected)
    let again = try format.files([Self.texts(isFilled: true)], named: "texts")
    #expect(files[0].bytes == again[0].bytes, "the same matrix gives the same bytes")
  }

  @Test("a spreadsheet that says what the matrix says changes nothing")
  func unchanged() throws {
    let matrix = Self.texts(isFilled: true)
    let file = try SheetFormat.xlsx.files([matrix], named: "texts")[0]
    let reading = try SheetReading(file.bytes, named: file.name, for: [matrix])
    #expect(reading.changes.isEmpty)
    #expect(reading.takenRows == Self.texts.count)
    #expect(reading.changedRows == 0)
  }

  @Test("Python's csv module finds the same fields, and no formula among them")
  func csvReferee() throws {
    let scratch = try Scratch()
    let file = try SheetFormat.csv.files([Self.texts(isFilled: true)], named: "texts")[0]
    let url = try scratch.write(file.name, file.bytes)
    let output = try Tool.python(["csv", url.path])
    let rows = try JSONDecoder().decode([[String]].self, from: output)
    #expect(rows.count == Self.texts.count + 1)
    for (row, text) in zip(rows.dropFirst(), Self.texts) {
      let shown = row[1]
      #expect(shown == text || shown == "'" + text)
      #expect(!["=", "+", "-", "@", "\t", "\r"].contains { shown.hasPrefix($0) }, "\(shown)")
    }
  }

  struct Shown: Decodable {
    let name: String
    let rows: [[String?]]
    let formulas: [String]
    let frozen: String?
    let filter: String?
    let isProtected: Bool
    let open: [String]
    let lists: [String: String]
    let widths: [String: Double]
  }

  @Test("openpyxl finds what was written: texts, numbers, dates, lists, locks and heads")
  func workbookReferee() throws {
    let scratch = try Scratch()
    let file = try SheetFormat.xlsx.files(
      [Self.texts(isFilled: true), Matrix.sample(isFilled: true)], named: "book")[0]
    let url = try scratch.write(file.name, file.bytes)
    let sheets = try JSONDecoder().decode([Shown].self, from: Tool.python(["show", url.path]))
    #expect(sheets.map(\.name) == ["texts", "checkpoints"])
    #expect(sheets.flatMap(\.formulas) == [])
    #expect(sheets[0].rows.dropFirst().map { $0[1] } == Self.texts)
    let sample = try #require(sheets.last)
    #expect(sample.rows[0].first == "checkpoint")
    #expect(
      sample.rows[1] == [
        "a.one", "One | holds.", "yes", "A *note*", "3", "1200.5", "2027-01-03 00:00:00", "99.5%",
        "evidence/a.pdf\nhttps://example.org/",
      ])
    #expect(sample.frozen == "B2")
    #expect(sample.filter == "A1:I4")
    #expect(sample.isProtected)
    #expect(sample.open == ["C", "D", "E", "F", "G", "H", "I"])
    #expect(sample.lists == ["C2:C4": "\"yes,partly,no\""])
    #expect(sample.widths["A"] == 36)
  }

  @Test("what LibreOffice saves anew says the same, and has no formula")
  func libreOffice() throws {
    let scratch = try Scratch()
    let matrix = Matrix.sample(isFilled: true)
    let xlsx = try SheetFormat.xlsx.files([Self.texts(isFilled: true), matrix], named: "book")[0]
    let csv = try SheetFormat.csv.files([Self.texts(isFilled: true)], named: "texts")[0]
    try scratch.write(xlsx.name, xlsx.bytes)
    try scratch.write(csv.name, csv.bytes)
    try Tool.libreOffice(["book.xlsx", "texts.csv"], in: scratch.folder)
    let book = try [UInt8](Data(contentsOf: scratch.folder.appending(path: "out/book.xlsx")))
    var expected = Self.expected
    // It drops what XML cannot hold.
    let bell = try #require(Self.texts.firstIndex(of: "a\u{7}b"))
    var taken = try Self.taken(book, "book.xlsx")
    for key in ["r\(bell)"] {
      expected[key] = nil
      taken[key] = nil
    }
    #expect(taken == expected)
    let reading = try SheetReading(book, named: "book.xlsx", for: [matrix])
    #expect(reading.changes.isEmpty, "\(reading.changes)")
    #expect(reading.takenRows == 3)
    let converted = scratch.folder.appending(path: "out/texts.xlsx")
    let sheets = try JSONDecoder().decode(
      [Shown].self, from: Tool.python(["show", converted.path]))
    #expect(sheets.flatMap(\.formulas) == [])
  }

  @Test("a text that no cell can hold is refused") func tooLong() {
    let matrix = Matrix(
      name: "m", title: "M", columns: [.init("row", .text(.identifier)), .init("text", .prose)],
      rows: [.init("a.b", [.init(String(repeating: "x", count: 40_000), at: [.key("x")])])])
    #expect(throws: InvalidInput.self) { try SheetFormat.xlsx.files([matrix], named: "m") }
  }
}

extension Matrix {
  /// A matrix with a column of each kind.
  static func sample(isFilled: Bool) -> Matrix {
    let evidence = RecordShape(
      "evidence", "What shows it.",
      [.init("file", .text(.path), "A file."), .init("link", .text(.link), "An address.")])
    let columns: [Column] = [
      .init("checkpoint", .text(.identifier), isLocked: true),
      .init("statement", .prose, isLocked: true),
      .init(
        "confirm", .choice([.init("yes", "It holds"), .init("partly", ""), .init("no", "")]),
        "Whether it is confirmed."),
      .init("note", .prose), .init("hosts", .integer(0...9)),
      .init("cost", .number(0 ... .infinity, unit: nil)), .init("until", .text(.date)),
      .init("level", .text(.line)), .init("files", .list(.record(evidence))),
    ]
    let filled = [
      "yes", "A *note*", "3", "1200.50", "2027-01-03", "99.5%",
      "evidence/a.pdf\nhttps://example.org/",
    ]
    let rows = [("a.one", "One | holds."), ("b.two", "Two"), ("c.three", "=Three")].map {
      id, text in
      let cells = zip(columns.dropFirst(2), filled).map { column, text in
        Cell(
          isFilled ? text : "", at: [.key("checkpoints"), .key(id), .key(column.key)])
      }
      return Row(id, [Cell(text)] + cells)
    }
    return Matrix(name: "checkpoints", title: "Checkpoints", columns: columns, rows: rows)
  }
}
