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

    fileprivate init(_ draft: Draft, isSpan: Bool) {
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

  private nonisolated(unsafe) let parts: Row<Part>
  /// The text of all parts, with some bytes behind it that let short texts be copied at once.
  private nonisolated(unsafe) let text: Row<UInt8>
  private let source: Source
  private let at: Int

  fileprivate init(
    _ drafts: ArraySlice<Draft>, text: UnsafeBufferPointer<UInt8>, _ source: Source, at: Int
  ) {
    let first = drafts.startIndex
    parts = Row(count: drafts.count) { index in
      Part(drafts[first + index], isSpan: Self.isSpan(drafts, at: first + index))
    }
    self.text = Row(text, room: Output.shortest)
    self.source = source
    self.at = at
  }

  /// Whether a code span begins that holds nothing but a value that lies somewhere.
  private static func isSpan(_ drafts: ArraySlice<Draft>, at index: Int) -> Bool {
    guard case .codeOpen(let length)? = drafts[index].mark, index + 2 < drafts.endIndex,
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
    if machine.output.isFull { throw machine.outputFailure(Site(source, at: at)) }
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

/// A part of a line that is being put together.
private struct Draft {
  var text: Range<Int>
  var outlet: Outlet?
  var mark: Mark.Kind?
  var isSpaced = false

  var isOpen: Bool { outlet == nil && mark == nil }
}

/// Lines that are being put together: that of an inner body stands behind that of the body around it.
struct Lines {
  private var drafts: [Draft] = []
  private var text: [UInt8] = []
  /// Where the line that is being put together begins.
  private var start = Start(draft: 0, byte: 0)

  struct Start {
    fileprivate let draft: Int
    fileprivate let byte: Int
  }

  /// Whether nothing stands in the line yet.
  var isEmpty: Bool { drafts.count == start.draft }

  /// Begins the lines of an inner body; the result leads back to the line around it.
  mutating func begin() -> Start {
    defer { start = Start(draft: drafts.count, byte: text.count) }
    return start
  }

  /// Goes back to the line around an inner body.
  mutating func end(_ outer: Start) { start = outer }

  /// Adds a literal.
  mutating func add(_ bytes: [UInt8], marks: [Mark]) {
    var done = 0
    for mark in marks {
      if mark.offset > done {
        add(bytes[done..<mark.offset])
        done = mark.offset
      }
      let place = open()
      drafts[place].mark = mark.kind
      drafts[place].isSpaced = mark.isSpaced(in: bytes)
    }
    if done < bytes.count { add(bytes[done...]) }
  }

  /// Adds a value.
  mutating func add(_ outlet: Outlet) {
    let place = open()
    drafts[place].outlet = outlet
  }

  /// The line as it stands; another one begins.
  mutating func finish(_ source: Source, at: Int) -> Line {
    defer {
      drafts.removeSubrange(start.draft...)
      text.removeSubrange(start.byte...)
    }
    return text.withUnsafeBufferPointer { bytes in
      Line(
        drafts[start.draft...], text: UnsafeBufferPointer(rebasing: bytes[start.byte...]), source,
        at: at)
    }
  }

  private mutating func add(_ bytes: ArraySlice<UInt8>) {
    let place = open()
    text.append(contentsOf: bytes)
    drafts[place].text = drafts[place].text.lowerBound..<(text.count - start.byte)
  }

  /// The position of the draft that nothing ends yet.
  private mutating func open() -> Int {
    if isEmpty || !drafts[drafts.count - 1].isOpen {
      let end = text.count - start.byte
      drafts.append(Draft(text: end..<end))
    }
    return drafts.count - 1
  }
}
