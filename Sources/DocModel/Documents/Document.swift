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

  /// Declares a document whose template is `ID.md.jinja`, unless another one is named.
  public init(
    id: String, summary: String, holeRules: Set<String> = [], isForRFP: Bool = false,
    isLong: Bool = false, template: String? = nil
  ) {
    self.id = id
    self.summary = summary
    self.holeRules = holeRules
    self.isForRFP = isForRFP
    templateName = "\(template ?? id).md.jinja"
    self.isLong = isLong
  }

  /// All documents that the library makes of a project.
  public static let all = [
    rfp, tender, serviceLevels, skills, checkpointMatrix, evidenceReport, gapReport,
  ]

  /// The request for proposals.
  public static let rfp = Document(
    id: "rfp", summary: "the request for proposals, ready to publish once it has no holes",
    holeRules: answerRules.union(["rfp-field-missing", "service-level-missing"]), isForRFP: true)

  /// What bidders answer; the file for their tool is written beside it.
  public static let tender = Document(
    id: "tender", summary: "what bidders answer, with the file tender.yaml for their tool",
    holeRules: ["rfp-field-missing", "service-level-missing"], isForRFP: true)

  /// The service levels asked for.
  public static let serviceLevels = Document(
    id: "sla-matrix", summary: "the service levels asked for, with what each one allows",
    holeRules: answerRules.union(["service-level-missing"]), isForRFP: true)

  /// The skills that it takes.
  public static let skills = Document(
    id: "skills-appendix", summary: "the skills that running the system takes", isForRFP: true)

  /// The checkpoints and gates.
  public static let checkpointMatrix = Document(
    id: "checkpoint-matrix", summary: "every checkpoint, what it relies on and where it stands",
    holeRules: ["checkpoint-unsupported", "optional-undecided"])

  /// The answers with their evidence.
  public static let evidenceReport = Document(
    id: "evidence-report", summary: "every answer with its evidence, and what is missing",
    holeRules: answerRules.union([
      "evidence-missing", "evidence-absent", "evidence-empty", "evidence-outside",
      "evidence-unusable", "evidence-nameless", "evidence-copy", "evidence-changed",
      "evidence-expired", "evidence-future", "evidence-dates", "checkpoint-unsupported",
      "optional-undecided",
    ]), isLong: true)

  /// What is missing.
  public static let gapReport = Document(
    id: "gap-report", summary: "every finding with its reason, place and remedy")

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
    var positions: [String: Int] = [:]
    var holes: [(id: String, findings: [Finding])] = []
    for finding in findings where holeRules.contains(finding.rule) {
      guard !isForRFP || finding.concernsRFP, holds(finding.id, assessment) else { continue }
      if let position = positions[finding.id] {
        holes[position].findings.append(finding)
      } else {
        positions[finding.id] = holes.count
        holes.append((finding.id, [finding]))
      }
    }
    return holes.map { Hole(id: $0.id, findings: $0.findings) }
  }

  /// The fields of a project file that a tender shows.
  private static let tenderFields: Set<String> = [
    "programme.title", "programme.client", "programme.currency", "rfp.reference", "rfp.closes",
    "rfp.bids-valid-for",
    "rfp.submit-to", "rfp.host-options", "rfp.period", "rfp.contacts", "rfp.criteria",
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
