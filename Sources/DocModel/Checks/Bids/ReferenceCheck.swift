/// Notices references that nobody can ask, or that come from the bidder's own organisation.
struct ReferenceCheck: BidCheck {
  private static let contact = FindingRule(
    id: "reference-contact-missing", summary: "A reference names nobody to ask.")
  private static let own = FindingRule(
    id: "reference-own", summary: "A reference comes from the bidder's own organisation.")
  private static let work = FindingRule(
    id: "reference-work-missing", summary: "A reference does not say what was done.")

  var rules: [FindingRule] { [Self.contact, Self.own, Self.work] }

  func findings(_ assessment: BidAssessment) -> [Finding] {
    let bid = assessment.bid
    let own = Set((bid.record["contacts"]?.asList ?? []).compactMap { $0.domain })
    return bid.references.flatMap { reference -> [Finding] in
      let id = "references.\(reference.id)"
      var findings: [Finding] = []
      if reference.contactName == nil || reference.email == nil && reference.phone == nil {
        findings.append(
          assessment.finding(
            Self.contact, .error, id,
            "'\(reference.organisation)' names nobody with an address to ask",
            remedy: "write a name, and an e-mail address or a telephone number, under 'contact:'",
            at: reference.mark))
      }
      if reference.organisation.lowercased() == bid.bidder.lowercased() {
        findings.append(
          assessment.finding(
            Self.own, .error, id, "'\(reference.organisation)' is the bidder's own organisation",
            remedy: "name somebody outside it", at: reference.mark))
      } else if domain(of: reference.email).map({ own.contains($0) }) ?? false {
        // It may be that of a public provider of mail.
        findings.append(
          assessment.finding(
            Self.own, .warning, id,
            "'\(reference.organisation)' has its e-mail address at the same domain as the bidder",
            remedy: "name somebody outside the bidder's organisation, with an address there",
            at: reference.mark))
      }
      if reference.work == nil {
        findings.append(
          assessment.finding(
            Self.work, .warning, id,
            "it is not said what was done for '\(reference.organisation)'",
            remedy: "say under 'work:' what was done, for how many users, since when",
            at: reference.mark))
      }
      return findings
    }
  }
}

extension Value {
  /// The domain of a contact's e-mail address.
  fileprivate var domain: String? { DocModel.domain(of: asRecord?["email"]?.asText) }
}

private func domain(of email: String?) -> String? {
  email?.split(separator: "@").last.map { $0.lowercased() }
}
