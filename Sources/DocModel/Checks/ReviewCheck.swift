/// Notices reviews that no longer hold, those that are overdue, and what nobody reviewed.
struct ReviewCheck: Check {
  private static let void = FindingRule(
    id: "review-void", summary: "What was reviewed has changed since.")
  private static let due = FindingRule(id: "review-due", summary: "A review is overdue.")
  private static let missing = FindingRule(
    id: "review-missing", summary: "Nobody has reviewed what counts as current.")

  var rules: [FindingRule] { [Self.void, Self.due, Self.missing] }

  func findings(_ assessment: Assessment) -> [Finding] {
    standing(assessment) + unreviewed(assessment)
  }

  /// What nobody reviewed, phase by phase, once reviews are kept at all.
  private func unreviewed(_ assessment: Assessment) -> [Finding] {
    guard let lock = assessment.attestations.lock, !lock.reviewLines.isEmpty else { return [] }
    let items = assessment.supported.filter {
      $0.reviews.isEmpty && $0.isCurrent && !$0.evidence.isEmpty
        && assessment.project.withheld(of: $0.id) == nil
    }
    return assessment.guide.phases.indices.compactMap { phase in
      let ids = items.filter { $0.phase == phase }.map(\.id)
      guard !ids.isEmpty else { return nil }
      return assessment.finding(
        Self.missing, .note, assessment.guide.phases[phase].id,
        "nobody has reviewed \(listed(ids, atMost: ids.count))",
        remedy: "look at each, then 'rfpgen review ID --by NAME'",
        at: assessment.mark(of: "answers"), phase: phase, concernsRFP: false)
    }
  }

  private func standing(_ assessment: Assessment) -> [Finding] {
    assessment.supported.flatMap { item -> [Finding] in
      var findings: [Finding] = []
      func add(
        _ rule: FindingRule, _ severity: Diagnostic.Severity, _ message: String, _ remedy: String,
        _ mark: Node.Mark
      ) {
        findings.append(
          assessment.finding(
            rule, severity, item.id, message, remedy: remedy, at: mark, phase: item.phase,
            concernsRFP: false))
      }
      let anew = "look at it, then 'rfpgen review \(item.id) --by NAME'"
      // Where one review holds, older ones matter no longer.
      if !item.reviews.contains(where: \.holds) {
        for review in item.reviews {
          add(
            Self.void, .warning,
            "the review by \(review.by) on \(review.on) is void: "
              + review.changes.joined(separator: "; "), anew, item.mark)
        }
      }
      for due in item.due where due.isOver(on: assessment.today) {
        let subject = due.evidence.map { "'\($0)'" } ?? "the answer"
        let when =
          due.day.map { "was to be reviewed by \($0)" } ?? "has no review and no date to count from"
        add(
          Self.due, .warning, "\(subject) \(when): every \(due.period.text)", anew,
          due.period.mark)
      }
      return findings
    }
  }
}
