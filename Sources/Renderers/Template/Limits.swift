/// How much a template may ask for, so that a hostile one ends with an error instead of never.
public struct Limits: Hashable, Sendable {
  /// How deep tags may stand in each other.
  public var nesting = 64
  /// How many expressions may stand in each other.
  public var expressionDepth = 100
  /// How deep macros, includes, blocks and recursive loops may call each other.
  public var callDepth = 100
  /// How many items all loops of one rendering may go through, and calls it may make, together.
  public var loopCount = 10_000_000
  /// How many bytes one rendering may write, captured text included.
  public var outputSize = 256 << 20
  /// How many states a template's Markdown may be in at one place, over all paths to it.
  public var states = 256
  /// How many different places one macro, include or block may be used in.
  public var specializations = 64
  /// How many templates one template may draw in by its includes, imports and parents.
  public var templates = 1_000

  /// How many bytes all texts and lists together may have that one rendering makes of values, an
  /// item of a list counting as eight.
  public var valueSize = 2 << 30

  /// How many bytes a text may have that stands for a list or a record.
  static let textSize = 256 << 20
  /// How many bytes a text may have that is taken apart into characters.
  static let characters = 10_000_000

  /// How many items a list may have that an operation makes from a shorter one.
  static let listSize = 1_000_000

  /// How many lists and records may stand in each other in the value of a name.
  static let valueDepth = 200

  /// Takes the standard limits.
  public init() {}
}

/// How templates are read and what happens to their values.
public struct TemplateOptions: Hashable, Sendable {
  /// What happens to a value on its way into the text.
  public enum Escaping: Sendable {
    /// Each value is fitted to the Markdown around it and cannot change its structure.
    case markdown
    /// Values are written as they are: exactly what Jinja does with `autoescape` off.
    case none
  }

  /// What happens to values.
  public var escaping = Escaping.markdown
  /// Whether the line end behind a tag is left out.
  public var trimBlocks = true
  /// Whether the white space before a tag that begins a line is left out.
  public var lstripBlocks = true
  /// Whether the line end at the end of a template is kept.
  public var keepsTrailingNewline = true

  /// Takes the standard options.
  public init() {}

  /// Takes the standard options with another escaping; without any, those of Jinja.
  public init(escaping: Escaping) {
    self.escaping = escaping
    keepsTrailingNewline = escaping == .markdown
  }
}
