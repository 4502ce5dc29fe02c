public import FoundationEssentials

extension Project {
  /// Something that bids are weighed by.
  public struct Criterion: Sendable {
    /// How the points of a criterion are found.
    public enum Method: String, CaseIterable, Sendable {
      /// By the marks that people give.
      case marks
      /// By the total cost: the lowest gets all points, others in proportion to it.
      case lowestCost = "lowest-cost"
    }

    /// In which of two envelopes something is judged.
    public enum Envelope: String, CaseIterable, Sendable {
      /// Everything but prices.
      case technical
      /// Prices, opened once the technical marks are in.
      case financial
    }

    /// Its name.
    public let id: String
    /// Its title.
    public let title: String
    /// Its weight in percent; `nil` where none is stated.
    public let weight: Decimal?
    /// How its points are found.
    public let method: Method
    /// In which envelope it is judged.
    public let envelope: Envelope
    /// How marks are given, in CommonMark.
    public let text: String?

    static let methods = [
      Shape.Choice("marks", "By the marks that people give."),
      Shape.Choice(
        "lowest-cost", "By the total cost: the lowest gets all points, others in proportion."),
    ]
    static let envelopes = [
      Shape.Choice("technical", "Judged without knowing the prices."),
      Shape.Choice("financial", "Judged once the technical marks are in."),
    ]

    init(_ node: Node) {
      id = node["id"]?.text ?? ""
      title = node["title"]?.text ?? ""
      weight = node["weight"]?.text.flatMap { decimal($0) }
      let method = node["method"]?.text.flatMap(Method.init) ?? .marks
      self.method = method
      envelope =
        node["envelope"]?.text.flatMap(Envelope.init)
        ?? (method == .lowestCost ? .financial : .technical)
      text = node["text"]?.text
    }
  }
}
