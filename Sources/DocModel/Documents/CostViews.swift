internal import FoundationEssentials

/// What a template finds for the costs and the team of a bid.
enum CostViews {
  /// An amount with two decimals, exact until it is rounded.
  static func amount(_ number: Decimal?) -> Value { .text(number?.rounded(to: 2)) }

  /// An amount to its last decimal, with two at least.
  private static func exact(_ number: Decimal?) -> Value {
    guard let number else { return .none }
    let text = "\(number)"
    let places = text.split(separator: ".").dropFirst().first?.count ?? 0
    return .text(places < 2 ? number.rounded(to: 2) : text)
  }

  private static let line = View<(HostOption, CostLine)>(
    "a cost line", "A quantity at a rate.",
    [
      .init("id", .text(.line), "Its identifier.") { .text("costs.\($0.0.id).\($0.1.id)") },
      .init("item", .text(.line), "What is paid for.") { .text($0.1.item) },
      .init("kind", .text(.line), "`one-off` or `monthly`.") { .text($0.1.kind.rawValue) },
      .init("quantity", .text(.line), "How many.") { .text("\($0.1.quantity)") },
      .init("unit", .text(.line), "What is counted.") { .text($0.1.unit) },
      .init("rate", .text(.line), "What one costs without taxes.") { exact($0.1.rate) },
      .init("tax", .text(.line), "Taxes in percent.") { .text($0.1.tax.map { "\($0)" }) },
      .init("amount", .text(.line), "Quantity times rate.") { amount($0.1.amount) },
      .init("taxes", .text(.line), "The taxes on it.") { amount($0.1.taxes) },
    ])

  private static let year = View<(HostOption, Int, Decimal)>(
    "a year", "What an option costs in a year of the period.",
    [
      .init("number", .integer(1...Int.max), "Its number.") { .int($0.1) },
      .init("months", .text(.line), "How many months of it belong to the period.") {
        .text("\(min(max($0.2 - Decimal(12 * ($0.1 - 1)), 0), 12))")
      },
      .init("cost", .text(.line), "What it costs with taxes.") {
        amount($0.0.cost(ofYear: $0.1, months: $0.2))
      },
    ])

  /// The years that a number of months reaches into.
  static func years(_ months: Decimal) -> Int {
    max(1, Int((months / 12).rounded(to: 0)).map { Decimal($0) * 12 < months ? $0 + 1 : $0 } ?? 1)
  }

  struct Option: Sendable {
    let option: HostOption
    let months: Decimal
    let isCheapest: Bool
    let findings: Value
  }

  static let option = View<Option>(
    "a hosting option", "What the design costs with one hosting provider.",
    [
      .init("id", .text(.line), "Its identifier.") { .text("costs.\($0.option.id)") },
      .init("host", .text(.line), "The hosting provider.") { .text($0.option.host) },
      .init("country", .text(.line), "The country in which the servers stand.") {
        .text($0.option.country)
      },
      .init("note", .prose, "What there is to know about it.") { .markdown($0.option.note) },
      .init("lines", .list(line.shape), "What it is made up of.") {
        subject in .list(subject.option.lines.map { line((subject.option, $0)) })
      },
      .init("priced", .yesNo, "Whether each line has a rate.") { .bool($0.option.isPriced) },
      .init("cheapest", .yesNo, "Whether it costs least of those that are priced.") {
        .bool($0.isCheapest)
      },
      .init("one-off", .text(.line), "What is paid once, without taxes.") {
        amount($0.option.sum(.oneOff, withTaxes: false))
      },
      .init("monthly", .text(.line), "What is paid every month, without taxes.") {
        amount($0.option.sum(.monthly, withTaxes: false))
      },
      .init("one-off-taxed", .text(.line), "What is paid once, with taxes, to the last decimal.") {
        exact($0.option.sum(.oneOff, withTaxes: true))
      },
      .init(
        "monthly-taxed", .text(.line), "What is paid every month, with taxes, to the last decimal."
      ) {
        exact($0.option.sum(.monthly, withTaxes: true))
      },
      .init("one-off-total", .text(.line), "What is paid once, with taxes, rounded.") {
        amount($0.option.sum(.oneOff, withTaxes: true))
      },
      .init("running", .text(.line), "What is paid every month, over the period, with taxes.") {
        amount($0.option.sum(.monthly, withTaxes: true) * $0.months)
      },
      .init("total", .text(.line), "All of it over the period, with taxes.") {
        amount($0.option.total(months: $0.months))
      },
      .init("stated-total", .text(.line), "The total as the bid states it.") {
        amount($0.option.statedTotal)
      },
      .init("years", .list(year.shape), "The years of the period.") { subject in
        .list(
          (1...CostViews.years(subject.months)).map {
            year((subject.option, $0, subject.months))
          })
      },
      .init("findings", .list(StateViews.finding.shape), "What checks noticed about it.") {
        $0.findings
      },
    ])

