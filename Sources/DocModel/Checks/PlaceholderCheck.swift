/// Notices leftovers such as `TBD`, `XXX`, `lorem ipsum` or `[Number of users]` anywhere in a file.
struct PlaceholderCheck: Check {
  private static let rule = FindingRule(
    id: "placeholder", summary: "A leftover stands where something should be said.")
  private static let remedy = "replace it, or leave the value blank until it is known"

  var rules: [FindingRule] { [Self.rule] }

  func findings(_ assessment: Assessment) -> [Finding] {
    assessment.project.node.entries.flatMap { top in
      switch top.key {
      case "answers":
        top.value.entries.flatMap { entry -> [Finding] in
          let id = assessment.guide.local(entry.key)
          guard case .question(let index)? = assessment.guide.place(of: id),
            assessment.questions[index].applicability.isApplicable
          else { return [] }
          let question = assessment.guide.questions[index]
          return leftovers(
            assessment, entry.value, id, assessment.phase(ofSection: question.section),
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
            assessment, entry.value, id, assessment.phase(ofSection: section), false)
        }
      case "service-levels":
        top.value.entries.flatMap { entry -> [Finding] in
          guard let index = assessment.guide.serviceLevel(of: entry.key),
            assessment.serviceLevels[index].isApplicable
          else { return [] }
          let id = assessment.guide.serviceLevels[index].identifier
          return leftovers(assessment, entry.value, id, nil, true)
        }
      case "programme", "rfp", "scale":
        top.value.entries.flatMap { entry in
          leftovers(assessment, entry.value, "\(top.key).\(entry.key)", nil, true)
        }
      case "waivers":
        zip(assessment.project.waivers, top.value.items).flatMap { waiver, item in
          leftovers(
            assessment, item, top.key, nil, assessment.guide.isNeededForRFP(waiver.subject))
        }
      default:
        leftovers(assessment, top.value, top.key, nil, true)
      }
    }
  }

  private func leftovers(
    _ assessment: Assessment, _ node: Node, _ id: String, _ phase: Int?, _ concernsRFP: Bool
  ) -> [Finding] {
    var findings: [Finding] = []
    node.forEachScalar { text, mark in
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

extension PlaceholderCheck: BidCheck {
  func findings(_ assessment: BidAssessment) -> [Finding] {
    assessment.bid.node.entries.flatMap { top in
      switch top.key {
      case "checkpoints":
        top.value.entries.flatMap { leftovers(assessment, $0.value, $0.key) }
      case "service-levels", "requirements", "bidder":
        top.value.entries.flatMap { leftovers(assessment, $0.value, "\(top.key).\($0.key)") }
      case "team":
        top.value.entries.flatMap { entry in
          entry.key == "people"
            ? named(assessment, entry.value, "team")
            : leftovers(assessment, entry.value, "team")
        }
      case "costs":
        top.value.entries.flatMap { entry in
          entry.key == "options"
            ? named(assessment, entry.value, "costs")
            : leftovers(assessment, entry.value, "costs")
        }
      case "references": named(assessment, top.value, "references")
      default: leftovers(assessment, top.value, top.key)
      }
    }
  }

  /// The leftovers in a list whose items have names.
  private func named(_ assessment: BidAssessment, _ list: Node, _ key: String) -> [Finding] {
    list.items.flatMap { leftovers(assessment, $0, "\(key).\($0["id"]?.text ?? "")") }
  }

  private func leftovers(_ assessment: BidAssessment, _ node: Node, _ id: String) -> [Finding] {
    var findings: [Finding] = []
    node.forEachScalar { text, mark in
      guard let leftover = Placeholder(in: text) else { return }
      findings.append(
        assessment.finding(
          Self.rule, .error, id, "'\(leftover.text)' is left over", remedy: Self.remedy, at: mark))
    }
    return findings
  }
}
