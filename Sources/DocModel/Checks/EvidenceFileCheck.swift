/// Notices evidence files that are absent, empty, outside the folder, or no files at all.
struct EvidenceFileCheck: Check {
  private static let absent = FindingRule(
    id: "evidence-absent", summary: "An evidence file is not there.")
  private static let empty = FindingRule(
    id: "evidence-empty", summary: "An evidence file holds nothing.")
  private static let outside = FindingRule(
    id: "evidence-outside", summary: "An evidence file lies outside the project's folder.")
  private static let unusable = FindingRule(
    id: "evidence-unusable", summary: "An evidence path names no file that can be read.")
  private static let nameless = FindingRule(
    id: "evidence-nameless", summary: "A piece of evidence names neither a file nor a link.")
  private static let copy = FindingRule(
    id: "evidence-copy", summary: "A copy is named without the link that it was taken from.")

  var rules: [FindingRule] {
    [Self.absent, Self.empty, Self.outside, Self.unusable, Self.nameless, Self.copy]
  }

  func findings(_ assessment: Assessment) -> [Finding] {
    assessment.supported.flatMap { item in
      zip(item.evidence, item.states).compactMap { evidence, state in
        problem(evidence, state, assessment.neighbours).map { rule, message, remedy in
          assessment.finding(
            rule, .error, item.id, message, remedy: remedy, at: evidence.mark, phase: item.phase,
            concernsRFP: item.concernsRFP)
        }
      }
    }
  }

  fileprivate func problem(
    _ evidence: Evidence, _ state: EvidenceState, _ neighbours: [ExactText: String]
  ) -> (FindingRule, String, String)? {
    if let copy = evidence.copy, evidence.file != nil || evidence.link == nil {
      return (
        Self.copy, "'\(copy)' is named as a copy, but not of which link",
        "write 'link:' with the address that it was taken from, or 'file:' instead of 'copy:'"
      )
    }
    guard let path = evidence.path else {
      return evidence.link == nil
        ? (
          Self.nameless, "this evidence names neither a file nor a link",
          "write 'file:' with a path, or 'link:' with an address"
        ) : nil
    }
    switch state {
    case .current, .expiring, .expired, .future, .changed: return nil
    case .empty: return (Self.empty, "the file '\(path)' is empty", "put the evidence into it")
    case .missing(let state):
      let (message, remedy) = state.obstacle(at: path, near: neighbours)
      return switch state {
      case .present, .absent: (Self.absent, message, remedy)
      case .outside: (Self.outside, message, remedy)
      case .notAFile, .unreadable: (Self.unusable, message, remedy)
      }
    }
  }
}

extension FileState {
  /// Why there is no file at a path that could be used, and what to do about it; the path that was probably
  /// meant may be among some.
  func obstacle(
    at path: String, near neighbours: [ExactText: String]
  ) -> (message: String, remedy: String) {
    switch self {
    case .present, .absent:
      (
        "the file '\(path)' is not there",
        "add the file, or correct its path"
          + (neighbours[ExactText(path)].map { " to '\($0)', which is there" } ?? "")
      )
    case .outside:
      ("'\(path)' leads outside the project's folder", "copy the file into the project's folder")
    case .notAFile: ("'\(path)' is not a file", "name a file, not a folder or a device")
    case .unreadable(let reason):
      ("'\(path)' cannot be read: \(reason)", "make the file readable")
    }
  }
}

extension EvidenceFileCheck: BidCheck {
  func findings(_ assessment: BidAssessment) -> [Finding] {
    assessment.evidenced.flatMap { id, evidence, states in
      zip(evidence, states).compactMap { evidence, state in
        problem(evidence, state, assessment.neighbours).map { rule, message, remedy in
          assessment.finding(rule, .error, id, message, remedy: remedy, at: evidence.mark)
        }
      }
    }
  }
}
