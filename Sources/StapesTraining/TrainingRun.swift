internal import StapesCorpus
internal import StapesKernels
internal import StapesModel
internal import StapesNetwork
internal import StapesText

/// A training run under way: the weights, and all that moves them.
struct TrainingRun {
  private let trainer: Trainer
  private let worker: StepWorker
  private let validationSet: ValidationSet
  private let report: @Sendable (TrainingEvent) -> Void

  private var network: Network
  private var optimizer: AdamOptimizer
  private var average: WeightAverage
  private var meter: ProgressMeter
  private var skippedStepCount = 0
  private var best: TrainingOutcome?

  private var options: TrainingOptions { worker.options }
  private var material: TrainingMaterial { worker.material }

  /// Sets up the network with random weights.
  init(
    trainer: Trainer, material: TrainingMaterial, validationSet: ValidationSet,
    report: @escaping @Sendable (TrainingEvent) -> Void
  ) throws(NetworkError) {
    self.trainer = trainer
    self.validationSet = validationSet
    self.report = report
    let options = trainer.options
    worker = StepWorker(options: options, material: material, threadCount: trainer.threadCount)
    let configuration = options.networkConfiguration(classCount: material.alphabet.classCount)
    var random = SplitMix64(seed: options.seed, stream: RandomStream.weights.rawValue)
    network = try Network(configuration: configuration, using: &random)
    optimizer = AdamOptimizer(for: network.parameters, weightDecay: options.weightDecay)
    average = WeightAverage(of: network.parameters, decay: options.averageDecay)
    meter = ProgressMeter(
      epochCount: options.epochCount, epochSeconds: material.seconds(of: material.clips.indices))
  }

  /// Trains to the end, or until the run is told to stop.
  mutating func train() async throws {
    var completedEpochCount = 0
    for epoch in 0..<options.epochCount where !trainer.isStopped {
      let losses = try await trainEpoch(epoch)
      if !trainer.isStopped {
        completedEpochCount += 1
      } else if best != nil || losses.labelCount == 0 {
        // Weights in the middle of an epoch are worth a validation only while there is no model.
        break
      }
      try await validate(epoch: epoch, losses: losses)
    }
    guard var best else { throw TrainingError.stoppedBeforeFirstStep }
    best.wasStopped = completedEpochCount < options.epochCount
    report(.finished(best))
  }

  /// Takes the steps of one epoch.
  private mutating func trainEpoch(_ epoch: Int) async throws -> LossSum {
    let batches = EpochPlan(material: material, options: options, epoch: epoch).batches
    var total = LossSum()
    meter.begin(epoch: epoch)
    var batch = try await worker.work(
      on: [], with: network, preparing: batches[0], epoch: epoch, step: 0
    ).next
    for step in batches.indices where !trainer.isStopped {
      let next = step + 1 < batches.count ? batches[step + 1] : []
      let output = try await worker.work(
        on: batch, with: network, preparing: next, epoch: epoch, step: step)
      batch = output.next
      meter.add(seconds: material.seconds(of: batches[step].joined()))
      let rate = options.learningRate.rate(at: meter.share)
      if try update(with: output, learningRate: rate, clips: batches[step].joined()) {
        total += output.losses
      }
      report(
        .step(
          TrainingStep(
            progress: meter.progress, step: step + 1, stepCount: batches.count, loss: total.mean,
            learningRate: rate)))
    }
    return total
  }

  /// Moves the weights, unless the gradient is not finite.
  ///
  /// The gradient is that of the mean loss per character, so that a step weighs the same whatever
  /// the length of its utterances, shortened to the limit of the options.
  private mutating func update(
    with output: StepWorker.Output, learningRate: Double, clips: some Sequence<Int>
  ) throws -> Bool {
    guard var gradient = output.gradient else { return false }
    let characterCount = Double(max(output.losses.labelCount, 1))
    let norm = gradient.squaredNorm.squareRoot() / characterCount
    let faulty = output.losses.faultyClips
    guard norm.isFinite, output.losses.labelCount > 0 else {
      let suspects = material.names(of: faulty.isEmpty ? Array(clips) : faulty)
      skippedStepCount += 1
      guard skippedStepCount < 10 else {
        throw TrainingError.diverged(stepCount: skippedStepCount, clips: suspects)
      }
      report(.passedOver(clips: suspects))
      return false
    }
    if !faulty.isEmpty { report(.passedOver(clips: material.names(of: faulty))) }
    skippedStepCount = 0
    gradient.scale(by: Float(min(1, options.gradientNormLimit / norm) / characterCount))
    optimizer.update(&network.parameters, gradient: gradient, learningRate: learningRate)
    average.add(network.parameters)
    return true
  }

  /// Validates the averaged weights, and keeps them if they are the best so far.
  private mutating func validate(epoch: Int, losses: LossSum) async throws {
    var averaged = network
    averaged.parameters = average.parameters
    let figures = try await validationSet.figures(of: averaged)
    let progress = meter.progress
    let isBest = best.map { figures.isBetter(than: $0.validation) } ?? true
    if isBest {
      best = TrainingOutcome(
        model: SpeechModel(
          features: options.features, normalization: material.normalization,
          alphabet: material.alphabet,
          vocabulary: options.vocabulary == .closed ? material.vocabulary : nil,
          textNormalization: options.text, network: averaged,
          provenance: provenance(epoch: epoch + 1, figures: figures)),
        epoch: epoch + 1, validation: figures, wasStopped: false)
    }
    report(
      .epoch(
        TrainingEpoch(
          progress: progress, loss: losses.mean, validation: figures,
          improvedModel: isBest ? best?.model : nil)))
  }

  private func provenance(epoch: Int, figures: ValidationFigures) -> Provenance {
    Provenance(
      summary: options.summary, licence: options.licence,
      toolVersion: Provenance.currentToolVersion, seed: options.seed, epochCount: epoch,
      dataFingerprint: trainer.training.fingerprint, clipCount: material.clips.count,
      hours: material.seconds(of: material.clips.indices) / 3600,
      speakerCount: material.speakerCount, figures: figures.provenance,
      notes: ["validation clips": validationRule, "training options": canonicalJSON(options)])
  }

  private var validationRule: String {
    switch trainer.holdOut?.rule {
    case nil: "apart from the training data"
    case .clips: "other clips of the training speakers"
    case .speakers(let speakers): "other speakers: " + speakers.joined(separator: ", ")
    }
  }
}
