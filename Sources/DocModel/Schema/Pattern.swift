/// Regular expressions that agree with this package's own readers.
///
/// They use only what ECMA-262, Python, Go and Rust read in the same way: no look-around, no `\d`.
/// Since `$` may stand before a last line end in some of them, a schema refuses line ends besides.
enum Pattern {
  /// Digits, with commas between thousands where there are any.
  private static let digits = "(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)"
  static let integer = "^[+-]?\(digits)(?:\\.0+)?$"
  static let number = "^[+-]?\(digits)(?:\\.[0-9]+)?$"

  private static let slugBody = "[a-z0-9]+(?:-[a-z0-9]+)*"
  static let slug = "^\(slugBody)$"
  static let identifier = "^(?:\(slugBody):)?\(slugBody)(?:\\.\(slugBody))?$"

  /// Every day of the Gregorian calendar from year 1 on, leap days included.
  private static let day =
    "(?:(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
    + "-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    + "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    + "|(?:[0-9]{2}\(fourth)|\(fourth)00)-02-29)"
  private static let fourth = "(?:0[48]|[2468][048]|[13579][26])"
  static let date = "^\(day)$"
  static let dateTime =
    "^\(day)(?:T(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?"
    + "(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9]))?$"

  static let quantity =
    "^[+-]?\(digits)(?:\\.[0-9]+)?[ \u{A0}]*[^0-9+\\-., \u{A0}\n][^\n]*$"

  /// One number with a unit, or an ISO 8601 duration.
  static let duration: String = {
    let units = TimeSpan.spellings.flatMap(\.names).map(anyCase).joined(separator: "|")
    let business = "(?:\(anyCase("business"))|\(anyCase("working"))) "
    let amount = "[0-9]+(?:\\.[0-9]+)?"
    let clock = ["H", "M", "S"].map { "(?:\(amount)\($0))?" }
    // One of the units at least: each begins an alternative of its own.
    let time = [
      "\(amount)H\(clock[1])\(clock[2])", "\(amount)M\(clock[2])", "\(amount)S",
    ].joined(separator: "|")
    let dates = ["Y", "M", "D"].map { "(?:\(amount)\($0))?" }
    let date = [
      "\(amount)Y\(dates[1])\(dates[2])", "\(amount)M\(dates[2])", "\(amount)D",
    ].joined(separator: "|")
    return "^(?:\\+?\(digits)(?:\\.[0-9]+)?[ \u{A0}]*(?:\(business))?(?:\(units))"
      + "|P(?:\(amount)W|(?:\(date))(?:T(?:\(time)))?|T(?:\(time))))$"
  }()

  private static let forbiddenInEmail = "\u{01}-\u{20}\u{7F}()<>\\[\\],;:\\\\\"@"
  private static let emailBody =
    "[^\(forbiddenInEmail)]+@[^\(forbiddenInEmail).]+(?:\\.[^\(forbiddenInEmail).]+)+"
  static let email = "^\(emailBody)$"

  private static let forbiddenInLink = "\u{01}-\u{20}\u{7F}<>\"\\\\^`{|}"
  static let link =
    "^(?:[Hh][Tt][Tt][Pp][Ss]?://[^\(forbiddenInLink)/?#@:][^\(forbiddenInLink)/?#@]*"
    + "(?:[/?#][^\(forbiddenInLink)]*)?|[Mm][Aa][Ii][Ll][Tt][Oo]:\(emailBody))$"

  /// What `Placeholder` finds outside of code, for texts in ASCII.
  static let placeholder: String = {
    let words = Placeholder.words.sorted().joined(separator: "|")
    let edge = "[^A-Za-z0-9]"
    let name = "[A-Za-z0-9 _'-]*"
    let phrases = Placeholder.phrases.map { phrase in
      anyCase(phrase).replacing("[Aa]", with: "[AaÀàÂâ]").replacing("[Ee]", with: "[EeÈèÉéÊê]")
    }.joined(separator: "|")
    return "^[ \t\r\n]*(?:\\.{2,}|\u{2026})[ \t\r\n]*$"
      + "|(?:^|\(edge))(?:\(words))(?:\(edge)|$)|(?:^|\(edge))XXX|XXX(?:\(edge)|$)"
      + "|\(anyCase("lorem ipsum"))"
      + "|(?:^|[:(\\[|*\n\r\u{2013}\u{2014}]|(?:^|\(edge))[_-])[ \t]*(?:\(phrases)|\\?{1,2})"
      + "[ \t]*(?:$|[\n\r)\\]|*_.!])"
      + "|(?:^|[^A-Za-z0-9?])\\?{3}|(?:^|[^A-Za-z0-9_])_{4}"
      + "|\\[[A-Z][^\\]\\[<{}>]+\\](?:[^(\\[:]|$)"
      + "|<(?:\(anyCase("insert"))|\(anyCase("your"))) [^>\\[<{]*>"
      + "|(?:^|\(edge))<[A-Z]\(name)(?:[a-z]|[ a-z]\(name)[A-Za-z0-9])>"
      + "|\\{\\{[^{}<>\\[\\]\n]*[A-Za-z0-9][^{}<>\\[\\]\n]*\\}\\}"
  }()

  /// A text that means itself.
  static func literal(_ text: String) -> String {
    text.map { "\\^$.|?*+()[]{}".contains($0) ? "\\\($0)" : "\($0)" }.joined()
  }

  private static func anyCase(_ word: String) -> String {
    word.map { $0.isLetter ? "[\($0.uppercased())\($0.lowercased())]" : "\($0)" }.joined()
  }
}

extension Shape.TextForm {
  /// The pattern of a text that has this form; `nil` where any line will do.
  var pattern: String? {
    switch self {
    case .line, .token, .path: nil
    case .slug: Pattern.slug
    case .identifier: Pattern.identifier
    case .link: Pattern.link
    case .email: Pattern.email
    case .date: Pattern.date
    case .dateTime: Pattern.dateTime
    case .duration: Pattern.duration
    case .quantity: Pattern.quantity
    case .digest: "^[0-9a-f]{64}$"
    case .language: "^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*$"
    case .currency: "^[A-Z]{3}$"
    }
  }

  /// What the form is called.
  var title: String {
    switch self {
    case .line: "one line of text"
    case .token: "a name or number"
    case .slug: "a name"
    case .identifier: "an identifier"
    case .link: "a link"
    case .email: "an e-mail address"
    case .date: "a date"
    case .dateTime: "a date or a time"
    case .duration: "a length of time"
    case .quantity: "a number with its unit"
    case .path: "a path"
    case .digest: "a digest"
    case .language: "a language"
    case .currency: "a currency"
    }
  }

  /// What a YAML reader may make of a text that has this form and stands without quotes.
  var types: [String] {
    switch self {
    case .line, .token, .path: ["string", "number", "boolean"]
    case .slug: ["string", "integer", "boolean"]
    case .identifier: ["string", "number", "boolean"]
    default: ["string"]
    }
  }
}
