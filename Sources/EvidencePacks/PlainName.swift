/// The last part of a path in plain ASCII, at most 80 characters; its ending is kept.
///
/// A name of such letters is the same on every file system and in every archive: none folds, decomposes or
/// forbids it. Letters of other alphabets are written with those that their names in Unicode say.
func plainName(_ path: String) -> String {
  let slash = UInt8(ascii: "/")
  var bytes = path.utf8[...]
  while bytes.last == slash { bytes.removeLast() }
  if let last = bytes.lastIndex(of: slash) { bytes = bytes[bytes.index(after: last)...] }
  let name = Substring(bytes)
  // There may be very many, and most are plain as they are.
  let point = UInt8(ascii: ".")
  if (1...80).contains(name.utf8.count), name.utf8.last != point, name.utf8.allSatisfy(isPlain) {
    return String(name)
  }
  var plain: [UInt8] = []
  for scalar in name.unicodeScalars {
    if let byte = UInt8(exactly: scalar.value), byte < 0x80 {
      plain.append(isPlain(byte) ? byte : UInt8(ascii: "-"))
    } else {
      plain += letters(for: scalar)
    }
  }
  // Windows leaves it out.
  if plain.last == point { plain[plain.count - 1] = UInt8(ascii: "-") }
  guard plain.count > 80 else {
    return plain.isEmpty ? "file" : String(decoding: plain, as: UTF8.self)
  }
  let ending = plain.suffix(from: plain.lastIndex(of: point) ?? plain.endIndex).prefix(16)
  return String(decoding: plain.prefix(80 - ending.count) + ending, as: UTF8.self)
}

/// Whether a byte is an ASCII letter, a digit, `.`, `_` or `-`.
private func isPlain(_ byte: UInt8) -> Bool {
  switch byte {
  case 0x61...0x7A, 0x41...0x5A, 0x30...0x39, 0x2E, 0x5F, 0x2D: true
  default: false
  }
}

/// How a letter beyond ASCII is written: `ü` as `u`, `ж` as `zh`, `የ` as `ya`; a hyphen for what is none, and
/// nothing for a mark on the letter before.
private func letters(for scalar: Unicode.Scalar) -> [UInt8] {
  switch scalar.properties.generalCategory {
  case .nonspacingMark, .spacingMark, .enclosingMark, .format: return []
  case .decimalNumber:
    return scalar.properties.numericValue.map { [0x30 + UInt8($0)] } ?? [UInt8(ascii: "-")]
  case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .otherLetter: break
  default: return [UInt8(ascii: "-")]
  }
  // The signs for hard and soft are no sounds.
  if [0x42A, 0x42C, 0x44A, 0x44C].contains(scalar.value) { return [] }
  let isUpper = scalar.properties.isUppercase
  let small = scalar.properties.lowercaseMapping
  let letters = customary[small] ?? named(scalar)
  guard !letters.isEmpty else { return [UInt8(ascii: "-")] }
  return Array((isUpper ? letters.prefix(1).uppercased() + letters.dropFirst() : letters).utf8)
}

/// What a letter is called in Unicode: `LATIN SMALL LETTER U WITH DIAERESIS` is an u, `ETHIOPIC SYLLABLE YA` ya.
private func named(_ scalar: Unicode.Scalar) -> String {
  let words = (scalar.properties.name ?? "").split(separator: " ")
  let core = words.prefix { $0 != "WITH" }.last ?? ""
  let last = core.split(separator: "-").last ?? ""
  return last.unicodeScalars.allSatisfy { $0.isASCII } ? last.lowercased() : ""
}

/// Letters that people write otherwise than Unicode calls them.
private let customary: [String: String] = {
  let table = """
    ß ss ð d þ th ŋ ng ə e
    а a б b в v г g д d е e ж zh з z и i й i к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch ш sh
    щ shch ы y э e ю iu я ia ё e є ie і i ї i ґ g ў u ј j љ lj њ nj ћ c ђ d џ dz
    α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y φ f χ ch ψ ps ω o
    ά a έ e ή i ί i ό o ύ y ώ o ϊ i ϋ y ΐ i ΰ y
    """
  let words = table.split { $0 == " " || $0 == "\n" }.map(String.init)
  let pairs = stride(from: 0, to: words.count - 1, by: 2).map { (words[$0], words[$0 + 1]) }
  return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
}()
