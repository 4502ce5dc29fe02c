import DocModel
import Foundation
import Testing

@testable import Spreadsheets

/// Rows of each sheet of a bid.
///
/// Good ones are taken in, bad ones are rejected whole, and the file stays valid in any case.
@Suite struct BidSheetTests {
  /// A sheet as CSV with a good row and bad ones, and why each bad one is rejected.
  struct Sample: CustomTestStringConvertible {
    let name: String
    let lines: [String]
    let rejected: [String]
    /// What the good row says.
    let taken: String
    var testDescription: String { name }

    init(_ name: String, _ lines: [String], _ rejected: [String], taken: String) {
      self.name = name
      self.lines = lines
      self.rejected = rejected
      self.taken = taken
    }
  }

  static let samples = [
    Sample(
      "checkpoints",
      [
        "checkpoint,confirm,approach,example,evidence",
        "place.ground-known,yes,By drilling.,In Teshi.,maps/a.pdf",
        "place.found,perhaps,By luck.,,", "place.fuond,yes,Typed wrongly.,,",
        "place.gone,yes,,,", "place\u{200B}.found,yes,,,", "PLACE.FOUND,yes,,,",
        "place.found,yes,Outside.,,../../etc/passwd",
      ],
      [
        "row 4, column A 'checkpoint': there is no checkpoint 'place.fuond'",
        "row 5, column A 'checkpoint': there is no checkpoint 'place.gone'",
        "row 6, column A 'checkpoint': there is no checkpoint 'place\u{200B}.found'",
        "row 7, column A 'checkpoint': there is no checkpoint 'PLACE.FOUND'",
        "row 3, column A 'checkpoint': 'place.found' is there more than once",
        "row 8, column A 'checkpoint': 'place.found' is there more than once",
      ], taken: "approach: By drilling."),
    Sample(
      "paths and words",
      [
        "checkpoint,confirm,evidence", "place.ground-known,yes,https://a.example.org/",
        "place.found,jein,",
      ],
      ["row 3, column B 'confirm': it must be one of 'yes', 'partly', 'no', not 'jein'"],
      taken: "link: https://a.example.org/"),
    Sample(
      "service levels",
      [
        "service-level,offer,upstream,note", "uptime,99.7 %,99.9 %,Since 2020.",
        "service#response,fast,,", "service#notice,3 days,,", "service#colour,\"a\nb\",,",
        "pressure,0.9,,", "guard,sometimes,,", "service#missing,1 h,,", "service,1 h,,",
      ],
      [
        "row 3, column B 'offer': it must be a length of time such as '15 min', '4 h', "
          + "'1 business day' or '90 days', not 'fast'",
        "row 5, column B 'offer': it must be one line of text, not 'a\nb'",
        "row 6, column B 'offer': it must be a number with its unit, such as '99.5 %' or '940 Mbps', not '0.9'",
        "row 7, column B 'offer': it must be one of 'always', 'nights', not 'sometimes'",
        "row 8, column A 'service-level': there is no service-level 'service#missing'",
        "row 9, column A 'service-level': there is no service-level 'service'",
      ], taken: "offer: 99.7 %"),
    Sample(
      "requirements", ["requirement,met,how", "licence,no,It fell off.", "permit,yes,"],
      ["row 3, column A 'requirement': there is no requirement 'permit'"],
      taken: "how: It fell off."),
    Sample(
      "hosting options",
      [
        "host-option,host,country,total", "north,North Field,Navaria,365.31", "east,,Navaria,",
        "west,West Field,,-5", "the west,West Field,,", "south,,,\"1,5\"", "away,Away,,1e999",
        "hill,Hill,,1.250",
      ],
      [
        "row 3, column B 'host': 'host' is missing",
        "row 4, column D 'total': it must be a number of at least 0, not '-5'",
        "row 5, column A 'host-option': 'the west' cannot name a row",
        "row 6, column D 'total': it must be a number of at least 0, not '1,5'",
        "row 7, column D 'total': it must be a number of at least 0, not '1e999'",
        "row 8, column D 'total': it must be a number of at least 0, not '1.250', which is 1.25 to some "
          + "readers and 1250 to others",
      ], taken: "country: Navaria"),
    Sample(
      "cost lines",
      [
        "cost-line,item,kind,quantity,rate,tax", "north.pump,Pump,one-off,1,99.5,19",
        "east.pump,Pump,one-off,1,99.5,19", "north.rope,,one-off,1,1,", "north.tube,Tube,,1,1,",
        "north.hose,Hose,yearly,1,1,", "north,Hose,monthly,1,1,", "north.a.b,Hose,monthly,1,1,",
        ".rent,Hose,monthly,1,1,", "north.lamp,Lamp,monthly,-2,1,",
        "north.nail,Nail,monthly,2,1,18 %", "north.knob,Knob,monthly,2,1,18 EUR",
        "north.rent,Rent,monthly,2,\u{202E}10.05,10",
      ],
      [
        "row 3, column A 'cost-line': there is no host-options row 'east'",
        "row 4, column B 'item': 'item' is missing",
        "row 5, column C 'kind': 'kind' is missing",
        "row 6, column C 'kind': it must be one of 'one-off', 'monthly', not 'yearly'",
        "row 7, column A 'cost-line': 'north' cannot name a row",
        "row 8, column A 'cost-line': 'north.a.b' cannot name a row",
        "row 9, column A 'cost-line': '.rent' cannot name a row",
        "row 10, column D 'quantity': it must be a number of at least 0, not '-2'",
        "row 12, column F 'tax': it must be a number from 0 to 1000 (%), not '18 EUR'",
        "row 13, column E 'rate': it must be a number of at least 0, not '\u{202E}10.05'",
      ], taken: "item: Pump"),
    Sample(
      "people",
      [
        "person,name,roles,share,spade,drill", "ada,Ada Digger,- digger,80,able,",
        "bob,,- cook,50,,", "Bob B,Bob,- cook,50,,", "cid,Cid,- king,50,,", "dan,Dan,,150,,",
        "eve,Eve,,50,master,",
      ],
      [
        "row 3, column B 'name': 'name' is missing",
        "row 4, column A 'person': 'Bob B' cannot name a row",
        "row 5, column C 'roles': it must be one of 'digger', 'cook', not 'king'",
        "row 6, column D 'share': it must be a number from 0 to 100 (%), not '150'",
        "row 7, column E 'spade': it must be one of 'basic', 'able', 'expert', not 'master'",
      ], taken: "name: Ada Digger"),
    Sample(
      "references",
      [
        "reference,organisation,work,contact-name,contact-email",
        "inn,The inn,A well.,Joe,joe@inn.example.org",
        "pub,,A well.,Joe,", "mill,The mill,,Moe,nobody", "bar,The bar,,,joe@bar.example.org",
      ],
      [
        "row 3, column B 'organisation': 'organisation' is missing",
        "row 4, column E 'contact-email': it must be an e-mail address, not 'nobody'",
        "row 5, column D 'contact-name': 'contact-name' is missing",
      ], taken: "organisation: The inn"),
    Sample(
      "contacts",
      [
        "contact,name,email", "contact-2,Bea,bea@wells.example.org",
        "contact-3,,joe@wells.example.org",
        "bea,Bea,", "contact-0,Bea,", "contact-1,Ben,ben at wells",
      ],
      [
        "row 3, column B 'name': 'name' is missing",
        "row 4, column A 'contact': 'bea' cannot name a row",
        "row 5, column A 'contact': 'contact-0' cannot name a row",
        "row 6, column C 'email': it must be an e-mail address, not 'ben at wells'",
      ], taken: "- name: Bea"),
    Sample(
      "facts",
      [
        "fact,value", "valid-until,2027-05-01", "bidder.id,Wells & Sons", "team.full-time,0",
        "bidder.website,wells", "bid-for.tender,X",
      ],
      [
        "row 3, column B 'value': it must be lower-case letters, digits and single hyphens, not 'Wells & Sons'",
        "row 4, column B 'value': it must be a number from 1 to 168 (h), not '0'",
        "row 5, column B 'value': it must be an address that begins with 'https://', 'http://' or 'mailto:', not 'wells'",
        "row 6, column A 'fact': there is no fact 'bid-for.tender'",
      ], taken: "valid-until: 2027-05-01"),
  ]

