import DocModel
import Foundation
import Testing

@testable import Spreadsheets

@Suite struct RoundTripTests {
  /// The tender of the example, and a bid in which nothing is filled in.
  static let tender: Result<Tender, any Error> = Result {
    let folder = DiskFolder(
      Tool.package.appending(path: "Examples/commcare").path, today: Day(number: 20_778))
    let own = try Tender(of: Assessment(Project(in: folder), in: folder))
    return try Tender(Source(name: Tender.fileName, text: own.text(digest: "sha-256:0")))
  }

  static func blank(for tender: Tender) throws -> Source {
    try Source(name: Bid.fileName, text: BlankFile.bid(for: tender, digest: "sha-256:0"))
  }

  @Test("generated bids come back from spreadsheets, whatever the order of rows", arguments: 1...3)
  func bids(seed: Int) throws {
    let tender = try Self.tender.get()
    let blank = try Self.blank(for: tender)
    let empty = try Bid(blank, for: tender).matrices()
    var numbers = Numbers(seed: UInt64(seed))
    let changes = Self.generated(empty, &numbers)
    let full = try blank.changed(by: changes).new
    let matrices = try Bid(full, for: tender).matrices()
    #expect(changes.count > 300)
    let shuffled = matrices.map { matrix in
      Matrix(
        name: matrix.name, title: matrix.title, columns: matrix.columns,
        rows: matrix.rows.shuffled(using: &numbers), furtherRow: matrix.furtherRow)
    }
    for format in SheetFormat.all {
      var read = blank
      for file in try format.files(shuffled, named: "bid") {
        let reading = try SheetReading(
          file.bytes, named: file.name, for: Bid(read, for: tender).matrices())
        #expect(reading.rejected.isEmpty, "\(reading.rejected)")
        read = try read.changed(by: reading.changes).new
      }
      #expect(try texts(Bid(read, for: tender).matrices()) == texts(matrices), "\(format.id)")
      // Comments and blanks are all there, in their order.
      let lines = String(decoding: read.bytes, as: UTF8.self).components(separatedBy: "\n")
      let comments = { (lines: [String]) in
        lines.filter { $0.drop { $0 == " " }.hasPrefix("#") && !$0.hasSuffix("# no") }
      }
      #expect(
        comments(lines)
          == comments(String(decoding: blank.bytes, as: UTF8.self).components(separatedBy: "\n")))
      // Taking it in once more changes nothing.
      for file in try format.files(shuffled, named: "bid") {
        let again = try SheetReading(
          file.bytes, named: file.name, for: Bid(read, for: tender).matrices())
        #expect(again.changes.isEmpty, "\(again.changes.prefix(3))")
      }
    }
  }

  /// What all cells say, by sheet, row and column.
  private func texts(_ matrices: [Matrix]) -> [String: [String]] {
    var texts: [String: [String]] = [:]
    for matrix in matrices {
      for row in matrix.rows { texts["\(matrix.name)/\(row.id)"] = row.cells.map(\.text) }
    }
    return texts
  }

  /// Something for most cells, and rows of their own where rows may be added.
  private static func generated(_ matrices: [Matrix], _ numbers: inout Numbers) -> [FileChange] {
    var changes: [FileChange] = []
    for matrix in matrices {
      var rows = matrix.rows
      for index in 0..<3 {
        guard let further = matrix.furtherRow else { break }
        let id =
          switch matrix.name {
          case "cost-lines": "new-\(index).line-\(index)"
          case "contacts": "contact-\(matrix.rows.count + 1 + index)"
          default: "new-\(index)"
          }
        if let cells = further(id) {
          rows.append(.init(id, cells))
        } else {
          Issue.record("\(matrix.name) takes no row '\(id)'")
        }
      }
      for row in rows {
        for (cell, column) in zip(row.cells, matrix.columns.dropFirst()) where !cell.place.isEmpty {
          let isKnown = matrix.rows.contains { $0.id == row.id }
          if isKnown, !column.isRequired, Int.random(in: 0..<5, using: &numbers) == 0 { continue }
          let shape = cell.shape ?? column.shape
          let text = text(shape, &numbers)
          do throws(InvalidInput) {
            changes.append(FileChange(cell.place, try shape.content(ofCell: text)))
          } catch {
            Issue.record("\(matrix.name) \(row.id) \(column.key): \(error)")
          }
        }
      }
    }
    return changes
  }

  private static func text(_ shape: Shape, _ numbers: inout Numbers) -> String {
    func pick(_ texts: String...) -> String { texts.randomElement(using: &numbers) ?? "" }
    switch shape {
    case .prose:
      return pick(
        "Prose", "two\nlines", "- a\n- b", "=1+1", "'=x", "a \"quote\", b; c", "| x |",
        "# no\n\n```\nx\n```\n",
        " lead", "3-Jan", "\u{1F600}", "@x", "null", "_x000D_", "\u{202E}ecirp\u{2066}",
        "a\u{200B}b",
        "\u{FEFF}x", "x\u{2028}y", "x\u{85}y", "a\tb", "e\u{301}", "---", "...", "%x", "&a", "*a",
        "!x",
        "? x", "key: value", "x #c", "[a", "{a: b", "'", "\"", "- ", ">", "|", "0.10", "1e5",
        "0x1F",
        "12:30:45", "2027-01-03", "TRUE", "#REF!", "x\n\n\n y\n", "\\", "\u{FFFD}",
        String(repeating: "long ", count: 6000))
    case .text(.date): return pick("2027-05-31", "2026-12-01", "1899-01-01")
    case .text(.language): return pick("en", "pt-BR")
    case .text(.currency): return pick("EUR", "XOF")
    case .text(.dateTime): return "2027-01-15T17:00+03:00"
    case .text(.duration): return pick("4 h", "15 min", "1 business day")
    case .text(.quantity): return pick("940 Mbps", "1.5 TB")
    case .text(.link): return "https://example.org/a?b=c&d=\"x\"".replacing("\"", with: "")
    case .text(.email): return "a@example.org"
    case .text(.slug): return pick("first", "second")
    case .text(.path): return pick("evidence/a b.pdf", "-x.txt")
    case .text:
      return pick(
        "A line", "+49 30 123", "-", "007", "12.50", "yes", "=A1", "\u{202E}x", "3-4", "@a")
    case .integer(let range): return "\(range.lowerBound)"
    case .number(let range, _):
      return range.contains(5) ? pick("5", "1.50", "2.125", "6.00001") : "\(Int(range.lowerBound))"
    case .yesNo: return pick("yes", "no")
    case .choice(let choices): return choices.randomElement(using: &numbers)?.id ?? ""
    case .list(.record): return "evidence/a.pdf\nhttps://example.org/\nb.pdf"
    case .list(let item), .oneOrMore(let item):
      let first = text(item, &numbers)
      return "- " + first.replacing("\n", with: "\n  ")
    default: return "x"
    }
  }
}

/// Numbers that are the same in each run.
struct Numbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ (state >> 29)
  }
}
