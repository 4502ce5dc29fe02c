import Foundation
import Testing

@testable import DocModel

@Suite struct EditingTests {
  @Test("changes of a file leave all else as it was") func cases() throws {
    try Cases("Editing/cases.txt").check { item in
      let halves = item.input.components(separatedBy: "\n~~~\n")
      let source = try Source(name: "f.yaml", bytes: Array(try unescaped(halves[0] + "\n").utf8))
      let changes = try halves[1].components(separatedBy: "\n").map(change)
      do {
        let changed = try source.changed(by: changes)
        #expect(try patched(changed) == String(decoding: changed.new.bytes, as: UTF8.self))
        return changed.unifiedDiff.replacing("\r", with: "⟨CR⟩")
      } catch let error as InvalidInput {
        return error.text
      }
    }
  }

  /// `⟨CR⟩` stands for a carriage return, `⟨END⟩` for the end of the file.
  private func unescaped(_ text: String) throws -> String {
    let text = text.replacing("⟨CR⟩", with: "\r")
    return text.components(separatedBy: "⟨END⟩")[0]
  }

  /// A line such as `answers/a.one/#0/@name: "text"`, or `+…` for items that join others.
  private func change(_ line: String) throws -> FileChange {
    let isAddition = line.hasPrefix("+")
    let parts = line.drop { $0 == "+" }.split(separator: ": ", maxSplits: 1)
    let place = parts[0].split(separator: "/").map { step -> Matrix.Step in
      switch step.first {
      case "#": .item(Int(step.dropFirst()) ?? 0)
      case "@": .named(String(step.dropFirst()))
      default: .key(String(step))
      }
    }
    let value = try Node(Source(name: "v.json", text: String(parts[1])))
    return FileChange(place, value.content, isAddition: isAddition)
  }

  /// What `patch` makes of the old file with the diff.
  private func patched(_ changed: ChangedSource) throws -> String {
    if changed.isEmpty { return String(decoding: changed.old.bytes, as: UTF8.self) }
    let folder = try Folder.temporary()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "f.yaml")
    try Data(changed.old.bytes).write(to: file)
    let diff = folder.appending(path: "f.diff")
    try Data(changed.unifiedDiff.utf8).write(to: diff)
    let program = URL(filePath: "/usr/bin/patch")
    try #require(
      FileManager.default.isExecutableFile(atPath: program.path), "no patch; apt-get install patch")
    let result = try Referee.run(program, ["--binary", "-s", file.path, diff.path])
    #expect(result.status == 0, "\(result.output)")
    return try String(contentsOf: file, encoding: .utf8)
  }

  @Test("whatever is put in is read again as it is, and comments stay")
  func generated() throws {
    var generator = Numbers(seed: 7)
    for _ in 0..<400 {
      let (text, places) = Self.file(&generator)
      let source = try Source(name: "f.yaml", text: text)
      let changes = places.shuffled(using: &generator).prefix(4).map { place in
        FileChange(place, Self.content(&generator))
      }
      let changed: ChangedSource
      do {
        changed = try source.changed(by: changes)
      } catch {
        Issue.record("\(error)\n\(text)\n\(changes)")
        continue
      }
      let node = try Node(changed.new)
      for change in changes {
        // What is taken out leaves nothing, or an empty text.
        let found = node.value(at: change.place) ?? Node(content: .text(""), mark: .nowhere)
        #expect(found.content.isSame(as: change.content), "\(text)\n\(changes)")
      }
      let new = String(decoding: changed.new.bytes, as: UTF8.self)
      for comment in text.components(separatedBy: "#").dropFirst() {
        #expect(new.contains("#" + comment.prefix(3)), "\(text)\n\(new)")
      }
    }
  }

  /// A file of a few keys in all layouts, with the places of its values.
  private static func file(_ generator: inout Numbers) -> (String, [[Matrix.Step]]) {
    let values = [
      "", " ~", " plain", " \"quoted\"", " |\n    two\n    lines", " >-\n    folded\n    lines\n",
      " |+\n    kept\n\n",
      " plain\n    goes on", " [a, b]", " 'x'", " {}",
    ]
    var text = "# c00\n"
    var places: [[Matrix.Step]] = []
    var comment = 0
    func note() -> String {
      comment += 1
      return "# c\(10 + comment)"
    }
    for index in 0..<Int.random(in: 1...4, using: &generator) {
      if Bool.random(using: &generator) {
        text += "k\(index): {a: x, b: \"y\"}  \(note())\n"
        places += [[.key("k\(index)"), .key("a")], [.key("k\(index)"), .key("new")]]
        continue
      }
      text += "k\(index):  \(note())\n"
      for inner in 0..<Int.random(in: 1...3, using: &generator) {
        let value = values.randomElement(using: &generator) ?? ""
        let isOneLine = !value.contains("\n")
        text += "  i\(inner):\(value)\(isOneLine ? "  \(note())" : "")\n"
        if Bool.random(using: &generator) { text += "  \(note())\n" }
        if ![" [a, b]", " {}"].contains(value) {
          places.append([.key("k\(index)"), .key("i\(inner)")])
        }
      }
      places.append([.key("k\(index)"), .key("new"), .key("deep")])
      if Bool.random(using: &generator) { text += "\n" }
    }
    places.append([.key("top")])
    return (text, places)
  }

  private static func content(_ generator: inout Numbers) -> Node.Content {
    let texts = [
      "word", "two\nlines", "ends\n", "a: b # c", "- x", "\"q\"", " lead", "tail ", "\n\n", "null",
      "~", "'",
      "{a}", "\u{7}", "\u{2028}", "x\n\n\ny", "  a\n b", "é", "|", "yes", "1.50", "\t", "a\r\nb",
      "x\n\n",
    ]
    let text = Node.Content.text(texts.randomElement(using: &generator) ?? "")
    return switch Int.random(in: 0..<4, using: &generator) {
    case 0: .list([text, .text("second")])
    case 1: .list([.record([("file", text), ("title", .text("t"))])])
    default: text
    }
  }
}

/// Numbers that are the same in each run.
struct Numbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ (state >> 29)
  }
}
