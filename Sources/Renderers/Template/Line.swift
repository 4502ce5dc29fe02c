import DocModel

/// A value's way into the text: where it comes from and how it is fitted to its place.
final class Outlet: Sendable {
  /// The value's place in memory, where that is all it takes to know it.
  let path: Path?
  /// Works the value out.
  private let value: Evaluate
  let place: Place
  private let site: Site

  init(path: Path?, value: @escaping Evaluate, place: Place, site: Site) {
    self.path = path
    self.value = value
    self.place = place
    self.site = site
  }

  /// Writes the value as it stands now.
  func write(to machine: inout Machine) throws(InvalidInput) {
    if let path, let cell = machine.locate(path) {
      try check(cell.pointee.value)
      place.write(cell.pointee.value, to: &machine.output)
    } else {
      let value = try value(&machine)
      try check(value)
      place.write(value, to: &machine.output)
    }
    if machine.output.isFull { throw machine.outputFailure(site) }
  }

  /// Refuses what cannot be shown.
  @inline(__always)
  private func check(_ value: borrowing Value) throws(InvalidInput) {
    switch value {
    case .undefined: throw site.undefined
    case .object(let object) where (object as? Series)?.form == .stream:
      throw site.failure(
        "items that are made one by one cannot be shown",
        hint: "write '|join(\", \")' or '|list' behind them")
    default: break
    }
  }
}

/// Literals and outputs that follow each other, written in one go.
final class Line: Sendable {
  enum Piece {
    case literal([UInt8], marks: [Mark])
    case output(Outlet)
  }

  /// Text, with the value behind it.
  private struct Part: ~Copyable {
    let text: Range<Int>
    let marks: MarkedText?
    let outlet: Outlet?
    let kind: Kind
    let route: Path.Route
    let table: ByteTable

    enum Kind {
      /// Nothing but text without marks.
      case text
      /// A value that lies somewhere, and may be written as it is by what its bytes say.
      case path
      /// The same in an address, where a scheme could run something.
      case address
      /// The same where nothing is escaped.
      case raw
      /// Anything else.
      case other
    }

    init(text: Range<Int>, marks: MarkedText?, outlet: Outlet?) {
      self.text = text
      self.marks = marks
      self.outlet = outlet
      table = outlet?.place.table ?? .nothing
      route = outlet?.path?.route ?? Path.Route(level: 0, slot: 0, count: 0, memory: 0)
      if let outlet, outlet.path != nil, marks == nil {
        kind =
          outlet.place.kind == .raw ? .raw : outlet.place.isSchemeOpen ? .address : .path
      } else {
        kind = outlet == nil && marks == nil ? .text : .other
      }
    }
  }

  private nonisolated(unsafe) let parts: Row<Part>
  /// The text of all parts.
  private nonisolated(unsafe) let text: Row<UInt8>
  private let site: Site

  init(_ pieces: [Piece], site: Site) {
    var text: [UInt8] = []
    var drafts: [(text: Range<Int>, marks: MarkedText?, outlet: Outlet?)] = []
    for piece in pieces {
      switch piece {
      case .literal(let bytes, let marks):
        let start = text.count
        if marks.isEmpty { text += bytes }
        let marked = marks.isEmpty ? nil : MarkedText(bytes: bytes, marks: marks)
        drafts.append((start..<text.count, marked, nil))
      case .output(let outlet):
        if let last = drafts.last, last.outlet == nil {
          drafts[drafts.count - 1].outlet = outlet
        } else {
          drafts.append((text.count..<text.count, nil, outlet))
        }
      }
    }
    parts = Row(count: drafts.count) { index in
      Part(text: drafts[index].text, marks: drafts[index].marks, outlet: drafts[index].outlet)
    }
    self.text = Row(count: text.count) { text[$0] }
    self.site = site
  }

  func write(to machine: inout Machine) throws(InvalidInput) {
    for index in 0..<parts.count {
      text.withElements(parts[index].text) { machine.output.append($0, count: $1) }
      switch parts[index].kind {
      case .text: break
      case .other: try writeSlowly(parts[index], to: &machine)
      case .path, .address, .raw:
        guard let cell = machine.locate(parts[index].route),
          Self.write(cell.pointee, parts[index], to: &machine.output)
        else {
          try writeSlowly(parts[index], to: &machine)
          continue
        }
      }
    }
    if machine.output.isFull { throw machine.outputFailure(site) }
  }

  /// Writes a value that needs no escape; false where it takes more than one look to know.
  @inline(__always)
  private static func write(
    _ cell: borrowing Cell, _ part: borrowing Part, to output: inout Output
  ) -> Bool {
    switch cell.value {
    case .text(let text):
      return text.utf8.withContiguousStorageIfAvailable { bytes in
        if part.kind != .raw {
          guard part.table.isCalm(atEdgesOf: bytes),
            part.table.firstMark(in: bytes) == bytes.count,
            part.kind != .address || Escaper.isOrdinary(bytes)
          else { return false }
        }
        output.append(contentsOf: bytes)
        return true
      } ?? false
    case .int(let number) where number >= 0:
      output.append(decimal: number)
      return true
    default: return false
    }
  }

  @inline(never)
  private func writeSlowly(
    _ part: borrowing Part, to machine: inout Machine
  ) throws(InvalidInput) {
    if let marks = part.marks { machine.write(marks) }
    if let outlet = part.outlet { try outlet.write(to: &machine) }
  }
}
