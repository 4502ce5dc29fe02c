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
      lines += [terminal.coloured("The project as a whole", .bold)] + list(general) + [""]
    }
    for (index, phase) in guide.phases.enumerated() {
      let findings = report.findings.filter { $0.phase == index }
      if isForRFP {
        if !findings.isEmpty { lines += [title(of: phase)] + list(findings) + [""] }
      } else {
        lines += [title(of: phase) + "  " + gate(index)] + states(index) + list(findings) + [""]
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

  private func list(_ findings: [Finding]) -> [String] {
    findings.flatMap { finding -> [String] in
      let place = "\(finding.location)"
      return [
        "  \(severity(finding.severity)) \(finding.id)  \(terminal.coloured(place, .faint))",
        "          \(finding.message)",
        "          → \(finding.remedy)",
      ]
    }
  }

  private func severity(_ severity: Diagnostic.Severity) -> String {
    switch severity {
    case .error: terminal.coloured("error  ", .red)
    case .warning: terminal.coloured("warning", .yellow)
    case .note: "note   "
    }
  }

  private var summary: String {
    let counts = assessment.counts
    let errors = report.findings.count { $0.severity == .error }
    let warnings = report.findings.count { $0.severity == .warning }
    let verdict =
      errors == 0 && warnings == 0
      ? terminal.coloured("nothing to remedy", .green)
      : terminal.coloured(counted(errors, "error"), errors > 0 ? .red : .green)
        + ", " + terminal.coloured(counted(warnings, "warning"), warnings > 0 ? .yellow : .green)
    return "In all: \(counts.answered) of \(counts.applicable) questions answered, "
      + "\(counts.current) current; \(counts.met) of \(counts.checkpoints) checkpoints met, "
      + "\(counts.waived) waived; \(verdict)"
  }
}
