import Foundation
import Testing

/// The packages in `Examples` that embed the library, or the template engine alone.
///
/// What they share is built once.
@Suite(.serialized) struct PortalTests {
  /// Built without flags of ours but the thread sanitizer's, so that one build shows three things: it
  /// compiles as an outside package, does what its output says, and serves many threads without races.
  @Test(arguments: ["portal", "letters"])
  func theExampleDoesWhatItsOutputSaysWithoutARace(_ name: String) throws {
    let package = CommandRun.package
    let portal = package.appending(path: "Examples/\(name)")
    let scratch = package.appending(path: ".build/portal")
    let manifest = try String(contentsOf: portal.appending(path: "Package.swift"), encoding: .utf8)
    #expect(!manifest.contains("Flags") && !manifest.contains("Settings"))
    // A cached plan would miss a file that is new in a package outside the portal's folder.
    let build = try CommandRun(
      program: try TestTool.path("swift"),
      [
        "build", "-q", "--disable-build-manifest-caching", "--sanitize=thread", "--package-path",
        portal.path, "--scratch-path",
        scratch.path,
      ], in: package)
    try #require(build.status == 0, "\(build.output)\(build.errors)")
    #expect(!build.errors.contains("warning:"), "\(build.errors)")
    let run = try CommandRun(
      program: scratch.appending(path: "debug/\(name)"), [], in: package,
      environment: ["TSAN_OPTIONS": "halt_on_error=1"])
    #expect(run.status == 0)
    #expect(run.errors == "")
    let expected = portal.appending(path: "output.txt")
    if ProcessInfo.processInfo.environment["RECORD"] == "1" {
      try run.output.write(to: expected, atomically: true, encoding: .utf8)
      Issue.record("the output was recorded; look at the difference, then run without RECORD")
    } else {
      #expect(try run.output == String(contentsOf: expected, encoding: .utf8))
    }
  }
}
