import Foundation
import Testing

/// The documentation of the library's public declarations, as DocC makes it.
@Suite struct DocumentationTests {
  @Test(arguments: ["DocModel", "Renderers"])
  func docCBuildsWithoutWarnings(module: String) throws {
    let scratch = try Scratch()
    let built = CommandRun.binary.deletingLastPathComponent()
    let sources = CommandRun.package.appending(path: "Sources")
    let maps = [
      built.appending(path: "Templates.build/module.modulemap"),
      sources.appending(path: "CYAML/module.modulemap"),
      sources.appending(path: "CCMark/module.modulemap"),
      sources.appending(path: "CLinux/module.modulemap"),
    ]
    let target = try CommandRun(
      program: try TestTool.path("swift"), ["-print-target-info"], in: scratch.folder)
    let triple = try #require(target.output.firstMatch(of: #/"unversionedTriple": "([^"]+)"/#)).1
    let extract = try CommandRun(
      program: try TestTool.path("swift-symbolgraph-extract"),
      [
        "-module-name", module, "-I", built.appending(path: "Modules").path, "-target",
        String(triple), "-minimum-access-level", "public", "-skip-inherited-docs",
        "-skip-synthesized-members", "-output-dir", scratch.folder.path,
      ] + maps.flatMap { ["-Xcc", "-fmodule-map-file=\($0.path)"] }, in: scratch.folder)
    try #require(extract.status == 0, "\(extract.errors)")
    let convert = try CommandRun(
      program: try TestTool.path("docc"),
      [
        "convert", sources.appending(path: "\(module)/\(module).docc").path,
        "--fallback-display-name", module, "--fallback-bundle-identifier", "rfpgen.\(module)",
        "--additional-symbol-graph-dir", scratch.folder.path, "--output-path",
        scratch.folder.appending(path: "archive").path,
      ], in: scratch.folder)
    #expect(convert.status == 0)
    let said = convert.output + convert.errors
    #expect(!said.contains("warning:") && !said.contains("error:"), "\(said)")
    let index = scratch.folder.appending(path: "archive/data/documentation/\(module.lowercased())")
    #expect(try FileManager.default.contentsOfDirectory(atPath: index.path).count > 20)
  }
}
