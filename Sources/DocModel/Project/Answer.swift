private import FoundationEssentials

/// An answer that was given, with what is wrong with it.
///
/// A reference: it is looked at far more often than it is made.
public final class Answer: Sendable {
  /// The answer as a template finds it; `none` where it was left blank.
  public let value: Value
  /// What shows that it is true.
  public let evidence: [Evidence]
  /// Who gave it.
  public let by: String?
  /// When it was given.
  public let on: Day?
  /// What there is to know besides, in CommonMark.
  public let note: String?
  /// How often it is to be reviewed.
  public let reviewEvery: ReviewPeriod?
  /// Values that do not fit their type.
  let mismatches: [Mismatch]
  /// Required parts that were left out, by their titles.
  let missingParts: [String]
  /// A leftover such as `TBD`, with its place.
  let placeholder: (text: String, mark: Node.Mark)?
  /// Where its key stands.
  let mark: Node.Mark
  /// Where the answer itself stands.
  let valueMark: Node.Mark
  /// Whether anything was written.
  let isGiven: Bool

  /// `extra`: the mapping that holds evidence, author and date beside the answer.
  init(
    _ node: Node?, _ value: Value, _ type: AnswerType, extra: Node?, mark: Node.Mark,
    _ mismatches: [Node.Mark: Mismatch]
  ) {
    let given = node.flatMap { $0.isBlank ? nil : $0 }
    self.value = value
    self.mark = mark
    isGiven = given?.holdsSomething ?? false
    valueMark = given?.mark ?? mark
    missingParts = isGiven ? given.map { type.missingParts($0) } ?? [] : []
    self.mismatches = given.map { Mismatch.all(of: $0, type, mismatches) } ?? []
    placeholder = given?.firstPlaceholder
    evidence = (extra?["evidence"]?.items ?? []).map { Evidence($0) }
    by = extra?["by"]?.text
    on = extra?["on"]?.text.flatMap { Day($0) }
    note = extra?["note"]?.text
    reviewEvery = extra.flatMap { ReviewPeriod(of: $0) }
  }

  /// Whether it answers the question: given, whole, of the right type, without leftovers.
  public var isAnswered: Bool {
    isGiven && mismatches.isEmpty && missingParts.isEmpty && placeholder == nil
  }
}

/// A value that does not fit its type.
struct Mismatch: Sendable {
  let mark: Node.Mark
  let message: String
  /// What to write instead, where that can be told.
  let remedy: String?

  /// Those of an answer, in order; `forms` says which of its values do not have the form of their type.
  static func all(
    of node: Node, _ type: AnswerType, _ forms: [Node.Mark: Mismatch]
  ) -> [Mismatch] {
    var units: [Node.Mark: String] = [:]
    var remedies: [Node.Mark: String] = [:]
    type.forEachMeasure(of: node) { kind, unit, text, mark in
      guard let quantity = Quantity(text) else { return }
      switch kind {
      case .quantity
      where unit == "%" && quantity.unit.isEmpty && quantity.number > 0 && quantity.number < 1:
        remedies[mark] =
          "write '\(quantity.number * 100) %' or '\(text) %', whichever is meant"
      case .quantity where quantity.unit.isEmpty, .duration where quantity.unit.isEmpty:
        remedies[mark] = "write '\(text) \(unit)' if that is meant"
      case .quantity where quantity.number(in: unit) == nil:
        units[mark] = "'\(text)' is not in \(unit), in which it is asked for"
        remedies[mark] = "write it in \(unit)"
      default: break
      }
    }
    guard !forms.isEmpty || !units.isEmpty else { return [] }
    var found: [Mismatch] = []
    node.forEachScalar { _, mark in
      guard let message = forms[mark]?.message ?? units[mark] else { return }
      found.append(
        Mismatch(mark: mark, message: message, remedy: remedies[mark] ?? forms[mark]?.remedy))
    }
    return found
  }
}

