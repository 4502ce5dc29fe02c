private import CExpat
internal import DocModel

/// Reads XML piece by piece and tells of its elements and its text.
///
/// Everything that touches expat is in this file. A document type declaration ends the reading, and with
/// it all that entities can do: those that grow, and those that name other files.
final class XMLEvents {
  /// The attributes of an element, while it begins.
  struct Attributes {
    fileprivate let pairs: UnsafeMutablePointer<UnsafePointer<CChar>?>?

    /// The value of an attribute by its name without a prefix.
    subscript(name: StaticString) -> String? {
      guard var pair = pairs else { return nil }
      while let key = pair[0], let value = pair[1] {
        if isNamed(local(key), name) { return String(cString: value) }
        pair += 2
      }
      return nil
    }
  }

  /// The name of an element, without its prefix, while it begins or ends.
  struct Name {
    fileprivate let start: UnsafePointer<CChar>

    static func == (name: Name, other: StaticString) -> Bool { isNamed(name.start, other) }
    static func ~= (other: StaticString, name: Name) -> Bool { isNamed(name.start, other) }
  }

  private let parser: XML_Parser
  private let begin: (Name, Attributes) -> Void
  private let end: (Name) -> Void
  private let text: (UnsafeRawBufferPointer) -> Void
  private var hasDeclaration = false

  /// Begins a reading; the closures are told what is found.
  init?(
    begin: @escaping (Name, Attributes) -> Void, end: @escaping (Name) -> Void,
    text: @escaping (UnsafeRawBufferPointer) -> Void
  ) {
    guard let parser = XML_ParserCreate(nil) else { return nil }
    self.parser = parser
    self.begin = begin
    self.end = end
    self.text = text
    XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
    XML_SetElementHandler(
      parser,
      { data, name, attributes in
        guard let events = reader(data), let name else { return }
        events.begin(Name(start: local(name)), Attributes(pairs: attributes))
      },
      { data, name in
        guard let events = reader(data), let name else { return }
        events.end(Name(start: local(name)))
      })
    XML_SetCharacterDataHandler(parser) { data, start, count in
      reader(data)?.text(UnsafeRawBufferPointer(start: start, count: Int(count)))
    }
    XML_SetStartDoctypeDeclHandler(parser) { data, _, _, _, _ in
      guard let events = reader(data) else { return }
      events.hasDeclaration = true
      XML_StopParser(events.parser, 0)
    }
  }

  deinit { XML_ParserFree(parser) }

  /// Reads a piece; `isLast` where none follows.
  ///
  /// - Throws: `InvalidInput` where the text is not well-formed, or has a document type declaration.
  func read(_ piece: UnsafeRawBufferPointer, isLast: Bool = false) throws(InvalidInput) {
    let start = piece.baseAddress?.assumingMemoryBound(to: CChar.self)
    let status = XML_Parse(parser, start, Int32(piece.count), isLast ? 1 : 0)
    guard status != XML_STATUS_OK else { return }
    if hasDeclaration {
      throw InvalidInput(
        Diagnostic(
          "it holds a document type declaration, which no spreadsheet program writes",
          hint: "save it anew with a spreadsheet program"))
    }
    let reason = XML_ErrorString(XML_GetErrorCode(parser)).map { String(cString: $0) }
    throw InvalidInput(
      Diagnostic(
        "its XML is damaged: \(reason ?? "unreadable") at line "
          + "\(XML_GetCurrentLineNumber(parser))",
        hint: "save it anew with a spreadsheet program"))
  }
}

private func reader(_ data: UnsafeMutableRawPointer?) -> XMLEvents? {
  data.map { Unmanaged<XMLEvents>.fromOpaque($0).takeUnretainedValue() }
}

/// A name behind its prefix: documents differ in the prefixes and namespaces that they use.
private func local(_ name: UnsafePointer<CChar>) -> UnsafePointer<CChar> {
  var start = name
  var next = name
  while next.pointee != 0 {
    if next.pointee == CChar(UInt8(ascii: ":")) { start = next + 1 }
    next += 1
  }
  return start
}

private func isNamed(_ name: UnsafePointer<CChar>, _ wanted: StaticString) -> Bool {
  var next = name
  for offset in 0..<wanted.utf8CodeUnitCount {
    guard UInt8(bitPattern: next.pointee) == wanted.utf8Start[offset] else { return false }
    next += 1
  }
  return next.pointee == 0
}
