/// Notices a bid that answers another tender, or one that has changed since it was begun.
struct TenderDigestCheck: BidCheck {
  private static let other = FindingRule(
    id: "tender-other", summary: "The bid names another tender than the file beside it.")
  private static let changed = FindingRule(
    id: "tender-changed", summary: "The tender has changed since the bid was begun.")
  private static let altered = FindingRule(
    id: "tender-altered", summary: "The tender's file was changed after it was issued.")

  var rules: [FindingRule] { [Self.other, Self.changed, Self.altered] }

  func findings(_ assessment: BidAssessment) -> [Finding] {
    let bid = assessment.bid
    let tender = bid.tender
    if bid.reference != tender.reference {
      return [
        assessment.finding(
          Self.other, .error, about: "bid-for",
          "the bid answers '\(bid.reference)', and the tender beside it is '\(tender.reference)'",
          remedy: "put the file of the right tender beside the bid", at: ["bid-for", "tender"])
      ]
    }
    var findings: [Finding] = []
    if let digest = assessment.digest, let stated = tender.digest, stated != digest {
      findings.append(
        assessment.finding(
          Self.altered, .error, about: "bid-for",
          "the tender's file does not bear the digest of what it holds",
          remedy: "take the file anew from whoever issued it", at: ["bid-for", "file"]))
    }
    let current = assessment.digest ?? tender.digest
    if let begun = bid.tenderDigest, let current, begun != current {
      let editions =
        bid.edition.map {
          $0 == tender.edition ? "" : " (edition \($0) then, \(tender.edition) now)"
        }
      findings.append(
        assessment.finding(
          Self.changed, .error, about: "bid-for",
          "the tender has changed since the bid was begun\(editions ?? "")",
          remedy: "see what has changed, answer it, then copy 'digest:' from the tender's file",
          at: ["bid-for", "digest"]))
    } else if let edition = bid.edition, ![edition, ""].contains(tender.edition) {
      findings.append(
        assessment.finding(
          Self.changed, .error, about: "bid-for",
          "the bid answers edition \(edition), and the tender beside it is edition \(tender.edition)",
          remedy: "answer what is new in it, then correct 'edition:'; "
            + "or put the file of the right edition beside the bid",
          at: ["bid-for", "edition"]))
    }
    return findings
  }
}
