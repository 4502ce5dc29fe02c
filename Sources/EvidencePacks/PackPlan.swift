internal import DocModel

/// Which pieces of evidence a pack holds, and where.
struct PackPlan {
  /// A piece of evidence of a guiding question, a checkpoint or a requirement.
  struct Item {
    /// The identifier of what it shows to be true.
    let id: String
    /// Its number among the evidence of that, from 1.
    let number: Int
    let evidence: Evidence
  }

  /// All pieces in the guide's order: those of questions first, then those of checkpoints.
  let items: [Item]

  /// The evidence files, each path once, under the item that names it first.
  let files: [(source: String, path: String)]

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
    items = evidence.flatMap { id, evidence in
      evidence.enumerated().map { Item(id: id, number: $0 + 1, evidence: $1) }
    }
    var seen: Set<ExactText> = []
    files = items.compactMap { item in
      guard let file = item.evidence.path, seen.insert(ExactText(file)).inserted else { return nil }
      let name = item.evidence.file == nil ? "copy-\(plainName(file))" : plainName(file)
      return (file, item.path(suffix: name))
    }
  }

  /// The links, as records.
  var links: [(path: String, bytes: [UInt8])] {
    items.compactMap { item in
      guard item.evidence.file == nil, let link = item.evidence.link else { return nil }
      let record = JSON.object([
        "id": .string(item.id), "link": .string(link),
        "copy": item.evidence.path.map(JSON.string) ?? .null,
        "title": item.evidence.title.map(JSON.string) ?? .null,
        "collected": .day(item.evidence.collected), "valid-from": .day(item.evidence.validFrom),
        "valid-until": .day(item.evidence.validUntil),
      ])
      return (item.path(suffix: "link.json"), record.bytes)
    }
  }
}

extension PackPlan.Item {
  /// A path that no other item has: identifiers are unique, and numbers within one.
  func path(suffix: String) -> String {
    let folder = id.split(separator: ":").joined(separator: "/")
    return "evidence/\(folder)/\(number)-\(suffix)"
  }
}

/// The last part of a path in plain ASCII, at most 80 characters; its ending is kept.
func plainName(_ path: String) -> String {
  let isSlash = { (byte: UInt8) in byte == 0x2F }
  let end = path.utf8.reversed().drop(while: isSlash)
  let plain = end.prefix { !isSlash($0) }.reversed().compactMap { byte -> UInt8? in
    switch byte {
    case 0x61...0x7A, 0x41...0x5A, 0x30...0x39, 0x2E, 0x5F, 0x2D: byte
    // One for each scalar.
    case 0x80..<0xC0: nil
    default: 0x2D
    }
  }
  guard plain.count > 80 else {
    return plain.isEmpty ? "file" : String(decoding: plain, as: UTF8.self)
  }
  let ending = plain.suffix(from: plain.lastIndex(of: 0x2E) ?? plain.endIndex).prefix(16)
  return String(decoding: plain.prefix(80 - ending.count) + ending, as: UTF8.self)
}

extension JSON {
  /// A day as ISO 8601 writes it, or nothing.
  static func day(_ day: Day?) -> JSON { day.map { .string($0.description) } ?? .null }
}
