private import Archives
public import DocModel
internal import Renderers
private import Glibc

/// The evidence report of a project, or a bid, with every evidence file, digests and the list of what is missing,
/// as a BagIt bag (RFC 8493) that stands on its own.
///
///     let pack = try EvidencePack(source, in: DiskFolder("programme", today: day), by: program)
///     try pack.write(to: "evidence-2026.zip")
public struct EvidencePack {
  private let subject: any PackSubject
  private let world: any EvidenceSource
  private let witness: Witness
  private let program: Program
  private let audience: Audience?
  private let files: [(source: String, path: String)]
  /// The digests of files that the pack must not hold, with their paths.
  private let forbidden: [String: ForbiddenFile]
  /// What looks for leaks where everybody shall see the pack.
  private let leakCheck: LeakCheck?
  /// What looks for withheld texts where somebody but the owner shall see it.
  private let repetitionCheck: RepetitionCheck?
  /// What it was written from.
  private let made = Made()

  /// What a pack was written from last, which goes when the pack does: there may be very much to free, and the
  /// pack on the disk is to have its name before.
  private final class Made {
    var reports: PackReports?
  }

  /// What a pack holds, once it is written.
  public struct Summary: Hashable, Sendable {
    /// How many evidence files it holds.
    public let files: Int
    /// How many bytes they have.
    public let bytes: Int
    /// How many evidence files that the project names are not in it.
    public let absent: Int
    /// How many links it records.
    public let links: Int
    /// How many places of the report have a gap.
    public let holes: Int
    /// How many things are withheld from the pack's audience.
    public let withheld: Int
  }

  /// Reads what a pack is made of; evidence files are not opened yet.
  ///
  /// - Parameters:
  ///   - source: The project file.
  ///   - world: Where the guide, the templates and the evidence are.
  ///   - program: Which program makes the pack.
  ///   - audience: Who may see the pack; its owner alone where it is left out.
  /// - Throws: `InvalidInput` with all that is wrong with the project, the guide or a template.
  public init(
    _ source: Source, in world: some EvidenceSource, by program: Program,
    for audience: Audience? = nil
  ) throws(InvalidInput) {
    let copy = try audience.map { audience throws(InvalidInput) in
      try AudienceCopy(source, in: world, for: audience)
    }
    let source = copy?.source ?? source
    var forbidden = copy?.forbidden ?? [:]
    if let salt = try Salt(of: source, in: world)?.source {
      forbidden[Digest(of: salt.bytes).description] = ForbiddenFile(
        name: salt.name,
        remedy: "take it out of the evidence: with the salt, what is withheld can be guessed")
    }
    self.forbidden = forbidden
    leakCheck = copy?.leakCheck
    repetitionCheck = copy?.repetitionCheck
    let witness = Witness(copy?.world ?? world)
    self.world = world
    self.witness = witness
    self.program = program
    self.audience = audience
    subject = try PackKind.project.subject(source, in: witness)
    files = subject.plan.files
  }

  /// Reads what the pack of a bid is made of; evidence files are not opened yet.
  ///
  /// - Parameters:
  ///   - source: The bid file.
  ///   - world: Where the tender, the templates and the evidence are.
  ///   - program: Which program makes the pack.
  /// - Throws: `InvalidInput` with all that is wrong with the bid, the tender or a template.
  public init(
    bid source: Source, in world: some EvidenceSource, by program: Program
  ) throws(InvalidInput) {
    forbidden = [:]
    leakCheck = nil
    repetitionCheck = nil
    witness = Witness(world)
    self.world = world
    self.program = program
    audience = nil
    subject = try PackKind.bid.subject(source, in: witness)
    files = subject.plan.files
  }

  /// How many bytes of evidence there are to read.
  public var evidenceSize: Int {
    files.reduce(0) { sum, file in
      if case .present(let size) = world.state(of: file.source) { sum + size } else { sum }
    }
  }