  static let fixtures = Tool.package.appending(path: "Tests/DocModelTests/Fixtures/Checks")

  static func bid() throws -> (source: Source, bid: Bid) {
    func source(_ name: String) throws -> Source {
      try Source(
        name: name, text: String(contentsOf: fixtures.appending(path: name), encoding: .utf8))
    }
    let file = try source("clean-bid.yaml")
    return (file, try Bid(file, for: Tender(source("tender.yaml"))))
  }

  @Test(arguments: samples)
  func badRowsAreRejectedAndGoodOnesTakenIn(sample: Sample) throws {
    let (file, bid) = try Self.bid()
    let text = sample.lines.map { line in
      line.contains("\n") && !line.contains("\"") ? "\"\(line)\"" : line
    }.joined(separator: "\r\n")
    let reading = try SheetReading(
      Array(text.utf8), named: "rows.csv", for: try bid.matrices())
    let messages = reading.rejected.map(\.description)
    for message in sample.rejected {
      #expect(messages.contains { $0.hasPrefix(message) }, "\(message)\n\(messages)")
    }
    #expect(messages.count == sample.rejected.count, "\(messages)")
    let changed = try file.changed(by: reading.changes).new
    let written = String(decoding: changed.bytes, as: UTF8.self).replacing("\"", with: "")
    #expect(written.contains(sample.taken))
    _ = try Bid(changed, for: bid.tender)
  }

