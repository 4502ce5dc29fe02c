/// What a template finds for an answer, a target or an estimate: rows for what has one value or
/// named parts, items for a list.
enum AnswerView {
  /// An answer with the type that it has.
  struct Subject: Sendable {
    let type: AnswerType
    let value: Value
    let label: Value
    /// What the guide says of it, in the language in which it says so.
    let declaration: Record?
  }

  static let row = View<Subject>(
    "a row", "One value of an answer, with its label where it is one of several.",
    [
      .init("label", .text(.line), "What the value says; nothing where it stands alone.") {
        $0.label
      },
      .init("kind", .text(.line), "What kind of value it is.") { .text($0.type.kind.rawValue) },
      .init("value", .any, "The value; the chosen word's meaning for a choice.") { $0.shownValue },
      .init("unit", .text(.line), "The unit of a number.") { .text($0.type.unit) },
      .init("person", AnswerType.personShape, "The person, for a person.") {
        $0.type.kind == .person ? $0.value : .none
      },
    ])

  private static let item = View<[Subject]>(
    "an item", "One item of a list.",
    [
      .init("rows", .list(row.shape), "The item's values.") { .list($0.map(row.callAsFunction)) }
    ])

  static let answer = View<Subject>(
    "an answer", "An answer as it can be shown.",
    [
      .init("kind", .text(.line), "What kind of answer it is.") { .text($0.type.kind.rawValue) },
      .init("rows", .list(row.shape), "The values; empty for a list.") { .list($0.rows) },
      .init("items", .list(item.shape), "The items of a list.") { .list($0.items) },
    ])

  /// The view of an answer that was given, or `none`.
  ///
  /// `declaration`: what the guide says of the question, the estimate or the service level.
  static func of(_ given: Answer?, _ type: AnswerType, _ declaration: Record?) -> Value {
    guard let given, given.isGiven, given.value.isPresent else { return .none }
    return answer(
      Subject(type: type, value: given.value, label: .none, declaration: declaration))
  }

  fileprivate static func subjects(of record: Value, in subject: Subject) -> [Subject] {
    let fields = record.asRecord
    let declared = subject.declaration?["parts"]
    return subject.type.parts.enumerated().compactMap { index, part in
      guard let value = fields?[templateName(part.id)], value.isPresent else { return nil }
      let declaration = declared?.item(index)
      return Subject(
        type: part.type, value: value, label: declaration?["title"] ?? .text(part.title),
        declaration: declaration)
    }
  }

  fileprivate static func items(of subject: Subject) -> [Value] {
    guard subject.type.kind == .list, case .list(let values) = subject.value else { return [] }
    let prose = AnswerType(kind: .text, unit: nil, choices: [], parts: [])
    return values.map { value in
      item(
        subject.type.parts.isEmpty
          ? [Subject(type: prose, value: value, label: .none, declaration: nil)]
          : subjects(of: value, in: subject))
    }
  }
}

extension AnswerView.Subject {
  fileprivate var rows: [Value] {
    switch type.kind {
    case .list: []
    case .parts: AnswerView.subjects(of: value, in: self).map(AnswerView.row.callAsFunction)
    default: [AnswerView.row(self)]
    }
  }

  fileprivate var items: [Value] { AnswerView.items(of: self) }

  /// The value as it is shown: a choice by what it means, a list of prose by its items.
  fileprivate var shownValue: Value {
    guard type.kind == .choice, let word = value.asText else { return value }
    let index = type.choices.firstIndex { $0.id == word }
    let declared = index.flatMap { declaration?["choices"]?.item($0)?["title"] }
    return declared ?? .text(index.map { type.choices[$0].title } ?? word)
  }
}

extension AnswerType {
  static let personShape = Shape.record(person)
}
