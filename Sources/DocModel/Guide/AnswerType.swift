/// What an answer must look like.
public struct AnswerType: Hashable, Sendable {
  /// What kind of answer it is.
  public enum Kind: String, CaseIterable, Sendable {
    /// Prose in CommonMark.
    case text
    /// One line of plain text.
    case line
    /// An absolute address.
    case link
    /// Several items.
    case list
    /// A number.
    case number
    /// A number with a unit.
    case quantity
    /// A length of time.
    case duration
    /// A day.
    case date
    /// `yes` or `no`.
    case yesNo = "yes-no"
    /// One of a few words.
    case choice
    /// A person with a job function.
    case person
    /// Several named parts.
    case parts
  }

  /// One named part of an answer.
  public struct Part: Hashable, Sendable {
    /// The part's key.
    public let id: String
    /// What the part says.
    public let title: String
    /// What it must look like.
    public let type: AnswerType
    /// Whether it may be left out.
    public let isOptional: Bool
  }

  /// What kind of answer it is.
  public let kind: Kind
  /// The unit of a number or a quantity.
  public let unit: String?
  /// The words of a choice.
  public let choices: [Shape.Choice]
  /// The parts of the answer, or of each item of a list.
  public let parts: [Part]
}

extension AnswerType {
  static let kinds = Kind.allCases.map { Shape.Choice($0.rawValue, $0.title) }
  static let partKinds = kinds.filter { $0.id != "parts" }

  /// Reads the fields that declare an answer from a question, an estimate, a service level or a
  /// part; what belongs together is checked here.
  init(_ node: Node, _ reading: inout Reading) {
    kind = node["answer"]?.text.flatMap(Kind.init) ?? .text
    unit = node["unit"]?.text
    choices =
      node["choices"]?.items.compactMap { item in
        guard let id = item["id"]?.text, let title = item["title"]?.text else { return nil }
        return Shape.Choice(id, title)
      } ?? []
    parts =
      node["parts"]?.items.map { item in
        Part(
          id: item["id"]?.text ?? "", title: item["title"]?.text ?? "",
          type: AnswerType(item, &reading), isOptional: item["optional"]?.isYes ?? false)
      } ?? []
    let place = node["answer"]?.mark ?? node.mark
    if kind == .choice, choices.count < 2 {
      reading.refuse("a choice needs at least two 'choices'", at: place)
    }
    if kind != .choice, !choices.isEmpty {
      reading.refuse("'choices' go with 'answer: choice' only", at: place)
    }
    if kind == .parts, parts.isEmpty { reading.refuse("'parts' are missing", at: place) }
    if kind != .parts, kind != .list, !parts.isEmpty {
      reading.refuse("'parts' go with 'answer: parts' or 'answer: list' only", at: place)
    }
    if kind == .quantity, unit == nil { reading.refuse("a quantity needs a 'unit'", at: place) }
  }

  /// The words of its choice, and of those of its parts.
  var allChoices: [Shape.Choice] { choices + parts.flatMap(\.type.allChoices) }

  /// The shape that a file, its schema and a template use for such an answer.
  public var shape: Shape {
    switch kind {
    case .text: .prose
    case .line: .text(.line)
    case .link: .text(.link)
    case .list: parts.isEmpty ? .list(.prose) : .list(.record(partsShape("an item")))
    case .number: .number(0 ... .infinity, unit: unit)
    case .quantity: .text(.quantity)
    case .duration: .text(.duration)
    case .date: .text(.date)
    case .yesNo: .yesNo
    case .choice: .choice(choices)
    case .person: .record(Self.person)
    case .parts: .record(partsShape("the answer"))
    }
  }

  private func partsShape(_ name: String) -> RecordShape {
    RecordShape(
      name, "The parts of an answer.",
      parts.map { part in
        .init(part.id, part.type.shape, part.title + (part.isOptional ? " (optional)." : "."))
      })
  }

  /// A person as an answer names one.
  public static let person = RecordShape(
    "a person", "A person with a job function.",
    [
      .init("name", .text(.line), "The person's name."),
      .init("job-function", .text(.line), "What the person does in the organisation."),
      .init("email", .text(.email), "The person's e-mail address."),
      .init("phone", .text(.token), "The person's telephone number."),
    ])
}

extension AnswerType.Kind {
  /// What such an answer is, in a few words.
  public var title: String {
    switch self {
    case .text: "prose in Markdown"
    case .line: "one line of text"
    case .link: "a link"
    case .list: "a list"
    case .number: "a number"
    case .quantity: "a number with its unit"
    case .duration: "a length of time"
    case .date: "a date"
    case .yesNo: "yes or no"
    case .choice: "a choice"
    case .person: "a person"
    case .parts: "several parts"
    }
  }
}

extension Node {
  /// Whether a scalar says yes.
  var isYes: Bool { Shape.yesNo.isTrue(text) }
}

extension Shape {
  fileprivate func isTrue(_ text: String?) -> Bool {
    if case .bool(true)? = text.flatMap(parsed) { true } else { false }
  }
}
