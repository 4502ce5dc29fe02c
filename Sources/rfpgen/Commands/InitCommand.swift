internal import DocModel

extension Command {
  static let initialise = Command(
    name: "init", summary: "write a project or a bid file with everything to fill in, commented",
    operands: [Operand("DIR", .folder)],
    details: """
      The file is valid as it is: a blank counts as unanswered, and 'rfpgen check' says what is
      missing. Nothing that is there already is overwritten. A guide of one's own stands in the folder
      'guides' of DIR. A file '.gitattributes' lets git merge the locks of two people by keeping the
      lines of both, and a file '.gitignore' keeps the secret of 'rfpgen salt' out of git. Where
      '--guide' is given several times, the project follows these guides together. With '--bid' the
      file is a bidder's against a tender, which is copied beside it.
      """,
    options: [
      .guide,
      Option("bid", value: "TENDER", of: .data, "begin a bid for this tender file"),
      Option("title", value: "TEXT", "the programme's name"),
    ],
    examples: [
      (
        "rfpgen init programme --guide \(Guide.builtInNames.last ?? "NAME")",
        "write programme/project.yaml to fill in with any editor"
      ),
      ("rfpgen check programme/project.yaml", "see what it still lacks"),
      ("rfpgen init --bid tender.yaml our-bid", "write our-bid/bid.yaml for a tender"),
    ]
  ) { invocation, terminal throws(Failure) in
    let folder = invocation.operands[0]
    if let tender = invocation["bid"] {
      for option in ["guide", "title"] where invocation.has(option) {
        throw Failure("'--\(option)' is not for a bid", hint: "a bid follows its tender")
      }
      return try beginBid(for: tender, in: folder, terminal)
    }
    let guide = try invocation.guide(beside: folder)
    let path = Disk.join(folder, Project.fileName)
    if Disk.exists(path) {
      throw Failure(
        "'\(path)' is there already", hint: "name another folder, or remove that file first")
    }
    let title = invocation["title"] ?? "[The programme's name]"
    let text = BlankFile.project(guide: guide, title: title)
    let outputs = Outputs()
    try outputs.add(path, Array(text.utf8))
    for (name, line) in [(".gitattributes", "project.lock merge=union"), (".gitignore", "*.salt")] {
      let path = Disk.join(folder, name)
      if !Disk.exists(path) { try outputs.add(path, Array("\(line)\n".utf8)) }
    }
    try outputs.finish()
    try Disk.makeFolder(Disk.join(folder, "evidence"))
    terminal.print("\(path)\n")
    return .success
  }

  /// Writes a blank bid with a copy of its tender beside it.
  private static func beginBid(
    for path: String, in folder: String, _ terminal: Terminal
  ) throws(Failure) -> ExitStatus {
    let source = try Disk.source(path, as: .tender)
    let tender = try attempt { () throws(InvalidInput) in try Tender(source) }
    if let stated = tender.digest, stated != tender.contentDigest {
      throw Failure(
        "'\(path)' was changed after it was issued: its digest is another one",
        hint: "ask the issuer for the file anew")
    }
    let bid = Disk.join(folder, Bid.fileName)
    let copy = Disk.join(folder, Tender.fileName)
    // The copy may be the file itself.
    let isThere = Disk.exists(copy)
    if isThere, try Disk.source(copy).bytes != source.bytes {
      throw Failure(
        "'\(copy)' is there already, and another tender",
        hint: "name another folder, or remove that file first")
    }
    guard !Disk.exists(bid) else {
      throw Failure(
        "'\(bid)' is there already", hint: "name another folder, or remove that file first")
    }
    let text = BlankFile.bid(for: tender, digest: tender.contentDigest)
    let outputs = Outputs()
    try outputs.add(bid, Array(text.utf8))
    if !isThere { try outputs.add(copy, source.bytes) }
    try outputs.finish()
    try Disk.makeFolder(Disk.join(folder, "evidence"))
    terminal.print("\(bid)\n" + (isThere ? "" : "\(copy)\n"))
    return .success
  }
}

extension Invocation {
  /// The guide that `--guide` names, or all that the program carries.
  func guides(beside folder: String) throws(Failure) -> [Guide] {
    if has("guide") { return [try guide(beside: folder)] }
    return try attempt { () throws(InvalidInput) in
      try Guide.builtInNames.map { name throws(InvalidInput) in try Guide.builtIn(name) }
    }
  }

  /// The guide that `--guide` names, or several composed to one.
  ///
  /// `folder`: a guide of one's own stands in `guides` below it.
  func guide(beside folder: String) throws(Failure) -> Guide {
    let names = all("guide")
    guard !names.isEmpty else {
      throw Failure(
        "a guide must be named",
        hint: "write '--guide NAME' with one of \(Guide.builtInNames.joined(separator: ", "))")
    }
    return try attempt { () throws(InvalidInput) in
      try Guide.named(names, in: DiskFolder(folder, today: Disk.today()))
    }
  }
}
