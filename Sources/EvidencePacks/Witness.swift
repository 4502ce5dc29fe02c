internal import DocModel
private import Synchronization

/// A world that remembers what was taken from another: the inputs of a pack.
final class Witness: World {
  private let world: any World
  private let taken = Mutex<[String: (bytes: [UInt8], isCarried: Bool)]>([:])

  init(_ world: any World) { self.world = world }

  var today: Day { world.today }

  /// The files that were asked for and are there, by their paths below the project's folder; those
  /// that the program carries stand where a file of one's own would take their place.
  var inputs: [String: [UInt8]] { taken.withLock { $0.mapValues(\.bytes) } }

  /// The paths of those that the program carries.
  var carried: Set<String> { taken.withLock { Set($0.filter(\.value.isCarried).keys) } }

  func source(of path: String) throws(InvalidInput) -> Source? {
    let source = try world.source(of: path)
    if let bytes = source?.bytes ?? Self.carried(path) {
      taken.withLock { $0[path] = (bytes, isCarried: source == nil) }
    }
    return source
  }

  func state(of path: String) -> FileState { world.state(of: path) }

  private static func carried(_ path: String) -> [UInt8]? {
    if let name = path.drop(prefix: "templates/") {
      return EmbeddedFiles.bytes(of: "documents/\(name)")
    }
    return EmbeddedFiles.bytes(of: path)
  }
}

/// The world that a pack was made in, as far as the pack holds it.
struct PackedWorld: SettledWorld {
  let today: Day
  private let inputs: [String: [UInt8]]
  private let files: [PackedFile]
  /// Where a file stands among them: there may be very many.
  private let places: [ExactText: Int32]

  init(today: Day, inputs: [String: [UInt8]], _ files: [PackedFile]) {
    self.today = today
    self.inputs = inputs
    self.files = files
    var places: [ExactText: Int32] = [:]
    places.reserveCapacity(files.count)
    // A file is much to copy. Each path comes once, but where somebody changed the statement.
    for place in files.indices.reversed() {
      places[ExactText(files[place].source)] = Int32(clamping: place)
    }
    self.places = places
  }

  func source(of path: String) throws(InvalidInput) -> Source? {
    try inputs[path].map { bytes throws(InvalidInput) in try Source(name: path, bytes: bytes) }
  }

  func state(of path: String) -> FileState {
    places[ExactText(path)].map { files[Int($0)].state } ?? .absent
  }

  /// The copy of the file at a path, as documents show it.
  func copy(of path: String) -> KeptEvidence? {
    places[ExactText(path)].flatMap { files[Int($0)].copy }.map {
      KeptEvidence(path: $0.path, size: $0.size, sha256: $0.digest.description)
    }
  }
}
