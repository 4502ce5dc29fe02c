/// Letters, digits and cases as Python's texts know them, where Swift's differ.

/// White space as Python's `str.isspace` sees it.
func isWhite(_ scalar: Unicode.Scalar) -> Bool {
  if scalar.isASCII {
    return (0x09...0x0D).contains(scalar.value) || (0x1C...0x20).contains(scalar.value)
  }
  return scalar.properties.isWhitespace
}

/// A letter as Python's `str.isalpha` sees it.
func isAlpha(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
  default: false
  }
}

/// A letter or a number as Python's `str.isalnum` sees it.
func isAlnum(_ scalar: Unicode.Scalar) -> Bool {
  isAlpha(scalar) || scalar.properties.numericType != nil
}

/// A character of which Python's regular expressions say that it belongs to a word.
func isWord(_ scalar: Unicode.Scalar) -> Bool { scalar == "_" || isAlnum(scalar) }

/// Text in lower case, where a sigma at the end of a word has its own form.
func lowercased(_ text: String) -> String {
  guard text.unicodeScalars.contains("\u{3A3}") else { return text.lowercased() }
  let scalars = Array(text.unicodeScalars)
  var result = ""
  for index in scalars.indices { result += lowercased(scalars, index) }
  return result
}

private func lowercased(_ scalars: [Unicode.Scalar], _ index: Int) -> String {
  guard scalars[index] == "\u{3A3}" else { return scalars[index].properties.lowercaseMapping }
  let before = scalars[..<index].last { !$0.properties.isCaseIgnorable }
  let after = scalars[(index + 1)...].first { !$0.properties.isCaseIgnorable }
  let isFinal = before?.properties.isCased == true && after?.properties.isCased != true
  return isFinal ? "\u{3C2}" : "\u{3C3}"
}

/// Text whose first character alone is a capital.
func capitalized(_ text: String) -> String {
  let scalars = Array(text.unicodeScalars)
  guard let first = scalars.first else { return text }
  var result = first.properties.titlecaseMapping
  for index in scalars.indices.dropFirst() { result += lowercased(scalars, index) }
  return result
}

/// Text in which each run of letters begins with a capital, as Python's `str.title` makes it.
func titled(_ text: String) -> String {
  let scalars = Array(text.unicodeScalars)
  var result = ""
  var isWithin = false
  for (index, scalar) in scalars.enumerated() {
    result += isWithin ? lowercased(scalars, index) : scalar.properties.titlecaseMapping
    isWithin = scalar.properties.isCased
  }
  return result
}

/// Text with capitals for small letters and small ones for capitals.
func swappedCase(_ text: String) -> String {
  let scalars = Array(text.unicodeScalars)
  var result = ""
  for (index, scalar) in scalars.enumerated() {
    if scalar.properties.isUppercase {
      result += lowercased(scalars, index)
    } else if scalar.properties.isLowercase {
      result += scalar.properties.uppercaseMapping
    } else {
      result.unicodeScalars.append(scalar)
    }
  }
  return result
}
