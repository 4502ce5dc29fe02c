/// What a scanner meets on its way: refusals, and the places of marks that are completed while
/// rendering.
final class ScanLog {
  /// The place in the literal that is being read.
  struct Position: Hashable {
    let variant: Int
    let unit: Int
    let statement: Int
    let offset: Int
    /// The same place as a byte of the source.
    let source: Int
  }

  private(set) var refusals: [(refusal: Refusal, unit: Int, at: Int)] = []
  /// The marks in each literal by their offset.
  private(set) var marks: [Analysis.Node: [Int: Mark.Kind]] = [:]
  var variant = 0
  var unit = 0
  var statement = 0
  /// Whether the literal that is being read holds the rest of its line.
  var isLineComplete = false
  /// The byte of the source that is being read, and that of the literal's text.
  var at = 0
  var offset = 0

  var position: Position {
    Position(variant: variant, unit: unit, statement: statement, offset: offset, source: at)
  }

  /// Goes on reading at another place.
  func go(to position: Position) {
    variant = position.variant
    unit = position.unit
    statement = position.statement
    offset = position.offset
    at = position.source
  }

  func refuse(_ refusal: Refusal, at position: Position? = nil) {
    refusals.append((refusal, position?.unit ?? unit, position?.source ?? at))
  }

  func mark(_ position: Position, _ kind: Mark.Kind) {
    let node = Analysis.Node(
      variant: position.variant, unit: position.unit, statement: position.statement)
    marks[node, default: [:]][position.offset] = kind
  }
}

/// Something about a state that does not make it another state.
struct Aside<Content>: Hashable {
  var content: Content
  static func == (left: Self, right: Self) -> Bool { true }
  func hash(into hasher: inout Hasher) {}
}
