import Foundation
import Testing

/// What documents say where the usual words would say something twice, or nothing.
@Suite struct OddCasesTests {
  static let project = """
    guide: commcare-transition
    programme: {title: T, currency: EUR}
    rfp:
      reference: T-1
      period: 1 year
      host-options: 2
      criteria:
        - {id: team, title: Team, weight: 60}
        - {id: costs, title: Costs, weight: 40, method: lowest-cost}
    answers:
      system-assessment.application-inventory:
        answer:
          - {application: Visits, version: "1", mobile-users: 310}
      system-sizing.intended-scale:
        answer: {users-at-launch: 1200, users-at-full-scale: 12000}
    waivers:
      - {for: collected-data, kind: not-applicable, reason: None is kept., decided-by: Ada, until: 2027-12-31}
      - {for: monitoring, kind: accepted-gap, reason: Later., until: 2027-06-30}

    """

  /// A bid with two options at one provider, each at a rate.
  static func bid(_ id: String, rate: String) -> String {
    """
    bid-for: {tender: T-1, file: tender.yaml}
    bidder: {id: \(id), name: \(id)}
    costs:
      currency: EUR
      options:
        - {id: small, host: Lakeside, lines: [{id: a, item: Rent, kind: one-off, quantity: 1, rate: \(rate), tax: 0}]}
        - {id: large, host: Lakeside, lines: [{id: a, item: Rent, kind: one-off, quantity: 2, rate: \(rate), tax: 0}]}
        - {id: other, host: Hillside, lines: [{id: a, item: Rent, kind: one-off, quantity: 3, rate: \(rate), tax: 0}]}

    """
  }

  /// A document with plain spaces where lines may not end.
  static func text(_ name: String, in scratch: Scratch) throws -> String {
    try scratch.text(name).replacing("\u{A0}", with: " ")
  }

  static func documents(_ rate: String) throws -> Scratch {
    let scratch = try Scratch()
    try scratch.write("project.yaml", project)
    try scratch.write("free.yaml", bid("free", rate: "0"))
    try scratch.write("paid.yaml", bid("paid", rate: rate))
    try scratch.write(
      "marks.yaml",
      "marks-for: T-1\nmost: 10\nscorers: [{name: Ada, marks: {free: {team: 9}, paid: {team: 8}}}]\n"
    )
    for words in [
      ["build", "-o", "."], ["build", "free.yaml", "cost-estimate", "-o", "."],
      ["compare", "project.yaml", "free.yaml", "paid.yaml", "-o", "."],
    ] {
      let run = try CommandRun(
        words + ["--format", "markdown", "--today", "2026-11-21"], in: scratch.folder)
      #expect(run.status == 0, "\(run.errors)")
    }
    return scratch
  }

  @Test func nothingIsSaidTwice() throws {
    let scratch = try Self.documents("100")
    let rfp = try Self.text("rfp.md", in: scratch)
    #expect(rfp.contains("- **Visits:** Released version: 1; Mobile users: 310\n"))
    #expect(rfp.contains("- **Users at the start:** 1,200\n"))
    let gaps = try Self.text("gap-report.md", in: scratch)
    #expect(gaps.contains("Does not apply: None is kept. (decided by Ada) | 31 December 2027 |"))
    #expect(gaps.contains("Gap accepted: Later. | 30 June 2027 |"))
    // Where no column says until when, the sentence does, whoever decided.
    let report = try Self.text("evidence-report.md", in: scratch)
    #expect(report.contains("None is kept. (decided by Ada, until 31 December 2027)"))
    #expect(report.contains("Later. (until 30 June 2027)"))
  }

  @Test func optionsOfOneProviderAreToldApart() throws {
    let text = try Self.text("cost-estimate.md", in: Self.documents("100"))
    #expect(text.contains("### Lakeside (small)\n"))
    #expect(text.contains("### Lakeside (large)\n"))
    #expect(text.contains("### Hillside\n"))
    #expect(text.contains("| Lakeside (large) |"))
    let comparison = try Self.text("comparison.md", in: Self.documents("100"))
    #expect(comparison.contains("| paid | Lakeside (large) | EUR | 200.00 |"))
    #expect(comparison.contains("| paid | Hillside | EUR | 300.00 |"))
  }

  @Test(arguments: [("0", "nothing to pay, so all 40.00"), ("100", "0.00 ÷ 100.00 × 40 = 0.00")])
  func pointsSayWhereTheyComeFrom(rate: String, points: String) throws {
    let text = try Self.text("comparison.md", in: Self.documents(rate))
    #expect(text.contains("- free: nothing to pay, so all 40.00\n"))
    #expect(text.contains("- paid: \(points)\n"))
    #expect(text.contains("- free: 9 (Ada): 9 ÷ 10 × 60 = 54.00\n"))
  }

  /// What the reader takes can be counted, compared and shown, however large or small it is.
  @Test(arguments: [
    ("9223372036854775807", "9,223,372,036,854,775,807"),
    ("99999999999999999999", "100,000,000,000,000,000,000"), ("0.00001", "0.00001"),
    ("0.1", "0.1"),
  ])
  func extremesAreShown(number: String, shown: String) throws {
    let scratch = try Scratch()
    try scratch.write(
      "project.yaml",
      """
      guide: commcare-transition
      programme: {title: T}
      rfp:
        closes: 9999-12-31
        bids-valid-for: 9223372036854775807 days
        award-by: 9999-12-31
        criteria: [{id: a, title: A, weight: 0.00001}]
      scale: {mobile-users: \(number)}
      answers:
        data-center.ups-runtime:
          answer: 99999999999999999999 min
          review-every: 9223372036854775807 days
          evidence: [{link: "https://a.example", collected: 9999-12-30, review-every: 999999999999999999999999 h}]

      """)
    let run = try CommandRun(
      shell:
        "$RFPGEN build -o out --format markdown,html,csv; $RFPGEN build out/tender.yaml -o blank --format markdown || exit 9; $RFPGEN check",
      in: scratch.folder)
    #expect(run.status == 1, "\(run.errors)")
    #expect(try scratch.text("out/rfp.md").contains("| \(shown) users |"))
    #expect(try scratch.text("out/tender.yaml").contains("weight: 0.00001\n"))
  }
}
