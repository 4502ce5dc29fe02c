/// Notices evidence that is not what was recorded of it, and what is odd about the record itself.
struct EvidenceLockCheck: Check {
  private static let changed = FindingRule(
    id: "evidence-changed", summary: "Evidence is not what it was when its digest was recorded.")
  private static let unlocked = FindingRule(
    id: "evidence-unlocked", summary: "The digest of evidence was not recorded yet.")
  private static let conflict = FindingRule(
    id: "lock-conflict", summary: "The lock holds several digests of one file.")
  private static let duplicate = FindingRule(
    id: "lock-duplicate", summary: "The lock holds a line twice.")
  private static let unknown = FindingRule(
    id: "lock-unknown", summary: "The lock is about something that the project does not have.")

  var rules: [FindingRule] {
    [Self.changed, Self.unlocked, Self.conflict, Self.duplicate, Self.unknown]
  }

  func findings(_ assessment: Assessment) -> [Finding] {
    guard let lock = assessment.attestations.lock else { return [] }
    return pieces(assessment) + lines(lock, assessment)
  }

  private func pieces(_ assessment: Assessment) -> [Finding] {
    assessment.supported.flatMap { item in
      zip(item.evidence, item.states).compactMap { evidence, state -> Finding? in
        guard let path = evidence.path, state.exists else { return nil }
        if state == .changed {
          return assessment.finding(
            Self.changed, .error, item.id, "'\(evidence.name)' changed since it was locked",
            remedy: "look at it; 'rfpgen lock \(path)' accepts it as it is now", at: evidence.mark,
            phase: item.phase, concernsRFP: item.concernsRFP)
        }
        guard !assessment.attestations.isLocked(path) else { return nil }
        return assessment.finding(
          Self.unlocked, .note, item.id, "'\(evidence.name)' is not locked yet",
          remedy: "'rfpgen lock' records what is new", at: evidence.mark, phase: item.phase,
          concernsRFP: false)
      }
    }
  }

  private func lines(_ lock: Lock, _ assessment: Assessment) -> [Finding] {
    var findings: [Finding] = []
    func add(
      _ rule: FindingRule, _ severity: Diagnostic.Severity, _ mark: Node.Mark, _ message: String,
      _ remedy: String
    ) {
      findings.append(
        Finding(
          rule: rule.id, severity: severity, id: fileName(lock.source.name), message: message,
          remedy: remedy, location: lock.source.location(mark), phase: nil, concernsRFP: false))
    }
    let known = Set(assessment.project.evidencePaths.map { ExactText($0) })
    var digests: [ExactText: String] = [:]
    var seen: Set<ExactText> = []
    var strangers: [(name: String, mark: Node.Mark)] = []
    for (mark, text) in repeatable(lock) where !seen.insert(ExactText(text)).inserted {
      add(
        Self.duplicate, .note, mark, "this line stands in the lock twice",
        "'rfpgen lock' writes each line once")
    }
    for line in lock.currentFileLines {
      let path = line.content.path
      if let other = digests[ExactText(path)], other != line.content.sha256 {
        add(
          Self.conflict, .error, line.mark, "the lock holds another digest of '\(path)' above",
          "look at the file; 'rfpgen lock \(path)' keeps the digest of what it is now")
      }
      digests[ExactText(path)] = line.content.sha256
    }
    for line in lock.fileLines where !known.contains(ExactText(line.content.path)) {
      strangers.append((line.content.path, line.mark))
    }
    for line in lock.reviewLines where assessment.project.reviewed(line.content.id) == nil {
      strangers.append((line.content.id, line.mark))
    }
    if let first = strangers.first {
      var named: Set<ExactText> = []
      let names = strangers.map(\.name).filter { named.insert(ExactText($0)).inserted }
      add(
        Self.unknown, .warning, first.mark,
        "the lock is about \(listed(names)), which this project does not have",
        "name it to 'rfpgen lock' to forget it, or bring the project's own lock back")
    }
    return findings
  }

  /// The lines of a lock as texts; none where no line says what another one says, so that no text has
  /// to be made.
  private func repeatable(_ lock: Lock) -> [(mark: Node.Mark, text: String)] {
    let isRepeated =
      Set(lock.files).count < lock.fileLines.count
      || Set(lock.reviews).count < lock.reviewLines.count
    guard isRepeated else { return [] }
    return lock.fileLines.map { ($0.mark, Lock.line(of: $0.content)) }
      + lock.reviewLines.map { ($0.mark, Lock.line(of: $0.content)) }
  }
}
