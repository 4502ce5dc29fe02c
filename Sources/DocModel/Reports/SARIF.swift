extension ReportFormat {
  /// The Static Analysis Results Interchange Format, version 2.1.0 (OASIS).
  public static let sarif = ReportFormat(
    id: "sarif", summary: "SARIF 2.1.0, for editors and code-scanning services"
  ) { outcome in
    let notices = outcome.notices
    var ruleIDs: [String] = []
    for notice in notices where !ruleIDs.contains(notice.rule) { ruleIDs.append(notice.rule) }
    var seen: [String: Int] = [:]
    let results = notices.map { notice in
      // A finding stays the same when lines move; of several alike, the order tells them apart.
      let key = "\(notice.rule):\(notice.id)"
      seen[key, default: 0] += 1
      let number = seen[key, default: 1]
      return notice.sarif(
        ruleIndex: ruleIDs.firstIndex(of: notice.rule) ?? 0,
        fingerprint: number > 1 ? "\(key):\(number)" : key)
    }
    let isChecked = if case .success = outcome { true } else { false }
    let driver = JSON.object([
      "name": "rfpgen", "rules": .array(ruleIDs.map { FindingRule.named($0).sarif }),
    ])
    let run = JSON.object([
      "tool": .object(["driver": driver]),
      "invocations": [.object(["executionSuccessful": .bool(isChecked)])],
      "columnKind": "unicodeCodePoints",
      "results": .array(results),
    ])
    let log = JSON.object([
      "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
      "version": "2.1.0",
      "runs": [run],
    ])
    return Array(log.text.utf8)
  }
}

extension FindingRule {
  /// The rule of a name, with the words of the check that declares it; a guide's own rules have
  /// those of the check that looks at them.
  fileprivate static func named(_ id: String) -> FindingRule {
    if id == Notice.invalid.id { return Notice.invalid }
    let all = Checks.all.flatMap(\.rules) + BidChecks.all.flatMap(\.rules)
    let declared = all.first { id == $0.id || id.hasPrefix($0.id + ".") }
    return FindingRule(id: id, summary: declared?.summary ?? id)
  }

  fileprivate var sarif: JSON {
    .object(["id": .string(id), "shortDescription": .object(["text": .string(summary)])])
  }
}

extension Notice {
  fileprivate func sarif(ruleIndex: Int, fingerprint: String) -> JSON {
    let level: JSON =
      switch severity {
      case .error: "error"
      case .warning: "warning"
      case .note: "note"
      }
    var members: [JSON.Member] = [
      .init("ruleId", .string(rule)), .init("ruleIndex", .int(ruleIndex)), .init("level", level),
      .init("message", .object(["text": .string(Self.braced(text))])),
    ]
    if let location {
      let region = JSON.object([
        "startLine": .int(location.line), "startColumn": .int(location.column),
      ])
      let physical = JSON.object([
        "artifactLocation": .object(["uri": .string(Self.uri(location.file))]),
        "region": region,
      ])
      let logical = JSON.object(["fullyQualifiedName": .string(id)])
      members.append(
        .init(
          "locations",
          [.object(["physicalLocation": physical, "logicalLocations": [logical]])]))
    }
    members.append(
      .init("partialFingerprints", .object(["finding/v1": .string(fingerprint)])))
    return .object(members)
  }

  /// Braces would be places for arguments (SARIF 2.1.0, 3.11.5).
  private static func braced(_ text: String) -> String {
    text.replacing("{", with: "{{").replacing("}", with: "}}")
  }

  /// A path as a reference of RFC 3986: relative as it was given, or `file:` where it is absolute.
  private static func uri(_ path: String) -> String {
    var reference = path.hasPrefix("/") ? "file://" : ""
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "/"):
        reference.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        reference += byte < 16 ? "%0\(digits)" : "%\(digits)"
      }
    }
    return reference
  }
}