/// What is said about a checkpoint.
///
/// A reference: it is looked at far more often than it is made.
public final class Claim: Sendable {
  /// Whether it is claimed to hold.
  public let isClaimed: Bool
  /// Evidence of its own.
  public let evidence: [Evidence]
  /// Who claims it.
  public let by: String?
  /// When it was claimed.
  public let on: Day?
  /// What there is to know besides, in CommonMark.
  public let note: String?
  /// How often it is to be reviewed.
  public let reviewEvery: ReviewPeriod?
  let mark: Node.Mark

  init(_ entry: Node.Entry) {
    isClaimed = entry.value["claimed"]?.isYes ?? false
    evidence = (entry.value["evidence"]?.items ?? []).map { Evidence($0) }
    by = entry.value["by"]?.text
    on = entry.value["on"]?.text.flatMap { Day($0) }
    note = entry.value["note"]?.text
    reviewEvery = ReviewPeriod(of: entry.value)
    mark = entry.mark
  }
}

/// How often something is to be reviewed, as it stands in the file.
public struct ReviewPeriod: Sendable {
  /// The length of time.
  public let span: TimeSpan
  /// The same in the words of the file.
  public let text: String
  let mark: Node.Mark

  /// The period of an answer, a claim or a piece of evidence.
  fileprivate init?(of node: Node) {
    guard let period = node["review-every"], let text = period.text, let span = TimeSpan(text)
    else { return nil }
    self.span = span
    self.text = text
    mark = period.mark
  }
}

/// A file or a link that shows something to be true, with dates.
public struct Evidence: Sendable {
  /// A path below the project's folder.
  public let file: String?
  /// When it was collected.
  public let collected: Day?
  /// What else is said of it: of very many pieces there is mostly nothing.
  private let rest: Rest?
  let mark: Node.Mark

  private final class Rest: Sendable {
    let link: String?
    let copy: String?
    let title: String?
    let validFrom: Day?
    let validUntil: Day?
    let reviewEvery: ReviewPeriod?

    init(_ node: Node) {
      link = node["link"]?.text
      copy = node["copy"]?.text
      title = node["title"]?.text
      validFrom = node["valid-from"]?.text.flatMap { Day($0) }
      validUntil = node["valid-until"]?.text.flatMap { Day($0) }
      reviewEvery = ReviewPeriod(of: node)
    }
  }

  init(_ node: Node) {
    file = node["file"]?.text
    collected = node["collected"]?.text.flatMap { Day($0) }
    let isPlain = node.entries.allSatisfy { $0.key == "file" || $0.key == "collected" }
    rest = isPlain ? nil : Rest(node)
    mark = node.mark
  }

  /// An address.
  public var link: String? { rest?.link }

  /// The path of a captured copy of what the link pointed to.
  public var copy: String? { rest?.copy }

  /// What it is.
  public var title: String? { rest?.title }

  /// The first day on which it holds.
  public var validFrom: Day? { rest?.validFrom }

  /// The last day on which it holds.
  public var validUntil: Day? { rest?.validUntil }

  /// How often it is to be reviewed.
  public var reviewEvery: ReviewPeriod? { rest?.reviewEvery }

  /// The file whose bytes count: the evidence itself, or the copy of what a link pointed to.
  public var path: String? { file ?? (link == nil ? nil : copy) }

  /// What to call it: its title, or the file's or link's own words.
  public var name: String { title ?? file ?? link ?? "" }
}

/// «Not applicable» or «accepted gap», with a reason, who decided, and until when.
public struct Waiver: Sendable {
  /// Why something is waived.
  public enum Kind: String, Sendable {
    /// It does not apply to this programme.
    case notApplicable = "not-applicable"
    /// It applies, and the gap is accepted.
    case acceptedGap = "accepted-gap"
  }

  /// What is waived, by its full identifier without the guide's prefix.
  public let subject: String
  /// Why it is waived.
  public let kind: Kind
  /// The reason, in CommonMark.
  public let reason: String?
  /// Who decided.
  public let decidedBy: String?
  /// When it was decided.
  public let on: Day?
  /// The last day on which it holds.
  public let until: Day?
  /// Whether a copy keeps its reason from its audience; it holds then, or would not be there.
  public let isWithheld: Bool
  let mark: Node.Mark

