internal import DocModel

/// What a bag says about itself in `bag-info.txt` (RFC 8493, section 2.2.2).
///
///     let info = BagInfo(program, for: today, of: "Health at home", "\(size).\(count)")
///     info.bytes
struct BagInfo: Sendable {
  /// Labels with their texts, in order.
  private var fields: [(label: String, text: String)]

  static let fileName = "bag-info.txt"
  static let size = "Payload-Oxum"
  private static let agent = "Bag-Software-Agent"
  private static let day = "Bagging-Date"
  private static let title = "External-Description"

  /// What the bag of a pack says, without its size.
  init(_ program: Program, for today: Day, of title: String) {
    let oneLine = title.split(whereSeparator: \.isNewline).joined(separator: " ")
    fields = [
      (Self.agent, "\(program.name) \(program.version)"), (Self.day, today.description),
      (Self.title, oneLine),
    ]
  }

  /// Reads it, of whatever bag it is; a line that begins with a space goes on with what stands before it.
  init(_ bytes: [UInt8]) {
    fields = []
    Manifest.forEachLine(of: bytes) { _, line in
      let text = String(decoding: line, as: UTF8.self)
      if let first = line.first, first == 0x20 || first == 0x09, !fields.isEmpty {
        fields[fields.count - 1].text += " \(Self.trimmed(text[...]))"
      } else if let end = text.firstIndex(of: ":") {
        fields.append((Self.trimmed(text[..<end]), Self.trimmed(text[text.index(after: end)...])))
      }
    }
  }

  /// As a file, with a size.
  func bytes(size: String) -> [UInt8] {
    (fields + [(Self.size, size)]).flatMap { Array("\($0): \($1)\n".utf8) }
  }

  /// All texts that a label has; its letters may be small or large.
  func texts(_ label: String) -> [String] {
    fields.filter { $0.label.lowercased() == label.lowercased() }.map(\.text)
  }

  /// The label of what a bag says otherwise than this one, which its pack's data give.
  ///
  /// Another program that made the bag anew says so and when; it may leave out what it does not know, and
  /// add what it likes.
  func difference(in other: BagInfo, by program: Program) -> String? {
    let agents = other.texts(Self.agent)
    let isOurs = agents.allSatisfy { $0.hasPrefix("\(program.name) ") }
    return fields.first { label, text in
      let stated = other.texts(label)
      return (isOurs || label == Self.title || stated.count > 1)
        && !stated.isEmpty && stated != [Self.trimmed(text[...])]
    }?.label
  }

  private static func trimmed(_ text: Substring) -> String {
    let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
    let text = text.utf8.drop(while: isSpace)
    let end = text.lastIndex { !isSpace($0) }.map { text.index(after: $0) }
    return String(Substring(text[..<(end ?? text.startIndex)]))
  }
}
