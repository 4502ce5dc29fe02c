import Testing

/// What libFuzzer searches in, with a few inputs that are the same each time: a test of what was
/// mended, not a search.
@Suite struct FuzzTests {
  /// In a process for each target, since what is looked for may end it.
  @Test(arguments: Target.allCases)
  func nothingBreaks(_ target: Target) async {
    await #expect(processExitsWith: .success, "\(Brief.last(target))") { [target] in
      var brief = try Brief(target)
      try brief.run()
    }
  }
}
