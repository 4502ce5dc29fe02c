/// What came of recording digests.
public struct LockUpdate: Sendable {
  /// The lock with what was recorded.
  public let lock: Lock
  /// The files that are new to it.
  public let added: [String]
  /// The files whose new digest was accepted, since they were named.
  public let accepted: [String]
  /// The files that it knows no longer, since they were named.
  public let forgotten: [String]
  /// The files that changed and were not named, whose digests stay as they were.
  public let changed: [String]
  /// The files that are locked, but cannot be read.
  public let unreadable: [String]
  /// How many files are as they were.
  public let unchanged: Int
}

extension Lock {
  /// Records the digests of a project's evidence that are new; a changed file is accepted, and one that
  /// the project no longer has is forgotten, only where it is named.
  ///
  /// - Parameters:
  ///   - project: The project.
  ///   - files: The digests of its evidence files now, by their paths; who cannot be read is left out.
  ///   - names: Paths of files, or identifiers of what their evidence shows to be true; all of the
  ///     project's evidence is looked at where there are none, these alone otherwise.
  /// - Returns: The lock with what was recorded, and what became of each file.
  /// - Throws: `InvalidInput` where a name is neither evidence nor in the lock.
  public func recording(
    _ project: Project, files: [(path: String, sha256: String)], named names: [String] = []
  ) throws(InvalidInput) -> LockUpdate {
    let named = try accepted(names, project)
    let now = Dictionary(files.map { (ExactText($0.path), $0.sha256) }) { first, _ in first }
    let locked = digests
    let evidence = Set(project.evidencePaths.map { ExactText($0) })
    var lines = fileLines
    var added: [String] = []
    var accepted: [String] = []
    var changed: [String] = []
    var unreadable: [String] = []
    var unchanged = 0
    func record(_ path: String, _ digest: String) {
      // What was accepted before is kept, so that a merge that brings its line back changes nothing.
      let own = lines.filter { ExactText($0.content.path) == ExactText(path) }
      let earlier = Set(own.flatMap { [$0.content.sha256] + $0.content.earlier })
      lines.removeAll { ExactText($0.content.path) == ExactText(path) }
      lines.append(
        Line(
          content: File(
            path: path, sha256: digest, earlier: earlier.subtracting([digest]).sorted()),
          mark: Node.Mark(line: 1, column: 1)))
    }
    for path in project.evidencePaths where names.isEmpty || named.contains(ExactText(path)) {
      let known = locked[ExactText(path)]
      guard let digest = now[ExactText(path)] else {
        if known != nil { unreadable.append(path) }
        continue
      }
      if known == [digest] {
        unchanged += 1
      } else if known == nil {
        added.append(path)
        record(path, digest)
      } else if named.contains(ExactText(path)) {
        accepted.append(path)
        record(path, digest)
      } else {
        changed.append(path)
      }
    }
    let forgotten = named.filter { !evidence.contains($0) && locked[$0] != nil }
    lines.removeAll { forgotten.contains(ExactText($0.content.path)) }
    let gone = Set(names.filter { project.reviewed($0) == nil }.map { project.guide.local($0) })
    let reviews = reviewLines.filter { !gone.contains(project.guide.local($0.content.id)) }
    return LockUpdate(
      lock: with(files: lines, reviews: reviews), added: added, accepted: accepted,
      forgotten: forgotten.map(\.text).sorted()
        + (reviews.count < reviewLines.count ? gone.sorted() : []),
      changed: changed, unreadable: unreadable, unchanged: unchanged)
  }

  /// The paths that names stand for.
  private func accepted(
    _ names: [String], _ project: Project
  ) throws(InvalidInput) -> Set<ExactText> {
    let evidence = Set(project.evidencePaths.map { ExactText($0) })
    let locked = digests
    var found: Set<ExactText> = []
    var problems: [Diagnostic] = []
    for name in names {
      if evidence.contains(ExactText(name)) || locked[ExactText(name)] != nil {
        found.insert(ExactText(name))
      } else if let item = project.reviewed(name) {
        found.formUnion(item.evidence.compactMap(\.path).map { ExactText($0) })
      } else if !reviews.contains(where: { $0.id == name }) {
        let near = nearest(to: name, among: project.evidencePaths)
        problems.append(
          Diagnostic(
            "'\(name)' is neither evidence of this project nor something that has any",
            hint: near.map { "did you mean '\($0)'?" }
              ?? "name a file as the project file does, or the identifier of an answer"))
      }
    }
    if !problems.isEmpty { throw InvalidInput(problems) }
    return found
  }

