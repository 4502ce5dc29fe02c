public import DocModel

/// A text of a template that can be translated.
public struct TemplateMessage: Sendable {
  /// The text with its context; values stand in it as `%(name)s`, and a per cent sign as `%%`.
  public let message: Catalogue.Message
  /// The text for many, where it depends on a count.
  public let plural: String?
  /// What a comment before it says to translators.
  public let comment: String
  /// Where it stands.
  public let location: Location
}

extension Environment {
  /// The messages of a template in their order, for translators.
  ///
  /// A comment that begins with `Translators:` and ends on the line of a message or on the one before
  /// belongs to it.
  ///
  /// - Throws: `InvalidInput` with everything that is wrong with the template's syntax.
  public func messages(in source: Source) throws(InvalidInput) -> [TemplateMessage] {
    var messages: [TemplateMessage]? = []
    _ = try Parser.parse(source, self, messages: &messages)
    return messages ?? []
  }
}

extension MessageList {
  /// Adds the messages of a template.
  ///
  /// - Throws: `InvalidInput` with everything that is wrong with the template's syntax.
  public mutating func add(_ template: Source) throws(InvalidInput) {
    for found in try Environment().messages(in: template) {
      add(
        found.message, plural: found.plural, comment: found.comment,
        place: "\(found.location.file):\(found.location.line)")
    }
  }
}

/// A message as it is written: text and the names of values.
struct MessageText {
  enum Part {
    case text(Origins.Piece)
    case value(name: String, Origins.Origin)
  }

  var parts: [Part] = []

  /// The text as it is looked up: `%(name)s` for a value, `%%` for a per cent sign.
  var key: String {
    var key: [UInt8] = []
    for part in parts {
      switch part {
      case .text(let piece):
        for byte in piece.bytes {
          key.append(byte)
          if byte == UInt8(ascii: "%") { key.append(byte) }
        }
      case .value(let name, _): key += "%(\(name))s".utf8
      }
    }
    return String(decoding: key, as: UTF8.self)
  }

  /// Reads a text in which `%(name)s` stands for a value.
  static func parse(
    _ bytes: [UInt8], origin: (_ offset: Int) -> Origins.Origin
  ) -> Result<MessageText, Wrong> {
    var result = MessageText()
    var start = 0
    var index = 0
    func take(to end: Int) {
      guard start < end else { return }
      result.parts.append(.text(.init(bytes: bytes[start..<end], origin: origin(start))))
    }
    while let mark = bytes[index...].firstIndex(of: UInt8(ascii: "%")) {
      let next = mark + 1 < bytes.count ? bytes[mark + 1] : 0
      if next == UInt8(ascii: "%") {
        take(to: mark + 1)
      } else {
        take(to: mark)
        let end = next == UInt8(ascii: "(") ? bytes[mark...].firstIndex(of: 0x29) : nil
        guard let end, end + 1 < bytes.count, bytes[end + 1] == UInt8(ascii: "s") else {
          return .failure(
            Wrong(
              message: "this '%' begins no value of the message",
              hint: "write '%%' for a per cent sign, '%(name)s' for a value", offset: mark))
        }
        let name = String(decoding: bytes[(mark + 2)..<end], as: UTF8.self)
        result.parts.append(.value(name: name, origin(mark)))
        start = end + 2
        index = start
        continue
      }
      start = mark + 2
      index = start
    }
    take(to: bytes.count)
    return .success(result)
  }

  /// Why a text is no message.
  struct Wrong: Error {
    let message: String
    let hint: String
    let offset: Int
  }

  /// The text without white space around it, and with one space for each line end within it and the
  /// white space around that; what Jinja calls `trimmed`.
  var trimmed: MessageText {
    var result = MessageText()
    for (index, part) in parts.enumerated() {
      guard case .text(let piece) = part, case .template(let start) = piece.origin else {
        result.parts.append(part)
        continue
      }
      let whole = Self.stripped(
        piece.bytes, left: index == 0, right: index == parts.count - 1)
      let lines = whole.split(separator: .lineFeed, omittingEmptySubsequences: false)
      for (number, line) in lines.enumerated() {
        let kept = Self.stripped(line, left: number > 0, right: number < lines.count - 1)
        if kept.isEmpty, number > 0, number < lines.count - 1 { continue }
        let at = start + kept.startIndex - piece.bytes.startIndex
        // The space that takes the place of a line end counts as the byte before the text.
        result.parts.append(
          .text(
            number == 0
              ? .init(bytes: kept, origin: .template(at))
              : .init(bytes: [.space] + kept, origin: .template(max(0, at - 1)))))
      }
    }
    return result
  }

  /// A text without white space at one end or at both, as Python sees it.
  private static func stripped(
    _ line: ArraySlice<UInt8>, left: Bool, right: Bool
  ) -> ArraySlice<UInt8> {
    var line = line
    func isSpace(_ scalar: Unicode.Scalar) -> Bool {
      scalar.isASCII ? UInt8(scalar.value).isSpace : scalar.properties.isWhitespace
    }
    if left {
      for scalar in String(decoding: line, as: UTF8.self).unicodeScalars {
        guard isSpace(scalar) else { break }
        line = line.dropFirst(UTF8.width(scalar))
      }
    }
    if right {
      for scalar in String(decoding: line, as: UTF8.self).unicodeScalars.reversed() {
        guard isSpace(scalar) else { break }
        line = line.dropLast(UTF8.width(scalar))
      }
    }
    return line
  }
}