  /// The lines of an option that is new are taken in with it, wherever its sheet stands, and rejected
  /// with it.
  @Test func linesFollowTheirOption() throws {
    let scratch = try Scratch()
    _ = try Tool.python(["options", scratch.folder.path])
    let bytes = try [UInt8](Data(contentsOf: scratch.folder.appending(path: "options.xlsx")))
    let (file, bid) = try Self.bid()
    let reading = try SheetReading(bytes, named: "options.xlsx", for: try bid.matrices())
    #expect(
      reading.rejected.map(\.description) == [
        "sheet 'cost-lines', row 3, column A 'cost-line': there is no host-options row 'west'",
        "sheet 'host-options', row 3, column B 'host': 'host' is missing",
      ])
    let changed = try Bid(file.changed(by: reading.changes).new, for: bid.tender)
    #expect(changed.costs.options.map(\.id) == ["north", "south", "east"])
    #expect(changed.costs.options.last?.lines.map(\.id) == ["pump"])
  }

  /// What a person sees in a bid's own documents comes back without a word, and changes nothing.
  @Test func columnsThatFollowFromOthersArePassedOver() throws {
    let (_, bid) = try Self.bid()
    let today = try #require(Day("2026-11-21"))
    let assessment = BidAssessment(
      bid, in: DiskFolder(Self.fixtures.path, today: today))
    let matrices = try assessment.matrices()
    #expect(matrices.map(\.name).suffix(2) == ["facts", "skills"])
    let levels = try #require(matrices.first { $0.name == "service-levels" })
    #expect(
      levels.columns.map(\.key) == [
        "service-level", "title", "form", "asked", "offer", "upstream", "note", "difference",
        "verdict", "downtime-minutes-in-30-days",
      ])
    let rows = Dictionary(uniqueKeysWithValues: levels.rows.map { ($0.id, $0.cells.map(\.text)) })
    #expect(rows["uptime"]?.suffix(3) == ["+0.5 %", "better", "216"])
    #expect(rows["service#response"]?.suffix(3) == ["", "meets", ""])
    let lines = try #require(matrices.first { $0.name == "cost-lines" })
    #expect(
      lines.rows.map { [$0.id] + $0.cells.suffix(2).map(\.text) } == [
        ["north.dig", "99.99", "0.00"], ["north.rent", "20.10", "2.01"],
        ["south.rent", "0.10", "0.00"],
      ])
    let options = try #require(matrices.first { $0.name == "host-options" })
    #expect(options.columns.suffix(2).map(\.key) == ["year-1-with-taxes", "12-months-with-taxes"])
    #expect(options.rows[0].cells.suffix(4).map(\.text) == ["99.99", "22.11", "365.31", "365.31"])
    let skills = try #require(matrices.last)
    #expect(
      skills.rows.map { [$0.id] + $0.cells.map(\.text) } == [
        ["spade", "Digging: Spade", "expert", "able", "2"],
        ["drill", "Digging: Drill", "basic", "able", "2"],
      ])
    let scratch = try Scratch()
    let book = try SheetFormat.xlsx.files(matrices, named: "bid")[0]
    let url = try scratch.write(book.name, book.bytes)
    let sums = try JSONDecoder().decode(
      [String: Double].self, from: Tool.python(["sums", url.path]))
    #expect(sums["host-options/12-months-with-taxes"] == 366.51)
    #expect(sums["cost-lines/quantity-times-rate"] == 120.19)
    #expect(sums["skills/people"] == 4)
    for format in SheetFormat.all {
      for file in try format.files(matrices, named: "bid") {
        let reading = try SheetReading(file.bytes, named: file.name, for: matrices)
        #expect(reading.changes.isEmpty && reading.rejected.isEmpty && reading.notes.isEmpty)
      }
    }
  }
}
