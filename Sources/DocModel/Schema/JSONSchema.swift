/// The JSON Schema (draft 2020-12) of a file, made from its declared shape, for editors.
///
///     JSONSchema.schema(for: Project.shape(for: guide)).text
///
/// What the reader refuses, the schema refuses, as far as JSON Schema can say it: a key that comes
/// twice, an identifier that leads nowhere and a number in quotes beyond its range it cannot see.
/// It asks answers for their types, which the reader leaves to a check.
public enum JSONSchema {
  /// Makes the schema of a file from the shape of what stands at its top.
  ///
  /// `isComposed`: whether the file holds what several guides say together, whose names bear their guide's.
  public static func schema(for shape: RecordShape, isComposed: Bool = false) -> JSON {
    var maker = SchemaMaker(shape, isComposed: isComposed)
    let body = maker.members(of: shape, allowsBlank: false, at: "#")
    var members: [JSON.Member] = [
      .init("$schema", "https://json-schema.org/draft/2020-12/schema"),
      .init("title", .string(shape.title)),
      .init("description", .string(shape.summary)),
    ]
    members += body
    if !maker.definitions.isEmpty { members.append(.init("$defs", .object(maker.definitions))) }
    return .object(members)
  }

  /// Makes the schema of a file that is a list, from the shape of its items.
  ///
  /// - Parameters:
  ///   - shape: What an item holds.
  ///   - title: What the file is called.
  ///   - summary: One sentence that says what it is.
  /// - Returns: The schema.
  public static func schema(
    forListOf shape: RecordShape, title: String, summary: String
  ) -> JSON {
    var maker = SchemaMaker(shape, isComposed: false)
    let body = maker.members(of: shape, allowsBlank: false, at: "#/items")
    var members: [JSON.Member] = [
      .init("$schema", "https://json-schema.org/draft/2020-12/schema"),
      .init("title", .string(title)), .init("description", .string(summary)),
      .init("type", "array"), .init("items", .object(body)),
    ]
    if !maker.definitions.isEmpty { members.append(.init("$defs", .object(maker.definitions))) }
    return .object(members)
  }
}

/// Makes schemas of shapes; what is used more than once becomes a definition.
private struct SchemaMaker {
  private(set) var definitions: [JSON.Member] = []
  private let allowsPlaceholders: Bool
  private let isComposed: Bool
  /// How often each record is used.
  ///
  /// Copies of one declaration share their keys.
  private var uses: [ObjectIdentifier: Int] = [:]
  private var names: [ObjectIdentifier: String] = [:]
  private var takenNames: Set<String> = []

  init(_ shape: RecordShape, isComposed: Bool) {
    allowsPlaceholders = shape.isFilledIn
    self.isComposed = isComposed
    count(.record(shape))
  }

  private mutating func count(_ shape: Shape) {
    switch shape {
    case .record(let record): count(record)
    case .either(let single, let record):
      count(single)
      count(record)
    case .list(let item), .oneOrMore(let item), .table(_, let item): count(item)
    case .recursive(let shape): count(shape())
    default: break
    }
  }

  private mutating func count(_ record: RecordShape) {
    let id = ObjectIdentifier(record.keys)
    uses[id, default: 0] += 1
    if uses[id] == 1 { for field in record.fields { count(field.shape) } }
  }

  // MARK: Records

  /// The members of the schema of a record.
  mutating func members(
    of record: RecordShape, allowsBlank: Bool, at pointer: String
  ) -> [JSON.Member] {
    var members: [JSON.Member] = [.init("type", Self.type("object", allowsBlank))]
    let properties = record.fields.map { field in
      JSON.Member(
        field.key,
        property(field, at: "\(pointer)/properties/\(Self.pointerToken(field.key))"))
    }
    let aliases = record.aliases.sorted { $0.key < $1.key }.filter { record[$0.value] != nil }
      .map { alias, key in
        JSON.Member(
          alias, .object(["$ref": .string("\(pointer)/properties/\(Self.pointerToken(key))")]))
      }
    members.append(.init("properties", .object(properties + aliases)))
    if !record.prefix.isEmpty {
      members.append(
        .init(
          "patternProperties",
          .object(
            record.fields.map { field in
              .init(
                "^\(Pattern.literal(record.prefix + field.key))$",
                .object(["$ref": .string("\(pointer)/properties/\(Self.pointerToken(field.key))")]))
            })))
    }
    let required = record.fields.filter(\.isRequired).map { JSON.string($0.key) }
    if !required.isEmpty { members.append(.init("required", .array(required))) }
    members.append(.init("additionalProperties", false))
    return members
  }

