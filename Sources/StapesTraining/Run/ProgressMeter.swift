/// Counts the audio that was trained on, and tells speed and time left.
struct ProgressMeter {
  /// The number of epochs of the run.
  var epochCount: Int
  private let clock = ContinuousClock()
  private let runStart: ContinuousClock.Instant
  private var epoch = 0
  private var epochSeconds = 1.0
  private var epochStart: ContinuousClock.Instant
  private var secondsDone = 0.0
  /// The audio of this epoch, and the share of the run, that an earlier process has done.
  private var secondsBefore = 0.0
  private var shareBefore: Double?

  /// Starts the clock.
  ///
  /// - Parameter epochCount: the number of epochs of the run.
  init(epochCount: Int) {
    self.epochCount = epochCount
    runStart = clock.now
    epochStart = runStart
  }

  /// The share of the run's audio that is done, in 0...1; it does not depend on the clock.
  var share: Double {
    (Double(epoch) + secondsDone / epochSeconds) / Double(epochCount)
  }

  /// What to report now.
  var progress: TrainingProgress {
    let (now, share, before) = (clock.now, share, shareBefore ?? 0)
    let elapsed = runStart.duration(to: now) / .seconds(1)
    let epochElapsed = epochStart.duration(to: now) / .seconds(1)
    return TrainingProgress(
      epoch: epoch + 1, epochCount: epochCount,
      hoursPerSecond: epochElapsed > 0 ? (secondsDone - secondsBefore) / 3600 / epochElapsed : 0,
      secondsLeft: share > before ? elapsed * (1 - share) / (share - before) : .infinity)
  }

  /// Begins an epoch, or goes on with one.
  ///
  /// - Parameters:
  ///   - epoch: counted from 0.
  ///   - seconds: the audio of the epoch.
  ///   - done: that of the batches that were done before.
  mutating func begin(epoch: Int, seconds: Double, done: [Double]) {
    self.epoch = epoch
    epochSeconds = seconds
    // Added up as it was then, one batch after the other, to come to the same float.
    secondsDone = done.reduce(0, +)
    secondsBefore = secondsDone
    shareBefore = shareBefore ?? share
    epochStart = clock.now
  }

  /// Counts the audio of a batch.
  mutating func add(seconds: Double) {
    secondsDone += seconds
  }
}
