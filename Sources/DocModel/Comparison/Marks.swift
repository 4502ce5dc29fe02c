public import FoundationEssentials

/// The marks that people gave to bids, by a tender's criteria.
///
///     let marks = try Marks(Source(name: "marks.yaml", bytes: bytes), for: tender)
public struct Marks: Sendable {
  /// The best mark there is.
  public let most: Decimal
  /// The names of those who gave marks.
  public let scorers: [String]
  /// The marks by bidder and criterion, one for each scorer; `nil` where one gave none.
  private let given: [String: [String: [Decimal?]]]

  /// The name of a file of marks beside a project file.
  public static let fileName = "marks.yaml"

  /// What stands at the top of a file of marks for a tender.
  public static func shape(for tender: Tender) -> RecordShape {
    let own = tender.criteria.filter { $0.method == .marks }
    return RecordShape(
      "marks", "The marks that people gave to bids, by the criteria of a tender.",
      [
        .init("marks-for", .text(.line), required: true, "The reference number of the tender."),
        .init(
          "most", .number(1...1000, unit: nil), required: true, "The best mark that may be given."),
        .init(
          "scorers",
          .list(
            .record(
              RecordShape(
                "a scorer", "Somebody who gave marks.",
                [
                  .init("name", .text(.line), required: true, "The person's name."),
                  .init(
                    "marks",
                    .table(
                      keys: "the short name of a bidder",
                      .record(
                        RecordShape(
                          "a bidder's marks", "The marks by criterion.",
                          own.map { .init($0.id, .number(0...1000, unit: nil), $0.title) }))),
                    "The marks of each bidder."),
                ]))), required: true, "Those who gave marks."),
      ])
  }

  /// Reads a file of marks.
  ///
  /// `bidders`: the short names of those who bid.
  /// - Throws: `InvalidInput` with all that is wrong with it.
  public init(
    _ source: Source, for tender: Tender, bidders: [String]
  ) throws(InvalidInput) {
    let node = try Node(source)
    let shape = Self.shape(for: tender)
    var reading = Reading(source, shape)
    _ = reading.value(of: node, as: .record(shape), called: Name("the marks"))
    if let name = node["marks-for"], name.text != tender.reference {
      reading.refuse(
        "the marks are for '\(name.text ?? "")', not for '\(tender.reference)'", at: name.mark,
        hint: "name the marks of this tender, or correct its reference")
    }
    // Where it is no number, that is what is wrong, and no mark.
    let most = node["most"]?.text.flatMap { decimal($0) }
    var given: [String: [String: [Decimal?]]] = [:]
    let items = node["scorers"]?.items ?? []
    for (position, scorer) in items.enumerated() {
      guard let name = scorer["name"]?.text,
        items[..<position].contains(where: { $0["name"]?.text == name })
      else { continue }
      reading.refuse(
        "'\(name)' is here a second time", at: scorer.mark,
        hint: "put the marks together, or tell the two by name")
    }
    for (position, scorer) in items.enumerated() {
      for bidder in scorer["marks"]?.entries ?? [] {
        guard bidders.contains(bidder.key) else {
          reading.refuse(
            "there is no bid of '\(bidder.key)'", at: bidder.mark,
            hint: reading.suggestion { nearest(to: bidder.key, among: bidders) }
              ?? "the bidders are \(listed(bidders, atMost: 8)); name its bid too, or take its marks out"
          )
          continue
        }
        for entry in bidder.value.entries {
          guard let mark = entry.value.text.flatMap({ decimal($0) }) else { continue }
          if let most, mark > most {
            reading.refuse(
              "\(mark) is more than the best mark, \(most)", at: entry.value.mark,
              hint: "correct the mark, or 'most:'")
          }
          let none = [Decimal?](repeating: nil, count: items.count)
          given[bidder.key, default: [:]][entry.key, default: none][position] = mark
        }
      }
    }
    try reading.finish()
    self.most = most ?? 1
    self.given = given
    scorers = items.map { $0["name"]?.text ?? "" }
  }

  /// The marks of a bidder for a criterion, one for each scorer; `nil` where one gave none.
  public func marks(of bidder: String, for criterion: String) -> [Decimal?] {
    given[bidder]?[criterion] ?? scorers.map { _ in nil }
  }
}
