internal import StapesRecipe

/// Writes a run's checkpoints.
struct CheckpointWriter: Sendable {
  private let settings: CheckpointOptions
  /// The options of the run.
  var options: TrainingOptions
  private let fingerprint: String
  private var lastWritten = ContinuousClock.now

  /// Makes a writer for a run.
  ///
  /// - Parameters:
  ///   - settings: where checkpoints lie, and how often they are written.
  ///   - options: of the run.
  ///   - fingerprint: of its clips.
  init(_ settings: CheckpointOptions, options: TrainingOptions, fingerprint: String) {
    self.settings = settings
    self.options = options
    self.fingerprint = fingerprint
  }

  /// Whether the last checkpoint is as old as it may be.
  var isDue: Bool {
    lastWritten.duration(to: .now) / .seconds(1) >= settings.secondsBetween
  }

  /// Writes a checkpoint.
  mutating func write(_ state: TrainingState) throws(CheckpointError) {
    lastWritten = .now
    settings.ageCheckpoints()
    try Checkpoint(options: options, fingerprint: fingerprint, state: state)
      .write(to: settings.path)
  }
}
