/// What was recorded about a project's evidence and reviews, beside what stands there now: the digests
/// that an assessment compares.
///
/// Computing digests is left to who has the means: `EvidencePacks` reads a folder, a host may keep
/// them. Without attestations an assessment compares nothing, and nothing counts as reviewed.
///
///     let attestations = try Attestations(of: project, in: folder)
///     let assessment = Assessment(project, in: folder, attestations)
public struct Attestations: Sendable {
  /// What was recorded, or `nil` where there is no lock.
  public let lock: Lock?
  private let files: [ExactText: String]
  private let texts: [String: (answer: String, note: String?)]
  private let locked: [ExactText: Set<String>]
  private let reviews: [String: [Lock.Review]]

  /// Nothing recorded and nothing compared.
  public static let none = Attestations()

  private init() {
    lock = nil
    files = [:]
    texts = [:]
    locked = [:]
    reviews = [:]
  }

  /// Joins a lock with what stands there now.
  ///
  /// - Parameters:
  ///   - lock: What was recorded.
  ///   - project: The project that it is about.
  ///   - files: The digests of evidence files by their paths, for those of `paths(of:)` that can be read.
  ///   - digest: The SHA-256 digest of some bytes, in hexadecimal digits in lower case.
  public init(
    _ lock: Lock, of project: Project, files: [(path: String, sha256: String)],
    digest: ([UInt8]) -> String
  ) {
    let guide = project.guide
    self.lock = lock
    self.files = Dictionary(files.map { (ExactText($0.path), $0.sha256) }) { first, _ in first }
    locked = lock.digests
    reviews = Dictionary(grouping: lock.reviews) { guide.local($0.id) }
    var texts: [String: (answer: String, note: String?)] = [:]
    for id in reviews.keys {
      guard let item = project.reviewed(id) else { continue }
      texts[id] = (digest(item.answer.canonicalBytes), item.note.map { digest(Array($0.utf8)) })
    }
    self.texts = texts
  }

  /// The evidence files of a project whose digests a lock asks for, each once.
  public static func paths(_ lock: Lock, of project: Project) -> [String] {
    var wanted = Set(lock.files.map { ExactText($0.path) })
    for review in lock.reviews {
      for piece in review.content.evidence {
        if let path = piece.file ?? piece.copy { wanted.insert(ExactText(path)) }
      }
    }
    return project.evidencePaths.filter { wanted.contains(ExactText($0)) }
  }

  /// Whether the bytes at a path are not those that were recorded.
  func isChanged(_ path: String) -> Bool {
    let path = ExactText(path)
    guard let recorded = locked[path] else { return false }
    return recorded != files[path].map { [$0] }
  }

  /// Whether a digest of the file at a path was recorded.
  func isLocked(_ path: String) -> Bool { locked[ExactText(path)] != nil }

  /// The reviews of an item with what has changed since, in the order of the lock.
  func reviews(of id: String, in project: Project, on today: Day) -> [ReviewState] {
    (reviews[id] ?? []).map { review in
      ReviewState(
        by: review.by, on: review.on,
        changes: review.on > today
          ? ["it is dated \(review.on), which lies ahead"]
          : content(of: id, in: project)?.changes(since: review.content) ?? ["it is gone"])
    }
  }

  /// What stands there now, as a reviewer would see it.
  private func content(of id: String, in project: Project) -> ReviewedContent? {
    guard let item = project.reviewed(id), let text = texts[id] else { return nil }
    return ReviewedContent(
      item, answer: text.answer, note: text.note, file: { files[ExactText($0)] })
  }
}

/// A review with what has changed since.
public struct ReviewState: Hashable, Sendable {
  /// Who reviewed.
  public let by: String
  /// On which day.
  public let on: Day
  /// What is no longer as it was seen, in words; empty where the review holds.
  public let changes: [String]

  /// Whether everything is still as it was seen.
  public var holds: Bool { changes.isEmpty }
}

/// When something is to be reviewed again.
public struct ReviewDue: Sendable {
  /// What is to be reviewed: a piece of evidence, or `nil` for the answer itself.
  public let evidence: String?
  /// The last day on which nobody has to; `nil` where it never was and no date is stated.
  public let day: Day?
  /// How often.
  public let period: ReviewPeriod
  /// Whether the day has passed.
  public func isOver(on today: Day) -> Bool { day.map { $0 < today } ?? true }
}

// MARK: - What can be reviewed

/// An answer or a claim as a reviewer looks at it.
struct Reviewed {
  let answer: Value
  let note: String?
  let by: String?
  let on: Day?
  let evidence: [Evidence]
  let period: ReviewPeriod?

