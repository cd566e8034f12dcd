internal import FoundationEssentials
internal import StapesConcurrency
public import StapesCorpus
package import StapesDecoding
internal import StapesFiles
public import StapesModel
package import StapesRanks
@_exported public import StapesRecipe
internal import StapesText

/// Trains a recogniser on labelled clips.
///
/// ```swift
/// let corpus = try Corpus(readingFrom: ["clips"])
/// let trainer = try Trainer(corpus: corpus, options: .recommended(for: corpus))
/// for try await event in trainer.run() {
///   if case .finished(let outcome) = event { try outcome.model.write(to: "model.safetensors") }
/// }
/// ```
///
/// The network learns by CTC (Graves et al., 2006), or to tell clips apart by cross-entropy, and
/// Adam; each epoch is validated by the search that the model is used with, and the model of the
/// epoch with the fewest character errors is kept (of equals, the one with the lower loss). The
/// same clips, options and machine give the same model on any number of threads.
public struct Trainer: Sendable {
  /// The clips that are trained on.
  public let training: Corpus
  /// The clips that are validated on.
  public let validation: Corpus
  /// How the corpus was split; nil when the validation clips were given separately.
  public let holdOut: HoldOut?
  /// The options of the run; those that a time budget decides are only set while it runs.
  public private(set) var options: TrainingOptions
  /// The number of threads.
  public let threadCount: Int
  /// The bytes of samples that are kept in memory.
  public let sampleMemory: Int
  /// The folder for the samples that memory has no room for; nil for none.
  public let sampleFolder: String?
  /// Where checkpoints are kept; nil for none.
  public let checkpoints: CheckpointOptions?
  /// The time that the run may take, in seconds, to which the number of epochs and the width of the
  /// network are fitted; nil to take the options as they are.
  ///
  /// Where it turns out slower than measured, epochs are dropped while it runs.
  public var budgetSeconds: Double?
  /// The time in seconds, from any moment on.
  package var clock: @Sendable () async -> Double = {
    ContinuousClock.now.duration(to: Self.reference) / .seconds(-1)
  }
  private static let reference = ContinuousClock.now
  /// The model that is trained further; nil to begin with random weights.
  public let origin: SpeechModel?
  /// The language model that the trained model is used with, and the search with it; nil for none.
  package var language: (model: UsualLanguageModel, decoder: BeamDecoder)?
  /// Clips of which each epoch has a share, so that they are not forgotten, or that hold no phrase.
  public let replayed: Corpus

  /// Who shares the work: each rank trains on the same clips, with the same options.
  package var ranks = RankGroup.alone

  private let stopSignal = Flag()

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - corpus: the clips to train on.
  ///   - validation: the clips to validate on; nil holds out a share of the corpus.
  ///   - options: how to train.
  ///   - threadCount: the number of threads, nil for one a processor; it changes the speed, not the
  ///     model.
  ///   - checkpoints: where to keep checkpoints, and whether to go on from one.
  ///   - origin: a model to train further, of the network and front end that the options describe;
  ///     its characters, and how it normalises features, are kept.
  ///   - replayed: clips of which each epoch has the share that the options give, such as those
  ///     that the model learnt from, or sound without any of the phrases to spot, whose texts are
  ///     empty: some of it is validated on.
  ///   - sampleMemory: how many bytes of samples to keep in memory; further clips are decoded again
  ///     in each epoch, to the same end.
  ///   - sampleFolder: a folder to keep the samples of such clips in, for this run and others: 2
  ///     bytes a sample; nil for none. It is made when it is not there.
  /// - Throws: `TrainingError` for an option out of range, where no clip is left to train or to
  ///   validate on, and where the model to train further is of another shape.
  public init(
    corpus: Corpus, validation: Corpus? = nil, options: TrainingOptions,
    threadCount: Int? = nil, checkpoints: CheckpointOptions? = nil, origin: SpeechModel? = nil,
    replayed: Corpus = Corpus(clips: []), sampleMemory: Int = 4 << 30, sampleFolder: String? = nil
  ) throws(TrainingError) {
    try options.validate()
    try checkpoints?.validate()
    if let origin {
      guard options.task != .classify, origin.outputs.labels == nil else {
        throw .classesWithModel
      }
      try options.checkShape(of: origin)
    }
    guard origin != nil || replayed.clips.isEmpty || options.task == .spot else {
      throw .replayWithoutModel
    }
    let threadCount = threadCount ?? ProcessInfo.processInfo.activeProcessorCount
    try TrainingError.check("number of threads", threadCount, within: 1...10_000)
    try TrainingError.check("memory for samples", sampleMemory, within: 0...Int.max)
    self.options = options
    self.checkpoints = checkpoints
    self.origin = origin
    self.sampleMemory = sampleMemory
    self.sampleFolder = sampleFolder
    self.threadCount = threadCount
    holdOut =
      validation == nil ? corpus.holdingOut(toTrainWith: options) : nil
    training = holdOut?.training ?? corpus
    let (background, silent) = options.task == .spot ? replayed.partedForSpotting : (replayed, [])
    self.replayed = background
    self.validation = (holdOut?.validation ?? validation ?? Corpus(clips: [])).adding(silent)
    guard !training.clips.isEmpty else { throw .nothingToTrainOn(unused: []) }
    if validation == nil, corpus.clips.count == 1 { throw .singleClip(path: corpus.clips[0].path) }
    guard !self.validation.clips.isEmpty else {
      throw .nothingToValidateOn(unused: [])
    }
  }

