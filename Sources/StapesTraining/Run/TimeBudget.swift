internal import StapesKernels
internal import StapesModel
internal import StapesNetwork
internal import StapesRanks
package import StapesRecipe
internal import StapesText

/// Fits a run to a time: as many epochs as there is time for, but no more than the options have, of
/// a narrower network where only few would fit.
package struct TimeBudget: Sendable {
  /// The time that is left for epochs, in seconds.
  package let seconds: Double

  /// Fits to a time.
  package init(seconds: Double) {
    self.seconds = seconds
  }

  /// With fewer epochs than this, a narrower network that gets more of them is the better choice.
  package static let enoughEpochs = 10
  /// No network is made narrower than this.
  package static let narrowest = 64
  /// How much of the time is planned for; machines are not always as fast as when it was measured.
  private static let plannedShare = 0.95
  /// The share of the time that one measurement of the pace may take.
  static let measuredShare = 0.02

  /// How many epochs of some length are planned for; at most a million.
  func epochCount(ofSeconds epochSeconds: Double) -> Double {
    min(max(seconds * Self.plannedShare / max(epochSeconds, 1e-9), 0), 1e6)
  }

  /// Chooses the number of epochs and the width.
  ///
  /// - Parameters:
  ///   - options: what is wanted.
  ///   - mayNarrow: whether the width may change.
  ///   - epochSeconds: measures what an epoch takes with some options, in seconds.
  /// - Returns: the options that fit; with one epoch where not even that does.
  package func fit(
    _ options: TrainingOptions, mayNarrow: Bool,
    epochSeconds: (TrainingOptions) async throws -> Double
  ) async throws -> TrainingOptions {
    var fitting = options
    let enough = Double(min(options.epochCount, Self.enoughEpochs))
    for isLast in [false, false, false, true] {
      let affordable = epochCount(ofSeconds: try await epochSeconds(fitting))
      if affordable >= enough || isLast || !mayNarrow || fitting.hiddenSize <= Self.narrowest {
        fitting.epochCount = max(1, min(options.epochCount, Int(affordable)))
        break
      }
      // The work grows with the square of the width, or less where other work is in the way.
      let factor = min(0.85, max(0.4, (affordable / enough).squareRoot()))
      let width = Int(Double(fitting.hiddenSize) * factor) / 16 * 16
      fitting.hiddenSize = max(Self.narrowest, width)
    }
    return fitting
  }
}

/// Keeps a run within its time while it goes on: where it turns out slower than planned, epochs are
/// dropped, and in the end steps.
struct BudgetWatch: Sendable {
  /// When the run is to be over, in seconds of its clock.
  let end: Double
  /// What the last validation took, in seconds.
  private(set) var validationSeconds: Double
  /// How many validations come after the last epoch.
  private let lastValidationCount: Double
  /// When each epoch was over; before them, when the first began.
  private var times: [Double]

  /// Begins with the first epoch.
  ///
  /// - Parameters:
  ///   - end: when the run is to be over.
  ///   - validationSeconds: what a validation takes, as far as that was measured.
  ///   - averagesModels: whether the mean of several models is validated in the end.
  ///   - now: the time.
  init(end: Double, validationSeconds: Double, averagesModels: Bool, now: Double) {
    self.end = end
    self.validationSeconds = validationSeconds
    lastValidationCount = averagesModels ? 2 : 1
    times = [now]
  }

  /// Whether there is no time for another step, since validations must follow.
  func isOver(at now: Double) -> Bool { now + lastValidationCount * validationSeconds >= end }

  /// Takes note of an epoch.
  ///
  /// - Parameters:
  ///   - now: the time.
  ///   - validationSeconds: how much of the epoch its validation took.
  mutating func completeEpoch(at now: Double, validationSeconds: Double) {
    self.validationSeconds = validationSeconds
    times.append(now)
  }

  /// The number of further epochs that there is time for, each as long as the mean of the last
  /// three.
  var affordableEpochCount: Int {
    let recent = times.suffix(4)
    guard let first = recent.first, let now = recent.last, recent.count > 1 else { return 0 }
    let epochSeconds = max((now - first) / Double(recent.count - 1), 1e-9)
    let left = end - now - (lastValidationCount - 1) * validationSeconds
    return Int(min(max(left / epochSeconds, 0), 1e6))
  }
}

/// Measures how fast a run goes on this machine.
struct PaceMeasurement: Sendable {
  /// The number of threads.
  let threadCount: Int
  /// Who shares the work.
  let ranks: RankGroup
  /// The clips.
  let prepared: PreparedClips
  /// The longest time that steps are measured for, in seconds.
  let longest: Double
  /// The time in seconds, from any moment on.
  let clock: @Sendable () async -> Double

  private static let largestStepCount = 12

  /// What an epoch takes, in seconds.
  struct Pace: Sendable {
    /// Its steps.
    let steps: Double
    /// Its validation.
    let validation: Double
  }

  /// What an epoch takes with some options, in seconds: some steps from random weights, and the
  /// validation.
  func pace(_ options: TrainingOptions) async throws -> Pace {
    let material = prepared.material
    var random = SplitMix64(seed: options.seed)
    let network = try Network(
      configuration: options.networkConfiguration(classCount: material.outputs.classCount),
      using: &random)
    // The second epoch, whose batches come in random order.
    let plan = EpochPlan(of: material.epochClips(), options: options, epoch: 1)
    let batches = plan.batches.prefix(Self.largestStepCount + 1)
    let audio = try await pace(of: Array(batches), network: network, options: options)
    let start = await clock()
    _ = try await prepared.validationSet.figures(of: network)
    return Pace(steps: plan.seconds * audio, validation: await clock() - start)
  }

  /// The time that steps take, as a share of the length of their audio.
  private func pace(
    of batches: [[[Int]]], network: Network, options: TrainingOptions
  ) async throws -> Double {
    let material = prepared.material
    let worker = StepWorker(
      options: options, material: material, threadCount: threadCount, ranks: ranks)
    var weights = TrainedWeights(network.parameters, optimizer: options.optimizer)
    var batch = try await worker.work(
      on: nil, with: network, preparing: batches[0], epoch: 1, step: 0
    ).next
    var (time, audio) = (0.0, 0.0)
    for (step, clips) in batches.enumerated() where time < longest {
      let start = await clock()
      let next = step + 1 < batches.count ? batches[step + 1] : []
      let output = try await worker.work(
        on: batch, with: network, preparing: next, epoch: 1, step: step)
      batch = output.next
      if let gradient = output.gradient {
        try await weights.update(
          gradient: gradient, options: options, learningRate: 0, threadCount: threadCount)
      }
      // The first step warms up, and counts only where it is alone.
      if step == 1 { (time, audio) = (0, 0) }
      time += await clock() - start
      audio += material.seconds(of: clips.joined())
    }
    return time / max(audio, 1e-9)
  }
}
