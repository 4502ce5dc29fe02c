import DocModel

/// A value's way into the text: where it comes from and how it is fitted to its place.
final class Outlet: Sendable {
  /// Where a value comes from.
  enum Origin: Sendable {
    /// It lies somewhere, and that is all it takes to know it.
    case path(Path)
    /// It has to be worked out.
    case other(Evaluate, Site)
  }

  private let origin: Origin
  let place: Place

  init(_ origin: Origin, place: Place) {
    self.origin = origin
    self.place = place
  }

  var path: Path? {
    if case .path(let path) = origin { path } else { nil }
  }

  private var site: Site {
    switch origin {
    case .path(let path): path.site
    case .other(_, let site): site
    }
  }

  /// Writes the value as it stands now.
  func write(to machine: inout Machine) throws(InvalidInput) {
    switch origin {
    case .path(let path):
      if let cell = machine.locate(path) {
        try check(cell.pointee.value)
        place.write(cell.pointee.value, to: &machine.output)
      } else {
        try write(machine.value(of: path), to: &machine)
      }
    case .other(let value, _): try write(value(&machine), to: &machine)
    }
    if machine.output.isFull { throw machine.outputFailure(site) }
  }

  private func write(_ value: Value, to machine: inout Machine) throws(InvalidInput) {
    try check(value)
    place.write(value, to: &machine.output)
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

    fileprivate var textCount: Int {
      if case .literal(let bytes, _) = self { bytes.count } else { 0 }
    }
  }

  /// Text, with what is done behind it.
  private struct Part: ~Copyable {
    let text: Range<Int>
    let kind: Kind
    /// The way to a value, and what its bytes mean at its place.
    let route: Path.Route
    let table: ByteTable
    let outlet: Outlet?
    let mark: Mark.Kind?
    let isSpaced: Bool

    enum Kind {
      /// Nothing more.
      case text
      /// A value of text that lies somewhere.
      case path
      /// A value that lies somewhere and is written as it is, or in a way of its place's own.
      case other
      /// The same in an address, where a scheme could run something.
      case address
      /// The same where nothing is escaped.
      case raw
      /// A value that has to be worked out.
      case value
      /// A point where a code span or a fence begins or ends.
      case mark
      /// The beginning of a code span that holds nothing but a value that lies somewhere.
      case span
    }

    init(_ draft: Draft, isSpan: Bool) {
      text = draft.text
      outlet = draft.outlet
      mark = draft.mark
      isSpaced = draft.isSpaced
      table = draft.outlet?.place.table ?? .nothing
      route = draft.outlet?.path?.route ?? Path.Route(level: 0, slot: 0, count: 0, memory: 0)
      if let outlet = draft.outlet {
        switch outlet.place.kind {
        case _ where outlet.path == nil: kind = .value
        case .raw: kind = .raw
        case .text: kind = .path
        default: kind = outlet.place.isSchemeOpen ? .address : .other
        }
      } else {
        kind = draft.mark == nil ? .text : isSpan ? .span : .mark
      }
    }
  }

  private struct Draft {
    var text: Range<Int>
    var outlet: Outlet?
    var mark: Mark.Kind?
    var isSpaced = false

    var isOpen: Bool { outlet == nil && mark == nil }
  }

  private nonisolated(unsafe) let parts: Row<Part>
  /// The text of all parts, with some bytes behind it that let short texts be copied at once.
  private nonisolated(unsafe) let text: Row<UInt8>
  private let site: Site

  init(_ pieces: [Piece], site: Site) {
    var drafts: [Draft] = []
    drafts.reserveCapacity(pieces.count)
    var text: [UInt8] = []
    text.reserveCapacity(Output.shortest + pieces.reduce(0) { $0 + $1.textCount })
    for piece in pieces {
      switch piece {
      case .literal(let bytes, let marks):
        var start = 0
        for mark in marks {
          if mark.offset > start {
            Self.add(bytes[start..<mark.offset], to: &text, &drafts)
            start = mark.offset
          }
          let place = Self.open(&drafts, at: text.count)
          drafts[place].mark = mark.kind
          drafts[place].isSpaced = mark.isSpaced(in: bytes)
        }
        if start < bytes.count { Self.add(bytes[start...], to: &text, &drafts) }
      case .output(let outlet): drafts[Self.open(&drafts, at: text.count)].outlet = outlet
      }
    }
    parts = Row(count: drafts.count) { Part(drafts[$0], isSpan: Self.isSpan(drafts, at: $0)) }
    text.append(contentsOf: repeatElement(0, count: Output.shortest))
    self.text = Row(text)
    self.site = site
  }

