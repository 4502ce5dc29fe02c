/// What `check` says about a file.
public protocol Report: Sendable {
  /// What was noticed.
  var findings: [Finding] { get }
  /// How much a finding weighs at least that makes the check fail.
  var threshold: Diagnostic.Severity { get }
  /// The day for which it holds.
  var today: Day { get }
  /// The report as one JSON object.
  var json: JSON { get }
  /// The parts of what was looked at, in order.
  var parts: [ReportPart] { get }
}

extension Report {
  /// Whether something was noticed that weighs enough.
  public var hasFailed: Bool { findings.contains { $0.severity >= threshold } }
}

/// A part of what was looked at, such as a phase.
public struct ReportPart: Sendable {
  /// Its name.
  public let name: String
  /// What there is in it, by identifier, each with the reason why it does not count.
  public let items: [(id: String, skipped: String?)]
  /// What was noticed in it.
  public let findings: [Finding]
}

/// A form in which other programs take what `check` says.
///
///     ReportFormat.sarif.write(.success(CheckReport(assessment)))
///
/// To add one, write a function and a line in `all`.
public struct ReportFormat: Sendable {
  /// What there is to report: a project or a bid, or the reasons why its file cannot be used.
  public typealias Outcome = Result<any Report, InvalidInput>

  /// Its name on the command line.
  public let id: String
  /// What it is for, in one line.
  public let summary: String
  /// Writes a report as UTF-8.
  public let write: @Sendable (Outcome) -> [UInt8]

  /// Declares a format.
  public init(id: String, summary: String, write: @escaping @Sendable (Outcome) -> [UInt8]) {
    self.id = id
    self.summary = summary
    self.write = write
  }

  /// All formats.
  public static let all = [json, github, sarif, junit]

  /// One object with counts, phases and findings; nothing for a file that cannot be used.
  public static let json = ReportFormat(
    id: "json", summary: "one object with counts, phases and findings"
  ) { outcome in
    guard case .success(let report) = outcome else { return [] }
    return Array(report.json.text.utf8)
  }

  /// Commands that GitHub's workflows turn into annotations beside the lines of a change.
  ///
  /// See "Workflow commands for GitHub Actions": a line end, `%`, and in properties `:` and `,` are
  /// written as `%0A`, `%25`, `%3A` and `%2C`.
  public static let github = ReportFormat(
    id: "github", summary: "annotations for GitHub's workflows"
  ) { outcome in
    let lines = outcome.notices.map { notice in
      let kind = notice.severity == .note ? "notice" : notice.severity.rawValue
      let place = notice.location.map {
        [("file", $0.file), ("line", "\($0.line)"), ("col", "\($0.column)")]
      }
      let properties = (place ?? []) + [("title", "\(notice.id) (\(notice.rule))")]
      let shown = properties.map { "\($0)=\(escaped($1, isProperty: true))" }
      return "::\(kind) \(shown.joined(separator: ","))::" + escaped(notice.text) + "\n"
    }
    return Array(lines.joined().utf8)
  }

  private static func escaped(_ text: String, isProperty: Bool = false) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "%": escaped += "%25"
      case "\r": escaped += "%0D"
      case "\n": escaped += "%0A"
      case ":" where isProperty: escaped += "%3A"
      case "," where isProperty: escaped += "%2C"
      default: escaped += visible(String(scalar))
      }
    }
    return escaped
  }
}

/// One thing to report: a finding, or why a file cannot be used.
struct Notice {
  let rule: String
  let severity: Diagnostic.Severity
  let id: String
  let message: String
  let remedy: String?
  let location: Location?

  /// The message, and on a line of its own what to do.
  var text: String { remedy.map { "\(message)\n\($0)" } ?? message }
}

extension Notice {
  /// The rule of files that cannot be used.
  static let invalid = FindingRule(id: "invalid-file", summary: "A file cannot be used as it is.")

  init(_ finding: Finding) {
    self.init(
      rule: finding.rule, severity: finding.severity, id: finding.id, message: finding.message,
      remedy: finding.remedy, location: finding.location)
  }

  init(_ diagnostic: Diagnostic) {
    self.init(
      rule: Self.invalid.id, severity: diagnostic.severity,
      id: diagnostic.location?.file ?? "", message: diagnostic.message, remedy: diagnostic.hint,
      location: diagnostic.location)
  }
}

extension ReportFormat.Outcome {
  /// What there is to report, in order.
  var notices: [Notice] {
    switch self {
    case .success(let report): report.findings.map { Notice($0) }
    case .failure(let input): input.diagnostics.map { Notice($0) }
    }
  }
}
