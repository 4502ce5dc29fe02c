/// A JSON value whose members keep their order, for output that other programs read.
///
///     let json = JSON.object(["guide": "commcare-transition", "questions": 46])
///     print(json.text)
public indirect enum JSON: Hashable, Sendable {
  /// Nothing.
  case null
  /// True or false.
  case bool(Bool)
  /// A whole number.
  case int(Int)
  /// A number with a fraction; what JSON cannot write (infinity, no number) is written as `null`.
  case double(Double)
  /// A text.
  case string(String)
  /// Values in order.
  case array([JSON])
  /// Members in order; no key comes twice.
  case object([Member])

  /// A key with its value.
  public struct Member: Hashable, Sendable {
    /// The key.
    public let key: String
    /// What stands under it.
    public let value: JSON

    /// Joins a key and a value.
    public init(_ key: String, _ value: JSON) {
      self.key = key
      self.value = value
    }
  }
}

extension JSON {
  /// Takes a value as a template finds it; its records keep their names.
  public init(_ value: Value) {
    switch value {
    case .undefined, .none, .function, .object: self = .null
    case .bool(let isTrue): self = .bool(isTrue)
    case .int(let number): self = .int(number)
    case .double(let number): self = .double(number)
    case .text(let text), .markdown(let text), .rendered(let text): self = .string(text)
    case .foreign(let foreign): self = .string(foreign.text)
    case .list(let items), .tuple(let items): self = .array(items.map { JSON($0) })
    case .record(let record):
      self = .object(zip(record.keys.names, record.values).map { Member($0, JSON($1)) })
    }
  }

  /// Takes a value that has a shape, with the keys that its file has.
  ///
  /// A list that was left out is an empty array, so that a reader may go through it; anything else
  /// that was left out has no member.
  public init(_ value: Value, as shape: Shape) {
    switch Part(value, as: shape) {
    case .plain(let value): self.init(value)
    case .one(let value, let shape): self.init(value, as: shape)
    case .items(let items, let shape): self = .array(items.map { JSON($0, as: shape) })
    case .members(let record, let shape):
      self = .object(
        zip(record.values, shape.fields).compactMap { value, field in
          Self.isMember(value, field) ? Member(field.key, JSON(value, as: field.shape)) : nil
        })
    case .table(let record, let shape):
      self = .object(
        zip(record.keys.names, record.values).map { Member($0, JSON($1, as: shape)) })
    }
  }

  /// What a value that has a shape is in JSON, its parts not looked at yet.
  enum Part {
    /// It is what it is without a shape.
    case plain(Value)
    /// It is what another value is.
    case one(Value, Shape)
    /// A list, with the shape of its items.
    case items([Value], Shape)
    /// An object, with the shape that names its members.
    case members(Record, RecordShape)
    /// An object of any names, with the shape of its members.
    case table(Record, Shape)

    init(_ value: Value, as shape: Shape) {
      switch (value, shape) {
      case (_, .recursive(let shape)): self = .one(value, shape())
      case (.list(let items), .list(let item)): self = .items(items, item)
      case (.none, .list): self = .plain(.list([]))
      case (.list(let items), .oneOrMore(let item)):
        self = items.count == 1 ? .one(items[0], item) : .items(items, item)
      case (.record(let record), .record(let shape)), (.record(let record), .either(_, let shape)):
        self = .members(record, shape)
      case (.record(let record), .table(_, let item)): self = .table(record, item)
      default: self = .plain(value)
      }
    }
  }

  /// Whether a value is shown among the members of its object.
  package static func isMember(_ value: Value, _ field: RecordShape.Field) -> Bool {
    if case .none = value { field.shape.isList } else { true }
  }
}

extension Shape {
  fileprivate var isList: Bool {
    switch self {
    case .list: true
    case .recursive(let shape): shape().isList
    default: false
    }
  }
}

// MARK: - Literals

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral
{
  /// Makes a text.
  public init(stringLiteral value: String) { self = .string(value) }
  /// Makes a whole number.
  public init(integerLiteral value: Int) { self = .int(value) }
  /// Makes true or false.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// Makes an array.
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
}

extension JSON {
  /// Makes an object with members in the order written.
  public static func object(_ members: KeyValuePairs<String, JSON>) -> JSON {
    .object(members.map { Member($0.key, $0.value) })
  }
}
