/// One thing that is generated from a project.
///
/// To add one, write its template, a declaration and a line in `all`. A host adds one of its own
/// with a template of that name in the folder `templates` of its `World`:
///
///     let welcome = Document(id: "welcome", summary: "a letter to bidders")
///     let renderer = try DocumentRenderer(Document.all + [welcome], for: guide, in: world)
public struct Document: Hashable, Sendable {
  /// Its name on the command line and the stem of its files.
  public let id: String
  /// What it is, in one line.
  public let summary: String
  /// The rules whose findings leave a hole in it.
  public let holeRules: Set<String>
  /// Whether only what publishing the RFP needs can leave a hole in it.
  public let isForRFP: Bool
  /// Whether it goes through all answers with their evidence, so that whoever makes several documents
  /// at once does well to begin with it.
  public let isLong: Bool

  /// The template that it is written in.
  public let templateName: String

  /// The names of the matrices that say the same as spreadsheets; none where no spreadsheet does.
  public let sheets: [String]

  /// Declares a document whose template is `ID.md.jinja`, unless another one is named.
  public init(
    id: String, summary: String, holeRules: Set<String> = [], isForRFP: Bool = false,
    isLong: Bool = false, template: String? = nil, sheets: [String] = []
  ) {
    self.id = id
    self.summary = summary
    self.holeRules = holeRules
    self.isForRFP = isForRFP
    templateName = "\(template ?? id).md.jinja"
    self.isLong = isLong
    self.sheets = sheets
  }

  /// All documents that the library makes of a project.
  public static let all = [
    rfp, tender, serviceLevels, skills, checkpointMatrix, evidenceReport, gapReport,
  ]

  /// The request for proposals.
  public static let rfp = Document(
    id: "rfp", summary: "the request for proposals, ready to publish once it has no holes",
    holeRules: answerRules.union([
      "rfp-field-missing", "rfp-annex-unusable", "service-level-missing",
    ]), isForRFP: true)

  /// What bidders answer; the file for their tool is written beside it.
  public static let tender = Document(
    id: "tender", summary: "what bidders answer, with the file tender.yaml for their tool",
    holeRules: answerRules.union(["rfp-field-missing", "service-level-missing"]), isForRFP: true)

  /// The service levels asked for.
  public static let serviceLevels = Document(
    id: "sla-matrix", summary: "the service levels asked for, with what each one allows",
    holeRules: answerRules.union(["service-level-missing"]), isForRFP: true,
    sheets: ["service-levels"])

  /// The skills that it takes.
  public static let skills = Document(
    id: "skills-appendix", summary: "the skills that running the system takes", isForRFP: true)

  /// The checkpoints and gates.
  public static let checkpointMatrix = Document(
    id: "checkpoint-matrix", summary: "every checkpoint, what it relies on and where it stands",
    holeRules: ["checkpoint-unsupported", "optional-undecided"], sheets: ["checkpoints"])

  /// The answers with their evidence.
  public static let evidenceReport = Document(
    id: "evidence-report", summary: "every answer with its evidence, and what is missing",
    holeRules: answerRules.union([
      "evidence-missing", "evidence-absent", "evidence-empty", "evidence-outside",
      "evidence-unusable", "evidence-nameless", "evidence-copy", "evidence-changed",
      "evidence-expired", "evidence-future", "evidence-dates", "checkpoint-unsupported",
      "optional-undecided",
    ]), isLong: true, sheets: ["answers"])

  /// What is missing.
  public static let gapReport = Document(
    id: "gap-report", summary: "every finding with its reason, place and remedy")

  /// All documents that the library makes of a bid.
  public static let forBid = [
    responses, offers, costs, skillsMatrix, bidResponse, bidGaps,
  ]

  /// How a bid answers each checkpoint.
  public static let responses = Document(
    id: "checkpoint-matrix", summary: "of a bid: how each checkpoint is answered",
    holeRules: responseRules, template: "bid-checkpoint-matrix", sheets: ["checkpoints"])

  /// The service levels that a bid offers.
  public static let offers = Document(
    id: "sla-offer", summary: "of a bid: service levels asked for, offered, and the difference",
    holeRules: offerRules, sheets: ["service-levels"])

  /// What a bid's hosting options cost.
  public static let costs = Document(
    id: "cost-estimate", summary: "of a bid: what each hosting option costs, and a comparison",
    holeRules: costRules, sheets: ["host-options", "cost-lines"])

  /// Who of a bid's team holds which skill.
  public static let skillsMatrix = Document(
    id: "skills-matrix", summary: "of a bid: who holds which skill, and what nobody holds",
    holeRules: teamRules, sheets: ["skills", "people"])

  /// Everything that checks noticed about a bid.
  public static let bidGaps = Document(
    id: "gap-report", summary: "of a bid: every finding with its reason, place and remedy",
    template: "bid-gap-report")

  /// All of a bid.
  public static let bidResponse = Document(
    id: "bid-response", summary: "of a bid: all of it as one document",
    holeRules: responseRules.union(offerRules).union(costRules).union(teamRules).union([
      "bid-field-missing", "requirement-unanswered", "requirement-unsupported",
      "reference-contact-missing",
    ]), sheets: bidSheets + ["skills"])

  /// Bids beside one another.
  public static let comparison = Document(
    id: "comparison", summary: "bids beside one another, with points by the project's criteria",
    sheets: [
      "points", "checkpoints", "service-levels", "requirements", "skills", "gaps", "costs",
    ])

