/// What a winner's bid says of a project: its responses as answers, its offers as service levels, and its
/// evidence, all of it to be confirmed.
///
///     let award = try Award(of: bid, to: project, evidenceFolder: "bids/example-hosting")
///     let changed = try project.source.changed(by: award.changes)
///
/// Each thing that is carried over bears where it came from: who gave it, and a note with the bidder, the
/// key in the bid and how it was confirmed. No checkpoint is claimed by it, no answer that was given is
/// replaced. Prose answers a question that asks for prose, an offered service level one that asks for the same
/// numbers; what else is asked stays open, with what the bid says beside it. A service level's target becomes
/// what is offered, and its note says what was asked for.
public struct Award: Sendable {
  /// What is to change in the project's file.
  public private(set) var changes: [FileChange] = []
  /// Evidence files of the bid that lie outside the project's folder, where evidence cannot stand.
  public private(set) var filesLeftOut: [String] = []
  /// Other bidders whose responses the project holds already, by the notes that say so.
  public private(set) var earlierBidders: [String] = []

  private let bid: Bid
  private let project: Project
  private let cells: MatrixCells
  private let said: Node
  private let evidenceFolder: String?
  /// The notes that were put together, by their places, for a question may belong to several checkpoints.
  private var notes: [[Matrix.Step]: String] = [:]
  private var noteOrder: [[Matrix.Step]] = []
  private var answered: Set<String> = []

  /// Puts together what a bid says of a project.
  ///
  /// `evidenceFolder`: the path of the bid's folder within the project's, empty where they are one;
  /// `nil` where it lies elsewhere.
  /// - Throws: never for files that were read; the type is that of reading them again.
  public init(
    of bid: Bid, to project: Project, evidenceFolder: String?
  ) throws(InvalidInput) {
    self.bid = bid
    self.project = project
    self.evidenceFolder = evidenceFolder
    cells = MatrixCells(top: try Node(project.source))
    said = try Node(bid.source)
    for level in bid.tender.serviceLevels { takeOffer(level.id) }
    for checkpoint in bid.tender.checkpoints { take(checkpoint.id) }
    for place in noteOrder { put(notes[place] ?? "", at: place) }
  }

  // MARK: - Checkpoints

  private mutating func take(_ id: String) {
    guard let response = said.value(at: [.key("checkpoints"), .key(id)]),
      response["confirm"] != nil || response["approach"] != nil,
      case .checkpoint(let index)? = project.guide.place(of: id)
    else { return }
    let checkpoint = project.guide.checkpoints[index]
    let confirmation = response["confirm"]?.text
    let texts = ["approach", "example", "note"].compactMap { response[$0]?.text }
    let origin = origin("checkpoints.\(id)", confirmation.map { "confirm: \($0)" })
    let place: [Matrix.Step] = [
      .key("checkpoints"),
      cells.key(of: checkpoint.id, below: "checkpoints", project.guide.local),
    ]
    let evidence = evidence(of: response)
    carry(evidence, [origin] + texts, to: place)
    guard confirmation != "no" else { return }
    for question in checkpoint.reliesOn.questions {
      guard case .question(let index)? = project.guide.place(of: question) else { continue }
      let question = project.guide.questions[index]
      guard question.by == .provider, !(project.answers[question.id]?.isGiven ?? false) else {
        continue
      }
      let place: [Matrix.Step] = [
        .key("answers"), cells.key(of: question.id, below: "answers", project.guide.local),
      ]
      // Prose answers a question for prose; what has another form stays open, with the prose beside it.
      let takesProse = question.type.kind == .text && response["approach"] != nil
      if takesProse, answered.insert(question.id).inserted {
        let answer = ["approach", "example"].compactMap { response[$0]?.text }
        put(answer.map(\.withoutLineEnds).joined(separator: "\n\n"), at: place + [.key("answer")])
        carry(evidence, [origin], to: place)
      } else {
        carry(evidence, [origin] + texts, to: place)
      }
    }
  }

  /// Adds who said something, where, and what shows it.
  private mutating func carry(
    _ evidence: [Node.Content], _ texts: [String], to place: [Matrix.Step]
  ) {
    if cells.top?.value(at: place + [.key("by")]) == nil, notes[place + [.key("note")]] == nil {
      put(bid.bidder, at: place + [.key("by")])
    }
    note(texts, at: place + [.key("note")])
    if !evidence.isEmpty {
      changes.append(
        FileChange(place + [.key("evidence")], .list(evidence), isAddition: true))
    }
  }

  private mutating func evidence(of response: Node) -> [Node.Content] {
    (response["evidence"]?.items ?? []).compactMap { item in
      guard let file = item["file"]?.text else { return item["link"] == nil ? nil : item.content }
      guard let evidenceFolder else {
        if !filesLeftOut.contains(file) { filesLeftOut.append(file) }
        return nil
      }
      let path = evidenceFolder.isEmpty ? file : "\(evidenceFolder)/\(file)"
      return .record(
        item.entries.map { ($0.key, $0.key == "file" ? .text(path) : $0.value.content) })
    }
  }

  // MARK: - Service levels

