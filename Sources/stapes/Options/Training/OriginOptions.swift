import ArgumentParser
import Stapes

/// The model that is trained further, if any.
struct OriginOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Fine-tune this model: a file, or the name of a bundled model. Its network, front end and \
      characters are kept, new characters are added, and quantised weights are converted to 32-bit \
      floats.
      """, valueName: "model"), completion: .model)
  var from: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      """
      With --from: clips to mix into each epoch, such as the original training set, so that it is \
      not forgotten.
      """,
      valueName: "data"), completion: .file())
  var replay: [String] = []

  func validate() throws {
    guard from != nil || replay.isEmpty else {
      throw ValidationError("--replay needs --from")
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
