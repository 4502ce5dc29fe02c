/// A bidder's file against a tender: what is confirmed, offered, asked for and shown.
///
///     let bid = try Bid(Source(name: "bid.yaml", bytes: bytes), for: tender)
///     bid.responses["system-sizing.scale-documented"]?.confirmation
public final class Bid: Sendable {
  /// The tender that it answers.
  public let tender: Tender
  /// The reference number of the tender that the file names.
  public let reference: String
  /// The edition of the tender that the bid was begun with.
  public let edition: String?
  /// The digest of the tender that the bid was begun with.
  public let tenderDigest: String?
  /// A short name of the bidder.
  public let bidderID: String
  /// The bidder's name.
  public let bidder: String
  /// The language of the bid, as BCP 47 writes it; the tender's where it states none.
  public let language: String
  /// The last day on which it holds.
  public let validUntil: Day?
  /// The responses to checkpoints, by their identifiers.
  public let responses: [String: Response]
  /// The service levels offered, by their names.
  public let offers: [String: Offer]
  /// What each hosting option costs.
  public let costs: Costs
  /// Who does the work.
  public let team: Team
  /// How requirements are met, by their names.
  public let proofs: [String: Response]
  /// Whom the programme may ask about earlier work.
  public let references: [Reference]
  /// Everything in the file, as a template finds it.
  public let record: Record
  /// The file that it was read from.
  public let source: Source
  let node: Node

  /// The name of a bid's file in its folder.
  public static let fileName = "bid.yaml"

  /// Whether something is confirmed.
  public enum Confirmation: String, CaseIterable, Sendable {
    /// As it stands.
    case yes
    /// A part of it.
    case partly
    /// Not at all.
    case no
  }

  /// How a checkpoint or a requirement is answered.
  public struct Response: Sendable {
    /// Whether it is confirmed; `nil` where that is not said, or with no word that counts.
    public let confirmation: Confirmation?
    /// How it is met, in CommonMark.
    public let approach: String?
    /// Where the bidder has done so before, in CommonMark.
    public let example: String?
    /// What shows it.
    public let evidence: [Evidence]
    /// What there is to know besides, in CommonMark.
    public let note: String?
    /// What was written for a confirmation that is none.
    let mismatch: (mark: Node.Mark, message: String)?
    let mark: Node.Mark
  }

  /// A service level that is offered.
  public struct Offer: Sendable {
    /// What is offered.
    public let offer: Answer?
    /// What the bidder's own hosting provider promises.
    public let upstream: Answer?
    /// What there is to know besides, in CommonMark.
    public let note: String?
    let mark: Node.Mark
  }

  /// Somebody outside the bidder's own organisation who knows its work.
  public struct Reference: Sendable {
    /// Its name.
    public let id: String
    /// Whom the work was done for.
    public let organisation: String
    /// What was done, in CommonMark.
    public let work: String?
    /// The system that was hosted.
    public let system: String?
    /// The name of the person to ask.
    public let contactName: String?
    /// The person's e-mail address.
    public let email: String?
    /// The person's telephone number.
    public let phone: String?
    let mark: Node.Mark
  }

  /// The path of the tender's file that a bid file names, relative to the bid's folder.
  ///
  /// - Throws: `InvalidInput` where the file is not well-formed or names no tender.
  public static func tenderPath(in source: Source) throws(InvalidInput) -> String {
    try namedTender(in: source).path
  }

  /// The path of the tender's file, and where it is named.
  private static func namedTender(
    in source: Source
  ) throws(InvalidInput) -> (path: String, mark: Node.Mark) {
    let node = try Node(source)
    guard let reference = node["bid-for"] else {
      throw InvalidInput(
        Diagnostic(
          "the file names no tender", at: source.location(node.mark),
          hint: "'rfpgen init --bid \(Tender.fileName) DIR' writes a bid file to start from"))
    }
    let file = reference["file"]
    return (file?.text ?? Tender.fileName, file?.mark ?? reference.mark)
  }

  /// Reads a bid file against the tender that it names, which lies in the same folder.
  ///
  /// - Throws: `InvalidInput` as `init(_:for:)` does, and where the tender is absent or invalid.
  public convenience init(_ source: Source, in world: some World) throws(InvalidInput) {
    let (path, mark) = try Self.namedTender(in: source)
    guard let tender = try world.source(of: path) else {
      throw InvalidInput(
        Diagnostic(
          "there is no '\(path)' beside the bid", at: source.location(mark),
          hint: "put the tender's file there, or name it under 'bid-for: file:'"))
    }
    try self.init(source, for: Tender(tender))
  }

