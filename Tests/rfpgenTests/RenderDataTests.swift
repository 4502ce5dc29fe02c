import Foundation
import Testing

/// Data that `render` cannot take is an error with a place, and nothing of it is shown wrong.
@Suite struct RenderDataTests {
  @Test(arguments: [
    ("d.yaml", "", "'d.yaml' holds no data"),
    ("d.yaml", "# nothing\n", "'d.yaml' holds no data"),
    ("d.json", " \n", "'d.json' holds no data"),
    ("d.yaml", "42\n", "d.yaml:1:1: error: the data must be a mapping of names at the top"),
    ("d.json", "[1]", "d.json:1:1: error: the data must be a mapping of names at the top"),
    ("d.json", "{\"x\": 12345678901234567890}", "d.json:1:7: error: the number has more digits"),
    ("d.yaml", "x: [1, 12345678901234567890]", "d.yaml:1:8: error: the number has more digits"),
    ("d.json", "{\"x\": 1e999}", "d.json:1:7: error: the number has more digits"),
    ("d.json", "{\"x\": NaN}", "d.json:1:7: error: this is not JSON: 'NaN' is no value"),
    ("d.yaml", "x: 1\nx: 2\n", "d.yaml:2:1: error: the key 'x' is here a second time"),
    ("d.json", "{\"x\": 1, \"x\": 2}", "d.json:1:10: error: the key 'x' is here a second time"),
    ("d.yaml", "x: 1\n---\nx: 2\n", "d.yaml:2:1: error: a second YAML document begins here"),
  ])
  func isRefused(_ name: String, _ data: String, _ message: String) throws {
    let scratch = try Scratch()
    try scratch.write("t.jinja", "{{ x }}\n")
    try scratch.write(name, data)
    let run = try CommandRun(["render", "t.jinja", "--data", name], in: scratch.folder)
    #expect(run.status == 2)
    #expect(run.errors.contains(message), "\(run.errors)")
    #expect(run.output == "")
  }

  @Test(arguments: [
    ("x: .nan\n", ".nan"), ("x: 1e3\n", "1000.0"), ("x: 0x1F\n", "31"),
    ("x: '12345678901234567890'\n", "12345678901234567890"), ("x: 2026-12-01\n", "2026-12-01"),
    ("x: ~\n", "None"), ("x: yes\n", "yes"), ("x: TRUE\n", "True"),
  ])
  func isShown(_ data: String, _ text: String) throws {
    let scratch = try Scratch()
    try scratch.write("t.jinja", "{{ x }}")
    try scratch.write("d.yaml", data)
    let run = try CommandRun(
      ["render", "t.jinja", "--data", "d.yaml", "--no-escape"], in: scratch.folder)
    #expect(run.output == text, "\(run.errors)")
  }
}
