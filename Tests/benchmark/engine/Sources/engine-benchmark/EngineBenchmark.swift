import DocModel
import Glibc
import Renderers

/// Does the same work several times over in one process and prints the seconds of processor
/// time that each took; with a COUNT of 0, gets ready for it only.
///
///     engine-benchmark html COUNT FILE.md [OUTPUT]
///     engine-benchmark render COUNT TEMPLATE DATA.json escaped|plain [OUTPUT]
///     engine-benchmark compile COUNT TEMPLATE escaped|plain
@main
enum EngineBenchmark {
  static func main() {
    let words = Array(CommandLine.arguments.dropFirst())
    guard words.count >= 3, let count = Int(words[1]), count >= 0 else { usage() }
    do {
      switch words[0] {
      case "html":
        let markdown = try source(words[2])
        let html = try timed(count) { () throws(InvalidInput) in
          try HTMLFragment(markdown: markdown).bytes
        }
        if let html, words.count > 3 { write(html, to: words[3]) }
      case "render" where words.count >= 5:
        guard case .record(let values) = try Node(source(words[3])).value else { usage() }
        let template = try environment(words[4]).template(source(words[2]))
        let text = try timed(count) { () throws(InvalidInput) in try template.render(values) }
        if let text, words.count > 5 { write(text, to: words[5]) }
      case "compile" where words.count >= 4:
        let environment = environment(words[3])
        let text = try source(words[2])
        _ = try timed(count) { () throws(InvalidInput) in try environment.template(text) }
      default: usage()
      }
    } catch {
      fail(error.diagnostics.map { "\($0)\n" }.joined(), status: 1)
    }
  }

  private static func environment(_ escaping: String) -> Environment {
    Environment(options: TemplateOptions(escaping: escaping == "escaped" ? .markdown : .none))
  }

  private static func timed<Result>(
    _ count: Int, _ work: () throws(InvalidInput) -> Result
  ) throws(InvalidInput) -> Result? {
    var result: Result?
    for _ in 0..<count {
      let begin = processorSeconds()
      result = try work()
      report(processorSeconds() - begin)
    }
    return result
  }

  /// Writes a figure; `print` looks through all types of the program for how to show it, which
  /// takes more memory than what is measured.
  private static func report(_ seconds: Double) {
    let bytes = Array("\(seconds)\n".utf8)
    _ = Glibc.write(STDOUT_FILENO, bytes, bytes.count)
  }

  private static func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  private static func source(_ path: String) throws(InvalidInput) -> Source {
    guard let file = fopen(path, "rb") else {
      perror(path)
      exit(2)
    }
    defer { fclose(file) }
    fseek(file, 0, SEEK_END)
    let size = ftell(file)
    rewind(file)
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = fread(buffer.baseAddress, 1, size, file)
    }
    return try Source(name: path, bytes: bytes)
  }

  private static func write(_ bytes: [UInt8], to path: String) {
    guard let file = fopen(path, "wb") else {
      perror(path)
      exit(2)
    }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }

  private static func usage() -> Never {
    fail("usage: engine-benchmark html|render|compile COUNT FILE …\n", status: 2)
  }

  private static func fail(_ message: String, status: Int32) -> Never {
    let bytes = Array(message.utf8)
    _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
    exit(status)
  }
}
