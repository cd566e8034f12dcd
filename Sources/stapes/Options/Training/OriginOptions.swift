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

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      """
      With --task spot: recordings without the phrases, such as speech, music and noise, among \
      which they are to be spotted; folders, sound files or labelled clips.
      """, valueName: "data"), completion: .file())
  var background: [String] = []

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
    let old = replay.isEmpty ? [] : try labelled.corpus(replay).clips
    guard !background.isEmpty else { return Corpus(clips: old) }
    let sound = try Corpus(
      background: background, longestSeconds: 4, allowsOutside: labelled.allowOutside,
      audio: labelled.decoding.audio)
    return Corpus(clips: old + sound.clips)
  }
}
