internal import DocModel
internal import EvidencePacks

extension Command {
  static let award = Command(
    name: "award", summary: "carry the winner's responses into the project, to be confirmed",
    operands: [Operand("PROJECT", .data), Operand("BID", .data)],
    details: """
      What BID says of checkpoints becomes notes and evidence of PROJECT's checkpoints, and answers to the
      guiding questions that a provider answers; what it offers becomes the service levels' targets. Each
      of them says which bid it came from. Nothing is claimed, and no answer that was given is replaced.
      The changes are shown as 'diff -u' does; comments, order and layout of PROJECT stay. Files of the
      bid can be evidence only where its folder lies within that of the project.
      """,
    options: [
      Option("write", "change the project file, rather than show how it would change"),
      .today,
    ],
    examples: [
      ("rfpgen award project.yaml bids/example/bid.yaml", "see what would change"),
      ("rfpgen award project.yaml bids/example/bid.yaml --write", "change project.yaml"),
    ]
  ) { invocation, terminal throws(Failure) in
    let (path, bidPath) = (invocation.operands[0], invocation.operands[1])
    let today = try invocation.today()
    let workspace = try Workspace(path, today: today, terminal)
    let source = try Disk.source(bidPath, as: .bid)
    let bids = try BidWorkspace(source, at: bidPath, today: today, terminal)
    let bid = bids.assessment.bid
    let (award, tender) = try attempt { () throws(InvalidInput) in
      (
        try Award(
          of: bid, to: workspace.project,
          evidenceFolder: Disk.way(from: workspace.folder.path, to: bids.folder.path)),
        try Tender(of: workspace.assessment)
      )
    }
    if tender.contentDigest != bid.tender.contentDigest {
      terminal.note(
        "rfpgen: warning: '\(bidPath)' answers another tender than '\(path)' gives now\n"
          + "help: 'rfpgen build \(path) tender' writes it anew; look at what changed since")
    }
    for bidder in award.earlierBidders {
      terminal.note(
        "rfpgen: warning: '\(path)' holds what '\(bidder)' said already, and this is added to it\n"
          + "help: where another bid wins after all, award it to the project file as it was before")
    }
    for file in award.filesLeftOut {
      terminal.note(
        "rfpgen: warning: '\(file)' is left out, since it lies outside the project's folder\n"
          + "help: put the bid's folder into it, and award again")
    }
    let file = try FilledFile(path, today: today, terminal)
    try file.change(by: award.changes, isWritten: invocation.has("write"), terminal)
    return .success
  }
}

extension Disk {
  /// The path of a folder within another, empty where they are one; `nil` where it lies elsewhere.
  fileprivate static func way(from folder: String, to inner: String) -> String? {
    let outer = target(of: folder).split(separator: "/")
    let inner = target(of: inner).split(separator: "/")
    guard inner.starts(with: outer) else { return nil }
    return inner.dropFirst(outer.count).joined(separator: "/")
  }
}
