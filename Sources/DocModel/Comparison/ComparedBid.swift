public import FoundationEssentials

/// What a comparison needs of a bid.
///
///     let bids = assessments.map(ComparedBid.init)
///
/// It holds no more than that, so that hundreds of bids can be read one after the other.
public struct ComparedBid: Sendable {
  /// The bidder's short name.
  public let id: String
  /// The bidder's name.
  public let name: String
  /// The responses to the tender's checkpoints, in their order.
  let responses: [Answered]
  /// The responses to the tender's requirements, in their order.
  let proofs: [Answered]
  /// How each offer stands to what is asked for, in the order of the tender.
  public let offers: [OfferComparison]
  /// The service levels whose offers name a price in a text.
  let pricedOffers: Set<Int>
  /// The people, with the titles of the roles that they fill.
  let people: [Person]
  /// How many full-time people they come to.
  public let fullTimePeople: Decimal
  /// How many people hold each skill of the tender, in its order.
  public let holders: [Int]
  /// Those who can be asked about earlier work.
  let references: [String]
  /// The currency of all amounts.
  public let currency: String?
  /// The hosting options in the order of the bid.
  let options: [Option]
  /// The position of the hosting option that costs least, of those that are priced.
  let cheapest: Int?
  /// What the cheapest option costs over the period; `nil` where none is priced in the tender's currency.
  public let comparableCost: Decimal?
  /// What checks noticed, without notes.
  let gaps: [Gap]

  /// How a checkpoint or a requirement is answered.
  struct Answered: Sendable {
    let confirmation: Bid.Confirmation?
    let approach: String?
    /// Whether the approach names a price.
    let namesPrice: Bool
  }

  /// Somebody on the team.
  struct Person: Sendable {
    let name: String
    let roles: [String]
    let share: Decimal?
  }

  /// What a hosting option costs over the period, with taxes.
  struct Option: Sendable {
    let id: String
    let host: String
    let isPriced: Bool
    let once: Decimal
    let total: Decimal
  }

  /// Something that a check noticed.
  struct Gap: Sendable {
    let id: String
    let severity: Diagnostic.Severity
    let message: String
    /// Whether it is about costs, or its message names a price.
    let isAboutPrices: Bool
  }

  /// Takes what is compared from a bid's state on a day.
  public init(_ assessment: BidAssessment) {
    let bid = assessment.bid
    let tender = bid.tender
    let months = assessment.months
    let prices = Prices(bid, months: months)
    func answered(_ response: Bid.Response?) -> Answered {
      let approach = response?.approach
      return Answered(
        confirmation: response?.confirmation, approach: approach,
        namesPrice: approach.map(prices.isNamed) ?? false)
    }
    id = bid.bidderID
    name = bid.bidder
    responses = tender.checkpoints.map { answered(bid.responses[$0.id]) }
    proofs = tender.requirements.map { answered(bid.proofs[$0.id]) }
    offers = assessment.offers
    pricedOffers = Set(
      assessment.offers.indices.filter { index in
        assessment.offers[index].items.contains { item in
          item.type.line(item.offered).map(prices.isNamed) ?? false
        }
      })
    people = bid.team.people.map { person in
      Person(
        name: person.name,
        roles: person.roles.map { id in tender.roles.first { $0.id == id }?.title ?? id },
        share: person.share)
    }
    fullTimePeople = bid.team.fullTimePeople
    holders = assessment.holders.map(\.count)
    references = bid.references.map(\.organisation)
    currency = bid.costs.currency
    options = bid.costs.options.map { option in
      Option(
        id: option.id, host: option.host, isPriced: option.isPriced,
        once: option.sum(.oneOff, withTaxes: true),
        total: option.total(months: months))
    }
    let least = assessment.cheapest?.id
    cheapest = bid.costs.options.firstIndex { $0.id == least }
    comparableCost = assessment.comparableCost
    gaps = assessment.findings.filter { $0.severity > .note }.map { finding in
      Gap(
        id: finding.id, severity: finding.severity, message: finding.message,
        isAboutPrices: finding.id.hasPrefix("costs") || prices.isNamed(finding.message))
    }
  }
}

