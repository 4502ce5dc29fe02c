import DocModel
import Foundation
import Testing

@testable import Spreadsheets

@Suite struct BadSpreadsheetTests {
  @Test("what is wrong with a spreadsheet is said by sheet, row, column and reason") func bad()
    throws
  {
    let scratch = try Scratch()
    _ = try Tool.python(["bad", scratch.folder.path])
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch.folder.path).sorted()
    #expect(names.count > 50)
    var text = "What is said of each spreadsheet that Tests/tools/spreadsheets.py writes.\n"
    for name in names {
      let bytes = try [UInt8](Data(contentsOf: scratch.folder.appending(path: name)))
      text += "\n=== \(name)\n\(Self.report(bytes, name))\n"
    }
    let url = Tool.package.appending(path: "Tests/SpreadsheetsTests/Fixtures/bad.txt")
    if ProcessInfo.processInfo.environment["RECORD"] == "1" {
      try Data(text.utf8).write(to: url)
      Issue.record("recorded; look at the difference, then run without RECORD")
    } else {
      let recorded = try String(contentsOf: url, encoding: .utf8)
      for (old, new) in zip(
        recorded.components(separatedBy: "\n=== "), text.components(separatedBy: "\n=== "))
      { #expect(old == new) }
      #expect(recorded == text, "RECORD=1 swift test writes it anew")
    }
  }

  /// All that a reading says, in lines.
  static func report(_ bytes: [UInt8], _ name: String) -> String {
    var lines: [String] = []
    do throws(InvalidInput) {
      let reading = try SheetReading(bytes, named: name, for: [Matrix.sample(isFilled: false)])
      lines.append("taken: \(reading.takenRows), changed: \(reading.changedRows)")
      for change in reading.changes {
        let place = change.place.map { step in
          if case .key(let key) = step { key } else { "?" }
        }
        lines.append("  \(place.dropFirst().joined(separator: "/")) = \(change.content.listing)")
      }
      for row in reading.rejected { lines.append("\(row)\n  → \(row.remedy)") }
      for note in reading.notes { lines.append("\(note)") }
    } catch {
      lines += error.diagnostics.map { "\($0)" }
    }
    return lines.joined(separator: "\n")
  }

  @Test("random bytes within a workbook's parts never break the reader")
  func damaged() throws {
    let file = try SheetFormat.xlsx.files([Matrix.sample(isFilled: true)], named: "m")[0]
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<300 {
      var bytes = file.bytes
      for _ in 0..<4 { bytes[Int.random(in: 0..<bytes.count, using: &generator)] ^= 1 << 3 }
      _ = try? SheetReading(bytes, named: "m.xlsx", for: [Matrix.sample(isFilled: false)])
    }
  }
}

extension Node.Content {
  fileprivate var listing: String {
    switch self {
    case .scalar(let text, _): text.debugDescription
    case .foreign(let foreign): foreign.text.debugDescription
    case .sequence(let items): "[\(items.map(\.content.listing).joined(separator: ", "))]"
    case .mapping(let entries):
      "{\(entries.map { "\($0.key): \($0.value.content.listing)" }.joined(separator: ", "))}"
    }
  }
}
