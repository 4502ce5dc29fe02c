import DocModel

/// Texts in another language than the document's own, as Markdown has them: in an element that shows
/// nothing and that GitHub, GitLab, VS Code and pandoc keep.
///
///     <span lang="en">Planned servers</span>
extension ForeignText {
  /// The tag before the text.
  var opening: String {
    let direction = isRightToLeft.map { $0 ? " dir=\"rtl\"" : " dir=\"ltr\"" } ?? ""
    return "<span lang=\"\(language)\"\(direction)>"
  }

  /// The tag behind the text.
  static let closing: StaticString = "</span>"

  /// Texts of one kind and one language as one, with what has no letters between them; `nil` where
  /// there is no such text among the values, or anything else.
  static func joined(_ values: [Value]) -> ForeignText? {
    var first: ForeignText?
    var text = ""
    for value in values {
      switch value {
      case .foreign(let foreign):
        let known = first ?? foreign
        guard foreign.language == known.language, foreign.isProse == known.isProse else {
          return nil
        }
        first = known
        text += foreign.text
      case .text(let separator):
        guard !separator.unicodeScalars.contains(where: \.properties.isAlphabetic) else {
          return nil
        }
        text += separator
      default: return nil
      }
    }
    return first?.with(text)
  }
}

extension Place {
  /// Writes a text that is in another language, with its mark where there can be one.
  func write(_ foreign: ForeignText, to output: inout Output) {
    guard kind == .text, !foreign.text.isEmpty else { return write(foreign.unmarked, to: &output) }
    if foreign.isProse, isAlone {
      Fitting.write(foreign.text, isTrusted: false, mark: foreign.opening, self, to: &output)
      return
    }
    output.append(contentsOf: foreign.opening.utf8)
    var inner = self
    inner.isLineStart = false
    inner.isAlone = false
    inner.isBare = false
    inner.isRowOpen = false
    inner.isCalm = true
    inner.right = .punctuation
    inner.write(foreign.unmarked, to: &output)
    output.append(ForeignText.closing)
  }
}
