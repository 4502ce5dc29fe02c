import DocModel

/// Where the bytes of a template's literals come from, by number.
///
/// The numbers up to the size of the source are its bytes. Those beyond stand for literals that were
/// put together from several pieces, some of them translations in a catalogue.
struct Origins: Sendable {
  /// The place of one piece.
  enum Origin: Sendable {
    case template(Int)
    case catalogue(Catalogue, Catalogue.Text, offset: Int)
  }

  /// A part of a literal.
  struct Piece: Sendable {
    var bytes: ArraySlice<UInt8>
    let origin: Origin
  }

  private let source: Source
  /// The first number of each piece of a composed literal, with the piece's place.
  private(set) var runs: [(start: Int, origin: Origin)]
  /// The first number that stands for nothing yet.
  private(set) var end: Int

  init(_ source: Source) { self.init(source, runs: [], end: source.bytes.count + 1) }

  init(_ source: Source, runs: [(start: Int, origin: Origin)], end: Int) {
    self.source = source
    self.runs = runs
    self.end = end
  }

  /// Numbers for the bytes of some pieces; the result is the first.
  mutating func place(_ pieces: [Piece]) -> Int {
    if pieces.count == 1, case .template(let offset) = pieces[0].origin { return offset }
    let start = end
    for piece in pieces {
      runs.append((end, piece.origin))
      end += piece.bytes.count
    }
    end += 1
    return start
  }

  /// Whether a number stands for no byte of the source.
  func isComposed(_ number: Int) -> Bool { number > source.bytes.count }

  /// The place of a byte by its number.
  func location(_ number: Int) -> Location {
    guard isComposed(number), let first = runs.first, first.start <= number else {
      return source.location(offset: number)
    }
    var low = 0
    var high = runs.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if runs[middle].start <= number { low = middle } else { high = middle }
    }
    let offset = number - runs[low].start
    switch runs[low].origin {
    case .template(let start): return source.location(offset: start + offset)
    case .catalogue(let catalogue, let text, let start):
      return catalogue.location(of: text, offset: start + offset)
    }
  }
}
