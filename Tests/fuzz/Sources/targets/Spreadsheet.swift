@testable import DocModel
@testable import Spreadsheets

extension Target {
  private static let columns: [Matrix.Column] = [
    .init("row", .text(.identifier)), .init("text", .prose), .init("day", .text(.date)),
    .init("word", .choice([.init("yes", ""), .init("no", "")])),
  ]

  private static func matrix(_ text: String) -> Matrix {
    let cells = [text, "", ""].enumerated().map { index, text in
      Matrix.Cell(text, at: [.key("\(index)")])
    }
    return Matrix(
      name: "m", title: "", columns: columns, rows: [.init("a", cells), .init("b", cells)],
      furtherRow: { _ in cells })
  }

  /// A spreadsheet as it stands, and one that a text is written into.
  func spreadsheet(_ bytes: [UInt8]) -> String? {
    let isCSV = self == .csv
    let file = isCSV ? bytes : workbook(bytes)
    _ = try? SheetReading(file, named: "f.\(rawValue)", for: [Self.matrix("")])
    let text = String(decoding: bytes.filter { $0 != 0 }, as: UTF8.self)
    let format = isCSV ? SheetFormat.csv : .xlsx
    guard let written = try? format.files([Self.matrix(text)], named: "f")[0],
      !text.allSatisfy(\.isWhitespace)
    else { return nil }
    guard let read = try? SheetReading(written.bytes, named: written.name, for: [Self.matrix("")]),
      case .scalar(let found, _)? = read.changes.first?.content,
      found == text.replacing("\r\n", with: "\n")
    else { return "\(text.debugDescription) does not come back" }
    return nil
  }

  /// A workbook of which a sheet, the texts and the formats are given, with a NUL between them.
  private func workbook(_ bytes: [UInt8]) -> [UInt8] {
    let parts = bytes.split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
    func relationships(_ items: [(String, String)]) -> [UInt8] {
      let text = items.map { "<Relationship Id='\($0)' Type='x/\($0)' Target='\($1)'/>" }
      return Array("<Relationships>\(text.joined())</Relationships>".utf8)
    }
    let names = [("worksheet", "s.xml"), ("sharedStrings", "t.xml"), ("styles", "f.xml")]
    var files: [(name: String, bytes: [UInt8])] = [
      ("_rels/.rels", relationships([("officeDocument", "xl/w.xml")])),
      (
        "xl/w.xml",
        Array("<workbook><sheets><sheet name='m' id='worksheet'/></sheets></workbook>".utf8)
      ),
    ]
    files.append(("xl/_rels/w.xml.rels", relationships(Array(names.prefix(parts.count)))))
    for (part, name) in zip(parts, names) { files.append(("xl/\(name.1)", Array(part))) }
    return (try? ZipArchive.written(files)) ?? []
  }
}
