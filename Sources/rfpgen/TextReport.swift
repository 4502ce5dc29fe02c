internal import DocModel

/// The report of `check` as a person reads it: phase by phase, with counts, states and findings.
struct TextReport {
  private let report: CheckReport
  private let terminal: Terminal
  private var assessment: Assessment { report.assessment }
  private var isForRFP: Bool { report.purpose == .rfp }
  private var guide: Guide { report.assessment.project.guide }

  init(_ report: CheckReport, _ terminal: Terminal) {
    self.report = report
    self.terminal = terminal
  }

  var text: String {
    var lines = [heading, ""]
    let general = report.findings.filter { $0.phase == nil }
    if !general.isEmpty {
      lines += [terminal.coloured("The project as a whole", .bold)] + terminal.list(general) + [""]
    }
    for (index, phase) in guide.phases.enumerated() {
      let findings = report.findings.filter { $0.phase == index }
      if isForRFP {
        if !findings.isEmpty { lines += [title(of: phase)] + terminal.list(findings) + [""] }
      } else {
        lines +=
          [title(of: phase) + "  " + gate(index)] + states(index) + terminal.list(findings) + [""]
      }
    }
    lines.append(summary)
    return lines.joined(separator: "\n") + "\n"
  }

  private var heading: String {
    let name =
      if case .record(let programme)? = assessment.project.record["programme"],
        case .text(let title)? = programme["title"]
      { title } else { assessment.project.source.name }
    return terminal.coloured(name, .bold)
      + "\n"
      + guide.members.map { member in
        (member.letter.isEmpty ? "" : "\(member.letter): ")
          + "guide \(member.id), edition \(member.edition)"
      }.joined(separator: "\n") + " · \(assessment.today)"
      + (isForRFP ? " · what publishing the RFP needs" : "")
  }

  private func title(of phase: Phase) -> String {
    terminal.coloured("Phase \(phase.number)  \(phase.title)", .bold)
  }

  private func gate(_ index: Int) -> String {
    switch assessment.phases[index].gate {
    case .open: terminal.coloured("gate open", .green)
    case .closed: terminal.coloured("gate closed", .red)
    case .waived: terminal.coloured("waived", .faint)
    }
  }

  /// Counts and, for each state short of the goal, the identifiers that cause it.
  private func states(_ index: Int) -> [String] {
    let counts = assessment.phases[index].counts
    let sections = guide.sections[guide.phases[index].sections]
    let questions = sections.flatMap { Array($0.questions) }
    let checkpoints = sections.flatMap { Array($0.checkpoints) }
    var lines = [
      "  questions    \(counts.applicable) of \(counts.questions) apply: \(counts.answered) "
        + "answered, \(counts.evidenced) evidenced, \(counts.current) current, "
        + "\(counts.reviewed) reviewed",
      "  checkpoints  \(counts.met) of \(counts.checkpoints) met, \(counts.waived) waived",
    ]
    for (rung, word) in [
      (Rung.unanswered, "unanswered"), (.answered, "answered, not evidenced"),
      (.evidenced, "evidenced, not current"),
    ] {
      let names = questions.filter {
        assessment.questions[$0].applicability.isApplicable && assessment.questions[$0].rung == rung
      }.map { guide.questions[$0].id }
      lines += state(word, names)
    }
    lines += state(
      "not met",
      checkpoints.filter { !assessment.checkpoints[$0].isSettled }
        .map { guide.checkpoints[$0].id })
    lines += state(
      "waived",
      checkpoints.filter { assessment.checkpoints[$0].applicability.isWaived }
        .map { guide.checkpoints[$0].id })
    return lines
  }

  /// A state with the identifiers in it, folded at 90 columns; no line where there are none.
  private func state(_ word: String, _ names: [String]) -> [String] {
    guard !names.isEmpty else { return [] }
    var lines = ["  \(word):"]
    for name in names {
      let isRoomy = lines[lines.count - 1].count + name.count < 90
      if isRoomy { lines[lines.count - 1] += " " + name } else { lines.append("    " + name) }
    }
    return lines
  }

