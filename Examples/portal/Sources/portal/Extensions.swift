import DocModel
import Renderers

// What the portal adds to the library: a filter, a check, a document and an output format. Each is a
// value that is passed where it is used; nothing is registered anywhere.

extension Filter {
  /// `{{ "Water for all"|initials }}` is `WFA`.
  static let initials = Filter { value, _ throws(Problem) in
    .text(
      value.shown.split(separator: " ").compactMap(\.first).map(\.description).joined().uppercased()
    )
  }
}

/// Notices an RFP whose contacts can't be called.
struct TelephoneCheck: Check {
  private static let rule = FindingRule(
    id: "portal-telephone", summary: "No contact of the RFP can be called.")

  var rules: [FindingRule] { [Self.rule] }

  func findings(_ assessment: Assessment) -> [Finding] {
    let contacts = assessment.project.record["rfp"]?.asRecord?["contacts"]?.asList ?? []
    if contacts.contains(where: { $0.asRecord?["phone"]?.isPresent ?? false }) { return [] }
    return [
      assessment.finding(
        Self.rule, .warning, about: "rfp.contacts", "no contact can be called",
        remedy: "give one of them a 'phone:'", at: ["rfp", "contacts"], concernsRFP: true)
    ]
  }
}

extension Document {
  /// A letter to those who look at the portal; its template stands in the portal's storage.
  static let welcome = Document(
    id: "welcome", summary: "a letter to bidders",
    holeRules: ["question-unanswered", "evidence-absent", "portal-telephone"])
}

extension OutputFormat {
  /// The headings of a document as a tree of bullets, for a table of contents in the portal's menu.
  static let outline = OutputFormat(id: "outline", fileExtension: "txt") {
    document throws(InvalidInput) in
    let lines = try document.fragment().headings.map { heading in
      String(repeating: "  ", count: heading.level - 1) + "- \(heading.text) (#\(heading.id))\n"
    }
    return Array(lines.joined().utf8)
  }
}

/// The portal's own page, into which a document is put as a fragment.
func page(_ document: RenderedDocument) throws(InvalidInput) -> String {
  let fragment = try document.fragment()
  return """
    <!doctype html>
    <html lang="\(document.language)">
    <title>Portal</title>
    <nav>Programmes</nav>
    <main>
    \(fragment.html)</main>
    </html>
    """
}