/// The prices of a bid, to find them in its texts.
private struct Prices {
  /// The digits of each amount that has at least four of them before the decimal point.
  private var digits: Set<String> = []
  private let currencies: Set<String>

  init(_ bid: Bid, months: Decimal) {
    currencies = Set([bid.costs.currency, bid.tender.currency].compactMap { $0?.uppercased() })
    for option in bid.costs.options {
      var amounts: [Decimal?] = [option.statedTotal]
      for withTaxes in [false, true] {
        amounts += [
          option.sum(.oneOff, withTaxes: withTaxes), option.sum(.monthly, withTaxes: withTaxes),
          option.total(months: months, withTaxes: withTaxes),
        ]
        amounts += (1...CostViews.years(months)).map {
          option.cost(ofYear: $0, months: months, withTaxes: withTaxes)
        }
      }
      for line in option.lines { amounts += [line.rate, line.amount, line.statedAmount] }
      for case let amount? in amounts where amount >= 1000 {
        for places in [0, 2] { digits.insert(amount.rounded(to: places).filter { $0 != "." }) }
        digits.insert("\(amount)".filter { $0 != "." })
        digits.insert(String("\(amount)".prefix { $0 != "." }))
      }
    }
  }

  /// Whether a text names one of the amounts, or a number beside a currency.
  func isNamed(_ text: String) -> Bool {
    // Most texts have no number, and each bid has a text for each checkpoint.
    let isASCII = text.utf8.allSatisfy { $0 < 0x80 }
    guard text.utf8.contains(where: { (0x30...0x39).contains($0) }) || !isASCII else {
      return false
    }
    let scalars = Array(text.unicodeScalars)
    var position = 0
    while position < scalars.count {
      guard scalars[position].isDigit else {
        position += 1
        continue
      }
      let start = position
      var own = ""
      var end = position
      // Digits with a single separator between them are one number.
      while position < scalars.count {
        if scalars[position].isDigit {
          own.unicodeScalars.append(scalars[position])
          position += 1
          end = position
        } else if position == end, position + 1 < scalars.count, scalars[position].separatesDigits,
          scalars[position + 1].isDigit
        {
          position += 1
        } else {
          break
        }
      }
      if own.utf8.count >= 4, digits.contains(own) { return true }
      if isCurrency(word(before: start, scalars)) || isCurrency(word(behind: end, scalars)) {
        return true
      }
    }
    return false
  }

  private func isCurrency(_ word: String) -> Bool {
    let letters = word.uppercased()
    // `EUR`, `Euro`, `euros`, and not `Europe`.
    return currencies.contains { letters.hasPrefix($0) && letters.count <= $0.count + 2 }
      || word.unicodeScalars.contains { $0.properties.generalCategory == .currencySymbol }
  }

  private func word(before start: Int, _ scalars: [Unicode.Scalar]) -> String {
    var end = start
    while end > 0, scalars[end - 1].properties.isWhitespace { end -= 1 }
    var first = end
    while first > 0, end - first < 8, scalars[first - 1].isPartOfCurrency { first -= 1 }
    return String(String.UnicodeScalarView(scalars[first..<end]))
  }

  private func word(behind end: Int, _ scalars: [Unicode.Scalar]) -> String {
    var first = end
    while first < scalars.count, scalars[first].properties.isWhitespace { first += 1 }
    var last = first
    while last < scalars.count, last - first < 8, scalars[last].isPartOfCurrency { last += 1 }
    return String(String.UnicodeScalarView(scalars[first..<last]))
  }
}

extension Unicode.Scalar {
  fileprivate var isDigit: Bool {
    (0x30...0x39).contains(value) || value >= 0x660 && properties.numericType == .decimal
  }
  fileprivate var separatesDigits: Bool {
    ".,'’ \u{A0}\u{2009}\u{202F}".unicodeScalars.contains(self)
  }
  fileprivate var isPartOfCurrency: Bool {
    properties.isAlphabetic || properties.generalCategory == .currencySymbol
  }
}
