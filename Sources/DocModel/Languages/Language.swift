/// The language that a document's own words are in: its catalogues, and through them its months,
/// numbers and units.
///
///     let french = try Language(tag: "fr-CA")
///     french.tag                         // "fr": the nearest that there is a catalogue of
///     french.word("month", "1")          // "janvier"
///
/// What no catalogue translates is English.
public struct Language: Sendable {
  /// The tag of BCP 47 that its words have.
  public let tag: String
  /// The catalogues to look in, one after the other.
  public let catalogues: [Catalogue]
  /// Whether it is English as the program carries it, in which templates are written.
  public let isOriginal: Bool
  /// What dates, numbers and lengths of time are written with.
  public let forms: Forms

  /// Takes catalogues: the first that translates a message is the one that counts.
  public init(tag: String, catalogues: [Catalogue]) {
    self.init(tag: tag, catalogues: catalogues, isOriginal: false)
  }

  private init(tag: String, catalogues: [Catalogue], isOriginal: Bool) {
    self.tag = tag
    self.catalogues = catalogues
    self.isOriginal = isOriginal
    forms = Forms { context, key, isPlural in
      Self.words(Catalogue.Message(context: context, text: key), isPlural, catalogues)
    }
  }

  /// English, as the program carries it.
  public static let english: Language = {
    do throws(InvalidInput) {
      let words = try carried("en")
      return Language(tag: "en", catalogues: words.map { [$0] } ?? [], isOriginal: true)
    } catch {
      preconditionFailure("the English words of this build cannot be read: \(error.diagnostics)")
    }
  }()

  /// The catalogue of a language that the program carries.
  private static func carried(_ tag: String) throws(InvalidInput) -> Catalogue? {
    let path = "\(folder)/\(tag).po"
    guard let bytes = EmbeddedFiles.bytes(of: path) else { return nil }
    return try Catalogue(Source(name: path, bytes: bytes))
  }

  /// Finds the catalogues of a language and puts the host's own before those that the program carries.
  ///
  /// Of `pt-BR` those of `pt-BR` come first, then those of `pt`, at last the English words; where
  /// there is no other catalogue, the language is English.
  ///
  /// - Parameters:
  ///   - tag: A tag of BCP 47.
  ///   - world: Where the host's own catalogues come from: `languages/pt-BR.po` and so on.
  /// - Throws: `InvalidInput` with all that is wrong with a catalogue.
  public init(tag: String, in world: (any World)? = nil) throws(InvalidInput) {
    var found: String?
    var hasOwn = false
    var catalogues: [Catalogue] = []
    let tags = Self.candidates(for: tag)
    for tag in tags + (tags.contains("en") ? [] : ["en"]) {
      let count = catalogues.count
      let path = "\(Self.folder)/\(tag).po"
      // A copy of one that the program carries, as a pack has it, says nothing of its own.
      if let source = try world?.source(of: path), !EmbeddedFiles.hold(source.bytes, at: path) {
        catalogues.append(try Catalogue(source))
        hasOwn = true
      }
      if tag == Self.english.tag {
        catalogues += Self.english.catalogues
      } else if let words = try Self.carried(tag) {
        catalogues.append(words)
      }
      if found == nil, catalogues.count > count { found = tag }
    }
    if !hasOwn, found ?? "en" == "en" {
      self = .english
    } else {
      self.init(tag: found ?? "en", catalogues: catalogues, isOriginal: false)
    }
  }

  /// The folder of catalogues, in the program and beside a project.
  public static let folder = "languages"

  /// The languages that the program carries a catalogue of, in order.
  public static var builtInTags: [String] {
    EmbeddedFiles.paths(in: folder).compactMap { path in
      path.drop(prefix: folder + "/").flatMap {
        $0.contains("/") ? nil : String($0.dropLast(".po".utf8.count))
      }
    }.sorted()
  }

  /// The translation of a message with the catalogue that holds it, or `nil` where it stays English.
  public func translation(
    of message: Catalogue.Message, isPlural: Bool
  ) -> (translation: Catalogue.Translation, catalogue: Catalogue)? {
    Self.translation(of: message, isPlural, catalogues)
  }

  /// A word that has a name in the catalogues, such as the month `1`; its name where none has it.
  public func word(_ context: String, _ key: String) -> String {
    translation(of: Catalogue.Message(context: context, text: key), isPlural: false)?
      .translation.forms[0].string ?? key
  }

  /// Whether a text has the form of a BCP 47 tag: a language of two or three letters, then parts of up to
  /// eight letters or digits.
  public static func isTag(_ text: String) -> Bool {
    let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    let isLetter = { (byte: UInt8) in (0x61...0x7A).contains(byte | 0x20) }
    return (2...3).contains(parts[0].count) && parts[0].allSatisfy(isLetter)
      && parts.dropFirst().allSatisfy { part in
        (1...8).contains(part.count)
          && part.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) }
      }
  }

  /// Whether two tags name one language, in whatever country.
  static func isSame(_ tag: String, _ other: String) -> Bool {
    // It is asked of every text that is shown, and mostly of a tag with itself.
    if tag == other { return true }
    func language(_ tag: String) -> String {
      tag.prefix { $0 != "-" }.lowercased()
    }
    return language(tag) == language(other) && isRightToLeft(tag) == isRightToLeft(other)
  }

  /// Whether the language is written from right to left.
  public static func isRightToLeft(_ tag: String) -> Bool {
    let parts = tag.split(separator: "-").map { $0.lowercased() }
    if let script = parts.dropFirst().first(where: { $0.utf8.count == 4 }) {
      return ["adlm", "arab", "aran", "hebr", "mand", "nkoo", "rohg", "syrc", "thaa"]
        .contains(script)
    }
    return ["ar", "arc", "ckb", "dv", "fa", "he", "ks", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"]
      .contains(parts.first ?? "")
  }

  private static func translation(
    of message: Catalogue.Message, _ isPlural: Bool, _ catalogues: [Catalogue]
  ) -> (translation: Catalogue.Translation, catalogue: Catalogue)? {
    for catalogue in catalogues {
      if let found = catalogue[message], found.isPlural == isPlural { return (found, catalogue) }
    }
    return nil
  }

  private static func words(
    _ message: Catalogue.Message, _ isPlural: Bool, _ catalogues: [Catalogue]
  ) -> (words: [String], rule: PluralRule) {
    guard let (translation, catalogue) = translation(of: message, isPlural, catalogues) else {
      return ([message.text], .germanic)
    }
    return (translation.forms.map(\.string), catalogue.plural)
  }

  /// The tag and what is left of it when parts are taken from its end, written as BCP 47 advises:
  /// `pt-BR` and `pt`.
  static func candidates(for tag: String) -> [String] {
    var parts = tag.split(separator: "-").map(String.init)
    for (index, part) in parts.enumerated() {
      parts[index] =
        switch (index, part.utf8.count) {
        case (1..., 2): part.uppercased()
        case (1..., 4): part.prefix(1).uppercased() + part.dropFirst().lowercased()
        default: part.lowercased()
        }
    }
    return parts.indices.reversed().map { Array(parts[...$0]).joined(separator: "-") }
  }
}
