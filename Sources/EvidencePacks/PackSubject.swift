internal import DocModel
internal import Renderers

/// What a pack is made of: a project, or a bid.
protocol PackSubject: Sendable {
  /// Its file, under the name that a pack gives it.
  var source: Source { get }
  /// What it is called in the description of the pack.
  var title: String { get }
  /// Its evidence.
  var plan: PackPlan { get }
  /// How many things are withheld from the pack's audience.
  var withheldCount: Int { get }
  /// The names of files beside it that have another in a pack, with that.
  var renamed: [String: String] { get }

  /// The reports of what was found when the evidence was packed, as whoever verifies will see it.
  func reports(
    _ files: [PackedFile], today: Day, inputs: [String: [UInt8]], program: Program
  ) -> PackReports
}

/// Which kind of file a pack is made of.
enum PackKind: String, CaseIterable, Sendable {
  case project
  case bid

  /// The form of the statement; it changes when a reader has to.
  var format: String {
    switch self {
    case .project: "rfpgen-evidence-pack-1"
    case .bid: "rfpgen-bid-pack-1"
    }
  }

  /// The key of the statement under which the file is named.
  var fileKey: String { "\(rawValue)-file" }

  /// Reads the file against what lies beside it.
  ///
  /// - Throws: `InvalidInput` with all that is wrong with it, or with a template.
  func subject(_ source: Source, in world: any World) throws(InvalidInput) -> any PackSubject {
    switch self {
    case .project: try PackedProject(source, in: world)
    case .bid: try PackedBid(source, in: world)
    }
  }
}

/// A project as a pack holds it.
private struct PackedProject: PackSubject {
  let project: Project
  let renamed: [String: String]
  private let lock: Lock?
  private let renderer: DocumentRenderer

  init(_ source: Source, in world: any World) throws(InvalidInput) {
    let project = try Project(source, in: world)
    let lock = try Lock(of: project, in: world)
    // Reports name files as the pack does, which keeps to plain ASCII.
    let name = plainName(source.name)
    renamed = [Lock.fileName(for: source.name): Lock.fileName(for: name)]
    if source.name.hasSuffix(name) {
      self.project = project
      self.lock = lock
    } else {
      self.project = try Project(Source(name: name, bytes: source.bytes), in: world)
      self.lock = try lock.map { lock throws(InvalidInput) in
        try Lock(Source(name: Lock.fileName(for: name), bytes: lock.source.bytes))
      }
    }
    renderer = try DocumentRenderer(
      [.evidenceReport, .gapReport], for: project.guide,
      language: Language(tag: project.language, in: world), in: world)
  }

  var source: Source { project.source }
  var plan: PackPlan { PackPlan(project) }
  var withheldCount: Int { project.withheld.reduce(0) { $0 + $1.count } }

  var title: String {
    project.record["programme"]?.asRecord?["title"]?.asText ?? project.guide.title
  }

  func reports(
    _ files: [PackedFile], today: Day, inputs: [String: [UInt8]], program: Program
  ) -> PackReports {
    let world = PackedWorld(today: today, inputs: [:], files)
    let assessment = Assessment(project, in: world, files.attestations(lock, of: project))
    let model = DocumentModel(
      assessment, findings: assessment.findings(of: Checks.ofPack),
      in: PackReports.members { world.copy(of: $0) })
    return PackReports(
      model: model, renderer: renderer,
      documents: [
        (.evidenceReport, "index", "evidence-report"),
        (.gapReport, PackReports.gapReport, PackReports.gapReport),
      ],
      statement: PackStatement(
        kind: .project, names: DocumentModel.names(for: project.guide),
        values: { model.values(for: .evidenceReport) }, files: files, inputs: inputs,
        file: plainName(source.name), program: program))
  }
}

/// A bid as a pack holds it.
private struct PackedBid: PackSubject {
  private let bid: Bid
  private let renderer: DocumentRenderer

  init(_ source: Source, in world: any World) throws(InvalidInput) {
    let bid = try Bid(source, in: world)
    let name = plainName(source.name)
    self.bid =
      source.name.hasSuffix(name)
      ? bid : try Bid(Source(name: name, bytes: source.bytes), for: bid.tender)
    renderer = try DocumentRenderer(
      [.bidResponse, .bidGaps], names: BidModel.names,
      language: Language(tag: bid.language, in: world), in: world)
  }

  var source: Source { bid.source }
  var plan: PackPlan { PackPlan(bid) }
  var withheldCount: Int { 0 }
  var renamed: [String: String] { [:] }
  var title: String { "\(bid.bidder), \(bid.reference)" }

  func reports(
    _ files: [PackedFile], today: Day, inputs: [String: [UInt8]], program: Program
  ) -> PackReports {
    let world = PackedWorld(today: today, inputs: [:], files)
    let assessment = BidAssessment(
      bid, in: world, digest: "sha256:\(Digest(of: bid.tender.content))")
    let model = BidModel(assessment, in: PackReports.members { world.copy(of: $0) })
    return PackReports(
      model: model, renderer: renderer,
      documents: [
        (.bidResponse, "index", "bid-response"),
        (.bidGaps, PackReports.gapReport, PackReports.gapReport),
      ],
      statement: PackStatement(
        kind: .bid, names: BidModel.names, values: { model.values(for: .bidResponse) },
        files: files, inputs: inputs, file: plainName(source.name), program: program))
  }
}

extension [PackedFile] {
  /// What a lock says beside the files that are in a pack.
  fileprivate func attestations(_ lock: Lock?, of project: Project) -> Attestations {
    guard let lock else { return .none }
    let digests = compactMap { file in
      file.copy.map { (path: file.source, sha256: $0.digest.description) }
    }
    return Attestations(lock, of: project, files: digests)
  }
}
