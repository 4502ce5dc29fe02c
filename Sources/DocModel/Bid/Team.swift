public import FoundationEssentials

/// Who does the work, and what they can.
public struct Team: Sendable {
  /// How many hours a week full time has.
  public let fullTime: Decimal
  /// What there is to know about the team, in CommonMark.
  public let note: String?
  /// The people in their order.
  public let people: [Person]

  /// Somebody who does the work.
  public struct Person: Sendable {
    /// A short name for tables.
    public let id: String
    /// The person's name.
    public let name: String
    /// The names of the roles that the person fills.
    public let roles: [String]
    /// The share of full time in percent; `nil` where none is stated.
    public let share: Decimal?
    /// What the person has done before, in CommonMark.
    public let summary: String?
    /// How well the person masters each skill, by its name.
    public let skills: [String: SkillLevel]
    let mark: Node.Mark
  }

  /// How well somebody masters a skill.
  public enum SkillLevel: String, CaseIterable, Comparable, Sendable {
    /// Has worked with it under guidance.
    case basic
    /// Works with it alone.
    case able
    /// Teaches it, and solves what others cannot.
    case expert

    /// Whether one level is lower than another.
    public static func < (left: SkillLevel, right: SkillLevel) -> Bool {
      left.height < right.height
    }

    private var height: Int { Self.allCases.firstIndex(of: self) ?? 0 }
  }

  init(_ node: Node?) {
    fullTime = node?["full-time"]?.text.flatMap { decimal($0) } ?? 40
    note = node?["note"]?.text
    people = (node?["people"]?.items ?? []).map { item in
      Person(
        id: item["id"]?.text ?? "", name: item["name"]?.text ?? "",
        roles: item["roles"]?.items.compactMap(\.text) ?? [],
        share: item["share"]?.text.flatMap { decimal($0) }, summary: item["summary"]?.text,
        skills: Dictionary(
          uniqueKeysWithValues: (item["skills"]?.entries ?? []).compactMap { entry in
            entry.value.text.flatMap(SkillLevel.init).map { (entry.key, $0) }
          }),
        mark: item.mark)
    }
  }

  /// How many full-time people the stated shares come to.
  public var fullTimePeople: Decimal { people.reduce(0) { $0 + ($1.share ?? 0) } / 100 }
}
