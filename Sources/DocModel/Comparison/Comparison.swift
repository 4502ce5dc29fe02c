public import FoundationEssentials

/// Several bids for one tender beside one another, with points where criteria and marks allow it.
///
///     let comparison = Comparison(tender, bids, marks: marks)
///     comparison.scores.map(\.rank)
public struct Comparison: Sendable {
  /// The tender that they answer.
  public let tender: Tender
  /// The bids in the order given.
  public let bids: [ComparedBid]
  /// The marks that people gave; `nil` where there are none.
  public let marks: Marks?
  /// The envelope that is open; `nil` where both are.
  public let envelope: Project.Criterion.Envelope?
  /// The criteria that are judged in what is open.
  public let criteria: [Project.Criterion]
  /// The points of each bid, in the order of `bids`; empty where nothing is ranked.
  public let scores: [Score]

  /// The points of one bid.
  public struct Score: Sendable {
    /// The points for each criterion; `nil` where something is missing that they follow from.
    public let points: [Points]
    /// All points together; `nil` where some are missing.
    public let total: Decimal?
    /// The place, shared by bids with the same total; `nil` where some points are missing.
    public let rank: Int?
    /// Whether another bid has the same total.
    public let isShared: Bool
  }

  /// The points for one criterion, with what they follow from.
  public struct Points: Sendable {
    /// The points, rounded half up to hundredths; `nil` where something is missing.
    public let points: Decimal?
    /// The marks, one for each scorer.
    public let marks: [Decimal?]
    /// The total cost of the cheapest option.
    public let cost: Decimal?
    /// The lowest total cost of all bids.
    public let lowest: Decimal?
  }

  /// Sets bids for one tender beside one another.
  ///
  /// - Parameters:
  ///   - tender: The tender.
  ///   - bids: What is compared of each bid.
  ///   - marks: The marks that people gave.
  ///   - envelope: The envelope that is open: prices stay out of the technical one.
  public init(
    _ tender: Tender, _ bids: [ComparedBid], marks: Marks? = nil,
    envelope: Project.Criterion.Envelope? = nil
  ) {
    self.tender = tender
    self.bids = bids
    self.marks = marks
    self.envelope = envelope
    let criteria = tender.criteria.filter { envelope != .technical || $0.envelope == .technical }
    self.criteria = criteria
    let isJudged =
      !criteria.isEmpty && criteria.allSatisfy { $0.weight != nil }
      && (marks != nil || criteria.allSatisfy { $0.method == .lowestCost })
    guard isJudged else {
      scores = []
      return
    }
    let costs = bids.map { $0.comparableCost }
    let lowest = costs.compactMap { $0 }.min()
    let points = zip(bids, costs).map { bid, cost in
      criteria.map { Self.points(of: bid, cost, lowest, for: $0, marks) }
    }
    let totals = points.map { row -> Decimal? in
      let known = row.compactMap(\.points)
      guard known.count == row.count else { return nil }
      return known.reduce(0, +)
    }
    let sorted = totals.compactMap { $0 }.sorted(by: >)
    scores = zip(points, totals).map { row, total in
      Score(
        points: row, total: total,
        rank: total.flatMap { total in sorted.firstIndex(of: total).map { $0 + 1 } },
        isShared: sorted.count { $0 == total } > 1)
    }
  }

  private static func points(
    of bid: ComparedBid, _ cost: Decimal?, _ lowest: Decimal?,
    for criterion: Project.Criterion, _ marks: Marks?
  ) -> Points {
    let weight = criterion.weight ?? 0
    switch criterion.method {
    case .lowestCost:
      let points = cost.flatMap { cost in
        lowest.map { lowest in cost == 0 ? weight : lowest * weight / cost }
      }
      return Points(points: points?.inHundredths, marks: [], cost: cost, lowest: lowest)
    case .marks:
      let given = marks?.marks(of: bid.id, for: criterion.id) ?? []
      let known = given.compactMap { $0 }
      let isWhole = !given.isEmpty && known.count == given.count
      let points =
        isWhole
        ? marks.map { known.reduce(0, +) * weight / ($0.most * Decimal(known.count)) } : nil
      return Points(points: points?.inHundredths, marks: given, cost: nil, lowest: nil)
    }
  }

  /// The technical criteria for which a bid lacks a mark; prices stay closed until there are none.
  public var missingMarks: [(bidder: String, criterion: String)] {
    let technical = tender.criteria.filter { $0.envelope == .technical && $0.method == .marks }
    return bids.flatMap { bid in
      technical.filter { criterion in
        let given = marks?.marks(of: bid.id, for: criterion.id) ?? []
        return given.isEmpty || given.contains { $0 == nil }
      }.map { (bid.id, $0.id) }
    }
  }
}

extension BidAssessment {
  /// What the cheapest option costs over the period; `nil` where none is priced in the tender's
  /// currency.
  public var comparableCost: Decimal? {
    if let wanted = bid.tender.currency, bid.costs.currency != wanted { return nil }
    return cheapest?.total(months: months)
  }
}

extension Decimal {
  /// The number rounded half up to hundredths.
  fileprivate var inHundredths: Decimal? { decimal(rounded(to: 2)) }
}