  /// Stamps reviews of some items, as they stand now; an earlier review by the same person makes way.
  ///
  /// Evidence that is new to the lock is recorded as well, since it was seen.
  ///
  /// - Parameters:
  ///   - names: The identifiers of guiding questions, and of checkpoints with evidence of their own.
  ///   - assessment: The project's state, with the attestations of this lock.
  ///   - reviewer: Who reviewed.
  ///   - files: The digests of the items' evidence files, by their paths.
  ///   - digest: The SHA-256 digest of some bytes, in hexadecimal digits in lower case.
  /// - Returns: The lock with the reviews.
  /// - Throws: `InvalidInput` where an item is none, is not current, or has evidence that cannot be seen
  ///   or changed since it was locked, and where a leftover such as `TBD` names the reviewer.
  public func reviewing(
    _ names: [String], in assessment: Assessment, by reviewer: String,
    files: [(path: String, sha256: String)], digest: ([UInt8]) -> String
  ) throws(InvalidInput) -> Lock {
    if let leftover = Placeholder(in: reviewer) {
      throw InvalidInput(
        Diagnostic(
          "'\(leftover.text)' is nobody who could have reviewed",
          hint: "name the person, for example '--by \"Ada Lovelace\"'"))
    }
    let guide = assessment.project.guide
    let now = Dictionary(files.map { (ExactText($0.path), $0.sha256) }) { first, _ in first }
    let ids = names.map { guide.local($0) }
    var problems: [Diagnostic] = []
    var reviews = reviewLines
    var lines = fileLines
    let locked = digests
    let mark = Node.Mark(line: 1, column: 1)
    for (id, name) in zip(ids, names) {
      let found = obstacles(id, name, assessment)
      problems += found
      guard found.isEmpty, let item = assessment.project.reviewed(id) else { continue }
      reviews.removeAll { guide.local($0.content.id) == id && $0.content.by == reviewer }
      let content = ReviewedContent(
        item, answer: digest(item.answer.canonicalBytes),
        note: item.note.map { digest(Array($0.utf8)) }, file: { now[ExactText($0)] })
      reviews.append(
        Line(
          content: Review(id: id, by: reviewer, on: assessment.today, content: content), mark: mark
        ))
      for path in item.evidence.compactMap(\.path) where locked[ExactText(path)] == nil {
        guard let digest = now[ExactText(path)] else { continue }
        lines.append(Line(content: File(path: path, sha256: digest), mark: mark))
      }
    }
    if !problems.isEmpty { throw InvalidInput(problems) }
    return with(files: lines, reviews: reviews)
  }

  /// Why something cannot be reviewed.
  private func obstacles(
    _ id: String, _ name: String, _ assessment: Assessment
  ) -> [Diagnostic] {
    let guide = assessment.project.guide
    let evidence: [EvidenceState]
    let rung: Rung
    switch guide.place(of: id) {
    case .question(let index)?:
      (evidence, rung) = (assessment.questions[index].evidence, assessment.questions[index].rung)
    case .checkpoint(let index)? where guide.checkpoints[index].reliesOn.needsOwnEvidence:
      evidence = assessment.checkpoints[index].evidence
      rung = evidence.contains(where: \.isCurrent) ? .current : .unanswered
    case .checkpoint(let index)?:
      let answers = guide.checkpoints[index].reliesOn.questions
      return [
        Diagnostic(
          "the checkpoint '\(name)' has no evidence of its own to review",
          hint: "review the answers that it relies on: \(listed(answers, atMost: 12))")
      ]
    default:
      let near = guide.nearestIdentifier(to: name) { place in
        switch place {
        case .question, .checkpoint: true
        default: false
        }
      }
      return [
        Diagnostic(
          "the guide has no question or checkpoint '\(name)'",
          hint: near.map { "did you mean '\($0)'?" } ?? "'rfpgen check' shows the identifiers")
      ]
    }
    if rung < .current {
      return [
        Diagnostic(
          "'\(name)' is \(rung.rawValue); only what is current can be reviewed",
          hint: "'rfpgen check' says what it lacks")
      ]
    }
    let pieces = assessment.project.reviewed(id)?.evidence ?? []
    return zip(pieces, evidence).compactMap { piece, state in
      if state == .changed {
        return Diagnostic(
          "'\(piece.name)' of '\(name)' changed since it was locked",
          hint: "look at it, then 'rfpgen lock \(piece.path ?? id)' accepts it as it is now")
      }
      return state.exists
        ? nil
        : Diagnostic(
          "'\(piece.name)' of '\(name)' cannot be seen, so nobody can have reviewed it",
          hint: "bring the file, or take the evidence out")
    }
  }
}
