public import DocModel

/// Writes a whole guide as Markdown, to be read or handed round.
///
///     let text = try GuideRenderer().markdown(guide)
public struct GuideRenderer: Sendable {
  private let environment: Environment

  /// Makes a renderer with the template that the program carries.
  public init() {
    let names = RecordShape(
      "a guide to show", "What the template of a guide may use.",
      [.init("guide", .record(Guide.shape), "The guide.")])
    environment = Environment(names: .record(names)) { name throws(InvalidInput) in
      try BuiltInTemplates.source(name)
    }
  }

  /// Writes a guide.
  ///
  /// - Throws: `InvalidInput` where the template has an error.
  public func markdown(_ guide: Guide) throws(InvalidInput) -> [UInt8] {
    try environment.template(named: "guide.md.jinja")
      .render(Record(Keys(["guide"]), [.record(guide.record)]))
  }
}
