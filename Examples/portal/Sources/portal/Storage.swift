import DocModel

/// The portal's own storage: what others keep in files is kept in rows here.
///
/// Each programme sees its own rows, and those that the portal shares with all: the guide, and a
/// template of its own. An evidence file is known by its size only; the library never reads it.
struct Rows: World {
  let programme: String
  let today: Day
  private let texts: [String: String]
  private let evidence: [String: Int]

  init(of programme: String, today: Day) {
    self.programme = programme
    self.today = today
    texts = Rows.shared.merging(["project.yaml": Rows.projects[programme] ?? ""]) { $1 }
    evidence = programme == "valley" ? ["evidence/map.pdf": 48_213] : [:]
  }

  func source(of path: String) throws(InvalidInput) -> Source? {
    guard let text = texts[path] else { return nil }
    return try Source(name: "\(programme)/\(path)", text: text)
  }

  func state(of path: String) -> FileState {
    evidence[path].map { .present(size: $0) } ?? .absent
  }

  // MARK: What stands in the rows

  static let programmes = ["valley", "coast"]

  private static let shared = [
    "guides/well.yaml": """
    guide: well
    edition: "1"
    title: How to dig a well
    language: en
    system: {name: Well, url: https://example.org/well}
    phases:
      - id: plan
        number: "1"
        title: Planning
        sections:
          - id: place
            number: "1.1"
            title: The place
            questions:
              - {id: map, title: Map, ask: Where is the place?, answer: text, evidence: required, for: rfp}
              - {id: depth, title: Depth, ask: How deep is the water?, answer: quantity, unit: m, evidence: none, for: rfp}
            checkpoints:
              - {id: found, statement: The place is found., relies-on: [map]}
    """,
    "templates/welcome.md.jinja": """
    # Welcome, {{ programme.client or "bidder" }}

    {{ programme.title }} ({{ programme.title|initials }}) asks for bids until {{ rfp.closes or "a day to be announced" }}.

    {% if document.holes %}
    > [!NOTE]
    > Still open: {% for hole in document.holes %}{{ hole.title }}{% if not loop.last %}, {% endif %}{% endfor %}.

    {% endif %}
    ## Gates

    {% for phase in phases %}
    - {{ phase.title }}: the gate is {{ phase.gate }}
    {% endfor %}

    """,
  ]

  private static let projects = [
    "valley": """
    guide: well
    programme: {title: Water for the Valley, client: The village council, language: en}
    rfp: {closes: 2027-01-15, contacts: [{name: Ada, phone: +251 11 555 0100}]}
    answers:
      place.map: {answer: Behind the school, evidence: [{file: evidence/map.pdf}]}
      place.depth: {answer: 12 m}
    checkpoints:
      place.found: {claimed: yes}
    """,
    "coast": """
    guide: well
    programme: {title: "Wells | <b>Coast</b>", client: "*Harbour* board"}
    rfp: {contacts: [{name: Bo}]}
    answers:
      place.map: {answer: "Near the \\"old\\" pier", evidence: [{file: evidence/lost.pdf}]}
    """,
  ]
}