  /// Writes the pack to a folder or, by the path's ending, to a `.zip` or `.tar.gz` archive.
  ///
  /// Each evidence file is read once. The pack takes its name when it is whole; a failure leaves nothing
  /// behind.
  ///
  /// - Parameters:
  ///   - target: Where it is to stand; nothing may be there yet.
  ///   - algorithms: The digests of its manifests; SHA-256 is always among them.
  ///   - progress: Is told how many bytes of evidence were read since it was told last; what it throws
  ///     ends the job.
  /// - Returns: What the pack holds.
  /// - Throws: `InvalidInput` where something cannot be read or written, or changes while it is read.
  public func write(
    to target: String, algorithms: Set<Digest.Algorithm> = [.sha256],
    progress: (Int) throws(InvalidInput) -> Void = { _ in }
  ) throws(InvalidInput) -> Summary {
    var target = target
    while target.utf8.count > 1, target.hasSuffix("/") { target.removeLast() }
    guard access(target, F_OK) != 0 else {
      throw InvalidInput(
        Diagnostic(
          "'\(target)' is there already",
          hint: "a pack is never written over another; take a new name, or remove it first"))
    }
    if let format = ArchiveFormat(path: target) {
      let sink = try ArchiveSink(
        target, format, folder: folderName, time: world.today.number * 86_400)
      return try fill(sink, algorithms, progress)
    }
    return try fill(try FolderSink(target), algorithms, progress)
  }

  private func fill(
    _ sink: some CommittableSink, _ algorithms: Set<Digest.Algorithm>,
    _ progress: (Int) throws(InvalidInput) -> Void
  ) throws(InvalidInput) -> Summary {
    do throws(InvalidInput) {
      var bag = BagWriter(
        sink,
        algorithms: Digest.Algorithm.allCases.filter { $0 == .sha256 || algorithms.contains($0) })
      var leaks = PackLeaks(leakCheck, repetitionCheck)
      let files = try addEvidence(&bag, &leaks, progress)
      // It takes its time to come to the disk, and so do the reports.
      if files.count > Self.leastSettled { sink.settle() }
      let summary = try fill(&bag, files, &leaks)
      try progress(0)
      try sink.commit()
      return summary
    } catch {
      sink.abandon()
      throw error
    }
  }

  /// How many files are packed at once before progress is told.
  private static let portion = 1 << 13
  /// How many files are worth beginning to bring them to the disk while the rest is made.
  private static let leastSettled = 1 << 11

  /// Packs the evidence files and says what became of each.
  private func addEvidence(
    _ bag: inout BagWriter, _ leaks: inout PackLeaks,
    _ progress: (Int) throws(InvalidInput) -> Void
  ) throws(InvalidInput) -> [PackedFile] {
    let planned = self.files
    let reader = EvidenceReader(world: world, algorithms: bag.algorithms)
    var files: [PackedFile] = []
    files.reserveCapacity(planned.count)
    // Many small files are written in several threads; what is looked through comes in order.
    guard planned.count > 1, !leaks.isLooking, let target = bag.atOnce else {
      try addEvidence(planned[...], reader, &bag, &leaks, &files, progress)
      return files
    }
    var start = 0
    while start < planned.count {
      let portion = planned[start..<min(planned.count, start + Self.portion)]
      var bytes = 0
      for (found, (source, path)) in zip(reader.write(portion, to: target), portion) {
        switch found {
        case .absent(let state):
          files.append(PackedFile(source: source, state: state, copy: nil))
        case .written(let size, let digests):
          bag.note(path, size: size, digests)
          bytes += size
          files.append(try packed(source, path, size, digests))
        case .large:
          try addEvidence(
            planned[files.count...files.count], reader, &bag, &leaks, &files, progress)
        case .failure(let failure): throw failure
        }
      }
      try progress(bytes)
      start += portion.count
    }
    return files
  }

  /// Packs evidence files one after another, of any size.
  private func addEvidence(
    _ planned: ArraySlice<(source: String, path: String)>, _ reader: EvidenceReader,
    _ bag: inout BagWriter, _ leaks: inout PackLeaks, _ files: inout [PackedFile],
    _ progress: (Int) throws(InvalidInput) -> Void
  ) throws(InvalidInput) {
    var size = 0
    var place = planned.startIndex
    try reader.read(planned.map(\.source)) { part, bytes throws(InvalidInput) in
      let (source, path) = planned[place]
      switch part {
      case .absent(let state):
        files.append(PackedFile(source: source, state: state, copy: nil))
        place += 1
      case .begin(let count):
        size = count
        leaks.begin(source)
        try bag.begin(path, size: size)
      case .bytes:
        leaks.feed(bytes)
        try bag.write(bytes)
        try progress(bytes.count)
      case .end(let digests):
        leaks.end()
        try bag.end(digests)
        files.append(try packed(source, path, size, digests))
        place += 1
      case .failure(let failure): throw failure
      }
    }
  }

