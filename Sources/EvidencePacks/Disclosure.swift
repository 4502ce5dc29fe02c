public import DocModel

/// What was withheld from an audience, made known later with all that it takes to see that it is the same.
///
/// Each thing comes with a key of its own, which tells nothing about what stays withheld:
///
///     HMAC-SHA-256(key, content) = digest
public struct Disclosure: Sendable {
  /// One thing that is made known.
  public struct Item: Hashable, Sendable {
    /// The identifier of what it is about.
    public let subject: String
    /// What it is of that: `answer`, `about`, `evidence` or `waiver`.
    public let part: String
    /// The bytes that were sealed: canonical JSON.
    public let content: String
    /// The key, in hexadecimal digits.
    public let key: String

    /// The salted digest, as packs and documents show it; `nil` where the key is none.
    public var digest: String? {
      guard key.utf8.count == 64, let bytes = Salt.bytes(ofDigits: key) else { return nil }
      return Salt.digits(of: HMAC.code(of: Array(content.utf8), bytes))
    }
  }

  /// What is made known.
  public let items: [Item]

  /// Which form of file this is.
  static let format = "rfpgen-disclosure-1"

  /// Makes known what a project withholds from the public of some items, as it stands now.
  ///
  /// - Parameters:
  ///   - ids: The identifiers of the items.
  ///   - source: The project file.
  ///   - world: Where everything beside it is, the salt too.
  /// - Throws: `InvalidInput` where nothing of an item is withheld, and as `AudienceCopy` does.
  public init(
    of ids: [String], _ source: Source, in world: some EvidenceSource
  ) throws(InvalidInput) {
    guard let salt = try Salt(of: source, in: world) else { throw AudienceCopy.noSalt(source) }
    // What is made known may be repeated elsewhere by now.
    let copy = try AudienceCopy.made(of: source, in: world, for: .public).copy
    let guide = try Project(source, in: world).guide
    var items: [Item] = []
    var problems: [Diagnostic] = []
    for id in ids {
      let found = copy.withheld.filter { $0.subject == guide.local(id) }
      if found.isEmpty {
        let subjects = copy.withheld.map(\.subject)
        problems.append(
          Diagnostic(
            "nothing of '\(id)' is withheld from anybody",
            hint: nearest(to: id, among: subjects).map { "did you mean '\($0)'?" }
              ?? "it is blank, or everybody may see it: there is nothing to make known"))
      }
      items += found.sorted { $0.part < $1.part }.map { sealed in
        Item(
          subject: sealed.subject, part: sealed.part.rawValue,
          content: String(decoding: sealed.bytes, as: UTF8.self),
          key: Salt.digits(of: salt.key(of: sealed)))
      }
    }
    if !problems.isEmpty { throw InvalidInput(problems) }
    self.items = items
  }

  /// Reads a disclosure that somebody wrote.
  ///
  /// - Throws: `InvalidInput` where it is none.
  public init(_ source: Source) throws(InvalidInput) {
    let node = try Node(source)
    guard node["format"]?.text == Self.format else {
      throw InvalidInput(
        Diagnostic(
          "'\(source.name)' is no disclosure of the form '\(Self.format)'",
          hint: "name a file that 'rfpgen disclose' printed"))
    }
    items = (node["disclosed"]?.items ?? []).map { item in
      Item(
        subject: item["for"]?.text ?? "", part: item["part"]?.text ?? "",
        content: item["content"]?.text ?? "", key: item["key"]?.text ?? "")
    }
    guard !items.isEmpty else {
      throw InvalidInput(
        Diagnostic(
          "'\(source.name)' discloses nothing", hint: "name a file that 'rfpgen disclose' printed"))
    }
  }

  /// The file that somebody else can check.
  public var json: JSON {
    .object([
      "format": .string(Self.format),
      "disclosed": .array(
        items.map { item in
          .object([
            "for": .string(item.subject), "part": .string(item.part),
            "digest": item.digest.map(JSON.string) ?? .null, "key": .string(item.key),
            "content": .string(item.content),
          ])
        }),
    ])
  }
}

extension PackVerification {
  /// Whether something disclosed is what the pack withholds of that item.
  public func withholds(_ item: Disclosure.Item) -> Bool {
    guard let digest = item.digest else { return false }
    return withheld.contains { $0.subject == item.subject && $0.digests.contains(digest) }
  }
}
