import DocModel

extension ReadyPlaces {
  /// What following the paths through some templates has shown, as a value that can be embedded.
  struct Form: Equatable {
    /// The templates with their fingerprints; their positions are the numbers of templates here.
    var units: [File] = []
    /// Every place that some value has.
    var places: [Place] = []
    /// The marks of every literal that has some.
    var marks: [[Mark]] = []
    /// The variants by their numbers.
    var variants: [Variant] = []

    struct File: Equatable {
      let name: String
      let fingerprint: Fingerprint
    }

    struct Variant: Hashable {
      let callable: Analysis.Callable
      /// Whether its text stands on its own.
      var isFresh: Bool
      /// What is known of its statements, in the order of templates and statements.
      var entries: [Entry] = []
    }

    struct Entry: Hashable {
      let unit: Int
      let statement: Int
      /// A position among the places.
      let place: Int?
      /// The variant that is called.
      var callee: Int?
      /// A position among the marks.
      let marks: Int?
    }
  }
}

// MARK: - Making

extension ReadyPlaces.Form {
  /// Follows templates and keeps what that shows of those without a problem.
  ///
  /// - Parameters:
  ///   - names: The templates that others may draw in or not, in a fixed order.
  ///   - environment: Where they come from.
  init(following names: [String], environment: Environment) {
    let library = Library(environment: environment)
    let analysis = Analysis(library: library, limits: environment.limits)
    for name in names {
      guard let unit = library.unit(named: name) else { continue }
      _ = Compiler.compiles(unit, with: analysis, library)
    }
    units = library.units.map { unit in
      File(name: unit.name, fingerprint: Fingerprint(of: unit.syntax.source.bytes))
    }
    variants = analysis.variants.indices.map { index in
      let callable = analysis.variants[index].callable
      let key = Analysis.Key(callable: callable, entry: .fresh)
      let isFresh = analysis.indices[key] == index && analysis.variants[index].isComplete
      return Variant(callable: callable, isFresh: isFresh)
    }
    let nodes = Set(analysis.places.keys).union(analysis.callees.keys).union(
      analysis.log.marks.keys)
    var placeNumbers: [Place: Int] = [:]
    var markNumbers: [[Mark]: Int] = [:]
    let ordered = nodes.sorted {
      ($0.variant, $0.unit, $0.statement) < ($1.variant, $1.unit, $1.statement)
    }
    for node in ordered {
      let place = analysis.place(node.variant, node.unit, node.statement)
      if let place, placeNumbers[place] == nil {
        placeNumbers[place] = places.count
        places.append(place)
      }
      let found = analysis.marks(node.variant, node.unit, node.statement)
      if !found.isEmpty, markNumbers[found] == nil {
        markNumbers[found] = marks.count
        marks.append(found)
      }
      variants[node.variant].entries.append(
        Entry(
          unit: node.unit, statement: node.statement,
          place: place.flatMap { placeNumbers[$0] },
          callee: analysis.callee(node.variant, node.unit, node.statement),
          marks: markNumbers[found]))
    }
    joinVariants()
  }

  /// Makes one of the variants that differ in nothing that is asked of them: paths come to a macro in
  /// many states that lead to the same places, and what is compiled for one serves for all.
  private mutating func joinVariants() {
    // The variants are told apart by what they say themselves, then by the classes of those that they
    // call, until that tells no further ones apart.
    var classes: [Int] = []
    var count = 0
    while true {
      var numbers: [Variant: Int] = [:]
      let refined = variants.indices.map { index in
        var variant = variants[index]
        variant.isFresh = false
        variant.entries = variant.entries.map { entry in
          var entry = entry
          entry.callee = entry.callee.map { classes.isEmpty ? 0 : classes[$0] }
          return entry
        }
        if let known = numbers[variant] { return known }
        numbers[variant] = numbers.count
        return numbers.count - 1
      }
      classes = refined
      if numbers.count == count { break }
      count = numbers.count
    }
    var joined: [Variant] = []
    for (index, variant) in variants.enumerated() {
      if classes[index] == joined.count {
        joined.append(variant)
      } else if variant.isFresh {
        joined[classes[index]].isFresh = true
      }
    }
    for index in joined.indices {
      joined[index].entries = joined[index].entries.map { entry in
        var entry = entry
        entry.callee = entry.callee.map { classes[$0] }
        return entry
      }
    }
    variants = joined
  }
}

// MARK: - Bytes

extension ReadyPlaces.Form {
  /// The form as it is embedded.
  func write(to writer: inout ReadyWriter) {
    writer.write(units.count)
    for unit in units {
      writer.write(unit.name)
      writer.write(unit.fingerprint)
    }
    writer.write(places.count)
    for place in places { place.write(to: &writer) }
    writer.write(marks.count)
    for list in marks {
      writer.write(list.count)
      for mark in list { mark.write(to: &writer) }
    }
    writer.write(variants.count)
    for variant in variants {
      variant.callable.write(to: &writer)
      writer.write(variant.isFresh ? 1 : 0)
      writer.write(variant.entries.count)
      for entry in variant.entries {
        writer.write(entry.unit)
        writer.write(entry.statement)
        // One more than the number, and 0 for none.
        for number in [entry.place, entry.callee, entry.marks] {
          writer.write(number.map { $0 + 1 } ?? 0)
        }
      }
    }
  }

