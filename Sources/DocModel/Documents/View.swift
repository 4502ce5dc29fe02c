/// What a template finds for one kind of thing: each name with its shape, its meaning and how it is
/// found, said once.
struct View<Subject>: Sendable {
  struct Field: Sendable {
    let declaration: RecordShape.Field
    let value: @Sendable (Subject) -> Value

    init(
      _ name: String, _ shape: Shape, _ summary: String,
      _ value: @escaping @Sendable (Subject) -> Value
    ) {
      declaration = RecordShape.Field(name, shape, summary)
      self.value = value
    }
  }

  let record: RecordShape
  private let values: [@Sendable (Subject) -> Value]

  init(_ name: String, _ summary: String, _ fields: [Field]) {
    record = RecordShape(name, summary, fields.map(\.declaration))
    values = fields.map(\.value)
  }

  var shape: Shape { .record(record) }

  func callAsFunction(_ subject: Subject) -> Value {
    .record(Record(record.keys, values.map { $0(subject) }))
  }
}

extension View where Subject: Sendable {
  /// The same with its parts made in several threads, for what is large.
  func together(_ subject: Subject) -> Record {
    let values = values
    return Record(record.keys, concurrently(Array(values.indices)) { values[$0](subject) })
  }
}

extension Value {
  /// Plain text where there is some, `none` otherwise.
  static func text(_ text: String?) -> Value { text.map(Value.text) ?? .none }

  /// Prose where there is some, `none` otherwise.
  static func markdown(_ text: String?) -> Value { text.map(Value.markdown) ?? .none }

  /// A day as ISO 8601 writes it where there is one, `none` otherwise.
  static func day(_ day: Day?) -> Value { text(day?.description) }
}
