extension Command {
  static let completions = Command(
    name: "completions", summary: "print what makes a shell complete commands and options",
    operands: [
      Operand(Shell.all.map(\.name).joined(separator: "|"), .oneOf(Shell.all.map(\.name)))
    ],
    details: "'make install' puts the scripts where each shell looks for them.",
    examples: [
      (
        "rfpgen completions fish > ~/.config/fish/completions/rfpgen.fish",
        "complete in every fish of yours"
      ),
      ("source <(rfpgen completions bash)", "complete in this bash from now on"),
    ]
  ) { invocation, terminal throws(Failure) in
    let name = invocation.operands[0]
    guard let shell = Shell.all.first(where: { $0.name == name }) else {
      throw Failure(
        "there are no completions for '\(name)'",
        hint: "there are some for \(Shell.all.map(\.name).joined(separator: ", "))")
    }
    terminal.write(Array(shell.script().utf8))
    return .success
  }

  static let manual = Command(
    name: "man", summary: "print the manual page",
    details: "The page is written for 'man'; 'make install' puts it where that looks for it.",
    examples: [("rfpgen man | man -l -", "read it without installing it")]
  ) { _, terminal in
    terminal.write(Array(ManualPage.text.utf8))
    return .success
  }
}