  /// When what bears a period is due; `last`: the latest review that holds.
  func due(after last: Day?) -> [ReviewDue] {
    func due(_ name: String?, _ period: ReviewPeriod?, _ begin: Day?) -> ReviewDue? {
      period.map { period in
        ReviewDue(
          evidence: name, day: (last ?? begin).map { $0 + period.span.wholeDays }, period: period)
      }
    }
    return [due(nil, period, on)].compactMap { $0 }
      + evidence.compactMap { due($0.name, $0.reviewEvery, $0.collected) }
  }
}

extension Project {
  /// The answer or the claim of an identifier; `nil` where there is none.
  func reviewed(_ id: String) -> Reviewed? {
    switch guide.place(of: id) {
    case .question(let index)?: answers[guide.questions[index].id].map { Reviewed($0) }
    case .checkpoint(let index)?: claims[guide.checkpoints[index].id].map { Reviewed($0) }
    default: nil
    }
  }

  /// The paths of the evidence files and captured copies of some items.
  package func evidencePaths(of ids: [String]) -> [String] {
    ids.flatMap { reviewed($0)?.evidence.compactMap(\.path) ?? [] }
  }

  /// The paths of all evidence files and captured copies, each once, in the guide's order.
  package var evidencePaths: [String] {
    var seen: Set<ExactText> = []
    let evidence =
      guide.questions.flatMap { answers[$0.id]?.evidence ?? [] }
      + guide.checkpoints.flatMap { claims[$0.id]?.evidence ?? [] }
    return evidence.compactMap(\.path).filter { seen.insert(ExactText($0)).inserted }
  }
}

extension Reviewed {
  init(_ answer: Answer) {
    self.init(
      answer: answer.value, note: answer.note, by: answer.by, on: answer.on,
      evidence: answer.evidence, period: answer.reviewEvery)
  }

  init(_ claim: Claim) {
    self.init(
      answer: .bool(claim.isClaimed), note: claim.note, by: claim.by, on: claim.on,
      evidence: claim.evidence, period: claim.reviewEvery)
  }
}

extension ReviewedContent {
  /// What is seen now; `file` gives the digest of an evidence file.
  init(_ item: Reviewed, answer: String, note: String?, file: (String) -> String?) {
    self.init(
      answer: answer, note: note, answeredBy: item.by, answeredOn: item.on,
      evidence: item.evidence.map { piece in
        Piece(
          file: piece.file, link: piece.file == nil ? piece.link : nil,
          copy: piece.file == nil ? piece.path : nil, sha256: piece.path.flatMap(file),
          collected: piece.collected, validFrom: piece.validFrom, validUntil: piece.validUntil)
      })
  }

  /// What is no longer as it was seen, in words.
  func changes(since seen: ReviewedContent) -> [String] {
    var changes: [String] = []
    if answer != seen.answer { changes.append("the answer changed") }
    if note != seen.note { changes.append("the note changed") }
    if !isSame(answeredBy, seen.answeredBy) { changes.append("who answered changed") }
    if answeredOn != seen.answeredOn {
      changes.append("the day of the answer changed\(from(seen.answeredOn, to: answeredOn))")
    }
    var rest = seen.evidence[...]
    for piece in evidence {
      guard let index = rest.firstIndex(where: { isSame($0.name, piece.name) }) else {
        changes.append("'\(piece.name)' came in")
        continue
      }
      changes += piece.changes(since: rest.remove(at: index))
    }
    return changes + rest.map { "'\($0.name)' went" }
  }
}

extension ReviewedContent.Piece {
  fileprivate func changes(since seen: Self) -> [String] {
    var changes: [String] = []
    if !isSame(copy, seen.copy) || sha256 != seen.sha256 { changes.append("'\(name)' changed") }
    for (key, now, then) in [
      ("collected", collected, seen.collected), ("valid-from", validFrom, seen.validFrom),
      ("valid-until", validUntil, seen.validUntil),
    ] where now != then {
      changes.append("'\(key)' of '\(name)' changed\(from(then, to: now))")
    }
    return changes
  }
}

private func isSame(_ left: String?, _ right: String?) -> Bool {
  left.map { ExactText($0) } == right.map { ExactText($0) }
}

private func from(_ old: Day?, to new: Day?) -> String {
  switch (old, new) {
  case (let old?, let new?): " from \(old) to \(new)"
  case (let old?, nil): " from \(old) to none"
  case (nil, let new?): " from none to \(new)"
  case (nil, nil): ""
  }
}

extension Value {
  /// The value as canonical JSON (RFC 8785): members in the order of their names, no spaces, and
  /// nothing of what was left out, so that the same answer always has the same bytes.
  package var canonicalBytes: [UInt8] { JSON(self).canonical.canonicalBytes }
}
