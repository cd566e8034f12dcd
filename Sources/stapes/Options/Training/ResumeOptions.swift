import ArgumentParser
import Stapes

/// How a training goes on after it was ended.
struct ResumeOptions: ParsableArguments {
  @Flag(
    help: """
      Resume an interrupted training from the checkpoint next to the output; give the same data \
      and options as before. The result is the same as without the interruption.
      """)
  var resume = false

  @Option(
    help: ArgumentHelp(
      "Longest time between two checkpoints, in minutes; one is also written after each epoch.",
      valueName: "minutes"))
  var checkpointMinutes = 10.0

  @Option(
    help: ArgumentHelp(
      """
      Number of checkpoints to keep, also after training, 1 to 1000. (default: the last one, \
      removed after training)
      """, valueName: "number"))
  var keepCheckpoints: Int?

  /// Makes sure that a training replaces nothing that is not meant to be replaced; what it goes on
  /// with by `--resume` shows once its data are read.
  ///
  /// - Parameters:
  ///   - output: the model file.
  ///   - files: what else is written.
  ///   - replacing: whether files that are there are replaced.
  /// - Throws: `FileError`, `CheckpointError.present`, and `TrainingError.settingOutOfRange`.
  func check(_ output: String, _ files: [String], replacing: OverwriteOptions) throws {
    guard !resume else { return try OverwriteOptions.check([output] + files, replacing: true) }
    let checkpoints = checkpoints(besideModel: output)
    try checkpoints.validate()
    try OverwriteOptions.check([checkpoints.path], replacing: true)
    let present = checkpoints.paths.first(where: OutputGuard.isInUse)
    if let present, !replacing.overwrite { throw CheckpointError.present(path: present) }
    try replacing.check([output] + files)
  }

  /// Makes sure that what lies at the output is of the training that goes on.
  ///
  /// - Throws: `FileError`.
  func check(_ output: String, isOf trainer: Trainer) throws(FileError) {
    guard resume, OutputGuard.isInUse(output) else { return }
    let clips = trainer.training.clips + trainer.replayed.clips
    let found = (try? SpeechModel(contentsOf: output))?.provenance
    guard let found, found.seed == trainer.options.seed,
      found.dataFingerprint == Corpus(clips: clips).fingerprint
    else { throw .occupied([output]) }
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
