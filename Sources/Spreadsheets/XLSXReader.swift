internal import DocModel

/// Reads the sheets of a workbook in Office Open XML (ECMA-376).
///
/// Parts are read piece by piece; what is kept is what stands in cells, so that a sheet of a million empty
/// rows takes time, but no memory.
struct XLSXReader {
  /// How many bytes a workbook's parts may unpack to: 256 MiB.
  private static let unpackedLimit = 256 << 20
  /// How many cells may hold something.
  fileprivate static let cellLimit = 2_000_000
  /// How many bytes the texts of a workbook may have together: 64 MiB.
  fileprivate static let textLimit = 64 << 20

  private var archive: ZipArchive
  private var strings: [Sheet.Cell] = []
  private var displays: [Sheet.Display] = []

  /// Reads all sheets of a workbook.
  ///
  /// - Throws: `InvalidInput` where it is no workbook, holds macros, is encrypted or damaged, or grows
  ///   beyond bounds.
  static func sheets(_ bytes: [UInt8]) throws(InvalidInput) -> [Sheet] {
    if bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) {
      throw InvalidInput(
        Diagnostic(
          "it is encrypted, or a workbook of Excel 97 to 2003 (.xls)",
          hint: "save it as an XLSX workbook without a password"))
    }
    guard bytes.starts(with: [0x50, 0x4B]) else {
      throw InvalidInput(
        Diagnostic("it is no XLSX workbook", hint: "save it as XLSX, or as CSV in UTF-8"))
    }
    var reader = XLSXReader(archive: try ZipArchive(bytes, budget: unpackedLimit))
    return try reader.sheets()
  }

  private init(archive: ZipArchive) { self.archive = archive }

  private mutating func sheets() throws(InvalidInput) -> [Sheet] {
    let names = archive.names.map { $0.lowercased() }
    if names.contains(where: { $0.hasSuffix("vbaproject.bin") || $0.contains("macrosheets/") }) {
      throw InvalidInput(
        Diagnostic("it holds macros", hint: "save it as an XLSX workbook, which holds none"))
    }
    if names.contains("content.xml") {
      throw InvalidInput(
        Diagnostic("it is an OpenDocument file", hint: "save it as an XLSX workbook"))
    }
    let start = "_rels/.rels"
    let top = archive.names.contains(start) ? try relationships(start) : []
    guard let workbook = top.first(where: { $0.type == "officeDocument" })?.path,
      archive.names.contains(workbook), !workbook.hasSuffix(".bin")
    else {
      throw InvalidInput(
        Diagnostic("it is an archive, but no XLSX workbook", hint: "save it as XLSX"))
    }
    let parts = workbook.split(separator: "/")
    let folder = parts.dropLast().joined(separator: "/")
    let targets = try relationships("\(folder)/_rels/\(parts.last ?? "").rels", from: folder)
    var listed: [(name: String, id: String)] = []
    var epoch = Day.workbookEpoch
    try read(workbook) { name, attributes in
      switch name {
      case "sheet":
        listed.append((attributes["name"] ?? "", attributes["id"] ?? ""))
      case "workbookPr":
        if let value = attributes["date1904"], value == "1" || value == "true" {
          epoch = .earlyMacEpoch
        }
      default: break
      }
    }
    if let path = targets.first(where: { $0.type == "styles" })?.path {
      try readStyles(path, epoch)
    }
    if let path = targets.first(where: { $0.type == "sharedStrings" })?.path {
      try readStrings(path)
    }
    var sheets: [Sheet] = []
    for (name, id) in listed {
      guard let target = targets.first(where: { $0.id == id && $0.type == "worksheet" })?.path
      else { continue }
      sheets.append(try sheet(target, name))
    }
    return sheets
  }

  // MARK: - Parts

  private typealias Relationship = (id: String, type: String, path: String)

  private mutating func relationships(
    _ part: String, from folder: String = ""
  ) throws(InvalidInput) -> [Relationship] {
    var found: [Relationship] = []
    try read(part) { name, attributes in
      guard name == "Relationship", attributes["TargetMode"] != "External",
        let target = attributes["Target"], let type = attributes["Type"]
      else { return }
      let path =
        target.hasPrefix("/")
        ? String(target.dropFirst()) : folder.isEmpty ? target : "\(folder)/\(target)"
      found.append(
        (attributes["Id"] ?? "", type.split(separator: "/").last.map(String.init) ?? "", path))
    }
    return found
  }

  private mutating func read(
    _ part: String, begin: @escaping (XMLEvents.Name, XMLEvents.Attributes) -> Void,
    end: @escaping (XMLEvents.Name) -> Void = { _ in },
    text: @escaping (UnsafeRawBufferPointer) -> Void = { _ in },
    check: () -> InvalidInput? = { nil }
  ) throws(InvalidInput) {
    guard let events = XMLEvents(begin: begin, end: end, text: text) else {
      throw InvalidInput(Diagnostic("there is not enough memory to read it"))
    }
    let isThere = try archive.read(part) { piece throws(InvalidInput) in
      try events.read(piece)
      if let problem = check() { throw problem }
    }
    guard isThere else {
      throw InvalidInput(
        Diagnostic("its part '\(part)' is missing", hint: "save it anew with a spreadsheet program")
      )
    }
    try events.read(UnsafeRawBufferPointer(start: nil, count: 0), isLast: true)
  }

  private mutating func readStyles(_ part: String, _ epoch: Day) throws(InvalidInput) {
    var codes: [String: String] = [:]
    var displays: [Sheet.Display] = []
    var isInCells = false
    try read(part) { name, attributes in
      switch name {
      case "numFmt":
        if let id = attributes["numFmtId"] { codes[id] = attributes["formatCode"] }
      case "cellXfs": isInCells = true
      case "xf":
        guard isInCells, displays.count < 100_000 else { return }
        let id = attributes["numFmtId"] ?? "0"
        displays.append(NumberFormat.display(id, codes[id], epoch))
      default: break
      }
    } end: { name in
      if name == "cellXfs" { isInCells = false }
    }
    self.displays = displays
  }

  private mutating func readStrings(_ part: String) throws(InvalidInput) {
    let collected = TextCollector(XLSXReader.textLimit)
    var strings: [Sheet.Cell] = []
    try read(part) { name, _ in
      switch name {
      case "si": collected.begin()
      case "t": collected.isOpen = true
      case "rPh": collected.isPhonetic = true
      default: break
      }
    } end: { name in
      switch name {
      case "si": strings.append(collected.cell)
      case "t": collected.isOpen = false
      case "rPh": collected.isPhonetic = false
      default: break
      }
    } text: {
      collected.take($0)
    } check: {
      collected.isOverfull || strings.count > XLSXReader.cellLimit ? tooMuch : nil
    }
    self.strings = strings
  }

  // MARK: - Sheets

  private mutating func sheet(_ part: String, _ name: String) throws(InvalidInput) -> Sheet {
    let collector = SheetCollector(name, strings, displays)
    try read(part) {
      collector.begin($0, $1)
    } end: {
      collector.end($0)
    } text: {
      collector.text.take($0)
    } check: {
      collector.isOverfull ? tooMuch : nil
    }
    return collector.sheet
  }
}

