/// One thing that is wrong with an input: what, where, and what to do about it.
///
/// Every reader, compiler and check of this package speaks in diagnostics, so that a host can show
/// them in its own way. `description` is the form a terminal shows:
///
///     project.yaml:31:5: error: unknown key 'nmae'
///        31 |     nmae: Ministry of Health
///           |     ^
///     help: did you mean 'name'?
public struct Diagnostic: Error, Hashable, Sendable {
  /// How much a diagnostic weighs.
  public enum Severity: String, CaseIterable, Comparable, Sendable {
    /// Something worth knowing that asks for no action.
    case note
    /// Something that should be looked at before publishing.
    case warning
    /// Something that makes the result wrong or the job impossible.
    case error

    /// Orders severities from `note` to `error`.
    public static func < (left: Severity, right: Severity) -> Bool {
      left.weight < right.weight
    }

    private var weight: Int {
      switch self {
      case .note: 0
      case .warning: 1
      case .error: 2
      }
    }
  }

  /// A further place that explains the first, such as the other of two paths that disagree.
  public struct Note: Hashable, Sendable {
    /// What is to be seen there.
    public let message: String
    /// Where it is.
    public let location: Location

    /// Makes a note about one place.
    public init(_ message: String, at location: Location) {
      self.message = message
      self.location = location
    }
  }

  /// How much it weighs.
  public let severity: Severity
  /// What is wrong: lower case, the user's own words in quotes, no full stop.
  public let message: String
  /// Where it is, or `nil` where no file is at fault.
  public let location: Location?
  /// What to do next, or `nil` where the message says it.
  public let hint: String?
  /// Further places that explain this one.
  public let notes: [Note]

  /// Makes a diagnostic.
  public init(
    _ message: String, severity: Severity = .error, at location: Location? = nil,
    hint: String? = nil, notes: [Note] = []
  ) {
    self.severity = severity
    self.message = message
    self.location = location
    self.hint = hint
    self.notes = notes
  }
}

/// Inputs that cannot be used, with every reason that was found.
public struct InvalidInput: Error, Sendable {
  /// The reasons, in the order in which they were found; never empty.
  public let diagnostics: [Diagnostic]

  /// Collects the reasons why an input is refused.
  public init(_ diagnostics: [Diagnostic]) {
    precondition(!diagnostics.isEmpty, "an input is refused for a reason")
    self.diagnostics = diagnostics
  }

  /// Refuses an input for one reason.
  public init(_ diagnostic: Diagnostic) {
    self.diagnostics = [diagnostic]
  }
}

/// A line and a column of a file, with the line's text to show beside them.
public struct Location: Hashable, Sendable {
  /// The file as the user named it.
  public let file: String
  /// The line, counted from 1.
  public let line: Int
  /// The column in Unicode scalars, counted from 1.
  public let column: Int
  /// The text of that line, without its line end; empty where there is none to show.
  public let excerpt: String

  /// Names a place in a file.
  public init(file: String, line: Int, column: Int, excerpt: String = "") {
    self.file = file
    self.line = line
    self.column = column
    self.excerpt = excerpt
  }
}

extension Location: CustomStringConvertible {
  /// The place as `file:line:column`.
  public var description: String { "\(file):\(line):\(column)" }
}

extension Diagnostic: CustomStringConvertible {
  /// The whole message with its excerpt, caret, notes and hint, without a final line end.
  public var description: String {
    var lines = [
      visible("\(location.map { "\($0): " } ?? "")\(severity.rawValue): \(message)")
    ]
    if let location { lines += location.caretLines }
    for note in notes {
      lines.append(visible("\(note.location): note: \(note.message)"))
      lines += note.location.caretLines
    }
    if let hint { lines.append(visible("help: \(hint)")) }
    return lines.joined(separator: "\n")
  }
}

extension Location {
  /// How many scalars of a long line are shown before and after the column.
  private static let window = 72

  /// The excerpt with a caret below the column; no line where there is nothing to show.
  fileprivate var caretLines: [String] {
    guard !excerpt.isEmpty else { return [] }
    let scalars = Array(excerpt.unicodeScalars)
    let caret = min(max(column - 1, 0), scalars.count)
    let start = caret > Self.window ? caret - Self.window : 0
    let end = min(scalars.count, caret + Self.window)
    var shown = start > 0 ? "…" : ""
    var padding = start > 0 ? " " : ""
    for (index, scalar) in zip(start..., scalars[start..<end]) {
      let visible = visibleScalar(scalar)
      shown.unicodeScalars.append(visible)
      if index < caret { padding.unicodeScalars.append(visible == "\t" ? "\t" : " ") }
    }
    if end < scalars.count { shown += "…" }
    let number = String(line)
    let gutter = String(repeating: " ", count: max(5, number.utf8.count))
    let lead = String(repeating: " ", count: gutter.utf8.count - number.utf8.count)
    return ["\(lead)\(number) | \(shown)", "\(gutter) | \(padding)^"]
  }
}

/// A text on one line as a terminal may show it: a file's own words can move no cursor, hide
/// nothing, and begin no new line.
public func visible(_ text: String) -> String {
  var shown = String.UnicodeScalarView()
  for scalar in text.unicodeScalars { shown.append(visibleScalar(scalar)) }
  return String(shown)
}

/// A scalar as a terminal may show it: control and directional characters become visible.
private func visibleScalar(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
  switch scalar.value {
  case 0x09: scalar
  case 0x00...0x1F: Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}"
  case 0x7F...0x9F, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF: "\u{FFFD}"
  default: scalar
  }
}
