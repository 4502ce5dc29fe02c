/// The commands there are.
///
/// To add one, write it in this folder and a line in this list.
enum Commands {
  static let all: [Command] = [
    .initialise,
    .check,
    .build,
    .lock,
    .review,
    .export,
    .importing,
    .award,
    .compare,
    .pack,
    .verify,
    .salt,
    .disclose,
    .guideList,
    .guideShow,
    .guideLint,
    .guideMessages,
    .templateList,
    .templateShow,
    .templateEject,
    .templateCheck,
    .templateMessages,
    .render,
    .html,
    .schema,
    .completions,
    .manual,
  ]

  /// The words that begin commands of two words.
  static let groups = ["guide", "template"]
}
