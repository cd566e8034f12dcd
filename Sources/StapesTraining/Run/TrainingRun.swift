internal import StapesAugmentation
internal import StapesCorpus
internal import StapesKernels
internal import StapesModel
internal import StapesNetwork
internal import StapesRanks
internal import StapesRecipe
internal import StapesText

/// A training run under way: its state, and all that moves it.
struct TrainingRun {
  let trainer: Trainer
  let worker: StepWorker
  let validationSet: ValidationSet
  let report: @Sendable (TrainingEvent) -> Void
  let configuration: NetworkConfiguration

  var state: TrainingState
  var meter: ProgressMeter
  /// What keeps the run within its time; nil where it has all the time it needs.
  var budget: BudgetWatch?
  private var checkpoints: CheckpointWriter?
  private let rateFactors: [Double]
  /// Whether the ranks agreed at the last step that the run is to end.
  private var hasAgreedToStop = false
  /// Whether the run is to end: a rank that shares the work ends where all others do.
  private var isStopped: Bool { trainer.ranks.isAlone ? trainer.isStopped : hasAgreedToStop }

  /// The options, with as many epochs as there is time for.
  private(set) var options: TrainingOptions
  var material: TrainingMaterial { worker.material }

  /// Sets up the network: from a state, or from the weights of the model to train further, or with
  /// random weights.
  init(
    trainer: Trainer, prepared: PreparedClips, state: TrainingState?,
    report: @escaping @Sendable (TrainingEvent) -> Void
  ) throws(NetworkError) {
    self.trainer = trainer
    self.report = report
    let (options, material) = (trainer.options, prepared.material)
    self.options = options
    validationSet = prepared.validationSet
    worker = StepWorker(
      options: options, material: material, threadCount: trainer.threadCount, ranks: trainer.ranks)
    meter = ProgressMeter(epochCount: options.epochCount)
    checkpoints = (trainer.ranks.isFirst ? trainer.checkpoints : nil).map {
      CheckpointWriter($0, options: options, fingerprint: prepared.fingerprint)
    }
    let classCount = material.outputs.classCount
    configuration = options.networkConfiguration(classCount: classCount)
    if let state {
      self.state = state
    } else {
      var random = SplitMix64(seed: options.seed, stream: RandomStream.weights.rawValue)
      let network =
        if let origin = trainer.origin, case .characters(let alphabet) = material.outputs {
          try origin.network(
            writing: alphabet.characters, hiddenSize: configuration.equalLSTMLayer?.cell.size,
            using: &random)
        } else {
          try Network(configuration: configuration, using: &random)
        }
      self.state = TrainingState(
        weights: TrainedWeights(network.parameters, optimizer: options.optimizer))
    }
    _ = try Network(configuration: configuration, parameters: self.state.weights.parameters)
    rateFactors = options.fineTuning.rateFactors(for: self.state.weights.parameters)
  }

  /// Trains to the end, or until the run is told to stop.
  mutating func train() async throws {
    reportResumption()
    while !isDone, !isStopped {
      try await trainEpoch()
      guard !isStopped else { break }
      try await completeEpoch()
      writeCheckpoint()
    }
    if isDone {
      try await averageBest()
    } else {
      if state.weights.stepCount > 0 { writeCheckpoint() }
      // Weights in the middle of an epoch are worth a validation only while there is no model.
      if state.best.isEmpty, state.numbers.losses.labelCount > 0 { try await completeEpoch() }
    }
    guard let best = state.best.first else { throw TrainingError.stoppedBeforeFirstStep }
    report(
      .finished(
        TrainingOutcome(
          model: try model(of: best), epoch: best.epoch, validation: best.figures,
          wasStopped: !isDone)))
  }

  private func reportResumption() {
    guard let path = trainer.checkpoints?.path, state.weights.stepCount > 0 else { return }
    let numbers = state.numbers
    report(.notice(.resumed(path: path, epoch: numbers.epoch + 1, step: numbers.step)))
  }

