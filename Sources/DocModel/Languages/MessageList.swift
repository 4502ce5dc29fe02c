/// Messages for translators, as a template of PO files.
///
///     var list = MessageList()
///     list.add(Catalogue.Message(text: "Contents"), place: "page.html.jinja:29")
///     list.template          // what 'msginit' and Poedit begin a language from
///
/// A message that comes again keeps its first place in the order and gets another reference.
public struct MessageList: Sendable {
  private struct Entry {
    let message: Catalogue.Message
    let plural: String?
    var comments: [String] = []
    var places: [String] = []
  }

  private var entries: [Entry] = []
  private var positions: [Catalogue.Message: Int] = [:]
  /// Whether `%` may begin the name of a value in the messages.
  private let isFormatted: Bool

  /// Makes an empty list of messages that hold names of values, as those of templates do.
  public init() { self.init(formatted: true) }

  init(formatted: Bool) { isFormatted = formatted }

  /// The messages in their order, each with whether it has a plural.
  public var messages: [(message: Catalogue.Message, isPlural: Bool)] {
    entries.map { ($0.message, $0.plural != nil) }
  }

  /// Adds a message.
  ///
  /// - Parameters:
  ///   - message: The text with its context.
  ///   - plural: The text for many, where it depends on a count.
  ///   - comment: What translators should know; may be empty.
  ///   - place: Where it stands, as `file:line`; may be empty.
  public mutating func add(
    _ message: Catalogue.Message, plural: String? = nil, comment: String = "", place: String = ""
  ) {
    let index = positions[message] ?? entries.count
    if index == entries.count {
      positions[message] = index
      entries.append(Entry(message: message, plural: plural))
    }
    if !comment.isEmpty, !entries[index].comments.contains(comment) {
      entries[index].comments.append(comment)
    }
    if !place.isEmpty, !entries[index].places.contains(place) {
      entries[index].places.append(place)
    }
  }

  /// Adds the words that have a name, with what they are in English.
  public mutating func addWords() {
    for catalogue in Language.english.catalogues {
      let words = catalogue.messages.compactMap { message in
        catalogue[message].map { (message, $0) }
      }
      for (message, translation) in words.sorted(by: { $0.1.forms[0].at < $1.1.forms[0].at }) {
        let comment = catalogue.comment(on: translation)
        let english = translation.forms.map { "«\($0.string)»" }.joined(separator: ", ")
        add(
          message, plural: translation.isPlural ? message.text : nil,
          comment: (comment.isEmpty ? "" : comment + "\n") + "English: \(english)")
      }
    }
  }

  /// The list as a PO template.
  public var template: String {
    var text = """
      # Messages for translators. 'msginit --input=THIS --locale=LANG' begins a language.
      #, fuzzy
      msgid ""
      msgstr ""
      "Project-Id-Version: rfpgen\\n"
      "PO-Revision-Date: YEAR-MO-DA HO:MI+ZONE\\n"
      "Last-Translator: FULL NAME <EMAIL@ADDRESS>\\n"
      "Language-Team: LANGUAGE\\n"
      "Language: \\n"
      "MIME-Version: 1.0\\n"
      "Content-Type: text/plain; charset=UTF-8\\n"
      "Content-Transfer-Encoding: 8bit\\n"
      "Plural-Forms: nplurals=INTEGER; plural=EXPRESSION;\\n"

      """
    for entry in entries {
      text += "\n"
      for comment in entry.comments {
        for line in comment.split(separator: "\n") { text += "#. \(line)\n" }
      }
      for place in entry.places { text += "#: \(place)\n" }
      if isFormatted, entry.message.text.contains("%") { text += "#, python-format\n" }
      if let context = entry.message.context { text += "msgctxt \(Self.quoted(context))\n" }
      text += "msgid \(Self.quoted(entry.message.text))\n"
      if let plural = entry.plural {
        text += "msgid_plural \(Self.quoted(plural))\nmsgstr[0] \"\"\nmsgstr[1] \"\"\n"
      } else {
        text += "msgstr \"\"\n"
      }
    }
    return text
  }

  /// A text between quotes; one of several lines begins on the next line, as gettext writes it.
  private static func quoted(_ text: String) -> String {
    var lines: [String] = [""]
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": lines[lines.count - 1] += "\\\\"
      case "\"": lines[lines.count - 1] += "\\\""
      case "\t": lines[lines.count - 1] += "\\t"
      case "\r": lines[lines.count - 1] += "\\r"
      case "\n":
        lines[lines.count - 1] += "\\n"
        lines.append("")
      default: lines[lines.count - 1].unicodeScalars.append(scalar)
      }
    }
    if lines.count > 1, lines[lines.count - 1].isEmpty { lines.removeLast() }
    let quoted = lines.map { "\"\($0)\"" }
    return quoted.count == 1 ? quoted[0] : (["\"\""] + quoted).joined(separator: "\n")
  }
}

extension Catalogue {
  /// What stands in comments above a translation.
  func comment(on translation: Translation) -> String {
    let bytes = source.bytes
    var comments: [String] = []
    var end = translation.forms[0].at
    while end > 0 {
      let start = bytes[..<end].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
      let line = String(decoding: bytes[start..<end], as: UTF8.self)
      if line.isEmpty, end < translation.forms[0].at { break }
      if line.hasPrefix("# ") { comments.insert(String(line.dropFirst(2)), at: 0) }
      end = start - 1
    }
    return comments.joined(separator: "\n")
  }
}