  /// All documents that the library makes of a tender.
  public static let forTender = [blankBid]

  /// A bid to fill in by hand.
  public static let blankBid = Document(
    id: "blank-bid", summary: "of a tender: what a bid answers, with blanks to fill in",
    sheets: bidSheets)

  /// The sheets with all that a bid states.
  private static let bidSheets = [
    "checkpoints", "service-levels", "requirements", "host-options", "cost-lines", "people",
    "references", "contacts", "facts",
  ]

  private static let responseRules: Set<String> = [
    "response-missing", "response-word", "response-approach-missing", "placeholder",
  ]
  private static let offerRules: Set<String> = [
    "offer-missing", "offer-type", "offer-part-missing", "placeholder",
  ]
  private static let costRules: Set<String> = [
    "host-options-few", "cost-lines-missing", "cost-rate-missing", "cost-amount", "cost-total",
    "cost-currency", "placeholder",
  ]
  private static let teamRules: Set<String> = [
    "team-missing", "role-unfilled", "share-missing", "placeholder",
  ]

  private static let answerRules: Set<String> = [
    "question-unanswered", "answer-type", "answer-part-missing", "placeholder",
  ]

  /// The document of a name, or `nil` where there is none.
  public static func named(_ id: String) -> Document? { all.first { $0.id == id } }
}

/// What documents are made of: a project, a tender, a bid or a comparison of bids.
public protocol DocumentSource: Sendable {
  /// The language that the documents are written in, as BCP 47 writes it.
  var language: String { get }
  /// Who publishes them; `nil` where that is not stated.
  var publisher: String? { get }
  /// The values that the template of a document may use, in a language.
  func values(for document: Document, in language: Language) -> Record
  /// The places of a document where something is missing.
  func holes(of document: Document) -> [Hole]
  /// What documents say as spreadsheets, of which each names those that say the same.
  func matrices() throws(InvalidInput) -> [Matrix]
}

extension DocumentSource {
  /// Nothing is said as a spreadsheet.
  public func matrices() throws(InvalidInput) -> [Matrix] { [] }

  /// What a document says as spreadsheets, in the order that it names.
  public func matrices(of document: Document) throws(InvalidInput) -> [Matrix] {
    let all = try matrices()
    return document.sheets.compactMap { name in all.first { $0.name == name } }
  }
}

/// A place of a document where something is missing, with every reason.
public struct Hole: Sendable {
  /// What is missing: an identifier of the guide, or a key of the project file.
  public let id: String
  /// Why, in the order in which the checks noticed it.
  public let findings: [Finding]
}

extension Document {
  /// The holes that findings leave in this document, each identifier once.
  public func holes(_ findings: [Finding], _ assessment: Assessment) -> [Hole] {
    holes(findings) { finding in
      (!isForRFP || finding.concernsRFP) && holds(finding.id, assessment)
    }
  }

  /// The holes that those findings leave which the document shows, each identifier once.
  func holes(_ findings: [Finding], where isShown: (Finding) -> Bool) -> [Hole] {
    var positions: [String: Int] = [:]
    var holes: [(id: String, findings: [Finding])] = []
    for finding in findings where holeRules.contains(finding.rule) {
      guard isShown(finding) else { continue }
      if let position = positions[finding.id] {
        holes[position].findings.append(finding)
      } else {
        positions[finding.id] = holes.count
        holes.append((finding.id, [finding]))
      }
    }
    return holes.map { Hole(id: $0.id, findings: $0.findings) }
  }

  /// The holes that findings leave in this document of a bid; a leftover such as `TBD` is one in what
  /// the document shows.
  func holes(_ findings: [Finding], _ tender: Tender) -> [Hole] {
    holes(findings) { finding in
      if finding.rule != "placeholder" { return true }
      let isCheckpoint = if case .checkpoint? = tender.place(of: finding.id) { true } else { false }
      let key = finding.id.prefix { $0 != "." }
      switch id {
      case "checkpoint-matrix": return isCheckpoint
      case "sla-offer": return key == "service-levels"
      case "cost-estimate": return key == "costs" && key.count < finding.id.count
      case "skills-matrix": return key == "team" && key.count < finding.id.count
      default:
        return isCheckpoint || finding.id == "bidder.name"
          || finding.id != key
            && ["service-levels", "costs", "team", "requirements", "references"].contains(key)
      }
    }
  }

  /// The fields of a project file that a tender shows.
  private static let tenderFields: Set<String> = [
    "programme.title", "programme.client", "programme.currency", "rfp.reference", "rfp.issued",
    "rfp.clarifications-by", "rfp.closes", "rfp.bids-valid-for", "rfp.submit-to",
    "rfp.host-options", "rfp.period", "rfp.contacts", "rfp.criteria",
  ]

  /// Whether this document shows what an identifier names.
  private func holds(_ id: String, _ assessment: Assessment) -> Bool {
    let place = assessment.guide.place(of: id)
    let isServiceLevel = if case .serviceLevel? = place { true } else { false }
    switch self.id {
    case "sla-matrix": return isServiceLevel
    case "tender": return isServiceLevel || Self.tenderFields.contains(id)
    case "evidence-report": return place != nil && !isServiceLevel
    default: return true
    }
  }
}
