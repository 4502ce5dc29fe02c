/// A copy of a project's file and its lock that holds only what an audience may see.
///
/// Everything that an audience gets is made of its copy, so that what the copy does not hold is nowhere.
/// Comments go, in which anything may stand; so do reviews of what is withheld, since they bear digests
/// without a salt. What is withheld stands in the list `withheld`, by identifier and digest.
public struct ProjectCopy: Sendable {
  /// For whom it is.
  public let audience: Audience
  /// The project file that the audience may see.
  public let project: Source
  /// The lock that the audience may see; `nil` where there is none.
  public let lock: Source?
  /// What is withheld.
  public let withheld: [Sealed]
  /// The paths of the evidence files that are withheld.
  public let withheldFiles: [String]
  /// What the copy shows although the same is withheld elsewhere, word for word, with both places.
  public let repetitions: [Diagnostic]
  /// What looks for the same in the files that go with the copy.
  package let repetitionCheck: RepetitionCheck
}

extension Assessment {
  /// A copy of the project for an audience.
  ///
  /// - Parameters:
  ///   - audience: For whom it is.
  ///   - file: The SHA-256 digest of the evidence file at a path; `nil` where it cannot be read.
  ///   - seal: The salted digest of what is withheld, in 64 hexadecimal digits.
  /// - Returns: The copy.
  /// - Throws: `InvalidInput` where the project is such a copy already, or says of one file both that an
  ///   audience may see it and that it may not.
  public func copy(
    for audience: Audience, file: @escaping (String) -> String?,
    seal: (Sealed) throws(InvalidInput) -> String
  ) throws(InvalidInput) -> ProjectCopy {
    guard project.audience == nil else {
      throw InvalidInput(
        Diagnostic(
          "'\(project.source.name)' is a copy for an audience already",
          hint: "make it of the project's own file"))
    }
    var copying = Copying(self, audience, file)
    let node = copying.copy(try Node(project.source))
    try copying.refuseContradictions()
    var items: [Node] = []
    for item in copying.withheld {
      items.append(try item.node(as: identifier(of: item.subject), rung(of: item.subject), seal))
    }
    items += copying.published
    var entries = node.entries
    entries.append(Node.Entry("audience", .line(audience.rawValue)))
    if !items.isEmpty { entries.append(Node.Entry("withheld", .list(items))) }
    let copied = try Node(content: .mapping(entries), mark: .start).written(as: project.source.name)
    return ProjectCopy(
      audience: audience, project: copied,
      lock: try copying.lock(attestations.lock, seal),
      withheld: copying.withheld.flatMap(\.sealed),
      withheldFiles: copying.withheldPaths.map(\.path),
      repetitions: copying.repetitions(in: node), repetitionCheck: copying.repetitionCheck)
  }

  /// What a file calls an item: a service level of one of several guides bears the guide's name in front.
  private func identifier(of id: String) -> String {
    if case .serviceLevel(let index)? = guide.place(of: id) {
      return guide.serviceLevels[index].identifier
    }
    return id
  }

  /// How far an answer, or a checkpoint's own evidence, has got.
  private func rung(of id: String) -> Rung? {
    switch guide.place(of: id) {
    case .question(let index)?: questions[index].rung
    case .checkpoint(let index)?: checkpoints[index].ownRung
    default: nil
    }
  }
}

/// Goes through a project's file and takes out what an audience may not see.
private struct Copying {
  let assessment: Assessment
  let audience: Audience
  let file: (String) -> String?
  private let annexes: Set<ExactText>
  private var items: [Item] = []
  private(set) var withheldPaths: [(path: String, mark: Node.Mark)] = []
  private var visible: [ExactText: Node.Mark] = [:]
  private var withheldNames: [ExactText: Node.Mark] = [:]
  private var texts = WithheldTexts()
  private var cleared: [(text: String, place: String?)] = []

  /// What is withheld of one item.
  struct Item {
    let subject: String
    var sealed: [Sealed] = []
  }

  init(_ assessment: Assessment, _ audience: Audience, _ file: @escaping (String) -> String?) {
    self.assessment = assessment
    self.audience = audience
    self.file = file
    let annexes = assessment.project.record["rfp"]?.asRecord?["annexes"]?.asList ?? []
    self.annexes = Set(
      annexes.flatMap { annex in
        ["file", "link"].compactMap { annex.asRecord?[$0]?.asText.map(Self.plain) }
      })
  }

