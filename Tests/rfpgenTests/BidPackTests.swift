import Foundation
import Testing

/// Packs of bids: the shipped ones, and what is done to one.
@Suite struct BidPackTests {
  private static let day = ["--today", "2026-11-21"]

  private static func pack(_ name: String, _ bid: String, in scratch: Scratch) throws -> CommandRun
  {
    try CommandRun(
      [
        "pack", CommandRun.package.appending(path: "Examples/commcare/bids/\(bid).yaml").path, "-o",
        name,
      ] + day, in: scratch.folder)
  }

  /// A bid, what is said of its pack, and how many gaps the pack states.
  static let bids: [(bid: String, said: String, gaps: Int)] = [
    ("tamrin", "3 evidence files, 16 links", 0),
    ("lakeside", "1 evidence file, 0 links, 1 not to be had; the report has 21 gaps", 94),
    ("northgate", "0 evidence files, 0 links", 13),
  ]

  @Test("a bid's pack is whole, a valid bag, and its statement fits the schema", arguments: bids)
  func whole(bid: String, said: String, gaps: Int) throws {
    let scratch = try Scratch()
    for name in ["pack", "pack.zip"] {
      let run = try Self.pack(name, bid, in: scratch)
      #expect(run.status == 0)
      #expect(run.errors == "rfpgen: \(said)\n")
      let verified = try CommandRun(["verify", name, "--format", "json"], in: scratch.folder)
      #expect(verified.status == 0, "\(verified.output)")
      let json =
        try JSONSerialization.jsonObject(with: Data(verified.output.utf8)) as? [String: Any]
      #expect(json?["reports-compared"] as? Bool == true)
      #expect((json?["missing"] as? [Any])?.count == gaps)
    }
    let line = """
      set -eu
      python3=\(CommandRun.package.path)/.build/venv/bin
      $python3/python3 -m bagit --validate pack 2>&1
      $RFPGEN schema bid-statement > schema.json
      $python3/check-jsonschema --schemafile schema.json pack/data/statement.json
      grep -o '](evidence/[^)]*)' pack/data/bid-response.md | sed 's/](//; s/)$//' |
        while read -r path; do test -f "pack/data/$path"; done
      findings=$($python3/python3 -c 'import json; print(len(json.load(open("pack/data/statement.json"))["findings"]))')
      test "$(grep -c '^| `' pack/data/gap-report.md)" = "$findings"
      """
    let judged = try CommandRun(shell: line, in: scratch.folder)
    #expect(
      judged.status == 0,
      "install what tests need with 'sh dev test': \(judged.output)\(judged.errors)")
  }

  /// A name, what is done to the pack in the shell, and what `verify` must say of it.
  static let damages: [(String, String, String)] = [
    (
      "a report that was embellished", "sed -i 's/Tamrin/Tamrix/g' pack/data/index.html",
      "report    'data/index.html' is not what the pack's own data give"
    ),
    (
      "a bid that was changed", "sed -i 's/confirm: yes/confirm: no/' pack/data/inputs/tamrin.yaml",
      "report    'data/bid-response.md' is not what the pack's own data give"
    ),
    (
      "evidence that was exchanged", "for f in pack/data/evidence/*/*.csv; do echo x > $f; done",
      "is not the file that the statement names"
    ),
    (
      "no tender", "rm pack/data/inputs/tender.yaml",
      "the reports cannot be made anew from the inputs: there is no 'tender.yaml' beside the bid"
    ),
    (
      "no bid", "rm pack/data/inputs/tamrin.yaml", "missing   the bid file is not among the inputs"
    ),
  ]

  @Test("each damage is named, with manifests made anew too", arguments: damages)
  func damaged(name: String, change: String, expected: String) throws {
    let scratch = try Scratch()
    _ = try Self.pack("pack", "tamrin", in: scratch)
    let remake = "python3 '\(CommandRun.package.path)/Tests/tools/remake_manifests.py'"
    let changed = try CommandRun(shell: "set -eu; \(change); \(remake) pack", in: scratch.folder)
    #expect(changed.status == 0, "\(changed.errors)")
    let run = try CommandRun(["verify", "pack"], in: scratch.folder)
    #expect(run.status == 1)
    #expect(run.output.contains(expected), "\(run.output)\(run.errors)")
  }

  @Test func whatHasNoPackIsRefused() throws {
    let scratch = try Scratch()
    let tender = try Self.pack("pack", "tender", in: scratch)
    #expect(tender.status == 2)
    #expect(tender.errors.contains("is a tender, which has no evidence"))
    let path = CommandRun.package.appending(path: "Examples/commcare/bids/tamrin.yaml").path
    let audience = try CommandRun(
      ["pack", path, "--audience", "public", "-o", "pack"], in: scratch.folder)
    #expect(audience.status == 2)
    #expect(audience.errors.contains("'--audience' is for a project"))
  }
}
