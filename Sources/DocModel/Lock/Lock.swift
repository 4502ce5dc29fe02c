/// What was recorded about a project's evidence and reviews: a file beside the project's, written by
/// machine, one line for each thing, so that what two people recorded side by side merges by lines.
///
///     # …
///     - evidence: {file: "evidence/map.pdf", sha256: 9f86…}
///     - review: {id: place.map, by: "Ada", on: 2026-11-21, answer: 2c26…, saw: […]}
///
/// Lines may stand in any order, and more than once, as a merge may leave them: a digest that stands
/// there twice counts once; one that another line of the file names as an earlier one counts no longer;
/// two that are left, or that name each other so, contradict each other; and of an item's reviews each
/// stands for itself.
public struct Lock: Sendable {
  /// The digest of an evidence file when it was recorded.
  public struct File: Hashable, Sendable {
    /// The path below the project's folder.
    public let path: String
    /// The SHA-256 digest of the file's bytes, in hexadecimal digits.
    public let sha256: String
    /// The digests that were accepted before.
    public let earlier: [String]

    /// Records a digest.
    public init(path: String, sha256: String, earlier: [String] = []) {
      self.path = path
      self.sha256 = sha256
      self.earlier = earlier
    }
  }

  /// Somebody's word that an item was looked at, with what was seen.
  public struct Review: Hashable, Sendable {
    /// What was reviewed: a guiding question, or a checkpoint with evidence of its own.
    public let id: String
    /// Who reviewed it.
    public let by: String
    /// On which day.
    public let on: Day
    /// What was seen.
    public let content: ReviewedContent

    /// Records a review.
    public init(id: String, by: String, on: Day, content: ReviewedContent) {
      self.id = id
      self.by = by
      self.on = on
      self.content = content
    }
  }

  /// A line with its place in the file.
  struct Line<Content: Hashable & Sendable>: Sendable {
    let content: Content
    let mark: Node.Mark
  }

  let fileLines: [Line<File>]
  let reviewLines: [Line<Review>]
  /// Lines that begin with `#`, but for those that are written anew each time.
  let comments: [String]
  /// The file that it was read from.
  public let source: Source

  /// The digests in the order of the file.
  public var files: [File] { fileLines.map(\.content) }
  /// The reviews in the order of the file.
  public var reviews: [Review] { reviewLines.map(\.content) }

  /// The lines of digests but for those that others have taken the place of.
  ///
  /// Where each line of a file names another's digest as an earlier one, as when one of two people went
  /// back to what the other went on from, none takes the place of any.
  var currentFileLines: [Line<File>] {
    var earlier: [ExactText: Set<String>] = [:]
    for line in fileLines where !line.content.earlier.isEmpty {
      earlier[ExactText(line.content.path), default: []].formUnion(line.content.earlier)
    }
    if earlier.isEmpty { return fileLines }
    let isCurrent = fileLines.map {
      !(earlier[ExactText($0.content.path)]?.contains($0.content.sha256) ?? false)
    }
    var settled: Set<ExactText> = []
    for (line, isCurrent) in zip(fileLines, isCurrent) where isCurrent {
      settled.insert(ExactText(line.content.path))
    }
    return zip(fileLines, isCurrent)
      .filter { $1 || !settled.contains(ExactText($0.content.path)) }.map(\.0)
  }

  /// The digests that count of each file: more than one where the lock contradicts itself.
  var digests: [ExactText: Set<String>] {
    let current = currentFileLines.map { (ExactText($0.content.path), [$0.content.sha256] as Set) }
    return Dictionary(current) { $0.union($1) }
  }

  /// The name of the lock of a project file: `project.lock` for `project.yaml`.
  public static func fileName(for project: String) -> String {
    let name = DocModel.fileName(project)
    for ending in [".yaml", ".yml", ".json"] where name.lowercased().hasSuffix(ending) {
      return String(name.dropLast(ending.utf8.count)) + ".lock"
    }
    return "project.lock"
  }

  /// Reads the lock of a project, or `nil` where there is none.
  ///
  /// - Throws: `InvalidInput` with all that is wrong with the file's form.
  public init?(of project: Project, in world: some World) throws(InvalidInput) {
    try self.init(beside: project.source, in: world)
  }