  static let kinds = [
    Shape.Choice("not-applicable", "It does not apply to this programme."),
    Shape.Choice("accepted-gap", "It applies, and the gap is accepted."),
  ]

  /// `withheld`: the subjects of waivers of which a copy keeps something from its audience.
  init(_ node: Node, _ guide: Guide, withheld: Set<String>) {
    let subject = guide.local(node["for"]?.text ?? "")
    self.subject = subject
    isWithheld = withheld.contains(subject) && node["reason"] == nil
    kind = node["kind"]?.text.flatMap(Kind.init) ?? .notApplicable
    reason = node["reason"]?.text
    decidedBy = node["decided-by"]?.text
    on = node["on"]?.text.flatMap { Day($0) }
    until = node["until"]?.text.flatMap { Day($0) }
    mark = node["for"]?.mark ?? node.mark
  }

  /// Whether it holds on a day: with a reason and not past its date.
  public func holds(on today: Day) -> Bool {
    (reason != nil || isWithheld) && until.map { today <= $0 } ?? true
  }
}

extension AnswerType {
  /// Goes through the numbers, quantities and lengths of time below that have a unit, in order.
  fileprivate func forEachMeasure(
    of node: Node,
    _ body: (_ kind: Kind, _ unit: String, _ text: String, Node.Mark) -> Void
  ) {
    switch kind {
    case .parts: for part in parts { node[part.id].map { part.type.forEachMeasure(of: $0, body) } }
    case .list:
      for item in node.items {
        for part in parts { item[part.id].map { part.type.forEachMeasure(of: $0, body) } }
      }
    default: if let unit, let text = node.text { body(kind, unit, text, node.mark) }
    }
  }

  /// The titles of required parts that an answer leaves out.
  fileprivate func missingParts(_ node: Node) -> [String] {
    switch kind {
    case .person:
      return [("name", "name"), ("job-function", "job function")].compactMap { key, title in
        node[key] == nil ? title : nil
      }
    case .parts: return missingParts(of: node)
    case .list where !parts.isEmpty:
      return node.items.enumerated().flatMap { index, item in
        missingParts(of: item).map { "\($0) of item \(index + 1)" }
      }
    default: return []
    }
  }

  private func missingParts(of node: Node) -> [String] {
    parts.compactMap { part in
      guard let value = node[part.id] else { return part.isOptional ? nil : part.title }
      let inner = part.type.missingParts(value)
      return inner.isEmpty ? nil : "\(part.title) (\(inner.joined(separator: ", ")))"
    }
  }
}

extension Node {
  /// Goes through all scalars here and below, in order.
  func forEachScalar(_ body: (_ text: String, Mark) -> Void) {
    switch content {
    case .scalar(let text, _): body(text, mark)
    case .foreign(let foreign): body(foreign.text, mark)
    case .sequence(let items): for item in items { item.forEachScalar(body) }
    case .mapping(let entries): for entry in entries { entry.value.forEachScalar(body) }
    }
  }

  /// The first leftover such as `TBD` below, with its place.
  var firstPlaceholder: (text: String, mark: Mark)? {
    switch content {
    case .scalar(let text, _): return Placeholder(in: text).map { ($0.text, mark) }
    case .foreign(let foreign): return Placeholder(in: foreign.text).map { ($0.text, mark) }
    case .sequence(let items):
      for item in items {
        if let found = item.firstPlaceholder { return found }
      }
    case .mapping(let entries):
      for entry in entries {
        if let found = entry.value.firstPlaceholder { return found }
      }
    }
    return nil
  }

  /// Whether there is more than blanks and white space, here or below.
  var holdsSomething: Bool {
    switch content {
    case .scalar(let text, _): !isBlank && !text.isWhiteSpace
    case .foreign: true
    case .sequence(let items): items.contains(where: \.holdsSomething)
    case .mapping(let entries): entries.contains(where: \.value.holdsSomething)
    }
  }
}