  /// A file that is in the pack, unless it must not be.
  private func packed(
    _ source: String, _ path: String, _ size: Int, _ digests: [Digest]
  ) throws(InvalidInput) -> PackedFile {
    let copy = PackedFile.Copy(path: path, size: size, digest: digests[0])
    if !forbidden.isEmpty, let other = forbidden[copy.digest.description] {
      throw InvalidInput(
        Diagnostic(
          "'\(source)' holds the same as '\(other.name)', which must not be in this pack",
          hint: other.remedy))
    }
    return PackedFile(source: source, state: .present(size: size), copy: copy)
  }

  private func fill(
    _ bag: inout BagWriter, _ files: [PackedFile], _ leaks: inout PackLeaks
  ) throws(InvalidInput) -> Summary {
    let links = subject.plan.links
    for link in links { try bag.add(link.path, link.bytes) }
    var inputs = witness.inputs
    // What the program brings is known to everybody, and the copy of the project file was looked through.
    let own = Set(inputs.keys).subtracting(witness.carried)
    inputs[plainName(subject.source.name)] = subject.source.bytes
    // What is looked for under the name of the file may have another in the pack.
    for (name, other) in subject.renamed {
      if let bytes = inputs.removeValue(forKey: name) { inputs[other] = bytes }
    }
    for (path, bytes) in inputs.sorted(by: { $0.key < $1.key }) {
      try bag.add("\(PackReports.inputsFolder)/\(path)", bytes)
    }
    let reports = subject.reports(files, today: world.today, inputs: inputs, program: program)
    let aside = bag.atOnce
    try reports.make(bag.algorithms, aside: aside) { file throws(InvalidInput) in
      switch file {
      case .report(let path, let bytes):
        // The page and the statement say the same.
        if path.hasSuffix(".md") { leaks.look(at: path, bytes) }
        try bag.add(path, bytes)
      case .statement(let path, let measure, _) where aside != nil:
        bag.note(path, size: measure.size, measure.digests)
        // The reports take longer.
        bag.arrange()
      case .statement(let path, let measure, let statement):
        try bag.begin(path, size: measure.size)
        var failure: InvalidInput?
        statement.write { [bag] bytes in
          guard failure == nil else { return }
          do throws(InvalidInput) { try bag.write(bytes) } catch { failure = error }
        }
        if let failure { throw failure }
        try bag.end(measure.digests)
      }
    }
    for (path, bytes) in inputs.sorted(by: { $0.key < $1.key }) {
      leaks.look(at: path, bytes, isOwn: own.contains(path))
    }
    try leaks.refuse()
    try bag.finish(BagInfo(program, for: world.today, of: subject.title))
    let present = files.indices.compactMap { files[$0].copy?.size }
    made.reports = reports
    return Summary(
      files: present.count, bytes: present.reduce(0, +), absent: files.count - present.count,
      links: links.count, holes: reports.holes, withheld: subject.withheldCount)
  }

  /// The name of the one folder in an archive: what the pack is of, for whom, and the day.
  ///
  /// It follows from what is in the archive, so that archives of the same are the same under any name, while the
  /// packs of several programmes or bidders keep apart where they are unpacked.
  private var folderName: String {
    let title = plainName(String(subject.title.map { $0 == "/" ? "-" : $0 })).lowercased()
    var words: [Substring] = []
    var size = 0
    for word in title.split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
      size += word.utf8.count
      if size > Self.mostInFolderName, !words.isEmpty { break }
      words.append(word)
    }
    let parts = words + [audience?.rawValue, world.today.description].compactMap { $0?[...] }
    return parts.joined(separator: "-")
  }

  /// How many letters of a title stand in the name of a folder.
  private static let mostInFolderName = 60
}
