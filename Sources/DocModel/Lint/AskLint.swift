/// Notices questions that ask for two things but take one answer.
///
/// Questions with parts, and about a person, have a place for each thing.
struct AskLint: LintCheck {
  private static let rule = FindingRule(
    id: "two-asks", summary: "A question asks for two things and has one answer.")

  /// Words that begin a question in English.
  private static let interrogatives: Set<Substring> = [
    "who", "whom", "what", "when", "where", "which", "whose", "how", "why", "does", "do", "did",
    "is", "are", "was", "has", "have", "will", "can", "may",
  ]

  var rules: [FindingRule] { [Self.rule] }

  func findings(_ subject: LintSubject) -> [Finding] {
    let language = subject.node["language"]?.text ?? "en"
    let isEnglish = language == "en" || language.hasPrefix("en-")
    return zip(subject.guide.questions, subject.items("questions")).compactMap { question, item in
      let type = question.type
      guard type.parts.isEmpty, type.kind != .person, let ask = item.node["ask"],
        let text = ask.text, Self.asksTwice(text, isEnglish: isEnglish)
      else { return nil }
      return subject.finding(
        Self.rule, .warning, item.id, "the question asks for two things and has one answer",
        "give the answer 'parts:', or ask two questions", at: ask.mark)
    }
  }

  /// Whether a text has two question marks, or goes on with «, and» and a word that begins a question.
  private static func asksTwice(_ text: String, isEnglish: Bool) -> Bool {
    if text.utf8.count(where: { $0 == UInt8(ascii: "?") }) > 1 { return true }
    guard isEnglish else { return false }
    let words = text.lowercased().split { $0.isWhitespace }
    return zip(words, zip(words.dropFirst(), words.dropFirst(2))).contains { first, rest in
      guard first.hasSuffix(","), rest.0 == "and" else { return false }
      return interrogatives.contains(rest.1.prefix { $0.isLetter })
    }
  }
}
