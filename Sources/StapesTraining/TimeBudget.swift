internal import StapesKernels
internal import StapesModel
internal import StapesNetwork
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
      let affordable = seconds * Self.plannedShare / max(try await epochSeconds(fitting), 1e-9)
      if affordable >= enough || isLast || !mayNarrow || fitting.hiddenSize <= Self.narrowest {
        fitting.epochCount = max(1, min(options.epochCount, Int(min(affordable, 1e6))))
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

/// Measures how fast a run goes on this machine.
struct PaceMeasurement: Sendable {
  /// The number of threads.
  let threadCount: Int
  /// The clips.
  let prepared: PreparedClips

  /// The longest time that steps are measured for, in seconds.
  private static let longest = 10.0
  private static let largestStepCount = 12

  /// What an epoch takes with some options, in seconds: some steps from random weights, and the
  /// validation.
  func epochSeconds(_ options: TrainingOptions) async throws -> Double {
    let material = prepared.material
    var random = SplitMix64(seed: options.seed)
    let network = try Network(
      configuration: options.networkConfiguration(classCount: material.outputs.classCount),
      using: &random)
    // The second epoch, whose batches come in random order.
    let plan = EpochPlan(material: material, options: options, epoch: 1)
    let batches = plan.batches.prefix(Self.largestStepCount + 1)
    let audio = try await pace(of: Array(batches), network: network, options: options)
    let validation = try await ContinuousClock().measure {
      _ = try await prepared.validationSet.figures(of: network)
    }
    return plan.seconds * audio + validation / .seconds(1)
  }

  /// The time that steps take, as a share of the length of their audio.
  private func pace(
    of batches: [[[Int]]], network: Network, options: TrainingOptions
  ) async throws -> Double {
    let material = prepared.material
    let worker = StepWorker(options: options, material: material, threadCount: threadCount)
    var weights = TrainedWeights(network.parameters, optimizer: options.optimizer)
    var batch = try await worker.work(
      on: [], with: network, preparing: batches[0], epoch: 1, step: 0
    ).next
    var (time, audio) = (0.0, 0.0)
    for (step, clips) in batches.enumerated() where time < Self.longest {
      let elapsed = try await ContinuousClock().measure {
        let next = step + 1 < batches.count ? batches[step + 1] : []
        let output = try await worker.work(
          on: batch, with: network, preparing: next, epoch: 1, step: step)
        batch = output.next
        guard let gradient = output.gradient else { return }
        try await weights.update(
          gradient: gradient, options: options, learningRate: 0, threadCount: threadCount)
      }
      // The first step warms up, and counts only where it is alone.
      if step == 1 { (time, audio) = (0, 0) }
      time += elapsed / .seconds(1)
      audio += material.seconds(of: clips.joined())
    }
    return time / max(audio, 1e-9)
  }
}