  // MARK: Team

  static let person = View<(Team.Person, Tender)>(
    "a member of the team", "Somebody who does the work.",
    [
      .init("id", .text(.line), "A short name.") { .text($0.0.id) },
      .init("name", .text(.line), "The person's name.") { .text($0.0.name) },
      .init("roles", .list(.text(.line)), "The titles of the person's roles.") { person, tender in
        .list(
          person.roles.map { id in
            .text(tender.roles.first { $0.id == id }?.title ?? id)
          })
      },
      .init("share", .text(.line), "The share of full time in percent.") {
        .text($0.0.share.map { "\($0)" })
      },
      .init("summary", .prose, "What the person has done before.") { .markdown($0.0.summary) },
    ])

  static let skill = View<(Tender.Skill, [Team.Person])>(
    "a skill", "A skill with those who hold it.",
    [
      .init("id", .text(.line), "Its identifier.") { .text($0.0.identifier) },
      .init("title", .text(.line), "Its title.") { .text($0.0.title) },
      .init("area", .text(.line), "The widest area that it belongs to.") {
        .text($0.0.area.first ?? $0.0.title)
      },
      .init("below", .list(.text(.line)), "What it stands below within the area.") {
        .list($0.0.area.dropFirst().map(Value.text))
      },
      .init(
        "levels", .list(.text(.line)), "How well each person masters it; `none` for not at all."
      ) { skill, people in
        .list(people.map { .text($0.skills[skill.id]?.rawValue ?? "none") })
      },
      .init("state", .text(.line), "`held`, `single` or `unheld`.") { skill, people in
        let count = people.count { $0.skills[skill.id] != nil }
        return .text(count == 0 ? "unheld" : count == 1 ? "single" : "held")
      },
    ])

  static let hours = View<SupportHours>(
    "support hours", "What it takes to be there at the hours offered.",
    [
      .init("hours", .text(.line), "The hours of a week.") { .text("\($0.hours)") },
      .init("full-time", .text(.line), "The hours of a week that full time has.") {
        .text("\($0.fullTime)")
      },
      .init("needed", .text(.line), "How many full-time people it takes.") {
        .text($0.needed.rounded(to: 2))
      },
      .init("people", .text(.line), "How many there are.") { .text($0.people.rounded(to: 2)) },
      .init("suffices", .yesNo, "Whether they suffice.") { .bool($0.suffices) },
    ])

  static let reference = View<Bid.Reference>(
    "a reference", "Somebody who knows the bidder's work.",
    [
      .init("id", .text(.line), "Its identifier.") { .text("references.\($0.id)") },
      .init("organisation", .text(.line), "Whom the work was done for.") {
        .text($0.organisation)
      },
      .init("work", .prose, "What was done.") { .markdown($0.work) },
      .init("system", .text(.line), "The system that was hosted.") { .text($0.system) },
      .init("name", .text(.line), "The person to ask.") { .text($0.contactName) },
      .init("email", .text(.line), "The person's e-mail address.") { .text($0.email) },
      .init("phone", .text(.line), "The person's telephone number.") { .text($0.phone) },
    ])
}