  private var guide: Guide { assessment.guide }

  /// The items of which something is withheld, each once.
  var withheld: [Item] {
    var positions: [String: Int] = [:]
    var found: [Item] = []
    for item in items where !item.sealed.isEmpty {
      if let position = positions[item.subject] {
        found[position].sealed += item.sealed
      } else {
        positions[item.subject] = found.count
        found.append(item)
      }
    }
    return found
  }

  /// A path without what leads nowhere, so that two names of one file are the same.
  private static func plain(_ path: String) -> ExactText {
    if Shape.text(.link).parsed(path) != nil { return ExactText(path) }
    let parts = path.split(separator: "/").filter { $0 != "." }
    return ExactText(parts.joined(separator: "/"))
  }

  // MARK: The file

  mutating func copy(_ node: Node) -> Node {
    var entries: [Node.Entry] = []
    for entry in node.entries {
      switch entry.key {
      case "answers", "checkpoints":
        entries.append(entry.with(supported(entry.value)))
      case "waivers": entries.append(entry.with(waivers(entry.value)))
      // What was cleared is shown where it stands, if at all.
      case Project.cleared:
        cleared = entry.value.items.compactMap { item in
          item["text"]?.text.map { ($0.lowercased(), item["in"]?.text) }
        }
      default: entries.append(entry)
      }
    }
    return Node(content: .mapping(entries), mark: node.mark)
  }

  /// Answers, or claims.
  private mutating func supported(_ node: Node) -> Node {
    var entries: [Node.Entry] = []
    for entry in node.entries {
      let id = guide.local(entry.key)
      let kept = supported(entry.value, id)
      if !kept.entries.isEmpty || entry.value.isBlank { entries.append(entry.with(kept)) }
    }
    return entries.isEmpty ? .blank : Node(content: .mapping(entries), mark: node.mark)
  }

  /// An answer or a claim.
  private mutating func supported(_ node: Node, _ id: String) -> Node {
    let stated = Audience(of: node)
    var item = Item(subject: id)
    var kept: [Node.Entry] = []
    var about: [Node.Entry] = []
    for entry in node.entries where entry.key != "audience" {
      switch entry.key {
      case "answer" where audience < (stated ?? standard(for: id)) && entry.value.holdsSomething:
        item.seal(.answer, entry.value)
        texts.add(entry.value, except: choices(of: id))
      case "evidence":
        let pieces = evidence(entry.value, &item)
        if !pieces.isEmpty { kept.append(entry.with(.list(pieces))) }
      case "by", "on", "note", "review-every":
        if audience < stated ?? .auditor, !entry.value.isBlank {
          about.append(entry)
          if entry.key == "note" { texts.add(entry.value) }
        } else {
          kept.append(entry)
        }
      default: kept.append(entry)
      }
    }
    if !about.isEmpty { item.seal(.about, Node(content: .mapping(about), mark: node.mark)) }
    items.append(item)
    // A blank is there only where something was.
    let isBlank = kept.allSatisfy { $0.value.isBlank }
    return isBlank && !item.sealed.isEmpty
      ? .blank : Node(content: node.isBlank ? node.content : .mapping(kept), mark: node.mark)
  }

  /// The words of which an answer or a part of it is one: the guide names them all, so they tell nothing.
  private func choices(of id: String) -> Set<String> {
    guard case .question(let index)? = guide.place(of: id) else { return [] }
    return Set(guide.questions[index].type.allChoices.map(\.id))
  }

  /// Who may see an answer whose audience is not stated: what the RFP publishes is public.
  private func standard(for id: String) -> Audience {
    guard case .question(let index)? = guide.place(of: id) else { return .auditor }
    return guide.questions[index].need == .rfp ? .public : .auditor
  }

