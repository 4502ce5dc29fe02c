private import FoundationEssentials
internal import DocModel

extension Sheet.Cell {
  /// The text that a cell stands for where a value of a shape is asked for.
  ///
  /// - Throws: `InvalidInput` where a program has made something else of what was typed, or has
  ///   computed it.
  func text(for shape: Shape) throws(InvalidInput) -> String {
    switch self {
    case .text(let text): return text.replacing("\r\n", with: "\n")
    case .boolean(let isTrue):
      if case .yesNo = shape { return isTrue ? "yes" : "no" }
      return isTrue ? "TRUE" : "FALSE"
    case .number(let number, let display): return try text(number, display, shape)
    case .formula:
      throw InvalidInput(
        Diagnostic("it holds a formula", hint: "paste its result as a value over it"))
    case .error(let name):
      throw InvalidInput(Diagnostic("it holds the error '\(name)'", hint: "write the value"))
    case .damage(let what): throw InvalidInput(Diagnostic("it \(what)", hint: "write it anew"))
    }
  }

  private func text(
    _ number: Double, _ display: Sheet.Display, _ shape: Shape
  ) throws(InvalidInput) -> String {
    let asksForDay =
      switch shape {
      case .text(.date), .text(.dateTime): true
      default: false
      }
    switch display {
    case .plain(let decimals):
      let text = XLSXText.number(number, decimals: decimals)
      guard asksForDay else { return text }
      let meant = Self.day(number, .workbookEpoch).map { "; \($0) may be meant" } ?? ""
      throw InvalidInput(
        Diagnostic(
          "it is the number \(text), not a date\(meant)",
          hint: "format the cell as a date, or type it as 2026-12-31"))
    case .percent:
      let text = Self.percent(number)
      switch shape {
      case .number(_, unit: "%"): return text
      case .integer, .number:
        throw InvalidInput(
          Diagnostic("it is a percentage, \(text)%", hint: "format the cell as a number"))
      default: return text + "%"
      }
    case .date(let epoch):
      let day = Self.day(number, epoch)
      guard asksForDay, let day else {
        throw InvalidInput(
          Diagnostic(
            "a spreadsheet program has made the date \(day.map { "\($0)" } ?? "\(number)") of what "
              + "was typed", hint: "format the cell as text, and type it again"))
      }
      guard number == number.rounded(.down) else {
        throw InvalidInput(
          Diagnostic(
            "it is a time of the day \(day), without its offset",
            hint: "type the day alone, or as text with its offset: 2026-12-31T17:00+03:00"))
      }
      return "\(day)"
    case .time:
      throw InvalidInput(
        Diagnostic(
          "a spreadsheet program has made a time of day of what was typed",
          hint: "format the cell as text, and type it again, such as '4 h'"))
    }
  }

  /// The day of a number; programs count as if 1900 had had a leap day.
  private static func day(_ number: Double, _ epoch: Day) -> Day? {
    guard (0..<2_958_466).contains(number) else { return nil }
    let days = Int(number)
    if epoch != .workbookEpoch { return epoch + days }
    return days == 0 || days == 60 ? nil : epoch + (days < 60 ? days + 1 : days)
  }

  /// A hundred times a number, exactly.
  private static func percent(_ number: Double) -> String {
    guard let exact = Decimal(string: "\(number)") else { return "\(number * 100)" }
    return (exact * 100).description
  }
}