  /// Trains, telling what happens.
  ///
  /// The last event is `TrainingEvent.finished`. Whoever stops listening ends the run. Checkpoints
  /// stay when it ends; `CheckpointOptions.remove()` removes them once the model is safe.
  ///
  /// - Returns: the events; it throws `TrainingError`, `CheckpointError`, and `AudioError` when a
  ///   clip can no longer be read.
  public func run() -> AsyncThrowingStream<TrainingEvent, any Error> {
    AsyncThrowingStream { continuation in
      let task = Task {
        do {
          try await execute { continuation.yield($0) }
          continuation.finish()
        } catch {
          continuation.finish(throwing: error)
        }
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }

  /// Ends the run after the current step, with a checkpoint: the best model so far is its outcome.
  ///
  /// Before the end of the first epoch, that is the model of the current step.
  public func stop() {
    stopSignal.set()
  }

  /// Whether the run was told to end.
  var isStopped: Bool { stopSignal.isSet }

  private func execute(report: @escaping @Sendable (TrainingEvent) -> Void) async throws {
    var (trainer, validationSeconds) = (self, 0.0)
    if !ranks.isAlone {
      // What depends on the time is the same on all ranks by one clock.
      trainer.clock = { [clock, ranks] in
        let now = await clock()
        return (try? await ranks.broadcast(now)) ?? now
      }
    }
    let end = if let budgetSeconds { await trainer.clock() + budgetSeconds } else { nil as Double? }
    let checkpoint = try trainer.presentCheckpoint()
    try await trainer.agreeWithOtherRanks()
    let prepared = try await TrainingPreparation(trainer: trainer, report: report).prepare()
    if let checkpoint, let checkpoints, checkpoint.fingerprint != prepared.fingerprint {
      throw CheckpointError.otherClips(path: checkpoints.path)
    }
    if checkpoint == nil, let end {
      validationSeconds = try await trainer.fit(until: end, prepared: prepared)
      report(
        .notice(
          .fitted(
            epochCount: trainer.options.epochCount, wantedEpochCount: options.epochCount,
            hiddenSize: trainer.options.hiddenSize, wantedHiddenSize: options.hiddenSize)))
    }
    report(.prepared(prepared.summary(options: trainer.options)))
    var run = try TrainingRun(
      trainer: trainer, prepared: prepared, state: checkpoint?.state, report: report)
    if let end {
      run.budget = BudgetWatch(
        end: end, validationSeconds: validationSeconds,
        averagesModels: options.averagedModelCount > 1, now: await trainer.clock())
    }
    try await run.train()
  }

  /// Fits the options to a time.
  ///
  /// - Returns: what a validation takes, in seconds.
  private mutating func fit(until end: Double, prepared: PreparedClips) async throws -> Double {
    let seconds = await end - clock()
    let measurement = PaceMeasurement(
      threadCount: threadCount, ranks: ranks, prepared: prepared,
      longest: min(10, TimeBudget.measuredShare * seconds), clock: clock)
    var (epochSeconds, validationSeconds) = (0.0, 0.0)
    options = try await TimeBudget(seconds: seconds).fit(
      options, mayNarrow: origin == nil && options.network == nil
    ) {
      let pace = try await measurement.pace($0)
      (epochSeconds, validationSeconds) = (pace.steps + pace.validation, pace.validation)
      return epochSeconds
    }
    // The measurement took some of the time.
    let left = TimeBudget(seconds: await end - clock()).epochCount(ofSeconds: epochSeconds)
    options.epochCount = max(1, min(options.epochCount, Int(left)))
    return validationSeconds
  }

  /// The checkpoint to go on from, of a run with the same options; nil to begin anew.
  ///
  /// What a budget decided is taken from it, since another measurement would decide otherwise.
  private mutating func presentCheckpoint() throws(CheckpointError) -> Checkpoint? {
    guard let checkpoints else { return nil }
    let path = checkpoints.path
    guard checkpoints.resumes else {
      guard FileNode(at: path, followsLinks: true) == nil else { throw .present(path: path) }
      return nil
    }
    let checkpoint = try Checkpoint(contentsOf: path)
    options.text.adoptRules(of: checkpoint.options.text)
    if budgetSeconds != nil {
      options.epochCount = checkpoint.options.epochCount
      options.hiddenSize = checkpoint.options.hiddenSize
    }
    try checkpoint.check(options, path: path)
    return checkpoint
  }
}
