internal import DocModel
internal import EvidencePacks
internal import Renderers
internal import Spreadsheets

extension Command {
  static let compare = Command(
    name: "compare", summary: "set bids beside one another, with points by the project's criteria",
    operands: [
      Operand("PROJECT", .data), Operand("BID", .data), Operand("BID", .data, .anyNumber),
    ],
    details: """
      Bids are ranked where the project's criteria have weights and marks are given for them; otherwise
      they are compared only. Marks stand in 'marks.yaml' beside the project file, or where --marks says.
      The technical envelope shows no prices. The financial one opens only when no technical mark is
      missing.
      """,
    options: [
      Option(
        "output", letter: "o", value: "DIR", of: .folder, "where to write; output when left out"),
      .formats, .paper, .pdfPrinter, .pdfTimeout,
      Option("marks", value: "FILE", of: .data, "the marks that people gave"),
      Option(
        "tender", value: "TENDER", of: .data, "the tender as it was issued; made anew when left out"
      ),
      Option(
        "envelope", value: "ENVELOPE", of: .oneOf(["technical", "financial"]), "which one is open"),
      .today,
    ],
    examples: [
      (
        "rfpgen compare project.yaml bids/*.yaml --envelope technical",
        "everything but the prices"
      ),
      ("rfpgen compare project.yaml bids/*.yaml", "all of it, in output/comparison.html"),
      ("rfpgen compare project.yaml bids/*.yaml --format pdf", "the same on paper"),
    ]
  ) { invocation, terminal throws(Failure) in
    let today = try invocation.today()
    let formats = try invocation.formats(today: today)
    let workspace = try Workspace(invocation.operands[0], today: today, terminal)
    let tender: Tender
    if let path = invocation["tender"] {
      let source = try Disk.source(path, as: .tender)
      tender = try attempt { () throws(InvalidInput) in try Tender(source) }
    } else {
      tender = try attempt { () throws(InvalidInput) in try Tender(of: workspace.assessment) }
    }
    let digest = tender.contentDigest
    let paths = try Self.bids(among: Array(invocation.operands.dropFirst()), terminal)
    terminal.progress?.stage("reading bids:", of: paths.count)
    let progress = terminal.progress
    let read = concurrently(Array(paths.indices)) { index in
      Result { () throws(Failure) in
        defer { progress?.step() }
        let source = try Disk.source(paths[index], as: .bid)
        let bid = try attempt { () throws(InvalidInput) in try Bid(source, for: tender) }
        guard bid.reference == tender.reference else {
          throw Failure(
            "'\(paths[index])' answers the tender '\(bid.reference)', not '\(tender.reference)'",
            hint: "leave it out, or correct its 'bid-for: tender:'")
        }
        let folder = Workspace.folder(of: paths[index], today: today)
        return ComparedBid(BidAssessment(bid, in: folder, digest: digest))
      }
    }
    var bids: [ComparedBid] = []
    for (path, result) in zip(paths, read) {
      let bid = try result.get()
      if let other = bids.firstIndex(where: { $0.id == bid.id }) {
        throw Failure(
          "'\(path)' and '\(paths[other])' both name the bidder '\(bid.id)'",
          hint: "give one of them another 'bidder: id:'")
      }
      bids.append(bid)
    }
    let beside = Disk.join(Disk.folder(of: invocation.operands[0]), Marks.fileName)
    var marks: Marks?
    if let path = invocation["marks"] ?? (Disk.exists(beside) ? beside : nil) {
      let source = try Disk.source(path)
      marks = try attempt { () throws(InvalidInput) in
        try Marks(source, for: tender, bidders: bids.map(\.id))
      }
    }
    let comparison = Comparison(
      tender, bids, marks: marks,
      envelope: invocation["envelope"].flatMap(Project.Criterion.Envelope.init))
    if comparison.envelope == .financial, marks == nil {
      throw Failure(
        "prices stay closed: nobody has given marks",
        hint: "write them into '\(beside)'; '--envelope technical' shows what there is to judge")
    }
    if comparison.envelope == .financial, let first = comparison.missingMarks.first {
      throw Failure(
        "prices stay closed: '\(first.bidder)' has no mark of each scorer for '\(first.criterion)'",
        hint: "complete the technical marks first; '--envelope technical' shows what there is")
    }
    let model = ComparisonModel(comparison, of: workspace.assessment)
    progress?.stage("writing the comparison")
    var files: [(name: String, bytes: [UInt8])] = []
    try attempt { () throws(InvalidInput) in
      if !formats.isEmpty {
        let language = try Language(tag: model.language, in: workspace.folder)
        var rendered = try DocumentRenderer(
          [.comparison], names: ComparisonModel.names, language: language, in: workspace.folder
        ).render(.comparison, model)
        rendered.paper = invocation.paper
        for format in formats {
          files.append(
            (
              "\(Document.comparison.id).\(format.fileExtension)",
              try rendered.written(as: format)
            ))
        }
      }
      for format in invocation.sheetFormats {
        let matrices = try model.matrices(of: .comparison)
        for file in try format.files(matrices, named: Document.comparison.id) {
          files.append((file.name, file.bytes))
        }
      }
    }
    let outputs = Outputs()
    for file in files {
      let path = Disk.join(invocation["output"] ?? "output", file.name)
      try outputs.add(path, file.bytes)
      terminal.print(path + "\n")
    }
    try outputs.finish()
    return .success
  }

  /// The bids among paths: the tender that lies with them, as `bids/*.yaml` names it, is none.
  private static func bids(
    among paths: [String], _ terminal: Terminal
  ) throws(Failure) -> [String] {
    var bids: [String] = []
    for path in paths {
      let isNamedSo = path.split(separator: "/").last.map { $0 == Tender.fileName } ?? false
      if paths.count > 1, isNamedSo, FileKind(try Disk.source(path)) == .tender {
        terminal.note("rfpgen: '\(path)' is a tender, and passed over")
      } else {
        bids.append(path)
      }
    }
    return bids
  }
}
