import DocModel
import Foundation
import Testing

/// What a bidder gets, and the file that a bid begins with.
@Suite struct TenderTests {
  @Test func itHoldsWhatIsAskedOfBidders() throws {
    let tender = try Tender.commcare()
    let guide = Guide.commcare
    #expect(tender.reference == "MOH-DDH-2026-041")
    #expect(tender.edition == "1")
    #expect(tender.hostOptions == 3)
    #expect(tender.currency == "EUR")
    let assessment = try Assessment.commcare()
    let applicable = zip(guide.checkpoints, assessment.checkpoints).filter {
      $1.applicability.isApplicable
    }.map(\.0.id)
    #expect(tender.checkpoints.map(\.id) == applicable)
    #expect(applicable.count < guide.checkpoints.count, "what is waived is left out")
    #expect(
      tender.serviceLevels.map(\.id)
        == zip(guide.serviceLevels, assessment.serviceLevels).filter { $1.isApplicable }
        .map(\.0.id))
    #expect(tender.requirements.count == 4)
    #expect(tender.roles.map(\.isEngineering) == [true, false])
    #expect(tender.skills.contains { $0.id == "fabric" && $0.area == ["Deployments"] })
    #expect(tender.criteria.map(\.id).last == "costs")
    let rules = tender.rules.map(\.id)
    #expect(rules.contains("engineers") && rules.contains("external-references"))
    #expect(!rules.contains("download-speed"), "a bid states no answers")
  }

  /// No word that an answer, a claim, a waiver or its evidence says, unless the RFP publishes it.
  @Test func itHoldsNothingThatIsPrivate() throws {
    let text = try Tender.commcare().text(digest: "x")
    let file = try Node(source(Folder.example.appendingPathComponent("project.yaml")))
    let published = Set((file["rfp"]?.texts ?? []) + (file["service-levels"]?.texts ?? []))
    var searched = 0
    for key in ["answers", "checkpoints", "waivers", "scale"] {
      for said in file[key]?.texts ?? [] where said.count > 7 {
        searched += 1
        // A figure such as '180 days' says nothing by itself.
        guard !published.contains(said), Quantity(said) == nil else { continue }
        #expect(!text.contains(said), "\(said)")
      }
    }
    #expect(searched > 100)
    for secret in [
      "evidence/", "\nby:", " by:", "Yusuf", "claimed", "current-hosting", "National Data Centre",
    ] {
      #expect(!text.contains(secret), "\(secret)")
    }
  }

  @Test(arguments: [true, false])
  func itIsReadAsItIsWritten(isLarge: Bool) throws {
    let tender = isLarge ? try Tender.commcare() : try Tender.small()
    let again = try Tender(Source(name: "tender.yaml", text: tender.text(digest: "sha256:1")))
    #expect(again.content == tender.content)
    #expect(again.digest == "sha256:1")
    #expect(again.text(digest: "sha256:1") == tender.text(digest: "sha256:1"))
    for (level, other) in zip(tender.serviceLevels, again.serviceLevels) {
      #expect((level.target == nil) == (other.target == nil))
    }
  }

  /// Layout and comments do not count; every value does.
  @Test func itsContentChangesWithEveryValue() throws {
    let tender = try Tender.small()
    let text = tender.text(digest: "x")
    func content(_ text: String) throws -> [UInt8] {
      try Tender(Source(name: "tender.yaml", text: text)).content
    }
    #expect(try content("# Another comment\n" + text) == tender.content)
    #expect(
      try content(text.replacing("digest: x", with: "digest: y")) == tender.content)
    for (old, new) in [
      ("edition: \"1\"", "edition: \"2\""), ("target: \"99 %\"", "target: \"99.0 %\""),
      ("The place is found.", "The place is found!"), ("host-options: 2", "host-options: 3"),
      ("weight: 60", "weight: 61"), ("value: 3", "value: 4"),
    ] {
      #expect(text.contains(old), "\(old)")
      #expect(try content(text.replacing(old, with: new)) != tender.content, "\(old)")
    }
  }

  @Test(arguments: [
    "", "x", "a: b", " lead", "trail ", "two\nlines", "two\n\n  set in\n", "\n\n", "end\n\n",
    "~", "null", "yes", "1.20", "- x", "# x", "\"q\" \\ 'a'", "tab\there", "\u{1}\u{202E}\u{FEFF}",
    "é 🏥", "|", "a\r\nb", "true", "a #b", "x:", "line \nwith space\n", "\u{2028}",
  ])
  func everyTextIsWrittenSoThatItIsReadAgain(text: String) throws {
    let tender = try Tender.small()
    let file = tender.text(digest: "x")
    // By way of JSON, which says the text in another way.
    let quoted = JSON.string(text).compactText.replacing("\u{2028}", with: "\\u2028")
    let changed = file.replacing("statement: \"The place is found.\"", with: "statement: \(quoted)")
    let wanted = text.allSatisfy { $0.isWhitespace } ? nil : text
    guard let wanted, !text.unicodeScalars.contains("\u{FEFF}") else { return }
    let read = try Tender(Source(name: "tender.yaml", text: changed))
    #expect(read.checkpoints[0].statement == wanted)
    let again = try Tender(Source(name: "tender.yaml", text: read.text(digest: "x")))
    #expect(again.checkpoints[0].statement == wanted)
  }

  @Test(arguments: [
    ("tender: W-1", "tnder: W-1", "unknown key 'tnder' in a tender"),
    ("id: place.found", "id: place.found", ""),
    ("id: hole.safe", "id: place.found", "the identifier 'place.found' is used a second time"),
    ("host-options: 2", "host-options: two", "'host-options' must be a whole number from 1 to 20"),
  ])
  func aTenderThatIsWrongIsRefused(old: String, new: String, message: String) throws {
    let text = try Tender.small().text(digest: "x").replacing(old, with: new)
    let said = messages { _ = try Tender(Source(name: "tender.yaml", text: text)) }
    #expect(message.isEmpty ? said.isEmpty : said.contains(message), "\(said)")
  }

  @Test func aComposedGuideKeepsItsNames() throws {
    let url = Folder.package.appendingPathComponent("Examples/together/project.yaml")
    let project = try Project(source(url), guide: .composed)
    let tender = try Tender(of: Assessment(project, in: Files(today: .sample)))
    let again = try Tender(Source(name: "tender.yaml", text: tender.text(digest: "x")))
    #expect(again.content == tender.content)
    let text = BlankFile.bid(for: again, digest: "x")
    let bid = try Bid(Source(name: "bid.yaml", text: text), for: again)
    #expect(bid.responses.count == again.checkpoints.count)
    #expect(bid.responses.keys.allSatisfy { $0.contains(":") })
    #expect(bid.offers.count == again.serviceLevels.count)
  }

  // MARK: The blank bid

  @Test func aBlankBidHoldsEveryRowAndNothingElse() throws {
    let tender = try Tender.commcare()
    let text = BlankFile.bid(for: tender, digest: "sha256:1")
    let bid = try Bid(Source(name: "bid.yaml", text: text), for: tender)
    #expect(bid.tenderDigest == "sha256:1")
    #expect(Set(bid.responses.keys) == Set(tender.checkpoints.map(\.id)))
    #expect(bid.responses.values.allSatisfy { $0.confirmation == nil && $0.approach == nil })
    #expect(Set(bid.offers.keys) == Set(tender.serviceLevels.map(\.id)))
    #expect(Set(bid.proofs.keys) == Set(tender.requirements.map(\.id)))
    #expect(bid.costs.options.count == 3)
    #expect(bid.costs.currency == "EUR")
    for word in tender.roles.map(\.id) + tender.skills.map(\.id) + Bid.shape(for: tender).allKeys {
      #expect(text.contains(word), "\(word)")
    }
  }

  @Test func aBlankBidIsValidWithAllThatIsCommentedOut() throws {
    let tender = try Tender.commcare()
    let text = uncommented(BlankFile.bid(for: tender, digest: "x"))
    let bid = try Bid(Source(name: "bid.yaml", text: text), for: tender)
    #expect(bid.team.people.count == 1)
    #expect(bid.team.people.first?.roles == tender.roles.map(\.id))
    #expect(bid.references.count == 1)
    #expect(bid.costs.options.allSatisfy { $0.lines.count == 1 })
  }

  @Test func aBidMayBeReadFromItsFolder() throws {
    let tender = try Tender.small()
    let world = Files(
      [
        "bid.yaml": BlankFile.bid(for: tender, digest: "x"),
        "tender.yaml": tender.text(digest: "x"),
      ], today: .sample)
    let source = try #require(try world.source(of: "bid.yaml"))
    #expect(try Bid(source, in: world).tender.content == tender.content)
    let said = messages { _ = try Bid(source, in: Files(today: .sample)) }
    #expect(said.contains("there is no 'tender.yaml' beside the bid"))
    let other = BlankFile.bid(for: tender, digest: "x")
      .replacing("file: tender.yaml", with: "file: other.yaml")
    let line = try #require(
      other.components(separatedBy: "\n").firstIndex { $0.contains("file: other.yaml") })
    let place = messages {
      _ = try Bid(Source(name: "bid.yaml", text: other), in: Files(today: .sample))
    }
    #expect(place.hasPrefix("bid.yaml:\(line + 1):9: error: there is no 'other.yaml'"), "\(place)")
  }

  /// What is wrong with the form of a bid, with suggestions.
  @Test(arguments: [
    ("place.found:", "place.fuond:", "unknown key 'place.fuond' in the responses", "'place.found'"),
    ("uptime:", "uptme:", "unknown key 'uptme' in the service levels", "'uptime'"),
    ("licence:", "license:", "unknown key 'license' in the requirements", "'licence'"),
    ("bid-for:", "bidfor:", "the file names no tender", ""),
    ("id: option-2", "id: option-1", "the name 'option-1' is used a second time", ""),
  ])
  func aBidThatIsWrongIsRefused(
    old: String, new: String, message: String, suggestion: String
  ) throws {
    let tender = try Tender.small()
    let text = BlankFile.bid(for: tender, digest: "x").replacing(old, with: new)
    let source = try Source(name: "bid.yaml", text: text)
    let said = messages {
      _ = try Bid.tenderPath(in: source)
      _ = try Bid(source, for: tender)
    }
    #expect(said.contains(message), "\(said)")
    #expect(suggestion.isEmpty || said.contains("did you mean \(suggestion)?"), "\(said)")
  }

  // MARK: Schemas

  @Test func schemasAcceptTendersAndBlankBids() throws {
    let folder = try Folder.temporary()
    let tender = try Tender.commcare()
    let file = folder.appendingPathComponent("tender.yaml")
    try tender.text(digest: "x").write(to: file, atomically: true, encoding: .utf8)
    #expect(try SchemaTests.schemaRefuses(file, Tender.shape) == [])
    let blank = folder.appendingPathComponent("bid.yaml")
    let text = BlankFile.bid(for: tender, digest: "x")
    for text in [text, uncommented(text)] {
      try text.write(to: blank, atomically: true, encoding: .utf8)
      #expect(try SchemaTests.schemaRefuses(blank, Bid.shape(for: tender)) == [])
    }
    let wrong = text.replacing("confirm:\n", with: "confirm: maybe\n")
    try wrong.write(to: blank, atomically: true, encoding: .utf8)
    #expect(
      try SchemaTests.schemaRefuses(blank, Bid.shape(for: tender)).count
        == tender.checkpoints.count)
  }
}

extension Assessment {
  /// The shipped example on the day for which its documents are made.
  static func commcare() throws -> Assessment {
    let url = Folder.example.appendingPathComponent("project.yaml")
    return Assessment(
      try Project(source(url), guide: .commcare),
      in: DiskFolder(Folder.example.path, today: try #require(Day("2026-11-21"))))
  }
}

extension Tender {
  /// The tender of the shipped example.
  static func commcare() throws -> Tender { try Tender(of: .commcare()) }

  /// The tender of `Checks/clean.yaml`.
  static func small() throws -> Tender {
    let text = try Folder.fixture("Checks/clean.yaml")
    let project = try Project(Source(name: "project.yaml", text: text), guide: .small)
    return try Tender(of: Assessment(project, in: PretendFiles()))
  }
}

extension Node {
  /// All texts below, in order.
  fileprivate var texts: [String] {
    switch content {
    case .scalar(let text, _): [text]
    case .foreign(let foreign): [foreign.text]
    case .sequence(let items): items.flatMap(\.texts)
    case .mapping(let entries): entries.flatMap(\.value.texts)
    }
  }
}
