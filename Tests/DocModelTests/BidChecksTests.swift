import DocModel
import Foundation
import Testing

/// Every rule of every check of bids, both ways: see `Fixtures/Checks/bids.txt`.
@Suite struct BidChecksTests {
  @Test func findsWhatIsWrongAndNothingElse() throws {
    try Cases("Checks/bids.txt").check { item in
      let rule = item.name.prefix { $0 != ":" }
      let findings: [Finding]
      do {
        findings = try BidChange(item.input).assessment.findings.filter { finding in
          finding.severity > .note || finding.rule == rule
        }
      } catch let error as InvalidInput {
        return error.text
      }
      let expectsNothing = item.name.contains(": not ") || item.name.hasPrefix("(nothing)")
      #expect(findings.contains { $0.rule == rule } != expectsNothing, "\(item.name)")
      return findings.map { finding in
        """
        \(finding.severity) \(finding.rule) of \(finding.id) \
        at \(finding.location.line):\(finding.location.column)
          \(finding.message)
          \(finding.remedy)
        """
      }.joined(separator: "\n")
    }
  }

  @Test func everyRuleHasACase() throws {
    let names = try Cases("Checks/bids.txt").cases.map { String($0.name.prefix { $0 != ":" }) }
    for rule in BidChecks.all.flatMap(\.rules) {
      #expect(names.contains { $0 == rule.id || $0.hasPrefix("\(rule.id).") }, "\(rule.id)")
      #expect(rule.summary.hasSuffix("."))
    }
    let ids = BidChecks.all.flatMap(\.rules).map(\.id)
    #expect(Set(ids).count == ids.count)
  }

  /// Where a blank bid is checked, each row that is blank is found, and nothing else.
  @Test func aBlankBidLacksEveryRow() throws {
    let tender = try Tender.commcare()
    let text = BlankFile.bid(for: tender, digest: "sha256:1")
    let bid = try Bid(Source(name: "bid.yaml", text: text), for: tender)
    let findings = BidAssessment(bid, in: PretendFiles()).findings
    func ids(_ rule: String) -> [String] { findings.filter { $0.rule == rule }.map(\.id) }
    #expect(ids("response-missing") == tender.checkpoints.map(\.id))
    #expect(ids("offer-missing") == tender.serviceLevels.map(\.level.identifier))
    #expect(ids("requirement-unanswered").count == tender.requirements.count)
    #expect(ids("cost-lines-missing").count == tender.hostOptions)
    #expect(!findings.map(\.rule).contains { $0.hasPrefix("tender-") })
  }

  @Test(arguments: [
    ("0", 2, "0.00"), ("1.005", 2, "1.01"), ("-1.005", 2, "-1.01"), ("0.004", 2, "0.00"),
    ("-0.004", 2, "0.00"), ("999.995", 2, "1000.00"), ("12", 0, "12"), ("12.5", 0, "13"),
    ("123456789012345678901234.567", 2, "123456789012345678901234.57"), ("0.1", 3, "0.100"),
  ])
  func amountsAreRoundedHalfUp(number: String, places: Int, expected: String) throws {
    #expect(try #require(decimal(number)).rounded(to: places) == expected)
  }

  /// Ten thousand times a tenth is a thousand, which in binary it is not.
  @Test func sumsAreExact() throws {
    let lines = (0..<10_000).map { "{id: l\($0), item: x, kind: one-off, rate: 0.1}" }
    let text = try Folder.fixture("Checks/clean-bid.yaml").replacing(
      "        - {id: rent, item: Rent, kind: monthly, rate: 0.1, tax: 0}",
      with: lines.map { "        - \($0)" }.joined(separator: "\n"))
    let bid = try Bid(Source(name: "bid.yaml", text: text), for: .well())
    #expect(bid.costs.options[1].sum(.oneOff, withTaxes: true).description == "1000")
    #expect(bid.costs.options[0].total(months: 12).description == "365.31")
    #expect(bid.costs.options[0].cost(ofYear: 1, months: 18).description == "365.31")
    #expect(bid.costs.options[0].cost(ofYear: 2, months: 18).description == "132.66")
    #expect(bid.costs.options[0].cost(ofYear: 3, months: 18).description == "0")
  }
}

extension Tender {
  /// The tender of `Fixtures/Checks/tender.yaml`.
  static func well() throws -> Tender {
    try Tender(Source(name: "tender.yaml", text: Folder.fixture("Checks/tender.yaml")))
  }
}

/// A change of `Fixtures/Checks/clean-bid.yaml`, with the day, the files and the digest for which it is
/// looked at.
struct BidChange {
  let text: String
  private var folder = PretendFiles()
  private var digest: String?

  init(_ input: String) throws {
    let (text, rest) = try changed("Checks/clean-bid.yaml", by: input)
    self.text = text
    for words in rest {
      if words[0] == "@today" { folder.today = try #require(Day(words[1])) }
      if words[0] == "@file" { folder.states[words[1]] = try PretendFiles.state(words[2]) }
      if words[0] == "@digest" { digest = words[1] }
    }
  }

  var assessment: BidAssessment {
    get throws {
      let bid = try Bid(Source(name: "bid.yaml", text: text), for: .well())
      return BidAssessment(bid, in: folder, digest: digest)
    }
  }
}
