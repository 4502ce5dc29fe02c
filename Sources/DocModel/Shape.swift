/// What may stand at one place of a file, and so what a template finds there.
///
/// A file's shape is said once: the reader, its suggestions, the JSON Schema, the blank file, the
/// reference page and the names that a template may use are all made from it.
public indirect enum Shape: Sendable {
  /// One line of plain text in a form, such as a date.
  case text(TextForm)
  /// Prose in CommonMark.
  case prose
  /// A whole number within a range.
  case integer(ClosedRange<Int>)
  /// A number within a range, in a unit where one is named.
  case number(ClosedRange<Double>, unit: String?)
  /// `yes` or `no`.
  case yesNo
  /// One of a few words.
  case choice([Choice])
  /// Items of one shape, in order.
  case list(Shape)
  /// One item, or several in order; a template finds a list in any case.
  case oneOrMore(Shape)
  /// Named fields.
  case record(RecordShape)
  /// Items of one shape by an identifier; the text says what the identifiers are.
  case table(keys: String, Shape)
  /// A single value of the first shape, or a mapping of the second.
  case either(Shape, RecordShape)
  /// A shape that holds itself, such as a tree's.
  case recursive(@Sendable () -> Shape)
  /// Anything at all.
  case any

  /// One word that a choice offers.
  public struct Choice: Hashable, Sendable {
    /// The word as it stands in a file.
    public let id: String
    /// What it means, in one line.
    public let title: String

    /// Offers a word.
    public init(_ id: String, _ title: String) {
      self.id = id
      self.title = title
    }
  }

  /// The form that one line of plain text has.
  public enum TextForm: String, CaseIterable, Sendable {
    /// Any characters on one line.
    case line
    /// Characters on one line that are the same in every language, such as a number or a unit.
    case token
    /// Lower-case letters, digits and single hyphens.
    case slug
    /// An identifier of the guide, with or without the guide's prefix.
    case identifier
    /// An absolute `http`, `https` or `mailto` address (RFC 3986).
    case link
    /// An e-mail address.
    case email
    /// A day as `2026-12-31` (ISO 8601).
    case date
    /// A day, or a day with a time and an offset as `2026-12-31T17:00+03:00` (ISO 8601).
    case dateTime
    /// A length of time as `15 min`, `4 h`, `1 business day` or `PT4H` (ISO 8601).
    case duration
    /// A decimal number with a unit, such as `940 Mbps`.
    case quantity
    /// A path below the file's own folder.
    case path
    /// A SHA-256 digest in hexadecimal digits.
    case digest
    /// The tag of a language, such as `en` or `pt-BR` (BCP 47).
    case language
    /// The code of a currency, such as `USD` (ISO 4217).
    case currency
  }
}

/// The named fields of one kind of record.
public final class RecordShape: Sendable {
  /// What such a record is called in messages, such as `contact`.
  public let name: String
  /// One sentence that says what it is.
  public let summary: String
  /// The fields in the order in which a blank file shows them.
  public let fields: [Field]
  /// The fields' names as a template writes them, for the values of such records.
  public let keys: Keys
  /// What a key may begin with beside its own name: the prefix of a guide's identifiers.
  public let prefix: String
  /// Further keys, each with the key of the field that it means.
  public let aliases: [String: String]
  /// Whether a file of this shape is filled in step by step, so that a leftover such as `TBD`
  /// counts as a blank where a form is asked for.
  public let isFilledIn: Bool
  /// The values of a record in which nothing was filled in: a list that was left out is empty.
  let blanks: [Value]
  /// The positions of the fields that have to be given.
  let required: [Int]

  /// One named field.
  public struct Field: Sendable {
    /// The key in a file, written with `-` between words.
    public let key: String
    /// What may stand there.
    public let shape: Shape
    /// Whether a file without it is invalid.
    public let isRequired: Bool
    /// One sentence that says what it is.
    public let summary: String
    /// A value as somebody might write it, for the blank file.
    public let example: String?
    /// Whether a value that does not fit is a finding rather than an invalid file.
    public let isAnswer: Bool

    /// Declares a field.
    public init(
      _ key: String, _ shape: Shape, required: Bool = false, _ summary: String,
      example: String? = nil, isAnswer: Bool = false
    ) {
      self.key = key
      self.shape = shape
      self.isRequired = required
      self.summary = summary
      self.example = example
      self.isAnswer = isAnswer
    }
  }

  /// Declares a record.
  public init(
    _ name: String, _ summary: String, prefix: String = "", aliases: [String: String] = [:],
    isFilledIn: Bool = false, _ fields: [Field]
  ) {
    self.name = name
    self.summary = summary
    self.fields = fields
    self.prefix = prefix
    self.aliases = aliases
    self.isFilledIn = isFilledIn
    keys = Keys(fields.map { templateName($0.key) })
    required = fields.indices.filter { fields[$0].isRequired }
    blanks = fields.map { if case .list = $0.shape { .list([]) } else { .none } }
  }

  /// The position of a key among the fields, or `nil` where it is not one of them.
  public func index(of key: String) -> Int? {
    position(of: key) ?? (prefix.isEmpty ? nil : key.drop(prefix: prefix).flatMap(position))
      ?? aliases[key].flatMap(position)
  }

  private func position(of key: String) -> Int? {
    keys.index(of: templateName(key)).flatMap { fields[$0].key == key ? $0 : nil }
  }

  /// The field of a key, or `nil` where there is none.
  public subscript(key: String) -> Field? { index(of: key).map { fields[$0] } }
}

/// A file's key as a template writes it: `-` would be read as minus there.
public func templateName(_ key: String) -> String {
  guard key.utf8.contains(UInt8(ascii: "-")) else { return key }
  return String(
    decoding: key.utf8.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "_") : $0 }, as: UTF8.self)
}

extension Shape {
  /// The key of the field that a key of a record means, or `nil` where there is none.
  func key(of key: String) -> String? {
    if case .record(let record) = self { record[key]?.key } else { nil }
  }
}

// MARK: - What a template may use

extension Shape {
  /// What a template finds under a name, or `nil` where the shape has no such name.
  public func member(_ name: String) -> Shape? {
    switch self {
    case .record(let record): record.keys.index(of: name).map { record.fields[$0].shape }
    case .table(_, let item): item
    case .recursive(let shape): shape().member(name)
    case .any: .any
    default: nil
    }
  }

  /// The names that a template may use here; empty where there are none or any will do.
  public var memberNames: [String] {
    switch self {
    case .record(let record): record.keys.names
    case .recursive(let shape): shape().memberNames
    default: []
    }
  }

  /// What a template finds when it goes through the items, or `nil` where there are none.
  public var element: Shape? {
    switch self {
    case .list(let item), .oneOrMore(let item): item
    case .record, .table: .text(.line)
    case .recursive(let shape): shape().element
    case .any: .any
    default: nil
    }
  }
}
