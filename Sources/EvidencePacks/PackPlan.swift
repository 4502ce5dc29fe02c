internal import DocModel

/// Which pieces of evidence a pack holds, and where.
struct PackPlan {
  /// The evidence files, each path once, under the item that names it first: those of questions in the
  /// guide's order, then those of checkpoints.
  let files: [(source: String, path: String)]

  /// The links, as records.
  let links: [(path: String, bytes: [UInt8])]

  init(_ project: Project) {
    let answers = project.guide.questions.map { ($0.id, project.answers[$0.id]?.evidence ?? []) }
    let claims = project.guide.checkpoints.map { ($0.id, project.claims[$0.id]?.evidence ?? []) }
    self.init(answers + claims)
  }

  init(_ bid: Bid) {
    let responses = bid.tender.checkpoints.map { ($0.id, bid.responses[$0.id]?.evidence ?? []) }
    let proofs = bid.tender.requirements.map {
      ($0.identifier, bid.proofs[$0.id]?.evidence ?? [])
    }
    self.init(responses + proofs)
  }

  private init(_ evidence: [(id: String, evidence: [Evidence])]) {
    var seen: Set<ExactText> = []
    var files: [(source: String, path: String)] = []
    var links: [(path: String, bytes: [UInt8])] = []
    var joined: [UInt8] = []
    for (id, pieces) in evidence where !pieces.isEmpty {
      // A path that nothing else has: identifiers are unique, and numbers within one.
      let folder = "evidence/\(id.split(separator: ":").joined(separator: "/"))/"
      for (index, piece) in pieces.enumerated() {
        /// A path for it; there may be very many, each of which shall have no room to grow in.
        func path(_ start: String, _ name: String) -> String {
          joined.removeAll(keepingCapacity: true)
          joined += folder.utf8
          joined += String(index + 1).utf8
          joined += start.utf8
          joined += name.utf8
          return String(decoding: joined, as: UTF8.self)
        }
        if let file = piece.path, seen.insert(ExactText(file)).inserted {
          let start = piece.file == nil ? "-copy-" : "-"
          files.append((file, path(start, plainName(file))))
        }
        if let record = Self.record(of: piece, id) {
          links.append((path("-", "link.json"), record))
        }
      }
    }
    self.files = files
    self.links = links
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
