public import FoundationEssentials

/// How what is offered for a service level stands to what is asked for.
public struct OfferComparison: Sendable {
  /// How one value stands to another.
  public enum Verdict: String, CaseIterable, Sendable {
    /// It is what is asked for.
    case meets
    /// It is better.
    case better
    /// It is weaker.
    case weaker
    /// It is another one, and the two do not compare.
    case differs
    /// Nothing is offered.
    case missing
    /// What is offered is of another kind or in another unit.
    case wrong
    /// Nothing is asked for.
    case unasked
  }

  /// One value: the only one, or one of several parts.
  public struct Item: Sendable {
    /// What the part says; `nil` where the value stands alone.
    public let label: String?
    /// What the value must look like.
    public let type: AnswerType
    /// What is asked for.
    public let asked: Value
    /// What is offered.
    public let offered: Value
    /// How the offer stands to what is asked for.
    public let verdict: Verdict
    /// What is offered less what is asked for, in minutes for lengths of time and in the unit asked for
    /// otherwise; `nil` where the two are no numbers.
    public let difference: Decimal?
  }

  /// The values in order.
  public let items: [Item]
  /// The verdict on all of them: the one that matters most.
  public let verdict: Verdict

  /// Compares the values of two answers to a service level; `nil` stands for one that was not given.
  init(_ level: Tender.Level, asked: Answer?, offered: Answer?) {
    let type = level.level.type
    let isWrong = offered.map { !$0.mismatches.isEmpty || !$0.missingParts.isEmpty } ?? false
    let parts: [(label: String?, id: String?, type: AnswerType)] =
      type.kind == .parts ? type.parts.map { ($0.title, $0.id, $0.type) } : [(nil, nil, type)]
    let items = parts.map { label, id, type in
      func value(_ answer: Answer?) -> Value {
        guard let answer, answer.isGiven else { return .none }
        guard let id else { return answer.value }
        return answer.value.asRecord?[templateName(id)] ?? .none
      }
      return Item(
        label, type, asked: value(asked), offered: value(offered), isWrong: isWrong,
        level.better(ofPart: id), level.hours(ofPart: id))
    }
    self.items = items
    let order: [Verdict] = [.wrong, .missing, .weaker, .differs, .better, .meets]
    verdict = order.first { verdict in items.contains { $0.verdict == verdict } } ?? .unasked
  }
}

extension OfferComparison.Item {
  fileprivate init(
    _ label: String?, _ type: AnswerType, asked: Value, offered: Value, isWrong: Bool,
    _ better: Tender.Direction, _ hours: [String: Decimal]
  ) {
    self.label = label
    self.type = type
    self.asked = asked
    self.offered = offered
    guard offered.isPresent else {
      difference = nil
      verdict = isWrong ? .wrong : asked.isPresent ? .missing : .unasked
      return
    }
    guard asked.isPresent else {
      difference = nil
      verdict = .unasked
      return
    }
    let wanted = type.comparable(asked, hours)
    if wanted != nil, type.comparable(offered, hours) == nil {
      difference = nil
      verdict = .wrong
      return
    }
    if let wanted, let given = type.comparable(offered, hours) {
      let difference = given - wanted
      // More hours, and a yes, are better whichever way other values go.
      let isHigher = type.kind == .choice || type.kind == .yesNo || better == .higher
      self.difference = type.kind == .yesNo ? nil : difference
      verdict =
        difference == 0
        ? .meets
        : better == .fixed && type.kind != .choice && type.kind != .yesNo
          ? .differs : (difference > 0) == isHigher ? .better : .weaker
      return
    }
    difference = nil
    verdict = asked.asText == offered.asText && asked.asText != nil ? .meets : .differs
  }

  /// The difference as text with its unit, without a sign, such as `30 min`.
  public var size: String? {
    guard let difference else { return nil }
    let size = difference < 0 ? -difference : difference
    switch type.kind {
    case .duration: return Decimal.duration(minutes: size)
    case .choice: return "\(size) h"
    default: return "\(size)" + (type.unit.map { " \($0)" } ?? "")
    }
  }
}

extension AnswerType {
  /// The number by which values of this type compare: minutes for a length of time, hours for a
  /// choice of hours; `nil` where they do not.
  fileprivate func comparable(_ value: Value, _ hours: [String: Decimal]) -> Decimal? {
    switch (kind, value) {
    case (.yesNo, .bool(let isTrue)): isTrue ? 1 : 0
    case (.choice, _): value.asText.flatMap { hours[$0] }
    default: number(value, unit: unit)
    }
  }
}

extension Decimal {
  /// A length of time in the largest unit of which it has a whole number, such as `90 min` or `2 days`.
  static func duration(minutes: Decimal) -> String {
    guard let whole = Int(minutes.description) else { return "\(minutes) min" }
    if whole % 1440 == 0, whole > 0 { return "\(whole / 1440) \(whole == 1440 ? "day" : "days")" }
    return whole % 60 == 0 && whole > 0 ? "\(whole / 60) h" : "\(whole) min"
  }
}

extension Tender.Level {
  /// Which value of a part is the better one.
  fileprivate func better(ofPart id: String?) -> Tender.Direction {
    let parts = level.record["parts"]?.asList?.compactMap(\.asRecord) ?? []
    let part = parts.first { id != nil && $0["id"]?.asText == id }
    return part?["better"]?.asText.flatMap(Tender.Direction.init) ?? better
  }

  /// How many hours a week each word of a choice names, where it names hours.
  func hours(ofPart id: String? = nil) -> [String: Decimal] {
    guard id == nil else { return [:] }
    var hours: [String: Decimal] = [:]
    for choice in level.record["choices"]?.asList ?? [] {
      guard let record = choice.asRecord, let word = record["id"]?.asText else { continue }
      switch record["hours"] {
      case .int(let number)?: hours[word] = Decimal(number)
      case .double(let number)?: hours[word] = decimal("\(number)")
      default: break
      }
    }
    return hours
  }
}
