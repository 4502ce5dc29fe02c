/// Looks in what everybody shall see for what does not belong there: e-mail addresses, telephone numbers,
/// IP addresses, names of internal hosts, and keys.
///
/// What the RFP publishes to be asked at - where bids are sent to, and its contacts - belongs there, and so
/// does what the project file clears with a reason.
public struct LeakCheck: Sendable {
  private let project: Project
  private let node: Node
  private let cleared: [Cleared]
  private let published: [String]

  /// Something that everybody may see all the same.
  struct Cleared: Sendable {
    let text: String
    let place: String?
  }

  /// How many places of the project file are named for one leak.
  private static let placeLimit = 3

  /// Prepares for what is made of a project's own file.
  ///
  /// - Throws: `InvalidInput` where the file cannot be read a second time.
  public init(_ project: Project) throws(InvalidInput) {
    self.project = project
    node = try Node(project.source)
    cleared = (node[Project.cleared]?.items ?? []).compactMap { item in
      item["text"]?.text.map { Cleared(text: $0, place: item["in"]?.text) }
    }
    let rfp = node["rfp"]
    let contacts = rfp?["contacts"]?.items ?? []
    let texts =
      [rfp?["submit-to"]?.text] + contacts.flatMap { [$0["email"]?.text, $0["phone"]?.text] }
    published = texts.compactMap { $0 }
  }

  /// What is the same however somebody writes it: digits for a number, letters of one case otherwise.
  private static func plain(_ text: String, _ kind: Leak.Kind) -> String {
    kind == .phone ? text.filter { ("0"..."9").contains($0) } : text.lowercased()
  }

  /// The leaks that stay, of those that were found in a file.
  ///
  /// - Parameters:
  ///   - leaks: What was found.
  ///   - name: The document or the file that it was found in.
  /// - Returns: What is wrong, with the place in the file and where in the project file it comes from.
  public func problems(_ leaks: [Leak], in name: String) -> [Diagnostic] {
    var seen: Set<String> = []
    return leaks.compactMap { leak in
      let plain = Self.plain(leak.text, leak.kind)
      guard seen.insert(plain).inserted, !isFree(leak, plain, in: name) else { return nil }
      let places = places(of: leak.text)
      return Diagnostic(
        "'\(leak.text)' is \(leak.kind.title), which everybody would see",
        at: Location(file: name, line: leak.line, column: leak.column),
        hint: (places.isEmpty
          ? "take it out of the guide, the template or the file that it comes from"
          : "take it out, keep what it stands in from the public with 'audience:'")
          + ", or clear it with a reason under '\(Project.cleared):' in "
          + "'\(fileName(project.source.name))'",
        notes: places.map { Diagnostic.Note("it comes from here", at: $0) })
    }
  }

  /// The leaks in a whole text that stay.
  public func problems(in text: String, of name: String) -> [Diagnostic] {
    problems(LeakScanner.leaks(in: text), in: name)
  }

  /// Whether everybody may see it there: it is published by definition, or cleared.
  private func isFree(_ leak: Leak, _ plain: String, in name: String) -> Bool {
    published.contains { Self.plain($0, leak.kind) == plain }
      || cleared.contains { item in
        Self.plain(item.text, leak.kind) == plain
          && (item.place.map { $0 == name || name.hasPrefix("\($0).") } ?? true)
      }
  }

  /// Where a text stands in the project file, but for what clears it.
  private func places(of text: String) -> [Location] {
    var found: [Location] = []
    for entry in node.entries where entry.key != Project.cleared {
      entry.value.forEachScalar { scalar, mark in
        guard found.count < Self.placeLimit, scalar.contains(text) else { return }
        found.append(project.source.location(mark))
      }
    }
    return found
  }
}