  private var summary: String {
    let counts = assessment.counts
    return "In all: \(counts.answered) of \(counts.applicable) questions answered, "
      + "\(counts.current) current; \(counts.met) of \(counts.checkpoints) checkpoints met, "
      + "\(counts.waived) waived; \(terminal.verdict(report.findings))"
  }
}

/// The report of `check` on a bid as a person reads it: part by part, with counts and findings.
struct BidTextReport {
  private let report: BidReport
  private let terminal: Terminal

  init(_ report: BidReport, _ terminal: Terminal) {
    self.report = report
    self.terminal = terminal
  }

  var text: String {
    let bid = report.assessment.bid
    var lines = [
      terminal.coloured(bid.bidder, .bold),
      "bid for \(bid.tender.reference), edition \(bid.tender.edition) · \(report.today)", "",
    ]
    for part in report.parts {
      let counts = counts[part.name].map { ["  " + $0] } ?? []
      guard !counts.isEmpty || !part.findings.isEmpty else { continue }
      lines += [terminal.coloured(part.name, .bold)] + counts + terminal.list(part.findings) + [""]
    }
    return lines.joined(separator: "\n") + "\nIn all: \(terminal.verdict(report.findings))\n"
  }

  private var counts: [String: String] {
    let assessment = report.assessment
    let bid = assessment.bid
    let confirmed = assessment.confirmations
    let answered = confirmed.values.reduce(0, +)
    let verdicts = assessment.offers.map(\.verdict)
    let holders = assessment.holders
    let priced = bid.costs.options.count { $0.isPriced }
    return [
      "Checkpoints": "\(answered) of \(bid.tender.checkpoints.count) answered: "
        + "\(confirmed[.yes] ?? 0) yes, \(confirmed[.partly] ?? 0) partly, "
        + "\(confirmed[.no] ?? 0) no",
      "Service levels": "\(verdicts.count { $0 != .missing }) of \(verdicts.count) offered: "
        + "\(verdicts.count { $0 == .meets || $0 == .better }) as asked or better, "
        + "\(verdicts.count { $0 == .weaker }) weaker",
      "Costs": "\(counted(bid.costs.options.count, "hosting option")), \(priced) priced; "
        + "\(bid.tender.hostOptions) asked for",
      "Team": "\(bid.team.people.count) named, \(bid.team.fullTimePeople) full-time",
      "Skills": "\(holders.count { !$0.isEmpty }) of \(holders.count) held, "
        + "\(holders.count { $0.count == 1 }) by one person only",
      "References": counted(bid.references.count, "reference"),
    ]
  }
}

extension Terminal {
  /// Findings with their places and remedies, each on lines of its own.
  fileprivate func list(_ findings: [Finding]) -> [String] {
    findings.flatMap { finding -> [String] in
      // A line of its own is the report's alone: a file's name may hold a line end.
      let place = visible("\(finding.location)")
      return [
        "  \(severity(finding.severity)) \(finding.id)  \(coloured(place, .faint))",
        "          \(visible(finding.message))",
        "          → \(visible(finding.remedy))",
      ]
    }
  }

  private func severity(_ severity: Diagnostic.Severity) -> String {
    switch severity {
    case .error: coloured("error  ", .red)
    case .warning: coloured("warning", .yellow)
    case .note: "note   "
    }
  }

  /// How many errors and warnings there are.
  fileprivate func verdict(_ findings: [Finding]) -> String {
    let errors = findings.count { $0.severity == .error }
    let warnings = findings.count { $0.severity == .warning }
    return errors == 0 && warnings == 0
      ? coloured("nothing to remedy", .green)
      : coloured(counted(errors, "error"), errors > 0 ? .red : .green)
        + ", " + coloured(counted(warnings, "warning"), warnings > 0 ? .yellow : .green)
  }
}
