/// Notices service levels that are not offered, or not in the unit or the parts that are asked for.
struct OfferCheck: BidCheck {
  private static let missing = FindingRule(
    id: "offer-missing", summary: "A service level that is asked for is not offered.")
  private static let type = FindingRule(
    id: "offer-type", summary: "An offer is of another kind or in another unit than asked for.")
  private static let part = FindingRule(
    id: "offer-part-missing", summary: "An offer leaves out a part that is asked for.")

  var rules: [FindingRule] { [Self.missing, Self.type, Self.part] }

  func findings(_ assessment: BidAssessment) -> [Finding] {
    assessment.bid.tender.serviceLevels.flatMap { level -> [Finding] in
      let id = level.level.identifier
      let said = assessment.bid.offers[level.id]
      guard let offer = said?.offer, offer.isGiven else {
        return [
          assessment.finding(
            Self.missing, .error, id, "'\(level.title)' is not offered",
            remedy: "write it under 'service-levels: \(level.id): offer:' with "
              + "\(level.level.type.kind.title)",
            at: said?.mark ?? assessment.mark(of: ["service-levels"]))
        ]
      }
      return [offer, said?.upstream].compactMap { $0 }.flatMap { answer in
        problems(assessment, level, answer)
      }
    }
  }

  private func problems(
    _ assessment: BidAssessment, _ level: Tender.Level, _ answer: Answer
  ) -> [Finding] {
    let id = level.level.identifier
    var findings = answer.mismatches.map { mismatch in
      assessment.finding(
        Self.type, .error, id, mismatch.message,
        remedy: mismatch.remedy ?? "correct the value, as the tender asks for it",
        at: mismatch.mark)
    }
    if !answer.missingParts.isEmpty {
      findings.append(
        assessment.finding(
          Self.part, .error, id, "the offer leaves out \(listed(answer.missingParts))",
          remedy: "add what is missing", at: answer.valueMark))
    }
    return findings
  }
}
