internal import DocModel

/// Which pieces of evidence a pack holds, and where.
struct PackPlan {
  /// By the identifier of what it shows: that of questions in the guide's order, then that of checkpoints.
  private let evidence: [(id: String, pieces: [Evidence])]

  init(_ project: Project) {
    let answers = project.guide.questions.map { ($0.id, project.answers[$0.id]?.evidence ?? []) }
    let claims = project.guide.checkpoints.map { ($0.id, project.claims[$0.id]?.evidence ?? []) }
    evidence = answers + claims
  }

  init(_ bid: Bid) {
    let responses = bid.tender.checkpoints.map { ($0.id, bid.responses[$0.id]?.evidence ?? []) }
    let proofs = bid.tender.requirements.map {
      ($0.identifier, bid.proofs[$0.id]?.evidence ?? [])
    }
    evidence = responses + proofs
  }

  /// The evidence files, each path once, under the item that names it first.
  var files: [(source: String, path: String)] {
    let found = inShares(of: evidence.indices, weighing: { 1 + evidence[$0].pieces.count }) {
      share in
      var files: [(source: String, path: String)] = []
      forEachPiece(of: share) { _, piece, path in
        guard let file = piece.path else { return }
        files.append((file, path(piece.file == nil ? "-copy-" : "-", plainName(file))))
      }
      return files
    }
    var seen: Set<ExactText> = []
    seen.reserveCapacity(found.count)
    return found.filter { seen.insert(ExactText($0.source)).inserted }
  }

  /// The links, as records.
  var links: [(path: String, bytes: [UInt8])] {
    var links: [(path: String, bytes: [UInt8])] = []
    forEachPiece(of: evidence.indices) { id, piece, path in
      if let record = Self.record(of: piece, id) {
        links.append((path("-", "link.json"), record))
      }
    }
    return links
  }

  /// Goes through the pieces of some items; `take` is given a way to make a path for one of what stands before
  /// its name, and that.
  private func forEachPiece(
    of items: Range<Int>,
    _ take: (_ id: String, Evidence, _ path: (String, String) -> String) -> Void
  ) {
    var joined: [UInt8] = []
    for (id, pieces) in evidence[items] where !pieces.isEmpty {
      // A path that nothing else has: identifiers are unique, and numbers within one.
      let folder = Array("evidence/\(id.split(separator: ":").joined(separator: "/"))/".utf8)
      // There may be very many: a piece is much to copy, and a path shall have no room to grow in.
      for index in pieces.indices {
        take(id, pieces[index]) { start, name in
          joined.removeAll(keepingCapacity: true)
          joined += folder
          joined += String(index + 1).utf8
          joined += start.utf8
          joined += name.utf8
          return String(decoding: joined, as: UTF8.self)
        }
      }
    }
  }

  /// What is known of a piece of evidence that is a link.
  private static func record(of evidence: Evidence, _ id: String) -> [UInt8]? {
    guard evidence.file == nil, let link = evidence.link else { return nil }
    return JSON.object([
      "id": .string(id), "link": .string(link),
      "copy": evidence.path.map(JSON.string) ?? .null,
      "title": evidence.title.map(JSON.string) ?? .null,
      "collected": .day(evidence.collected), "valid-from": .day(evidence.validFrom),
      "valid-until": .day(evidence.validUntil),
    ]).bytes
  }
}

extension JSON {
  /// A day as ISO 8601 writes it, or nothing.
  static func day(_ day: Day?) -> JSON { day.map { .string($0.description) } ?? .null }
}
