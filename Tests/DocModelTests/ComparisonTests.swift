import DocModel
import Foundation
import Testing

/// Bids beside one another, and the points that they get.
@Suite struct ComparisonTests {
  /// Bids against `Fixtures/Checks/tender.yaml` that differ in their short name and one price.
  static func bids(_ rates: [String]) throws -> [ComparedBid] {
    let tender = try Tender.well()
    return try rates.enumerated().map { index, rate in
      let text = try Folder.fixture("Checks/clean-bid.yaml")
        .replacing("id: wells", with: "id: b\(index)")
        .replacing("kind: monthly, rate: 0.1,", with: "kind: monthly, rate: \(rate),")
      return ComparedBid(
        BidAssessment(
          try Bid(Source(name: "b\(index).yaml", text: text), for: tender), in: PretendFiles()))
    }
  }

  static func marks(_ lines: [String], _ bidders: Int = 3) throws -> Marks {
    let text = """
      marks-for: W-1
      most: 10
      scorers:
        - {name: Ada, marks: {\(lines[0])}}
        - {name: Eve, marks: {\(lines[1])}}
      """
    return try Marks(
      Source(name: "marks.yaml", text: text), for: .well(), bidders: (0..<bidders).map { "b\($0)" })
  }

  /// Half of the points go by the mean of marks, half by the lowest cost: 12, 24 and 12 a year.
  @Test func pointsFollowFromMarksAndCosts() throws {
    let marks = try Self.marks([
      "b0: {approach: 8}, b1: {approach: 10}, b2: {approach: 8}",
      "b0: {approach: 7}, b1: {approach: 10}, b2: {approach: 7}",
    ])
    let comparison = Comparison(try .well(), try Self.bids(["1", "2", "1"]), marks: marks)
    #expect(comparison.scores.map { $0.total?.description } == ["87.5", "75", "87.5"])
    // Two share the first place, and nobody has the second one.
    #expect(comparison.scores.map(\.rank) == [1, 3, 1])
    #expect(comparison.scores.map(\.isShared) == [true, false, true])
    #expect(comparison.scores[1].points.map { $0.points?.description } == ["50", "25"])
  }

  /// A reader who adds up the points that are shown gets the total.
  @Test func aTotalIsTheSumOfRoundedPoints() throws {
    let marks = try Self.marks([
      "b0: {approach: 3.333}, b1: {approach: 6}", "b0: {approach: 3.3}, b1: {approach: 7}",
    ])
    let comparison = Comparison(try .well(), try Self.bids(["3", "1"]), marks: marks)
    #expect(comparison.scores[0].points.map { $0.points?.description } == ["16.58", "16.67"])
    #expect(comparison.scores[0].total?.description == "33.25")
    #expect(comparison.scores[1].total?.description == "82.5")
  }

