internal import DocModel
internal import Renderers
internal import Spreadsheets

/// The formats of documents as options name them, and how documents come on paper: the same for every
/// command that writes documents into a folder.
extension Option {
  static let formats = Option(
    "format", value: "FORMATS",
    of: .someOf(OutputFormat.all.map(\.id) + SheetFormat.all.map(\.id) + [OutputFormat.pdfID]),
    "the formats to write, with commas between; markdown,html when left out")
  static let paper = Option(
    "paper", value: "PAPER", of: .oneOf(["a4", "letter"]),
    "what pages are printed on; a4 when left out")
  static let pdfPrinter = Option(
    "pdf-printer", value: "PATH", of: .file(),
    "what prints PDF; the first of Chromium and WeasyPrint that is found when left out")
  static let pdfTimeout = Option(
    "pdf-timeout", value: "SECONDS", "how long printing may take; 120 when left out")
}

extension Invocation {
  private var formatWords: [String]? {
    self[Option.formats.name]?.split(separator: ",").map(String.init)
  }

  /// The formats of text and of paper that are asked for.
  func formats(today: Day) throws(Failure) -> [OutputFormat] {
    let words = formatWords
    let formats = OutputFormat.all.filter { words?.contains($0.id) ?? true }
    guard words?.contains(OutputFormat.pdfID) ?? false else {
      for option in [Option.pdfPrinter, .pdfTimeout] where has(option.name) {
        throw Failure("'--\(option.name)' has nothing to print", hint: "add '--format pdf'")
      }
      return formats
    }
    let patience = self[Option.pdfTimeout.name] ?? String(PDFPrinter.patience)
    guard let seconds = Int(patience), (1...86_400).contains(seconds) else {
      throw Failure(
        "'--pdf-timeout' must be a number of seconds, not '\(patience)'",
        hint: "write a whole number from 1 to 86400")
    }
    return formats + [
      .pdf(try PDFPrinter(self[Option.pdfPrinter.name], seconds: seconds, today: today))
    ]
  }

  /// The formats of spreadsheets that are asked for.
  var sheetFormats: [SheetFormat] {
    SheetFormat.all.filter { formatWords?.contains($0.id) ?? false }
  }

  /// The paper that is asked for.
  var paper: HTMLPage.Paper { self[Option.paper.name] == "letter" ? .letter : .a4 }
}
