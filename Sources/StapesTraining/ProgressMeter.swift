/// Counts the audio that was trained on, and tells speed and time left.
struct ProgressMeter {
  private let epochCount: Int
  private let epochSeconds: Double
  private let clock = ContinuousClock()
  private let runStart: ContinuousClock.Instant
  private var epoch = 0
  private var epochStart: ContinuousClock.Instant
  private var secondsDone = 0.0

  /// Starts the clock.
  ///
  /// - Parameters:
  ///   - epochCount: the number of epochs of the run.
  ///   - epochSeconds: the audio of one epoch, in seconds.
  init(epochCount: Int, epochSeconds: Double) {
    self.epochCount = epochCount
    self.epochSeconds = epochSeconds
    runStart = clock.now
    epochStart = runStart
  }

  /// The share of the run's audio that is done, in 0...1; it does not depend on the clock.
  var share: Double {
    (Double(epoch) + secondsDone / epochSeconds) / Double(epochCount)
  }

  /// What to report now.
  var progress: TrainingProgress {
    let (now, share) = (clock.now, share)
    let elapsed = runStart.duration(to: now) / .seconds(1)
    let epochElapsed = epochStart.duration(to: now) / .seconds(1)
    return TrainingProgress(
      epoch: epoch + 1, epochCount: epochCount,
      hoursPerSecond: epochElapsed > 0 ? secondsDone / 3600 / epochElapsed : 0,
      secondsLeft: share > 0 ? elapsed * (1 - share) / share : .infinity)
  }

  /// Begins an epoch, counted from 0.
  mutating func begin(epoch: Int) {
    self.epoch = epoch
    secondsDone = 0
    epochStart = clock.now
  }

  /// Counts the audio of a batch.
  mutating func add(seconds: Double) {
    secondsDone += seconds
  }
}