  /// Takes the steps of an epoch that are left.
  private mutating func trainEpoch() async throws {
    let (epoch, first) = (state.numbers.epoch, state.numbers.step)
    try await findHardBackground()
    let plan = EpochPlan(
      of: material.epochClips(hard: state.numbers.hardClips ?? []), options: options, epoch: epoch)
    let batches = plan.batches
    let seconds = batches.map { material.seconds(of: $0.joined()) }
    meter.begin(epoch: epoch, seconds: plan.seconds, done: Array(seconds[..<first]))
    guard first < batches.count else { return }
    var batch = try await worker.work(
      on: nil, with: try network(), preparing: batches[first], epoch: epoch, step: first
    ).next
    for step in first..<batches.count where !isStopped {
      if step > 0, budget?.isOver(at: await trainer.clock()) == true { return }
      let next = step + 1 < batches.count ? batches[step + 1] : []
      // The network goes with the call, so that the weights have one holder again when they move.
      let output = try await worker.work(
        on: batch, with: try network(), preparing: next, epoch: epoch, step: step
      ) { [trainer] in trainer.isStopped }
      (batch, hasAgreedToStop) = (output.next, output.isStopped)
      meter.add(seconds: seconds[step])
      let rate = learningRate
      try await update(with: output, learningRate: rate, clips: batches[step].joined())
      state.numbers.step = step + 1
      report(
        .step(
          TrainingStep(
            progress: meter.progress, step: step + 1, stepCount: batches.count,
            loss: state.numbers.losses.mean, learningRate: rate)))
      if checkpoints?.isDue == true { writeCheckpoint() }
    }
  }

  /// The learning rate at the present moment of the run.
  var learningRate: Double {
    options.learningRate.rate(at: meter.share) * state.numbers.rateFactor
  }

  /// The network with the weights under way.
  private func network() throws(NetworkError) -> Network {
    try Network(configuration: configuration, parameters: state.weights.parameters)
  }

  /// Moves the weights, unless the gradient is not finite.
  ///
  /// The gradient is that of the mean loss per character, so that a step weighs the same whatever
  /// the length of its utterances, shortened to the limit of the options.
  private mutating func update(
    with output: StepWorker.Output, learningRate: Double, clips: some Sequence<Int>
  ) async throws {
    guard var gradient = output.gradient else { return }
    for (index, factor) in rateFactors.enumerated() where factor == 0 {
      gradient.tensors[index].matrix.scale(by: 0)
    }
    let losses = output.losses
    guard losses.labelCount > 0 else {
      return try passOver(clips: losses.faultyClips.isEmpty ? Array(clips) : losses.faultyClips)
    }
    let norm = try await state.weights.step(
      along: gradient, ofMeanOver: losses.labelCount, limit: options.gradientNormLimit,
      options: options, learningRate: learningRate, rateFactors: rateFactors,
      threadCount: trainer.threadCount)
    guard norm.isFinite else {
      return try passOver(clips: losses.faultyClips.isEmpty ? Array(clips) : losses.faultyClips)
    }
    if !losses.faultyClips.isEmpty {
      report(.passedOver(clips: material.names(of: losses.faultyClips)))
    }
    state.numbers.losses += losses
    state.numbers.gradientNorms.append(norm)
    state.numbers.watch.add(share: losses.loss / losses.chanceLoss)
    if state.numbers.watch.seesDivergence { try rollBack() }
  }

  /// Names clips that gave no finite gradient; when that goes on, the weights may be at fault, or
  /// where those are known to be good the clips.
  private mutating func passOver(clips: [Int]) throws {
    state.numbers.watch.addSkippedStep()
    guard state.numbers.watch.seesDivergence else {
      return report(.passedOver(clips: material.names(of: clips)))
    }
    guard state.weights.stepCount > state.safe.stepCount else {
      throw TrainingError.diverged(
        stepCount: state.numbers.watch.skippedStepCount, clips: material.names(of: clips))
    }
    try rollBack()
  }

  /// Returns to the last weights that went well, with half the learning rate.
  mutating func rollBack() throws(TrainingError) {
    guard state.numbers.rollbackCount < 10 else {
      throw .cameApart(rollbackCount: state.numbers.rollbackCount)
    }
    state.rollBack()
    report(
      .notice(
        .rolledBack(
          toEpoch: state.numbers.history.last?.epoch ?? 0, rateFactor: state.numbers.rateFactor)))
  }

  /// Does without the epochs beyond a number, for want of time.
  mutating func drop(epochsBeyond count: Int) {
    guard count < options.epochCount else { return }
    report(.notice(.shortened(epochCount: count, plannedEpochCount: options.epochCount)))
    options.epochCount = count
    meter.epochCount = count
    checkpoints?.options.epochCount = count
  }

  private mutating func writeCheckpoint() {
    do throws(CheckpointError) {
      try checkpoints?.write(state)
    } catch {
      report(.notice(.checkpointFailed(error)))
    }
  }
}
