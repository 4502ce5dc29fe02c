/// What an evidence pack holds beside a document that is made for it.
public struct PackMembers: Sendable {
  /// The path of the list of all gaps from the document.
  public let gapReport: String
  /// The path of the statement for programs.
  public let statement: String
  /// Finds the copy of an evidence file by the path that the evidence names.
  public let copy: @Sendable (_ path: String) -> KeptEvidence?

  /// Names the members of a pack.
  public init(
    gapReport: String, statement: String,
    copy: @escaping @Sendable (_ path: String) -> KeptEvidence?
  ) {
    self.gapReport = gapReport
    self.statement = statement
    self.copy = copy
  }

  static let view = View<PackMembers>(
    "an evidence pack", "What an evidence pack holds beside the document.",
    [
      .init("gap-report", .text(.path), "The path of the list of all gaps.") {
        .text($0.gapReport)
      },
      .init("statement", .text(.path), "The path of the statement for programs.") {
        .text($0.statement)
      },
    ])

  /// A name under which templates find it.
  static func field<Subject>(
    _ pack: @escaping @Sendable (Subject) -> PackMembers?
  ) -> View<Subject>.Field {
    .init(
      "pack", view.shape, "What stands beside the document in an evidence pack; only there."
    ) { subject in
      pack(subject).map { view($0) } ?? .none
    }
  }
}

/// The copy of an evidence file that an evidence pack holds.
public struct KeptEvidence: Hashable, Sendable {
  /// Its path within the pack.
  public let path: String
  /// Its size in bytes.
  public let size: Int
  /// Its SHA-256 digest in hexadecimal digits.
  public let sha256: String

  /// Describes a copy.
  public init(path: String, size: Int, sha256: String) {
    self.path = path
    self.size = size
    self.sha256 = sha256
  }
}