  /// A text of a bid, and whether the technical envelope keeps it closed.
  ///
  /// The bid costs 12345.60 in all, 1028.80 a month.
  @Test(arguments: [
    ("With a rod, for EUR 5 an hour.", true), ("With a rod, 5 EUR an hour.", true),
    ("Rods at 5 euros.", true), ("Rods at €5.", true), ("Rods at 5\u{A0}€.", true),
    ("Rods at £ 5", true), ("12345.60 in all", true), ("12,345.60 in all", true),
    ("12 345,60 in all", true), ("12\u{202F}346 in all", true), ("(1028.80)", true),
    ("1'028.80 a month", true), ("about 1029", true), ("\u{0665} EUR", true),
    ("\u{FF15}\u{20AC}", true),
    ("With a rod.", false), ("12 rods, 1028 of them spare? No, 102.", true),
    ("5 rods, Europe's best in 2026", false), ("12000 users", false), ("EUROPE 2026", false),
    ("", false),
  ])
  func theTechnicalEnvelopeKeepsTextsThatNamePricesClosed(text: String, isClosed: Bool) throws {
    let tender = try Tender.well()
    let file = try Folder.fixture("Checks/clean-bid.yaml")
      .replacing("With a rod.", with: "\"\(text)\"")
      .replacing("rate: 0.1, tax: 0}", with: "rate: 1028.80}")
    let bid = ComparedBid(
      BidAssessment(
        try Bid(Source(name: "bid.yaml", text: file), for: tender), in: PretendFiles()))
    let project = try Project(
      Source(name: "project.yaml", text: "guide: commcare-transition\nprogramme: {title: A}\n"),
      in: PretendFiles())
    let assessment = Assessment(project, in: PretendFiles())
    for envelope in [Project.Criterion.Envelope.technical, .financial, nil] {
      let model = ComparisonModel(
        Comparison(tender, [bid], envelope: envelope), of: assessment)
      let cell = model.values(for: .comparison)["checkpoints"]?.asList?.first?.asRecord?["cells"]?
        .asList?.first?.asRecord
      let isWithheld = if case .bool(true)? = cell?["withheld"] { true } else { false }
      #expect(isWithheld == (isClosed && envelope == .technical), "\(text)")
      #expect(cell?["approach"]?.isPresent == (!isWithheld && !text.isEmpty), "\(text)")
    }
  }

  @Test func whatIsMissingIsNotMadeUp() throws {
    let marks = try Self.marks(["b0: {approach: 8}, b1: {approach: 9}", "b0: {approach: 7}"])
    let comparison = Comparison(try .well(), try Self.bids(["1", "2", ""]), marks: marks)
    #expect(comparison.scores.map(\.rank) == [1, nil, nil])
    #expect(comparison.scores[1].points.map { $0.points != nil } == [false, true])
    // The third bid has a price in its other option, and no marks.
    #expect(comparison.missingMarks.map(\.bidder) == ["b1", "b2"])
  }

  @Test func withoutMarksNothingIsRanked() throws {
    let comparison = Comparison(try .well(), try Self.bids(["1", "2"]))
    #expect(comparison.scores.isEmpty)
  }

  @Test func theTechnicalEnvelopeLeavesCostsOut() throws {
    let marks = try Self.marks(["b0: {approach: 8}", "b0: {approach: 8}"])
    let comparison = Comparison(
      try .well(), try Self.bids(["1"]), marks: marks, envelope: .technical)
    #expect(comparison.criteria.map(\.id) == ["approach"])
    #expect(comparison.scores.map { $0.total?.description } == ["40"])
  }

  @Test(arguments: [
    ("b0: {approach: 11}", "11 is more than the best mark, 10"),
    ("b9: {approach: 1}", "there is no bid of 'b9'"),
    ("b0: {aproach: 1}", "did you mean 'approach'?"),
    ("b0: {price: 1}", "unknown key 'price' in a bidder's marks"),
    ("b0: {approach: good}", "'approach' must be a number"),
  ])
  func marksThatAreWrongAreRefused(line: String, message: String) throws {
    let said = messages { _ = try Self.marks([line, ""], 1) }
    #expect(said.contains(message), "\(said)")
  }

  /// Each name has its marks once; a best mark that is no number makes no other mark wrong.
  @Test func scorersAreNamedOnceAndTheBestMarkIsANumber() {
    let text = """
      marks-for: W-1
      most: ten
      scorers:
        - {name: Ada, marks: {b0: {approach: 8}}}
        - {name: Ada, marks: {b0: {approach: 7}}}
      """
    let said = messages {
      _ = try Marks(Source(name: "marks.yaml", text: text), for: .well(), bidders: ["b0"])
    }
    #expect(
      said == """
        marks.yaml:2:7: error: 'most' must be a number from 1 to 1000, not 'ten'
            2 | most: ten
              |       ^
        marks.yaml:5:5: error: 'Ada' is here a second time
            5 |   - {name: Ada, marks: {b0: {approach: 7}}}
              |     ^
        help: put the marks together, or tell the two by name

        """, "\(said)")
  }
}
