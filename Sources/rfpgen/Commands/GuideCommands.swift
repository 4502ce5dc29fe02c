internal import DocModel
internal import Renderers

extension Command {
  static let guideList = Command(
    name: "guide list", summary: "name the guides that the program carries",
    examples: [("rfpgen guide list", "one line for each: its name, edition and title")]
  ) { _, terminal throws(Failure) in
    let guides = try Guide.builtInNames.map { name throws(Failure) in
      try attempt { () throws(InvalidInput) in try Guide.builtIn(name) }
    }
    for guide in guides {
      terminal.print("\(guide.id)  edition \(guide.edition)  \(guide.title)\n")
    }
    return .success
  }

  static let guideShow = Command(
    name: "guide show", summary: "show a guide's phases, questions and checkpoints",
    operands: [
      Operand("GUIDE", .name(Guide.builtInNames)), Operand("GUIDE", .name([]), .anyNumber),
    ],
    details: """
      GUIDE is the name of a guide that the program carries or that stands in the folder 'guides', or a
      file that ends in .yaml. Several guides are shown as a project that follows them together has
      them.
      """,
    options: [
      Option(
        "format", value: "FORMAT", of: .oneOf(["text", "markdown", "json"]), "how to show it")
    ],
    examples: [
      ("rfpgen guide show \(Guide.builtInNames.first ?? "NAME")", "a tree to read"),
      (
        "rfpgen guide show \(Guide.builtInNames.first ?? "NAME") --format json",
        "everything in it, for another program"
      ),
      ("rfpgen guide show guides/ours.yaml --format markdown", "a text to hand round"),
    ]
  ) { invocation, terminal throws(Failure) in
    let guide = try guide(invocation.operands)
    switch invocation["format"] {
    case "json":
      terminal.write(Array(JSON(.record(guide.record), as: .record(Guide.shape)).text.utf8))
    case "markdown":
      terminal.write(
        try attempt { () throws(InvalidInput) in try GuideRenderer().markdown(guide) })
    default: terminal.print(GuideTree(guide).text)
    }
    return .success
  }

  static let guideLint = Command(
    name: "guide lint", summary: "find what can be better in a guide of one's own",
    operands: [Operand("FILE", .data)],
    details: """
      Looks for numbers that come twice or are left out, checkpoints that rely on nothing, questions
      that no checkpoint relies on, conditions that can never hold, leftovers, missing sources,
      references that lead nowhere, and questions that ask for two things. A note of the guide with
      'accepts:' lets a finding stand. Exit status 1 where a finding is an error.
      """,
    options: [Option("format", value: "FORMAT", of: .oneOf(["text", "json"]), "how to report")],
    examples: [
      ("rfpgen guide lint guides/ours.yaml", "findings with places and remedies"),
      ("rfpgen guide lint guides/ours.yaml --format json", "the same for another program"),
    ]
  ) { invocation, terminal throws(Failure) in
    let path = invocation.operands[0]
    guard Workspace.isFile(path) || Disk.exists(path) else {
      throw Failure(
        "'\(path)' is not a file", hint: "name the guide's file, such as 'guides/\(path).yaml'")
    }
    let lint = GuideLint(try Disk.source(path), in: world(of: path))
    if invocation["format"] == "json" {
      terminal.write(Array(lint.json.text.utf8))
    } else {
      for finding in lint.findings {
        terminal.print(
          "\(finding.location): \(finding.severity.rawValue): \(finding.id): \(finding.message)"
            + " [\(finding.rule)]\n  → \(finding.remedy)\n")
      }
      terminal.print(
        "\(counted(lint.count(.error), "error")), \(counted(lint.count(.warning), "warning")), "
          + "\(lint.accepted.count) accepted by notes\n")
    }
    return lint.count(.error) > 0 ? .gaps : .success
  }

  static let guideMessages = Command(
    name: "guide messages", summary: "print what a guide says, for translators",
    operands: [Operand("GUIDE", .name(Guide.builtInNames))],
    details: """
      GUIDE is the name of a guide that the program carries, or a guide's file. The result is a template
      of gettext catalogues (POT). A catalogue beside the guide, such as guides/ours.fr.po, is used
      for projects whose 'language:' is 'fr'; docs/translating.md tells the way.
      """,
    examples: [
      ("rfpgen guide messages guides/ours.yaml > ours.pot", "everything that the guide says"),
      (
        "rfpgen guide messages \(Guide.builtInNames.first ?? "NAME")",
        "the same for a guide that the program carries"
      ),
    ]
  ) { invocation, terminal throws(Failure) in
    let word = invocation.operands[0]
    let list: MessageList
    if Workspace.isFile(word) {
      let source = try Disk.source(word)
      list = try attempt { () throws(InvalidInput) in try Guide.messages(source) }
    } else {
      list = try attempt { () throws(InvalidInput) in try Guide.builtInMessages(word) }
    }
    terminal.print(list.template)
    return .success
  }

  /// The guide of some words: names, or a file.
  private static func guide(_ words: [String]) throws(Failure) -> Guide {
    if words.count == 1, Workspace.isFile(words[0]) {
      let source = try Disk.source(words[0])
      return try attempt { () throws(InvalidInput) in
        try Guide(source, in: world(of: words[0]))
      }
    }
    return try attempt { () throws(InvalidInput) in
      try Guide.named(words, in: DiskFolder(".", today: Disk.today()))
    }
  }

  /// The folder of a project whose folder `guides` holds a file, or else the file's own folder.
  private static func world(of path: String) -> DiskFolder {
    let folder = Disk.folder(of: path)
    let isGuides = folder == "guides" || folder.hasSuffix("/guides")
    return DiskFolder(isGuides ? Disk.folder(of: folder) : folder, today: Disk.today())
  }
}

/// A guide as a tree of lines.
private struct GuideTree {
  private let guide: Guide

  init(_ guide: Guide) { self.guide = guide }

  var text: String {
    var lines = guide.members.flatMap { member in
      [
        (member.letter.isEmpty ? "" : "\(member.letter): ") + member.title,
        "\(member.id), edition \(member.edition)",
      ]
    }
    lines.append("")
    for phase in guide.phases {
      lines.append(
        "Phase \(phase.number)  \(phase.title)\(optional(phase.isOptional, nil))  [\(phase.id)]")
      for section in guide.sections[phase.sections] {
        lines.append(
          "  \(section.number)  \(section.title)"
            + "\(optional(section.isOptional, section.condition))  [\(section.id)]")
        for question in guide.questions[section.questions] {
          lines.append("    ? \(question.id)  \(question.title)")
          lines.append("        \(describe(question))")
        }
        for id in section.shared { lines.append("    = \(id)") }
        for checkpoint in guide.checkpoints[section.checkpoints] {
          lines.append("    ✓ \(checkpoint.id)")
          lines.append("        relies on \(checkpoint.reliesOn)")
        }
      }
    }
    lines.append("")
    return lines.joined(separator: "\n")
  }

  private func optional(_ isOptional: Bool, _ condition: Condition?) -> String {
    (isOptional ? " (optional)" : "") + (condition.map { " (where \($0))" } ?? "")
  }

  private func describe(_ question: Question) -> String {
    var parts = [question.type.kind.title]
    switch question.evidence {
    case .required: parts.append("evidence required")
    case .optional: parts.append("evidence welcome")
    case .none: parts.append("no evidence needed")
    }
    parts.append("answered by the \(question.by.rawValue)")
    parts.append(question.need == .rfp ? "needed for the RFP" : "needed for its gate")
    if let condition = question.condition { parts.append("where \(condition)") }
    return parts.joined(separator: "; ")
  }
}