private let tooMuch = InvalidInput(
  Diagnostic(
    "it holds more than a spreadsheet of answers ever does",
    hint: "copy what was filled in to a fresh export"))

/// Collects the text of one cell or string.
private final class TextCollector {
  /// Whether text belongs to it.
  var isOpen = false
  /// Whether text says how other text is pronounced.
  var isPhonetic = false
  private var bytes: [UInt8] = []
  private var rest: Int

  init(_ limit: Int) { rest = limit }

  var isOverfull: Bool { rest < 0 }

  func begin() {
    bytes.removeAll(keepingCapacity: true)
    isOpen = false
    isPhonetic = false
  }

  func take(_ piece: UnsafeRawBufferPointer) {
    guard isOpen, !isPhonetic else { return }
    rest -= piece.count
    if rest >= 0 { bytes += piece }
  }

  var string: String { XLSXText.restored(bytes) }

  var cell: Sheet.Cell {
    let text = string
    return text.utf16.count <= XLSXText.cellLimit
      ? .text(text) : .damage("holds more text than a cell may")
  }
}

/// Collects what stands in the cells of one sheet.
private final class SheetCollector {
  private(set) var sheet: Sheet
  let text = TextCollector(XLSXReader.textLimit)
  private let strings: [Sheet.Cell]
  private let displays: [Sheet.Display]
  private var cellCount = 0
  private var row = Sheet.Row(number: 0)
  private var column = -1
  private var type = ""
  private var display = Sheet.Display.plain(decimals: 0)
  private var hasFormula = false
  private var hasText = false

  init(_ name: String, _ strings: [Sheet.Cell], _ displays: [Sheet.Display]) {
    sheet = Sheet(name: name)
    self.strings = strings
    self.displays = displays
  }

  var isOverfull: Bool { text.isOverfull || cellCount > XLSXReader.cellLimit }

