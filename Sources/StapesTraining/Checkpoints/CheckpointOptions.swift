internal import StapesFiles
public import StapesRecipe
internal import StapesText

/// Where a run keeps what it needs to go on after it was ended, and how often it writes that.
public struct CheckpointOptions: Sendable, Equatable {
  /// The file of the last checkpoint.
  public var path: String
  /// The longest time between two checkpoints, in seconds; each epoch ends with one as well.
  public var secondsBetween = 600.0
  /// How many checkpoints are kept, at least 1; those before the last lie beside it, with −1, −2 and
  /// so on in their names.
  public var keptCount = 1
  /// Whether the run goes on from the checkpoint; otherwise there must be none.
  public var resumes = false

  /// Keeps checkpoints at a path.
  public init(path: String) {
    self.path = path
  }

  /// The path beside a model file, such as `my.checkpoint.safetensors` for `my.safetensors`.
  public static func path(besideModel path: String) -> String {
    path.strippingSuffix + ".checkpoint" + fileSuffix
  }

  /// Checks that every setting is in its range.
  ///
  /// - Throws: `TrainingError.settingOutOfRange`.
  public func validate() throws(TrainingError) {
    try TrainingError.check("seconds between checkpoints", secondsBetween, within: 1...1e9)
    try TrainingError.check("number of checkpoints", keptCount, within: 1...1000)
  }

  /// The options of the run that wrote the last checkpoint; nil where it cannot be read.
  public var recordedOptions: TrainingOptions? { try? Checkpoint(contentsOf: path).options }

  /// The files of all checkpoints that are kept, the last one first.
  public var paths: [String] { (0..<max(keptCount, 1)).map(path(age:)) }

  /// Removes the checkpoints, as when a run is over and its model is written.
  public func remove() {
    for path in paths { FileSystem.remove(path) }
  }

  /// The path of a checkpoint, 0 for the last.
  func path(age: Int) -> String {
    age == 0 ? path : path.strippingSuffix + "-\(age)" + fileSuffix
  }

  /// Makes room for a checkpoint: those that are there grow older.
  ///
  /// The last stays in its place, so that there always is one.
  func ageCheckpoints() {
    for age in (1..<keptCount).reversed() {
      if age > 1 {
        FileSystem.move(path(age: age - 1), to: path(age: age))
      } else if let last = try? FileSystem.read(path) {
        try? FileSystem.write(Array(last), to: path(age: age))
      }
    }
  }
}

private let fileSuffix = ".safetensors"

extension String {
  fileprivate var strippingSuffix: String {
    hasSuffix(fileSuffix) ? String(dropLast(fileSuffix.count)) : self
  }
}