  /// Reads the lock that stands beside a project's file, or `nil` where there is none.
  ///
  /// - Throws: `InvalidInput` with all that is wrong with the lock's form.
  public init?(beside project: Source, in world: some World) throws(InvalidInput) {
    guard let source = try world.source(of: Self.fileName(for: project.name)) else { return nil }
    try self.init(source)
  }

  /// Reads a lock.
  ///
  /// - Throws: `InvalidInput` with all that is wrong with the file's form.
  public init(_ source: Source) throws(InvalidInput) {
    try Self.refuseConflicts(source)
    var reading = Reading(source, Self.line)
    var files: [Line<File>] = []
    var reviews: [Line<Review>] = []
    // Without a line there is no list either.
    let isBlank = Self.allLines(of: source.bytes) { line, _ in
      line.first == UInt8(ascii: "#") || line.allSatisfy { $0 <= 0x20 }
    }
    let node =
      isBlank
      ? Node(content: .sequence([]), mark: Node.Mark(line: 1, column: 1)) : try Node(source)
    _ = reading.value(of: node, as: .list(.record(Self.line)), called: Name("the lock"))
    for item in node.items {
      guard (item["evidence"] == nil) != (item["review"] == nil) else {
        // What is no mapping, or has unknown keys, was refused already.
        guard case .mapping(let entries) = item.content,
          entries.allSatisfy({ Self.line[$0.key] != nil })
        else { continue }
        reading.refuse(
          "a line of the lock holds either 'evidence' or 'review'", at: item.mark,
          hint: "take the line out, and let 'rfpgen lock' write it anew")
        continue
      }
      if let file = item["evidence"].flatMap({ File($0) }) {
        files.append(Line(content: file, mark: item.mark))
      }
      if let review = item["review"].flatMap({ Review($0) }) {
        reviews.append(Line(content: review, mark: item.mark))
      }
    }
    try reading.finish()
    fileLines = files
    reviewLines = reviews
    var comments: [String] = []
    _ = Self.allLines(of: source.bytes) { line, _ in
      if line.first == UInt8(ascii: "#") {
        let text = line.last == 0x0D ? line.dropLast() : line
        comments.append(String(decoding: text, as: UTF8.self))
      }
      return true
    }
    self.comments = comments.filter { !Self.heading.contains($0) }
    self.source = source
  }

  /// Begins a lock without lines under a name.
  public init(named name: String) {
    fileLines = []
    reviewLines = []
    comments = []
    source = Source(name: name, trusted: [])
  }

  /// Says what to do where two versions of the file were not merged.
  private static func refuseConflicts(_ source: Source) throws(InvalidInput) {
    var conflict: Int?
    _ = allLines(of: source.bytes) { text, number in
      let isMark =
        text.count >= 7 && text[text.startIndex] >= UInt8(ascii: "<")
        && text[text.startIndex] <= UInt8(ascii: ">")
        && text.prefix(7).allSatisfy { $0 == text[text.startIndex] }
      if isMark { conflict = number }
      return !isMark
    }
    guard let conflict else { return }
    throw InvalidInput(
      Diagnostic(
        "two versions of the lock were not merged",
        at: source.location(line: conflict, column: 1),
        hint: "take out the lines that begin with '<<<<<<<', '=======' and '>>>>>>>' and keep "
          + "all others; 'project.lock merge=union' in '.gitattributes' does so from now on"))
  }

  /// Whether something holds for all lines, which are gone through with their numbers until it does not.
  private static func allLines(
    of bytes: [UInt8], _ holds: (ArraySlice<UInt8>, Int) -> Bool
  ) -> Bool {
    var start = 0
    var number = 1
    while start <= bytes.count {
      let end = bytes.withUnsafeBufferPointer { all in
        all[start...].firstIndex(of: 0x0A) ?? all.count
      }
      if !holds(bytes[start..<end], number) { return false }
      start = end + 1
      number += 1
    }
    return true
  }
}

/// What a reviewer saw of an answer or a claim, so that every later change shows.
public struct ReviewedContent: Hashable, Sendable {
  /// The SHA-256 digest of the answer's canonical form; of a claim, of whether it is made.
  public let answer: String
  /// The SHA-256 digest of the note, where there is one.
  public let note: String?
  /// Who had answered.
  public let answeredBy: String?
  /// When it had been answered.
  public let answeredOn: Day?
  /// The evidence in the order of the file.
  public let evidence: [Piece]

