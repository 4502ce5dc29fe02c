extension ReportFormat {
  /// The XML that continuous integration takes for test results.
  ///
  /// A suite for each part of the report, such as a phase; a case for each guiding question and
  /// checkpoint that matters, which fails by its findings, and is skipped where it does not apply.
  public static let junit = ReportFormat(
    id: "junit", summary: "JUnit's XML, for continuous integration"
  ) { outcome in
    switch outcome {
    case .success(let report): JUnitWriter.bytes(suites(of: report), on: report.today)
    case .failure(let input):
      JUnitWriter.bytes([
        .init(
          name: "The file as a whole",
          cases: [.init(id: Notice.invalid.id, failures: input.diagnostics.map { Notice($0) })])
      ])
    }
  }

  private static func suites(of report: any Report) -> [JUnitSuite] {
    report.parts.map { JUnitSuite(name: $0.name, cases: cases($0, report.threshold)) }
  }

  /// A case for each item, and for each other identifier that something was noticed about.
  private static func cases(
    _ part: ReportPart, _ threshold: Diagnostic.Severity
  ) -> [JUnitCase] {
    var cases: [JUnitCase] = []
    var positions: [String: Int] = [:]
    for (id, skipped) in part.items {
      positions[id] = cases.count
      cases.append(JUnitCase(id: id, skipped: skipped))
    }
    for finding in part.findings {
      let position = positions[finding.id] ?? cases.count
      if position == cases.count {
        positions[finding.id] = position
        cases.append(JUnitCase(id: finding.id))
      }
      if finding.severity >= threshold {
        cases[position].failures.append(Notice(finding))
      } else {
        cases[position].remarks.append(Notice(finding))
      }
    }
    return cases
  }
}

private struct JUnitSuite {
  let name: String
  let cases: [JUnitCase]
}

private struct JUnitCase {
  let id: String
  var failures: [Notice] = []
  var remarks: [Notice] = []
  var skipped: String?

  /// What the case comes to; a failure is reported even of what is skipped.
  var isSkipped: Bool { failures.isEmpty && skipped != nil }
}

/// Writes XML 1.0; a character that it cannot hold becomes U+FFFD.
private struct JUnitWriter {
  private var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

  static func bytes(_ suites: [JUnitSuite], on day: Day? = nil) -> [UInt8] {
    var writer = JUnitWriter()
    let all = suites.flatMap(\.cases)
    writer.open("testsuites", [("name", "rfpgen")] + counts(all))
    for suite in suites where !suite.cases.isEmpty {
      let stamp = day.map { [("timestamp", "\($0)T00:00:00")] } ?? []
      writer.open("testsuite", [("name", suite.name)] + counts(suite.cases) + stamp, indent: 1)
      for item in suite.cases { writer.write(item, in: suite) }
      writer.close("testsuite", indent: 1)
    }
    writer.close("testsuites")
    return Array(writer.text.utf8)
  }

  private static func counts(_ cases: [JUnitCase]) -> [(String, String)] {
    [
      ("tests", "\(cases.count)"), ("failures", "\(cases.count { !$0.failures.isEmpty })"),
      ("errors", "0"), ("skipped", "\(cases.count { $0.isSkipped })"),
    ]
  }

  private mutating func write(_ item: JUnitCase, in suite: JUnitSuite) {
    let place = (item.failures + item.remarks).first?.location
    let attributes =
      [("classname", suite.name), ("name", item.id), ("time", "0")]
      + (place.map { [("file", $0.file), ("line", "\($0.line)")] } ?? [])
    open("testcase", attributes, indent: 2)
    // Of several failures in a case most readers keep the first: they are one, with all reasons.
    if let first = item.failures.first {
      element(
        "failure", [("message", first.message), ("type", first.rule)],
        item.failures.map(describe).joined(separator: "\n"))
    } else if let reason = item.skipped {
      element("skipped", [("message", reason)], nil)
    }
    if !item.remarks.isEmpty {
      element("system-out", [], item.remarks.map(describe).joined(separator: "\n"))
    }
    close("testcase", indent: 2)
  }

  private func describe(_ notice: Notice) -> String {
    (notice.location.map { "\($0): " } ?? "") + "\(notice.severity.rawValue): \(notice.text)"
  }

  private mutating func open(_ name: String, _ attributes: [(String, String)], indent: Int = 0) {
    text += String(repeating: "  ", count: indent) + "<\(name)\(written(attributes))>\n"
  }

  private mutating func close(_ name: String, indent: Int = 0) {
    text += String(repeating: "  ", count: indent) + "</\(name)>\n"
  }

  private mutating func element(
    _ name: String, _ attributes: [(String, String)], _ content: String?
  ) {
    text += "      <\(name)\(written(attributes))"
    text += content.map { ">\(escaped($0, isAttribute: false))</\(name)>\n" } ?? "/>\n"
  }

  private func written(_ attributes: [(String, String)]) -> String {
    attributes.map { " \($0)=\"\(escaped($1, isAttribute: true))\"" }.joined()
  }

  private func escaped(_ text: String, isAttribute: Bool) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"" where isAttribute: escaped += "&quot;"
      case "\t", "\n", "\r":
        // A reader would take a bare one in an attribute for a space, and `\r` for a line end.
        if isAttribute || scalar == "\r" {
          escaped += "&#\(scalar.value);"
        } else {
          escaped.unicodeScalars.append(scalar)
        }
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
