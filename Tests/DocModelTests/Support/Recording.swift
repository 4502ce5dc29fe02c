import Foundation
import Testing

/// Files that hold what this package is expected to write.
enum Recording {
  /// Compares a text with a file of the package.
  ///
  /// With `RECORD=1` in the environment the file is written instead, and the test fails once.
  static func compare(_ text: String, with path: String) throws {
    let url = Folder.package.appendingPathComponent(path)
    if ProcessInfo.processInfo.environment["RECORD"] == "1" {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
      Issue.record("'\(path)' was recorded; look at the difference, then run without RECORD")
      return
    }
    let recorded = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
    if recorded == text { return }
    let old = recorded.components(separatedBy: "\n")
    let new = text.components(separatedBy: "\n")
    let line =
      zip(old, new).enumerated().first { $1.0 != $1.1 }?.offset ?? min(old.count, new.count)
    Issue.record(
      """
      '\(path)' differs at line \(line + 1); RECORD=1 swift test writes it anew
      recorded: \(line < old.count ? old[line] : "(end)")
      now:      \(line < new.count ? new[line] : "(end)")
      """)
  }
}