  /// A piece of evidence as it was seen.
  public struct Piece: Hashable, Sendable {
    /// The file's path.
    public let file: String?
    /// The address.
    public let link: String?
    /// The path of the captured copy of what a link pointed to.
    public let copy: String?
    /// The SHA-256 digest of the file or the copy.
    public let sha256: String?
    /// When it was collected.
    public let collected: Day?
    /// The first day on which it holds.
    public let validFrom: Day?
    /// The last day on which it holds.
    public let validUntil: Day?

    /// What it is known by among the evidence of an answer.
    var name: String { file ?? link ?? "" }
  }
}

// MARK: - The shape of the file

extension Lock {
  /// What stands in a line.
  public static let line = RecordShape(
    "a line of the lock", "The digest of an evidence file, or the stamp of a review.",
    [
      .init("evidence", .record(file), "The digest of an evidence file."),
      .init("review", .record(review), "The stamp of a review."),
    ])

  /// The JSON Schema of the file, which is a list of lines.
  public static var schema: JSON {
    JSONSchema.schema(
      forListOf: line, title: "lock",
      summary: "The digests of a project's evidence and the stamps of reviews.")
  }

  private static let file = RecordShape(
    "a locked file", "An evidence file as it was when it was locked.",
    [
      .init("file", .text(.path), required: true, "Its path below the project's folder."),
      .init("sha256", .text(.digest), required: true, "The digest of its bytes."),
      .init("earlier", .list(.text(.digest)), "The digests that were accepted before."),
    ])

  private static let review = RecordShape(
    "a review", "Somebody's word that an answer or a claim was looked at, with what was seen.",
    [
      .init("id", .text(.identifier), required: true, "The guiding question or the checkpoint."),
      .init("by", .text(.line), required: true, "Who reviewed it."),
      .init("on", .text(.date), required: true, "On which day."),
      .init(
        "answer", .text(.digest), required: true,
        "The digest of the answer as canonical JSON; of a claim, of `true` or `false`."),
      .init("note", .text(.digest), "The digest of the note."),
      .init("answered-by", .text(.line), "Who had answered."),
      .init("answered-on", .text(.date), "When it had been answered."),
      .init("saw", .list(.record(piece)), "The evidence that was seen."),
    ])

  private static let piece = RecordShape(
    "seen evidence", "A piece of evidence as it was seen.",
    [
      .init("file", .text(.path), "Its path below the project's folder."),
      .init("link", .text(.link), "Its address."),
      .init("copy", .text(.path), "The captured copy of what the address led to."),
      .init("sha256", .text(.digest), "The digest of the file or the copy."),
      .init("collected", .text(.date), "When it was collected."),
      .init("valid-from", .text(.date), "The first day on which it holds."),
      .init("valid-until", .text(.date), "The last day on which it holds."),
    ])
}

extension Lock.File {
  fileprivate init?(_ node: Node) {
    guard let path = node["file"]?.text, let sha256 = node["sha256"]?.text else { return nil }
    self.init(
      path: path, sha256: sha256, earlier: (node["earlier"]?.items ?? []).compactMap(\.text))
  }
}

extension Lock.Review {
  fileprivate init?(_ node: Node) {
    guard let id = node["id"]?.text, let by = node["by"]?.text,
      let on = node["on"]?.text.flatMap({ Day($0) }), let answer = node["answer"]?.text
    else { return nil }
    self.init(
      id: id, by: by, on: on,
      content: ReviewedContent(
        answer: answer, note: node["note"]?.text, answeredBy: node["answered-by"]?.text,
        answeredOn: node["answered-on"]?.text.flatMap { Day($0) },
        evidence: (node["saw"]?.items ?? []).map { ReviewedContent.Piece($0) }))
  }
}

extension ReviewedContent.Piece {
  fileprivate init(_ node: Node) {
    file = node["file"]?.text
    link = node["link"]?.text
    copy = node["copy"]?.text
    sha256 = node["sha256"]?.text
    collected = node["collected"]?.text.flatMap { Day($0) }
    validFrom = node["valid-from"]?.text.flatMap { Day($0) }
    validUntil = node["valid-until"]?.text.flatMap { Day($0) }
  }
}
