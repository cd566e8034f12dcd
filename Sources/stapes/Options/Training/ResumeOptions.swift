import ArgumentParser
import Stapes

/// How a training goes on after it was ended.
struct ResumeOptions: ParsableArguments {
  @Flag(
    help: """
      Go on with a training that was ended, from the checkpoint beside the output, as if it had \
      not been; the data and the other options are the same as before.
      """)
  var resume = false

  @Option(
    help: ArgumentHelp(
      "The longest time between two checkpoints; each epoch ends with one as well.",
      valueName: "minutes"))
  var checkpointMinutes = 10.0

  @Option(
    help: ArgumentHelp(
      """
      How many checkpoints are kept, also after the end; without it the last one, which is removed \
      after the end.
      """, valueName: "number"))
  var keepCheckpoints: Int?

  /// Makes sure that a training replaces nothing that is not meant to be replaced; what it goes on
  /// with by `--resume` shows once its data are read.
  ///
  /// - Parameters:
  ///   - output: the model file.
  ///   - files: what else is written.
  ///   - replacing: whether files that are there are replaced.
  /// - Throws: `OutputError`, and `CheckpointError.present`.
  func check(_ output: String, _ files: [String], replacing: OverwriteOptions) throws {
    guard !resume else { return try OverwriteOptions.check([output] + files, replacing: true) }
    let checkpoint = CheckpointOptions.path(besideModel: output)
    guard replacing.overwrite || !OverwriteOptions.holdsSomething(checkpoint) else {
      throw CheckpointError.present(path: checkpoint)
    }
    try replacing.check([output] + files)
  }

  /// Makes sure that what lies at the output is of the training that goes on.
  ///
  /// - Throws: `OutputError.present`.
  func check(_ output: String, isOf trainer: Trainer) throws(OutputError) {
    guard resume, OverwriteOptions.holdsSomething(output) else { return }
    let clips = trainer.training.clips + trainer.replayed.clips
    let found = (try? SpeechModel(contentsOf: output))?.provenance
    guard let found, found.seed == trainer.options.seed,
      found.dataFingerprint == Corpus(clips: clips).fingerprint
    else { throw .present(path: output) }
  }

  /// Where the checkpoints of a model lie.
  func checkpoints(besideModel path: String) -> CheckpointOptions {
    var checkpoints = CheckpointOptions(path: CheckpointOptions.path(besideModel: path))
    checkpoints.secondsBetween = checkpointMinutes * 60
    checkpoints.keptCount = keepCheckpoints ?? 1
    checkpoints.resumes = resume
    return checkpoints
  }
}
