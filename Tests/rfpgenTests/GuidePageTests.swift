import Foundation
import Testing

/// The pages in `docs` for each kind of reader: what they show is what happens.
@Suite struct GuidePageTests {
  /// A fenced block of a page with the paragraph before it.
  struct Block {
    let kind: String
    let text: String
    let before: String
  }

  private static func blocks(of page: String) throws -> [Block] {
    let url = CommandRun.package.appending(path: "docs/\(page)")
    var blocks: [Block] = []
    var before = ""
    var open: (kind: String, lines: [String])?
    for line in try String(contentsOf: url, encoding: .utf8).components(separatedBy: "\n") {
      if let block = open {
        if line == "```" {
          let text = block.lines.joined(separator: "\n") + "\n"
          blocks.append(Block(kind: block.kind, text: text, before: before))
          open = nil
          before = ""
        } else {
          open?.lines.append(line)
        }
      } else if line.hasPrefix("```") {
        open = (String(line.dropFirst(3)), [])
      } else {
        before = line.isEmpty && !before.hasSuffix(":") ? "" : before + " " + line
        while before.hasSuffix(" ") { before.removeLast() }
      }
    }
    return blocks
  }

  /// A `console` block is a dialogue with a shell; a `yaml` or `po` block is written into the file that the
  /// sentence before it names.
  @Test(arguments: ["programme-lead.md", "translating.md"])
  func everyCommandSaysWhatThePageShows(page: String) throws {
    let scratch = try Scratch()
    var commands = 0
    for block in try Self.blocks(of: page) {
      switch block.kind {
      case "console":
        for (command, expected) in dialogue(block.text) {
          commands += 1
          let run = try CommandRun(
            shell: "rfpgen() { \"$RFPGEN\" \"$@\"; }; { \(command); } 2>&1", in: scratch.folder)
          #expect(matches(run.output, expected), "\(page): \(command)\n\(run.output)")
        }
      case "yaml", "po":
        let path = try #require(block.before.matches(of: /`([^`]+)`:/).last).1
        let isAppended = block.before.contains("Append to")
        let old = isAppended ? try scratch.text(String(path)) : ""
        try scratch.write(String(path), old + block.text)
      default: Issue.record("\(page): a block of kind '\(block.kind)' is not run")
      }
    }
    #expect(commands > 3)
  }

  /// Commands that a page shows outside a dialogue: each is run where there is what it needs, and what a
  /// check is shown to say is said.
  @Test(arguments: ["README.md", "docs/spreadsheets.md"])
  func everyCommandThatIsShownCanBeRun(page: String) throws {
    let scratch = try Scratch()
    let example = CommandRun.package.appending(path: "Examples/commcare").path
    let prepared = try CommandRun(
      shell: """
        cp -r '\(example)/.' . && cp bids/tender.yaml tender.yaml && mkdir bids/example \
          && cp bids/tamrin.yaml bids/example/bid.yaml && cp -r bids/tender.yaml bids/evidence bids/example \
          && cp bids/northgate.xlsx response.xlsx
        """, in: scratch.folder)
    try #require(prepared.status == 0, "\(prepared.errors)")
    let text = try String(contentsOf: CommandRun.package.appending(path: page), encoding: .utf8)
    let commands = text.components(separatedBy: "\n").filter { $0.hasPrefix("    rfpgen ") }
    #expect(commands.count > 8)
    var said = ""
    for command in commands {
      // What somebody fills in after 'init' is filled in already.
      let run = try CommandRun(
        shell: """
          [ -d programme ] || [ '\(command.contains(" init programme"))' = true ] \
            || cp -r '\(example)' programme
          rfpgen() {
            case $1 in
              check) "$RFPGEN" "$@" --today 2026-11-21 ;;
              *) "$RFPGEN" "$@" ;;
            esac
          }
          \(command.dropFirst(4))
          s=$?
          [ '\(command.contains(" init programme"))' = false ] || cp -r '\(example)/.' programme
          exit $s
          """, in: scratch.folder)
      #expect(run.status < 2, "\(page): \(command)\n\(run.errors)")
      said += run.output
    }
    for block in text.components(separatedBy: "```text\n").dropFirst() {
      let lines = block.prefix(while: { $0 != "`" }).components(separatedBy: "\n")
      guard lines.contains(where: { $0.contains("  →") || $0.contains(".yaml:") }) else { continue }
      for line in lines where !line.contains("…") {
        #expect(said.contains(line + "\n"), "\(page): \(line)")
      }
    }
  }

  private func dialogue(_ text: String) -> [(command: String, output: String)] {
    text.components(separatedBy: "\n$ ").enumerated().map { index, part in
      let lines = part.components(separatedBy: "\n")
      let command = index == 0 ? String(lines[0].dropFirst(2)) : lines[0]
      return (command, lines.dropFirst().joined(separator: "\n"))
    }
  }

  /// Whether a text is as shown, where `…` stands for anything.
  private func matches(_ text: String, _ shown: String) -> Bool {
    let text = text.trimmingCharacters(in: .newlines)
    let parts = shown.trimmingCharacters(in: .newlines).components(separatedBy: "…")
    guard parts.count > 1 else { return text == parts[0] }
    guard text.hasPrefix(parts[0]), text.hasSuffix(parts[parts.count - 1]) else { return false }
    var rest = text.dropFirst(parts[0].count)
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let range = rest.range(of: part) else { return false }
      rest = rest[range.upperBound...]
    }
    return rest.count >= parts[parts.count - 1].count
  }

  /// The code of the page for embedders is one program.
  @Test func theProgramPrintsWhatThePageShows() throws {
    let blocks = try Self.blocks(of: "embedding.md")
    let scratch = try Scratch()
    let code = blocks.filter { $0.kind == "swift" }.map(\.text).joined(separator: "\n")
    try scratch.write("main.swift", code)
    let built = CommandRun.binary.deletingLastPathComponent()
    let package = CommandRun.package
    let maps = [
      built.appending(path: "Templates.build/module.modulemap"),
      package.appending(path: "Sources/CYAML/module.modulemap"),
      package.appending(path: "Sources/CCMark/module.modulemap"),
      package.appending(path: "Sources/CLinux/module.modulemap"),
    ]
    // The objects of this build: others may lie beside them, of sources that are gone.
    let objects = try ["DocModel", "Renderers"].flatMap { module in
      let map = built.appending(path: "\(module).build/output-file-map.json")
      return try String(contentsOf: map, encoding: .utf8).matches(of: /"object": *"([^"]+)"/)
        .map { String($0.1) }
    }
    #expect(objects.count > 100)
    let compile = try CommandRun(
      program: try TestTool.path("swiftc"),
      [
        "-swift-version", "6", "-o", "program", "main.swift", "-I",
        built.appending(path: "Modules").path, "-lcmark", "-lyaml",
      ] + maps.flatMap { ["-Xcc", "-fmodule-map-file=\($0.path)"] } + objects + [
        built.appending(path: "Templates.build/embedded.c.o").path
      ], in: scratch.folder)
    try #require(compile.status == 0, "\(compile.output)\(compile.errors)")
    #expect(!(compile.output + compile.errors).contains("warning:"), "\(compile.errors)")
    let run = try CommandRun(
      program: scratch.folder.appending(path: "program"), [], in: scratch.folder)
    #expect(run.errors == "" && run.status == 0)
    #expect(run.output == blocks.filter { $0.kind == "text" }.map(\.text).joined())
  }
}
