extension Lock {
  /// The lines that every lock begins with.
  static let heading = [
    "# The digests of evidence and the stamps of reviews, written by 'rfpgen lock' and 'rfpgen review'.",
    "# Where two people changed this file, keep the lines of both, in any order.",
  ]

  /// The file anew: its comments, then its lines in the order of their bytes, each once.
  public var text: String {
    Self.text(comments: comments, files: currentFileLines.map(\.content), reviews: reviews)
  }

  /// A file with some lines, in the order of their bytes, each once.
  static func text(comments: [String] = [], files: [File], reviews: [Review]) -> String {
    var lines: [String] = files.map { line(of: $0) }
    lines += reviews.map { line(of: $0) }
    var seen: Set<ExactText> = []
    lines = lines.filter { seen.insert(ExactText($0)).inserted }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    return (heading + comments + lines).map { $0 + "\n" }.joined()
  }

  /// The lock with other lines.
  func with(files: [Line<File>]? = nil, reviews: [Line<Review>]? = nil) -> Lock {
    Lock(
      fileLines: files ?? fileLines, reviewLines: reviews ?? reviewLines, comments: comments,
      source: source)
  }

  private init(
    fileLines: [Line<File>], reviewLines: [Line<Review>], comments: [String], source: Source
  ) {
    self.fileLines = fileLines
    self.reviewLines = reviewLines
    self.comments = comments
    self.source = source
  }

  static func line(of file: File) -> String {
    let earlier = file.earlier.map { YAMLText.doubleQuoted($0) }.joined(separator: ", ")
    return "- evidence: "
      + flow([
        ("file", .quoted(file.path)), ("sha256", .quoted(file.sha256)),
        ("earlier", file.earlier.isEmpty ? nil : .plain("[\(earlier)]")),
      ])
  }

  static func line(of review: Review) -> String {
    let content = review.content
    let pieces = content.evidence.map { piece in
      flow([
        ("file", .quoted(piece.file)), ("link", .quoted(piece.link)), ("copy", .quoted(piece.copy)),
        ("sha256", .quoted(piece.sha256)), ("collected", .day(piece.collected)),
        ("valid-from", .day(piece.validFrom)), ("valid-until", .day(piece.validUntil)),
      ])
    }
    return "- review: "
      + flow([
        ("id", .quoted(review.id)), ("by", .quoted(review.by)), ("on", .day(review.on)),
        ("answer", .quoted(content.answer)), ("note", .quoted(content.note)),
        ("answered-by", .quoted(content.answeredBy)), ("answered-on", .day(content.answeredOn)),
        ("saw", pieces.isEmpty ? nil : .plain("[\(pieces.joined(separator: ", "))]")),
      ])
  }

  /// A value as it stands on a line.
  private struct Written {
    let text: String

    static func plain(_ text: String?) -> Written? { text.map { Written(text: $0) } }
    static func quoted(_ text: String?) -> Written? {
      plain(text.map { YAMLText.doubleQuoted($0) })
    }
    static func day(_ day: Day?) -> Written? { plain(day?.description) }
  }

  /// A mapping on one line, without what there is not.
  private static func flow(_ members: [(key: String, value: Written?)]) -> String {
    let shown = members.compactMap { key, value in value.map { "\(key): \($0.text)" } }
    return "{\(shown.joined(separator: ", "))}"
  }
}
