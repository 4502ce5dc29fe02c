internal import Archives
internal import DocModel
private import Glibc

/// A pack that is an archive.
struct PackArchive: Sendable {
  private let descriptor: Int32
  private let path: String
  private let size: Int
  private let progress: @Sendable (Int, Int) -> Void

  /// How many times its own size an archive may hold: deflate can't do more.
  private static let expansionLimit = 1_100
  /// How much more a small one may hold, in bytes.
  private static let expansionRoom = 1 << 26

  /// Takes an archive in an open file, which stays the caller's.
  init(
    _ descriptor: Int32, named path: String, size: Int,
    _ progress: @escaping @Sendable (Int, Int) -> Void
  ) {
    self.descriptor = descriptor
    self.path = path
    self.size = size
    self.progress = progress
  }

  /// What comes out of an archive.
  private enum Part: Sendable {
    case begin(String)
    case bytes
    case end
    case damage(PackDamage)
    case failure(InvalidInput)
  }

  /// Reads the archive from its beginning, in a thread of its own; digests are made in this one.
  ///
  /// - Throws: `InvalidInput` where it is no archive.
  func read(
    _ algorithm: Digest.Algorithm, keeps: (String) -> Bool, take: (PackContents.Found) -> Void
  ) throws(InvalidInput) {
    lseek(descriptor, 0, SEEK_SET)
    var current: FileTaking?
    try Carousel<Part>().run { [self] batch, handOn in
      var flow = Flow(batch: batch, handOn: handOn)
      unpack(into: &flow)
      return flow.batch
    } draining: { part, bytes throws(InvalidInput) in
      switch part {
      case .begin(let path): current = FileTaking(path, algorithm, keeps: keeps(path))
      case .bytes: current?.take(bytes)
      case .end:
        if let taking = current { take(taking.end()) }
        current = nil
      case .damage(let item): take(.damage(item))
      case .failure(let failure): throw failure
      }
    }
  }

  /// The batch that is filled at the moment; `nil` once nobody wants more.
  private struct Flow {
    var batch: Batch<Part>?
    let handOn: (Batch<Part>) -> Batch<Part>?

    mutating func makeRoom() {
      if let full = batch, full.isFull { batch = handOn(full) }
    }

    mutating func add(_ part: Part) {
      makeRoom()
      batch?.add(part)
    }

    mutating func add(_ kind: PackDamage.Kind, _ path: String, _ message: String) {
      add(.damage(PackDamage(kind: kind, path: path, message: message)))
    }
  }

  private func unpack(into flow: inout Flow) {
    var isFirst = true
    do throws(InvalidInput) {
      let reader = try ArchiveReader(.zip, .tarGzip, from: descriptor)
      var names = EntryNames()
      var left = Self.expansionRoom + min(size, Int.max >> 12) * Self.expansionLimit
      var place = 0
      while let entry = try reader.next() {
        isFirst = false
        guard names.count < PackContents.countLimit else {
          return flow.add(.archive, path, "the archive holds more files than any pack")
        }
        guard let inner = names.take(entry, &flow) else { continue }
        flow.add(.begin(inner))
        while true {
          flow.makeRoom()
          guard let batch = flow.batch else { return }
          let count = try reader.read(into: batch.room)
          if count == 0 { break }
          batch.add(.bytes, count)
          left -= count
          guard left >= 0 else {
            return flow.add(.archive, path, "the archive holds more than any pack of its size")
          }
          let now = Int(lseek(descriptor, 0, SEEK_CUR))
          progress(max(0, now - place), size)
          place = max(now, place)
        }
        flow.add(.end)
      }
      if let fault = fault(reader) { flow.add(.archive, path, fault) }
    } catch {
      let reason = error.diagnostics[0].message
      if isFirst {
        flow.add(
          .failure(
            InvalidInput(
              Diagnostic(
                "'\(path)' is no archive of a pack: \(reason)", hint: PackContents.remedy))))
      } else {
        flow.add(.archive, path, "the archive breaks off: \(reason)")
      }
    }
  }

  /// What would make another program unpack other files than those that were read.
  private func fault(_ reader: ArchiveReader) -> String? {
    let isMore = "something stands before or behind what the archive holds"
    guard reader.isZip else {
      if ArchiveFormat(path: path) == .zip {
        return "the archive's name ends in '.zip', and it is none: other programs unpack something "
          + "else of it"
      }
      return switch reader.tarFault {
      case .unlike(let thing):
        "the archive holds \(thing), by which other programs may unpack other files: unpack nothing of it, "
          + "and ask for it anew"
      case .otherBytes: isMore
      case nil: reader.length == size ? nil : isMore
      }
    }
    do throws(ZipDirectory.Fault) {
      try ZipDirectory.check(descriptor, size: size)
      return nil
    } catch {
      switch error {
      case .otherBytes: return isMore
      case .contradiction(let name):
        return "the archive's list of files says something else of '\(name)' than its place does"
      }
    }
  }

  /// The names of an archive's entries.
  private struct EntryNames {
    private(set) var count = 0
    /// The folder that the pack's files stand in, as the first of them tells; empty where they stand in none.
    private var top: String?
    private var seen: Set<ExactText> = []

    /// The path of an entry within the pack, unless it is none of a pack's files.
    mutating func take(_ entry: ArchiveReader.Entry, _ flow: inout Flow) -> String? {
      count += 1
      guard !entry.path.isEmpty else {
        flow.add(.unsafe, "", "a file of the archive has a name that is no text")
        return nil
      }
      // As tar names what it is asked to take from the folder where it is.
      var path = entry.path[...]
      while path.starts(with: "./".utf8) { path.removeFirst(2) }
      if entry.isFolder, path.isEmpty || path.elementsEqual(".".utf8) { return nil }
      guard let name = safePath(Array(path)) else {
        let shown = String(decoding: entry.path, as: UTF8.self)
        flow.add(.unsafe, shown, "'\(shown)' would lie outside the pack")
        return nil
      }
      if entry.isFolder { return nil }
      if top == nil { top = Self.folder(of: name) }
      guard let top, let inner = top.isEmpty ? name : name.drop(bytes: "\(top)/") else {
        flow.add(.extra, name, "'\(name)' lies beside the pack's folder")
        return nil
      }
      guard entry.isFile else {
        flow.add(.unsafe, inner, "'\(inner)' is not a plain file")
        return nil
      }
      guard seen.insert(ExactText(inner)).inserted else {
        flow.add(.unsafe, inner, "'\(inner)' is in the archive twice")
        return nil
      }
      return inner
    }

    /// The folder that stands before a file of a pack; `nil` for other files.
    ///
    /// Whoever puts the files of a pack into an archive without their folder changes nothing of them.
    private static func folder(of name: String) -> String? {
      let parts = name.split(separator: "/", maxSplits: 2).map(String.init)
      switch parts.count {
      case 1: return isTag(parts[0]) ? "" : nil
      case 2 where isTag(parts[1]): return parts[0]
      case 3 where parts[1] == "data": return parts[0]
      default: return parts[0] == "data" ? "" : nil
      }
    }

    private static func isTag(_ name: String) -> Bool {
      ["bagit.txt", "bag-info.txt"].contains(name)
        || ["manifest-", "tagmanifest-"].contains { name.hasPrefix($0) } && name.hasSuffix(".txt")
    }
  }
}

extension String {
  /// What stands behind some bytes that it begins with.
  fileprivate func drop(bytes start: String) -> String? {
    utf8.starts(with: start.utf8) ? String(Substring(utf8.dropFirst(start.utf8.count))) : nil
  }
}
