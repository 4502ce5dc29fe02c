/// A file with some changes, and what they are.
public struct ChangedSource: Sendable {
  /// The file as it was.
  public let old: Source
  /// The file as it is to be.
  public let new: Source
  /// What is put in the place of what, in order.
  let splices: [Splice]

  /// A text that takes the place of some bytes.
  struct Splice {
    let range: Range<Int>
    let text: String
  }

  /// Whether nothing changes.
  public var isEmpty: Bool { splices.isEmpty }

  /// How many lines stand around a change.
  private static let context = 3

  /// The changes as `diff -u` shows them and `patch` takes them; empty where nothing changes.
  public var unifiedDiff: String {
    let lines = Lines(old.bytes)
    let changes = changes(lines)
    if changes.isEmpty { return "" }
    var text = "--- \(old.name)\n+++ \(old.name)\n"
    var added = 0
    var index = 0
    while index < changes.count {
      // Changes that are near stand together.
      var last = index
      while last + 1 < changes.count,
        changes[last + 1].old.lowerBound - changes[last].old.upperBound <= 2 * Self.context
      { last += 1 }
      let start = max(0, changes[index].old.lowerBound - Self.context)
      let end = min(lines.count, changes[last].old.upperBound + Self.context)
      var body = ""
      var position = start
      var growth = 0
      for change in changes[index...last] {
        for line in position..<change.old.lowerBound { body += shown(" ", lines[line]) }
        for line in change.old { body += shown("-", lines[line]) }
        for line in change.new { body += shown("+", line) }
        position = change.old.upperBound
        growth += change.new.count - change.old.count
      }
      for line in position..<end { body += shown(" ", lines[line]) }
      let count = end - start
      text += "@@ -\(count == 0 ? start : start + 1),\(count) "
      text += "+\(start + added + (count + growth == 0 ? 0 : 1)),\(count + growth) @@\n" + body
      added += growth
      index = last + 1
    }
    return text
  }

  private func shown(_ mark: String, _ line: ArraySlice<UInt8>) -> String {
    let text = mark + String(decoding: line, as: UTF8.self)
    return text.utf8.last == 0x0A ? text : text + "\n\\ No newline at end of file\n"
  }

  private struct Change {
    var old: Range<Int>
    var new: [ArraySlice<UInt8>]
  }

  /// The lines that change, with what takes their places.
  private func changes(_ lines: Lines) -> [Change] {
    var changes: [Change] = []
    var index = 0
    while index < splices.count {
      let first = lines.line(of: splices[index].range.lowerBound)
      var last = lines.line(of: splices[index].range.upperBound)
      var end = index + 1
      while end < splices.count, lines.line(of: splices[end].range.lowerBound) <= last {
        last = max(last, lines.line(of: splices[end].range.upperBound))
        end += 1
      }
      var text: [UInt8] = []
      var position = lines.start(first)
      for splice in splices[index..<end] {
        text += old.bytes[position..<splice.range.lowerBound]
        text += splice.text.utf8
        position = splice.range.upperBound
      }
      text += old.bytes[position..<lines.start(last + 1)]
      let new = Lines(text)
      var change = Change(old: first..<min(last + 1, lines.count), new: [])
      var rest = (0..<new.count).map { new[$0] }[...]
      while let line = rest.first, !change.old.isEmpty, line == lines[change.old.lowerBound] {
        rest.removeFirst()
        change.old = change.old.lowerBound + 1..<change.old.upperBound
      }
      while let line = rest.last, !change.old.isEmpty, line == lines[change.old.upperBound - 1] {
        rest.removeLast()
        change.old = change.old.lowerBound..<change.old.upperBound - 1
      }
      change.new = Array(rest)
      if !change.old.isEmpty || !change.new.isEmpty { changes.append(change) }
      index = end
    }
    return changes
  }

  /// The lines of a text, each with its line end.
  private struct Lines {
    private let bytes: [UInt8]
    private var starts = [0]

    init(_ bytes: [UInt8]) {
      self.bytes = bytes
      for (offset, byte) in bytes.enumerated() where byte == 0x0A { starts.append(offset + 1) }
      if starts.last != bytes.count { starts.append(bytes.count) }
    }

    var count: Int { starts.count - 1 }

    func start(_ line: Int) -> Int { line < starts.count ? starts[line] : bytes.count }

    subscript(line: Int) -> ArraySlice<UInt8> { bytes[starts[line]..<starts[line + 1]] }

    /// The line that a byte stands in.
    func line(of offset: Int) -> Int {
      var low = 0
      var high = starts.count - 1
      while high - low > 1 {
        let middle = (low + high) / 2
        if starts[middle] <= offset { low = middle } else { high = middle }
      }
      return low
    }
  }
}
