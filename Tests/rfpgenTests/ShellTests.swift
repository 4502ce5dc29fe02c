import DocModel
import Foundation
import Testing

/// Completions in the real shells, the manual page, and the installation.
@Suite struct ShellTests {
  /// A line that ends at the cursor, and the words that are offered there.
  struct Line: Sendable {
    let text: String
    let words: [String]

    init(_ text: String, _ words: [String]) {
      self.text = text
      self.words = words
    }
  }

  static let commands = Set(CommandTests.commands.map { $0[0] } + ["help"]).sorted()
  static let documents = Set(
    (Document.all + Document.forTender + Document.forBid).map(\.id)
  ).sorted()

  static let lines = [
    Line("rfpgen ", commands),
    Line("rfpgen ch", ["check"]),
    Line("rfpgen nothing-such ", []),
    Line("rfpgen guide ", ["lint", "list", "messages", "show"]),
    Line("rfpgen guide show ", Guide.builtInNames),
    Line("rfpgen help ", commands),
    Line("rfpgen check --f", ["--for", "--format"]),
    Line("rfpgen check --for ", ["rfp"]),
    Line("rfpgen check --for=r", ["rfp"]),
    Line("rfpgen check --today ", []),
    Line("rfpgen check p", ["project.yaml"]),
    Line("rfpgen check project.yaml ", []),
    Line("rfpgen build s", documents.filter { $0.hasPrefix("s") }),
    Line("rfpgen build project.yaml s", documents.filter { $0.hasPrefix("s") }),
    Line("rfpgen build project.yaml rfp sla-matrix c", ["checkpoint-matrix", "cost-estimate"]),
    Line("rfpgen build --strict --today 2026-12-31 s", documents.filter { $0.hasPrefix("s") }),
    Line("rfpgen build --format m", ["markdown"]),
    Line("rfpgen build --format markdown,h", ["html"]),
    Line("rfpgen build -o fo", ["folder"]),
    Line(
      "rfpgen schema ",
      ["guide", "lock", "project", "tender", "bid", "statement", "bid-statement"]),
    Line("rfpgen schema project --guide ", Guide.builtInNames),
    Line("rfpgen completions ", ["bash", "fish", "zsh"]),
    Line("rfpgen init fo", ["folder"]),
  ]

  /// One shell, started once for all lines.
  @Test(arguments: ["bash", "zsh", "fish"])
  func theShellOffersWhatFits(shell: String) throws {
    let scratch = try Scratch()
    try scratch.write("project.yaml", "")
    try scratch.write("folder/nothing.txt", "")
    // zsh and fish look for a file of a certain name.
    let name = shell == "zsh" ? "functions/_rfpgen" : "functions/rfpgen.\(shell)"
    let script = try scratch.write(name, try CommandRun(["completions", shell]).output)
    let tool = CommandRun.package.appending(path: "Tests/tools/complete.\(shell)").path
    let program = try TestTool.path(shell)
    let given = shell == "zsh" ? script.deletingLastPathComponent().path : script.path
    let flags = shell == "bash" ? ["--norc"] : shell == "zsh" ? ["-f"] : ["-N"]
    let run = try CommandRun(
      program: program, flags + [tool, given] + Self.lines.map(\.text), in: scratch.folder,
      environment: ["HOME": scratch.folder.path, "TERM": "dumb", "LC_ALL": "C.UTF-8"])
    #expect(run.errors == "")
    let answers = run.output.split(separator: "\n", omittingEmptySubsequences: false)
    try #require(answers.count == Self.lines.count + 1, "\(run.output)")
    for (line, answer) in zip(Self.lines, answers) {
      // Beside the words, bash offers options where words of commands stand; of a list, the part
      // before the last comma is repeated; behind '=' fish repeats the option.
      let isPlain = { (word: String) in !word.hasPrefix("-") || line.text.contains("--f") }
      let words = answer.split(separator: " ").map { word in
        let last = word.split(whereSeparator: { ",=".contains($0) }).last ?? word
        return last.hasSuffix("/") ? String(last.dropLast()) : String(last)
      }
      #expect(
        Set(words.filter(isPlain)) == Set(line.words), "\(shell): \(line.text)")
    }
  }

  @Test func theManualPageHasNoFault() throws {
    let scratch = try Scratch()
    let page = try CommandRun(["man"])
    #expect(page.status == 0)
    let file = try scratch.write("rfpgen.1", page.output)
    let lint = try CommandRun(
      program: try TestTool.path("mandoc"), ["-T", "lint", "-W", "warning", file.path],
      in: scratch.folder)
    #expect(lint.output + lint.errors == "")
    let shown = try CommandRun(
      program: try TestTool.path("man"), ["--warnings", "-E", "UTF-8", "-l", file.path],
      in: scratch.folder, environment: ["MANWIDTH": "80", "LC_ALL": "C.UTF-8", "PAGER": "cat"])
    #expect(shown.status == 0 && shown.errors == "")
    for words in CommandTests.commands {
      #expect(shown.output.contains("   rfpgen \(words.joined(separator: " "))"), "\(words)")
    }
    #expect(shown.output.contains("\n           rfpgen check --for rfp --strict\n"))
  }

  @Test func whatIsInstalledWorksAndGoesAway() throws {
    let scratch = try Scratch()
    let words = [
      "-s", "BINARY=\(CommandRun.binary.path)", "DESTDIR=\(scratch.folder.path)", "PREFIX=/usr",
    ]
    let make = try TestTool.path("make")
    let install = try CommandRun(program: make, words + ["install"], in: CommandRun.package)
    #expect(install.status == 0 && install.errors == "")
    let files = scratch.names.filter { name in
      (try? Data(contentsOf: scratch.folder.appending(path: name))) != nil
    }
    #expect(
      files == [
        "usr/bin/rfpgen", "usr/share/bash-completion/completions/rfpgen",
        "usr/share/fish/vendor_completions.d/rfpgen.fish", "usr/share/man/man1/rfpgen.1",
        "usr/share/zsh/site-functions/_rfpgen",
      ])
    #expect(
      try scratch.text("usr/share/zsh/site-functions/_rfpgen")
        == CommandRun(["completions", "zsh"]).output)
    let version = try CommandRun(
      program: scratch.folder.appending(path: "usr/bin/rfpgen"), ["--version"],
      in: scratch.folder)
    #expect(version.status == 0)
    let removed = try CommandRun(program: make, words + ["uninstall"], in: CommandRun.package)
    #expect(removed.status == 0)
    #expect(!scratch.names.contains { $0.contains("rfpgen") })
  }
}

/// A program of the system that judges what ours makes.
enum TestTool {
  /// Where a program is; it must be there.
  static func path(_ name: String) throws -> URL {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let found = (folders + ["/usr/bin", "/bin"]).map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
    return URL(
      filePath: try #require(found, "'\(name)' is missing: 'sh dev test' installs it"))
  }
}