  private mutating func property(_ field: RecordShape.Field, at pointer: String) -> JSON {
    var members: [JSON.Member] = [.init("description", .string(field.summary))]
    members += schema(of: field.shape, allowsBlank: !field.isRequired, at: pointer)
    if let example = field.example { members.append(.init("examples", [.string(example)])) }
    return .object(members)
  }

  /// The schema of a record, by reference where it is used in several places.
  private mutating func schema(
    of record: RecordShape, allowsBlank: Bool, at pointer: String
  ) -> [JSON.Member] {
    let id = ObjectIdentifier(record.keys)
    guard uses[id, default: 0] > 1 else {
      return members(of: record, allowsBlank: allowsBlank, at: pointer)
    }
    let name: String
    if let known = names[id] {
      name = known
    } else {
      name = freeName(record.title)
      names[id] = name
      // The place is kept before the body is made, since the body may hold the record again.
      let position = definitions.count
      definitions.append(.init(name, .null))
      let body = members(of: record, allowsBlank: false, at: "#/$defs/\(name)")
      definitions[position] = .init(
        name, .object([.init("description", .string(record.summary))] + body))
    }
    return reference(name, allowsBlank)
  }

  private mutating func freeName(_ title: String) -> String {
    let stem = String(
      title.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
    var name = stem
    var count = 1
    while !takenNames.insert(name).inserted {
      count += 1
      name = "\(stem)-\(count)"
    }
    return name
  }

  private func reference(_ name: String, _ allowsBlank: Bool) -> [JSON.Member] {
    let reference = JSON.string("#/$defs/\(name)")
    return allowsBlank
      ? [.init("anyOf", [.object(["$ref": reference]), Self.blank])] : [.init("$ref", reference)]
  }

  // MARK: Other shapes

  private mutating func schema(
    of shape: Shape, allowsBlank: Bool, at pointer: String
  ) -> [JSON.Member] {
    switch shape {
    case .any: return []
    case .recursive(let shape): return schema(of: shape(), allowsBlank: allowsBlank, at: pointer)
    case .record(let record): return schema(of: record, allowsBlank: allowsBlank, at: pointer)
    case .list(let item):
      let items = schema(of: item, allowsBlank: true, at: "\(pointer)/items")
      return [
        .init("type", Self.type("array", allowsBlank)), .init("items", .object(items)),
      ]
    case .oneOrMore(let item):
      let one = schema(of: item, allowsBlank: false, at: "\(pointer)/anyOf/0")
      let more = schema(of: .list(item), allowsBlank: false, at: "\(pointer)/anyOf/1")
      return anyOf([.object(one), .object(more)], allowsBlank)
    case .table(let keys, let item):
      let values = schema(of: item, allowsBlank: true, at: "\(pointer)/additionalProperties")
      return [
        .init("type", Self.type("object", allowsBlank)),
        .init("$comment", .string("keys: \(keys)")),
        .init("additionalProperties", .object(values)),
      ]
    case .either(let single, let record):
      let first = schema(of: single, allowsBlank: false, at: "\(pointer)/anyOf/0")
      let second = schema(of: record, allowsBlank: false, at: "\(pointer)/anyOf/1")
      return anyOf([.object(first), .object(second)], allowsBlank)
    case .prose: return [.init("type", Self.type(["string", "number", "boolean"], allowsBlank))]
    case .text(let form):
      let name = "text.\(form.rawValue)"
      if takenNames.insert(name).inserted {
        let position = definitions.count
        definitions.append(.init(name, .null))
        definitions[position] = .init(
          name, .object([.init("description", .string(form.wanted))] + kinds(form)))
      }
      return reference(name, allowsBlank)
    case .integer(let range): return number("integer", Pattern.integer, range, allowsBlank)
    case .number(let range, _): return number("number", Pattern.number, range, allowsBlank)
    case .yesNo:
      let words: JSON = [
        "yes", "no", "Yes", "No", "YES", "NO", "true", "false", "True", "False", "TRUE", "FALSE",
      ]
      return anyOf(
        [.object(["enum": words]), .object(["type": "boolean"])] + placeholder(), allowsBlank)
    case .choice(let choices):
      let words = choices.flatMap { choice -> [JSON] in
        let title = JSON.string(choice.title)
        let word = JSON.object(["const": .string(choice.id), "title": title])
        // A word such as `12` or `true` is no text to a YAML reader, unless it stands in quotes.
        let plain = Node(
          content: .scalar(choice.id, isPlain: true), mark: Node.Mark(line: 1, column: 1)
        ).value
        if case .text = plain { return [word] }
        return [word, .object(["const": JSON(plain), "title": title])]
      }
      return anyOf(words + placeholder(), allowsBlank)
    }
  }

  private mutating func number<Bound: LosslessStringConvertible>(
    _ type: JSON, _ pattern: String, _ range: ClosedRange<Bound>, _ allowsBlank: Bool
  ) -> [JSON.Member] {
    var members: [JSON.Member] = [.init("type", type)]
    if let least = Self.bound(range.lowerBound) { members.append(.init("minimum", least)) }
    if let most = Self.bound(range.upperBound) { members.append(.init("maximum", most)) }
    let text = JSON.object(
      ["type": "string", "pattern": .string(pattern), "not": Self.lineEnd])
    return anyOf([.object(members), text] + placeholder(), allowsBlank)
  }

  /// A bound of a range; `nil` where it stands for none.
  private static func bound(_ bound: some LosslessStringConvertible) -> JSON? {
    switch bound {
    case let whole as Int: whole == .max ? nil : .int(whole)
    case let number as Double:
      number.isFinite ? Int(exactly: number).map(JSON.int) ?? .double(number) : nil
    default: nil
    }
  }

  /// What says which values have a form.
  private mutating func kinds(_ form: Shape.TextForm) -> [JSON.Member] {
    var members: [JSON.Member] = [.init("type", .array(form.types.map(JSON.string)))]
    if form.types.count == 1 { members = [.init("type", .string(form.types[0]))] }
    if let pattern = isComposed && form == .slug ? Pattern.identifier : form.pattern {
      members.append(.init("pattern", .string(pattern)))
      // Editors show this sentence instead of the pattern.
      members.append(.init("patternErrorMessage", .string("must be \(form.wanted)")))
    }
    members.append(.init("not", Self.lineEnd))
    if form.types.contains("number") || form.types.contains("integer"), form.pattern != nil {
      members.append(.init("minimum", 0))
    }
    if form == .path { members.append(.init("minLength", 1)) }
    if form == .email { members.append(.init("maxLength", 254)) }
    let others = [.line, .token, .path].contains(form) ? [] : placeholder()
    return others.isEmpty ? members : anyOf([.object(members)] + others, false)
  }

  /// A leftover such as `TBD`, which the reader takes for a blank and a check reports.
  private mutating func placeholder() -> [JSON] {
    guard allowsPlaceholders else { return [] }
    if takenNames.insert("placeholder").inserted {
      definitions.append(
        .init(
          "placeholder",
          .object([
            "description": "A leftover such as 'TBD', which counts as a blank.",
            "type": "string", "pattern": .string(Pattern.placeholder),
          ])))
    }
    return [.object(["$ref": "#/$defs/placeholder"])]
  }

  private func anyOf(_ schemas: [JSON], _ allowsBlank: Bool) -> [JSON.Member] {
    [.init("anyOf", .array(schemas + (allowsBlank ? [Self.blank] : [])))]
  }

  private static let blank = JSON.object(["type": "null"])
  private static let lineEnd = JSON.object(["type": "string", "pattern": "\n"])

  private static func type(_ type: JSON, _ allowsBlank: Bool) -> JSON {
    guard allowsBlank else { return type }
    if case .array(let types) = type { return .array(types + ["null"]) }
    return [type, "null"]
  }

  /// A key as a JSON pointer in a reference writes it (RFC 6901).
  private static func pointerToken(_ key: String) -> String {
    key.replacing("~", with: "~0").replacing("/", with: "~1").replacing("%", with: "%25")
  }
}

extension RecordShape {
  /// The name without its article.
  var title: String {
    for article in ["a ", "an ", "the "] {
      if let rest = name.drop(prefix: article) { return rest }
    }
    return name
  }
}
