internal import DocModel

/// Comma-separated values (RFC 4180) in UTF-8.
///
/// Spreadsheet programs take a field that begins with `=`, `+`, `-`, `@`, a tab or a line end for a
/// formula. Such a field is written with an apostrophe before it, and so is one that begins with
/// apostrophes before such a character; a reading takes one apostrophe away where one of these follows.
/// So every text comes back as it was.
enum CSV {
  /// Writes a matrix: the heading, then its rows, each ended by CR and LF.
  static func written(_ matrix: Matrix) -> [UInt8] {
    var bytes: [UInt8] = []
    append(matrix.columns.map { ($0.key, Shape.text(.line)) }, to: &bytes)
    for row in matrix.rows {
      let cells = zip(row.cells, matrix.columns.dropFirst()).map { cell, column in
        (cell.text, cell.shape ?? column.shape)
      }
      append([(row.id, Shape.text(.line))] + cells, to: &bytes)
    }
    return bytes
  }

  private static func append(_ fields: [(String, Shape)], to bytes: inout [UInt8]) {
    for (index, (text, shape)) in fields.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      // A negative number is none.
      let isNumber = shape.isNumeric && decimal(text) != nil
      let shown = !isNumber && looksLikeFormula(text[...]) ? "'" + text : text
      if shown.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) {
        bytes.append(UInt8(ascii: "\""))
        for byte in shown.utf8 {
          if byte == UInt8(ascii: "\"") { bytes.append(byte) }
          bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
      } else {
        bytes += shown.utf8
      }
    }
    bytes += [0x0D, 0x0A]
  }

  /// Whether a program might take a field for a formula, or a reading an apostrophe away.
  private static func looksLikeFormula(_ text: Substring) -> Bool {
    switch text.unicodeScalars.first(where: { $0 != "'" }) {
    case "=", "+", "-", "@", "\t", "\r", "\n", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}": true
    default: false
    }
  }

  /// The text of a field, without the apostrophe that keeps it from being a formula.
  private static func restored(_ text: String) -> String {
    text.hasPrefix("'") && looksLikeFormula(text[...]) ? String(text.dropFirst()) : text
  }

  /// Reads a file whose fields are separated by commas; by semicolons or tabs where only then a heading
  /// is found.
  ///
  /// `isHeading`: whether a field is the heading of a first column.
  static func sheet(_ source: Source, isHeading: (String) -> Bool) -> Sheet {
    let separators = [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09]
    let firsts = separators.filter { separator in
      var reader = Reader(source.bytes, separator)
      for _ in 0..<SheetReading.headingLimit {
        guard let record = reader.next() else { return false }
        if record.fields.contains(where: { isHeading($0.trimmed) }) {
          // A single field is no sign for any separator.
          return record.fields.count > 1 || separator == separators[0]
        }
      }
      return false
    }
    var sheet = Sheet(name: nil)
    var reader = Reader(source.bytes, firsts.first ?? separators[0])
    var number = 0
    while let record = reader.next() {
      number += 1
      var row = Sheet.Row(number: number)
      row.damage = record.damage
      for (column, field) in record.fields.enumerated() where !field.isEmpty {
        row.cells[column] = .text(restored(field))
      }
      if !row.cells.isEmpty || row.damage != nil { sheet.rows.append(row) }
    }
    return sheet
  }

  private struct Record {
    var fields: [String] = []
    var damage: String?
  }

  /// Goes through the records of a file.
  private struct Reader {
    private let bytes: [UInt8]
    private let separator: UInt8
    private var position = 0

    init(_ bytes: [UInt8], _ separator: UInt8) {
      self.bytes = bytes
      self.separator = separator
    }

    mutating func next() -> Record? {
      guard position < bytes.count else { return nil }
      var record = Record()
      while true {
        record.fields.append(field(&record.damage))
        guard position < bytes.count else { return record }
        let byte = bytes[position]
        position += 1
        if byte == separator {
          // A separator at the end of the file has an empty field behind it.
          continue
        }
        if byte == 0x0D, position < bytes.count, bytes[position] == 0x0A { position += 1 }
        return record
      }
    }

    /// Reads one field up to its separator or line end.
    private mutating func field(_ damage: inout String?) -> String {
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
        let start = position
        skip(&damage)
        return String(decoding: bytes[start..<position], as: UTF8.self)
      }
      position += 1
      var text: [UInt8] = []
      while position < bytes.count {
        let byte = bytes[position]
        position += 1
        if byte != UInt8(ascii: "\"") {
          text.append(byte)
        } else if position < bytes.count, bytes[position] == byte {
          text.append(byte)
          position += 1
        } else {
          let start = position
          skip(&damage)
          if position > start { damage = "something stands behind a closing quote" }
          return String(decoding: text, as: UTF8.self)
        }
      }
      damage = "a quote is never closed, so that this row goes on to the end of the file"
      return String(decoding: text.prefix(200), as: UTF8.self)
    }

    /// Goes on to what ends a field.
    private mutating func skip(_ damage: inout String?) {
      while position < bytes.count {
        switch bytes[position] {
        case separator, 0x0A, 0x0D: return
        case UInt8(ascii: "\""):
          damage = "a quote stands within a field that does not begin with one"
        default: break
        }
        position += 1
      }
    }
  }
}

extension Shape {
  /// Whether it is a number without a unit in its text.
  var isNumeric: Bool {
    switch self {
    case .integer, .number: true
    default: false
    }
  }
}

extension String {
  /// The text without white space around it.
  var trimmed: String {
    var rest = self[...]
    while rest.first?.isWhitespace ?? false { rest.removeFirst() }
    while rest.last?.isWhitespace ?? false { rest.removeLast() }
    return String(rest)
  }
}
