/// Notices leftovers such as `TBD`, `XXX`, `lorem ipsum` or `[Number of users]` anywhere in a file, and texts
/// of which a comment takes the end.
struct PlaceholderCheck: Check {
  private static let rule = FindingRule(
    id: "placeholder", summary: "A leftover stands where something should be said.")
  private static let remedy = "replace it, or leave the value blank until it is known"
  private static let cut = FindingRule(
    id: "text-cut", summary: "A text ends where a word begins with '#'.")
  private static let cutRemedy =
    "put the text in quotes if the word belongs to it, or a space behind the '#'"

  var rules: [FindingRule] { [Self.rule, Self.cut] }

  func findings(_ assessment: Assessment) -> [Finding] {
    let cuts = CutTexts(assessment.project.source)
    return assessment.project.node.entries.flatMap { top in
      switch top.key {
      case "answers":
        top.value.entries.flatMap { entry -> [Finding] in
          let id = assessment.guide.local(entry.key)
          guard case .question(let index)? = assessment.guide.place(of: id),
            assessment.questions[index].applicability.isApplicable
          else { return [] }
          let question = assessment.guide.questions[index]
          return leftovers(
            assessment, cuts, entry.value, id, assessment.phase(ofSection: question.section),
            question.need == .rfp)
        }
      case "checkpoints":
        top.value.entries.flatMap { entry -> [Finding] in
          let id = assessment.guide.local(entry.key)
          guard case .checkpoint(let index)? = assessment.guide.place(of: id),
            assessment.checkpoints[index].applicability.isApplicable
          else { return [] }
          let section = assessment.guide.checkpoints[index].section
          return leftovers(
            assessment, cuts, entry.value, id, assessment.phase(ofSection: section), false)
        }
      case "service-levels":
        top.value.entries.flatMap { entry -> [Finding] in
          guard let index = assessment.guide.serviceLevel(of: entry.key),
            assessment.serviceLevels[index].isApplicable
          else { return [] }
          let id = assessment.guide.serviceLevels[index].identifier
          return leftovers(assessment, cuts, entry.value, id, nil, true)
        }
      case "programme", "rfp", "scale":
        top.value.entries.flatMap { entry in
          leftovers(assessment, cuts, entry.value, "\(top.key).\(entry.key)", nil, true)
        }
      case "waivers":
        zip(assessment.project.waivers, top.value.items).flatMap { waiver, item in
          leftovers(
            assessment, cuts, item, top.key, nil, assessment.guide.isNeededForRFP(waiver.subject))
        }
      default:
        leftovers(assessment, cuts, top.value, top.key, nil, true)
      }
    }
  }

  private func leftovers(
    _ assessment: Assessment, _ cuts: CutTexts, _ node: Node, _ id: String, _ phase: Int?,
    _ concernsRFP: Bool
  ) -> [Finding] {
    var findings: [Finding] = []
    node.forEachScalar { text, mark in
      if let word = cuts.word(behind: text, at: mark) {
        findings.append(
          assessment.finding(
            Self.cut, .warning, id, Self.message(of: word), remedy: Self.cutRemedy, at: mark,
            phase: phase, concernsRFP: concernsRFP))
      }
      guard let leftover = Placeholder(in: text) else { return }
      findings.append(
        assessment.finding(
          Self.rule, .error, id, "'\(leftover.text)' is left over", remedy: Self.remedy, at: mark,
          phase: phase,
          concernsRFP: concernsRFP))
    }
    return findings
  }
}

extension PlaceholderCheck {
  private static func message(of word: String) -> String {
    "the text ends before '\(word)', with which a comment begins"
  }
}

extension PlaceholderCheck: BidCheck {
  func findings(_ assessment: BidAssessment) -> [Finding] {
    let cuts = CutTexts(assessment.bid.source)
    return assessment.bid.node.entries.flatMap { top in
      switch top.key {
      case "checkpoints":
        top.value.entries.flatMap { leftovers(assessment, cuts, $0.value, $0.key) }
      case "service-levels", "requirements", "bidder":
        top.value.entries.flatMap {
          leftovers(assessment, cuts, $0.value, "\(top.key).\($0.key)")
        }
      case "team":
        top.value.entries.flatMap { entry in
          entry.key == "people"
            ? named(assessment, cuts, entry.value, "team")
            : leftovers(assessment, cuts, entry.value, "team")
        }
      case "costs":
        top.value.entries.flatMap { entry in
          entry.key == "options"
            ? named(assessment, cuts, entry.value, "costs")
            : leftovers(assessment, cuts, entry.value, "costs")
        }
      case "references": named(assessment, cuts, top.value, "references")
      default: leftovers(assessment, cuts, top.value, top.key)
      }
    }
  }

  /// The leftovers in a list whose items have names.
  private func named(
    _ assessment: BidAssessment, _ cuts: CutTexts, _ list: Node, _ key: String
  ) -> [Finding] {
    list.items.flatMap { leftovers(assessment, cuts, $0, "\(key).\($0["id"]?.text ?? "")") }
  }

  private func leftovers(
    _ assessment: BidAssessment, _ cuts: CutTexts, _ node: Node, _ id: String
  ) -> [Finding] {
    var findings: [Finding] = []
    node.forEachScalar { text, mark in
      if let word = cuts.word(behind: text, at: mark) {
        findings.append(
          assessment.finding(
            Self.cut, .warning, id, Self.message(of: word), remedy: Self.cutRemedy, at: mark))
      }
      guard let leftover = Placeholder(in: text) else { return }
      findings.append(
        assessment.finding(
          Self.rule, .error, id, "'\(leftover.text)' is left over", remedy: Self.remedy, at: mark))
    }
    return findings
  }
}
