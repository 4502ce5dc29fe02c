/// One thing to change in a file.
public struct FileChange: Sendable {
  /// Where it stands, from the top of the file.
  public let place: [Matrix.Step]
  /// What is to stand there.
  package let content: Node.Content
  /// Whether the items of a list join those that stand there.
  package let isAddition: Bool

  package init(_ place: [Matrix.Step], _ content: Node.Content, isAddition: Bool = false) {
    self.place = place
    self.content = content
    self.isAddition = isAddition
  }
}