  private mutating func takeOffer(_ id: String) {
    guard let offer = said.value(at: [.key("service-levels"), .key(id)]),
      let value = offer["offer"], let index = project.guide.serviceLevel(of: id),
      bid.offers[id]?.offer?.isAnswered ?? false
    else { return }
    let place: [Matrix.Step] = [
      .key("service-levels"), cells.key(of: id, below: "service-levels", project.guide.local),
    ]
    let asked = cells.top?.value(at: place + [.key("target")])
    let isAsAsked = asked?.content.isSame(as: value.content) ?? false
    if !isAsAsked { put(value, at: place + [.key("target")]) }
    let before = asked.flatMap(\.words).map { "target: \($0)" }
    let origin = origin("service-levels.\(id)", isAsAsked ? nil : before)
    note([origin, offer["note"]?.text ?? ""], at: place + [.key("note")])
    let level = project.guide.serviceLevels[index]
    for question in level.origins { answer(question, by: value, of: level.type, origin) }
  }

  /// Answers an open question that a provider answers, where an offer has the form that it asks for.
  private mutating func answer(
    _ id: String, by offer: Node, of type: AnswerType, _ origin: String
  ) {
    guard case .question(let index)? = project.guide.place(of: id) else { return }
    let question = project.guide.questions[index]
    guard question.by == .provider, !(project.answers[question.id]?.isGiven ?? false),
      let values = question.type.values(in: offer, of: type),
      answered.insert(question.id).inserted
    else { return }
    let place: [Matrix.Step] = [
      .key("answers"), cells.key(of: question.id, below: "answers", project.guide.local),
    ]
    for (steps, value) in values { put(value, at: place + [.key("answer")] + steps) }
    carry([], [origin], to: place)
  }

  // MARK: - Changes

  /// Where something comes from: the bidder, the key in the bid, and what was said there.
  private func origin(_ key: String, _ words: String?) -> String {
    "`\(bid.bidderID)`: `\(key)`" + (words.map { " (`\($0)`)" } ?? "")
  }

  /// The bidder whom a note comes from, where an award wrote it.
  private static func bidder(of note: String) -> String? {
    let parts = note.split(separator: "`", maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count > 3, parts[0].isEmpty, parts[2] == ": ",
      parts[3].hasPrefix("checkpoints.") || parts[3].hasPrefix("service-levels.")
    else { return nil }
    return String(parts[1])
  }

  /// Joins paragraphs to a note, unless it has them already.
  private mutating func note(_ texts: [String], at place: [Matrix.Step]) {
    let text = texts.map(\.withoutLineEnds).filter { !$0.isEmpty }.joined(separator: "\n\n")
    let own = notes[place] ?? cells.top?.value(at: place)?.text ?? ""
    if let bidder = Self.bidder(of: own), bidder != bid.bidderID, !earlierBidders.contains(bidder) {
      earlierBidders.append(bidder)
    }
    guard !own.contains(text) else { return }
    if notes[place] == nil { noteOrder.append(place) }
    notes[place] = own.isEmpty ? text : "\(own.withoutLineEnds)\n\n\(text)"
  }

  private mutating func put(_ text: String, at place: [Matrix.Step]) {
    changes.append(FileChange(place, .text(text)))
  }

  /// Puts a value in, key by key where it has several.
  private mutating func put(_ node: Node, at place: [Matrix.Step]) {
    guard case .mapping(let entries) = node.content else {
      changes.append(FileChange(place, node.content))
      return
    }
    for entry in entries where !entry.value.isBlank {
      put(entry.value, at: place + [.key(entry.key)])
    }
  }
}

extension AnswerType {
  /// What an offer says to a question of this type, part by part; `nil` where it leaves something open.
  fileprivate func values(
    in offer: Node, of type: AnswerType
  ) -> [(steps: [Matrix.Step], value: Node)]? {
    guard kind == .parts else { return isLike(type) ? [([], offer)] : nil }
    var values: [(steps: [Matrix.Step], value: Node)] = []
    for part in parts {
      if let own = type.parts.first(where: { $0.id == part.id }), part.type.isLike(own.type),
        let value = offer[part.id], !value.isBlank
      {
        values.append(([.key(part.id)], value))
      } else if !part.isOptional {
        return nil
      }
    }
    return values.isEmpty ? nil : values
  }

  /// Whether values of another type stand for the same here.
  private func isLike(_ other: AnswerType) -> Bool {
    [.number, .quantity, .duration, .date, .yesNo].contains(kind) && kind == other.kind
      && unit == other.unit
  }
}

extension Node {
  /// What stands in a file, in a line.
  fileprivate var words: String? {
    switch content {
    case .scalar, .foreign: text
    case .sequence(let items): items.compactMap(\.words).joined(separator: ", ")
    case .mapping(let entries):
      entries.compactMap { entry in entry.value.words.map { "\(entry.key): \($0)" } }
        .joined(separator: ", ")
    }
  }
}

extension String {
  /// The text without line ends behind it.
  fileprivate var withoutLineEnds: String {
    var text = self[...]
    while text.last == "\n" { text.removeLast() }
    return String(text)
  }
}