  /// Adds text to the draft that nothing ends yet.
  private static func add(
    _ bytes: ArraySlice<UInt8>, to text: inout [UInt8], _ drafts: inout [Draft]
  ) {
    let place = open(&drafts, at: text.count)
    text.append(contentsOf: bytes)
    drafts[place].text = drafts[place].text.lowerBound..<text.count
  }

  /// The position of the draft that nothing ends yet.
  private static func open(_ drafts: inout [Draft], at end: Int) -> Int {
    if drafts.last?.isOpen != true { drafts.append(Draft(text: end..<end)) }
    return drafts.count - 1
  }

  /// Whether a code span begins that holds nothing but a value that lies somewhere.
  private static func isSpan(_ drafts: [Draft], at index: Int) -> Bool {
    guard case .codeOpen(let length)? = drafts[index].mark, index + 2 < drafts.count,
      case .codeClose(length)? = drafts[index + 2].mark, drafts[index + 2].text.isEmpty,
      let outlet = drafts[index + 1].outlet, outlet.path != nil, outlet.place.kind == .code
    else { return false }
    return drafts[index + 1].text.count == length
  }

  // MARK: - Rendering

  func write(to machine: inout Machine) throws(InvalidInput) {
    var index = 0
    while index < parts.count {
      text.withElements(parts[index].text) { machine.output.append(short: $0, count: $1) }
      switch parts[index].kind {
      case .text: break
      case .path, .other, .address, .raw:
        guard let cell = machine.locate(parts[index].route),
          Self.write(cell.pointee, parts[index], to: &machine.output)
        else {
          try parts[index].outlet?.write(to: &machine)
          break
        }
      case .value: try parts[index].outlet?.write(to: &machine)
      case .mark: reach(parts[index], &machine)
      case .span:
        // Where the value has no backticks and no space at its edges, there is nothing to complete.
        let end = machine.output.count
        text.withElements(parts[index + 1].text) { machine.output.append(short: $0, count: $1) }
        if let cell = machine.locate(parts[index + 1].route),
          Self.write(cell.pointee, parts[index + 1], to: &machine.output)
        {
          index += 2
        } else {
          machine.output.removeLast(machine.output.count - end)
          reach(parts[index], &machine)
        }
      }
      index += 1
    }
    if machine.output.isFull { throw machine.outputFailure(site) }
  }

  /// Writes a value of the kinds that are written most often; false where it takes more than a look.
  @inline(__always)
  private static func write(
    _ cell: borrowing Cell, _ part: borrowing Part, to output: inout Output
  ) -> Bool {
    switch cell.value {
    case .text(let text):
      return text.utf8.withContiguousStorageIfAvailable { bytes in
        if part.kind == .raw {
          output.append(contentsOf: bytes)
          return true
        }
        let known = part.table.firstMark(in: bytes)
        if known == bytes.count, part.table.isCalm(atEdgesOf: bytes),
          part.kind != .address || Escaper.isOrdinary(bytes)
        {
          output.append(contentsOf: bytes)
          return true
        }
        guard part.kind == .path else { return false }
        escape(bytes, known: known, part, to: &output)
        return true
      } ?? false
    case .int(let number) where number >= 0:
      output.append(decimal: number)
      return true
    default: return false
    }
  }

  @inline(never)
  private static func escape(
    _ bytes: UnsafeBufferPointer<UInt8>, known: Int, _ part: borrowing Part,
    to output: inout Output
  ) {
    if let outlet = part.outlet { Escaper.text(bytes, outlet.place, known: known, to: &output) }
  }

  @inline(never)
  private func reach(_ part: borrowing Part, _ machine: inout Machine) {
    if let mark = part.mark { machine.reach(mark, isSpaced: part.isSpaced) }
  }
}
