internal import DocModel

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
    operands: [Operand("NAME", .name(Guide.builtInNames))],
    options: [Option("format", value: "FORMAT", of: .oneOf(["text", "json"]), "how to show it")],
    examples: [
      ("rfpgen guide show \(Guide.builtInNames.first ?? "NAME")", "a tree to read"),
      (
        "rfpgen guide show \(Guide.builtInNames.first ?? "NAME") --format json",
        "everything in it, for another program"
      ),
    ]
  ) { invocation, terminal throws(Failure) in
    let guide = try attempt { () throws(InvalidInput) in
      try Guide.builtIn(invocation.operands[0])
    }
    if invocation["format"] == "json" {
      terminal.write(Array(JSON(.record(guide.record), as: .record(Guide.shape)).text.utf8))
    } else {
      terminal.print(tree(guide))
    }
    return .success
  }

  private static func tree(_ guide: Guide) -> String {
    var lines = ["\(guide.title)", "\(guide.id), edition \(guide.edition)", ""]
    for phase in guide.phases {
      lines.append(
        "Phase \(phase.number)  \(phase.title)\(phase.isOptional ? " (optional)" : "")  [\(phase.id)]"
      )
      for section in guide.sections[phase.sections] {
        lines.append(
          "  \(section.number)  \(section.title)\(section.isOptional ? " (optional)" : "")  "
            + "[\(section.id)]")
        for question in guide.questions[section.questions] {
          lines.append("    ? \(question.id)  \(question.title)")
          lines.append("        \(describe(question))")
        }
        for checkpoint in guide.checkpoints[section.checkpoints] {
          lines.append("    ✓ \(checkpoint.id)")
          let names = checkpoint.reliesOn.questions
          if !names.isEmpty { lines.append("        relies on \(names.joined(separator: ", "))") }
        }
      }
    }
    lines.append("")
    return lines.joined(separator: "\n")
  }

  private static func describe(_ question: Question) -> String {
    var parts = [question.type.kind.title]
    switch question.evidence {
    case .required: parts.append("evidence required")
    case .optional: parts.append("evidence welcome")
    case .none: parts.append("no evidence needed")
    }
    parts.append("answered by the \(question.by.rawValue)")
    parts.append(question.need == .rfp ? "needed for the RFP" : "needed for its gate")
    return parts.joined(separator: "; ")
  }
}