  /// Reads an embedded form.
  init(_ reader: inout ReadyReader) {
    for _ in 0..<reader.number() {
      units.append(File(name: reader.text(), fingerprint: reader.fingerprint()))
    }
    for _ in 0..<reader.number() { places.append(Place(&reader)) }
    for _ in 0..<reader.number() {
      var list: [Mark] = []
      for _ in 0..<reader.number() { list.append(Mark(&reader)) }
      marks.append(list)
    }
    func optional() -> Int? {
      let number = reader.number()
      return number == 0 ? nil : number - 1
    }
    for _ in 0..<reader.number() {
      var variant = Variant(
        callable: Analysis.Callable(&reader), isFresh: reader.number() == 1)
      let count = reader.number()
      variant.entries.reserveCapacity(count)
      for _ in 0..<count {
        variant.entries.append(
          Entry(
            unit: reader.number(), statement: reader.number(), place: optional(),
            callee: optional(), marks: optional()))
      }
      variants.append(variant)
    }
  }
}

extension Place {
  func write(to writer: inout ReadyWriter) {
    var bits = 0
    for (index, flag) in flags.enumerated() where flag { bits |= 1 << index }
    writer.write(Int(kind.rawValue))
    writer.write(bits)
    writer.write(Int(quote))
    writer.write(Int(right.rawValue))
    writer.write(Int(headingLevel))
    writer.write(prefix)
  }

  init(_ reader: inout ReadyReader) {
    guard let kind = Kind(rawValue: UInt8(reader.number())) else {
      preconditionFailure("the ready form names a kind of place")
    }
    self.init(kind: kind)
    flags(from: reader.number())
    quote = UInt8(reader.number())
    right = Right(rawValue: UInt8(reader.number()))
    headingLevel = UInt8(reader.number())
    prefix = Array(reader.slice())
  }

  /// What is true or false of a place, in a fixed order.
  private var flags: [Bool] {
    [
      isCell, isHeading, isLineStart, isAlone, isBare, isAlert, needsGap, isProse, isTable,
      keepsEdges, isLinkText, isSchemeOpen, isRowOpen, isPointy, isCalm,
    ]
  }

  private mutating func flags(from bits: Int) {
    var rest = bits
    func next() -> Bool {
      defer { rest >>= 1 }
      return rest & 1 != 0
    }
    isCell = next()
    isHeading = next()
    isLineStart = next()
    isAlone = next()
    isBare = next()
    isAlert = next()
    needsGap = next()
    isProse = next()
    isTable = next()
    keepsEdges = next()
    isLinkText = next()
    isSchemeOpen = next()
    isRowOpen = next()
    isPointy = next()
    isCalm = next()
  }
}

extension Mark {
  func write(to writer: inout ReadyWriter) {
    writer.write(offset)
    let numbers =
      switch kind {
      case .codeOpen(let length): [0, length, 0]
      case .codeClose(let length): [1, length, 0]
      case .fenceOpen(let length, let mark): [2, length, Int(mark)]
      case .fenceClose(let mark): [3, 0, Int(mark)]
      }
    for number in numbers { writer.write(number) }
  }

  init(_ reader: inout ReadyReader) {
    let offset = reader.number()
    let (kind, length, mark) = (reader.number(), reader.number(), UInt8(reader.number()))
    self.init(
      offset: offset,
      kind: kind == 0
        ? .codeOpen(length)
        : kind == 1 ? .codeClose(length) : kind == 2 ? .fenceOpen(length, mark) : .fenceClose(mark))
  }
}

extension Analysis.Callable {
  func write(to writer: inout ReadyWriter) {
    let (kind, unit, number, name) =
      switch self {
      case .unit(let unit): (0, unit, 0, "")
      case .macro(let unit, let at): (1, unit, at, "")
      case .loop(let unit, let statement): (2, unit, statement, "")
      case .caller(let unit, let statement): (3, unit, statement, "")
      case .block(let chain, let name, let level): (4, chain, level, name)
      }
    writer.write(kind)
    writer.write(unit)
    writer.write(number)
    writer.write(name)
  }

  init(_ reader: inout ReadyReader) {
    let (kind, unit, number) = (reader.number(), reader.number(), reader.number())
    let name = reader.text()
    switch kind {
    case 0: self = .unit(unit)
    case 1: self = .macro(unit: unit, at: number)
    case 2: self = .loop(unit: unit, statement: number)
    case 3: self = .caller(unit: unit, statement: number)
    default: self = .block(chain: unit, name: name, level: number)
    }
  }
}
