public import FoundationEssentials

/// What each hosting option of a bid costs, in exact decimals.
public struct Costs: Sendable {
  /// The currency of all amounts, as ISO 4217 writes it.
  public let currency: String?
  /// What the amounts rest on, in CommonMark.
  public let note: String?
  /// The hosting options.
  public let options: [HostOption]

  init(_ node: Node?) {
    currency = node?["currency"]?.text
    note = node?["note"]?.text
    options = (node?["options"]?.items ?? []).map { HostOption($0) }
  }
}

/// What a design costs with one hosting provider.
public struct HostOption: Sendable {
  /// Its name.
  public let id: String
  /// The hosting provider.
  public let host: String
  /// The country in which the servers stand.
  public let country: String?
  /// What there is to know about it, in CommonMark.
  public let note: String?
  /// What it is made up of.
  public let lines: [CostLine]
  /// The total over the tender's period with taxes, as the bid states it.
  public let statedTotal: Decimal?
  let mark: Node.Mark
  let totalMark: Node.Mark

  init(_ node: Node) {
    id = node["id"]?.text ?? ""
    host = node["host"]?.text ?? ""
    country = node["country"]?.text
    note = node["note"]?.text
    lines = (node["lines"]?.items ?? []).map { CostLine($0) }
    statedTotal = node["total"]?.text.flatMap { decimal($0) }
    mark = node.mark
    totalMark = node["total"]?.mark ?? node.mark
  }

  /// What its lines of one kind come to, without taxes or with them; a line without a rate counts as
  /// nothing.
  public func sum(_ kind: CostLine.Kind, withTaxes: Bool) -> Decimal {
    lines.filter { $0.kind == kind }.reduce(0) { sum, line in
      sum + (line.amount ?? 0) + (withTaxes ? line.taxes ?? 0 : 0)
    }
  }

  /// What it costs over some months.
  public func total(months: Decimal, withTaxes: Bool = true) -> Decimal {
    sum(.oneOff, withTaxes: withTaxes) + sum(.monthly, withTaxes: withTaxes) * months
  }

  /// What it costs in a year of the period, counted from 1: what is paid once is paid in the first.
  public func cost(ofYear year: Int, months: Decimal, withTaxes: Bool = true) -> Decimal {
    let begun = Decimal(12 * (year - 1))
    let own = min(max(months - begun, 0), 12)
    return (year == 1 ? sum(.oneOff, withTaxes: withTaxes) : 0)
      + sum(.monthly, withTaxes: withTaxes) * own
  }

  /// Whether each line has a rate, and there is one at least.
  public var isPriced: Bool { !lines.isEmpty && lines.allSatisfy { $0.rate != nil } }
}

/// A quantity at a rate.
public struct CostLine: Sendable {
  /// How often a line is paid.
  public enum Kind: String, CaseIterable, Sendable {
    /// Once.
    case oneOff = "one-off"
    /// Every month.
    case monthly
  }

  /// Its name within the option.
  public let id: String
  /// What is paid for.
  public let item: String
  /// How often it is paid.
  public let kind: Kind
  /// How many.
  public let quantity: Decimal
  /// What is counted.
  public let unit: String?
  /// What one costs without taxes.
  public let rate: Decimal?
  /// Taxes in percent of the amount.
  public let tax: Decimal?
  /// Quantity times rate as the bid states it.
  public let statedAmount: Decimal?
  let mark: Node.Mark
  let amountMark: Node.Mark

  static let kinds = [
    Shape.Choice("one-off", "It is paid once."), Shape.Choice("monthly", "It is paid every month."),
  ]

  init(_ node: Node) {
    func number(_ key: String) -> Decimal? { node[key]?.text.flatMap { decimal($0) } }
    id = node["id"]?.text ?? ""
    item = node["item"]?.text ?? ""
    kind = node["kind"]?.text.flatMap(Kind.init) ?? .oneOff
    quantity = number("quantity") ?? 1
    unit = node["unit"]?.text
    rate = number("rate")
    tax = number("tax")
    statedAmount = number("amount")
    mark = node.mark
    amountMark = node["amount"]?.mark ?? node.mark
  }

  /// Quantity times rate, without taxes.
  public var amount: Decimal? { rate.map { $0 * quantity } }
  /// The taxes on the amount.
  public var taxes: Decimal? { amount.map { $0 * (tax ?? 0) / 100 } }
}

extension Decimal {
  /// The number rounded half up to some decimals, written with as many.
  public func rounded(to places: Int) -> String {
    var scale: Decimal = 1
    for _ in 0..<places { scale *= 10 }
    let isNegative = self < 0
    let scaled = (isNegative ? -self : self) * scale + Decimal(5) / 10
    let digits = String(scaled.description.prefix { $0 != "." })
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    let isZero = padded.allSatisfy { $0 == "0" }
    let sign = isNegative && !isZero ? "-" : ""
    guard places > 0 else { return sign + padded }
    return sign + padded.dropLast(places) + "." + padded.suffix(places)
  }
}
