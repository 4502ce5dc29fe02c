/// Gives headings the identifiers that GitHub gives them, each only once.
///
/// Letters become small, what is neither letter, digit, mark, `_`, `-` nor space goes, spaces become
/// `-`; a second heading of the same name gets `-1` behind it, a third `-2`.
struct HeadingIDs {
  /// How often each name was asked for; names of anchors that the author set count as taken.
  private var uses: [String: Int] = [:]

  /// Takes note of an identifier that stands in the text already.
  mutating func reserve(_ id: String) { uses[id, default: 0] += 0 }

  /// The identifier of the next heading.
  mutating func next(for text: String) -> String {
    let name = Self.name(text)
    guard var count = uses[name] else {
      uses[name] = 0
      return name
    }
    var id: String
    repeat {
      count += 1
      id = "\(name)-\(count)"
    } while uses[id] != nil
    uses[name] = count
    uses[id] = 0
    return id
  }

  /// The identifier of a heading that is the first of its name.
  static func name(_ text: String) -> String {
    var text = text
    var isASCII = true
    let name = text.withUTF8 { bytes in
      String(unsafeUninitializedCapacity: bytes.count) { name in
        var count = 0
        func append(_ byte: UInt8) {
          name[count] = byte
          count += 1
        }
        for byte in bytes {
          switch byte {
          case 0x61...0x7A, 0x30...0x39, .dash, .underscore: append(byte)
          case .space: append(.dash)
          case 0x41...0x5A: append(byte | 0x20)
          case 0x80...: isASCII = false
          default: break
          }
        }
        return count
      }
    }
    if !isASCII { return nameBeyondASCII(text) }
    return name.isEmpty ? "section" : name
  }

  private static func nameBeyondASCII(_ text: String) -> String {
    var name = ""
    for scalar in text.unicodeScalars {
      if scalar == " " {
        name += "-"
      } else if scalar == "-" || isWordPart(scalar) {
        name += scalar.properties.lowercaseMapping
      }
    }
    return name.isEmpty ? "section" : name
  }

  private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .letterNumber,
      .connectorPunctuation:
      true
    default: false
    }
  }
}