  private mutating func evidence(_ node: Node, _ item: inout Item) -> [Node] {
    node.items.compactMap { piece in
      let entries = piece.entries.filter { $0.key != "audience" }
      let names = ["file", "link", "copy"].compactMap { piece[$0]?.text.map(Self.plain) }
      let isAnnex = names.contains { annexes.contains($0) }
      let path = piece["file"]?.text ?? (piece["link"] == nil ? nil : piece["copy"]?.text)
      guard audience < Audience(of: piece) ?? (isAnnex ? .public : .auditor) else {
        for name in names { visible[name] = piece.mark }
        return Node(content: .mapping(entries), mark: piece.mark)
      }
      for name in names { withheldNames[name] = piece.mark }
      var sealed = entries
      if let path {
        withheldPaths.append((path, piece.mark))
        if let digest = file(path) { sealed.append(Node.Entry("sha256", .line(digest))) }
      }
      item.seal(.evidence, Node(content: .mapping(sealed), mark: piece.mark))
      for key in ["file", "link", "copy", "title"] {
        if let name = piece[key] { texts.add(name, isTitle: key == "title") }
      }
      return nil
    }
  }

  private mutating func waivers(_ node: Node) -> Node {
    var kept: [Node] = []
    for (piece, waiver) in zip(node.items, assessment.project.waivers) {
      let entries = piece.entries.filter { $0.key != "audience" }
      guard audience < Audience(of: piece) ?? .auditor else {
        kept.append(Node(content: .mapping(entries), mark: piece.mark))
        continue
      }
      var item = Item(subject: waiver.subject)
      item.seal(.waiver, Node(content: .mapping(entries), mark: piece.mark))
      if let reason = piece["reason"] { texts.add(reason) }
      items.append(item)
      // One that no longer counts leaves its gap open, and is nothing but a digest.
      if waiver.holds(on: assessment.today) {
        let shown = entries.filter { ["for", "kind"].contains($0.key) }
        kept.append(Node(content: .mapping(shown), mark: piece.mark))
      }
    }
    return kept.isEmpty ? .blank : .list(kept)
  }

  /// Whether what the RFP shows counts, where that depends on an answer that is withheld.
  var published: [Node] {
    let answers = Set(
      withheld.filter { $0.sealed.contains { $0.part == .answer } }.map(\.subject))
    func depends(_ condition: Condition?) -> Bool {
      (condition?.names ?? []).contains { name in
        answers.contains(name) || partName(name).map { answers.contains($0.question) } ?? false
      }
    }
    let levels = zip(guide.serviceLevels, assessment.serviceLevels)
      .filter { depends($0.0.condition) }.map { ($0.identifier, $1) }
    let questions = zip(guide.questions, assessment.questions)
      .filter { $0.0.need == .rfp && depends($0.0.condition) }.map { ($0.id, $1.applicability) }
    return (levels + questions).map { id, applicability in
      let isExcluded = if case .excluded = applicability { true } else { false }
      return Node(
        content: .mapping([
          Node.Entry("for", .line(id)), Node.Entry("applies", .line(isExcluded ? "no" : "yes")),
        ]), mark: .start)
    }
  }

  /// Refuses a file or a link that is withheld at one place and shown at another.
  func refuseContradictions() throws(InvalidInput) {
    let shown = withheldNames.filter { visible[$0.key] != nil || annexes.contains($0.key) }
      .sorted { $0.value.line < $1.value.line }
    guard !shown.isEmpty else { return }
    let source = assessment.project.source
    throw InvalidInput(
      shown.map { name, mark in
        Diagnostic(
          "'\(name.text)' is not for the audience '\(audience.rawValue)' here, but shown to it elsewhere",
          at: source.location(mark), hint: "state the same 'audience' at both places",
          notes: visible[name].map { [.init("here it is shown", at: source.location($0))] } ?? [])
      })
  }

  /// What looks for the same in other files.
  var repetitionCheck: RepetitionCheck {
    RepetitionCheck(
      texts: texts, audience: audience, source: assessment.project.source, cleared: cleared)
  }

