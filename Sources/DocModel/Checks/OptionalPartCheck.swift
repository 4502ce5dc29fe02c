/// Notices optional phases and sections that are neither taken nor waived, or both.
struct OptionalPartCheck: Check {
  private static let undecided = FindingRule(
    id: "optional-undecided", summary: "An optional part is neither taken nor waived.")
  private static let both = FindingRule(
    id: "optional-contradiction", summary: "An optional part is both taken and waived.")

  var rules: [FindingRule] { [Self.undecided, Self.both] }

  func findings(_ assessment: Assessment) -> [Finding] {
    let guide = assessment.guide
    let phases = guide.phases.enumerated().filter(\.element.isOptional).map { index, phase in
      (phase.id, phase.title, index, assessment.phases[index].applicability)
    }
    let sections = guide.sections.enumerated().filter(\.element.isOptional).map { index, section in
      (section.id, section.title, section.phase, assessment.sections[index])
    }
    return (phases + sections).compactMap { id, title, phase, applicability in
      let isTaken = assessment.project.taken.contains(id)
      switch applicability {
      case .undecided where !isTaken && !isInherited(id, assessment):
        return assessment.finding(
          Self.undecided, .warning, id, "'\(title)' is optional, and nothing is decided about it",
          remedy: "name '\(id)' under 'taken:', or waive it with a reason under 'waivers:'",
          at: assessment.mark(of: "taken"), phase: phase, concernsRFP: true)
      case .waived(let waiver) where isTaken:
        return assessment.finding(
          Self.both, .error, id, "'\(title)' is both taken and waived",
          remedy: "remove it from 'taken:' or from 'waivers:'",
          at: assessment.project.waivers[waiver].mark, phase: phase, concernsRFP: true)
      default: return nil
      }
    }
  }

  /// Whether a section is undecided only because its phase is.
  private func isInherited(_ id: String, _ assessment: Assessment) -> Bool {
    guard case .section(let index)? = assessment.guide.place(of: id) else { return false }
    let phase = assessment.guide.sections[index].phase
    if case .undecided = assessment.phases[phase].applicability { return true }
    return false
  }
}
