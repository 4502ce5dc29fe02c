import Foundation
import Testing

/// The command is killed while it writes: each file is wholly old or wholly new.
@Suite struct KillTests {
  /// Runs the command and kills it after a time; true where it had not ended by itself.
  private static func killed(_ words: [String], in folder: URL, after seconds: Double) throws
    -> Bool
  {
    let process = Process()
    process.executableURL = CommandRun.binary
    process.arguments = words
    process.currentDirectoryURL = folder
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    usleep(UInt32(seconds * 1e6))
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    return process.terminationReason == .uncaughtSignal
  }

  private static func files(_ folder: URL) throws -> [String: Data] {
    var result: [String: Data] = [:]
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [] {
      result[name] = try Data(contentsOf: folder.appending(path: name))
    }
    return result
  }

  @Test func eachFileIsWhollyOldOrWhollyNew() throws {
    let scratch = try Scratch()
    let start = "guide: commcare-transition\nprogramme: {title: "
    try scratch.write("old.yaml", start + "Old}\n")
    try scratch.write("new.yaml", start + "New}\n")
    let words = ["-o", "out", "--today", "2026-11-21"]
    let out = scratch.folder.appending(path: "out")
    #expect(try CommandRun(["build", "old.yaml"] + words, in: scratch.folder).status == 0)
    let old = try Self.files(out)
    let begin = Date()
    #expect(try CommandRun(["build", "new.yaml"] + words, in: scratch.folder).status == 0)
    let duration = Date().timeIntervalSince(begin)
    let new = try Self.files(out)
    #expect(old.keys == new.keys && old != new)
    var interrupted = 0
    let points = 40
    for point in 0..<points {
      #expect(try CommandRun(["build", "old.yaml"] + words, in: scratch.folder).status == 0)
      let wasKilled = try Self.killed(
        ["build", "new.yaml"] + words, in: scratch.folder,
        after: duration * Double(point) / Double(points))
      if wasKilled { interrupted += 1 }
      for (name, data) in try Self.files(out) {
        // What a kill leaves behind is hidden and says by its name that it is a part only.
        if name.hasPrefix("."), name.hasSuffix(".part") { continue }
        #expect(data == old[name] || data == new[name], "\(name) is neither old nor new")
      }
    }
    #expect(interrupted > 0, "the command was never killed before its end")
    // The next run writes everything, whatever was left behind.
    #expect(try CommandRun(["build", "new.yaml"] + words, in: scratch.folder).status == 0)
    let last = try Self.files(out).filter { !$0.key.hasSuffix(".part") }
    #expect(last == new)
  }
}