  /// Reads a bid file against a tender.
  ///
  /// - Throws: `InvalidInput` with all that is wrong with the file's form: unknown or repeated keys and
  ///   identifiers, and values of the wrong kind. What does not fit the tender's questions, such as a
  ///   service level in the wrong unit, is no such error: a check finds it.
  public init(_ source: Source, for tender: Tender) throws(InvalidInput) {
    let node = try Node(source)
    let shape = Self.shape(for: tender)
    var reading = Reading(source, shape, isComposed: false)
    let value = reading.value(of: node, as: .record(shape), called: Name("the bid"))
    Self.refuseRepeated(node, &reading)
    try reading.finish()
    guard case .record(let record) = value else { throw Guide.blank(source) }
    let mismatches = reading.mismatches
    self.source = source
    self.tender = tender
    self.record = record
    self.node = node
    let about = node["bid-for"]
    reference = about?["tender"]?.text ?? ""
    edition = about?["edition"]?.text
    tenderDigest = about?["digest"]?.text
    bidderID = node["bidder"]?["id"]?.text ?? ""
    bidder = node["bidder"]?["name"]?.text ?? ""
    language =
      node["language"]?.text.flatMap { Language.isTag($0) ? $0 : nil } ?? tender.language
    validUntil = node["valid-until"]?.text.flatMap { Day($0) }
    responses = Self.responses(node["checkpoints"], "confirm", "approach", mismatches)
    proofs = Self.responses(node["requirements"], "met", "how", mismatches)
    let levels = record["service_levels"]?.asRecord
    offers = Dictionary(
      uniqueKeysWithValues: (node["service-levels"]?.entries ?? []).compactMap { entry in
        guard let level = tender.serviceLevel(entry.key)?.level else { return nil }
        let value = levels?[templateName(entry.key)]?.asRecord
        func answer(_ key: String) -> Answer? {
          entry.value[key].map { node in
            Answer(
              node, value?[key] ?? .none, level.type, extra: nil, mark: node.mark, mismatches)
          }
        }
        return (
          entry.key,
          Offer(
            offer: answer("offer"), upstream: answer("upstream"),
            note: entry.value["note"]?.text, mark: entry.mark)
        )
      })
    costs = Costs(node["costs"])
    team = Team(node["team"])
    references = (node["references"]?.items ?? []).map { item in
      let contact = item["contact"]
      return Reference(
        id: item["id"]?.text ?? "", organisation: item["organisation"]?.text ?? "",
        work: item["work"]?.text, system: item["system"]?.text,
        contactName: contact?["name"]?.text, email: contact?["email"]?.text,
        phone: contact?["phone"]?.text, mark: item.mark)
    }
  }

  private static func responses(
    _ node: Node?, _ confirmation: String, _ approach: String, _ mismatches: [Node.Mark: Mismatch]
  ) -> [String: Response] {
    Dictionary(
      uniqueKeysWithValues: (node?.entries ?? []).map { entry in
        let said = entry.value[confirmation]
        return (
          entry.key,
          Response(
            confirmation: said?.text.flatMap(Confirmation.init),
            approach: entry.value[approach]?.text, example: entry.value["example"]?.text,
            evidence: (entry.value["evidence"]?.items ?? []).map { Evidence($0) },
            note: entry.value["note"]?.text,
            mismatch: said.flatMap { node in mismatches[node.mark].map { (node.mark, $0.message) }
            },
            mark: entry.mark)
        )
      })
  }

  /// Refuses names that come twice in one list.
  private static func refuseRepeated(_ node: Node, _ reading: inout Reading) {
    let options = node["costs"]?["options"]?.items ?? []
    let lists =
      [options, node["team"]?["people"]?.items ?? [], node["references"]?.items ?? []]
      + options.map { $0["lines"]?.items ?? [] }
    for list in lists {
      var seen: Set<String> = []
      for item in list {
        guard let id = item["id"], let name = id.text, !seen.insert(name).inserted else { continue }
        reading.refuse(
          "the name '\(name)' is used a second time", at: id.mark, hint: "rename one of the two")
      }
    }
  }
}
