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

  /// Where the checkpoints of a model lie.
  func checkpoints(besideModel path: String) -> CheckpointOptions {
    var checkpoints = CheckpointOptions(path: CheckpointOptions.path(besideModel: path))
    checkpoints.secondsBetween = checkpointMinutes * 60
    checkpoints.keptCount = keepCheckpoints ?? 1
    checkpoints.resumes = resume
    return checkpoints
  }
}
