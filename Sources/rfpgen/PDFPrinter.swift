internal import DocModel
internal import Renderers
private import Glibc

/// Prints pages on paper, as PDF, with a program that this machine has.
///
/// The page is the one that the format `html` writes. The printer gets it as a file in a folder of its
/// own, makes no connection, and leaves nothing behind.
struct PDFPrinter: Sendable {
  private enum Kind {
    case chromium, weasyPrint
  }

  /// The names by which printers are looked for, best first.
  static let names = [
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
    "headless_shell", "weasyprint",
  ]
  /// How many seconds a document may take.
  static let patience = 120

  private let program: String
  private let kind: Kind
  private let seconds: Int
  private let today: Day

  /// Takes the printer at a path, or the first that is found.
  ///
  /// `today`: the day that the file bears, so that the same document has the same bytes.
  init(_ path: String?, seconds: Int, today: Day) throws(Failure) {
    guard let program = path.map(Self.program) ?? Self.found(names: Self.names) else {
      throw Failure(
        "no program that prints pages as PDF is installed",
        hint: "'apt-get install chromium' (or weasyprint), or name one with '--pdf-printer PATH'")
    }
    guard access(program, X_OK) == 0 else {
      throw Failure(
        "'\(program)' cannot be run: \(systemMessage(errno))",
        hint: "'--pdf-printer' takes the path of Chromium or of WeasyPrint")
    }
    self.program = program
    self.seconds = seconds
    self.today = today
    let name = program.split(separator: "/").last ?? ""
    kind = name.lowercased().contains("weasyprint") ? .weasyPrint : .chromium
  }

  /// A word on the command line as a path: a name without `/` is looked for like others.
  private static func program(_ word: String) -> String {
    word.contains("/") ? word : found(names: [word]) ?? word
  }

  private static func found(names: [String]) -> String? {
    let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    let folders = path.split(separator: ":")
    for name in names {
      for folder in folders {
        let program = "\(folder)/\(name)"
        if access(program, X_OK) == 0 { return program }
      }
    }
    return nil
  }

  /// Prints a document's page.
  func print(_ document: RenderedDocument) throws(Failure) -> [UInt8] {
    let html = try attempt { () throws(InvalidInput) in try OutputFormat.html.write(document) }
    let folder = try TemporaryFolder()
    let page = "\(folder.path)/page.html"
    let target = "\(folder.path)/page.pdf"
    let outputs = Outputs()
    try outputs.add(page, html)
    try outputs.finish()
    var environment = ChildProcess.environment
    for name in ["TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"] { environment[name] = folder.path }
    environment["SOURCE_DATE_EPOCH"] = String(today.number * 86_400)
    let (outcome, said) = ChildProcess.run(
      program, words(page: page, target: target, folder: folder.path), environment: environment,
      seconds: seconds)
    let problem: String?
    switch outcome {
    case .ended(0): problem = Disk.exists(target) ? nil : "it wrote nothing"
    case .ended(let status): problem = "exit status \(status)"
    case .tookTooLong: problem = "it took longer than \(seconds) seconds"
    case .notBegun(let reason): problem = reason
    }
    let last = said.split(separator: "\n").suffix(3).joined(separator: "\n")
    if let problem {
      throw Failure(
        "'\(program)' could not print '\(document.document.id)': \(problem)",
        hint: last.isEmpty ? "run it by hand to see what it needs" : "it said: \(last)")
    }
    var bytes = try attempt { () throws(InvalidInput) in try DiskFolder.bytes(of: target) }
    guard bytes.starts(with: Array("%PDF-".utf8)) else {
      throw Failure(
        "what '\(program)' wrote for '\(document.document.id)' is no PDF",
        hint: "name another program with '--\(Option.pdfPrinter.name)'")
    }
    settle(&bytes)
    return bytes
  }

  private func words(page: String, target: String, folder: String) -> [String] {
    switch kind {
    case .weasyPrint: return ["--quiet", "--pdf-variant", "pdf/ua-1", page, target]
    case .chromium:
      let sandbox = geteuid() == 0 ? ["--no-sandbox"] : []
      return sandbox + [
        "--headless", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--disable-breakpad", "--host-resolver-rules=MAP * ~NOTFOUND",
        "--user-data-dir=\(folder)/profile", "--no-pdf-header-footer",
        "--generate-pdf-document-outline", "--print-to-pdf=\(target)", "file://\(page)",
      ]
    }
  }

  /// Takes out what differs from one printing to the next: the moment, for which the document's day is
  /// written, and how many things the browser had numbered before.
  private func settle(_ pdf: inout [UInt8]) {
    let day = Array("\(today)".utf8.filter { $0 != UInt8(ascii: "-") } + "000000".utf8)
    for key in ["/CreationDate (D:", "/ModDate (D:"] where day.count == 14 {
      for place in Self.places(behind: key, digits: 14, in: pdf) {
        pdf.replaceSubrange(place, with: day)
      }
    }
    let numbers = Self.places(behind: "(node", digits: 8, in: pdf)
    let sorted = Set(numbers.map { Array(pdf[$0]) }).sorted { $0.lexicographicallyPrecedes($1) }
    let ranks = Dictionary(uniqueKeysWithValues: zip(sorted, sorted.indices))
    for place in numbers {
      guard let rank = ranks[Array(pdf[place])] else { continue }
      let digits = Array(String(rank).utf8)
      let zeros = [UInt8](repeating: UInt8(ascii: "0"), count: 8 - digits.count)
      pdf.replaceSubrange(place, with: zeros + digits)
    }
  }

  /// Where so many digits stand behind a text.
  private static func places(behind key: String, digits: Int, in bytes: [UInt8]) -> [Range<Int>] {
    let key = Array(key.utf8)
    var places: [Range<Int>] = []
    var start = 0
    while let first = bytes[start...].firstIndex(of: key[0]) {
      start = first + 1
      let place = (first + key.count)..<(first + key.count + digits)
      guard place.upperBound <= bytes.count, bytes[first...].starts(with: key),
        bytes[place].allSatisfy({ (0x30...0x39).contains($0) })
      else { continue }
      places.append(place)
    }
    return places
  }
}

extension OutputFormat {
  /// The page on paper, as PDF.
  static func pdf(_ printer: PDFPrinter) -> OutputFormat {
    OutputFormat(id: pdfID, fileExtension: "pdf") { document throws(InvalidInput) in
      do throws(Failure) {
        return try printer.print(document)
      } catch {
        throw InvalidInput(error.diagnostics)
      }
    }
  }

  /// The name of the format that needs a printer.
  static let pdfID = "pdf"
}