  /// What a copy repeats of what is withheld; whom to ask is public by definition.
  func repetitions(in node: Node) -> [Diagnostic] {
    let source = assessment.project.source
    let shown = node.entries.flatMap { entry -> [Node] in
      switch entry.key {
      case "guide": []
      case "rfp":
        entry.value.entries.filter { !["contacts", "submit-to"].contains($0.key) }.map(\.value)
      default: [entry.value]
      }
    }
    let check = repetitionCheck
    return shown.flatMap(texts.repetitions)
      .filter { !check.isCleared($0.text, in: nil) }
      .sorted { ($0.shown.line, $0.shown.column) < ($1.shown.line, $1.shown.column) }
      .map { repetition in
        Diagnostic(
          "'\(repetition.text.prefix(80))' is withheld from the audience '\(audience.rawValue)', "
            + "but shown to it here",
          at: source.location(repetition.shown),
          hint:
            "take it out, state the same 'audience' at both places, or clear it with a reason under "
            + "'\(Project.cleared):' in '\(fileName(source.name))'",
          notes: [.init("it is withheld here", at: source.location(repetition.hidden))])
      }
  }

  // MARK: The lock

  /// The lines about what is shown; of digests only those of files as they are, since an earlier file may
  /// hold what the present one no longer does.
  func lock(
    _ lock: Lock?, _ seal: (Sealed) throws(InvalidInput) -> String
  ) throws(InvalidInput) -> Source? {
    guard let lock else { return nil }
    func written(_ files: [Lock.File], _ reviews: [Lock.Review]) -> Source {
      Source(name: lock.source.name, trusted: Array(Lock.text(files: files, reviews: reviews).utf8))
    }
    if audience == Audience.allCases.last { return written(lock.files, lock.reviews) }
    var files: [Lock.File] = []
    for line in lock.currentFileLines.map(\.content) where visible[Self.plain(line.path)] != nil {
      let isSame = file(line.path) == line.sha256
      let sealed = Sealed(subject: line.path, part: .evidence, bytes: Array(line.sha256.utf8))
      files.append(Lock.File(path: line.path, sha256: isSame ? line.sha256 : try seal(sealed)))
    }
    let withheld = Set(withheld.map(\.subject))
    let reviews = lock.reviews.filter { review in
      let id = guide.local(review.id)
      return !withheld.contains(id)
        && assessment.attestations.reviews(of: id, in: assessment.project, on: assessment.today)
          .contains { $0.holds && $0.by == review.by && $0.on == review.on }
    }
    return written(files, reviews)
  }
}

extension Copying.Item {
  mutating func seal(_ part: Sealed.Part, _ node: Node) {
    sealed.append(Sealed(subject: subject, part: part, bytes: node.texts.canonicalBytes))
  }

  /// What stands in the list of what is withheld.
  func node(
    as name: String, _ rung: Rung?, _ seal: (Sealed) throws(InvalidInput) -> String
  ) throws(InvalidInput) -> Node {
    var entries = [Node.Entry("for", .line(name))]
    let isWaiver = sealed.allSatisfy { $0.part == .waiver }
    if let rung, !isWaiver { entries.append(Node.Entry("rung", .line(rung.rawValue))) }
    for (key, part, isList) in [
      ("answer", Sealed.Part.answer, false), ("about", .about, false),
      ("evidence", .evidence, true), ("waivers", .waiver, true),
    ] {
      var digests: [String] = []
      for item in sealed where item.part == part { digests.append(try seal(item)) }
      guard let first = digests.first else { continue }
      entries.append(
        Node.Entry(key, isList ? .list(digests.sorted().map(Node.line)) : .line(first)))
    }
    return Node(content: .mapping(entries), mark: .start)
  }
}

extension Node {
  fileprivate static let blank = Node(content: .scalar("", isPlain: true), mark: .start)

  fileprivate static func line(_ text: String) -> Node {
    Node(content: .scalar(text, isPlain: false), mark: .start)
  }

  fileprivate static func list(_ items: [Node]) -> Node {
    Node(content: .sequence(items), mark: .start)
  }

  /// What stands here with each single value as the text that was written, without what was left blank.
  fileprivate var texts: Value {
    if isBlank { return .none }
    switch content {
    case .scalar(let text, _): return .text(text)
    case .foreign(let foreign): return .text(foreign.text)
    case .sequence(let items): return .list(items.map(\.texts))
    case .mapping(let entries):
      return .record(Record(Keys(entries.map(\.key)), entries.map(\.value.texts)))
    }
  }
}

extension Node.Entry {
  fileprivate init(_ key: String, _ value: Node) {
    self.init(key: key, mark: .start, value: value)
  }

  fileprivate func with(_ value: Node) -> Node.Entry {
    Node.Entry(key: key, mark: mark, value: value)
  }
}