  func begin(_ name: XMLEvents.Name, _ attributes: XMLEvents.Attributes) {
    switch name {
    case "c":
      column = attributes["r"].flatMap { cellReference($0)?.column } ?? column + 1
      type = attributes["t"] ?? "n"
      let style = attributes["s"].flatMap { Int($0) } ?? 0
      display = displays.indices.contains(style) ? displays[style] : .plain(decimals: 0)
      hasFormula = false
      hasText = false
      text.begin()
    case "v", "t":
      text.isOpen = true
      hasText = true
    case "f": hasFormula = true
    case "rPh": text.isPhonetic = true
    case "row":
      row = Sheet.Row(number: attributes["r"].flatMap { Int($0) } ?? row.number + 1)
      column = -1
    case "mergeCell": merge(attributes["ref"] ?? "")
    default: break
    }
  }

  func end(_ name: XMLEvents.Name) {
    switch name {
    case "c": finishCell()
    case "v", "t": text.isOpen = false
    case "rPh": text.isPhonetic = false
    case "row": if !row.cells.isEmpty { sheet.rows.append(row) }
    default: break
    }
  }

  private func merge(_ reference: String) {
    let ends = reference.split(separator: ":").compactMap { cellReference($0) }
    guard let first = ends.first, let last = ends.last, sheet.merged.count < 100_000,
      first.row <= last.row, first.column <= last.column
    else { return }
    sheet.merged.append(
      Sheet.Range(rows: first.row...last.row, columns: first.column...last.column))
  }

  private func finishCell() {
    guard let cell = cell() else { return }
    cellCount += 1
    guard !isOverfull else { return }
    row.cells[column] =
      row.cells[column] == nil ? cell : .damage("stands there twice")
  }

  private func cell() -> Sheet.Cell? {
    if hasFormula { return .formula }
    guard hasText else { return nil }
    let string = text.string
    switch type {
    case "s":
      guard let index = Int(string.trimmed), strings.indices.contains(index) else {
        return .damage("refers to a text that the workbook does not have")
      }
      if case .text("") = strings[index] { return nil }
      return strings[index]
    case "inlineStr", "str", "d": return string.isEmpty ? nil : text.cell
    case "b": return .boolean(string == "1" || string == "true")
    case "e": return .error(string)
    default:
      if string.isEmpty { return nil }
      guard let number = Double(string.trimmed), number.isFinite else {
        return .damage("holds '\(string.prefix(40))', which is no number")
      }
      return .number(number, display)
    }
  }
}

/// What a number's format says about its meaning (ECMA-376, part 1, section 18.8.30).
private enum NumberFormat {
  static func display(_ id: String, _ code: String?, _ epoch: Day) -> Sheet.Display {
    if let code { return display(code, epoch) }
    switch Int(id) ?? 0 {
    case 2, 4, 7, 8, 39, 40, 43, 44: return .plain(decimals: 2)
    case 9, 10: return .percent
    case 14...17, 22, 27...31, 36, 50...54, 57, 58: return .date(epoch: epoch)
    case 18...21, 32...35, 45...47, 55, 56: return .time
    default: return .plain(decimals: 0)
    }
  }

  private static func display(_ code: String, _ epoch: Day) -> Sheet.Display {
    var marks: [UInt8] = []
    var bytes = Array(code.lowercased().utf8)[...]
    scan: while let byte = bytes.popFirst() {
      switch byte {
      case UInt8(ascii: ";"): break scan
      case UInt8(ascii: "\""):
        bytes = bytes.drop { $0 != UInt8(ascii: "\"") }.dropFirst()
      case UInt8(ascii: "\\"), UInt8(ascii: "_"), UInt8(ascii: "*"): bytes = bytes.dropFirst()
      case UInt8(ascii: "["):
        let inner = bytes.prefix { $0 != UInt8(ascii: "]") }
        bytes = bytes.dropFirst(inner.count + 1)
        // Elapsed time stands in brackets, as colours and currencies do.
        if let first = inner.first, "hms".utf8.contains(first), inner.allSatisfy({ $0 == first }) {
          return .time
        }
      default: marks.append(byte)
      }
    }
    if marks.starts(with: Array("general".utf8)) { return .plain(decimals: 0) }
    func has(_ letters: String) -> Bool { marks.contains { letters.utf8.contains($0) } }
    if has("yd") { return .date(epoch: epoch) }
    if has("hs") { return .time }
    if has("m") { return .date(epoch: epoch) }
    if has("%") { return .percent }
    let decimals = marks.drop { $0 != UInt8(ascii: ".") }.dropFirst()
      .prefix { $0 == UInt8(ascii: "0") }
    return .plain(decimals: decimals.count)
  }
}
