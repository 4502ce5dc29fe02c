/// A hole with what to call it, and what must hold where it is a checkpoint's.
struct NamedHole: Sendable {
  let hole: Hole
  let title: Value
  /// The language of the documents that show it, as BCP 47 writes it.
  let language: String
  let statement: Value
}

/// What a template finds for the document that is being made.
enum DocumentView {
  private static let hole = View<NamedHole>(
    "a hole", "A place of the document where something is missing.",
    [
      .init("id", .text(.line), "What is missing.") { .text($0.hole.id) },
      .init("title", .text(.line), "What to call it.") { $0.title },
      .init("statement", .prose, "What must hold, for a checkpoint.") { $0.statement },
      .init("findings", .list(StateViews.finding.shape), "Why.") {
        .list(
          $0.hole.findings.map { [language = $0.language] in
            StateViews.finding(.init($0, language: language))
          })
      },
    ])

  static let document = View<(Document, [NamedHole])>(
    "the document", "The document that is being made.",
    [
      .init("id", .text(.line), "Its name.") { .text($0.0.id) },
      .init("holes", .list(hole.shape), "The places where something is missing.") {
        .list($0.1.map(hole.callAsFunction))
      },
      .init("gaps", .table(keys: "what is missing", .yesNo), "The same, to ask for one by its id.")
      {
        .record(Record(Keys($0.1.map(\.hole.id)), $0.1.map { _ in .bool(true) }))
      },
    ])
}
