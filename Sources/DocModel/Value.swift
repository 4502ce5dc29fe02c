/// What a template can hold and show: a small, ordered, immutable tree.
///
/// Text has a type: `text` is somebody's plain characters and is escaped for the place it is shown
/// at; `markdown` is somebody's prose and is parsed, stripped and fitted to its place.
public enum Value: Sendable {
  /// A name that means nothing here; using it is an error in a template.
  case undefined
  /// A declared name without a value.
  case none
  /// True or false.
  case bool(Bool)
  /// A whole number.
  case int(Int)
  /// A number with a fraction.
  case double(Double)
  /// Plain text.
  case text(String)
  /// Prose in CommonMark.
  case markdown(String)
  /// Markdown that a template has written and that is known to be safe.
  case rendered(String)
  /// Plain text or prose in another language than the document's own.
  case foreign(ForeignText)
  /// Values in order.
  case list([Value])
  /// Values in order that a template wrote with commas; shown in round brackets.
  case tuple([Value])
  /// Values by name, in order.
  case record(Record)
  /// Something that a template can call.
  case function(Function)
  /// Something of a template engine's own, such as a macro.
  case object(any Object)

  /// What a template engine keeps as a value; only the engine looks inside.
  ///
  /// A reference, so that a value takes no more room than a text does.
  public protocol Object: AnyObject, Sendable {
    /// What it is called in messages, such as `macro`.
    var kind: String { get }
  }

  /// Something that a template can call, such as `answer('sizing.diagram')`.
  public struct Function: Sendable {
    /// The work: from arguments in order to a value.
    ///
    /// - Throws: a diagnostic without a place where the arguments don't fit; the engine adds the
    ///   place of the call.
    public let call: @Sendable ([Value]) throws(Diagnostic) -> Value

    /// Makes a callable value.
    public init(_ call: @escaping @Sendable ([Value]) throws(Diagnostic) -> Value) {
      self.call = call
    }
  }
}

/// Plain text or prose that stays in the language that it was written in, among text in another.
///
/// For templates it is a text like any other; where it is written as Markdown, its language is marked.
public final class ForeignText: Equatable, Sendable {
  /// The text.
  public let text: String
  /// Whether it is prose in CommonMark rather than plain text.
  public let isProse: Bool
  /// Its language as BCP 47 writes it.
  public let language: String
  /// Whether it is written from right to left; `nil` where the text around it is written the same way.
  public let isRightToLeft: Bool?

  /// Marks a text.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - isProse: Whether it is prose in CommonMark rather than plain text.
  ///   - language: Its language as BCP 47 writes it.
  ///   - surrounding: The language of the text around it.
  public convenience init(
    _ text: String, isProse: Bool, language: String, among surrounding: String
  ) {
    let isRightToLeft = Language.isRightToLeft(language)
    let isTurned = isRightToLeft != Language.isRightToLeft(surrounding)
    self.init(
      text, isProse: isProse, language: language, isRightToLeft: isTurned ? isRightToLeft : nil)
  }

  /// Another text in the same language.
  package func with(_ text: String) -> ForeignText {
    ForeignText(text, isProse: isProse, language: language, isRightToLeft: isRightToLeft)
  }

  private init(_ text: String, isProse: Bool, language: String, isRightToLeft: Bool?) {
    self.text = text
    self.isProse = isProse
    self.language = language
    self.isRightToLeft = isRightToLeft
  }

  /// The text as if it were in the language of the text around it.
  public var unmarked: Value { isProse ? .markdown(text) : .text(text) }

  /// Whether two texts are the same in the same language.
  public static func == (left: ForeignText, right: ForeignText) -> Bool {
    (left.text, left.isProse, left.language, left.isRightToLeft)
      == (right.text, right.isProse, right.language, right.isRightToLeft)
  }
}

/// Values by name, in the order of their keys.
public final class Record: Sendable {
  /// The names, shared by all records of one shape.
  public let keys: Keys
  /// The values, one for each name.
  public let values: [Value]

  /// Joins names and values; there must be as many of one as of the other.
  public init(_ keys: Keys, _ values: [Value]) {
    precondition(keys.names.count == values.count, "a record has a value for each key")
    self.keys = keys
    self.values = values
  }

  /// The value of a name, or `nil` where the record has no such name.
  public subscript(name: String) -> Value? {
    keys.index(of: name).map { values[$0] }
  }
}

/// The names of a record, in order, with an index.
public final class Keys: Sendable {
  /// The names in order, each once.
  public let names: [String]
  /// Where there are so few names that comparing them is faster, there is no index.
  private let indices: [String: Int]?

  /// Takes names in order; of a name that comes twice, the last place counts.
  public init(_ names: [String]) {
    self.names = names
    if names.count <= 16 {
      indices = nil
    } else {
      var indices: [String: Int] = [:]
      indices.reserveCapacity(names.count)
      for (index, name) in names.enumerated() { indices[name] = index }
      self.indices = indices
    }
  }

  /// The position of a name, or `nil` where it is not one of these.
  public func index(of name: String) -> Int? {
    if let indices { return indices[name] }
    return names.lastIndex(of: name)
  }
}

extension Value {
  /// Makes a record from names and values in order.
  public static func record(_ fields: KeyValuePairs<String, Value>) -> Value {
    .record(Record(Keys(fields.map(\.key)), fields.map(\.value)))
  }
}
