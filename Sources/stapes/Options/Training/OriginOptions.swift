import ArgumentParser
import Stapes

/// The model that is trained further, if any.
struct OriginOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Train this model further, a file or one that comes with Stapes. Its network, front end, and \
      characters are kept, and new characters get their place; weights in 8 or 16 bits are widened.
      """, valueName: "model"))
  var from: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "With --from: clips, such as those the model learnt from, to see again now and then.",
      valueName: "data"))
  var replay: [String] = []

  func validate() throws {
    guard from != nil || replay.isEmpty else {
      throw ValidationError("--replay is of use only with --from")
    }
  }

  /// Loads the model.
  func model() throws -> SpeechModel? {
    try from.map { try ModelSource(named: $0).load() }
  }

  /// Finds the clips to see again.
  func replayed(_ labelled: DataOptions) throws -> Corpus {
    replay.isEmpty ? Corpus(clips: []) : try labelled.corpus(replay)
  }
}
